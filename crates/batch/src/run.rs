use crate::driver::{self, Order, Shop, Told};
use crate::engine::{Engine, Trouble};
use crate::error::BatchError;
use crate::files;
use crate::ledger::{Change, Enlisted, Job, Ledger, LedgerError, Stamp};
use crate::lines::Lines;
use crate::lock::hold;
use crate::origins::Origins;
use crate::plan::{Found, Kind, in_part, walk};
use crate::process::Reins;
use crate::quarantine;
use crate::safekeeping::Safekeeping;
use crate::shelf::Shelf;
use crate::summary::Summary;
use crate::watch::{Look, Watch};
use export::{Layout, Staging, write_json};
use pipeline::Failure;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};
use store::{Address, Stores};

/// How often the account looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);
/// Longest wait for records that were being put in place when the batch was stopped.
const LAST_WRITES: Duration = Duration::from_millis(300);

/// How a batch runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What decides the bytes of a record besides those of the input, as text: versions and options.
    pub key: String,
    /// What reading an input is allowed, as text: limits and passwords.
    pub allowances: String,
    /// How records are laid out.
    pub layout: Layout,
    /// Larger files are refused.
    pub max_bytes: u64,
    /// How often an input is tried whose reading process dies or takes too long.
    pub attempts: u32,
    /// More failed inputs than this end the batch.
    pub max_failures: Option<MaxFailures>,
    /// Which part of the inputs is read, by their content: `(i, n)` for the `i`th of `n` parts, from 1.
    pub shard: Option<(u32, u32)>,
    /// How long inputs that are being read when the batch is stopped may still take.
    pub grace: Duration,
    /// Keep taking new and changed files until the batch is stopped.
    pub watch: Option<Watch>,
    /// The stores that inputs may lie in.
    pub stores: Stores,
    /// What is to hold the same as the output folder, each record before the ledger says that it is done.
    pub copy: Option<Address>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            key: String::new(),
            allowances: String::new(),
            layout: Layout::Compact,
            max_bytes: u64::MAX,
            attempts: 2,
            max_failures: None,
            shard: None,
            grace: Duration::from_millis(900),
            watch: None,
            stores: Stores::default(),
            copy: None,
        }
    }
}

/// More failed inputs than this end a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MaxFailures {
    /// So many.
    Count(usize),
    /// So many of a hundred that have ended, once a hundred have.
    Percent(f64),
}

impl MaxFailures {
    fn exceeded(self, failed: usize, ended: usize) -> bool {
        match self {
            MaxFailures::Count(n) => failed > n,
            MaxFailures::Percent(p) => ended >= 100 && failed as f64 * 100.0 > p * ended as f64,
        }
    }
}

/// A step of a batch, as it is told to an [`Observer`]. Paths begin with the path that was given and are fit to be
/// shown.
#[derive(Debug)]
pub enum Event<'a> {
    /// The inputs are found: so many, so many of them to be read, so many done by an earlier run.
    Planned {
        /// All inputs.
        inputs: usize,
        /// Those to be read.
        to_read: usize,
        /// Those that have their record from an earlier run.
        earlier: usize,
    },
    /// An input has its record.
    Done {
        /// The input.
        path: &'a str,
        /// Its pages.
        pages: u32,
    },
    /// An attempt failed and the input will be tried again.
    Again {
        /// The input.
        path: &'a str,
        /// Why.
        failure: &'a Failure,
    },
    /// An input failed.
    Failed {
        /// The input.
        path: &'a str,
        /// Why.
        failure: &'a Failure,
    },
    /// An input was left out.
    Skipped {
        /// The input.
        path: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// New files are waited for.
    Watching,
    /// The batch is being stopped.
    Stopping,
}

