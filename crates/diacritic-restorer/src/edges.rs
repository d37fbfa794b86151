//! What each unit of a damaged line may stand for: the edges of the lattice.

use crate::candidates::Candidate;
use crate::channel::{Channel, Emissions, IMPOSSIBLE};
use crate::lattice::Edge;
use crate::lm::{NUMBER, SYMBOL, UNKNOWN, WordId};
use crate::regime::Regime;
use crate::restorer::Restorer;
use crate::segment::{Piece, case_at, case_prior};
use crate::syllable::{Case, fold};
use crate::token::Kind;
use rustc_hash::FxHashMap;

/// Most candidates of a word that go into the lattice.
const CANDIDATES: usize = 48;
/// Shortest unit (characters) that may be two words run together, and how badly (nats) one word must explain it.
const SHORTEST_RUN_ON: usize = 5;
const POOR: f32 = -7.0;
/// Longest pair of units (characters) that may be one torn word.
const LONGEST_TORN: usize = 8;
/// Most edges of one unit, and how far below the best (nats) one may lie.
const EDGES: usize = 48;
const EDGE_WIDTH: f32 = 16.0;
/// Natural log-probability of any one word outside the vocabulary, given that it is one.
const UNKNOWN_WORD: f32 = -11.0;
/// The same for a word in capitals: abbreviations are many, and each stands for itself.
const UNKNOWN_ABBREVIATION: f32 = -5.0;
/// Added for a word with a digit or an odd sign inside.
const ODD_WORD: f32 = -7.0;
/// The same for one number among all numbers of its length, by digit.
const DIGIT: f32 = -2.0;

/// Spells the units of lines with one kind of damage, and remembers what it spelled.
pub struct Speller<'m> {
    models: &'m Restorer,
    channel: &'m Channel,
    regime: Regime,
    cache: FxHashMap<String, Vec<Candidate>>,
}

impl<'m> Speller<'m> {
    /// For lines of `regime`.
    pub fn new(models: &'m Restorer, regime: Regime) -> Self {
        let channel = if regime == Regime::Recognised { &models.vietnamese } else { &models.english };
        Self { models, channel, regime, cache: FxHashMap::default() }
    }

    /// All ways to read unit `i`, alone or with the next.
    pub fn edges(&mut self, units: &[(usize, Piece)], texts: &[&str], i: usize) -> Vec<Edge> {
        let piece = &units[i].1;
        let raw = texts[i];
        let keep =
            |word: WordId, score: f32| Edge { span: 1, words: vec![word], score, text: raw.to_owned() };
        if piece.kind == Kind::Symbol {
            let text = self.models.symbols.repair(raw).unwrap_or_else(|| raw.to_owned());
            return vec![Edge { span: 1, words: vec![SYMBOL], score: 0.0, text }];
        }
        if piece.fixed {
            let word = if piece.kind == Kind::Number {
                NUMBER
            } else {
                self.models.word_id(&fold(raw)).unwrap_or(UNKNOWN)
            };
            return vec![keep(word, 0.0)];
        }
        if self.regime == Regime::NoMarks {
            return self.bare_edges(piece, raw);
        }
        if self.regime == Regime::Recognised && !doubtful(raw) {
            return vec![keep(self.models.word_id(&fold(raw)).unwrap_or(UNKNOWN), 0.0)];
        }
        let mut edges = Vec::with_capacity(CANDIDATES + 2);
        if piece.kind == Kind::Number {
            edges.push(keep(NUMBER, DIGIT * raw.chars().count() as f32));
            // Only one or two bare digits can be a misread syllable: "12" for "là".
            if raw.len() > 2 || !raw.bytes().all(|b| b.is_ascii_digit()) {
                return edges;
            }
        } else {
            edges.push(self.as_read(piece, raw));
        }
        for c in self.candidates(raw) {
            edges.push(self.spelled(piece, &c));
        }
        let best = edges.iter().skip(1).map(|e| e.score).fold(IMPOSSIBLE, f32::max);
        if piece.kind == Kind::Word && raw.chars().count() >= SHORTEST_RUN_ON && best < POOR {
            edges.extend(self.split_edges(piece, raw));
        }
        if let Some((line, next)) = units.get(i + 1)
            && next.joinable
            && *line == units[i].0
            && raw.chars().count() + texts[i + 1].chars().count() <= LONGEST_TORN
        {
            edges.extend(self.join_edges(piece, raw, texts[i + 1]));
        }
        prune_edges(&mut edges);
        edges
    }

    /// Words whose form without marks is `raw`.
    fn bare_edges(&self, piece: &Piece, raw: &str) -> Vec<Edge> {
        let folded = fold(raw);
        let case = Case::of(raw);
        let mut edges: Vec<Edge> = self
            .models
            .by_bare
            .get(folded.as_str())
            .into_iter()
            .flatten()
            .map(|&word| {
                let score = self.case_prior(piece, word)[case_index(case)] + self.models.known.bonus(word);
                let text = if self.models.word(word) == folded {
                    raw.to_owned()
                } else {
                    case.apply(self.models.word(word))
                };
                Edge { span: 1, words: vec![word], score, text }
            })
            .collect();
        if edges.is_empty() {
            let word = self.models.word_id(&folded).unwrap_or(UNKNOWN);
            edges.push(Edge { span: 1, words: vec![word], score: 0.0, text: raw.to_owned() });
        }
        edges
    }

