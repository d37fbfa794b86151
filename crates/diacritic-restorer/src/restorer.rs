//! The models of the restorer, put together once and shared by all threads.

use crate::calibration::Calibration;
use crate::candidates::{Candidate, Room, Trie};
use crate::channel::Channel;
use crate::edges::case_index;
use crate::emissions::{Emissions, LONGEST};
use crate::lexicon::{Known, Lexicon};
use crate::lm::{FIRST_WORD, LanguageModel, ModelError, WordId};
use crate::memo::Memo;
use crate::places::Places;
use crate::regime::{self, Regime};
use crate::segment::CasePriors;
use crate::syllable::{Case, fold, strip_marks};
use crate::symbols::Symbols;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::sync::Arc;

/// The models, shared by all threads.
pub struct Restorer {
    pub(crate) lm: LanguageModel,
    /// What an English reader makes of Vietnamese.
    pub(crate) english: Reader,
    /// What a Vietnamese reader makes of a poor page.
    pub(crate) vietnamese: Reader,
    pub(crate) cases: CasePriors,
    pub(crate) calibration: Calibration,
    pub(crate) trie: Trie,
    /// Words by their form without marks.
    pub(crate) by_bare: FxHashMap<Box<str>, Vec<WordId>>,
    /// Valid syllables without marks.
    bare: FxHashSet<Box<str>>,
    pub(crate) symbols: Symbols,
    pub(crate) known: Known,
    pub(crate) places: Places,
    id: String,
}

/// One reader's channel, laid out for search, and what was found by it.
pub(crate) struct Reader {
    pub channel: Channel,
    emissions: Emissions,
    memo: Memo,
}

impl Reader {
    fn new(channel: Channel, trie: &Trie) -> Self {
        Self { emissions: trie.emissions(&channel), channel, memo: Memo::default() }
    }
}

/// The tables that stand beside a language model, as text.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'t> {
    /// A valid syllable a line.
    pub syllables: &'t str,
    /// Endings of document symbols with counts.
    pub symbol_endings: &'t str,
    /// Types of documents, each row beginning with its abbreviation.
    pub document_types: &'t str,
    /// Abbreviations with a stroke, each row beginning with one.
    pub slashed: &'t str,
    /// Kinds, names and counts of administrative units.
    pub places: &'t str,
    /// Channel table of an English reader.
    pub english: &'t str,
    /// Channel table of a Vietnamese reader.
    pub vietnamese: &'t str,
    /// From posteriors to probabilities.
    pub calibration: &'t str,
}

/// Share of capitals from which a word of the vocabulary counts as an abbreviation.
const ABBREVIATION: f32 = 0.8;

