//! The folder that lists the failed inputs.

use crate::files;
use crate::ledger::{Ledger, LedgerError};
use export::{Layout, Staging, write_json};
use pipeline::Failure;
use serde::Serialize;
use std::fs;
use std::io;
use std::path::Path;
use vanthu_model::Cause;

/// A failed input with the log of its attempts; a file in `failed/`.
#[derive(Serialize)]
struct Report<'a> {
    /// Where it lies.
    path: &'a str,
    cause: Cause,
    message: String,
    attempts: Vec<Attempt>,
}

#[derive(Serialize)]
struct Attempt {
    began: String,
    seconds: f64,
    cause: String,
    message: String,
    log: String,
}

/// Path of the report on the input whose record would lie at `output`.
fn file(folder: &Path, output: &str) -> std::path::PathBuf {
    folder.join(files::FAILED).join(output)
}

/// Writes the report on a failed input. The input itself is left where and as it is.
///
/// # Errors
/// The system's and the ledger's.
pub(crate) fn report(
    folder: &Path,
    staging: &Staging,
    ledger: &Ledger,
    (id, shown, output): (i64, &str, &str),
    failure: &Failure,
) -> io::Result<()> {
    let attempts = ledger.attempts(id).map_err(io::Error::other)?;
    let report = Report {
        path: shown,
        cause: failure.cause,
        message: failure.to_string(),
        attempts: attempts
            .into_iter()
            .map(|a| Attempt {
                began: a.began,
                seconds: a.millis as f64 / 1000.0,
                cause: a.cause,
                message: a.message,
                log: a.log,
            })
            .collect(),
    };
    staging.write(&file(folder, output), |to| write_json(to, &report, Layout::Pretty))
}

/// Removes what `failed/` holds of inputs that have not failed in this run.
///
/// # Errors
/// The ledger's; a file that cannot be removed stays.
pub(crate) fn tidy(folder: &Path, ledger: &Ledger) -> Result<(), LedgerError> {
    let root = folder.join(files::FAILED);
    let mut folders = vec![root.clone()];
    let mut seen = Vec::new();
    while let Some(dir) = folders.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|t| t.is_dir()) {
                folders.push(path);
            } else if let Ok(output) = path.strip_prefix(&root)
                && !ledger.has_failed(&output.to_string_lossy())?
            {
                let _ = fs::remove_file(&path);
            }
        }
        seen.push(dir);
    }
    // The deepest first; folders that still hold something stay.
    for dir in seen.iter().rev() {
        let _ = fs::remove_dir(dir);
    }
    Ok(())
}
