"""Many machines: three node processes of Ray on this one."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfWriter
from ray.cluster_utils import Cluster

import vanthu
import vanthu.ray
from cluster import SMALL, assert_same_as_one_machine, cluster, lines, table
from conftest import FIXTURES, LETTER


@pytest.fixture(scope="module")
def nodes() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


def test_results_are_those_of_one_machine_byte_for_byte(
    nodes: Cluster, inputs: Path, one_machine: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report = vanthu.ray.ingest([inputs], out, settings=SMALL)
    assert_same_as_one_machine(out, one_machine)
    assert (report.documents, report.failed, report.skipped, report.unchanged) == (50, 2, 1, 0)
    failed = {row["name"]: row for row in table(out, "failed").to_pylist()}
    assert {name: row["code"] for name, row in failed.items()} == {"cut.pdf": "damaged", "empty.txt": "empty"}
    assert all(row["message"] and row["remedy"] for row in failed.values())
    assert len(set(table(out, "timeline")["node"].to_pylist())) == 3
    assert not (out / "work").exists()


def test_long_documents_are_shared_and_give_the_same_records(
    nodes: Cluster, inputs: Path, one_machine: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    settings = vanthu.ray.Settings(**{**vars(SMALL), "stretch": 1, "long_bytes": 1})
    vanthu.ray.ingest([inputs], out, settings=settings)
    assert_same_as_one_machine(out, one_machine)


def test_one_long_document_among_short_ones_keeps_all_nodes_busy(
    nodes: Cluster, pipeline: vanthu.Pipeline, tmp_path: Path
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "short.txt").write_text(LETTER, encoding="utf-8")
    writer = PdfWriter()
    for _ in range(60):
        writer.append(FIXTURES / "pdf" / "01.pdf")
    writer.write(folder / "long.pdf")
    settings = vanthu.ray.Settings(stretch=5, long_bytes=1000)
    report = vanthu.ray.ingest([folder], out, settings=settings)
    assert report.documents == 2 and report.pages == 121
    assert lines(out) == sorted(pipeline.read(path).to_json() for path in folder.iterdir())
    spans = [row for row in table(out, "timeline").to_pylist() if row["pages"] == 5]
    assert len(spans) == 24 and len({row["node"] for row in spans}) == 3


def test_the_example_of_the_package_holds(
    nodes: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scans").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "scans" / name).write_text(LETTER, encoding="utf-8")
    done = doctest.testmod(vanthu.ray)
    assert done.attempted == 5 and done.failed == 0


def test_output_of_other_options_is_refused(nodes: Cluster, tmp_path: Path) -> None:
    file, out = tmp_path / "a.txt", tmp_path / "out"
    file.write_text(LETTER, encoding="utf-8")
    vanthu.ray.ingest([file], out, settings=SMALL)
    with pytest.raises(ValueError, match="other options"):
        vanthu.ray.ingest([file], out, settings=SMALL, options=vanthu.Options(threshold=0.9))


def test_what_cannot_be_listed_or_read_is_told_and_the_rest_goes_on(nodes: Cluster, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text(LETTER, encoding="utf-8")
    (folder / "gone.txt").symlink_to("nowhere")
    (folder / "loop").symlink_to(folder)
    report = vanthu.ray.ingest([folder, tmp_path / "missing.pdf"], out, settings=SMALL)
    assert (report.documents, report.failed, report.skipped) == (1, 2, 1)
    rows = {row["name"]: row for row in table(out, "ledger").to_pylist()}
    assert rows["gone.txt"]["code"] == rows["missing.pdf"]["code"] == "io"
    assert rows["loop"]["message"] == "a link to a folder, not followed"


def test_paths_of_a_wrong_type_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="a list of paths"):
        vanthu.ray.ingest("folder", tmp_path)
    with pytest.raises(TypeError, match=r"paths\[1\].*int"):
        vanthu.ray.ingest(["a", 3], tmp_path)  # type: ignore[list-item]
    with pytest.raises(TypeError, match="Options"):
        vanthu.ray.ingest([], tmp_path, options={})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="workers"):
        vanthu.ray.Settings(workers=0)
