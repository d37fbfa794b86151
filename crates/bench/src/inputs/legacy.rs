//! Text written in the encodings from before Unicode, by the tables that it is read with.

use std::collections::HashMap;

/// An encoding that text can be written in.
pub struct Encoding {
    /// Its name.
    pub name: &'static str,
    table: &'static str,
}

/// TCVN3 (ABC).
pub static TCVN3: Encoding =
    Encoding { name: "TCVN3", table: include_str!("../../../../dictionaries/legacy_tcvn3.tsv") };

/// VNI for Windows.
pub static VNI: Encoding =
    Encoding { name: "VNI", table: include_str!("../../../../dictionaries/legacy_vni.tsv") };

impl Encoding {
    /// The bytes of `text`. Capitals that the encoding lacks are written small, as they were, in a font of capitals; what else
    /// it lacks becomes `?`.
    pub fn encode(&self, text: &str) -> Vec<u8> {
        let mut letters: HashMap<char, Vec<u8>> = HashMap::new();
        for (from, to) in
            self.table.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'))
        {
            let bytes = from.split(' ').filter_map(|b| u8::from_str_radix(b, 16).ok()).collect();
            if let Some(letter) = to.chars().next() {
                letters.entry(letter).or_insert(bytes);
            }
        }
        let mut out = Vec::with_capacity(text.len());
        for c in text.chars() {
            let small = || c.to_lowercase().next().and_then(|c| letters.get(&c));
            match letters.get(&c).or_else(small) {
                Some(bytes) => out.extend(bytes),
                None if c.is_ascii() => out.push(c as u8),
                // Typists of the time wrote dashes so.
                None if "–—".contains(c) => out.push(b'-'),
                None => out.push(u8::try_from(u32::from(c)).unwrap_or(b'?')),
            }
        }
        out
    }

    /// The bytes of `text` read as windows-1252, as other programs hand such text over.
    pub fn as_western(&self, text: &str) -> String {
        self.encode(text).into_iter().map(western).collect()
    }
}

/// A byte as windows-1252 reads it.
fn western(byte: u8) -> char {
    const UPPER: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
