//! One input in, one [`Record`] out: the three stages in order.
//!
//! The same bytes under the same options give the same record. A [`Failure`] says in one line what is
//! wrong with an input and what to do about it, with a stable [`Cause`].

mod crash;
mod failure;
mod input;
mod stages;

pub use crash::{crash, guarded};
pub use failure::{Failure, one_line};
pub use input::{inside_archive, load, load_part, parts};

pub use extractor::is_archive;
pub use stages::{Options, Part, Pipeline, digest, hex, restorer};

pub use vanthu_model::{Cause, Record};
