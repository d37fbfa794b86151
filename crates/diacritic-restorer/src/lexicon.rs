//! A user's own words: names of persons, places and agencies that the models do not know.

use crate::lm::{LanguageModel, UNKNOWN, WordId};
use crate::syllable::{Case, fold};
use crate::token::{Kind, units};
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

/// Words and phrases to be known beside the models, a line each; `#` begins a comment line.
///
/// Rows of four columns are what an archive has shown its reader to make of a word: `as read ⇥ as printed ⇥ how often ⇥ of
/// how many prints of the word`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon {
    entries: Vec<Vec<String>>,
    confusions: Vec<Confusion>,
}

/// What the readers of an archive made of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    /// The word as it was read.
    pub raw: String,
    /// The word as it was printed.
    pub text: String,
    /// How often it was read so.
    pub times: u32,
    /// How often it was printed.
    pub of: u32,
}

impl Confusion {
    /// That of a row of a lexicon; none for what is no such row.
    fn of_row(row: &str) -> Option<Self> {
        let mut columns = row.split('\t').map(str::trim);
        let (raw, text) = (columns.next()?, columns.next()?);
        let (times, of) = (columns.next()?.parse().ok()?, columns.next()?.parse().ok()?);
        columns.next().is_none().then(|| Self {
            raw: raw.nfc().collect(),
            text: text.nfc().collect(),
            times,
            of,
        })
    }

    /// Whether it is of one word each and touches no digit: those are facts, which nobody but a person changes.
    fn is_usable(&self) -> bool {
        let word = |t: &str| !t.is_empty() && t.chars().all(|c| !c.is_numeric() && !c.is_whitespace());
        word(&self.raw) && word(&self.text) && self.times > 0
    }

    /// Natural log-probability that the word is read so.
    fn log_probability(&self) -> f32 {
        // One more print than was counted: what was seen once is not certain.
        (self.times as f32 / (self.of.max(self.times) as f32 + 1.0)).ln()
    }
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
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match Confusion::of_row(line) {
                Some(confusion) => lexicon.confuse(confusion),
                None if lexicon.add(line) => {}
                None => return Err(LexiconError { line: i + 1 }),
            }
        }
        Ok(lexicon)
    }

    /// Adds what an archive has shown; what touches a digit or is not of one word each is passed over.
    pub fn confuse(&mut self, confusion: Confusion) {
        if confusion.is_usable() {
            self.confusions.push(confusion);
        }
    }

    /// Adds all that another one holds.
    pub fn join(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.confusions.extend(other.confusions);
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

    /// Number of words, phrases and confusions.
    pub fn len(&self) -> usize {
        self.entries.len() + self.confusions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
    /// By what was read, folded: what was printed, and how likely (natural log) that is read so.
    confusions: FxHashMap<Box<str>, Vec<(WordId, f32)>>,
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
        for confusion in &lexicon.confusions {
            let word = self.intern(&confusion.text, lm, &mut targets);
            if word == UNKNOWN {
                continue;
            }
            if usize::from(word) >= lm.vocabulary() {
                self.words.entry(word).or_insert(NEW_WORD);
            }
            let known = self.confusions.entry(fold(&confusion.raw).as_ref().into()).or_default();
            known.retain(|(w, _)| *w != word);
            known.push((word, confusion.log_probability()));
        }
        targets
    }

    /// What the archive has shown to be printed where `observed` was read, with the natural log-probability of that.
    pub fn confusions(&self, observed: &str) -> &[(WordId, f32)] {
        if self.confusions.is_empty() {
            return &[];
        }
        self.confusions.get(fold(observed).as_ref()).map_or(&[], Vec::as_slice)
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
    fn rows_of_four_columns_are_confusions_and_touch_no_digit() {
        let lexicon = Lexicon::parse("hổ\thồ\t3\t9\n1ần\tlần\t2\t2\n12\tlà\t2\t2\na b\tab\t1\t1\nmột từ\n");
        let lexicon = lexicon.unwrap();
        assert_eq!(lexicon.confusions.len(), 1);
        assert_eq!(lexicon.len(), 2);
        assert!((lexicon.confusions[0].log_probability() - 0.3_f32.ln()).abs() < 1e-6);
    }

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
