//! The types that travel between the stages, and the JSON contract made from them.
//!
//! A [`Document`] is what was read and repaired; a [`Directive`] is what it orders; a [`Record`] is both
//! with their provenance. The crate does no input or output and decides nothing.
//!
//! Text is NFC. Every [`Span`] is half-open and counts Unicode scalar values of `document.text`.

mod cause;
mod directive;
mod document;
mod record;
mod span;
mod spelling;

pub use cause::Cause;
pub use directive::{
    Annex, Comparator, Deadline, DeadlineKind, Direction, Directive, Evidence, FieldEvidence, How, Metadata,
    Objective, OutlineNode, Reference, Relation, ResultFigure, Role, SectionRole, Target, Task, TaskUnit,
    Unit, UnitOrigin,
};
pub use document::{
    BBox, Block, BlockKind, Cell, Change, ChangeKind, Document, Line, Origin, Page, Reading, Region, Verdict,
    Word,
};
pub use record::{Diagnostic, Engine, RECORD_SCHEMA, Record, Severity, Source, json_schema};
pub use span::{CharIndex, Span};
pub use spelling::{composed, older_placement};
