use crate::ledger::Counts;
use serde::Serialize;
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
