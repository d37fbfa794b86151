//! Records into files.
//!
//! [`Staging`] writes files aside and renames them, so that a reader never sees half a file. All formats are made of
//! [`vanthu_model::Record`]s and of nothing else, but for pictures of the pages, which a [`Source`] hands over: this
//! crate does not know how files are read.
//!
//! [`Format`] names what can be made. [`BatchOutputs`] takes records in one after the other and makes what is one file
//! for all of them (`csv`, `xlsx`, `parquet`, `lines`, `catalogue`); [`write_document`] makes what is a file a record
//! (`alto`, `hocr`, `pdf`, `html`, `markdown`); [`Bag`] packs a folder for an archive. No file tells when it was made:
//! the same records give the same bytes.

mod address;
mod alto;
mod bag;
mod catalogue;
mod csv;
mod documents;
mod error;
mod format;
mod hocr;
mod html;
mod item;
mod json;
mod lines;
mod markdown;
mod outputs;
mod parquet;
mod parts;
mod pdf;
mod register;
mod source;
mod staging;
pub mod tables;
pub mod words;
mod xlsx;
mod xml;

pub use address::percent_encoded;
pub use alto::write_alto;
pub use bag::Bag;
pub use documents::{Open, write_document};
pub use error::ExportError;
pub use format::Format;
pub use hocr::write_hocr;
pub use html::write_html;
pub use item::Item;
pub use json::{Layout, copy_compact, document_json, write_json};
pub use markdown::write_markdown;
pub use outputs::BatchOutputs;
pub use pdf::write_pdf;
pub use register::{COLUMNS, Row, rows};
pub use source::{Picture, Source};
pub use staging::{Staged, Staging};
