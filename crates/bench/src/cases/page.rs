//! Whole pages: text layers, OCR, and the way from a file to its record.

use super::{Case, GROWING, Pace, Work, tally};
use crate::error::{Error, Result};
use crate::results::Clock;
use extractor::{Extractor, Options};
use pipeline::Pipeline;
use std::path::{Path, PathBuf};

const BASE: Case = Case {
    name: "",
    what: "",
    unit: "pages",
    clock: Clock::Processor,
    scales: GROWING,
    pace: Pace::Warm,
    hot: false,
    prepare: |_, _| Err(Error::Missing("nothing to do".into())),
};

/// The extractor alone.
pub static CASES: [Case; 4] = [
    Case {
        name: "pdf.text",
        what: "text layer read, judged and laid out",
        hot: true,
        prepare: |inputs, scale| extract(&inputs.pdf(scale as usize)?, scale),
        ..BASE
    },
    Case {
        name: "ocr.strip",
        what: "three lines of print cleaned and read",
        unit: "strips",
        pace: Pace::Slow,
        prepare: |inputs, scale| extract(&inputs.strips(scale as usize)?, scale),
        ..BASE
    },
    Case {
        name: "ocr.page",
        what: "A4 page, 1 bit, 200 dpi, cleaned and read",
        scales: &[1],
        pace: Pace::Slow,
        prepare: |inputs, _| extract(&inputs.scanned_page(false)?, 1),
        ..BASE
    },
    Case {
        name: "ocr.photocopy",
        what: "A4 page, grey and uneven, cleaned and read",
        scales: &[1],
        pace: Pace::Slow,
        prepare: |inputs, _| extract(&inputs.scanned_page(true)?, 1),
        ..BASE
    },
];

/// All three stages.
pub static WHOLE: [Case; 2] = [
    Case {
        name: "whole.pdf",
        what: "PDF to record",
        prepare: |inputs, scale| record(&inputs.pdf(scale as usize)?, scale),
        ..BASE
    },
    Case {
        name: "whole.scan",
        what: "scanned page to record",
        scales: &[1],
        pace: Pace::Slow,
        prepare: |inputs, _| record(&inputs.scanned_page(false)?, 1),
        ..BASE
    },
];

fn loaded(path: &Path) -> Result<(PathBuf, Vec<u8>)> {
    Ok((path.to_path_buf(), std::fs::read(path).map_err(Error::io(path))?))
}

fn extract(path: &Path, pages: u32) -> Result<Work> {
    let (path, bytes) = loaded(path)?;
    let extractor = Extractor::new(Options::default()).map_err(Error::stage)?;
    Ok(Work::new(f64::from(pages), move || {
        let read = extractor.extract(&bytes, &path.to_string_lossy()).map_err(Error::stage)?;
        Ok(tally(read.document.text.as_bytes()))
    }))
}

fn record(path: &Path, pages: u32) -> Result<Work> {
    let (path, bytes) = loaded(path)?;
    let pipeline = Pipeline::new(pipeline::Options::default()).map_err(Error::stage)?;
    Ok(Work::new(f64::from(pages), move || {
        let record = pipeline.run(&path.to_string_lossy(), &bytes).map_err(Error::stage)?;
        Ok(tally(record.document.text.as_bytes()))
    }))
}
