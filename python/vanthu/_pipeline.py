"""Reading, repairing and parsing."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Union

from ._native import _vanthu
from ._vanthu import Converted, Directive, Record, Restored, Tables

Readable = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, IO[bytes]]
"""What can be read: a path, bytes, or a file opened in binary mode."""

_TESSDATA = Path(__file__).parent / "tessdata"
"""The language data of the OCR engine that the wheel brings."""


@dataclasses.dataclass(frozen=True)
class Options:
    """How to read and repair. What is not set is as the program ``vanthu`` has it.

    >>> Options(threshold=0.9).threshold
    0.9
    """

    password: str | None = None
    """Password of encrypted files."""
    tessdata: str | os.PathLike[str] | None = None
    """Folder of Tesseract's language data, in place of those in the package."""
    ocr_models: tuple[str, ...] | None = None
    """Names of Tesseract models, the preferred first."""
    model: str | os.PathLike[str] | None = None
    """A restorer model to use in place of the one in the package."""
    lexicon: str | os.PathLike[str] | None = None
    """A file of words and names of your own, one a line."""
    threshold: float = 0.0
    """Leave words as they are where the repair is less sure than this, 0 to 1."""
    keep_reading: bool = False
    """Leave the text as it was read."""
    threads: int = 0
    """Threads that read pages; 0 for one a core."""
    max_file_bytes: int | None = None
    """Refuse files of more bytes."""
    max_pages: int | None = None
    """Refuse documents of more pages."""
    max_pixels: int | None = None
    """Refuse page pictures of more pixels."""
    max_side: int | None = None
    """Refuse page pictures with more pixels along a side."""
    max_stream_bytes: int | None = None
    """Refuse streams and parts of files that unfold to more bytes."""
    max_inflated_bytes: int | None = None
    """Refuse files whose streams or parts together unfold to more bytes."""
    max_text_bytes: int | None = None
    """Refuse office documents and web pages with more bytes of text."""


class Pipeline:
    """Engines and models, loaded once. Any number of threads may use one at a time; all work is done without the
    interpreter lock, and Ctrl-C ends the waiting for it.

    >>> pipeline = Pipeline(Options(threads=1))
    >>> record = pipeline.read("Điều 1. Giao Sở Tài chính báo cáo trước ngày 30/6/2026.".encode(), name="order.txt")
    >>> record.source.path, record.source.pages
    ('order.txt', 1)
    """

    options: Options
    """How it reads and repairs."""

    def __init__(self, options: Options | None = None) -> None:
        if options is None:
            options = Options()
        if not isinstance(options, Options):
            raise TypeError(f"give vanthu.Options, not {type(options).__qualname__}")
        self.options = options
        tessdata = options.tessdata
        # What the user has set goes before what the package brings.
        if tessdata is None and "TESSDATA_PREFIX" not in os.environ and _TESSDATA.is_dir():
            tessdata = _TESSDATA
        self._native = _vanthu.NativePipeline(
            password=options.password,
            tessdata=tessdata,
            ocr_models=None if options.ocr_models is None else list(options.ocr_models),
            model=options.model,
            lexicon=options.lexicon,
            threshold=options.threshold,
            keep_reading=options.keep_reading,
            limits=[
                options.max_file_bytes,
                options.max_pages,
                options.max_pixels,
                options.max_side,
                options.max_stream_bytes,
                options.max_inflated_bytes,
                options.max_text_bytes,
            ],
            threads=options.threads,
        )

    def __repr__(self) -> str:
        return f"Pipeline({self.options!r})"

    def __reduce__(self) -> tuple[type[Pipeline], tuple[Options]]:
        # Another process loads the models itself.
        return type(self), (self.options,)

    def read(self, source: Readable, *, name: str | None = None) -> Record:
        """Reads one input and makes its record.

        ``source`` is a path (which may go on behind an archive: ``a.zip/b.docx``), bytes, or a file opened in binary
        mode. ``name`` becomes ``record.source.path`` and tells the format that the input claims to have by its
        extension; without it, the name of the file.

        Raises :class:`vanthu.VanthuError` with its cause, and ``TypeError`` for anything else than the three.
        """
        return self._native.read(source, name)

    def restore(self, text: str, *, force: bool = False) -> Restored:
        """Repairs a text line for line. ``force`` also repairs lines that look good, as what a Vietnamese OCR engine gave.

        >>> str(Pipeline().restore("uy ban nhan dan tinh"))
        'ủy ban nhân dân tỉnh'
        """
        return self._native.restore(text, force)

    def parse(self, text: str, *, restore: bool = False) -> Directive:
        """Reads what a text orders; with ``restore``, repairs it first."""
        return self._native.parse_restored(text) if restore else _vanthu.parse(text)

    def page_count(self, source: Readable, *, name: str | None = None) -> int | None:
        """Number of pages that :meth:`read_pages` can read apart from each other; ``None`` for documents that are read as
        a whole.

        >>> Pipeline().page_count(b"text", name="a.txt") is None
        True
        """
        return self._native.page_count(source, name)

    def read_pages(self, source: Readable, first: int, end: int, *, name: str | None = None) -> bytes:
        """Reads the pages ``first`` (from 0) to ``end`` (without it) of a document, for :meth:`join`: several machines can
        share a long document."""
        return self._native.read_pages(source, first, end, name)

    def join(self, parts: Iterable[bytes], *, name: str) -> Record:
        """Makes the record of a document whose pages were read apart: that which :meth:`read` makes."""
        return self._native.join(list(parts), name)

    @property
    def versions(self) -> str:
        """Versions of vanthu, its models and engines: what decides a record besides the input and the options."""
        return self._native.versions


