//! `/api/v1`: what is looked at.

use super::App;
use super::extract::{Asked, At};
use super::list::Params;
use super::problem::Problem;
use crate::archive::Opened;
use crate::fold::words;
use crate::registry;
use crate::review::{Event, live};
use crate::store::{Counts, DueTask, Listed, UnitCount, UnitTask};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use vanthu_model::{Line, Span};

/// A page of documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct Documents {
    /// The documents.
    pub documents: Vec<Listed>,
    /// Where the next page begins: the value of `cursor` there.
    pub next: Option<String>,
}

/// A page of the list of documents.
#[utoipa::path(get, path = "/api/v1/documents", params(Params), responses((status = 200, body = Documents, description = "A page of the list"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn documents(
    State(app): State<Arc<App>>,
    Asked(params): Asked<Params>,
) -> Result<Json<Documents>, Problem> {
    let query = params.query();
    let found = app.run(move |archive| Ok(archive.store().find(&query)?)).await?;
    Ok(Json(Documents { documents: found.documents, next: found.next }))
}

/// What the list tells of a document.
#[utoipa::path(get, path = "/api/v1/documents/{id}", params(("id" = i64, Path, description = "Number of the document")), responses((status = 200, body = Listed, description = "The document"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn document(State(app): State<Arc<App>>, At(id): At<i64>) -> Result<Json<Listed>, Problem> {
    let document = app.run(move |archive| Ok(archive.store().document(id)?)).await?;
    document.map(Json).ok_or_else(|| Problem::not_found("document"))
}

/// Looks a document up.
pub async fn opened(app: &Arc<App>, id: i64) -> Result<Arc<Opened>, Problem> {
    let opened = app.run(move |archive| Ok(archive.document(id)?)).await?;
    opened.ok_or_else(|| Problem::not_found("document"))
}

/// The entity tag of a document.
pub fn tag(opened: &Opened) -> [(header::HeaderName, String); 1] {
    [(header::ETAG, format!("\"{}\"", opened.version()))]
}

/// The record, with what people said of it.
#[utoipa::path(get, path = "/api/v1/documents/{id}/record", params(("id" = i64, Path, description = "Number of the document")), responses((status = 200, body = Object, description = "The record; its shape is at /api/v1/schema"), (status = 304, description = "As it was"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn record(
    State(app): State<Arc<App>>,
    At(id): At<i64>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = headers.get(header::IF_NONE_MATCH).map(|v| v.as_bytes().to_vec());
    let (tag, body) = app
        .run(move |archive| {
            let events = archive.store().events(id)?;
            if live(&events).is_empty() {
                // As the batch made it: its bytes are handed on.
                let bytes = archive.record_bytes(id)?.ok_or_else(|| Problem::not_found("document"))?;
                let last = events.last().map_or(0, |e| e.id);
                return Ok((format!("\"{}-{last}\"", crate::store::base_of(&bytes)), bytes));
            }
            let opened = archive.document(id)?.ok_or_else(|| Problem::not_found("document"))?;
            let bytes =
                serde_json::to_vec(&opened.reviewed.record).map_err(crate::error::StoreError::from)?;
            Ok((format!("\"{}\"", opened.version()), bytes))
        })
        .await?;
    let told = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".into())];
    if asked.is_some_and(|a| a == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, told).into_response());
    }
    Ok((told, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// What people did to a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Corrections {
    /// All events, oldest first.
    #[schema(value_type = Vec<Object>)]
    pub events: Vec<Event>,
    /// Numbers of those that are in force.
    pub live: Vec<i64>,
    /// Numbers of those that do not fit the record any more.
    pub lost: Vec<i64>,
}

/// What people did to a document.
#[utoipa::path(get, path = "/api/v1/documents/{id}/corrections", params(("id" = i64, Path, description = "Number of the document")), responses((status = 200, body = Corrections, description = "All events"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn corrections(State(app): State<Arc<App>>, At(id): At<i64>) -> Result<Response, Problem> {
    let opened = opened(&app, id).await?;
    let told = Corrections {
        live: live(&opened.events).iter().map(|e| e.id).collect(),
        lost: opened.reviewed.lost.iter().map(|e| e.id).collect(),
        events: opened.events.clone(),
    };
    Ok((tag(&opened), Json(told)).into_response())
}

/// Which words.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Place {
    /// Where the first word begins in the text.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// What words may stand for.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Alternatives {
    /// As they were read.
    pub raw: String,
    /// Readings, the likeliest first.
    pub readings: Vec<Reading>,
}

/// A reading.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct Reading {
    /// The text.
    pub text: String,
    /// 0 to 1.
    pub probability: f32,
}

/// What else words may stand for.
#[utoipa::path(get, path = "/api/v1/documents/{id}/readings", params(("id" = i64, Path, description = "Number of the document"), Place), responses((status = 200, body = Alternatives, description = "Other readings"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn readings(
    State(app): State<Arc<App>>,
    At(id): At<i64>,
    Asked(place): Asked<Place>,
) -> Result<Json<Alternatives>, Problem> {
    let told = app.run(move |archive| {
        let opened = archive.document(id)?.ok_or_else(|| Problem::not_found("document"))?;
        let span = Span::new(place.start, place.end);
        let blocks = opened.reviewed.record.document.pages.iter().flat_map(|p| &p.blocks);
        let Some(block) = blocks.into_iter().find(|b| b.span.overlaps(&span)) else {
            return Err(Problem::invalid("no word stands there"));
        };
        let lines: Vec<String> = block.lines.iter().map(raw_line).collect();
        Ok(alternatives(&block.lines, span, &archive.workshop().readings(&lines)))
    });
    told.await.map(Json)
}

