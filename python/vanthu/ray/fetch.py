"""Files into units of work, on the cluster: what is known is left out, the rest is fetched and parted."""

from __future__ import annotations

import copy
import functools
import hashlib
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow
import ray
from pyarrow import fs
from ray.data import Datasource, ReadTask
from ray.data.block import BlockMetadata

from .. import _guard
from .._pipeline import Options
from ..errors import TooLargeError, VanthuError
from . import listing, memory, store
from .copies import Copies
from .earlier import Known
from .settings import Settings
from .work import Block, Failure, Item, Listed, Stretch

MAX_FILE_BYTES = 512 << 20
"""Larger files are refused where the options set no limit: as the readers do."""

_PICTURES = frozenset("tif tiff png jpg jpeg webp bmp".split())

_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
"""A picture in a PDF. Its dictionary is never packed."""

_FETCHES_AT_A_TIME = 8


class Files(Datasource):
    """The files of a listing as units of work. Each task takes one part of the listing."""

    def __init__(
        self,
        parts: list[str],
        work: fs.FileSystem,
        out: str,
        filesystem: fs.FileSystem | None,
        known: ray.ObjectRef[Known],
        options: Options,
        settings: Settings,
        largest: int,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.size = len(parts)
        self.memory = memory.fetching(largest)
        """Bytes that one task takes."""
        self._parts = parts
        self._fetch = functools.partial(
            fetched,
            work=work,
            out=out,
            filesystem=filesystem,
            known=known,
            options=options,
            settings=settings,
            largest=largest,
        )

    def refused(self, failure: Failure) -> Files:
        """The same as failed inputs, none of which is fetched, but those that are known."""
        files = copy.copy(self)
        files.memory = memory.fetching(memory.SMALLEST)
        files._fetch = functools.partial(self._fetch, refusal=failure)
        return files

    def get_name(self) -> str:
        return "Files"

    def estimate_inmemory_data_size(self) -> int | None:
        return None

    def get_read_tasks(self, parallelism: int, *_: Any, **__: Any) -> list[ReadTask]:
        nothing_known = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
        return [ReadTask(functools.partial(self._fetch, part), nothing_known) for part in self._parts]


def fetched(
    part: str,
    *,
    work: fs.FileSystem,
    out: str,
    filesystem: fs.FileSystem | None,
    known: ray.ObjectRef[Known],
    options: Options,
    settings: Settings,
    largest: int,
    refusal: Failure | None = None,
) -> Iterator[pyarrow.Table]:
    """The units of one part of a listing, whose files are at most ``largest`` bytes long; with ``refusal``, as failed inputs.
    They are the same whenever they are made, so that Ray can make those anew that a lost node held."""
    index = ray.get(known)
    limit = options.max_file_bytes or MAX_FILE_BYTES
    copies = Copies(index, work, out)
    with ThreadPoolExecutor(_FETCHES_AT_A_TIME) as pool:
        for group in _grouped(listing.taken(work, part), settings):
            fetch = functools.partial(_item, filesystem=filesystem, known=index, limit=limit, refusal=refusal)
            items = [copies.used(item) for item in pool.map(fetch, group) if item is not None]
            if len(items) == 1 and items[0].listed.bytes > settings.long_bytes:
                yield from (Block.of([[item]]) for item in _parted(items[0], options, settings, largest))
            else:
                slow: list[Item] = []
                quick: list[Item] = []
                for item in items:
                    (slow if _shows_pictures(item) else quick).append(item)
                yield from (Block.of([unit]) for unit in ([quick] if quick else []) + [[item] for item in slow])


def _grouped(listed: list[Listed], settings: Settings) -> Iterator[list[Listed]]:
    """Files that go to a reader together. What they turn out to be does not matter, only what the listing says."""
    group: list[Listed] = []
    size = 0
    for one in listed:
        alone = one.bytes > min(settings.long_bytes, settings.unit_bytes)
        if group and (alone or len(group) == settings.unit_files or size + one.bytes > settings.unit_bytes):
            yield group
            group, size = [], 0
        group.append(one)
        size += one.bytes
        if alone:
            yield group
            group, size = [], 0
    if group:
        yield group


def _shows_pictures(item: Item) -> bool:
    """Whether pages are perhaps to be read from pictures, which takes hundreds of times as long as text: such a file goes to
    a reader alone."""
    extension = item.listed.name.rpartition(".")[2].lower()
    return item.data is not None and (extension in _PICTURES or _PICTURE.search(item.data) is not None)


def _item(
    listed: Listed, *, filesystem: fs.FileSystem | None, known: Known, limit: int, refusal: Failure | None
) -> Item | None:
    """The file with its bytes; none for one that was read before."""
    if listed.skipped or listed.failure:
        return Item(listed, failure=listed.failure)
    if known.unchanged(listed):
        return None
    if refusal is not None:
        return Item(listed, failure=refusal)
    try:
        data = load(listed, filesystem, limit)
    except (OSError, VanthuError) as error:
        return Item(listed, failure=Failure.of(error))
    sha256 = hashlib.sha256(data).hexdigest()
    return None if known.read(listed, sha256) else Item(listed, sha256, data)


def load(listed: Listed, filesystem: fs.FileSystem | None, limit: int) -> bytes:
    """The bytes of a file.

    Raises :class:`TooLargeError` above ``limit``, and what the store raises.
    """
    if listed.bytes > limit:
        message = f"the file holds {listed.bytes} bytes, more than the limit of {limit}"
        raise TooLargeError(message, "split it, or raise the limit max_file_bytes")
    home, _ = store.place(listed.root, filesystem)
    return store.read(home, listed.path)


def _parted(item: Item, options: Options, settings: Settings, largest: int) -> Iterator[Item]:
    """The stretches of a long document; any other as it is."""
    pages = None
    if item.data is not None:
        try:
            pages = _counter(options, memory.counter(largest)).page_count(item.data, name=item.listed.name)
        except VanthuError:
            pass  # The reader will say so of the document as a whole.
    if pages is None or pages <= settings.stretch:
        yield item
        return
    for stretch in Stretch(0, pages, pages).parted(settings.stretch):
        yield Item(item.listed, item.sha256, None, stretch)


@functools.lru_cache(maxsize=1)
def _counter(options: Options, most: int) -> _guard.Guarded:
    return _guard.Guarded(options, seconds=120.0, memory=most)
