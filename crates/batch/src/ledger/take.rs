//! Inputs out of the ledger, and back with what became of them.

use super::{Change, Ledger, LedgerError};
use crate::protocol::path;
use rusqlite::{OptionalExtension, Row, params};
use std::path::PathBuf;

/// An input whose turn it is.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its number in the ledger.
    pub id: i64,
    /// Where it lies.
    pub path: PathBuf,
    /// The path for people.
    pub shown: String,
    /// Its name inside the folder that was given; `source.path` of the record.
    pub name: String,
    /// The record's path inside the output folder.
    pub output: String,
    /// How often it was tried before.
    pub attempts: u32,
}

/// An input that has ended, in the order of the run.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Its place in the order.
    pub position: i64,
    /// The record's path inside the output folder, if it has one.
    pub output: Option<String>,
}

/// An attempt that ended without a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// 1 for the first.
    pub number: u32,
    /// When it began, UTC, ISO 8601.
    pub began: String,
    /// How long it took, in milliseconds.
    pub millis: i64,
    /// The stable code of its cause.
    pub cause: String,
    /// One line.
    pub message: String,
    /// The last of what the reading process said.
    pub log: String,
}

impl Ledger {
    /// The input whose turn it is: first those that were not tried yet, in the order of the run. It counts as tried
    /// from now on.
    ///
    /// # Errors
    /// SQLite's.
    pub fn take(&mut self) -> Result<Option<Job>, LedgerError> {
        let job = self
            .db
            .prepare_cached(
                "SELECT id, place, shown, name, output, attempts FROM inputs
                 WHERE run = ?1 AND status = 'queued' AND output IS NOT NULL AND position >= ?2
                 ORDER BY attempts, position LIMIT 1",
            )?
            .query_row([self.run, self.from], job)
            .optional()?;
        if let Some(job) = &job {
            self.change(Change::Taken { id: job.id })?;
        }
        Ok(job)
    }

    /// Number of inputs of the run that wait.
    ///
    /// # Errors
    /// SQLite's.
    pub fn waiting(&self) -> Result<usize, LedgerError> {
        let mut query = self.db.prepare_cached(
            "SELECT count(*) FROM inputs WHERE run = ?1 AND status = 'queued' AND position >= ?2",
        )?;
        Ok(query.query_row([self.run, self.from], |r| r.get::<_, i64>(0))?.try_into().unwrap_or(0))
    }

    /// The output of a record that was made under the same settings from the same bytes in a file of the same extension.
    ///
    /// # Errors
    /// SQLite's.
    pub fn twin(&self, job: &Job, sha256: &str) -> Result<Option<String>, LedgerError> {
        let extension = extension(&job.name);
        let mut query = self.db.prepare_cached(
            "SELECT output, name FROM inputs
             WHERE sha256 = ?1 AND status = 'done' AND settings = ?2 AND output IS NOT NULL",
        )?;
        let mut rows = query.query(params![sha256, self.settings])?;
        while let Some(row) = rows.next()? {
            if extension == self::extension(&row.get::<_, String>(1)?) {
                return Ok(Some(row.get(0)?));
            }
        }
        Ok(None)
    }

    /// Whether the record that an input has was made under the same settings from the same bytes.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn is_unchanged(&self, job: &Job, sha256: &str) -> Result<bool, LedgerError> {
        let mut query = self.db.prepare_cached(
            "SELECT 1 FROM inputs WHERE id = ?1 AND sha256 = ?2 AND settings = ?3 AND pages IS NOT NULL",
        )?;
        Ok(query.exists(params![job.id, sha256, self.settings])?)
    }

    /// Pages of the record of input `id`.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn pages(&self, id: i64) -> Result<u32, LedgerError> {
        let mut query = self.db.prepare_cached("SELECT coalesce(pages, 0) FROM inputs WHERE id = ?1")?;
        Ok(query.query_row([id], |r| r.get(0))?)
    }

    /// The inputs of the run from place `from` on that have ended, up to the first that has not, at most `most`.
    ///
    /// # Errors
    /// SQLite's.
    pub fn ended(&self, from: i64, most: usize) -> Result<Vec<Ended>, LedgerError> {
        let mut query = self.db.prepare_cached(
            "SELECT position, status, output FROM inputs WHERE run = ?1 AND position >= ?2 ORDER BY position LIMIT ?3",
        )?;
        let mut rows = query.query(params![self.run, from, i64::try_from(most).unwrap_or(i64::MAX)])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let status: String = row.get(1)?;
            if status == "queued" || status == "running" {
                break;
            }
            let output = if status == "done" { row.get(2)? } else { None };
            all.push(Ended { position: row.get(0)?, output });
        }
        Ok(all)
    }

    /// The outputs of the done inputs of the run from place `from` on, whatever has become of those between.
    ///
    /// # Errors
    /// SQLite's, and those of `take`.
    pub(crate) fn done_from<E: From<LedgerError>>(
        &self,
        from: i64,
        take: &mut dyn FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT output FROM inputs WHERE run = ?1 AND position >= ?2 AND status = 'done' ORDER BY position";
        self.each(sql, params![self.run, from], |row| row.get(0), take)
    }

    /// The attempts of an input that ended without a record.
    ///
    /// # Errors
    /// SQLite's.
    pub fn attempts(&self, id: i64) -> Result<Vec<Attempt>, LedgerError> {
        let mut query = self.db.prepare_cached(
            "SELECT number, began, millis, cause, message, log FROM attempts WHERE input = ?1 ORDER BY rowid",
        )?;
        let rows = query.query_map([id], |r| {
            Ok(Attempt {
                number: r.get(0)?,
                began: r.get(1)?,
                millis: r.get(2)?,
                cause: r.get(3)?,
                message: r.get(4)?,
                log: r.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let bytes: Vec<u8> = row.get(1)?;
    Ok(Job {
        id: row.get(0)?,
        path: path(&bytes),
        shown: row.get(2)?,
        name: row.get(3)?,
        output: row.get(4)?,
        attempts: row.get(5)?,
    })
}

fn extension(name: &str) -> Option<String> {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.rsplit_once('.').map(|(_, e)| e.to_lowercase())
}
