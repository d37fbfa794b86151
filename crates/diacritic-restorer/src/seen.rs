//! What a reader says of the words of a line, beside their letters.

use crate::lattice::{Form, Lattice};
use crate::restorer::Restorer;
use crate::segment::Piece;
use crate::syllable::{fold, strip_marks};

/// What a reader says of a word.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// First byte of the word in its line.
    pub start: usize,
    /// How sure the reader was, 0 to 1.
    pub confidence: f32,
    /// What the word may be by its picture alone, with probabilities, itself among them; empty where that was not asked.
    /// Words with other marks than these were all but ruled out.
    pub readings: Vec<(String, f32)>,
}

/// The probability of marks that were all but ruled out.
const RULED_OUT: f32 = 0.005;

/// The word of a line that holds byte `at`.
pub fn holding(seen: &[Seen], at: usize) -> Option<&Seen> {
    seen.iter().rev().find(|w| w.start <= at)
}

/// Adds to the edges of a lattice what the pictures of its units say for their marks. What they say against marks is not
/// heard: on a poor copy marks fade, and of 3,536 words of such copies ten more were wrong with it. `seen` holds the words
/// of each line.
pub fn weigh(
    lattice: &mut Lattice,
    models: &Restorer,
    units: &[(usize, Piece)],
    texts: &[&str],
    seen: &[Vec<Seen>],
) {
    for (i, ((line, piece), raw)) in units.iter().zip(texts).enumerate() {
        let word = seen.get(*line).and_then(|words| holding(words, piece.start));
        let Some(readings) = word.map(|w| &w.readings).filter(|r| !r.is_empty()) else { continue };
        let readings: Vec<(String, f32)> = readings.iter().map(|(text, p)| (core(text), *p)).collect();
        let raw = core(raw);
        let bare = strip_marks(&raw);
        if readings.first().is_none_or(|(text, _)| strip_marks(text) != bare) {
            continue;
        }
        let seen = |word: &str| {
            let same = readings.iter().find(|(text, _)| text == word);
            same.map_or(RULED_OUT, |(_, p)| p.max(RULED_OUT)).ln()
        };
        let range = lattice.of_unit(i);
        for edge in lattice.edges.get_mut(range).unwrap_or_default() {
            if let (1, 1, Form::Spelled(_)) = (edge.span, edge.count, edge.form) {
                let word = models.word(edge.words[0]);
                if strip_marks(word) == bare {
                    edge.score += (seen(word) - seen(&raw)).max(0.0);
                }
            }
        }
    }
}

/// A word without what stands before and after it, as the language model knows it.
fn core(word: &str) -> String {
    fold(word.trim_matches(|c: char| !c.is_alphanumeric())).into_owned()
}
