//! What lies below a place: the files of a folder, the parts of an archive.

use super::enlist::place;
use super::{Ledger, LedgerError};
use crate::plan::{Found, Kind};
use crate::protocol::path;
use rusqlite::params;
use std::path::Path;

/// How what lies at a place or below it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Below {
    /// With a record.
    pub done: u32,
    /// Without one, for a cause, or left out.
    pub failed: u32,
    /// Not ended yet.
    pub open: u32,
    /// Why the last of those without a record has none.
    pub message: String,
}

impl Ledger {
    /// How the file at `at` stands, or the parts of the archive there.
    ///
    /// # Errors
    /// SQLite's.
    pub fn below(&self, at: &Path) -> Result<Below, LedgerError> {
        let (first, low, high) = edges(at);
        let mut query = self.db.prepare_cached(
            "SELECT status, message FROM inputs
             WHERE place = ?1 OR (place > ?2 AND place < ?3) ORDER BY position",
        )?;
        let mut rows = query.query(params![first, low, high])?;
        let mut below = Below::default();
        while let Some(row) = rows.next()? {
            match row.get::<_, String>(0)?.as_str() {
                "done" => below.done += 1,
                "failed" | "skipped" => {
                    below.failed += 1;
                    below.message = row.get::<_, Option<String>>(1)?.unwrap_or_default();
                }
                _ => below.open += 1,
            }
        }
        Ok(below)
    }

    /// The inputs below a folder that were ever to be read, under the names that they had, in the order in which they came.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn below_folder(&self, folder: &Path) -> Result<Vec<Found>, LedgerError> {
        let (_, low, high) = edges(folder);
        let mut query = self.db.prepare_cached(
            "SELECT place, name FROM inputs WHERE place > ?1 AND place < ?2 AND output IS NOT NULL ORDER BY id",
        )?;
        let rows = query.query_map(params![low, high], |r| {
            let place: Vec<u8> = r.get(0)?;
            Ok(Found { path: path(&place), name: r.get(1)?, kind: Kind::Read, stamp: None })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A place, and between what all places below it sort: "0" follows "/".
fn edges(at: &Path) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let first = place(at);
    let [mut low, mut high] = [first.clone(), first.clone()];
    low.push(b'/');
    high.push(b'0');
    (first, low, high)
}
