//! Records into files.
//!
//! [`Staging`] writes files aside and renames them, so that a reader never sees half a file. The functions of
//! this crate write JSON from a [`vanthu_model::Record`]; all formats are made from it.

mod json;
mod staging;

pub use json::{Layout, copy_compact, write_json};
pub use staging::{Staged, Staging};
