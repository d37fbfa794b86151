"""Reads files with Spark: ``spark-submit spark.py INPUT OUT``.

INPUT is a folder or an address that Spark reads, OUT gets Parquet: a row a file, with its record as JSON, or the cause why
there is none. Models are loaded once a Python worker; a file that crashes its reader costs its own row alone.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator

import pandas
from pyspark.sql import SparkSession

from vanthu import Guarded, Options, VanthuError

SCHEMA = "path string, sha256 string, pages int, record string, code string, message string"


_readers: list[Guarded] = []


def reader() -> Guarded:
    """The reader of this Python worker."""
    if not _readers:
        _readers.append(Guarded(Options(threads=1)))
    return _readers[0]


def read(frames: Iterable[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
    """Rows of Spark's ``binaryFile`` into rows of :data:`SCHEMA`."""
    for frame in frames:
        rows = []
        for path, content in zip(frame["path"], frame["content"]):
            row = {"path": path, "sha256": hashlib.sha256(content).hexdigest()}
            try:
                record = reader().read(bytes(content), name=path.rpartition("/")[2])
                row |= {"pages": record.source.pages, "record": record.to_json()}
            except VanthuError as error:
                row |= {"code": error.code, "message": error.message}
            rows.append(row)
        yield pandas.DataFrame(rows, columns=["path", "sha256", "pages", "record", "code", "message"], dtype=object)


def main(source: str, out: str) -> None:
    """Reads what lies below ``source`` and writes ``out``."""
    spark = SparkSession.builder.appName("vanthu").getOrCreate()
    # Small partitions, so that documents of many pages do not leave the other workers idle.
    spark.conf.set("spark.sql.files.maxPartitionBytes", str(4 << 20))
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "16")
    files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(source)
    files.select("path", "content").mapInPandas(read, SCHEMA).write.mode("overwrite").parquet(out)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
