//! The server as a program runs it.

use crate::archive::Archive;
use crate::error::ServeError;
use crate::web::router;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

/// Threads that wait for the disk.
const BLOCKING: usize = 16;
/// How long open answers are waited for at the end.
const FAREWELL: Duration = Duration::from_millis(500);

/// How to serve.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
}

/// A server that listens.
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
    archive: Arc<Archive>,
}

impl Server {
    /// Begins to listen; nothing is answered yet.
    ///
    /// # Errors
    /// [`ServeError::Refused`] for addresses that other machines reach, [`ServeError::Taken`] and
    /// [`ServeError::Listen`] when the system refuses.
    pub fn begin(archive: Arc<Archive>, settings: &Settings) -> Result<Self, ServeError> {
        let address = settings.listen;
        if !address.ip().is_loopback() {
            return Err(ServeError::Refused(address));
        }
        let runtime = Builder::new_multi_thread().enable_all().max_blocking_threads(BLOCKING).build()?;
        let listener =
            runtime.block_on(TcpListener::bind(address)).map_err(|reason| match reason.kind() {
                io::ErrorKind::AddrInUse => ServeError::Taken(address),
                _ => ServeError::Listen { address, reason },
            })?;
        let address = listener.local_addr()?;
        Ok(Self { runtime, listener, address, archive })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` becomes true, and keeps what is looked up to date meanwhile.
    ///
    /// # Errors
    /// The system's.
    pub fn run(self, stop: &Arc<AtomicBool>) -> Result<(), ServeError> {
        let (archive, follows) = (Arc::clone(&self.archive), Arc::clone(stop));
        let follower = thread::Builder::new().name("index".into()).spawn(move || archive.follow(&follows))?;
        let app = router(self.archive, self.address);
        let (listener, stopping) = (self.listener, Arc::clone(stop));
        self.runtime.block_on(async move {
            let stopped = async move {
                while !stopping.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            };
            let serving = axum::serve(listener, app).into_future();
            tokio::select! {
                ended = serving => ended,
                () = stopped => Ok(()),
            }
        })?;
        self.runtime.shutdown_timeout(FAREWELL);
        // The one who keeps the index looks at `stop` between records.
        let _ = follower.join();
        Ok(())
    }
}
