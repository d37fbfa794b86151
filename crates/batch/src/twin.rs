//! Records of inputs that are copies of each other.

use crate::child::write;
use export::Layout;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use vanthu_model::Record;

/// Writes the record in `from` to the file `to`, as the record of the input `name`. Returns its pages.
///
/// # Errors
/// The system's, and when `from` holds no record.
pub(crate) fn copy(from: File, to: &Path, name: &str, layout: Layout) -> io::Result<u32> {
    let mut record: Record = serde_json::from_reader(BufReader::new(from))?;
    record.source.path = name.to_string();
    write(&record, to, layout)?;
    Ok(record.source.pages)
}
