"""What the reading processes of ``vanthu.ray`` do, one unit of work at a time.

It lies outside of that package because a process that takes it in loads what its module needs: Ray Data would take a
gigabyte of what the process is given, and a second.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import pyarrow

from ._pipeline import Pipeline, records_to_arrow
from ._vanthu import Record
from .errors import VanthuError

TABLES = ("documents", "tasks", "targets", "references")


class Line(NamedTuple):
    """A record as it is written."""

    json: bytes
    pages: int


Read = tuple[list["Line | VanthuError"], list[bytes]]
"""What became of each of some documents, and the rows of their records: an Arrow stream a table."""


class Unread(NamedTuple):
    """A document that waits to be read."""

    data: bytes
    name: str
    key: str
    line: bytes | None
    """The record of the same content under another name; there are no bytes then."""


@dataclasses.dataclass(frozen=True)
class ReadAll:
    """Reads documents in the guarded process."""

    documents: list[Unread]

    def __call__(self, pipeline: Pipeline) -> Read:
        lines: list[Line | VanthuError] = []
        records, keys = [], []
        for data, name, key, line in self.documents:
            try:
                if line is None:
                    record = pipeline.read(data, name=name)
                else:
                    record = Record.from_json(line.decode()).with_path(name)
            except VanthuError as error:
                lines.append(error)
            else:
                lines.append(_line(record))
                records.append(record)
                keys.append(key)
        return lines, _rows(records, keys)


@dataclasses.dataclass(frozen=True)
class JoinAll:
    """Makes the record of a document whose pages were read apart, in the guarded process."""

    parts: list[bytes]
    name: str
    key: str

    def __call__(self, pipeline: Pipeline) -> Read:
        record = pipeline.join(self.parts, name=self.name)
        return [_line(record)], _rows([record], [self.key])


def _line(record: Record) -> Line:
    return Line(record.to_json().encode() + b"\n", record.source.pages)


def _rows(records: list[Record], keys: list[str]) -> list[bytes]:
    if not records:
        return []
    tables = records_to_arrow(records, names=keys)
    rows = []
    for name in TABLES:
        table = pyarrow.table(getattr(tables, name))
        to = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(to, table.schema) as stream:
            stream.write_table(table)
        rows.append(to.getvalue().to_pybytes())
    return rows
