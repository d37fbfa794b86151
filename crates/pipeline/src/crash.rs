//! Panics inside the stages: they cost the input that was being read, and no other.

use crate::Failure;
use std::panic::{AssertUnwindSafe, catch_unwind};
use vanthu_model::Cause;

/// Runs `work`; a panic in it becomes a failure of the cause `crash`.
///
/// # Errors
/// As `work`, and after a panic.
pub fn guarded<T, E: From<Failure>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    // Nothing is kept between inputs that a panic could leave half changed.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<&str>()
            .map(|s| s.to_string())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_string());
        Err(crash(&what).into())
    })
}

/// The failure of an input whose reading stopped because of an error in vanthu: `what` says where.
pub fn crash(what: &str) -> Failure {
    Failure::new(
        Cause::Crash,
        format!("an error inside vanthu stopped the reading ({what})"),
        "report it with the file, the others are not touched",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_failure_that_says_what_it_said() {
        let failure = guarded(|| -> Result<(), Failure> { panic!("page {}", 3) }).unwrap_err();
        assert_eq!(failure.cause, Cause::Crash);
        assert!(failure.message.contains("(page 3)"), "{failure}");
        assert_eq!(guarded(|| Ok::<_, Failure>(5)), Ok(5));
    }
}
