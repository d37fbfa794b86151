//! The one table that a run prints.

use crate::results::{CaseResult, Clock, Instructions, PeerResult, Results};
use crate::stats::Interval;
use std::fmt::Write;

/// From this growth on, beyond its noise, a case takes more than its share for larger inputs.
pub const SUPERLINEAR: f64 = 1.1;

/// Confidence of the intervals in tables.
pub const CONFIDENCE: f64 = 0.95;

/// The table of a run.
pub fn table(results: &Results) -> String {
    let mut out = String::new();
    let m = &results.machine;
    line(
        &mut out,
        &format!("{} {}{}", results.made, results.commit, if results.changed { " with changes" } else { "" }),
    );
    line(
        &mut out,
        &format!(
            "{}, {} cores, {} MiB, {}, load {:.1} to {:.1}",
            m.processor, m.cores, m.memory_mib, m.system, m.load[0], m.load[1]
        ),
    );
    line(&mut out, "");
    line(
        &mut out,
        &format!(
            "{:<23} {:>9} {:<13} {:>6}  {:<18} {:>8} {:>10}",
            "case", "figure", "a second", "±", "growth", "peak MiB", "instr/unit"
        ),
    );
    for case in &results.cases {
        let counted = results.instructions.iter().find(|i| i.name == case.name);
        line(&mut out, &case_row(case, counted));
    }
    for counted in results.instructions.iter().filter(|i| results.case(&i.name).is_none()) {
        let (name, each) = (&counted.name, scaled(counted.instructions as f64 / counted.amount));
        line(
            &mut out,
            &format!("{name:<23} {:>9} {:<13} {:>6}  {:<18} {:>8} {each:>10}", "", counted.unit, "", "", ""),
        );
    }
    if !results.peers.is_empty() {
        line(&mut out, "");
        out.push_str(&peers(&results.peers));
    }
    if let Some(accuracy) = &results.accuracy {
        line(&mut out, "");
        crate::accuracy::table(accuracy).iter().for_each(|row| line(&mut out, row));
    }
    for skipped in &results.skipped {
        line(&mut out, &format!("left out: {skipped}"));
    }
    out
}

fn case_row(case: &CaseResult, counted: Option<&Instructions>) -> String {
    let rate = case.rate(CONFIDENCE);
    let clock = if case.clock == Clock::Wall { "" } else { ", cpu" };
    let growth = case.growth(CONFIDENCE).map_or(String::new(), |g| {
        let note = if is_superlinear(&g) { " !" } else { "" };
        format!("{:.2} ({:.2}–{:.2}){note}", g.middle, g.low, g.high)
    });
    format!(
        "{:<23} {:>9} {:<13} {:>6}  {growth:<18} {:>8} {:>10}",
        case.name,
        rate.map_or("-".into(), |r| scaled(r.middle)),
        format!("{}{clock}", case.unit),
        rate.map_or(String::new(), |r| format!("{:.1} %", 100.0 * r.spread())),
        case.peak_mib().map_or(String::new(), |m| format!("{m:.0}")),
        counted.map_or(String::new(), |i| scaled(i.instructions as f64 / i.amount)),
    )
}

/// The rows of other tools, task by task.
pub fn peers(peers: &[PeerResult]) -> String {
    let mut out = String::new();
    let mut task = "";
    for p in peers {
        if p.task != task {
            task = &p.task;
            line(
                &mut out,
                &format!(
                    "{:<23} {:>9} {:<13} {:>8} {:>8} {:>8} {:>6} {:>8} {:>7}",
                    format!("peers: {task}"),
                    "figure",
                    "a cpu second",
                    "cpu s",
                    "right %",
                    "any ord.",
                    "cer %",
                    "peak MiB",
                    "no text"
                ),
            );
        }
        line(
            &mut out,
            &format!(
                "{:<23} {:>9} {:<13} {:>8.2} {:>8.2} {:>8.2} {:>6.2} {:>8} {:>7}",
                p.name,
                scaled(p.amount / p.processor.max(1e-9)),
                p.unit,
                p.processor,
                100.0 * p.right,
                100.0 * p.right_any_order,
                100.0 * p.character_errors,
                p.peak_kib / 1024,
                p.without_text
            ),
        );
    }
    out
}

fn line(out: &mut String, text: &str) {
    // Writing into a String cannot fail.
    let _ = writeln!(out, "{}", text.trim_end());
}

/// Whether time grows faster than size by more than the noise.
pub fn is_superlinear(growth: &Interval) -> bool {
    growth.low > SUPERLINEAR
}

/// Cases of a run that grow too fast.
pub fn superlinear(results: &Results) -> Vec<String> {
    let grown = results.cases.iter().filter_map(|c| Some((c, c.growth(CONFIDENCE)?)));
    grown
        .filter(|(_, g)| is_superlinear(g))
        .map(|(c, g)| {
            format!(
                "{} grows with the power {:.2} ({:.2}–{:.2}) of its size",
                c.name, g.middle, g.low, g.high
            )
        })
        .collect()
}

/// A number with three digits that count, and k, M or G.
pub fn scaled(value: f64) -> String {
    let (value, sign) = match value.abs() {
        v if v >= 1e9 => (value / 1e9, " G"),
        v if v >= 1e6 => (value / 1e6, " M"),
        v if v >= 1e4 => (value / 1e3, " k"),
        _ => (value, ""),
    };
    let digits = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}{sign}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_three_digits() {
        assert_eq!(scaled(0.7234), "0.723");
        assert_eq!(scaled(35_120.0), "35.1 k");
        assert_eq!(scaled(7_123_456.0), "7.12 M");
        assert_eq!(scaled(2_180.0), "2180");
        assert_eq!(scaled(1.5e9), "1.50 G");
    }
}
