use crate::args::{CommonArgs, IngestArgs, LimitArgs, ProgressKind, ReadingArgs, RepairArgs};
use crate::config::Config;
use crate::destination::Destination;
use crate::exit::{Exit, failure_line, line, say};
use crate::messages::{self, counted, msg, said};
use crate::progress::Progress;
use crate::signals::Interrupt;
use batch::{
    Address, Batch, BatchError, Engine, LedgerError, ProcessEngine, Reins, Settings, Summary, Target, Watch,
    files,
};
use export::{Format, Layout, Staging};
use pipeline::{Cause, Failure, Pipeline};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// Tells a process that it is one of those that read.
const READING_PROCESS: &str = "VANTHU_READING_PROCESS";

/// Hands the settings of a file to them.
const SETTINGS: &str = "VANTHU_READING_SETTINGS";

/// Whether this process is one of those that read for a batch. It is called with the same flags as the batch.
pub fn is_reading_process() -> bool {
    std::env::var_os(READING_PROCESS).is_some()
}

/// The settings of the program that this process reads for: the name of their file and its text. The file itself may
/// have changed meanwhile.
pub fn handed_settings() -> Option<(String, String)> {
    let handed = std::env::var(SETTINGS).ok().filter(|_| is_reading_process())?;
    handed.split_once('\n').map(|(name, text)| (name.to_string(), text.to_string()))
}

/// The command that starts a reading process: this program with the same flags and settings.
pub fn reading_process(config: &Config) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap_or_else(|_| "vanthu".into()));
    command.args(std::env::args_os().skip(1)).env(READING_PROCESS, "1");
    command.env(SETTINGS, format!("{}\n{}", config.name.as_deref().unwrap_or(""), config.text));
    // Who reads what comes from outside needs no key to a store.
    std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(batch::has_secrets)).for_each(
        |(name, _)| {
            command.env_remove(name);
        },
    );
    // Tesseract's OpenMP threads cost six times the processor time of one thread. A value that the user has set stays.
    if std::env::var_os("OMP_THREAD_LIMIT").is_none() {
        command.env("OMP_THREAD_LIMIT", "1");
    }
    command
}

/// Reads for a batch until that has no more inputs.
pub fn serve(args: &IngestArgs) -> Exit {
    let options = options(args);
    let max_bytes = options.extractor.limits.max_file_bytes;
    let served =
        batch::serve(|| Pipeline::new(options), max_bytes, layout(args), args.limits.limits().memory);
    // The batch has gone: nobody is left to be told.
    if served.is_ok() { Exit::Done } else { Exit::SomeFailed }
}

/// Files and folders in, one record each out.
pub fn run(args: &IngestArgs, common: &CommonArgs, config: &Config) -> Exit {
    let interrupt = Interrupt::listen(args.watch);
    if args.out == Path::new("-") {
        if args.formats.iter().any(|f| !matches!(f, Format::Json | Format::Jsonl)) {
            say(&msg!("stdout_records_only"));
            return Exit::Usage;
        }
        let folder = match tempfile::tempdir() {
            Ok(folder) => folder,
            Err(e) => {
                say(&msg!("passing_folder", failure = messages::failure(&Failure::writing(&e))));
                return Exit::SomeFailed;
            }
        };
        let to = Destination { folder: folder.path().to_path_buf(), copy: None };
        return work(args, (common, config), &interrupt, &to, Target::Stream(Box::new(std::io::stdout())));
    }
    if args.watch && args.paths.iter().any(|path| Address::is(path)) {
        say(&msg!("watch_stores"));
        return Exit::Usage;
    }
    match Destination::of(args) {
        Ok(to) => work(args, (common, config), &interrupt, &to, Target::File),
        Err(why) => {
            say(&why);
            Exit::Usage
        }
    }
}

fn layout(args: &IngestArgs) -> Layout {
    if args.pretty { Layout::Pretty } else { Layout::Compact }
}

