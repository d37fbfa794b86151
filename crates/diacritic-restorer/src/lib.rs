//! Turns damaged Vietnamese into the text that stood on paper, and leaves good text alone.
//!
//! A noisy-channel decoder: a [`channel`] that knows what readers make of letters, a syllable [`lm`] that knows what
//! is said, a lattice of what may have been printed, and a gate ([`regime`]) before all of them.
//!
//! ```
//! use diacritic_restorer::{Gate, Lexicon, Options, Restorer};
//!
//! let names = Lexicon::parse("# a word or phrase a line\nMường Rưng\n")?;
//! let restorer = Restorer::bundled()?.with_lexicon(&names);
//! let options = Options { threshold: 0.5, gate: Gate::Auto, alternatives: 3 };
//! for line in restorer.restore_lines("uy ban nhan dan xa Muong Rung to chuc hop", &options) {
//!     assert_eq!(line.text, "ủy ban nhân dân xã Mường Rưng tổ chức họp");
//!     for word in line.words.iter().filter(|w| w.changed || w.doubtful) {
//!         println!("{} → {} ({:.2}, {})", word.raw, word.text, word.confidence, word.cause);
//!         for other in &word.alternatives {
//!             println!("    {} {:.4}", other.text, other.probability);
//!         }
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bundled;
pub mod calibration;
pub mod candidates;
pub mod channel;
mod document;
mod edges;
mod emissions;
pub mod labels;
mod lattice;
mod lexicon;
pub mod lm;
mod memo;
pub mod normalise;
mod options;
mod places;
pub mod regime;
pub mod repair;
pub mod restorer;
mod runs;
mod said;
mod seen;
pub mod segment;
pub mod syllable;
pub mod symbols;
pub mod token;
mod words;

pub use calibration::Evidence;
pub use document::{Restoration, kind_of};
pub use lexicon::{Confusion, Lexicon, LexiconError};
pub use lm::ModelError;
pub use options::{Gate, Options};
pub use regime::Regime;
pub use repair::{Alternative, LineRepair, Reading};
pub use restorer::{Restorer, Tables};
pub use seen::Seen;
pub use words::{RestoredLine, RestoredWord};
