"""What else goes on in the process: other threads, signals, forks, OpenMP."""

from __future__ import annotations

import concurrent.futures
import os
import subprocess
import sys
import threading
import time

import pytest

import vanthu
from conftest import FIXTURES

SCAN = FIXTURES / "scans" / "10.png"


def run(code: str, *arguments: str, **environment: str) -> str:
    """What a Python process of its own prints."""
    environment = {**{k: v for k, v in os.environ.items() if k != "OMP_THREAD_LIMIT"}, **environment}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        env=environment, capture_output=True, text=True, timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_other_threads_go_on_while_a_document_is_read(pipeline: vanthu.Pipeline) -> None:
    reading = threading.Thread(target=pipeline.read, args=(SCAN,))
    steps = 0
    longest, last = 0.0, time.perf_counter()
    reading.start()
    while reading.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last, steps = max(longest, now - last), now, steps + 1
    assert steps > 50 and longest < 0.5


def test_one_pipeline_serves_many_threads(pipeline: vanthu.Pipeline) -> None:
    paths = sorted((FIXTURES / "pdf").glob("*.pdf"))[:8]
    expected = [pipeline.read(path).to_json() for path in paths]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert [record.to_json() for record in pool.map(pipeline.read, paths)] == expected


def test_a_forked_process_reads_too() -> None:
    code = """
import os, sys, vanthu
pipeline = vanthu.Pipeline(vanthu.Options(threads=2))
here = pipeline.read(sys.argv[1]).to_json()
child = os.fork()
if child == 0:
    os._exit(0 if pipeline.read(sys.argv[1]).to_json() == here else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert run(code, str(FIXTURES / "pdf" / "01.pdf")).strip() == "0"


def test_ctrl_c_ends_the_waiting() -> None:
    code = """
import os, signal, sys, threading, time, vanthu
pipeline = vanthu.Pipeline()
text = "uy ban nhan dan tinh giao so tai chinh bao cao " * 200000
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
began = time.monotonic()
try:
    pipeline.restore(text)
    print("ended")
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - began < 2)
sys.stdout.flush()
os._exit(0)
"""
    assert run(code).strip() == "interrupted True"


def test_ocr_takes_one_processor_a_page_and_the_environment_is_as_it_was() -> None:
    code = """
import os, sys, time
before = dict(os.environ)
import vanthu
assert dict(os.environ) == before
pipeline = vanthu.Pipeline(vanthu.Options(threads=1))
pipeline.read(sys.argv[1])
wall, cpu = time.perf_counter(), time.process_time()
pipeline.read(sys.argv[1])
print((time.process_time() - cpu) / (time.perf_counter() - wall))
"""
    assert float(run(code, str(SCAN))) < 1.2


def test_what_the_user_has_set_stays() -> None:
    code = "import os, vanthu; print(os.environ['OMP_THREAD_LIMIT'])"
    assert run(code, OMP_THREAD_LIMIT="3").strip() == "3"


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_records_come_back_from_processes(method: str) -> None:
    code = """
import multiprocessing, sys, vanthu
if __name__ == "__main__":
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        records = pool.map(vanthu.read, sys.argv[2:])
    print([record.source.path for record in records])
"""
    paths = [str(FIXTURES / "pdf" / name) for name in ("01.pdf", "02.pdf")]
    assert run(code, method, *paths).strip() == "['01.pdf', '02.pdf']"
