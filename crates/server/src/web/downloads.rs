//! Corrected records to be taken away.

use super::App;
use super::extract::At;
use super::people::Reader;
use super::problem::Problem;
use super::texts::Texts;
use super::view::html;
use crate::archive::Archive;
use crate::export_all::export_reviewed;
use crate::store::Entry;
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use batch::files;
use export::Format;
use std::fs::{self, File};
use std::io;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio_util::io::ReaderStream;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

#[derive(Template)]
#[template(path = "export.html")]
struct Page<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
    documents: u32,
    corrected: u32,
    formats: Vec<(&'static str, String)>,
}

/// `GET /export`
pub async fn page(State(app): State<Arc<App>>, reader: Reader) -> Result<Response, Problem> {
    let counts = app.run(|archive| Ok(archive.counts()?)).await?;
    let told = |f: Format| (f.name(), reader.t.or("format", &f.name().replace('.', "_"), "").to_owned());
    html(&Page {
        t: reader.t,
        reader: &reader,
        here: "export",
        documents: counts.status.get("done").copied().unwrap_or(0),
        corrected: counts.corrected,
        formats: Format::ALL.map(told).to_vec(),
    })
}

/// The corrected records of the whole batch, packed where there are several files.
#[utoipa::path(get, path = "/api/v1/export/{format}", params(("format" = String, Path, description = "json, jsonl, jsonl.zst, xlsx, csv, parquet, catalogue, alto, hocr, pdf, html or md")), responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>, description = "The corrected records of the whole batch; packed (zip) where there are several files"), (status = 503, body = Problem, content_type = "application/problem+json", description = "Another export is being made"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn download(
    State(app): State<Arc<App>>,
    reader: Reader,
    At(format): At<String>,
) -> Result<Response, Problem> {
    let format: Format = format.parse().map_err(|_| Problem::not_found("format"))?;
    let busy = || {
        let title = "another export is being made; ask again when it is done";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", title)
    };
    let _turn = app.exporting.try_acquire().map_err(|_| busy())?;
    let archive = Arc::clone(&app.archive);
    let made = tokio::task::spawn_blocking(move || make(&archive, format)).await;
    let inside = || Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "crash", "an error inside vanthu");
    let (file, name) = made.map_err(|_| inside())?.map_err(|line| {
        tracing::error!(line, "export");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "io", "the export could not be made; see the log")
    })?;
    app.note(Entry { detail: format.name().to_owned(), ..reader.entry("export", "done") }).await;
    let length = file.metadata().map(|m| m.len()).unwrap_or(0);
    let told = [
        (header::CONTENT_TYPE, media_type(&name).to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    let body = Body::from_stream(ReaderStream::with_capacity(tokio::fs::File::from_std(file), 1 << 16));
    Ok((told, body).into_response())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("csv") => "text/csv; charset=utf-8",
        Some("jsonl") => "application/jsonl",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}

/// The file, which has no name any more: it goes when it has been sent.
fn make(archive: &Archive, format: Format) -> Result<(File, String), String> {
    let told = |e: io::Error| e.to_string();
    let area = archive.folder().join(files::AREA);
    fs::create_dir_all(&area).map_err(told)?;
    let folder = tempfile::tempdir_in(&area).map_err(told)?;
    let content = folder.path().join("content");
    let made = export_reviewed(archive, &content, &[format], &AtomicBool::new(false), &mut || {});
    made.problems.iter().for_each(|line| tracing::warn!(line, "export"));
    match format.files() {
        [only] => Ok((File::open(content.join(only)).map_err(told)?, (*only).to_owned())),
        _ => {
            let name = format!("vanthu-{}.zip", format.name());
            let packed = folder.path().join("packed");
            pack(&content, &packed).map_err(told)?;
            Ok((File::open(packed).map_err(told)?, name))
        }
    }
}

/// Packs all files below `folder` in the order of their paths.
fn pack(folder: &FilePath, to: &FilePath) -> io::Result<()> {
    let mut zip = ZipWriter::new(io::BufWriter::new(File::create(to)?));
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    let mut folders = vec![folder.to_path_buf()];
    let mut paths = Vec::new();
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { paths.push(path) }
        }
    }
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        zip.start_file(name, options).map_err(io::Error::other)?;
        io::copy(&mut File::open(&path)?, &mut zip)?;
    }
    zip.finish().map_err(io::Error::other)?.into_inner().map_err(|e| e.into_error())?.sync_all()
}
