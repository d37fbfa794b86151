//! Runs of units: each is decoded as it stands, and what stays in doubt is read a second time, knowing the words of which
//! the first reading of the whole document was sure.

use crate::calibration::Evidence;
use crate::edges::Speller;
use crate::lattice::{Edge, Form, Lattice, Past, Search, Weights};
use crate::lm::{NUMBER, SYMBOL, UNKNOWN};
use crate::options::{Gate, Options};
use crate::regime::Regime;
use crate::repair::{Alternative, Reading};
use crate::restorer::Restorer;
use crate::said::Said;
use crate::seen::{self, Seen};
use crate::segment::Piece;
use crate::syllable::{Case, fold, tone_fits};
use std::ops::Range;

/// Longest run of units that is decoded at once; bounds time and memory on lines without end.
const LONGEST_RUN: usize = 300;
/// How sure a change to what a Vietnamese reader gave must be, by how sure the reader was (below the first number): of a
/// hundred words of which it was less sure fifteen are wrong, of the others one, and next to none where two readings
/// agreed.
const SURE: [(f32, f32); 3] = [(0.95, 0.5), (0.99, 0.6), (f32::INFINITY, 0.97)];
/// The same for what may be a name, or an abbreviation that the language model does not know.
const SURE_OF_NAME: f32 = 0.998;
/// The same in text that looks good and comes from who knows where.
const SURE_OF_GOOD: f32 = 0.9997;
/// Words less sure than this are flagged as doubtful: on held-out pages these are 5 words in 100 and hold 82 errors in 100.
const DOUBT: f32 = 0.95;
/// Words less sure than this are read a second time, with so many units on either side.
const READ_AGAIN: f32 = 0.95;
const AROUND: usize = 3;

/// A unit and the line it stands in.
type Placed = (usize, Piece);

/// What was decided for one unit or two.
#[derive(Debug, Clone)]
struct Decision {
    /// The unit in its run.
    unit: usize,
    edge: Edge,
    posterior: f32,
    text: String,
    alternatives: Vec<Alternative>,
}

/// A run of units that give one another context.
struct Run {
    regime: Regime,
    units: Vec<Placed>,
    decisions: Vec<Decision>,
}

/// The runs of a document.
pub struct Runs<'r> {
    models: &'r Restorer,
    lines: &'r [&'r str],
    /// What a Vietnamese reader says of the words of each line.
    seen: &'r [Vec<Seen>],
    options: Options,
    speller: Option<Speller<'r>>,
    lattice: Lattice,
    search: Search,
    /// Units gathered for the next run.
    units: Vec<Placed>,
    regime: Regime,
    done: Vec<Run>,
}

impl<'r> Runs<'r> {
    /// Over `lines`, of which `seen` tells how sure a Vietnamese reader was of their words.
    pub fn new(models: &'r Restorer, lines: &'r [&'r str], seen: &'r [Vec<Seen>], options: Options) -> Self {
        Self {
            models,
            lines,
            seen,
            options,
            speller: None,
            lattice: Lattice::default(),
            search: Search::default(),
            units: Vec::new(),
            regime: Regime::Good,
            done: Vec::new(),
        }
    }

    /// Adds a unit of `line`.
    pub fn push(&mut self, line: usize, piece: Piece, regime: Regime) {
        if self.units.len() >= LONGEST_RUN || self.regime != regime {
            self.end();
        }
        self.regime = regime;
        self.units.push((line, piece));
    }

    /// Ends a run: what follows has no context before it.
    pub fn end(&mut self) {
        let units = std::mem::take(&mut self.units);
        if units.is_empty() {
            return;
        }
        let decisions = self.decode(self.regime, &units, 0..units.len(), Past::begin(), None);
        self.done.push(Run { regime: self.regime, units, decisions });
    }

    /// Everything that was read, with the line where it stands, in order.
    pub fn readings(mut self) -> Vec<(usize, Reading)> {
        self.end();
        self.read_again();
        let runs = std::mem::take(&mut self.done);
        runs.iter().flat_map(|run| run.decisions.iter().map(|d| self.reading(run, d))).collect()
    }

    fn text_of(&self, units: &[Placed], range: Range<usize>) -> &'r str {
        let Some(((line, first), (_, last))) =
            units.get(range.clone()).and_then(|units| units.first().zip(units.last()))
        else {
            return "";
        };
        self.lines.get(*line).and_then(|l| l.get(first.start..last.end)).unwrap_or("")
    }

