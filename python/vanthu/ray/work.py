"""What travels between the steps: files that were listed, units of work, and what became of them."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Sequence
from typing import Generic, TypeVar

import pyarrow

from ..errors import SystemRefusedError, VanthuError

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Failure:
    """Why there is no record."""

    code: str
    message: str
    remedy: str

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """What ``error`` says. What a file system raises is ``io``."""
        if isinstance(error, VanthuError):
            return cls(error.code, error.message, error.remedy)
        if isinstance(error, FileNotFoundError):
            return cls(SystemRefusedError.code, "it is not there any more", "list its folder again")
        if isinstance(error, OSError):
            return cls(SystemRefusedError.code, _one_line(error), "check the rights and the store, and try again")
        message = _one_line(error)
        kind = type(error).__name__
        return cls("crash", message if message == kind else f"{kind}: {message}", "report it with the file")


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 300 else f"{text[:299]}…"


@dataclasses.dataclass(frozen=True)
class Listed:
    """One input as its folder lists it."""

    position: int
    """Place in the listing, from 0."""
    root: str
    """The path or address that was given; it tells the file system."""
    path: str
    """Where it lies in its file system."""
    name: str
    """Its path inside the folder that was given, or its file name: ``record.source.path``."""
    record: str
    """The key of its record, which joins the tables."""
    bytes: int
    stamp: str
    """When it was changed, as the file system tells it."""
    skipped: str | None = None
    """Why it is not read."""
    failure: Failure | None = None
    """Why it could not be listed."""

    @property
    def address(self) -> str:
        """Where it lies, as no other input does: two stores may each have the same path."""
        scheme, found, _ = self.root.partition("://")
        return f"{scheme}://{self.path}" if found and scheme != "file" and "://" not in self.path else self.path


@dataclasses.dataclass(frozen=True)
class Stretch:
    """Some pages of a long document."""

    first: int
    end: int
    of: int
    """Pages of the whole document."""

    def parted(self, pages: int) -> list[Stretch]:
        """Stretches of so many pages that make up this one."""
        return [Stretch(n, min(n + pages, self.end), self.of) for n in range(self.first, self.end, pages)]


def stretch_path(folder: str, sha256: str | None, stretch: Stretch) -> str:
    """Where the pages of a stretch lie until they are joined."""
    return f"{folder}/{sha256}/{stretch.first:06}-{stretch.end:06}.pages"


@dataclasses.dataclass(frozen=True)
class Item:
    """One input, or one stretch of it, on its way to a reader."""

    listed: Listed
    sha256: str | None = None
    data: bytes | None = None
    """Its bytes; none for stretches, whose readers fetch the file themselves."""
    stretch: Stretch | None = None
    failure: Failure | None = None
    """Why it could not be fetched."""
    line: bytes | None = None
    """A record that an earlier run made of the same content under another path; there are no bytes then."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one input or stretch."""

    listed: Listed
    sha256: str | None
    pages: int = 0
    attempts: int = 1
    """0 where the record was made from that of the same content."""
    line: bytes | None = None
    """The record as JSON; of a stretch its pages, as they are to be written."""
    stretch: Stretch | None = None
    failure: Failure | None = None


@dataclasses.dataclass(frozen=True)
class Done:
    """What a reader made of one unit."""

    outcomes: list[Outcome]
    tables: dict[str, pyarrow.Table]
    """The rows of the records of ``outcomes``."""
    node: str
    worker: int
    """Number of the reader's process on its node."""
    start: float
    end: float
    """Seconds since 1970."""


class Block(Generic[T]):
    """Ray Data moves Arrow tables: a unit of work is a table of one row, so that each can go to another node."""

    @staticmethod
    def of(units: Sequence[object]) -> pyarrow.Table:
        """A table with a row for each unit."""
        data = [pickle.dumps(unit, protocol=5) for unit in units]
        return pyarrow.table({"unit": pyarrow.array(data, pyarrow.large_binary())})

    @staticmethod
    def units(block: pyarrow.Table, kind: type[T]) -> list[T]:
        """The units of a table; Ray Data makes one without columns where there is nothing."""
        if "unit" not in block.column_names:
            return []
        found = [pickle.loads(row.as_buffer()) for row in block.column("unit")]
        assert all(isinstance(unit, kind) for unit in found)
        return found
