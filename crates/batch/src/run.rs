use crate::ledger::{Ledger, Summary};
use crate::plan::{Entry, Input, Plan};
use crate::sink::{Sink, Store};
use crate::worker::{Worker, guarded};
use pipeline::Failure;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use vanthu_model::Record;

/// How often the account looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);
/// Longest wait for records that were being written when the store was sealed.
const LAST_WRITES: Duration = Duration::from_millis(300);
/// Stack of a worker's thread: page descriptions and outlines nest.
const STACK: usize = 16 << 20;

/// How a batch runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Threads, for documents and for the pages inside them; 0 for one a core.
    pub jobs: usize,
    /// How long documents that are being read when the batch is stopped may still take.
    pub grace: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { jobs: 0, grace: Duration::from_millis(900) }
    }
}

/// A step of a batch, as it is told to an [`Observer`].
#[derive(Debug)]
pub enum Event<'a> {
    /// The plan stands: so many inputs, so many of them to be read.
    Planned {
        /// All inputs.
        inputs: usize,
        /// Those to be read.
        to_read: usize,
    },
    /// An input has its record.
    Done {
        /// The input.
        input: &'a Input,
        /// Its pages.
        pages: u32,
    },
    /// An input failed.
    Failed {
        /// The input.
        input: &'a Input,
        /// Why.
        failure: &'a Failure,
    },
    /// An input was left out.
    Skipped {
        /// The input.
        input: &'a Input,
        /// Why.
        reason: &'a str,
    },
    /// The batch is being stopped.
    Stopping,
}

/// Is told what happens, in the order in which it happens, on the thread that called [`run`].
pub trait Observer {
    /// A step.
    fn event(&mut self, event: Event<'_>);
}

/// Why a batch could not begin.
#[derive(Debug, thiserror::Error)]
#[error("threads cannot be started ({0})")]
pub struct StartError(#[from] rayon::ThreadPoolBuildError);

/// What a worker's thread hands over: which input, and its pages with what was stored of its record.
type Message<T> = (usize, Result<(u32, T), Failure>);

/// Works a plan off. Each input is done, failed or skipped in the end, whatever happens.
///
/// Inputs are begun in the order of the plan. When `stop` becomes true no more are begun; after `settings.grace`
/// the ones still being read are given up and their threads left behind, so the caller should then end the process.
///
/// # Errors
/// When no threads can be had.
pub fn run<W, S>(
    plan: Plan,
    worker: Arc<W>,
    sink: &mut S,
    settings: &Settings,
    stop: &Arc<AtomicBool>,
    observer: &mut dyn Observer,
) -> Result<Summary, StartError>
where
    W: Worker + 'static,
    S: Sink,
{
    let began = Instant::now();
    let inputs = Arc::new(plan.inputs);
    let to_read = inputs.iter().filter(|i| matches!(i.entry, Entry::Read { .. })).count();
    observer.event(Event::Planned { inputs: inputs.len(), to_read });

    // The thread pool is the one that pages are read on, too: a thread without a document helps with pages.
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(settings.jobs)
        .thread_name(|i| format!("reader {i}"))
        .stack_size(STACK)
        .build()?;
    let store = sink.store();
    let shift = Shift {
        inputs: Arc::clone(&inputs),
        worker,
        store: Arc::clone(&store),
        next: AtomicUsize::new(0),
        storing: Arc::new(AtomicUsize::new(0)),
        stop: Arc::new(AtomicBool::new(stop.load(Ordering::SeqCst))),
    };
    let (storing, halt) = (Arc::clone(&shift.storing), Arc::clone(&shift.stop));
    let (sender, messages) = sync_channel(pool.current_num_threads() * 2);
    // A broadcast, not tasks: a task could be taken up by a thread that waits for pages of another document, which
    // would then have to wait for it.
    pool.spawn_broadcast(move |_| shift.work(&sender));

    let mut account = Account {
        ledger: Ledger::new(inputs.len()),
        inputs: &inputs,
        sink,
        observer,
        broken: None,
        sealed: false,
    };
    account.take_planned();
    let interrupted = account.take_until_stopped(&messages, stop);
    halt.store(true, Ordering::SeqCst);
    if interrupted {
        account.observer.event(Event::Stopping);
        account.take_for(settings.grace, &messages, || false);
    }
    store.seal();
    account.sealed = true;
    account.take_for(LAST_WRITES, &messages, || storing.load(Ordering::SeqCst) == 0);
    Ok(account.close(interrupted, began.elapsed()))
}

/// What the workers' threads share.
struct Shift<W, T> {
    inputs: Arc<Vec<Input>>,
    worker: Arc<W>,
    store: Arc<T>,
    next: AtomicUsize,
    /// Workers between the beginning of a write and its message.
    storing: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
}

impl<W: Worker, T: Store> Shift<W, T> {
    /// Works on one input after the other until none is left.
    fn work(&self, sender: &SyncSender<Message<T::Stored>>) {
        while !self.stop.load(Ordering::SeqCst) {
            let index = self.next.fetch_add(1, Ordering::SeqCst);
            let Some(input) = self.inputs.get(index) else { return };
            let Entry::Read { output } = &input.entry else { continue };
            let record = guarded(|| self.worker.work(input));
            self.storing.fetch_add(1, Ordering::SeqCst);
            let result = record.and_then(|record| guarded(|| self.keep(output, &record)));
            let sent = sender.send((index, result));
            self.storing.fetch_sub(1, Ordering::SeqCst);
            if sent.is_err() {
                return;
            }
        }
    }

    fn keep(&self, output: &str, record: &Record) -> Result<(u32, T::Stored), Failure> {
        Ok((record.source.pages, self.store.store(output, record)?))
    }
}

/// The thread that keeps the account.
struct Account<'a, S> {
    ledger: Ledger,
    inputs: &'a [Input],
    sink: &'a mut S,
    observer: &'a mut dyn Observer,
    /// Whether the store takes nothing more, so that a failure only tells of that.
    sealed: bool,
    /// Why the sink takes nothing more.
    broken: Option<String>,
}

impl<S: Sink> Account<'_, S> {
    /// Takes the inputs that the plan has settled.
    fn take_planned(&mut self) {
        let inputs = self.inputs;
        for (index, input) in inputs.iter().enumerate() {
            match &input.entry {
                Entry::Read { .. } => continue,
                Entry::Skip { reason } => self.skip(index, input, reason),
                Entry::Fail(failure) => {
                    self.ledger.failed(index, input, failure);
                    self.observer.event(Event::Failed { input, failure });
                }
            }
            self.hand_on(index, None);
        }
    }

