//! Files that are sent here to be read.

use super::App;
use super::people::Reader;
use super::problem::Problem;
use super::texts::Texts;
use super::view::html;
use crate::accounts::hex;
use crate::error::StoreError;
use crate::store::{Entry, Stored, Upload};
use crate::uploads::{ON_THE_WAY, fit_name};
use askama::Template;
use axum::Json;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use export::percent_encoded;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::NamedTempFile;
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::io::ReaderStream;
use utoipa::ToSchema;

/// Files in one request.
const FILES: usize = 100;
/// How long a client that follows may not listen.
const DEAFNESS: Duration = Duration::from_secs(30);
/// How long a client is told of uploads before it must ask again, and may be asked who it is.
const FOLLOWED: Duration = Duration::from_secs(600);
/// How often a line without meaning keeps a connection open.
const BREATH: Duration = Duration::from_secs(15);
/// Uploads that one who begins to follow is told of.
const RECENT: usize = 100;

/// The form that files are sent in.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it describes the form; the form is read as it comes")]
pub struct UploadForm {
    /// Files, each with its name. The extension tells whether it is read: pdf, tif, png, jpg, docx, zip, ...
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// Uploads.
#[derive(Debug, Serialize, ToSchema)]
pub struct Uploads {
    /// The uploads, the latest first.
    pub uploads: Vec<Upload>,
}

#[derive(Template)]
#[template(path = "uploads.html")]
struct Page<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
    largest: u64,
    accepted: String,
    uploads: Vec<Upload>,
}

impl Page<'_> {
    /// Where the documents of an upload are listed.
    fn link(&self, upload: &Upload) -> String {
        format!("/documents?q=%22{}%22", percent_encoded(upload.name.as_bytes()))
    }
}

/// `GET /uploads`
pub async fn page(State(app): State<Arc<App>>, reader: Reader) -> Result<Response, Problem> {
    let uploads = app.run(|archive| Ok(archive.store().uploads(false)?)).await?;
    let accepted = batch::EXTENSIONS.map(|e| format!(".{e}")).join(",");
    let largest = app.desk.largest() >> 20;
    html(&Page { t: reader.t, reader: &reader, here: "uploads", largest, accepted, uploads })
}

/// Files that were uploaded, and how far they are.
#[utoipa::path(get, path = "/api/v1/uploads", responses((status = 200, body = Uploads, description = "At most 500 uploads; for admins"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn list(State(app): State<Arc<App>>) -> Result<Json<Uploads>, Problem> {
    let uploads = app.run(|archive| Ok(archive.store().uploads(false)?)).await?;
    Ok(Json(Uploads { uploads }))
}

/// Takes files in, to be read by the workers of the batch.
#[utoipa::path(post, path = "/api/v1/uploads", request_body(content = UploadForm, content_type = "multipart/form-data"), responses((status = 201, body = Uploads, description = "The files are stored and wait to be read; for admins"), (status = 503, body = Problem, content_type = "application/problem+json", description = "Too many are sending"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn take_in(
    State(app): State<Arc<App>>,
    reader: Reader,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let form = form.map_err(|e| Problem::new(e.status(), "invalid", e.body_text()))?;
    let busy = |_| {
        let title = "too many files are being sent; ask again";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", title)
    };
    let _turn = app.uploading.try_acquire().map_err(busy)?;
    match take_all(&app, &reader, form).await {
        Ok(uploads) => Ok((StatusCode::CREATED, Json(Uploads { uploads })).into_response()),
        Err(problem) => {
            let detail = problem.title.clone();
            app.note(Entry { detail, ..reader.entry("upload", "refused") }).await;
            Err(problem)
        }
    }
}

async fn take_all(app: &Arc<App>, reader: &Reader, mut form: Multipart) -> Result<Vec<Upload>, Problem> {
    let mut uploads = Vec::new();
    while let Some(field) =
        timeout(app.silence, form.next_field()).await.map_err(|_| silent())?.map_err(broken)?
    {
        if field.name() != Some("file") {
            return Err(Problem::invalid("files are wanted in fields of the name file, and nothing else"));
        }
        if uploads.len() == FILES {
            let title = format!("a request holds more than {FILES} files");
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", title));
        }
        let (name, extension) = field
            .file_name()
            .and_then(fit_name)
            .ok_or_else(|| Problem::invalid("a file has no name that ends in an extension which is read"))?;
        let stored = store(app, field, name, extension, reader.who()).await?;
        let detail = format!("{} ({} bytes, {})", stored.name, stored.bytes, stored.sha256);
        app.note(Entry { detail, ..reader.entry("upload", "done") }).await;
        let desk = Arc::clone(&app.desk);
        uploads.push(away(move || desk.take(&stored)).await?);
    }
    if uploads.is_empty() {
        return Err(Problem::invalid("the form holds no file"));
    }
    Ok(uploads)
}

