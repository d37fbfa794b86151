//! The end of the program that a reading process talks to.

use crate::engine::{Engine, Request, Trouble, Work};
use crate::limits::Limits;
use crate::protocol::{Order, Reply};
use pipeline::{Failure, one_line};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use vanthu_model::Cause;

/// Longest time for loading engines and models.
const LOADING: Duration = Duration::from_secs(60);
/// How long a process may take to end.
const LEAVING: Duration = Duration::from_millis(500);
/// How much is kept of what a reading process says on standard error, in bytes.
const LOG: usize = 4096;

/// Versions of program, models and engines of a reading process.
pub type EngineId = String;

/// Makes the command that starts a reading process.
type Starter = dyn Fn() -> Command + Send + Sync;

/// Ends all reading processes of a batch at once, from any thread.
#[derive(Debug, Clone, Default)]
pub struct Reins(Arc<Mutex<Held>>);

#[derive(Debug, Default)]
struct Held {
    children: Vec<Arc<Mutex<Child>>>,
    let_go: bool,
}

/// What is held stays consistent whatever panics meanwhile, hence poisoning is passed over.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends a process and what it may have started itself, which would hold its pipes open. It may have ended already.
fn kill(child: &Mutex<Child>) {
    let mut child = lock(child);
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        // Its number is its own until it has been waited for, which only happens under the same lock.
        if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw)
            && matches!(child.try_wait(), Ok(None))
        {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    let _ = child.kill();
}

impl Reins {
    /// Ends the processes and waits for their end, so that the time they took is told to whoever started this program; no
    /// more are started.
    pub fn stop(&self) {
        let children = {
            let mut held = lock(&self.0);
            held.let_go = true;
            std::mem::take(&mut held.children)
        };
        children.iter().for_each(|child| kill(child));
        children.iter().for_each(|child| kill_after(child, LEAVING));
    }

    /// Keeps hold of a process; false when all are to end.
    fn hold(&self, child: &Arc<Mutex<Child>>) -> bool {
        let mut held = lock(&self.0);
        held.children.retain(|c| Arc::strong_count(c) > 1);
        if !held.let_go {
            held.children.push(Arc::clone(child));
        }
        !held.let_go
    }
}

/// Reads inputs in a process of its own, which [`crate::serve`]s: a crash, a hang or too much memory cost one attempt
/// of one input, and the next input gets a new process.
pub struct ProcessEngine {
    start: Arc<Starter>,
    limits: Limits,
    reins: Reins,
    running: Option<Running>,
}

struct Running {
    child: Arc<Mutex<Child>>,
    orders: ChildStdin,
    replies: Receiver<Reply>,
    log: Option<JoinHandle<Vec<u8>>>,
}

impl ProcessEngine {
    /// An engine whose processes are started by the command that `start` makes. None is started yet.
    pub fn new(start: Arc<Starter>, limits: Limits, reins: Reins) -> Self {
        Self { start, limits, reins, running: None }
    }

    /// Starts the process ahead of the first input and waits until it can read.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn prepare(&mut self) -> Result<EngineId, Failure> {
        let (running, id) = Running::start(&self.start, &self.reins).map_err(|t| t.failure)?;
        self.running = Some(running);
        Ok(id)
    }
}

impl Engine for ProcessEngine {
    fn read(&mut self, request: &Request<'_>) -> Result<Work, Trouble> {
        let running = match self.running.take() {
            Some(running) => running,
            None => Running::start(&self.start, &self.reins)?.0,
        };
        let (result, running) = running.read(request, &self.limits);
        self.running = running;
        result
    }
}

