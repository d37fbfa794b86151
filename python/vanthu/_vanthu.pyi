"""Types of the native part. ``python -m mypy.stubtest vanthu._vanthu`` holds them against the compiled module."""

import os
from collections.abc import Iterable
from typing import IO, Any, Final, final

from typing_extensions import CapsuleType

__all__ = [
    "CAUSES",
    "RECORD_SCHEMA",
    "__version__",
    "Annex",
    "BBox",
    "Block",
    "Cell",
    "Change",
    "Converted",
    "Deadline",
    "Diagnostic",
    "Directive",
    "Document",
    "Engine",
    "Evidence",
    "FieldEvidence",
    "Line",
    "Metadata",
    "Objective",
    "OutlineNode",
    "Page",
    "Record",
    "Reference",
    "Region",
    "Restored",
    "ResultFigure",
    "Source",
    "Span",
    "Table",
    "Tables",
    "Target",
    "Task",
    "TaskUnit",
    "Unit",
    "Word",
    "NativePipeline",
    "convert",
    "parse",
    "record_from_json",
    "tables",
]

__version__: Final[str]
RECORD_SCHEMA: Final[str]
CAUSES: Final[list[str]]

@final
class Record:
    """All that is known of one input: what was read and repaired, what it orders, and what worked on it."""

    @property
    def schema(self) -> str:
        """Name and version of the JSON contract: `vanthu.record/1`."""
    @property
    def source(self) -> Source:
        """The input as it was found."""
    @property
    def engine(self) -> Engine:
        """Versions of all that had a say."""
    @property
    def document(self) -> Document:
        """What was read and repaired."""
    @property
    def directive(self) -> Directive:
        """What the document is and what it orders."""
    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What a reader of the record should know: damage, doubts, gaps."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line, byte for byte what `vanthu ingest` writes, without its line end."""
    @staticmethod
    def from_json(json: str) -> Record:
        """The record that was written as this JSON, such as a line of `records.jsonl`."""
    def with_path(self, path: str) -> Record:
        """The same record for another file of the same content."""
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self) -> tuple[Any, tuple[str]]: ...

def record_from_json(json: str) -> Record:
    """The record that was written as this JSON."""

