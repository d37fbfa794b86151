//! How long is waited for a store that fails for a passing reason.

use crate::error::StoreError;
use object_store::{BackoffConfig, RetryConfig};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often a request is made again that was answered with an error of the store's own, or not at all.
const AGAIN: usize = 7;
/// From then on a request is not made again.
const LATEST: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long work of a store that has answered before may get no further.
const OUTAGE: Duration = Duration::from_secs(180);
/// The same of one that never has, or whose outage lasted longer: who waits for nothing is to know it soon.
const STRANGER: Duration = Duration::from_secs(2);
/// How often in a row an object may change while it is read.
const CHANGES: u32 = 4;

/// For single requests.
pub(crate) fn of_requests() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig { init_backoff: FIRST_PAUSE, max_backoff: LONGEST_PAUSE, base: 2.0 },
        max_retries: AGAIN,
        retry_timeout: LATEST,
    }
}

/// Whether the last that is known of a store is that it answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    answers: Arc<AtomicBool>,
}

impl Standing {
    fn outage(&self) -> Duration {
        if self.answers.load(Ordering::Relaxed) { OUTAGE } else { STRANGER }
    }

    /// Does some work until it succeeds or waiting longer would not help.
    ///
    /// # Errors
    /// The last of the work.
    pub async fn patiently<T>(&self, work: impl AsyncFn() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut patience = self.patience();
        loop {
            match work().await {
                Ok(done) => {
                    patience.renew();
                    return Ok(done);
                }
                Err(error) => patience.again(error).await?,
            }
        }
    }

    /// For work that gets further by itself.
    pub fn patience(&self) -> Patience {
        Patience { standing: self.clone(), since: Instant::now(), pause: FIRST_PAUSE, changes: 0 }
    }
}

/// For work of several requests, or whose answer can be cut.
#[derive(Debug)]
pub(crate) struct Patience {
    standing: Standing,
    /// When the work got further.
    since: Instant,
    /// The last pause.
    pause: Duration,
    changes: u32,
}

impl Patience {
    /// Says that the work got further.
    pub fn renew(&mut self) {
        self.standing.answers.store(true, Ordering::Relaxed);
        (self.since, self.pause) = (Instant::now(), FIRST_PAUSE);
    }

    /// Waits before another try, longer each time.
    ///
    /// # Errors
    /// `error` where it would not help, or was waited for long enough.
    pub async fn again(&mut self, error: StoreError) -> Result<(), StoreError> {
        if matches!(error, StoreError::Changed) {
            self.changes += 1;
            if self.changes >= CHANGES {
                return Err(error);
            }
        }
        if !error.passes() {
            // A refusal is an answer.
            self.standing.answers.store(true, Ordering::Relaxed);
            return Err(error);
        }
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        if self.since.elapsed() + self.pause > self.standing.outage() {
            self.standing.answers.store(false, Ordering::Relaxed);
            return Err(error);
        }
        tracing::debug!(pause = self.pause.as_millis() as u64, "again: {error}");
        tokio::time::sleep(self.pause).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    fn down() -> StoreError {
        StoreError::Unreachable { reason: "connection refused".into() }
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
    }

    #[test]
    fn a_store_that_has_answered_is_waited_for_and_a_stranger_is_not() {
        let (standing, tries) = (Standing::default(), AtomicU32::new(0));
        let fails = async || {
            tries.fetch_add(1, Ordering::Relaxed);
            Err::<(), _>(down())
        };
        let began = Instant::now();
        assert!(runtime().block_on(standing.patiently(fails)).is_err());
        assert!(tries.load(Ordering::Relaxed) > 2 && began.elapsed() < STRANGER);
        assert_eq!(standing.outage(), STRANGER);

        runtime().block_on(standing.patiently(async || Ok(()))).unwrap();
        assert_eq!(standing.outage(), OUTAGE);
        // When it was waited for in vain, what comes next does not wait as long.
        let mut patience = standing.patience();
        patience.since = Instant::now().checked_sub(OUTAGE).unwrap();
        assert!(runtime().block_on(patience.again(down())).is_err());
        assert_eq!(standing.outage(), STRANGER);
    }

    #[test]
    fn what_is_refused_is_not_tried_again() {
        let (standing, tries) = (Standing::default(), AtomicU32::new(0));
        let fails = async || {
            tries.fetch_add(1, Ordering::Relaxed);
            Err::<(), _>(StoreError::Missing)
        };
        assert!(runtime().block_on(standing.patiently(fails)).is_err());
        assert_eq!((tries.load(Ordering::Relaxed), standing.outage()), (1, OUTAGE));
    }
}
