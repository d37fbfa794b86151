//! One output folder out of those of the parts of a list.

use crate::error::BatchError;
use crate::files;
use crate::ledger::{Entry, Joined, Ledger};
use crate::lines::{Lines, Target};
use crate::lock::hold;
use crate::shelf::Shelf;
use crate::summary::Summary;
use export::{Layout, Staging, write_json};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The ledger while it is made.
const LEDGER: &str = "merged.sqlite";

/// Joins the output folders `parts` into the new one `out`: records, lines, failures and ledgers. The inputs stand in
/// the order of the first part that names them, so that parts of one list give what one run over it would have given.
///
/// The ledger comes last: before it is there, a merge that was killed can be begun anew.
///
/// # Errors
/// Where `out` holds a batch already, where the run in a part has not ended, and where two parts hold different records
/// of one input; the system's and the ledgers'.
pub fn merge(out: &Path, parts: &[PathBuf]) -> Result<Summary, BatchError> {
    fs::create_dir_all(out)?;
    let _lock = hold(out)?;
    if out.join(files::LEDGER).exists() {
        return Err(BatchError::NotEmpty(shown(out)));
    }
    let area = out.join(files::AREA);
    Staging::clear(&area)?;
    let staging = Staging::aside(area.clone());
    for tail in ["", "-wal", "-shm"] {
        // Of a merge that was killed.
        let _ = fs::remove_file(area.join(format!("{LEDGER}{tail}")));
    }
    let ledgers: Vec<(&PathBuf, Ledger)> = parts
        .iter()
        .map(|part| {
            let ledger = Ledger::look(&part.join(files::LEDGER))?;
            match ledger.times()? {
                (Some(_), Some(_)) => Ok((part, ledger)),
                _ => Err(BatchError::NotEnded(shown(part))),
            }
        })
        .collect::<Result<_, _>>()?;
    let mut ledger = Ledger::open(&area.join(LEDGER))?;
    ledger.begin_run("merged", "")?;
    let mut position = 0;
    // Where the record of an input came from, to name it in a conflict.
    for (part, from) in &ledgers {
        from.each_entry(&mut |entry: Entry| {
            let joined = ledger.join(from, &entry, position)?;
            position += 1;
            take(out, part, &entry, &joined, &staging)
        })?;
    }
    ledger.end_run()?;
    Lines::new(Shelf::alone(out), Target::File, staging.clone())?.close(&ledger)?;
    let summary = Summary::of(&ledger, false, 0, Duration::ZERO, Vec::new(), "interrupted");
    staging.write(&out.join(files::SUMMARY), |to| write_json(to, &summary, Layout::Pretty))?;
    // Closing it folds the log of its changes into it.
    drop(ledger);
    fs::rename(area.join(LEDGER), out.join(files::LEDGER))?;
    File::open(out)?.sync_all()?;
    Ok(summary)
}

/// Copies what a part holds of an input.
fn take(
    out: &Path,
    part: &Path,
    entry: &Entry,
    joined: &Joined,
    staging: &Staging,
) -> Result<(), BatchError> {
    let Some(source) = &entry.output else { return Ok(()) };
    match (joined, entry.status.as_str()) {
        (Joined::Taken(Some(output)), "done") => copy(&part.join(source), &out.join(output), staging)?,
        (Joined::Taken(Some(output)), "failed") => {
            let report = part.join(files::FAILED).join(source);
            // An input that could not even be found has none.
            if report.is_file() {
                copy(&report, &out.join(files::FAILED).join(output), staging)?;
            }
        }
        (Joined::Both(output), _) if !same(&part.join(source), &out.join(output))? => {
            return Err(BatchError::Conflict {
                path: entry.shown.clone(),
                one: shown(out),
                other: shown(part),
            });
        }
        _ => {}
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, staging: &Staging) -> io::Result<()> {
    let mut from = File::open(from)?;
    staging.write(to, |to| io::copy(&mut from, to).map(|_| ()))
}

/// Whether two files hold the same bytes.
fn same(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (BufReader::new(one).bytes(), BufReader::new(other).bytes());
    loop {
        match (one.next().transpose()?, other.next().transpose()?) {
            (None, None) => return Ok(true),
            (a, b) if a != b => return Ok(false),
            _ => {}
        }
    }
}

fn shown(path: &Path) -> String {
    pipeline::one_line(&path.to_string_lossy())
}
