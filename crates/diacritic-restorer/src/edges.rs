//! What each unit of a damaged line may stand for: the edges of the lattice.

use crate::candidates::{Candidate, Room};
use crate::channel::{self, IMPOSSIBLE};
use crate::lattice::{Edge, Form, Lattice};
use crate::lm::{NUMBER, SYMBOL, UNKNOWN, WordId};
use crate::regime::Regime;
use crate::restorer::{Reader, Restorer};
use crate::segment::{Piece, case_at};
use crate::syllable::{Case, fold};
use crate::token::Kind;
use std::sync::Arc;

/// Shortest unit (characters) that may be two words run together, and how badly (nats) one word must explain it.
const SHORTEST_RUN_ON: usize = 5;
const POOR: f32 = -10.0;
/// Longest pair of units (characters) that may be one torn word, and how badly (nats) words must explain either half.
const LONGEST_TORN: usize = 8;
const TORN: f32 = -6.0;
/// Words of more characters are none that was misread: names of files, rows of dots.
const LONGEST_WORD: usize = 24;
/// How far below the best edge of a unit (nats) another one may lie.
const EDGE_WIDTH: f32 = 13.0;
/// What was read in capitals was printed in small letters so seldom (nats).
const SMALLER: f32 = -5.0;
/// Natural log-probability of any one word outside the vocabulary, given that it is one.
const UNKNOWN_WORD: f32 = -11.0;
/// The same for a word in capitals: abbreviations are many, and each stands for itself.
const UNKNOWN_ABBREVIATION: f32 = -5.0;
/// Added for a word with a digit or an odd sign inside.
const ODD_WORD: f32 = -7.0;
/// The same for one number among all numbers of its length, by digit.
const DIGIT: f32 = -2.0;

/// Spells the units of lines with one kind of damage.
pub struct Speller<'m> {
    models: &'m Restorer,
    reader: &'m Reader,
    regime: Regime,
    room: Room,
    edges: Vec<Edge>,
}

impl<'m> Speller<'m> {
    /// For lines of `regime`.
    pub fn new(models: &'m Restorer, regime: Regime) -> Self {
        let reader = if regime == Regime::Recognised { &models.vietnamese } else { &models.english };
        Self { models, reader, regime, room: Room::default(), edges: Vec::new() }
    }

    /// The kind of damage.
    pub fn regime(&self) -> Regime {
        self.regime
    }

    /// All ways to read the units, alone or with the next.
    pub fn fill(&mut self, lattice: &mut Lattice, units: &[(usize, Piece)], texts: &[&str]) {
        lattice.clear();
        for i in 0..units.len() {
            lattice.begin_unit();
            self.edges.clear();
            self.edges_of(units, texts, i);
            lattice.edges.append(&mut self.edges);
        }
    }

    /// How `edge`, which covers `raw`, is written.
    pub fn text(&self, edge: &Edge, raw: &str) -> String {
        let spelled = |i: usize, case: u8| {
            let word = self.models.word(edge.words[i]);
            // Without marks the observation says how a word is written that is known as it stands.
            if self.regime == Regime::NoMarks && fold(raw) == word {
                return raw.to_owned();
            }
            case_at(usize::from(case)).apply(word)
        };
        match edge.form {
            Form::AsRead => raw.to_owned(),
            Form::Symbol => self.models.symbols.repair(raw).unwrap_or_else(|| raw.to_owned()),
            Form::Spelled([first, _]) if edge.count == 1 => spelled(0, first),
            Form::Spelled([first, second]) => format!("{} {}", spelled(0, first), spelled(1, second)),
        }
    }

    fn keep(&mut self, word: WordId, score: f32) {
        self.edges.push(Edge { span: 1, count: 1, words: [word, 0], form: Form::AsRead, score });
    }

