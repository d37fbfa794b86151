//! What is mended before anything is read: composition, look-alike letters, invisible characters.

use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// `line` in NFC, with look-alikes of Vietnamese letters made the letters themselves where they stand among Latin
/// ones, and without soft hyphens and zero-width characters. Text that is right is borrowed, not copied.
pub fn normalise(line: &str) -> Cow<'_, str> {
    if is_nfc(line) && !line.chars().any(|c| invisible(c) || look_alike(c).is_some()) {
        return Cow::Borrowed(line);
    }
    let composed: Vec<char> = line.nfc().filter(|c| !invisible(*c)).collect();
    let latin = |c: Option<&char>| {
        c.is_some_and(|c| {
            c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
        })
    };
    let mut out = String::with_capacity(line.len());
    for (i, &c) in composed.iter().enumerate() {
        let among_latin = latin(composed.get(i + 1)) || i > 0 && latin(composed.get(i - 1));
        match look_alike(c) {
            // Eth and African D are never Vietnamese; other scripts stay where they stand among themselves.
            Some(d) if d == 'Đ' || d == 'đ' || among_latin => out.push(d),
            _ => out.push(c),
        }
    }
    Cow::Owned(out.nfc().collect())
}

/// Characters that are not seen and part words for a machine only.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The Latin letter that `c` of another alphabet looks like (Unicode confusables, the letters seen in Vietnamese files).
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'Ð' | 'Ɖ' => 'Đ',
        'ð' | 'ɖ' => 'đ',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'а' => 'a',
        'с' => 'c',
        'е' => 'e',
        'о' | 'ο' => 'o',
        'р' => 'p',
        'х' => 'x',
        'у' => 'y',
        'і' => 'i',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_text_is_borrowed() {
        assert!(matches!(normalise("Điều 1. Ủy ban"), Cow::Borrowed(_)));
        assert!(matches!(normalise("Москва"), Cow::Owned(s) if s == "Москва"));
    }

    #[test]
    fn look_alikes_and_invisible_characters_go() {
        assert_eq!(normalise("Ðiều khoаn"), "Điều khoan");
        assert_eq!(normalise("hành\u{ad} chính"), "hành chính");
        assert_eq!(normalise("Tie\u{302}\u{301}ng"), "Tiếng");
    }
}
