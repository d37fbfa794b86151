//! Records into what is looked up.

use super::Store;
use crate::error::StoreError;
use crate::facts::Facts;
use crate::fold::{fold, words};
use crate::review::{Reviewed, Verdict, review};
use crate::workshop::Workshop;
use batch::{Ledger, ListedInput};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use vanthu_model::{Record, Role, Task};

/// Records read between two writings.
const CHUNK: usize = 128;

/// What was done to bring the index up to date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Updated {
    /// Inputs that are listed.
    pub inputs: usize,
    /// Those that had changed.
    pub read: usize,
    /// Those that are no longer there.
    pub gone: usize,
}

/// A document to be put into the index.
struct Entry {
    id: i64,
    input: ListedInput,
    read: Option<Read>,
    /// Why its record cannot be read.
    unread: Option<String>,
}

/// What is looked up of a record.
struct Read {
    base: String,
    reviewed: Reviewed,
    facts: Facts,
}

/// The digest by which versions of a record's file are told apart.
pub fn base_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().take(8).map(|b| format!("{b:02x}")).collect()
}

impl Store {
    /// Brings the index up to date with the ledger: reads what is new or was made anew, forgets what is gone. `folder`
    /// is the output folder.
    ///
    /// # Errors
    /// As [`StoreError`]. What is written until then stays.
    pub fn update(
        &self,
        ledger: &Ledger,
        folder: &Path,
        workshop: &dyn Workshop,
        stop: &AtomicBool,
    ) -> Result<Updated, StoreError> {
        let mut updated = Updated::default();
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<ListedInput> = Vec::new();
        let mut take = |inputs: Vec<ListedInput>| -> Result<(), StoreError> {
            let changed = self.changed_of(inputs, &mut seen)?;
            updated.read += changed.len();
            self.take_in(changed, folder, workshop)
        };
        ledger.each_listed(&mut |input| -> Result<(), StoreError> {
            if stop.load(Ordering::SeqCst) {
                return Ok(());
            }
            updated.inputs += 1;
            waiting.push(input);
            if waiting.len() >= CHUNK { take(std::mem::take(&mut waiting)) } else { Ok(()) }
        })?;
        if stop.load(Ordering::SeqCst) {
            return Ok(updated);
        }
        take(waiting)?;
        updated.gone = self.forget(&seen)?;
        if updated.gone > 0 {
            self.changed();
        }
        Ok(updated)
    }

    /// Those of `inputs` that stand otherwise in the index, with their numbers. All numbers go to `seen`.
    fn changed_of(
        &self,
        inputs: Vec<ListedInput>,
        seen: &mut BTreeSet<i64>,
    ) -> Result<Vec<(i64, ListedInput)>, StoreError> {
        let mut db = self.writer();
        let transaction = db.transaction()?;
        let mut changed = Vec::new();
        for input in inputs {
            let place = input.place.as_os_str().as_encoded_bytes();
            let id: Option<i64> = transaction
                .prepare_cached("SELECT id FROM sources WHERE place = ?1")?
                .query_row([place], |r| r.get(0))
                .optional()?;
            let id = match id {
                Some(id) => id,
                None => {
                    transaction
                        .prepare_cached("INSERT INTO sources (place) VALUES (?1)")?
                        .execute([place])?;
                    transaction.last_insert_rowid()
                }
            };
            seen.insert(id);
            let mut query =
                transaction.prepare_cached("SELECT 1 FROM documents WHERE id = ?1 AND state = ?2")?;
            if !query.exists(params![id, input.state])? {
                changed.push((id, input));
            }
        }
        transaction.commit()?;
        Ok(changed)
    }

