//! Property modifiers ([MS-DOC] 2.6): what changes a run of characters or a paragraph.

use super::bytes::{u16_at, u32_at};
use crate::office::laid::{Laid, LaidRow};

/// What is set for a run of characters. `None`: as the style has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Character {
    /// Font of letters that are not ASCII, by its place in the font table.
    pub font: Option<u16>,
    pub capitals: Option<bool>,
    pub hidden: Option<bool>,
    pub deleted: bool,
    /// Whether the character is special, so that its code is not a letter.
    pub special: bool,
    pub style: Option<u16>,
    /// A sign of a font of signs: font and code.
    pub symbol: Option<(u16, u16)>,
}

/// What is set for a paragraph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub style: u16,
    pub in_table: bool,
    /// Whether its mark ends a row of a table.
    pub ends_row: bool,
    pub page_break: bool,
    /// Level in its list, from 0.
    pub level: Option<u8>,
    /// Which list it is an item of, from 1; 0 for none.
    pub list: Option<u16>,
    /// Which of the document's rows it ends, where it says how that is laid.
    pub row: Option<u32>,
}

/// The modifiers in `list`: code and operand.
fn modifiers(list: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let code = u16_at(list, at)?;
        at += 2;
        let rest = list.get(at..)?;
        let first = || rest.first().map(|b| usize::from(*b));
        let (skip, size) = match (code, code >> 13) {
            // The definition of a table says its size in two bytes, and that one too large.
            (0xd608, _) => (2, usize::from(u16_at(rest, 0)?).checked_sub(1)?),
            (0xc615, _) if first() == Some(255) => {
                let deleted = usize::from(*rest.get(1)?);
                let added = usize::from(*rest.get(2 + deleted * 4)?);
                (1, 2 + deleted * 4 + added * 3)
            }
            (_, 0 | 1) => (0, 1),
            (_, 2 | 4 | 5) => (0, 2),
            (_, 3) => (0, 4),
            (_, 7) => (0, 3),
            _ => (1, first()?),
        };
        at += skip + size;
        Some((code, rest.get(skip..skip.checked_add(size)?)?))
    })
}

impl Character {
    /// Sets what the modifiers in `list` say.
    pub(super) fn apply(&mut self, list: &[u8]) {
        let mut ascii = None;
        for (code, operand) in modifiers(list) {
            let on = operand.first().map(|b| *b == 1 || *b == 0x81);
            match code {
                0x4a51 => self.font = u16_at(operand, 0),
                0x4a4f => ascii = u16_at(operand, 0),
                0x4a30 => self.style = u16_at(operand, 0),
                0x083b => self.capitals = on,
                0x083c => self.hidden = on,
                0x0800 => self.deleted = on == Some(true),
                0x0855 => self.special = on == Some(true),
                0x6a09 => {
                    self.symbol = u32_at(operand, 0).map(|v| ((v & 0xffff) as u16, (v >> 16) as u16));
                }
                _ => {}
            }
        }
        self.font = self.font.or(ascii);
    }

    /// What is set here, or else in the style.
    pub(super) fn or(self, style: Character) -> Character {
        Character {
            font: self.font.or(style.font),
            capitals: self.capitals.or(style.capitals),
            hidden: self.hidden.or(style.hidden),
            ..self
        }
    }
}

impl Paragraph {
    /// Sets what the modifiers in `list` say.
    pub(super) fn apply(&mut self, list: &[u8]) {
        for (code, operand) in modifiers(list) {
            let on = operand.first() == Some(&1);
            match code {
                0x2416 => self.in_table = on,
                0x2417 => self.ends_row = on,
                // Depth in tables inside tables.
                0x6649 => self.in_table = u32_at(operand, 0).is_some_and(|n| n > 0),
                0x244c => self.ends_row = on,
                0x2407 => self.page_break = on,
                0x260a => self.level = operand.first().copied(),
                0x460b => self.list = u16_at(operand, 0),
                _ => {}
            }
        }
    }
}

/// Where in the stream of data the modifiers of a paragraph stand that has too many for its page.
pub(super) fn elsewhere(list: &[u8]) -> Option<usize> {
    let place = modifiers(list).find(|(code, _)| matches!(code, 0x6645 | 0x6646));
    place.and_then(|(_, operand)| usize::try_from(u32_at(operand, 0)?).ok())
}

/// How a row is laid, if the modifiers of the paragraph that ends it say that ([MS-DOC] 2.9.315, 2.9.320).
pub(super) fn row(list: &[u8]) -> Option<LaidRow> {
    let (_, definition) = modifiers(list).find(|(code, _)| *code == 0xd608)?;
    let cells = usize::from(*definition.first()?);
    let edge = |i: usize| u16_at(definition, 1 + i * 2).map(|v| i32::from(v as i16));
    let cell = |i: usize| {
        // Definitions may end before the flags of the last cells.
        let flags = u16_at(definition, 1 + (cells + 1) * 2 + i * 20).unwrap_or(0);
        Some(Laid { end: edge(i + 1)?, joins_left: flags & 0x3 == 0x2, joins_above: flags & 0x60 == 0x20 })
    };
    Some(LaidRow { start: edge(0)?, cells: (0..cells).map(cell).collect::<Option<_>>()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_of_all_sizes_are_stepped_over() {
        let mut c = Character::default();
        // Bold, an operand of variable size, size of the font, the font.
        c.apply(&[0x35, 0x08, 1, 0x0f, 0xc6, 2, 9, 9, 0x43, 0x4a, 24, 0, 0x51, 0x4a, 3, 0]);
        assert_eq!(c.font, Some(3));
        let mut p = Paragraph::default();
        p.apply(&[0x16, 0x24, 1, 0x0b, 0x46, 2, 0]);
        assert_eq!((p.in_table, p.list), (true, Some(2)));
        p.apply(&[0x17, 0x24]);
        assert!(!p.ends_row);
    }

    #[test]
    fn a_row_says_where_its_cells_end_and_which_they_go_on() {
        let mut list = vec![0x08, 0xd6];
        let mut definition = vec![2];
        definition.extend([-108i16, 1000, 3000].iter().flat_map(|e| e.to_le_bytes()));
        definition.extend([0x20, 0]);
        definition.resize(definition.len() + 18, 0);
        list.extend((definition.len() as u16 + 1).to_le_bytes());
        list.extend(definition);
        let row = row(&list).unwrap();
        assert_eq!(row.start, -108);
        assert_eq!(row.cells[0], Laid { end: 1000, joins_left: false, joins_above: true });
        assert_eq!(row.cells[1], Laid { end: 3000, ..Laid::default() });
    }
}
