//! `/api/v1`: what people do.

use super::App;
use super::api::tag;
use super::extract::At;
use super::people::Reader;
use super::problem::Problem;
use crate::archive::{Archive, Done, Opened};
use crate::error::StoreError;
use crate::review::{
    Action, Anchor, DeadlineEdit, Decision, Printed, TargetEdit, TaskEdit, UnitEdit, Verdict, live, tidy,
};
use crate::store::Entry;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use vanthu_model::{CharIndex, Record, Span};

/// Longest text of a correction or of a field, in characters.
const LONGEST: usize = 2000;
/// Most passages, units, deadlines or targets of a task.
const MOST: usize = 50;

/// A passage of a document's text as it is now, half-open, in Unicode scalar values.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl Place {
    fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// Words written otherwise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The words, which stand in one block. Widened to whole words.
    pub span: Place,
    /// What they are to read: words parted by blanks, lines by `\n`; empty where nothing was printed.
    pub text: String,
}

/// A decision on a task. It holds in place of earlier ones; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskDecision {
    /// Whether it is a task.
    pub verdict: Verdict,
    /// The passages that it is made of.
    pub spans: Option<Vec<Place>>,
    /// Units with their parts in it.
    pub units: Option<Vec<UnitEdit>>,
    /// By when.
    pub deadlines: Option<Vec<DeadlineEdit>>,
    /// What must be reached.
    pub targets: Option<Vec<TargetEdit>>,
}

/// Whether a document was looked through.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookedThrough {
    /// True when it was.
    pub done: bool,
}

/// What is to be taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// Number of the event; the last one in force without it.
    pub event: Option<i64>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Outcome {
    /// Number of the event that was written.
    pub event: i64,
}

/// A body of JSON; what is wrong with it is told as a problem.
pub struct Body<T>(T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(e) => {
                let code = match &e {
                    JsonRejection::BytesRejection(_) => "too_large",
                    _ => "invalid",
                };
                Err(Problem::new(e.status(), code, e.body_text()))
            }
        }
    }
}

/// Carries out what `make` makes of the document, provided that it is as it was when it was looked at.
async fn act(
    app: &Arc<App>,
    id: i64,
    what: &'static str,
    reader: &Reader,
    headers: &HeaderMap,
    make: impl FnOnce(&Archive, &Opened) -> Result<Action, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let seen = headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok()).map(|v| v.trim().to_owned());
    let seen = seen.ok_or_else(|| {
        let title = "say with If-Match at which version of the document you looked: its ETag";
        Problem::new(StatusCode::PRECONDITION_REQUIRED, "version_missing", title)
    })?;
    let who = reader.who();
    let mut entry = Entry { document: Some(id), ..reader.entry(what, "done") };
    let opened = app
        .run(move |archive| {
            let opened = archive.document(id)?.ok_or_else(|| Problem::not_found("document"))?;
            let done = if seen.trim_matches('"') == opened.version() {
                let action = make(archive, &opened)?;
                archive.act(&opened, &who, action)?.ok_or_else(|| Problem::not_found("document"))?
            } else {
                let last =
                    seen.trim_matches('"').rsplit_once('-').and_then(|(_, n)| n.parse().ok()).unwrap_or(0);
                Done::Behind(opened.events.iter().filter(|e| e.id > last).cloned().collect())
            };
            match done {
                Done::Written(now) => {
                    entry.detail = format!("event {}", now.reviewed.last);
                    archive.store().audit(&entry);
                    Ok(now)
                }
                Done::Behind(since) => {
                    entry.outcome = "conflict";
                    archive.store().audit(&entry);
                    Err(Problem::conflict(since))
                }
            }
        })
        .await?;
    let outcome = Outcome { event: opened.reviewed.last };
    Ok((StatusCode::CREATED, tag(&opened), Json(outcome)).into_response())
}

/// The record as the batch made it.
fn made(archive: &Archive, opened: &Opened) -> Result<Record, Problem> {
    archive.made(opened)?.ok_or_else(|| Problem::conflict(Vec::new()))
}

/// A passage of the corrected text as words of the record as it was made.
fn anchor(opened: &Opened, printed: &Printed<'_>, place: Place) -> Result<Anchor, Problem> {
    let whole = opened.reviewed.record.document.text.chars().count();
    if place.start >= place.end || place.end > whole {
        return Err(Problem::invalid("the span does not lie in the text"));
    }
    let back = opened.reviewed.map.back(place.span());
    printed.anchor(back).ok_or_else(|| Problem::invalid("no word stands there"))
}

