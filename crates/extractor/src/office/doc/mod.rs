//! Word documents from before 2007 ([MS-DOC]): an OLE file whose stream of text is cut into pieces.

mod bytes;
mod formatting;
mod lists;
mod sprm;

use super::flow::Flow;
use super::laid::LaidRow;
use super::symbols;
use crate::error::ExtractError;
use crate::options::Limits;
use bytes::{size_at, u16_at, u32_at};
use encoding_rs::WINDOWS_1252;
use formatting::{Fonts, Runs, Styles, characters, paragraphs};
use lists::Lists;
use sprm::{Character, Paragraph};
use std::io::{Cursor, Read};
use vanthu_model::BlockKind;

/// Versions of the file information block: Word 97 and later has this one or higher.
const WORD_97: u16 = 101;

/// Reads a Word document.
///
/// # Errors
/// `encrypted`, `damaged`, `unsupported` where the file is another kind of OLE file, and what [`Flow`] refuses.
pub(crate) fn read(file: &[u8], limits: &Limits) -> Result<Flow, ExtractError> {
    let broken = || ExtractError::damaged("the OLE container of the document is broken");
    let mut ole = cfb::CompoundFile::open(Cursor::new(file)).map_err(|_| broken())?;
    if ole.exists("/EncryptedPackage") || ole.exists("/EncryptionInfo") {
        return Err(ExtractError::encrypted("the document is encrypted"));
    }
    if !ole.exists("/WordDocument") {
        return Err(ExtractError::unsupported(
            "the content is an old Office file that is no Word document, which is not read",
            "convert it to PDF or DOCX",
        ));
    }
    let mut stream = |name: &str| -> Result<Vec<u8>, ExtractError> {
        let mut bytes = Vec::new();
        let stream = ole.open_stream(name).map_err(|_| broken())?;
        stream.take(limits.max_stream_bytes).read_to_end(&mut bytes).map_err(|_| broken())?;
        Ok(bytes)
    };
    let document = stream("/WordDocument")?;
    let flags = u16_at(&document, 0x0a).ok_or_else(broken)?;
    if flags & 0x0100 != 0 {
        return Err(ExtractError::encrypted("the document is encrypted"));
    }
    let mut flow = Flow::new(limits);
    if u16_at(&document, 2).ok_or_else(broken)? < WORD_97 {
        plain_text(&document, &mut flow)?;
        return Ok(flow);
    }
    let table = stream(if flags & 0x0200 != 0 { "/1Table" } else { "/0Table" })?;
    // Only some documents have one.
    let data = stream("/Data").unwrap_or_default();
    let document = Document::open(&document, &table, &data)
        .ok_or_else(|| ExtractError::damaged("the Word document lacks its table of text pieces"))?;
    document.read(&mut flow)?;
    Ok(flow)
}

/// The text of a file of Word 6 or 95, whose formatting is laid out differently: characters of windows-1252.
fn plain_text(document: &[u8], flow: &mut Flow) -> Result<(), ExtractError> {
    let text = size_at(document, 0x18)
        .zip(size_at(document, 0x34))
        .and_then(|(from, length)| document.get(from..from.checked_add(length)?))
        .ok_or_else(|| ExtractError::damaged("the Word document ends before its text"))?;
    let mut writer = Writer::default();
    for c in WINDOWS_1252.decode_without_bom_handling(text).0.chars() {
        match c {
            '\u{7}' => flow.end_cell(),
            c => writer.put(flow, c, Character::default(), None, BlockKind::Text)?,
        }
    }
    Ok(())
}

/// A piece of text: characters `from..to` stand at byte `at` of the document stream.
#[derive(Debug, Clone, Copy)]
struct TextPiece {
    from: usize,
    to: usize,
    at: usize,
    /// One byte a character (windows-1252), or two (UTF-16).
    narrow: bool,
}

struct Document<'a> {
    bytes: &'a [u8],
    pieces: Vec<TextPiece>,
    characters: Runs<Character>,
    paragraphs: Runs<Paragraph>,
    rows: Vec<LaidRow>,
    styles: Styles,
    fonts: Fonts,
    lists: Lists,
    /// Lengths in characters of the text, notes, running heads, macros, comments, end notes, boxes, boxes of heads.
    parts: [usize; 8],
}

