//! What the tests of the batch share.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use batch::{
    Batch, BatchError, Engine, Event, Observer, Reins, Request, Settings, Summary, Target, Trouble, Work,
};
use pipeline::{Cause, Failure};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use vanthu_model::{Directive, Document, Engine as Engines, RECORD_SCHEMA, Record, Source};

pub struct Silent;

impl Observer for Silent {
    fn event(&mut self, _: Event<'_>) {}
}

/// Does with an input what its name says.
#[derive(Clone, Default)]
pub struct Obedient {
    /// Without dawdling.
    pub quick: bool,
    pub read: Arc<Mutex<Vec<String>>>,
}

impl Obedient {
    /// The names that were read, sorted.
    pub fn read(&self) -> Vec<String> {
        let mut read = self.read.lock().unwrap().clone();
        read.sort();
        read
    }
}

impl Engine for Obedient {
    fn read(&mut self, request: &Request<'_>) -> Result<Work, Trouble> {
        let name = request.name;
        self.read.lock().unwrap().push(name.to_string());
        if name.contains("panic") {
            panic!("said {name}");
        }
        if name.contains("slow") && !self.quick {
            std::thread::sleep(Duration::from_secs(30));
        }
        if name.contains("late") {
            std::thread::sleep(Duration::from_millis(30));
        }
        if name.contains("bad") {
            return Err(Failure::new(Cause::Damaged, "is broken", "mend it").into());
        }
        if name.contains("full") {
            return Err(Failure::writing(&std::io::ErrorKind::StorageFull.into()).into());
        }
        let record = Record {
            schema: RECORD_SCHEMA.into(),
            source: Source { path: name.into(), pages: 1, ..Source::default() },
            engine: Engines::default(),
            document: Document::from_text(name),
            directive: Directive::default(),
            diagnostics: Vec::new(),
        };
        fs::write(request.to, serde_json::to_vec(&record).unwrap()).unwrap();
        Ok(Work { pages: 1 })
    }
}

/// Writes files that hold their own names.
pub fn write(dir: &Path, names: &[&str]) {
    for name in names {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // Whole paths: two files of one name differ.
        fs::write(&path, path.to_str().unwrap()).unwrap();
    }
}

pub fn open(out: &Path, settings: Settings) -> Result<Batch, BatchError> {
    Batch::open(out, Target::File, settings)
}

pub fn work(input: &Path, out: &Path, jobs: usize) -> Summary {
    run_with(&[input.to_path_buf()], out, jobs, Settings::default(), &Obedient::default())
}

pub fn run_with(
    paths: &[PathBuf],
    out: &Path,
    jobs: usize,
    settings: Settings,
    engine: &(impl Engine + Clone + 'static),
) -> Summary {
    let mut batch = open(out, settings).unwrap();
    let stop = Arc::default();
    batch.plan(paths, &stop, &mut Silent).unwrap();
    let engines = (0..jobs).map(|_| Box::new(engine.clone()) as Box<dyn Engine>).collect();
    batch::run(batch, engines, &Reins::default(), &stop, &mut Silent)
}

/// All files below `dir` but those of the account that a batch keeps for itself, as paths in it, sorted.
pub fn tree(dir: &Path) -> Vec<String> {
    fn walk(dir: &Path, root: &Path, all: &mut Vec<String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            if [".vanthu", "failed", "ledger.sqlite"].contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                walk(&path, root, all);
            } else {
                all.push(name);
            }
        }
    }
    let mut all = Vec::new();
    walk(dir, dir, &mut all);
    all.sort();
    all
}

pub fn paths_in_records(out: &Path) -> Vec<String> {
    let text = fs::read_to_string(out.join("records.jsonl")).unwrap();
    text.lines().map(|l| serde_json::from_str::<Record>(l).unwrap().source.path).collect()
}
