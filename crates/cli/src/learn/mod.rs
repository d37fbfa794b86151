//! `vanthu learn`: from corrections to a lexicon of the archive.

mod lessons;
mod trial;

use crate::args::LearnArgs;
use crate::exit::{Exit, line, say};
use crate::ingest::learned;
use crate::messages::{counted, msg, said};
use crate::output::print;
use crate::progress::template;
use crate::signals::Interrupt;
use crate::table::Table;
use crate::text::json;
use batch::{DoneInput, Ledger, LedgerError, files, hold};
use diacritic_restorer::Restorer;
use diacritic_restorer::syllable::fold;
use export::Staging;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lessons::{Lessons, Row, bare};
use rayon::prelude::*;
use serde::Serialize;
use server::review::review;
use server::{Archive, StoreError};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use trial::{Change, Place, touches_digits};
use vanthu_model::Record;

/// Columns where standard output is no terminal.
const PLAIN_WIDTH: usize = 140;
/// Documents that are repaired at one go.
const CHUNK: usize = 64;
/// Places that are named of each change.
const PLACES: usize = 3;

/// Why nothing was learned.
enum Stop {
    Interrupted,
    /// A message in English.
    Line(String),
    /// It was said already.
    Said(Exit),
}

impl From<LedgerError> for Stop {
    fn from(error: LedgerError) -> Self {
        Stop::Line(error.to_string())
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Line(format!("review.sqlite cannot be used ({error}); check the output folder and its disk"))
    }
}

/// What was learned and what it would change, as other programs read it.
#[derive(Debug, Serialize)]
struct Told {
    documents: usize,
    corrections: usize,
    names: Vec<String>,
    confusions: Vec<Row>,
    /// Documents that would read otherwise.
    changed_documents: usize,
    changes: Vec<ToldChange>,
}

#[derive(Debug, Serialize)]
struct ToldChange {
    #[serde(flatten)]
    change: Change,
    count: usize,
    /// The first few of the places.
    places: Vec<Place>,
    touches_digits: bool,
}

/// Learns from the corrections of a batch.
pub fn run(args: &LearnArgs) -> Exit {
    let interrupt = Interrupt::listen(false);
    let archive = match Archive::open(&args.folder, crate::serve::workshop(extractor::Options::default())) {
        Ok(archive) => archive,
        Err(e) => return crate::serve::refused(&e),
    };
    match learn(args, &archive, interrupt.stop()) {
        Ok(exit) => exit,
        Err(Stop::Interrupted) => interrupt.end(),
        Err(Stop::Said(exit)) => exit,
        Err(Stop::Line(what)) => {
            say(&said(&what));
            Exit::SomeFailed
        }
    }
}

fn learn(args: &LearnArgs, archive: &Archive, stop: &AtomicBool) -> Result<Exit, Stop> {
    archive.update(stop)?;
    let without = restorer(args, None)?;
    let knows = |word: &str| without.language_model().id(word).is_some();
    let lessons = lessons(archive, &knows, stop)?;
    if lessons.corrections == 0 {
        line(&msg!("learn_nothing"));
        return Ok(Exit::Done);
    }
    let rows = lessons.rows(args.times, &prints(archive, &lessons)?);
    let names: Vec<String> = lessons.names().map(str::to_owned).collect();
    let with = without_and(args, &rows, &names)?;
    // What is compared is the archive as it is repaired now: with what was learned before.
    let now = match learned(&args.folder) {
        Some(file) => restorer(args, Some(&file))?,
        None => without,
    };
    let changes = try_out(args, archive, (&now, &with), stop)?;
    let documents =
        changes.iter().map(|(_, p)| p.path.as_str()).collect::<std::collections::BTreeSet<_>>().len();
    let mut by_change: BTreeMap<Change, Vec<Place>> = BTreeMap::new();
    for (change, place) in changes {
        by_change.entry(change).or_default().push(place);
    }
    let mut changes: Vec<ToldChange> = by_change
        .into_iter()
        .map(|(change, places)| ToldChange {
            touches_digits: touches_digits(&change),
            count: places.len(),
            places: places.into_iter().take(PLACES).collect(),
            change,
        })
        .collect();
    changes.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.change.cmp(&b.change)));
    let content = lessons::file(&rows, &names);
    let told = Told {
        documents: lessons.documents,
        corrections: lessons.corrections,
        names,
        confusions: rows,
        changed_documents: documents,
        changes,
    };
    tell(args, &told)?;
    apply(args, archive, &content)
}

