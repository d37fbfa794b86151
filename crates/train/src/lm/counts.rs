//! Weighted n-gram counts by sorting.

use super::{Key, ORDER};
use crate::corpus::{LINE, NUMBER, SYMBOL, Text};
use diacritic_restorer::lm::{BEGIN, NUMBER as NUMBER_ID, SYMBOL as SYMBOL_ID, UNKNOWN, WordId};
use rayon::prelude::*;

/// The chosen vocabulary: number in the text → id in the model.
pub struct Vocabulary {
    /// Position in the text's words of each model id, from the first real word on.
    pub words: Vec<u32>,
    map: Vec<WordId>,
}

impl Vocabulary {
    /// The most frequent words of `text` with a weighted count of at least `min_count`, `size` at the most.
    pub fn choose(text: &Text, size: usize, min_count: u64) -> Self {
        let mut words: Vec<u32> = (0..text.words.len() as u32)
            .filter(|&i| text.counts[i as usize] >= min_count && text.words[i as usize].chars().count() <= 20)
            .collect();
        words.sort_by_key(|&i| (std::cmp::Reverse(text.counts[i as usize]), i));
        words.truncate(size);
        let mut map = vec![UNKNOWN; text.words.len()];
        for (rank, &w) in words.iter().enumerate() {
            map[w as usize] = diacritic_restorer::lm::FIRST_WORD + rank as WordId;
        }
        Self { words, map }
    }

    fn id(&self, token: u32) -> WordId {
        match token {
            LINE => BEGIN,
            NUMBER => NUMBER_ID,
            SYMBOL => SYMBOL_ID,
            w => self.map[w as usize],
        }
    }
}

/// Sorted n-grams of order `n` and their weighted counts. N-grams do not cross line ends; `BEGIN` stands first.
pub fn count(text: &Text, vocabulary: &Vocabulary, n: usize) -> (Vec<Key>, Vec<u32>) {
    assert!((1..=ORDER).contains(&n));
    let mut all: Vec<(Key, u32)> = Vec::new();
    let mut from = 0;
    let mask = if n == 4 { u64::MAX } else { (1u64 << (16 * n)) - 1 };
    for &(to, weight) in &text.sources {
        let mut keys = Vec::with_capacity(to - from);
        let mut window = 0u64;
        let mut filled = 0;
        for &token in &text.stream[from..to] {
            if token == LINE {
                filled = 0;
            }
            window = (window << 16 | u64::from(vocabulary.id(token))) & mask;
            filled += 1;
            if filled >= n {
                keys.push(window);
            }
        }
        keys.par_sort_unstable();
        all.extend(runs(&keys).map(|(k, c)| (k, c * weight)));
        from = to;
    }
    all.par_sort_unstable();
    let mut keys: Vec<Key> = Vec::with_capacity(all.len());
    let mut counts: Vec<u32> = Vec::with_capacity(all.len());
    for (k, c) in all {
        if keys.last() == Some(&k) {
            if let Some(last) = counts.last_mut() {
                *last = last.saturating_add(c);
            }
        } else {
            keys.push(k);
            counts.push(c);
        }
    }
    (keys, counts)
}

/// Runs of equal keys and their lengths.
fn runs(keys: &[Key]) -> impl Iterator<Item = (Key, u32)> + '_ {
    keys.chunk_by(|a, b| a == b).map(|c| (c[0], c.len() as u32))
}
