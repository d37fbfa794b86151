"""The memory that steps declare to Ray, and what they take."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pyarrow.fs
import pytest
import ray
from ray.cluster_utils import Cluster

import vanthu
import vanthu.ray
from cluster import MIB, NODE, SMALL, lines, table
from conftest import FIXTURES, LETTER
from vanthu.ray import listing, memory
from vanthu.ray.work import Listed


def large_pdf(path: Path, size: int) -> None:
    """A PDF of three pages with text; what makes it large is in pictures on none of them."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject

    writer = PdfWriter(clone_from=FIXTURES / "pdf" / "01.pdf")
    for number in range(4):
        ballast = DecodedStreamObject()
        ballast.set_data(bytes([number + 1]) * (size // 4))
        writer.root_object[NameObject(f"/Ballast{number}")] = writer._add_object(ballast)
    writer.write(path)


def test_no_node_gets_more_readers_than_leave_room_for_other_tasks() -> None:
    def readers(*nodes: tuple[int, int]) -> int:
        used = [{"CPU": float(cpus), "memory": float(mib * MIB)} for cpus, mib in nodes]
        return memory.readers(used, 2048 * MIB, 2048 * MIB)

    assert readers((2, 4096)) == 1
    assert readers((2, 65536)) == 2
    # What one node lacks another does not make up for.
    assert readers((2, 4096), (16, 3000), (16, 32768), (1, 65536)) == 1 + 0 + 15 + 1
    with pytest.raises(memory.TooLittleMemory, match="2048 MiB beside 2048 MiB .* gives Ray 4095 MiB"):
        readers((2, 4095), (8, 1024))


def test_files_of_a_size_go_together(tmp_path: Path) -> None:
    sizes = [1, 64 * MIB, 64 * MIB + 1, 3, 128 * MIB, 500 * MIB, 600 * MIB]
    found = [Listed(n, "/in", f"/in/{n}", str(n), f"{n}.json", size, "1") for n, size in enumerate(sizes)]
    files = pyarrow.fs.LocalFileSystem()
    parts = listing.written(found, files, str(tmp_path), 512 * MIB)
    together = {part.largest >> 20: [one.position for one in listing.taken(files, part.path)] for part in parts}
    # What is above the limit is not fetched.
    assert together == {64: [0, 1, 3, 6], 128: [2, 4], 512: [5]}
    many = [Listed(n, "/in", f"/in/{n}", str(n), f"{n}.json", 512 * MIB, "1") for n in range(100)]
    assert max(part.inputs for part in listing.written(many, files, str(tmp_path), 512 * MIB)) == 32


def test_larger_files_declare_more() -> None:
    settings = vanthu.ray.Settings()
    assert memory.fetching(memory.SMALLEST) < 1 << 30
    assert memory.reading(settings, memory.SMALLEST) == settings.memory
    small, large = (memory.actor(memory.reading(settings, size), size) for size in (memory.SMALLEST, 512 * MIB))
    assert small == settings.memory + 512 * MIB and large - small == 5 * 448 * MIB
    assert memory.fetching(512 * MIB) - memory.fetching(memory.SMALLEST) == 6 * 448 * MIB


def test_a_large_file_is_held_within_what_is_declared(tmp_path: Path) -> None:
    """Files of hundreds of megabytes once took several times what their tasks had declared."""
    file = tmp_path / "large.pdf"
    large_pdf(file, 126 * MIB)
    largest = memory.size_class(file.stat().st_size)
    assert largest == 128 * MIB
    with vanthu.Guarded(vanthu.Options(threads=1), memory=memory.counter(largest)) as counter:
        assert counter.page_count(file.read_bytes(), name="large.pdf") == 2
    # The fetching task, beside the process that counts.
    code = """
import sys
import ray
from pyarrow import fs
import vanthu, vanthu.ray
from vanthu.ray import earlier, fetch, listing, memory
files, (file, folder) = fs.LocalFileSystem(), sys.argv[1:]
[part] = listing.written(listing.walk([file], None, ""), files, folder, 1 << 30)
known, _ = earlier.runs(files, folder, False)
ray.get = lambda _: known
own = memory.fetching(part.largest) - memory.counter(part.largest)
counter = fetch._counter(vanthu.Options(threads=1), memory.counter(part.largest))
counter.versions
settings = vanthu.ray.Settings(stretch=10)
units = fetch.fetched(part.path, work=files, out=folder, filesystem=None, known=None, options=vanthu.Options(threads=1),
                      settings=settings, largest=part.largest)
print([unit.nbytes >> 20 for unit in units])
# What getrusage tells goes on from the process that began this one.
[peak] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:")]
print(int(peak) >> 10, own >> 20)
counter.close()
"""
    command = [sys.executable, "-c", code, str(file), str(tmp_path / "work")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    units, taken = done.stdout.splitlines()
    peak, declared = taken.split()
    assert units == "[126]" and int(peak) <= int(declared), (units, taken)


def test_a_file_for_which_no_node_has_the_memory_fails_alone(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    large_pdf(folder / "large.pdf", 70 * MIB)
    (folder / "a.txt").write_text(LETTER, encoding="utf-8")
    # The smallest class fits just so, the next does not.
    least = memory.actor(memory.reading(SMALL, memory.SMALLEST), memory.SMALLEST)
    enough = least + memory.SINK + memory.fetching(memory.SMALLEST)
    head = {**NODE, "memory": enough, "include_dashboard": False}
    nodes = Cluster(initialize_head=True, head_node_args=head)
    try:
        ray.init(address=nodes.address, log_to_driver=False)
        report = vanthu.ray.ingest([folder], out, settings=SMALL)
        assert (report.documents, report.failed) == (1, 1) and len(lines(out)) == 1
        [failed] = table(out, "failed").to_pylist()
        assert (failed["name"], failed["code"]) == ("large.pdf", "memory")
        assert "no node has memory" in failed["message"] and "split" in failed["remedy"]
        with pytest.raises(ValueError, match="smaller Settings.memory"):
            vanthu.ray.ingest([folder], tmp_path / "none", settings=dataclasses.replace(SMALL, memory=SMALL.memory + MIB))
        nodes.add_node(**{**NODE, "memory": 8192 * MIB})
        again = vanthu.ray.ingest([folder], out, settings=dataclasses.replace(SMALL, retry_failed=True))
        assert (again.documents, again.failed, again.unchanged) == (1, 0, 1), table(out, "failed").to_pylist()
    finally:
        ray.shutdown()
        nodes.shutdown()
