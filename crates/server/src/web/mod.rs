//! Pages for people and `/api/v1` for programs.

mod actions;
mod api;
mod assets;
mod document;
mod downloads;
mod extract;
mod guard;
mod list;
mod openapi;
mod people;
mod problem;
mod texts;
mod units;
mod view;

use crate::archive::Archive;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use problem::Problem;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Largest body of a request, in bytes.
const LARGEST: usize = 256 << 10;
/// Requests that look things up at once; more wait.
const AT_ONCE: usize = 8;

/// What all requests share.
pub struct App {
    archive: Arc<Archive>,
    /// The hosts that requests may name.
    hosts: Vec<String>,
    at_once: Semaphore,
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
        let inside =
            || Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "crash", "an error inside vanthu");
        let _turn = self.at_once.acquire().await.map_err(|_| inside())?;
        let archive = Arc::clone(&self.archive);
        tokio::task::spawn_blocking(move || work(&archive)).await.unwrap_or_else(|_| Err(inside()))
    }
}

/// All addresses of a batch that is served at `address`.
pub fn router(archive: Arc<Archive>, address: SocketAddr) -> Router {
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
    let app =
        Arc::new(App { archive, hosts, at_once: Semaphore::new(AT_ONCE), exporting: Semaphore::new(1) });
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
        .route("/assets/{name}", get(assets::asset))
        .route("/api", get(openapi::page))
        .route("/api/v1/openapi.json", get(openapi::json))
        .route("/api/v1/schema", get(api::schema))
        .route("/api/v1/documents", get(api::documents))
        .route("/api/v1/documents/{id}", get(api::document))
        .route("/api/v1/documents/{id}/record", get(api::record))
        .route("/api/v1/documents/{id}/readings", get(api::readings))
        .route("/api/v1/documents/{id}/corrections", get(api::corrections).post(actions::correct))
        .route("/api/v1/documents/{id}/tasks", get(api::tasks).post(actions::add_task))
        .route("/api/v1/documents/{id}/targets", get(api::targets))
        .route("/api/v1/documents/{id}/references", get(api::references))
        .route("/api/v1/documents/{id}/pages/{number}/picture", get(document::picture))
        .route("/api/v1/documents/{id}/tasks/{task}", post(actions::decide))
        .route("/api/v1/documents/{id}/reviewed", post(actions::reviewed))
        .route("/api/v1/documents/{id}/undo", post(actions::undo))
        .route("/api/v1/units", get(api::units))
        .route("/api/v1/units/{unit}/tasks", get(api::unit_tasks))
        .route("/api/v1/deadlines", get(api::deadlines))
        .route("/api/v1/export/{format}", get(downloads::download))
        .route("/api/v1/counts", get(api::counts))
        .fallback(nothing)
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(from_fn_with_state(Arc::clone(&app), guard::guard))
        .with_state(app)
}

async fn nothing() -> Response {
    Problem::not_found("address").into_response()
}
