//! `review.sqlite` in the output folder: what people did, and what is looked up.

mod audit;
mod events;
mod hits;
mod index;
mod list;
mod tasks;
mod uploads;

pub use audit::{Entry, Noted};
pub use events::Written;
pub use index::{Updated, base_of};
pub use list::{Counts, Found, Listed, Order, Places, Query};
pub use tasks::{DueTask, UnitCount, UnitTask};
pub use uploads::{Step, Stored, Upload};

use crate::error::StoreError;
use hits::{Hits, Searches, Slot};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Version of the tables.
const VERSION: i64 = 2;
/// How long another writer may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most readers that are kept open; each holds two megabytes of pages at most.
const READERS: usize = 16;

/// The file of reviews. One connection writes, any number of them read.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<(Connection, Slot)>>,
    searches: Searches,
    /// Grows with every change, so that what was worked out before is known to be old.
    generation: AtomicU64,
}

impl Store {
    /// Opens the file at `path`; makes it when there is none.
    ///
    /// # Errors
    /// SQLite's, and [`StoreError::Version`] for a file of a later vanthu.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut db = Connection::open(path)?;
        db.busy_timeout(PATIENCE)?;
        // A change that looks first and writes then would fail at once where another program wrote in between.
        db.set_transaction_behavior(TransactionBehavior::Immediate);
        db.pragma_update(None, "journal_mode", "wal")?;
        db.pragma_update(None, "synchronous", "full")?;
        let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
        match version {
            0 => {
                db.execute_batch(&format!("BEGIN; {} COMMIT;", include_str!("schema.sql")))?;
                db.pragma_update(None, "user_version", VERSION)?;
            }
            1 => {
                let steps = include_str!("from_1.sql");
                db.execute_batch(&format!("BEGIN; {steps} PRAGMA user_version = {VERSION}; COMMIT;"))?;
            }
            VERSION => {}
            other => return Err(StoreError::Version(other)),
        }
        Ok(Self {
            path: path.to_path_buf(),
            writer: Mutex::new(db),
            readers: Mutex::new(Vec::new()),
            searches: Searches::default(),
            generation: AtomicU64::new(1),
        })
    }

    /// A number that has grown whenever anything has changed.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    fn changed(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// The connection that writes. A thread that died while it wrote has left its transaction to be taken back.
    fn writer(&self) -> MutexGuard<'_, Connection> {
        let guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if !guard.is_autocommit() {
            let _ = guard.execute_batch("ROLLBACK");
        }
        guard
    }

    /// Lets `look` read.
    ///
    /// # Errors
    /// Those of `look`, and SQLite's.
    pub fn read<T>(&self, look: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.read_hits(None, look)
    }

    /// Lets `look` read, to whom the hits of a search are at hand.
    ///
    /// # Errors
    /// Those of `look`, and SQLite's.
    fn read_hits<T>(
        &self,
        hits: Option<&Arc<Hits>>,
        look: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (db, slot) = match idle {
            Some(idle) => idle,
            None => {
                let db = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
                db.busy_timeout(PATIENCE)?;
                db.pragma_update(None, "query_only", true)?;
                db.set_prepared_statement_cache_capacity(64);
                let slot = Slot::default();
                slot.install(&db)?;
                (db, slot)
            }
        };
        if let Some(hits) = hits {
            slot.put(Arc::clone(hits));
        }
        let result = look(&db);
        let mut idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < READERS {
            idle.push((db, slot));
        }
        result
    }
}
