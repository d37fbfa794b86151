//! What a batch promises, whatever its engines do.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;
use common::{Obedient, open, paths_in_records, run_with, tree, work, write};

use batch::{Counts, Engine, Event, MaxFailures, Observer, Reins, Settings};
use pipeline::{Cause, Failure};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[test]
fn each_input_is_accounted_for_and_failures_cost_only_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, &["a.txt", "b/bad.pdf", "b/panic.pdf", "b/c/d.PNG", "e.xls", "f"]);
    let summary = work(&input, &out, 2);
    assert_eq!(summary.counts, Counts { done: 2, failed: 2, skipped: 2 });
    assert_eq!(summary.inputs, 6);
    assert_eq!(tree(&out), ["a.txt.json", "b/c/d.PNG.json", "records.jsonl", "summary.json"]);
    let causes: Vec<Cause> = summary.failures.iter().map(|f| f.cause).collect();
    assert_eq!(causes, [Cause::Damaged, Cause::Crash]);
    assert!(summary.failures[1].message.contains("said b/panic.pdf"), "{}", summary.failures[1].message);
    assert_eq!(tree(&out.join("failed")), ["b/bad.pdf.json", "b/panic.pdf.json"]);
}

#[test]
fn lines_stand_in_the_order_of_the_inputs_whichever_is_done_first() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    let names: Vec<String> =
        (0..40).map(|i| format!("{i:02}{}.txt", ["", "late", "bad", "", "late"][i % 5])).collect();
    write(&input, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let summary = work(&input, &out, 4);
    assert_eq!(summary.counts.done, 32);
    let expected: Vec<&String> = names.iter().filter(|n| !n.contains("bad")).collect();
    assert_eq!(paths_in_records(&out).iter().collect::<Vec<_>>(), expected);
}

#[test]
fn two_folders_with_the_same_names_do_not_overwrite_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let (a, b, out) = (dir.path().join("a"), dir.path().join("b"), dir.path().join("out"));
    write(&a, &["x.txt", "s/y.txt"]);
    write(&b, &["x.txt", "s/y.txt"]);
    let summary = run_with(&[a.clone(), b, a], &out, 2, Settings::default(), &Obedient::default());
    // What is given twice is one input.
    assert_eq!(summary.counts.done, 4);
    let records = ["s/y.txt.json", "s/y.txt~2.json", "x.txt.json", "x.txt~2.json"];
    assert_eq!(tree(&out).iter().filter(|n| n.contains(".txt")).collect::<Vec<_>>(), records.each_ref());
}

#[test]
fn a_second_run_reads_what_is_new_or_changed_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, &["a.txt", "b.txt", "c.txt", "bad.txt"]);
    assert_eq!(work(&input, &out, 2).counts, Counts { done: 3, failed: 1, skipped: 0 });

    fs::write(input.join("b.txt"), "changed").unwrap();
    fs::remove_file(input.join("c.txt")).unwrap();
    // Touched, but of the same content.
    fs::write(input.join("a.txt"), fs::read(input.join("a.txt")).unwrap()).unwrap();
    write(&input, &["aa.txt"]);
    let engine = Obedient::default();
    let summary = run_with(std::slice::from_ref(&input), &out, 2, Settings::default(), &engine);
    assert_eq!(summary.counts, Counts { done: 3, failed: 1, skipped: 0 });
    assert_eq!(engine.read(), ["aa.txt", "b.txt"]);
    assert_eq!(paths_in_records(&out), ["a.txt", "aa.txt", "b.txt"]);

    // Other settings give other records.
    let engine = Obedient::default();
    let settings = Settings { key: "another model".into(), ..Settings::default() };
    run_with(std::slice::from_ref(&input), &out, 2, settings, &engine);
    assert_eq!(engine.read(), ["a.txt", "aa.txt", "b.txt", "bad.txt"]);
}

#[test]
fn a_record_that_was_taken_away_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, &["a.txt", "b.txt"]);
    work(&input, &out, 1);
    fs::remove_file(out.join("b.txt.json")).unwrap();
    let engine = Obedient::default();
    run_with(&[input], &out, 1, Settings::default(), &engine);
    assert_eq!(engine.read(), ["b.txt"]);
}

#[test]
fn failures_are_tried_again_when_asked_for_or_when_more_is_allowed() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, &["a.txt", "bad.txt", "panic.txt"]);
    work(&input, &out, 1);
    let again = |settings: Settings| {
        let engine = Obedient::default();
        run_with(std::slice::from_ref(&input), &out, 1, settings, &engine);
        engine.read()
    };
    assert!(again(Settings::default()).is_empty());
    let mut ledger = batch::Ledger::look(&out.join(batch::files::LEDGER)).unwrap();
    assert_eq!(ledger.retry(Some(Cause::Crash)).unwrap(), 1);
    assert_eq!(again(Settings::default()), ["panic.txt"]);
    assert_eq!(
        again(Settings { allowances: "password".into(), ..Settings::default() }),
        ["bad.txt", "panic.txt"]
    );
}

