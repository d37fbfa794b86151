//! The way from lines to repaired lines: the gate, runs of units, the lattice, readings.

use crate::calibration::Evidence;
use crate::labels::{Labels, first_roman, misread_letters, misread_romans};
use crate::options::{Gate, Options};
use crate::regime::Regime;
use crate::restorer::Restorer;
use crate::runs::Runs;
use crate::seen::Seen;
use crate::segment::{Piece, is_shouting, pieces};
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
    /// Probability that the text is right, 0 to 1, calibrated on held-out pages.
    pub confidence: f32,
    /// What the decoder made of it before calibration, 0 to 1.
    pub posterior: f32,
    /// What the reading rests on.
    pub evidence: Evidence,
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

/// Confidence of a label mended by its place in the sequence.
const LABEL: f32 = 0.9;
impl Restorer {
    /// Repairs `lines` that follow one another, so that context flows over line ends.
    pub fn repair_lines(&self, lines: &[&str], options: &Options) -> Vec<LineRepair> {
        self.repair_regimes(lines, &self.regimes_by(lines, options.gate), options)
    }

    /// The same for lines of which some were read by a Vietnamese OCR engine: these are right but for a few words in a
    /// hundred, and are mended where the models are sure, the surer the reader was the more so. `seen` holds what it says
    /// of the words of each line, in order; nothing for a line that it did not read.
    pub fn repair_recognised(
        &self,
        lines: &[&str],
        seen: &[Vec<Seen>],
        options: &Options,
    ) -> Vec<LineRepair> {
        let mut regimes = self.regimes_by(lines, options.gate);
        for (regime, seen) in regimes.iter_mut().zip(seen) {
            if !seen.is_empty() && *regime == Regime::Good {
                *regime = Regime::Recognised;
            }
        }
        self.repair_seen(lines, &regimes, seen, options)
    }

    /// The regime of each of `lines`, as `gate` lets it stand.
    pub(crate) fn regimes_by(&self, lines: &[&str], gate: Gate) -> Vec<Regime> {
        self.regimes(lines).into_iter().map(|found| gate.regime(found)).collect()
    }

    /// Repairs `lines`, each by the regime given for it.
    pub fn repair_regimes(&self, lines: &[&str], regimes: &[Regime], options: &Options) -> Vec<LineRepair> {
        self.repair_seen(lines, regimes, &[], options)
    }

    fn repair_seen(
        &self,
        lines: &[&str],
        regimes: &[Regime],
        seen: &[Vec<Seen>],
        options: &Options,
    ) -> Vec<LineRepair> {
        let mut repairs = vec![LineRepair::default(); lines.len()];
        let mut runs = Runs::new(self, lines, seen, *options);
        let mut labels = Labels::default();
        let mut misread = misread_romans(lines);
        misread.extend(first_roman(lines).map(|line| (line, "I.".to_owned())));
        misread.extend(misread_letters(lines));
        let mut previous: Option<(&str, Regime)> = None;
        for (i, (line, regime)) in lines.iter().zip(regimes.iter().copied()).enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let fresh = previous.is_none_or(|(before, r)| r != regime || begins_paragraph(line, before));
            previous = Some((line, regime));
            if fresh {
                runs.end();
            }
            if matches!(regime, Regime::Good | Regime::Foreign) {
                continue;
            }
            let mut done = 0;
            let label = match regime {
                Regime::WrongEngine => mended_label(line, |token| labels.mend(token, is_shouting(line))),
                Regime::Recognised => {
                    let due = misread.iter().find(|(at, _)| *at == i);
                    due.and_then(|(_, label)| mended_label(line, |_| Some(label.clone())))
                }
                _ => None,
            };
            if let Some(label) = label {
                done = label.end;
                repairs[i].readings.push(label);
            }
            for piece in pieces_of(line, fresh, regime).into_iter().filter(|p| p.start >= done) {
                runs.push(i, piece, regime);
            }
        }
        for (line, reading) in runs.readings() {
            if let Some(repair) = repairs.get_mut(line) {
                repair.readings.push(reading);
            }
        }
        // The labels were mended before the words after them were read.
        for repair in &mut repairs {
            repair.readings.sort_by_key(|r| r.start);
        }
        repairs
    }
}

fn mended_label(line: &str, mend: impl FnOnce(&str) -> Option<String>) -> Option<Reading> {
    let (start, end) = tokens(line).next()?;
    let text = mend(line.get(start..end)?)?;
    Some(Reading {
        start,
        end,
        text,
        confidence: LABEL,
        posterior: LABEL,
        evidence: Evidence::Label,
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

/// Whether `line` begins a new paragraph after `before`: a bullet or label, or the line before ended one.
fn begins_paragraph(line: &str, before: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    let bullet = first.chars().all(|c| "-–+•*".contains(c)) || first.starts_with(['-', '+', '•']);
    let label = first.ends_with(['.', ')']) && first.chars().count() <= 5;
    bullet || label || before.trim_end().ends_with(['.', ':', ';'])
}
