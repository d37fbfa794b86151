//! The restorer: models, lattice building, and the way from text to repaired text.

use crate::candidates::{Candidate, Trie};
use crate::channel::{Channel, Emissions, IMPOSSIBLE};
use crate::labels::Labels;
use crate::lattice::{Edge, Lattice, Weights};
use crate::lm::{FIRST_WORD, LanguageModel, ModelError, NUMBER, SYMBOL, UNKNOWN, WordId};
use crate::regime::{self, Regime};
use crate::segment::{Piece, case_at, case_prior, is_shouting, pieces};
use crate::syllable::{Case, fold, strip_marks};
use crate::symbols::Symbols;
use crate::token::{Kind, Unit, tokens, units};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// What may be set for a repair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Repairs less sure than this (0 to 1) are not made: the raw word stays.
    pub threshold: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self { threshold: 0.0 }
    }
}

/// How a line was read anew, in order. What is not named stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LineRepair {
    /// The readings of all units that were in doubt, whether or not they changed.
    pub readings: Vec<Reading>,
}

/// How one passage of a line was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// First byte of the raw text in the line.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What stands there now; may be what stood there before.
    pub text: String,
    /// Posterior probability of the text, 0 to 1.
    pub confidence: f32,
    /// The rule or model that decided.
    pub cause: &'static str,
}

impl LineRepair {
    /// The repaired text of the raw `line`.
    pub fn apply(&self, line: &str) -> String {
        let mut out = String::with_capacity(line.len() + 16);
        let mut at = 0;
        for e in &self.readings {
            out.push_str(line.get(at..e.start).unwrap_or(""));
            out.push_str(&e.text);
            at = e.end;
        }
        out.push_str(line.get(at..).unwrap_or(""));
        out
    }
}

/// The models, shared by all threads.
pub struct Restorer {
    lm: LanguageModel,
    english: Channel,
    trie: Trie,
    /// Words by their form without marks.
    by_bare: FxHashMap<Box<str>, Vec<WordId>>,
    /// Valid syllables without marks.
    bare: FxHashSet<Box<str>>,
    symbols: Symbols,
    id: String,
}

/// Most candidates of a word that go into the lattice.
const CANDIDATES: usize = 48;
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
/// Longest run of units that is decoded at once; bounds time and memory on lines without end.
const LONGEST_RUN: usize = 300;
/// Confidence of a label mended by its place in the sequence.
const LABEL: f32 = 0.9;
/// Share of capitals from which a word of the vocabulary counts as an abbreviation.
const ABBREVIATION: f32 = 0.8;

type Cache = FxHashMap<String, Vec<Candidate>>;

