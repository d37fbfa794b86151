use crate::args::ServeArgs;
use crate::config::Config;
use crate::exit::{Exit, line, say};
use crate::ingest;
use crate::messages::{msg, said};
use crate::sheets::{self, Reach};
use crate::signals::Interrupt;
use batch::{Engine, LedgerError, Limits, ProcessEngine, Reins, Stores};
use diacritic_restorer::{Gate, Options, Restorer};
use export::{Layout, Source};
use pipeline::{Pipeline, one_line};
use server::{Archive, Readers, Readings, ServeError, Server, Settings, Workshop};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use vanthu_model::{Directive, Document};

/// Readings that are told of a word.
const ALTERNATIVES: usize = 8;

/// Shows a batch in the browser, and to programs over HTTP.
pub fn run(args: &ServeArgs, config: &Config) -> Exit {
    let interrupt = Interrupt::listen(false);
    let readers = Uploads {
        config: config.clone(),
        jobs: args.jobs,
        limits: args.limits.limits(),
        settings: {
            let (reading, repair, limits) = (args.reading.clone(), args.repair.clone(), args.limits.clone());
            Box::new(move |versions| {
                ingest::reading_settings(&reading, &repair, &limits, (false, false), versions)
            })
        },
    };
    let workshop = stages(args.reading.options(), Some(readers));
    let settings = Settings {
        listen: args.listen,
        names: args.hosts.clone(),
        https: args.https,
        rate: args.rate,
        largest_upload: args.reading.max_file_bytes,
        ..Settings::default()
    };
    let begun =
        Archive::open(&args.folder, workshop).and_then(|archive| Server::begin(Arc::new(archive), &settings));
    let server = match begun {
        Ok(server) => server,
        Err(e) => return refused(&e),
    };
    let folder = one_line(&args.folder.to_string_lossy());
    line(&msg!("serving", folder = folder, address = server.address()));
    if server.is_guarded() {
        line(&msg!("serving_guarded"));
    }
    if !server.address().ip().is_loopback() && !args.https {
        line(&msg!("serving_open"));
    }
    match server.run(interrupt.stop()) {
        Ok(()) => Exit::Done,
        Err(e) => refused(&e),
    }
}

/// Reads what was sent to a server until that has no more of it.
pub fn read(args: &ServeArgs) -> Exit {
    let options = ingest::reading_options(&args.reading, &args.repair, ingest::learned(&args.folder));
    let max_bytes = options.extractor.limits.max_file_bytes;
    let memory = args.limits.limits().memory;
    let served = batch::serve(|| Pipeline::new(options), max_bytes, Layout::Compact, memory);
    // The server has gone: nobody is left to be told.
    if served.is_ok() { Exit::Done } else { Exit::SomeFailed }
}

/// Says why there is nothing to serve, in one line.
pub fn refused(error: &ServeError) -> Exit {
    say(&said(&error.to_string()));
    match error {
        ServeError::Ledger(LedgerError::Missing(_) | LedgerError::Foreign { .. })
        | ServeError::Refused(_)
        | ServeError::Taken(_)
        | ServeError::Listen { .. } => Exit::Usage,
        _ => Exit::SomeFailed,
    }
}

/// What the server needs of the stages.
pub fn workshop(options: extractor::Options) -> Arc<dyn Workshop> {
    stages(options, None)
}

fn stages(options: extractor::Options, uploads: Option<Uploads>) -> Arc<dyn Workshop> {
    let reach = Reach { stores: Stores::default(), area: std::env::temp_dir() };
    Arc::new(Stages { options, reach, uploads, restorer: OnceLock::new() })
}

/// How files are read that are sent to the server: by processes of their own, as those of a batch.
struct Uploads {
    config: Config,
    jobs: usize,
    limits: Limits,
    /// The settings of a batch, by the versions of its reading process.
    settings: Box<dyn Fn(&str) -> batch::Settings + Send + Sync>,
}

struct Stages {
    options: extractor::Options,
    reach: Reach,
    uploads: Option<Uploads>,
    /// Loaded when other readings are first asked for; none where the model cannot be used.
    restorer: OnceLock<Option<Restorer>>,
}

impl Workshop for Stages {
    fn open(&self, place: &Path, path: &str, sha256: &str) -> Result<Box<dyn Source>, String> {
        sheets::open_file(&self.reach, place, path, sha256, &self.options)
    }

    fn parse(&self, document: &Document) -> Directive {
        structure_parser::parse(document)
    }

    fn readers(&self) -> Result<Readers, String> {
        let Some(uploads) = &self.uploads else { return Err("nothing is read here".into()) };
        let (reins, config) = (Reins::default(), uploads.config.clone());
        let start = Arc::new(move || ingest::reading_process(&config));
        let engine = || ProcessEngine::new(start.clone(), uploads.limits.clone(), reins.clone());
        let mut first = engine();
        let versions = first.prepare().map_err(|failure| failure.to_string())?;
        let settings = (uploads.settings)(&versions);
        let mut engines: Vec<Box<dyn Engine>> = vec![Box::new(first)];
        engines.extend((1..uploads.jobs).map(|_| Box::new(engine()) as Box<dyn Engine>));
        Ok(Readers { engines, reins, settings })
    }

    fn readings(&self, lines: &[String]) -> Vec<Readings> {
        let Some(restorer) = self.restorer.get_or_init(|| pipeline::restorer(None, []).ok()) else {
            return Vec::new();
        };
        // Whoever asks doubts the word, whatever the line looks like.
        let options = Options { gate: Gate::Open, alternatives: ALTERNATIVES, ..Options::default() };
        let mut told = Vec::new();
        for (number, line) in restorer.restore_lines(&lines.join("\n"), &options).iter().enumerate() {
            for word in line.words.iter().filter(|w| !w.alternatives.is_empty()) {
                let before = line.raw.get(..word.raw_range.start).unwrap_or("");
                let first = before.split_whitespace().count()
                    - usize::from(before.ends_with(|c: char| !c.is_whitespace()));
                let count = line.raw.get(word.raw_range.clone()).unwrap_or("").split_whitespace().count();
                let around = |range: &std::ops::Range<usize>| {
                    // Commas and brackets beside the word belong to it as the record has it.
                    let begin = before.len() - before.rsplit(char::is_whitespace).next().map_or(0, str::len);
                    let behind = line.raw.get(range.end..).unwrap_or("");
                    let end = range.end + behind.split(char::is_whitespace).next().map_or(0, str::len);
                    (
                        line.raw.get(begin..range.start).unwrap_or(""),
                        line.raw.get(range.end..end).unwrap_or(""),
                    )
                };
                let (left, right) = around(&word.raw_range);
                told.push(Readings {
                    line: number,
                    first,
                    last: (first + count).max(1) - 1,
                    alternatives: word
                        .alternatives
                        .iter()
                        .map(|a| (format!("{left}{}{right}", a.text), a.probability))
                        .collect(),
                });
            }
        }
        told
    }
}
