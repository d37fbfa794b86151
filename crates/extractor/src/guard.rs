//! Panics of third-party decoders, held back from the user.

use crate::error::ExtractError;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Runs `f`, which decodes foreign bytes with code that is not ours, and turns a panic in it into `damaged`.
///
/// The panic's message would reach standard error through the process's panic hook before it is caught, so the first
/// call puts a hook in front that stays silent for panics raised inside a guard and passes all others on.
pub(crate) fn guarded<T>(what: &str, f: impl FnOnce() -> T) -> Result<T, ExtractError> {
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !GUARDED.with(Cell::get) {
                previous(info);
            }
        }));
    });
    let outer = GUARDED.with(|g| g.replace(true));
    // Nothing that `f` borrowed is used again after a panic: its results are dropped with the error.
    let result = catch_unwind(AssertUnwindSafe(f));
    GUARDED.with(|g| g.set(outer));
    result.map_err(|_| {
        ExtractError::damaged(format!("the {what} is damaged in a way that its decoder cannot take"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_damaged() {
        let e = guarded("picture", || panic!("inside")).unwrap_err();
        assert_eq!(e.cause(), vanthu_model::Cause::Damaged);
        assert_eq!(guarded("picture", || 7).unwrap(), 7);
    }
}
