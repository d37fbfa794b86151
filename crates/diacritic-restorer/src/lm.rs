//! The syllable language model as it lies on disk: a back-off 4-gram in a forward trie.
//!
//! Layout, little-endian, no padding: magic `VTLM`, version, number of n-grams of orders 1–4, length of the
//! vocabulary text; the vocabulary (one word a line, in order of id, classes first); two bytes a word: how often it
//! stands with a capital and in capitals in the middle of sentences (255 = always); then the orders:
//!
//! | order | an entry holds |
//! |---|---|
//! | 1 | probability f32, back-off f32, first child u32 (one entry more at the end) |
//! | 2 | word u16 · probability u8 · back-off u8 · first child u32 (one entry more) |
//! | 3 | word u16 · probability u8 · back-off u8 · number of children u8 · first child of each 32nd entry u32 |
//! | 4 | word u16 · probability u8 |
//!
//! each field in an array of its own. Quantised logarithms have a step of 1/16.

use std::borrow::Cow;
use std::ops::Range;

/// Id of a word in the model.
pub type WordId = u16;
/// Stands before the first word of a paragraph.
pub const BEGIN: WordId = 0;
/// Any word that the vocabulary does not hold.
pub const UNKNOWN: WordId = 1;
/// Any number.
pub const NUMBER: WordId = 2;
/// Any symbol.
pub const SYMBOL: WordId = 3;
/// The first id of a real word.
pub const FIRST_WORD: WordId = 4;

/// First bytes of a language model file.
pub const MAGIC: &[u8; 4] = b"VTLM";
/// Version of the layout.
pub const VERSION: u32 = 1;
/// Entries of order 3 that share one stored child position.
pub const BLOCK: usize = 32;

/// Natural logarithm of a probability as a byte.
pub fn quantise_p(p: f32) -> u8 {
    (-p.max(1e-30).ln() * 16.0).round().clamp(0.0, 255.0) as u8
}

/// Natural logarithm of a back-off weight as a byte.
pub fn quantise_bow(bow: f32) -> u8 {
    ((bow.max(1e-30).ln() + 12.0) * 16.0).round().clamp(0.0, 255.0) as u8
}

fn ln_p(q: u8) -> f32 {
    -f32::from(q) / 16.0
}

fn ln_bow(q: u8) -> f32 {
    f32::from(q) / 16.0 - 12.0
}