impl Restorer {
    /// Puts the language model in `lm`, called `name` in messages, and the tables together.
    pub fn new(lm: Cow<'static, [u8]>, name: &str, tables: Tables<'_>) -> Result<Self, ModelError> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let id = format!("{file}-{:016x}", fingerprint(&lm));
        let lm = LanguageModel::new(lm, name)?;
        let channel = |table: &str, name: &str| {
            Channel::parse(table).map_err(|e| ModelError::Damaged { name: name.into(), what: e.to_string() })
        };
        let valid: FxHashSet<String> = tables
            .syllables
            .lines()
            .filter(|l| !l.starts_with('#'))
            .map(|l| fold(l.trim()).into_owned())
            .collect();
        let mut by_bare: FxHashMap<Box<str>, Vec<WordId>> = FxHashMap::default();
        let mut targets = Vec::new();
        for i in usize::from(FIRST_WORD)..lm.vocabulary() {
            let word = i as WordId;
            let text = lm.word(word);
            let abbreviation = lm.case(word).1 > ABBREVIATION && text.chars().count() >= 2;
            if valid.contains(text) || abbreviation {
                targets.push((text.to_owned(), word));
                by_bare.entry(strip_marks(text).into()).or_default().push(word);
            }
        }
        let mut known = Known::default();
        let (places, words) = Places::parse(tables.places, &lm, &mut known);
        // Letters by themselves stand for too much.
        for (text, word) in words.into_iter().filter(|(text, _)| text.chars().nth(1).is_some()) {
            let same = by_bare.entry(strip_marks(&text).into()).or_default();
            if !same.contains(&word) {
                same.push(word);
                targets.push((text, word));
            }
        }
        let trie = Trie::new(targets);
        Ok(Self {
            cases: CasePriors::new(cases(&lm, &known)),
            bare: valid.iter().map(|s| strip_marks(s).into()).collect(),
            by_bare,
            english: Reader::new(channel(tables.english, "channel_english.tsv")?, &trie),
            vietnamese: Reader::new(channel(tables.vietnamese, "channel_vietnamese.tsv")?, &trie),
            calibration: Calibration::parse(tables.calibration)
                .map_err(|e| ModelError::Damaged { name: "calibration.tsv".into(), what: e.to_string() })?,
            symbols: Symbols::parse(tables.symbol_endings, tables.document_types, tables.slashed),
            known,
            places,
            trie,
            lm,
            id,
        })
    }

    /// The same models with a user's own words and phrases, which become candidates and are favoured a little.
    pub fn with_lexicon(mut self, lexicon: &Lexicon) -> Self {
        let mut words = self.trie.words();
        for (text, word) in self.known.add(lexicon, &self.lm) {
            let same = self.by_bare.entry(strip_marks(&text).into()).or_default();
            if !same.contains(&word) {
                same.push(word);
            }
            words.push((text, word));
        }
        self.trie = Trie::new(words);
        self.english = Reader::new(self.english.channel, &self.trie);
        self.vietnamese = Reader::new(self.vietnamese.channel, &self.trie);
        self.cases = CasePriors::new(cases(&self.lm, &self.known));
        self
    }

    /// The words that `observed` may stand for when `reader` read it, best first.
    pub(crate) fn candidates(&self, reader: &Reader, observed: &str, room: &mut Room) -> Arc<[Candidate]> {
        if observed.chars().nth(LONGEST).is_some() {
            return Arc::default();
        }
        reader.memo.get(observed, || {
            let mut found = self.trie.search(&reader.emissions, observed, room);
            for (word, p) in self.known.confusions(observed) {
                raise(&mut found, *word, *p, Case::of(observed));
            }
            found
        })
    }

    /// The id of a folded word in the language model or the user's lexicon.
    pub(crate) fn word_id(&self, folded: &str) -> Option<WordId> {
        self.lm.id(folded).or_else(|| self.known.id(folded))
    }

    /// The folded form of a word.
    pub(crate) fn word(&self, id: WordId) -> &str {
        match usize::from(id).checked_sub(self.lm.vocabulary()) {
            Some(new) => self.known.word(new),
            None => self.lm.word(id),
        }
    }

    /// Identity of the models, for provenance.
    pub fn model_id(&self) -> String {
        self.id.clone()
    }

    /// The language model.
    pub fn language_model(&self) -> &LanguageModel {
        &self.lm
    }

    /// The regime of each of `lines`, as the gate sees it.
    pub fn regimes(&self, lines: &[&str]) -> Vec<Regime> {
        regime::of_lines(lines, &self.bare)
    }
}

/// What is lost (nats) when a confusion of an archive is taken to be in another case than it was read in.
const OTHER_CASE: f32 = -3.0;

/// Has `word` explain what was observed with at least the probability `p` that an archive has shown.
fn raise(found: &mut Vec<Candidate>, word: WordId, p: f32, case: Case) {
    let own = case_index(case);
    let at = match found.iter().position(|c| c.word == word) {
        Some(at) => at,
        None => {
            found.push(Candidate { word, by_case: [p + OTHER_CASE; 3] });
            found.len() - 1
        }
    };
    let Some(candidate) = found.get_mut(at) else { return };
    if let Some(score) = candidate.by_case.get_mut(own) {
        *score = score.max(p);
    }
    found.sort_by(|a, b| b.best().total_cmp(&a.best()));
}

/// How often each word stands with a capital first letter, and in capitals (0 to 1).
fn cases(lm: &LanguageModel, known: &Known) -> impl Iterator<Item = (f32, f32)> {
    let held = (0..lm.vocabulary()).map(|i| lm.case(i as WordId));
    held.chain((0..known.len()).map(|i| known.case(i)))
}

/// 64-bit FNV-1a over a stride of the bytes: an identity, not a safeguard.
fn fingerprint(bytes: &[u8]) -> u64 {
    let stride = (bytes.len() / 65_536).max(1);
    bytes
        .iter()
        .step_by(stride)
        .fold(0xcbf2_9ce4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}
