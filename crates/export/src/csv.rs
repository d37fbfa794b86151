//! CSV that spreadsheets open rightly.

use crate::error::ExportError;
use crate::item::Item;
use crate::outputs::Output;
use crate::register::{COLUMNS, rows};
use crate::staging::{Staged, Staging};
use crate::words::hundredths;
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

/// Tells Excel that the file is UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A CSV file as spreadsheets want it: a byte order mark, commas, lines that end in CR LF, quotes where needed.
pub(crate) struct Sheet {
    to: csv::Writer<Staged>,
}

impl Sheet {
    pub(crate) fn begin(staging: &Staging, target: &Path, columns: &[&str]) -> io::Result<Self> {
        let mut file = staging.begin(target)?;
        file.write_all(BOM)?;
        let mut to = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
        to.write_record(columns).map_err(failed)?;
        Ok(Self { to })
    }

    /// Adds a row. Cells that a spreadsheet would take for a formula are made text.
    pub(crate) fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
        for cell in cells {
            self.to.write_field(harmless(cell).as_ref()).map_err(failed)?;
        }
        self.to.write_record(None::<&[u8]>).map_err(failed)
    }

    pub(crate) fn commit(self) -> io::Result<()> {
        self.to.into_inner().map_err(|e| io::Error::new(e.error().kind(), e.to_string()))?.commit()
    }
}

fn failed(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(e) => e,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A cell that begins as a formula would (`=`, `+`, `-`, `@`, a tab or a carriage return) gets an apostrophe in front:
/// what stands in a document must never be computed by whoever opens the file. Numbers stay numbers.
fn harmless(cell: &str) -> Cow<'_, str> {
    let rest = match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r') => None,
        Some('+' | '-') => cell.get(1..),
        _ => return Cow::Borrowed(cell),
    };
    let is_number =
        |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    if rest.is_some_and(is_number) { Cow::Borrowed(cell) } else { Cow::Owned(format!("'{cell}")) }
}

/// The task register as CSV.
pub(crate) struct Register(Sheet);

impl Register {
    pub(crate) fn begin(staging: &Staging, target: &Path) -> Result<Self, ExportError> {
        Ok(Self(Sheet::begin(staging, target, &COLUMNS)?))
    }
}

impl Output for Register {
    fn add(&mut self, item: &Item<'_>) -> Result<(), ExportError> {
        for row in rows(item) {
            let page = row.page.map(|p| p.to_string()).unwrap_or_default();
            let confidence = format!("{:.2}", hundredths(row.confidence));
            self.0.row([
                row.document,
                row.symbol,
                row.date,
                row.task,
                &row.lead,
                &row.coordinate,
                &row.deadline,
                &row.target,
                &page,
                &confidence,
            ])?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.commit()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, made) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+84 24 0000", "'+84 24 0000"),
            ("- Rà soát", "'- Rà soát"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("-5", "-5"),
            ("-inf", "'-inf"),
            ("15/QĐ-ABC", "15/QĐ-ABC"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), made);
        }
    }
}
