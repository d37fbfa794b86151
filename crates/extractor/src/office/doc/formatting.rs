//! Which properties hold where: formatted disk pages, styles and fonts ([MS-DOC] 2.9.33, 2.9.174, 2.9.271, 2.9.286).

use super::bytes::{size_at, u16_at, u32_at};
use super::sprm::{Character, Paragraph, elsewhere, row};
use crate::legacy::{Hint, hint};
use crate::office::laid::LaidRow;
use crate::office::symbols;

/// Bytes of a formatted disk page.
const PAGE: usize = 512;

/// Styles are based on one another no deeper than this.
const MAX_BASES: usize = 16;

/// Properties of runs of bytes of the document stream, in order: where each begins, and what holds there.
#[derive(Debug)]
pub(super) struct Runs<T> {
    runs: Vec<(usize, T)>,
}

impl<T: Copy + Default> Runs<T> {
    /// What holds at the byte `at`.
    pub(super) fn at(&self, at: usize) -> T {
        let i = self.runs.partition_point(|(from, _)| *from <= at);
        i.checked_sub(1).and_then(|i| self.runs.get(i)).map_or_else(T::default, |(_, value)| *value)
    }

    /// Reads the pages that `plc` lists. `value` makes the properties of the entry at a place of a page.
    fn read(
        document: &[u8],
        plc: &[u8],
        entry: usize,
        mut value: impl FnMut(&[u8], usize) -> Option<T>,
    ) -> Self {
        let count = plc.len().saturating_sub(4) / 8;
        let mut runs = Vec::new();
        for i in 0..count {
            let page = u32_at(plc, (count + 1) * 4 + i * 4)
                .map(|n| (n & 0x3f_ffff) as usize * PAGE)
                .and_then(|from| document.get(from..from.checked_add(PAGE)?));
            let Some(page) = page else { continue };
            let entries = page.last().map_or(0, |b| usize::from(*b));
            for k in 0..entries {
                let Some(from) = size_at(page, k * 4) else { break };
                let offset = page.get((entries + 1) * 4 + k * entry).map_or(0, |b| usize::from(*b) * 2);
                let set = if offset == 0 { None } else { value(page, offset) };
                runs.push((from, set.unwrap_or_default()));
            }
        }
        runs.sort_by_key(|(from, _)| *from);
        Self { runs }
    }
}

/// Properties of characters.
pub(super) fn characters(document: &[u8], plc: &[u8]) -> Runs<Character> {
    Runs::read(document, plc, 1, |page, at| {
        let size = usize::from(*page.get(at)?);
        let mut set = Character::default();
        set.apply(page.get(at + 1..at + 1 + size)?);
        Some(set)
    })
}

/// Properties of paragraphs, and how rows of tables are laid. Where a paragraph has too many properties for its page,
/// they stand in `data`.
pub(super) fn paragraphs(document: &[u8], plc: &[u8], data: &[u8]) -> (Runs<Paragraph>, Vec<LaidRow>) {
    let mut rows = Vec::new();
    let runs = Runs::read(document, plc, 13, |page, at| {
        let (at, size) = match usize::from(*page.get(at)?) {
            0 => (at + 2, usize::from(*page.get(at + 1)?) * 2),
            words => (at + 1, words * 2 - 1),
        };
        let list = page.get(at..(at + size).min(page.len()))?;
        let mut set = Paragraph { style: u16_at(list, 0)?, ..Paragraph::default() };
        let mut list = list.get(2..)?;
        set.apply(list);
        if let Some(at) = elsewhere(list) {
            let size = usize::from(u16_at(data, at)?);
            list = data.get(at + 2..at + 2 + size)?;
            set.apply(list);
        }
        if let Some(row) = row(list) {
            set.row = u32::try_from(rows.len()).ok();
            rows.push(row);
        }
        Some(set)
    });
    (runs, rows)
}

/// A style, as far as it matters to text.
#[derive(Debug, Clone, Copy, Default)]
struct Style {
    base: u16,
    character: Character,
    level: Option<u8>,
    list: Option<u16>,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: Vec<Style>,
    /// Font of what has none.
    font: u16,
}

