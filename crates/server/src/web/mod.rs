//! Pages for people and `/api/v1` for programs.

mod actions;
mod api;
mod assets;
mod audit;
mod callers;
mod document;
mod downloads;
mod extract;
mod guard;
mod list;
mod login;
mod openapi;
mod people;
mod problem;
mod texts;
mod units;
mod uploads;
mod view;

use crate::accounts::{Accounts, NoRandomness, Role, Secret};
use crate::archive::Archive;
use crate::rates::Rates;
use crate::server::Settings;
use crate::store::Entry;
use crate::uploads::Desk;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use problem::Problem;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Largest body of a request, in bytes.
const LARGEST: usize = 256 << 10;
/// Requests that look things up at once; more wait.
const AT_ONCE: usize = 8;
/// Passwords that are looked at at once; more wait.
const HASHED_AT_ONCE: usize = 2;
/// Uploads that are taken in at once; more are refused.
const UPLOADS_AT_ONCE: usize = 4;
/// Those who follow uploads at once; more are refused.
const FOLLOWING: usize = 64;

/// What all requests share.
pub struct App {
    archive: Arc<Archive>,
    accounts: Arc<Accounts>,
    desk: Arc<Desk>,
    /// Whether only this machine reaches the server.
    only_here: bool,
    /// Whether a server that does TLS stands in front.
    https: bool,
    /// The hosts that requests may name, with their ports.
    hosts: Vec<String>,
    /// Names that they may name with any port.
    names: Vec<String>,
    /// The name of the cookie that holds a session: servers on other ports of the machine share cookies with this one.
    session_cookie: String,
    /// What pages send back where there are no accounts.
    pledge: String,
    /// How long a client may say nothing while it sends a file.
    silence: Duration,
    /// Requests of one who asks.
    rates: Rates,
    /// Attempts to log in, by machine and by name.
    logins: Rates,
    logins_by_name: Rates,
    /// Lines of the audit log about refused requests.
    noting: Rates,
    at_once: Semaphore,
    hashing: Semaphore,
    uploading: Semaphore,
    following: Arc<Semaphore>,
    /// One export at a time.
    exporting: Semaphore,
}

impl App {
    /// Lets `work` look things up, away from the threads that serve.
    ///
    /// # Errors
    /// Those of `work`.
    async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Archive) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let inside = || Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "crash", "an error inside vanthu");
        let _turn = self.at_once.acquire().await.map_err(|_| inside())?;
        let archive = Arc::clone(&self.archive);
        tokio::task::spawn_blocking(move || work(&archive)).await.unwrap_or_else(|_| Err(inside()))
    }

    /// Writes a line of the audit log.
    async fn note(&self, entry: Entry) {
        let archive = Arc::clone(&self.archive);
        // A task that dies has logged why.
        let _ = tokio::task::spawn_blocking(move || archive.store().audit(&entry)).await;
    }
}

/// All addresses of a batch that is served at `address`.
///
/// # Errors
/// When the system gives no random numbers.
pub fn router(
    archive: Arc<Archive>,
    accounts: Arc<Accounts>,
    desk: Arc<Desk>,
    settings: &Settings,
    address: SocketAddr,
) -> Result<Router, NoRandomness> {
    let port = address.port();
    let mut hosts = vec![
        address.to_string(),
        format!("localhost:{port}"),
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
    ];
    if port == 80 {
        hosts.extend(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned));
    }
    let rate = settings.rate.max(1);
    let app = Arc::new(App {
        archive,
        accounts,
        desk,
        only_here: address.ip().is_loopback() && !settings.https,
        https: settings.https,
        hosts,
        names: settings.names.clone(),
        session_cookie: format!("{}vanthu-{port}", if settings.https { "__Host-" } else { "" }),
        pledge: Secret::new()?.pledge(),
        silence: settings.silence,
        rates: Rates::new(rate.saturating_mul(4), f64::from(rate)),
        logins: Rates::new(10, 1.0 / 30.0),
        logins_by_name: Rates::new(20, 1.0 / 60.0),
        noting: Rates::new(10, 1.0 / 60.0),
        at_once: Semaphore::new(AT_ONCE),
        hashing: Semaphore::new(HASHED_AT_ONCE),
        uploading: Semaphore::new(UPLOADS_AT_ONCE),
        following: Arc::new(Semaphore::new(FOLLOWING)),
        exporting: Semaphore::new(1),
    });
    let needs = |role: Role| from_fn_with_state(role, callers::needs);
    let all = open()
        .merge(looked_at().route_layer(needs(Role::Reader)))
        .merge(changed().route_layer(needs(Role::Reviewer)))
        .merge(governed(&app).route_layer(needs(Role::Admin)))
        .fallback(nothing)
        .method_not_allowed_fallback(not_so)
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(from_fn_with_state(Arc::clone(&app), guard::guard))
        .with_state(app);
    Ok(Router::new().fallback_service(all).layer(map_response(or_not_so)))
}

