//! The syllable language model: counting, smoothing, pruning, packing.

pub mod counts;
pub mod estimate;
pub mod pack;
pub mod prune;

/// Highest order of n-grams.
pub const ORDER: usize = 4;

/// An n-gram as a number: sixteen bits a word, the last word lowest, so that numeric order is the order of
/// contexts.
pub type Key = u64;

/// The context of an n-gram: all but its last word.
pub fn context(key: Key) -> Key {
    key >> 16
}

/// The n-gram of order `n` without its first word.
pub fn tail(key: Key, n: usize) -> Key {
    key & ((1u64 << (16 * (n - 1))) - 1)
}

/// The sorted n-grams of one order with a lookup that narrows by the first word.
pub struct Table {
    /// Order of the n-grams.
    pub n: usize,
    /// Sorted, distinct.
    pub keys: Vec<Key>,
    first: Vec<usize>,
}

impl Table {
    /// Indexes sorted `keys` of order `n`.
    pub fn new(n: usize, keys: Vec<Key>) -> Self {
        let shift = 16 * (n - 1);
        let mut first = vec![0usize; (1 << 16) + 1];
        for k in &keys {
            first[(k >> shift) as usize + 1] += 1;
        }
        for i in 1..first.len() {
            first[i] += first[i - 1];
        }
        Self { n, keys, first }
    }

    /// Position of `key`.
    pub fn find(&self, key: Key) -> Option<usize> {
        let w = (key >> (16 * (self.n - 1))) as usize;
        let (a, b) = (self.first[w], self.first[w + 1]);
        self.keys[a..b].binary_search(&key).ok().map(|i| a + i)
    }

    /// The runs of n-grams with one context, as ranges.
    pub fn groups(&self) -> Vec<std::ops::Range<usize>> {
        let mut out = Vec::new();
        let mut start = 0;
        for i in 1..=self.keys.len() {
            if i == self.keys.len() || context(self.keys[i]) != context(self.keys[start]) {
                out.push(start..i);
                start = i;
            }
        }
        out
    }
}
