//! What a batch promises, whatever its worker does.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use batch::{
    Counts, Entry, Event, FolderSink, Input, Observer, Plan, Settings, Sink, Store, Summary, Worker, run,
};
use export::Layout;
use pipeline::{Cause, Failure};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use vanthu_model::{Directive, Document, Engine, RECORD_SCHEMA, Record, Source};

fn record(name: &str) -> Record {
    Record {
        schema: RECORD_SCHEMA.into(),
        source: Source { path: name.into(), pages: 1, ..Source::default() },
        engine: Engine::default(),
        document: Document::from_text(name),
        directive: Directive::default(),
        diagnostics: Vec::new(),
    }
}

/// Does with an input what its name says.
struct Obedient;

impl Worker for Obedient {
    fn work(&self, input: &Input) -> Result<Record, Failure> {
        if input.name.contains("panic") {
            panic!("said {}", input.name);
        }
        if input.name.contains("slow") {
            std::thread::sleep(Duration::from_secs(30));
        }
        if input.name.contains("late") {
            std::thread::sleep(Duration::from_millis(30));
        }
        if input.name.contains("bad") {
            return Err(Failure::new(Cause::Damaged, "is broken", "mend it"));
        }
        Ok(record(&input.name))
    }
}

struct Silent;

impl Observer for Silent {
    fn event(&mut self, _: Event<'_>) {}
}

fn write(dir: &Path, names: &[&str]) {
    for name in names {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
}

fn plan(paths: &[PathBuf], out: &Path) -> Plan {
    Plan::of(paths, Some(out), &|| false)
}

fn work(plan: Plan, out: &Path, jobs: usize) -> Summary {
    let mut sink = FolderSink::new(out, Layout::Pretty).unwrap();
    let settings = Settings { jobs, ..Settings::default() };
    run(plan, Arc::new(Obedient), &mut sink, &settings, &Arc::default(), &mut Silent).unwrap()
}

/// All files below `dir` with their paths in it, sorted.
fn tree(dir: &Path) -> Vec<String> {
    fn walk(dir: &Path, root: &Path, all: &mut Vec<String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, all);
            } else {
                all.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    let mut all = Vec::new();
    walk(dir, dir, &mut all);
    all.sort();
    all
}

fn paths_in_records(out: &Path) -> Vec<String> {
    let text = fs::read_to_string(out.join("records.jsonl")).unwrap();
    text.lines().map(|l| serde_json::from_str::<Record>(l).unwrap().source.path).collect()
}

#[test]
fn each_input_is_accounted_for_and_failures_cost_only_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, &["a.txt", "b/bad.pdf", "b/panic.pdf", "b/c/d.PNG", "e.doc", "f"]);
    let summary = work(plan(std::slice::from_ref(&input), &out), &out, 2);
    assert_eq!(summary.counts, Counts { done: 2, failed: 2, skipped: 2 });
    assert_eq!(summary.inputs, 6);
    assert_eq!(tree(&out), ["a.txt.json", "b/c/d.PNG.json", "records.jsonl"]);
    let causes: Vec<Cause> = summary.failures.iter().map(|f| f.cause).collect();
    assert_eq!(causes, [Cause::Damaged, Cause::Crash]);
    assert!(summary.failures[1].message.contains("said b/panic.pdf"), "{}", summary.failures[1].message);
}

#[test]
fn lines_stand_in_the_order_of_the_inputs_whichever_is_done_first() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    let names: Vec<String> =
        (0..40).map(|i| format!("{i:02}{}.txt", ["", "late", "bad", "", "late"][i % 5])).collect();
    write(&input, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let summary = work(plan(&[input], &out), &out, 4);
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
    let summary = work(plan(&[a, b], &out), &out, 2);
    assert_eq!(summary.counts.done, 4);
    assert_eq!(tree(&out), ["records.jsonl", "s/y.txt.json", "s/y.txt~2.json", "x.txt.json", "x.txt~2.json"]);
}

#[test]
fn a_file_that_is_given_is_read_whatever_its_name() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &["scan", "odd.name"]);
    let paths = [dir.path().join("scan"), dir.path().join("odd.name"), dir.path().join("missing.pdf")];
    let plan = plan(&paths, dir.path());
    assert!(matches!(&plan.inputs[0].entry, Entry::Read { output } if output == "scan.json"));
    assert!(matches!(&plan.inputs[1].entry, Entry::Read { output } if output == "odd.name.json"));
    assert!(matches!(&plan.inputs[2].entry, Entry::Fail(f) if f.cause == Cause::Io));
}