/// Is told what happens, in the order in which it happens, on the thread that called [`run`].
pub trait Observer {
    /// A step.
    fn event(&mut self, event: Event<'_>);
}

/// A batch: an output folder with its ledger.
pub struct Batch {
    pub(crate) ledger: Ledger,
    pub(crate) shelf: Shelf,
    pub(crate) origins: Origins,
    /// The records on their way.
    pub(crate) records: Staging,
    /// The batch's own files, which are still written when no more records are taken.
    pub(crate) account: Staging,
    pub(crate) lines: Lines,
    pub(crate) settings: Settings,
    /// What is watched.
    pub(crate) paths: Vec<PathBuf>,
    /// Place in the order for the next input.
    pub(crate) position: i64,
    /// Held while the batch is: two programs in one folder would undo each other's work.
    pub(crate) lock: File,
}

impl Batch {
    /// Opens the batch in `folder`, whose ledger tells what earlier runs have done, and begins a run.
    ///
    /// # Errors
    /// When the folder or the ledger in it cannot be used.
    pub fn open(folder: &Path, target: crate::Target, settings: Settings) -> Result<Self, BatchError> {
        let area = folder.join(files::AREA);
        let lock = hold(folder)?;
        Staging::clear(&area)?;
        let (records, account) = (Staging::aside(area.clone()), Staging::aside(area.clone()));
        let shelf = Shelf::open(folder, settings.copy.as_ref(), &settings.stores)?;
        let lines = Lines::new(shelf.clone(), target, account.clone())?;
        let mut ledger = Ledger::open(&folder.join(files::LEDGER))?;
        ledger.begin_run(&settings.key, &settings.allowances)?;
        let origins = Origins::new(settings.stores.clone(), records.clone(), area);
        let (paths, position) = (Vec::new(), 0);
        Ok(Self { ledger, shelf, origins, records, account, lines, settings, paths, position, lock })
    }

    /// Ends all writing into the folder at once, from any thread: what is on its way is removed.
    pub fn abort(&self) -> impl Fn() + Send + Sync + 'static {
        let (records, account) = (self.records.clone(), self.account.clone());
        move || {
            records.close();
            account.close();
        }
    }

    /// Finds the inputs and takes them into the ledger. `stop` ends it early.
    ///
    /// # Errors
    /// The ledger's.
    pub fn plan(
        &mut self,
        paths: &[PathBuf],
        stop: &AtomicBool,
        observer: &mut dyn Observer,
    ) -> Result<(), BatchError> {
        // What was sent to the server belongs to every run.
        for found in self.ledger.below_folder(&self.shelf.folder().join(files::UPLOADS))? {
            self.ledger.enlist(&found, self.position, &self.shelf, false)?;
            self.position += 1;
        }
        if self.settings.watch.is_some() {
            // Files may still be on their way: they are taken when they stand still.
            self.paths = paths.to_vec();
            self.ledger.commit()?;
            self.ledger.begin_watch()?;
            observer.event(Event::Watching);
            return Ok(());
        }
        let mut position = self.position;
        let shard = self.settings.shard;
        let stopped = walk(paths, &mut self.origins, &self.shelf, shard, &mut |found: Found| {
            if stop.load(Ordering::SeqCst) {
                return Err(None::<LedgerError>);
            }
            self.ledger.enlist(&found, position, &self.shelf, false).map_err(Some)?;
            position += 1;
            if let Kind::Unseen(_) = found.kind {
                position = self.ledger.keep_below(&found.path, position, &self.shelf).map_err(Some)?;
            }
            Ok(())
        });
        if let Err(Some(e)) = stopped {
            return Err(BatchError::Ledger(e));
        }
        self.ledger.commit()?;
        let counts = self.ledger.by_status()?;
        let of = |word: &str| counts.get(word).copied().unwrap_or(0);
        let inputs = counts.values().sum();
        observer.event(Event::Planned { inputs, to_read: of("queued"), earlier: of("done") });
        for failed in self.ledger.failures()? {
            let failure = Failure::from_line(failed.cause, &failed.message);
            observer.event(Event::Failed { path: &failed.path, failure: &failure });
        }
        for skipped in self.ledger.left_out("")? {
            if !skipped.reason.is_empty() {
                observer.event(Event::Skipped { path: &skipped.path, reason: &skipped.reason });
            }
        }
        Ok(())
    }
}

