//! The files that records were read from, opened for outputs that show their pages.

use batch::Stores;
use export::{Picture, Source};
use extractor::{Options, Sheets};
use pipeline::{Failure, digest};
use std::path::{Path, PathBuf};
use vanthu_model::Record;

/// A file that a record was read from.
pub struct SourceFile {
    sheets: Sheets,
    password: Option<String>,
}

/// Where files that records were read from are had again.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The stores that they may lie in.
    pub stores: Stores,
    /// A folder for what comes from there.
    pub area: PathBuf,
}

impl Reach {
    /// The bytes of the file at `place`.
    ///
    /// # Errors
    /// Why they cannot be had.
    pub fn load(&self, place: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
        batch::load(&self.stores, place, &self.area, limit)
    }
}

/// Opens the file at `place`, which must still be the one that `record` was read from.
///
/// # Errors
/// What is wrong, in one line.
pub fn open(
    reach: &Reach,
    place: &Path,
    record: &Record,
    options: &Options,
) -> Result<Box<dyn Source>, String> {
    open_file(reach, place, &record.source.path, &record.source.sha256, options)
}

/// Opens the file at `place`, which a record calls `path` and whose bytes must have the digest `sha256`.
///
/// # Errors
/// What is wrong, in one line.
pub fn open_file(
    reach: &Reach,
    place: &Path,
    path: &str,
    sha256: &str,
    options: &Options,
) -> Result<Box<dyn Source>, String> {
    let bytes = reach.load(place, options.limits.max_file_bytes).map_err(|f| f.to_string())?;
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
