"""What became of each input: the ledger in the output folder, and what it says is done.

An output folder is made of parts. A part is a set of files of one name: ``records/NAME.jsonl``, ``documents/NAME.parquet``
and so on. Its rows in ``ledger/NAME.parquet`` are written last: what has none there is not finished, does not count, and
is removed when the next run begins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import numpy
import pyarrow
import pyarrow.parquet
from pyarrow import fs

from . import store
from .work import TABLES, Outcome

LEDGER = "ledger"
RECORDS = "records"
FAILED = "failed"
TIMELINE = "timeline"
WORK = "work"
_ABOUT = "about.json"

PARTED = {RECORDS: "jsonl", FAILED: "parquet", TIMELINE: "parquet", **{name: "parquet" for name in TABLES}}
"""Folders of parts beside the ledger's, with the ending of their files."""

SCHEMA = pyarrow.schema(
    [
        ("position", pyarrow.int64()),
        ("path", pyarrow.string()),
        ("name", pyarrow.string()),
        ("record", pyarrow.string()),
        ("bytes", pyarrow.int64()),
        ("stamp", pyarrow.string()),
        ("sha256", pyarrow.string()),
        ("state", pyarrow.string()),
        ("pages", pyarrow.int32()),
        ("attempts", pyarrow.int32()),
        ("code", pyarrow.string()),
        ("message", pyarrow.string()),
        ("remedy", pyarrow.string()),
    ]
)
"""``state`` is ``done``, ``failed`` or ``skipped``."""


def row(outcome: Outcome) -> dict[str, object]:
    """The ledger's row of an input."""
    listed, failure = outcome.listed, outcome.failure
    state = "failed" if failure else "skipped" if listed.skipped else "done"
    return {
        "position": listed.position,
        "path": listed.path,
        "name": listed.name,
        "record": listed.record,
        "bytes": listed.bytes,
        "stamp": listed.stamp,
        "sha256": outcome.sha256,
        "state": state,
        "pages": outcome.pages,
        "attempts": outcome.attempts,
        "code": failure and failure.code,
        "message": failure.message if failure else listed.skipped,
        "remedy": failure and failure.remedy,
    }


_OUTSIDE = frozenset(["io", "missing_component"])
"""Causes that lie outside an input: it is tried again by the next run."""


class Known:
    """What needs no reading any more: 32 bytes an input, in memory that all processes of a node share."""

    def __init__(self, stamps: numpy.ndarray, contents: numpy.ndarray) -> None:
        self._stamps = stamps
        self._contents = contents

    @classmethod
    def of(cls, filesystem: fs.FileSystem, out: str, retry_failed: bool) -> Known:
        """What the ledger in ``out`` tells."""
        stamps, contents = bytearray(), bytearray()
        for rows in tables(filesystem, out, ["path", "name", "bytes", "stamp", "sha256", "state", "code"]):
            for row in rows.to_pylist():
                again = row["state"] == "failed" and (retry_failed or row["code"] in _OUTSIDE)
                if again or row["state"] == "skipped" or not row["sha256"]:
                    continue
                stamps += _digest(row["path"], str(row["bytes"]), row["stamp"])
                contents += _digest(row["name"], row["sha256"])
        return cls(_sorted(stamps), _sorted(contents))

    def unchanged(self, path: str, size: int, stamp: str) -> bool:
        """Whether the file was read when it was of this size and of this time."""
        return bool(stamp) and _has(self._stamps, _digest(path, str(size), stamp))

    def read(self, name: str, sha256: str) -> bool:
        """Whether this content was read under this name."""
        return _has(self._contents, _digest(name, sha256))


_DIGEST = "S16"
"""Compared byte for byte, which NumPy does hundreds of times as fast as records of two numbers."""


def _digest(*parts: str) -> bytes:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).digest()


def _sorted(digests: bytearray) -> numpy.ndarray:
    return numpy.unique(numpy.frombuffer(bytes(digests), dtype=_DIGEST))


def _has(digests: numpy.ndarray, digest: bytes) -> bool:
    place = int(numpy.searchsorted(digests, numpy.frombuffer(digest, dtype=_DIGEST))[0])
    return digests[place : place + 1].tobytes() == digest


def tables(filesystem: fs.FileSystem, out: str, columns: list[str] | None = None) -> Iterator[pyarrow.Table]:
    """The parts of the ledger, in order."""
    for name in store.names(filesystem, f"{out}/{LEDGER}"):
        data = store.read(filesystem, f"{out}/{LEDGER}/{name}")
        yield pyarrow.parquet.read_table(pyarrow.BufferReader(data), columns=columns)


def begin(filesystem: fs.FileSystem, out: str, about: dict[str, str]) -> str:
    """Makes ``out`` ready for a run and gives the run's name. What an earlier run left unfinished is removed.

    Raises ``ValueError`` where ``out`` holds records of other versions or options than ``about`` tells.
    """
    there = f"{out}/{_ABOUT}"
    try:
        before = json.loads(store.read(filesystem, there))
    except FileNotFoundError:
        store.write(filesystem, there, json.dumps(about, indent=2, sort_keys=True).encode() + b"\n")
    else:
        for what in sorted(about):
            if before.get(what) != about[what]:
                raise ValueError(
                    f"{out} holds records of other {what} ({before.get(what)}, now {about[what]}); "
                    "give another folder for the output"
                )
    finished = {name.partition(".")[0] for name in store.names(filesystem, f"{out}/{LEDGER}")}
    for folder in PARTED:
        for name in store.names(filesystem, f"{out}/{folder}"):
            if name.partition(".")[0] not in finished:
                filesystem.delete_file(f"{out}/{folder}/{name}")
    runs = {name.partition("-")[0] for name in finished}
    return f"{max((int(run) for run in runs if run.isdigit()), default=0) + 1:04}"