_lock = threading.Lock()
_pipeline: Pipeline | None = None


def _shared() -> Pipeline:
    """The pipeline of the functions below, loaded when the first of them is called."""
    global _pipeline
    with _lock:
        if _pipeline is None:
            _pipeline = Pipeline()
        return _pipeline


def read(source: Readable, *, name: str | None = None) -> Record:
    """Reads a path, bytes or a file opened in binary mode and makes its record.

    >>> record = read("Điều 1. Giao Sở Tài chính báo cáo trước ngày 30/6/2026.".encode(), name="order.txt")
    >>> [task.deadlines[0].date for task in record.directive.tasks]
    ['2026-06-30']

    See :meth:`Pipeline.read`.
    """
    return _shared().read(source, name=name)


def restore(text: str, *, force: bool = False) -> Restored:
    """Repairs a text line for line.

    >>> restored = restore("uy ban nhan dan tinh")
    >>> restored.text
    'ủy ban nhân dân tỉnh'
    >>> [(change.raw, change.text) for change in restored.changes][:2]
    [('uy', 'ủy'), ('nhan', 'nhân')]
    """
    return _shared().restore(text, force=force)


def parse(text: str, *, restore: bool = False) -> Directive:
    """Reads what a text orders; with ``restore``, repairs it first.

    >>> directive = parse("Điều 1. Giao Sở Tài chính chủ trì, phối hợp với Sở Y tế báo cáo trước ngày 30/6/2026.")
    >>> [(unit.name, unit.role) for unit in directive.tasks[0].units]
    [('Sở Tài chính', 'lead'), ('Sở Y tế', 'coordinate')]
    """
    return _shared().parse(text, restore=True) if restore else _vanthu.parse(text)


def convert(text: str | bytes, *, encoding: str | None = None) -> Converted:
    """Turns text in an old Vietnamese encoding (TCVN3, VNI, VPS, VISCII, VIQR, windows-1258) into Unicode. Without
    ``encoding`` it is told line by line.

    >>> convert(b"Uy? ban nha^n da^n ti?nh", encoding="VIQR").text
    'Uỷ ban nhân dân tỉnh'
    """
    return _vanthu.convert(text, encoding)


def records_to_arrow(records: Iterable[Record], *, names: Iterable[str] | None = None) -> Tables:
    """The Arrow tables of some records: ``documents``, ``tasks``, ``targets``, ``references``.

    Their columns are those of the Parquet files of ``vanthu ingest --format parquet``. The column ``record`` joins them:
    ``names``, or what the records' files would be called without. Nothing is copied through JSON or on the way to
    whoever takes the tables in:

    >>> tables = records_to_arrow([read("Điều 1. Giao Sở Y tế báo cáo trước ngày 30/6/2026.".encode(), name="a.txt")])
    >>> tables
    Tables(documents: 1, tasks: 1, targets: 0, references: 0)
    >>> import pyarrow
    >>> pyarrow.table(tables.tasks).column("due").to_pylist()
    [datetime.date(2026, 6, 30)]
    """
    return _vanthu.tables(records, None if names is None else list(names))
