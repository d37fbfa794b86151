//! Documents of office programs: text that flows, with fonts, lists, tables and notes, and without pages of its own
//! but where a page was ended by hand.
//!
//! Each reader puts its text into a [`Flow`](flow::Flow) in reading order: cells of tables row by row as blocks of their
//! own, labels of list items written out, notes and running heads as blocks apart.

mod cells;
mod doc;
mod docx;
mod flow;
mod html;
mod laid;
mod numbering;
mod odt;
mod package;
mod rtf;
mod symbols;
#[cfg(test)]
mod testing;

pub(crate) use package::zip_failure;

use crate::error::ExtractError;
use crate::format::Format;
use crate::guard::guarded;
use crate::options::Limits;
use vanthu_model::{Diagnostic, Document};

/// Reads a document of one of the office formats.
///
/// # Errors
/// `encrypted`, `damaged`, `too_large`, `no_text`; `unsupported` for a format that is none of these.
pub(crate) fn read(
    format: Format,
    bytes: &[u8],
    limits: &Limits,
) -> Result<(Document, Vec<Diagnostic>), ExtractError> {
    let flow = match format {
        Format::Docx => guarded("DOCX file", || docx::read(bytes, limits))??,
        Format::Odt => guarded("OpenDocument file", || odt::read(bytes, limits))??,
        Format::Doc => guarded("Word document", || doc::read(bytes, limits))??,
        Format::Rtf => rtf::read(bytes, limits)?,
        Format::Html => guarded("web page", || html::read(bytes, limits))??,
        _ => return Err(ExtractError::unsupported("the content is no office document", "convert it to PDF")),
    };
    flow.finish()
}
