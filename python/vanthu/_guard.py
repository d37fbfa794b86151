"""Reading in a process of its own, so that a crash, a hang or too much memory costs one attempt of one input.

This is what the program ``vanthu`` does for every input; ``vanthu.ray`` does it on every machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from . import _serve
from ._child import Child, Gone, TimeIsUp
from ._pipeline import Options, Pipeline, Readable
from ._vanthu import Record
from .errors import ReadingTimeoutError

T = TypeVar("T")

_LOADING = 120.0
"""Seconds that loading engines and models may take."""

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
    :class:`CrashError`, :class:`ReadingTimeoutError` or :class:`MemoryLimitError`; the next call gets a new process. Any
    number of threads may call; one call is answered at a time.

    >>> reader = Guarded(Options(threads=1))
    >>> reader.read("Điều 1. Giao Sở Y tế báo cáo.".encode(), name="order.txt").source.path
    'order.txt'
    >>> reader.close()
    """

    def __init__(self, options: Options | None = None, *, seconds: float = 1400.0, memory: int = 1536 << 20) -> None:
        self.options = options or Options()
        self.seconds = seconds
        self.memory = memory
        self._child: Child | None = None
        self._versions = ""
        self._one = threading.RLock()

    @property
    def versions(self) -> str:
        """As :attr:`Pipeline.versions`."""
        with self._one:
            self._started()
            return self._versions

    def run(self, work: Callable[[Pipeline], T]) -> T:
        """What ``work``, which goes there by pickle, gives for the pipeline of the reading process."""
        with self._one:
            late = f"reading it took longer than {self.seconds:.0f} s", "give it more seconds, or split it"
            done: T = self._asked(self._started(), work, self.seconds, late)
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

    def __enter__(self) -> Guarded:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process."""
        with self._one:
            child, self._child = self._child, None
            if child is not None:
                child.kill()

    def _started(self) -> Child:
        # One that died between two calls (the system may choose it when memory is short) is no fault of the next.
        if self._child is not None and not self._child.is_alive():
            self.close()
        if self._child is None:
            self._child = Child()
            late = f"loading the models took longer than {_LOADING:.0f} s", "try again when the machine is less busy"
            self._versions = self._asked(self._child, (self.options, self.memory), _LOADING, late)
        return self._child

    def _asked(self, child: Child, value: object, seconds: float, late: tuple[str, str]) -> Any:
        try:
            kind, answer = child.ask(value, seconds)
        except TimeIsUp:
            self.close()
            raise ReadingTimeoutError(*late) from None
        except Gone:
            self._child = None
            raise child.why() from None
        except BaseException:
            # What is half said, or half heard, must not be taken for the next.
            self.close()
            raise
        if kind == _serve.ENDED:
            self.close()
        if kind in (_serve.ENDED, _serve.FAILED):
            raise answer
        return answer
