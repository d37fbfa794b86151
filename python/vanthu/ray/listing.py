"""What is to be read: folders and prefixes walked level by level, in the order in which one machine reads them."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyarrow
import pyarrow.parquet
from pyarrow import fs

from . import ledger, memory, store
from .earlier import Keys
from .work import Failure, Listed

EXTENSIONS = frozenset(
    "pdf tif tiff png jpg jpeg webp bmp docx doc odt rtf html htm md txt".split()
)
"""Extensions of the files that are read when a folder is walked."""

ARCHIVES = frozenset(["zip", "eml"])

FILES_PER_PART = 256
"""Files in one part of a listing, which is fetched by one task; fewer of large ones."""


class Entry(NamedTuple):
    """One entry of a folder."""

    name: str
    path: str
    is_folder: bool
    bytes: int
    stamp: str
    skipped: str | None = None
    failure: Failure | None = None


def walk(
    paths: Iterable[str | os.PathLike[str]], filesystem: fs.FileSystem | None, without: str, keys: Keys | None = None
) -> Iterator[Listed]:
    """The inputs below ``paths``, in a stable order: that of the paths, and inside a folder by name, byte for byte.

    A file that is given is always read, whatever its name; in a folder, those with one of the :data:`EXTENSIONS`. Only
    the entries of the folders on the way down are held. ``without``, the output folder, is left out; ``keys`` are those that
    its records have already.
    """
    roots = [os.fspath(path) for path in paths]
    keys = keys or Keys.none()
    position = 0
    for root in roots:
        for found in _below(root, filesystem, without):
            name, entry = _storable(*found)
            listed = Listed(
                position,
                _escaped(root),
                entry.path,
                name,
                "",
                entry.bytes,
                entry.stamp,
                entry.skipped,
                entry.failure,
            )
            yield dataclasses.replace(listed, record=keys.key(listed.address, name, len(roots) > 1))
            position += 1


def _below(root: str, filesystem: fs.FileSystem | None, without: str) -> Iterator[tuple[str, Entry]]:
    """The files below a root, with the names they get."""
    try:
        home, path = store.place(root, filesystem)
        info = store.info(home, path)
    except (OSError, ValueError) as error:
        yield root, Entry(root, root, False, 0, "", failure=Failure.of(error))
        return
    name = path.rpartition("/")[2] or path
    if info.type == fs.FileType.NotFound:
        failure = Failure("io", "there is no such file or folder", "check the path")
        yield name, Entry(name, path, False, 0, "", failure=failure)
    elif info.type != fs.FileType.Directory:
        yield name, _entry(info)
    else:
        # The folders on the way down, so that deep nesting costs no call stack.
        levels = [("", _level(home, path))]
        while levels:
            prefix, entries = levels[-1]
            entry = next(entries, None)
            if entry is None:
                levels.pop()
            elif entry.name.startswith(".vanthu") or entry.path == without:
                continue
            elif entry.is_folder:
                levels.append((f"{prefix}{entry.name}/", _level(home, entry.path)))
            else:
                yield f"{prefix}{entry.name}".rstrip("/") or name, entry if _is_settled(entry) else _by_extension(entry)


def _storable(name: str, entry: Entry) -> tuple[str, Entry]:
    """The entry under its name, as a failed input where the name is not UTF-8: tables and records cannot hold it."""
    if _escaped(entry.path) == entry.path and _escaped(name) == name:
        return name, entry
    entry = entry._replace(path=_escaped(entry.path))
    if entry.skipped is None:
        failure = Failure("unsupported", "its path is not UTF-8", "rename it, or its folder")
        return _escaped(name), entry._replace(failure=failure)
    return _escaped(name), entry._replace(skipped=_escaped(entry.skipped))


def _escaped(path: str) -> str:
    """A path with ``\\xNN`` for the bytes that are not UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _is_settled(entry: Entry) -> bool:
    return entry.skipped is not None or entry.failure is not None


def _level(home: fs.FileSystem, folder: str) -> Iterator[Entry]:
    """The entries of a folder, by name. One that cannot be listed is a failed input."""
    try:
        if isinstance(home, fs.LocalFileSystem):
            entries = [_local(entry) for entry in os.scandir(folder)]
        else:
            entries = [_below_itself(_entry(info), folder) for info in store.entries(home, folder)]
    except OSError as error:
        failure = Failure.of(error)
        failure = Failure(failure.code, f"the folder cannot be listed: {failure.message}", failure.remedy)
        return iter([Entry("", folder, False, 0, "", failure=failure)])
    return iter(sorted(entries, key=lambda entry: os.fsencode(entry.name)))


