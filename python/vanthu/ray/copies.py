"""Records of earlier runs for files that were moved or stand twice: such a file is not read again."""

from __future__ import annotations

from pyarrow import fs

from . import ledger, store
from .earlier import Known
from .work import Item


class Copies:
    """Records that earlier runs made of the same content under another path."""

    def __init__(self, known: Known, work: fs.FileSystem, out: str) -> None:
        self._known = known
        self._work = work
        self._out = out
        # Files that were moved together have their records together.
        self._last: tuple[str, bytes] = "", b""

    def used(self, item: Item) -> Item:
        """The item with such a record in place of its bytes, where there is one."""
        part = self._known.copy(item.listed, item.sha256) if item.sha256 else None
        if part is None or item.sha256 is None:
            return item
        if self._last[0] != part:
            path = f"{self._out}/{ledger.RECORDS}/{part}.jsonl"
            try:
                self._last = part, store.read(self._work, path)
            except OSError:
                return item
        # Quotes inside of strings have a backslash before them.
        line = _line_with(self._last[1], b'"sha256":"%s"' % item.sha256.encode())
        return item if line is None else Item(item.listed, item.sha256, line=line)


def _line_with(lines: bytes, what: bytes) -> bytes | None:
    """The first line that holds ``what``."""
    at = lines.find(what)
    if at < 0:
        return None
    end = lines.find(b"\n", at)
    return lines[lines.rfind(b"\n", 0, at) + 1 : end if end >= 0 else len(lines)]
