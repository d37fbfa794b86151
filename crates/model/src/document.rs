use crate::span::{CharIndex, Span};
use crate::spelling::composed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was read from one input, and what we made of it.
///
/// Invariants: `text` is NFC; pages, blocks, lines and words are in reading order and their spans point
/// into `text`, each inside its parent's; the text of a line is the text under its span.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// The whole repaired text, NFC. Lines end with `\n`, blocks are parted by an empty line,
    /// pages by a form feed on a line's start (`\u{c}`).
    pub text: String,
    /// The pages in order.
    pub pages: Vec<Page>,
    /// Every repair made to the raw reading.
    pub changes: Vec<Change>,
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// Degrees clockwise by which the page of the file was turned to stand upright: 90, 180 or 270. Width, height and
    /// all boxes are those of the upright page.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub turned: u16,
    /// Width in points (1/72 inch); absent for plain text.
    pub width: Option<f32>,
    /// Height in points (1/72 inch); absent for plain text.
    pub height: Option<f32>,
    /// What the page's own text layer was judged to be.
    pub verdict: Verdict,
    /// Where the text that we kept came from.
    pub origin: Origin,
    /// Clean-up and reading steps that ran, in order, with their parameters ("deskew 1.4", "ocr Vietnamese").
    pub steps: Vec<String>,
    /// What a digital-signature stamp on the page said, if there was one. Never part of the text.
    pub signature_stamp: Option<String>,
    /// Ink that was kept out of the text: stamps, handwriting, dirt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Region>,
    /// The page's part of `document.text`.
    pub span: Span,
    /// Blocks in reading order.
    pub blocks: Vec<Block>,
}

fn is_zero(degrees: &u16) -> bool {
    *degrees == 0
}

/// A place on a page whose ink is no print of the document, with what was read there. Never part of the text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Region {
    /// [`BlockKind::Stamp`] or [`BlockKind::Handwriting`].
    pub kind: BlockKind,
    /// Box on the page.
    pub bbox: Option<BBox>,
    /// What the reader made of it, lines parted by `\n`; may be empty.
    pub text: String,
    /// How sure the reader was, 0 to 0.5: readers of print are no judges of ink by hand.
    pub confidence: f32,
}

/// A run of lines that belong together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// What the block is.
    pub kind: BlockKind,
    /// Box on the page.
    pub bbox: Option<BBox>,
    /// The block's part of `document.text`.
    pub span: Span,
    /// Lines in reading order.
    pub lines: Vec<Line>,
    /// Which cell of a table the block is, where the table was read cell by cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<Cell>,
}

/// The place of a cell in its table. Cells without text leave no block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// The table, counted from 1 through the document. A table that goes on over a page break keeps its number and
    /// goes on counting its rows.
    pub table: u32,
    /// The uppermost row that the cell covers, counted from 0.
    pub row: u32,
    /// The leftmost column that the cell covers, counted from 0.
    pub column: u32,
    /// Number of rows it covers, from 1.
    pub row_span: u32,
    /// Number of columns it covers, from 1.
    pub column_span: u32,
}

/// What a block is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Running text.
    #[default]
    Text,
    /// The left column of the document head (issuing body, number).
    HeadLeft,
    /// The right column of the document head (motto, place and date).
    HeadRight,
    /// The left column of the foot (recipients).
    FootLeft,
    /// The right column of the foot (signing authority, signer).
    FootRight,
    /// A cell or row of a table.
    Table,
    /// Page number, running head.
    Furniture,
    /// A footnote.
    Footnote,
    /// A seal, registry stamp or urgency stamp.
    Stamp,
    /// Handwriting, a signature, or other ink that is no print.
    Handwriting,
}

/// One line of print.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// The line's part of `document.text`, without its line end.
    pub span: Span,
    /// Box on the page.
    pub bbox: Option<BBox>,
    /// The words, parted by white space in the text.
    pub words: Vec<Word>,
}