/// Why a model file was refused.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not a file of this kind.
    #[error("{name} is not a vanthu {expected}: its first bytes are not {}", String::from_utf8_lossy(MAGIC))]
    Foreign {
        /// The file.
        name: String,
        /// What was expected.
        expected: &'static str,
    },
    /// Of another version.
    #[error("{name} has layout version {found}, this program reads version {expected}")]
    Version {
        /// The file.
        name: String,
        /// Version found.
        found: u32,
        /// Version expected.
        expected: u32,
    },
    /// Shorter or longer than its header says, or broken inside.
    #[error("{name} is a damaged vanthu model: {what}")]
    Damaged {
        /// The file.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// Could not be read.
    #[error("{name} cannot be read: {source}")]
    Io {
        /// The file.
        name: String,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// A position in the model: the n-grams that end in the words just read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct State {
    word: WordId,
    pair: u32,
    triple: u32,
}

const NONE: u32 = u32::MAX;
/// Natural log-probability of what is not in the model.
const LOWEST: f32 = -27.0;

impl State {
    /// The beginning of a paragraph.
    pub fn begin() -> Self {
        State { word: BEGIN, pair: NONE, triple: NONE }
    }

    /// The last word.
    pub fn word(&self) -> WordId {
        self.word
    }
}

/// What may follow a state, found once for all words that are tried after it.
#[derive(Debug, Clone, PartialEq)]
pub struct After {
    /// Entries of order 3 and 4 that continue it.
    triples: Range<u32>,
    quads: Range<u32>,
    /// Logarithms of the weights of backing off from its longest n-gram, the next and the last.
    backoff: [f32; 3],
}

/// What may follow one word, at a glance: a bit for each follower, at a place that the follower tells, among about eight
/// bits for each. Each word has bits of its own, so that those of frequent words lie together and stay near the processor.
#[derive(Debug, Clone, Copy, Default)]
struct Followers {
    /// Its first place of 64 bits among those of all words.
    start: u32,
    /// Number of its places, as a power of two.
    places: u32,
}

impl Followers {
    /// Place and bit of `word`.
    fn bit(self, word: WordId) -> (usize, u64) {
        let hash = u32::from(word).wrapping_mul(0x9e37_79b1);
        let place = u64::from(hash) << self.places >> 32;
        ((self.start as usize).saturating_add(place as usize), 1 << (hash & 63))
    }
}

/// Where the arrays of the file begin.
#[derive(Debug, Clone, Default)]
struct Layout {
    n: [usize; 4],
    case: usize,
    p1: usize,
    bow1: usize,
    child1: usize,
    word2: usize,
    p2: usize,
    bow2: usize,
    child2: usize,
    word3: usize,
    p3: usize,
    bow3: usize,
    count3: usize,
    block3: usize,
    word4: usize,
    p4: usize,
    end: usize,
}

impl Layout {
    fn new(n: [usize; 4], case: usize) -> Self {
        let mut at = case;
        let mut take = |bytes: usize| {
            let here = at;
            at += bytes;
            here
        };
        let mut l = Layout { n, case: take(2 * n[0]), ..Layout::default() };
        l.p1 = take(4 * n[0]);
        l.bow1 = take(4 * n[0]);
        l.child1 = take(4 * (n[0] + 1));
        l.word2 = take(2 * n[1]);
        l.p2 = take(n[1]);
        l.bow2 = take(n[1]);
        l.child2 = take(4 * (n[1] + 1));
        l.word3 = take(2 * n[2]);
        l.p3 = take(n[2]);
        l.bow3 = take(n[2]);
        l.count3 = take(n[2]);
        l.block3 = take(4 * (n[2] / BLOCK + 1));
        l.word4 = take(2 * n[3]);
        l.p4 = take(n[3]);
        l.end = at;
        l
    }
}

/// The language model.
pub struct LanguageModel {
    data: Cow<'static, [u8]>,
    at: Layout,
    words: Vec<Box<str>>,
    /// Logarithms of the probabilities and back-off weights of single words.
    unigrams: Vec<(f32, f32)>,
    /// By word, where its followers are marked: most pairs that are asked for are none, and this says so without a search.
    followers: Vec<Followers>,
    /// The marks.
    marks: Vec<u64>,
    ids: rustc_hash::FxHashMap<Box<str>, WordId>,
}

impl LanguageModel {
    /// Reads a model from `data`; `name` is for messages.
    pub fn new(data: Cow<'static, [u8]>, name: &str) -> Result<Self, ModelError> {
        let damaged = |what: &str| ModelError::Damaged { name: name.into(), what: what.into() };
        if data.get(..4) != Some(MAGIC) {
            return Err(ModelError::Foreign { name: name.into(), expected: "language model" });
        }
        let head = |i: usize| {
            data.get(4 + 4 * i..8 + 4 * i)
                .and_then(|b| b.try_into().ok())
                .map(u32::from_le_bytes)
                .ok_or_else(|| damaged("the header is cut short"))
        };
        if head(0)? != VERSION {
            return Err(ModelError::Version { name: name.into(), found: head(0)?, expected: VERSION });
        }
        let n = [head(1)? as usize, head(2)? as usize, head(3)? as usize, head(4)? as usize];
        let text_len = head(5)? as usize;
        let text = data.get(28..28 + text_len).ok_or_else(|| damaged("the vocabulary is cut short"))?;
        let text = std::str::from_utf8(text).map_err(|_| damaged("the vocabulary is not UTF-8"))?;
        let words: Vec<Box<str>> = text.lines().map(Into::into).collect();
        if words.len() != n[0] || n[0] <= usize::from(FIRST_WORD) || n[0] > 1 << 16 {
            return Err(damaged("the vocabulary has another size than the header says"));
        }
        let at = Layout::new(n, 24 + text_len + 4);
        if at.end != data.len() {
            return Err(damaged(&format!(
                "it is {} bytes long where its header promises {}",
                data.len(),
                at.end
            )));
        }
        let ids = words
            .iter()
            .enumerate()
            .skip(usize::from(FIRST_WORD))
            .map(|(i, w)| (w.clone(), i as WordId))
            .collect();
        let mut lm =
            Self { data, at, words, unigrams: Vec::new(), followers: Vec::new(), marks: Vec::new(), ids };
        lm.unigrams = (0..n[0])
            .map(|i| [lm.at.p1, lm.at.bow1].map(|base| lm.f32(base + 4 * i).max(1e-12).ln()).into())
            .collect();
        lm.mark_followers();
        Ok(lm)
    }

    fn mark_followers(&mut self) {
        for first in 0..self.at.n[0] {
            let at = self.at.child1 + 4 * first;
            let (from, to) = (self.u32(at) as usize, self.u32(at + 4) as usize);
            let words = self.data.get(self.at.word2 + 2 * from..self.at.word2 + 2 * to).unwrap_or_default();
            let words = words.as_chunks::<2>().0;
            let places = words.len().div_ceil(8).next_power_of_two();
            let own = Followers { start: self.marks.len() as u32, places: places.trailing_zeros() };
            self.marks.resize(self.marks.len() + places, 0);
            for word in words {
                let (place, bit) = own.bit(u16::from_le_bytes(*word));
                if let Some(bits) = self.marks.get_mut(place) {
                    *bits |= bit;
                }
            }
            self.followers.push(own);
        }
    }

    /// Number of words, classes included.
    pub fn vocabulary(&self) -> usize {
        self.words.len()
    }

    /// Number of n-grams of each order.
    pub fn sizes(&self) -> [usize; 4] {
        self.at.n
    }

    /// The id of a folded word.
    pub fn id(&self, folded: &str) -> Option<WordId> {
        self.ids.get(folded).copied()
    }

    /// The word of an id.
    pub fn word(&self, id: WordId) -> &str {
        self.words.get(usize::from(id)).map_or("", |w| w)
    }

    /// Natural log-probability of `id` by itself.
    pub fn unigram(&self, id: WordId) -> f32 {
        self.unigrams.get(usize::from(id)).map_or(LOWEST, |u| u.0)
    }

    /// How often the word stands with a capital first letter, and in capitals, in the middle of sentences (0 to 1).
    pub fn case(&self, id: WordId) -> (f32, f32) {
        let i = self.at.case + 2 * usize::from(id);
        (f32::from(self.u8(i)) / 255.0, f32::from(self.u8(i + 1)) / 255.0)
    }

    /// The bigrams of `first` with each of `words`, in their order, for [`Self::step_after`]. To ask for many at once is
    /// much faster than for one after the other: no look into memory waits for the one before.
    pub fn pairs(&self, first: WordId, words: impl Iterator<Item = WordId>, found: &mut Vec<u32>) {
        let first = self.held(first);
        let marks = self.followers.get(usize::from(first)).copied().unwrap_or_default();
        found.clear();
        // Which may be there at all, as the word itself, else none; most are none.
        found.extend(words.map(|word| {
            let word = self.held(word);
            let (place, bit) = marks.bit(word);
            let may_be = self.marks.get(place).is_none_or(|bits| bits & bit != 0);
            std::hint::select_unpredictable(may_be, u32::from(word), NONE)
        }));
        let range = self.range(self.at.child1, u32::from(first));
        for pair in found.iter_mut().filter(|pair| **pair != NONE) {
            *pair = self.search(self.at.word2, &range, *pair as WordId);
        }
    }

    /// A word beyond the vocabulary counts as an unknown one.
    fn held(&self, word: WordId) -> WordId {
        if usize::from(word) < self.at.n[0] { word } else { UNKNOWN }
    }

    /// Natural log-probability of `word` after `state`, and the state that follows. A word beyond the vocabulary counts
    /// as an unknown one, and is remembered.
    pub fn step(&self, state: State, word: WordId) -> (f32, State) {
        let range = self.range(self.at.child1, u32::from(self.held(state.word)));
        let pair = self.search(self.at.word2, &range, self.held(word));
        self.step_after(&self.after(state), word, pair)
    }

    /// What may follow `state`.
    pub fn after(&self, state: State) -> After {
        let State { word, pair, triple } = state;
        let mut after = After { triples: 0..0, quads: 0..0, backoff: [0.0; 3] };
        if triple != NONE {
            after.quads = self.quads(triple as usize);
            after.backoff[0] = ln_bow(self.u8(self.at.bow3 + triple as usize));
        }
        if pair != NONE {
            after.triples = self.range(self.at.child2, pair);
            after.backoff[1] = ln_bow(self.u8(self.at.bow2 + pair as usize));
        }
        after.backoff[2] = self.unigrams.get(usize::from(self.held(word))).map_or(0.0, |u| u.1);
        after
    }

    /// As [`Self::step`], where the bigram of the state's word and `word` is known.
    pub fn step_after(&self, after: &After, word: WordId, pair: u32) -> (f32, State) {
        let (seen, word) = (word, self.held(word));
        let [from_quad, from_triple, from_pair] = after.backoff;
        if pair == NONE {
            let next = State { word: seen, pair, triple: NONE };
            return (from_quad + from_triple + from_pair + self.unigram(word), next);
        }
        let triple = self.search(self.at.word3, &after.triples, word);
        let next = State { word: seen, pair, triple };
        if triple == NONE {
            return (from_quad + from_triple + ln_p(self.u8(self.at.p2 + pair as usize)), next);
        }
        let p = match self.search(self.at.word4, &after.quads, word) {
            NONE => from_quad + ln_p(self.u8(self.at.p3 + triple as usize)),
            quad => ln_p(self.u8(self.at.p4 + quad as usize)),
        };
        (p, next)
    }

    /// The entries that a list of first children at byte `base` gives to entry `of`.
    fn range(&self, base: usize, of: u32) -> Range<u32> {
        let at = base + 4 * of as usize;
        self.u32(at)..self.u32(at + 4)
    }

    fn quads(&self, triple: usize) -> Range<u32> {
        let count = u32::from(self.u8(self.at.count3 + triple));
        let block = triple / BLOCK;
        let before = self.data.get(self.at.count3 + block * BLOCK..self.at.count3 + triple);
        let skipped: u32 = before.unwrap_or_default().iter().map(|&c| u32::from(c)).sum();
        let start = self.u32(self.at.block3 + 4 * block).saturating_add(skipped);
        start..start.saturating_add(count)
    }

    /// Binary search for `word` in `entries` of the sorted array of words at byte `base`. It always halves to the
    /// end: which half is taken cannot be foretold, and a compare that is only a move costs less than a wrong guess.
    fn search(&self, base: usize, entries: &Range<u32>, word: WordId) -> u32 {
        let (from, to) = (base + 2 * entries.start as usize, base + 2 * entries.end as usize);
        let Some(bytes) = self.data.get(from..to) else { return NONE };
        let (words, _) = bytes.as_chunks::<2>();
        let at = |i: usize| words.get(i).map_or(0, |w| u16::from_le_bytes(*w));
        let (mut left, mut size) = (0, words.len());
        while size > 1 {
            let half = size / 2;
            left = std::hint::select_unpredictable(at(left + half) <= word, left + half, left);
            size -= half;
        }
        if size == 1 && at(left) == word { entries.start + left as u32 } else { NONE }
    }

    // Positions come from the file, so reads past its end give zero instead of a panic.

    fn u8(&self, i: usize) -> u8 {
        self.data.get(i).copied().unwrap_or(0)
    }

    fn u32(&self, i: usize) -> u32 {
        self.data.get(i..i + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
    }

    fn f32(&self, i: usize) -> f32 {
        f32::from_bits(self.u32(i))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_file_is_refused_by_name() {
        let err = LanguageModel::new(Cow::Borrowed(b"GIF89a"), "x.lm").err().map(|e| e.to_string());
        assert_eq!(err.as_deref(), Some("x.lm is not a vanthu language model: its first bytes are not VTLM"));
    }

    #[test]
    fn a_cut_file_is_refused() {
        let mut data = MAGIC.to_vec();
        for v in [VERSION, 5, 0, 0, 0, 9] {
            data.extend(v.to_le_bytes());
        }
        data.extend(b"a\nb\nc\nd\ne");
        let err =
            LanguageModel::new(Cow::Owned(data), "x.lm").err().map(|e| e.to_string()).unwrap_or_default();
        assert!(err.contains("bytes long where its header promises"), "{err}");
    }

    #[test]
    fn quantised_logarithms_come_back_near() {
        for p in [0.9f32, 0.1, 1e-3, 1e-6] {
            assert!((ln_p(quantise_p(p)) - p.ln()).abs() <= 0.033, "{p}");
            assert!((ln_bow(quantise_bow(p)) - p.ln()).abs() <= 1.85, "{p}");
        }
    }
}
