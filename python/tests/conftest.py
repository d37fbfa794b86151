"""What the tests share: documents of the repository, read once."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import vanthu

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"

LETTER = """UBND TỈNH LÂM HẢI
SỞ NỘI VỤ
Số: 12/SNV-TCHC

Kính gửi: Ủy ban nhân dân các huyện

Giao Phòng Tổ chức chủ trì, phối hợp với Văn phòng rà soát hồ sơ, báo cáo trước ngày 30/6/2026.
"""


@pytest.fixture(scope="session")
def pipeline() -> vanthu.Pipeline:
    return vanthu.Pipeline()


@pytest.fixture(scope="session")
def records(pipeline: vanthu.Pipeline) -> list[vanthu.Record]:
    """Those of the typeset documents, in the order of their names."""
    return [pipeline.read(path) for path in sorted((FIXTURES / "pdf").glob("*.pdf"))]


@pytest.fixture(scope="session")
def program() -> str:
    """The program of the same build."""
    found = os.environ.get("VANTHU")
    if found is None:
        pytest.skip("VANTHU does not tell where the program is; make python does")
    return found


@pytest.fixture(scope="session")
def ingested(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the program over the typeset documents."""
    out = tmp_path_factory.mktemp("ingested")
    command = [program, "ingest", str(FIXTURES / "pdf"), "--out", str(out), "--quiet", "--format", "parquet"]
    subprocess.run(command, check=True)
    return out


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of all sorts, a copy, and inputs that must fail."""
    folder = tmp_path_factory.mktemp("inputs")
    shutil.copytree(FIXTURES / "pdf", folder / "pdf")
    shutil.copytree(FIXTURES / "text", folder / "text")
    shutil.copy(FIXTURES / "scans" / "10.png", folder)
    shutil.copy(FIXTURES / "pdf" / "01.pdf", folder / "copy.pdf")
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7 cut")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "notes.xls").write_bytes(b"x")
    return folder


@pytest.fixture(scope="session")
def one_machine(program: str, inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the program makes of the same inputs."""
    out = tmp_path_factory.mktemp("one-machine")
    done = subprocess.run([program, "ingest", str(inputs), "--out", str(out), "--quiet", "--format", "parquet"])
    assert done.returncode == 2
    return out
