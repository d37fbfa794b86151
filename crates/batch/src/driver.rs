//! A worker of a batch: a thread that looks at inputs, has them read and puts their records in place.

use crate::engine::{Engine, Request, Trouble};
use crate::files;
use crate::ledger::{Job, Stamp};
use crate::origins::{Origins, failure};
use crate::shelf::Shelf;
use crate::twin;
use export::{Layout, Staging};
use pipeline::{Failure, guarded};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};
use store::{StoreError, Stores};

/// What the account asks of a worker.
#[derive(Debug)]
pub(crate) enum Order {
    /// Look at this input.
    Examine(Job),
    /// Read the input that was looked at.
    Read {
        /// Threads that the reading may take.
        threads: usize,
    },
    /// Make its record from that of its copy; read it where that fails.
    Copy {
        /// The copy's record, by its path inside the output folder.
        from: String,
        /// Threads that a reading may take.
        threads: usize,
    },
}

/// What a worker tells the account.
#[derive(Debug)]
pub(crate) enum Told {
    /// An input was looked at. The digest is missing where its bytes cannot be had, which reading it will explain.
    Examined {
        /// The worker.
        worker: usize,
        /// What the file system tells.
        stamp: Option<Stamp>,
        /// SHA-256 of its bytes in hexadecimal.
        sha256: Option<String>,
    },
    /// An input's record is in place, or there is none.
    Ended {
        /// The worker.
        worker: usize,
        /// Pages of the record.
        result: Result<u32, Trouble>,
        /// How long it took.
        took: Duration,
    },
}

/// What the workers of a batch share.
#[derive(Debug, Clone)]
pub(crate) struct Shop {
    /// Where the records will lie.
    pub shelf: Shelf,
    /// Where inputs come from.
    pub stores: Stores,
    /// The records on their way.
    pub staging: Staging,
    /// How records are laid out.
    pub layout: Layout,
    /// Larger files are not looked into: reading them will refuse them.
    pub max_bytes: u64,
    /// Workers between the beginning of a rename and its message.
    pub storing: Arc<AtomicUsize>,
}

/// Does what is asked until the account is gone.
pub(crate) fn work(
    worker: usize,
    mut engine: Box<dyn Engine>,
    shop: &Shop,
    orders: &Receiver<Order>,
    tell: &Sender<Told>,
) {
    let area = shop.shelf.folder().join(files::AREA);
    let mut origins = Origins::new(shop.stores.clone(), shop.staging.clone(), area);
    let mut at_hand = None;
    let mut began = Instant::now();
    for order in orders {
        let (copy_of, threads) = match order {
            Order::Examine(job) => {
                began = Instant::now();
                let here = guarded(|| origins.bring(&job.path, shop.max_bytes));
                let told = match here {
                    Ok(here) => {
                        let sha256 = digest(&here.file, shop.max_bytes).ok().flatten();
                        let stamp = here.stamp;
                        at_hand = Some((job, here));
                        Told::Examined { worker, stamp, sha256 }
                    }
                    Err(trouble) => Told::Ended { worker, result: Err(trouble), took: began.elapsed() },
                };
                if tell.send(told).is_err() {
                    return;
                }
                continue;
            }
            Order::Read { threads } => (None, threads),
            Order::Copy { from, threads } => (Some(from), threads),
        };
        let Some((job, here)) = at_hand.take() else { continue };
        let counted = Counted::new(&shop.storing);
        let result =
            guarded(|| shop.record(&job, &here.file, &mut *engine, copy_of.as_deref(), threads, &counted));
        if tell.send(Told::Ended { worker, result, took: began.elapsed() }).is_err() {
            return;
        }
    }
}

impl Shop {
    fn record(
        &self,
        job: &Job,
        file: &Path,
        engine: &mut dyn Engine,
        copy_of: Option<&str>,
        threads: usize,
        counted: &Counted<'_>,
    ) -> Result<u32, Trouble> {
        let writing = |e: io::Error| Trouble::from(Failure::writing(&e));
        let staged = self.staging.begin(&self.shelf.folder().join(&job.output)).map_err(writing)?;
        let copied = copy_of.and_then(|from| {
            twin::copy(self.shelf.record(from).ok()?, staged.path(), &job.name, self.layout).ok()
        });
        let pages = match copied {
            Some(pages) => pages,
            None => engine.read(&Request { path: file, name: &job.name, to: staged.path(), threads })?.pages,
        };
        self.shelf
            .put(&job.output, staged.path())
            .map_err(|e| Trouble { again: e.passes(), ..unstored(&e).into() })?;
        counted.begin();
        staged.commit().map_err(writing)?;
        Ok(pages)
    }
}

/// What a store's refusal to take a record means for its input.
fn unstored(error: &StoreError) -> Failure {
    let Failure { cause, message, remedy } = failure(error);
    Failure::new(cause, format!("its output cannot be written ({message})"), remedy)
}

/// Counts a worker as storing from [`Counted::begin`] on until it is dropped, which is after its message.
struct Counted<'a> {
    counter: &'a AtomicUsize,
    begun: std::cell::Cell<bool>,
}

impl<'a> Counted<'a> {
    fn new(counter: &'a AtomicUsize) -> Self {
        Self { counter, begun: std::cell::Cell::new(false) }
    }

    fn begin(&self) {
        if !self.begun.replace(true) {
            self.counter.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        if self.begun.get() {
            self.counter.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// SHA-256 of a file, or of a part of an archive, in lower-case hexadecimal; none for what is no regular file or too
/// large.
fn digest(path: &Path, max_bytes: u64) -> io::Result<Option<String>> {
    if pipeline::inside_archive(path).is_some() {
        return Ok(pipeline::load(path, max_bytes).ok().map(|bytes| pipeline::hex(&Sha256::digest(bytes))));
    }
    let meta = std::fs::metadata(path)?;
    if !meta.is_file() || meta.len() > max_bytes {
        return Ok(None);
    }
    let mut file = File::open(path)?;
    let mut sha256 = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        sha256.update(buffer.get(..n).unwrap_or_default());
    }
    Ok(Some(pipeline::hex(&sha256.finalize())))
}
