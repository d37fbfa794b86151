//! Parts of a list on several machines, and lists that have no end.

#![cfg(unix)]

use crate::common::{code, counts, json, run, small_texts, stderr, tree, vanthu};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// `summary.json` without what differs from run to run.
fn summary(out: &Path) -> serde_json::Value {
    let mut summary = json(&out.join("summary.json"));
    for key in ["seconds", "earlier"] {
        summary.as_object_mut().unwrap().remove(key);
    }
    summary
}

#[test]
fn merged_parts_equal_one_undivided_run() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 40);
    for (name, bytes) in
        [("a-copy.txt", fs::read(input.join("00007.txt")).unwrap()), ("bad.pdf", b"%PDF-1.4".to_vec())]
    {
        fs::write(input.join(name), bytes).unwrap();
    }
    fs::write(input.join("empty.txt"), "").unwrap();
    fs::write(input.join("left-out.xyz"), "x").unwrap();
    let ingest = |out: &str, flags: &[&str]| -> Output {
        let out = text(&dir.path().join(out));
        run([&["ingest", &text(&input), "--out", &out, "--quiet"], flags].concat())
    };
    assert_eq!(code(&ingest("whole", &[])), 2);
    for part in ["1/3", "2/3", "3/3"] {
        ingest(&format!("part-{}", &part[..1]), &["--shard", part]);
    }
    let [whole, merged, one, two, three] =
        ["whole", "merged", "part-1", "part-2", "part-3"].map(|n| dir.path().join(n));
    let output = run([&"merge".into(), &text(&merged), &text(&one), &text(&two), &text(&three)]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).starts_with("3 folders joined: 41 done, 2 failed, 1 skipped of 44 inputs"));

    assert_eq!(tree(&whole), tree(&merged));
    for name in tree(&whole).iter().filter(|n| *n != "summary.json") {
        assert!(fs::read(whole.join(name)).unwrap() == fs::read(merged.join(name)).unwrap(), "{name}");
    }
    assert_eq!(summary(&whole), summary(&merged));
    assert_eq!(tree(&whole.join("failed")), tree(&merged.join("failed")));

    // The merged folder is a batch like any other: nothing is read anew.
    let again = ingest("merged", &[]);
    assert_eq!(code(&again), 2);
    assert_eq!(json(&merged.join("summary.json"))["earlier"], 41);

    // It is not merged into again, and what is no batch cannot be merged.
    assert_eq!(code(&run([&"merge".into(), &text(&merged), &text(&one)])), 1);
    assert_eq!(code(&run([&"merge".into(), &text(&dir.path().join("new")), &text(&input)])), 1);
}

#[test]
fn different_records_of_one_input_are_not_merged() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 3);
    let [a, b, same, out] = ["a", "b", "same", "out"].map(|n| text(&dir.path().join(n)));
    run(["ingest", &text(&input), "--out", &a, "--quiet"]);
    run(["ingest", &text(&input), "--out", &same, "--quiet"]);
    fs::write(input.join("00001.txt"), "Văn bản khác.").unwrap();
    run(["ingest", &text(&input), "--out", &b, "--quiet"]);
    let output = run(["merge", &out, &a, &b]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("00001.txt: "), "{}", stderr(&output));
    // What was refused leaves no ledger, so that the folder can be used.
    let output = run(["merge", &out, &a, &same]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(counts(&json(&Path::new(&out).join("summary.json"))), [3, 0, 0]);
}

fn wait_for(path: &Path) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !path.exists() {
        assert!(Instant::now() < patience, "{} does not come", path.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_watch_takes_files_that_stand_still_until_it_is_ended() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 2);
    let out = dir.path().join("out");
    let child = vanthu()
        .args(["ingest", &text(&input), "--out", &text(&out), "--watch", "--settle", "0.6"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&out.join("00001.txt.json"));
    // A file that keeps growing is left alone until it stands still.
    let growing = input.join("growing.txt");
    for i in 1..=8 {
        fs::write(&growing, crate::common::PLAN.repeat(i)).unwrap();
        std::thread::sleep(Duration::from_millis(250));
        assert!(!out.join("growing.txt.json").exists(), "taken while it grew");
    }
    wait_for(&out.join("growing.txt.json"));
    // One that changes later is read anew.
    let before = fs::read(out.join("00000.txt.json")).unwrap();
    fs::write(input.join("00000.txt"), "Văn bản mới.\n").unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while fs::read(out.join("00000.txt.json")).unwrap() == before && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let summary = json(&out.join("summary.json"));
    assert_eq!(
        (counts(&summary), &summary["interrupted"]),
        ([3, 0, 0], &false.into()),
        "{}",
        stderr(&output)
    );
    let records = fs::read_to_string(out.join("records.jsonl")).unwrap();
    assert_eq!(records.lines().count(), 3);
    assert!(records.contains("Văn bản mới."), "the line is that of the new record");
}
