//! A user's own words: names of persons, places and agencies that the models do not know.

use crate::lm::{LanguageModel, UNKNOWN, WordId};
use crate::syllable::{Case, fold};
use crate::token::{Kind, units};
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

/// Words and phrases to be known beside the models, a line each; `#` begins a comment line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon {
    entries: Vec<Vec<String>>,
}

/// A line of a lexicon that holds no word.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line} of the lexicon holds no word: a word or phrase a line is expected")]
pub struct LexiconError {
    /// Counted from 1.
    pub line: usize,
}

impl Lexicon {
    /// Reads words and phrases, a line each. Numbers in an entry part it, since numbers are never changed.
    ///
    /// # Errors
    /// The first line that is neither blank nor a comment and holds no word.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let mut lexicon = Self::default();
        for (i, line) in text.lines().enumerate() {
            let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            if !line.is_empty() && !line.starts_with('#') && !lexicon.add(line) {
                return Err(LexiconError { line: i + 1 });
            }
        }
        Ok(lexicon)
    }

    /// Adds one word or phrase and says whether it held a word.
    pub fn add(&mut self, phrase: &str) -> bool {
        let phrase: String = phrase.nfc().collect();
        let mut run = Vec::new();
        let before = self.entries.len();
        for u in units(&phrase) {
            if u.kind == Kind::Word {
                run.push(phrase[u.start..u.end].to_owned());
            } else if !run.is_empty() {
                self.entries.push(std::mem::take(&mut run));
            }
        }
        if !run.is_empty() {
            self.entries.push(run);
        }
        self.entries.len() > before
    }

    /// Number of words and phrases.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Added (nats) for a word that stands in the lexicon.
const WORD: f32 = 1.5;
/// Natural log-probability of one word of the lexicon that the language model does not hold, given that it is such.
const NEW_WORD: f32 = -4.0;
/// Added (nats) for a word that follows the one before it in a phrase.
const FOLLOWS: f32 = 8.0;

/// The words that are known beside the language model, as the search uses them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// Words beyond the language model's vocabulary, folded, with how they are written.
    new: Vec<(Box<str>, Box<str>)>,
    ids: FxHashMap<Box<str>, WordId>,
    words: FxHashMap<WordId, f32>,
    pairs: FxHashMap<(WordId, WordId), f32>,
}

impl Known {
    /// Adds `lexicon` and gives the words that are no candidates yet by their folded form and id.
    pub fn add(&mut self, lexicon: &Lexicon, lm: &LanguageModel) -> Vec<(String, WordId)> {
        let mut targets = Vec::new();
        for entry in &lexicon.entries {
            let from = lm.vocabulary() + self.new.len();
            let ids: Vec<WordId> = entry.iter().map(|w| self.intern(w, lm, &mut targets)).collect();
            let new = ids.iter().filter(|id| usize::from(**id) >= from);
            self.words.extend(new.map(|id| (*id, NEW_WORD)));
            if let [only] = ids.as_slice() {
                self.words.entry(*only).or_insert(WORD);
            }
            for pair in ids.windows(2) {
                if let [a, b] = pair {
                    self.pairs.insert((*a, *b), FOLLOWS);
                }
            }
        }
        targets
    }

    /// The id of `word`, which is entered in `targets` and, where the language model does not hold it, here.
    pub fn intern(&mut self, word: &str, lm: &LanguageModel, targets: &mut Vec<(String, WordId)>) -> WordId {
        let folded = fold(word).into_owned();
        if let Some(id) = self.ids.get(folded.as_str()).copied() {
            return id;
        }
        let id = match lm.id(&folded) {
            Some(id) => id,
            None => {
                let Ok(id) = WordId::try_from(lm.vocabulary() + self.new.len()) else { return UNKNOWN };
                self.new.push((folded.as_str().into(), word.into()));
                id
            }
        };
        self.ids.insert(folded.as_str().into(), id);
        targets.push((folded, id));
        id
    }

    /// Whether no phrase was added.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Number of words beyond the vocabulary.
    pub fn len(&self) -> usize {
        self.new.len()
    }

    /// The id of a folded word of the lexicon.
    pub fn id(&self, folded: &str) -> Option<WordId> {
        self.ids.get(folded).copied()
    }

    /// The folded form of the `i`-th word beyond the vocabulary.
    pub fn word(&self, i: usize) -> &str {
        self.new.get(i).map_or("", |w| &w.0)
    }

    /// How often the `i`-th word beyond the vocabulary stands with a capital, and in capitals, as its entry tells.
    pub fn case(&self, i: usize) -> (f32, f32) {
        match self.new.get(i).map(|w| Case::of(&w.1)) {
            Some(Case::Title) => (0.95, 0.02),
            Some(Case::Upper) => (0.02, 0.95),
            _ => (0.05, 0.01),
        }
    }

    /// What is added (nats) for `word`.
    pub fn bonus(&self, word: WordId) -> f32 {
        self.words.get(&word).copied().unwrap_or(0.0)
    }

    /// What is added (nats) for `word` after `before`.
    pub fn follows(&self, before: WordId, word: WordId) -> f32 {
        self.pairs.get(&(before, word)).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_cut_at_numbers() {
        let lexicon = Lexicon::parse("# tên riêng\nKa Rơ Nâng\n\nTổ 12 Đồng Mơ\n");
        let entries = lexicon.map(|l| l.entries);
        let words = |e: &[&str]| e.iter().map(|w| w.to_string()).collect::<Vec<_>>();
        assert_eq!(entries, Ok(vec![words(&["Ka", "Rơ", "Nâng"]), words(&["Tổ"]), words(&["Đồng", "Mơ"])]));
    }

    #[test]
    fn a_line_without_words_is_named() {
        assert_eq!(Lexicon::parse("An\n12/5\n"), Err(LexiconError { line: 2 }));
    }
}
