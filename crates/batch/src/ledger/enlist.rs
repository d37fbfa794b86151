//! Inputs into the ledger.

use super::{Ledger, LedgerError};
use crate::files;
use crate::names::{self, Taken};
use crate::plan::{Found, Kind};
use crate::shelf::Shelf;
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use store::{Address, Object};
use vanthu_model::Cause;

/// What the file system or a store tells of an input without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Bytes.
    pub size: i64,
    /// When it changed, in nanoseconds since 1970; of an object in a store, digits of a digest of its ETag.
    pub modified: i64,
}

impl Stamp {
    /// That of the file at `path`, or of the archive that it lies in; none where it cannot be told.
    pub fn of(path: &Path) -> Option<Self> {
        let meta = match fs::metadata(path) {
            Ok(meta) => meta,
            Err(_) => fs::metadata(pipeline::inside_archive(path)?.0).ok()?,
        };
        let modified = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self {
            size: i64::try_from(meta.len()).ok()?,
            modified: i64::try_from(modified.as_nanos()).ok()?,
        })
    }

    /// That of an object in a store.
    pub fn of_object(object: &Object) -> Self {
        let mark = Sha256::digest(object.mark.as_bytes());
        // 63 bits, which an integer of SQLite holds.
        let digits = mark.iter().take(8).fold(0_u64, |digits, byte| digits << 8 | u64::from(*byte)) >> 1;
        Self {
            size: i64::try_from(object.size).unwrap_or(i64::MAX),
            modified: i64::try_from(digits).unwrap_or(i64::MAX),
        }
    }

    /// Which of `parts` parts, from 1, an object of this stamp belongs to.
    pub fn part_of(self, parts: u32) -> u32 {
        u32::try_from(self.modified.unsigned_abs() % u64::from(parts.max(1))).unwrap_or(0) + 1
    }
}

/// What became of an input that was to be taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Enlisted {
    /// It was found before in this run.
    Before,
    /// It was found before in this run, has changed since, and cannot be taken in anew yet: its turn has not ended.
    Busy,
    /// It has its record from an earlier run.
    Kept,
    /// It waits to be read.
    Waits,
    /// It waits to be read anew: it has changed since it was read in this run.
    Anew,
    /// It ended at once: it cannot be read, is left out, or failed in an earlier run and stays as it is.
    Ended,
}

/// What the ledger knows of an input from earlier runs.
struct Known {
    id: i64,
    run: i64,
    status: String,
    cause: Option<String>,
    output: Option<String>,
    stamp: Option<Stamp>,
    settings: Option<i64>,
    allowances: Option<i64>,
}