/// Works a batch off: each input is done, failed or skipped in the end, whatever happens. There are as many workers as
/// `engines`.
///
/// Inputs are begun in the order of the plan; those whose reading process died come again after all others. When `stop`
/// becomes true no more are begun; after `settings.grace` the ones still being read are given up, through `reins` where
/// they are processes, and their threads left behind, so the caller should then end the process.
///
/// The summary is written into the output folder, too; where that fails, its `problems` say so.
pub fn run(
    batch: Batch,
    engines: Vec<Box<dyn Engine>>,
    reins: &Reins,
    stop: &AtomicBool,
    observer: &mut dyn Observer,
) -> Summary {
    let began = Instant::now();
    let Batch { ledger, shelf, origins, records, account, lines, settings, paths, position, lock: _lock } =
        batch;
    let shop = Shop {
        shelf: shelf.clone(),
        stores: settings.stores.clone(),
        staging: records,
        layout: settings.layout,
        max_bytes: settings.max_bytes,
        storing: Arc::new(AtomicUsize::new(0)),
    };
    let (tell, told) = channel();
    let workers = engines
        .into_iter()
        .enumerate()
        .map(|(i, engine)| Worker::start(i, engine, shop.clone(), tell.clone()))
        .collect();
    drop(tell);
    let counts = ledger.by_status().unwrap_or_default();
    let mut account = Account {
        waiting: ledger.waiting().unwrap_or(0),
        earlier: counts.get("done").copied().unwrap_or(0),
        failed: counts.get("failed").copied().unwrap_or(0),
        ended: 0,
        ledger,
        shelf,
        origins,
        safekeeping: Safekeeping::new(),
        files: account,
        look: settings.watch.map(|watch| Look::new(watch, paths, position)),
        lines,
        settings,
        workers,
        told,
        observer,
        stopping: false,
    };
    let mut problems = Vec::new();
    let finished = account.work(stop);
    let interrupted = matches!(finished, Ok(false));
    if let Err(e) = finished {
        problems.push(e.to_string());
    }
    if interrupted {
        account.observer.event(Event::Stopping);
        let _ = account.wait(account.settings.grace, || false).map_err(|e| problems.push(e.to_string()));
    }
    account.stopping = true;
    reins.stop();
    shop.staging.close();
    let quiet = || shop.storing.load(Ordering::SeqCst) == 0;
    let _ = account.wait(LAST_WRITES, quiet).map_err(|e| problems.push(e.to_string()));
    account.close(interrupted, problems, began.elapsed())
}

/// A worker as the account sees it.
struct Worker {
    orders: Sender<Order>,
    /// The input that it is at, and what was found out about it.
    at: Option<At>,
}

struct At {
    job: Job,
    stamp: Option<Stamp>,
    sha256: Option<String>,
}

impl Worker {
    fn start(number: usize, engine: Box<dyn Engine>, shop: Shop, tell: Sender<Told>) -> Self {
        let (orders, inbox) = channel();
        std::thread::spawn(move || driver::work(number, engine, &shop, &inbox, &tell));
        Self { orders, at: None }
    }
}

/// The thread that keeps the account.
struct Account<'a> {
    ledger: Ledger,
    shelf: Shelf,
    origins: Origins,
    safekeeping: Safekeeping,
    files: Staging,
    lines: Lines,
    settings: Settings,
    /// Where new files are looked for.
    look: Option<Look>,
    workers: Vec<Worker>,
    told: Receiver<Told>,
    observer: &'a mut dyn Observer,
    /// Inputs that wait.
    waiting: usize,
    /// Inputs that were done before this run.
    earlier: usize,
    /// Inputs that have failed, and that have ended in this run.
    failed: usize,
    ended: usize,
    /// Whether what ends now only tells that the batch is being stopped.
    stopping: bool,
}

