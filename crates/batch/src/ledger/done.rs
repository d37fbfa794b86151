//! The inputs that have their records, for outputs that are made of these.

use super::{Ledger, LedgerError};
use crate::protocol::path;
use rusqlite::Row;
use std::path::PathBuf;

/// An input that has its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneInput {
    /// Where it lies.
    pub place: PathBuf,
    /// The path for people.
    pub shown: String,
    /// The record's path inside the output folder.
    pub output: String,
}

impl Ledger {
    /// Number of inputs of the last run that have their records.
    ///
    /// # Errors
    /// SQLite's.
    pub fn done(&self) -> Result<usize, LedgerError> {
        let sql = "SELECT count(*) FROM inputs WHERE run = ?1 AND status = 'done' AND output IS NOT NULL";
        Ok(self
            .db
            .prepare_cached(sql)?
            .query_row([self.run], |r| r.get::<_, i64>(0))?
            .try_into()
            .unwrap_or(0))
    }

    /// Names the inputs of the last run that have their records, in its order.
    ///
    /// # Errors
    /// SQLite's, and those of `take`.
    pub fn each_done<E: From<LedgerError>>(
        &self,
        take: &mut dyn FnMut(DoneInput) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT place, shown, output FROM inputs
                   WHERE run = ?1 AND status = 'done' AND output IS NOT NULL ORDER BY position";
        let made = |row: &Row<'_>| {
            let place: Vec<u8> = row.get(0)?;
            Ok(DoneInput { place: path(&place), shown: row.get(1)?, output: row.get(2)? })
        };
        self.each(sql, [self.run], made, take)
    }

    /// Names the outputs of all inputs, of whatever run, that may have their records.
    ///
    /// # Errors
    /// SQLite's, and those of `take`.
    pub(crate) fn each_output<E: From<LedgerError>>(
        &self,
        take: &mut dyn FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each("SELECT output FROM inputs WHERE output IS NOT NULL", [], |row| row.get(0), take)
    }
}
