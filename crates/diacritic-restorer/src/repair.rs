//! The way from lines to repaired lines: the gate, runs of units, the lattice, readings.

use crate::edges::Speller;
use crate::labels::Labels;
use crate::lattice::{Lattice, Search, Step, Weights};
use crate::options::{Gate, Options};
use crate::regime::Regime;
use crate::restorer::Restorer;
use crate::segment::{Piece, is_shouting, pieces};
use crate::syllable::Case;
use crate::token::{Kind, tokens, units};

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
    /// Probability of the text, 0 to 1.
    pub confidence: f32,
    /// Whether a person should look at it.
    pub doubtful: bool,
    /// The rule or model that decided.
    pub cause: &'static str,
    /// The likeliest readings, best first, as many as [`Options::alternatives`] asks for and the lattice holds.
    pub alternatives: Vec<Alternative>,
}

/// One of the readings of a passage.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// What may stand there.
    pub text: String,
    /// Posterior probability, 0 to 1.
    pub probability: f32,
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

/// Longest run of units that is decoded at once; bounds time and memory on lines without end.
const LONGEST_RUN: usize = 300;
/// Confidence of a label mended by its place in the sequence.
const LABEL: f32 = 0.9;
/// How sure a change to what a Vietnamese reader gave must be: it is right nineteen times in twenty.
const SURE: f32 = 0.95;
/// Words less sure than this are flagged as doubtful.
const DOUBT: f32 = 0.9;
/// The same inside a run of capitalised words, which may be a name that the language model does not know.
const SURE_OF_NAME: f32 = 0.998;

impl Restorer {
    /// Repairs `lines` that follow one another, so that context flows over line ends.
    pub fn repair_lines(&self, lines: &[&str], options: &Options) -> Vec<LineRepair> {
        self.repair_regimes(lines, &self.regimes_by(lines, options.gate), options)
    }

    /// The same for lines of which some were read by a Vietnamese OCR engine (`recognised`): these are right but for a
    /// few words in a hundred, and are mended where the models are sure.
    pub fn repair_recognised(
        &self,
        lines: &[&str],
        recognised: &[bool],
        options: &Options,
    ) -> Vec<LineRepair> {
        let mut regimes = self.regimes_by(lines, options.gate);
        for (regime, read) in regimes.iter_mut().zip(recognised) {
            if *read && *regime == Regime::Good {
                *regime = Regime::Recognised;
            }
        }
        self.repair_regimes(lines, &regimes, options)
    }

    /// The regime of each of `lines`, as `gate` lets it stand.
    pub(crate) fn regimes_by(&self, lines: &[&str], gate: Gate) -> Vec<Regime> {
        self.regimes(lines).into_iter().map(|found| gate.regime(found)).collect()
    }

    /// Repairs `lines`, each by the regime given for it.
    pub fn repair_regimes(&self, lines: &[&str], regimes: &[Regime], options: &Options) -> Vec<LineRepair> {
        let mut repairs = vec![LineRepair::default(); lines.len()];
        let mut run = Run::new(self, lines, *options);
        let mut labels = Labels::default();
        let mut previous: Option<(&str, Regime)> = None;
        for (i, (line, regime)) in lines.iter().zip(regimes.iter().copied()).enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let fresh = previous.is_none_or(|(before, r)| r != regime || begins_paragraph(line, before));
            previous = Some((line, regime));
            if fresh {
                run.finish(&mut repairs);
            }
            if matches!(regime, Regime::Good | Regime::Foreign) {
                continue;
            }
            let mut done = 0;
            if regime == Regime::WrongEngine
                && let Some(label) = mended_label(line, &mut labels)
            {
                done = label.end;
                repairs[i].readings.push(label);
            }
            for piece in pieces_of(line, fresh, regime).into_iter().filter(|p| p.start >= done) {
                run.push(i, piece, regime, &mut repairs);
            }
        }
        run.finish(&mut repairs);
        repairs
    }
}

fn mended_label(line: &str, labels: &mut Labels) -> Option<Reading> {
    let (start, end) = tokens(line).next()?;
    let text = labels.mend(line.get(start..end)?, is_shouting(line))?;
    Some(Reading {
        start,
        end,
        text,
        confidence: LABEL,
        doubtful: false,
        cause: "label_sequence",
        alternatives: Vec::new(),
    })
}

fn pieces_of(line: &str, fresh: bool, regime: Regime) -> Vec<Piece> {
    let damaged = pieces(line, fresh);
    if regime != Regime::NoMarks {
        return damaged;
    }
    // The letters are right, so words are cut as in clean text; what the place says of their case is kept.
    let mut around = damaged.into_iter().peekable();
    units(line)
        .into_iter()
        .map(|u| {
            while around.next_if(|p| p.end <= u.start).is_some() {}
            let place = around.peek().filter(|p| p.start <= u.start);
            Piece {
                start: u.start,
                end: u.end,
                kind: u.kind,
                fixed: place.is_some_and(|p| p.fixed) || u.kind != Kind::Word,
                opens: place.is_some_and(|p| p.opens),
                shouting: place.is_some_and(|p| p.shouting),
                joinable: false,
            }
        })
        .collect()
}

/// Units gathered for one search.
struct Run<'r> {
    models: &'r Restorer,
    lines: &'r [&'r str],
    options: Options,
    speller: Option<(Regime, Speller<'r>)>,
    units: Vec<(usize, Piece)>,
    lattice: Lattice,
    search: Search,
}

