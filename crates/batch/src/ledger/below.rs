//! What lies below a place: the files of a folder, the parts of an archive.

use super::enlist::{Stamp, place};
use super::{Ledger, LedgerError};
use crate::plan::{Found, Kind};
use crate::protocol::path;
use crate::shelf::Shelf;
use pipeline::Failure;
use rusqlite::{Row, params};
use std::path::Path;
use store::Address;

/// How many inputs are moved from one run to another in one go.
const PAGE: usize = 1000;

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

    /// Takes the inputs below a place that cannot be looked into as they were last found there: that nobody answers is no
    /// sign that they are gone, and those with a record would go without telling from what is made of the run. They come
    /// from place `position` in the order on. Returns the place behind them.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn keep_below(
        &mut self,
        at: &Path,
        mut position: i64,
        shelf: &Shelf,
    ) -> Result<i64, LedgerError> {
        let (_, low, high) = edges(at);
        let last = "SELECT max(run) FROM inputs WHERE place > ?1 AND place < ?2 AND run < ?3";
        let run: Option<i64> = self.db.query_row(last, params![low, high, self.run], |r| r.get(0))?;
        let mut behind = -1;
        loop {
            let page: Vec<(i64, Found)> = self
                .db
                .prepare_cached(
                    "SELECT position, place, name, status, cause, message, size, modified FROM inputs
                     WHERE run = ?1 AND position > ?2 AND place > ?3 AND place < ?4 ORDER BY position LIMIT ?5",
                )?
                .query_map(params![run, behind, low, high, PAGE as i64], |r| Ok((r.get(0)?, earlier(r)?)))?
                .collect::<Result<_, _>>()?;
            for (before, found) in &page {
                self.enlist(found, position, shelf, false)?;
                position += 1;
                behind = *before;
            }
            if page.len() < PAGE {
                return Ok(position);
            }
        }
    }
}

/// An input as an earlier run found it.
fn earlier(row: &Row<'_>) -> rusqlite::Result<Found> {
    let place: Vec<u8> = row.get(1)?;
    let path = path(&place);
    let (size, modified): (Option<i64>, Option<i64>) = (row.get(6)?, row.get(7)?);
    let stamp = size.zip(modified).map(|(size, modified)| Stamp { size, modified });
    let message = row.get::<_, Option<String>>(5)?.unwrap_or_default();
    let cause = row.get::<_, Option<String>>(4)?.and_then(|code| serde_json::from_value(code.into()).ok());
    let kind = match (row.get::<_, String>(3)?.as_str(), cause) {
        ("skipped", _) => Kind::Skip(message),
        // It was not read even then.
        ("failed", Some(cause)) if stamp.is_none() => Kind::Fail(Failure::from_line(cause, &message)),
        _ => Kind::Read,
    };
    let here = if Address::is(&path) { None } else { Stamp::of(&path) };
    Ok(Found { path, name: row.get(2)?, kind, stamp: here.or(stamp) })
}

/// A place, and between what all places below it sort: "0" follows "/".
fn edges(at: &Path) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let first = place(at);
    let [mut low, mut high] = [first.clone(), first.clone()];
    low.push(b'/');
    high.push(b'0');
    (first, low, high)
}