    /// Decodes the units in `range`, with `past` before them.
    fn decode(
        &mut self,
        regime: Regime,
        units: &[Placed],
        range: Range<usize>,
        past: Past,
        said: Option<&Said>,
    ) -> Vec<Decision> {
        let texts: Vec<&str> = range.clone().map(|i| self.text_of(units, i..i + 1)).collect();
        let mut speller = match self.speller.take() {
            Some(speller) if speller.regime() == regime => speller,
            _ => Speller::new(self.models, regime),
        };
        let slice = units.get(range.clone()).unwrap_or_default();
        speller.fill(&mut self.lattice, slice, &texts);
        if regime == Regime::Recognised {
            seen::weigh(&mut self.lattice, self.models, slice, &texts, self.seen);
        }
        let mut search = std::mem::take(&mut self.search);
        search.run(&self.lattice, self.models, said, past, weights(regime));
        let mut out = Vec::with_capacity(search.steps.len());
        for step in &search.steps {
            let edge = self.lattice.edges[step.edge];
            let unit = range.start + step.unit;
            let raw = self.text_of(units, unit..(unit + usize::from(edge.span)).min(units.len()));
            let text = speller.text(&edge, raw);
            let alternatives = self.alternatives(&search, &speller, raw, step.unit, &edge);
            out.push(Decision { unit, edge, posterior: step.posterior, text, alternatives });
        }
        self.search = search;
        self.speller = Some(speller);
        out
    }

    /// The likeliest ways to read `unit`, which is `raw`.
    fn alternatives(
        &self,
        search: &Search,
        speller: &Speller<'_>,
        raw: &str,
        unit: usize,
        chosen: &Edge,
    ) -> Vec<Alternative> {
        let mut out: Vec<Alternative> = Vec::new();
        if self.options.alternatives == 0 {
            return out;
        }
        let edges = &self.lattice.edges;
        let mut order: Vec<usize> =
            self.lattice.of_unit(unit).filter(|&e| edges[e].span == chosen.span).collect();
        order.sort_by(|&a, &b| {
            let by_score = || edges[b].score.total_cmp(&edges[a].score);
            search.posteriors[b].total_cmp(&search.posteriors[a]).then_with(by_score)
        });
        for e in order {
            let text = speller.text(&edges[e], raw);
            let probability = search.posteriors[e].clamp(0.0, 1.0);
            if let Some(same) = out.iter_mut().find(|a| a.text == text) {
                same.probability = (same.probability + probability).min(1.0);
            } else if out.len() < self.options.alternatives {
                out.push(Alternative { text, probability });
            }
        }
        out
    }

    /// Reads what is in doubt again, with what the document says elsewhere.
    fn read_again(&mut self) {
        let mut said = Said::default();
        for run in &self.done {
            said.hear(run.decisions.iter().map(|d| (&d.edge, d.posterior)));
        }
        if said.is_empty() {
            return;
        }
        let mut runs = std::mem::take(&mut self.done);
        for run in &mut runs {
            for Doubt { window, inner } in doubts(&run.decisions) {
                let units = units_of(&run.decisions, &window);
                if !self.may_tell(&said, &run.decisions, &inner) {
                    continue;
                }
                let past = self.past(&run.decisions[..window.start]);
                let mut again = self.decode(run.regime, &run.units, units, past, Some(&said));
                // The neighbours were read with more around them the first time.
                let units = units_of(&run.decisions, &inner);
                again.retain(|d| units.contains(&d.unit));
                if !again.is_empty() && units_of(&again, &(0..again.len())) == units {
                    run.decisions.splice(inner, again);
                }
            }
        }
        self.done = runs;
    }

    /// Whether the document says anything elsewhere that begins or ends like what is in doubt.
    fn may_tell(&self, said: &Said, decisions: &[Decision], inner: &Range<usize>) -> bool {
        let before = inner.start.checked_sub(1).and_then(|i| decisions.get(i));
        let inside = decisions.get(inner.clone()).unwrap_or_default();
        let last = |d: &Decision| d.edge.words.get(usize::from(d.edge.count) - 1).copied();
        before.into_iter().chain(inside).filter_map(last).any(|word| said.follows(word))
            || decisions.get(inner.end).is_some_and(|after| said.precedes(after.edge.words[0]))
    }

    /// Where the models stand after `decisions`.
    fn past(&self, decisions: &[Decision]) -> Past {
        let mut past = Past::begin();
        let near = decisions.len().saturating_sub(4);
        for d in &decisions[near..] {
            for &word in &d.edge.words[..usize::from(d.edge.count)] {
                past.state = self.models.lm.step(past.state, word).1;
                past.place = self.models.places.step(past.place, word);
            }
        }
        past
    }

    fn reading(&self, run: &Run, d: &Decision) -> (usize, Reading) {
        let end = (d.unit + usize::from(d.edge.span)).min(run.units.len());
        let (line, first) = &run.units[d.unit];
        let raw = self.text_of(&run.units, d.unit..end);
        let least = match run.regime {
            Regime::Recognised if is_code(raw) => f32::INFINITY,
            Regime::Recognised if self.options.gate == Gate::Open => SURE_OF_GOOD,
            Regime::Recognised if self.may_be_name(&run.units, d.unit) => SURE_OF_NAME,
            Regime::Recognised => self.bar(*line, first.start),
            _ => 0.0,
        };
        let probability = |text: &str, posterior| {
            let evidence = evidence(first, &d.edge, text);
            (evidence, self.models.calibration.probability(run.regime, evidence, posterior))
        };
        let unsure = probability(&d.text, d.posterior).1 < self.options.threshold;
        // Below the threshold the raw word stays, with what little it is worth.
        let kept = raw != d.text && (unsure || d.posterior < least);
        let (text, posterior) =
            if kept { (raw.to_owned(), 1.0 - d.posterior) } else { (d.text.clone(), d.posterior) };
        let (evidence, confidence) = probability(&text, posterior);
        let reading = Reading {
            start: first.start,
            end: first.start + raw.len(),
            text,
            confidence,
            posterior,
            evidence,
            doubtful: confidence < DOUBT || kept && unsure,
            cause: cause(run.regime, d.edge.form, raw),
            alternatives: d.alternatives.clone(),
        };
        (*line, reading)
    }

