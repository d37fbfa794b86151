//! A document: its page as a picture, its text, its tasks.

use super::App;
use super::extract::{Asked, At};
use super::people::Reader;
use super::problem::Problem;
use super::texts::Texts;
use super::view::{BlockView, blocks, html, kind_name};
use crate::archive::Opened;
use crate::facts::{Changes, Mark};
use crate::fold::words;
use crate::pictures::{Fineness, NoPicture, Wanted};
use crate::review::{Action, Event, Verdict, live};
use crate::store::{Listed, Order, Query};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use vanthu_model::{Comparator, Page, Role, Severity, Task};

/// Events that are told of beside a document.
const RECENT: usize = 30;

#[derive(Template)]
#[template(path = "unread.html")]
struct Unread<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
    document: &'a Listed,
}

#[derive(Template)]
#[template(path = "document.html")]
struct Shown<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
    document: &'a Listed,
    opened: &'a Opened,
    kind: String,
    title: &'a str,
    page: &'a Page,
    count: usize,
    width: f32,
    height: f32,
    has_picture: bool,
    blocks: Vec<BlockView<'a>>,
    strip: Vec<Sheet>,
    before: Option<u32>,
    behind: Option<u32>,
    /// The next page on which there is something to look at, and the last one before.
    next_doubt: Option<u32>,
    last_doubt: Option<u32>,
    next_document: Option<i64>,
    tasks: Vec<TaskView<'a>>,
    rejected: Vec<TaskView<'a>>,
    remarks: Vec<Remark<'a>>,
    history: Vec<Deed>,
    lost: Vec<Deed>,
    last_event: Option<i64>,
}

/// A page in the strip.
struct Sheet {
    number: u32,
    /// Words to be looked at.
    marked: usize,
    here: bool,
}

/// A task beside the text.
struct TaskView<'a> {
    number: usize,
    task: &'a Task,
    /// Its passages: "12-40 50-60".
    spans: String,
    units: Vec<(&'a str, &'static str)>,
    targets: Vec<TargetView<'a>>,
    page: u32,
    on_page: bool,
    sure: u8,
    accepted: bool,
    edited: bool,
    who: &'a str,
    event: i64,
}

struct TargetView<'a> {
    text: &'a str,
    indicator: &'a str,
    comparator: &'static str,
    value: f64,
    unit: &'a str,
    /// Whether the unit stands before what is counted, which does not begin with it.
    says_unit: bool,
}

struct Remark<'a> {
    grave: bool,
    message: &'a str,
    page: Option<u32>,
}

/// An event, told.
struct Deed {
    id: i64,
    at: String,
    who: String,
    what: String,
    before: String,
    after: String,
    /// Whether it is in force.
    live: bool,
}

/// `GET /documents/{id}`: the first page on which there is something to look at.
pub async fn first(
    State(app): State<Arc<App>>,
    reader: Reader,
    At(id): At<i64>,
) -> Result<Response, Problem> {
    let (document, opened) = app
        .run(move |archive| {
            let document = archive.store().document(id)?.ok_or_else(|| Problem::not_found("document"))?;
            Ok((document, archive.document(id)?))
        })
        .await?;
    let Some(opened) = opened else {
        return html(&Unread { t: reader.t, reader: &reader, here: "documents", document: &document });
    };
    let number = sheets(&opened, 0).iter().find(|s| s.marked > 0).map_or(1, |s| s.number);
    Ok(Redirect::temporary(&format!("/documents/{id}/pages/{number}")).into_response())
}