fn raw_line(line: &Line) -> String {
    line.words.iter().map(|w| w.raw.as_str()).collect::<Vec<_>>().join(" ")
}

/// The readings of the words under `span`, which are told by their number in their line as it was read.
fn alternatives(lines: &[Line], span: Span, readings: &[crate::workshop::Readings]) -> Alternatives {
    let mut told = Alternatives::default();
    for (number, line) in lines.iter().enumerate() {
        let mut at = 0;
        let (mut first, mut last) = (None, 0);
        for word in &line.words {
            let count = word.raw.split_whitespace().count();
            if word.span.overlaps(&span) {
                first = first.or(Some(at));
                last = (at + count).max(1) - 1;
                if !told.raw.is_empty() {
                    told.raw.push(' ');
                }
                told.raw.push_str(&word.raw);
            }
            at += count;
        }
        let Some(first) = first.filter(|_| told.readings.is_empty()) else { continue };
        let mine = readings.iter().find(|r| r.line == number && r.first == first && r.last == last);
        told.readings = mine
            .into_iter()
            .flat_map(|r| &r.alternatives)
            .map(|(text, probability)| Reading { text: text.clone(), probability: *probability })
            .collect();
    }
    told
}

/// What to search for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// A part of a name; marks do not matter.
    #[serde(default)]
    pub q: String,
    /// Most units to tell of, up to 200.
    pub limit: Option<usize>,
}

/// Units of the batch, and known names behind them.
#[utoipa::path(get, path = "/api/v1/units", params(Named), responses((status = 200, body = Vec<UnitCount>, description = "Units"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn units(
    State(app): State<Arc<App>>,
    Asked(named): Asked<Named>,
) -> Result<Json<Vec<UnitCount>>, Problem> {
    let id = words(&named.q).join("-");
    let limit = named.limit.unwrap_or(20).clamp(1, 200);
    let asked = id.clone();
    let mut units = app.run(move |archive| Ok(archive.store().units(&asked, limit)?)).await?;
    if !id.is_empty() {
        for (id, name) in registry::names(&id, limit) {
            if units.len() < limit && !units.iter().any(|u| u.id == id) {
                units.push(UnitCount { id: id.to_owned(), name: name.to_owned(), lead: 0, tasks: 0 });
            }
        }
    }
    Ok(Json(units))
}

/// Numbers about all documents.
#[utoipa::path(get, path = "/api/v1/counts", responses((status = 200, body = Counts, description = "Numbers about all documents"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn counts(State(app): State<Arc<App>>) -> Result<Json<Counts>, Problem> {
    let counts = app.run(|archive| Ok(archive.counts()?)).await?;
    Ok(Json(Counts::clone(&counts)))
}

/// Tasks of a document.
#[utoipa::path(get, path = "/api/v1/documents/{id}/tasks", params(("id" = i64, Path, description = "Number of the document")), responses((status = 200, body = Vec<Object>, description = "Tasks of the record, with the decisions of reviewers"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn tasks(State(app): State<Arc<App>>, At(id): At<i64>) -> Result<Response, Problem> {
    let opened = opened(&app, id).await?;
    Ok((tag(&opened), Json(&opened.reviewed.record.directive.tasks)).into_response())
}

/// Targets of a document.
#[utoipa::path(get, path = "/api/v1/documents/{id}/targets", params(("id" = i64, Path, description = "Number of the document")), responses((status = 200, body = Vec<Object>, description = "Targets of the record"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn targets(State(app): State<Arc<App>>, At(id): At<i64>) -> Result<Response, Problem> {
    let opened = opened(&app, id).await?;
    Ok((tag(&opened), Json(&opened.reviewed.record.directive.targets)).into_response())
}

/// Documents that a document cites.
#[utoipa::path(get, path = "/api/v1/documents/{id}/references", params(("id" = i64, Path, description = "Number of the document")), responses((status = 200, body = Vec<Object>, description = "Documents that it cites"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn references(State(app): State<Arc<App>>, At(id): At<i64>) -> Result<Response, Problem> {
    let opened = opened(&app, id).await?;
    Ok((tag(&opened), Json(&opened.reviewed.record.directive.references)).into_response())
}

/// What a unit has a part in.
#[utoipa::path(get, path = "/api/v1/units/{unit}/tasks", params(("unit" = String, Path, description = "Id of the unit")), responses((status = 200, body = Vec<UnitTask>, description = "What the unit has a part in"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn unit_tasks(
    State(app): State<Arc<App>>,
    At(unit): At<String>,
) -> Result<Json<Vec<UnitTask>>, Problem> {
    app.run(move |archive| Ok(archive.store().unit_tasks(&unit)?)).await.map(Json)
}

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Days {
    /// The first day, ISO.
    #[serde(default)]
    pub from: String,
    /// The last day, ISO.
    pub to: Option<String>,
}

/// Tasks by the day on which they are due.
#[utoipa::path(get, path = "/api/v1/deadlines", params(Days), responses((status = 200, body = Vec<DueTask>, description = "What is due, at most 2,000 tasks"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn deadlines(
    State(app): State<Arc<App>>,
    Asked(days): Asked<Days>,
) -> Result<Json<Vec<DueTask>>, Problem> {
    let to = days.to.unwrap_or_else(|| "9999".to_owned());
    app.run(move |archive| Ok(archive.store().due(&days.from, &to)?)).await.map(Json)
}

/// The JSON Schema of a record.
#[utoipa::path(get, path = "/api/v1/schema", responses((status = 200, body = Object, description = "JSON Schema")))]
pub async fn schema() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], vanthu_model::json_schema()).into_response()
}