/// One word: what was read and what it was repaired to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Word {
    /// As read, never edited. Holds a blank where two read words were joined into one.
    pub raw: String,
    /// As repaired, equal to the text under `span`. Holds a blank where one read word was parted.
    pub text: String,
    /// Position in `document.text`.
    pub span: Span,
    /// Box on the page.
    pub bbox: Option<BBox>,
    /// How sure we are of `text`, 0 to 1.
    pub confidence: f32,
    /// Where it was read.
    pub origin: Origin,
    /// What else the word may be by its picture, where that was asked: `raw` has the rest of the probability. What is all
    /// but ruled out is left out. For the repair; not written.
    #[serde(skip)]
    pub readings: Vec<Reading>,
}

/// What a word may be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The word.
    pub text: String,
    /// By its picture alone, 0 to 1, whatever stands around it.
    pub probability: f32,
}

/// A box in points (1/72 inch), origin at the page's top left as it is read (after rotation).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BBox {
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

impl BBox {
    /// The smallest box around both.
    pub fn union(self, o: BBox) -> BBox {
        BBox { x0: self.x0.min(o.x0), y0: self.y0.min(o.y0), x1: self.x1.max(o.x1), y1: self.y1.max(o.y1) }
    }
}

/// Where text was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A text file.
    #[default]
    File,
    /// The text layer of a PDF.
    TextLayer,
    /// Optical character recognition.
    Ocr,
    /// Converted from a legacy encoding.
    Converted,
}

/// What a page's own text was judged to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Vietnamese with its marks.
    #[default]
    Good,
    /// Vietnamese without any marks.
    NoMarks,
    /// Read by an OCR engine for another language.
    WrongEngine,
    /// In a legacy font encoding (TCVN3, VNI, ...).
    LegacyEncoding,
    /// Glyphs without a Unicode mapping.
    Unmapped,
    /// No text, or nothing but a signature stamp.
    Empty,
    /// Another language.
    OtherLanguage,
}

/// One repair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Position of the repaired text in `document.text`.
    pub span: Span,
    /// As read.
    pub raw: String,
    /// As repaired.
    pub text: String,
    /// What kind of repair.
    pub kind: ChangeKind,
    /// The rule or model that made it.
    pub cause: String,
    /// Posterior probability of the repair, 0 to 1.
    pub confidence: f32,
}

/// What a repair touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Diacritics only: the letters agree when marks are removed.
    Marks,
    /// Letters.
    Letters,
    /// A word parted or words joined.
    Spacing,
    /// A digit, date, amount or document symbol: the kind to review first.
    Digits,
}

impl Document {
    /// A document of plain text: a form feed parts pages, an empty line parts blocks. Every line of the
    /// input is a line of the text (`\r\n` and `\r` count as `\n`), white space inside lines is kept.
    pub fn from_text(text: &str) -> Self {
        let text: String =
            text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
        let text = composed(text);
        let mut pages = Vec::new();
        let mut at = 0;
        for (i, page) in text.split('\u{c}').enumerate() {
            at += usize::from(i > 0);
            let start = at;
            let mut blocks: Vec<Block> = Vec::new();
            let mut open = false;
            for (j, line) in page.split('\n').enumerate() {
                at += usize::from(j > 0);
                let len = line.chars().count();
                if line.trim().is_empty() {
                    open = false;
                } else {
                    let span = Span::new(at, at + len);
                    let line = Line { span, bbox: None, words: words_of(line, at) };
                    match blocks.last_mut() {
                        Some(b) if open => {
                            b.span.end = span.end;
                            b.lines.push(line);
                        }
                        _ => blocks.push(Block { span, lines: vec![line], ..Block::default() }),
                    }
                    open = true;
                }
                at += len;
            }
            pages.push(Page { number: i as u32 + 1, span: Span::new(start, at), blocks, ..Page::default() });
        }
        Self { text, pages, changes: Vec::new() }
    }

