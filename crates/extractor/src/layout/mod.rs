//! Reading order: where the columns of a page part, and which block is which.

mod aligned;
mod bands;
mod foot;
mod frames;
mod grid;
mod kinds;
mod layer;
mod lines;
mod marks;
mod notes;
mod picture;
mod ruling;
mod running;
mod stamps;
mod tables;

pub(crate) use foot::grow_feet;
pub(crate) use grid::{Rule, Rules};
pub(crate) use kinds::{columns, is_page_number, plain};
pub(crate) use layer::layer_blocks;
pub(crate) use picture::{Found, PrintLine, regions};
pub(crate) use running::mark_running;
pub(crate) use stamps::{drop_stamped, heads_frame, in_stamp, registry_stamps};
pub(crate) use tables::{Columns, number_tables, release_single_rows};
