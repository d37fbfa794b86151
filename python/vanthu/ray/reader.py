"""The actors that read: each loads the models once, in a process of its own beside it."""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import time

import pyarrow
import ray
from pyarrow import fs
from ray.util.metrics import Counter

from .. import _guard
from .._pipeline import Options
from .._vanthu import Record
from ..errors import CrashError, MemoryLimitError, MissingComponentError, ReadingTimeoutError, VanthuError
from . import fetch, store
from .nodes import versions
from .settings import Settings
from .work import TABLES, Block, Done, Failure, Item, Outcome, Stretch

_log = logging.getLogger(__name__)

_AGAIN = (CrashError, ReadingTimeoutError, MemoryLimitError)
"""What another attempt may mend."""


def results(record: Record, key: str) -> tuple[bytes, int, list[bytes]]:
    """The line, the pages and the table rows of a record; called in the process that made it."""
    from .._pipeline import records_to_arrow

    tables = records_to_arrow([record], names=[key])
    rows = []
    for name in TABLES:
        table = pyarrow.table(getattr(tables, name))
        to = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(to, table.schema) as stream:
            stream.write_table(table)
        rows.append(to.getvalue().to_pybytes())
    return record.to_json().encode() + b"\n", record.source.pages, rows


class Results:
    """Asks the process for results of one key; can be sent to it."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __call__(self, record: Record) -> tuple[bytes, int, list[bytes]]:
        return results(record, self.key)


class Worker:
    """What readers and joiners share: the guarded process, its versions, the account of a unit."""

    def __init__(
        self,
        options: Options,
        settings: Settings,
        memory: int,
        expected: str,
        filesystem: fs.FileSystem | None,
        stretches: tuple[fs.FileSystem, str],
    ) -> None:
        here = versions(options)
        if here != expected:
            raise MissingComponentError(
                f"this node has {here}, the one that began the run {expected}",
                "install the same vanthu and the same models on all nodes",
            )
        self.options = options
        self.settings = settings
        self.filesystem = filesystem
        self.work, self.folder = stretches
        self.guard = _guard.Guarded(options, seconds=settings.seconds, memory=memory)
        self.node = ray.get_runtime_context().get_node_id()
        self.pages = Counter("vanthu_pages", "Pages of which there is a record")
        self.failed = Counter("vanthu_failed", "Inputs that gave no record")

    def __call__(self, block: pyarrow.Table) -> pyarrow.Table:
        return Block.of([self.done(items) for items in Block.units(block, list)])

    def done(self, items: list[Item]) -> Done:
        """What becomes of one unit."""
        start = time.time()
        tables: dict[str, list[pyarrow.Table]] = {name: [] for name in TABLES}
        outcomes = []
        for item in items:
            outcome, rows = self.outcome(item)
            outcomes.append(outcome)
            for name, row in zip(TABLES, rows):
                tables[name].append(pyarrow.ipc.open_stream(row).read_all())
            if outcome.failure:
                self.failed.inc()
            elif outcome.pages:
                self.pages.inc(outcome.pages)
        joined = {name: pyarrow.concat_tables(parts) for name, parts in tables.items() if parts}
        return Done(outcomes, joined, self.node, os.getpid(), start, time.time())

    def outcome(self, item: Item) -> tuple[Outcome, list[bytes]]:
        """What becomes of one input: a record, a failure, or nothing where it is skipped."""
        listed = item.listed
        if item.failure or listed.skipped:
            return Outcome(listed, item.sha256, 0, 1, None, item.stretch, item.failure), []
        attempts = 0
        while True:
            attempts += 1
            try:
                line, pages, rows = self.record(item)
            except Exception as error:  # noqa: BLE001 (whatever goes wrong with one input, the others go on)
                if isinstance(error, _AGAIN) and attempts < self.settings.attempts:
                    continue
                if not isinstance(error, (OSError, VanthuError)):
                    _log.exception("%s: an error inside vanthu", listed.path)
                return Outcome(listed, item.sha256, 0, attempts, None, item.stretch, Failure.of(error)), []
            return Outcome(listed, item.sha256, pages, attempts, line, item.stretch), rows

    def record(self, item: Item) -> tuple[bytes | None, int, list[bytes]]:
        """The record of an input, or what stands for it."""
        raise NotImplementedError


class Reader(Worker):
    """Reads whole documents, and stretches of long ones into a folder aside."""

    _last: tuple[str, bytes] | None = None

    def record(self, item: Item) -> tuple[bytes | None, int, list[bytes]]:
        if item.stretch is None:
            assert item.data is not None
            line, pages, rows = self.guard.call(
                "read", item.data, name=item.listed.name, then=Results(item.listed.record)
            )
            return line, pages, rows
        assert item.sha256 is not None
        path = stretch_path(self.folder, item.sha256, item.stretch)
        if self.work.get_file_info(path).type == fs.FileType.NotFound:
            read = self.guard.call(
                "read_pages", self.bytes_of(item), item.stretch.first, item.stretch.end, name=item.listed.name
            )
            packed = pyarrow.compress(read, codec="zstd", asbytes=True)
            data = len(read).to_bytes(8, "little") + packed
            store.patiently(lambda: store.write(self.work, path, data), self.settings.attempts)
        return None, 0, []

    def bytes_of(self, item: Item) -> bytes:
        """The bytes of a long document. The last is kept, since its next stretch often comes next."""
        if self._last is None or self._last[0] != item.sha256:
            limit = self.options.max_file_bytes or fetch.MAX_FILE_BYTES
            data = fetch.load(item.listed, self.filesystem, limit, self.settings.attempts)
            sha256 = hashlib.sha256(data).hexdigest()
            if sha256 != item.sha256:
                raise OSError("it was changed while it was read")
            self._last = sha256, data
        return self._last[1]


class Joiner(Worker):
    """Puts the stretches of long documents together."""

    def record(self, item: Item) -> tuple[bytes | None, int, list[bytes]]:
        assert item.sha256 is not None and item.stretch is not None
        parts = []
        for first in range(0, item.stretch.of, self.settings.stretch):
            stretch = Stretch(first, min(first + self.settings.stretch, item.stretch.of), item.stretch.of)
            read = functools.partial(store.read, self.work, stretch_path(self.folder, item.sha256, stretch))
            data = store.patiently(read, self.settings.attempts)
            size = int.from_bytes(data[:8], "little")
            parts.append(pyarrow.decompress(data[8:], decompressed_size=size, codec="zstd", asbytes=True))
        line, pages, rows = self.guard.call(
            "join", parts, name=item.listed.name, then=Results(item.listed.record)
        )
        return line, pages, rows

    def outcome(self, item: Item) -> tuple[Outcome, list[bytes]]:
        outcome, rows = super().outcome(item)
        # It is an input like any other now.
        return Outcome(
            outcome.listed, outcome.sha256, outcome.pages, outcome.attempts, outcome.line, None, outcome.failure
        ), rows


def stretch_path(folder: str, sha256: str, stretch: Stretch) -> str:
    """Where the pages of a stretch lie until they are joined."""
    return f"{folder}/{sha256}/{stretch.first:06}-{stretch.end:06}.pages"