fn options(args: &IngestArgs) -> pipeline::Options {
    let learned = Destination::of(args).ok().and_then(|to| learned(&to.folder));
    pipeline::Options {
        keep_reading: args.keep_reading,
        ..reading_options(&args.reading, &args.repair, learned)
    }
}

/// What corrections have taught in the output folder `folder`, if anything was.
pub fn learned(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(files::LEXICON)).filter(|file| file.is_file())
}

/// How the stages work under these flags.
pub fn reading_options(
    reading: &ReadingArgs,
    repair: &RepairArgs,
    learned: Option<PathBuf>,
) -> pipeline::Options {
    pipeline::Options {
        extractor: reading.options(),
        restorer: repair.options(),
        model: repair.model.clone(),
        lexicon: repair.lexicon.clone(),
        learned,
        keep_reading: false,
    }
}

/// What decides a record besides its input, and what reading one is allowed. `versions` are those of the reading
/// process.
fn settings(args: &IngestArgs, to: &Destination, versions: &str) -> Settings {
    let (keep_reading, pretty) = (args.keep_reading, args.pretty);
    Settings {
        layout: layout(args),
        max_failures: args.max_failures,
        shard: args.shard,
        copy: to.copy.clone(),
        watch: args.watch.then(|| Watch { settle: Duration::from_secs_f64(args.settle) }),
        ..reading_settings(&args.reading, &args.repair, &args.limits, (keep_reading, pretty), versions)
    }
}

/// The same as far as flags tell it that other commands share.
pub fn reading_settings(
    reading: &ReadingArgs,
    repair: &RepairArgs,
    limits: &LimitArgs,
    (keep_reading, pretty): (bool, bool),
    versions: &str,
) -> Settings {
    let key = json!({
        "versions": versions,
        "keep_reading": keep_reading,
        "threshold": repair.threshold,
        "pretty": pretty,
        "ocr_models": reading.ocr_models,
        "tessdata": reading.tessdata,
    });
    let allowances = json!({
        // Only whether there is another one matters, and a password does not belong into a file.
        "password": reading.password.as_deref().map(pipeline::digest),
        "limits": [reading.max_file_bytes, reading.max_pages as u64, reading.max_pixels,
            u64::from(reading.max_side), reading.max_stream_bytes, reading.max_inflated_bytes,
            reading.max_text_bytes],
        "time": [limits.time, limits.time_a_page],
        "memory": limits.memory,
    });
    Settings {
        key: key.to_string(),
        allowances: allowances.to_string(),
        max_bytes: reading.options().limits.max_file_bytes,
        attempts: limits.attempts,
        ..Settings::default()
    }
}

/// Plans and works off the batch.
fn work(
    args: &IngestArgs,
    (common, config): (&CommonArgs, &Config),
    interrupt: &Interrupt,
    to: &Destination,
    target: Target,
) -> Exit {
    let folder = &to.folder;
    if let Err(e) = std::fs::create_dir_all(folder) {
        line(&failure_line(folder, &Failure::writing(&e)));
        return Exit::Usage;
    }
    let jobs = match args.jobs {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    };
    let reins = Reins::default();
    let handed = config.clone();
    let start = Arc::new(move || reading_process(&handed));
    let engine = || ProcessEngine::new(start.clone(), args.limits.limits(), reins.clone());
    let mut first = engine();
    let versions = match first.prepare() {
        Ok(versions) => versions,
        Err(failure) => {
            say(&format!("{}: {}", failure.cause, messages::failure(&failure)));
            return failure.cause.into();
        }
    };
    let mut batch = match Batch::open(folder, target, settings(args, to, &versions)) {
        Ok(batch) => batch,
        Err(e) => return refused(to, &e),
    };
    let (abort, held) = (batch.abort(), reins.clone());
    let outputs = Staging::aside(folder.join(files::AREA));
    let on_their_way = outputs.clone();
    let passing = matches!(args.out.to_str(), Some("-")).then(|| folder.clone());
    interrupt.does(move || {
        held.stop();
        abort();
        on_their_way.close();
        if let Some(folder) = &passing {
            // At worst it stays among the system's passing files.
            let _ = std::fs::remove_dir_all(folder);
        }
    });
    let mut progress = Progress::new(args.quiet, args.progress, common.logs_to_stderr() || args.watch);
    if let Err(e) = batch.plan(&args.paths, interrupt.stop(), &mut progress) {
        progress.end();
        return refused(to, &e);
    }
    let mut engines: Vec<Box<dyn Engine>> = vec![Box::new(first)];
    engines.extend((1..jobs).map(|_| Box::new(engine()) as Box<dyn Engine>));
    let summary = batch::run(batch, engines, &reins, interrupt.stop(), &mut progress);
    progress.end();
    if args.watch {
        // The signal that ended the watch is not meant for the outputs; another one is.
        interrupt.stop().store(false, std::sync::atomic::Ordering::SeqCst);
    }
    let made = match (summary.interrupted && !args.watch) || args.out == Path::new("-") {
        true => Exit::Done,
        false => crate::exporting::after(args, to, &outputs, interrupt),
    };
    match end(args, interrupt, &summary) {
        Exit::Done => made,
        exit => exit,
    }
}

