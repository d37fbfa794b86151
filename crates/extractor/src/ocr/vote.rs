//! Two readings of one line made one, word by word.

use super::OcrWord;
use crate::verdict::is_syllable;
use vanthu_model::Reading;

/// What being a word that can be counts for, beside the confidence.
const PLAUSIBLE: f32 = 0.15;

/// How probable it is that the word that lost is the one that was printed: 16 of 103 on scans with known text.
const OUTVOTED: f32 = 0.155;

/// A place narrower than this share of a word may be a scrap of it.
const SCRAP: f32 = 0.6;

/// Takes from two readings of the same line, place by place, the words that are surer or make more sense. Where both
/// agree the words keep the higher confidence; where they differ, no more than the winner's lead allows.
pub(crate) fn vote(first: Vec<OcrWord>, second: Vec<OcrWord>) -> Vec<OcrWord> {
    let mut words = Vec::new();
    let mut a = first.into_iter().peekable();
    let mut b = second.into_iter().peekable();
    while a.peek().is_some() || b.peek().is_some() {
        // A place: words of both readings until a gap that both have.
        let (mut left, mut right): (Vec<OcrWord>, Vec<OcrWord>) = (Vec::new(), Vec::new());
        let (mut start, mut end) = (f32::MAX, f32::MIN);
        loop {
            let inside = |w: Option<&OcrWord>| w.is_some_and(|w| end == f32::MIN || is_inside(w, start, end));
            let (from_a, from_b) = (inside(a.peek()), inside(b.peek()));
            let a_first = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) => x.pixels[0] <= y.pixels[0],
                (x, _) => x.is_some(),
            };
            let taken = if from_a && (a_first || !from_b) {
                a.next().inspect(|w| left.push(w.clone()))
            } else if from_b {
                b.next().inspect(|w| right.push(w.clone()))
            } else {
                None
            };
            match taken {
                Some(w) => (start, end) = (start.min(w.pixels[0]), end.max(w.pixels[2])),
                None => break,
            }
        }
        words.extend(better(left, right));
    }
    words
}

/// Whether a word stands for ink of the place from `start` to `end`: its middle does, or it lies over half of a scrap.
fn is_inside(w: &OcrWord, start: f32, end: f32) -> bool {
    let [left, _, right, _] = w.pixels;
    let scrap = end - start < SCRAP * (right - left);
    (left + right) / 2.0 < end || scrap && end - left.max(start) > 0.5 * (end - start)
}

fn better(left: Vec<OcrWord>, right: Vec<OcrWord>) -> Vec<OcrWord> {
    let text = |words: &[OcrWord]| words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    if text(&left) == text(&right) {
        let agreed = |(l, r): (OcrWord, OcrWord)| OcrWord {
            confidence: l.confidence.max(r.confidence),
            readings: [l.readings, r.readings].concat(),
            ..l
        };
        return left.into_iter().zip(right).map(agreed).collect();
    }
    let (l, r) = (score(&left), score(&right));
    let (mut winner, loser, lead) = if r > l { (right, left, r - l) } else { (left, right, l - r) };
    for w in &mut winner {
        w.confidence = w.confidence.min(0.5 + lead);
    }
    if let ([won], [lost]) = (&mut winner[..], &loser[..])
        && is_plausible(&lost.text)
    {
        won.readings.insert(0, Reading { text: lost.text.clone(), probability: OUTVOTED });
    }
    winner
}

/// Confidence by letters, and what the words are worth as words. Nothing at all scores like a doubtful word.
fn score(words: &[OcrWord]) -> f32 {
    let (mut sum, mut letters) = (0.0, 0.0);
    for w in words {
        let length = w.text.chars().count() as f32;
        sum += length * (w.confidence + if is_plausible(&w.text) { PLAUSIBLE } else { 0.0 });
        letters += length;
    }
    if letters == 0.0 { 0.55 } else { sum / letters }
}

/// What ends the symbol of a document: QĐ-UBND, TTr-SKH.
fn is_symbol(core: &str) -> bool {
    let group = |part: &str| {
        part.chars().all(char::is_alphabetic)
            && part.chars().take_while(|c| c.is_uppercase()).nth(1).is_some()
    };
    core.contains('-') && core.split('-').all(group)
}

/// A syllable, or digits, or capitals with digits as in the symbols of documents.
pub(crate) fn is_plausible(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    if core.is_empty() {
        return false;
    }
    let lower = core.to_lowercase();
    is_symbol(core)
        || is_syllable(&lower)
        || core.chars().all(|c| c.is_ascii_digit() || "/.,-%".contains(c))
        || lower.split(['-', '/']).all(is_syllable)
        || (core.contains('/')
            && core.chars().all(|c| c.is_ascii_digit() || c.is_uppercase() || "/-.".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &[(&str, f32, f32)]) -> Vec<OcrWord> {
        let mut x = 0.0;
        let mut line = Vec::new();
        for (text, width, confidence) in words {
            line.push(OcrWord {
                text: (*text).into(),
                confidence: *confidence,
                pixels: [x, 0.0, x + width, 10.0],
                ..OcrWord::default()
            });
            x += width + 5.0;
        }
        line
    }

    fn text(words: &[OcrWord]) -> String {
        words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_surer_word_wins_its_place() {
        let a = line(&[("phòng,", 60.0, 0.95), ("chồng", 50.0, 0.7), ("lụt", 30.0, 0.9)]);
        let b = line(&[("phòng,", 60.0, 0.93), ("chống", 50.0, 0.9), ("lul", 30.0, 0.9)]);
        assert_eq!(text(&vote(a, b)), "phòng, chống lụt");
    }

    #[test]
    fn the_word_that_lost_stays_a_choice() {
        let voted = vote(line(&[("chồng", 50.0, 0.7)]), line(&[("chống", 50.0, 0.9)]));
        let [won] = &voted[..] else { unreachable!() };
        assert_eq!((won.text.as_str(), won.readings[0].text.as_str()), ("chống", "chồng"));
    }

    #[test]
    fn a_word_over_the_ink_of_a_scrap_takes_its_place() {
        let first = line(&[("tháng", 50.0, 0.9), ("]", 3.0, 0.3), ("năm", 40.0, 0.9)]);
        let mut second = line(&[("tháng", 50.0, 0.9), ("11", 14.0, 0.8), ("năm", 40.0, 0.9)]);
        second[2].pixels = first[2].pixels;
        second[1].pixels[2] = first[2].pixels[0] - 1.0;
        second[1].pixels[0] = first[1].pixels[0];
        assert_eq!(text(&vote(first, second)), "tháng 11 năm");
    }

    #[test]
    fn ends_of_symbols_are_plausible() {
        assert!(is_plausible("/QĐ-TTg") && is_plausible("TB-UBND"));
        assert!(!is_plausible("Q-x") && !is_plausible("A-B"));
    }

    #[test]
    fn a_word_parted_differently_is_one_place() {
        let a = line(&[("ngày", 40.0, 0.9), ("3]", 20.0, 0.6), ("tháng", 50.0, 0.9)]);
        let b = line(&[("ngày3l", 65.0, 0.5), ("tháng", 50.0, 0.9)]);
        assert_eq!(text(&vote(a, b)), "ngày 3] tháng");
        assert_eq!(text(&vote(line(&[("một", 30.0, 0.9)]), Vec::new())), "một");
    }
}
