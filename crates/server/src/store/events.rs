//! What people did.

use super::Store;
use crate::error::StoreError;
use crate::review::{Action, Event};
use rusqlite::{Connection, params};

/// The events of a document, oldest first.
pub(crate) fn of_document(db: &Connection, document: i64) -> Result<Vec<Event>, StoreError> {
    let mut query =
        db.prepare_cached("SELECT id, at, who, action FROM events WHERE document = ?1 ORDER BY id")?;
    let mut rows = query.query([document])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let action: String = row.get(3)?;
        let action = serde_json::from_str(&action)?;
        events.push(Event { id: row.get(0)?, at: row.get(1)?, who: row.get(2)?, action });
    }
    Ok(events)
}

/// What came of an event that was to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// It was.
    Done,
    /// Others came first: what they did since.
    Behind(Vec<Event>),
}

impl Store {
    /// The events of a document, oldest first.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn events(&self, document: i64) -> Result<Vec<Event>, StoreError> {
        self.read(|db| of_document(db, document))
    }

    /// Writes an event of a document whose last one was `last` when it was looked at. Nothing is written when there
    /// are later ones.
    ///
    /// # Errors
    /// SQLite's.
    pub fn write(&self, document: i64, last: i64, who: &str, action: &Action) -> Result<Written, StoreError> {
        let mut db = self.writer();
        let transaction = db.transaction()?;
        let since: Vec<Event> =
            of_document(&transaction, document)?.into_iter().filter(|e| e.id > last).collect();
        if !since.is_empty() {
            return Ok(Written::Behind(since));
        }
        transaction.execute(
            "INSERT INTO events (document, at, who, action) VALUES (?1, strftime('%Y-%m-%dT%H:%M:%SZ'), ?2, ?3)",
            params![document, who, serde_json::to_string(action)?],
        )?;
        transaction.commit()?;
        drop(db);
        self.changed();
        Ok(Written::Done)
    }
}

impl Store {
    /// Hands the corrected texts of all documents to `take`, one at a time, in no order.
    ///
    /// # Errors
    /// SQLite's.
    pub fn each_text(&self, take: &mut dyn FnMut(&str)) -> Result<(), StoreError> {
        self.read(|db| {
            let mut query = db.prepare("SELECT text FROM texts")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                take(row.get_ref(0)?.as_str().unwrap_or_default());
            }
            Ok(())
        })
    }

    /// The numbers of all files that were ever seen, by their places.
    ///
    /// # Errors
    /// SQLite's.
    pub fn numbers(&self) -> Result<std::collections::BTreeMap<Vec<u8>, i64>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT place, id FROM sources")?;
            let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
