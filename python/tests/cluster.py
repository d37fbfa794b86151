"""A Ray cluster of three node processes on this machine, and what the tests ask of it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec
import pyarrow
import pyarrow.fs
import pyarrow.parquet
import ray
from ray.cluster_utils import Cluster

import vanthu.ray

MIB = 1 << 20
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
# Ray gives way to all else on a machine unless it is told not to.
os.environ["RAY_worker_niceness"] = "0"
NODE: dict[str, Any] = {"num_cpus": 1, "memory": 8192 * MIB, "object_store_memory": 100 * MIB}

SMALL = vanthu.ray.Settings(unit_files=3, part_bytes=1, memory=1024 << 20, join_memory=1024 << 20)
"""Small units and parts, so that a few documents make many."""


@contextmanager
def cluster(*further: dict[str, Any]) -> Iterator[Cluster]:
    """Three nodes with one processor each, and ``further`` ones."""
    nodes = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
    try:
        for more in [{}, {}, *further]:
            nodes.add_node(**{**NODE, **more})
        nodes.wait_for_nodes()
        ray.init(address=nodes.address, log_to_driver=False)
        yield nodes
    finally:
        ray.shutdown()
        nodes.shutdown()


def lines(out: Path) -> list[str]:
    """The records in an output folder, without their order."""
    found = [line for part in (out / "records").glob("*.jsonl") for line in part.read_text("utf-8").splitlines()]
    return sorted(found)


def table(out: Path, name: str) -> pyarrow.Table:
    """All parts of a table."""
    parts = sorted((out / name).glob("*.parquet"))
    return pyarrow.concat_tables([pyarrow.parquet.read_table(part) for part in parts])


class FullDisk(pyarrow.fs.FSSpecHandler):  # type: ignore[misc]
    """The local file system, with a full disk on one node."""

    def __init__(self, node: str, folder: str) -> None:
        super().__init__(fsspec.filesystem("file"))
        self.node = node
        self.folder = folder
        """Where each refusal leaves a file with the path."""

    def __reduce__(self) -> tuple[type[FullDisk], tuple[str, str]]:
        return type(self), (self.node, self.folder)

    def open_output_stream(self, path: str, metadata: Any) -> Any:
        context = ray.get_runtime_context()
        if context.worker.mode == ray.WORKER_MODE and context.get_node_id() == self.node:
            Path(self.folder, f"{os.getpid()}-{os.urandom(4).hex()}").write_text(path)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        return super().open_output_stream(path, metadata)


def assert_same_as_one_machine(out: Path, one_machine: Path) -> None:
    assert lines(out) == sorted((one_machine / "records.jsonl").read_text("utf-8").splitlines())
    for name in ("documents", "tasks", "targets", "references"):
        order = [("record", "ascending")] + ([] if name == "documents" else [("position", "ascending")])
        written = pyarrow.parquet.read_table(one_machine / f"{name}.parquet")
        assert table(out, name).sort_by(order).equals(written.sort_by(order)), name


# The nodes know nothing of the folder of the tests.
ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
