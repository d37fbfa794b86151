"""Reading in a process of its own."""

from __future__ import annotations

import hashlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import vanthu
from conftest import FIXTURES, LETTER
from vanthu._units import ReadAll, Unread


def stop(pipeline: vanthu.Pipeline) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(pipeline: vanthu.Pipeline) -> None:
    time.sleep(60)


def json_of_letter(pipeline: vanthu.Pipeline) -> str:
    return pipeline.read(LETTER.encode(), name="a.txt").to_json()


@pytest.fixture
def guarded() -> Iterator[vanthu.Guarded]:
    with vanthu.Guarded(vanthu.Options(threads=1), seconds=20) as guarded:
        yield guarded


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
    assert guarded._child is not None
    os.kill(guarded._child.pid, signal.SIGKILL)
    guarded._child._process.wait()
    assert guarded.read(LETTER.encode(), name="a.txt").directive.tasks


def test_a_thread_that_ends_leaves_the_process_that_it_started(guarded: vanthu.Guarded) -> None:
    """The system's signal for a dead parent comes at the end of a thread: the pool that began a reading ended it."""
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(guarded.run, number).result()
    time.sleep(1)
    assert guarded.run(number) == first


def test_the_process_ends_with_its_parent(tmp_path: Path) -> None:
    code = """
import os, signal, sys, vanthu
from test_guard import number
guarded = vanthu.Guarded(vanthu.Options(threads=1))
print(guarded.run(number), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    here = Path(__file__).parent
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL
    end = time.monotonic() + 10
    while Path(f"/proc/{done.stdout.strip()}").exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not Path(f"/proc/{done.stdout.strip()}").exists()


def number(pipeline: vanthu.Pipeline) -> int:
    return os.getpid()


def fill(pipeline: vanthu.Pipeline) -> int:
    return len(bytearray(1 << 40))


def fill_with_answer(pipeline: vanthu.Pipeline) -> list[bytearray]:
    return [bytearray(150 << 20)]


def abort_as_rust(pipeline: vanthu.Pipeline) -> None:
    os.write(2, b"memory allocation of 1099511627776 bytes failed\n")
    os.abort()


def abort_as_tesseract(pipeline: vanthu.Pipeline) -> None:
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n")
    os.abort()


def abort(pipeline: vanthu.Pipeline) -> None:
    os.write(2, b"Assertion `x > 0' failed.\n")
    os.abort()


@pytest.mark.parametrize("work", [fill, fill_with_answer, abort_as_rust, abort_as_tesseract])
def test_running_out_of_memory_is_told_as_that(work: Callable[[vanthu.Pipeline], object]) -> None:
    """Wherever it happens: an answer that did not fit was once an exit code."""
    small = vanthu.Guarded(vanthu.Options(threads=1), memory=400 << 20)
    with pytest.raises(vanthu.MemoryLimitError):
        small.run(work)
    assert small.read(LETTER.encode(), name="a.txt").directive.tasks
    small.close()


def test_a_file_that_does_not_fit_and_models_that_do_not_are_too_much_memory() -> None:
    small = vanthu.Guarded(vanthu.Options(threads=1), memory=400 << 20)
    with pytest.raises(vanthu.MemoryLimitError, match="400 MiB"):
        small.read(bytes(500 << 20), name="a.txt")
    assert small.read(LETTER.encode(), name="a.txt").directive.tasks
    small.close()
    for memory in (20, 40, 60, 80):
        with pytest.raises(vanthu.MemoryLimitError):
            vanthu.Guarded(vanthu.Options(threads=1), memory=memory << 20).read(bytes(100 << 20), name="a.txt")


def test_a_process_that_aborts_for_another_reason_has_crashed(guarded: vanthu.Guarded) -> None:
    with pytest.raises(vanthu.CrashError, match=r"SIGABRT\): Assertion `x > 0' failed"):
        guarded.run(abort)


def mutter_of_memory(pipeline: vanthu.Pipeline) -> None:
    os.write(2, b"Cannot allocate memory\n")


def test_what_an_earlier_call_said_is_no_reason(guarded: vanthu.Guarded) -> None:
    guarded.run(mutter_of_memory)
    with pytest.raises(vanthu.CrashError):
        guarded.run(stop)


def test_a_process_that_the_system_ended_for_want_of_memory_has_not_crashed(
    guarded: vanthu.Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded.read(LETTER.encode(), name="a.txt")
    monkeypatch.setattr("vanthu._child._kills_for_memory", lambda: ["oom_kill 1"])
    with pytest.raises(vanthu.MemoryLimitError, match="the system had no memory left"):
        guarded.run(stop)


class Stubborn(Exception):
    """Goes through pickle and does not come out."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} {two}")


def fail_stubbornly(pipeline: vanthu.Pipeline) -> None:
    raise Stubborn(1, 2)


def lock(pipeline: vanthu.Pipeline) -> object:
    return threading.Lock()


