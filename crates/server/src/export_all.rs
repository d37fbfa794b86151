//! Corrected records in every format.

use crate::archive::Archive;
use crate::review::review;
use batch::{DoneInput, Ledger, LedgerError, files};
use export::{BatchOutputs, ExportError, Format, Item, Layout, Staging, write_document, write_json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use vanthu_model::Record;

/// What came of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// Records that outputs were made of.
    pub records: usize,
    /// Those of them that people had changed.
    pub corrected: usize,
    /// Files of text alone, which have no PDF.
    pub without_pages: usize,
    /// What went wrong, a line each.
    pub problems: Vec<String>,
    /// Whether it was stopped before its end.
    pub interrupted: bool,
}

enum Stop {
    Interrupted,
    Line(String),
}

impl From<LedgerError> for Stop {
    fn from(error: LedgerError) -> Self {
        Stop::Line(error.to_string())
    }
}

/// Writes the records of a batch with what people said of them into the folder `to`, in `formats`, as `vanthu export`
/// writes them as they were made. What `archive` was made of is not touched. `step` is called after each record.
pub fn export_reviewed(
    archive: &Archive,
    to: &Path,
    formats: &[Format],
    stop: &AtomicBool,
    step: &mut dyn FnMut(),
) -> Made {
    let mut made = Made::default();
    match write_all(archive, to, formats, stop, step, &mut made) {
        Ok(()) => {}
        Err(Stop::Interrupted) => made.interrupted = true,
        Err(Stop::Line(line)) => made.problems.push(line),
    }
    made
}

fn write_all(
    archive: &Archive,
    to: &Path,
    formats: &[Format],
    stop: &AtomicBool,
    step: &mut dyn FnMut(),
    made: &mut Made,
) -> Result<(), Stop> {
    let line = |what: &dyn std::fmt::Display| Stop::Line(what.to_string());
    let failed = |(format, e): (Format, ExportError)| Stop::Line(format!("{format}: {e}"));
    fs::create_dir_all(to).map_err(|e| line(&format_args!("{}: {e}", to.display())))?;
    let ledger = Ledger::look(&archive.folder().join(files::LEDGER))?;
    // Numbers by places: the ledger has its own.
    let numbers: BTreeMap<Vec<u8>, i64> = archive.store().numbers().map_err(|e| line(&e))?;
    let staging = Staging::default();
    let of_all: Vec<Format> = formats.iter().copied().filter(|f| !f.files().is_empty()).collect();
    let mut outputs = BatchOutputs::begin(to, to, &of_all, &staging).map_err(failed)?;
    ledger.each_done(&mut |input: DoneInput| {
        if stop.load(Ordering::SeqCst) {
            return Err(Stop::Interrupted);
        }
        let shown = |e: &dyn std::fmt::Display| Stop::Line(format!("{}: {e}", input.shown));
        let bytes = fs::read(archive.folder().join(&input.output)).map_err(|e| shown(&e))?;
        let mut record: Record = serde_json::from_slice(&bytes).map_err(|e| shown(&e))?;
        let events = match numbers.get(input.place.as_os_str().as_encoded_bytes()) {
            Some(number) => archive.store().events(*number).map_err(|e| shown(&e))?,
            None => Vec::new(),
        };
        if !events.is_empty() {
            record = review(record, &events, archive.workshop()).record;
            made.corrected += 1;
        }
        let file = to.join(&input.output);
        if formats.contains(&Format::Json) {
            let written = staging.write(&file, |w| write_json(w, &record, Layout::Compact));
            written.map_err(|e| shown(&e))?;
        }
        let item = Item { record: &record, file: &file, output: &input.output, link: None };
        outputs.add(&item).map_err(failed)?;
        let base = to.join(input.output.strip_suffix(".json").unwrap_or(&input.output));
        let mut open = || archive.workshop().open(&input.place, &record.source.path, &record.source.sha256);
        for (format, error) in write_document(&item, &base, formats, &staging, &mut open) {
            match error {
                ExportError::NoPages => made.without_pages += 1,
                e => made.problems.push(format!("{}: {format}: {e}", input.shown)),
            }
        }
        made.records += 1;
        step();
        Ok(())
    })?;
    outputs.finish().map_err(failed)
}
