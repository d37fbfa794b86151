//! Accuracy, by the program's own command for it.

use crate::error::{Error, Result};
use crate::tools;
use serde_json::Value;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// Parts of the report that are told of each document or each error: they are large, and the command prints them again.
const DETAILS: [&str; 4] = ["documents", "errors", "calibration", "details"];

/// What `vanthu eval --format json` prints about the sets in `fixtures/` that need no OCR, without its details. Draws the
/// curves of its confidences into the folder `curves`.
///
/// # Errors
/// Where the program has no such command, or it fails.
pub fn accuracy(root: &Path, curves: &Path) -> Result<Value> {
    let mut asked = Command::new(tools::vanthu_path()?);
    asked.args(["eval", "--help"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if !asked.status().is_ok_and(|s| s.success()) {
        return Err(Error::Missing("accuracy: this vanthu has no command `eval`".into()));
    }
    let fixtures = root.join("fixtures");
    let arguments: [&OsStr; 6] = [
        "eval".as_ref(),
        "--format".as_ref(),
        "json".as_ref(),
        "--curves".as_ref(),
        curves.as_os_str(),
        fixtures.as_os_str(),
    ];
    let output = tools::vanthu(&arguments)?;
    let mut report = serde_json::from_slice(&output.stdout).map_err(Error::stage)?;
    without_details(&mut report);
    Ok(report)
}

fn without_details(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            // A number of documents stays.
            fields.retain(|key, value| !DETAILS.contains(&key.as_str()) || value.is_number());
            fields.values_mut().for_each(without_details);
        }
        Value::Array(values) => values.iter_mut().for_each(without_details),
        _ => {}
    }
}

/// Columns of the table: heading, the way to the figure in a set, and how many of them make one.
const COLUMNS: [(&str, &[&str], f64); 11] = [
    ("syll. %", &["text", "syllable_accuracy"], 100.0),
    ("cased %", &["text", "cased_accuracy"], 100.0),
    ("cer %", &["text", "cer"], 100.0),
    ("tasks", &["structure", "mean", "tasks"], 1.0),
    ("units", &["structure", "mean", "units"], 1.0),
    ("deadl.", &["structure", "mean", "deadlines"], 1.0),
    ("targets", &["structure", "mean", "targets"], 1.0),
    ("refs", &["structure", "mean", "references"], 1.0),
    ("outline", &["structure", "mean", "outline"], 1.0),
    ("metadata", &["structure", "mean", "metadata"], 1.0),
    ("verdicts", &["verdicts", "right"], 1.0),
];

/// The figures of a report, a row for each set; a set without a figure has no number in its column.
pub fn table(report: &Value) -> Vec<String> {
    let heads = COLUMNS.map(|(head, ..)| format!("{head:>8}")).join(" ");
    let mut rows = vec![format!("{:<23} {heads}", "accuracy (vanthu eval)")];
    for set in report.get("sets").and_then(Value::as_array).into_iter().flatten() {
        let name = set.get("name").and_then(Value::as_str).unwrap_or_default();
        let cells = COLUMNS.map(|(_, way, times)| {
            let figure = way.iter().try_fold(set, |at, part| at.get(part)).and_then(Value::as_f64);
            match figure {
                // A count: how many pages of how many were judged rightly.
                Some(n) if way == ["verdicts", "right"] => {
                    let pages = set.pointer("/verdicts/pages").and_then(Value::as_f64).unwrap_or(n);
                    format!("{:>8}", format!("{n}/{pages}"))
                }
                Some(n) if times > 1.0 => format!("{:>8.2}", times * n),
                Some(n) => format!("{n:>8.3}"),
                None => format!("{:>8}", ""),
            }
        });
        rows.push(format!("{name:<23} {}", cells.join(" ")));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_a_row_of_its_figures() {
        let mut report = serde_json::json!({
            "schema": "vanthu.eval/1",
            "sets": [{ "name": "pdf", "text": { "syllable_accuracy": 0.5 }, "errors": [{ "count": 1 }],
                "structure": { "documents": 3, "mean": { "units": 0.25 } }, "documents": [{ "text": {} }],
                "verdicts": { "pages": 9, "right": 8 } }],
        });
        without_details(&mut report);
        assert!(
            report.pointer("/sets/0/errors").is_none()
                && report.pointer("/sets/0/structure/documents").is_some()
        );
        let rows = table(&report);
        let cells: Vec<&str> = rows[1].split_whitespace().collect();
        assert_eq!(cells, ["pdf", "50.00", "0.250", "8/9"]);
        assert_eq!(rows[1].find("0.250").map(|at| at + 5), rows[0].find("units").map(|at| at + 5));
    }
}
