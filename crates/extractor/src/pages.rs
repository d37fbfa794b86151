//! Some pages of a document, read apart from the others: by another process, or on another machine.

use crate::error::ExtractError;
use crate::layout::Columns;
use crate::page::PageReading;
use serde::{Deserialize, Serialize};
use vanthu_model::{Diagnostic, Page};

/// What some pages of a document gave. It goes through any format of serde that keeps numbers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pages {
    /// Media type of the document.
    pub(crate) media_type: String,
    /// Pages of the document.
    pub(crate) of: usize,
    /// Index of the first page.
    pub(crate) first: usize,
    /// The pages, or why there is none.
    pub(crate) readings: Vec<Result<Reading, ExtractError>>,
}

impl Pages {
    /// Number of pages that were read.
    pub fn len(&self) -> usize {
        self.readings.len()
    }

    /// Whether no page was read.
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }
}

/// A [`PageReading`] on its way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Reading {
    page: Page,
    diagnostics: Vec<Diagnostic>,
    ocr: bool,
    tables: Vec<Columns>,
}

impl From<PageReading> for Reading {
    fn from(r: PageReading) -> Self {
        Self { page: r.page, diagnostics: r.diagnostics, ocr: r.ocr, tables: r.tables }
    }
}

impl From<Reading> for PageReading {
    fn from(r: Reading) -> Self {
        Self { page: r.page, diagnostics: r.diagnostics, ocr: r.ocr, tables: r.tables }
    }
}

/// Puts parts in order. They must be of one document and hold each of its pages once.
pub(crate) fn in_order(
    mut parts: Vec<Pages>,
) -> Result<(String, Vec<Result<PageReading, ExtractError>>), ExtractError> {
    parts.sort_by_key(|p| p.first);
    let mut next = 0;
    for part in &parts {
        if part.first != next
            || parts.first().is_some_and(|p| (p.of, &p.media_type) != (part.of, &part.media_type))
        {
            return Err(ExtractError::damaged("the parts are not all pages of one document"));
        }
        next += part.len();
    }
    match parts.first() {
        Some(first) if first.of == next => {
            let media_type = first.media_type.clone();
            let readings = parts.into_iter().flat_map(|p| p.readings).map(|r| r.map(PageReading::from));
            Ok((media_type, readings.collect()))
        }
        _ => Err(ExtractError::damaged("the parts are not all pages of one document")),
    }
}
