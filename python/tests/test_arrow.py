"""Tables through the Arrow C data interface."""

from __future__ import annotations

import datetime
import gc
import resource
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import vanthu

TABLES = ["documents", "tasks", "targets", "references"]


def test_tables_are_those_of_the_parquet_files(records: list[vanthu.Record], ingested: Path) -> None:
    tables = vanthu.records_to_arrow(records)
    for name in TABLES:
        table = pyarrow.table(getattr(tables, name))
        table.validate(full=True)
        written = pyarrow.parquet.read_table(ingested / f"{name}.parquet")
        assert table.schema.equals(written.schema), f"{table.schema}\n{written.schema}"
        assert table.equals(written), name
        assert getattr(tables, name).column_names == table.column_names
        assert len(getattr(tables, name)) == getattr(tables, name).num_rows == written.num_rows > 0


def test_pandas_polars_and_duckdb_take_them(records: list[vanthu.Record]) -> None:
    tables = vanthu.records_to_arrow(records)
    expected = sum(len(record.directive.tasks) for record in records)
    frame = pandas.DataFrame.from_arrow(tables.tasks)
    assert len(frame) == expected and frame["text"].str.len().min() > 0
    lazy = polars.DataFrame(tables.tasks)
    assert lazy.height == expected and lazy.schema["due"] == polars.Date
    tasks = tables.tasks  # noqa: F841 (DuckDB finds it by its name)
    documents = tables.documents  # noqa: F841
    found = duckdb.sql("select count(*), min(due) from tasks join documents using (record)")
    assert found is not None
    rows = found.fetchall()
    assert rows[0][0] == expected and isinstance(rows[0][1], datetime.date)


def test_a_table_can_be_taken_any_number_of_times_and_outlives_its_records() -> None:
    def some() -> Iterator[vanthu.Record]:
        for n in range(3):
            yield vanthu.read(f"Điều 1. Giao Sở Y tế báo cáo lần {n} trước ngày 30/6/2026.".encode(), name="a.txt")

    table = vanthu.records_to_arrow(some()).tasks
    gc.collect()
    first, second = pyarrow.table(table), pyarrow.table(table)
    del table
    gc.collect()
    assert first.equals(second)
    assert first.column("record").to_pylist() == ["a.txt.json", "a.txt~2.json", "a.txt~3.json"]


def buffers(table: pyarrow.Table) -> list[tuple[int, int]]:
    """Where the data of a table lie, and how much there is of each."""
    found = [buffer for column in table.columns for chunk in column.chunks for buffer in chunk.buffers()]
    return [(buffer.address, buffer.size) for buffer in found if buffer is not None and buffer.size]


def test_nothing_is_copied_on_the_way(records: list[vanthu.Record]) -> None:
    """All that take a table in at one time have the same memory, and none of it is theirs."""
    tables = vanthu.records_to_arrow(records)
    before = pyarrow.total_allocated_bytes()
    # Both are held, so that a copy cannot lie where another one was.
    first = [pyarrow.table(getattr(tables, name)) for name in TABLES]
    second = [pyarrow.table(getattr(tables, name)) for name in TABLES]
    assert [buffers(table) for table in first] == [buffers(table) for table in second]
    assert sum(size for table in first for _, size in buffers(table)) > 20_000
    assert pyarrow.total_allocated_bytes() == before
    # Numbers go on into Polars and NumPy as they are.
    [position] = first[1].column("position").chunks
    theirs = polars.DataFrame(tables.tasks)["position"].to_numpy(allow_copy=False)
    for taken in (theirs, position.to_numpy()):
        assert taken.__array_interface__["data"][0] == position.buffers()[1].address
    # What this would see of a copy.
    to = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(to, first[1].schema) as stream:
        stream.write_table(first[1])
    copy = pyarrow.ipc.open_stream(to.getvalue()).read_all()
    assert copy.equals(first[1]) and not {at for at, _ in buffers(copy)} & {at for at, _ in buffers(first[1])}
    assert pyarrow.total_allocated_bytes() > before


def test_keys_may_be_given(records: list[vanthu.Record]) -> None:
    tables = vanthu.records_to_arrow(records[:2], names=["x", "y"])
    assert pyarrow.table(tables.documents).column("record").to_pylist() == ["x", "y"]
    with pytest.raises(ValueError, match="fewer names"):
        vanthu.records_to_arrow(records[:2], names=["x"])
    with pytest.raises(ValueError, match="more names"):
        vanthu.records_to_arrow(records[:1], names=["x", "y"])


def test_no_records_give_empty_tables_with_their_columns() -> None:
    tables = vanthu.records_to_arrow([])
    for name in TABLES:
        table = pyarrow.table(getattr(tables, name))
        assert table.num_rows == 0 and "record" in table.column_names


def test_capsules_leak_nothing_whether_they_are_taken_or_not(records: list[vanthu.Record]) -> None:
    def round_trip() -> None:
        tables = vanthu.records_to_arrow(records)
        tables.tasks.__arrow_c_stream__()
        tables.tasks.__arrow_c_schema__()
        pyarrow.table(tables.documents)

    for _ in range(50):
        round_trip()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(400):
        round_trip()
    # What 400 rounds of all tables hold is some 100 MB.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024
