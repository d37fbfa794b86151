//! Outputs that are made of all records together, read back.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;
use common::{golden, record, write_record};
use export::{BatchOutputs, Format, Item, Staging};
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use vanthu_model::Record;

/// Makes all outputs of `records` in a folder of `dir`.
fn make(dir: &Path, name: &str, records: &[Record]) -> std::path::PathBuf {
    let out = dir.join(name);
    fs::create_dir_all(&out).unwrap();
    let mut outputs =
        BatchOutputs::begin(&out, dir, &Format::ALL, &Staging::default()).map_err(|e| e.1).unwrap();
    for (i, record) in records.iter().enumerate() {
        let file = dir.join(format!("{i}.json"));
        write_record(record, &file);
        let output = format!("{i}.json");
        let item = Item { record, file: &file, output: &output, link: Some("../in/k%E1%BA%BF.png") };
        outputs.add(&item).map_err(|e| e.1).unwrap();
    }
    outputs.finish().map_err(|e| e.1).unwrap();
    out
}

fn two() -> Vec<Record> {
    let mut second = record();
    second.directive.tasks[0].text = "=HYPERLINK(\"http://x\")".into();
    second.directive.metadata.symbol = Some("/BC-STV".into());
    second.directive.metadata.date = Some("2026-03".into());
    second.directive.tasks.truncate(1);
    vec![record(), second]
}

#[test]
fn the_registers_are_what_a_clerk_would_write() {
    let dir = tempfile::tempdir().unwrap();
    let out = make(dir.path(), "out", &two());
    for name in ["tasks.csv", "catalogue.csv"] {
        let bytes = fs::read(out.join(name)).unwrap();
        assert!(bytes.starts_with(b"\xef\xbb\xbf") && bytes.windows(2).any(|w| w == b"\r\n"));
        golden(name, &bytes);
    }
}

#[test]
fn csv_reads_back_with_a_row_a_task_and_no_formula() {
    let dir = tempfile::tempdir().unwrap();
    let out = make(dir.path(), "out", &two());
    let bytes = fs::read(out.join("tasks.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(&bytes[3..]);
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), export::COLUMNS);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(&rows[0][6], "2026-06-30");
    assert_eq!(&rows[0][7], "≥ 95 %");
    assert_eq!(&rows[2][3], "'=HYPERLINK(\"http://x\")");
}

#[test]
fn the_workbook_has_filters_a_frozen_head_links_and_dates() {
    let dir = tempfile::tempdir().unwrap();
    let out = make(dir.path(), "out", &two());
    let mut archive = zip::ZipArchive::new(File::open(out.join("tasks.xlsx")).unwrap()).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ref=\"A1:J4\""), "{sheet}");
    assert_eq!(sheet.matches("<hyperlink ").count(), 3);
    // 2026-06-30 is day 46203 of the workbook's calendar.
    assert!(sheet.contains("<v>46203</v>"), "{sheet}");
    assert!(!sheet.contains("<f>"), "no formula");
    let links = part("xl/worksheets/_rels/sheet1.xml.rels");
    assert!(links.contains("Target=\"../in/kế.png\""), "{links}");
    assert!(part("docProps/core.xml").contains("2000-01-01"));
}

#[test]
fn the_tables_join_by_the_record() {
    let dir = tempfile::tempdir().unwrap();
    let out = make(dir.path(), "out", &two());
    let rows = |name: &str| {
        let reader = SerializedFileReader::new(File::open(out.join(name)).unwrap()).unwrap();
        reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect::<Vec<String>>()
    };
    let documents = rows("documents.parquet");
    assert_eq!(documents.len(), 2);
    assert!(
        documents[0].contains("symbol: \"47/KH-STV\"")
            && documents[0].contains("addressees: [\"Các phòng\", \"Thư viện xã\"]"),
        "{}",
        documents[0]
    );
    let tasks = rows("tasks.parquet");
    assert_eq!(tasks.len(), 3);
    assert!(
        tasks[0].contains("record: \"0.json\"") && tasks[0].contains("lead: [\"Phòng Kho sách\"]"),
        "{}",
        tasks[0]
    );
    assert!(
        tasks[0].contains("due: 2026-06-30")
            && tasks[1].contains("lead: []")
            && tasks[1].contains("due: null"),
        "{}",
        tasks[1]
    );
    assert!(tasks[2].contains("record: \"1.json\""));
    assert!(rows("targets.parquet")[0].contains("tasks: [\"t-1\"]"));
    assert!(rows("references.parquet")[0].contains("relation: \"basis\""));
}

#[test]
fn the_lines_are_the_records() {
    let dir = tempfile::tempdir().unwrap();
    let records = two();
    let out = make(dir.path(), "out", &records);
    let plain = fs::read(out.join("records.jsonl")).unwrap();
    let packed = zstd::decode_all(File::open(out.join("records.jsonl.zst")).unwrap()).unwrap();
    assert_eq!(plain, packed);
    let read: Vec<Record> =
        std::str::from_utf8(&plain).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(read, records);
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let outs = ["a", "b"].map(|name| make(dir.path(), name, &two()));
    let names: Vec<_> = fs::read_dir(&outs[0]).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 9);
    for name in names {
        assert_eq!(
            fs::read(outs[0].join(&name)).unwrap(),
            fs::read(outs[1].join(&name)).unwrap(),
            "{name:?}"
        );
    }
}

#[test]
fn no_records_make_empty_tables() {
    let dir = tempfile::tempdir().unwrap();
    let out = make(dir.path(), "out", &[]);
    assert_eq!(fs::read_to_string(out.join("tasks.csv")).unwrap().lines().count(), 1);
    let reader = SerializedFileReader::new(File::open(out.join("tasks.parquet")).unwrap()).unwrap();
    assert_eq!(reader.get_row_iter(None).unwrap().count(), 0);
}
