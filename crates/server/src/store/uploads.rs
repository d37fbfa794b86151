//! Files that were uploaded, and how far they are.

use super::Store;
use crate::error::StoreError;
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use utoipa::ToSchema;

/// Most uploads that are told of at once.
const MOST: usize = 500;

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Upload {
    /// Its number.
    pub id: i64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its name, as it is shown.
    pub name: String,
    /// Its bytes.
    pub bytes: i64,
    /// Who uploaded it.
    pub who: String,
    /// When, UTC in ISO 8601.
    pub at: String,
    /// `waiting`, `reading`, `done` or `failed`.
    pub state: String,
    /// Documents that were read; an archive holds several.
    pub done: u32,
    /// Documents that could not be read.
    pub failed: u32,
    /// Why, of the last that could not be read.
    pub message: String,
    /// Where it is stored, inside the folder of uploads.
    #[serde(skip)]
    pub file: String,
}

/// A file that lies in the folder of uploads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its extension, one of those that are read.
    pub extension: String,
    /// The name that it was given, fit to be shown.
    pub name: String,
    /// Its bytes.
    pub bytes: u64,
    /// Who uploaded it.
    pub who: String,
}

/// How far an upload has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'m> {
    /// It is handed to the readers.
    Begun,
    /// One of its documents was read.
    Read,
    /// One of its documents could not be read.
    Failed(&'m str),
    /// All of its documents have ended.
    Ended {
        /// So many were read.
        done: u32,
        /// So many could not be read.
        failed: u32,
        /// Why, of the last of those.
        message: &'m str,
    },
    /// It waits again.
    Back,
}

const COLUMNS: &str = "id, sha256, name, bytes, who, at, state, done, failed, message, extension";

fn upload(row: &Row<'_>) -> rusqlite::Result<Upload> {
    let sha256: String = row.get(1)?;
    let extension: String = row.get(10)?;
    Ok(Upload {
        id: row.get(0)?,
        file: format!("{sha256}.{extension}"),
        sha256,
        name: row.get(2)?,
        bytes: row.get(3)?,
        who: row.get(4)?,
        at: row.get(5)?,
        state: row.get(6)?,
        done: row.get(7)?,
        failed: row.get(8)?,
        message: row.get(9)?,
    })
}

impl Store {
    /// Notes a file that was uploaded, which waits to be read from now on. Of one that was uploaded before the earlier entry
    /// is given; it waits again where it had failed.
    ///
    /// # Errors
    /// SQLite's.
    pub fn add_upload(&self, stored: &Stored) -> Result<Upload, StoreError> {
        let mut db = self.writer();
        let change = db.transaction()?;
        let by_digest = format!("SELECT {COLUMNS} FROM uploads WHERE sha256 = ?1");
        if change.prepare(&by_digest)?.exists([&stored.sha256])? {
            change.execute(
                "UPDATE uploads SET state = 'waiting', done = 0, failed = 0, message = ''
                 WHERE sha256 = ?1 AND state = 'failed'",
                [&stored.sha256],
            )?;
        } else {
            let name = free_name(&change, &stored.name)?;
            change.execute(
                "INSERT INTO uploads (sha256, extension, name, bytes, who, at, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, strftime('%Y-%m-%dT%H:%M:%SZ'), 'waiting')",
                params![
                    stored.sha256,
                    stored.extension,
                    name,
                    i64::try_from(stored.bytes).unwrap_or(i64::MAX),
                    stored.who
                ],
            )?;
        }
        let noted = change.query_row(&by_digest, [&stored.sha256], upload)?;
        change.commit()?;
        Ok(noted)
    }

    /// Uploads, the latest first; with `waiting` those that wait, the first first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn uploads(&self, waiting: bool) -> Result<Vec<Upload>, StoreError> {
        self.read(|db| {
            let which = if waiting { "WHERE state = 'waiting' ORDER BY id" } else { "ORDER BY id DESC" };
            let mut query =
                db.prepare_cached(&format!("SELECT {COLUMNS} FROM uploads {which} LIMIT {MOST}"))?;
            Ok(query.query_map([], upload)?.collect::<Result<_, _>>()?)
        })
    }

    /// Notes how far an upload has come; none where there is no such upload.
    ///
    /// # Errors
    /// SQLite's.
    pub fn upload_step(&self, id: i64, step: Step<'_>) -> Result<Option<Upload>, StoreError> {
        let db = self.writer();
        match step {
            Step::Begun => db.execute(
                "UPDATE uploads SET state = 'reading', done = 0, failed = 0, message = '' WHERE id = ?1",
                [id],
            )?,
            Step::Read => db.execute("UPDATE uploads SET done = done + 1 WHERE id = ?1", [id])?,
            Step::Failed(message) => db.execute(
                "UPDATE uploads SET failed = failed + 1, message = ?2 WHERE id = ?1",
                params![id, message],
            )?,
            Step::Ended { done, failed, message } => db.execute(
                "UPDATE uploads SET state = ?2, done = ?3, failed = ?4, message = ?5 WHERE id = ?1",
                params![id, if done > 0 { "done" } else { "failed" }, done, failed, message],
            )?,
            Step::Back => db.execute("UPDATE uploads SET state = 'waiting' WHERE id = ?1", [id])?,
        };
        let by_id = format!("SELECT {COLUMNS} FROM uploads WHERE id = ?1");
        Ok(db.query_row(&by_id, [id], upload).optional()?)
    }

    /// What was being read when the server ended waits again.
    ///
    /// # Errors
    /// SQLite's.
    pub fn uploads_left(&self) -> Result<usize, StoreError> {
        Ok(self.writer().execute("UPDATE uploads SET state = 'waiting' WHERE state = 'reading'", [])?)
    }
}

/// `name`, or `name (2)` and so on where others have it.
fn free_name(db: &rusqlite::Connection, name: &str) -> Result<String, StoreError> {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let dot = if extension.is_empty() { "" } else { "." };
    let mut taken = db.prepare("SELECT 1 FROM uploads WHERE name = ?1")?;
    let mut free = name.to_owned();
    let mut n = 2;
    while taken.exists([&free])? {
        free = format!("{stem} ({n}){dot}{extension}");
        n += 1;
    }
    Ok(free)
}
