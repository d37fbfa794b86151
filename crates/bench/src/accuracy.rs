//! Accuracy, by the program's own command for it.

use crate::error::{Error, Result};
use crate::tools;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

/// Parts of the report that are told of each document or each error: they are large, and the command prints them again.
const DETAILS: [&str; 4] = ["documents", "errors", "calibration", "details"];

/// What `vanthu eval --format json` prints about the sets in `fixtures/` that need no OCR, without its details.
///
/// # Errors
/// Where the program has no such command, or it fails.
pub fn accuracy(root: &Path) -> Result<Value> {
    let mut asked = Command::new(tools::vanthu_path()?);
    asked.args(["eval", "--help"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if !asked.status().is_ok_and(|s| s.success()) {
        return Err(Error::Missing("accuracy: this vanthu has no command `eval`".into()));
    }
    let fixtures = root.join("fixtures");
    let output =
        tools::vanthu(&["eval".as_ref(), "--format".as_ref(), "json".as_ref(), fixtures.as_os_str()])?;
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

/// The figures of a report: each number with the way to it, parts of lists told by their names.
pub fn figures(value: &Value) -> Vec<(String, f64)> {
    let mut out = Vec::new();
    gather("", value, &mut out);
    out
}

fn gather(way: &str, value: &Value, out: &mut Vec<(String, f64)>) {
    let join = |part: &str| if way.is_empty() { part.to_owned() } else { format!("{way} {part}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| gather(&join(key), value, out)),
        Value::Array(values) => values.iter().enumerate().for_each(|(i, value)| {
            let name = value.get("name").and_then(Value::as_str).map_or_else(|| i.to_string(), str::to_owned);
            gather(&join(&name), value, out);
        }),
        Value::Number(n) => out.extend(n.as_f64().map(|n| (way.to_owned(), n))),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_named_by_their_way() {
        let mut report = serde_json::json!({
            "schema": "vanthu.eval/1",
            "sets": [{ "name": "text", "text": { "syllable_accuracy": 0.5 }, "errors": [{ "count": 1 }],
                "structure": { "documents": 3 }, "documents": [{ "text": {} }] }],
        });
        without_details(&mut report);
        let figures = figures(&report);
        assert_eq!(figures.len(), 2, "{figures:?}");
        assert!(figures.contains(&("sets text text syllable_accuracy".to_owned(), 0.5)));
        assert!(figures.contains(&("sets text structure documents".to_owned(), 3.0)));
    }
}
