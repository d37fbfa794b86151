use crate::plan::Input;
use pipeline::{Failure, Pipeline, load};
use std::panic::{AssertUnwindSafe, catch_unwind};
use vanthu_model::{Cause, Record};

/// Makes the record of one input. Called from many threads at once.
///
/// The seam between the batch and how a document is read: in this process, or in one of its own.
pub trait Worker: Send + Sync {
    /// The record of `input`.
    ///
    /// # Errors
    /// Why there is none.
    fn work(&self, input: &Input) -> Result<Record, Failure>;
}

/// Reads inputs through the pipeline, in this process.
pub struct Reader {
    pipeline: Pipeline,
    max_bytes: u64,
}

impl Reader {
    /// A reader of inputs of at most `max_bytes`.
    pub fn new(pipeline: Pipeline, max_bytes: u64) -> Self {
        Self { pipeline, max_bytes }
    }
}

impl Worker for Reader {
    fn work(&self, input: &Input) -> Result<Record, Failure> {
        let bytes = load(&input.path, self.max_bytes)?;
        self.pipeline.run(&input.name, &bytes)
    }
}

/// Runs `work`; a panic in it costs this input and no other.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // Workers hold no state between inputs that a panic could leave half changed.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<&str>()
            .map(|s| s.to_string())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_string());
        Err(Failure::new(
            Cause::Crash,
            format!("an error inside vanthu stopped the reading ({what})"),
            "report it with the file, the others are not touched",
        ))
    })
}
