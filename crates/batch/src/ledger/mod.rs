//! The account of a batch, in SQLite.

mod below;
mod change;
mod done;
mod enlist;
mod join;
mod listed;
mod report;
mod take;
mod watched;

pub use below::Below;
pub use done::DoneInput;
pub use listed::ListedInput;
pub use report::Counts;
pub use take::{Attempt, Job};

pub(crate) use change::Change;
pub(crate) use enlist::{Enlisted, Stamp};
pub(crate) use join::{Entry, Joined};

use rusqlite::{Connection, OpenFlags, Params, Row};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Longest time that a change waits to be written.
const LAG: Duration = Duration::from_millis(200);
/// Marks the file as a ledger of vanthu; read by `file` and by ourselves.
const APPLICATION: i32 = 0x7661_6e74;
/// Version of the tables.
const VERSION: i32 = 1;
/// How long another reader of the ledger may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// There is none.
    #[error("{} holds no ledger; give the output folder of `vanthu ingest`", .0.display())]
    Missing(PathBuf),
    /// The file is none of ours, or of another version.
    #[error("{} is no ledger of this version ({found}); give another output folder", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is.
        found: String,
    },
    /// The disk is full.
    #[error("the ledger cannot be written (no space left on device); free some space and run again")]
    Full,
    /// SQLite's own.
    #[error("the ledger fails ({0}); check the disk it lies on and run again")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => LedgerError::Full,
            _ => LedgerError::Sqlite(error),
        }
    }
}

/// The account of a batch: a row an input, in `ledger.sqlite` in the output folder.
///
/// Changes are gathered for at most 200 ms and written together (write-ahead log, so that a killed program loses at
/// most those, whose records are then made once more). One program writes at a time; any number may look.
#[derive(Debug)]
pub struct Ledger {
    db: Connection,
    /// When the open transaction began.
    since: Option<Instant>,
    /// The run that is going on, 0 when only looking.
    run: i64,
    /// Only inputs from this place on are taken.
    from: i64,
    /// Its settings and allowances, by their numbers.
    settings: i64,
    allowances: i64,
    /// What the open transaction holds, for the case that it is taken back.
    redo: Vec<Change>,
}