    fn edges_of(&mut self, units: &[(usize, Piece)], texts: &[&str], i: usize) {
        let piece = &units[i].1;
        let raw = texts[i];
        if piece.kind == Kind::Symbol
            || self.regime == Regime::Recognised && self.models.symbols.is_misread_abbreviation(raw)
        {
            self.edges.push(Edge { span: 1, count: 1, words: [SYMBOL, 0], form: Form::Symbol, score: 0.0 });
            return;
        }
        if piece.fixed || self.regime == Regime::Recognised && !doubtful(raw) {
            // Numbers are one word to the language model: what follows them depends on it.
            let word = match piece.kind {
                Kind::Number => NUMBER,
                _ => self.models.word_id(&fold(raw)).unwrap_or(UNKNOWN),
            };
            return self.keep(word, 0.0);
        }
        if self.regime == Regime::NoMarks {
            return self.bare_edges(piece, raw);
        }
        if piece.kind == Kind::Number {
            self.keep(NUMBER, DIGIT * raw.chars().count() as f32);
            // Only one or two bare digits can be a misread syllable: "12" for "là".
            if raw.len() > 2 || !raw.bytes().all(|b| b.is_ascii_digit()) {
                return;
            }
        } else if raw.chars().nth(LONGEST_WORD).is_some() {
            return self.keep(UNKNOWN, 0.0);
        } else {
            self.as_read(piece, raw);
        }
        let own = case_index(Case::of(raw));
        let candidates = self.candidates(raw);
        for c in candidates.iter() {
            // A number is never a bare letter: "điểm 1" may be right where "điểm i" is likelier. It may be ở.
            if piece.kind == Kind::Number && self.models.word(c.word).len() == 1 {
                continue;
            }
            let (score, case) = self.in_place(piece, raw, c);
            let score = score + self.models.known.bonus(c.word);
            // The word as it was read is one reading, not two that share its probability.
            match self.edges.first_mut().filter(|e| e.words[0] == c.word && usize::from(case) == own) {
                Some(same) => same.score = same.score.max(score),
                None => self.push_spelled(1, c.word, score, case),
            }
        }
        let length = raw.chars().count();
        let best = self.edges.iter().skip(1).map(|e| e.score).fold(IMPOSSIBLE, f32::max);
        if piece.kind == Kind::Word && length >= SHORTEST_RUN_ON && best < POOR {
            self.split_edges(piece, raw);
        }
        let next_best = texts
            .get(i + 1)
            .filter(|t| t.len() <= 12)
            .map_or(0.0, |t| self.candidates(t).first().map_or(-99.0, |c| c.best()));
        if let Some((line, next)) = units.get(i + 1)
            && best.min(next_best) < TORN
            && next.joinable
            && *line == units[i].0
            && length + texts[i + 1].chars().count() <= LONGEST_TORN
        {
            self.join_edges(piece, raw, texts[i + 1]);
        }
        prune_edges(&mut self.edges);
    }

    fn push_spelled(&mut self, span: u8, word: WordId, score: f32, case: u8) {
        self.edges.push(Edge { span, count: 1, words: [word, 0], form: Form::Spelled([case, 0]), score });
    }

    /// Words whose form without marks is `raw`.
    fn bare_edges(&mut self, piece: &Piece, raw: &str) {
        let folded = fold(raw);
        let models = self.models;
        let Some(words) = models.by_bare.get(folded.as_ref()) else {
            return self.keep(models.word_id(&folded).unwrap_or(UNKNOWN), 0.0);
        };
        let case = case_index(Case::of(raw));
        for &word in words {
            let score = models.cases.at(piece, word)[case] + models.known.bonus(word);
            self.push_spelled(1, word, score, case as u8);
        }
    }

    /// The reading that `raw` is what was printed: a foreign word, a name, a syllable without marks.
    fn as_read(&mut self, piece: &Piece, raw: &str) {
        let id = self.models.word_id(&fold(raw));
        let case = Case::of(raw);
        let mut score = channel::score(&self.reader.channel, raw, raw);
        match id {
            Some(word) => {
                score += self.case_prior(piece, raw, word)[case_index(case)] + self.models.known.bonus(word);
            }
            None if case == Case::Upper && raw.is_ascii() => score += UNKNOWN_ABBREVIATION,
            None => score += UNKNOWN_WORD,
        }
        // Nobody prints a word with a digit or an odd sign inside, unless it is a name that is known.
        if id.is_none() && raw.chars().any(|c| !c.is_alphabetic()) {
            score += ODD_WORD;
        }
        self.keep(id.unwrap_or(UNKNOWN), score);
    }

