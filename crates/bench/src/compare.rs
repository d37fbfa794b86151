//! Two results side by side: ratios with their intervals, and which of them are losses.

use crate::error::{Error, Result};
use crate::results::{CaseResult, Results, SizeResult};
use crate::stats::{self, Interval, Pairing};
use crate::table::scaled;
use std::fmt::Write;

/// A loss beyond this factor is one, if it lies outside the noise.
pub const LOSS: f64 = 1.10;

/// Confidence of the intervals: among forty cases one in a hundred would be off now and then by chance alone, but hardly by
/// a tenth.
pub const CONFIDENCE: f64 = 0.99;

/// Memory may grow by so many KiB before the factor counts: a page table or two is no loss.
const MEMORY_SLACK: f64 = 4096.0;

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It takes as long as before, as far as can be told.
    Same,
    /// It is faster beyond the noise.
    Gain,
    /// It is slower beyond the noise, but not by so much.
    SmallLoss,
    /// It is slower by more than a tenth, beyond the noise.
    Loss,
}

/// A case in both results.
#[derive(Debug, Clone)]
pub struct Row {
    /// The case and its size.
    pub name: String,
    /// New time by old time: above 1 the new one is slower.
    pub time: Interval,
    /// New peak by old peak.
    pub memory: f64,
    /// New instructions by old ones.
    pub instructions: Option<f64>,
    /// What to make of the time.
    pub verdict: Verdict,
    /// Whether memory or instructions are a loss.
    pub heavier: bool,
    /// Whether the output is another one.
    pub other_output: bool,
    /// Units a second of the new one.
    pub rate: f64,
    /// What is counted.
    pub unit: String,
}

/// Compares case by case and size by size what both results hold.
///
/// # Errors
/// Where they have no case in common.
pub fn compare(base: &Results, new: &Results, pairing: Pairing) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for case in &new.cases {
        let Some(old) = base.case(&case.name) else { continue };
        for size in &case.sizes {
            let Some(before) = old.sizes.iter().find(|s| s.scale == size.scale) else { continue };
            rows.extend(row(base, new, (old, before), (case, size), pairing));
        }
    }
    match rows.is_empty() {
        true => Err(Error::Missing("the two results have no case in common".into())),
        false => Ok(rows),
    }
}

fn row(
    base: &Results,
    new: &Results,
    (old, before): (&CaseResult, &SizeResult),
    (case, size): (&CaseResult, &SizeResult),
    pairing: Pairing,
) -> Option<Row> {
    let (a, b) = (old.times(before), case.times(size));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    // Rounds that one of the builds missed leave no pairs.
    let pairing = if a.len() == b.len() { pairing } else { Pairing::Apart };
    let time = stats::ratio(&a, &b, pairing, CONFIDENCE);
    let peak =
        |s: &SizeResult| stats::median(&s.rounds.iter().map(|r| r.peak_kib as f64).collect::<Vec<f64>>());
    let (held, holds) = (peak(before), peak(size));
    let memory = if held > 0.0 { holds / held } else { 1.0 };
    let count = |r: &Results| {
        let i = r.instructions.iter().find(|i| i.name == case.name)?;
        Some(i.instructions as f64 / i.amount)
    };
    let instructions = count(base).zip(count(new)).map(|(a, b)| b / a).filter(|_| size.scale <= 10);
    let verdict = match time {
        t if t.middle > LOSS && t.low > 1.0 => Verdict::Loss,
        t if t.low > 1.0 => Verdict::SmallLoss,
        t if t.high < 1.0 => Verdict::Gain,
        _ => Verdict::Same,
    };
    Some(Row {
        name: if case.sizes.len() > 1 {
            format!("{} ×{}", case.name, size.scale)
        } else {
            case.name.clone()
        },
        time,
        memory,
        instructions,
        verdict,
        heavier: (memory > LOSS && holds - held > MEMORY_SLACK) || instructions.is_some_and(|i| i > LOSS),
        other_output: before.tally != size.tally || before.amount != size.amount,
        rate: 1.0 / stats::median(&b),
        unit: case.unit.clone(),
    })
}

/// Whether a comparison fails.
pub fn fails(rows: &[Row]) -> bool {
    rows.iter().any(|r| r.verdict == Verdict::Loss || r.heavier)
}

/// The table of a comparison, and one line that sums it up.
pub fn table(base: &Results, new: &Results, rows: &[Row], pairing: Pairing) -> String {
    let mut out = String::new();
    let how = match pairing {
        Pairing::Interleaved => "interleaved",
        Pairing::Apart => "measured apart: a machine that was busier for one of them shows as a difference",
    };
    let mut line = |text: String| {
        // Writing into a String cannot fail.
        let _ = writeln!(out, "{}", text.trim_end());
    };
    line(format!("base {} ({}), new {} ({}), {how}", base.commit, base.made, new.commit, new.made));
    line(format!(
        "{:<27} {:>8} {:<10} {:>7} {:>16} {:>7} {:>7}  {}",
        "case", "new", "a second", "time", "99 % interval", "memory", "instr.", ""
    ));
    for r in rows {
        let mut notes = Vec::new();
        match r.verdict {
            Verdict::Loss => notes.push("LOSS"),
            Verdict::SmallLoss => notes.push("slower"),
            Verdict::Gain => notes.push("faster"),
            Verdict::Same => {}
        }
        if r.heavier {
            notes.push("HEAVIER");
        }
        if r.other_output {
            notes.push("other output");
        }
        line(format!(
            "{:<27} {:>8} {:<10} {:>7.3} {:>16} {:>7.3} {:>7}  {}",
            r.name,
            scaled(r.rate),
            r.unit,
            r.time.middle,
            format!("{:.3}–{:.3}", r.time.low, r.time.high),
            r.memory,
            r.instructions.map_or(String::new(), |i| format!("{i:.3}")),
            notes.join(", ")
        ));
    }
    for (one, other, which) in [(base, new, "base"), (new, base, "new")] {
        let only = one.cases.iter().filter(|c| other.case(&c.name).is_none()).map(|c| c.name.as_str());
        let only: Vec<&str> = only.collect();
        if !only.is_empty() {
            line(format!("only in {which}: {}", only.join(", ")));
        }
    }
    let count = |wanted: Verdict| rows.iter().filter(|r| r.verdict == wanted).count();
    let heavier = rows.iter().filter(|r| r.heavier).count();
    line(format!(
        "{} compared: {} slower by more than 10 %, {} slower, {} faster, {heavier} heavier",
        rows.len(),
        count(Verdict::Loss),
        count(Verdict::SmallLoss),
        count(Verdict::Gain)
    ));
    out
}
