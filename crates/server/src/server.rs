//! The server as a program runs it.

use crate::accounts::Accounts;
use crate::archive::Archive;
use crate::error::ServeError;
use crate::uploads::Desk;
use crate::web::router;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use batch::files;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_service::Service;

/// Threads that wait for the disk.
const BLOCKING: usize = 16;
/// Connections that are held at once; more wait until one closes.
const CONNECTIONS: usize = 1024;
/// How long the head of a request may take, and how long a connection may wait for the next one.
const HEAD: Duration = Duration::from_secs(30);
/// Largest head of a request, in bytes.
const LARGEST_HEAD: usize = 32 << 10;
/// How long open answers are waited for at the end.
const FAREWELL: Duration = Duration::from_millis(500);
/// Pause after the system could not accept a connection.
const OUT_OF_BREATH: Duration = Duration::from_millis(200);

/// How to serve.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Names under which the server is reached, besides its address.
    pub names: Vec<String>,
    /// A server that does TLS stands in front: cookies go over it alone, and it names the clients.
    pub https: bool,
    /// Requests a second of one who asks, where there are accounts; four times as many at once.
    pub rate: u32,
    /// Largest file that may be uploaded, in bytes.
    pub largest_upload: u64,
    /// How long a client may say nothing while it sends a file.
    pub silence: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8377)),
            names: Vec::new(),
            https: false,
            rate: 100,
            largest_upload: 512 << 20,
            silence: Duration::from_secs(30),
        }
    }
}

/// A server that listens.
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
    archive: Arc<Archive>,
    desk: Arc<Desk>,
    app: Router,
    guarded: bool,
}

impl Server {
    /// Begins to listen; nothing is answered yet.
    ///
    /// # Errors
    /// [`ServeError::Refused`] for addresses that other machines reach while there are no accounts,
    /// [`ServeError::Taken`] and [`ServeError::Listen`] when the system refuses.
    pub fn begin(archive: Arc<Archive>, settings: &Settings) -> Result<Self, ServeError> {
        let address = settings.listen;
        let accounts =
            Accounts::open(&archive.folder().join(files::ACCOUNTS)).map_err(ServeError::Accounts)?;
        let guarded = accounts.any().map_err(ServeError::Accounts)?;
        if !guarded && (!address.ip().is_loopback() || settings.https) {
            return Err(ServeError::Refused(address));
        }
        let runtime = Builder::new_multi_thread().enable_all().max_blocking_threads(BLOCKING).build()?;
        let listener =
            runtime.block_on(TcpListener::bind(address)).map_err(|reason| match reason.kind() {
                io::ErrorKind::AddrInUse => ServeError::Taken(address),
                _ => ServeError::Listen { address, reason },
            })?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk::new(Arc::clone(&archive), settings.largest_upload));
        let app = router(Arc::clone(&archive), Arc::new(accounts), Arc::clone(&desk), settings, address)
            .map_err(io::Error::other)?;
        Ok(Self { runtime, listener, address, archive, desk, app, guarded })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether everybody logs in.
    pub fn is_guarded(&self) -> bool {
        self.guarded
    }

    /// Answers until `stop` becomes true, keeps what is looked up to date meanwhile, and has uploads read.
    ///
    /// # Errors
    /// The system's.
    pub fn run(self, stop: &Arc<AtomicBool>) -> Result<(), ServeError> {
        let (archive, follows) = (self.archive, Arc::clone(stop));
        let follower = thread::Builder::new().name("index".into()).spawn(move || archive.follow(&follows))?;
        let (desk, works) = (self.desk, Arc::clone(stop));
        let reader = thread::Builder::new().name("uploads".into()).spawn(move || desk.work(&works))?;
        let (listener, app, stopping) = (self.listener, self.app, Arc::clone(stop));
        self.runtime.block_on(async move {
            let stopped = async move {
                while !stopping.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            };
            tokio::select! {
                () = accept(&listener, &app) => {}
                () = stopped => {}
            }
        });
        self.runtime.shutdown_timeout(FAREWELL);
        // The one who keeps the index looks at `stop` between records, the other one between looks at its readers.
        let _ = follower.join();
        let _ = reader.join();
        Ok(())
    }
}

/// Takes connections, as many as there is room for.
async fn accept(listener: &TcpListener, app: &Router) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, peer)) => {
                tokio::spawn(talk(stream, peer, app.clone(), place));
            }
            Err(e) => {
                tracing::warn!(%e, "connection");
                tokio::time::sleep(OUT_OF_BREATH).await;
            }
        }
    }
}

/// Answers the requests of a connection. Who takes too long to say what they want is hung up on.
async fn talk(stream: TcpStream, peer: SocketAddr, app: Router, _place: OwnedSemaphorePermit) {
    // Answers are written whole: waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone().call(request)
    });
    let talked = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(e) = talked {
        tracing::debug!(%e, %peer, "connection");
    }
}
