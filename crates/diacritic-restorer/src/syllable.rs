//! Letters, marks and tone placement of Vietnamese syllables.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use vanthu_model::older_placement;

/// The base letter of `c` without tone mark, vowel mark or stroke: `ệ` → `e`, `Đ` → `D`.
pub fn base_letter(c: char) -> char {
    match c {
        'đ' => return 'd',
        'Đ' => return 'D',
        c if c.is_ascii() => return c,
        _ => {}
    }
    let mut base = c;
    let mut first = true;
    decompose_canonical(c, |d| {
        if first {
            base = d;
            first = false;
        }
    });
    base
}

/// `text` without any Vietnamese mark.
pub fn strip_marks(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c.is_ascii() { c } else { base_letter(c) })
        .collect()
}

/// `text` without tone marks; the marks that make other letters of vowels stay: Ắ → Ă.
pub fn without_tone(text: &str) -> String {
    text.nfd()
        .filter(|c| !matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}'))
        .nfc()
        .collect()
}

/// Whether `c` is a letter of the Vietnamese alphabet, in either case.
pub fn is_vietnamese_letter(c: char) -> bool {
    base_letter(c).is_ascii_alphabetic() && (c.is_ascii() || is_vietnamese_only(c) || is_shared_accent(c))
}

/// Whether `c` is a letter that no other common language writes: ă, đ, ơ, ư, and vowels with two marks
/// or with hook or dot below.
pub fn is_vietnamese_only(c: char) -> bool {
    matches!(
        c,
        'ă' | 'Ă' | 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | '\u{1ea0}'..='\u{1ef9}'
    )
}

/// Vietnamese letters that French, Spanish or Portuguese have too.
fn is_shared_accent(c: char) -> bool {
    matches!(
        c.to_lowercase().next().unwrap_or(c),
        'à' | 'á' | 'â' | 'ã' | 'è' | 'é' | 'ê' | 'ì' | 'í' | 'ò' | 'ó' | 'ô' | 'õ' | 'ù' | 'ú' | 'ý'
    )
}

/// The form under which the language model knows a word: NFC, lower case, older tone placement.
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        let small = !word.bytes().any(|b| b.is_ascii_uppercase());
        return if small { Cow::Borrowed(word) } else { Cow::Owned(word.to_ascii_lowercase()) };
    }
    let lower: String = word.nfc().flat_map(char::to_lowercase).collect();
    Cow::Owned(older_placement(&lower).into_owned())
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Case {
    /// all small letters
    Lower,
    /// First letter capital
    Title,
    /// ALL CAPITALS, more than one letter
    Upper,
}

impl Case {
    /// The pattern of `word`; a lone capital counts as `Title`, a mixture by its majority.
    pub fn of(word: &str) -> Case {
        let (mut upper, mut lower) = (0usize, 0usize);
        let mut first_upper = None;
        for c in word.chars().filter(|c| c.is_alphabetic()) {
            first_upper.get_or_insert(c.is_uppercase());
            if c.is_uppercase() { upper += 1 } else { lower += 1 }
        }
        match first_upper {
            Some(true) if upper > 1 && upper > lower => Case::Upper,
            Some(true) => Case::Title,
            _ if upper > lower && upper > 1 => Case::Upper,
            _ => Case::Lower,
        }
    }

    /// Writes a lower-case `word` in this pattern.
    pub fn apply(self, word: &str) -> String {
        match self {
            Case::Lower => word.to_owned(),
            Case::Upper => word.chars().flat_map(char::to_uppercase).collect(),
            Case::Title => {
                let mut chars = word.chars();
                chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
            }
        }
    }
}

/// Whether the tone of a syllable goes with its end: those that end in c, ch, p or t bear an acute or a dot below and no
/// other (Thompson 1965, *A Vietnamese Grammar*).
pub fn tone_fits(folded: &str) -> bool {
    let stopped = folded.ends_with(['c', 'p', 't']) || folded.ends_with("ch");
    !stopped || folded.nfd().any(|c| matches!(c, '\u{301}' | '\u{323}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_letters_stay() {
        assert_eq!(strip_marks("Điều khoản được sửa đổi: ỦY BAN"), "Dieu khoan duoc sua doi: UY BAN");
        assert_eq!(base_letter('ữ'), 'u');
        assert_eq!(without_tone("PCĨ ẮỆ Đ"), "PCI ĂÊ Đ");
    }

    #[test]
    fn both_tone_placements_are_one_word() {
        assert_eq!(fold("Hoà"), "hòa");
        assert_eq!(fold("HÓA"), "hóa");
        assert_eq!(fold("quý"), "quý");
        assert_eq!(fold("thuỷ"), "thủy");
        assert_eq!(fold("hoàn"), "hoàn");
    }

    #[test]
    fn case_survives_a_damaged_heading() {
        assert_eq!(Case::of("PiCH"), Case::Upper);
        assert_eq!(Case::of("S"), Case::Title);
        assert_eq!(Case::Upper.apply("đích"), "ĐÍCH");
        assert_eq!(Case::Title.apply("đoàn"), "Đoàn");
    }

    #[test]
    fn stopped_syllables_bear_two_tones() {
        for (syllable, fits) in
            [("đất", true), ("đạt", true), ("đât", false), ("đàt", false), ("sách", true), ("bàn", true)]
        {
            assert_eq!(tone_fits(syllable), fits, "{syllable}");
        }
    }
}
