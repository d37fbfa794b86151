"""How the work is parted and what it may cost."""

from __future__ import annotations

import dataclasses

_MIB = 1 << 20


@dataclasses.dataclass(frozen=True)
class Settings:
    """How the work is parted and what it may cost. The defaults suit archives of scans and of text alike."""

    workers: int | None = None
    """Readers at a time, each on one processor; ``None`` for as many as the cluster has processors and memory for, which
    are the most in any case."""
    memory: int = 1536 * _MIB
    """Bytes that one reader may take. It is declared to Ray, so that no node gets more readers than it has memory for."""
    join_memory: int = 6144 * _MIB
    """As ``memory``, for putting the pages of one long document together."""
    seconds: float = 1400.0
    """Longest time for one input, or one stretch of a long one."""
    attempts: int = 2
    """How often an input is tried that crashes its reader, or takes too long or too much memory."""
    stretch: int = 64
    """Documents of more pages are parted into stretches of so many, which are read apart from each other."""
    long_bytes: int = _MIB
    """Smaller files are not looked at for being long."""
    unit_files: int = 64
    """Files that go to a reader at once, at most. Those that show pictures go alone."""
    unit_bytes: int = 4 * _MIB
    """Bytes of files that go to a reader at once, at most; a larger file goes alone."""
    part_bytes: int = 32 * _MIB
    """About how many bytes of results go into one set of output files."""
    retry_failed: bool = False
    """Read again what failed before."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name != "retry_failed" and value is not None and not value > 0:
                raise ValueError(f"{field.name}: give a number above 0, not {value!r}")