    /// Reads the records of inputs, on all cores, and writes what is looked up of them.
    fn take_in(
        &self,
        inputs: Vec<(i64, ListedInput)>,
        folder: &Path,
        workshop: &dyn Workshop,
    ) -> Result<(), StoreError> {
        if inputs.is_empty() {
            return Ok(());
        }
        let threads = thread::available_parallelism().map_or(1, usize::from).min(inputs.len());
        let share = inputs.len().div_ceil(threads);
        let mut inputs = inputs.into_iter();
        let parts: Vec<Vec<_>> = (0..threads).map(|_| inputs.by_ref().take(share).collect()).collect();
        let entries: Vec<Result<Vec<Entry>, StoreError>> = thread::scope(|scope| {
            let running: Vec<_> = parts
                .into_iter()
                .map(|part| {
                    scope.spawn(move || {
                        part.into_iter().map(|(id, i)| self.entry(id, i, folder, workshop)).collect()
                    })
                })
                .collect();
            let ended = running.into_iter().map(|t| t.join());
            ended
                .map(|e| e.unwrap_or_else(|_| Err(std::io::Error::other("a reading thread died").into())))
                .collect()
        });
        let mut db = self.writer();
        let transaction = db.transaction()?;
        for part in entries {
            for entry in part? {
                put(&transaction, &entry)?;
            }
        }
        transaction.commit()?;
        drop(db);
        self.changed();
        Ok(())
    }

    fn entry(
        &self,
        id: i64,
        input: ListedInput,
        folder: &Path,
        workshop: &dyn Workshop,
    ) -> Result<Entry, StoreError> {
        let output = input.output.as_ref().filter(|_| input.status == "done");
        let Some(output) = output else { return Ok(Entry { id, input, read: None, unread: None }) };
        let events = self.events(id)?;
        let read = fs::read(folder.join(output)).and_then(|bytes| {
            let record: Record = serde_json::from_slice(&bytes)?;
            Ok((base_of(&bytes), record))
        });
        Ok(match read {
            Ok((base, record)) => {
                let reviewed = review(record, &events, workshop);
                let facts = Facts::of(&reviewed);
                Entry { id, input, read: Some(Read { base, reviewed, facts }), unread: None }
            }
            Err(e) => Entry { id, input, read: None, unread: Some(e.to_string()) },
        })
    }

    /// Writes what is looked up of one document anew, after an event.
    ///
    /// # Errors
    /// SQLite's.
    pub fn refresh(&self, id: i64, base: &str, reviewed: &Reviewed) -> Result<(), StoreError> {
        let facts = Facts::of(reviewed);
        let mut db = self.writer();
        let transaction = db.transaction()?;
        fill(&transaction, id, base, reviewed, &facts)?;
        transaction.commit()?;
        drop(db);
        self.changed();
        Ok(())
    }

    /// Takes out what is not among `seen`. Events stay.
    fn forget(&self, seen: &BTreeSet<i64>) -> Result<usize, StoreError> {
        let mut db = self.writer();
        let transaction = db.transaction()?;
        let gone: Vec<i64> = {
            let mut query = transaction.prepare("SELECT id FROM documents")?;
            let ids = query.query_map([], |r| r.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            ids.into_iter().filter(|id| !seen.contains(id)).collect()
        };
        for id in &gone {
            clear(&transaction, *id)?;
            transaction.prepare_cached("DELETE FROM documents WHERE id = ?1")?.execute([id])?;
        }
        transaction.commit()?;
        Ok(gone.len())
    }
}

/// Takes out what stands beside a document's row.
fn clear(db: &Connection, id: i64) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM texts WHERE document = ?1",
        "DELETE FROM passages WHERE rowid = ?1",
        "DELETE FROM tasks WHERE document = ?1",
        "DELETE FROM days WHERE document = ?1",
        "DELETE FROM units WHERE document = ?1",
    ] {
        db.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
}

fn put(db: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let input = &entry.input;
    db.prepare_cached("DELETE FROM documents WHERE id = ?1")?.execute([entry.id])?;
    let status = if entry.unread.is_some() { "failed" } else { &input.status };
    let cause = entry.unread.as_ref().map(|_| "io").or(input.cause.as_deref());
    let message = entry.unread.as_ref().or(input.message.as_ref());
    db.prepare_cached(
        "INSERT INTO documents (id, shown, output, position, status, cause, message, state, pages)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        entry.id,
        input.shown,
        input.output,
        input.position,
        status,
        cause,
        message,
        input.state,
        input.pages.unwrap_or(0)
    ])?;
    match &entry.read {
        Some(read) if is_behind(db, entry.id, &read.reviewed)? => {
            // Someone wrote while the record was read: it is read once more.
            db.prepare_cached("UPDATE documents SET state = '' WHERE id = ?1")?.execute([entry.id])?;
            fill(db, entry.id, &read.base, &read.reviewed, &read.facts)
        }
        Some(read) => fill(db, entry.id, &read.base, &read.reviewed, &read.facts),
        None => {
            clear(db, entry.id)?;
            db.prepare_cached("INSERT INTO passages (rowid, title, body) VALUES (?1, ?2, '')")?
                .execute(params![entry.id, words(&input.shown).join(" ")])?;
            Ok(())
        }
    }
}

