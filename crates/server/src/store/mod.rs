//! `review.sqlite` in the output folder: what people did, and what is looked up.

mod events;
mod index;
mod list;
mod tasks;

pub use events::Written;
pub use index::{Updated, base_of};
pub use list::{Counts, Found, Listed, Order, Places, Query};
pub use tasks::{DueTask, UnitCount, UnitTask};

use crate::error::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Version of the tables.
const VERSION: i64 = 1;
/// How long another writer may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most readers that are kept open; each holds two megabytes of pages at most.
const READERS: usize = 16;

/// The file of reviews. One connection writes, any number of them read.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// Grows with every change, so that what was worked out before is known to be old.
    generation: AtomicU64,
}

impl Store {
    /// Opens the file at `path`; makes it when there is none.
    ///
    /// # Errors
    /// SQLite's, and [`StoreError::Version`] for a file of a later vanthu.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let db = Connection::open(path)?;
        db.busy_timeout(PATIENCE)?;
        db.pragma_update(None, "journal_mode", "wal")?;
        db.pragma_update(None, "synchronous", "full")?;
        let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
        match version {
            0 => {
                db.execute_batch(&format!("BEGIN; {} COMMIT;", include_str!("schema.sql")))?;
                db.pragma_update(None, "user_version", VERSION)?;
            }
            VERSION => {}
            other => return Err(StoreError::Version(other)),
        }
        Ok(Self {
            path: path.to_path_buf(),
            writer: Mutex::new(db),
            readers: Mutex::new(Vec::new()),
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
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let db = match idle {
            Some(db) => db,
            None => {
                let db = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
                db.busy_timeout(PATIENCE)?;
                db.pragma_update(None, "query_only", true)?;
                db.set_prepared_statement_cache_capacity(64);
                db
            }
        };
        let result = look(&db);
        let mut idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < READERS {
            idle.push(db);
        }
        result
    }

    /// Writes a line of the audit log. What cannot be written there is logged and no reason to fail.
    pub fn audit(&self, who: &str, what: &str, document: Option<i64>, outcome: &str) {
        let written = self.writer().execute(
            "INSERT INTO audit (at, who, what, document, outcome)
             VALUES (strftime('%Y-%m-%dT%H:%M:%SZ'), ?1, ?2, ?3, ?4)",
            rusqlite::params![who, what, document, outcome],
        );
        if let Err(e) = written {
            tracing::error!(%e, what, "audit");
        }
    }
}
