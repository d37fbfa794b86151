//! The letter of a syllable that bears its tone, and what else it may be.

use crate::verdict::is_syllable;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use vanthu_model::{composed, older_placement};

/// The marks of vowels (none, breve, circumflex, horn) and those of tones (none, acute, grave, hook, tilde, dot below).
const VOWEL_MARKS: [Option<char>; 4] = [None, Some('\u{306}'), Some('\u{302}'), Some('\u{31b}')];
const TONE_MARKS: [Option<char>; 6] =
    [None, Some('\u{301}'), Some('\u{300}'), Some('\u{309}'), Some('\u{303}'), Some('\u{323}')];

/// A mark of the vowel with one of the tone: 0 to 23.
pub const CLASSES: usize = VOWEL_MARKS.len() * TONE_MARKS.len();

/// The place of each syllable among all by how often it is written, from 1 on.
static RANKS: LazyLock<FxHashMap<String, f32>> = LazyLock::new(|| {
    let lines = include_str!("../../../../dictionaries/syllables.txt").lines();
    let syllables = lines.filter(|l| !l.is_empty() && !l.starts_with('#'));
    let ranks = (1_u16..).map(f32::from);
    syllables.map(|l| older_placement(&composed(l.to_owned())).into_owned()).zip(ranks).collect()
});

/// The place of those that are not on the list.
const UNLISTED: f32 = 20_000.0;

/// How often a word in lower case is written, but for a factor: by its place p among all, 1 / (p + 10) (Mandelbrot 1953).
fn frequency(lower: &str) -> f32 {
    1.0 / (RANKS.get(&*older_placement(lower)).copied().unwrap_or(UNLISTED) + 10.0)
}

/// What the letter that bears a tone may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Marked {
    /// The class of its marks.
    pub class: usize,
    /// The letter with them.
    pub letter: char,
    /// How often the word is written that it makes, but for a factor.
    pub frequency: f32,
}

/// The letter that bears the tone of a word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bearer {
    /// Which letter of the word it is.
    pub at: usize,
    /// As it was read.
    pub read: Marked,
    /// All others with which the word is a syllable; at least one.
    pub others: Vec<Marked>,
}

/// The marks of a small vowel, if it is one: the vowel and its class.
pub(super) fn marks(letter: char) -> Option<(char, usize)> {
    let mut parts = std::iter::once(letter).nfd();
    let base = parts.next().filter(|c| "aeiouy".contains(*c))?;
    let (mut vowel, mut tone) = (0, 0);
    for mark in parts {
        if let Some(at) = VOWEL_MARKS.iter().position(|m| *m == Some(mark)) {
            vowel = at;
        } else {
            tone = TONE_MARKS.iter().position(|m| *m == Some(mark))?;
        }
    }
    Some((base, vowel * TONE_MARKS.len() + tone))
}

/// A vowel with the marks of a class; none where there is no such letter.
fn with_marks(base: char, class: usize) -> Option<char> {
    let (vowel, tone) =
        (VOWEL_MARKS.get(class / TONE_MARKS.len())?, TONE_MARKS.get(class % TONE_MARKS.len())?);
    let mut composed = std::iter::once(base).chain(*vowel).chain(*tone).nfc();
    let letter = composed.next()?;
    (composed.next().is_none() && !is_combining_mark(letter)).then_some(letter)
}

/// The letter that bears the tone of a word, where it is a small one; none where the word is no syllable whatever its
/// marks, where nothing else could stand there, and where two letters could bear a tone and neither does.
pub(super) fn bearer(word: &str) -> Option<Bearer> {
    let letters: Vec<char> = word.chars().collect();
    let from = letters.iter().position(|c| c.is_alphanumeric())?;
    let to = letters.iter().rposition(|c| c.is_alphanumeric())? + 1;
    let core = letters.get(from..to).filter(|core| core.len() <= LONGEST)?;
    let lower: Vec<char> = core.iter().flat_map(|c| c.to_lowercase()).collect();
    if lower.len() != core.len() || !core.iter().all(|c| c.is_alphabetic()) {
        return None;
    }
    let with = |at: usize, letter: char| -> String {
        lower.iter().enumerate().map(|(i, c)| if i == at { letter } else { *c }).collect()
    };
    // What stands in the text is a small letter.
    let vowels: Vec<(usize, char, usize)> = core
        .iter()
        .enumerate()
        .filter_map(|(i, c)| marks(*c).map(|(base, class)| (i, base, class)))
        .collect();
    let has_tone = |class: usize| !class.is_multiple_of(TONE_MARKS.len());
    let toned: Vec<_> = vowels.iter().filter(|v| has_tone(v.2)).collect();
    let bearer = |&(at, base, class): &(usize, char, usize)| {
        let marked = |class: usize| {
            let letter = with_marks(base, class)?;
            let word = with(at, letter);
            Some((Marked { class, letter, frequency: frequency(&word) }, word))
        };
        let others = (0..CLASSES).filter(|other| *other != class).filter_map(marked);
        let others: Vec<Marked> =
            others.filter(|(_, word)| is_syllable(word)).map(|(marked, _)| marked).collect();
        let (read, _) = marked(class)?;
        (!others.is_empty()).then_some(Bearer { at: from + at, read, others })
    };
    match toned.as_slice() {
        [one] => bearer(one),
        [] => {
            let could = |b: &Bearer| b.others.iter().any(|o| has_tone(o.class));
            let mut all = vowels.iter().filter_map(bearer).filter(could);
            all.next().filter(|_| all.next().is_none())
        }
        _ => None,
    }
}

/// Letters of the longest syllable, nghiêng.
const LONGEST: usize = 7;

#[cfg(test)]
mod tests {
    use super::*;

    fn others(word: &str) -> Option<(usize, String)> {
        let bearer = bearer(word)?;
        Some((bearer.at, bearer.others.iter().map(|o| o.letter).collect()))
    }

    #[test]
    fn letters_are_taken_apart_and_put_together() {
        for letter in "aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵ".chars()
        {
            let (base, class) = marks(letter).unwrap();
            assert_eq!(with_marks(base, class), Some(letter));
        }
        assert_eq!((marks('đ'), marks('B'), marks('Ế')), (None, None, None));
        assert_eq!(with_marks('i', 18), None);
    }

    #[test]
    fn what_is_written_often_is_likelier() {
        assert!(frequency("và") > 10.0 * frequency("vả") && frequency("vả") > frequency("vằ"));
        assert_eq!(frequency("hoà"), frequency("hòa"));
    }

    #[test]
    fn a_syllable_tells_what_else_it_may_be() {
        let (at, letters) = others("đấy,").unwrap();
        assert!(at == 1 && letters.contains('ẩ') && letters.contains('ầ') && !letters.contains('ắ'));
        // Before p, t, c and ch stand two tones.
        let (_, letters) = others("\"quyết").unwrap();
        assert!(letters.chars().all(|c| "êẹéệ".contains(c)), "{letters}");
        assert!(others("tinh").unwrap().1.contains('ỉ'));
        for none in ["THỂ", "12", "hoa", "b/c", "", "Bộ-trưởng", "xyz"] {
            assert_eq!(others(none), None, "{none}");
        }
    }
}
