//! Other tools at the same tasks, on the same inputs and one core, each scored: `benches/peers/`.
//!
//! A tool is a folder there with `install.sh` (into its own environment, or a word on what is missing), `run.sh` and
//! `tasks.tsv`; `docs/benchmarks.md` tells their form. vanthu is one of them and is run the same way.

use crate::error::{Error, Result};
use crate::inputs::{Inputs, Reading, TCVN3, VNI, syllables};
use crate::results::PeerResult;
use crate::run::tell;
use crate::{tools, usage};
use diacritic_restorer::syllable::strip_marks;
use eval::TextScore;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// A tool gets so many seconds for a task.
const SECONDS: &str = "900";

/// Pages of the long PDF.
const LONG: usize = 100;

/// Scans that stand for all of them: one of each sort, few pages.
const SOME: [&str; 7] = ["05.pdf", "07.pdf", "10.jpg", "12.tiff", "19.jpg", "21.pdf", "24.pdf"];

/// Tasks in the order in which they are told.
pub const TASKS: [&str; 5] = ["ocr", "pdf", "restore", "repair", "convert"];

/// What is asked of the tools.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Only these tasks; all where there are none.
    pub tasks: Vec<String>,
    /// Only tools whose names hold one of these.
    pub only: Vec<String>,
    /// All scans rather than one of each sort.
    pub all_scans: bool,
    /// Whether missing tools are installed.
    pub install: bool,
}

/// A row of a tool's `tasks.tsv`.
struct Entry {
    task: String,
    name: String,
    arguments: Vec<String>,
    folder: PathBuf,
}

/// The inputs of a task and what should come out.
struct Task {
    files: Vec<PathBuf>,
    truths: Vec<String>,
    amount: f64,
    unit: &'static str,
}

/// What a run took.
#[derive(Debug, Serialize, Deserialize)]
pub struct Taken {
    wall: f64,
    processor: f64,
    peak_kib: u64,
    failed: Option<String>,
}

/// Runs all tools at all tasks. What cannot be had is told among `skipped`.
///
/// # Errors
/// Where inputs cannot be made.
pub fn run(inputs: &Inputs, wish: &Wish, skipped: &mut Vec<String>) -> Result<Vec<PeerResult>> {
    let all = entries(&inputs.root().join("benches/peers"))?;
    let holds =
        |wanted: &[String], name: &str| wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str()));
    let mut results = Vec::new();
    let mut ready: Vec<(PathBuf, bool)> = Vec::new();
    for name in TASKS.iter().filter(|t| holds(&wish.tasks, t)) {
        let of_task: Vec<&Entry> =
            all.iter().filter(|e| e.task == *name && holds(&wish.only, &e.name)).collect();
        if of_task.is_empty() {
            continue;
        }
        let task = task(inputs, name, wish.all_scans)?;
        for entry in of_task {
            tell(&format!("peers: {name}, {}", entry.name));
            let known = ready.iter().find(|(f, _)| *f == entry.folder).map(|(_, ok)| *ok);
            let there = known.unwrap_or_else(|| {
                let installed = install(entry, wish.install);
                ready.push((entry.folder.clone(), installed.is_ok()));
                skipped.extend(installed.err().map(|e| format!("{}: {e}", entry.name)));
                ready.last().is_some_and(|(_, ok)| *ok)
            });
            if there {
                match of(inputs, entry, &task) {
                    Ok(result) => results.push(result),
                    Err(e) => skipped.push(format!("{name}, {}: {e}", entry.name)),
                }
            }
        }
    }
    tell("");
    Ok(results)
}

/// All rows of all tools, the tools by name, what does nothing first.
fn entries(folder: &Path) -> Result<Vec<Entry>> {
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(Error::io(folder))?
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.join("tasks.tsv").is_file())
        .collect();
    folders.sort();
    let mut entries = Vec::new();
    for folder in folders {
        let path = folder.join("tasks.tsv");
        let table = fs::read_to_string(&path).map_err(Error::io(&path))?;
        for row in table.lines().filter(|l| !l.starts_with('#')) {
            let mut cells = row.split('\t');
            let (Some(task), Some(name)) = (cells.next(), cells.next()) else { continue };
            let arguments = cells.map(str::to_owned).collect();
            entries.push(Entry { task: task.into(), name: name.into(), arguments, folder: folder.clone() });
        }
    }
    Ok(entries)
}

/// Installs a tool, or finds that it is there.
fn install(entry: &Entry, may: bool) -> Result<()> {
    tell(&format!("installing {}", entry.name));
    let mut command = Command::new("timeout");
    command.args(["600", "bash"]).arg(entry.folder.join("install.sh")).env("PEER_ENV", environment(entry));
    if !may {
        command.env("PEER_OFFLINE", "1");
    }
    tools::output(&mut command).map(|_| ())
}

/// Where a tool has its own things.
fn environment(entry: &Entry) -> PathBuf {
    let name = entry.folder.file_name().unwrap_or_default();
    entry.folder.with_file_name(".env").join(name)
}

