//! The reading process.

use crate::limits::confine;
use crate::protocol::{Order, Reply};
use export::{Layout, write_json};
use pipeline::{Failure, Pipeline, guarded, load};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::{self, BufRead, BufWriter, Write};
use std::path::Path;
use vanthu_model::{Cause, Record};

/// Stack of a thread that reads pages: page descriptions and outlines nest.
const STACK: usize = 16 << 20;

/// Reads the inputs that are named on standard input and says on standard output what became of them, until the
/// former ends. The other end is a [`crate::ProcessEngine`].
///
/// `pipeline` loads engines and models. `max_bytes` is the largest input; `memory` bounds the process.
///
/// # Errors
/// When the other end has gone.
pub fn serve(
    pipeline: impl FnOnce() -> Result<Pipeline, Failure>,
    max_bytes: u64,
    layout: Layout,
    memory: u64,
) -> io::Result<()> {
    confine(memory);
    let pipeline = match guarded(pipeline) {
        Ok(pipeline) => pipeline,
        Err(failure) => return say(&Reply::Failed(failure.into())),
    };
    say(&Reply::Ready(pipeline.versions()))?;
    let mut pools = HashMap::new();
    for line in io::stdin().lock().lines() {
        let order: Order = serde_json::from_str(&line?)?;
        let began = std::time::Instant::now();
        let result = guarded(|| {
            let pool = pool(&mut pools, order.threads)?;
            pool.install(|| read(&pipeline, &order, max_bytes, layout))
        });
        let millis = began.elapsed().as_millis() as u64;
        match &result {
            Ok(pages) => tracing::debug!(pages, threads = order.threads, millis, "read"),
            Err(failure) => tracing::debug!(cause = failure.cause.code(), millis, "refused: {failure}"),
        }
        say(&match result {
            Ok(pages) => Reply::Done(pages),
            Err(failure) => Reply::Failed(failure.into()),
        })?;
    }
    Ok(())
}

/// The pool of so many threads; threads keep their OCR engines from one input to the next.
fn pool(pools: &mut HashMap<usize, ThreadPool>, threads: usize) -> Result<&ThreadPool, Failure> {
    use std::collections::hash_map::Entry;
    Ok(match pools.entry(threads) {
        Entry::Occupied(pool) => pool.into_mut(),
        Entry::Vacant(place) => {
            let pool = ThreadPoolBuilder::new().num_threads(threads.max(1)).stack_size(STACK).build();
            place.insert(pool.map_err(|e| {
                Failure::new(
                    Cause::Memory,
                    format!("threads cannot be started ({e})"),
                    "lower --jobs or the number of running programs",
                )
            })?)
        }
    })
}

fn read(pipeline: &Pipeline, order: &Order, max_bytes: u64, layout: Layout) -> Result<u32, Failure> {
    let bytes = load(&order.path(), max_bytes)?;
    let record = pipeline.run_watched(&order.name, &bytes, &|pages| {
        // Only the clock of the other end depends on it.
        let _ = say(&Reply::Pages(pages));
    })?;
    write(&record, &order.to(), layout).map_err(|e| Failure::writing(&e))?;
    Ok(record.source.pages)
}

/// Writes a record into a file that exists: where the other end has removed it, nobody wants it any more.
pub(crate) fn write(record: &Record, to: &Path, layout: Layout) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(1 << 16, OpenOptions::new().write(true).truncate(true).open(to)?);
    write_json(&mut file, record, layout)?;
    file.into_inner().map_err(|e| e.into_error())?;
    Ok(())
}

/// Says something to the other end.
pub(crate) fn say(reply: &Reply) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, reply)?;
    out.write_all(b"\n")?;
    out.flush()
}
