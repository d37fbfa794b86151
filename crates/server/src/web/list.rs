//! The list of documents.

use super::App;
use super::extract::Asked;
use super::people::Reader;
use super::problem::Problem;
use super::texts::Texts;
use super::view::{html, kind_name};
use crate::store::{Counts, Found, Listed, Order, Query};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use export::percent_encoded;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Documents on a page of the list.
const PAGE: usize = 50;

/// What an address asks the list for. Empty is as absent.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Words that stand in the document; marks do not matter, what is in quotation marks stands together.
    pub q: String,
    /// queued, running, done, failed or skipped.
    pub status: String,
    /// Cause of a failure: its stable code.
    pub cause: String,
    /// Type of document, by its abbreviation.
    pub kind: String,
    /// A part of the issuer's name; marks do not matter.
    pub issuer: String,
    /// First date of issue, ISO.
    pub from: String,
    /// Last date of issue, ISO.
    pub to: String,
    /// Id of a unit that has a part in a task.
    pub unit: String,
    /// Something is due before this day, ISO.
    pub due_before: String,
    /// Mean confidence below this, in percent.
    pub confidence_below: String,
    /// `1`: has words in doubt.
    pub doubtful: String,
    /// `1`: has changed digits.
    pub digits: String,
    /// `1`: was looked through; `0`: was not.
    pub reviewed: String,
    /// `1`: has corrections.
    pub corrected: String,
    /// `1`: has corrections that do not fit any more.
    pub lost: String,
    /// eyes, date, due or batch.
    pub order: String,
    /// Where the last page ended, as it was told there.
    pub cursor: String,
    /// Most documents to tell of, up to 500.
    pub limit: String,
}

impl Params {
    /// What the store is asked for.
    pub fn query(&self) -> Query {
        let given = |s: &String| Some(s.trim().to_owned()).filter(|s| !s.is_empty());
        let is = |s: &String| s == "1";
        Query {
            text: given(&self.q),
            status: given(&self.status),
            cause: given(&self.cause),
            kind: given(&self.kind),
            issuer: given(&self.issuer),
            from: given(&self.from),
            to: given(&self.to),
            unit: given(&self.unit),
            due_before: given(&self.due_before),
            confidence_below: self.confidence_below.trim().parse::<f64>().ok().map(|p| p / 100.0),
            doubtful: is(&self.doubtful),
            digits: is(&self.digits),
            reviewed: match self.reviewed.as_str() {
                "1" => Some(true),
                "0" => Some(false),
                _ => None,
            },
            corrected: is(&self.corrected),
            lost: is(&self.lost),
            order: Order::ALL.into_iter().find(|o| o.name() == self.order).unwrap_or_default(),
            cursor: given(&self.cursor),
            limit: self.limit.parse().unwrap_or(PAGE),
        }
    }

    fn pairs(&self) -> [(&'static str, &str); 16] {
        [
            ("q", &self.q),
            ("status", &self.status),
            ("cause", &self.cause),
            ("kind", &self.kind),
            ("issuer", &self.issuer),
            ("from", &self.from),
            ("to", &self.to),
            ("unit", &self.unit),
            ("due_before", &self.due_before),
            ("confidence_below", &self.confidence_below),
            ("doubtful", &self.doubtful),
            ("digits", &self.digits),
            ("reviewed", &self.reviewed),
            ("corrected", &self.corrected),
            ("lost", &self.lost),
            ("order", &self.order),
        ]
    }

    /// The address of the same list from `cursor` on.
    fn address(&self, cursor: &str) -> String {
        let pairs = self.pairs().into_iter().chain([("cursor", cursor)]).filter(|(_, v)| !v.is_empty());
        let pairs: Vec<String> =
            pairs.map(|(k, v)| format!("{k}={}", percent_encoded(v.as_bytes()))).collect();
        format!("/documents?{}", pairs.join("&"))
    }

    /// Whether anything but the order is asked for.
    fn is_filtered(&self) -> bool {
        self.pairs().iter().any(|(k, v)| *k != "order" && !v.is_empty())
    }
}

/// A line of the list.
struct Line {
    document: Listed,
    snippet: Option<[String; 3]>,
    /// From 0 to 5: how much it needs eyes.
    weight: u8,
    kind: String,
}

#[derive(Template)]
#[template(path = "list.html")]
struct Page<'a> {
    t: &'static Texts,
    reader: &'a Reader,
    here: &'static str,
    params: &'a Params,
    counts: Arc<Counts>,
    kinds: Vec<(String, String, u32)>,
    lines: Vec<Line>,
    next: Option<String>,
    first: bool,
    filtered: bool,
}

impl Page<'_> {
    fn order(&self, name: &str) -> bool {
        self.params.order == name || (self.params.order.is_empty() && name == "eyes")
    }

    fn total(&self) -> u32 {
        self.counts.status.values().sum()
    }
}

/// `GET /documents`
pub async fn page(
    State(app): State<Arc<App>>,
    reader: Reader,
    Asked(params): Asked<Params>,
) -> Result<Response, Problem> {
    let query = params.query();
    let (found, counts): (Found, Arc<Counts>) =
        app.run(move |archive| Ok((archive.store().find(&query)?, archive.counts()?))).await?;
    let mut snippets = found.snippets.into_iter();
    let lines = found.documents.into_iter().map(|document| Line {
        snippet: snippets.next().flatten(),
        weight: weight(document.eyes),
        kind: document.kind.as_deref().map(|k| kind_name(k).to_owned()).unwrap_or_default(),
        document,
    });
    let mut kinds: Vec<(String, String, u32)> =
        counts.kinds.iter().map(|(k, n)| (k.clone(), kind_name(k).to_owned(), *n)).collect();
    kinds.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    let page = Page {
        t: reader.t,
        reader: &reader,
        here: "documents",
        params: &params,
        kinds,
        lines: lines.collect(),
        next: found.next.map(|cursor| params.address(&cursor)),
        first: params.cursor.is_empty(),
        filtered: params.is_filtered(),
        counts,
    };
    html(&page)
}

/// How many of five bars `eyes` fills.
fn weight(eyes: u32) -> u8 {
    match eyes {
        0 => 0,
        1..=4 => 1,
        5..=19 => 2,
        20..=59 => 3,
        60..=199 => 4,
        _ => 5,
    }
}