/// What the guard says of a body, unless the address does not take the method at all: the router, which alone knows,
/// names those that it takes then.
async fn or_not_so(refusal: Response) -> Response {
    if refusal.status() != StatusCode::UNSUPPORTED_MEDIA_TYPE
        || !refusal.headers().contains_key(header::ALLOW)
    {
        return refusal;
    }
    let (mut told, _) = refusal.into_parts();
    let (parts, body) = not_so().await.into_parts();
    told.status = parts.status;
    told.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(told, body)
}

/// What anyone may see: the log-in, and what its page is made of.
fn open() -> Router<Arc<App>> {
    Router::new()
        .route("/login", get(login::page).post(login::log_in))
        .route("/logout", post(login::log_out))
        .route("/assets/{name}", get(assets::asset))
}

/// What readers may see.
fn looked_at() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/documents") }))
        .route("/documents", get(list::page))
        .route("/documents/{id}", get(document::first))
        .route("/documents/{id}/pages/{number}", get(document::page))
        .route("/documents/{id}/pages/{number}/picture", get(document::picture))
        .route("/calendar", get(units::calendar))
        .route("/units", get(units::list))
        .route("/units/{id}", get(units::one))
        .route("/export", get(downloads::page))
        .route("/export/{format}", get(downloads::download))
        .route("/api", get(openapi::page))
        .route("/api/v1/openapi.json", get(openapi::json))
        .route("/api/v1/schema", get(api::schema))
        .route("/api/v1/documents", get(api::documents))
        .route("/api/v1/documents/{id}", get(api::document))
        .route("/api/v1/documents/{id}/record", get(api::record))
        .route("/api/v1/documents/{id}/readings", get(api::readings))
        .route("/api/v1/documents/{id}/corrections", get(api::corrections))
        .route("/api/v1/documents/{id}/tasks", get(api::tasks))
        .route("/api/v1/documents/{id}/targets", get(api::targets))
        .route("/api/v1/documents/{id}/references", get(api::references))
        .route("/api/v1/documents/{id}/pages/{number}/picture", get(document::picture))
        .route("/api/v1/units", get(api::units))
        .route("/api/v1/units/{unit}/tasks", get(api::unit_tasks))
        .route("/api/v1/deadlines", get(api::deadlines))
        .route("/api/v1/export/{format}", get(downloads::download))
        .route("/api/v1/counts", get(api::counts))
}

/// What reviewers may change.
fn changed() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/documents/{id}/corrections", post(actions::correct))
        .route("/api/v1/documents/{id}/tasks", post(actions::add_task))
        .route("/api/v1/documents/{id}/tasks/{task}", post(actions::decide))
        .route("/api/v1/documents/{id}/reviewed", post(actions::reviewed))
        .route("/api/v1/documents/{id}/undo", post(actions::undo))
}

/// What admins may do.
fn governed(app: &App) -> Router<Arc<App>> {
    // The files have a bound of their own, which is looked at while they come in.
    let take_in = post(uploads::take_in).layer(DefaultBodyLimit::max(app.desk.largest_request()));
    Router::new()
        .route("/uploads", get(uploads::page))
        .route("/audit", get(audit::page))
        .route(guard::UPLOADS, get(uploads::list).merge(take_in))
        .route("/api/v1/uploads/events", get(uploads::events))
        .route("/api/v1/audit", get(audit::json))
}

async fn nothing() -> Response {
    Problem::not_found("address").into_response()
}

async fn not_so() -> Response {
    let title = "this cannot be done at this address";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", title).into_response()
}
