//! Outputs out of the records of a batch.

use crate::link::link;
use crate::sheets::{self, Reach};
use batch::{DoneInput, Ledger, LedgerError, Shelf, files};
use export::{Bag, BatchOutputs, ExportError, Format, Item, Staging, write_document};
use pipeline::one_line;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use vanthu_model::Record;

/// Stack of a thread that renders pages: page descriptions nest.
const STACK: usize = 16 << 20;

/// What to make.
pub struct Wish<'a> {
    /// Output folder of the batch.
    pub folder: &'a Path,
    /// Formats, each once.
    pub formats: &'a [Format],
    /// Make files of single documents anew even where they are younger than their records.
    pub anew: bool,
    /// Documents worked on at a time.
    pub jobs: usize,
    /// How files are opened.
    pub options: &'a extractor::Options,
    /// Where they are had.
    pub reach: Reach,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Made {
    /// Records that outputs were made of.
    pub records: usize,
    /// Files of text alone, which have no PDF.
    pub without_pages: usize,
    /// What went wrong, a line each.
    pub problems: Vec<String>,
    /// Whether it was stopped before its end.
    pub interrupted: bool,
}

/// Why nothing more can be made.
enum Stop {
    Interrupted,
    Ledger(LedgerError),
    Output(String),
}

impl Stop {
    fn line(self) -> String {
        match self {
            Stop::Interrupted => "interrupted".to_string(),
            Stop::Ledger(e) => e.to_string(),
            Stop::Output(line) => line,
        }
    }
}

impl From<LedgerError> for Stop {
    fn from(error: LedgerError) -> Self {
        Stop::Ledger(error)
    }
}

/// A document for a worker.
struct Job {
    record: Record,
    file: PathBuf,
    output: String,
    place: PathBuf,
    shown: String,
    /// The record's file without its ending.
    base: PathBuf,
    formats: Vec<Format>,
}

/// What a worker tells.
enum Told {
    WithoutPages,
    Problem(String),
}

/// Makes outputs of all records of the last run. The folder is held by the caller.
pub fn make(
    wish: &Wish<'_>,
    ledger: &Ledger,
    staging: &Staging,
    stop: &AtomicBool,
    step: &mut dyn FnMut(),
) -> Made {
    let mut made = Made::default();
    let (tell, told) = channel();
    let (send, jobs) = sync_channel::<Job>(wish.jobs * 2);
    let jobs = Mutex::new(jobs);
    let ended = std::thread::scope(|scope| {
        // Dropped at whatever end, so that the workers end, too.
        let send = send;
        for _ in 0..wish.jobs {
            let (jobs, tell) = (&jobs, tell.clone());
            let worker = std::thread::Builder::new().stack_size(STACK);
            let spawned = worker.spawn_scoped(scope, move || work(jobs, wish, staging, stop, &tell));
            if let Err(e) = spawned {
                return Err(Stop::Output(format!("threads cannot be started ({e})")));
            }
        }
        drop(tell);
        let ended = feed(wish, ledger, staging, stop, &mut made, step, &mut |job| {
            let _ = send.send(job);
        });
        drop(send);
        ended
    });
    for told in told {
        match told {
            Told::WithoutPages => made.without_pages += 1,
            Told::Problem(line) => made.problems.push(line),
        }
    }
    // Workers end in any order; what they tell is told in one.
    made.problems.sort();
    match ended {
        Ok(()) => {}
        Err(Stop::Interrupted) => made.interrupted = true,
        Err(Stop::Ledger(e)) => made.problems.push(e.to_string()),
        Err(Stop::Output(line)) => made.problems.push(line),
    }
    made
}