/// Whether there are later events than those that were looked at.
fn is_behind(db: &Connection, id: i64, reviewed: &Reviewed) -> Result<bool, StoreError> {
    let mut query = db.prepare_cached("SELECT 1 FROM events WHERE document = ?1 AND id > ?2")?;
    Ok(query.exists([id, reviewed.last])?)
}

fn fill(db: &Connection, id: i64, base: &str, reviewed: &Reviewed, facts: &Facts) -> Result<(), StoreError> {
    let record = &reviewed.record;
    let m = &record.directive.metadata;
    let due = record.directive.tasks.iter().filter_map(first_day).min();
    let people = reviewed.corrected.len() + reviewed.decisions.len();
    db.prepare_cached(
        "UPDATE documents SET base = ?2, symbol = ?3, kind = ?4, issuer = ?5, issuer_folded = ?6, date = ?7,
            subject = ?8, pages = ?9, words = ?10, changed = ?11, doubtful = ?12, digits = ?13, confidence = ?14,
            tasks = ?15, due = ?16, eyes = ?17, reviewed = ?18, corrections = ?19, lost = ?20 WHERE id = ?1",
    )?
    .execute(params![
        id,
        base,
        m.symbol,
        m.kind,
        m.issuer,
        m.issuer.as_deref().map(fold),
        m.date,
        m.subject,
        record.source.pages,
        facts.words,
        facts.changed,
        facts.doubtful,
        facts.digits,
        facts.confidence,
        count(record.directive.tasks.len()),
        due,
        facts.eyes,
        reviewed.looked_through,
        count(people),
        count(reviewed.lost.len())
    ])?;
    clear(db, id)?;
    db.prepare_cached("INSERT INTO texts (document, text) VALUES (?1, ?2)")?
        .execute(params![id, record.document.text])?;
    let title =
        [m.symbol.as_deref(), m.subject.as_deref(), m.issuer.as_deref(), Some(record.source.path.as_str())];
    let title: Vec<String> = title.into_iter().flatten().flat_map(words).collect();
    db.prepare_cached("INSERT INTO passages (rowid, title, body) VALUES (?1, ?2, ?3)")?.execute(params![
        id,
        title.join(" "),
        words(&record.document.text).join(" ")
    ])?;
    for (task, number) in record.directive.tasks.iter().zip(1_i64..) {
        put_task(db, id, number, task, reviewed)?;
    }
    Ok(())
}

fn put_task(
    db: &Connection,
    id: i64,
    number: i64,
    task: &Task,
    reviewed: &Reviewed,
) -> Result<(), StoreError> {
    let verdict =
        reviewed.decisions.get(&task.id).filter(|d| d.verdict == Verdict::Accepted).map(|_| "accepted");
    db.prepare_cached(
        "INSERT INTO tasks (document, number, id, text, page, due, deadline, verdict)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        id,
        number,
        task.id,
        task.text,
        task.evidence.pages.first(),
        first_day(task),
        export::words::deadlines(task),
        verdict
    ])?;
    let days: BTreeSet<&str> = days(task).collect();
    for day in days {
        db.prepare_cached("INSERT INTO days (document, number, day) VALUES (?1, ?2, ?3)")?
            .execute(params![id, number, day])?;
    }
    for unit in &task.units {
        let role = match unit.role {
            Role::Lead => "lead",
            Role::Coordinate => "coordinate",
            Role::Recipient => "recipient",
        };
        let name =
            reviewed.record.directive.units.iter().find(|u| u.id == unit.unit_id).map(|u| u.name.as_str());
        db.prepare_cached(
            "INSERT INTO units (document, number, unit, name, role) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id, number, unit.unit_id, name.unwrap_or(&unit.name), role])?;
    }
    Ok(())
}

/// The days on which a task is due.
fn days(task: &Task) -> impl Iterator<Item = &str> {
    task.deadlines.iter().filter_map(|d| d.date.as_deref().or(d.end.as_deref()))
}

/// The first day on which a task is due.
fn first_day(task: &Task) -> Option<&str> {
    days(task).min()
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
