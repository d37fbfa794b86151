//! Signs that office documents take from the fonts Symbol and Wingdings.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

static SIGNS: LazyLock<FxHashMap<u32, char>> = LazyLock::new(|| {
    let rows = include_str!("../../../../dictionaries/symbol_font.tsv").lines();
    rows.filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .filter_map(|(byte, sign)| Some((u32::from_str_radix(byte, 16).ok()?, sign.chars().next()?)))
        .collect()
});

/// What a byte stands for in the font Symbol; signs of other fonts are list signs as good as always.
pub(crate) fn sign(code: u32) -> char {
    match SIGNS.get(&(code & 0xff)) {
        Some(sign) => *sign,
        None if code & 0xff < 0x7f => char::from_u32(code & 0xff).unwrap_or('•'),
        None => '•',
    }
}

/// The character itself, or what Word wrote with it: it puts the bytes of sign fonts at U+F000.
pub(crate) fn of_private_use(c: char) -> char {
    match c {
        '\u{f020}'..='\u{f0ff}' => sign(u32::from(c)),
        _ => c,
    }
}

/// Whether a font holds signs in the place of letters.
pub(crate) fn is_symbol_font(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    name == "symbol" || name.starts_with("wingdings") || name.starts_with("webdings")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_unicode() {
        assert_eq!(of_private_use('\u{f0b3}'), '≥');
        assert_eq!(of_private_use('\u{f0b7}'), '•');
        assert_eq!(of_private_use('ế'), 'ế');
        assert_eq!(sign(0x2d), '−');
    }
}