/// Takes the records in the order of the run into the outputs of the batch and hands them to the workers.
fn feed(
    wish: &Wish<'_>,
    ledger: &Ledger,
    staging: &Staging,
    stop: &AtomicBool,
    made: &mut Made,
    step: &mut dyn FnMut(),
    send: &mut dyn FnMut(Job),
) -> Result<(), Stop> {
    let failed =
        |(format, e): (Format, ExportError)| Stop::Output(format!("{format}: {}", one_line(&e.to_string())));
    let of_all: Vec<Format> = wish.formats.iter().copied().filter(|f| !f.files().is_empty()).collect();
    let area = wish.folder.join(files::AREA);
    let mut outputs = BatchOutputs::begin(wish.folder, &area, &of_all, staging).map_err(failed)?;
    let root = fs::canonicalize(wish.folder).unwrap_or_else(|_| wish.folder.to_path_buf());
    ledger.each_done(&mut |input: DoneInput| {
        if stop.load(Ordering::SeqCst) {
            return Err(Stop::Interrupted);
        }
        let file = wish.folder.join(&input.output);
        let base = wish.folder.join(input.output.strip_suffix(".json").unwrap_or(&input.output));
        let formats = wanted(wish, &file, &base);
        if !of_all.is_empty() || !formats.is_empty() {
            let record: Record = match read(&file) {
                Ok(record) => record,
                Err(e) => return Err(Stop::Output(format!("{}: {e}", one_line(&input.output)))),
            };
            let link = link(&root, &input.place);
            let item = Item { record: &record, file: &file, output: &input.output, link: Some(&link) };
            outputs.add(&item).map_err(failed)?;
            if !formats.is_empty() {
                send(Job {
                    record,
                    file,
                    output: input.output,
                    place: input.place,
                    shown: input.shown,
                    base,
                    formats,
                });
            }
        }
        made.records += 1;
        step();
        Ok(())
    })?;
    outputs.finish().map_err(failed)
}

/// The formats of single documents that are to be made.
fn wanted(wish: &Wish<'_>, record: &Path, base: &Path) -> Vec<Format> {
    let time = |path: &Path| fs::metadata(path).and_then(|m| m.modified()).ok();
    let read = time(record);
    let is_wanted = |format: &Format| {
        format.ending().is_some_and(|ending| {
            let mut path = base.as_os_str().to_os_string();
            path.push(ending);
            wish.anew || time(path.as_ref()).is_none_or(|made| read.is_none_or(|read| made <= read))
        })
    };
    wish.formats.iter().copied().filter(is_wanted).collect()
}

fn read(file: &Path) -> io::Result<Record> {
    Ok(serde_json::from_slice(&fs::read(file)?)?)
}

fn work(
    jobs: &Mutex<Receiver<Job>>,
    wish: &Wish<'_>,
    staging: &Staging,
    stop: &AtomicBool,
    tell: &Sender<Told>,
) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        if stop.load(Ordering::SeqCst) {
            continue;
        }
        let item = Item { record: &job.record, file: &job.file, output: &job.output, link: None };
        let mut open = || sheets::open(&wish.reach, &job.place, &job.record, wish.options);
        let written = catch_unwind(AssertUnwindSafe(|| {
            write_document(&item, &job.base, &job.formats, staging, &mut open)
        }));
        let Ok(failed) = written else {
            // What a library could not take costs one document.
            let shown = one_line(&job.shown);
            let _ =
                tell.send(Told::Problem(format!("{shown}: an error inside vanthu; report it with the file")));
            continue;
        };
        for (format, error) in failed {
            let told = match error {
                ExportError::NoPages => Told::WithoutPages,
                e => {
                    Told::Problem(format!("{}: {format}: {}", one_line(&job.shown), one_line(&e.to_string())))
                }
            };
            // The other end waits for all that is told.
            let _ = tell.send(told);
        }
    }
}