def _below_itself(entry: Entry, folder: str) -> Entry:
    """The entry, as a failed input where it does not lie below its folder: an object store lists a folder as an entry of
    itself for keys as ``folder//a.txt``, and walking it would not end."""
    below = f"/{folder.strip('/')}/".replace("//", "/")
    if below in f"/{entry.path.strip('/')}":
        return entry
    failure = Failure(
        "unsupported", "keys with an empty part, as folder//file, cannot be reached below it", "rename the keys"
    )
    return Entry("", entry.path, False, 0, "", failure=failure)


def _entry(info: fs.FileInfo) -> Entry:
    stamp = "" if info.mtime_ns is None else str(info.mtime_ns)
    is_folder = info.type == fs.FileType.Directory
    return Entry(info.base_name, info.path, is_folder, info.size or 0, stamp)


def _local(entry: os.DirEntry[str]) -> Entry:
    """Links to files are read, links to folders are not followed, which keeps loops out."""
    if entry.is_dir(follow_symlinks=False):
        return Entry(entry.name, entry.path, True, 0, "")
    try:
        meta = entry.stat()
    except OSError as error:
        return Entry(entry.name, entry.path, False, 0, "", failure=Failure.of(error))
    skipped = None
    if entry.is_dir():
        skipped = "a link to a folder, not followed"
    elif not entry.is_file():
        skipped = "not a regular file"
    return Entry(entry.name, entry.path, False, meta.st_size, str(meta.st_mtime_ns), skipped)


def _by_extension(entry: Entry) -> Entry:
    stem, dot, extension = entry.name.rpartition(".")
    if not dot or not stem:
        return entry._replace(skipped="a file without an extension; give its path to have it read")
    extension = extension.lower()
    if extension in ARCHIVES:
        return entry._replace(skipped="archives are not unfolded here; unpack it, or read it with vanthu ingest")
    if extension not in EXTENSIONS:
        return entry._replace(skipped=f"files of the kind .{extension} are not read")
    return entry


_SCHEMA = pyarrow.schema(
    [("position", pyarrow.int64()), ("bytes", pyarrow.int64())]
    + [(name, pyarrow.string()) for name in ("root", "path", "name", "record", "stamp", "skipped")]
    + [(name, pyarrow.string()) for name in ("code", "message", "remedy")]
)


class Part(NamedTuple):
    """A part of a listing."""

    path: str
    inputs: int
    largest: int
    """The size class of its files: :func:`memory.size_class`."""


def written(found: Iterable[Listed], filesystem: fs.FileSystem, folder: str, limit: int) -> list[Part]:
    """Writes a listing into parts below ``folder``, each of files of one size class, so that no machine has to hold it.
    Files of more than ``limit`` bytes are not fetched."""
    parts: list[Part] = []
    waiting: dict[int, list[dict[str, object]]] = {}

    def flush(largest: int) -> None:
        rows = waiting.pop(largest)
        path = f"{folder}/listing-{len(parts):06}.parquet"
        store.write(filesystem, path, ledger.parquet(pyarrow.Table.from_pylist(rows, _SCHEMA)))
        parts.append(Part(path, len(rows), largest))

    for listed in found:
        why = listed.failure
        fetched = why is None and not listed.skipped and listed.bytes <= limit
        largest = memory.size_class(listed.bytes if fetched else 0)
        rows = waiting.setdefault(largest, [])
        rows.append(
            {name: getattr(listed, name) for name in _SCHEMA.names if hasattr(listed, name)}
            | ({} if why is None else {"code": why.code, "message": why.message, "remedy": why.remedy})
        )
        if len(rows) * largest >= FILES_PER_PART * memory.SMALLEST:
            flush(largest)
    for largest in sorted(waiting):
        flush(largest)
    return parts


def taken(filesystem: fs.FileSystem, part: str) -> list[Listed]:
    """The inputs in one part of a listing."""
    table = pyarrow.parquet.read_table(pyarrow.BufferReader(store.read(filesystem, part)))
    found = []
    for row in table.to_pylist():
        code, message, remedy = (row.pop(name) for name in ("code", "message", "remedy"))
        found.append(Listed(**row, failure=None if code is None else Failure(code, message, remedy)))
    return found
