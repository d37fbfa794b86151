use crate::exit::Exit;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// By then the program has ended, whatever its threads are doing.
const LATEST: Duration = Duration::from_millis(1800);

/// A second signal this soon is the first once more.
const ECHO: Duration = Duration::from_millis(200);

/// Listens for the signals that end a batch (Ctrl-C, SIGTERM, SIGHUP).
///
/// The first one asks the batch to stop, and to do so within two seconds: an OCR engine in the middle of a page
/// cannot be asked, so at the end of that time, or at the second signal, files on their way are removed and
/// the process ends.
#[derive(Clone, Default)]
pub struct Interrupt {
    stop: Arc<AtomicBool>,
    abort: Arc<OnceLock<Box<dyn Fn() + Send + Sync>>>,
}

impl Interrupt {
    /// Begins to listen. Where the system refuses, signals end the program as they always do.
    ///
    /// `asked` says that the first signal is the ordinary end: it is then waited for what there is still to do, and the
    /// second one ends the process.
    pub fn listen(asked: bool) -> Self {
        let interrupt = Self::default();
        if let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) {
            let heard = interrupt.clone();
            std::thread::spawn(move || {
                let mut first = None;
                for _ in signals.forever() {
                    // `timeout` and terminals may send the same signal twice, to the process and to its group.
                    match first {
                        Some(at) if Instant::now() < at + ECHO => continue,
                        Some(_) => heard.end(),
                        None => first = Some(Instant::now()),
                    }
                    heard.stop.store(true, Ordering::SeqCst);
                    if asked {
                        continue;
                    }
                    let late = heard.clone();
                    std::thread::spawn(move || {
                        std::thread::sleep(LATEST);
                        late.end();
                    });
                }
            });
        }
        interrupt
    }

    /// Says what to do at a hasty end: remove files on their way, end processes.
    pub fn does(&self, abort: impl Fn() + Send + Sync + 'static) {
        // Set once, before the batch begins.
        let _ = self.abort.set(Box::new(abort));
    }

    /// Becomes true at the first signal.
    pub fn stop(&self) -> &Arc<AtomicBool> {
        &self.stop
    }

    /// Ends the process at once as interrupted. Destructors of native libraries do not run: their threads may
    /// still be at work.
    pub fn end(&self) -> ! {
        if let Some(abort) = self.abort.get() {
            abort();
        }
        signal_hook::low_level::exit(Exit::Interrupted as i32)
    }
}