impl<'a> Document<'a> {
    fn open(bytes: &'a [u8], table: &'a [u8], data: &[u8]) -> Option<Self> {
        // Places and lengths of the tables stand in pairs from byte 0x9a on.
        let part = |index: usize| -> Option<&'a [u8]> {
            let from = size_at(bytes, 0x9a + index * 8)?;
            table.get(from..from.checked_add(size_at(bytes, 0x9e + index * 8)?)?)
        };
        // The levels of lists follow their table beyond its end.
        let from = |index: usize| {
            table
                .get(size_at(bytes, 0x9a + index * 8)?..)
                .filter(|_| part(index).is_some_and(|p| !p.is_empty()))
        };
        let mut parts = [0; 8];
        for (i, length) in parts.iter_mut().enumerate() {
            *length = size_at(bytes, 0x4c + i * 4)?;
        }
        let (paragraphs, rows) = paragraphs(bytes, part(13).unwrap_or_default(), data);
        Some(Self {
            bytes,
            pieces: pieces(part(33)?)?,
            characters: characters(bytes, part(12).unwrap_or_default()),
            paragraphs,
            rows,
            styles: Styles::read(part(1).unwrap_or_default()),
            fonts: Fonts::read(part(15).unwrap_or_default()),
            lists: Lists::read(from(73).unwrap_or_default(), part(74).unwrap_or_default()),
            parts,
        })
    }

    fn read(&self, flow: &mut Flow) -> Result<(), ExtractError> {
        let mut ends = [0usize; 8];
        let mut at = 0usize;
        for (end, length) in ends.iter_mut().zip(self.parts) {
            at = at.saturating_add(length);
            *end = at;
        }
        // Heads first, as on the page; then the text, text boxes, notes.
        self.part(flow, ends[1]..ends[2], BlockKind::Furniture)?;
        self.part(flow, 0..ends[0], BlockKind::Text)?;
        self.part(flow, ends[5]..ends[6], BlockKind::Text)?;
        self.part(flow, ends[0]..ends[1], BlockKind::Footnote)?;
        self.part(flow, ends[4]..ends[5], BlockKind::Footnote)
    }

    /// The characters of `range`, as blocks of this `kind`.
    fn part(
        &self,
        flow: &mut Flow,
        range: std::ops::Range<usize>,
        kind: BlockKind,
    ) -> Result<(), ExtractError> {
        let mut writer = Writer::default();
        for piece in &self.pieces {
            let (from, to) = (piece.from.max(range.start), piece.to.min(range.end));
            if from >= to {
                continue;
            }
            let width = if piece.narrow { 1 } else { 2 };
            let start = piece.at + (from - piece.from) * width;
            let bytes = self
                .bytes
                .get(start..start + (to - from) * width)
                .ok_or_else(|| ExtractError::damaged("the Word document ends in the middle of its text"))?;
            let mut high = None;
            for (i, unit) in bytes.chunks_exact(width).enumerate() {
                let at = start + i * width;
                let c = match *unit {
                    [byte] => WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next(),
                    [low, top] => match (u16::from_le_bytes([low, top]), high.take()) {
                        (unit @ 0xd800..=0xdbff, _) => {
                            high = Some(unit);
                            None
                        }
                        (unit, Some(high)) => char::decode_utf16([high, unit]).find_map(Result::ok),
                        (unit, None) => char::from_u32(u32::from(unit)),
                    },
                    _ => None,
                };
                if let Some(c) = c {
                    self.put(flow, &mut writer, c, at, kind)?;
                }
            }
        }
        writer.end_row(flow);
        flow.end_block(kind);
        Ok(())
    }

    /// Adds the character that stands at byte `at`.
    fn put(
        &self,
        flow: &mut Flow,
        writer: &mut Writer,
        c: char,
        at: usize,
        kind: BlockKind,
    ) -> Result<(), ExtractError> {
        let paragraph = self.paragraphs.at(at);
        if paragraph.page_break && !flow.is_open() {
            flow.end_page()?;
        }
        if paragraph.in_table && !writer.in_row {
            flow.begin_row();
            writer.in_row = true;
        } else if !paragraph.in_table {
            writer.end_row(flow);
        }
        let ends = matches!(c, '\r' | '\u{7}' | '\u{c}');
        if ends {
            writer.labelled = false;
        }
        match c {
            '\u{7}' if paragraph.ends_row => {
                let row = paragraph.row.and_then(|row| self.rows.get(row as usize));
                if std::mem::take(&mut writer.in_row) {
                    flow.end_laid_row(row.cloned().unwrap_or_default());
                }
                return Ok(());
            }
            '\u{7}' => {
                flow.end_cell();
                return Ok(());
            }
            '\r' if paragraph.in_table => {
                flow.end_line();
                return Ok(());
            }
            _ => {}
        }
        let run = self.styles.character(self.characters.at(at), paragraph.style);
        if run.deleted || run.hidden == Some(true) {
            return Ok(());
        }
        if !ends && !c.is_control() && !std::mem::replace(&mut writer.labelled, true) {
            self.label(flow, paragraph, run)?;
        }
        let c = match run.symbol {
            Some((_, code)) if run.special && c == '(' => symbols::sign(u32::from(code)),
            _ if self.fonts.is_symbol(run.font) && !c.is_control() && (c as u32) < 0x100 => {
                symbols::sign(c as u32)
            }
            _ => symbols::of_private_use(c),
        };
        writer.put(flow, c, run, self.fonts.hint(run.font), kind)
    }

    /// Writes the label of a paragraph, if it is an item of a list. `run` holds where its text begins.
    fn label(&self, flow: &mut Flow, paragraph: Paragraph, run: Character) -> Result<(), ExtractError> {
        let (list, level) = self.styles.list(paragraph.style);
        let list = paragraph.list.or(list).filter(|l| *l != 0);
        let level = paragraph.level.or(level).unwrap_or(0);
        let Some((label, set)) = list.and_then(|l| self.lists.label(l, level)) else { return Ok(()) };
        let font = set.font.or(run.font);
        let label: String = match self.fonts.is_symbol(font) {
            true => label.chars().map(|c| symbols::sign(c as u32)).collect(),
            false => label.chars().map(symbols::of_private_use).collect(),
        };
        flow.text(&format!("{label} "), self.fonts.hint(font))
    }
}

