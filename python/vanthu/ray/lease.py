"""One run at a time in an output folder: each lays a lease there, and renews it as long as it lives.

Folders and stores have in common that a file is seen by all who list after it was written, and nothing that a file is only
made where there is none. So a run that begins writes its lease first and looks for others then: of two that begin at once
at least one sees the other. Ages are told by the clock of the store, from the times that it gives the leases.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import random
import socket
import threading
import time
import uuid
from collections.abc import Iterator

from pyarrow import fs

from . import store

RENEWED = 15.0
"""Seconds after which a lease is written anew."""

EXPIRES = 120.0
"""Seconds after which a lease that was not renewed is that of a dead run."""

_LEAVING = 10.0
"""Seconds that are waited for a renewal that is under way when a run ends."""

_TRIES = 6
"""How often a run asks that meets another which has only asked, too."""


class OutputInUseError(ValueError):
    """Another run writes into the output."""


@dataclasses.dataclass(frozen=True)
class _Holder:
    """Who holds a lease."""

    host: str
    process: int
    started: str
    """When the process was started, as its machine counts; with ``machine``, no other has the same."""
    machine: str
    """The machine since it was started, and its set of process numbers."""
    begun: str
    holds: bool
    """Whether it has looked for others and found none."""

    @classmethod
    def here(cls) -> _Holder:
        return cls(
            socket.gethostname(),
            os.getpid(),
            _started(os.getpid()) or "",
            _machine(),
            time.strftime("%Y-%m-%d %H:%M:%S %z"),
            False,
        )

    @classmethod
    def of(cls, data: bytes) -> _Holder | None:
        """Who wrote a lease; none where it cannot be told."""
        try:
            return cls(**json.loads(data))
        except (TypeError, ValueError):
            return None

    def is_dead(self) -> bool:
        """Whether its process is known to have ended."""
        return bool(self.machine) and self.machine == _machine() and _started(self.process) != self.started


def _machine() -> str:
    """What tells this machine, since it was started, and this set of process numbers; empty where the system does not."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as boot:
            return f"{boot.read().strip()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def _started(process: int) -> str | None:
    """When a process of this machine was started; none where there is no such process."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as stat:
            # The name of the program, in brackets, may hold anything.
            state, *fields = stat.read().rpartition(")")[2].split()
            return None if state == "Z" else fields[18]
    except (OSError, IndexError, ValueError):
        return None


class Lease:
    """The right to write into an output folder."""

    def __init__(self, filesystem: fs.FileSystem, out: str) -> None:
        self.token = uuid.uuid4().hex[:8]
        self._filesystem = filesystem
        self._out = out
        self._name = f"run-{self.token}.lock"
        self._holder = _Holder.here()
        self._end = threading.Event()
        self._renewing = threading.Thread(target=self._renew, name="vanthu lease", daemon=True)

    def __reduce__(self) -> tuple[type[Handle], tuple[fs.FileSystem, str, str]]:
        # Other processes only ask whether it is still there.
        return Handle, (self._filesystem, self._out, self._name)

    def take(self) -> None:
        """Takes the lease, and what dead runs have left away.

        Raises :class:`OutputInUseError` where another run has it.
        """
        for attempt in range(_TRIES):
            self._write()
            try:
                mine, others = self._leases()
                living = [(info, holder) for info, holder in others if not _is_over(info, holder, mine)]
            except BaseException:
                self._remove(self._name)
                raise
            if not living:
                for info, _ in others:
                    self._remove(info.base_name)
                self._holder = dataclasses.replace(self._holder, holds=True)
                self._write()
                self._renewing.start()
                return
            self._remove(self._name)
            info, holder = living[0]
            if attempt + 1 == _TRIES or any(other is None or other.holds for _, other in living):
                raise OutputInUseError(self._told(info, holder, _age(info, mine)))
            # Both have only asked: who comes back first gets it.
            time.sleep(random.uniform(0.1, 1.5))

    def check(self) -> None:
        """Raises :class:`OutputInUseError` where the lease was lost."""
        Handle(self._filesystem, self._out, self._name).check()

    def end(self) -> None:
        """Gives it back."""
        self._end.set()
        # It may be writing the lease at this moment.
        self._renewing.join(_LEAVING)
        self._remove(self._name)

    def _told(self, info: fs.FileInfo, holder: _Holder | None, age: float) -> str:
        who = f"process {holder.process} on {holder.host}, begun {holder.begun}" if holder else "it does not say which"
        return (
            f"{self._out} is held by another run ({who}; {info.base_name}, renewed {age:.0f} s ago); wait until it has ended, "
            f"or give another output; should it be dead, the output is free {max(1.0, EXPIRES - age):.0f} s from now"
        )

    def _leases(self) -> tuple[fs.FileInfo, list[tuple[fs.FileInfo, _Holder | None]]]:
        """This lease and all others, with who holds them."""
        mine, others = None, []
        for info in store.entries(self._filesystem, self._out):
            if info.base_name == self._name:
                mine = info
            elif info.is_file and info.base_name.startswith("run-") and info.base_name.endswith(".lock"):
                try:
                    holder = _Holder.of(store.read(self._filesystem, info.path))
                except FileNotFoundError:
                    continue  # It was given back meanwhile.
                others.append((info, holder))
        if mine is None:
            raise OSError(f"{self._out}/{self._name} was written and is not listed; runs cannot be told apart there")
        return mine, others

    def _write(self) -> None:
        data = json.dumps(dataclasses.asdict(self._holder), indent=2).encode() + b"\n"
        store.write(self._filesystem, f"{self._out}/{self._name}", data)

    def _remove(self, name: str) -> None:
        # A lease that stays expires.
        with contextlib.suppress(OSError):
            self._filesystem.delete_file(f"{self._out}/{name}")

    def _renew(self) -> None:
        while not self._end.wait(RENEWED):
            try:
                self.check()
                self._write()
            except OutputInUseError:
                return
            except OSError:
                pass  # It is tried again; meanwhile it grows old.


@dataclasses.dataclass(frozen=True)
class Handle:
    """A lease as other processes see it."""

    filesystem: fs.FileSystem
    out: str
    name: str

    def check(self) -> None:
        """Raises :class:`OutputInUseError` where the lease was lost."""
        info = store.info(self.filesystem, f"{self.out}/{self.name}")
        if info.type == fs.FileType.NotFound:
            raise OutputInUseError(
                f"another run has taken {self.out}, since this one gave no sign of life for {EXPIRES:.0f} s; begin it again "
                "when that has ended"
            )


def _age(info: fs.FileInfo, now: fs.FileInfo) -> float:
    return max(0.0, ((now.mtime_ns or 0) - (info.mtime_ns or 0)) / 1e9)


def _is_over(info: fs.FileInfo, holder: _Holder | None, now: fs.FileInfo) -> bool:
    return _age(info, now) > EXPIRES or (holder is not None and holder.is_dead())


@contextlib.contextmanager
def hold(filesystem: fs.FileSystem, out: str) -> Iterator[Lease]:
    """Holds the lease of an output folder.

    Raises :class:`OutputInUseError` where another run has it, and ``OSError`` where ``out`` cannot be written.
    """
    lease = Lease(filesystem, out)
    lease.take()
    try:
        yield lease
    finally:
        lease.end()
