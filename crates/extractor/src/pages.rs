//! Some pages of a document, read apart from the others: by another process, or on another machine.

use crate::error::ExtractError;
use crate::layout::Columns;
use crate::page::PageReading;
use serde::{Deserialize, Serialize};
use vanthu_model::{Diagnostic, Page, Word};

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
    /// What words may be beside what they were read as, by their place on the page: records do not tell it.
    seen: Vec<(usize, Vec<vanthu_model::Reading>)>,
    diagnostics: Vec<Diagnostic>,
    ocr: bool,
    tables: Vec<Columns>,
}

impl From<PageReading> for Reading {
    fn from(mut r: PageReading) -> Self {
        let words = words(&mut r.page).map(|w| std::mem::take(&mut w.readings)).enumerate();
        let seen = words.filter(|(_, readings)| !readings.is_empty()).collect();
        Self { seen, page: r.page, diagnostics: r.diagnostics, ocr: r.ocr, tables: r.tables }
    }
}

impl From<Reading> for PageReading {
    fn from(mut r: Reading) -> Self {
        let mut seen = r.seen.into_iter().peekable();
        for (at, word) in words(&mut r.page).enumerate() {
            if let Some((_, readings)) = seen.next_if(|(place, _)| *place == at) {
                word.readings = readings;
            }
        }
        Self { page: r.page, diagnostics: r.diagnostics, ocr: r.ocr, tables: r.tables }
    }
}

fn words(page: &mut Page) -> impl Iterator<Item = &mut Word> {
    page.blocks.iter_mut().flat_map(|b| &mut b.lines).flat_map(|l| &mut l.words)
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

#[cfg(test)]
mod tests {
    use super::*;
    use vanthu_model::{BBox, Block, Origin};

    /// Documents that were read in parts lost them on the way, and were repaired otherwise than those read whole.
    #[test]
    fn what_words_may_be_travels_with_a_page() {
        let word = |text: &str, readings: &[(&str, f32)]| {
            let reading = |(text, probability): &(&str, f32)| vanthu_model::Reading {
                text: (*text).to_owned(),
                probability: *probability,
            };
            let word = crate::page::word(text.into(), BBox::default(), 0.7, Origin::Ocr);
            Word { readings: readings.iter().map(reading).collect(), ..word }
        };
        let words = vec![word("các", &[]), word("đấy", &[("đẩy", 0.3), ("đây", 0.1)]), word("mạnh", &[])];
        let lines =
            vec![crate::page::line_of(words), crate::page::line_of(vec![word("tinh", &[("tỉnh", 0.2)])])];
        let page = Page { blocks: vec![Block { lines, ..Block::default() }], ..Page::default() };
        let sent = Reading::from(PageReading { page: page.clone(), ..PageReading::default() });
        let json = serde_json::to_string(&sent).unwrap();
        let come: PageReading = serde_json::from_str::<Reading>(&json).unwrap().into();
        assert_eq!(come.page, page);
    }
}
