"""The actors that read: each loads the models once, in a process of its own beside it."""

from __future__ import annotations

import dataclasses
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
from .._units import TABLES, JoinAll, Line, Read, ReadAll, Unread
from ..errors import CrashError, MemoryLimitError, MissingComponentError, ReadingTimeoutError, VanthuError
from . import fetch, store
from .nodes import versions_of
from .settings import Settings
from .work import Block, Done, Failure, Item, Outcome, Stretch, stretch_path

_log = logging.getLogger(__name__)

_SIZE = 8
"""Bytes that tell how many a packed stretch unfolds to."""

_AGAIN = (CrashError, ReadingTimeoutError, MemoryLimitError)
"""What another attempt may mend."""


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
        # The process is there when the first unit comes.
        self.guard = _guard.Guarded(options, seconds=settings.seconds, memory=memory)
        here = versions_of(self.guard)
        if here != expected:
            raise MissingComponentError(
                f"this node has {here}, the one that began the run {expected}",
                "install the same vanthu and the same models on all nodes",
            )
        self.options = options
        self.settings = settings
        self.filesystem = filesystem
        self.work, self.folder = stretches
        self.node = ray.get_runtime_context().get_node_id()
        self.pages = Counter("vanthu_pages", "Pages of which there is a record")
        self.failed = Counter("vanthu_failed", "Inputs that gave no record")

    def __call__(self, block: pyarrow.Table) -> pyarrow.Table:
        return Block.of([self.done(items) for items in Block.units(block, list)])

    def done(self, items: list[Item]) -> Done:
        """What becomes of one unit."""
        start = time.time()
        outcomes, rows = self.outcomes(items)
        tables = {
            name: pyarrow.concat_tables([pyarrow.ipc.open_stream(part[number]).read_all() for part in rows])
            for number, name in enumerate(TABLES)
            if rows
        }
        for outcome in outcomes:
            if outcome.failure:
                self.failed.inc()
            elif outcome.pages:
                self.pages.inc(outcome.pages)
        return Done(outcomes, tables, self.node, os.getpid(), start, time.time())

    def outcomes(self, items: list[Item]) -> tuple[list[Outcome], list[list[bytes]]]:
        """What becomes of each input, and the rows of their records. When they cannot be read together, the one that is to
        blame is found by reading each alone."""
        readable = [item for item in items if not (item.failure or item.listed.skipped)]
        lines, rows, attempts = self.attempted(readable) if readable else ([], [], 1)
        if lines is None and len(readable) > 1:
            alone = [self.outcomes([item]) for item in items]
            return [outcome for outcomes, _ in alone for outcome in outcomes], [part for _, rows in alone for part in rows]
        found = iter(lines or [])
        outcomes = []
        for item in items:
            if item.failure or item.listed.skipped:
                outcomes.append(Outcome(item.listed, item.sha256, stretch=item.stretch, failure=item.failure))
                continue
            line = next(found)
            if isinstance(line, Line):
                tried = attempts if item.line is None else 0
                outcomes.append(Outcome(item.listed, item.sha256, line.pages, tried, line.json, item.stretch))
            else:
                failure = Failure.of(line)
                outcomes.append(Outcome(item.listed, item.sha256, 0, attempts, None, item.stretch, failure))
        return outcomes, [rows] if rows else []

    def attempted(self, items: list[Item]) -> tuple[list[Line | Exception] | None, list[bytes], int]:
        """The lines and rows of inputs, and the number of attempts; no lines where several cannot be read together."""
        attempts = 0
        while True:
            attempts += 1
            try:
                lines, rows = self.read(items)
                return list(lines), rows, attempts
            except Exception as error:  # noqa: BLE001 (whatever goes wrong with one input, the others go on)
                if len(items) > 1:
                    return None, [], attempts
                if isinstance(error, _AGAIN) and attempts < self.settings.attempts:
                    continue
                if not isinstance(error, (OSError, VanthuError)):
                    _log.exception("%s: an error inside vanthu", items[0].listed.path)
                return [error], [], attempts

    def read(self, items: list[Item]) -> Read:
        """The records of inputs, or what stands for them."""
        raise NotImplementedError


class Reader(Worker):
    """Reads whole documents, and stretches of long ones."""

    _last: tuple[str, bytes] | None = None

    def read(self, items: list[Item]) -> Read:
        stretch = items[0].stretch
        if stretch is not None:
            return [Line(self.packed(items[0], stretch), 0)], []
        read: Read = self.guard.run(
            ReadAll([Unread(item.data or b"", item.listed.name, item.listed.record, item.line) for item in items])
        )
        return read

    def packed(self, item: Item, stretch: Stretch) -> bytes:
        """The pages of a stretch as the joiner takes them; empty where they lie there already. They are written with the
        records: where one node's disk is full, another writes them."""
        path = stretch_path(self.folder, item.sha256, stretch)
        if store.info(self.work, path).type != fs.FileType.NotFound:
            return b""
        read = self.guard.read_pages(self.bytes_of(item), stretch.first, stretch.end, name=item.listed.name)
        return len(read).to_bytes(_SIZE, "little") + bytes(pyarrow.compress(read, codec="zstd", asbytes=True))

    def bytes_of(self, item: Item) -> bytes:
        """The bytes of a long document. The last is kept, since its next stretch often comes next."""
        if self._last is None or self._last[0] != item.sha256:
            limit = self.options.max_file_bytes or fetch.MAX_FILE_BYTES
            data = fetch.load(item.listed, self.filesystem, limit)
            sha256 = hashlib.sha256(data).hexdigest()
            if sha256 != item.sha256:
                raise OSError("it was changed while it was read")
            self._last = sha256, data
        return self._last[1]


class Joiner(Worker):
    """Puts the stretches of long documents together."""

    def read(self, items: list[Item]) -> Read:
        item = items[0]
        assert item.stretch is not None
        parts = []
        for stretch in item.stretch.parted(self.settings.stretch):
            data = store.read(self.work, stretch_path(self.folder, item.sha256, stretch))
            size = int.from_bytes(data[:_SIZE], "little")
            parts.append(pyarrow.decompress(data[_SIZE:], decompressed_size=size, codec="zstd", asbytes=True))
        joined: Read = self.guard.run(JoinAll(parts, item.listed.name, item.listed.record))
        return joined

    def outcomes(self, items: list[Item]) -> tuple[list[Outcome], list[list[bytes]]]:
        outcomes, rows = super().outcomes(items)
        # They are inputs like any others now.
        return [dataclasses.replace(outcome, stretch=None) for outcome in outcomes], rows