@final
class Source:
    """The input as it was found."""

    @property
    def path(self) -> str:
        """Name of the file."""
    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in lower-case hexadecimal."""
    @property
    def media_type(self) -> str:
        """Media type found by looking at the bytes, such as `application/pdf`."""
    @property
    def bytes(self) -> int:
        """Size in bytes."""
    @property
    def pages(self) -> int:
        """Number of pages."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Engine:
    """Versions of all that had a say."""

    @property
    def vanthu(self) -> str:
        """Version of vanthu."""
    @property
    def restorer_model(self) -> str:
        """Identity of the restorer's model."""
    @property
    def ocr(self) -> str | None:
        """OCR engine and its version, where one ran."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Diagnostic:
    """A remark for people and programs."""

    @property
    def code(self) -> str:
        """Stable code in snake case, such as `label_skipped`."""
    @property
    def severity(self) -> str:
        """`info`, `warning` or `error`."""
    @property
    def message(self) -> str:
        """For people."""
    @property
    def span(self) -> Span | None:
        """What it is about, where it is about a passage."""
    @property
    def page(self) -> int | None:
        """Page counted from 1, where it is about a page."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Span:
    """A half-open range of `document.text`, in characters: `text[span.start:span.end]`."""

    @property
    def start(self) -> int:
        """First character."""
    @property
    def end(self) -> int:
        """One past the last character."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Document:
    """What was read from one input, and what was made of it. The text is NFC."""

    @property
    def text(self) -> str:
        """The whole repaired text. Lines end with a line end, blocks are parted by an empty line, pages by a form
        feed.
        """
    @property
    def changes(self) -> list[Change]:
        """Every repair made to the raw reading."""
    @property
    def pages(self) -> list[Page]:
        """The pages in order."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Page:
    """One page."""

    @property
    def number(self) -> int:
        """Counted from 1."""
    @property
    def width(self) -> float | None:
        """Width in points (1/72 inch); absent for plain text."""
    @property
    def height(self) -> float | None:
        """Height in points (1/72 inch); absent for plain text."""
    @property
    def verdict(self) -> str:
        """What the page's own text layer was judged to be: `good`, `no_marks`, `wrong_engine`, `legacy_encoding`,
        `unmapped`, `empty` or `other_language`.
        """
    @property
    def origin(self) -> str:
        """Where the text came from: `file`, `text_layer`, `ocr` or `converted`."""
    @property
    def steps(self) -> list[str]:
        """Clean-up and reading steps that ran, in order."""
    @property
    def signature_stamp(self) -> str | None:
        """What a digital-signature stamp said, if there was one. Never part of the text."""
    @property
    def regions(self) -> list[Region]:
        """Ink that was kept out of the text: stamps, handwriting, dirt."""
    @property
    def span(self) -> Span:
        """The page's part of the text."""
    @property
    def blocks(self) -> list[Block]:
        """Blocks in reading order."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Region:
    """A place on a page whose ink is no print of the document, with what was read there."""

    @property
    def kind(self) -> str:
        """`stamp` or `handwriting`."""
    @property
    def bbox(self) -> BBox | None:
        """Box on the page."""
    @property
    def text(self) -> str:
        """What the reader made of it; may be empty."""
    @property
    def confidence(self) -> float:
        """How sure the reader was, 0 to 0.5."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Block:
    """A run of lines that belong together."""

    @property
    def kind(self) -> str:
        """`text`, `head_left`, `head_right`, `foot_left`, `foot_right`, `table`, `furniture`, `footnote`, `stamp`
        or `handwriting`.
        """
    @property
    def bbox(self) -> BBox | None:
        """Box on the page."""
    @property
    def span(self) -> Span:
        """The block's part of the text."""
    @property
    def cell(self) -> Cell | None:
        """Which cell of a table the block is, where the table was read cell by cell."""
    @property
    def lines(self) -> list[Line]:
        """Lines in reading order."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Cell:
    """The place of a cell in its table."""

    @property
    def table(self) -> int:
        """The table, counted from 1 through the document."""
    @property
    def row(self) -> int:
        """The uppermost row that the cell covers, counted from 0."""
    @property
    def column(self) -> int:
        """The leftmost column that the cell covers, counted from 0."""
    @property
    def row_span(self) -> int:
        """Number of rows it covers, from 1."""
    @property
    def column_span(self) -> int:
        """Number of columns it covers, from 1."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Line:
    """One line of print."""

    @property
    def span(self) -> Span:
        """The line's part of the text, without its line end."""
    @property
    def bbox(self) -> BBox | None:
        """Box on the page."""
    @property
    def words(self) -> list[Word]:
        """The words, parted by white space in the text."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Word:
    """One word: what was read and what it was repaired to."""

    @property
    def raw(self) -> str:
        """As read, never edited. Holds a blank where two read words were joined into one."""
    @property
    def text(self) -> str:
        """As repaired. Holds a blank where one read word was parted."""
    @property
    def span(self) -> Span:
        """Position in the text."""
    @property
    def bbox(self) -> BBox | None:
        """Box on the page."""
    @property
    def confidence(self) -> float:
        """How sure we are of `text`, 0 to 1."""
    @property
    def origin(self) -> str:
        """Where it was read: `file`, `text_layer`, `ocr` or `converted`."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class BBox:
    """A box in points (1/72 inch), origin at the page's top left as it is read."""

    @property
    def x0(self) -> float:
        """Left edge."""
    @property
    def y0(self) -> float:
        """Top edge."""
    @property
    def x1(self) -> float:
        """Right edge."""
    @property
    def y1(self) -> float:
        """Bottom edge."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Change:
    """One repair."""

    @property
    def span(self) -> Span:
        """Position of the repaired text."""
    @property
    def raw(self) -> str:
        """As read."""
    @property
    def text(self) -> str:
        """As repaired."""
    @property
    def kind(self) -> str:
        """What it touched: `marks`, `letters`, `spacing` or `digits`; the last is the kind to review first."""
    @property
    def cause(self) -> str:
        """The rule or model that made it."""
    @property
    def confidence(self) -> float:
        """Posterior probability of the repair, 0 to 1."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Directive:
    """What a document is and what it orders: the entries of a task register."""

    @property
    def metadata(self) -> Metadata:
        """Identity: type, symbol, date, issuer, subject, signer, addressees."""
    @property
    def outline(self) -> list[OutlineNode]:
        """Headings in text order, parents first."""
    @property
    def tasks(self) -> list[Task]:
        """Orders in text order."""
    @property
    def targets(self) -> list[Target]:
        """Measurable aims in text order."""
    @property
    def objectives(self) -> list[Objective]:
        """Aims in words, in text order."""
    @property
    def results(self) -> list[ResultFigure]:
        """Figures of the past in sections of results, in text order."""
    @property
    def annexes(self) -> list[Annex]:
        """Attached documents and appendices in order."""
    @property
    def units(self) -> list[Unit]:
        """Every unit that a task names, once, with the forms seen."""
    @property
    def references(self) -> list[Reference]:
        """Cited documents in order of first mention."""
    @property
    def diagnostics(self) -> list[Diagnostic]:
        """Slips and doubts: skipped labels, impossible dates, units that no list knows."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Evidence:
    """Where an entry came from and how sure it is."""

    @property
    def spans(self) -> list[Span]:
        """Passages of the text, in order. Empty only where the value was inferred."""
    @property
    def pages(self) -> list[int]:
        """Pages of the passages, counted from 1."""
    @property
    def rule(self) -> str:
        """Name of the rule that made the entry."""
    @property
    def confidence(self) -> float:
        """0 to 1."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class FieldEvidence:
    """How a field of the metadata was had."""

    @property
    def how(self) -> str:
        """`printed`, `repaired` or `inferred`."""
    @property
    def evidence(self) -> Evidence:
        """Where it stands."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Metadata:
    """Identity of a document. A field that the paper leaves blank is `None`."""

    @property
    def kind(self) -> str | None:
        """Abbreviation of the type (NQ, QĐ, CT, KH, BC, ...), `CV` for a công văn, `BTN` for a news article."""
    @property
    def number(self) -> str | None:
        """The line of the number as printed."""
    @property
    def symbol(self) -> str | None:
        """Number and symbol (*số ký hiệu*)."""
    @property
    def issuer(self) -> str | None:
        """Issuing body."""
    @property
    def parent_issuer(self) -> str | None:
        """The body above it, where the head names one."""
    @property
    def place(self) -> str | None:
        """Place of issue (*địa danh*)."""
    @property
    def date(self) -> str | None:
        """ISO date of issue; "2025-04" where the day is blank."""
    @property
    def subject(self) -> str | None:
        """Subject (*trích yếu*)."""
    @property
    def signer(self) -> str | None:
        """Name of the signer."""
    @property
    def signer_title(self) -> str | None:
        """Title of the signer, as printed."""
    @property
    def signing_authority(self) -> str | None:
        """Signing authority, as printed."""
    @property
    def addressees(self) -> list[str]:
        """Under *Kính gửi*."""
    @property
    def recipients(self) -> list[str]:
        """Under *Nơi nhận*."""
    @property
    def legal_bases(self) -> list[str]:
        """Legal bases (*Căn cứ ...*), as printed."""
    @property
    def urgency(self) -> str | None:
        """Mark of urgency."""
    @property
    def secrecy(self) -> str | None:
        """Mark of secrecy."""
    @property
    def evidence(self) -> dict[str, FieldEvidence]:
        """For each field above that has a value, where it came from."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class OutlineNode:
    """A heading."""

    @property
    def id(self) -> str:
        """Path of labels, such as `main/II/2/2.2`; unique."""
    @property
    def parent(self) -> str | None:
        """Id of the heading above."""
    @property
    def level(self) -> int:
        """Nesting from 1."""
    @property
    def label(self) -> str:
        """Label, repaired."""
    @property
    def label_raw(self) -> str:
        """Label as read."""
    @property
    def title(self) -> str:
        """Title without the label."""
    @property
    def role(self) -> str:
        """What the section is for, such as `task`."""
    @property
    def evidence(self) -> Evidence:
        """Where it came from."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Task:
    """An order: the smallest passage that tells someone what to do from now on."""

    @property
    def id(self) -> str:
        """Made from section and text, so that it stays when unrelated text changes; unique in its document."""
    @property
    def text(self) -> str:
        """The passage, without bullet or label, white space folded."""
    @property
    def section(self) -> str:
        """Path of outline labels joined by "/"; "" outside all sections."""
    @property
    def units(self) -> list[TaskUnit]:
        """Who must do it, with whom, and who gets the report."""
    @property
    def deadlines(self) -> list[Deadline]:
        """By when."""
    @property
    def targets(self) -> list[int]:
        """Indices into the targets of the directive."""
    @property
    def products(self) -> list[str]:
        """What is to be delivered (*sản phẩm*), as printed."""
    @property
    def evidence(self) -> Evidence:
        """Where it came from."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class TaskUnit:
    """A unit's part in a task."""

    @property
    def name(self) -> str:
        """As printed."""
    @property
    def role(self) -> str:
        """`lead`, `coordinate` or `recipient`."""
    @property
    def unit_id(self) -> str:
        """Id in the units of the directive."""
    @property
    def origin(self) -> str:
        """How the unit came to the task: `sentence`, `heading`, `lead_in`, `table_cell`, `attribute_line`,
        `previous_sentence` or `addressee`.
        """
    @property
    def evidence(self) -> Evidence:
        """Where it came from."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Unit:
    """A unit, once."""

    @property
    def id(self) -> str:
        """Folded name; unique."""
    @property
    def name(self) -> str:
        """The fullest form seen."""
    @property
    def forms(self) -> list[str]:
        """All forms seen, in order of first mention."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Deadline:
    """By when a task is due."""

    @property
    def text(self) -> str:
        """As printed."""
    @property
    def kind(self) -> str:
        """`date`, `period`, `recurring` or `event`."""
    @property
    def date(self) -> str | None:
        """`date`: the last day, ISO."""
    @property
    def start(self) -> str | None:
        """`period`: first day, ISO."""
    @property
    def end(self) -> str | None:
        """`period`: last day, ISO."""
    @property
    def rrule(self) -> str | None:
        """`recurring`: RFC 5545 rule."""
    @property
    def inclusive(self) -> bool | None:
        """False where the day itself is excluded ("trước ngày"), true where it is not ("chậm nhất ngày")."""
    @property
    def inferred_year(self) -> bool:
        """Whether the year was taken from the date of issue."""
    @property
    def evidence(self) -> Evidence:
        """Where it came from."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Target:
    """A measurable aim."""

    @property
    def text(self) -> str:
        """As printed."""
    @property
    def indicator(self) -> str:
        """What is measured."""
    @property
    def direction(self) -> str:
        """`reach`, `increase` or `decrease`."""
    @property
    def comparator(self) -> str:
        """`=`, `>=`, `<=`, `>`, `<` or `range`."""
    @property
    def value(self) -> float:
        """The value, or the lower end of a range."""
    @property
    def value_high(self) -> float | None:
        """The upper end of a range."""
    @property
    def unit(self) -> str | None:
        """"%", "tỷ đồng", "hồ sơ", ..."""
    @property
    def baseline(self) -> str | None:
        """What it is compared with, as printed."""
    @property
    def by(self) -> str | None:
        """ISO date by which."""
    @property
    def evidence(self) -> Evidence:
        """Where it came from."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Reference:
    """A cited document."""

    @property
    def kind(self) -> str:
        """Abbreviation of the type; `Luật` for a law."""
    @property
    def symbol(self) -> str | None:
        """Number and symbol."""
    @property
    def name(self) -> str | None:
        """Name, for a law cited by its name."""
    @property
    def date(self) -> str | None:
        """ISO date."""
    @property
    def issuer(self) -> str | None:
        """As printed."""
    @property
    def relation(self) -> str:
        """What the document does with it: `mentioned`, `basis`, `amended` or `repealed`."""
    @property
    def articles(self) -> list[str]:
        """Articles cited, as printed."""
    @property
    def evidence(self) -> Evidence:
        """Where it came from: the first mention first."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Objective:
    """An aim in words: a passage under *Mục đích*, *Yêu cầu* or *Mục tiêu*."""

    @property
    def text(self) -> str:
        """The passage, without bullet or label, white space folded."""
    @property
    def section(self) -> str:
        """Path of outline labels joined by "/"; "" outside all sections."""
    @property
    def evidence(self) -> Evidence:
        """Where it came from."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class ResultFigure:
    """A figure of the past: what a report says was reached."""

    @property
    def text(self) -> str:
        """The clause that tells it, as printed."""
    @property
    def value(self) -> float:
        """The number."""
    @property
    def unit(self) -> str:
        """"%", "tỷ đồng", or the word that is counted."""
    @property
    def section(self) -> str:
        """Path of outline labels joined by "/"; "" outside all sections."""
    @property
    def evidence(self) -> Evidence:
        """Where it came from."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Annex:
    """An attached document or appendix."""

    @property
    def id(self) -> str:
        """First part of the ids of its headings."""
    @property
    def title(self) -> str | None:
        """Its title, as printed; absent where it has none."""
    @property
    def tasks(self) -> list[str]:
        """Ids of the tasks that stand in it."""
    @property
    def evidence(self) -> Evidence:
        """Where its body stands."""
    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries, lists and values, in the shape of the JSON Schema."""
    def to_json(self) -> str:
        """The same as JSON on one line."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class Table:
    """An Arrow table. Anything that knows the Arrow C data interface takes it in without a copy: `pyarrow.table(t)`,
    `polars.DataFrame(t)`, `duckdb.sql("from t")`, `pandas.DataFrame.from_arrow(t)`.
    """

    @property
    def name(self) -> str:
        """`documents`, `tasks`, `targets` or `references`."""
    @property
    def column_names(self) -> list[str]:
        """Names of the columns."""
    @property
    def num_rows(self) -> int:
        """Number of rows."""
    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> CapsuleType:
        """The schema in a capsule of the Arrow C data interface."""
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> CapsuleType:
        """The batches in a capsule of the Arrow C data interface."""

@final
class Tables:
    """The tables of some records. The column `record` joins them."""

    @property
    def documents(self) -> Table:
        """A row a record."""
    @property
    def tasks(self) -> Table:
        """A row a task."""
    @property
    def targets(self) -> Table:
        """A row a target."""
    @property
    def references(self) -> Table:
        """A row a cited document."""

def tables(records: Iterable[Record], names: list[str] | None) -> Tables:
    """The tables of records."""

@final
class Restored:
    """A repaired text. `str()` gives the text."""

    @property
    def text(self) -> str:
        """The text: as many lines as were given, NFC."""
    @property
    def changes(self) -> list[Change]:
        """Every repair, with its place in the text."""

@final
class Converted:
    """A text turned into Unicode. `str()` gives the text."""

    @property
    def text(self) -> str:
        """The text, NFC."""
    @property
    def encoding(self) -> str:
        """The encoding of the bytes, such as `UTF-8` or `TCVN3`."""
    @property
    def found(self) -> list[tuple[str, int]]:
        """Legacy encodings that were found, each with the number of words in its lines, the most used first."""

@final
class NativePipeline:
    """The three stages, loaded once. Any number of Python threads may use it at a time."""

    def __new__(
        cls,
        *,
        password: str | None,
        tessdata: str | os.PathLike[str] | None,
        ocr_models: list[str] | None,
        model: str | os.PathLike[str] | None,
        lexicon: str | os.PathLike[str] | None,
        threshold: float,
        keep_reading: bool,
        limits: list[int | None],
        threads: int,
    ) -> NativePipeline:
        """Loads engines and models."""
    def read(
        self, source: str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes], name: str | None
    ) -> Record:
        """Reads a path, bytes or a file object."""
    def page_count(
        self, source: str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes], name: str | None
    ) -> int | None:
        """Number of pages that can be read apart from each other."""
    def read_pages(
        self,
        source: str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes],
        first: int,
        end: int,
        name: str | None,
    ) -> bytes:
        """Reads some pages of a document, from 0."""
    def join(self, parts: list[bytes], name: str) -> Record:
        """Makes the record of a document whose pages were read apart."""
    def restore(self, text: str, force: bool) -> Restored:
        """Repairs a text line for line."""
    def parse_restored(self, text: str) -> Directive:
        """Repairs a text and reads what it orders."""
    @property
    def versions(self) -> str:
        """Versions of the program, its models and engines."""

def parse(text: str) -> Directive:
    """Reads what a text orders."""

def convert(text: str | bytes, encoding: str | None) -> Converted:
    """Text in an old Vietnamese encoding into Unicode."""
