"""Ray over an object store: an S3 server on this machine."""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pyarrow
import pyarrow.fs
import pyarrow.parquet
import pytest
from moto.server import ThreadedMotoServer

import vanthu
import vanthu.ray
from cluster import cluster
from conftest import FIXTURES, LETTER
from vanthu.ray import lease, listing, store
from vanthu.ray.fetch import load

SETTINGS = vanthu.ray.Settings(part_bytes=1, stretch=1, long_bytes=1, memory=1024 << 20, join_memory=1024 << 20)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server with a bucket of documents."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    moto.start()
    host, port = moto.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ENDPOINT_URL", endpoint),
        ):
            patch.setenv(name, value)
        client = boto3.client("s3", endpoint_url=endpoint)
        client.create_bucket(Bucket="archive")
        for path in sorted((FIXTURES / "pdf").glob("0*.pdf")):
            client.upload_file(str(path), "archive", f"in/2026/{path.name}")
        client.put_object(Bucket="archive", Key="in/letter.txt", Body=LETTER.encode())
        client.put_object(Bucket="archive", Key="in/cut.pdf", Body=b"%PDF-1.7 cut")
        yield endpoint
    moto.stop()


def test_a_bucket_is_read_and_written(server: str, pipeline: vanthu.Pipeline) -> None:
    with cluster():
        report = vanthu.ray.ingest(["s3://archive/in", "s3://no-such-bucket/in"], "s3://archive/out", settings=SETTINGS)
        files = pyarrow.fs.FileSystem.from_uri("s3://archive")[0]
        failed = [
            row
            for name in store.names(files, "archive/out/failed")
            for row in pyarrow.parquet.read_table(f"archive/out/failed/{name}", filesystem=files).to_pylist()
        ]
        assert {row["path"]: row["code"] for row in failed} == {
            "s3://archive/in/cut.pdf": "damaged",
            "s3://no-such-bucket/in": "io",
        }
        assert (report.documents, report.failed) == (10, 2)
        lines = [
            line
            for name in store.names(files, "archive/out/records")
            for line in store.read(files, f"archive/out/records/{name}").decode().splitlines()
        ]
        expected = [
            pipeline.read(path, name=f"2026/{path.name}").to_json() for path in (FIXTURES / "pdf").glob("0*.pdf")
        ]
        assert sorted(lines) == sorted([*expected, pipeline.read(LETTER.encode(), name="letter.txt").to_json()])
        again = vanthu.ray.ingest(["s3://archive/in"], "s3://archive/out", settings=SETTINGS)
        assert (again.documents, again.failed, again.unchanged) == (0, 0, 11)


