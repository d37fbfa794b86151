"""The reading process of a :class:`vanthu.Guarded` as the program sees it: its other end is ``_serve``."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import subprocess
import sys
import time
from typing import Any

from .errors import CrashError, MemoryLimitError, VanthuError

_LEAVING = 5.0
"""Seconds that a process may take to end, and the system to take it away."""

_LOG = 4096
"""Bytes that are kept of what a reading process says on standard error."""

_MEMORY_SIGNS = (b"memory allocation of", b"bad_alloc", b"Cannot allocate memory", b"MemoryError")
"""What allocators say that get nothing more, before they end the process."""


class TimeIsUp(Exception):
    """Nothing was sent or taken until the end of the time."""


class Gone(Exception):
    """The other end is closed."""


class Child:
    """A reading process, as a file to pickle into and out of. No wait is longer than until ``end``."""

    def __init__(self) -> None:
        self.end = 0.0
        self._said = b""
        self._kills = _kills_for_memory()
        # It finds modules where this process does: code that is given as an argument would look in the folder of work first.
        code = f"import sys; sys.path[:] = {sys.path!r}; from vanthu._serve import serve; serve({os.getpid()})"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # The other pools of Arrow set a gigabyte aside, which would count against the limit on memory.
            env={"ARROW_DEFAULT_MEMORY_POOL": "system", **os.environ},
            # Ctrl-C is for the program, which sees to it that its processes end.
            start_new_session=True,
        )
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._in, self._out, self._err = (
            pipe.fileno() for pipe in (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        self._poll = select.poll()
        self._poll.register(self._err, select.POLLIN)
        for pipe in (self._in, self._out, self._err):
            os.set_blocking(pipe, False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, value: object, seconds: float) -> tuple[str, Any]:
        """The answer to ``value``."""
        self.end = time.monotonic() + seconds
        # What an earlier call came through is no reason for the end of this one.
        self._said = b""
        with contextlib.suppress(Gone):
            # Why it has gone is told when its answer is waited for.
            pickle.dump(value, self, protocol=5)
        kind, answer = pickle.load(self)
        return kind, answer

    def write(self, data: bytes | memoryview) -> None:
        """Sends all of ``data``."""
        with memoryview(data) as rest:
            at = 0
            while at < rest.nbytes:
                self._wait(self._in, select.POLLOUT)
                with contextlib.suppress(BlockingIOError):
                    try:
                        at += os.write(self._in, rest[at : at + (1 << 20)])
                    except BrokenPipeError:
                        raise Gone from None

    def read(self, size: int) -> bytes:
        """So many bytes."""
        data = bytearray(size)
        self.readinto(data)
        return bytes(data)

    def readinto(self, into: bytearray | memoryview) -> int:
        """Fills ``into``."""
        with memoryview(into) as rest:
            at = 0
            while at < rest.nbytes:
                self._wait(self._out, select.POLLIN)
                with contextlib.suppress(BlockingIOError):
                    taken = os.readv(self._out, [rest[at:]])
                    if taken == 0:
                        raise Gone
                    at += taken
            return at

    def readline(self) -> bytes:
        """A line. What is asked here needs none, but who unpickles must be able to."""
        line = b""
        while not line.endswith(b"\n"):
            line += self.read(1)
        return line

    def kill(self) -> None:
        """Ends it."""
        self._process.kill()
        self._leave()

    def why(self) -> VanthuError:
        """Why it has gone."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVING)
        self._hear()
        code = self._process.poll()
        if code is None:
            how = "it closed its pipes and did not end"
        else:
            how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        self.kill()
        if any(sign in self._said for sign in _MEMORY_SIGNS):
            return MemoryLimitError(f"reading it took more memory than the limit allows ({how})", "raise memory, or split it")
        if code == -signal.SIGKILL and _kills_for_memory() != self._kills:
            return MemoryLimitError(
                f"the system had no memory left and ended the reading process ({how})",
                "read less at a time, or give the machine more memory",
            )
        last = self._said.decode(errors="replace").strip().rpartition("\n")[2].strip()[:200]
        return CrashError(f"the reading process died ({how}){': ' if last else ''}{last}", "report it with the file")

    def _wait(self, pipe: int, event: int) -> None:
        """Waits until ``pipe`` can be read or written, and hears what is said meanwhile."""
        self._poll.register(pipe, event)
        try:
            while True:
                rest = self.end - time.monotonic()
                if rest <= 0:
                    raise TimeIsUp
                ready = [found for found, _ in self._poll.poll(rest * 1000)]
                if self._err in ready:
                    self._hear()
                if pipe in ready:
                    return
        finally:
            self._poll.unregister(pipe)

    def _hear(self) -> None:
        """Takes in what was said on standard error and says it on."""
        with contextlib.suppress(BlockingIOError):
            while said := os.read(self._err, 1 << 16):
                self._said = (self._said + said)[-_LOG:]
                with contextlib.suppress(Exception):
                    sys.stderr.write(said.decode(errors="replace"))
            # It is closed, and would be told as ready from now on.
            with contextlib.suppress(KeyError):
                self._poll.unregister(self._err)

    def _leave(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVING)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()


def _kills_for_memory() -> list[str]:
    """What the system counts of processes that it ended because memory was short; nothing where it does not tell."""
    found = []
    with contextlib.suppress(OSError, ValueError):
        with open("/proc/self/cgroup", encoding="utf-8") as groups:
            own = groups.read().strip().rpartition("::")[2]
        with open(f"/sys/fs/cgroup{own}/memory.events", encoding="ascii") as events:
            found += [line for line in events if line.startswith("oom_kill ")]
    with contextlib.suppress(OSError, ValueError):
        with open("/proc/vmstat", encoding="ascii") as events:
            found += [line for line in events if line.startswith("oom_kill ")]
    return found
