//! Files that are being watched until they stand still.

use super::enlist::{Stamp, place};
use super::{Ledger, LedgerError};
use rusqlite::{OptionalExtension, params};
use std::path::Path;
use std::time::Duration;

impl Ledger {
    /// Begins to watch. What is seen of files stands in a passing table outside memory: there may be many.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn begin_watch(&mut self) -> Result<(), LedgerError> {
        Ok(self.db.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS watched
                (place BLOB PRIMARY KEY, size INTEGER, modified INTEGER, since INTEGER, taken INTEGER) WITHOUT ROWID",
        )?)
    }

    /// Looks at a file at time `now` (since whenever). True once it has stood still, in size and time of change, for
    /// `settle`; after that it is false until the file changes again.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn stands_still(
        &mut self,
        path: &Path,
        now: Duration,
        settle: Duration,
    ) -> Result<bool, LedgerError> {
        let Some(stamp) = Stamp::of(path) else { return Ok(false) };
        let (place, now) = (place(path), millis(now));
        let seen: Option<(i64, i64, i64, bool)> = self
            .db
            .prepare_cached("SELECT size, modified, since, taken FROM watched WHERE place = ?1")?
            .query_row([&place], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
            .optional()?;
        match seen {
            Some((size, modified, since, taken)) if (size, modified) == (stamp.size, stamp.modified) => {
                let still = !taken && now - since >= millis(settle);
                if still {
                    self.db
                        .prepare_cached("UPDATE watched SET taken = 1 WHERE place = ?1")?
                        .execute([&place])?;
                }
                Ok(still)
            }
            _ => {
                self.db
                    .prepare_cached("INSERT OR REPLACE INTO watched VALUES (?1, ?2, ?3, ?4, 0)")?
                    .execute(params![place, stamp.size, stamp.modified, now])?;
                Ok(false)
            }
        }
    }

    /// Has a file that stood still come again at the next look.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn not_taken(&mut self, path: &Path) -> Result<(), LedgerError> {
        // Parts of an archive come with it.
        let archive = pipeline::inside_archive(path).map(|(archive, _)| archive);
        let place = place(archive.as_deref().unwrap_or(path));
        self.db.prepare_cached("UPDATE watched SET taken = 0 WHERE place = ?1")?.execute([place])?;
        Ok(())
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
