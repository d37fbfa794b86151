//! What happens to inputs, written into the ledger.

use super::enlist::Stamp;
use super::{Ledger, LedgerError};
use rusqlite::params;
use std::time::{Duration, Instant};
use vanthu_model::Cause;

/// How long a full disk is waited for: the outputs that filled it may be given up meanwhile.
const PATIENCE: Duration = Duration::from_secs(5);

/// Something that happened to an input of the run.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// An attempt begins.
    Taken {
        /// The input.
        id: i64,
    },
    /// It has its record.
    Done {
        /// The input.
        id: i64,
        /// What the file system told before the file was read.
        stamp: Option<Stamp>,
        /// Digest of its bytes.
        sha256: Option<String>,
        /// Pages of the record; none when it stands as it was.
        pages: Option<u32>,
        /// How long it took.
        took: Duration,
    },
    /// An attempt ended without a record.
    Failed {
        /// The input.
        id: i64,
        /// 1 for the first.
        attempt: u32,
        /// What the file system told before the file was read.
        stamp: Option<Stamp>,
        /// The stable code.
        cause: Cause,
        /// One line.
        message: String,
        /// The last of what the reading process said.
        log: String,
        /// How long it took.
        took: Duration,
        /// Whether the input waits for another attempt.
        again: bool,
    },
    /// It is left out of this run.
    LeftOut {
        /// The input.
        id: i64,
        /// One line.
        reason: String,
    },
    /// An attempt was given up before its end and does not count.
    GivenBack {
        /// The input.
        id: i64,
    },
}

impl Ledger {
    /// Writes a change, together with those that follow it soon.
    ///
    /// # Errors
    /// SQLite's. A full disk is waited for.
    pub(crate) fn change(&mut self, change: Change) -> Result<(), LedgerError> {
        self.redo.push(change);
        let written =
            self.writing().and_then(|()| self.redo.last().map_or(Ok(()), |change| self.apply(change)));
        self.or_once_more(written)
    }

    /// Passes `result` on, but for a full disk: SQLite has then taken all back that was gathered, so it is done once
    /// more when there is room again.
    pub(super) fn or_once_more(&mut self, result: Result<(), LedgerError>) -> Result<(), LedgerError> {
        let since = Instant::now();
        let mut result = result;
        while matches!(result, Err(LedgerError::Full)) && since.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(100));
            if !self.db.is_autocommit() {
                self.db.execute_batch("ROLLBACK")?;
            }
            self.since = None;
            result = self
                .writing()
                .and_then(|()| self.redo.iter().try_for_each(|change| self.apply(change)))
                .and_then(|()| Ok(self.db.execute_batch("COMMIT")?));
            if result.is_ok() {
                self.since = None;
                self.redo.clear();
            }
        }
        result
    }

    fn apply(&self, change: &Change) -> Result<(), LedgerError> {
        match change {
            Change::Taken { id } => self
                .db
                .prepare_cached("UPDATE inputs SET status = 'running', attempts = attempts + 1 WHERE id = ?1")?
                .execute([id])?,
            Change::Done { id, stamp, sha256, pages, took } => self
                .db
                .prepare_cached(
                    "UPDATE inputs SET status = 'done', cause = NULL, message = NULL, size = ?2, modified = ?3,
                        sha256 = ?4, settings = ?5, pages = coalesce(?6, pages), millis = ?7 WHERE id = ?1",
                )?
                .execute(params![
                    id,
                    stamp.map(|s| s.size),
                    stamp.map(|s| s.modified),
                    sha256,
                    self.settings,
                    pages,
                    millis(*took)
                ])?,
            Change::Failed { id, attempt, stamp, cause, message, log, took, again } => {
                self.db
                    .prepare_cached(
                        "INSERT INTO attempts (input, number, began, millis, cause, message, log) VALUES
                            (?1, ?2, strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?3), ?4, ?5, ?6, ?7)",
                    )?
                    .execute(params![
                        id,
                        attempt,
                        format!("-{:.3} seconds", took.as_secs_f64()),
                        millis(*took),
                        cause.code(),
                        message,
                        log
                    ])?;
                self.db
                    .prepare_cached(
                        "UPDATE inputs SET status = ?2, cause = ?3, message = ?4, size = ?5, modified = ?6,
                            settings = ?7, allowances = ?9, sha256 = NULL, pages = NULL, millis = ?8 WHERE id = ?1",
                    )?
                    .execute(params![
                        id,
                        if *again { "queued" } else { "failed" },
                        cause.code(),
                        message,
                        stamp.map(|s| s.size),
                        stamp.map(|s| s.modified),
                        self.settings,
                        millis(*took),
                        self.allowances
                    ])?
            }
            Change::LeftOut { id, reason } => self
                .db
                .prepare_cached("UPDATE inputs SET status = 'skipped', cause = NULL, message = ?2 WHERE id = ?1")?
                .execute(params![id, reason])?,
            Change::GivenBack { id } => self
                .db
                .prepare_cached(
                    "UPDATE inputs SET status = 'queued', attempts = max(attempts - 1, 0) WHERE id = ?1",
                )?
                .execute([id])?,
        };
        Ok(())
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
