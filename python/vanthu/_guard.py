"""Reading in a process of its own, so that a crash, a hang or too much memory costs one attempt of one input.

This is what the program ``vanthu`` does for every input; ``vanthu.ray`` does it on every machine.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import IO, Any, TypeVar

from ._pipeline import Options, Pipeline, Readable
from ._vanthu import Record
from .errors import CrashError, MemoryLimitError, ReadingTimeoutError

T = TypeVar("T")

_LENGTH = struct.Struct("<Q")


def _send(to: IO[bytes], value: object) -> None:
    data = pickle.dumps(value)
    to.write(_LENGTH.pack(len(data)) + data)
    to.flush()


def _take(source: IO[bytes]) -> Any:
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return pickle.loads(source.read(_LENGTH.unpack(head)[0]))


def _serve() -> None:
    """The reading process: does what is asked until nobody asks any more."""
    source, to = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What libraries print must not get between the answers.
    os.dup2(2, 1)
    options, memory = _take(source)
    if sys.platform.startswith("linux"):
        import ctypes
        import resource

        # Ends with its parent, whatever that dies of.
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
    pipeline = Pipeline(options)
    _send(to, ("ready", pipeline.versions))
    while True:
        try:
            work = _take(source)
        except EOFError:
            return
        try:
            answer: tuple[str, object] = ("done", work(pipeline))
        except MemoryError:
            answer = ("failed", MemoryLimitError(f"reading it took more than {memory >> 20} MiB", "raise memory, or split it"))
        except Exception as error:  # noqa: BLE001 (it is raised again where the call came from)
            answer = ("failed", error)
        _send(to, answer)


class _Call:
    """A method of the pipeline with its arguments."""

    def __init__(self, method: str, *arguments: object, **keywords: object) -> None:
        self.method = method
        self.arguments = arguments
        self.keywords = keywords

    def __call__(self, pipeline: Pipeline) -> Any:
        return getattr(pipeline, self.method)(*self.arguments, **self.keywords)


class Guarded:
    """A :class:`Pipeline` in a process of its own.

    ``seconds`` bounds one call, ``memory`` (bytes of data) the process. What a call dies of is raised as
    :class:`CrashError`, :class:`ReadingTimeoutError` or :class:`MemoryLimitError`; the next call gets a new process.

    >>> reader = Guarded(Options(threads=1))
    >>> reader.read("Điều 1. Giao Sở Y tế báo cáo.".encode(), name="order.txt").source.path
    'order.txt'
    >>> reader.close()
    """

    def __init__(self, options: Options | None = None, *, seconds: float = 1400.0, memory: int = 1536 << 20) -> None:
        self.options = options or Options()
        self.seconds = seconds
        self.memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._versions = ""

    @property
    def versions(self) -> str:
        """As :attr:`Pipeline.versions`."""
        self._start()
        return self._versions

    def run(self, work: Callable[[Pipeline], T]) -> T:
        """What ``work``, which goes there by pickle, gives for the pipeline of the reading process."""
        self._start()
        self._say(work)
        kind, value = self._answer(self.seconds)
        if kind == "failed":
            raise value
        done: T = value
        return done

    def read(self, source: Readable, *, name: str | None = None) -> Record:
        """As :meth:`Pipeline.read`; ``source`` is a path or bytes."""
        record: Record = self.run(_Call("read", source, name=name))
        return record

    def page_count(self, source: Readable, *, name: str | None = None) -> int | None:
        """As :meth:`Pipeline.page_count`."""
        count: int | None = self.run(_Call("page_count", source, name=name))
        return count

    def read_pages(self, source: Readable, first: int, end: int, *, name: str | None = None) -> bytes:
        """As :meth:`Pipeline.read_pages`."""
        part: bytes = self.run(_Call("read_pages", source, first, end, name=name))
        return part

    def join(self, parts: Iterable[bytes], *, name: str) -> Record:
        """As :meth:`Pipeline.join`."""
        record: Record = self.run(_Call("join", list(parts), name=name))
        return record

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        # One that died between two calls (the system may choose it when memory is short) is no fault of the next.
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from vanthu._guard import _serve; _serve()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self._say((self.options, self.memory))
            kind, value = self._answer(60.0)
            if kind != "ready":
                raise value
            self._versions = value
        return self._process

    def _say(self, value: object) -> None:
        assert self._process is not None and self._process.stdin is not None
        try:
            _send(self._process.stdin, value)
        except BrokenPipeError:
            pass  # Why it has gone is told when its answer is waited for.

    def _answer(self, seconds: float) -> tuple[str, Any]:
        process = self._process
        assert process is not None and process.stdout is not None
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not selector.select(max(0.0, end - time.monotonic())):
                if time.monotonic() >= end:
                    self.close()
                    raise ReadingTimeoutError(f"reading it took longer than {seconds:.0f} s", "give it more seconds, or split it")
        try:
            kind, value = _take(process.stdout)
            return kind, value
        except EOFError:
            code = process.wait()
            self._process = None
            how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            # An allocator that gets nothing more aborts.
            if code == -signal.SIGABRT:
                raise MemoryLimitError(f"reading it took more than {self.memory >> 20} MiB ({how})", "raise memory, or split it") from None
            raise CrashError(f"the reading process died ({how})", "report it with the file") from None