/// Writes words otherwise.
#[utoipa::path(post, path = "/api/v1/documents/{id}/corrections", params(("id" = i64, Path, description = "Number of the document"), ("If-Match" = String, Header, description = "The ETag of the document as it was seen")), request_body = Correction, responses((status = 201, body = Outcome, description = "Written"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn correct(
    State(app): State<Arc<App>>,
    reader: Reader,
    At(id): At<i64>,
    headers: HeaderMap,
    Body(correction): Body<Correction>,
) -> Result<Response, Problem> {
    let make = move |archive: &Archive, opened: &Opened| {
        let after = tidy(&correction.text);
        check_text(&after)?;
        let base = made(archive, opened)?;
        let printed = Printed::new(&base.document);
        let at = anchor(opened, &printed, correction.span)?;
        if !printed.is_editable(at.span) {
            return Err(Problem::invalid("the words do not stand in one block"));
        }
        let document = &opened.reviewed.record.document;
        let here = opened.reviewed.map.forth(at.span);
        let before = CharIndex::new(&document.text).slice(&document.text, here).to_owned();
        if before == after {
            return Err(Problem::invalid("it reads so already"));
        }
        Ok(Action::Correct { at, before, after })
    };
    act(&app, id, "correct", &reader, &headers, make).await
}

fn check_text(text: &str) -> Result<(), Problem> {
    if text.chars().count() > LONGEST {
        return Err(Problem::invalid(format!("a text holds more than {LONGEST} characters")));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Problem::invalid("a text holds control characters"));
    }
    Ok(())
}

fn check(decision: &TaskDecision) -> Result<(), Problem> {
    let counts = [
        decision.spans.as_ref().map_or(0, Vec::len),
        decision.units.as_ref().map_or(0, Vec::len),
        decision.deadlines.as_ref().map_or(0, Vec::len),
        decision.targets.as_ref().map_or(0, Vec::len),
    ];
    if counts.iter().any(|n| *n > MOST) {
        return Err(Problem::invalid(format!("a task has more than {MOST} entries of a kind")));
    }
    for unit in decision.units.iter().flatten() {
        check_text(&unit.name)?;
        if unit.name.trim().is_empty() {
            return Err(Problem::invalid("a unit has no name"));
        }
    }
    for deadline in decision.deadlines.iter().flatten() {
        check_text(&deadline.text)?;
        if deadline.date.as_deref().is_some_and(|d| !is_day(d)) {
            return Err(Problem::invalid("a deadline's date is no day as in 2026-03-31"));
        }
        if deadline.text.trim().is_empty() && deadline.date.is_none() {
            return Err(Problem::invalid("a deadline has neither words nor a day"));
        }
    }
    for target in decision.targets.iter().flatten() {
        [&target.text, &target.indicator].into_iter().chain(&target.unit).try_for_each(|t| check_text(t))?;
        if !target.value.is_finite() {
            return Err(Problem::invalid("a target's value is no number"));
        }
    }
    Ok(())
}

/// Whether `text` is a day that the calendar has, in ISO 8601.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>())
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Accepts, changes or rejects a task.
#[utoipa::path(post, path = "/api/v1/documents/{id}/tasks/{task}", params(("id" = i64, Path, description = "Number of the document"), ("task" = String, Path, description = "Id of the task"), ("If-Match" = String, Header, description = "The ETag of the document as it was seen")), request_body = TaskDecision, responses((status = 201, body = Outcome, description = "Written"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn decide(
    State(app): State<Arc<App>>,
    reader: Reader,
    At((id, task)): At<(i64, String)>,
    headers: HeaderMap,
    Body(decision): Body<TaskDecision>,
) -> Result<Response, Problem> {
    check(&decision)?;
    let make = move |archive: &Archive, opened: &Opened| {
        let reviewed = &opened.reviewed;
        let known = reviewed.record.directive.tasks.iter().chain(&reviewed.rejected).find(|t| t.id == task);
        let known = known.ok_or_else(|| Problem::not_found("task"))?;
        // A decision is whole: what an earlier one has changed stays unless it is changed anew.
        let earlier = reviewed.decisions.get(&task).and_then(|d| decision_of(opened, d.event));
        let base = made(archive, opened)?;
        let printed = Printed::new(&base.document);
        let at = match &earlier {
            Some((at, _)) => at.clone(),
            None => {
                known.evidence.spans.iter().filter_map(|s| printed.anchor(reviewed.map.back(*s))).collect()
            }
        };
        let edit =
            edit(opened, &printed, decision.spans.as_deref(), &decision, earlier.and_then(|(_, d)| d.edit))?;
        let decision = Decision { verdict: decision.verdict, edit };
        Ok(Action::Task { task: task.clone(), at, before: known.text.clone(), decision })
    };
    act(&app, id, "task", &reader, &headers, make).await
}

