use crate::ledger::{Counts, Ledger};
use serde::Serialize;
use std::time::Duration;
use vanthu_model::Cause;

/// What became of a batch; `summary.json`.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Always `vanthu.summary/1`.
    pub schema: &'static str,
    /// Version of vanthu.
    pub vanthu: &'static str,
    /// Whether the batch was stopped before its end.
    pub interrupted: bool,
    /// Number of inputs: the sum of `counts`.
    pub inputs: usize,
    /// What became of them.
    pub counts: Counts,
    /// How many of those that are done were done before this run.
    pub earlier: usize,
    /// Pages of the inputs that are done.
    pub pages: u64,
    /// Time from the first input to the last, in seconds.
    pub seconds: f64,
    /// Inputs without a record, in the order of the inputs.
    pub failures: Vec<FailedInput>,
    /// Inputs that were left out, in the order of the inputs.
    pub skipped: Vec<SkippedInput>,
    /// What went wrong with the batch's own files; empty when all is well.
    pub problems: Vec<String>,
}

impl Summary {
    /// What a ledger tells of its last run. What still waits was left out for `reason`.
    pub(crate) fn of(
        ledger: &Ledger,
        interrupted: bool,
        earlier: usize,
        took: Duration,
        problems: Vec<String>,
        reason: &str,
    ) -> Self {
        let counts = ledger.by_status().unwrap_or_default();
        let of = |words: &[&str]| words.iter().filter_map(|w| counts.get(*w)).sum();
        Self {
            schema: "vanthu.summary/1",
            vanthu: env!("CARGO_PKG_VERSION"),
            interrupted,
            inputs: counts.values().sum(),
            counts: Counts {
                done: of(&["done"]),
                failed: of(&["failed"]),
                skipped: of(&["skipped", "queued", "running"]),
            },
            earlier,
            pages: ledger.pages_done().unwrap_or(0),
            seconds: (took.as_secs_f64() * 1000.0).round() / 1000.0,
            failures: ledger.failures().unwrap_or_default(),
            skipped: ledger.left_out(reason).unwrap_or_default(),
            problems,
        }
    }
}

/// An input without a record.
#[derive(Debug, Clone, Serialize)]
pub struct FailedInput {
    /// Where it lies, beginning with the path that was given.
    pub path: String,
    /// Stable code.
    pub cause: Cause,
    /// What is wrong and what to do, one line.
    pub message: String,
}

/// An input that was left out.
#[derive(Debug, Clone, Serialize)]
pub struct SkippedInput {
    /// Where it lies, beginning with the path that was given.
    pub path: String,
    /// One line.
    pub reason: String,
}
