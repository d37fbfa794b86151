"""One run: listing, reading, joining, the account."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import ray
from pyarrow import fs
from ray.data import ActorPoolStrategy, DataContext

from .._pipeline import Options
from ..errors import MissingComponentError
from . import dead_letters, earlier, fetch, lease, ledger, listing, memory, nodes, reader, store
from .settings import Settings
from .sink import Account, Parts
from .work import Block, Failure, Item, Listed, Outcome, Stretch


@dataclasses.dataclass(frozen=True)
class Report:
    """What a run did."""

    documents: int
    """Records that were made."""
    pages: int
    failed: int
    """Inputs that gave none in this run."""
    dead_letters: int
    """Rows of the table ``failed``: inputs that gave none in this run or an earlier one, and were not mended since."""
    skipped: int
    """Files that are of no kind that is read."""
    unchanged: int
    """Inputs that an earlier run had read."""
    copied: int
    """Of the records those that were made from the record of the same content, which an earlier run had read elsewhere."""
    refused: list[nodes.Refused]
    """Nodes that were not used."""
    seconds: float


def ingest(
    paths: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    options: Options | None = None,
    settings: Settings | None = None,
    address: str | None = None,
    filesystem: fs.FileSystem | None = None,
) -> Report:
    """Reads files, folders and prefixes of object stores on all nodes of a Ray cluster.

    ``paths`` and ``out`` are paths that all nodes see, or addresses as ``s3://bucket/prefix``. ``out`` gets ``records``
    (JSONL), ``documents``, ``tasks``, ``targets``, ``references`` and ``failed`` (Parquet), and the ``ledger``. No content
    is read again that stands there as done: at the same place it is left alone, and a file elsewhere, moved or copied,
    gets a record of its own from the one that is there. ``address`` is the cluster's, where ``ray.init`` was not called
    before; ``filesystem`` takes the place of those that the addresses tell.

    Raises ``TypeError`` for wrong types, ``ValueError`` where ``out`` holds records of other versions or options, another
    run writes into it (:class:`OutputInUseError`) or no node has the memory for a reader, and
    :class:`vanthu.MissingComponentError` where no node has the versions of this machine. What is wrong with single inputs raises nothing: it stands in the table ``failed``.
    """
    roots = _checked(paths)
    options = Options() if options is None else options
    settings = Settings() if settings is None else settings
    for value, kind in ((options, Options), (settings, Settings)):
        if not isinstance(value, kind):
            raise TypeError(f"give vanthu.{kind.__qualname__}, not {type(value).__qualname__}")
    options = dataclasses.replace(options, threads=1)
    began = time.monotonic()
    work, folder = store.place(out, filesystem)
    with lease.hold(work, folder) as held:
        if not ray.is_initialized():
            ray.init(address=address)
        return _run(roots, work, folder, held, options, settings, filesystem, began)


def _run(
    roots: list[str],
    work: fs.FileSystem,
    folder: str,
    held: lease.Lease,
    options: Options,
    settings: Settings,
    filesystem: fs.FileSystem | None,
    began: float,
) -> Report:
    expected = nodes.versions(options)
    run = ledger.begin(work, folder, {"versions": expected, "options": _digest(options)}, held.token)
    refused = nodes.refused(options, expected)
    cluster = _Cluster.without(refused)
    if not cluster.resources:
        raise MissingComponentError(
            f"no node has the versions of this machine: {refused[0].why}" if refused else "the cluster has no nodes",
            "install the same vanthu and the same models on all nodes",
        )

    scratch = f"{folder}/{ledger.WORK}"
    known, keys = earlier.runs(work, folder, settings.retry_failed)
    limit = options.max_file_bytes or fetch.MAX_FILE_BYTES
    dead = dead_letters.DeadLetters(work, folder)

    def found() -> Iterator[Listed]:
        for listed in listing.walk(roots, filesystem, folder, keys):
            dead.see(listed.address)
            yield listed

    parts = listing.written(found(), work, f"{scratch}/{run}", limit)
    there = ray.put(known)
    account = Account()

    def flow(source: fetch.Files | list[Item], kind: type[reader.Worker], process: int, step: str, largest: int) -> None:
        sink = Parts(work, folder, f"{run}-{step}", held, settings.part_bytes)
        arguments = (options, settings, process, expected, filesystem, (work, f"{folder}/{ledger.STRETCHES}"))
        _flow(source, (kind, arguments, memory.actor(process, largest)), sink, cluster, settings)
        account.add(sink.account)

    for largest in sorted({part.largest for part in parts}):
        some = [part.path for part in parts if part.largest == largest]
        files = fetch.Files(some, work, folder, filesystem, there, options, settings, largest)
        process = memory.reading(settings, largest)
        try:
            flow(files, reader.Reader, process, f"{largest >> 20:06}", largest)
        except memory.TooLittleMemory as error:
            if largest == memory.SMALLEST:
                raise ValueError(f"{error}; take larger nodes or a smaller Settings.memory") from None
            files = files.refused(Failure("memory", str(error), "take larger nodes, or split the file"))
            flow(files, reader.Reader, settings.memory, f"{largest >> 20:06}", memory.SMALLEST)
    long = _joinable(account.stretches)
    if long:
        try:
            flow(long, reader.Joiner, settings.join_memory, "joined", memory.SMALLEST)
        except memory.TooLittleMemory as error:
            failure = Failure("memory", str(error), "take larger nodes or a smaller Settings.join_memory, or split the file")
            lost = [dataclasses.replace(item, failure=item.failure or failure) for item in long]
            flow(lost, reader.Joiner, settings.memory, "joined", memory.SMALLEST)
    held.check()
    standing = dead.settle(filesystem)
    if store.info(work, scratch).type != fs.FileType.NotFound:
        work.delete_dir(scratch)
    inputs = sum(part.inputs for part in parts)
    counted = account.documents + account.failed + account.skipped
    return Report(
        account.documents,
        account.pages,
        account.failed,
        standing,
        account.skipped,
        inputs - counted,
        account.copied,
        refused,
        time.monotonic() - began,
    )


def _checked(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    if isinstance(paths, (str, bytes, os.PathLike)):
        raise TypeError("paths: give a list of paths, not one path")
    found = []
    for number, path in enumerate(paths):
        if not isinstance(path, (str, os.PathLike)) or not isinstance(os.fspath(path), str):
            raise TypeError(f"paths[{number}]: give a path or an address, not {type(path).__qualname__}")
        found.append(os.fspath(path))
    return found


def _digest(options: Options) -> str:
    """What of the options decides a record."""
    fields = dataclasses.asdict(options)
    del fields["threads"]
    for name in ("tessdata", "model", "lexicon"):
        # What lies there is compared by the versions; where it lies does not matter.
        fields[name] = fields[name] is not None
    return hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()[:16]


@dataclasses.dataclass(frozen=True)
class _Cluster:
    """The nodes that are used."""

    resources: Sequence[Mapping[str, float]]
    """What each has."""
    labels: dict[str, str] | None

    @classmethod
    def without(cls, refused: list[nodes.Refused]) -> _Cluster:
        left_out = {one.node for one in refused}
        used = [node for node in ray.nodes() if node["Alive"] and node["NodeID"] not in left_out]
        used = [node for node in used if node["Resources"].get("CPU", 0) >= 1]
        labels = {"ray.io/node-id": f"!in({','.join(sorted(left_out))})"} if left_out else None
        return cls([node["Resources"] for node in used], labels)


def _flow(
    source: fetch.Files | list[Item],
    actor: tuple[type[reader.Worker], tuple[Any, ...], int],
    sink: Parts,
    cluster: _Cluster,
    settings: Settings,
) -> None:
    """Has Ray Data lead units of work through actors to the sink. ``actor``: its class, arguments and memory."""
    kind, arguments, each = actor
    fetching = source.memory if isinstance(source, fetch.Files) else 0
    most = memory.readers(cluster.resources, each, memory.SINK + fetching)
    workers = min(settings.workers or most, most)
    context = DataContext.get_current().copy()
    # A unit of work is a block of its own, so that it can go to any reader.
    context.target_max_block_size = 1
    remote: dict[str, Any] = {} if cluster.labels is None else {"label_selector": cluster.labels}
    with DataContext.current(context):
        if isinstance(source, fetch.Files):
            # Fetching and writing wait for disks and networks; all processors are for the readers.
            units = ray.data.read_datasource(
                source,
                num_cpus=0,
                memory=fetching,
                concurrency=max(2, len(cluster.resources)),
                override_num_blocks=source.size,
                **remote,
            )
        else:
            units = ray.data.from_arrow([Block.of([[item]]) for item in source])
            workers = min(workers, len(source))
        units.map_batches(
            kind,
            batch_size=None,
            batch_format="pyarrow",
            # One unit waits at each reader while another is read; more would be missed by idle readers at the end.
            compute=ActorPoolStrategy(
                min_size=1,
                max_size=workers,
                initial_size=workers,
                max_tasks_in_flight_per_actor=2,
            ),
            fn_constructor_args=arguments,
            num_cpus=1,
            memory=each,
            **remote,
        ).write_datasink(
            sink,
            ray_remote_args={
                "num_cpus": 0,
                "memory": memory.SINK,
                # Where a node's disk is full, another attempt is made on another node.
                "scheduling_strategy": "SPREAD",
                "retry_exceptions": [OSError],
                "max_retries": 8,
                **remote,
            },
        )


def _joinable(stretches: list[Outcome]) -> list[Item]:
    """The long documents, in the order of the listing; with the first failure where a stretch could not be read."""
    first: dict[int, Outcome] = {}
    for outcome in sorted(stretches, key=lambda o: (o.listed.position, o.stretch.first if o.stretch else 0)):
        kept = first.setdefault(outcome.listed.position, outcome)
        if outcome.failure and not kept.failure:
            first[outcome.listed.position] = outcome
    return [
        Item(o.listed, o.sha256, None, Stretch(0, o.stretch.of, o.stretch.of) if o.stretch else None, o.failure)
        for o in first.values()
    ]
