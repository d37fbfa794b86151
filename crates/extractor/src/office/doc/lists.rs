//! Lists and their labels ([MS-DOC] 2.9.131, 2.9.147, 2.9.150).

use super::bytes::{u16_at, u32_at};
use super::sprm::Character;
use crate::office::numbering::{Counters, LEVELS, Level};
use std::cell::RefCell;

/// Bytes of a list's head and of a level's.
const LIST: usize = 28;
const LEVEL: usize = 28;

/// Bytes of an entry of the table that paragraphs name their lists by.
const OVERRIDE: usize = 16;

/// One list: its levels, and what holds for the characters of their labels.
#[derive(Debug, Default)]
struct List {
    id: u32,
    levels: Vec<Level>,
    characters: Vec<Character>,
}

/// The lists of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    lists: Vec<List>,
    /// The list that a paragraph's number stands for.
    numbers: Vec<u32>,
    counters: RefCell<Counters>,
}

impl Lists {
    /// Reads the lists: `heads` begins at their table, whose levels follow beyond its stated end; `numbers` is the
    /// table that paragraphs name them by. What is broken is left out.
    pub(super) fn read(heads: &[u8], numbers: &[u8]) -> Self {
        let mut lists = Lists::default();
        let count = u16_at(heads, 0).map_or(0, usize::from);
        let mut at = 2 + count * LIST;
        for i in 0..count {
            let head = 2 + i * LIST;
            let (Some(id), Some(flags)) = (u32_at(heads, head), heads.get(head + 26)) else { break };
            let mut list = List { id, ..List::default() };
            for _ in 0..if flags & 1 == 1 { 1 } else { LEVELS } {
                let Some((level, character, size)) = level(heads.get(at..).unwrap_or_default()) else {
                    break;
                };
                list.levels.push(level);
                list.characters.push(character);
                at += size;
            }
            lists.lists.push(list);
        }
        let count = u32_at(numbers, 0).map_or(0, |n| n as usize).min(numbers.len() / OVERRIDE);
        lists.numbers = (0..count).map_while(|i| u32_at(numbers, 4 + i * OVERRIDE)).collect();
        lists
    }

    /// The label of the next item of the list with this number, from 1, and what holds for its characters.
    pub(super) fn label(&self, number: u16, level: u8) -> Option<(String, Character)> {
        let id = *self.numbers.get(usize::from(number).checked_sub(1)?)?;
        let list = self.lists.iter().find(|l| l.id == id)?;
        let level = usize::from(level);
        let label = self.counters.borrow_mut().next(u64::from(id), level, &list.levels);
        (!label.is_empty()).then(|| (label, list.characters.get(level).copied().unwrap_or_default()))
    }
}

/// The rule of a level, what holds for its label, and how many bytes it took.
fn level(bytes: &[u8]) -> Option<(Level, Character, usize)> {
    let start = u32_at(bytes, 0)?;
    let format = match *bytes.get(4)? {
        0 => "decimal",
        1 => "upperRoman",
        2 => "lowerRoman",
        3 => "upperLetter",
        4 => "lowerLetter",
        22 => "decimalZero",
        23 => "bullet",
        255 => "none",
        _ => "decimal",
    };
    let legal = bytes.get(5)? & 4 != 0;
    let characters = usize::from(*bytes.get(24)?);
    let paragraph = usize::from(*bytes.get(25)?);
    let at = LEVEL + paragraph;
    let mut character = Character::default();
    character.apply(bytes.get(at..at + characters)?);
    let at = at + characters;
    let length = usize::from(u16_at(bytes, at)?);
    let units = bytes.get(at + 2..at + 2 + length * 2)?.chunks_exact(2);
    let units = units.map(|u| u16::from_le_bytes([u[0], u[1]]));
    let mut text = String::new();
    for c in char::decode_utf16(units).filter_map(Result::ok) {
        match u32::from(c) {
            // The place of the number of a level.
            n @ 0..=8 => text.push_str(&format!("%{}", n + 1)),
            _ => text.push(c),
        }
    }
    let level = Level { start: i64::from(start), format: format.into(), text, legal };
    Some((level, character, at + 2 + length * 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_made_from_the_tables() {
        let mut heads = vec![1, 0];
        heads.extend(7u32.to_le_bytes());
        heads.extend([0; 22]);
        heads.extend([1, 0]);
        // One level: from 3, upper-case Roman, "Phần %1.".
        heads.extend(3u32.to_le_bytes());
        heads.push(1);
        heads.extend([0; 19]);
        heads.extend([4, 0, 0, 0]);
        heads.extend([0x51, 0x4a, 2, 0]);
        let text: Vec<u16> = "Phần ".encode_utf16().chain([0]).chain(".".encode_utf16()).collect();
        heads.extend((text.len() as u16).to_le_bytes());
        heads.extend(text.iter().flat_map(|u| u.to_le_bytes()));
        let mut numbers = 1u32.to_le_bytes().to_vec();
        numbers.extend(7u32.to_le_bytes());
        numbers.extend([0; 12]);
        let lists = Lists::read(&heads, &numbers);
        let (label, character) = lists.label(1, 0).unwrap();
        assert_eq!((label.as_str(), character.font), ("Phần III.", Some(2)));
        assert_eq!(lists.label(1, 0).unwrap().0, "Phần IV.");
        assert!(lists.label(2, 0).is_none() && lists.label(1, 5).is_none());
    }
}
