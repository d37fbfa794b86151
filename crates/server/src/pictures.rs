//! Pictures of pages, drawn when they are asked for and kept within a bound.

use crate::workshop::Workshop;
use export::Source;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use tokio::sync::oneshot;

/// Stack of a thread that draws: page descriptions nest.
const STACK: usize = 16 << 20;
/// Pictures that wait to be drawn; more are refused.
const WAITING: usize = 64;
/// Bytes of coded pictures that are kept.
const KEPT: usize = 64 << 20;
/// Quality of their JPEG coding: small print stays clear.
const QUALITY: u8 = 72;

/// How fine a page is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fineness {
    /// For the strip of pages.
    Small,
    /// To be read.
    Plain,
    /// To look closely.
    Fine,
}

impl Fineness {
    /// By its name in addresses.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "small" => Some(Fineness::Small),
            "plain" => Some(Fineness::Plain),
            "fine" => Some(Fineness::Fine),
            _ => None,
        }
    }

    fn dpi(self) -> f32 {
        match self {
            Fineness::Small => 16.0,
            Fineness::Plain => 110.0,
            Fineness::Fine => 220.0,
        }
    }
}

/// A page that is to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// Digest of the file's bytes.
    pub sha256: String,
    /// The page, from 0.
    pub index: usize,
    /// Degrees clockwise by which it is turned to stand upright.
    pub turned: u16,
    /// How fine.
    pub fineness: Fineness,
}

/// Where a file lies and what it is called in its record.
#[derive(Debug, Clone)]
pub struct File {
    /// Its place, from the ledger.
    pub place: PathBuf,
    /// Its name.
    pub path: String,
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPicture {
    /// Too many are being drawn.
    #[error("too many pictures are being drawn; ask again")]
    Busy,
    /// The file or the page cannot be shown.
    #[error("{0}")]
    Unshown(String),
}

type Drawn = Result<Arc<Vec<u8>>, NoPicture>;

struct Job {
    wanted: Wanted,
    file: File,
    to: oneshot::Sender<Drawn>,
}

/// Draws pages in threads of its own, each of which keeps the file open that it drew from last.
#[derive(Debug)]
pub struct Pictures {
    jobs: SyncSender<Job>,
    kept: Arc<Mutex<Kept>>,
}

impl Pictures {
    /// Begins `threads` threads, which end with the value.
    ///
    /// # Errors
    /// When the system starts none.
    pub fn begin(workshop: Arc<dyn Workshop>, threads: usize) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel::<Job>(WAITING);
        let queue = Arc::new(Mutex::new(queue));
        let kept = Arc::new(Mutex::new(Kept::default()));
        for _ in 0..threads.max(1) {
            let (workshop, queue, kept) = (Arc::clone(&workshop), Arc::clone(&queue), Arc::clone(&kept));
            thread::Builder::new()
                .name("pictures".into())
                .stack_size(STACK)
                .spawn(move || work(&*workshop, &queue, &kept))?;
        }
        Ok(Self { jobs, kept })
    }

    /// A page as JPEG.
    ///
    /// # Errors
    /// As [`NoPicture`].
    pub async fn get(&self, wanted: Wanted, file: File) -> Drawn {
        if let Some(bytes) = lock(&self.kept).get(&wanted) {
            return Ok(bytes);
        }
        let (to, drawn) = oneshot::channel();
        self.jobs.try_send(Job { wanted, file, to }).map_err(|e| match e {
            TrySendError::Full(_) => NoPicture::Busy,
            TrySendError::Disconnected(_) => NoPicture::Unshown("no pictures are drawn any more".into()),
        })?;
        drawn.await.unwrap_or_else(|_| {
            Err(NoPicture::Unshown("an error inside vanthu; report it with the file".into()))
        })
    }
}

fn lock(kept: &Mutex<Kept>) -> std::sync::MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(workshop: &dyn Workshop, queue: &Mutex<Receiver<Job>>, kept: &Mutex<Kept>) {
    let mut open: Option<(String, Box<dyn Source>)> = None;
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // Whoever asked may have gone, and another may have drawn it meanwhile.
        if job.to.is_closed() {
            continue;
        }
        if let Some(bytes) = lock(kept).get(&job.wanted) {
            let _ = job.to.send(Ok(bytes));
            continue;
        }
        let drawn = catch_unwind(AssertUnwindSafe(|| draw(workshop, &mut open, &job)));
        let drawn = drawn.unwrap_or_else(|_| {
            open = None;
            Err(NoPicture::Unshown("an error inside vanthu; report it with the file".into()))
        });
        if let Ok(bytes) = &drawn {
            lock(kept).put(job.wanted.clone(), Arc::clone(bytes));
        }
        let _ = job.to.send(drawn);
    }
}

fn draw(workshop: &dyn Workshop, open: &mut Option<(String, Box<dyn Source>)>, job: &Job) -> Drawn {
    let wanted = &job.wanted;
    if open.as_ref().is_none_or(|(sha256, _)| *sha256 != wanted.sha256) {
        *open = None;
        let source =
            workshop.open(&job.file.place, &job.file.path, &wanted.sha256).map_err(NoPicture::Unshown)?;
        *open = Some((wanted.sha256.clone(), source));
    }
    let Some((_, source)) = open else { return Err(NoPicture::Busy) };
    let dpi = wanted.fineness.dpi();
    // A page drawn very small loses its strokes: it is drawn larger and made smaller.
    let picture = source.picture(wanted.index, dpi.max(50.0)).map_err(NoPicture::Unshown)?;
    picture.turned(wanted.turned).jpeg(dpi, QUALITY).map(Arc::new).map_err(NoPicture::Unshown)
}

/// Coded pictures, the one that was asked for last at the end.
#[derive(Debug, Default)]
struct Kept {
    pictures: BTreeMap<Wanted, Arc<Vec<u8>>>,
    order: VecDeque<Wanted>,
    bytes: usize,
}

impl Kept {
    fn get(&mut self, wanted: &Wanted) -> Option<Arc<Vec<u8>>> {
        let bytes = self.pictures.get(wanted).cloned()?;
        if let Some(at) = self.order.iter().position(|w| w == wanted)
            && let Some(w) = self.order.remove(at)
        {
            self.order.push_back(w);
        }
        Some(bytes)
    }

    fn put(&mut self, wanted: Wanted, bytes: Arc<Vec<u8>>) {
        self.bytes += bytes.len();
        self.order.push_back(wanted.clone());
        if let Some(old) = self.pictures.insert(wanted, bytes) {
            self.bytes -= old.len();
        }
        while self.bytes > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            if let Some(gone) = self.pictures.remove(&oldest) {
                self.bytes -= gone.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_has_a_bound() {
        let mut kept = Kept::default();
        let wanted = |index| Wanted { sha256: "a".into(), index, turned: 0, fineness: Fineness::Plain };
        let picture = Arc::new(vec![0; KEPT / 4]);
        for i in 0..4 {
            kept.put(wanted(i), Arc::clone(&picture));
        }
        assert!(kept.get(&wanted(0)).is_some());
        kept.put(wanted(4), picture);
        assert!(kept.get(&wanted(0)).is_some(), "it was asked for last");
        assert!(kept.get(&wanted(1)).is_none());
        assert!(kept.bytes <= KEPT);
    }
}
