//! How texts are folded before they are compared: the rules of the reference scorers, which are written in Python and
//! follow its notions of white space, word character, case and rounding.

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use vanthu_model::older_placement;

/// White space as Python's `str.split` sees it: Unicode's, and the four separators of ASCII.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// A character that Python's `\w` matches: letters, numbers and the underscore. Rust's alphabetic characters are more:
/// marks and circled letters among them.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    let circled = matches!(
        u32::from(c),
        0x24b6..=0x24e9 | 0x1f130..=0x1f149 | 0x1f150..=0x1f169 | 0x1f170..=0x1f189
    );
    c.is_numeric() || (c.is_alphabetic() && !is_combining_mark(c) && !circled)
}

/// The parts of a text between white space.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|part| !part.is_empty())
}

/// The text in NFC with white space folded to one blank.
pub(crate) fn squeezed(text: &str) -> String {
    let composed: String = text.nfc().collect();
    split(&composed).collect::<Vec<_>>().join(" ")
}

/// The text without Vietnamese marks, đ as d: what is left when only the letters themselves count.
pub fn without_marks(text: &str) -> String {
    let plain = |c| match c {
        'đ' => 'd',
        'Đ' => 'D',
        c => c,
    };
    text.chars().map(plain).nfd().filter(|c| canonical_combining_class(*c) == 0).collect()
}

/// The text with white space taken out.
pub(crate) fn unspaced(text: &str) -> String {
    text.chars().filter(|c| !is_space(*c)).collect()
}

/// Full case folding.
pub(crate) fn casefold(text: &str) -> String {
    UniCase::unicode(text).to_folded_case()
}

/// The runs of word characters of a text, in NFC and case-folded.
pub(crate) fn words(text: &str) -> Vec<String> {
    let folded = casefold(&text.nfc().collect::<String>());
    folded.split(|c| !is_word(c)).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// The tone mark where the older placement has it (hoà → hòa), the case of each letter kept.
pub(crate) fn fold_tone(token: &str) -> String {
    let lower = token.to_lowercase();
    let older = older_placement(&lower);
    if older == lower {
        return token.to_owned();
    }
    let kept = token.chars().count().saturating_sub(2);
    let (head, tail): (Vec<_>, Vec<_>) = token.chars().enumerate().partition(|(i, _)| *i < kept);
    let marked = older.chars().skip(older.chars().count().saturating_sub(2));
    let mut out: String = head.into_iter().map(|(_, c)| c).collect();
    for ((_, printed), c) in tail.into_iter().zip(marked) {
        if printed.is_uppercase() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// `value` rounded to `places` decimals as Python's `round` does it: to the nearest decimal of the exact value, ties to
/// the even digit.
pub(crate) fn round(value: f64, places: usize) -> f64 {
    // Formatting rounds the exact value; reading it back gives the float nearest to the decimal.
    format!("{value:.places$}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tone_marks_move_and_case_stays() {
        assert_eq!(fold_tone("Hoà"), "Hòa");
        assert_eq!(fold_tone("HOÀ"), "HÒA");
        assert_eq!(fold_tone("quý"), "quý");
        assert_eq!(fold_tone("thuỶ"), "thủY");
        assert_eq!(fold_tone("hoàn"), "hoàn");
    }

    #[test]
    fn letters_are_left_when_marks_are_taken() {
        assert_eq!(without_marks("Đường về Quý Hợi"), "Duong ve Quy Hoi");
    }

    #[test]
    fn rounding_is_that_of_the_exact_value() {
        assert_eq!(round(0.015625, 5), 0.01562);
        assert_eq!(round(0.046875, 5), 0.04688);
        assert_eq!(round(2.0 / 3.0, 4), 0.6667);
        assert_eq!(round(0.03125, 4), 0.0312);
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(words("Quyết định số 12/QĐ-UBND_x, ⓐ"), ["quyết", "định", "số", "12", "qđ", "ubnd_x"]);
        assert_eq!(casefold("Straße"), "strasse");
    }
}
