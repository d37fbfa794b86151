//! What the ledger tells.

use super::{Ledger, LedgerError};
use crate::summary::{FailedInput, SkippedInput};
use rusqlite::params;
use serde::Serialize;
use std::collections::BTreeMap;
use vanthu_model::Cause;

/// What became of the inputs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// With a record.
    pub done: usize,
    /// Without one, for a cause.
    pub failed: usize,
    /// Not tried, for a reason.
    pub skipped: usize,
}

impl Ledger {
    /// Number of inputs of the last run by status.
    ///
    /// # Errors
    /// SQLite's.
    pub fn by_status(&self) -> Result<BTreeMap<String, usize>, LedgerError> {
        self.tally("SELECT status, count(*) FROM inputs WHERE run = ?1 GROUP BY status")
    }

    /// Number of failed inputs of the last run by cause.
    ///
    /// # Errors
    /// SQLite's.
    pub fn by_cause(&self) -> Result<BTreeMap<String, usize>, LedgerError> {
        self.tally("SELECT cause, count(*) FROM inputs WHERE run = ?1 AND status = 'failed' GROUP BY cause")
    }

    fn tally(&self, query: &str) -> Result<BTreeMap<String, usize>, LedgerError> {
        let mut query = self.db.prepare_cached(query)?;
        let rows = query.query_map([self.run], |r| {
            Ok((
                r.get::<_, Option<String>>(0)?.unwrap_or_default(),
                r.get::<_, i64>(1)?.try_into().unwrap_or(0),
            ))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Pages of the done inputs of the last run.
    ///
    /// # Errors
    /// SQLite's.
    pub fn pages_done(&self) -> Result<u64, LedgerError> {
        let mut query = self.db.prepare_cached(
            "SELECT coalesce(sum(pages), 0) FROM inputs WHERE run = ?1 AND status = 'done'",
        )?;
        Ok(query.query_row([self.run], |r| r.get::<_, i64>(0))?.try_into().unwrap_or(0))
    }

    /// When the last run began and ended, UTC in ISO 8601; no end while it goes on or when it was killed.
    ///
    /// # Errors
    /// SQLite's.
    pub fn times(&self) -> Result<(Option<String>, Option<String>), LedgerError> {
        let mut query = self.db.prepare_cached("SELECT began, ended FROM runs WHERE id = ?1")?;
        let mut rows = query.query([self.run])?;
        match rows.next()? {
            Some(row) => Ok((row.get(0)?, row.get(1)?)),
            None => Ok((None, None)),
        }
    }

    /// The failed inputs of the last run, in its order.
    ///
    /// # Errors
    /// SQLite's.
    pub fn failures(&self) -> Result<Vec<FailedInput>, LedgerError> {
        let mut query = self.db.prepare_cached(
            "SELECT shown, cause, message FROM inputs WHERE run = ?1 AND status = 'failed' ORDER BY position",
        )?;
        let rows = query.query_map([self.run], |r| {
            let cause: String = r.get(1)?;
            // A code of a later version is told as what it most likely is: a death of the reading process.
            let cause = serde_json::from_value(cause.into()).unwrap_or(Cause::Crash);
            Ok(FailedInput { path: r.get(0)?, cause, message: r.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The inputs of the last run that were left out, and with them those still waiting, for the reason `waiting`.
    ///
    /// # Errors
    /// SQLite's.
    pub fn left_out(&self, waiting: &str) -> Result<Vec<SkippedInput>, LedgerError> {
        let mut query = self.db.prepare_cached(
            "SELECT shown, CASE status WHEN 'skipped' THEN message ELSE ?2 END FROM inputs
             WHERE run = ?1 AND status IN ('skipped', 'queued', 'running') ORDER BY position",
        )?;
        let rows = query.query_map(params![self.run, waiting], |r| {
            Ok(SkippedInput { path: r.get(0)?, reason: r.get(1)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether the input whose record would lie at `output` has failed in the last run.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn has_failed(&self, output: &str) -> Result<bool, LedgerError> {
        let mut query = self
            .db
            .prepare_cached("SELECT 1 FROM inputs WHERE output = ?1 AND run = ?2 AND status = 'failed'")?;
        Ok(query.exists(params![output, self.run])?)
    }

    /// Queues the failed inputs anew, those of one cause or all. Returns how many.
    ///
    /// # Errors
    /// SQLite's.
    pub fn retry(&mut self, cause: Option<Cause>) -> Result<usize, LedgerError> {
        // Without its settings an input is no longer known as one that has failed under them.
        Ok(self.db.execute(
            "UPDATE inputs SET status = 'queued', settings = NULL, attempts = 0
             WHERE status = 'failed' AND (?1 IS NULL OR cause = ?1)",
            [cause.map(Cause::code)],
        )?)
    }
}
