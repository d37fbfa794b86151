//! What was read: pages, blocks, lines, words. Each object holds a share of the record and its place in it, so that a
//! document of thousands of pages costs no more than what is looked at.

use crate::record::Span;
use crate::view::{real, view, word};
use pyo3::prelude::*;
use std::sync::Arc;
use vanthu_model as model;

type Owner = Arc<model::Record>;

view!(
    /// What was read from one input, and what was made of it. The text is NFC.
    Document(Owner => model::Document, |h| &h.document)
    |m| {
        /// The whole repaired text. Lines end with a line end, blocks are parted by an empty line, pages by a form feed.
        text: &str = &m.text,
        /// Every repair made to the raw reading.
        changes: Vec<Change> = m.changes.iter().cloned().map(Change).collect(),
    }
    and |owner| {
        /// The pages in order.
        pages: Vec<Page> = (0..owner.document.pages.len()).map(|i| Page((owner.clone(), i))).collect(),
    }
);

view!(
    /// One page.
    Page((Owner, usize) => model::Page, |h| &h.0.document.pages[h.1])
    |m| {
        /// Counted from 1.
        number: u32 = m.number,
        /// Width in points (1/72 inch); absent for plain text.
        width: Option<f64> = m.width.map(real),
        /// Height in points (1/72 inch); absent for plain text.
        height: Option<f64> = m.height.map(real),
        /// What the page's own text layer was judged to be: `good`, `no_marks`, `wrong_engine`, `legacy_encoding`,
        /// `unmapped`, `empty` or `other_language`.
        verdict: String = word(&m.verdict),
        /// Where the text came from: `file`, `text_layer`, `ocr` or `converted`.
        origin: String = word(&m.origin),
        /// Clean-up and reading steps that ran, in order.
        steps: Vec<String> = m.steps.clone(),
        /// What a digital-signature stamp said, if there was one. Never part of the text.
        signature_stamp: Option<&str> = m.signature_stamp.as_deref(),
        /// Ink that was kept out of the text: stamps, handwriting, dirt.
        regions: Vec<Region> = m.regions.iter().cloned().map(Region).collect(),
        /// The page's part of the text.
        span: Span = Span(m.span),
    }
    and |at| {
        /// Blocks in reading order.
        blocks: Vec<Block> = {
            let (owner, page) = at;
            (0..owner.document.pages[*page].blocks.len()).map(|i| Block((owner.clone(), [*page, i]))).collect()
        },
    }
);

view!(
    /// A place on a page whose ink is no print of the document, with what was read there.
    Region(model::Region => model::Region, |h| h)
    |m| {
        /// `stamp` or `handwriting`.
        kind: String = word(&m.kind),
        /// Box on the page.
        bbox: Option<BBox> = m.bbox.map(BBox),
        /// What the reader made of it; may be empty.
        text: &str = &m.text,
        /// How sure the reader was, 0 to 0.5.
        confidence: f64 = real(m.confidence),
    }
);

view!(
    /// A run of lines that belong together.
    Block((Owner, [usize; 2]) => model::Block, |h| &h.0.document.pages[h.1[0]].blocks[h.1[1]])
    |m| {
        /// `text`, `head_left`, `head_right`, `foot_left`, `foot_right`, `table`, `furniture`, `footnote`, `stamp` or
        /// `handwriting`.
        kind: String = word(&m.kind),
        /// Box on the page.
        bbox: Option<BBox> = m.bbox.map(BBox),
        /// The block's part of the text.
        span: Span = Span(m.span),
        /// Which cell of a table the block is, where the table was read cell by cell.
        cell: Option<Cell> = m.cell.map(Cell),
    }
    and |at| {
        /// Lines in reading order.
        lines: Vec<Line> = {
            let (owner, [page, block]) = at;
            let count = owner.document.pages[*page].blocks[*block].lines.len();
            (0..count).map(|i| Line((owner.clone(), [*page, *block, i]))).collect()
        },
    }
);

view!(
    /// The place of a cell in its table.
    Cell(model::Cell => model::Cell, |h| h)
    |m| {
        /// The table, counted from 1 through the document.
        table: u32 = m.table,
        /// The uppermost row that the cell covers, counted from 0.
        row: u32 = m.row,
        /// The leftmost column that the cell covers, counted from 0.
        column: u32 = m.column,
        /// Number of rows it covers, from 1.
        row_span: u32 = m.row_span,
        /// Number of columns it covers, from 1.
        column_span: u32 = m.column_span,
    }
);

view!(
    /// One line of print.
    Line((Owner, [usize; 3]) => model::Line, |h| &h.0.document.pages[h.1[0]].blocks[h.1[1]].lines[h.1[2]])
    |m| {
        /// The line's part of the text, without its line end.
        span: Span = Span(m.span),
        /// Box on the page.
        bbox: Option<BBox> = m.bbox.map(BBox),
        /// The words, parted by white space in the text.
        words: Vec<Word> = m.words.iter().cloned().map(Word).collect(),
    }
);

view!(
    /// One word: what was read and what it was repaired to.
    Word(model::Word => model::Word, |h| h)
    |m| {
        /// As read, never edited. Holds a blank where two read words were joined into one.
        raw: &str = &m.raw,
        /// As repaired. Holds a blank where one read word was parted.
        text: &str = &m.text,
        /// Position in the text.
        span: Span = Span(m.span),
        /// Box on the page.
        bbox: Option<BBox> = m.bbox.map(BBox),
        /// How sure we are of `text`, 0 to 1.
        confidence: f64 = real(m.confidence),
        /// Where it was read: `file`, `text_layer`, `ocr` or `converted`.
        origin: String = word(&m.origin),
    }
);

view!(
    /// A box in points (1/72 inch), origin at the page's top left as it is read.
    BBox(model::BBox => model::BBox, |h| h)
    |m| {
        /// Left edge.
        x0: f64 = real(m.x0),
        /// Top edge.
        y0: f64 = real(m.y0),
        /// Right edge.
        x1: f64 = real(m.x1),
        /// Bottom edge.
        y1: f64 = real(m.y1),
    }
);

view!(
    /// One repair.
    Change(model::Change => model::Change, |h| h)
    |m| {
        /// Position of the repaired text.
        span: Span = Span(m.span),
        /// As read.
        raw: &str = &m.raw,
        /// As repaired.
        text: &str = &m.text,
        /// What it touched: `marks`, `letters`, `spacing` or `digits`; the last is the kind to review first.
        kind: String = word(&m.kind),
        /// The rule or model that made it.
        cause: &str = &m.cause,
        /// Posterior probability of the repair, 0 to 1.
        confidence: f64 = real(m.confidence),
    }
);