/// The restorer as the batch has it, with what was learned in a file.
fn restorer(args: &LearnArgs, learned: Option<&std::path::PathBuf>) -> Result<Restorer, Stop> {
    let lexicons = [args.repair.lexicon.clone(), learned.cloned()];
    pipeline::restorer(args.repair.model.as_deref(), &lexicons).map_err(|failure| {
        say(&format!("{}: {}", failure.cause, crate::messages::failure(&failure)));
        Stop::Said(failure.cause.into())
    })
}

fn without_and(args: &LearnArgs, rows: &[Row], names: &[String]) -> Result<Restorer, Stop> {
    Ok(restorer(args, None)?.with_lexicon(&lessons::lexicon(rows, names)))
}

/// What all corrections of the batch teach.
fn lessons(archive: &Archive, knows: &dyn Fn(&str) -> bool, stop: &AtomicBool) -> Result<Lessons, Stop> {
    let numbers = archive.store().numbers()?;
    let mut lessons = Lessons::default();
    each_done(archive, &mut |input| {
        if stop.load(Ordering::SeqCst) {
            return Err(Stop::Interrupted);
        }
        let number = numbers.get(input.place.as_os_str().as_encoded_bytes());
        let events = number.map_or(Ok(Vec::new()), |n| archive.store().events(*n))?;
        if events.is_empty() {
            return Ok(());
        }
        let Some(made) = record(archive, &input) else { return Ok(()) };
        let corrected = review(made.clone(), &events, archive.workshop()).record;
        lessons.learn(&made, &corrected, &events, knows);
        Ok(())
    })?;
    Ok(lessons)
}

/// How often the words that were misread stand in the archive.
fn prints(archive: &Archive, lessons: &Lessons) -> Result<BTreeMap<String, u32>, Stop> {
    let mut prints: BTreeMap<String, u32> =
        lessons.printed().into_iter().map(|w| (w.to_owned(), 0)).collect();
    archive.store().each_text(&mut |text| {
        for word in text.split_whitespace() {
            if let Some(n) = prints.get_mut(fold(bare(word)).as_ref()) {
                *n = n.saturating_add(1);
            }
        }
    })?;
    Ok(prints)
}

/// What would change in all documents when the second restorer took the place of the first.
fn try_out(
    args: &LearnArgs,
    archive: &Archive,
    (now, with): (&Restorer, &Restorer),
    stop: &AtomicBool,
) -> Result<Vec<(Change, Place)>, Stop> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build();
    let pool = pool.map_err(|e| Stop::Line(e.to_string()))?;
    let options = args.repair.options();
    let bar = bar(archive);
    let mut all = Vec::new();
    let mut waiting: Vec<DoneInput> = Vec::new();
    let mut work = |inputs: Vec<DoneInput>| {
        if stop.load(Ordering::SeqCst) {
            return Err(Stop::Interrupted);
        }
        let found: Vec<Vec<_>> = pool.install(|| {
            let one = |input: &DoneInput| {
                let record = record(archive, input);
                record.map_or_else(Vec::new, |r| trial::changes(&r, now, with, &options))
            };
            inputs.par_iter().map(one).collect()
        });
        if let Some(bar) = &bar {
            bar.inc(inputs.len() as u64);
        }
        all.extend(found.into_iter().flatten());
        Ok(())
    };
    each_done(archive, &mut |input| {
        waiting.push(input);
        if waiting.len() < CHUNK { Ok(()) } else { work(std::mem::take(&mut waiting)) }
    })?;
    work(waiting)?;
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    Ok(all)
}

fn each_done(archive: &Archive, take: &mut dyn FnMut(DoneInput) -> Result<(), Stop>) -> Result<(), Stop> {
    Ledger::look(&archive.folder().join(files::LEDGER))?.each_done(take)
}

/// The record of an input as the batch made it; none where it cannot be read, which is logged.
fn record(archive: &Archive, input: &DoneInput) -> Option<Record> {
    let read = fs::read(archive.folder().join(&input.output)).and_then(|b| Ok(serde_json::from_slice(&b)?));
    read.inspect_err(|e| tracing::warn!(%e, file = input.shown, "record")).ok()
}

