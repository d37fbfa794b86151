"""What a run makes of what earlier runs made."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.fs
import pyarrow.parquet
import pytest
from ray.cluster_utils import Cluster

import vanthu
import vanthu.ray
from cluster import SMALL, cluster, lines, table
from conftest import FIXTURES, LETTER
from vanthu.ray import dead_letters, earlier, ledger
from vanthu.ray.work import Failure, Listed, Outcome


@pytest.fixture(scope="module")
def nodes() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


def test_a_run_goes_on_where_another_ended(nodes: Cluster, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for n in range(6):
        (folder / f"{n}.txt").write_text(f"{LETTER}\nLần {n}.", encoding="utf-8")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 cut")
    assert vanthu.ray.ingest([folder], out, settings=SMALL).documents == 6
    first = lines(out)
    # Nothing is read again, touched or not; what is new is.
    (folder / "0.txt").touch()
    (folder / "new.txt").write_text(f"{LETTER}\nMới.", encoding="utf-8")
    again = vanthu.ray.ingest([folder], out, settings=SMALL)
    assert (again.documents, again.failed, again.unchanged) == (1, 0, 7)
    assert len(lines(out)) == 7 and set(first) < set(lines(out))
    # A part without its rows in the ledger is what a run left that was stopped.
    last = max((out / "ledger").iterdir())
    last.unlink()
    (out / "records" / "9999-0-000000.jsonl").write_text("half a re")
    third = vanthu.ray.ingest([folder], out, settings=SMALL)
    assert third.documents + third.unchanged == 8 and len(lines(out)) == 7
    retried = vanthu.ray.ingest([folder], out, settings=vanthu.ray.Settings(retry_failed=True))
    assert (retried.failed, retried.unchanged, retried.dead_letters) == (1, 7, 1)
    assert (again.dead_letters, third.dead_letters) == (1, 1)


def test_files_of_one_name_in_different_folders_are_different_inputs(nodes: Cluster, tmp_path: Path) -> None:
    """Resume once went by the name inside of the folder: the second office's letter was taken for that of the first."""
    out = tmp_path / "out"
    for number, office in enumerate(("health", "finance")):
        (tmp_path / office).mkdir()
        (tmp_path / office / "1.txt").write_text(f"{LETTER}\nLần {number}.", encoding="utf-8")
        # One content under one name in both.
        (tmp_path / office / "2.txt").write_text(LETTER, encoding="utf-8")
        report = vanthu.ray.ingest([tmp_path / office], out, settings=SMALL)
        assert (report.documents, report.unchanged) == (2, 0)
    assert len(lines(out)) == 4
    rows = {row["path"]: row for row in table(out, "ledger").to_pylist()}
    keys = {str(Path(path).relative_to(tmp_path)): row["record"] for path, row in rows.items()}
    assert keys == {
        "health/1.txt": "1.txt.json",
        "health/2.txt": "2.txt.json",
        "finance/1.txt": "1.txt~2.json",
        "finance/2.txt": "2.txt~2.json",
    }
    assert sorted(table(out, "documents")["record"].to_pylist()) == sorted(keys.values())
    again = vanthu.ray.ingest([tmp_path / "health", tmp_path / "finance"], out, settings=SMALL)
    assert (again.documents, again.unchanged) == (0, 4)


