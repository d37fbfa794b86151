"""Nodes that die, that have other models, whose disk is full."""

from __future__ import annotations

import dataclasses
import shutil
import threading
import time
from pathlib import Path

import pyarrow.fs
import pytest

import vanthu
import vanthu.ray
from cluster import SMALL, FullDisk, assert_same_as_one_machine, cluster, table


def test_a_node_killed_in_the_middle_costs_nothing(inputs: Path, one_machine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with cluster() as nodes:
        killed = threading.Event()

        def kill() -> None:
            while not list((out / "ledger").glob("*.parquet")):
                time.sleep(0.05)
            nodes.remove_node(next(iter(nodes.worker_nodes)), allow_graceful=False)
            killed.set()

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        vanthu.ray.ingest([inputs], out, settings=SMALL)
        assert killed.is_set()
        assert_same_as_one_machine(out, one_machine)
        rows = table(out, "ledger")["name"].to_pylist()
        assert len(rows) == len(set(rows)) == 53


def test_a_node_with_other_models_is_not_used(inputs: Path, one_machine: Path, tmp_path: Path) -> None:
    models, out = tmp_path / "models", tmp_path / "out"
    models.mkdir()
    found = sorted((Path(vanthu.__file__).parent / "tessdata").glob("*.traineddata"))
    for file in found:
        shutil.copy(file, models)
    # The same name, other bytes: a model of another day.
    with (models / found[0].name).open("ab") as model:
        model.write(b"\0")
    with cluster({"env_vars": {"TESSDATA_PREFIX": str(models)}}):
        report = vanthu.ray.ingest([inputs], out, settings=SMALL)
        assert len(report.refused) == 1 and "language data" in report.refused[0].why
        assert report.refused[0].node not in table(out, "timeline")["node"].to_pylist()
        assert_same_as_one_machine(out, one_machine)


@pytest.mark.parametrize("parted", [False, True])
def test_a_full_disk_on_one_node_costs_nothing(
    inputs: Path, one_machine: Path, tmp_path: Path, parted: bool
) -> None:
    """Readers once wrote the stretches of long documents, each on its own node: where that was full, the document was a dead
    letter."""
    refusals, out = tmp_path / "refusals", tmp_path / "out"
    refusals.mkdir()
    settings = dataclasses.replace(SMALL, stretch=1, long_bytes=1) if parted else SMALL
    with cluster() as nodes:
        full = next(iter(nodes.worker_nodes)).node_id
        disk = pyarrow.fs.PyFileSystem(FullDisk(full, str(refusals)))
        vanthu.ray.ingest([str(inputs)], str(out), settings=settings, filesystem=disk)
        refused = [path.read_text() for path in refusals.iterdir()]
        assert any(".pages" in path for path in refused) == parted and refused
        assert full in table(out, "timeline")["node"].to_pylist()
        assert_same_as_one_machine(out, one_machine)
