use crate::plan::Input;
use pipeline::Failure;
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

/// What became of the inputs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// With a record.
    pub done: usize,
    /// Without one, for a cause.
    pub failed: usize,
    /// Not tried, for a reason.
    pub skipped: usize,
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

/// Keeps account of each input: every one of them is done, failed or skipped exactly once.
#[derive(Debug)]
pub struct Ledger {
    accounted: Vec<bool>,
    done: usize,
    pages: u64,
    failures: Vec<(usize, FailedInput)>,
    skipped: Vec<(usize, SkippedInput)>,
    problems: Vec<String>,
}

impl Ledger {
    /// The account of `inputs` inputs, none of them finished.
    pub fn new(inputs: usize) -> Self {
        Self {
            accounted: vec![false; inputs],
            done: 0,
            pages: 0,
            failures: Vec::new(),
            skipped: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Marks an input; false when it was accounted for already.
    fn account(&mut self, index: usize) -> bool {
        self.accounted.get_mut(index).is_some_and(|a| !std::mem::replace(a, true))
    }

    /// Input `index` has its record.
    pub fn done(&mut self, index: usize, pages: u32) {
        if self.account(index) {
            self.done += 1;
            self.pages += u64::from(pages);
        }
    }

    /// Input `index` failed.
    pub fn failed(&mut self, index: usize, input: &Input, failure: &Failure) {
        if self.account(index) {
            let path = input.path.to_string_lossy().into_owned();
            self.failures
                .push((index, FailedInput { path, cause: failure.cause, message: failure.to_string() }));
        }
    }

    /// Input `index` was left out.
    pub fn skipped(&mut self, index: usize, input: &Input, reason: &str) {
        if self.account(index) {
            let path = input.path.to_string_lossy().into_owned();
            self.skipped.push((index, SkippedInput { path, reason: reason.to_string() }));
        }
    }

    /// Something is wrong with the batch's own files.
    pub fn problem(&mut self, line: String) {
        self.problems.push(line);
    }

    /// Counts so far.
    pub fn counts(&self) -> Counts {
        Counts { done: self.done, failed: self.failures.len(), skipped: self.skipped.len() }
    }

    /// The inputs that are not accounted for yet.
    pub fn open(&self) -> Vec<usize> {
        self.accounted.iter().enumerate().filter(|(_, a)| !**a).map(|(i, _)| i).collect()
    }

    /// Closes the account.
    pub fn summary(mut self, interrupted: bool, took: Duration) -> Summary {
        self.failures.sort_by_key(|(i, _)| *i);
        self.skipped.sort_by_key(|(i, _)| *i);
        Summary {
            schema: "vanthu.summary/1",
            vanthu: env!("CARGO_PKG_VERSION"),
            interrupted,
            inputs: self.accounted.len(),
            counts: self.counts(),
            pages: self.pages,
            seconds: (took.as_secs_f64() * 1000.0).round() / 1000.0,
            failures: self.failures.into_iter().map(|(_, f)| f).collect(),
            skipped: self.skipped.into_iter().map(|(_, s)| s).collect(),
            problems: self.problems,
        }
    }
}
