"""The figures of ``docs/scale.md``: ``python scale.py MEASURE``, with the package installed.

``overhead``  Ray beside ``vanthu ingest`` with 1 and 2 readers, on typeset PDFs and on scans
``guarded``   the reading processes of Ray's readers without Ray, beside ``vanthu ingest``
``skew``      one document of 3,000 pages among small ones on three nodes, with its timeline as SVG
``listing``   simulated: a store with all inputs in one folder, walked by the machine that leads
``metadata``  what listings and ledgers of millions of inputs take on the machine that leads
``tasks``     runs over many inputs that need no reading: what Ray Data takes for them on the machine that leads
``requests``  what is asked of an object store, counted at an S3 server on this machine
``idle``      simulated: what share of the readers' time is lost when documents are of very different lengths

Inputs are made from ``fixtures/``, each different from all others.
"""

from __future__ import annotations

import argparse
import heapq
import logging
import os
import pickle
import random
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
from vanthu import Guarded
from vanthu._units import ReadAll, Unread
from vanthu.ray import earlier, fetch, ledger, listing
from vanthu.ray.work import Listed, Outcome

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
PROGRAM = os.environ.get("VANTHU", str(ROOT / "target" / "release" / "vanthu"))
MIB = 1 << 20
# Ray's workers give way to all else on a machine (niceness 15); the program does not.
os.environ["RAY_worker_niceness"] = "0"


def copies(sources: Iterable[Path], times: int, to: Path) -> None:
    """Copies of files that differ from each other in bytes behind their end."""
    to.mkdir(parents=True)
    for source in sources:
        data = source.read_bytes()
        for number in range(times):
            (to / f"{source.stem}-{number:05}{source.suffix}").write_bytes(data + b"\n%%%d\n" % number)


@contextmanager
def cluster(processors: list[int]) -> Iterator[Cluster]:
    """Node processes with so many processors each."""
    node: dict[str, Any] = {"object_store_memory": 1024 * MIB, "memory": 12288 * MIB}
    head, *others = processors
    nodes = Cluster(initialize_head=True, head_node_args={**node, "num_cpus": head, "include_dashboard": False})
    try:
        for count in others:
            nodes.add_node(**node, num_cpus=count)
        nodes.wait_for_nodes()
        ray.init(address=nodes.address, log_to_driver=False)
        ray.data.DataContext.get_current().enable_progress_bars = False
        yield nodes
    finally:
        ray.shutdown()
        nodes.shutdown()


def alone(folder: Path, out: Path, jobs: int) -> tuple[float, float]:
    """Seconds that the program takes, and those of processors."""
    began, before = time.monotonic(), of_children()
    command = [PROGRAM, "ingest", str(folder), "--out", str(out), "--jobs", str(jobs), "--quiet"]
    subprocess.run([*command, "--format", "parquet"], check=True)
    return time.monotonic() - began, of_children() - before


def of_children() -> float:
    """Seconds of processors that the children of this process took that have ended."""
    taken = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken.ru_utime + taken.ru_stime