impl Account<'_> {
    /// Has all inputs read. True when that is done, false when it was stopped.
    fn work(&mut self, stop: &AtomicBool) -> Result<bool, BatchError> {
        loop {
            if stop.load(Ordering::SeqCst) {
                return Ok(false);
            }
            self.look(stop)?;
            self.hand_out()?;
            self.lines.advance(&self.ledger)?;
            if self.look.is_none() && self.workers.iter().all(|w| w.at.is_none()) {
                return Ok(true);
            }
            match self.told.recv_timeout(LOOK) {
                Ok(told) => self.take(told)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(BatchError::NoWorkers),
            }
            self.ledger.tick()?;
            self.safekeeping.tick(&mut self.ledger, &self.shelf)?;
            if self.settings.max_failures.is_some_and(|max| max.exceeded(self.failed, self.ended)) {
                return Err(BatchError::TooManyFailures(self.failed));
            }
        }
    }

    /// Takes in files that are new or have changed and stand still, where the batch watches for them.
    fn look(&mut self, stop: &AtomicBool) -> Result<(), BatchError> {
        let Some(look) = self.look.as_mut().filter(|look| look.is_due()) else { return Ok(()) };
        let taken = look.around(&mut self.ledger, &mut self.origins, &self.shelf, stop)?;
        self.ledger.commit()?;
        for (found, enlisted) in taken {
            match enlisted {
                Enlisted::Before | Enlisted::Busy => {}
                Enlisted::Kept => self.earlier += 1,
                Enlisted::Waits => self.waiting += 1,
                Enlisted::Anew => {
                    self.waiting += 1;
                    self.lines.outdated();
                }
                Enlisted::Ended => {
                    self.ended += 1;
                    let path = pipeline::one_line(&found.path.to_string_lossy());
                    match &found.kind {
                        Kind::Fail(failure) | Kind::Unseen(failure) => {
                            self.failed += 1;
                            self.observer.event(Event::Failed { path: &path, failure });
                        }
                        Kind::Skip(reason) => self.observer.event(Event::Skipped { path: &path, reason }),
                        // It failed in an earlier run and would fail again.
                        Kind::Read => self.failed += 1,
                    }
                }
            }
        }
        Ok(())
    }

    /// Gives each idle worker an input.
    fn hand_out(&mut self) -> Result<(), BatchError> {
        for worker in &mut self.workers {
            if worker.at.is_some() {
                continue;
            }
            let Some(job) = self.ledger.take()? else { return Ok(()) };
            self.waiting = self.waiting.saturating_sub(1);
            worker.at = Some(At { job: job.clone(), stamp: None, sha256: None });
            if worker.orders.send(Order::Examine(job)).is_err() {
                return Err(BatchError::NoWorkers);
            }
        }
        Ok(())
    }

    fn take(&mut self, told: Told) -> Result<(), BatchError> {
        match told {
            Told::Examined { worker, stamp, sha256 } => self.examined(worker, stamp, sha256),
            Told::Ended { worker, result, took } => self.record_ended(worker, result.map(Some), took),
        }
    }

    /// Decides how the record of an input is made, now that its bytes are known.
    fn examined(
        &mut self,
        index: usize,
        stamp: Option<Stamp>,
        sha256: Option<String>,
    ) -> Result<(), BatchError> {
        // Cores that no other input wants go to the pages of this one.
        let busy = self.workers.iter().filter(|w| w.at.is_some()).count();
        let threads = self.workers.len() / (busy + self.waiting).min(self.workers.len()).max(1);
        let Some(worker) = self.workers.get_mut(index) else { return Ok(()) };
        let Some(at) = &mut worker.at else { return Ok(()) };
        at.stamp = stamp;
        at.sha256 = sha256;
        let mut order = Order::Read { threads };
        if let Some(sha256) = &at.sha256 {
            // Of what lies in stores the listing has left out the other parts.
            if let Some((part, parts)) = self.settings.shard.filter(|_| !Address::is(&at.job.path))
                && shard_of(sha256, parts) != part
            {
                let reason = in_part(shard_of(sha256, parts), parts);
                let (id, path) = (at.job.id, at.job.shown.clone());
                worker.at = None;
                self.ledger.change(Change::LeftOut { id, reason: reason.clone() })?;
                self.ended += 1;
                tracing::debug!(file = path, reason, "skipped");
                self.observer.event(Event::Skipped { path: &path, reason: &reason });
                return Ok(());
            }
            if self.ledger.is_unchanged(&at.job, sha256)? && self.shelf.holds(&at.job.output) {
                return self.record_ended(index, Ok(None), Duration::ZERO);
            }
            if let Some(from) = self.ledger.twin(&at.job, sha256)? {
                order = Order::Copy { from, threads };
            }
        }
        worker.orders.send(order).map_err(|_| BatchError::NoWorkers)
    }

    /// An input's record is in place (pages are none when it stood there before), or there is none.
    fn record_ended(
        &mut self,
        index: usize,
        result: Result<Option<u32>, Trouble>,
        took: Duration,
    ) -> Result<(), BatchError> {
        let Some(At { job, stamp, sha256 }) = self.workers.get_mut(index).and_then(|w| w.at.take()) else {
            return Ok(());
        };
        let trouble = match result {
            Ok(pages) => {
                self.ended += 1;
                self.ledger.change(Change::Done { id: job.id, stamp, sha256, pages, took })?;
                let pages = pages.map_or_else(|| self.ledger.pages(job.id), Ok)?;
                tracing::info!(file = job.shown, pages, millis = took.as_millis() as u64, "done");
                self.observer.event(Event::Done { path: &job.shown, pages });
                return Ok(());
            }
            Err(trouble) => trouble,
        };
        if self.stopping {
            self.ledger.change(Change::GivenBack { id: job.id })?;
            return Ok(());
        }
        let Trouble { failure, log, again } = trouble;
        let attempt = job.attempts + 1;
        let again = again && attempt < self.settings.attempts;
        self.ledger.change(Change::Failed {
            id: job.id,
            attempt,
            stamp,
            cause: failure.cause,
            message: failure.to_string(),
            log,
            took,
            again,
        })?;
        let (file, cause) = (&job.shown, failure.cause.code());
        tracing::warn!(file, cause, attempt, again, millis = took.as_millis() as u64, "{failure}");
        if again {
            self.waiting += 1;
            self.observer.event(Event::Again { path: &job.shown, failure: &failure });
            return Ok(());
        }
        self.ended += 1;
        self.failed += 1;
        // On a full disk the ledger alone tells of it.
        let input = (job.id, job.shown.as_str(), job.output.as_str());
        let _ = quarantine::report(self.shelf.folder(), &self.files, &self.ledger, input, &failure);
        self.observer.event(Event::Failed { path: &job.shown, failure: &failure });
        Ok(())
    }

    /// Takes what the workers still tell, for at most `time` or until nothing comes and `quiet` says so.
    fn wait(&mut self, time: Duration, quiet: impl Fn() -> bool) -> Result<(), BatchError> {
        let end = Instant::now() + time;
        while self.workers.iter().any(|w| w.at.is_some()) {
            // Asked before looking for a message: one may have been sent in between.
            let enough = quiet();
            let left = end.saturating_duration_since(Instant::now());
            match self.told.recv_timeout(if enough { Duration::ZERO } else { left.min(LOOK) }) {
                Ok(Told::Examined { worker, .. }) => {
                    if let Some(at) = self.workers.get_mut(worker).and_then(|w| w.at.take()) {
                        self.ledger.change(Change::GivenBack { id: at.job.id })?;
                    }
                }
                Ok(Told::Ended { worker, result, took }) => {
                    self.record_ended(worker, result.map(Some), took)?;
                }
                Err(RecvTimeoutError::Timeout) if !enough && !left.is_zero() => {}
                Err(_) => break,
            }
        }
        Ok(())
    }

    /// Closes the account.
    fn close(mut self, interrupted: bool, mut problems: Vec<String>, took: Duration) -> Summary {
        for at in self.workers.iter_mut().filter_map(|w| w.at.take()) {
            if let Err(e) = self.ledger.change(Change::GivenBack { id: at.job.id }) {
                problems.push(e.to_string());
            }
        }
        let reason = match problems.first() {
            Some(problem) => problem.clone(),
            None => "interrupted".to_string(),
        };
        let mut note = |result: Result<(), BatchError>| {
            if let Err(e) = result {
                let line = e.to_string();
                if !problems.contains(&line) {
                    problems.push(line);
                }
            }
        };
        // Watching has no other end than being stopped; it was cut short where something still waits.
        let interrupted = interrupted
            && (self.look.is_none()
                || self
                    .ledger
                    .by_status()
                    .is_ok_and(|c| c.contains_key("queued") || c.contains_key("running")));
        note(self.ledger.end_run().map_err(BatchError::from));
        note(quarantine::tidy(self.shelf.folder(), &self.ledger).map_err(BatchError::from));
        note(self.lines.close(&self.ledger).map_err(BatchError::from));
        // Who stops a batch waits for no store: the account there is that of the last run which ended.
        let mut told = !interrupted;
        if told && let Err(e) = self.shelf.check() {
            note(Err(e));
            told = false;
        }
        if told {
            note(self.shelf.put_own(files::RECORDS).map_err(BatchError::from));
            note(self.shelf.put_failed());
        }
        let mut summary = Summary::of(&self.ledger, interrupted, self.earlier, took, problems, &reason);
        if let Err(e) = self
            .files
            .write(&self.shelf.folder().join(files::SUMMARY), |to| write_json(to, &summary, Layout::Pretty))
        {
            summary.problems.push(format!("{}: {}", files::SUMMARY, Failure::writing(&e)));
        }
        if told {
            let ledger = self.safekeeping.end(&self.shelf);
            let put = ledger.and_then(|()| Ok(self.shelf.put_own(files::SUMMARY)?));
            summary.problems.extend(put.err().map(|e| e.to_string()));
        }
        summary
    }
}

/// Which of `parts` parts, from 1, an input belongs to: told by its content alone, so that several machines can share
/// a list without talking to each other.
fn shard_of(sha256: &str, parts: u32) -> u32 {
    let head = sha256.get(..8).and_then(|h| u32::from_str_radix(h, 16).ok()).unwrap_or(0);
    head % parts.max(1) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_borne_up_to_the_limit() {
        assert!(!MaxFailures::Count(2).exceeded(2, 2));
        assert!(MaxFailures::Count(2).exceeded(3, 3));
        // A share says little of the first few.
        assert!(!MaxFailures::Percent(10.0).exceeded(99, 99));
        assert!(!MaxFailures::Percent(10.0).exceeded(10, 100));
        assert!(MaxFailures::Percent(10.0).exceeded(11, 100));
    }

    #[test]
    fn each_content_belongs_to_one_part() {
        let digests = ["00000000", "00000001", "00000002", "ffffffff"];
        let parts: Vec<u32> = digests.iter().map(|d| shard_of(d, 3)).collect();
        assert_eq!(parts, [1, 2, 3, 1]);
    }
}
