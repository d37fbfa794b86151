//! Tasks of all documents: by day and by unit.

use super::Store;
use crate::error::StoreError;
use rusqlite::{Row, params};
use serde::Serialize;
use utoipa::ToSchema;

/// Most tasks that are told of at once.
const MOST: usize = 2000;

/// A task in the calendar or on a unit's page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DueTask {
    /// Number of the document.
    pub document: i64,
    /// Its symbol, or its path.
    pub title: String,
    /// The task's id.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Page on which it begins, from 1.
    pub page: Option<u32>,
    /// A day on which it is due, ISO: in the calendar the one asked for, else the first.
    pub due: Option<String>,
    /// The deadline in words.
    pub deadline: String,
    /// Names of the units that must do it.
    pub lead: Option<String>,
    /// `accepted`, or nothing yet.
    pub verdict: Option<String>,
}

/// A unit's part in a task.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct UnitTask {
    /// lead, coordinate or recipient.
    pub role: String,
    /// The task.
    #[serde(flatten)]
    pub task: DueTask,
}

/// A unit with the number of its tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitCount {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Tasks that it leads.
    pub lead: u32,
    /// Tasks in which it has any part.
    pub tasks: u32,
}

const COLUMNS: &str = "t.document, coalesce(d.symbol, d.shown), t.id, t.text, t.page, t.due, t.deadline,
    (SELECT group_concat(name, '; ') FROM units u WHERE u.document = t.document AND u.number = t.number
        AND u.role = 'lead'), t.verdict";

fn task(row: &Row<'_>) -> rusqlite::Result<DueTask> {
    Ok(DueTask {
        document: row.get(0)?,
        title: row.get(1)?,
        id: row.get(2)?,
        text: row.get(3)?,
        page: row.get(4)?,
        due: row.get(5)?,
        deadline: row.get(6)?,
        lead: row.get(7)?,
        verdict: row.get(8)?,
    })
}

impl Store {
    /// The tasks that are due from the day `from` to the day `to`, ISO, by day.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn due(&self, from: &str, to: &str) -> Result<Vec<DueTask>, StoreError> {
        self.read(|db| {
            let columns = COLUMNS.replace("t.due", "y.day");
            let sql = format!(
                "SELECT {columns} FROM days y JOIN tasks t ON t.document = y.document AND t.number = y.number
                 JOIN documents d ON d.id = y.document
                 WHERE y.day BETWEEN ?1 AND ?2 ORDER BY y.day, y.document, y.number LIMIT {MOST}"
            );
            let mut query = db.prepare_cached(&sql)?;
            let rows = query.query_map([from, to], task)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The months that have something due, with how much: "2025-04".
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn due_months(&self) -> Result<Vec<(String, u32)>, StoreError> {
        self.read(|db| {
            let sql = "SELECT substr(day, 1, 7), count(*) FROM days GROUP BY 1 ORDER BY 1";
            let mut query = db.prepare_cached(sql)?;
            let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// What a unit has to do, what is due first standing first.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn unit_tasks(&self, unit: &str) -> Result<Vec<UnitTask>, StoreError> {
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS}, me.role FROM units me
                 JOIN tasks t ON t.document = me.document AND t.number = me.number
                 JOIN documents d ON d.id = t.document
                 WHERE me.unit = ?1 ORDER BY ifnull(t.due, '9999'), t.document, t.number LIMIT {MOST}"
            );
            let mut query = db.prepare_cached(&sql)?;
            let rows = query.query_map([unit], |r| Ok(UnitTask { task: task(r)?, role: r.get(9)? }))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Units whose id begins with `id` or holds it behind a hyphen, those with most tasks first.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn units(&self, id: &str, limit: usize) -> Result<Vec<UnitCount>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT unit, max(name), sum(role = 'lead'), count(*) FROM units
                 WHERE ?1 = '' OR instr('-' || unit, '-' || ?1) > 0
                 GROUP BY unit ORDER BY 4 DESC, unit LIMIT ?2",
            )?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = query.query_map(params![id, limit], |r| {
                Ok(UnitCount { id: r.get(0)?, name: r.get(1)?, lead: r.get(2)?, tasks: r.get(3)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
