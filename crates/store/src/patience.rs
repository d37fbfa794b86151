//! How long is waited for a store that fails for a passing reason.

use crate::error::StoreError;
use object_store::{BackoffConfig, RetryConfig};
use std::time::Duration;

/// How often a request is made again that was answered with an error of the store's own, or not at all.
const AGAIN: usize = 7;
/// From then on a request is not made again.
const LATEST: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How often in a row work may get no further.
const TRIES: u32 = 4;

/// For single requests.
pub(crate) fn of_requests() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig { init_backoff: FIRST_PAUSE, max_backoff: LONGEST_PAUSE, base: 2.0 },
        max_retries: AGAIN,
        retry_timeout: LATEST,
    }
}

/// For work of several requests, or whose answer can be cut.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    tries: u32,
}

impl Patience {
    /// Says that the work got further.
    pub fn renew(&mut self) {
        self.tries = 0;
    }

    /// Waits before another try, longer each time.
    ///
    /// # Errors
    /// `error` where it would not help, or was tried often enough.
    pub async fn again(&mut self, error: StoreError) -> Result<(), StoreError> {
        self.tries += 1;
        if !error.passes() || self.tries >= TRIES {
            return Err(error);
        }
        tracing::debug!(tries = self.tries, "again: {error}");
        tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(self.tries)).await;
        Ok(())
    }
}
