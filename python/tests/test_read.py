"""Reading: what may be given, and what comes out."""

from __future__ import annotations

import copy
import io
import json
import pickle
from pathlib import Path

import pytest

import vanthu
from conftest import FIXTURES, LETTER

SCAN = FIXTURES / "scans" / "10.png"


def test_records_are_those_of_the_program_byte_for_byte(
    records: list[vanthu.Record], ingested: Path
) -> None:
    lines = (ingested / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert [record.to_json() for record in records] == lines


def test_a_scan_gives_the_same_record_as_path_bytes_file_and_buffer(pipeline: vanthu.Pipeline) -> None:
    record = pipeline.read(SCAN)
    assert record.document.pages[0].origin == "ocr" and record.engine.ocr
    assert len(record.directive.tasks) > 3
    data = SCAN.read_bytes()
    with SCAN.open("rb") as file:
        assert pipeline.read(file) == record
    assert pipeline.read(str(SCAN)) == record
    assert pipeline.read(bytearray(data), name="10.png") == record
    assert pipeline.read(memoryview(data), name="10.png") == record
    without_name = pipeline.read(io.BytesIO(data))
    assert without_name.source.path == "" and without_name.document == record.document


class Drip(io.RawIOBase):
    """A file that gives no more than a few bytes at a time."""

    def __init__(self, data: bytes) -> None:
        self._rest = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._rest.read(min(size, 100) if size >= 0 else 100)


def test_a_file_that_gives_little_at_a_time_is_read_to_its_end(pipeline: vanthu.Pipeline) -> None:
    text = ("SỞ THỬ NGHIỆM\n" + "Giao phòng Kho kiểm kê trước ngày 30/6/2026.\n" * 20).encode()
    assert pipeline.read(Drip(text)).document.text == pipeline.read(text).document.text  # type: ignore[arg-type]


def test_attributes_say_what_the_json_says(records: list[vanthu.Record]) -> None:
    for record in records:
        data = json.loads(record.to_json())
        assert record.to_dict() == data
        document, directive = record.document, record.directive
        assert document.text == data["document"]["text"]
        for page, expected_page in zip(document.pages, data["document"]["pages"], strict=True):
            assert page.number == expected_page["number"] and page.width == expected_page["width"]
            for block, expected_block in zip(page.blocks, expected_page["blocks"], strict=True):
                assert block.kind == expected_block["kind"]
                for line, expected_line in zip(block.lines, expected_block["lines"], strict=True):
                    assert [word.confidence for word in line.words] == [
                        word["confidence"] for word in expected_line["words"]
                    ]
                    for word in line.words:
                        assert document.text[word.span.start : word.span.end] == word.text
        for task, expected_task in zip(directive.tasks, data["directive"]["tasks"], strict=True):
            assert task.to_dict() == expected_task
            assert task.id == expected_task["id"] and task.evidence.rule == expected_task["rule"]
            assert [unit.role for unit in task.units] == [unit["role"] for unit in expected_task["units"]]
            assert task.evidence.confidence == expected_task["confidence"]
        metadata = directive.metadata
        assert metadata.symbol == data["directive"]["metadata"]["symbol"]
        assert set(metadata.evidence) == set(data["directive"]["metadata"]["evidence"])


def test_records_go_through_json_pickle_and_copy_unchanged(records: list[vanthu.Record]) -> None:
    for record in records[:4]:
        assert vanthu.Record.from_json(record.to_json()) == record
        assert pickle.loads(pickle.dumps(record)) == record
        assert copy.deepcopy(record) == record
    assert records[0] != records[1]


def test_attributes_cannot_be_set(records: list[vanthu.Record]) -> None:
    with pytest.raises(AttributeError):
        records[0].source.path = "other"  # type: ignore[misc]


def test_a_name_tells_the_claimed_format_and_becomes_the_path(pipeline: vanthu.Pipeline) -> None:
    assert pipeline.read(LETTER.encode(), name="in/letter.txt").source.path == "in/letter.txt"
    with pytest.raises(vanthu.UnsupportedError):
        pipeline.read(LETTER.encode(), name="letter.pdf")


def test_options_are_obeyed(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("Mường Rưng\n", encoding="utf-8")
    own = vanthu.Pipeline(vanthu.Options(lexicon=words, threads=1))
    assert own.restore("xa Muong Rung").text == "xã Mường Rưng"
    assert own.versions != vanthu.Pipeline(vanthu.Options(threads=1)).versions
    left = vanthu.Pipeline(vanthu.Options(keep_reading=True))
    assert left.restore("uy ban").text == "uy ban"
    assert left.read(b"uy ban nhan dan", name="a.txt").engine.restorer_model == "none"
    with pytest.raises(vanthu.TooLargeError):
        vanthu.Pipeline(vanthu.Options(max_pages=1)).read(FIXTURES / "pdf" / "01.pdf")
    again = pickle.loads(pickle.dumps(own))
    assert again.options == own.options


def test_text_is_repaired_parsed_and_converted() -> None:
    restored = vanthu.restore("uy ban nhan dan tinh\ngiu nguyen dong")
    assert restored.text.splitlines()[0] == "ủy ban nhân dân tỉnh" == str(restored).splitlines()[0]
    for change in restored.changes:
        assert restored.text[change.span.start : change.span.end] == change.text
    task = vanthu.parse(LETTER).tasks[0]
    assert task.units[0].name == "Phòng Tổ chức" and task.deadlines[0].date == "2026-06-30"
    assert vanthu.parse("Giao So Tai chinh bao cao truoc ngay 30/6/2026.", restore=True).tasks
    converted = vanthu.convert("Céng hoµ x· héi chñ nghÜa ViÖt Nam")
    assert converted.text == "Cộng hoà xã hội chủ nghĩa Việt Nam"
    assert converted.found[0][0] == "TCVN3" and str(converted) == converted.text
    assert vanthu.convert("đã là Unicode").found == []


def test_pages_read_apart_make_the_same_record(pipeline: vanthu.Pipeline) -> None:
    for path in [FIXTURES / "pdf" / "09.pdf", FIXTURES / "pdf" / "03.pdf", FIXTURES / "scans" / "02.tiff"]:
        count = pipeline.page_count(path)
        assert count is not None and count > 1
        parts = [pipeline.read_pages(path, i, i + 1) for i in reversed(range(count))]
        assert pipeline.join(parts, name=path.name).to_json() == pipeline.read(path).to_json()
        with pytest.raises(vanthu.DamagedError):
            pipeline.join(parts[:-1], name=path.name)
    assert pipeline.page_count(b"text", name="a.txt") is None
    with pytest.raises(vanthu.EmptyError):
        pipeline.join([], name="a.pdf")