/// Puts what was made into the store that holds the same as the output folder, if there is one. The folder is held.
///
/// # Errors
/// What went wrong, in one line.
pub fn put(wish: &Wish<'_>, ledger: &Ledger, stop: &AtomicBool) -> Result<(), String> {
    let shelf = Shelf::open(wish.folder, None, &wish.reach.stores).map_err(|e| e.to_string())?;
    if shelf.copy().is_none() {
        return Ok(());
    }
    let put = |name: &str| match wish.folder.join(name).is_file() {
        true => shelf.put_own(name).map_err(|e| Stop::Output(format!("{}: {e}", one_line(name)))),
        false => Ok(()),
    };
    let of_all = wish.formats.iter().flat_map(|f| f.files()).try_for_each(|name| put(name));
    let all = of_all.and_then(|()| {
        ledger.each_done(&mut |input: DoneInput| {
            if stop.load(Ordering::SeqCst) {
                return Err(Stop::Interrupted);
            }
            let base = input.output.strip_suffix(".json").unwrap_or(&input.output);
            let endings = wish.formats.iter().filter_map(|f| f.ending());
            endings.map(|ending| format!("{base}{ending}")).try_for_each(|name| put(&name))
        })
    });
    all.map_err(Stop::line)
}

/// Packs records, originals and what was made of them into a bag at `target`.
///
/// # Errors
/// What went wrong, in one line.
pub fn pack(wish: &Wish<'_>, ledger: &Ledger, target: &Path, originals: bool) -> Result<(), String> {
    let shown = one_line(&target.to_string_lossy());
    let writing = |e: &io::Error| format!("{shown}: {}", one_line(&e.to_string()));
    let mut bag = Bag::begin(target).map_err(|e| writing(&e))?;
    let packed = ledger.each_done(&mut |input: DoneInput| {
        let base = input.output.strip_suffix(".json").unwrap_or(&input.output);
        let mut add = |from: &Path, name: &str| {
            bag.add(from, name)
                .map_err(|e| Stop::Output(format!("{}: {e}", one_line(&from.to_string_lossy()))))
        };
        let record = wish.folder.join(&input.output);
        add(&record, &format!("records/{}", input.output))?;
        for ending in wish.formats.iter().filter_map(|f| f.ending()) {
            let name = format!("{base}{ending}");
            let from = wish.folder.join(&name);
            if from.is_file() {
                add(&from, &format!("records/{name}"))?;
            }
        }
        if originals {
            // Of two inputs of one name the second is `x.pdf~2` here; the ending tells what it is.
            let ending =
                input.place.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
            let ending = if base.ends_with(&ending) { "" } else { &ending };
            // Inputs of two folders can bear names of which one is a file and a folder of the other.
            let shown = one_line(&input.shown);
            let mut original = |name: &str| match input.place.is_file() {
                true => bag.add(&input.place, name),
                // A part of an archive, or an object in a store.
                false => {
                    let largest = wish.options.limits.max_file_bytes;
                    let bytes = wish.reach.load(&input.place, largest);
                    let bytes = bytes.map_err(|f| io::Error::other(f.to_string()))?;
                    bag.add_from(&mut bytes.as_slice(), name)
                }
            };
            let digest = original(&format!("originals/{base}{ending}"))
                .or_else(|_| original(&format!("originals-2/{base}{ending}")))
                .map_err(|e| Stop::Output(format!("{shown}: {e}")))?;
            let record = read(&record).map_err(|e| Stop::Output(e.to_string()))?;
            if digest != record.source.sha256 {
                return Err(Stop::Output(format!(
                    "{shown}: the file has changed since it was read; run `vanthu ingest` again"
                )));
            }
        }
        Ok(())
    });
    packed.map_err(Stop::line)?;
    for name in wish.formats.iter().flat_map(|f| f.files()) {
        let from = wish.folder.join(name);
        bag.add(&from, name).map_err(|e| format!("{name}: {e}"))?;
    }
    let agent = concat!("vanthu ", env!("CARGO_PKG_VERSION"));
    let ended = ledger.times().ok().and_then(|(_, ended)| ended);
    let day = ended.as_deref().and_then(|t| t.get(..10)).unwrap_or("");
    let mut about =
        vec![("Bag-Software-Agent", agent), ("External-Description", "records of digitised documents")];
    if !day.is_empty() {
        about.push(("Bagging-Date", day));
    }
    bag.finish(&about).map_err(|e| writing(&e))
}