/// The pieces of the text.
fn pieces(clx: &[u8]) -> Option<Vec<TextPiece>> {
    let mut at = 0;
    // Property lists of fast saves come before the table of pieces.
    while clx.get(at) == Some(&1) {
        at += 3 + usize::from(u16_at(clx, at + 1)?);
    }
    if clx.get(at) != Some(&2) {
        return None;
    }
    let size = size_at(clx, at + 1)?;
    let plc = clx.get(at + 5..at.checked_add(5)?.checked_add(size)?)?;
    let count = plc.len().checked_sub(4)? / 12;
    let mut pieces = Vec::with_capacity(count);
    for i in 0..count {
        let place = u32_at(plc, (count + 1) * 4 + i * 8 + 2)?;
        let narrow = place & 0x4000_0000 != 0;
        let at = (place & 0x3fff_ffff) as usize;
        pieces.push(TextPiece {
            from: size_at(plc, i * 4)?,
            to: size_at(plc, i * 4 + 4)?,
            at: if narrow { at / 2 } else { at },
            narrow,
        });
    }
    Some(pieces)
}

/// Writes characters into a flow, with what the special ones among them mean.
#[derive(Default)]
struct Writer {
    /// Open fields: whether what follows is the field's code rather than its result.
    fields: Vec<bool>,
    in_row: bool,
    /// Whether the label of the paragraph was written.
    labelled: bool,
}

impl Writer {
    fn end_row(&mut self, flow: &mut Flow) {
        if std::mem::take(&mut self.in_row) {
            flow.end_row();
        }
    }

    fn put(
        &mut self,
        flow: &mut Flow,
        c: char,
        run: Character,
        hint: Option<crate::legacy::Hint>,
        kind: BlockKind,
    ) -> Result<(), ExtractError> {
        match c {
            '\u{13}' => self.fields.push(true),
            '\u{14}' => {
                if let Some(code) = self.fields.last_mut() {
                    *code = false;
                }
            }
            '\u{15}' => {
                self.fields.pop();
            }
            _ if self.fields.contains(&true) => {}
            '\r' => flow.end_block(kind),
            '\u{b}' => flow.end_line(),
            '\u{c}' => flow.end_page()?,
            '\t' => flow.text("\t", hint)?,
            '\u{1e}' => flow.text("-", hint)?,
            c if c.is_control() && !matches!(c, '\u{80}'..='\u{9f}') => {}
            c => {
                let mut buffer = [0; 4];
                let text = c.encode_utf8(&mut buffer);
                match (run.capitals, hint) {
                    (Some(true), None) => flow.text(&c.to_uppercase().to_string(), None)?,
                    (Some(true), Some(h)) => {
                        flow.text(text, Some(crate::legacy::Hint { capitals: true, ..h }))?
                    }
                    _ => flow.text(text, hint)?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