#[test]
fn the_output_folder_inside_an_input_folder_is_no_input() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    write(dir.path(), &["a.txt", "out/old.txt"]);
    let plan = plan(&[dir.path().to_path_buf()], &out);
    assert_eq!(plan.inputs.iter().map(|i| i.name.as_str()).collect::<Vec<_>>(), ["a.txt"]);
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_are_not_followed_and_links_to_files_are_read() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    write(&input, &["a/b.txt"]);
    symlink(&input, input.join("a/loop")).unwrap();
    symlink("b.txt", input.join("a/link.txt")).unwrap();
    symlink("nowhere", input.join("a/broken.txt")).unwrap();
    let plan = plan(&[input], dir.path());
    let found: Vec<(&str, &str)> = plan
        .inputs
        .iter()
        .map(|i| match &i.entry {
            Entry::Read { .. } => (i.name.as_str(), "read"),
            Entry::Skip { .. } => (i.name.as_str(), "skip"),
            Entry::Fail(_) => (i.name.as_str(), "fail"),
        })
        .collect();
    assert_eq!(
        found,
        [("a/b.txt", "read"), ("a/broken.txt", "fail"), ("a/link.txt", "read"), ("a/loop", "skip")]
    );
}

#[test]
fn a_stopped_batch_ends_soon_with_whole_files_and_a_full_account() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, &["1.txt", "2.txt", "3slow.txt", "4slow.txt", "5.txt", "6.txt"]);
    let stop = Arc::new(AtomicBool::new(false));
    let (later, began) = (Arc::clone(&stop), Instant::now());
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        later.store(true, Ordering::SeqCst);
    });
    let mut sink = FolderSink::new(&out, Layout::Compact).unwrap();
    let settings = Settings { jobs: 2, grace: Duration::from_millis(200) };
    let summary =
        run(plan(&[input], &out), Arc::new(Obedient), &mut sink, &settings, &stop, &mut Silent).unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "took {:?}", began.elapsed());
    assert!(summary.interrupted);
    assert_eq!(summary.counts, Counts { done: 2, failed: 0, skipped: 4 });
    assert!(summary.skipped.iter().all(|s| s.reason == "interrupted"));
    assert_eq!(tree(&out), ["1.txt.json", "2.txt.json", "records.jsonl"]);
    assert_eq!(paths_in_records(&out), ["1.txt", "2.txt"]);
}

/// A disk that has no room for the outputs whose names hold "big".
struct SmallDisk(FolderSink);
struct SmallStore(Arc<batch::Files>);

impl Store for SmallStore {
    type Stored = String;
    fn store(&self, output: &str, record: &Record) -> Result<String, Failure> {
        if output.contains("big") {
            return Err(Failure::writing(&std::io::ErrorKind::StorageFull.into()));
        }
        self.0.store(output, record)
    }
}

impl Sink for SmallDisk {
    type Store = SmallStore;
    fn store(&self) -> Arc<SmallStore> {
        Arc::new(SmallStore(self.0.store()))
    }
    fn finished(&mut self, index: usize, stored: Option<String>) -> Result<(), batch::SinkError> {
        self.0.finished(index, stored)
    }
    fn close(&mut self) -> Vec<String> {
        self.0.close()
    }
}

#[test]
fn an_output_that_does_not_fit_on_the_disk_is_a_failure_of_its_input_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    write(&input, &["a.txt", "big.txt", "c.txt"]);
    let mut sink = SmallDisk(FolderSink::new(&out, Layout::Compact).unwrap());
    let stop = Arc::default();
    let summary =
        run(plan(&[input], &out), Arc::new(Obedient), &mut sink, &Settings::default(), &stop, &mut Silent)
            .unwrap();
    assert_eq!(summary.counts, Counts { done: 2, failed: 1, skipped: 0 });
    assert_eq!(summary.failures[0].cause, Cause::Io);
    assert_eq!(tree(&out), ["a.txt.json", "c.txt.json", "records.jsonl"]);
}
