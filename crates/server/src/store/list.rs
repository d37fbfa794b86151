//! The list of documents.

use super::Store;
use super::hits::{FUNCTION, Hits};
use crate::error::StoreError;
use crate::fold::{fold, words};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// What stands first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// What needs eyes most.
    #[default]
    Eyes,
    /// The latest date of issue.
    Date,
    /// What is due first.
    Due,
    /// As in the batch.
    Batch,
}

impl Order {
    /// All of them.
    pub const ALL: [Order; 4] = [Order::Eyes, Order::Date, Order::Due, Order::Batch];

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Order::Eyes => "eyes",
            Order::Date => "date",
            Order::Due => "due",
            Order::Batch => "batch",
        }
    }

    /// What is compared, and whether the greatest comes first.
    fn by(self) -> (&'static str, bool) {
        match self {
            Order::Eyes => ("eyes", true),
            Order::Date => ("ifnull(date, '')", true),
            Order::Due => ("ifnull(due, '9999')", false),
            Order::Batch => ("position", false),
        }
    }
}

/// What documents are asked for; what is absent does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// Words that stand in it; marks do not matter, what is in quotation marks stands together.
    pub text: Option<String>,
    /// How the batch left it.
    pub status: Option<String>,
    /// Why it failed.
    pub cause: Option<String>,
    /// Its type, by the abbreviation.
    pub kind: Option<String>,
    /// A part of the issuer's name, marks do not matter.
    pub issuer: Option<String>,
    /// First date of issue, ISO.
    pub from: Option<String>,
    /// Last date of issue, ISO.
    pub to: Option<String>,
    /// Id of a unit that has a part in a task.
    pub unit: Option<String>,
    /// Something is due before this day, ISO.
    pub due_before: Option<String>,
    /// Mean confidence of its words below this.
    pub confidence_below: Option<f64>,
    /// Has words in doubt.
    pub doubtful: bool,
    /// Has words of which a digit was changed.
    pub digits: bool,
    /// Whether it was looked through.
    pub reviewed: Option<bool>,
    /// Has corrections.
    pub corrected: bool,
    /// Has corrections that do not fit any more.
    pub lost: bool,
    /// What stands first.
    pub order: Order,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Most documents to tell of.
    pub limit: usize,
}

/// A document in the list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Document)]
pub struct Listed {
    /// Its number in addresses.
    pub id: i64,
    /// Path of the file, for people.
    pub path: String,
    /// How the batch left it: queued, running, done, failed or skipped.
    pub status: String,
    /// Why it failed: the stable code.
    pub cause: Option<String>,
    /// Why it failed or was left out, in one line.
    pub message: Option<String>,
    /// Number and symbol.
    pub symbol: Option<String>,
    /// Type, by its abbreviation.
    pub kind: Option<String>,
    /// Issuing body.
    pub issuer: Option<String>,
    /// Date of issue, ISO.
    pub date: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// Pages.
    pub pages: u32,
    /// Words.
    pub words: u32,
    /// Words that were repaired and are not in doubt.
    pub changed: u32,
    /// Words in doubt.
    pub doubtful: u32,
    /// Words of which a digit was changed.
    pub digits: u32,
    /// Mean confidence of its words, 0 to 1.
    pub confidence: f64,
    /// Tasks.
    pub tasks: u32,
    /// The first day on which something is due, ISO.
    pub due: Option<String>,
    /// How much it needs to be looked at; 0 when it was looked through.
    pub eyes: u32,
    /// Who looked it through.
    pub reviewed: Option<String>,
    /// Corrections that hold.
    pub corrections: u32,
    /// Corrections that do not fit any more.
    pub lost: u32,
}

const COLUMNS: &str =
    "id, shown, status, cause, message, symbol, kind, issuer, date, subject, pages, words, changed,
    doubtful, digits, confidence, tasks, due, eyes, reviewed, corrections, lost";

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        id: row.get(0)?,
        path: row.get(1)?,
        status: row.get(2)?,
        cause: row.get(3)?,
        message: row.get(4)?,
        symbol: row.get(5)?,
        kind: row.get(6)?,
        issuer: row.get(7)?,
        date: row.get(8)?,
        subject: row.get(9)?,
        pages: row.get(10)?,
        words: row.get(11)?,
        changed: row.get(12)?,
        doubtful: row.get(13)?,
        digits: row.get(14)?,
        confidence: row.get(15)?,
        tasks: row.get(16)?,
        due: row.get(17)?,
        eyes: row.get(18)?,
        reviewed: row.get(19)?,
        corrections: row.get(20)?,
        lost: row.get(21)?,
    })
}

