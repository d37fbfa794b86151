//! One ledger out of several.

use super::{Ledger, LedgerError};
use crate::names;
use rusqlite::{OptionalExtension, Row, named_params, params};

/// An input as another ledger has it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its number there.
    id: i64,
    place: Vec<u8>,
    /// The path for people.
    pub shown: String,
    name: String,
    /// The record's path inside its output folder.
    pub output: Option<String>,
    /// `queued`, `running`, `done`, `failed` or `skipped`.
    pub status: String,
    cause: Option<String>,
    message: Option<String>,
    attempts: i64,
    size: Option<i64>,
    modified: Option<i64>,
    sha256: Option<String>,
    settings: Option<String>,
    allowances: Option<String>,
    pages: Option<i64>,
    millis: Option<i64>,
}

/// What two ledgers say of one input.
#[derive(Debug)]
pub(crate) enum Joined {
    /// The other's entry was taken; the record's path inside the folder of this ledger.
    Taken(Option<String>),
    /// This ledger's entry stays.
    Kept,
    /// Both have a record, this one at the path told: they must be the same.
    Both(String),
}

/// The more of an input is told, the higher.
fn rank(status: &str) -> u8 {
    match status {
        "done" => 3,
        "failed" => 2,
        "queued" | "running" => 1,
        _ => 0,
    }
}

impl Ledger {
    /// The inputs of the last run, in its order.
    ///
    /// # Errors
    /// SQLite's, and those of `take`.
    pub(crate) fn each_entry<E: From<LedgerError>>(
        &self,
        take: &mut dyn FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql =
            "SELECT i.id, place, shown, name, output, status, cause, message, attempts, size, modified, sha256,
                    s.text, a.text, pages, millis
             FROM inputs i LEFT JOIN settings s ON s.id = i.settings LEFT JOIN settings a ON a.id = i.allowances
             WHERE run = ?1 ORDER BY position";
        self.each(sql, [self.run], entry, take)
    }

    /// Takes an input of another ledger into this one, at place `position` of its order where it is new here.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn join(
        &mut self,
        from: &Ledger,
        entry: &Entry,
        position: i64,
    ) -> Result<Joined, LedgerError> {
        self.writing()?;
        let here: Option<(i64, String, Option<String>)> = self
            .db
            .prepare_cached("SELECT id, status, output FROM inputs WHERE place = ?1")?
            .query_row([&entry.place], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()?;
        if let Some((_, status, output)) = &here {
            match (output, rank(status), rank(&entry.status)) {
                (Some(output), 3, 3) => return Ok(Joined::Both(output.clone())),
                (_, here, there) if there <= here => return Ok(Joined::Kept),
                _ => {}
            }
        }
        let output = match (&here, &entry.output) {
            (Some((_, _, Some(output))), Some(_)) => Some(output.clone()),
            (_, Some(output))
                if !names::Taken::file(self, output)? && !names::Taken::folder(self, output)? =>
            {
                Some(output.clone())
            }
            (_, Some(_)) => Some(names::output(&entry.name, self)?),
            (_, None) => None,
        };
        let number = |text: &Option<String>| text.as_deref().map(|t| self.text(t)).transpose();
        let (settings, allowances) = (number(&entry.settings)?, number(&entry.allowances)?);
        // What was being read when that run was killed waits again.
        let status = if entry.status == "running" { "queued" } else { &entry.status };
        self.db
            .prepare_cached(
                "INSERT INTO inputs (place, shown, name, output, run, position, status, cause, message, attempts, size,
                    modified, sha256, settings, allowances, pages, millis)
                 VALUES (:place, :shown, :name, :output, :run, :position, :status, :cause, :message, :attempts, :size,
                    :modified, :sha256, :settings, :allowances, :pages, :millis)
                 ON CONFLICT (place) DO UPDATE SET output = :output, status = :status, cause = :cause,
                    message = :message, attempts = :attempts, size = :size, modified = :modified, sha256 = :sha256,
                    settings = :settings, allowances = :allowances, pages = :pages, millis = :millis",
            )?
            .execute(named_params! {
                ":place": entry.place, ":shown": entry.shown, ":name": entry.name, ":output": output,
                ":run": self.run, ":position": position, ":status": status, ":cause": entry.cause,
                ":message": entry.message, ":attempts": entry.attempts, ":size": entry.size,
                ":modified": entry.modified, ":sha256": entry.sha256, ":settings": settings,
                ":allowances": allowances, ":pages": entry.pages, ":millis": entry.millis,
            })?;
        let id: i64 =
            self.db.query_row("SELECT id FROM inputs WHERE place = ?1", [&entry.place], |r| r.get(0))?;
        self.db.execute("DELETE FROM attempts WHERE input = ?1", [id])?;
        for a in from.attempts(entry.id)? {
            self.db
                .prepare_cached("INSERT INTO attempts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
                .execute(params![id, a.number, a.began, a.millis, a.cause, a.message, a.log])?;
        }
        Ok(Joined::Taken(output))
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        place: row.get(1)?,
        shown: row.get(2)?,
        name: row.get(3)?,
        output: row.get(4)?,
        status: row.get(5)?,
        cause: row.get(6)?,
        message: row.get(7)?,
        attempts: row.get(8)?,
        size: row.get(9)?,
        modified: row.get(10)?,
        sha256: row.get(11)?,
        settings: row.get(12)?,
        allowances: row.get(13)?,
        pages: row.get(14)?,
        millis: row.get(15)?,
    })
}