/// `GET /documents/{id}/pages/{number}`
pub async fn page(
    State(app): State<Arc<App>>,
    reader: Reader,
    At((id, number)): At<(i64, u32)>,
) -> Result<Response, Problem> {
    let (document, opened, next_document) = app
        .run(move |archive| {
            let document = archive.store().document(id)?.ok_or_else(|| Problem::not_found("document"))?;
            let opened = archive.document(id)?.ok_or_else(|| Problem::not_found("document"))?;
            let first =
                Query { order: Order::Eyes, limit: 2, status: Some("done".into()), ..Query::default() };
            let needing = archive.store().find(&first)?.documents;
            let next = needing.into_iter().find(|d| d.id != id && d.eyes > 0).map(|d| d.id);
            Ok((document, opened, next))
        })
        .await?;
    let record = &opened.reviewed.record;
    let pages = &record.document.pages;
    let at = pages.iter().position(|p| p.number == number).ok_or_else(|| Problem::not_found("page"))?;
    let page = pages.get(at).ok_or_else(|| Problem::not_found("page"))?;
    let strip = sheets(&opened, number);
    let neighbour = |i: Option<usize>| i.and_then(|i| pages.get(i)).map(|p| p.number);
    let doubt_behind = strip.iter().find(|s| s.number > number && s.marked > 0).map(|s| s.number);
    let doubt_before = strip.iter().rfind(|s| s.number < number && s.marked > 0).map(|s| s.number);
    let remarks = record.diagnostics.iter().chain(&record.directive.diagnostics);
    let deeds = deeds(&opened.events, reader.t);
    let lost: BTreeSet<i64> = opened.reviewed.lost.iter().map(|e| e.id).collect();
    let in_force = live(&opened.events);
    let shown = Shown {
        t: reader.t,
        reader: &reader,
        here: "documents",
        document: &document,
        kind: document.kind.as_deref().map(|k| kind_name(k).to_owned()).unwrap_or_default(),
        title: document.symbol.as_deref().unwrap_or_else(|| name(&document.path)),
        page,
        count: pages.len(),
        width: page.width.unwrap_or(0.0),
        height: page.height.unwrap_or(0.0),
        has_picture: page.width.is_some(),
        blocks: blocks(record, page),
        before: neighbour(at.checked_sub(1)),
        behind: neighbour(Some(at + 1)),
        next_doubt: doubt_behind,
        last_doubt: doubt_before,
        strip,
        next_document,
        tasks: record.directive.tasks.iter().zip(1..).map(|(t, n)| task(&opened, t, n, number)).collect(),
        rejected: opened.reviewed.rejected.iter().map(|t| task(&opened, t, 0, number)).collect(),
        remarks: remarks
            .filter(|d| d.severity != Severity::Info)
            .map(|d| Remark { grave: d.severity == Severity::Error, message: &d.message, page: d.page })
            .collect(),
        lost: deeds.iter().filter(|d| lost.contains(&d.id)).map(Deed::copy).collect(),
        history: deeds.into_iter().rev().take(RECENT).collect(),
        last_event: in_force.last().map(|e| e.id),
        opened: &opened,
    };
    html(&shown)
}

/// The last part of a path.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The pages with the number of words on each that are to be looked at.
fn sheets(opened: &Opened, here: u32) -> Vec<Sheet> {
    let record = &opened.reviewed.record;
    let changes = Changes::new(record);
    let needs = |p: &Page| {
        let words = p.blocks.iter().flat_map(|b| &b.lines).flat_map(|l| &l.words);
        words.filter(|w| matches!(changes.mark(w), Some(Mark::Doubtful | Mark::Digits))).count()
    };
    let sheet = |p: &Page| Sheet { number: p.number, marked: needs(p), here: p.number == here };
    record.document.pages.iter().map(sheet).collect()
}

fn task<'a>(opened: &'a Opened, task: &'a Task, number: usize, page: u32) -> TaskView<'a> {
    let directive = &opened.reviewed.record.directive;
    let decision = opened.reviewed.decisions.get(&task.id);
    let spans: Vec<String> = task.evidence.spans.iter().map(|s| format!("{}-{}", s.start, s.end)).collect();
    let role = |role: Role| match role {
        Role::Lead => "lead",
        Role::Coordinate => "coordinate",
        Role::Recipient => "recipient",
    };
    let target = |i: &usize| {
        let target = directive.targets.get(*i)?;
        Some(TargetView {
            text: &target.text,
            indicator: &target.indicator,
            comparator: match target.comparator {
                Comparator::Equal | Comparator::Range => "=",
                Comparator::AtLeast => ">=",
                Comparator::AtMost => "<=",
                Comparator::More => ">",
                Comparator::Less => "<",
            },
            value: target.value,
            unit: target.unit.as_deref().unwrap_or(""),
            says_unit: !begins_with(&target.indicator, target.unit.as_deref().unwrap_or("")),
        })
    };
    TaskView {
        number,
        task,
        spans: spans.join(" "),
        units: task.units.iter().map(|u| (u.name.as_str(), role(u.role))).collect(),
        // A task that was rejected may point at targets that have moved since.
        targets: if number > 0 { task.targets.iter().filter_map(target).collect() } else { Vec::new() },
        page: task.evidence.pages.first().copied().unwrap_or(1),
        on_page: task.evidence.pages.contains(&page),
        sure: (task.evidence.confidence * 100.0).round().clamp(0.0, 100.0) as u8,
        accepted: decision.is_some_and(|d| d.verdict == Verdict::Accepted),
        edited: decision.is_some_and(|d| d.edited),
        who: decision.map_or("", |d| d.who.as_str()),
        event: decision.map_or(0, |d| d.event),
    }
}