impl<'r> Run<'r> {
    fn new(models: &'r Restorer, lines: &'r [&'r str], options: Options) -> Self {
        Self {
            models,
            lines,
            options,
            speller: None,
            units: Vec::new(),
            lattice: Lattice::default(),
            search: Search::default(),
        }
    }

    fn push(&mut self, line: usize, piece: Piece, regime: Regime, repairs: &mut [LineRepair]) {
        if self.units.len() >= LONGEST_RUN {
            self.finish(repairs);
        }
        if self.speller.as_ref().is_none_or(|(r, _)| *r != regime) {
            self.finish(repairs);
            self.speller = Some((regime, Speller::new(self.models, regime)));
        }
        self.units.push((line, piece));
    }

    /// Decodes the units and writes what came out into `repairs`.
    fn finish(&mut self, repairs: &mut [LineRepair]) {
        let units = std::mem::take(&mut self.units);
        let texts: Vec<&str> = units
            .iter()
            .map(|(l, p)| self.lines.get(*l).and_then(|l| l.get(p.start..p.end)).unwrap_or(""))
            .collect();
        let Some((regime, speller)) = self.speller.as_mut().filter(|_| !units.is_empty()) else { return };
        let regime = *regime;
        speller.fill(&mut self.lattice, &units, &texts);
        self.search.run(&self.lattice, &self.models.lm, &self.models.known, weights(regime));
        let raw_of = |line: usize, start: usize, end: usize| -> &'r str {
            self.lines.get(line).and_then(|l| l.get(start..end)).unwrap_or("")
        };
        for step in &self.search.steps {
            let edge = &self.lattice.edges[step.edge];
            let (line, first) = &units[step.unit];
            let last = &units[(step.unit + usize::from(edge.span)).min(units.len()) - 1].1;
            let raw = raw_of(*line, first.start, last.end);
            let restored = speller.text(edge, raw);
            let least = match regime {
                Regime::Recognised if in_name(&units, &texts, step.unit) => SURE_OF_NAME,
                Regime::Recognised => SURE,
                _ => 0.0,
            };
            let least = least.max(self.options.threshold);
            // Below the threshold the raw word stays, with what little it is worth.
            let kept = raw != restored && step.posterior < least;
            let (text, confidence) =
                if kept { (raw.to_owned(), 1.0 - step.posterior) } else { (restored, step.posterior) };
            let alternatives =
                alternatives(&self.lattice, &self.search, speller, raw, step, self.options.alternatives);
            let cause = cause(regime, first.kind, raw);
            repairs[*line].readings.push(Reading {
                start: first.start,
                end: last.end,
                text,
                confidence,
                doubtful: confidence < DOUBT || kept && step.posterior < self.options.threshold,
                cause,
                alternatives,
            });
        }
    }
}

/// The `most` likeliest ways to read the units of `step`, which are `raw`.
fn alternatives(
    lattice: &Lattice,
    search: &Search,
    speller: &Speller<'_>,
    raw: &str,
    step: &Step,
    most: usize,
) -> Vec<Alternative> {
    let mut out: Vec<Alternative> = Vec::new();
    if most == 0 {
        return out;
    }
    let span = lattice.edges[step.edge].span;
    let mut order: Vec<usize> =
        lattice.of_unit(step.unit).filter(|&e| lattice.edges[e].span == span).collect();
    order.sort_by(|&a, &b| {
        let by_score = || lattice.edges[b].score.total_cmp(&lattice.edges[a].score);
        search.posteriors[b].total_cmp(&search.posteriors[a]).then_with(by_score)
    });
    for e in order {
        let text = speller.text(&lattice.edges[e], raw);
        let probability = search.posteriors[e].clamp(0.0, 1.0);
        if let Some(same) = out.iter_mut().find(|a| a.text == text) {
            same.probability = (same.probability + probability).min(1.0);
        } else if out.len() < most {
            out.push(Alternative { text, probability });
        }
    }
    out
}

/// Whether unit `i` is capitalised beside another capitalised unit of its line.
fn in_name(units: &[(usize, Piece)], texts: &[&str], i: usize) -> bool {
    let title = |j: usize| {
        units.get(j).zip(texts.get(j)).is_some_and(|((line, p), text)| {
            *line == units[i].0 && !p.shouting && Case::of(text) == Case::Title
        })
    };
    title(i) && (title(i + 1) || i > 0 && title(i - 1))
}

/// How many ways to go on are kept: wider beams change nothing but the time. Where only marks are missing there are few.
fn weights(regime: Regime) -> Weights {
    match regime {
        Regime::NoMarks => Weights { beam: 8, width: 8.5 },
        _ => Weights { beam: 12, width: 10.0 },
    }
}

/// The rule or model behind a reading.
fn cause(regime: Regime, kind: Kind, raw: &str) -> &'static str {
    match regime {
        Regime::NoMarks => "marks_restored",
        _ if kind == Kind::Symbol => "symbol_letters",
        _ if raw.bytes().all(|b| b.is_ascii_digit()) => "digits_read_for_letters",
        Regime::Recognised => "vietnamese_ocr",
        _ => "english_ocr",
    }
}

/// Whether `line` begins a new paragraph after `before`: a bullet or label, or the line before ended one.
fn begins_paragraph(line: &str, before: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    let bullet = first.chars().all(|c| "-–+•*".contains(c)) || first.starts_with(['-', '+', '•']);
    let label = first.ends_with(['.', ')']) && first.chars().count() <= 5;
    bullet || label || before.trim_end().ends_with(['.', ':', ';'])
}
