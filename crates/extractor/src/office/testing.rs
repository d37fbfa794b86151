//! What tests of several readers make files with.

#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// A ZIP archive of these parts, not compressed.
pub(super) fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(*name, options).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