class Spent:
    """Seconds of processors that this process and all below it take, those that end meanwhile too: Ray's processes are no
    children whose times the system would add up."""

    def __init__(self) -> None:
        self._first = self._below()
        self._last = dict(self._first)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def seconds(self) -> float:
        """Those since this was made."""
        self._end.set()
        self._thread.join()
        self._last.update(self._below())
        return sum(spent - self._first.get(process, 0.0) for process, spent in self._last.items())

    def _watch(self) -> None:
        while not self._end.wait(1.0):
            self._last.update(self._below())

    @staticmethod
    def _below() -> dict[str, float]:
        """What each process has taken, by its number and the time of its start."""
        parents: dict[int, int] = {}
        spent: dict[int, tuple[str, float]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text(errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            number = int(stat.parent.name)
            parents[number] = int(fields[1])
            ticks = int(fields[11]) + int(fields[12])
            spent[number] = f"{number} {fields[19]}", ticks / os.sysconf("SC_CLK_TCK")
        own = {os.getpid()}
        while more := {number for number, parent in parents.items() if parent in own} - own:
            own |= more
        return dict(spent[number] for number in own if number in spent)


def overhead(work: Path, rounds: int, kinds: list[str], processors: list[int], texts: int, scans: int) -> None:
    """Ray beside the program on the same inputs, in turns; both write JSONL and Parquet."""
    copies(sorted((FIXTURES / "pdf").glob("*.pdf")), texts, work / "text")
    copies(sorted((FIXTURES / "scans").glob("*.*")), scans, work / "scans")
    for kind in kinds:
        for readers in processors:
            plain, shared, pages, begun = [], [], 0, 0.0
            plain_spent, shared_spent = [], []
            with cluster([readers]):
                for number in range(rounds):
                    if number:
                        shutil.rmtree(work / "plain")
                        shutil.rmtree(work / "shared")
                    seconds, processors_seconds = alone(work / kind, work / "plain", readers)
                    plain.append(seconds)
                    plain_spent.append(processors_seconds)
                    begun, spent = time.time(), Spent()
                    report = vanthu.ray.ingest([work / kind], work / "shared")
                    shared.append(report.seconds)
                    shared_spent.append(spent.seconds())
                    pages = report.pages
            ratios = [b / a for a, b in zip(plain, shared)]
            spans = table(work / "shared", "timeline").to_pylist()
            for made in ("plain", "shared"):
                shutil.rmtree(work / made)
            busy = sum(span["end"] - span["start"] for span in spans)
            print(
                f"{kind:5} {readers} readers, {pages} pages, {rounds} rounds: "
                f"program {pages / statistics.median(plain):.2f} pages/s ({_times(plain)}), "
                f"Ray {pages / statistics.median(shared):.2f} pages/s ({_times(shared)}), "
                f"time with Ray {100 * (statistics.median(ratios) - 1):+.1f} %; "
                f"of processors {_times(plain_spent)} and {_times(shared_spent)}, with Ray "
                f"{100 * (sum(shared_spent) / sum(plain_spent) - 1):+.1f} %; "
                f"in the last round the readers were busy for {busy:.1f} s, "
                f"from {min(span['start'] for span in spans) - begun:.1f} s to {max(span['end'] for span in spans) - begun:.1f} s",
                flush=True,
            )


def guarded(work: Path, rounds: int, kinds: list[str], processors: list[int], texts: int, scans: int) -> None:
    """Processes that read units of one file each, beside the program on the same inputs, in turns."""
    copies(sorted((FIXTURES / "pdf").glob("*.pdf")), texts, work / "text")
    copies(sorted((FIXTURES / "scans").glob("*.*")), scans, work / "scans")
    for kind in kinds:
        for readers in processors:
            plain, bare = [], []
            for _ in range(rounds):
                plain.append(alone(work / kind, work / "plain", readers)[1])
                shutil.rmtree(work / "plain")
                before, left = of_children(), iter(sorted((work / kind).iterdir()))
                lock = threading.Lock()

                def read(_: int, left: Iterator[Path] = left, lock: threading.Lock = lock) -> None:
                    reader = Guarded(vanthu.Options(threads=1))
                    try:
                        while True:
                            with lock:
                                path = next(left, None)
                            if path is None:
                                break
                            reader.run(ReadAll([Unread(path.read_bytes(), path.name, path.name, None)]))
                    finally:
                        reader.close()

                with ThreadPoolExecutor(readers) as pool:
                    list(pool.map(read, range(readers)))
                bare.append(of_children() - before)
            ratio = statistics.median(b / a for a, b in zip(plain, bare))
            print(
                f"{kind:5} {readers} readers, {rounds} rounds: processors of the program {_times(plain)}, "
                f"of reading processes {_times(bare)}, {100 * (ratio - 1):+.1f} %",
                flush=True,
            )


def _times(seconds: list[float]) -> str:
    return " ".join(f"{second:.1f}" for second in seconds) + " s"


def skew(work: Path, to: Path, long_pages: int) -> None:
    """One long document among small ones on three nodes."""
    from pypdf import PdfReader, PdfWriter

    small = sorted((FIXTURES / "pdf").glob("*.pdf"))
    copies(small, 60, work / "in")
    writer = PdfWriter()
    sources = [page for path in small for page in PdfReader(path).pages]
    for number in range(long_pages):
        writer.add_page(sources[number % len(sources)])
    writer.write(work / "in" / "zz-long.pdf")
    for name, settings in (
        ("parted", vanthu.ray.Settings()),
        ("whole", vanthu.ray.Settings(stretch=10**9, memory=6144 * MIB)),
    ):
        with cluster([1, 1, 1]):
            report = vanthu.ray.ingest([work / "in"], work / name, settings=settings)
        spans = table(work / name, "timeline")
        draw(spans, to.with_name(f"{to.stem}-{name}.svg"), f"{report.pages} pages, {report.seconds:.0f} s")
        rows = spans.to_pylist()
        # What is joined is joined by one reader, after all has been read.
        read = [row for row in rows if name == "whole" or row["pages"] < long_pages]
        begin, end = max(_firsts(read)), max(row["end"] for row in read)
        busy = sum(row["end"] - max(row["start"], begin) for row in read if row["end"] > begin) / (3 * (end - begin))
        joined = sum(row["end"] - row["start"] for row in rows if row not in read)
        print(
            f"{name}: {report.pages} pages in {report.seconds:.1f} s; from when all three readers had begun to the last page "
            f"read {end - begin:.1f} s, of which they were busy {100 * busy:.1f} %; joining {joined:.1f} s",
            flush=True,
        )
    first, second = (sorted(lines(work / name)) for name in ("parted", "whole"))
    print("the same records:", first == second)


def _firsts(rows: list[dict[str, Any]]) -> list[float]:
    """When each node began."""
    nodes = {row["node"] for row in rows}
    return [min(row["start"] for row in rows if row["node"] == node) for node in nodes]


def table(out: Path, name: str) -> pyarrow.Table:
    """All parts of a table."""
    return pyarrow.concat_tables([pyarrow.parquet.read_table(path) for path in sorted((out / name).glob("*"))])


def lines(out: Path) -> Iterator[str]:
    """The records in an output folder."""
    for path in (out / "records").glob("*.jsonl"):
        yield from path.read_text(encoding="utf-8").splitlines()


def draw(spans: pyarrow.Table, to: Path, title: str) -> None:
    """The timeline of a run: a row a reader, a box a unit of work, dark where it is a stretch of the long document."""
    rows = spans.to_pylist()
    readers = sorted({(row["node"], row["worker"]) for row in rows})
    begin, end = min(row["start"] for row in rows), max(row["end"] for row in rows)
    wide, high = 900.0, 24.0
    scale = wide / (end - begin)
    nodes = {node: number for number, node in enumerate(sorted({node for node, _ in readers}), 1)}
    picture = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide + 110:.0f}" height="{high * (len(readers) + 2):.0f}" '
        'font-family="sans-serif" font-size="12">',
        f'<text x="90" y="15">{title}</text>',
    ]
    for line, (node, worker) in enumerate(readers, 1):
        picture.append(f'<text x="0" y="{line * high + 16:.0f}">node {nodes[node]}</text>')
        for row in rows:
            if (row["node"], row["worker"]) == (node, worker):
                x, width = 90 + (row["start"] - begin) * scale, (row["end"] - row["start"]) * scale
                colour = "#8c2d04" if "long" in row["name"] else "#6baed6"
                picture.append(
                    f'<rect x="{x:.2f}" y="{line * high + 3:.0f}" width="{max(width, 0.4):.2f}" height="{high - 6:.0f}" '
                    f'fill="{colour}" stroke="white" stroke-width="0.2"/>'
                )
    below = high * (len(readers) + 1) + 14
    for second in range(0, int(end - begin) + 1, max(1, int(end - begin) // 10)):
        picture.append(f'<text x="{90 + second * scale:.1f}" y="{below:.0f}">{second} s</text>')
    to.write_text("\n".join([*picture, "</svg>"]) + "\n", encoding="utf-8")
    print(to)


class Flat(pyarrow.fs.FSSpecHandler):  # type: ignore[misc]
    """A store with one folder, which lists ``inputs`` keys in pages of 1,000 as S3 does."""

    def __init__(self, inputs: int) -> None:
        super().__init__(fsspec.filesystem("memory"))
        self.inputs = inputs
        self.requests = 0

    def get_file_info(self, paths: list[str]) -> list[pyarrow.fs.FileInfo]:
        return [pyarrow.fs.FileInfo(path, pyarrow.fs.FileType.Directory) for path in paths]

    def get_file_info_selector(self, selector: pyarrow.fs.FileSelector) -> list[pyarrow.fs.FileInfo]:
        self.requests += -(-self.inputs // 1000)
        kind = pyarrow.fs.FileType.File
        return [
            pyarrow.fs.FileInfo(f"{selector.base_dir}/{n:09}.pdf", kind, size=150_000, mtime_ns=n)
            for n in range(self.inputs)
        ]


def flat(inputs: int) -> None:
    """The walk through a folder that holds all inputs. How long the store takes to answer is not in it."""
    store = Flat(inputs)
    began = _clocks()
    found = sum(1 for _ in listing.walk(["archive"], pyarrow.fs.PyFileSystem(store), ""))
    _say(f"{found} inputs in one folder, {store.requests} requests one after the other, walked", began)


def tasks(work: Path, inputs: int) -> None:
    """Two runs over inputs of a kind that is not read, the second over twice as many: what is left is Ray Data's."""
    for part, count in (("half", inputs // 2), ("whole", inputs)):
        for number in range(count):
            folder = work / part / f"{number // 1000:06}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number}.xls").touch()
        with cluster([2]):
            began = _clocks()
            report = vanthu.ray.ingest([work / part], work / f"{part}-out")
            _say(f"{report.skipped} inputs in {-(-count // listing.FILES_PER_PART)} read tasks", began)


def metadata(work: Path, inputs: int) -> None:
    """Listings and ledgers of many inputs: seconds and memory of the process that leads."""
    home = pyarrow.fs.LocalFileSystem()

    def many() -> Iterator[Listed]:
        for n in range(inputs):
            name = f"archive/2026/{n // 1000:06}/document-{n:09}.pdf"
            yield Listed(n, "s3://b", f"b/{name}", name, f"{name}.json", 150_000, str(10**18 + n))

    began = _clocks()
    parts = listing.written(many(), home, str(work / "listing"), fetch.MAX_FILE_BYTES)
    size = sum(os.path.getsize(part.path) for part in parts)
    _say(f"listing of {inputs} inputs in {len(parts)} parts, {size / MIB:.0f} MiB", began)
    began = _clocks()
    rows = 50_000
    for first in range(0, inputs, rows):
        made = [
            ledger.row(Outcome(one, f"{one.position:064x}", 2))
            for one in (
                Listed(n, "", f"b/{n:09}.pdf", f"{n:09}.pdf", f"{n:09}.pdf.json", 150_000, str(n))
                for n in range(first, min(first + rows, inputs))
            )
        ]
        (work / "out" / "ledger").mkdir(parents=True, exist_ok=True)
        pyarrow.parquet.write_table(
            pyarrow.Table.from_pylist(made, ledger.SCHEMA), work / "out" / "ledger" / f"0001-0-{first:09}.parquet"
        )
    _say("a ledger of as many", began)
    began = _clocks()
    known, _ = earlier.runs(home, str(work / "out"), False)
    _say(f"read into an index of {len(pickle.dumps(known)) / MIB:.0f} MiB", began)
    asked = [Listed(n, "", f"b/{n:09}.pdf", f"{n:09}.pdf", "", 150_000, str(n)) for n in range(100_000)]
    began = _clocks()
    found = sum(known.unchanged(one) for one in asked)
    _say(f"looked up 100,000 ({found} found)", began)


def requests(work: Path) -> None:
    """Requests by kind that small and large documents cost."""
    import boto3
    from moto.server import ThreadedMotoServer

    class Count(logging.Handler):
        def __init__(self) -> None:
            super().__init__()
            self.kinds: Counter[str] = Counter()

        def emit(self, record: logging.LogRecord) -> None:
            found = re.search(r"(GET|PUT|POST|HEAD|DELETE) /archive(\S*)", record.getMessage())
            if found:
                method, rest = found.groups()
                self.kinds["LIST" if "list-type" in rest else method] += 1

    count = Count()
    log = logging.getLogger("werkzeug")
    log.addHandler(count)
    log.setLevel(logging.INFO)
    log.propagate = False
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    os.environ.update(
        AWS_ACCESS_KEY_ID="t", AWS_SECRET_ACCESS_KEY="t", AWS_REGION="us-east-1", AWS_ENDPOINT_URL=endpoint
    )
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="archive")
    copies(sorted((FIXTURES / "pdf").glob("*.pdf")), 20, work / "in")
    for path in sorted((work / "in").iterdir()):
        client.upload_file(str(path), "archive", f"in/{path.name}")
    for name, folder in (("first run", "in"), ("again, nothing new", "in")):
        count.kinds.clear()
        with cluster([1]):
            report = vanthu.ray.ingest([f"s3://archive/{folder}"], "s3://archive/out")
        print(f"{name}: {report.documents} records, {report.unchanged} unchanged: {dict(count.kinds)}", flush=True)
    server.stop()


def _clocks() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def _say(what: str, began: tuple[float, float]) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent, processors = (now - before for now, before in zip(_clocks(), began))
    print(f"{what}: {spent:.1f} s, {processors:.1f} s of this process's processor, peak {peak:.0f} MiB", flush=True)


def idle(documents: int, readers: int) -> None:
    """List scheduling of documents whose lengths follow a Pareto distribution, whole and in stretches of 64 pages."""
    draws = random.Random(1)
    for shape in (2.5, 1.5, 1.2):
        pages = [min(3000, max(1, int(4 * draws.paretovariate(shape)))) for _ in range(documents)]
        for name, units in (
            ("whole", pages),
            ("parted", [min(64, count - first) for count in pages for first in range(0, count, 64)]),
        ):
            free = [0.0] * readers
            for unit in units:
                heapq.heapreplace(free, free[0] + unit)
            busy = sum(units) / (readers * max(free))
            print(
                f"shape {shape}: {documents} documents, longest {max(pages)} pages, {readers} readers, {name}: "
                f"{100 * (1 - busy):.1f} % idle"
            )


def main() -> None:
    """Measures what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measure", choices=["overhead", "guarded", "skew", "listing", "metadata", "tasks", "requests", "idle"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", nargs="+", default=["text", "scans"])
    parser.add_argument("--processors", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--texts", type=int, default=240, help="copies of each typeset PDF")
    parser.add_argument("--scans", type=int, default=3, help="copies of each scan")
    parser.add_argument("--pages", type=int, default=3000, help="of the long document")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--timeline", type=Path, default=ROOT / "docs" / "timeline.svg")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.measure == "overhead":
            overhead(Path(folder), given.rounds, given.kinds, given.processors, given.texts, given.scans)
        elif given.measure == "guarded":
            guarded(Path(folder), given.rounds, given.kinds, given.processors, given.texts, given.scans)
        elif given.measure == "skew":
            skew(Path(folder), given.timeline, given.pages)
        elif given.measure == "listing":
            flat(given.inputs)
        elif given.measure == "tasks":
            tasks(Path(folder), given.inputs)
        elif given.measure == "metadata":
            metadata(Path(folder), given.inputs)
        elif given.measure == "requests":
            requests(Path(folder))
        else:
            idle(given.inputs, given.readers)


if __name__ == "__main__":
    main()
