"""Files in folders and object stores, through Arrow's file systems."""

from __future__ import annotations

import errno
import os
import random
import re
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

import pyarrow
from pyarrow import fs

T = TypeVar("T")

TRIES = 7
"""How often a store is asked that refuses for a passing reason: for half a minute, at most."""

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
"""Seconds between two attempts, at least and at most, before chance has a say."""

_PASSING = frozenset(
    getattr(errno, name)
    for name in "EAGAIN EINTR EBUSY EIO ESTALE EPIPE ETIMEDOUT ECONNREFUSED ECONNRESET ECONNABORTED EHOSTUNREACH "
    "ENETUNREACH ENETDOWN ENETRESET EREMOTEIO EHOSTDOWN ENOLINK".split()
    if hasattr(errno, name)
)
"""What the system may refuse now and not later. A full disk is none of these: another node is asked."""

_LASTING = re.compile(
    r"AWS Error (?:ACCESS_DENIED|NO_SUCH_\w+|RESOURCE_NOT_FOUND|INVALID_\w+|SIGNATURE_\w+|UNRECOGNIZED_CLIENT|"
    r"MISSING_\w+|VALIDATION|INCOMPLETE_SIGNATURE|BUCKET_\w+|OBJECT_NOT_IN_ACTIVE_TIER|OPT_IN_REQUIRED)"
    r"|HTTP status (?!408|429)4\d\d"
    r"|PERMISSION_DENIED|UNAUTHENTICATED|INVALID_ARGUMENT|NOT_FOUND|FAILED_PRECONDITION"
    r"|AuthenticationFailed|AuthorizationFailure|ContainerNotFound"
)
"""What S3, Google and Azure refuse now and later, as Arrow tells it."""


def place(path: str | os.PathLike[str], filesystem: fs.FileSystem | None = None) -> tuple[fs.FileSystem, str]:
    """The file system of a path or address (``s3://bucket/prefix``, ``gs://``, ``file://``) and the path in it."""
    given = os.fspath(path)
    if filesystem is not None:
        return filesystem, given.rstrip("/") or given
    if "://" in given:
        found, inside = fs.FileSystem.from_uri(given)
        return found, inside.rstrip("/") or inside
    return fs.LocalFileSystem(), os.path.abspath(given)


def passes(error: OSError) -> bool:
    """Whether what was refused may be granted in a moment."""
    if isinstance(error, (FileNotFoundError, PermissionError)):
        return False
    return error.errno in _PASSING if error.errno is not None else _LASTING.search(str(error)) is None


def patiently(work: Callable[[], T]) -> T:
    """What ``work`` gives, tried again where it is refused for a passing reason. The waits double, and chance shortens each
    to as little as half: nodes that were refused together do not come back together."""
    for attempt in range(TRIES - 1):
        try:
            return work()
        except OSError as error:
            if not passes(error):
                raise
        time.sleep(min(_LONGEST_WAIT, _FIRST_WAIT * 2**attempt) * random.uniform(0.5, 1.0))
    return work()


def read(filesystem: fs.FileSystem, path: str) -> bytes:
    """The bytes of a file."""

    def once() -> bytes:
        with filesystem.open_input_file(path) as file:
            return bytes(file.read())

    return patiently(once)


def write(filesystem: fs.FileSystem, path: str, data: bytes | pyarrow.Buffer) -> None:
    """Writes a file so that nobody sees half of it: in a folder aside, then renamed; object stores show an object when
    it is whole."""
    patiently(lambda: _write(filesystem, path, data))


def _write(filesystem: fs.FileSystem, path: str, data: bytes | pyarrow.Buffer) -> None:
    if not isinstance(filesystem, fs.LocalFileSystem) and filesystem.type_name in ("s3", "gcs", "abfs"):
        with filesystem.open_output_stream(path, compression=None) as to:
            to.write(data)
        return
    folder, _, name = path.rpartition("/")
    filesystem.create_dir(folder, recursive=True)
    aside = f"{folder}/.vanthu-{name}-{uuid.uuid4().hex[:8]}.part"
    try:
        with filesystem.open_output_stream(aside, compression=None) as to:
            to.write(data)
        filesystem.move(aside, path)
    except BaseException:
        try:
            filesystem.delete_file(aside)
        except OSError:
            pass  # It was not made, or its place cannot be reached at all.
        raise


def info(filesystem: fs.FileSystem, path: str) -> fs.FileInfo:
    """What lies there, if anything."""
    return patiently(lambda: filesystem.get_file_info(path))


def entries(filesystem: fs.FileSystem, folder: str, *, allow_not_found: bool = False) -> list[fs.FileInfo]:
    """What lies in a folder; nothing in one that is not there, where that is allowed."""
    return patiently(lambda: filesystem.get_file_info(fs.FileSelector(folder, allow_not_found=allow_not_found)))


def names(filesystem: fs.FileSystem, folder: str) -> list[str]:
    """Names of the files in a folder, in order; none for one that is not there."""
    found = entries(filesystem, folder, allow_not_found=True)
    return sorted(info.base_name for info in found if info.is_file and not info.base_name.startswith(".vanthu"))