/// Says why a batch cannot begin.
fn refused(to: &Destination, error: &BatchError) -> Exit {
    match error {
        BatchError::Folder(e) => line(&failure_line(&to.folder, &Failure::writing(e))),
        BatchError::Store(e) => {
            let place = to.copy.as_ref().map_or_else(|| to.folder.clone(), Address::to_path);
            line(&failure_line(&place, &Failure::from_line(Cause::Io, &e.to_string())));
        }
        e => say(&said(&e.to_string())),
    }
    match error {
        BatchError::Folder(_)
        | BatchError::Store(_)
        | BatchError::OtherStore { .. }
        | BatchError::Busy
        | BatchError::Ledger(LedgerError::Foreign { .. }) => Exit::Usage,
        _ => Exit::SomeFailed,
    }
}

/// Says how the batch ended, and ends.
fn end(args: &IngestArgs, interrupt: &Interrupt, summary: &Summary) -> Exit {
    summary.problems.iter().for_each(|p| say(&said(p)));
    let c = summary.counts;
    let out = args.out.to_string_lossy();
    let out = if out == "-" { msg!("standard_output") } else { pipeline::one_line(&out) };
    if args.progress == ProgressKind::Json {
        let counts = json!({ "event": "ended", "interrupted": summary.interrupted, "inputs": summary.inputs,
            "counts": c, "earlier": summary.earlier, "pages": summary.pages, "seconds": summary.seconds });
        line(&counts.to_string());
    } else if !args.quiet || summary.interrupted {
        let pages = msg!(counted("pages", summary.pages as usize), pages = summary.pages);
        let seconds = format!("{:.1}", summary.seconds);
        let (done, failed, skipped, inputs) = (c.done, c.failed, c.skipped, summary.inputs);
        let ended = match summary.earlier {
            0 => msg!(
                "ended",
                done = done,
                failed = failed,
                skipped = skipped,
                inputs = inputs,
                pages = pages,
                seconds = seconds,
                place = out
            ),
            earlier => msg!(
                "ended_earlier",
                done = done,
                earlier = earlier,
                failed = failed,
                skipped = skipped,
                inputs = inputs,
                pages = pages,
                seconds = seconds,
                place = out
            ),
        };
        line(&if summary.interrupted { msg!("interrupted", what = ended) } else { ended });
    }
    if summary.interrupted && !args.watch {
        interrupt.end();
    }
    if summary.failures.iter().any(|f| f.cause == Cause::MissingComponent) {
        Exit::MissingComponent
    } else if c.failed > 0 || !summary.problems.is_empty() {
        Exit::SomeFailed
    } else {
        Exit::Done
    }
}