    /// All lines in reading order.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.pages.iter().flat_map(|p| p.blocks.iter().flat_map(|b| b.lines.iter()))
    }

    /// All words in reading order.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.lines().flat_map(|l| l.words.iter())
    }

    /// The numbers of the pages that `span` touches, in order.
    pub fn pages_of(&self, span: Span) -> Vec<u32> {
        self.pages.iter().filter(|p| p.span.overlaps(&span)).map(|p| p.number).collect()
    }

    /// Rebuilds `text` and all spans from the words' `text`, after words were read or repaired. `lead` gives the
    /// white space before each line; here lines are joined by one line end, blocks by an empty line, pages by a form feed.
    pub fn rebuild(&mut self) {
        let mut text = String::new();
        let mut at = 0;
        let mut push = |text: &mut String, s: &str| {
            text.push_str(s);
            at += s.chars().count();
            at
        };
        let mut here = 0;
        let count = self.pages.len();
        for (i, page) in self.pages.iter_mut().enumerate() {
            page.span.start = here;
            for (j, block) in page.blocks.iter_mut().enumerate() {
                if j > 0 {
                    here = push(&mut text, "\n");
                }
                block.span.start = here;
                for line in &mut block.lines {
                    line.span.start = here;
                    for (k, word) in line.words.iter_mut().enumerate() {
                        if k > 0 {
                            here = push(&mut text, " ");
                        }
                        word.span.start = here;
                        word.text = composed(std::mem::take(&mut word.text));
                        here = push(&mut text, &word.text);
                        word.span.end = here;
                    }
                    line.span.end = here;
                    here = push(&mut text, "\n");
                }
                block.span.end = block.lines.last().map_or(here, |l| l.span.end);
            }
            page.span.end = here;
            if i + 1 < count {
                here = push(&mut text, "\u{c}");
            }
        }
        self.text = text;
    }

    /// Checks the invariants; the message names the first that is broken. For tests.
    pub fn check(&self) -> Result<(), String> {
        let ix = CharIndex::new(&self.text);
        let whole = Span::new(0, ix.chars());
        for p in &self.pages {
            if !whole.contains(&p.span) {
                return Err(format!("page {} leaves the text", p.number));
            }
            for b in &p.blocks {
                if !p.span.contains(&b.span) {
                    return Err(format!("block {:?} leaves page {}", b.span, p.number));
                }
                for l in &b.lines {
                    if !b.span.contains(&l.span) {
                        return Err(format!("line {:?} leaves its block {:?}", l.span, b.span));
                    }
                    for w in &l.words {
                        if !l.span.contains(&w.span) {
                            return Err(format!("word {:?} leaves its line {:?}", w.span, l.span));
                        }
                        if ix.slice(&self.text, w.span) != w.text {
                            return Err(format!(
                                "word {:?} reads {:?}",
                                w.text,
                                ix.slice(&self.text, w.span)
                            ));
                        }
                        if !(0.0..=1.0).contains(&w.confidence) {
                            return Err(format!("word {:?} has confidence {}", w.text, w.confidence));
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// The white-space separated words of `line`, which begins at character `at` of the document.
fn words_of(line: &str, at: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (i, c) in line.chars().enumerate() {
        if c.is_whitespace() {
            open = false;
            continue;
        }
        if !open {
            words.push(Word { span: Span::new(at + i, at + i), confidence: 1.0, ..Word::default() });
            open = true;
        }
        if let Some(w) = words.last_mut() {
            w.raw.push(c);
            w.text.push(c);
            w.span.end = at + i + 1;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_keeps_its_lines_and_points_into_itself() {
        let d = Document::from_text("Số: 1/QĐ-UBND \n\n  Điều 1\r\nhai\u{c}trang hai\n");
        assert_eq!(d.text, "Số: 1/QĐ-UBND \n\n  Điều 1\nhai\u{c}trang hai\n");
        d.check().unwrap();
        assert_eq!(d.pages.len(), 2);
        assert_eq!(d.pages[0].blocks.len(), 2);
        assert_eq!(
            d.words().map(|w| w.raw.as_str()).collect::<Vec<_>>(),
            ["Số:", "1/QĐ-UBND", "Điều", "1", "hai", "trang", "hai"]
        );
    }

    #[test]
    fn decomposed_input_becomes_nfc() {
        let d = Document::from_text("Tie\u{302}\u{301}ng");
        assert_eq!(d.text, "Tiếng");
        d.check().unwrap();
    }

    #[test]
    fn rebuild_lays_words_out_anew() {
        let mut d = Document::from_text("mot hai\nba\n\nbon\u{c}nam");
        d.pages[0].blocks[0].lines[0].words[0].text = "một".into();
        d.rebuild();
        assert_eq!(d.text, "một hai\nba\n\nbon\n\u{c}nam\n");
        d.check().unwrap();
    }
}
