//! What `vanthu ingest` promises of whole batches.

use crate::common::{PLAN, Schema, code, counts, ingest, json, lines, run, small_texts, stderr, tree};
use std::fs;
use std::path::Path;

fn folder(dir: &Path) -> std::path::PathBuf {
    let input = dir.join("in");
    fs::create_dir_all(input.join("năm 2026/quý I")).unwrap();
    fs::write(input.join("b.txt"), PLAN).unwrap();
    fs::write(input.join("năm 2026/quý I/kế hoạch.txt"), PLAN).unwrap();
    fs::write(input.join("a.TXT"), "Một dòng.\n").unwrap();
    fs::write(input.join("notes.xls"), "x").unwrap();
    input
}

#[test]
fn each_input_has_its_record_and_the_summary_adds_up() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (folder(dir.path()), dir.path().join("out"));
    let output = ingest(&input, &out);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    assert_eq!(
        tree(&out),
        ["a.TXT.json", "b.txt.json", "năm 2026/quý I/kế hoạch.txt.json", "records.jsonl", "summary.json"]
    );
    let summary = json(&out.join("summary.json"));
    assert_eq!(counts(&summary), [3, 0, 1]);
    assert!(summary["seconds"].as_f64().unwrap() > 0.0);
    assert_eq!(summary["interrupted"], false);

    let schema = Schema::printed();
    let records = lines(&fs::read(out.join("records.jsonl")).unwrap());
    let paths: Vec<&str> = records.iter().map(|r| r["source"]["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["a.TXT", "b.txt", "năm 2026/quý I/kế hoạch.txt"]);
    for record in &records {
        schema.check(record);
        assert_eq!(*record, json(&out.join(format!("{}.json", record["source"]["path"].as_str().unwrap()))));
    }
    assert_eq!(records[1]["document"]["text"], PLAN);
    assert_eq!(records[1]["directive"]["metadata"]["symbol"], "47/KH-UBND");
}

#[test]
fn the_same_inputs_give_the_same_bytes_on_one_thread_and_on_four() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 12);
    let outs = ["1", "4"].map(|jobs| {
        let out = dir.path().join(format!("out{jobs}"));
        let args = [
            "ingest".as_ref(),
            input.as_os_str(),
            "-o".as_ref(),
            out.as_os_str(),
            "-j".as_ref(),
            jobs.as_ref(),
        ];
        assert_eq!(code(&run(args)), 0);
        out
    });
    assert_eq!(tree(&outs[0]), tree(&outs[1]));
    for name in tree(&outs[0]).iter().filter(|n| *n != "summary.json") {
        assert_eq!(fs::read(outs[0].join(name)).unwrap(), fs::read(outs[1].join(name)).unwrap(), "{name}");
    }
}

#[test]
fn standard_output_holds_records_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let input = folder(dir.path());
    fs::write(input.join("empty.txt"), "").unwrap();
    let output = run(["ingest".as_ref(), input.as_os_str(), "-o".as_ref(), "-".as_ref()]);
    assert_eq!(code(&output), 2);
    let records = lines(&output.stdout);
    assert_eq!(records.len(), 3);
    assert!(records.iter().all(|r| r["schema"] == "vanthu.record/1"));
    assert!(stderr(&output).contains("3 done, 1 failed, 1 skipped"), "{}", stderr(&output));

    let out = dir.path().join("out");
    ingest(&input, &out);
    assert_eq!(output.stdout, fs::read(out.join("records.jsonl")).unwrap());
}

#[test]
fn pretty_files_hold_the_same_records() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (folder(dir.path()), dir.path().join("out"));
    let args = ["ingest".as_ref(), input.as_os_str(), "-o".as_ref(), out.as_os_str(), "--pretty".as_ref()];
    assert_eq!(code(&run(args)), 0);
    assert!(fs::read_to_string(out.join("b.txt.json")).unwrap().lines().count() > 100);
    let records = lines(&fs::read(out.join("records.jsonl")).unwrap());
    assert_eq!(records[1], json(&out.join("b.txt.json")));
}

#[test]
fn quiet_says_only_what_went_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 2);
    fs::write(input.join("empty.txt"), "").unwrap();
    let out = dir.path().join("out");
    let output = run(["ingest".as_ref(), input.as_os_str(), "-o".as_ref(), out.as_os_str(), "-q".as_ref()]);
    let said = stderr(&output);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("empty.txt: empty: "), "{said}");
}

#[test]
fn the_tasks_of_a_batch_are_shown_as_a_table() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (folder(dir.path()), dir.path().join("out"));
    ingest(&input, &out);
    for path in [out.clone(), out.join("b.txt.json")] {
        let output = run(["tasks".as_ref(), path.as_os_str(), "--width".as_ref(), "100".as_ref()]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let table = String::from_utf8(output.stdout).unwrap();
        assert!(table.starts_with("document"), "{table}");
        assert!(
            table.contains("47/KH-UBND") && table.contains("Sở Thư viện") && table.contains("2026-06-30"),
            "{table}"
        );
        assert!(table.lines().all(|l| console::measure_text_width(l) <= 100), "{table}");
    }
    let output = run(["tasks".as_ref(), input.join("b.txt").as_os_str()]);
    assert_eq!(code(&output), 2);
    assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
}
