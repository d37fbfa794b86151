//! Ctrl-C ends within two seconds and leaves whole files only.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg(unix)]

#[path = "program/common/mod.rs"]
mod common;
use common::{code, counts, json, lines, small_texts, tree, vanthu};
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn ctrl_c_leaves_whole_files_and_a_summary_that_adds_up() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 3000);
    let out = dir.path().join("out");
    let child = vanthu()
        .args(["ingest".as_ref(), input.as_os_str(), "-o".as_ref(), out.as_os_str()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while !out.join("00002.txt.json").exists() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(10));
    }
    let asked = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(2), "took {:?}", asked.elapsed());
    assert_eq!(code(&output), 130);

    let summary = json(&out.join("summary.json"));
    assert_eq!(summary["interrupted"], true);
    let [done, failed, skipped] = counts(&summary);
    assert_eq!((done + skipped, failed), (3000, 0));
    assert!(done > 0 && skipped > 0, "{done} done before the signal came");
    assert_eq!(summary["skipped"][0]["reason"], "interrupted");

    let records = lines(&fs::read(out.join("records.jsonl")).unwrap());
    assert_eq!(records.len() as u64, done);
    let mut files: Vec<String> =
        records.iter().map(|r| format!("{}.json", r["source"]["path"].as_str().unwrap())).collect();
    files.extend(["records.jsonl".to_string(), "summary.json".to_string()]);
    assert_eq!(tree(&out), files);
    for (record, file) in records.iter().zip(&files) {
        assert_eq!(*record, json(&out.join(file)));
    }
}
