//! Looking for new files, again and again.
//!
//! Folders are walked anew at each look: what the system tells of changes does not come over network shares.

use crate::ledger::{Enlisted, Ledger, LedgerError};
use crate::origins::Origins;
use crate::plan::{Found, walk_ready};
use crate::shelf::Shelf;
use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Longest pause between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// How a batch watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// A file is taken when its size and its time of change have stood still for so long.
    pub settle: Duration,
}

impl Default for Watch {
    fn default() -> Self {
        Self { settle: Duration::from_secs(5) }
    }
}

/// Where is looked, and when.
pub(crate) struct Look {
    watch: Watch,
    paths: Vec<PathBuf>,
    began: Instant,
    next: Instant,
    /// Place in the order for the next input.
    position: i64,
}

impl Look {
    pub fn new(watch: Watch, paths: Vec<PathBuf>, position: i64) -> Self {
        let now = Instant::now();
        Self { watch, paths, began: now, next: now, position }
    }

    pub fn is_due(&self) -> bool {
        Instant::now() >= self.next
    }

    /// Walks the paths and takes in what is new or has changed and stands still. Files that were told before are not
    /// told again. Ends early when `stop` becomes true.
    ///
    /// # Errors
    /// The ledger's.
    pub fn around(
        &mut self,
        ledger: &mut Ledger,
        origins: &mut Origins,
        shelf: &Shelf,
        stop: &AtomicBool,
    ) -> Result<Vec<(Found, Enlisted)>, LedgerError> {
        let looked = Instant::now();
        let ledger = RefCell::new(ledger);
        let mut taken = Vec::new();
        let ended = walk_ready(
            &self.paths,
            origins,
            shelf,
            None,
            &mut |path| match stop.load(Ordering::SeqCst) {
                true => Err(None),
                false => ledger
                    .borrow_mut()
                    .stands_still(path, self.began.elapsed(), self.watch.settle)
                    .map_err(Some),
            },
            &mut |found: Found| {
                let mut ledger = ledger.borrow_mut();
                let enlisted = ledger.enlist(&found, self.position, shelf, true).map_err(Some)?;
                match enlisted {
                    Enlisted::Before => return Ok(()),
                    Enlisted::Busy => return ledger.not_taken(&found.path).map_err(Some),
                    _ => self.position += 1,
                }
                let in_archive = pipeline::inside_archive(&found.path).map(|_| found.path.clone());
                taken.push((found, enlisted));
                if taken.len() < MOST {
                    return Ok(());
                }
                // What is left comes at the next look, also of an archive: the account is wanted meanwhile.
                if let Some(part) = in_archive {
                    ledger.not_taken(&part).map_err(Some)?;
                }
                Err(None)
            },
        );
        if let Err(Some(e)) = ended {
            return Err(e);
        }
        // A walk over many files is work for the machine that holds them: most of the time is a pause.
        let pause = (self.watch.settle / 2).min(PAUSE).max(looked.elapsed() * 10);
        self.next = Instant::now() + if taken.len() < MOST { pause } else { Duration::ZERO };
        Ok(taken)
    }
}

/// Most files that are taken in at one look.
const MOST: usize = 1000;