impl Styles {
    /// Reads the style sheet; what is broken of it is left out.
    pub(super) fn read(sheet: &[u8]) -> Self {
        Self::parse(sheet).unwrap_or_default()
    }

    fn parse(sheet: &[u8]) -> Option<Self> {
        let head = usize::from(u16_at(sheet, 0)?);
        let count = usize::from(u16_at(sheet, 2)?);
        let base = usize::from(u16_at(sheet, 4)?);
        let font = if head >= 18 { u16_at(sheet, 2 + 16)? } else { 0 };
        let mut at = 2 + head;
        let mut styles = Vec::new();
        for _ in 0..count {
            let Some(size) = u16_at(sheet, at).map(usize::from) else { break };
            let Some(style) = sheet.get(at + 2..at + 2 + size) else { break };
            styles.push(Self::style(style, base).unwrap_or_default());
            at += 2 + size + size % 2;
        }
        Some(Self { styles, font })
    }

    fn style(style: &[u8], base: usize) -> Option<Style> {
        let kind = u16_at(style, 2)? & 0xf;
        let mut set = Style { base: u16_at(style, 2)? >> 4, ..Style::default() };
        // The name: its length, its characters, a zero.
        let name = usize::from(u16_at(style, base)?);
        let mut at = base + 2 + name * 2 + 2;
        let sets = u16_at(style, 4)? & 0xf;
        for i in 0..sets {
            let size = usize::from(u16_at(style, at)?);
            let list = style.get(at + 2..at + 2 + size)?;
            match (kind, i) {
                (1, 0) => {
                    let mut paragraph = Paragraph::default();
                    paragraph.apply(list.get(2..).unwrap_or_default());
                    (set.level, set.list) = (paragraph.level, paragraph.list);
                }
                (1, 1) | (2, 0) => set.character.apply(list),
                _ => {}
            }
            at += 2 + size + size % 2;
        }
        Some(set)
    }

    fn chain(&self, style: u16) -> impl Iterator<Item = &Style> {
        let mut next = Some(style);
        std::iter::from_fn(move || {
            let style = self.styles.get(usize::from(next?))?;
            next = (style.base != 0x0fff).then_some(style.base);
            Some(style)
        })
        .take(MAX_BASES)
    }

    /// What holds for a run with these properties in a paragraph of this style.
    pub(super) fn character(&self, run: Character, paragraph: u16) -> Character {
        let styled = run.style.into_iter().flat_map(|s| self.chain(s)).map(|s| s.character);
        let all = styled.chain(self.chain(paragraph).map(|s| s.character));
        let set = all.fold(run, Character::or);
        Character { font: set.font.or(Some(self.font)), ..set }
    }

    /// List and level of a paragraph that has none of its own.
    pub(super) fn list(&self, style: u16) -> (Option<u16>, Option<u8>) {
        let list = self.chain(style).find_map(|s| s.list);
        (list, self.chain(style).find_map(|s| s.level))
    }
}

/// What the fonts of a document tell, by their places in the font table.
#[derive(Debug, Default)]
pub(super) struct Fonts {
    fonts: Vec<(Option<Hint>, bool)>,
}

impl Fonts {
    /// Reads the font table.
    pub(super) fn read(table: &[u8]) -> Self {
        let mut fonts = Vec::new();
        let mut at = 4;
        while let Some(size) = table.get(at).map(|b| usize::from(*b)) {
            let name = table.get(at + 40..at + 1 + size).unwrap_or_default();
            let units =
                name.chunks_exact(2).map(|u| u16::from_le_bytes([u[0], u[1]])).take_while(|u| *u != 0);
            let name: String = char::decode_utf16(units).filter_map(Result::ok).collect();
            fonts.push((hint(&name), symbols::is_symbol_font(&name)));
            at += 1 + size;
        }
        Self { fonts }
    }

    /// What the name of a font tells.
    pub(super) fn hint(&self, font: Option<u16>) -> Option<Hint> {
        self.fonts.get(usize::from(font?)).and_then(|(hint, _)| *hint)
    }

    /// Whether a font holds signs.
    pub(super) fn is_symbol(&self, font: Option<u16>) -> bool {
        font.and_then(|f| self.fonts.get(usize::from(f))).is_some_and(|(_, symbols)| *symbols)
    }
}
