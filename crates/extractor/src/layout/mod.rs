//! Reading order: where the columns of a page part, and which block is which.

mod layer;
mod picture;

pub(crate) use layer::layer_blocks;
pub(crate) use picture::{Region, read_region, regions};
