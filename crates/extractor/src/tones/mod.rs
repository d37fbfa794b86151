//! Tone marks and marks of vowels, looked at once more.
//!
//! At low resolutions a hook over a circumflex and an acute there differ by a few pixels, and the engine, which sees a line
//! made 36 pixels high, takes one for the other with confidence ("đẩy" as "đấy"). So the letter that bears the tone of a
//! syllable (`letter`) is cut out of the line at full resolution (`glyph`), and a small net says how probable each of its
//! marks is; that, with how often the syllables are written that they make, is what stands against what was read. Where
//! it does so clearly the word is changed; where it does so less clearly, the word's confidence falls.

mod glyph;
mod letter;

pub use letter::CLASSES;

use crate::layout::PrintLine;
use crate::net::{Form, Net};
use crate::ocr::OcrWord;
use glyph::Sheet;
use letter::{Bearer, Marked};
use std::cell::RefCell;
use std::sync::LazyLock;
use vanthu_model::Reading;

/// The net that tells marks.
pub const FORM: Form = Form { magic: b"vanthu tones 1\n", sizes: [16, 32, 96, CLASSES] };

/// See `dictionaries/README.md`.
static NET: LazyLock<Option<Net>> =
    LazyLock::new(|| Net::from_bytes(FORM, include_bytes!("../../../../dictionaries/tones.net")));

/// How many times as probable other marks must be than those that were read, to take their place: so many where the reader
/// was sure, which is seldom wrong, and so few where it was not.
const CLEAR: (f32, f32) = (80.0, 3.0);

/// Words that are written this much less often than the one that was read are not thought of: what the net would have to
/// say for them is more than it can, and for a third of all words it need not be asked.
const RARE: f32 = 0.1;

/// No word is surer than this whose marks are probably others, but not so clearly.
const DISPUTED: f32 = 0.6;

/// Readings of less probability are not handed on.
const RULED_OUT: f32 = 0.01;

/// A letter that bears a tone, as it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The word as it was read.
    pub word: String,
    /// Which letter of it.
    pub at: usize,
    /// The class of its marks as they were read.
    pub class: usize,
    /// What the net sees of it.
    pub picture: Vec<f32>,
}

/// The class of the marks of a small vowel; none for other letters.
pub fn class(letter: char) -> Option<usize> {
    letter::marks(letter).map(|(_, class)| class)
}

thread_local! {
    /// What was seen, where somebody wants to know.
    static RECORD: RefCell<Option<Vec<Seen>>> = const { RefCell::new(None) };
}

/// Does some work and tells which letters were seen on this thread meanwhile, as they were read. Nothing is changed by the
/// net: this is what it learns from.
pub fn recorded<T>(work: impl FnOnce() -> T) -> (T, Vec<Seen>) {
    RECORD.with(|record| *record.borrow_mut() = Some(Vec::new()));
    let done = work();
    (done, RECORD.with(|record| record.borrow_mut().take()).unwrap_or_default())
}

/// Looks at the marks of the words of a line, and adds what these say to what the words may be.
pub(crate) fn settle(line: &PrintLine, words: &mut [OcrWord]) {
    let Some(sheet) = Sheet::of(line) else { return };
    let is_recorded = RECORD.with(|record| record.borrow().is_some());
    for index in 0..words.len() {
        let Some(bearer) = words.get(index).and_then(|word| letter::bearer(&word.text)) else { continue };
        let is_likely = |m: &&Marked| is_recorded || m.frequency >= RARE * bearer.read.frequency;
        let others: Vec<Marked> = bearer.others.iter().filter(is_likely).copied().collect();
        if others.is_empty() {
            continue;
        }
        let Some(picture) = sheet.letter(words, index, bearer.at) else { continue };
        let Some(word) = words.get_mut(index) else { continue };
        if is_recorded {
            let seen = Seen { word: word.text.clone(), at: bearer.at, class: bearer.read.class, picture };
            RECORD.with(|record| record.borrow_mut().get_or_insert_default().push(seen));
        } else if let Some(net) = NET.as_ref() {
            weigh(&net.probabilities(&picture), &bearer, &others, word);
        }
    }
}

