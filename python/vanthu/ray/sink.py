"""Where results go: parts of the output folder."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow
from pyarrow import fs
from ray.data import Datasink
from ray.data.block import Block as RayBlock
from ray.data.datasource import WriteResult

from .._units import TABLES
from . import ledger, store
from .lease import Lease
from .work import Block, Done, Outcome, stretch_path

if TYPE_CHECKING:
    from ray.data._internal.execution.interfaces import TaskContext

_TIMELINE = pyarrow.schema(
    [
        ("node", pyarrow.string()),
        ("worker", pyarrow.int64()),
        ("start", pyarrow.float64()),
        ("end", pyarrow.float64()),
        ("inputs", pyarrow.int32()),
        ("pages", pyarrow.int32()),
        ("name", pyarrow.string()),
    ]
)


@dataclasses.dataclass
class Account:
    """What was written."""

    documents: int = 0
    pages: int = 0
    failed: int = 0
    skipped: int = 0
    copied: int = 0
    stretches: list[Outcome] = dataclasses.field(default_factory=list)
    """What was read of long documents, which is to be joined."""

    def add(self, other: Account) -> None:
        """Counts what ``other`` counts, too."""
        self.documents += other.documents
        self.pages += other.pages
        self.failed += other.failed
        self.skipped += other.skipped
        self.copied += other.copied
        self.stretches += other.stretches


class Parts(Datasink[Account]):
    """Writes results as parts of an output folder."""

    def __init__(self, filesystem: fs.FileSystem, out: str, step: str, held: Lease, part_bytes: int) -> None:
        self._filesystem = filesystem
        self._out = out
        self._step = step
        self._part_bytes = part_bytes
        self._held = held
        self._stretches = f"{out}/{ledger.STRETCHES}"
        self.account = Account()

    def get_name(self) -> str:
        return "Parts"

    @property
    def min_bytes_per_write(self) -> int:
        return self._part_bytes

    def write(self, blocks: Iterable[RayBlock], ctx: TaskContext) -> Account:
        done = [unit for block in blocks for unit in Block.units(pyarrow.table(block), Done)]
        # A task that is done once more after its node was lost writes the same files.
        name = f"{self._step}-{ctx.task_idx:06}"
        outcomes = [outcome for unit in done for outcome in unit.outcomes if outcome.stretch is None]
        account = Account()
        for outcome in [outcome for unit in done for outcome in unit.outcomes]:
            if outcome.stretch is not None:
                if outcome.line:
                    path = stretch_path(self._stretches, outcome.sha256, outcome.stretch)
                    store.write(self._filesystem, path, outcome.line)
                account.stretches.append(dataclasses.replace(outcome, line=None))
        rows = [ledger.row(outcome) for outcome in outcomes]
        for row in rows:
            account.documents += row["state"] == "done"
            account.copied += row["state"] == "done" and row["attempts"] == 0
            account.failed += row["state"] == "failed"
            account.skipped += row["state"] == "skipped"
        account.pages = sum(outcome.pages for outcome in outcomes)
        lines = [outcome.line for outcome in outcomes if outcome.line is not None]
        if lines:
            self._put(ledger.RECORDS, name, b"".join(lines))
            for table in TABLES:
                parts = [unit.tables[table] for unit in done if table in unit.tables]
                self._put(table, name, ledger.parquet(pyarrow.concat_tables(parts)))
        failed = [row for row in rows if row["state"] == "failed"]
        if failed:
            self._put(ledger.FAILED, name, ledger.parquet(pyarrow.Table.from_pylist(failed, ledger.SCHEMA)))
        spans = [_span(unit) for unit in done if unit.end > unit.start]
        if spans:
            self._put(ledger.TIMELINE, name, ledger.parquet(pyarrow.Table.from_pylist(spans, _TIMELINE)))
        # A run that was thought dead must not add to what another has begun.
        self._held.check()
        # Last, since it makes the others count.
        self._put(ledger.LEDGER, name, ledger.parquet(pyarrow.Table.from_pylist(rows, ledger.SCHEMA)))
        return account

    def on_write_complete(self, write_result: WriteResult[Account]) -> None:
        for account in write_result.write_returns:
            if account is not None:
                self.account.add(account)

    def _put(self, folder: str, name: str, data: bytes | pyarrow.Buffer) -> None:
        path = f"{self._out}/{folder}/{name}.{ledger.PARTED.get(folder, 'parquet')}"
        store.write(self._filesystem, path, data)


def _span(unit: Done) -> dict[str, object]:
    first = unit.outcomes[0]
    pages = sum(o.stretch.end - o.stretch.first if o.stretch else o.pages for o in unit.outcomes)
    return {
        "node": unit.node,
        "worker": unit.worker,
        "start": unit.start,
        "end": unit.end,
        "inputs": len(unit.outcomes),
        "pages": pages,
        "name": first.listed.name,
    }
