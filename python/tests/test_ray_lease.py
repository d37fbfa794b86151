"""One run at a time in an output folder."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pyarrow.fs
import pytest

import vanthu.ray
from conftest import LETTER
from vanthu.ray import lease, sink
from vanthu.ray.lease import Lease, OutputInUseError, hold
from vanthu.ray.work import Block, Done, Failure, Listed, Outcome

HERE = pyarrow.fs.LocalFileSystem()


def locks(out: Path) -> list[Path]:
    return sorted(out.glob("run-*.lock"))


def test_a_second_run_is_refused_and_told_who_holds_the_output(tmp_path: Path) -> None:
    out = str(tmp_path)
    with hold(HERE, out):
        with pytest.raises(OutputInUseError, match=rf"process {os.getpid()} on .*; wait until .*another output; .*free 1[12]\d s"):
            with hold(HERE, out):
                pass
        with pytest.raises(ValueError, match="is held by another run"):
            vanthu.ray.ingest([tmp_path / "a.txt"], out)
        assert len(locks(tmp_path)) == 1
    assert not locks(tmp_path)
    with hold(HERE, out):
        pass


def test_a_run_that_was_killed_blocks_nobody(tmp_path: Path) -> None:
    """Its process is gone, which this machine knows at once."""
    code = """
import os, signal, sys
from pyarrow.fs import LocalFileSystem
from vanthu.ray.lease import Lease
Lease(LocalFileSystem(), sys.argv[1]).take()
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)])
    [left] = locks(tmp_path)
    assert json.loads(left.read_text())["holds"]
    with hold(HERE, str(tmp_path)):
        assert left not in locks(tmp_path) and len(locks(tmp_path)) == 1


def test_a_run_of_another_machine_blocks_until_its_lease_expires(tmp_path: Path) -> None:
    elsewhere = dataclasses.replace(lease._Holder.here(), host="node-7", machine="another", process=1, holds=True)
    left = tmp_path / "run-0.lock"
    left.write_text(json.dumps(dataclasses.asdict(elsewhere)))
    with pytest.raises(OutputInUseError, match="process 1 on node-7"), hold(HERE, str(tmp_path)):
        pass
    os.utime(left, times=(time.time() - lease.EXPIRES - 5,) * 2)
    with hold(HERE, str(tmp_path)):
        assert not left.exists()


def test_a_lease_that_nobody_can_read_expires_too(tmp_path: Path) -> None:
    left = tmp_path / "run-0.lock"
    left.write_bytes(b"{")
    with pytest.raises(OutputInUseError, match="does not say which"), hold(HERE, str(tmp_path)):
        pass
    os.utime(left, times=(time.time() - lease.EXPIRES - 5,) * 2)
    with hold(HERE, str(tmp_path)):
        pass


def test_of_runs_that_begin_at_once_at_most_one_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vanthu.ray.lease.random.uniform", lambda least, most: least / 10)
    inside, most, took, refused = 0, 0, 0, 0
    counting, begin = threading.Lock(), threading.Barrier(6)

    def run() -> None:
        nonlocal inside, most, took, refused
        begin.wait()
        for _ in range(10):
            try:
                with hold(HERE, str(tmp_path)):
                    with counting:
                        inside += 1
                        took, most = took + 1, max(most, inside)
                    time.sleep(0.002)
                    with counting:
                        inside -= 1
            except OutputInUseError:
                with counting:
                    refused += 1

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1 and took > 0 and refused > 0 and took + refused == 60
    assert not locks(tmp_path)


def test_a_lease_is_renewed_while_its_run_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEWED", 0.05)
    with hold(HERE, str(tmp_path)):
        [own] = locks(tmp_path)
        before = own.stat().st_mtime_ns
        end = time.monotonic() + 10
        while own.stat().st_mtime_ns == before and time.monotonic() < end:
            time.sleep(0.02)
        assert own.stat().st_mtime_ns > before
    time.sleep(0.2)
    assert not locks(tmp_path)


def test_who_lost_its_lease_adds_nothing_any_more(tmp_path: Path) -> None:
    """A run that stood still for minutes was taken for dead: another one removed its parts without a row in the ledger."""
    held = Lease(HERE, str(tmp_path))
    held.take()
    listed = Listed(0, "/in", "/in/a.txt", "a.txt", "a.txt.json", 3, "1")
    done = Done([Outcome(listed, "0", 1, failure=Failure("damaged", "it is", "scan it"))], {}, "node", 1, 0.0, 0.0)
    parts = sink.Parts(HERE, str(tmp_path), "0001-0", pickle.loads(pickle.dumps(held)), 1)
    parts.write([Block.of([done])], SimpleNamespace(task_idx=0))  # type: ignore[arg-type]
    assert [part.name for part in (tmp_path / "ledger").iterdir()] == ["0001-0-000000.parquet"]
    locks(tmp_path)[0].unlink()
    with pytest.raises(OutputInUseError, match="another run has taken"):
        parts.write([Block.of([done])], SimpleNamespace(task_idx=1))  # type: ignore[arg-type]
    assert len(list((tmp_path / "ledger").iterdir())) == 1
    held.end()


def test_the_command_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LETTER, encoding="utf-8")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "vanthu.ray", "ingest", str(tmp_path / "a.txt"), "--out", str(out)]
    with hold(HERE, str(out)):
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"error: {out} is held by another run (process {os.getpid()}")
