//! The files that records were read from, opened for outputs that show their pages.

use export::{Picture, Source};
use extractor::{Options, Sheets};
use pipeline::{digest, load};
use std::path::Path;
use vanthu_model::Record;

/// A file that a record was read from.
pub struct SourceFile {
    sheets: Sheets,
    password: Option<String>,
}

/// Opens the file at `place`, which must still be the one that `record` was read from.
///
/// # Errors
/// What is wrong, in one line.
pub fn open(place: &Path, record: &Record, options: &Options) -> Result<Box<dyn Source>, String> {
    open_file(place, &record.source.path, &record.source.sha256, options)
}

/// Opens the file at `place`, which a record calls `path` and whose bytes must have the digest `sha256`.
///
/// # Errors
/// What is wrong, in one line.
pub fn open_file(
    place: &Path,
    path: &str,
    sha256: &str,
    options: &Options,
) -> Result<Box<dyn Source>, String> {
    let bytes = load(place, options.limits.max_file_bytes).map_err(|f| f.to_string())?;
    if digest(&bytes) != sha256 {
        return Err("the file has changed since it was read; run `vanthu ingest` again".into());
    }
    let sheets = Sheets::open(bytes, path, options.clone()).map_err(|e| e.to_string())?;
    Ok(Box::new(SourceFile { sheets, password: options.password.clone() }))
}

impl Source for SourceFile {
    fn bytes(&self) -> &[u8] {
        self.sheets.bytes()
    }

    fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    fn picture(&self, index: usize, dpi: f32) -> Result<Picture, String> {
        let sheet = self.sheets.page(index, dpi).map_err(|e| e.to_string())?;
        let extractor::Sheet { width, height, dpi, colour, pixels } = sheet;
        Ok(Picture { width, height, dpi, colour, pixels })
    }
}