/// Writes a file into the folder of uploads, under its digest. What is cut off on its way is removed.
async fn store(
    app: &Arc<App>,
    mut field: Field<'_>,
    name: String,
    extension: String,
    who: String,
) -> Result<Stored, Problem> {
    let folder = app.desk.folder();
    let (part, file) = away(move || {
        std::fs::create_dir_all(&folder)?;
        let part = tempfile::Builder::new().prefix(ON_THE_WAY).suffix(".part").tempfile_in(&folder)?;
        let file = part.reopen()?;
        Ok((part, file))
    })
    .await?;
    let mut file = tokio::fs::File::from_std(file);
    let (mut digest, mut bytes) = (Sha256::new(), 0_u64);
    while let Some(chunk) =
        timeout(app.silence, field.chunk()).await.map_err(|_| silent())?.map_err(broken)?
    {
        bytes = bytes.saturating_add(chunk.len() as u64);
        if bytes > app.desk.largest() {
            let title = format!("a file holds more than {} bytes", app.desk.largest());
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", title));
        }
        digest.update(&chunk);
        file.write_all(&chunk).await.map_err(StoreError::from)?;
    }
    if bytes == 0 {
        return Err(Problem::invalid("a file holds no bytes"));
    }
    file.flush().await.map_err(StoreError::from)?;
    file.sync_all().await.map_err(StoreError::from)?;
    let sha256 = hex(&digest.finalize());
    let target = app.desk.folder().join(format!("{sha256}.{extension}"));
    away(move || settle(part, &target)).await?;
    Ok(Stored { sha256, extension, name, bytes, who })
}

/// Puts a whole file in its place. One that is there already holds the same bytes.
fn settle(part: NamedTempFile, target: &Path) -> Result<(), StoreError> {
    if target.is_file() {
        return Ok(());
    }
    part.persist(target).map_err(|e| StoreError::from(e.error))?;
    Ok(())
}

/// Does what waits for the disk away from the threads that serve.
async fn away<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.unwrap_or_else(|e| Err(io::Error::other(e).into()))?)
}

fn silent() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", "nothing came for too long; send the file again")
}

fn broken(error: MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", error.body_text())
        }
        _ => Problem::invalid(error.body_text()),
    }
}

/// Uploads as they go on: server-sent events, each an upload as the list tells it.
#[utoipa::path(get, path = "/api/v1/uploads/events", responses((status = 200, content_type = "text/event-stream", body = String, description = "Events of the name upload, each with an upload as JSON; for admins. Ends after ten minutes"), (status = 503, body = Problem, content_type = "application/problem+json", description = "Too many are following"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn events(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let busy = |_| {
        let title = "too many are following; ask again";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", title)
    };
    let place = Arc::clone(&app.following).try_acquire_owned().map_err(busy)?;
    let mut news = app.desk.follow();
    let mut known = app.run(|archive| Ok(archive.store().uploads(false)?)).await?;
    known.truncate(RECENT);
    let (mut to, from) = tokio::io::duplex(16 << 10);
    tokio::spawn(async move {
        let _place = place;
        let end = Instant::now() + FOLLOWED;
        for upload in known.iter().rev() {
            if say(&mut to, &event(upload)).await.is_none() {
                return;
            }
        }
        while Instant::now() < end {
            let told = match timeout_at(end.min(Instant::now() + BREATH), news.recv()).await {
                Ok(Ok(upload)) => event(&upload),
                // Who reads slowly misses steps; the next one of each upload tells all of it.
                Ok(Err(RecvError::Lagged(_))) => continue,
                Ok(Err(RecvError::Closed)) => return,
                Err(_) => ":\n\n".to_owned(),
            };
            if say(&mut to, &told).await.is_none() {
                return;
            }
        }
    });
    let body = Body::from_stream(ReaderStream::new(from));
    Ok(([(header::CONTENT_TYPE, "text/event-stream")], body).into_response())
}

fn event(upload: &Upload) -> String {
    // An upload has no keys that JSON lacks.
    let data = serde_json::to_string(upload).unwrap_or_default();
    format!("event: upload\ndata: {data}\n\n")
}

/// Says something to one who follows; none when they have gone or do not listen.
async fn say(to: &mut DuplexStream, what: &str) -> Option<()> {
    timeout(DEAFNESS, to.write_all(what.as_bytes())).await.ok()?.ok()
}
