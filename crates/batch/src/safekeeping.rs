//! The ledger into the store while the batch goes on: should the machine be lost, another one goes on from there.

use crate::error::BatchError;
use crate::files;
use crate::ledger::Ledger;
use crate::shelf::Shelf;
use std::fs;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The ledger in the store is at most this much older than the one here, and at most as much as the run has lasted.
const OLDEST: Duration = Duration::from_secs(300);
/// Nor is it put away more often.
const YOUNGEST: Duration = Duration::from_secs(2);
/// How many times as long as putting it away took is waited before it is done again: a large ledger takes long.
const PAUSE: u32 = 20;
/// A copy on its way; the name is that of a passing file.
const PASSING: &str = ".vanthu-ledger.part";

/// Puts copies of the ledger away, one at a time, on a thread of its own.
#[derive(Debug)]
pub(crate) struct Safekeeping {
    began: Instant,
    due: Instant,
    at_work: Option<JoinHandle<(Duration, Result<(), BatchError>)>>,
}

impl Safekeeping {
    pub fn new() -> Self {
        let began = Instant::now();
        Self { began, due: began + YOUNGEST, at_work: None }
    }

    /// Begins to put a copy away where one is due. That it cannot be put away is no trouble of the batch: the next one may.
    ///
    /// # Errors
    /// The ledger's, and [`BatchError::Overtaken`].
    pub fn tick(&mut self, ledger: &mut Ledger, shelf: &Shelf) -> Result<(), BatchError> {
        if shelf.copy().is_none() {
            return Ok(());
        }
        if self.at_work.as_ref().is_some_and(JoinHandle::is_finished) {
            let (took, put) = self.wait();
            match put {
                Err(e @ BatchError::Overtaken { .. }) => return Err(e),
                Err(e) => tracing::warn!("the ledger is not put into the store: {e}"),
                Ok(()) => {}
            }
            let pause = self.began.elapsed().clamp(YOUNGEST, OLDEST).max(took * PAUSE);
            self.due = Instant::now() + pause;
        }
        if self.at_work.is_none() && Instant::now() >= self.due {
            ledger.commit()?;
            let shelf = shelf.clone();
            self.at_work = Some(std::thread::spawn(move || {
                let began = Instant::now();
                let put = put_away(&shelf);
                (began.elapsed(), put)
            }));
        }
        Ok(())
    }

    /// Puts the last copy away, when nothing changes any more.
    ///
    /// # Errors
    /// The ledger's and the store's.
    pub fn end(&mut self, shelf: &Shelf) -> Result<(), BatchError> {
        if shelf.copy().is_none() {
            return Ok(());
        }
        // The one that is on its way must not come after it; how it ended is of no matter then.
        let _ = self.wait();
        put_away(shelf)
    }

    /// Waits for the copy that is on its way. Returns how long it took, and how it ended.
    fn wait(&mut self) -> (Duration, Result<(), BatchError>) {
        let ended = self.at_work.take().and_then(|thread| thread.join().ok());
        ended.unwrap_or((Duration::ZERO, Ok(())))
    }
}

fn put_away(shelf: &Shelf) -> Result<(), BatchError> {
    let passing = shelf.folder().join(files::AREA).join(PASSING);
    // What another copy has left that was cut short.
    let _ = fs::remove_file(&passing);
    // The file itself lacks what stands in the log beside it, as long as somebody looks at the ledger.
    let put = Ledger::copy(&shelf.folder().join(files::LEDGER), &passing)
        .map_err(BatchError::from)
        .and_then(|()| shelf.put_ledger(&passing));
    let _ = fs::remove_file(&passing);
    put
}