def test_a_file_that_was_moved_gets_its_record_without_being_read(
    nodes: Cluster, pipeline: vanthu.Pipeline, tmp_path: Path
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("01.pdf", "02.pdf"):
        shutil.copy(FIXTURES / "pdf" / name, folder)
    (folder / "a.txt").write_text(LETTER, encoding="utf-8")
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7 cut")
    vanthu.ray.ingest([folder], out, settings=SMALL)
    for part in (out / "records").iterdir():
        # Who reads a record again would not put this there.
        marked = part.read_text("utf-8").replace('"restorer_model":"', '"restorer_model":"marked ')
        part.write_text(marked, encoding="utf-8")
    before = lines(out)
    (folder / "2026").mkdir()
    for path in [path for path in folder.iterdir() if path.is_file()]:
        path.rename(folder / "2026" / path.name)
    # What its extension claims has a part in the record: this one is read.
    shutil.copy(folder / "2026" / "a.txt", folder / "a.md")
    report = vanthu.ray.ingest([folder], out, settings=dataclasses.replace(SMALL, long_bytes=1, stretch=1))
    assert (report.documents, report.copied, report.failed, report.unchanged) == (4, 3, 1, 0)
    made = sorted(line for line in lines(out) if line not in before)
    expected = [pipeline.read(folder / "a.md").to_json()]
    for name in ("01.pdf", "02.pdf", "a.txt"):
        record = pipeline.read(folder / "2026" / name, name=f"2026/{name}").to_json()
        expected.append(record.replace('"restorer_model":"', '"restorer_model":"marked '))
    assert made == sorted(expected)
    assert "2026/01.pdf.json" in table(out, "tasks")["record"].to_pylist()
    attempts = {row["name"]: row["attempts"] for row in table(out, "ledger").to_pylist()}
    assert (attempts["2026/01.pdf"], attempts["01.pdf"], attempts["a.md"]) == (0, 1, 1)


def outcome(path: str, sha256: str, *, root: str = "/in", record: str = "", failed: str | None = None) -> Outcome:
    """What became of a file of ten bytes."""
    name = path.rpartition("/")[2]
    listed = Listed(0, root, path, name, record or f"{name}.json", 10, f"of {sha256}")
    return Outcome(listed, sha256, failure=None if failed is None else Failure(failed, "it failed", "mend it"))


def earlier_runs(out: Path, *runs: list[Outcome], retry_failed: bool = False) -> tuple[earlier.Known, earlier.Keys]:
    """What is known after runs with these outcomes."""
    for number, outcomes in enumerate(runs, 1):
        rows = [ledger.row(one) for one in outcomes]
        for folder, some in (("ledger", rows), ("failed", [row for row in rows if row["state"] == "failed"])):
            (out / folder).mkdir(exist_ok=True)
            if some:
                part = out / folder / f"{number:04}-0.parquet"
                pyarrow.parquet.write_table(pyarrow.Table.from_pylist(some, ledger.SCHEMA), part)
    return earlier.runs(pyarrow.fs.LocalFileSystem(), str(out), retry_failed)


def test_the_last_run_tells_what_a_file_holds(tmp_path: Path) -> None:
    """A file that was changed and changed back was once taken for unchanged, though its row told the change."""
    first, second = outcome("/in/a.pdf", "1"), outcome("/in/a.pdf", "2")
    known, _ = earlier_runs(tmp_path, [first], [second])
    assert not known.unchanged(first.listed) and not known.read(first.listed, "1")
    assert known.unchanged(second.listed) and known.read(second.listed, "2")
    # Its first record is still there.
    assert known.copy(first.listed, "1") == "0001-0"


def test_places_are_told_apart_by_their_stores(tmp_path: Path) -> None:
    here = outcome("/b/a.pdf", "1", root="/b")
    known, _ = earlier_runs(tmp_path, [outcome("b/a.pdf", "1", root="s3://b"), here])
    assert known.unchanged(here.listed)
    assert known.unchanged(outcome("b/a.pdf", "1", root="s3://b/").listed)
    assert not known.unchanged(outcome("b/a.pdf", "1", root="gs://b").listed)
    assert outcome("/b/a.pdf", "1", root="file:///b").listed.address == "/b/a.pdf"


def test_what_failed_is_tried_again_where_that_may_help(tmp_path: Path) -> None:
    damaged, away = outcome("/in/a.pdf", "1", failed="damaged"), outcome("/in/b.pdf", "2", failed="io")
    known, _ = earlier_runs(tmp_path, [damaged, away])
    assert known.unchanged(damaged.listed) and not known.unchanged(away.listed)
    assert known.copy(damaged.listed, "1") is None
    known, _ = earlier.runs(pyarrow.fs.LocalFileSystem(), str(tmp_path), True)
    assert not known.unchanged(damaged.listed)


def test_dead_letters_stand_until_they_are_mended(tmp_path: Path) -> None:
    """The exit code was once that of the last run alone: nothing new and nothing mended was 0."""
    folder, out, files = tmp_path / "in", tmp_path / "out", pyarrow.fs.LocalFileSystem()
    folder.mkdir()
    out.mkdir()
    for name in ("still.pdf", "again.pdf", "mended.pdf", "elsewhere.pdf"):
        (folder / name).touch()
    (folder / "closed").mkdir()

    def failed(name: str, code: str = "damaged") -> Outcome:
        return outcome(f"{folder}/{name}", "1", root=str(folder), failed=code)

    first = [failed(name) for name in ("still.pdf", "again.pdf", "mended.pdf", "elsewhere.pdf", "moved.pdf")]
    second = [failed("again.pdf"), outcome(f"{folder}/mended.pdf", "2", root=str(folder))]
    earlier_runs(out, [*first, failed("closed", "io")])
    dead = dead_letters.DeadLetters(files, str(out))
    earlier_runs(out, [], second)
    dead.see(f"{folder}/still.pdf")
    dead.see(f"{folder}/again.pdf")
    # One was not listed by this run and is there; one is gone; a folder can be listed now.
    assert dead.settle(None) == 3
    rows = table(out, "failed").to_pylist()
    assert sorted(Path(row["path"]).name for row in rows) == ["again.pdf", "elsewhere.pdf", "still.pdf"]
    assert dead_letters.DeadLetters(files, str(out)).settle(None) == 3
    (folder / "elsewhere.pdf").unlink()
    earlier_runs(out, [], [], [outcome(one.listed.path, "3", root=str(folder)) for one in (first[0], first[1])])
    assert dead_letters.DeadLetters(files, str(out)).settle(None) == 0
    assert not list((out / "failed").iterdir())
    assert dead_letters.DeadLetters(files, str(out)).settle(None) == 0


def test_inputs_keep_their_keys_and_others_get_further_ones(tmp_path: Path) -> None:
    _, keys = earlier_runs(tmp_path, [outcome("/x/a.pdf", "1"), outcome("/y/a.pdf", "2", record="a.pdf~2.json")])
    given = [keys.key(f"/{folder}/a.pdf", "a.pdf", True) for folder in "yzxw"]
    assert given == ["a.pdf~2.json", "a.pdf~3.json", "a.pdf.json", "a.pdf~4.json"]


def test_an_index_knows_what_it_holds_and_nothing_else() -> None:
    digests = bytearray()
    for number in range(1000):
        digests += earlier._digest(16, "name", str(number))
    # Zeros at the end count, too.
    digests += bytes(16) + b"\1" + bytes(15) + earlier._digest(16, "name", "7")
    index, last = earlier._Index.of(digests)
    for number in range(1000):
        place = index.find(earlier._digest(16, "name", str(number)))
        assert place is not None and last[place] == (number if number != 7 else 1002)
    assert all(index.find(earlier._digest(16, "name", str(number))) is None for number in range(1000, 3000))
    assert index.find(bytes(16)) is not None and index.find(b"\1" + bytes(15)) is not None
    assert index.find(b"\1\1" + bytes(14)) is None
    assert earlier._Index.of(b"")[0].find(bytes(16)) is None
