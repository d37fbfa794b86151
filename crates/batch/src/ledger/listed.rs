//! All inputs of the last run as they stand, for those who keep a register of them.

use super::{Ledger, LedgerError};
use crate::protocol::path;
use rusqlite::Row;
use std::path::PathBuf;

/// An input as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedInput {
    /// Where it lies.
    pub place: PathBuf,
    /// The path for people.
    pub shown: String,
    /// Its path inside the folder that was given.
    pub name: String,
    /// The record's path inside the output folder; there may be no record yet.
    pub output: Option<String>,
    /// Its place in the order of the run.
    pub position: i64,
    /// `queued`, `running`, `done`, `failed` or `skipped`.
    pub status: String,
    /// Of failed inputs: the stable code.
    pub cause: Option<String>,
    /// Of failed and skipped inputs: one line.
    pub message: Option<String>,
    /// Pages of the record.
    pub pages: Option<u32>,
    /// A text that is another one whenever the input was read anew or stands otherwise.
    pub state: String,
}

impl Ledger {
    /// Names the inputs of the last run as they stand, in its order.
    ///
    /// # Errors
    /// SQLite's, and those of `take`.
    pub fn each_listed<E: From<LedgerError>>(
        &self,
        take: &mut dyn FnMut(ListedInput) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT place, shown, name, output, position, status, cause, message, pages,
                status || ':' || coalesce(cause, '') || ':' || coalesce(sha256, '') || ':' ||
                coalesce(settings, '') || ':' || coalesce(modified, '') || ':' || coalesce(millis, '')
            FROM inputs WHERE run = (SELECT coalesce(max(id), 0) FROM runs) ORDER BY position";
        let made = |row: &Row<'_>| {
            let place: Vec<u8> = row.get(0)?;
            Ok(ListedInput {
                place: path(&place),
                shown: row.get(1)?,
                name: row.get(2)?,
                output: row.get(3)?,
                position: row.get(4)?,
                status: row.get(5)?,
                cause: row.get(6)?,
                message: row.get(7)?,
                pages: row.get(8)?,
                state: row.get(9)?,
            })
        };
        self.each(sql, [], made, take)
    }

    /// A number that is another one when another program has written into the ledger since it was last asked for.
    ///
    /// # Errors
    /// SQLite's.
    pub fn changes_seen(&self) -> Result<i64, LedgerError> {
        Ok(self.db.pragma_query_value(None, "data_version", |r| r.get(0))?)
    }
}
