use crate::args::ServeArgs;
use crate::exit::{Exit, line, say};
use crate::messages::{msg, said};
use crate::sheets;
use crate::signals::Interrupt;
use batch::LedgerError;
use diacritic_restorer::{Gate, Options, Restorer};
use export::Source;
use pipeline::one_line;
use server::{Archive, Readings, ServeError, Server, Settings, Workshop};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use vanthu_model::{Directive, Document};

/// Readings that are told of a word.
const ALTERNATIVES: usize = 8;

/// Shows a batch in the browser, and to programs over HTTP.
pub fn run(args: &ServeArgs) -> Exit {
    let interrupt = Interrupt::listen(false);
    let begun = Archive::open(&args.folder, workshop(args.reading.options())).and_then(|archive| {
        let archive = Arc::new(archive);
        Server::begin(archive, &Settings { listen: args.listen })
    });
    let server = match begun {
        Ok(server) => server,
        Err(e) => return refused(&e),
    };
    let folder = one_line(&args.folder.to_string_lossy());
    line(&msg!("serving", folder = folder, address = server.address()));
    match server.run(interrupt.stop()) {
        Ok(()) => Exit::Done,
        Err(e) => refused(&e),
    }
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
    Arc::new(Stages { options, restorer: OnceLock::new() })
}

struct Stages {
    options: extractor::Options,
    /// Loaded when other readings are first asked for; none where the model cannot be used.
    restorer: OnceLock<Option<Restorer>>,
}

impl Workshop for Stages {
    fn open(&self, place: &Path, path: &str, sha256: &str) -> Result<Box<dyn Source>, String> {
        sheets::open_file(place, path, sha256, &self.options)
    }

    fn parse(&self, document: &Document) -> Directive {
        structure_parser::parse(document)
    }

    fn readings(&self, lines: &[String]) -> Vec<Readings> {
        let Some(restorer) = self.restorer.get_or_init(|| pipeline::restorer(None, None).ok()) else {
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
