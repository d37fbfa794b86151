//! The audit log, for those who may see it.

use super::App;
use super::extract::Asked;
use super::people::Reader;
use super::problem::Problem;
use super::texts::Texts;
use super::view::html;
use crate::store::Noted;
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Lines on a page.
const PAGE: usize = 100;

/// What kinds of lines there are, as the page offers them.
const KINDS: [&str; 12] = [
    "login", "logout", "request", "correct", "task", "add_task", "reviewed", "undo", "export", "upload",
    "account", "token",
];

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only those before the line of this number.
    pub before: Option<i64>,
    /// Only those of this kind: login, request, correct, export, ...
    #[serde(default)]
    pub what: String,
    /// Most lines to tell of, up to 500.
    pub limit: Option<usize>,
}

/// Lines of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct Audited {
    /// The lines, the latest first.
    pub entries: Vec<Noted>,
    /// Where older ones begin: the value of `before` there.
    pub next: Option<i64>,
}

async fn audited(app: &Arc<App>, which: &Which) -> Result<Audited, Problem> {
    let (before, what, limit) = (which.before, which.what.clone(), which.limit.unwrap_or(PAGE).clamp(1, 500));
    let entries = app.run(move |archive| Ok(archive.store().audited(before, &what, limit)?)).await?;
    let next = entries.last().map(|e| e.id).filter(|id| *id > 1 && entries.len() == limit);
    Ok(Audited { entries, next })
}

/// Who came, what was done and what was refused.
#[utoipa::path(get, path = "/api/v1/audit", params(Which), responses((status = 200, body = Audited, description = "Lines of the audit log; for admins"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn json(State(app): State<Arc<App>>, Asked(which): Asked<Which>) -> Result<Json<Audited>, Problem> {
    audited(&app, &which).await.map(Json)
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Page<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
    what: &'a str,
    kinds: [&'static str; KINDS.len()],
    entries: &'a [Noted],
    next: Option<i64>,
}

/// `GET /audit`
pub async fn page(
    State(app): State<Arc<App>>,
    reader: Reader,
    Asked(which): Asked<Which>,
) -> Result<Response, Problem> {
    let Audited { entries, next } = audited(&app, &which).await?;
    let page = Page {
        t: reader.t,
        reader: &reader,
        here: "audit",
        what: &which.what,
        kinds: KINDS,
        entries: &entries,
        next,
    };
    html(&page)
}
