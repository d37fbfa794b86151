"""What earlier runs made, as their ledger tells it: what needs no reading any more, and how its records are called."""

from __future__ import annotations

import hashlib
from array import array
from typing import NamedTuple

import numpy
from pyarrow import fs

from . import ledger
from .work import Listed

_OUTSIDE = frozenset(["io", "missing_component"])
"""Causes that lie outside an input: it is tried again by the next run."""

_DIGEST = "S16"
"""Compared byte for byte, which NumPy does hundreds of times as fast as records of two numbers."""

_SHORT = 8
"""Bytes of a digest that is only compared with that of the same input."""


class Known:
    """What earlier runs made of each input: some 50 bytes an input, in memory that all processes of a node share."""

    def __init__(self, addresses: _Index, stamps: numpy.ndarray, contents: numpy.ndarray, copies: _Index, parts: _Parts) -> None:
        self._addresses = addresses
        self._stamps = stamps
        self._contents = contents
        self._copies = copies
        self._parts = parts

    def unchanged(self, listed: Listed) -> bool:
        """Whether the file was read when it was of this size and of this time."""
        row = self._addresses.find(_digest(16, listed.address)) if listed.stamp else None
        return row is not None and bytes(self._stamps[row]) == _stamp(listed.bytes, listed.stamp)

    def read(self, listed: Listed, sha256: str) -> bool:
        """Whether it is this content that was last read there."""
        row = self._addresses.find(_digest(16, listed.address))
        return row is not None and bytes(self._contents[row]) == _content(listed.name, sha256)[:_SHORT]

    def copy(self, listed: Listed, sha256: str) -> str | None:
        """The part that holds a record of this content, read from a file of the same extension at whatever place."""
        row = self._copies.find(_content(listed.name, sha256))
        return None if row is None else self._parts.names[self._parts.numbers[row]]


class Keys:
    """The keys of the records of earlier runs. An input keeps its key; another of the same name gets one of its own."""

    def __init__(self, addresses: _Index, numbers: numpy.ndarray, names: _Index, highest: numpy.ndarray) -> None:
        self._addresses = addresses
        self._numbers = numbers
        self._names = names
        self._highest = highest
        # Names can only meet where they come from several folders.
        self._now: dict[int, int] = {}

    @classmethod
    def none(cls) -> Keys:
        """Where there were no earlier runs."""
        nothing = _Index.of(b"")[0]
        return cls(nothing, numpy.empty(0, "i"), nothing, numpy.empty(0, "i"))

    def key(self, address: str, name: str, several: bool) -> str:
        """The key of the record of an input; ``several`` tells whether another of this run may have its name."""
        row = self._addresses.find(_digest(16, address))
        if row is not None:
            number = int(self._numbers[row])
        else:
            before = self._names.find(_digest(16, name))
            number = max(0 if before is None else int(self._highest[before]), self._now.get(hash(name), 0)) + 1
        if several:
            self._now[hash(name)] = max(number, self._now.get(hash(name), 0))
        return f"{name}.json" if number == 1 else f"{name}~{number}.json"


def runs(filesystem: fs.FileSystem, out: str, retry_failed: bool) -> tuple[Known, Keys]:
    """What the ledger in ``out`` tells of earlier runs."""
    addresses, stamps, contents, names = bytearray(), bytearray(), bytearray(), bytearray()
    settled, done, numbers, parts = array("b"), array("b"), array("i"), array("i")
    files: list[str] = []
    columns = ["path", "name", "record", "bytes", "stamp", "sha256", "state", "code"]
    for part, rows in ledger.tables(filesystem, out, columns):
        files.append(part)
        for row in rows.to_pylist():
            again = row["state"] == "failed" and (retry_failed or row["code"] in _OUTSIDE)
            addresses += _digest(16, row["path"])
            stamps += _stamp(row["bytes"], row["stamp"])
            contents += _content(row["name"], row["sha256"] or "")
            names += _digest(16, row["name"])
            settled.append(not again and row["state"] != "skipped" and bool(row["sha256"]))
            done.append(row["state"] == "done")
            numbers.append(_number(row["name"], row["record"]))
            parts.append(len(files) - 1)
    known, last = _Index.of(addresses)
    use = numpy.frombuffer(settled, "b")[last] != 0
    whole = numpy.frombuffer(bytes(contents), "S16")
    made = numpy.flatnonzero(numpy.frombuffer(done, "b"))
    copies, first = _Index.of(whole[made].tobytes())
    number = numpy.frombuffer(numbers, "i")
    index, _ = _Index.of(names)
    highest = numpy.ones(len(index.digests), "i")
    numpy.maximum.at(highest, numpy.searchsorted(index.digests, numpy.frombuffer(bytes(names), _DIGEST)), number)
    return (
        Known(
            _Index(known.digests[use]),
            numpy.frombuffer(bytes(stamps), f"V{_SHORT}")[last][use],
            whole.view("V16").astype(f"V{_SHORT}")[last][use],
            copies,
            _Parts(files, numpy.frombuffer(parts, "i")[made][first]),
        ),
        Keys(known, number[last], index, highest),
    )


class _Parts(NamedTuple):
    """Which part each row lies in."""

    names: list[str]
    numbers: numpy.ndarray


class _Index(NamedTuple):
    """Digests in order."""

    digests: numpy.ndarray

    @classmethod
    def of(cls, digests: bytes | bytearray) -> tuple[_Index, numpy.ndarray]:
        """The different digests in order, and for each the place where it stands last."""
        given = numpy.frombuffer(bytes(digests), dtype=_DIGEST)[::-1]
        different, first = numpy.unique(given, return_index=True)
        return cls(different), len(given) - 1 - first

    def find(self, digest: bytes) -> int | None:
        """Where a digest stands."""
        place = int(numpy.searchsorted(self.digests, numpy.frombuffer(digest, dtype=_DIGEST))[0])
        return place if self.digests[place : place + 1].tobytes() == digest else None


def _digest(size: int, *parts: str) -> bytes:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=size).digest()


def _stamp(size: int, stamp: str) -> bytes:
    return _digest(_SHORT, str(size), stamp)


def _content(name: str, sha256: str) -> bytes:
    """A record depends on the content and on what its file's extension claims."""
    _, dot, extension = name.rpartition("/")[2].rpartition(".")
    return _digest(16, sha256, extension.lower() if dot else "")


def _number(name: str, record: str) -> int:
    """The number in the key of a record."""
    number = record.removeprefix(f"{name}~").removesuffix(".json")
    return int(number) if number.isdecimal() else 1
