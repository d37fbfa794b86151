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
from collections.abc import Callable
from typing import IO, Any

from ._pipeline import Options, Pipeline
from .errors import CrashError, MemoryLimitError, ReadingTimeoutError

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
            method, arguments, keywords, then = _take(source)
        except EOFError:
            return
        try:
            value = getattr(pipeline, method)(*arguments, **keywords)
            answer: tuple[str, object] = ("done", value if then is None else then(value))
        except MemoryError:
            answer = ("failed", MemoryLimitError(f"reading it took more than {memory >> 20} MiB", "raise memory, or split it"))
        except Exception as error:  # noqa: BLE001 (it is raised again where the call came from)
            answer = ("failed", error)
        _send(to, answer)


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

    def call(
        self, method: str, *arguments: Any, then: Callable[[Any], Any] | None = None, **keywords: Any
    ) -> Any:
        """What a method of the pipeline gives; or what ``then``, which goes there by pickle, makes of it in the process
        that reads."""
        self._start()
        self._say((method, arguments, keywords, then))
        kind, value = self._answer(self.seconds)
        if kind == "failed":
            raise value
        return value

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in {"read", "page_count", "read_pages", "join"}:
            raise AttributeError(name)
        return lambda *arguments, **keywords: self.call(name, *arguments, **keywords)

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
