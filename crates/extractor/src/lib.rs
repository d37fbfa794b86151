//! Files into [`vanthu_model::Document`]s: the raw reading, page by page, with boxes, confidence and origin.
//!
//! The way of the data is the way of the modules. [`Extractor::extract`] tells the format of the bytes (`format`);
//! plain text is decoded (`plain`), picture files become page pictures (`picture`), PDF pages give their text layer
//! (`pdf`) and, where the verdict on it is bad (`verdict`), a picture too. Pictures are cleaned (`clean`), parted into
//! regions (`layout`) and read (`ocr`); `page` puts words into blocks in reading order,
//! `pdf_page` decides which reading of a PDF page is kept, `pasted` adds what pictures on a page of good text show.
//!
//! Nothing is repaired here. The library prints nothing, reads no flags and never exits the process.
//!
//! Tesseract uses OpenMP, which on a page costs eight times the processor time it saves. It can only be tamed by
//! `OMP_THREAD_LIMIT=1` in the environment *before* the library is loaded: with the feature `late` that is when the first
//! page must be read by OCR, so that a program may set the variable first thing; without the feature it is before the process
//! starts. [`needs_single_thread_env`] tells whether it is set.

mod archive;
mod clean;
pub mod digits;
mod doctor;
mod error;
mod extractor;
mod filled;
mod format;
mod guard;
mod layout;
mod legacy;
pub mod net;
mod ocr;
mod office;
mod options;
mod page;
mod pages;
mod pasted;
mod pdf;
mod pdf_page;
mod picture;
mod plain;
mod print;
#[doc(hidden)]
pub mod probe;
mod romans;
mod sheets;
pub mod tones;
mod upright;
mod verdict;
mod xml;

pub use archive::{MAX_ARCHIVE_DEPTH, Part, is_archive, part, parts};
pub use doctor::{Component, components, needs_single_thread_env};
pub use error::ExtractError;
pub use extractor::{Extraction, Extractor};
pub use legacy::{Converted, LegacyEncoding, convert};
pub use options::{Limits, Options};
pub use pages::Pages;
pub use plain::{Decoded, decode};
pub use sheets::{Sheet, Sheets};
