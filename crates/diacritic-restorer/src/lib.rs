//! Turns damaged Vietnamese into the text that stood on paper, and leaves good text alone.
//!
//! A noisy-channel decoder: a [`channel`] that knows what readers make of letters, a syllable [`lm`] that knows what
//! is said, a [`lattice`] of what may have been printed, and a gate ([`regime`]) before all of them.

mod bundled;
pub mod candidates;
pub mod channel;
mod document;
mod edges;
pub mod labels;
pub mod lattice;
pub mod lm;
pub mod normalise;
pub mod regime;
pub mod repair;
pub mod restorer;
pub mod segment;
pub mod syllable;
pub mod symbols;
pub mod token;

pub use document::{Restoration, kind_of};
pub use lm::ModelError;
pub use regime::Regime;
pub use repair::{LineRepair, Options, Reading};
pub use restorer::{Restorer, Tables};
