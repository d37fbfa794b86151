"""The command `vanthu ray`."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ray.cluster_utils import Cluster

from cluster import NODE, lines
from conftest import FIXTURES, LETTER


def vanthu(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command `vanthu` of the wheel."""
    command = [str(Path(sys.executable).with_name("vanthu")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(LETTER, encoding="utf-8")
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7 cut")
    return folder


@pytest.fixture
def nodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster of one node with a dashboard, which tells its metrics several times a second."""
    # Jobs take the Python that is first in the search path of the cluster.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("RAY_metrics_report_interval_ms", "200")
    head = {**NODE, "include_dashboard": True, "dashboard_port": 0, "dashboard_agent_listen_port": 0}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    try:
        yield cluster
    finally:
        cluster.shutdown()


def test_a_job_is_submitted_to_a_cluster_and_its_end_is_told(folder: Path, tmp_path: Path, nodes: Cluster) -> None:
    out = tmp_path / "out"
    address = f"http://{nodes.webui_url}"
    done = vanthu("ray", "submit", "--address", address, str(folder), "--out", str(out))
    assert done.returncode == 2, done.stdout + done.stderr
    assert "1 records of 1 pages, 1 failed" in done.stdout
    assert len(lines(out)) == 1
    again = vanthu("ray", "submit", "--address", address, str(folder), "--out", str(out))
    # What failed before has failed as long as nobody mends it.
    assert again.returncode == 2 and "2 unchanged" in again.stdout
    assert "1 inputs without a record stand in" in again.stdout
    (folder / "cut.pdf").write_bytes((FIXTURES / "pdf" / "01.pdf").read_bytes())
    mended = vanthu("ray", "submit", "--address", address, str(folder), "--out", str(out))
    assert mended.returncode == 0 and "1 records of 2 pages, 0 failed" in mended.stdout
    assert not list((out / "failed").iterdir())


def test_progress_stands_on_the_dashboard_while_a_job_runs(folder: Path, tmp_path: Path, nodes: Cluster) -> None:
    for number in range(4):
        scan = (FIXTURES / "scans" / "10.jpg").read_bytes()
        (folder / f"{number}.jpg").write_bytes(scan + bytes([number]))
    address = f"http://{nodes.webui_url}"
    assert nodes.head_node is not None
    node = f"http://{nodes.head_node.node_ip_address}:{nodes.head_node.metrics_export_port}"
    begun = vanthu("ray", "submit", "--no-wait", "--address", address, str(folder), "--out", str(tmp_path / "out"))
    assert begun.returncode == 0, begun.stderr
    job = begun.stdout.split()[0]
    steps, pages, failed = [], 0.0, 0.0
    for _ in range(600):
        told = got(f"{address}/api/jobs/{job}")
        if told.get("job_id"):
            # What the page of the job shows.
            for dataset in got(f"{address}/api/data/datasets/{told['job_id']}").get("datasets", []):
                reading = [o for o in dataset["operators"] if "Reader" in o["operator"]]
                steps += [(dataset["state"], o["progress"], o["total"]) for o in reading]
        metrics = text(f"{node}/metrics")
        pages = max(pages, metric(metrics, "ray_vanthu_pages"))
        failed = max(failed, metric(metrics, "ray_vanthu_failed"))
        if told.get("status") in ("SUCCEEDED", "FAILED", "STOPPED"):
            break
        time.sleep(0.2)
    state, progress, total = steps[-1]
    assert state == "FINISHED" and progress == total > 4, steps
    between = {progress for state, progress, _ in steps if state == "RUNNING"}
    assert any(0 < progress < total for progress in between), steps
    assert pages > 1 and failed == 1, (pages, failed)


def text(address: str) -> str:
    """What lies at an address; nothing where nothing answers yet."""
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=20) as answer:
        return str(answer.read().decode())
    return ""


def got(address: str) -> dict[str, Any]:
    """The same, as JSON."""
    found: dict[str, Any] = json.loads(text(address) or "{}")
    return found


def metric(metrics: str, name: str) -> float:
    """The sum of a metric over all that tell it."""
    values = re.findall(rf"^{name}(?:_total)?{{.*}} ([0-9.]+)$", metrics, re.MULTILINE)
    return sum(map(float, values))


def test_what_cannot_begin_is_one_line(folder: Path, tmp_path: Path) -> None:
    done = vanthu("ray", "submit", "--address", "http://127.0.0.1:9", str(folder), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: the cluster at http://127.0.0.1:9 does not take it")
    assert vanthu("ray", "ingest").returncode == 1
    for command in ("ingest", "submit"):
        none = vanthu("ray", command, str(folder), "--out", str(tmp_path / "out"), "--workers", "0")
        assert none.returncode == 1 and none.stderr == "error: workers: give a number above 0, not 0\n"
    refused = vanthu("ray", "ingest", str(folder), "--out", str(folder / "a.txt" / "out"))
    assert refused.returncode == 1 and refused.stderr.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in refused.stderr


def test_all_else_goes_to_the_program(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Path(sys.executable).parent
    monkeypatch.setenv("PATH", os.pathsep.join([str(own), str(Path(program).parent), "/usr/bin", "/bin"]))
    assert "ingest" in vanthu("--help").stdout
    monkeypatch.setenv("PATH", f"{own}{os.pathsep}/usr/bin")
    alone = vanthu("--help")
    assert alone.returncode == 3 and "not in the search path" in alone.stderr


def test_without_ray_all_but_ray_works(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ray.py").write_text("raise ImportError('no Ray here')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{Path(program).parent}")
    done = vanthu("ray", "ingest", "in", "--out", "out")
    assert done.returncode == 3
    assert "pip install 'vanthu[ray]'" in done.stderr and len(done.stderr.splitlines()) == 1
    assert "ingest" in vanthu("--help").stdout


def test_several_environments_do_not_start_each_other(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Path(sys.executable).with_name("vanthu")
    other = tmp_path / "vanthu"
    other.write_bytes(own.read_bytes())
    other.chmod(0o755)
    monkeypatch.setenv("PATH", f"{own.parent}{os.pathsep}{tmp_path}")
    alone = vanthu("--help")
    assert alone.returncode == 3 and len(alone.stderr.splitlines()) == 1
    # A script that starts another, as version managers have.
    other.write_text(f'#!/bin/sh\nexec "{own}" "$@"\n', encoding="utf-8")
    assert vanthu("--help").returncode == 3
    monkeypatch.setenv("PATH", os.pathsep.join([str(own.parent), str(tmp_path), str(Path(program).parent)]))
    assert "ingest" in vanthu("--help").stdout
