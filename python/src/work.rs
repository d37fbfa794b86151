//! Work outside Python: on threads of our own, without the interpreter lock, and ended by Ctrl-C.

use crate::error::raised;
use ::pipeline::{Failure, crash, guarded};
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use vanthu_model::Cause;

/// Stack of a thread that reads pages: page descriptions and outlines nest.
const STACK: usize = 16 << 20;
/// How often Python is asked whether a signal came.
const LOOK: Duration = Duration::from_millis(50);

/// Threads that keep their OCR engines from one input to the next, started when they are first needed.
pub(crate) struct Threads {
    count: usize,
    /// With the process that started them: a forked process has none of the threads of its parent.
    started: Mutex<Option<(u32, Arc<ThreadPool>)>>,
}

impl Threads {
    /// So many threads; 0 for one a core.
    pub(crate) fn new(count: usize) -> Self {
        Self { count, started: Mutex::new(None) }
    }

    fn pool(&self) -> Result<Arc<ThreadPool>, Failure> {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        if let Some((of, pool)) = &*started
            && *of == process
        {
            return Ok(pool.clone());
        }
        let pool = ThreadPoolBuilder::new()
            .num_threads(self.count)
            .stack_size(STACK)
            .thread_name(|i| format!("vanthu-{i}"))
            .build();
        let pool = Arc::new(pool.map_err(|e| {
            let remedy = "lower the number of threads or of running programs";
            Failure::new(Cause::Memory, format!("threads cannot be started ({e})"), remedy)
        })?);
        // Those of a parent process are not there to be ended.
        std::mem::forget(started.replace((process, pool.clone())));
        Ok(pool)
    }

    /// Has `work` done on the threads while other Python threads go on. A signal whose handler raises (Ctrl-C) ends the
    /// waiting; the work is then done to no purpose.
    ///
    /// # Errors
    /// Those of `work` as exceptions that name `path`; what the handler raised.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        py: Python<'_>,
        path: Option<&str>,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> PyResult<T> {
        let pool = self.pool().map_err(|e| raised(&e, path))?;
        let (tell, told) = channel();
        pool.spawn(move || {
            // Nobody is left to be told after Ctrl-C.
            let _ = tell.send(guarded(work));
        });
        // One waits at a time, on the thread that asked.
        let told = Mutex::new(told);
        loop {
            let answer = py.detach(|| told.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(LOOK));
            match answer {
                Ok(result) => return result.map_err(|e| raised(&e, path)),
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(raised(&crash("the thread that read has ended"), path));
                }
            }
        }
    }
}