fn of(inputs: &Inputs, entry: &Entry, task: &Task) -> Result<PeerResult> {
    let out = tempfile::tempdir_in(inputs.work()).map_err(Error::io(inputs.work()))?;
    let mut command = Command::new(tools::this()?);
    command.arg("witness").args(["taskset", "--cpu-list", &core().to_string(), "timeout", SECONDS, "bash"]);
    command
        .arg(entry.folder.join("run.sh"))
        .arg(&entry.task)
        .args(&entry.arguments)
        .arg("--")
        .arg(out.path());
    command.args(&task.files);
    command
        .env("PEER_ENV", environment(entry))
        .env("VANTHU", tools::vanthu_path()?)
        .env("BENCH", tools::this()?);
    command.env("OMP_THREAD_LIMIT", "1").env("LC_ALL", "C.UTF-8").env_remove("RAYON_NUM_THREADS");
    let output = tools::output(&mut command)?;
    let taken: Taken = serde_json::from_slice(&output.stdout).map_err(Error::stage)?;
    let mut score = TextScore::default();
    let mut without_text = 0;
    for (i, truth) in task.truths.iter().enumerate() {
        let bytes = fs::read(out.path().join(format!("{i}.txt"))).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        without_text += usize::from(text.trim().is_empty());
        score += TextScore::of(truth, &text);
    }
    match taken.failed {
        Some(said) if without_text == task.truths.len() => {
            Err(Error::Failed { program: "run.sh".into(), said })
        }
        _ => Ok(PeerResult {
            task: entry.task.clone(),
            name: entry.name.clone(),
            amount: task.amount,
            unit: task.unit.to_owned(),
            processor: taken.processor,
            wall: taken.wall,
            peak_kib: taken.peak_kib,
            syllables: score.gold_tokens,
            right: score.syllable_accuracy(),
            right_any_order: score.bag_accuracy(),
            character_errors: score.cer(),
            without_text,
        }),
    }
}

/// The core that all tools run on: the last one, since systems put their own work on the first.
fn core() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from) - 1
}

/// Makes the inputs of a task.
fn task(inputs: &Inputs, name: &str, all_scans: bool) -> Result<Task> {
    let truth = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        inputs.text(&format!("fixtures/text/{}.txt", name.split('.').next().unwrap_or_default()))
    };
    let pages =
        |truths: &[String]| truths.iter().map(|t| t.matches('\u{c}').count() + 1).sum::<usize>() as f64;
    match name {
        "ocr" => {
            let mut files = inputs.files("fixtures/scans")?;
            files.retain(|f| all_scans || SOME.iter().any(|s| f.ends_with(s)));
            let truths: Vec<String> = files.iter().map(|f| truth(f)).collect::<Result<_>>()?;
            Ok(Task { amount: pages(&truths), files, truths, unit: "pages" })
        }
        "pdf" => {
            let mut files = inputs.files("fixtures/pdf")?;
            let mut truths: Vec<String> = files.iter().map(|f| truth(f)).collect::<Result<_>>()?;
            files.push(inputs.pdf(LONG)?);
            truths.push(inputs.pdf_text(LONG)?);
            Ok(Task { amount: pages(&truths), files, truths, unit: "pages" })
        }
        "convert" => {
            let texts: Vec<String> =
                inputs.files("fixtures/text")?.iter().map(|f| truth(f)).collect::<Result<_>>()?;
            let (mut files, mut truths) = (Vec::new(), Vec::new());
            for encoding in [&TCVN3, &VNI] {
                // What the encoding cannot write is no fault of who reads it.
                let text = texts.join("\n").replace('\u{c}', "");
                files.push(
                    inputs
                        .kept(&format!("{}.txt", encoding.name), || Ok(encoding.as_western(&text).into()))?,
                );
                truths.push(text);
            }
            let amount = truths.iter().map(String::len).sum::<usize>() as f64;
            Ok(Task { files, truths, amount, unit: "bytes" })
        }
        _ => {
            let (truth, damaged) = match name {
                "restore" => {
                    let texts = inputs.files("fixtures/text")?;
                    let texts: Vec<String> = texts.iter().map(|f| truth(f)).collect::<Result<_>>()?;
                    let text = texts.join("\n").replace('\u{c}', "");
                    let stripped = strip_marks(&text);
                    (text, stripped)
                }
                _ => (inputs.lines(Reading::Printed, 10)?, inputs.lines(Reading::English, 10)?),
            };
            let files = vec![inputs.kept(&format!("{name}.txt"), || Ok(damaged.into_bytes()))?];
            Ok(Task { files, amount: syllables(&truth), truths: vec![truth], unit: "syllables" })
        }
    }
}

/// Runs a command and prints what it took: in a process of its own, since the system tells only the largest of all children.
///
/// # Errors
/// Where it cannot be started.
pub fn witness(command: &[String]) -> Result<Taken> {
    let (program, arguments) = command.split_first().ok_or_else(|| Error::Missing("no command".into()))?;
    let began = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .map_err(|source| Error::Start { program: program.clone(), source })?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("without a word").trim().to_owned();
    Ok(Taken {
        wall: began.elapsed().as_secs_f64(),
        processor: usage::children_processor().as_secs_f64(),
        peak_kib: usage::largest_child_kib(),
        failed: (!output.status.success()).then_some(last),
    })
}

/// Writes the text of each record that lies as `<name of the file>.json` in `records` to `<number of the file>.txt` in `out`.
///
/// # Errors
/// The system's; a file without a record has no text.
pub fn texts_of(records: &Path, out: &Path, files: &[PathBuf]) -> Result<()> {
    for (i, file) in files.iter().enumerate() {
        let name = format!("{}.json", file.file_name().unwrap_or_default().to_string_lossy());
        let Ok(bytes) = fs::read(records.join(name)) else { continue };
        let record: vanthu_model::Record = serde_json::from_slice(&bytes).map_err(Error::stage)?;
        let path = out.join(format!("{i}.txt"));
        fs::write(&path, record.document.text).map_err(Error::io(&path))?;
    }
    Ok(())
}