/// Whether what a target counts begins with the words of its unit: of "20 xã" it may be *xã, phường*.
fn begins_with(indicator: &str, unit: &str) -> bool {
    let (unit, indicator) = (words(unit), words(indicator));
    !unit.is_empty() && indicator.starts_with(&unit)
}

impl Deed {
    fn copy(&self) -> Deed {
        Deed {
            id: self.id,
            at: self.at.clone(),
            who: self.who.clone(),
            what: self.what.clone(),
            before: self.before.clone(),
            after: self.after.clone(),
            live: self.live,
        }
    }
}

fn deeds(events: &[Event], t: &Texts) -> Vec<Deed> {
    let in_force: BTreeSet<i64> = live(events).iter().map(|e| e.id).collect();
    let told = |event: &Event| {
        let (what, before, after) = match &event.action {
            Action::Correct { before, after, .. } => (t.get("did_correct"), before.clone(), after.clone()),
            Action::Task { before, decision, task, .. } => {
                let what = match (decision.verdict, task.is_empty(), &decision.edit) {
                    (Verdict::Rejected, ..) => t.get("did_reject"),
                    (_, true, _) => t.get("did_add"),
                    (_, _, Some(_)) => t.get("did_edit"),
                    _ => t.get("did_accept"),
                };
                (what, before.clone(), String::new())
            }
            Action::Reviewed { done: true } => (t.get("did_review"), String::new(), String::new()),
            Action::Reviewed { done: false } => (t.get("did_unreview"), String::new(), String::new()),
            Action::Undo { event } => (t.get("did_undo"), format!("#{event}"), String::new()),
        };
        Deed {
            id: event.id,
            at: event.at.replace('T', " ").trim_end_matches('Z').to_owned(),
            who: event.who.clone(),
            what: what.to_owned(),
            before,
            after,
            live: in_force.contains(&event.id),
        }
    };
    events.iter().map(told).collect()
}

/// How fine a picture is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Look {
    /// `small`, `plain` or `fine`.
    #[serde(default)]
    fineness: Option<String>,
}

/// A page as a picture.
#[utoipa::path(get, path = "/api/v1/documents/{id}/pages/{number}/picture", params(("id" = i64, Path, description = "Number of the document"), ("number" = u32, Path, description = "The page, from 1"), Look), responses((status = 200, content_type = "image/jpeg", body = Vec<u8>, description = "The page"), (status = 304, description = "As it was"), (status = 503, body = Problem, content_type = "application/problem+json", description = "Too many are being drawn"), (status = "4XX", body = Problem, content_type = "application/problem+json", description = "What is wrong")))]
pub async fn picture(
    State(app): State<Arc<App>>,
    At((id, number)): At<(i64, u32)>,
    Asked(look): Asked<Look>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let fineness = look.fineness.as_deref().unwrap_or("plain");
    let fineness =
        Fineness::of(fineness).ok_or_else(|| Problem::invalid("fineness: small, plain or fine"))?;
    let opened = app.run(move |archive| Ok(archive.document(id)?)).await?;
    let opened = opened.ok_or_else(|| Problem::not_found("document"))?;
    let record = &opened.reviewed.record;
    let mut pages = record.document.pages.iter().enumerate();
    let page = pages.find(|(_, p)| p.number == number && p.width.is_some());
    let (index, page) = page.ok_or_else(|| Problem::not_found("picture"))?;
    let wanted = Wanted { sha256: record.source.sha256.clone(), index, turned: page.turned, fineness };
    let sha256 = wanted.sha256.get(..16).unwrap_or("");
    let tag = format!("\"{sha256}-{number}-{}-{fineness:?}\"", wanted.turned);
    let told = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|t| t.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, told).into_response());
    }
    match app.archive.pictures().get(wanted, opened.file()).await {
        Ok(bytes) => Ok((told, [(header::CONTENT_TYPE, "image/jpeg")], bytes.to_vec()).into_response()),
        Err(e @ NoPicture::Busy) => Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", e.to_string())),
        Err(e) => Err(Problem::new(StatusCode::NOT_FOUND, "no_picture", e.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_not_told_twice() {
        for (indicator, unit, both) in [
            ("lớp", "lớp", true),
            ("Lớp học nghề", "lớp", true),
            ("xã, phường", "xã", true),
            ("lớpA", "lớp", false),
            ("tỷ lệ hồ sơ", "%", false),
            ("", "lớp", false),
            ("hồ sơ", "", false),
        ] {
            assert_eq!(begins_with(indicator, unit), both, "{indicator}, {unit}");
        }
    }
}