/// Where a document lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The file: an absolute path, as the bytes of the file system.
    pub place: Vec<u8>,
    /// The record's path in the output folder.
    pub output: Option<String>,
}

/// A page of the list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The documents.
    pub documents: Vec<Listed>,
    /// The text around the first word that was searched for: before, the word, behind. One a document, where there
    /// was a search.
    pub snippets: Vec<Option<[String; 3]>>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Numbers about all documents.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Counts {
    /// Documents by how the batch left them.
    pub status: BTreeMap<String, u32>,
    /// Failed documents by cause.
    pub causes: BTreeMap<String, u32>,
    /// Documents by type.
    pub kinds: BTreeMap<String, u32>,
    /// Documents with words in doubt that were not looked through.
    pub doubtful: u32,
    /// Documents with changed digits that were not looked through.
    pub digits: u32,
    /// Documents that were looked through.
    pub reviewed: u32,
    /// Documents with corrections.
    pub corrected: u32,
    /// Documents with corrections that do not fit any more.
    pub lost: u32,
}

impl Store {
    /// A page of the documents that `query` asks for.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn find(&self, query: &Query) -> Result<Found, StoreError> {
        let asked = query.text.as_deref().filter(|t| !t.trim().is_empty()).map(asked);
        let hits = match asked {
            Some(Some(phrases)) => Some(self.hits(&phrases)?),
            // Signs alone stand in no index.
            Some(None) => return Ok(Found::default()),
            None => None,
        };
        self.read_hits(hits.as_ref(), |db| find(db, query, hits.as_deref()))
    }

    /// All documents that hold what is asked for.
    fn hits(&self, phrases: &str) -> Result<Arc<Hits>, StoreError> {
        let generation = self.generation();
        if let Some(hits) = self.searches.get(phrases, generation) {
            return Ok(hits);
        }
        let ids = self.read(|db| {
            let mut query = db.prepare_cached("SELECT rowid FROM passages WHERE passages MATCH ?1")?;
            let ids = query.query_map([phrases], |r| r.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            Ok(ids)
        })?;
        let hits = Arc::new(Hits::new(&ids));
        self.searches.put(phrases, generation, Arc::clone(&hits));
        Ok(hits)
    }

    /// One document.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn document(&self, id: i64) -> Result<Option<Listed>, StoreError> {
        self.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM documents WHERE id = ?1");
            Ok(db.prepare_cached(&sql)?.query_row([id], listed).optional()?)
        })
    }

    /// Where the file of a document that has a record lies, and the record.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn places(&self, id: i64) -> Result<Option<Places>, StoreError> {
        self.read(|db| {
            let sql = "SELECT place, output FROM sources JOIN documents USING (id)
                       WHERE id = ?1 AND status = 'done'";
            Ok(db
                .prepare_cached(sql)?
                .query_row([id], |r| Ok(Places { place: r.get(0)?, output: r.get(1)? }))
                .optional()?)
        })
    }

    /// Numbers about all documents.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn counts(&self) -> Result<Counts, StoreError> {
        self.read(|db| {
            let tally = |sql: &str| -> Result<BTreeMap<String, u32>, StoreError> {
                let mut query = db.prepare_cached(sql)?;
                let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
                Ok(rows.collect::<Result<_, _>>()?)
            };
            let count = |condition: &str| -> Result<u32, StoreError> {
                let sql = format!("SELECT count(*) FROM documents WHERE {condition}");
                Ok(db.prepare_cached(&sql)?.query_row([], |r| r.get(0))?)
            };
            Ok(Counts {
                status: tally("SELECT status, count(*) FROM documents GROUP BY status")?,
                causes: tally(
                    "SELECT ifnull(cause, ''), count(*) FROM documents WHERE status = 'failed' GROUP BY 1",
                )?,
                kinds: tally("SELECT kind, count(*) FROM documents WHERE kind IS NOT NULL GROUP BY kind")?,
                doubtful: count("doubtful > 0 AND reviewed IS NULL")?,
                digits: count("digits > 0 AND reviewed IS NULL")?,
                reviewed: count("reviewed IS NOT NULL")?,
                corrected: count("corrections > 0")?,
                lost: count("lost > 0")?,
            })
        })
    }
}

