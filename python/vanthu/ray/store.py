"""Files in folders and object stores, through Arrow's file systems."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

import pyarrow
from pyarrow import fs

T = TypeVar("T")

LONGEST_WAIT = 30.0
"""Seconds between two attempts, at most."""


def place(path: str | os.PathLike[str], filesystem: fs.FileSystem | None = None) -> tuple[fs.FileSystem, str]:
    """The file system of a path or address (``s3://bucket/prefix``, ``gs://``, ``file://``) and the path in it."""
    given = os.fspath(path)
    if filesystem is not None:
        return filesystem, given.rstrip("/") or given
    if "://" in given:
        found, inside = fs.FileSystem.from_uri(given)
        return found, inside.rstrip("/") or inside
    return fs.LocalFileSystem(), os.path.abspath(given)


def patiently(work: Callable[[], T], attempts: int) -> T:
    """What ``work`` gives, tried again with growing waits where the store refuses. A file that is not there, and one
    that may not be read, stay so."""
    for attempt in range(1, attempts + 1):
        try:
            return work()
        except (FileNotFoundError, PermissionError):
            raise
        except OSError:
            if attempt == attempts:
                raise
            time.sleep(min(LONGEST_WAIT, 0.5 * 2**attempt))
    raise AssertionError("attempts is above 0")


def read(filesystem: fs.FileSystem, path: str) -> bytes:
    """The bytes of a file."""
    with filesystem.open_input_file(path) as file:
        return bytes(file.read())


def write(filesystem: fs.FileSystem, path: str, data: bytes | pyarrow.Buffer) -> None:
    """Writes a file so that nobody sees half of it: in a folder aside, then renamed; object stores show an object when
    it is whole."""
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


def names(filesystem: fs.FileSystem, folder: str) -> list[str]:
    """Names of the files in a folder, in order; none for one that is not there."""
    found = filesystem.get_file_info(fs.FileSelector(folder, allow_not_found=True))
    return sorted(info.base_name for info in found if info.is_file and not info.base_name.startswith(".vanthu"))
