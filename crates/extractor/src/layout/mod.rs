//! Reading order: where the columns of a page part, and which block is which.

mod bands;
mod kinds;
mod layer;
mod lines;
mod marks;
mod picture;
mod stamps;

pub(crate) use kinds::{columns, is_page_number, plain};
pub(crate) use layer::layer_blocks;
pub(crate) use picture::{PrintLine, regions};
pub(crate) use stamps::{in_stamp, registry_stamps};
