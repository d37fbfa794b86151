//! Styles and scripts, which are a part of the program.

use super::problem::Problem;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, media type and content.
const FILES: [(&str, &str, &str); 11] = [
    ("style.css", "text/css; charset=utf-8", include_str!("../../assets/style.css")),
    ("common.js", JAVASCRIPT, include_str!("../../assets/common.js")),
    ("list.js", JAVASCRIPT, include_str!("../../assets/list.js")),
    ("document.js", JAVASCRIPT, include_str!("../../assets/document.js")),
    ("api.js", JAVASCRIPT, include_str!("../../assets/api.js")),
    ("desk.js", JAVASCRIPT, include_str!("../../assets/desk.js")),
    ("words.js", JAVASCRIPT, include_str!("../../assets/words.js")),
    ("picture.js", JAVASCRIPT, include_str!("../../assets/picture.js")),
    ("tasks.js", JAVASCRIPT, include_str!("../../assets/tasks.js")),
    ("uploads.js", JAVASCRIPT, include_str!("../../assets/uploads.js")),
    ("icon.svg", "image/svg+xml", include_str!("../../assets/icon.svg")),
];

/// One tag for all of them: they change together, with the program.
fn tag() -> &'static str {
    static TAG: OnceLock<String> = OnceLock::new();
    TAG.get_or_init(|| {
        let mut digest = Sha256::new();
        FILES.iter().for_each(|(_, _, content)| digest.update(content));
        let hex: String = digest.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect();
        format!("\"{hex}\"")
    })
}

/// A file of the pages.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some((_, kind, content)) = FILES.iter().find(|(n, ..)| *n == name) else {
        return Problem::not_found("file").into_response();
    };
    let told = [(header::ETAG, tag()), (header::CACHE_CONTROL, "no-cache"), (header::CONTENT_TYPE, kind)];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|t| t.as_bytes() == tag().as_bytes()) {
        return (StatusCode::NOT_MODIFIED, told).into_response();
    }
    (told, *content).into_response()
}