#[test]
fn copies_are_read_once_and_each_has_its_record() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    fs::create_dir_all(&input).unwrap();
    for name in ["a.txt", "b.txt", "c.txt"] {
        fs::write(input.join(name), "the same").unwrap();
    }
    let engine = Obedient::default();
    let summary = run_with(&[input], &out, 1, Settings::default(), &engine);
    assert_eq!(summary.counts.done, 3);
    assert_eq!(engine.read(), ["a.txt"]);
    assert_eq!(paths_in_records(&out), ["a.txt", "b.txt", "c.txt"]);
}

#[test]
fn the_parts_of_a_list_are_disjoint_and_make_the_whole() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    let names: Vec<String> = (0..30).map(|i| format!("{i:02}.txt")).collect();
    write(&input, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut all = Vec::new();
    for part in 1..=3 {
        let out = dir.path().join(format!("out{part}"));
        let settings = Settings { shard: Some((part, 3)), ..Settings::default() };
        let engine = Obedient::default();
        let summary = run_with(std::slice::from_ref(&input), &out, 2, settings, &engine);
        assert_eq!(summary.counts.done + summary.counts.skipped, 30);
        assert!(summary.skipped.iter().all(|s| s.reason.starts_with("in part ")));
        all.extend(engine.read());
    }
    all.sort();
    assert_eq!(all, names);
}

#[test]
fn too_many_failures_end_the_batch() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, &["1bad.txt", "2bad.txt", "3bad.txt", "4.txt"]);
    let settings = Settings { max_failures: Some(MaxFailures::Count(1)), ..Settings::default() };
    let summary = run_with(&[input], &out, 1, settings, &Obedient::default());
    assert_eq!(summary.counts, Counts { done: 0, failed: 2, skipped: 2 });
    assert!(summary.problems[0].contains("2 inputs failed"), "{:?}", summary.problems);
}

#[test]
fn two_programs_do_not_work_in_one_folder() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let _first = open(&out, Settings::default()).unwrap();
    let second = open(&out, Settings::default()).err().unwrap();
    assert!(second.to_string().contains("another vanthu"), "{second}");
}

#[test]
fn what_a_killed_program_left_on_its_way_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    write(&out, &[".vanthu/.vanthu-1-7.part"]);
    drop(open(&out, Settings::default()).unwrap());
    assert!(!out.join(".vanthu/.vanthu-1-7.part").exists());
}

#[test]
fn a_stopped_batch_ends_soon_with_whole_files_and_a_full_account() {
    struct Silent;
    impl Observer for Silent {
        fn event(&mut self, _: Event<'_>) {}
    }
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, &["1.txt", "2.txt", "3slow.txt", "4slow.txt", "5.txt", "6.txt"]);
    let stop = Arc::new(AtomicBool::new(false));
    let (later, began) = (Arc::clone(&stop), Instant::now());
    let settings = Settings { grace: Duration::from_millis(200), ..Settings::default() };
    let mut batch = open(&out, settings.clone()).unwrap();
    batch.plan(std::slice::from_ref(&input), &stop, &mut Silent).unwrap();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        later.store(true, Ordering::SeqCst);
    });
    let engines = (0..2).map(|_| Box::new(Obedient::default()) as Box<dyn Engine>).collect();
    let summary = batch::run(batch, engines, &Reins::default(), &stop, &mut Silent);
    assert!(began.elapsed() < Duration::from_secs(2), "took {:?}", began.elapsed());
    assert!(summary.interrupted);
    assert_eq!(summary.counts, Counts { done: 2, failed: 0, skipped: 4 });
    assert!(summary.skipped.iter().all(|s| s.reason == "interrupted"));
    assert_eq!(tree(&out), ["1.txt.json", "2.txt.json", "records.jsonl", "summary.json"]);
    assert_eq!(paths_in_records(&out), ["1.txt", "2.txt"]);

    // The next run does the rest, without holding the interruption against anyone.
    let engine = Obedient { quick: true, ..Obedient::default() };
    let summary = run_with(&[input], &out, 2, settings, &engine);
    assert_eq!((summary.counts.done, summary.earlier), (6, 2));
    assert_eq!(engine.read().len(), 4);
}

#[test]
fn an_output_that_does_not_fit_on_the_disk_is_a_failure_of_its_input_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, &["a.txt", "full.txt", "c.txt"]);
    let summary = work(&input, &out, 1);
    assert_eq!(summary.counts, Counts { done: 2, failed: 1, skipped: 0 });
    assert_eq!(summary.failures[0].cause, Cause::Io);
    assert_eq!(
        summary.failures[0].message,
        Failure::writing(&std::io::ErrorKind::StorageFull.into()).to_string()
    );
    assert_eq!(tree(&out), ["a.txt.json", "c.txt.json", "records.jsonl", "summary.json"]);
}
