//! The audit log: who came, what was done, and what was refused.

use super::Store;
use crate::error::StoreError;
use rusqlite::params;
use serde::Serialize;
use utoipa::ToSchema;

/// Longest detail that is kept, in characters.
const LONGEST: usize = 200;
/// Most lines that are told of at once.
const MOST: usize = 500;

/// Something to be written into the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Who; empty where nobody is known.
    pub who: String,
    /// Address of their machine; empty for commands on this one.
    pub client: String,
    /// What: `login`, `correct`, `export`, `upload`, `account`, ...
    pub what: &'static str,
    /// The document.
    pub document: Option<i64>,
    /// `done`, `refused`, `failed` or `conflict`.
    pub outcome: &'static str,
    /// More, in one line.
    pub detail: String,
}

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct Noted {
    /// Its number; later ones have greater numbers.
    pub id: i64,
    /// When, UTC in ISO 8601.
    pub at: String,
    /// Who; empty where nobody was known.
    pub who: String,
    /// Address of their machine; empty for commands on this one.
    pub client: String,
    /// What.
    pub what: String,
    /// The document.
    pub document: Option<i64>,
    /// `done`, `refused`, `failed` or `conflict`.
    pub outcome: String,
    /// More, in one line.
    pub detail: String,
}

impl Store {
    /// Writes a line of the audit log. What cannot be written there is logged and no reason to fail.
    pub fn audit(&self, entry: &Entry) {
        let one_line = |c: char| if c.is_control() { ' ' } else { c };
        let detail: String = entry.detail.chars().take(LONGEST).map(one_line).collect();
        let written = self.writer().execute(
            "INSERT INTO audit (at, who, client, what, document, outcome, detail)
             VALUES (strftime('%Y-%m-%dT%H:%M:%SZ'), ?1, ?2, ?3, ?4, ?5, ?6)",
            params![entry.who, entry.client, entry.what, entry.document, entry.outcome, detail],
        );
        if let Err(e) = written {
            tracing::error!(%e, entry.what, "audit");
        }
    }

    /// Lines of the audit log, the latest first: those before the one of the number `before`, those of one kind or all.
    ///
    /// # Errors
    /// As [`StoreError`].
    pub fn audited(&self, before: Option<i64>, what: &str, limit: usize) -> Result<Vec<Noted>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT id, at, who, client, what, document, outcome, detail FROM audit
                 WHERE id < ?1 AND (?2 = '' OR what = ?2) ORDER BY id DESC LIMIT ?3",
            )?;
            let limit = i64::try_from(limit.clamp(1, MOST)).unwrap_or(1);
            let rows = query.query_map(params![before.unwrap_or(i64::MAX), what, limit], |r| {
                Ok(Noted {
                    id: r.get(0)?,
                    at: r.get(1)?,
                    who: r.get(2)?,
                    client: r.get(3)?,
                    what: r.get(4)?,
                    document: r.get(5)?,
                    outcome: r.get(6)?,
                    detail: r.get(7)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
