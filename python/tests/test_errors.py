"""What goes wrong, by cause."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import pytest

import vanthu
from vanthu import errors
from vanthu._vanthu import CAUSES


def test_every_cause_has_a_class_of_its_own() -> None:
    assert sorted(errors._CLASSES) == sorted(CAUSES)
    for code in CAUSES:
        error = errors.of_cause(code, "what", "remedy", "a.pdf")
        assert type(error) is not vanthu.VanthuError and isinstance(error, vanthu.VanthuError)
        assert error.code == code and str(error) == f"a.pdf: {code}: what; remedy"
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error) and str(again) == str(error)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"", "a.pdf", vanthu.EmptyError),
        (b"%PDF-1.7 cut", "a.pdf", vanthu.DamagedError),
        (b"\x00\x01\x02\x03" * 64, "a.bin", vanthu.UnsupportedError),
        (b"  \n \n", "a.txt", vanthu.NoTextError),
    ],
)
def test_bad_bytes_are_named_by_cause(data: bytes, name: str, kind: type[vanthu.VanthuError]) -> None:
    with pytest.raises(kind) as raised:
        vanthu.read(data, name=name)
    assert raised.value.path == name and raised.value.message and raised.value.remedy


def test_a_missing_file_is_an_os_error_too(tmp_path: Path) -> None:
    with pytest.raises(OSError) as raised:
        vanthu.read(tmp_path / "missing.pdf")
    assert isinstance(raised.value, vanthu.SystemRefusedError) and raised.value.code == "io"
    assert str(raised.value).startswith("missing.pdf: io: cannot be read")


@pytest.mark.parametrize("wrong", [None, 3, 1.5, ["a.pdf"], object()])
def test_objects_of_a_wrong_type_are_type_errors(wrong: object) -> None:
    with pytest.raises(TypeError, match="path, bytes or a file"):
        vanthu.read(wrong)  # type: ignore[arg-type]


def test_wrong_types_elsewhere_are_type_errors_too() -> None:
    with pytest.raises(TypeError, match="binary mode"):
        vanthu.read(io.StringIO("text"))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        vanthu.restore(b"bytes")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="str or bytes"):
        vanthu.convert(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="vanthu.Options"):
        vanthu.Pipeline({"threads": 1})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="records as vanthu.read makes them, not str"):
        vanthu.records_to_arrow(["{}"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="TCVN3"):
        vanthu.convert(b"x", encoding="EBCDIC")
    with pytest.raises(ValueError, match="threshold"):
        vanthu.Pipeline(vanthu.Options(threshold=2))


def test_what_a_file_object_raises_comes_through() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise ConnectionError("the share is gone")

    with pytest.raises(ConnectionError, match="the share is gone"):
        vanthu.read(Broken())  # type: ignore[arg-type]


def test_json_that_is_no_record_is_refused() -> None:
    with pytest.raises(vanthu.DamagedError):
        vanthu.Record.from_json("{}")
    record = vanthu.read("Điều 1. Giao Sở Y tế báo cáo.".encode(), name="a.txt")
    with pytest.raises(vanthu.UnsupportedError, match="vanthu.record/2"):
        vanthu.Record.from_json(record.to_json().replace("vanthu.record/1", "vanthu.record/2"))


def test_a_component_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(vanthu.MissingComponentError):
        vanthu.Pipeline(vanthu.Options(model=tmp_path / "none.lm"))
