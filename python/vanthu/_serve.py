"""The process that reads for a :class:`vanthu.Guarded`: its other end is ``_child``."""

from __future__ import annotations

import os
import pickle
import resource
import sys
import threading
import time

from ._pipeline import Pipeline
from .errors import CrashError, MemoryLimitError

READY, DONE, FAILED, ENDED = "ready", "done", "failed", "ended"
"""What an answer is: the versions of what reads, a result, an error, an error with which the process ends."""

_LOOKED = 0.5
"""Seconds after which it looks again whether its parent lives."""


def serve(parent: int) -> None:
    """Does what the process ``parent`` asks on standard input, until it asks no more."""
    # A stack of the usual size would count against the limit on memory.
    threading.stack_size(256 << 10)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    threading.stack_size(0)
    source, to = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What libraries print must not get between the answers.
    os.dup2(2, 1)
    options, memory = pickle.load(source)
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
    pipeline, work = None, None
    while True:
        # Until a request has come whole, what goes wrong leaves nothing to go on with.
        kind = ENDED
        try:
            if pipeline is None:
                pipeline = Pipeline(options)
                answer = pickle.dumps((READY, pipeline.versions))
            else:
                try:
                    work = pickle.load(source)
                except EOFError:
                    return
                kind = FAILED
                answer = pickle.dumps((DONE, work(pipeline)))
            kind = DONE
        except MemoryError:
            # What is held goes with the process, and the answer needs some memory itself.
            resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
            kind = ENDED
            told = MemoryLimitError(f"reading it took more than {memory >> 20} MiB", "raise memory, or split it")
            answer = pickle.dumps((kind, told))
        except Exception as error:  # noqa: BLE001 (it is raised again where the call came from)
            answer = pickle.dumps((kind, _portable(error)))
        to.write(answer)
        to.flush()
        if kind == ENDED:
            return
        # It may hold a whole file.
        work = None


def _portable(error: Exception) -> Exception:
    """The error, or what can be told of one that does not go through pickle."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 (whatever an error of others raises then)
        return CrashError(f"{type(error).__name__}: {error}", "report it with the file")
    return error


def _end_with(parent: int) -> None:
    """Ends this process with its parent, whatever that dies of. The system's own signal for that (``PR_SET_PDEATHSIG``)
    comes as soon as the thread ends that started this process."""
    while os.getppid() == parent:
        time.sleep(_LOOKED)
    os._exit(1)
