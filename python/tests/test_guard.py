"""Reading in a process of its own."""

from __future__ import annotations

import os
import signal
import time

import pytest

import vanthu
from conftest import FIXTURES, LETTER


def stop(pipeline: vanthu.Pipeline) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(pipeline: vanthu.Pipeline) -> None:
    time.sleep(60)


def json_of_letter(pipeline: vanthu.Pipeline) -> str:
    return pipeline.read(LETTER.encode(), name="a.txt").to_json()


@pytest.fixture
def guarded() -> vanthu.Guarded:
    return vanthu.Guarded(vanthu.Options(threads=1), seconds=20)


def test_it_reads_as_a_pipeline_does(guarded: vanthu.Guarded, pipeline: vanthu.Pipeline) -> None:
    path = FIXTURES / "pdf" / "01.pdf"
    assert guarded.read(path) == pipeline.read(path)
    assert guarded.versions == pipeline.versions
    assert guarded.run(json_of_letter) == json_of_letter(pipeline)
    count = guarded.page_count(path)
    assert count == 2
    parts = [guarded.read_pages(path, page, page + 1) for page in range(count)]
    assert guarded.join(parts, name="01.pdf") == pipeline.read(path)
    with pytest.raises(vanthu.DamagedError):
        guarded.read(b"%PDF-1.7 cut", name="a.pdf")
    with pytest.raises(TypeError, match="path, bytes or a file"):
        guarded.read(None)  # type: ignore[arg-type]
    assert guarded.read(LETTER.encode(), name="a.txt").source.path == "a.txt"


def test_what_a_call_dies_of_is_told_and_the_next_gets_a_new_process(guarded: vanthu.Guarded) -> None:
    with pytest.raises(vanthu.CrashError, match="SIGKILL"):
        guarded.run(stop)
    guarded.seconds = 1
    with pytest.raises(vanthu.ReadingTimeoutError, match="1 s"):
        guarded.run(sleep)
    guarded.seconds = 20
    assert guarded.read(LETTER.encode(), name="a.txt").directive.tasks


def test_a_process_that_died_while_nobody_called_is_no_fault_of_the_next(guarded: vanthu.Guarded) -> None:
    guarded.read(LETTER.encode(), name="a.txt")
    assert guarded._process is not None
    guarded._process.kill()
    guarded._process.wait()
    assert guarded.read(LETTER.encode(), name="a.txt").directive.tasks


def test_memory_is_bounded() -> None:
    small = vanthu.Guarded(vanthu.Options(threads=1), memory=120 << 20)
    with pytest.raises((vanthu.MemoryLimitError, vanthu.MissingComponentError, vanthu.CrashError)):
        small.read(b"x " * (100 << 20), name="a.txt")