    /// The reading that `raw` is what was printed: a foreign word, a name, a syllable without marks.
    fn as_read(&self, piece: &Piece, raw: &str) -> Edge {
        let folded = fold(raw);
        let id = self.models.word_id(&folded);
        let mut e = Emissions::new(self.channel, raw);
        let mut score = e.score(raw);
        match id {
            Some(word) => {
                score +=
                    self.case_prior(piece, word)[case_index(Case::of(raw))] + self.models.known.bonus(word);
            }
            None if Case::of(raw) == Case::Upper && raw.is_ascii() => score += UNKNOWN_ABBREVIATION,
            None => score += UNKNOWN_WORD,
        }
        // Nobody prints a word with a digit or an odd sign inside.
        if raw.chars().any(|c| !c.is_alphabetic()) {
            score += ODD_WORD;
        }
        Edge { span: 1, words: vec![id.unwrap_or(UNKNOWN)], score, text: raw.to_owned() }
    }

    fn candidates(&mut self, raw: &str) -> Vec<Candidate> {
        if let Some(found) = self.cache.get(raw) {
            return found.clone();
        }
        let found = if raw.chars().count() > 14 {
            Vec::new()
        } else {
            self.models.trie.search(self.channel, raw, |w| self.models.word(w).to_owned(), CANDIDATES)
        };
        self.cache.insert(raw.to_owned(), found.clone());
        found
    }

    /// The score and the written form of a candidate at its place.
    fn in_place(&self, piece: &Piece, c: &Candidate) -> (f32, String) {
        let prior = self.case_prior(piece, c.word);
        let mut best = (IMPOSSIBLE * 2.0, 0);
        for (i, (p, s)) in prior.iter().zip(c.by_case).enumerate() {
            if p + s > best.0 {
                best = (p + s, i);
            }
        }
        (best.0, case_at(best.1).apply(self.models.word(c.word)))
    }

    /// What the place and the word suggest of its case. A Vietnamese reader gets the case right, so there it says nothing.
    fn case_prior(&self, piece: &Piece, word: WordId) -> [f32; 3] {
        if self.regime == Regime::Recognised {
            return [0.0; 3];
        }
        let (title, upper) = self.models.case(word);
        case_prior(piece, title, upper)
    }

    fn spelled(&self, piece: &Piece, c: &Candidate) -> Edge {
        let (score, text) = self.in_place(piece, c);
        let score = score + self.models.known.bonus(c.word);
        Edge { span: 1, words: vec![c.word], score, text }
    }

    /// Readings of `raw` as two words that were run together.
    fn split_edges(&mut self, piece: &Piece, raw: &str) -> Vec<Edge> {
        let lost = self.channel.emission(' ', &[]);
        let cuts: Vec<usize> = raw.char_indices().map(|(i, _)| i).collect();
        let inner = Piece { opens: false, ..piece.clone() };
        let mut edges = Vec::new();
        for &cut in cuts.iter().skip(2).take(cuts.len().saturating_sub(3)) {
            let (left, right) = raw.split_at(cut);
            let lefts = self.candidates(left);
            let rights = self.candidates(right);
            for l in lefts.iter().take(4) {
                for r in rights.iter().take(4) {
                    let (ls, lt) = self.in_place(piece, l);
                    let (rs, rt) = self.in_place(&inner, r);
                    edges.push(Edge {
                        span: 1,
                        words: vec![l.word, r.word],
                        score: ls + rs + lost,
                        text: format!("{lt} {rt}"),
                    });
                }
            }
        }
        edges.sort_by(|a, b| b.score.total_cmp(&a.score));
        edges.truncate(8);
        edges
    }

    /// Readings of two units as one word that was torn.
    fn join_edges(&mut self, piece: &Piece, left: &str, right: &str) -> Vec<Edge> {
        let whole = format!("{left} {right}");
        self.candidates(&whole)
            .iter()
            .take(6)
            .filter(|c| c.best() > -16.0)
            .map(|c| {
                let (score, text) = self.in_place(piece, c);
                Edge { span: 2, words: vec![c.word], score, text }
            })
            .collect()
    }
}

/// Whether a word that a Vietnamese reader gave may be wrong at all: not a foreign or a long word, nothing with a digit
/// or a footnote mark.
fn doubtful(raw: &str) -> bool {
    let letters = raw.chars().filter(|c| c.is_alphabetic()).count();
    let plain = |c: char| c.is_alphabetic() || c.is_ascii_punctuation() || "¢€£§©°".contains(c);
    (2..=7).contains(&letters) && raw.chars().count() <= 8 && raw.chars().all(plain)
}

/// Keeps the edges that may win, best first. The first one, the reading as it stands, is always kept.
fn prune_edges(edges: &mut Vec<Edge>) {
    let best = edges.iter().map(|e| e.score).fold(IMPOSSIBLE, f32::max);
    let mut first = true;
    edges.retain(|e| std::mem::take(&mut first) || e.score > best - EDGE_WIDTH);
    edges.sort_by(|a, b| b.score.total_cmp(&a.score));
    edges.truncate(EDGES);
}

fn case_index(case: Case) -> usize {
    match case {
        Case::Lower => 0,
        Case::Title => 1,
        Case::Upper => 2,
    }
}
