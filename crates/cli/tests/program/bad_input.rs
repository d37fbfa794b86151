//! Bad inputs: each gives one clear line and a failed entry with its cause, and the others go on.

use crate::common::{PLAN, code, counts, ingest, json, run, stderr, tree};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The causes of the failures of a batch by file name, after a check that each has its one line on standard error.
fn failures(out: &Path, said: &str) -> BTreeMap<String, String> {
    let summary = json(&out.join("summary.json"));
    let mut causes = BTreeMap::new();
    for failure in summary["failures"].as_array().unwrap() {
        let [path, cause, message] = ["path", "cause", "message"].map(|k| failure[k].as_str().unwrap());
        let line = format!("vanthu: {path}: {cause}: {message}");
        assert_eq!(said.lines().filter(|l| *l == line).count(), 1, "{line}\nin\n{said}");
        assert!(message.contains("; "), "no remedy in {message}");
        let name = Path::new(path).file_name().unwrap().to_string_lossy().into_owned();
        causes.insert(name, cause.to_string());
    }
    causes
}

#[test]
fn each_bad_file_fails_with_its_cause_and_the_good_one_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    fs::create_dir(&input).unwrap();
    let bad = fixtures::bad::write_all(&input).unwrap();
    fs::write(input.join("zz-good.txt"), PLAN).unwrap();
    let output = ingest(&input, &out);
    let said = stderr(&output);
    assert_eq!(code(&output), 2, "{said}");
    assert!(!said.contains("panic"), "{said}");

    let expected: BTreeMap<String, String> =
        bad.iter().map(|(name, cause)| (name.clone(), cause.code().to_string())).collect();
    assert_eq!(failures(&out, &said), expected);
    assert_eq!(counts(&json(&out.join("summary.json"))), [1, bad.len() as u64, 0]);
    assert_eq!(tree(&out), ["records.jsonl", "summary.json", "zz-good.txt.json"]);
}

#[test]
fn extract_names_the_cause_too() {
    let dir = tempfile::tempdir().unwrap();
    for (name, cause) in fixtures::bad::write_all(dir.path()).unwrap() {
        let path = dir.path().join(&name);
        let output = run(["extract".as_ref(), path.as_os_str()]);
        assert_eq!(code(&output), 2, "{name}");
        assert!(output.stdout.is_empty(), "{name}");
        let said = stderr(&output);
        assert!(said.starts_with(&format!("vanthu: {}: {cause}: ", path.display())), "{name}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn missing_language_data_fails_scans_and_not_texts() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out, empty) = (dir.path().join("in"), dir.path().join("out"), dir.path().join("tessdata"));
    fs::create_dir(&input).unwrap();
    fs::create_dir(&empty).unwrap();
    fs::write(input.join("a.txt"), PLAN).unwrap();
    let scans = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/scans");
    fs::copy(scans.join("02.tiff"), input.join("scan.tiff")).unwrap();
    let args = [
        "ingest".as_ref(),
        input.as_os_str(),
        "-o".as_ref(),
        out.as_os_str(),
        "--tessdata".as_ref(),
        empty.as_os_str(),
    ];
    let output = run(args);
    let said = stderr(&output);
    assert_eq!(code(&output), 3, "{said}");
    assert_eq!(failures(&out, &said), BTreeMap::from([("scan.tiff".into(), "missing_component".into())]));
    assert!(said.contains("tesseract-ocr"), "{said}");
    assert_eq!(counts(&json(&out.join("summary.json"))), [1, 1, 0]);
    assert_eq!(tree(&out), ["a.txt.json", "records.jsonl", "summary.json"]);
}

#[test]
fn a_name_from_outside_cannot_break_a_line() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    fs::create_dir(&input).unwrap();
    if fs::write(input.join("a\nvanthu: b\u{1b}[31m.txt"), "").is_err() {
        return eprintln!("skipped: the file system takes no such names");
    }
    let said = stderr(&ingest(&input, &out));
    assert!(said.lines().any(|l| l.contains("/a vanthu: b [31m.txt: empty: ")), "{said}");
}
