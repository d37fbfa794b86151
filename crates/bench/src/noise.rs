//! How figures differ from run to run when nothing else does.

use crate::error::{Error, Result};
use crate::results::Results;
use crate::stats::{least, median};
use std::fmt::Write;

/// The table of what the figures of several runs are apart.
///
/// # Errors
/// Where there are fewer than two.
pub fn table(runs: &[Results]) -> Result<String> {
    let [first, _, ..] = runs else {
        return Err(Error::Missing("give the results of two runs or more".into()));
    };
    let loads: Vec<f64> = runs.iter().map(|r| (r.machine.load[0] + r.machine.load[1]) / 2.0).collect();
    let mut out = String::new();
    // Writing into a String cannot fail.
    let _ = writeln!(
        out,
        "{} runs, load {:.1} to {:.1}\n| case | median, a second | from | to | middle half | all |\n|---|--:|--:|--:|--:|--:|",
        runs.len(),
        least(&loads),
        loads.iter().copied().fold(0.0, f64::max)
    );
    for case in &first.cases {
        let mut rates: Vec<f64> =
            runs.iter().filter_map(|r| Some(r.case(&case.name)?.rate(0.95)?.middle)).collect();
        rates.sort_by(f64::total_cmp);
        let middle = median(&rates);
        let (Some(low), Some(high)) = (rates.first(), rates.last()) else { continue };
        let quarter = rates.len() / 4;
        let inner = rates.get(rates.len() - 1 - quarter).zip(rates.get(quarter)).map_or(0.0, |(h, l)| h - l);
        let scaled = crate::table::scaled;
        let _ = writeln!(
            out,
            "| `{}` | {} {} | {} | {} | ±{:.1} % | ±{:.1} % |",
            case.name,
            scaled(middle),
            case.unit,
            scaled(*low),
            scaled(*high),
            50.0 * inner / middle,
            50.0 * (high - low) / middle
        );
    }
    Ok(out)
}
