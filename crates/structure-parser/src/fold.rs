//! Folding of letters for comparison: lower case of equal byte length, and plain ASCII.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Lower case with every character keeping its length in bytes, so that offsets into the result are offsets into
/// `s`; the tone mark of open *oa*, *oe*, *uy* stands on the first vowel (*hoá* → *hóa*, *uỷ* → *ủy*).
pub fn lower(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    // The *u* of "qu" is no vowel: "quý" stays.
    let (mut before, mut last) = (' ', ' ');
    let mut chars = s.chars().peekable();
    while let Some(c) = chars.next() {
        let l = lower_char(c);
        if (last == 'o' || last == 'u')
            && !l.is_ascii()
            && chars.peek().is_none_or(|n| !is_word(*n) || n.is_ascii_digit())
            && before != 'q'
            && let Some((first, second)) = old_style(last, l)
        {
            out.pop();
            out.push(first);
            out.push(second);
            (before, last) = (first, second);
            continue;
        }
        out.push(l);
        (before, last) = (last, l);
    }
    out
}

/// Whether `c` belongs to a word: a letter or digit. Quick for the letters of Vietnamese.
pub fn is_word(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{1ea0}'..='\u{1ef9}' => true,
        '\u{c0}'..='\u{24f}' => !matches!(c, '×' | '÷'),
        _ => c.is_alphanumeric(),
    }
}

/// Whether `c` is a capital. Quick for the letters of Vietnamese.
pub fn is_capital(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_uppercase(),
        '\u{1ea0}'..='\u{1ef9}' => c as u32 & 1 == 0,
        'à'..='ÿ' | 'đ' | 'ă' | 'ĩ' | 'ũ' | 'ơ' | 'ư' => false,
        _ => c.is_uppercase(),
    }
}

/// The first `n` characters of `s`.
pub fn head(s: &str, n: usize) -> &str {
    // Most callers ask for more than there is in bytes, or for plain text.
    match s.char_indices().nth(n) {
        Some((end, _)) => s.get(..end).unwrap_or(s),
        None => s,
    }
}

/// The lower-case letter where it is as long in bytes, the letter itself otherwise.
fn lower_char(c: char) -> char {
    match c {
        '\0'..='\u{7f}' => return c.to_ascii_lowercase(),
        // Vietnamese letters come in pairs, the capital first.
        '\u{1ea0}'..='\u{1ef9}' => return char::from_u32(c as u32 | 1).unwrap_or(c),
        'Ă' | 'Đ' | 'Ĩ' | 'Ũ' | 'Ơ' | 'Ư' => return char::from_u32(c as u32 + 1).unwrap_or(c),
        '×' | 'à'..='ÿ' | 'ă' | 'đ' | 'ĩ' | 'ũ' | 'ơ' | 'ư' | '\u{2000}'..='\u{20ff}' => return c,
        'À'..='Þ' => return char::from_u32(c as u32 + 32).unwrap_or(c),
        _ => {}
    }
    let mut l = c.to_lowercase();
    match (l.next(), l.next()) {
        (Some(x), None) if x.len_utf8() == c.len_utf8() => x,
        _ => c,
    }
}

/// The old placement of the tone for a vowel pair written in the new one, where both take as many bytes.
fn old_style(a: char, b: char) -> Option<(char, char)> {
    Some(match (a, b) {
        ('o', 'á') => ('ó', 'a'),
        ('o', 'à') => ('ò', 'a'),
        ('o', 'ả') => ('ỏ', 'a'),
        ('o', 'ã') => ('õ', 'a'),
        ('o', 'ạ') => ('ọ', 'a'),
        ('o', 'é') => ('ó', 'e'),
        ('o', 'è') => ('ò', 'e'),
        ('o', 'ẻ') => ('ỏ', 'e'),
        ('o', 'ẹ') => ('ọ', 'e'),
        ('u', 'ý') => ('ú', 'y'),
        ('u', 'ỷ') => ('ủ', 'y'),
        ('u', 'ỵ') => ('ụ', 'y'),
        _ => return None,
    })
}