fn bar(archive: &Archive) -> Option<ProgressBar> {
    if !io::stderr().is_terminal() {
        return None;
    }
    let ledger = Ledger::look(&archive.folder().join(files::LEDGER)).ok()?;
    let all = ledger.done().ok()? as u64;
    let bar = ProgressBar::with_draw_target(Some(all), ProgressDrawTarget::stderr());
    // A template that does not parse would be a slip in the messages; the default bar does as well.
    if let Ok(style) = ProgressStyle::with_template(&template("bar_records")) {
        bar.set_style(style);
    }
    Some(bar)
}

/// Shows what was learned and what would change.
fn tell(args: &LearnArgs, told: &Told) -> Result<(), Stop> {
    if args.json {
        return print(&json(told, false)).map_err(Stop::Said);
    }
    line(&msg!(
        counted("learned", told.corrections),
        corrections = told.corrections,
        documents = told.documents
    ));
    let mut table = Table::new(&[("read", 3), ("printed", 3), ("times", 1), ("of", 1)]);
    for row in told.confusions.iter().take(args.show) {
        table.push([row.raw.clone(), row.text.clone(), row.times.to_string(), row.of.to_string()]);
    }
    let mut text = table.render(width());
    if !told.names.is_empty() {
        let names: Vec<&str> = told.names.iter().take(args.show).map(String::as_str).collect();
        text.push_str(&format!("\n{}\n", msg!("learned_names", names = names.join(", "))));
    }
    text.push('\n');
    let count: usize = told.changes.iter().map(|c| c.count).sum();
    text.push_str(&msg!("learn_changes", changes = count, documents = told.changed_documents));
    text.push('\n');
    let mut table = Table::new(&[("before", 3), ("after", 3), ("count", 1), ("places", 6)]);
    for change in told.changes.iter().take(args.show) {
        let places: Vec<String> = change.places.iter().map(|p| format!("{}:{}", p.path, p.page)).collect();
        let more = if change.count > places.len() { ", …" } else { "" };
        let (before, after) = (change.change.before.clone(), change.change.after.clone());
        table.push([before, after, change.count.to_string(), format!("{}{more}", places.join(", "))]);
    }
    if !told.changes.is_empty() {
        text.push_str(&table.render(width()));
    }
    let facts = told.changes.iter().filter(|c| c.touches_digits).count();
    if facts > 0 {
        text.push_str(&format!("{}\n", msg!("learn_digits", changes = facts)));
    }
    print(text.as_bytes()).map_err(Stop::Said)
}

fn width() -> usize {
    if io::stdout().is_terminal() { usize::from(console::Term::stdout().size().1) } else { PLAIN_WIDTH }
}

/// Writes what was learned, if that is wanted.
fn apply(args: &LearnArgs, archive: &Archive, content: &str) -> Result<Exit, Stop> {
    let target = archive.folder().join(files::LEXICON);
    if fs::read_to_string(&target).is_ok_and(|old| old == content) {
        line(&msg!("learn_same"));
        return Ok(Exit::Done);
    }
    if args.dry_run || !(args.apply || assent()) {
        line(&msg!("learn_not_applied"));
        return Ok(Exit::Done);
    }
    let _lock = hold(archive.folder()).map_err(|e| Stop::Line(e.to_string()))?;
    let staging = Staging::aside(archive.folder().join(files::AREA));
    staging
        .write(&target, |to| to.write_all(content.as_bytes()))
        .map_err(|e| Stop::Line(pipeline::Failure::writing(&e).to_string()))?;
    let folder = pipeline::one_line(&args.folder.to_string_lossy());
    line(&msg!("learn_applied", file = pipeline::one_line(&target.to_string_lossy()), folder = folder));
    Ok(Exit::Done)
}

/// Whether the person at the terminal wants it; nobody is there otherwise.
fn assent() -> bool {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return false;
    }
    let _ = write!(io::stderr(), "{} ", msg!("learn_ask"));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    // "có" and "yes", in any spelling.
    let yes = |c: char| matches!(c.to_ascii_lowercase(), 'y' | 'c');
    read.is_ok() && answer.trim().chars().next().is_some_and(yes)
}
