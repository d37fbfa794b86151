//! Which encoding makes sense of a text.

use super::LegacyEncoding;
use super::table::table;
use crate::verdict::{is_syllable, is_vietnamese_only};

/// What a word makes in some reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// Vietnamese syllables.
    Good,
    /// Something else.
    Bad,
    /// An abbreviation or no letters: nothing can be told from it.
    None,
}

/// Judges a word as it stands.
pub(super) fn sense(word: &str) -> Sense {
    let mut letters = false;
    let mut small = false;
    let mut syllables = true;
    for part in word.split(|c: char| !c.is_alphabetic()).filter(|p| !p.is_empty()) {
        letters = true;
        small |= part.chars().skip(1).any(char::is_lowercase) || part.chars().count() == 1;
        syllables &= is_syllable(&part.to_lowercase());
    }
    match (letters, syllables) {
        (false, _) => Sense::None,
        (true, true) => Sense::Good,
        (true, false) if small => Sense::Bad,
        (true, false) => Sense::None,
    }
}

/// Counts over the words of a run of text that an encoding would change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Words that become syllables.
    pub good: usize,
    /// Words that become none.
    pub bad: usize,
    /// Of all these, words that are syllables as they stand.
    pub as_is: usize,
}

impl Evidence {
    pub(super) fn words(self) -> usize {
        self.good + self.bad
    }

    pub(super) fn add(&mut self, o: Evidence) {
        self.good += o.good;
        self.bad += o.bad;
        self.as_is += o.as_is;
    }

    /// Whether a document of such words is in the encoding. One `known` to use it needs fewer of them.
    pub(super) fn convinces(self, known: bool) -> bool {
        self.good >= if known { 1 } else { LEAST_WORDS }
            && self.good as f32 >= SYLLABLES * self.words() as f32
            && self.as_is as f32 <= AS_IT_STANDS * self.good as f32
    }
}

/// Fewer words than this tell nothing.
const LEAST_WORDS: usize = 3;

/// Of the words that an encoding changes at least this share become syllables, where the text is in it.
const SYLLABLES: f32 = 0.6;

/// And at most this share are syllables before: "cã" (*có*) looks like one.
const AS_IT_STANDS: f32 = 0.4;

/// The words of a text. Bytes of these encodings may be anything but ASCII white space.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_ascii_whitespace()
}

/// What each of the encodings of eight bits makes of `text`, in the order of [`LegacyEncoding::EIGHT_BITS`]. Nothing
/// where most of the words with marks hold letters that only Unicode has: good text is passed over quickly.
pub(super) fn evidence(text: &str) -> [Evidence; 5] {
    let mut all = [Evidence::default(); 5];
    let marked = words(text).filter(|w| !w.is_ascii());
    let (plain, unicode): (Vec<&str>, Vec<&str>) = marked.partition(|w| w.chars().all(is_plain));
    if unicode.len() > plain.len() {
        return all;
    }
    for word in plain {
        let stands = sense(word) == Sense::Good;
        for (encoding, evidence) in LegacyEncoding::EIGHT_BITS.into_iter().zip(&mut all) {
            let Some(table) = table(encoding) else { continue };
            let read = table.convert(word);
            if read == word || !tells(&read) {
                continue;
            }
            match sense(&read) {
                Sense::Good => evidence.good += 1,
                Sense::Bad => evidence.bad += 1,
                Sense::None => continue,
            }
            evidence.as_is += usize::from(stands);
        }
    }
    all
}

/// Whether a word holds a syllable of two letters or more with a mark: a dash between numbers is a letter in some
/// encodings, and a letter alone a syllable.
fn tells(word: &str) -> bool {
    word.split(|c: char| !c.is_alphabetic()).any(|p| !p.is_ascii() && p.chars().count() > 1)
}

/// Whether a character may be a byte read as windows-1252 (or one of its aliases) rather than a Vietnamese letter.
pub(super) fn is_plain(c: char) -> bool {
    !is_vietnamese_only(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(text: &str) -> Option<LegacyEncoding> {
        let all = evidence(text);
        let (encoding, e) = LegacyEncoding::EIGHT_BITS.into_iter().zip(all).max_by_key(|(_, e)| e.good)?;
        e.convinces(false).then_some(encoding)
    }

    #[test]
    fn the_encoding_is_told_by_the_syllables_it_makes() {
        assert_eq!(best("C¸c phßng chuyªn m«n thuéc Së Thñy lîi tØnh B×nh An"), Some(LegacyEncoding::Tcvn3));
        assert_eq!(best("Caùc phoøng chuyeân moân thuoäc Sôû Thuûy lôïi"), Some(LegacyEncoding::Vni));
        assert_eq!(best("phoÌng chuyên môn thuôòc SõÒ ThuÒy lõòi"), Some(LegacyEncoding::Windows1258));
    }

    #[test]
    fn good_text_is_left_alone() {
        for text in [
            "Các phòng chuyên môn thuộc Sở Thủy lợi tỉnh Bình An",
            "Bà và cô là hai mẹ con, xã tôi có bò và dê; hòa là hoà, có là có",
            "L'été dernier, le préfet a décidé de créer un comité chargé d'étudier la réforme à côté des élus",
            "La señora Muñoz y el niño están aquí; São Paulo não é à mão, coração é ação",
            "20–30, 40–80 and 5–7 of 100 — 3–5, 8–9 × 2–3 % ± 1–2 °",
            "Größe und Ähnlichkeit für Müller, schön; naïve café — “quotes” … © 2024 ± 5 § 12 ® ™",
        ] {
            assert_eq!(best(text), None, "{text}");
        }
    }
}