impl Ledger {
    /// Takes an input into the run, at the next place in its order. One that has its record from an earlier run, made
    /// under the same settings from a file that has not changed since, is done; one that failed stays failed unless it
    /// is allowed more now or the cause lay outside the file. `shelf` has the records.
    ///
    /// An input that was found before in this run is passed over, unless `changed` says that it may have changed since.
    ///
    /// # Errors
    /// SQLite's.
    pub(crate) fn enlist(
        &mut self,
        found: &Found,
        position: i64,
        shelf: &Shelf,
        changed: bool,
    ) -> Result<Enlisted, LedgerError> {
        self.writing()?;
        let place = place(&found.path);
        let shown = pipeline::one_line(&shown(found, shelf.folder()));
        let stamp =
            found.stamp.or_else(|| Stamp::of(&found.path)).filter(|_| matches!(found.kind, Kind::Read));
        let known = self.known(&place)?;
        let keep = known.as_ref().is_some_and(|k| {
            matches!(found.kind, Kind::Read)
                && stamp.is_some()
                && k.stamp == stamp
                && k.settings == Some(self.settings)
                && match k.status.as_str() {
                    "done" => k.output.as_ref().is_some_and(|o| shelf.holds(o)),
                    "failed" => {
                        k.allowances == Some(self.allowances) && !k.cause.as_deref().is_some_and(from_outside)
                    }
                    _ => false,
                }
        });
        let in_run = known.as_ref().is_some_and(|k| k.run == self.run);
        let anew = in_run
            && changed
            && stamp.is_some()
            && known.as_ref().is_some_and(|k| k.stamp != stamp || k.status == "skipped");
        if anew && known.as_ref().is_some_and(|k| matches!(k.status.as_str(), "queued" | "running")) {
            return Ok(Enlisted::Busy);
        }
        if let Some(known) = &known
            && (keep || in_run)
            && !anew
        {
            if !in_run {
                self.db
                    .prepare_cached(
                        "UPDATE inputs SET run = ?2, position = ?3, shown = ?4, name = ?5 WHERE id = ?1",
                    )?
                    .execute(params![known.id, self.run, position, shown, found.name])?;
                return Ok(if known.status == "done" { Enlisted::Kept } else { Enlisted::Ended });
            }
            return Ok(Enlisted::Before);
        }
        let output = match known.as_ref().and_then(|k| k.output.clone()) {
            Some(output) => Some(output),
            None if matches!(found.kind, Kind::Skip(_)) => None,
            None => Some(names::output(&found.name, self)?),
        };
        let (status, cause, message) = match &found.kind {
            Kind::Read => ("queued", None, None),
            Kind::Skip(reason) => ("skipped", None, Some(reason.clone())),
            Kind::Fail(failure) | Kind::Unseen(failure) => {
                ("failed", Some(failure.cause.code()), Some(failure.to_string()))
            }
        };
        self.db
            .prepare_cached(
                "INSERT INTO inputs (place, shown, name, output, run, position, status, cause, message)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (place) DO UPDATE SET
                    shown = ?2, name = ?3, output = ?4, run = ?5, position = ?6, status = ?7, cause = ?8, message = ?9,
                    attempts = 0",
            )?
            .execute(params![place, shown, found.name, output, self.run, position, status, cause, message])?;
        Ok(match status {
            "queued" if anew => Enlisted::Anew,
            "queued" => Enlisted::Waits,
            _ => Enlisted::Ended,
        })
    }

    fn known(&self, place: &[u8]) -> Result<Option<Known>, LedgerError> {
        let mut query = self.db.prepare_cached(
            "SELECT id, run, status, cause, output, size, modified, settings, allowances FROM inputs WHERE place = ?1",
        )?;
        let known = query
            .query_row([place], |r| {
                let (size, modified): (Option<i64>, Option<i64>) = (r.get(5)?, r.get(6)?);
                Ok(Known {
                    id: r.get(0)?,
                    run: r.get(1)?,
                    status: r.get(2)?,
                    cause: r.get(3)?,
                    output: r.get(4)?,
                    stamp: size.zip(modified).map(|(size, modified)| Stamp { size, modified }),
                    settings: r.get(7)?,
                    allowances: r.get(8)?,
                })
            })
            .optional()?;
        Ok(known)
    }
}

/// Whether a failure of this cause says nothing of the file itself, so that another run may do better.
fn from_outside(cause: &str) -> bool {
    [Cause::Io, Cause::MissingComponent].iter().any(|c| c.code() == cause)
}

/// The path for people. What was sent to the server lies under its digest and goes by the name that it was given.
fn shown(found: &Found, folder: &Path) -> String {
    let uploads = absolute(&folder.join(files::UPLOADS));
    if absolute(&found.path).starts_with(uploads) {
        return found.name.clone();
    }
    found.path.to_string_lossy().into_owned()
}

pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// The absolute path as the bytes of the file system; the address of an object in a store.
pub(super) fn place(path: &Path) -> Vec<u8> {
    if Address::is(path) {
        return path.as_os_str().as_encoded_bytes().to_vec();
    }
    absolute(path).into_os_string().into_encoded_bytes()
}

impl Taken for Ledger {
    type Error = LedgerError;

    fn file(&self, path: &str) -> Result<bool, LedgerError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM inputs WHERE output = ?1")?.exists([path])?)
    }

    fn folder(&self, path: &str) -> Result<bool, LedgerError> {
        // All that begins with "path/" sorts between "path/" and "path0", since "0" follows "/".
        let mut query =
            self.db.prepare_cached("SELECT 1 FROM inputs WHERE output > ?1 AND output < ?2 LIMIT 1")?;
        Ok(query.exists([format!("{path}/"), format!("{path}0")])?)
    }
}
