"""What became of each input: the ledger in the output folder.

An output folder is made of parts. A part is a set of files of one name: ``records/NAME.jsonl``, ``documents/NAME.parquet``
and so on. Its rows in ``ledger/NAME.parquet`` are written last: what has none there is not finished, does not count, and
is removed when the next run begins.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyarrow
import pyarrow.parquet
from pyarrow import fs

from .._units import TABLES
from . import store
from .work import Outcome

LEDGER = "ledger"
RECORDS = "records"
FAILED = "failed"
TIMELINE = "timeline"
WORK = "work"
STRETCHES = f"{WORK}/stretches"
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
        "path": listed.address,
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


def tables(
    filesystem: fs.FileSystem, out: str, columns: list[str] | None = None, folder: str = LEDGER
) -> Iterator[tuple[str, pyarrow.Table]]:
    """The parts of a table, the ledger's without another name, in the order of the runs: name and rows."""
    for name in store.names(filesystem, f"{out}/{folder}"):
        data = store.read(filesystem, f"{out}/{folder}/{name}")
        yield name.rpartition(".")[0], pyarrow.parquet.read_table(pyarrow.BufferReader(data), columns=columns)


def begin(filesystem: fs.FileSystem, out: str, about: dict[str, str], token: str) -> str:
    """Makes ``out`` ready for a run and gives the run's name, which ends with ``token``. What an earlier run left unfinished
    is removed.

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
    return f"{max((int(run) for run in runs if run.isdigit()), default=0) + 1:04}-{token}"


def parquet(table: pyarrow.Table) -> pyarrow.Buffer:
    """A table as a file."""
    to = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(table, to, compression="zstd")
    return to.getvalue()