/// What the full-text index is asked for: all words of `text`; those that were written together, or in quotation marks,
/// stand together. None where there are no words.
fn asked(text: &str) -> Option<String> {
    let mut phrases = Vec::new();
    for (i, part) in text.split('"').enumerate() {
        let pieces: Vec<&str> = if i % 2 == 1 { vec![part] } else { part.split_whitespace().collect() };
        phrases.extend(pieces.into_iter().map(words).filter(|w| !w.is_empty()));
    }
    let quoted: Vec<String> = phrases.iter().map(|w| format!("\"{}\"", w.join(" "))).collect();
    (!quoted.is_empty()).then(|| quoted.join(" AND "))
}

fn find(db: &Connection, query: &Query, hits: Option<&Hits>) -> Result<Found, StoreError> {
    let mut conditions: Vec<String> = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    let mut put = |condition: &str, value: Value| {
        values.push(value);
        conditions.push(condition.replace('?', &format!("?{}", values.len())));
    };
    let text = |t: &str| Value::Text(t.to_owned());
    if let Some(few) = hits.and_then(Hits::few) {
        put("id IN (SELECT value FROM json_each(?))", text(few));
    }
    for (condition, value) in [
        ("status = ?", &query.status),
        ("cause = ?", &query.cause),
        ("kind = ?", &query.kind),
        ("date >= ?", &query.from),
        // A month counts to its end: "2025-04" is before "2025-04-30" and behind "2025-03-31".
        ("date <= ?", &query.to),
        ("id IN (SELECT document FROM units WHERE unit = ?)", &query.unit),
        ("id IN (SELECT document FROM tasks WHERE due < ?)", &query.due_before),
    ] {
        if let Some(value) = value.as_deref().filter(|v| !v.is_empty()) {
            put(condition, text(value));
        }
    }
    if let Some(issuer) = query.issuer.as_deref().filter(|i| !i.trim().is_empty()) {
        put("instr(issuer_folded, ?) > 0", Value::Text(fold(issuer.trim())));
    }
    if let Some(below) = query.confidence_below {
        put("confidence < ? AND status = 'done'", Value::Real(below));
    }
    let (by, falling) = query.order.by();
    if let Some((key, id)) = query.cursor.as_deref().and_then(|c| c.rsplit_once('~')) {
        let key = match query.order {
            Order::Eyes | Order::Batch => Value::Integer(key.parse().unwrap_or(0)),
            Order::Date | Order::Due => text(key),
        };
        let than = if falling { '<' } else { '>' };
        put(&format!("{by} {than}= ?"), key.clone());
        let at = values_len_after(&mut values, key, id);
        conditions.push(format!("({by} {than} ?{} OR id > ?{})", at - 1, at));
    }
    if hits.is_some_and(|h| h.few().is_none()) {
        conditions.push(format!("{FUNCTION}(id)"));
    }
    for (wanted, condition) in [
        (query.doubtful, "doubtful > 0"),
        (query.digits, "digits > 0"),
        (query.corrected, "corrections > 0"),
        (query.lost, "lost > 0"),
        (query.reviewed == Some(true), "reviewed IS NOT NULL"),
        (query.reviewed == Some(false), "reviewed IS NULL"),
    ] {
        if wanted {
            conditions.push(condition.to_owned());
        }
    }
    let condition = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
    let direction = if falling { " DESC" } else { "" };
    let limit = query.limit.clamp(1, 500);
    let sql = format!(
        "SELECT {COLUMNS}, {by} FROM documents WHERE {condition} ORDER BY {by}{direction}, id LIMIT {}",
        limit + 1
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Found::default();
    let mut last = String::new();
    while let Some(row) = rows.next()? {
        if found.documents.len() == limit {
            found.next = Some(std::mem::take(&mut last));
            break;
        }
        let document = listed(row)?;
        let key = match row.get::<_, Value>(22)? {
            Value::Integer(n) => n.to_string(),
            Value::Text(t) => t,
            _ => String::new(),
        };
        last = format!("{key}~{}", document.id);
        found.documents.push(document);
    }
    if let (Some(_), Some(asked)) = (hits, &query.text) {
        let wanted = words(asked);
        let mut texts = db.prepare_cached("SELECT text FROM texts WHERE document = ?1")?;
        for document in &found.documents {
            let text: Option<String> = texts.query_row([document.id], |r| r.get(0)).optional()?;
            found.snippets.push(text.and_then(|t| snippet(&t, &wanted)));
        }
    }
    Ok(found)
}

/// Adds the two values of a cursor; returns the number of the last.
fn values_len_after(values: &mut Vec<Value>, key: Value, id: &str) -> usize {
    values.push(key);
    values.push(Value::Integer(id.parse().unwrap_or(0)));
    values.len()
}

/// The text around the first place where the words stand one behind the other, or else around the first of them.
fn snippet(text: &str, wanted: &[String]) -> Option<[String; 3]> {
    /// Bytes to be shown on each side.
    const AROUND: usize = 90;
    let first = wanted.first()?;
    let mut place: Option<(usize, usize)> = None;
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut begin = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), begin) {
            (true, None) => begin = Some(at),
            (false, Some(from)) => {
                spans.push((from, at));
                begin = None;
            }
            _ => {}
        }
    }
    let is = |i: usize, word: &str| {
        spans.get(i).and_then(|&(a, b)| text.get(a..b)).is_some_and(|w| {
            // Most words differ in their first letter, which is folded alone.
            w.chars().next().map(|c| fold(c.encode_utf8(&mut [0; 4]))).is_some_and(|f| word.starts_with(&f))
                && fold(w) == word
        })
    };
    for i in 0..spans.len() {
        if !is(i, first) {
            continue;
        }
        let together = wanted.iter().enumerate().take_while(|(k, w)| is(i + k, w)).count();
        let end = spans.get(i + together.max(1) - 1).map_or(0, |s| s.1);
        let begin = spans.get(i).map_or(0, |s| s.0);
        if together == wanted.len() {
            place = Some((begin, end));
            break;
        }
        place = place.or(Some((begin, spans.get(i).map_or(0, |s| s.1))));
    }
    let (begin, end) = place?;
    let mut from = begin.saturating_sub(AROUND);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = (end + AROUND).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let line = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
    let before = text.get(from..begin)?;
    let behind = text.get(end..to)?;
    // Words that are cut are left out.
    let before =
        if from > 0 { before.split_once(char::is_whitespace).map_or("", |(_, b)| b) } else { before };
    let behind =
        if to < text.len() { behind.rsplit_once(char::is_whitespace).map_or("", |(b, _)| b) } else { behind };
    let pad = |s: String, raw: &str, left: bool| {
        let blank =
            if left { raw.ends_with(char::is_whitespace) } else { raw.starts_with(char::is_whitespace) };
        match (blank && !s.is_empty(), left) {
            (true, true) => s + " ",
            (true, false) => format!(" {s}"),
            _ => s,
        }
    };
    Some([pad(line(before), before, true), line(text.get(begin..end)?), pad(line(behind), behind, false)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_and_quotations_are_searched_as_phrases() {
        assert_eq!(asked("cải cách 15/QĐ-ABC").as_deref(), Some("\"cai\" AND \"cach\" AND \"15 qd abc\""));
        assert_eq!(asked("\"cải cách\" x").as_deref(), Some("\"cai cach\" AND \"x\""));
        assert_eq!(asked("OR \" NEAR(").as_deref(), Some("\"or\" AND \"near\""));
        assert_eq!(asked("--"), None);
    }

    #[test]
    fn snippets_show_the_words_in_their_own_spelling() {
        let text = "Đầu tiên là cách làm.\nVề việc cải cách hành chính tại xã.";
        let wanted = ["cach", "hanh", "chinh"].map(str::to_owned);
        let [before, hit, behind] = snippet(text, &wanted).unwrap();
        assert_eq!(hit, "cách hành chính");
        assert!(before.ends_with("Về việc cải "));
        assert_eq!(behind, " tại xã.");
        assert_eq!(snippet(text, &["khong".to_owned()]), None);
    }
}