    fn candidates(&mut self, raw: &str) -> Arc<[Candidate]> {
        self.models.candidates(self.reader, raw, &mut self.room)
    }

    /// The score of a candidate at its place, and the case in which it is written there.
    fn in_place(&self, piece: &Piece, raw: &str, c: &Candidate) -> (f32, u8) {
        let prior = self.case_prior(piece, raw, c.word);
        let mut best = (IMPOSSIBLE * 2.0, 0);
        for (i, (p, s)) in (0u8..).zip(prior.iter().zip(c.by_case)) {
            if p + s > best.0 {
                best = (p + s, i);
            }
        }
        best
    }

    /// What the place and the word suggest of its case. A Vietnamese reader gets the case right: there the place says
    /// nothing, and what was read in capitals stays so.
    fn case_prior(&self, piece: &Piece, raw: &str, word: WordId) -> [f32; 3] {
        match self.regime {
            Regime::Recognised if in_capitals(raw) => [SMALLER, SMALLER, 0.0],
            Regime::Recognised => [0.0; 3],
            _ => self.models.cases.at(piece, word),
        }
    }

    /// Readings of `raw` as two words that were run together.
    fn split_edges(&mut self, piece: &Piece, raw: &str) {
        let lost = self.reader.channel.emission(' ', &[]);
        let cuts: Vec<usize> = raw.char_indices().map(|(i, _)| i).collect();
        let inner = Piece { opens: false, ..piece.clone() };
        let mut found = Vec::new();
        for &cut in cuts.iter().skip(2).take(cuts.len().saturating_sub(3)) {
            let (left, right) = raw.split_at(cut);
            let lefts = self.candidates(left);
            let rights = self.candidates(right);
            for l in lefts.iter().take(4) {
                for r in rights.iter().take(4) {
                    let ((ls, lc), (rs, rc)) =
                        (self.in_place(piece, left, l), self.in_place(&inner, right, r));
                    let form = Form::Spelled([lc, rc]);
                    found.push(Edge {
                        span: 1,
                        count: 2,
                        words: [l.word, r.word],
                        form,
                        score: ls + rs + lost,
                    });
                }
            }
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        self.edges.extend(found.into_iter().take(8));
    }

    /// Readings of two units as one word that was torn.
    fn join_edges(&mut self, piece: &Piece, left: &str, right: &str) {
        let whole = format!("{left} {right}");
        for c in self.candidates(&whole).iter().take(6).filter(|c| c.best() > -16.0) {
            let (score, case) = self.in_place(piece, &whole, c);
            self.push_spelled(2, c.word, score, case);
        }
    }
}

/// Whether a word that a Vietnamese reader gave may be wrong at all: not a foreign or a long word, nothing with a digit
/// or a footnote mark.
fn doubtful(raw: &str) -> bool {
    let letters = raw.chars().filter(|c| c.is_alphabetic()).count();
    let plain = |c: char| c.is_alphabetic() || c.is_ascii_punctuation() || "¢€£§©°".contains(c);
    (2..=7).contains(&letters) && raw.chars().count() <= 8 && raw.chars().all(plain)
}

/// Whether all letters of a word are capitals, and more than one is.
fn in_capitals(raw: &str) -> bool {
    let mut letters = raw.chars().filter(|c| c.is_alphabetic());
    letters.by_ref().take(2).filter(|c| c.is_uppercase()).count() == 2 && letters.all(char::is_uppercase)
}

/// Keeps the edges that may win. The first one, the reading as it stands, is always kept.
fn prune_edges(edges: &mut Vec<Edge>) {
    let best = edges.iter().map(|e| e.score).fold(IMPOSSIBLE, f32::max);
    let mut first = true;
    edges.retain(|e| std::mem::take(&mut first) || e.score > best - EDGE_WIDTH);
    edges.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.words.cmp(&b.words)));
}

pub(crate) fn case_index(case: Case) -> usize {
    match case {
        Case::Lower => 0,
        Case::Title => 1,
        Case::Upper => 2,
    }
}
