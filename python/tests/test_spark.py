"""The example for Spark, on this machine's Java."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

import vanthu
from conftest import FIXTURES

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "spark.py"


@pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java")
def test_spark_makes_the_same_records(pipeline: vanthu.Pipeline, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for path in sorted((FIXTURES / "pdf").glob("0*.pdf")):
        shutil.copy(path, folder)
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7 cut")
    environment = {
        **os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(tmp_path),
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.ui.enabled=false pyspark-shell",
    }
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), str(folder), str(out)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600,
    )
    assert done.returncode == 0, done.stderr
    rows = {Path(row["path"]).name: row for row in pyarrow.parquet.read_table(out).to_pylist()}
    assert rows.pop("cut.pdf")["code"] == "damaged"
    assert len(rows) == 9
    for name, row in rows.items():
        assert row["record"] == pipeline.read(folder / name).to_json() and row["code"] is None
