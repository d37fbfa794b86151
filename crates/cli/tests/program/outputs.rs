//! What `--format` and `vanthu export` promise.

use crate::common::{PLAN, code, run, stderr, tree};
use std::fs;
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// A folder with a text, a PDF with a good layer and a scan.
fn inputs(dir: &Path) -> PathBuf {
    let input = dir.join("in");
    fs::create_dir_all(input.join("năm 2026")).unwrap();
    fs::write(input.join("kế hoạch.txt"), PLAN).unwrap();
    fs::copy(fixture("pdf/21.pdf"), input.join("năm 2026/21.pdf")).unwrap();
    fs::copy(fixture("scans/19.jpg"), input.join("năm 2026/19.jpg")).unwrap();
    input
}

fn ingest(input: &Path, out: &Path, formats: &str) -> std::process::Output {
    run([
        "ingest".as_ref(),
        input.as_os_str(),
        "-o".as_ref(),
        out.as_os_str(),
        "--format".as_ref(),
        formats.as_ref(),
    ])
}

fn export(out: &Path, rest: &[&str]) -> std::process::Output {
    let mut args = vec!["export".as_ref(), out.as_os_str()];
    args.extend(rest.iter().map(|a| std::ffi::OsStr::new(*a)));
    run(args)
}

#[test]
fn outputs_made_with_the_batch_and_after_it_are_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let input = inputs(dir.path());
    let outs = ["a", "b"].map(|name| dir.path().join(name));
    let all = "jsonl.zst,xlsx,csv,parquet,catalogue,alto,hocr,pdf,html,md";
    let output = ingest(&input, &outs[0], all);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("1 file has no page pictures"), "{}", stderr(&output));
    assert_eq!(code(&ingest(&input, &outs[1], "json")), 0);
    let output = export(&outs[1], &["--format", all]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));

    let made = tree(&outs[0]);
    assert_eq!(made, tree(&outs[1]));
    for name in [
        "catalogue.csv",
        "documents.parquet",
        "records.jsonl.zst",
        "references.parquet",
        "targets.parquet",
        "tasks.csv",
        "tasks.parquet",
        "tasks.xlsx",
        "kế hoạch.txt.alto.xml",
        "kế hoạch.txt.hocr",
        "kế hoạch.txt.html",
        "kế hoạch.txt.md",
        "năm 2026/19.jpg.pdf",
        "năm 2026/19.jpg.html",
        "năm 2026/21.pdf.pdf",
        "năm 2026/21.pdf.alto.xml",
    ] {
        assert!(made.iter().any(|m| m == name), "{name} is missing: {made:?}");
    }
    assert!(!made.contains(&"kế hoạch.txt.pdf".to_string()));
    for name in made.iter().filter(|n| *n != "summary.json") {
        assert_eq!(fs::read(outs[0].join(name)).unwrap(), fs::read(outs[1].join(name)).unwrap(), "{name}");
    }
    // The layer of this one was good: its PDF is the file itself.
    assert_eq!(
        fs::read(fixture("pdf/21.pdf")).unwrap(),
        fs::read(outs[0].join("năm 2026/21.pdf.pdf")).unwrap()
    );
    // The scan's own bytes are inside its PDF.
    let (scan, pdf) =
        (fs::read(fixture("scans/19.jpg")).unwrap(), fs::read(outs[0].join("năm 2026/19.jpg.pdf")).unwrap());
    assert!(pdf.windows(scan.len()).any(|w| w == scan));
    assert!(
        fs::read_to_string(outs[0].join("năm 2026/19.jpg.html")).unwrap().contains("data:image/jpeg;base64,")
    );
    let tasks = fs::read_to_string(outs[0].join("tasks.csv")).unwrap();
    assert!(tasks.contains("kế hoạch.txt,47/KH-UBND,2026-03-12,"), "{tasks}");
}

#[test]
fn a_bag_holds_records_originals_and_what_was_made() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir_all(&input).unwrap();
    fs::write(input.join("a.txt"), PLAN).unwrap();
    let (out, bag) = (dir.path().join("out"), dir.path().join("bag"));
    assert_eq!(code(&ingest(&input, &out, "json")), 0);
    let output = export(&out, &["--format", "md,csv", "--bag", bag.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(
        tree(&bag),
        [
            "bag-info.txt",
            "bagit.txt",
            "data/catalogue.csv",
            "data/originals/a.txt",
            "data/records/a.txt.json",
            "data/records/a.txt.md",
            "data/tasks.csv",
            "manifest-sha256.txt",
            "tagmanifest-sha256.txt",
        ]
    );
    let manifest = fs::read_to_string(bag.join("manifest-sha256.txt")).unwrap();
    assert_eq!(manifest.lines().count(), 5);
    assert_eq!(fs::read_to_string(bag.join("data/originals/a.txt")).unwrap(), PLAN);
    // A bag is never written over, and a file that has changed is not packed as what was read.
    assert_eq!(code(&export(&out, &["--bag", bag.to_str().unwrap()])), 2);
    fs::write(input.join("a.txt"), "khác").unwrap();
    let output = export(&out, &["--bag", dir.path().join("second").to_str().unwrap()]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("has changed since it was read"), "{}", stderr(&output));
    assert!(!dir.path().join("second").exists());
}

#[test]
fn a_source_that_is_gone_costs_its_pictures_and_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir_all(&input).unwrap();
    fs::copy(fixture("pdf/21.pdf"), input.join("21.pdf")).unwrap();
    let out = dir.path().join("out");
    assert_eq!(code(&ingest(&input, &out, "json")), 0);
    fs::remove_file(input.join("21.pdf")).unwrap();
    let output = export(&out, &["--format", "pdf,html,csv"]);
    assert_eq!(code(&output), 2);
    let said = stderr(&output);
    assert!(said.contains("21.pdf: pdf: ") && said.contains("21.pdf: html: without page pictures"), "{said}");
    assert!(
        out.join("tasks.csv").exists()
            && out.join("21.pdf.html").exists()
            && !out.join("21.pdf.pdf").exists()
    );
}

#[test]
fn a_batch_that_goes_on_makes_only_what_is_older_than_its_record() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir_all(&input).unwrap();
    fs::write(input.join("a.txt"), PLAN).unwrap();
    let out = dir.path().join("out");
    assert_eq!(code(&ingest(&input, &out, "md,csv")), 0);
    let time = |name: &str| fs::metadata(out.join(name)).unwrap().modified().unwrap();
    let first = time("a.txt.md");
    fs::write(input.join("b.txt"), "Hai dòng.\n").unwrap();
    assert_eq!(code(&ingest(&input, &out, "md,csv")), 0);
    assert_eq!(time("a.txt.md"), first);
    assert!(out.join("b.txt.md").exists());
}

#[test]
fn wishes_that_cannot_be_granted_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("a.txt");
    fs::write(&input, PLAN).unwrap();
    let (out, input) = (dir.path().join("out"), input.to_str().unwrap());
    let refused = |output: std::process::Output, word: &str| {
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        assert!(stderr(&output).contains(word), "{}", stderr(&output));
    };
    refused(run(["ingest", input, "-o", "-", "--format", "pdf"]), "standard output takes records only");
    refused(run(["ingest", input, "-o", out.to_str().unwrap(), "--format", "docx"]), "there are json, jsonl");
    refused(export(&out, &["--format", "csv"]), "holds no ledger");
    refused(export(&out, &[]), "give --format, --bag or both");
}