/// The decision that an event holds.
fn decision_of(opened: &Opened, event: i64) -> Option<(Vec<Anchor>, Decision)> {
    opened.events.iter().find(|e| e.id == event).and_then(|e| match &e.action {
        Action::Task { at, decision, .. } => Some((at.clone(), decision.clone())),
        _ => None,
    })
}

fn edit(
    opened: &Opened,
    printed: &Printed<'_>,
    spans: Option<&[Place]>,
    decision: &TaskDecision,
    earlier: Option<TaskEdit>,
) -> Result<Option<TaskEdit>, Problem> {
    let changes = spans.is_some()
        || decision.units.is_some()
        || decision.deadlines.is_some()
        || decision.targets.is_some();
    if !changes {
        return Ok(earlier);
    }
    let mut edit = earlier.unwrap_or_default();
    if let Some(spans) = spans {
        edit.at = spans.iter().map(|s| anchor(opened, printed, *s)).collect::<Result<_, _>>()?;
    }
    edit.units = decision.units.clone().or(edit.units);
    edit.deadlines = decision.deadlines.clone().or(edit.deadlines);
    edit.targets = decision.targets.clone().or(edit.targets);
    Ok(Some(edit))
}

/// Adds a task.
#[utoipa::path(post, path = "/api/v1/documents/{id}/tasks", params(("id" = i64, Path, description = "Number of the document"), ("If-Match" = String, Header, description = "The ETag of the document as it was seen")), request_body = TaskDecision, responses((status = 201, body = Outcome, description = "Written"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn add_task(
    State(app): State<Arc<App>>,
    reader: Reader,
    At(id): At<i64>,
    headers: HeaderMap,
    Body(decision): Body<TaskDecision>,
) -> Result<Response, Problem> {
    check(&decision)?;
    if decision.verdict != Verdict::Accepted || decision.spans.as_ref().is_none_or(Vec::is_empty) {
        return Err(Problem::invalid("a new task is accepted and has the words that it is made of"));
    }
    let make = move |archive: &Archive, opened: &Opened| {
        let base = made(archive, opened)?;
        let printed = Printed::new(&base.document);
        let edit = edit(opened, &printed, decision.spans.as_deref(), &decision, None)?;
        let decision = Decision { verdict: Verdict::Accepted, edit };
        Ok(Action::Task { task: String::new(), at: Vec::new(), before: String::new(), decision })
    };
    act(&app, id, "add_task", &reader, &headers, make).await
}

/// Says whether a document was looked through.
#[utoipa::path(post, path = "/api/v1/documents/{id}/reviewed", params(("id" = i64, Path, description = "Number of the document"), ("If-Match" = String, Header, description = "The ETag of the document as it was seen")), request_body = LookedThrough, responses((status = 201, body = Outcome, description = "Written"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn reviewed(
    State(app): State<Arc<App>>,
    reader: Reader,
    At(id): At<i64>,
    headers: HeaderMap,
    Body(looked): Body<LookedThrough>,
) -> Result<Response, Problem> {
    act(&app, id, "reviewed", &reader, &headers, move |_, _| Ok(Action::Reviewed { done: looked.done })).await
}

/// Takes back what was done.
#[utoipa::path(post, path = "/api/v1/documents/{id}/undo", params(("id" = i64, Path, description = "Number of the document"), ("If-Match" = String, Header, description = "The ETag of the document as it was seen")), request_body = Undo, responses((status = 201, body = Outcome, description = "Written"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn undo(
    State(app): State<Arc<App>>,
    reader: Reader,
    At(id): At<i64>,
    headers: HeaderMap,
    Body(undo): Body<Undo>,
) -> Result<Response, Problem> {
    let make = move |_: &Archive, opened: &Opened| {
        let last = live(&opened.events).last().map(|e| e.id);
        let event = undo.event.or(last).ok_or_else(|| Problem::invalid("there is nothing to undo"))?;
        if !opened.events.iter().any(|e| e.id == event) {
            return Err(Problem::not_found("event of this document"));
        }
        Ok(Action::Undo { event })
    };
    act(&app, id, "undo", &reader, &headers, make).await
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        StoreError::from(error).into()
    }
}
