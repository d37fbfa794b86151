//! What a reader says of the words of a line, beside their letters.

use crate::lattice::{Edge, Form, Lattice};
use crate::restorer::Restorer;
use crate::segment::Piece;
use crate::syllable::fold;
use crate::token::Kind;

/// What a reader says of a word.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// First byte of the word in its line.
    pub start: usize,
    /// How sure the reader was, 0 to 1.
    pub confidence: f32,
    /// What else the word may be by its picture alone, with probabilities; the word as it was read has the rest.
    pub readings: Vec<(String, f32)>,
}

/// The word as it was read has no less than this.
const LEAST: f32 = 0.05;

/// The word of a line that holds byte `at`.
pub fn holding(seen: &[Seen], at: usize) -> Option<&Seen> {
    seen.iter().rev().find(|w| w.start <= at)
}

/// Sets against the edges of a lattice what the pictures of its units say. An edge for a reading that the picture allows
/// is as much worse than the word as it was read as the picture says, if what is known of such pictures at large says that
/// it is worse. What a picture says against a word is not heard: on a poor copy marks fade, and of 3,536 words of such
/// copies ten more were wrong with it. `seen` holds the words of each line.
pub fn weigh(
    lattice: &mut Lattice,
    models: &Restorer,
    units: &[(usize, Piece)],
    texts: &[&str],
    seen: &[Vec<Seen>],
) {
    for (i, ((line, piece), raw)) in units.iter().zip(texts).enumerate() {
        let word = seen.get(*line).and_then(|words| holding(words, piece.start));
        // What reads like a number is changed by what is known of numbers alone.
        let Some(word) = word.filter(|w| !w.readings.is_empty() && piece.kind != Kind::Number) else {
            continue;
        };
        let raw = core(raw);
        let others = others(&word.readings, &raw);
        let rest = (1.0 - others.iter().map(|(_, p)| p).sum::<f32>()).max(LEAST);
        let range = lattice.of_unit(i);
        let edges = lattice.edges.get_mut(range).unwrap_or_default();
        let of_word = |e: &Edge, word: &str| e.span == 1 && e.count == 1 && models.word(e.words[0]) == word;
        // A word that is not known has no such edge, and is measured against one that is read as it was printed.
        let as_read =
            edges.iter().filter(|e| of_word(e, &raw)).map(|e| e.score).reduce(f32::max).unwrap_or(0.0);
        for edge in edges {
            if let Form::Spelled(_) = edge.form
                && let Some((_, p)) = others.iter().find(|(word, _)| of_word(edge, word))
            {
                edge.score = edge.score.max(as_read + (p / rest).ln());
            }
        }
    }
}

/// The words that readings tell beside the one that was read, each once, with the largest of its probabilities.
fn others(readings: &[(String, f32)], raw: &str) -> Vec<(String, f32)> {
    let mut others: Vec<(String, f32)> = Vec::new();
    for (text, p) in readings {
        let word = core(text);
        match others.iter_mut().find(|(other, _)| *other == word) {
            Some((_, most)) => *most = most.max(*p),
            None if word != raw => others.push((word, *p)),
            None => {}
        }
    }
    others
}

/// A word without what stands before and after it, as the language model knows it.
fn core(word: &str) -> String {
    fold(word.trim_matches(|c: char| !c.is_alphanumeric())).into_owned()
}
