//! VIQR: marks typed after their letters in ASCII ("Vie^.t").

use super::detect::{Sense, sense};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// What is typed, and the letter that it stands for.
static LETTERS: LazyLock<FxHashMap<&str, char>> = LazyLock::new(|| {
    let rows = include_str!("../../../../dictionaries/legacy_viqr.tsv").lines();
    let rows = rows.filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'));
    rows.filter_map(|(typed, letter)| Some((typed, letter.chars().next()?))).collect()
});

/// The longest group: a letter, its shape, its tone.
const LONGEST: usize = 3;

/// Text is VIQR if at least so many of its words can be nothing else,
const SURE_WORDS: usize = 4;

/// they are at least this share of all its words,
const SURE_SHARE: f32 = 0.12;

/// and at least this share of the words that look like VIQR make syllables.
const SYLLABLES: f32 = 0.7;

/// Whether `text` is written in VIQR.
pub(super) fn is_viqr(text: &str) -> bool {
    // Most text holds none of these, and is done with here.
    if text.bytes().filter(|b| matches!(b, b'^' | b'(' | b'+' | b'~' | b'`')).count() < SURE_WORDS {
        return false;
    }
    let (mut words, mut typed, mut sure) = (0usize, 0usize, 0usize);
    for word in text.split_whitespace() {
        words += 1;
        let core = word.trim_matches(|c: char| !c.is_ascii_alphabetic() && !is_mark(c));
        if !core.is_ascii() || !is_typed(core) {
            continue;
        }
        typed += 1;
        sure += usize::from(sense(&letters(core)) == Sense::Good);
    }
    sure >= SURE_WORDS && sure as f32 >= SURE_SHARE * words as f32 && sure as f32 >= SYLLABLES * typed as f32
}

/// Whether a word looks typed in VIQR: it has a shape mark after its vowel, or a tone mark before its end.
fn is_typed(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.windows(2).enumerate().any(|(i, pair)| {
        let vowel = matches!(pair[0].to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
        let inside = i + 2 < bytes.len();
        match pair[1] {
            b'^' | b'+' => vowel,
            b'(' => pair[0].eq_ignore_ascii_case(&b'a') && inside,
            b'`' | b'~' => vowel,
            b'\'' | b'?' | b'.' => vowel && inside && bytes[i + 2].is_ascii_alphabetic(),
            _ => false,
        }
    })
}

fn is_mark(c: char) -> bool {
    matches!(c, '^' | '(' | '+' | '\'' | '`' | '?' | '~' | '.')
}

/// The text that VIQR text stands for. Words that make no syllable stay as they are. A dot or question mark after the
/// vowel that ends a word is a tone, unless a sentence ends there: at a line's end or before a capital.
pub(super) fn convert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut rest = line;
        while !rest.is_empty() {
            let blank = rest.len() - rest.trim_start().len();
            out.push_str(&rest[..blank]);
            rest = &rest[blank..];
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let next = after.trim_start().chars().next();
            out.push_str(&word_of(word, next.is_none_or(char::is_uppercase)));
            rest = after;
        }
    }
    out
}

/// One word; `ends` says that a sentence may end after it.
fn word_of(word: &str, ends: bool) -> String {
    let plain = word.replace('\\', "");
    let stops = word.ends_with(['.', '?']) && !word.ends_with("\\.") && !word.ends_with("\\?");
    let with_tone = letters(word);
    if stops && ends {
        let cut = word.len() - 1;
        let without_tone = letters(&word[..cut]);
        if sense(&without_tone) != Sense::Bad {
            return without_tone + &word[cut..];
        }
    }
    // Many type the horn of ươ once.
    let horned = horned(&with_tone);
    [with_tone, horned].into_iter().find(|w| sense(w) == Sense::Good).unwrap_or(plain)
}

/// The word with ư for each u before ơ.
fn horned(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let before_horn = chars.peek().is_some_and(|n| n.nfd().nth(1) == Some('\u{31b}'));
        out.push(match c {
            'u' if before_horn => 'ư',
            'U' if before_horn => 'Ư',
            c => c,
        });
    }
    out
}

/// Every group of a letter and marks replaced, whatever comes of it.
fn letters(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        if c == '\\' {
            let mut chars = rest.chars();
            chars.next();
            out.extend(chars.next());
            rest = chars.as_str();
            continue;
        }
        let group =
            (2..=LONGEST).rev().find_map(|n| rest.get(..n).and_then(|typed| Some((n, *LETTERS.get(typed)?))));
        match group {
            Some((n, letter)) => {
                out.push(letter);
                rest = &rest[n..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_marks_are_read() {
        let typed = "Phu+o+ng a'n na`y giao cho Pho`ng Thu?y lo+.i. Ca'c ddo+n vi. dduo+.c giao thu+.c hie^.n dda^`y ddu?.";
        assert!(is_viqr(typed));
        assert_eq!(
            convert(typed),
            "Phương án này giao cho Phòng Thủy lợi. Các đơn vị được giao thực hiện đầy đủ."
        );
    }

    #[test]
    fn english_and_good_vietnamese_are_not_viqr() {
        for text in [
            "We don't know what's in it. Is it? They're e.g. i.e. f(a(b)) x^2 + y^2 = z^2, a+b, ~/home `code` i'll",
            "Các đơn vị (a) báo cáo; (b) tổng hợp: a + b = c? Không. 2^3 ~ 8 `x` (o) (u) y+",
        ] {
            assert!(!is_viqr(text), "{text}");
        }
    }
}
