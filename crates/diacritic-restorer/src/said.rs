//! What a document says elsewhere: a cache of the words that the first reading was sure of (Kuhn & De Mori 1990). A document
//! repeats its names and terms.

use crate::lattice::Edge;
use crate::lm::WordId;
use rustc_hash::{FxHashMap, FxHashSet};

/// Words less sure than this are not learned from.
const SURE: f32 = 0.97;
/// Weight of the cache beside the language model.
const WEIGHT: f32 = 0.2;

/// Counts of pairs of words that follow one another.
#[derive(Debug, Default)]
pub struct Said {
    pairs: FxHashMap<(WordId, WordId), f32>,
    firsts: FxHashMap<WordId, f32>,
    seconds: FxHashSet<WordId>,
}

impl Said {
    /// Adds the sure words of a run.
    pub fn hear<'e>(&mut self, decisions: impl Iterator<Item = (&'e Edge, f32)>) {
        let mut before = None;
        for (edge, posterior) in decisions {
            for &word in &edge.words[..usize::from(edge.count)] {
                let sure = posterior >= SURE;
                if let Some(before) = before.filter(|_| sure) {
                    *self.pairs.entry((before, word)).or_default() += 1.0;
                    *self.firsts.entry(before).or_default() += 1.0;
                    self.seconds.insert(word);
                }
                before = sure.then_some(word);
            }
        }
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Whether anything was said after `word`.
    pub fn follows(&self, word: WordId) -> bool {
        self.firsts.contains_key(&word)
    }

    /// Whether anything was said before `word`.
    pub fn precedes(&self, word: WordId) -> bool {
        self.seconds.contains(&word)
    }

    /// The natural log-probability `p` of `word` after `before`, mixed with what the document says.
    pub fn mix(&self, before: WordId, word: WordId, p: f32) -> f32 {
        let Some(total) = self.firsts.get(&before) else { return p };
        let count = self.pairs.get(&(before, word)).copied().unwrap_or(0.0);
        // One more occasion on which the document said something else, so that a single one does not decide.
        ((1.0 - WEIGHT) * p.exp() + WEIGHT * count / (total + 1.0)).ln()
    }
}
