//! A page of a document as it is shown.

use super::problem::Problem;
use crate::facts::{Changes, Mark};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use vanthu_model::{Block, BlockKind, Page, Record, Span, Word};

/// Names of document types by their abbreviations: tab-separated, `#` begins a comment.
const KINDS: &str = include_str!("../../../../dictionaries/document_types.tsv");

/// The name of a document type; its abbreviation where it has none.
pub fn kind_name(kind: &str) -> &str {
    let rows = KINDS.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'));
    let name =
        rows.into_iter().find(|(k, _)| *k == kind).map(|(_, rest)| rest.split('\t').next().unwrap_or(rest));
    name.unwrap_or(kind)
}

/// A page as an answer.
///
/// # Errors
/// When the template cannot be written.
pub fn html(page: &impl Template) -> Result<Response, Problem> {
    let text = page.render().map_err(|e| {
        tracing::error!(%e, "page");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "crash", "an error inside vanthu")
    })?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// A block of text.
pub struct BlockView<'r> {
    /// What it is, as a class.
    pub class: &'static str,
    /// Its lines.
    pub lines: Vec<Vec<WordView<'r>>>,
}

/// A word of the text.
pub struct WordView<'r> {
    /// Where it begins and ends in the document's text.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// As repaired.
    pub text: &'r str,
    /// As read.
    pub raw: &'r str,
    /// How it is marked.
    pub mark: Option<Mark>,
    /// How sure we are of it, in percent.
    pub sure: u8,
    /// The rule or model that changed it.
    pub cause: &'r str,
    /// Numbers of the tasks whose words it is one of.
    pub tasks: String,
    /// Its box in points: left, top, width, height.
    pub frame: Option<[f32; 4]>,
}

impl WordView<'_> {
    /// Its classes.
    pub fn class(&self) -> String {
        match (self.mark, self.tasks.is_empty()) {
            (Some(mark), true) => format!("w {}", mark.name()),
            (Some(mark), false) => format!("w {} in-task", mark.name()),
            (None, true) => "w".to_owned(),
            (None, false) => "w in-task".to_owned(),
        }
    }
}

/// The blocks of a page, with what is known of each word.
pub fn blocks<'r>(record: &'r Record, page: &'r Page) -> Vec<BlockView<'r>> {
    let changes = Changes::new(record);
    let tasks = record.directive.tasks.iter().zip(1..);
    let mut passages: Vec<(Span, usize)> =
        tasks.flat_map(|(t, n)| t.evidence.spans.iter().map(move |s| (*s, n))).collect();
    passages.retain(|(s, _)| s.overlaps(&page.span));
    let word = |w: &'r Word| {
        let change = changes.of(w);
        let mine = passages.iter().filter(|(s, _)| s.overlaps(&w.span));
        let tasks: Vec<String> = mine.map(|(_, n)| n.to_string()).collect();
        WordView {
            start: w.span.start,
            end: w.span.end,
            text: &w.text,
            raw: &w.raw,
            mark: changes.mark(w),
            sure: (w.confidence * 100.0).round().clamp(0.0, 100.0) as u8,
            cause: change.map_or("", |c| c.cause.as_str()),
            tasks: tasks.join(" "),
            frame: w.bbox.map(|b| [b.x0 - 1.0, b.y0 - 1.0, b.x1 - b.x0 + 2.0, b.y1 - b.y0 + 2.0]),
        }
    };
    let block = |b: &'r Block| BlockView {
        class: class(b.kind),
        lines: b.lines.iter().map(|l| l.words.iter().map(word).collect()).collect(),
    };
    page.blocks.iter().map(block).collect()
}

fn class(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Text => "running",
        BlockKind::HeadLeft | BlockKind::FootLeft => "left",
        BlockKind::HeadRight | BlockKind::FootRight => "right",
        BlockKind::Table => "cell",
        BlockKind::Furniture => "furniture",
        BlockKind::Footnote => "footnote",
        BlockKind::Stamp | BlockKind::Handwriting => "ink",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_names() {
        assert_eq!(kind_name("QĐ"), "Quyết định");
        assert_eq!(kind_name("?"), "?");
    }
}