/// Where the letter `c` stands in [`PLAIN`].
fn place(c: char) -> usize {
    let c = c as usize;
    if c < 0x1ea0 { c - 0xc0 } else { c - 0x1ea0 + 0xf1 }
}

/// The ASCII letter below the marks of each letter of U+00C0 to U+01B0 and U+1EA0 to U+1EF9, where there is one.
static PLAIN: LazyLock<Vec<Option<char>>> = LazyLock::new(|| {
    let letters = ('\u{c0}'..='\u{1b0}').chain('\u{1ea0}'..='\u{1ef9}');
    letters
        .map(|c| match c {
            'đ' | 'Đ' => Some('d'),
            _ => std::iter::once(c).nfd().next().filter(char::is_ascii_alphanumeric),
        })
        .collect()
});

/// The ASCII letter or digit, in lower case, below the marks of `c`, where there is one. Quick for the letters of
/// Vietnamese.
pub fn plain(c: char) -> Option<char> {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
        '\u{c0}'..='\u{1b0}' | '\u{1ea0}'..='\u{1ef9}' => {
            PLAIN.get(place(c)).copied().flatten().map(|p| p.to_ascii_lowercase())
        }
        _ => None,
    }
}

/// ASCII letters and digits in lower case, one blank between words; all else is dropped.
pub fn ascii(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    let mut put = |c: char| {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !is_mark(c) && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    };
    for c in s.chars() {
        match c {
            _ if c.is_ascii() => put(c),
            // One letter with its marks, as nearly all Vietnamese letters are.
            '\u{c0}'..='\u{1b0}' | '\u{1ea0}'..='\u{1ef9}' => match PLAIN.get(place(c)).copied().flatten() {
                Some(plain) => put(plain),
                None => std::iter::once(c).nfd().for_each(&mut put),
            },
            _ => std::iter::once(c).nfd().for_each(&mut put),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// How many letters of the longer of two ASCII texts the other lacks, whatever their order: never more than their edit
/// distance.
pub fn letters_apart(a: &str, b: &str) -> usize {
    let mut counts = [0i32; 128];
    for (s, step) in [(a, 1), (b, -1)] {
        for byte in s.bytes() {
            if let Some(slot) = counts.get_mut(usize::from(byte)) {
                *slot += step;
            }
        }
    }
    let more: i32 = counts.iter().filter(|c| **c > 0).sum();
    let less: i32 = counts.iter().filter(|c| **c < 0).sum();
    more.max(-less) as usize
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Whether the letters of `s` are capitals: at least two letters, and no more than one in eight small.
pub fn is_caps(s: &str) -> bool {
    let (mut up, mut low) = (0usize, 0usize);
    for c in s.chars() {
        let (is_up, is_low) = match c {
            '\0'..='\u{7f}' => (c.is_ascii_uppercase(), c.is_ascii_lowercase()),
            '\u{1ea0}'..='\u{1ef9}' => (c as u32 & 1 == 0, c as u32 & 1 == 1),
            _ => (c.is_uppercase(), c.is_lowercase()),
        };
        up += usize::from(is_up);
        low += usize::from(is_low);
        // Small letters enough to settle it, whatever follows.
        if low * 8 > s.len() {
            return false;
        }
    }
    up >= 2 && low * 8 <= up + low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_keeps_offsets_and_the_old_tone_placement() {
        for s in ["HOÁ UỶ BAN Thuỷ lợi K\u{212a}İ ẞ", "Ủy ban", "hoàn toàn khoẻ, quý"] {
            assert_eq!(lower(s).len(), s.len());
        }
        assert_eq!(lower("UỶ BAN hoá"), "ủy ban hóa");
        assert_eq!(lower("hoàn toán QUÝ"), "hoàn toán quý");
    }

    #[test]
    fn ascii_drops_marks_and_signs() {
        assert_eq!(ascii("  Sở Công Thương (SCT)."), "so cong thuong sct");
        assert_eq!(ascii("§ ©"), "");
    }

    #[test]
    fn capitals_allow_a_stray_small_letter() {
        assert!(is_caps("KẾ HOẠCH"));
        assert!(!is_caps("Kế hoạch"));
        assert!(!is_caps("I"));
    }
}