/// Weighs what a word was read as and what else it may be by the probabilities of all marks, and says so in its readings.
fn weigh(p: &[f32], bearer: &Bearer, others: &[Marked], word: &mut OcrWord) {
    let read = bearer.read;
    let seen = |m: &Marked| p.get(m.class).copied().unwrap_or(0.0);
    let weight = |m: &Marked| seen(m) * m.frequency;
    let all = (others.iter().map(weight).sum::<f32>() + weight(&read)).max(f32::MIN_POSITIVE);
    let Some(best) = others.iter().max_by(|a, b| weight(a).total_cmp(&weight(b))) else { return };
    let with = |m: &Marked| -> String {
        word.text.chars().enumerate().map(|(i, c)| if i == bearer.at { m.letter } else { c }).collect()
    };
    let sum = (others.iter().map(seen).sum::<f32>() + seen(&read)).max(f32::MIN_POSITIVE);
    let marked: Vec<Reading> =
        others.iter().chain([&read]).map(|m| Reading { text: with(m), probability: seen(m) / sum }).collect();
    // However seldom a word is written: names are, and the picture alone must speak for another.
    if is_clear(weight(best), weight(&read), word.confidence) && seen(best) >= seen(&read) {
        word.text = with(best);
        word.confidence = word.confidence.min(weight(best) / all);
        // What else the engine thought of has the marks that it read.
        word.readings.clear();
    } else if weight(best) > weight(&read) {
        word.confidence = word.confidence.min(DISPUTED);
    }
    // Of marks the net is the better judge; of what has other letters it says nothing.
    word.readings.retain(|r| marked.iter().all(|m| m.text != r.text));
    let rest = (1.0 - word.readings.iter().map(|r| r.probability).sum::<f32>()).max(0.0);
    let possible = marked.into_iter().filter(|m| m.text != word.text && m.probability >= RULED_OUT);
    word.readings.extend(possible.map(|m| Reading { probability: m.probability * rest, ..m }));
}

/// Whether marks of probability `stands` take the place of those that were read, of probability `read`.
fn is_clear(stands: f32, read: f32, confidence: f32) -> bool {
    let clear = CLEAR.1 + (CLEAR.0 - CLEAR.1) * confidence.powi(4);
    stands >= clear * read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_net_is_of_the_form_that_is_read() {
        assert!(NET.as_ref().is_some_and(|net| net.form.sizes[3] == CLASSES));
    }

    #[test]
    fn a_seldom_word_stays_unless_its_picture_speaks_for_another() {
        let bearer = letter::bearer("Thuỷ").unwrap();
        let other = bearer.others.iter().copied().max_by(|a, b| a.frequency.total_cmp(&b.frequency)).unwrap();
        let weighed = |seen: f32| {
            let mut p = [0.0; CLASSES];
            (p[bearer.read.class], p[other.class]) = (1.0 - seen, seen);
            let mut word = OcrWord { text: "Thuỷ".into(), confidence: 0.3, ..OcrWord::default() };
            let rare = Marked { frequency: other.frequency / 1000.0, ..bearer.read };
            weigh(&p, &Bearer { read: rare, ..bearer.clone() }, &[other], &mut word);
            word.text
        };
        assert_eq!(weighed(0.4), "Thuỷ");
        assert_ne!(weighed(0.9), "Thuỷ");
    }

    #[test]
    fn the_net_judges_marks_and_leaves_other_letters() {
        let bearer = letter::bearer("đấy").unwrap();
        let hook = bearer.others.iter().copied().find(|m| m.letter == 'ẩ').unwrap();
        let readings = |seen: f32| {
            let mut p = [0.0; CLASSES];
            (p[bearer.read.class], p[hook.class]) = (1.0 - seen, seen);
            let other = |text: &str, probability| Reading { text: text.into(), probability };
            let readings = vec![other("đẩy", 0.155), other("đáy", 0.05), other("dấy", 0.2)];
            let mut word = OcrWord { text: "đấy".into(), confidence: 0.9, readings, ..OcrWord::default() };
            weigh(&p, &bearer, &bearer.others, &mut word);
            assert_eq!(word.text, "đấy");
            let told: Vec<_> = word.readings.into_iter().map(|r| (r.text, r.probability)).collect();
            told
        };
        assert_eq!(readings(0.001), [("dấy".to_owned(), 0.2)]);
        let [_, (text, probability)] = &readings(0.4)[..] else { unreachable!() };
        assert!(text == "đẩy" && (probability - 0.32).abs() < 1e-5);
    }

    #[test]
    fn a_sure_reader_is_contradicted_only_by_what_is_clear() {
        assert!(is_clear(0.99, 0.01, 0.97) && is_clear(0.9, 0.1, 0.5));
        assert!(!is_clear(0.9, 0.1, 0.97) && !is_clear(0.6, 0.4, 0.5));
    }
}
