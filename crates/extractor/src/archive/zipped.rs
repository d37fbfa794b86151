//! ZIP archives.

use crate::error::ExtractError;
use crate::office::zip_failure;
use std::io::{Cursor, Read};
use zip::ZipArchive;

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, ExtractError> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|e| zip_failure(&e))
}

/// Names of the entries, in the order of the directory.
pub(super) fn names(bytes: &[u8]) -> Result<Vec<String>, ExtractError> {
    let archive = open(bytes)?;
    Ok(archive.file_names_raw().map(|n| String::from_utf8_lossy(n).into_owned()).collect())
}

/// The content of the entry at a place of the directory, of at most `most` bytes.
pub(super) fn content(bytes: &[u8], at: usize, most: u64) -> Result<Vec<u8>, ExtractError> {
    let mut archive = open(bytes)?;
    let file = archive.by_index(at).map_err(|e| zip_failure(&e))?;
    let mut out = Vec::new();
    file.take(most.saturating_add(1))
        .read_to_end(&mut out)
        .map_err(|_| ExtractError::damaged("the part is broken inside its archive"))?;
    if out.len() as u64 > most {
        return Err(ExtractError::too_large(
            format!("the part unfolds to more than {most} bytes"),
            "max_inflated_bytes",
        ));
    }
    Ok(out)
}
