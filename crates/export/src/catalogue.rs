//! The descriptive fields that Vietnamese rules ask of digitised records.

use crate::csv::Sheet;
use crate::error::ExportError;
use crate::item::Item;
use crate::outputs::Output;
use crate::staging::Staging;
use std::path::Path;
use vanthu_model::{Record, Verdict};

/// The columns, by the names that the rules give the fields. docs/outputs.md maps them to the record.
const COLUMNS: [&str; 18] = [
    "DocOrdinal",
    "TypeName",
    "CodeNumber",
    "CodeNotation",
    "IssuedDate",
    "OrganName",
    "Subject",
    "Language",
    "PageAmount",
    "InforSign",
    "Keyword",
    "Mode",
    "ConfidenceLevel",
    "Autograph",
    "Format",
    "Description",
    "FileName",
    "SHA256",
];

/// Names of the document types, by their abbreviations: tab-separated, `#` begins a comment.
const TYPES: &str = include_str!("../../../dictionaries/document_types.tsv");

/// The catalogue as CSV, a row a document.
pub(crate) struct Catalogue {
    to: Sheet,
    ordinal: usize,
}

impl Catalogue {
    pub(crate) fn begin(staging: &Staging, target: &Path) -> Result<Self, ExportError> {
        Ok(Self { to: Sheet::begin(staging, target, &COLUMNS)?, ordinal: 0 })
    }
}

impl Output for Catalogue {
    fn add(&mut self, item: &Item<'_>) -> Result<(), ExportError> {
        self.ordinal += 1;
        let cells = cells(item.record, self.ordinal);
        self.to.row(cells.iter().map(String::as_str))?;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.to.commit()?)
    }
}

fn cells(record: &Record, ordinal: usize) -> [String; COLUMNS.len()] {
    let metadata = &record.directive.metadata;
    let given = |field: &Option<String>| field.clone().unwrap_or_default();
    let (number, notation) = metadata.symbol.as_deref().map(parted).unwrap_or_default();
    [
        ordinal.to_string(),
        metadata.kind.as_deref().map(type_name).unwrap_or_default(),
        number.to_string(),
        notation.to_string(),
        metadata.date.as_deref().map(written).unwrap_or_default(),
        given(&metadata.issuer),
        given(&metadata.subject),
        language(record).to_string(),
        record.source.pages.to_string(),
        // What follows is for the archivist: the file does not tell it.
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        [&metadata.urgency, &metadata.secrecy].into_iter().flatten().cloned().collect::<Vec<_>>().join("; "),
        record.source.path.clone(),
        record.source.sha256.clone(),
    ]
}

/// Number and notation of a symbol: "15/QĐ-ABC" into "15" and "QĐ-ABC".
fn parted(symbol: &str) -> (&str, &str) {
    match symbol.split_once(['/', '-']) {
        Some((number, notation)) if number.chars().all(|c| c.is_ascii_alphanumeric()) => {
            (number.trim(), notation)
        }
        _ => ("", symbol),
    }
}

/// The day as the rules write it: DD/MM/YYYY, as much of it as is known.
fn written(date: &str) -> String {
    let mut parts: Vec<&str> = date.split('-').collect();
    parts.reverse();
    parts.join("/")
}

fn type_name(kind: &str) -> String {
    let lines = TYPES.lines().filter(|l| !l.starts_with('#'));
    let name = lines.filter_map(|l| l.split_once('\t')).find(|(k, _)| *k == kind);
    name.map_or(kind, |(_, n)| n.split('\t').next().unwrap_or(n)).to_string()
}

fn language(record: &Record) -> &'static str {
    let pages = &record.document.pages;
    let foreign = pages.iter().filter(|p| p.verdict == Verdict::OtherLanguage).count();
    if foreign * 2 > pages.len() { "" } else { "Tiếng Việt" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_parted_at_its_first_stroke() {
        assert_eq!(parted("15/QĐ-ABC"), ("15", "QĐ-ABC"));
        assert_eq!(parted("07/2026/TT-BVH"), ("07", "2026/TT-BVH"));
        assert_eq!(parted("12-KL/TU"), ("12", "KL/TU"));
        assert_eq!(parted("/QĐ-ABC"), ("", "QĐ-ABC"));
    }

    #[test]
    fn days_are_written_as_far_as_they_are_known() {
        assert_eq!(written("2026-03-12"), "12/03/2026");
        assert_eq!(written("2026-03"), "03/2026");
    }
}