impl Ledger {
    /// Opens the ledger of an output folder for a run; makes it when there is none. What was being read when the last
    /// run was killed waits again.
    ///
    /// # Errors
    /// As [`LedgerError`].
    pub fn open(file: &Path) -> Result<Self, LedgerError> {
        let db = Connection::open(file)?;
        db.busy_timeout(PATIENCE)?;
        let version: i32 =
            db.pragma_query_value(None, "user_version", |r| r.get(0)).map_err(|e| foreign(file, &e))?;
        let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |r| r.get(0))?;
        db.pragma_update(None, "journal_mode", "wal")?;
        db.pragma_update(None, "synchronous", "normal")?;
        // Nothing is written before all of a transaction is, so that a full disk shows there and nowhere else.
        db.pragma_update(None, "cache_spill", false)?;
        if tables == 0 {
            db.execute_batch(include_str!("schema.sql"))?;
            db.pragma_update(None, "application_id", APPLICATION)?;
            db.pragma_update(None, "user_version", VERSION)?;
        } else if version != VERSION {
            return Err(LedgerError::Foreign {
                path: file.to_path_buf(),
                found: format!("version {version}"),
            });
        }
        db.execute("UPDATE inputs SET status = 'queued' WHERE status = 'running'", [])?;
        Ok(Self { db, since: None, run: 0, from: 0, settings: 0, allowances: 0, redo: Vec::new() })
    }

    /// Opens the ledger of an output folder to look at it and to queue inputs anew.
    ///
    /// # Errors
    /// As [`LedgerError`].
    pub fn look(file: &Path) -> Result<Self, LedgerError> {
        if !file.is_file() {
            return Err(LedgerError::Missing(file.to_path_buf()));
        }
        let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.busy_timeout(PATIENCE)?;
        let version: i32 =
            db.pragma_query_value(None, "user_version", |r| r.get(0)).map_err(|e| foreign(file, &e))?;
        if version != VERSION {
            return Err(LedgerError::Foreign {
                path: file.to_path_buf(),
                found: format!("version {version}"),
            });
        }
        let run = db.query_row("SELECT coalesce(max(id), 0) FROM runs", [], |r| r.get(0))?;
        Ok(Self { db, since: None, run, from: 0, settings: 0, allowances: 0, redo: Vec::new() })
    }

    /// Begins a run. `settings` is a text that is the same whenever the same input would give the same record;
    /// `allowances` one that is the same whenever an input that fails would fail again.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin_run(&mut self, settings: &str, allowances: &str) -> Result<(), LedgerError> {
        self.writing()?;
        self.settings = self.text(settings)?;
        self.allowances = self.text(allowances)?;
        self.db.execute(
            "INSERT INTO runs (began, settings) VALUES (strftime('%Y-%m-%dT%H:%M:%SZ'), ?1)",
            [self.settings],
        )?;
        self.run = self.db.last_insert_rowid();
        Ok(())
    }

    /// Goes on with the last run, or begins the first; as [`Ledger::begin_run`]. Gives the place behind its last input; those
    /// before it are not taken.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn resume_run(&mut self, settings: &str, allowances: &str) -> Result<i64, LedgerError> {
        let last: i64 = self.db.query_row("SELECT coalesce(max(id), 0) FROM runs", [], |r| r.get(0))?;
        if last == 0 {
            self.begin_run(settings, allowances)?;
            return Ok(0);
        }
        self.writing()?;
        self.settings = self.text(settings)?;
        self.allowances = self.text(allowances)?;
        self.run = last;
        let place = "SELECT coalesce(max(position) + 1, 0) FROM inputs WHERE run = ?1";
        self.from = self.db.query_row(place, [last], |r| r.get(0))?;
        Ok(self.from)
    }

    /// Hands what `made` makes of each row of a query to `take`, one at a time: a ledger holds more inputs than memory should.
    fn each<T, E: From<LedgerError>>(
        &self,
        sql: &str,
        with: impl Params,
        made: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        take: &mut dyn FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let sqlite = |e: rusqlite::Error| E::from(LedgerError::from(e));
        let mut query = self.db.prepare_cached(sql).map_err(sqlite)?;
        let mut rows = query.query(with).map_err(sqlite)?;
        while let Some(row) = rows.next().map_err(sqlite)? {
            take(made(row).map_err(sqlite)?)?;
        }
        Ok(())
    }

    /// The number of a text about settings.
    fn text(&self, text: &str) -> Result<i64, LedgerError> {
        self.db.execute("INSERT OR IGNORE INTO settings (text) VALUES (?1)", [text])?;
        Ok(self.db.query_row("SELECT id FROM settings WHERE text = ?1", [text], |r| r.get(0))?)
    }

    /// Ends the run and writes what is gathered.
    ///
    /// # Errors
    /// SQLite's.
    pub fn end_run(&mut self) -> Result<(), LedgerError> {
        self.writing()?;
        self.db
            .execute("UPDATE runs SET ended = strftime('%Y-%m-%dT%H:%M:%SZ') WHERE id = ?1", [self.run])?;
        self.commit()
    }

    /// Copies the ledger `from`, as it stands, into the new file `to`, while others read and write it.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), LedgerError> {
        let db = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.busy_timeout(PATIENCE)?;
        db.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
        Ok(())
    }

    /// Writes what has been gathered for long enough.
    ///
    /// # Errors
    /// SQLite's.
    pub fn tick(&mut self) -> Result<(), LedgerError> {
        match self.since {
            Some(since) if since.elapsed() > LAG => self.commit(),
            _ => Ok(()),
        }
    }

    /// Writes what is gathered.
    ///
    /// # Errors
    /// SQLite's.
    pub fn commit(&mut self) -> Result<(), LedgerError> {
        if self.since.take().is_some() {
            let written = self.db.execute_batch("COMMIT").map_err(LedgerError::from);
            self.or_once_more(written)?;
            self.redo.clear();
        }
        Ok(())
    }

    /// Begins to gather changes unless that has begun already.
    fn writing(&mut self) -> Result<(), LedgerError> {
        if self.since.is_none() {
            self.db.execute_batch("BEGIN IMMEDIATE")?;
            self.since = Some(Instant::now());
        }
        Ok(())
    }
}

fn foreign(file: &Path, error: &rusqlite::Error) -> LedgerError {
    LedgerError::Foreign { path: file.to_path_buf(), found: pipeline::one_line(&error.to_string()) }
}
