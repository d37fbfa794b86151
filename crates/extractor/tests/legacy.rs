//! Conversion leaves good text alone: measured on the collection beside the repository, where it is at hand.

#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::path::{Path, PathBuf};

/// The text files below a folder.
fn texts(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts(&path, out);
        } else if path.extension().is_some_and(|e| e == "txt" || e == "md") {
            out.push(path);
        }
    }
}

#[test]
fn good_text_is_never_converted() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    if !shared.is_dir() {
        println!("skipped: {} is not there", shared.display());
        return;
    }
    let mut files = Vec::new();
    for folder in ["seeds", "gold", "scans/truth", "real/gold", "pdf", "legacy/truth", "design"] {
        texts(&shared.join(folder), &mut files);
    }
    let mut alarms = Vec::new();
    for file in &files {
        let converted = extractor::convert(&std::fs::read(file).unwrap(), None);
        if !converted.found.is_empty() {
            alarms.push(format!("{}: {:?}", file.display(), converted.found));
        }
    }
    assert!(alarms.is_empty(), "{} of {}: {alarms:#?}", alarms.len(), files.len());
}
