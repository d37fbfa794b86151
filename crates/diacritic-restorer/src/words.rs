//! Restored lines word by word: what stood there, what stands there now, how sure that is, what else it may be.

use crate::calibration::Evidence;
use crate::normalise::normalise;
use crate::options::Options;
use crate::regime::Regime;
use crate::repair::{Alternative, LineRepair, Reading};
use crate::restorer::Restorer;
use crate::token::units;
use std::ops::Range;
use vanthu_model::Span;

/// A line and its words.
#[derive(Debug, Clone, PartialEq)]
pub struct RestoredLine {
    /// The line as it was given, in NFC and without invisible characters.
    pub raw: String,
    /// The repaired line.
    pub text: String,
    /// What kind of damage the gate saw; [`Regime::Good`] and [`Regime::Foreign`] lines are left as they are.
    pub regime: Regime,
    /// The words of the line in order; what lies between them is white space and punctuation, and stays.
    pub words: Vec<RestoredWord>,
}

/// A word of a repaired line. It may be several words where the raw text had run them together.
#[derive(Debug, Clone, PartialEq)]
pub struct RestoredWord {
    /// What stood there.
    pub raw: String,
    /// What stands there now.
    pub text: String,
    /// Place in the whole repaired text, in Unicode scalar values.
    pub span: Span,
    /// Place in [`RestoredLine::text`], in bytes.
    pub range: Range<usize>,
    /// Place in [`RestoredLine::raw`], in bytes.
    pub raw_range: Range<usize>,
    /// Probability (0 to 1) that `text` is what stood on paper; 1 in lines that were left alone.
    pub confidence: f32,
    /// What the decoder made of it before calibration, 0 to 1.
    pub posterior: f32,
    /// What the reading rests on.
    pub evidence: Evidence,
    /// Whether `text` differs from `raw`.
    pub changed: bool,
    /// Whether a person should look: the models are unsure, or what they would write was below the threshold.
    pub doubtful: bool,
    /// The rule or model that decided; `as_read` where none was asked.
    pub cause: &'static str,
    /// The likeliest readings with their probabilities, best first, where [`Options::alternatives`] asks for them.
    pub alternatives: Vec<Alternative>,
}

/// Cause of words that no model was asked about.
const AS_READ: &str = "as_read";

impl Restorer {
    /// Repairs `text` as [`Self::restore_text`] does, and tells it line for line and word for word.
    pub fn restore_lines(&self, text: &str, options: &Options) -> Vec<RestoredLine> {
        let lines: Vec<_> = text.split('\n').map(normalise).collect();
        let views: Vec<&str> = lines.iter().map(|l| &**l).collect();
        let regimes = self.regimes_by(&views, options.gate);
        let repairs = self.repair_regimes(&views, &regimes, options);
        let mut at = 0;
        views
            .iter()
            .zip(&repairs)
            .zip(regimes)
            .map(|((raw, repair), regime)| {
                let line = told(raw, repair, regime, at);
                at += line.text.chars().count() + 1;
                line
            })
            .collect()
    }
}

/// The line `raw` after `repair`; it begins at character `at` of the whole text.
fn told(raw: &str, repair: &LineRepair, regime: Regime, at: usize) -> RestoredLine {
    let mut out =
        Teller { line: RestoredLine { raw: raw.into(), text: String::new(), regime, words: Vec::new() }, at };
    let mut from = 0;
    for r in &repair.readings {
        out.gap(raw, from..r.start);
        out.reading(raw, r);
        from = r.end;
    }
    out.gap(raw, from..raw.len());
    out.line
}

struct Teller {
    line: RestoredLine,
    /// Characters before what is written next.
    at: usize,
}

impl Teller {
    fn write(&mut self, text: &str) {
        self.line.text.push_str(text);
        self.at += text.chars().count();
    }

    /// Text that stays, with the words in it.
    fn gap(&mut self, raw: &str, range: Range<usize>) {
        let gap = raw.get(range.clone()).unwrap_or("");
        let mut from = 0;
        for u in units(gap) {
            self.write(&gap[from..u.start]);
            let word = Reading {
                start: range.start + u.start,
                end: range.start + u.end,
                text: gap[u.start..u.end].to_owned(),
                confidence: 1.0,
                posterior: 1.0,
                evidence: Evidence::Label,
                doubtful: false,
                cause: AS_READ,
                alternatives: Vec::new(),
            };
            self.reading(raw, &word);
            from = u.end;
        }
        self.write(&gap[from..]);
    }

    fn reading(&mut self, raw: &str, r: &Reading) {
        let start = self.line.text.len();
        let first = self.at;
        self.write(&r.text);
        let before = raw.get(r.start..r.end).unwrap_or("");
        self.line.words.push(RestoredWord {
            raw: before.to_owned(),
            text: r.text.clone(),
            span: Span::new(first, self.at),
            range: start..self.line.text.len(),
            raw_range: r.start..r.end,
            confidence: r.confidence,
            posterior: r.posterior,
            evidence: r.evidence,
            changed: before != r.text,
            doubtful: r.doubtful,
            cause: r.cause,
            alternatives: r.alternatives.clone(),
        });
    }
}