    fn skip(&mut self, index: usize, input: &Input, reason: &str) {
        self.ledger.skipped(index, input, reason);
        self.observer.event(Event::Skipped { input, reason });
    }

    fn hand_on(&mut self, index: usize, stored: Option<<S::Store as Store>::Stored>) {
        if self.broken.is_none() {
            self.broken = self.sink.finished(index, stored).err().map(|e| e.to_string());
        }
    }

    fn take(&mut self, (index, result): Message<<S::Store as Store>::Stored>) {
        let Some(input) = self.inputs.get(index) else { return };
        match result {
            Ok((pages, stored)) => {
                self.hand_on(index, Some(stored));
                if self.broken.is_none() {
                    self.ledger.done(index, pages);
                    self.observer.event(Event::Done { input, pages });
                }
            }
            // Left open, and accounted for as interrupted.
            Err(_) if self.sealed => {}
            Err(failure) => {
                self.ledger.failed(index, input, &failure);
                self.observer.event(Event::Failed { input, failure: &failure });
                self.hand_on(index, None);
            }
        }
    }

    /// Takes what the workers hand over until all have ended (false), or until `stop` is set (true) or the sink is
    /// broken (false).
    fn take_until_stopped(
        &mut self,
        messages: &Receiver<Message<<S::Store as Store>::Stored>>,
        stop: &AtomicBool,
    ) -> bool {
        while self.broken.is_none() {
            if stop.load(Ordering::SeqCst) {
                return true;
            }
            match messages.recv_timeout(LOOK) {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        false
    }

    /// Takes what the workers still hand over, for at most `time` or until nothing waits and `quiet` says so.
    fn take_for(
        &mut self,
        time: Duration,
        messages: &Receiver<Message<<S::Store as Store>::Stored>>,
        quiet: impl Fn() -> bool,
    ) {
        let end = Instant::now() + time;
        while self.broken.is_none() {
            // Asked before looking for a message: one may have been sent in between.
            let enough = quiet();
            let left = end.saturating_duration_since(Instant::now());
            match messages.recv_timeout(if enough { Duration::ZERO } else { left.min(LOOK) }) {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) if !enough && !left.is_zero() => {}
                Err(_) => return,
            }
        }
    }

    /// Accounts for what was not reached.
    fn close(mut self, interrupted: bool, took: Duration) -> Summary {
        let inputs = self.inputs;
        let reason = self.broken.clone().unwrap_or_else(|| "interrupted".to_string());
        for index in self.ledger.open() {
            if let Some(input) = inputs.get(index) {
                self.skip(index, input, &reason);
            }
        }
        match &self.broken {
            Some(line) => self.ledger.problem(line.clone()),
            None => self.sink.close().into_iter().for_each(|line| self.ledger.problem(line)),
        }
        self.ledger.summary(interrupted, took)
    }
}
