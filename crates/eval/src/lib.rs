//! How good an output is: scores against what is known to be true, and where the errors are.
//!
//! Pure functions over texts, directives and documents; nothing is read or written here. [`TextScore`] and
//! [`StructureScore`] give, to the last digit, the figures of the scorers that the annotation guide comes with
//! (syllable accuracy, character error rate; F1 of tasks, units, deadlines, targets, references and headings), so
//! that figures of either can stand in one table. Beside them: precision and recall of every field ([`Details`]),
//! the verdict on text layers ([`VerdictScore`]), how well confidences tell what is right ([`Calibration`], drawn by
//! [`chart::reliability`]), and the errors one by one in [`Group`]s ([`Miss`]). A [`Report`] holds all of it for sets
//! of documents and is what `vanthu eval` prints; [`compare`] lists what one report has over another.

mod calibration;
pub mod chart;
mod compare;
mod confidence;
mod details;
pub mod distance;
mod fold;
mod group;
mod hunk;
mod matching;
mod register;
mod report;
mod structure;
mod structure_errors;
mod tally;
mod text;
mod text_errors;
mod verdicts;
mod vocabulary;

pub use calibration::{Bin, Calibration, EDGES, Observation};
pub use compare::{Comparison, FigureChange, compare};
pub use confidence::{entries, printed_text, words};
pub use details::Details;
pub use fold::without_marks;
pub use group::{Group, Part};
pub use register::{AnnotationError, Register};
pub use report::{DocumentReport, EVAL_SCHEMA, EngineReport, FailureReport, Report, SetReport};
pub use structure::{StructureMean, StructureScore};
pub use structure_errors::structure_errors;
pub use tally::Tally;
pub use text::{TextScore, without_page_numbers};
pub use text_errors::{Miss, text_errors};
pub use verdicts::{PageVerdict, TruthError, VerdictScore, VerdictTruth, verdict_name};