impl Running {
    fn start(start: &Arc<Starter>, reins: &Reins) -> Result<(Self, EngineId), Trouble> {
        let refused = |what: String| -> Trouble {
            let remedy = "lower --jobs or the number of running programs";
            Failure::new(Cause::Crash, format!("the reading process cannot be started ({what})"), remedy)
                .into()
        };
        let mut command = start();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        {
            // Ctrl-C is for the program, which sees to it that its processes end.
            use std::os::unix::process::CommandExt;
            command.process_group(0);
        }
        let mut child = command.spawn().map_err(|e| refused(e.to_string()))?;
        let (Some(orders), Some(out), Some(err)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(refused("no pipes".to_string()));
        };
        let child = Arc::new(Mutex::new(child));
        if !reins.hold(&child) {
            kill(&child);
            let _ = lock(&child).wait();
            return Err(refused("the batch is being stopped".to_string()));
        }
        let (sender, replies) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines() {
                // What is no reply ends the talk; the process is then treated as one that has died.
                let Some(reply) = line.ok().and_then(|l| serde_json::from_str(&l).ok()) else { return };
                if sender.send(reply).is_err() {
                    return;
                }
            }
        });
        let log = Some(std::thread::spawn(move || tail(err)));
        let running = Self { child, orders, replies, log };
        let ready = loop {
            match running.replies.recv_timeout(LOADING) {
                Ok(Reply::Log(line)) => crate::log::relay(&line, ""),
                other => break other,
            }
        };
        match ready {
            Ok(Reply::Ready(id)) => {
                tracing::debug!(process = lock(&running.child).id(), "reading process started");
                Ok((running, id))
            }
            Ok(Reply::Failed(refusal)) => {
                running.end();
                Err(Failure::from(refusal).into())
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {
                running.end();
                Err(refused("it does not answer".to_string()))
            }
            Err(RecvTimeoutError::Disconnected) => Err(running.died()),
        }
    }

    /// Has an input read; gives itself back while it lives.
    fn read(mut self, request: &Request<'_>, limits: &Limits) -> (Result<Work, Trouble>, Option<Self>) {
        let order = Order::new(request.path, request.name, request.to, request.threads);
        let began = Instant::now();
        let mut allowed = limits.time;
        let asked = serde_json::to_vec(&order).map_err(std::io::Error::from).and_then(|mut line| {
            line.push(b'\n');
            self.orders.write_all(&line)?;
            self.orders.flush()
        });
        if asked.is_err() {
            return (Err(self.died()), None);
        }
        loop {
            match self.replies.recv_timeout(allowed.saturating_sub(began.elapsed())) {
                Ok(Reply::Pages(pages)) => allowed = limits.time_for(pages),
                Ok(Reply::Done(pages)) => return (Ok(Work { pages }), Some(self)),
                Ok(Reply::Failed(refusal)) => return (Err(Failure::from(refusal).into()), Some(self)),
                Ok(Reply::Log(line)) => crate::log::relay(&line, request.name),
                Ok(Reply::Ready(_)) => {}
                Err(RecvTimeoutError::Timeout) => {
                    let log = self.end();
                    let failure = Failure::new(
                        Cause::Timeout,
                        format!("reading it took longer than {} s", allowed.as_secs()),
                        "raise --time or --time-a-page, or split the file",
                    );
                    return (Err(Trouble { failure, log, again: true }), None);
                }
                Err(RecvTimeoutError::Disconnected) => return (Err(self.died()), None),
            }
        }
    }

    /// Ends the process. Returns the last of what it said.
    fn end(mut self) -> String {
        kill(&self.child);
        self.last_words()
    }

    fn last_words(&mut self) -> String {
        // A process that has closed its pipes may still be about to end.
        kill_after(&self.child, LEAVING);
        let _ = lock(&self.child).wait();
        let said = self.log.take().and_then(|log| log.join().ok()).unwrap_or_default();
        String::from_utf8_lossy(&said).into_owned()
    }

    /// Tells why the process died.
    fn died(mut self) -> Trouble {
        let log = self.last_words();
        let status = lock(&self.child).wait().ok();
        let out_of_memory = ["memory allocation of", "bad_alloc", "Cannot allocate memory"];
        let failure = if out_of_memory.iter().any(|sign| log.contains(sign)) {
            Failure::new(
                Cause::Memory,
                "reading it took more memory than the limit allows",
                "raise --memory, or split the file",
            )
        } else {
            Failure::new(
                Cause::Crash,
                format!("the reading process died{}", status.map(how).unwrap_or_default()),
                "report it with the file, the others are not touched",
            )
        };
        Trouble { failure, log, again: true }
    }
}

fn how(status: ExitStatus) -> String {
    format!(" ({})", one_line(&status.to_string()))
}

/// Gives a process so much time to end by itself, then ends it.
fn kill_after(child: &Mutex<Child>, time: Duration) {
    let end = Instant::now() + time;
    while matches!(lock(child).try_wait(), Ok(None)) {
        if Instant::now() > end {
            return kill(child);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Reads to the end and keeps the last [`LOG`] bytes.
fn tail(mut from: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        kept.extend_from_slice(buffer.get(..n).unwrap_or_default());
        if kept.len() > 2 * LOG {
            kept.drain(..kept.len() - LOG);
        }
    }
    let surplus = kept.len().saturating_sub(LOG);
    kept.drain(..surplus);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_of_a_long_log_are_kept() {
        let text = "x".repeat(100_000) + "the end";
        let kept = tail(text.as_bytes());
        assert!(kept.len() <= LOG && kept.ends_with(b"the end"));
        assert_eq!(tail(&b"short"[..]), b"short");
    }
}