def test_a_bucket_without_rights_is_a_failed_input_and_asked_once() -> None:
    asked = []

    class Closed(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            asked.append(self.path)
            self.send_error(403)

        do_GET = do_HEAD

        def log_message(self, *_: object) -> None:
            pass

    closed = ThreadingHTTPServer(("127.0.0.1", 0), Closed)
    threading.Thread(target=closed.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{closed.server_port}"
        files = pyarrow.fs.S3FileSystem(access_key="a", secret_key="b", region="us-east-1", endpoint_override=address)
        [found] = listing.walk(["closed/in"], files, "")
    finally:
        closed.shutdown()
        closed.server_close()
    assert found.failure is not None and found.failure.code == "io"
    assert "ACCESS_DENIED" in found.failure.message and "rights" in found.failure.remedy
    assert len(asked) == 1


def test_a_key_that_vanishes_after_it_was_listed_is_told(server: str) -> None:
    client = boto3.client("s3", endpoint_url=server)
    client.put_object(Bucket="archive", Key="late/a.txt", Body=b"x")
    found = list(listing.walk(["s3://archive/late"], None, ""))
    assert [(one.name, one.bytes) for one in found] == [("a.txt", 1)]
    client.delete_object(Bucket="archive", Key="late/a.txt")
    with pytest.raises(FileNotFoundError):
        load(found[0], None, 100)


def test_an_output_in_a_bucket_takes_one_run_at_a_time(server: str) -> None:
    files = pyarrow.fs.FileSystem.from_uri("s3://archive")[0]
    with lease.hold(files, "archive/held"):
        with pytest.raises(vanthu.ray.OutputInUseError, match="is held by another run"):
            with lease.hold(files, "archive/held"):
                pass
    with lease.hold(files, "archive/held"):
        assert [info.base_name[-5:] for info in store.entries(files, "archive/held")] == [".lock"]


@pytest.mark.parametrize(
    "refusal",
    [
        OSError("AWS Error SLOW_DOWN during GetObject operation: Please reduce your request rate."),
        OSError("AWS Error UNKNOWN (HTTP status 503) during GetObject operation: No response body."),
        OSError("AWS Error UNKNOWN (HTTP status 429) during GetObject operation: No response body."),
        OSError("AWS Error NETWORK_CONNECTION during HeadObject operation: curlCode: 28, Timeout was reached"),
        OSError(errno.ECONNRESET, "Connection reset by peer"),
        OSError(errno.ESTALE, "Stale file handle"),
    ],
)
def test_what_a_store_refuses_for_a_while_is_asked_again(refusal: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it was one more time, a second later: a store that is overrun refuses that, too."""
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    refusals = [refusal] * (store.TRIES - 1)

    def ask() -> bytes:
        if refusals:
            raise refusals.pop()
        return b"there"

    assert store.patiently(ask) == b"there"
    # Each waits for half to the whole of a time that doubles.
    assert [round(wait / (0.5 * 2**n), 3) for n, wait in enumerate(waits)] == pytest.approx([0.75] * 6, abs=0.25)
    assert len(waits) == 6 and len({wait / 2**n for n, wait in enumerate(waits)}) > 1
    refusals = [refusal] * store.TRIES
    with pytest.raises(OSError) as raised:
        store.patiently(ask)
    assert raised.value is refusal


@pytest.mark.parametrize(
    "refusal",
    [
        FileNotFoundError(errno.ENOENT, "Path does not exist"),
        PermissionError(errno.EACCES, "Permission denied"),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError("AWS Error ACCESS_DENIED during GetObject operation: Access Denied"),
        OSError("AWS Error NO_SUCH_BUCKET during ListObjectsV2 operation: The specified bucket does not exist"),
        OSError("AWS Error UNKNOWN (HTTP status 400) during HeadObject operation: No response body."),
    ],
)
def test_what_a_store_refuses_for_good_is_not_asked_again(refusal: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("it waits"))
    asked = 0

    def ask() -> bytes:
        nonlocal asked
        asked += 1
        raise refusal

    with pytest.raises(OSError) as raised:
        store.patiently(ask)
    assert raised.value is refusal and asked == 1


def test_a_listing_is_that_of_one_machine(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.pdf", "a/b/c.TIF", "out/old.txt", "c.xls", "d", "z.zip", ".vanthu-1-0.part"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [(one.name, one.skipped is None) for one in listing.walk([tmp_path], None, str(tmp_path / "out"))]
    assert found == [
        ("a/b/c.TIF", True), ("a/z.pdf", True), ("b.txt", True), ("c.xls", False), ("d", False), ("z.zip", False),
    ]
    twice = listing.walk([tmp_path / "a", tmp_path / "a"], None, "")
    assert [one.record for one in twice] == ["b/c.TIF.json", "z.pdf.json", "b/c.TIF~2.json", "z.pdf~2.json"]
    home = pyarrow.fs.LocalFileSystem()
    every = list(listing.walk([tmp_path, tmp_path / "missing"], None, ""))
    parts = listing.written(every, home, str(tmp_path / "parts"), 100)
    assert [one for part in parts for one in listing.taken(home, part.path)] == every


def test_keys_with_an_empty_part_end_the_walk(server: str) -> None:
    client = boto3.client("s3", endpoint_url=server)
    client.create_bucket(Bucket="empty-parts")
    for key in ("/x.txt", "a//b.txt", "a/c.txt"):
        client.put_object(Bucket="empty-parts", Key=key, Body=b"x")
    found = list(listing.walk(["s3://empty-parts"], None, ""))
    assert [one.name for one in found] == ["empty-parts", "a", "a/c.txt"]
    assert [one.failure.code if one.failure else None for one in found] == ["unsupported", "unsupported", None]


def test_a_name_that_is_not_utf8_is_a_failed_input(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in (b"a.txt", b"b\xff.txt", b"c.\xff"):
        (folder / os.fsdecode(name)).touch()
    files = pyarrow.fs.LocalFileSystem()
    found = listing.walk([folder, os.fsdecode(bytes(folder) + b"/b\xff.txt")], None, "")
    [part] = listing.written(found, files, str(tmp_path / "work"), 100)
    good, bad, skipped, given = listing.taken(files, part.path)
    assert good.failure is None and good.name == "a.txt"
    assert bad.failure is not None and bad.failure.code == "unsupported" and bad.name == "b\\xff.txt"
    assert skipped.failure is None and skipped.skipped is not None
    assert given.failure is not None and given.failure.code == "unsupported"
