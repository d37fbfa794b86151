//! The tables of the encodings of eight bits.

use super::LegacyEncoding;
use encoding_rs::WINDOWS_1252;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// An encoding of eight bits, over characters that are its bytes read as windows-1252.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// What one character stands for: a letter or a combining mark.
    one: FxHashMap<char, char>,
    /// What a letter and the mark after it stand for.
    two: FxHashMap<(char, char), char>,
}

static TABLES: LazyLock<[Table; 5]> = LazyLock::new(|| {
    let aliases = include_str!("../../../../dictionaries/legacy_aliases.tsv");
    LegacyEncoding::EIGHT_BITS.map(|encoding| {
        let rows = match encoding {
            LegacyEncoding::Tcvn3 => include_str!("../../../../dictionaries/legacy_tcvn3.tsv"),
            LegacyEncoding::Vni => include_str!("../../../../dictionaries/legacy_vni.tsv"),
            LegacyEncoding::Vps => include_str!("../../../../dictionaries/legacy_vps.tsv"),
            LegacyEncoding::Viscii => include_str!("../../../../dictionaries/legacy_viscii.tsv"),
            LegacyEncoding::Windows1258 => include_str!("../../../../dictionaries/legacy_windows_1258.tsv"),
            LegacyEncoding::Viqr => "",
        };
        Table::parse(rows, aliases, encoding)
    })
});

/// The table of an encoding; none for VIQR, which has no bytes of its own.
pub(super) fn table(encoding: LegacyEncoding) -> Option<&'static Table> {
    let at = LegacyEncoding::EIGHT_BITS.iter().position(|e| *e == encoding)?;
    TABLES.get(at)
}

impl Table {
    fn parse(rows: &str, aliases: &str, encoding: LegacyEncoding) -> Self {
        let mut table = Table::default();
        for line in rows.lines().filter(|l| !l.starts_with('#')) {
            let Some((from, to)) = line.split_once('\t') else { continue };
            let mut bytes = from.split(' ').filter_map(|b| u8::from_str_radix(b, 16).ok());
            // Combining marks stand as code points: on their own they are hard to see.
            let to = match u32::from_str_radix(to, 16).ok().filter(|_| to.len() == 4) {
                Some(code) => char::from_u32(code),
                None => to.chars().next(),
            };
            let (Some(first), Some(to)) = (bytes.next(), to) else { continue };
            match bytes.next() {
                Some(mark) => {
                    for mark in both_cases(mark) {
                        table.two.entry((western(first), western(mark))).or_insert(to);
                    }
                }
                None => {
                    table.one.insert(western(first), to);
                    // Read as ISO 8859-1, the bytes 80–9F are control characters.
                    table.one.insert(char::from(first), to);
                }
            }
        }
        for line in aliases.lines().filter(|l| !l.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(name), Some(alias), Some(byte)) = (columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            let alias = u32::from_str_radix(alias, 16).ok().and_then(char::from_u32);
            let to = u8::from_str_radix(byte, 16).ok().and_then(|b| table.one.get(&western(b)).copied());
            if let (true, Some(alias), Some(to)) = (name == encoding.name(), alias, to) {
                table.one.entry(alias).or_insert(to);
            }
        }
        table
    }

    /// The text that `text` stands for, NFC. What the encoding does not know stays.
    pub(super) fn convert(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + text.len() / 4);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let pair = chars.peek().and_then(|next| self.two.get(&(c, *next)));
            if let Some(&letter) = pair {
                chars.next();
                out.push(letter);
                // Some put the shape and the tone of a letter into marks of their own ("eâï").
                if let Some(tone) =
                    chars.peek().and_then(|next| self.tone(*next)).filter(|_| !has_tone(letter))
                {
                    chars.next();
                    out.push(tone);
                }
            } else {
                out.push(self.one.get(&c).copied().unwrap_or(c));
            }
        }
        out.nfc().collect()
    }

    /// The combining mark that a mark stands for which is nothing but a tone.
    fn tone(&self, mark: char) -> Option<char> {
        let letter = self.two.get(&('a', mark))?;
        let mut parts = letter.nfd().skip(1);
        parts.next().filter(|c| TONES.contains(c) && parts.next().is_none())
    }

    /// Whether `next` is a mark on `letter`.
    pub(super) fn is_pair(&self, letter: char, next: char) -> bool {
        self.two.contains_key(&(letter, next))
    }
}

/// The tones, as combining marks.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

fn has_tone(letter: char) -> bool {
    letter.nfd().any(|c| TONES.contains(&c))
}

/// What a byte is in windows-1252.
fn western(byte: u8) -> char {
    WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// A byte that is a letter in windows-1252, in both cases.
fn both_cases(byte: u8) -> [u8; 2] {
    match byte {
        0xc0..=0xde => [byte, byte + 0x20],
        0xe0..=0xfe => [byte, byte - 0x20],
        _ => [byte, byte],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LegacyEncoding::{Tcvn3, Viscii, Vni, Vps, Windows1258};

    fn read(encoding: LegacyEncoding, text: &str) -> String {
        table(encoding).unwrap().convert(text)
    }

    #[test]
    fn each_encoding_is_read() {
        assert_eq!(
            read(Tcvn3, "céng hoµ x· héi chñ nghÜa ViÖt Nam, §\u{ad}êng"),
            "cộng hoà xã hội chủ nghĩa Việt Nam, Đường"
        );
        assert_eq!(read(Tcvn3, "nh− ®∙"), "như đã");
        assert_eq!(
            read(Vni, "COÄNG HOØA xaõ hoäi chuû nghóa Vieät Nam, Ñöôøng"),
            "CỘNG HÒA xã hội chủ nghĩa Việt Nam, Đường"
        );
        assert_eq!(read(Vni, "UÛy ban, Uûy ban, yù kieán, kyõ, kî"), "Ủy ban, Ủy ban, ý kiến, kỹ, kỵ");
        assert_eq!(read(Vni, "coâng vieâïc"), "công việc");
        assert_eq!(read(Windows1258, "Ti\u{ea}ìng Viêòt, ðýõÌng"), "Tiếng Việt, đường");
        assert_eq!(read(Viscii, "Ti\u{aa}ng Vi\u{ae}t"), "Tiếng Việt");
        assert_eq!(read(Vps, "Ti\u{2030}ng Vi\u{152}t"), "Tiếng Việt");
    }

    #[test]
    fn every_small_letter_has_a_place() {
        for encoding in LegacyEncoding::EIGHT_BITS {
            let table = table(encoding).unwrap();
            let letters = table.one.len() + table.two.len();
            assert!(letters > 30, "{} holds {letters}", encoding.name());
            // Line ends and tabs are text in all of them.
            assert!(['\t', '\n', '\r', '\u{c}', ' '].iter().all(|c| !table.one.contains_key(c)));
        }
    }
}
