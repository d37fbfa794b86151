//! From posteriors to probabilities: what the decoder says of itself, set right by what came true on held-out pages (isotonic
//! regression after Zadrozny & Elkan 2002; why it is needed: Guo et al. 2017).

use crate::regime::Regime;
use rustc_hash::FxHashMap;

/// What the reading of a word rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// A choice among words.
    Words,
    /// A word that no vocabulary holds, kept as it was read.
    Unknown,
    /// A single letter, kept as it was read.
    Letter,
    /// A number: never weighed against anything.
    Number,
    /// A document symbol or code.
    Symbol,
    /// A list label.
    Label,
}

impl Evidence {
    /// As it stands in the table.
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Words => "words",
            Evidence::Unknown => "unknown",
            Evidence::Letter => "letter",
            Evidence::Number => "number",
            Evidence::Symbol => "symbol",
            Evidence::Label => "label",
        }
    }
}

/// Name of a regime in the table.
pub fn regime_name(regime: Regime) -> &'static str {
    match regime {
        Regime::NoMarks => "no_marks",
        Regime::WrongEngine => "wrong_engine",
        Regime::Recognised => "recognised",
        Regime::Good => "good",
        Regime::Foreign => "foreign",
    }
}

const REGIMES: [&str; 3] = ["no_marks", "wrong_engine", "recognised"];
const EVIDENCE: [&str; 6] = ["words", "unknown", "letter", "number", "symbol", "label"];

/// A row of a calibration table that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("line {0}: regime, evidence, posterior and probability are wanted")]
pub struct CalibrationError(usize);

/// Maps from posteriors to probabilities, one for each regime and kind of evidence.
#[derive(Debug, Default)]
pub struct Calibration {
    maps: FxHashMap<(&'static str, &'static str), Vec<(f32, f32)>>,
}

impl Calibration {
    /// Reads rows of `regime ⇥ evidence ⇥ posterior ⇥ probability`, posteriors rising within a map; `#` begins a comment.
    ///
    /// # Errors
    /// The first row that is none of these.
    pub fn parse(table: &str) -> Result<Self, CalibrationError> {
        let mut out = Self::default();
        for (i, row) in table.lines().enumerate().filter(|(_, r)| !r.starts_with('#') && !r.is_empty()) {
            let fields: Vec<&str> = row.split('\t').collect();
            let [regime, evidence, posterior, probability] = fields.as_slice() else {
                return Err(CalibrationError(i + 1));
            };
            let number =
                |s: &str| s.parse().ok().filter(|p| (0.0..=1.0).contains(p)).ok_or(CalibrationError(i + 1));
            let point = (stretched(number(posterior)?), number(probability)?);
            let known = |names: &[&'static str], name: &str| names.iter().copied().find(|n| *n == name);
            let key =
                known(&REGIMES, regime).zip(known(&EVIDENCE, evidence)).ok_or(CalibrationError(i + 1))?;
            out.maps.entry(key).or_default().push(point);
        }
        Ok(out)
    }

    /// How likely a word read with `posterior` is right.
    pub fn probability(&self, regime: Regime, evidence: Evidence, posterior: f32) -> f32 {
        let key = (regime_name(regime), evidence.name());
        let Some(map) = self.maps.get(&key) else { return posterior };
        let x = stretched(posterior);
        let next = map.partition_point(|p| p.0 < x);
        match (next.checked_sub(1).and_then(|i| map.get(i)), map.get(next)) {
            (Some(a), Some(b)) if b.0 > a.0 => a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0),
            (Some(end), None) | (None, Some(end)) | (Some(_), Some(end)) => end.1,
            (None, None) => posterior,
        }
    }
}

/// The log-odds of a probability: posteriors crowd near 1, and what tells them apart lies there.
fn stretched(p: f32) -> f32 {
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_joined_and_ends_are_held() {
        let table = "# x\nno_marks\twords\t0.5\t0.4\nno_marks\twords\t0.9\t0.8\nno_marks\tnumber\t1\t0.99\n";
        let c = Calibration::parse(table).unwrap();
        let p = |x| c.probability(Regime::NoMarks, Evidence::Words, x);
        assert_eq!((p(0.1), p(0.5), p(0.99)), (0.4, 0.4, 0.8));
        assert!(p(0.7) > 0.5 && p(0.7) < 0.7);
        assert_eq!(c.probability(Regime::NoMarks, Evidence::Number, 1.0), 0.99);
        assert_eq!(c.probability(Regime::Recognised, Evidence::Words, 0.3), 0.3);
    }

    #[test]
    fn a_bad_row_is_named() {
        let e = Calibration::parse("a\tb\t0.1\t2\n").err().map(|e| e.to_string());
        assert_eq!(e.as_deref(), Some("line 1: regime, evidence, posterior and probability are wanted"));
    }
}
