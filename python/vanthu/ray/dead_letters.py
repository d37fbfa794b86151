"""The dead letters: the table ``failed`` of an output folder, with the inputs that have no record."""

from __future__ import annotations

from collections.abc import Set

import pyarrow
import pyarrow.compute
import pyarrow.parquet
from pyarrow import fs

from . import ledger, store


class DeadLetters:
    """The dead letters of earlier runs, while a run goes on that may mend them."""

    def __init__(self, filesystem: fs.FileSystem, out: str) -> None:
        self._filesystem = filesystem
        self._out = out
        self._before = {
            row["path"]
            for _, rows in ledger.tables(filesystem, out, ["path"], ledger.FAILED)
            for row in rows.to_pylist()
        }
        self._listed: set[str] = set()

    def see(self, address: str) -> None:
        """Notes that the listing of this run has an input."""
        if address in self._before:
            self._listed.add(address)

    def settle(self, filesystem: fs.FileSystem | None) -> int:
        """Takes those out that are mended: inputs whose last row in the ledger is not the failure, and those that are not
        there any more. Gives the number of those that stay."""
        parts = list(ledger.tables(self._filesystem, self._out, folder=ledger.FAILED))
        failed = {path for _, rows in parts for path in rows.column("path").to_pylist()}
        last = self._last_runs(failed)
        gone = {path for path in failed & self._before - self._listed if _is_gone(path, filesystem)}
        standing = 0
        for name, rows in parts:
            run = name.partition("-")[0]
            stays = [path not in gone and last.get(path, run) == run for path in rows.column("path").to_pylist()]
            standing += sum(stays)
            path = f"{self._out}/{ledger.FAILED}/{name}.{ledger.PARTED[ledger.FAILED]}"
            if not any(stays):
                self._filesystem.delete_file(path)
            elif not all(stays):
                store.write(self._filesystem, path, ledger.parquet(rows.filter(pyarrow.array(stays))))
        return standing

    def _last_runs(self, paths: Set[str]) -> dict[str, str]:
        """The last run that has a row of each of some inputs."""
        if not paths:
            return {}
        asked = pyarrow.array(sorted(paths), pyarrow.string())
        last = {}
        for name, rows in ledger.tables(self._filesystem, self._out, ["path"]):
            found = pyarrow.compute.filter(rows.column("path"), pyarrow.compute.is_in(rows.column("path"), asked))
            for path in found.to_pylist():
                last[path] = name.partition("-")[0]
        return last


def _is_gone(address: str, filesystem: fs.FileSystem | None) -> bool:
    """Whether nothing is there any more, or a folder that can be listed again: its files are inputs of their own."""
    try:
        home, path = store.place(address, filesystem)
        info = store.info(home, path)
        if info.type == fs.FileType.Directory:
            store.entries(home, path)
        return info.type in (fs.FileType.NotFound, fs.FileType.Directory)
    except (OSError, ValueError):
        return False
