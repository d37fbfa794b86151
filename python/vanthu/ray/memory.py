"""How much memory the steps declare to Ray, from the sizes of the files that go through them.

Files are sorted by size into classes, each twice as large as the one before, and each class is read by tasks and actors that
declare what its largest file takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .settings import Settings

_MIB = 1 << 20

SMALLEST = 64 * _MIB
"""The largest file of the smallest class, which nearly all files are in."""

SINK = 1024 * _MIB
"""Of a task that writes parts."""

_PYTHON = 192 * _MIB
"""Of a task with its libraries."""

_ACTOR = 512 * _MIB
"""Of an actor with what it holds of small files and of records, beside the process that reads for it."""

_OPENED = 3
"""How many times its bytes an opened PDF takes: as they came, its parts, and while these are being made."""

_SENT = 3
"""How many times its bytes a file takes in the task that fetches it: as they came, pickled, and in an Arrow table."""

_KEPT = 2
"""How many times its bytes a file takes in an actor that goes from one long document to the next."""


def size_class(size: int) -> int:
    """The size of the largest file that goes together with one of ``size`` bytes."""
    largest = SMALLEST
    while largest < size:
        largest *= 2
    return largest


def counter(largest: int) -> int:
    """Bytes that the process may take which counts the pages of a file."""
    return 384 * _MIB + _OPENED * largest


def fetching(largest: int) -> int:
    """Bytes that a task takes which fetches files, with the process that counts their pages."""
    return _PYTHON + _SENT * largest + counter(largest)


def reading(settings: Settings, largest: int) -> int:
    """Bytes that the process may take which reads."""
    return settings.memory + _OPENED * (largest - SMALLEST)


def actor(process: int, largest: int) -> int:
    """Bytes that an actor takes with its process of ``process`` bytes."""
    return process + _ACTOR + _KEPT * (largest - SMALLEST)


class TooLittleMemory(Exception):
    """No node has the memory for a single actor."""


def readers(nodes: Sequence[Mapping[str, float]], each: int, reserved: int) -> int:
    """How many actors of so much memory the nodes hold by their resources, one a processor at most, where ``reserved``
    bytes of each stay free for other tasks. Ray would start more and then have no place for those tasks.

    Raises :class:`TooLittleMemory` where no node holds any.
    """
    found = 0
    for node in nodes:
        free = int(node.get("memory", 0)) - reserved
        found += max(0, min(int(node["CPU"]), free // each))
    if found == 0:
        largest = max(int(node.get("memory", 0)) for node in nodes)
        raise TooLittleMemory(
            f"no node has memory for a reader: it takes {each >> 20} MiB beside {reserved >> 20} MiB for other tasks, and "
            f"the largest node gives Ray {largest >> 20} MiB"
        )
    return found