impl Restorer {
    /// Puts the models together. `syllables` holds a valid syllable a line, `symbols` the endings of document
    /// symbols with counts, `english` the channel table of English OCR.
    pub fn new(
        lm: Cow<'static, [u8]>,
        name: &str,
        syllables: &str,
        symbols: &str,
        english: &str,
    ) -> Result<Self, ModelError> {
        let id = format!("{}-{:016x}", name, fnv(&lm));
        let lm = LanguageModel::new(lm, name)?;
        let english = Channel::parse(english)
            .map_err(|e| ModelError::Damaged { name: "channel_english.tsv".into(), what: e.to_string() })?;
        let valid: FxHashSet<String> =
            syllables.lines().filter(|l| !l.starts_with('#')).map(|l| fold(l.trim())).collect();
        let mut by_bare: FxHashMap<Box<str>, Vec<WordId>> = FxHashMap::default();
        let mut targets = Vec::new();
        for i in usize::from(FIRST_WORD)..lm.vocabulary() {
            let word = i as WordId;
            let text = lm.word(word);
            let abbreviation = lm.case(word).1 > ABBREVIATION && text.chars().count() >= 2;
            if valid.contains(text) || abbreviation {
                targets.push((text, word));
                by_bare.entry(strip_marks(text).into()).or_default().push(word);
            }
        }
        let trie = Trie::new(targets);
        let bare = valid.iter().map(|s| strip_marks(s).into()).collect();
        Ok(Self { lm, english, trie, by_bare, bare, symbols: Symbols::parse(symbols), id })
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

    /// Repairs `lines` that follow one another, so that context flows over line ends.
    pub fn repair_lines(&self, lines: &[&str], options: &Options) -> Vec<LineRepair> {
        let regimes = self.regimes(lines);
        let mut repairs = vec![LineRepair::default(); lines.len()];
        let mut cache = Cache::default();
        let mut run = Run::default();
        let mut labels = Labels::default();
        let mut previous: Option<(usize, Regime)> = None;
        for (i, line) in lines.iter().enumerate() {
            let regime = regimes[i];
            if line.trim().is_empty() {
                continue;
            }
            let fresh = match previous {
                Some((p, r)) => r != regime || begins_paragraph(line, lines[p]),
                None => true,
            };
            if fresh || run.units.len() > LONGEST_RUN {
                self.finish(&mut run, lines, options, &mut cache, &mut repairs);
            }
            previous = Some((i, regime));
            if matches!(regime, Regime::Good | Regime::Foreign) {
                continue;
            }
            run.regime = Some(regime);
            let mended = label_of(line).and_then(|(a, b)| {
                let text = labels.mend(&line[a..b], is_shouting(line))?;
                Some(Reading { start: a, end: b, text, confidence: LABEL, cause: "label_sequence" })
            });
            let label_end = mended.as_ref().map_or(0, |r| r.end);
            repairs[i].readings.extend(mended.filter(|_| regime == Regime::WrongEngine));
            for piece in self.pieces(line, fresh, regime) {
                if piece.start < label_end {
                    continue;
                }
                run.units.push((i, piece));
                if run.units.len() > LONGEST_RUN * 2 {
                    self.finish(&mut run, lines, options, &mut cache, &mut repairs);
                    run.regime = Some(regime);
                }
            }
        }
        self.finish(&mut run, lines, options, &mut cache, &mut repairs);
        repairs
    }

    fn pieces(&self, line: &str, fresh: bool, regime: Regime) -> Vec<Piece> {
        let mut damaged = pieces(line, fresh);
        if regime == Regime::NoMarks {
            // The letters are right, so words are cut as in clean text; the context of case is kept by position.
            let clean = units(line);
            let context = |u: &Unit| {
                let p = damaged.iter().find(|p| p.start <= u.start && u.start < p.end);
                Piece {
                    start: u.start,
                    end: u.end,
                    kind: u.kind,
                    fixed: p.is_some_and(|p| p.fixed) || u.kind != Kind::Word,
                    opens: p.is_some_and(|p| p.opens),
                    shouting: p.is_some_and(|p| p.shouting),
                    joinable: false,
                }
            };
            damaged = clean.iter().map(context).collect();
        }
        damaged
    }

    /// Decodes a run of units and writes what came out into `repairs`.
    fn finish(
        &self,
        run: &mut Run,
        lines: &[&str],
        options: &Options,
        cache: &mut Cache,
        repairs: &mut [LineRepair],
    ) {
        let run = std::mem::take(run);
        let Some(regime) = run.regime else { return };
        if run.units.is_empty() {
            return;
        }
        let texts: Vec<&str> = run.units.iter().map(|(l, p)| &lines[*l][p.start..p.end]).collect();
        let edges = (0..texts.len()).map(|i| self.edges(&run.units, &texts, i, regime, cache)).collect();
        let lattice = Lattice { edges };
        let weights = match regime {
            Regime::NoMarks => Weights { language: 1.0, word: 0.0, beam: 12, width: 18.0 },
            _ => Weights { language: 1.0, word: 0.0, beam: 24, width: 18.0 },
        };
        for step in lattice.decode(&self.lm, weights) {
            let edge = &lattice.edges[step.unit][step.edge];
            let (line, first) = &run.units[step.unit];
            let last = &run.units[(step.unit + edge.span).min(run.units.len()) - 1].1;
            let raw = &lines[*line][first.start..last.end];
            // Below the threshold the raw word stays, with what little it is worth.
            let (text, confidence) = if raw == edge.text || step.posterior >= options.threshold {
                (edge.text.clone(), step.posterior)
            } else {
                (raw.to_owned(), 1.0 - step.posterior)
            };
            let cause = match regime {
                Regime::NoMarks => "marks_restored",
                _ if first.kind == Kind::Symbol => "symbol_letters",
                _ if raw.chars().all(|c| c.is_ascii_digit()) => "digits_read_for_letters",
                _ => "english_ocr",
            };
            repairs[*line].readings.push(Reading {
                start: first.start,
                end: last.end,
                text,
                confidence,
                cause,
            });
        }
    }

    /// All ways to read unit `i`, alone or with the next.
    fn edges(
        &self,
        units: &[(usize, Piece)],
        texts: &[&str],
        i: usize,
        regime: Regime,
        cache: &mut Cache,
    ) -> Vec<Edge> {
        let piece = &units[i].1;
        let raw = texts[i];
        let keep =
            |word: WordId, score: f32| Edge { span: 1, words: vec![word], score, text: raw.to_owned() };
        if piece.kind == Kind::Symbol {
            let text = self.symbols.repair(raw).unwrap_or_else(|| raw.to_owned());
            return vec![Edge { span: 1, words: vec![SYMBOL], score: 0.0, text }];
        }
        if piece.fixed {
            let word =
                if piece.kind == Kind::Number { NUMBER } else { self.lm.id(&fold(raw)).unwrap_or(UNKNOWN) };
            return vec![keep(word, 0.0)];
        }
        if regime == Regime::NoMarks {
            return self.bare_edges(piece, raw);
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
        for c in self.candidates(raw, cache) {
            edges.push(self.spelled(piece, &c));
        }
        let best = edges.iter().skip(1).map(|e| e.score).fold(IMPOSSIBLE, f32::max);
        if piece.kind == Kind::Word && raw.chars().count() >= 5 && best < -7.0 {
            edges.extend(self.split_edges(piece, raw, cache));
        }
        if let Some((line, next)) = units.get(i + 1) {
            if next.joinable && *line == units[i].0 && raw.chars().count() + texts[i + 1].chars().count() <= 8
            {
                edges.extend(self.join_edges(piece, raw, texts[i + 1], cache));
            }
        }
        prune_edges(&mut edges);
        edges
    }

    /// Words whose form without marks is `raw`.
    fn bare_edges(&self, piece: &Piece, raw: &str) -> Vec<Edge> {
        let folded = fold(raw);
        let case = Case::of(raw);
        let mut edges: Vec<Edge> = self
            .by_bare
            .get(folded.as_str())
            .into_iter()
            .flatten()
            .map(|&word| {
                let (title, upper) = self.lm.case(word);
                let score = case_prior(piece, title, upper)[case_index(case)];
                let text = if self.lm.word(word) == folded {
                    raw.to_owned()
                } else {
                    case.apply(self.lm.word(word))
                };
                Edge { span: 1, words: vec![word], score, text }
            })
            .collect();
        if edges.is_empty() {
            let word = self.lm.id(&folded).unwrap_or(UNKNOWN);
            edges.push(Edge { span: 1, words: vec![word], score: 0.0, text: raw.to_owned() });
        }
        edges
    }

    /// The reading that `raw` is what was printed: a foreign word, a name, a syllable without marks.
    fn as_read(&self, piece: &Piece, raw: &str) -> Edge {
        let folded = fold(raw);
        let id = self.lm.id(&folded);
        let mut e = Emissions::new(&self.english, raw);
        let mut score = e.score(raw);
        match id {
            Some(word) => {
                let (title, upper) = self.lm.case(word);
                score += case_prior(piece, title, upper)[case_index(Case::of(raw))];
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

    fn candidates(&self, raw: &str, cache: &mut Cache) -> Vec<Candidate> {
        if let Some(found) = cache.get(raw) {
            return found.clone();
        }
        let found = if raw.chars().count() > 14 {
            Vec::new()
        } else {
            self.trie.search(&self.english, raw, |w| self.lm.word(w).to_owned(), CANDIDATES)
        };
        cache.insert(raw.to_owned(), found.clone());
        found
    }

    /// The score and the written form of a candidate at its place.
    fn in_place(&self, piece: &Piece, c: &Candidate) -> (f32, String) {
        let (title, upper) = self.lm.case(c.word);
        let prior = case_prior(piece, title, upper);
        let mut best = (IMPOSSIBLE * 2.0, 0);
        for (i, (p, s)) in prior.iter().zip(c.by_case).enumerate() {
            if p + s > best.0 {
                best = (p + s, i);
            }
        }
        (best.0, case_at(best.1).apply(self.lm.word(c.word)))
    }

    fn spelled(&self, piece: &Piece, c: &Candidate) -> Edge {
        let (score, text) = self.in_place(piece, c);
        Edge { span: 1, words: vec![c.word], score, text }
    }

    /// Readings of `raw` as two words that were run together.
    fn split_edges(&self, piece: &Piece, raw: &str, cache: &mut Cache) -> Vec<Edge> {
        let lost = self.english.emission(' ', &[]);
        let cuts: Vec<usize> = raw.char_indices().map(|(i, _)| i).collect();
        let inner = Piece { opens: false, ..piece.clone() };
        let mut edges = Vec::new();
        for &cut in cuts.iter().skip(2).take(cuts.len().saturating_sub(3)) {
            let (left, right) = raw.split_at(cut);
            let lefts = self.candidates(left, cache);
            let rights = self.candidates(right, cache);
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
    fn join_edges(&self, piece: &Piece, left: &str, right: &str, cache: &mut Cache) -> Vec<Edge> {
        let whole = format!("{left} {right}");
        self.candidates(&whole, cache)
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

/// Keeps the edges that may win, best first. The first one, the reading as it stands, is always kept.
fn prune_edges(edges: &mut Vec<Edge>) {
    let best = edges.iter().map(|e| e.score).fold(IMPOSSIBLE, f32::max);
    let mut first = true;
    edges.retain(|e| std::mem::take(&mut first) || e.score > best - EDGE_WIDTH);
    edges.sort_by(|a, b| b.score.total_cmp(&a.score));
    edges.truncate(EDGES);
}

/// Units gathered for one search.
#[derive(Default)]
struct Run {
    regime: Option<Regime>,
    units: Vec<(usize, Piece)>,
}

fn case_index(case: Case) -> usize {
    match case {
        Case::Lower => 0,
        Case::Title => 1,
        Case::Upper => 2,
    }
}

/// The first token of `line`, as a byte range.
fn label_of(line: &str) -> Option<(usize, usize)> {
    tokens(line).next()
}

/// Whether `line` begins a new paragraph after `before`: a bullet or label, or the line before ended one.
fn begins_paragraph(line: &str, before: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    let bullet = first.chars().all(|c| "-–+•*".contains(c)) || first.starts_with(['-', '+', '•']);
    let label = first.ends_with(['.', ')']) && first.chars().count() <= 5;
    bullet || label || before.trim_end().ends_with(['.', ':', ';'])
}

/// 64-bit FNV-1a over a stride of the bytes: an identity, not a safeguard.
fn fnv(bytes: &[u8]) -> u64 {
    let stride = (bytes.len() / 65_536).max(1);
    bytes
        .iter()
        .step_by(stride)
        .fold(0xcbf2_9ce4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}