def answer_by_half(pipeline: vanthu.Pipeline) -> None:
    # Answers go through the first pipe behind the three of every process.
    open_files = sorted(int(fd.name) for fd in Path("/proc/self/fd").iterdir())
    answers = next(fd for fd in open_files if fd > 2 and os.readlink(f"/proc/self/fd/{fd}").startswith("pipe"))
    os.write(answers, pickle.dumps(("done", bytes(1000)))[:500])


def half_an_answer(pipeline: vanthu.Pipeline) -> None:
    answer_by_half(pipeline)
    os.kill(os.getpid(), signal.SIGKILL)


def half_an_answer_and_no_end(pipeline: vanthu.Pipeline) -> None:
    answer_by_half(pipeline)
    time.sleep(60)


def test_what_does_not_go_through_pickle_is_told_as_what_it_is(guarded: vanthu.Guarded) -> None:
    with pytest.raises(vanthu.CrashError, match="Stubborn: 1 2"):
        guarded.run(fail_stubbornly)
    first = guarded.run(number)
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        guarded.run(lambda pipeline: None)
    with pytest.raises(TypeError, match="pickle"):
        guarded.run(lock)
    assert guarded.run(number) != first


def test_a_process_that_dies_within_its_answer_has_died(guarded: vanthu.Guarded) -> None:
    """What was left of the answer was an UnpicklingError once."""
    with pytest.raises(vanthu.CrashError, match="SIGKILL"):
        guarded.run(half_an_answer)


def stand_still(pipeline: vanthu.Pipeline) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def test_no_wait_is_without_bound(guarded: vanthu.Guarded) -> None:
    guarded.read(LETTER.encode(), name="a.txt")
    guarded.seconds = 1
    began = time.monotonic()
    with pytest.raises(vanthu.ReadingTimeoutError):
        guarded.run(half_an_answer_and_no_end)
    with pytest.raises(vanthu.ReadingTimeoutError):
        guarded.run(stand_still)
    # It takes nothing of what it is sent.
    guarded.seconds = 20
    guarded.read(LETTER.encode(), name="a.txt")
    assert guarded._child is not None
    os.kill(guarded._child.pid, signal.SIGSTOP)
    guarded.seconds = 1
    with pytest.raises(vanthu.ReadingTimeoutError):
        guarded.read(bytes(50 << 20), name="a.txt")
    assert time.monotonic() - began < 30


def test_an_interrupted_call_leaves_no_answer_for_the_next(guarded: vanthu.Guarded) -> None:
    guarded.read(LETTER.encode(), name="a.txt")
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        guarded.run(sleep)
    assert guarded.run(json_of_letter).startswith('{"schema"')


def test_many_threads_may_call(guarded: vanthu.Guarded) -> None:
    texts = [f"{LETTER}\nLần {n}." for n in range(20)]
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda text: guarded.read(text.encode(), name="a.txt"), texts))
    assert [record.source.sha256 for record in read] == [hashlib.sha256(text.encode()).hexdigest() for text in texts]


def test_a_folder_called_vanthu_is_not_taken_for_the_package(tmp_path: Path) -> None:
    (tmp_path / "vanthu").mkdir()
    (tmp_path / "vanthu" / "__init__.py").write_text("raise ImportError('the wrong one')")
    script = tmp_path / "scripts" / "read.py"
    script.parent.mkdir()
    script.write_text("import vanthu\nwith vanthu.Guarded() as guarded:\n    print(guarded.versions)\n")
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("vanthu"), done.stderr


def takes_mib(pipeline: vanthu.Pipeline) -> int:
    [data] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmData:")]
    return int(data.split()[1]) >> 10


def test_the_processes_of_ray_have_their_memory_for_reading(guarded: vanthu.Guarded) -> None:
    """The libraries of Ray and the memory pool of Arrow once took a gigabyte each of what a process is given."""
    lines, rows = guarded.run(ReadAll([Unread(LETTER.encode(), "a.txt", "a.txt.json", None)]))
    assert len(lines) == 1 and len(rows) == 4
    assert guarded.run(takes_mib) < 300


def test_what_is_missing_is_told_when_the_process_begins(tmp_path: Path) -> None:
    """Once it was a crash with exit code 1."""
    with pytest.raises(vanthu.VanthuError) as raised:
        vanthu.Guarded(vanthu.Options(threads=1, model=tmp_path / "none")).read(LETTER.encode(), name="a.txt")
    assert not isinstance(raised.value, vanthu.CrashError)


def test_what_it_says_is_said_on(guarded: vanthu.Guarded, capsys: pytest.CaptureFixture[str]) -> None:
    guarded.run(mutter)
    assert "a word" in capsys.readouterr().err


def mutter(pipeline: vanthu.Pipeline) -> None:
    # More than a pipe holds.
    os.write(2, b"a word " * 100_000)