    /// How sure a change to the word that holds byte `at` of `line` must be.
    fn bar(&self, line: usize, at: usize) -> f32 {
        let words = self.seen.get(line).map(Vec::as_slice).unwrap_or_default();
        let confidence = seen::holding(words, at).map_or(1.0, |w| w.confidence);
        SURE.iter().find(|(below, _)| confidence < *below).map_or(1.0, |(_, bar)| *bar)
    }

    /// Whether unit `i` may be a name or an abbreviation: in capitals among words that are not, capitalised beside another
    /// capitalised unit of its line, or a syllable that is capitalised though no sentence begins there.
    fn may_be_name(&self, units: &[Placed], i: usize) -> bool {
        let Some((line, piece)) = units.get(i) else { return false };
        let case = |j: usize| {
            let beside = units.get(j).filter(|(l, p)| l == line && !p.shouting);
            beside.map(|_| Case::of(self.text_of(units, j..j + 1)))
        };
        let title = |j: usize| case(j) == Some(Case::Title);
        let syllable = || {
            let folded = fold(self.text_of(units, i..i + 1));
            tone_fits(&folded) && self.models.word_id(&folded).is_some()
        };
        case(i) == Some(Case::Upper)
            || title(i) && (title(i + 1) || i > 0 && title(i - 1) || !piece.opens && syllable())
    }
}

/// Whether a word is an abbreviation with a slash or, in capitals, without a vowel, or a Roman number: nothing a misread
/// syllable looks like.
fn is_code(raw: &str) -> bool {
    let capitals = raw.chars().all(char::is_uppercase);
    let vowel = |c: char| "AEIOUY".contains(c) || !c.is_ascii() && c != 'Đ';
    // What stands for words by their first letters: để b/c, th/h.
    let slashed = raw.contains('/') && raw.split('/').all(|part| part.chars().count() <= 2);
    let code = capitals
        && (!raw.contains(vowel) || raw.chars().all(|c| "IVXLCDM".contains(c)))
        && raw.chars().nth(1).is_some();
    slashed || code
}

/// What the reading `text` of `piece` by `edge` rests on.
fn evidence(piece: &Piece, edge: &Edge, text: &str) -> Evidence {
    match edge.words {
        [SYMBOL, _] => Evidence::Symbol,
        [NUMBER, _] => Evidence::Number,
        _ if piece.fixed => Evidence::Label,
        _ if text.chars().nth(1).is_none() => Evidence::Letter,
        [UNKNOWN, _] => Evidence::Unknown,
        _ => Evidence::Words,
    }
}

/// Decisions in doubt, and the same with their neighbours.
struct Doubt {
    window: Range<usize>,
    inner: Range<usize>,
}

/// What is to be read again, last first, so that what comes of one does not move the others.
fn doubts(decisions: &[Decision]) -> Vec<Doubt> {
    let mut out: Vec<Doubt> = Vec::new();
    for (i, _) in decisions.iter().enumerate().filter(|(_, d)| d.posterior < READ_AGAIN) {
        let window = i.saturating_sub(AROUND)..(i + AROUND + 1).min(decisions.len());
        match out.last_mut() {
            Some(last) if last.window.end >= window.start => {
                last.window.end = window.end;
                last.inner.end = i + 1;
            }
            _ => out.push(Doubt { window, inner: i..i + 1 }),
        }
    }
    out.reverse();
    out
}

/// The units that the decisions in `range` cover.
fn units_of(decisions: &[Decision], range: &Range<usize>) -> Range<usize> {
    let covered = decisions.get(range.clone()).and_then(|d| d.first().zip(d.last()));
    covered.map_or(0..0, |(first, last)| first.unit..last.unit + usize::from(last.edge.span))
}

/// How many ways to go on are kept: wider beams change nothing but the time. Where only marks are missing there are few.
fn weights(regime: Regime) -> Weights {
    match regime {
        Regime::NoMarks => Weights { beam: 8, width: 8.5 },
        _ => Weights { beam: 12, width: 10.0 },
    }
}

/// The rule or model behind a reading.
fn cause(regime: Regime, form: Form, raw: &str) -> &'static str {
    match regime {
        Regime::NoMarks => "marks_restored",
        _ if form == Form::Symbol => "symbol_letters",
        _ if raw.bytes().all(|b| b.is_ascii_digit()) => "digits_read_for_letters",
        Regime::Recognised => "vietnamese_ocr",
        _ => "english_ocr",
    }
}
