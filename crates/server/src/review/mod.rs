//! What people say of records: corrections of words, decisions on tasks, marks that a document was looked through.
//!
//! An [`Event`] is written once and never changed; undoing one is an event, too. What holds of a document is worked out
//! anew from its record and its events ([`review`]), so that records stay as the batch made them and a record that
//! was made anew keeps what still fits.

mod anchor;
mod apply;
mod event;
mod overlay;
mod spans;

pub use anchor::{Anchor, Printed};
pub use event::{Action, Event, live};
pub use overlay::{DeadlineEdit, Decision, TargetEdit, TaskEdit, UnitEdit, Verdict};
pub use spans::SpanMap;

use crate::workshop::Workshop;
use apply::Edit;
pub(crate) use apply::tidy;
use overlay::Decided;
use std::collections::BTreeMap;
use vanthu_model::Record;

/// A record with what people said of it.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// The record, corrected.
    pub record: Record,
    /// From the text as the batch made it to the corrected one.
    pub map: SpanMap,
    /// Corrections of words that hold: the event and where its words stand in the corrected text.
    pub corrected: Vec<Corrected>,
    /// Decisions on tasks that hold, by the task's id in the corrected record. Rejected tasks stand here alone.
    pub decisions: BTreeMap<String, TaskDecision>,
    /// Tasks that were rejected, as they were.
    pub rejected: Vec<vanthu_model::Task>,
    /// Events that do not fit the record any more.
    pub lost: Vec<Event>,
    /// Whether a person has looked the document through, and who did last.
    pub looked_through: Option<String>,
    /// Number of the last event; 0 without any.
    pub last: i64,
}

/// A correction that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// Its event.
    pub event: i64,
    /// Where its words stand in the corrected text.
    pub span: vanthu_model::Span,
}

/// What was decided of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskDecision {
    /// The event.
    pub event: i64,
    /// Who decided.
    pub who: String,
    /// What.
    pub verdict: Verdict,
    /// Whether the task was changed or added by people.
    pub edited: bool,
}

/// Puts `events`, oldest first, on the record `base` as the batch made it.
pub fn review(base: Record, events: &[Event], workshop: &dyn Workshop) -> Reviewed {
    let last = events.last().map_or(0, |e| e.id);
    let mut lost = Vec::new();
    let mut edits: Vec<Edit> = Vec::new();
    let mut decided: Vec<Decided> = Vec::new();
    let mut looked_through = None;
    let printed = Printed::new(&base.document);
    for event in live(events) {
        match &event.action {
            Action::Correct { at, after, .. } => match printed.find(at) {
                Some(span) if printed.is_editable(span) => {
                    // The later word holds where two touch the same words.
                    edits.retain(|e| !e.span.overlaps(&span));
                    edits.push(Edit { span, after: after.clone(), event: event.id });
                }
                _ => lost.push(event.clone()),
            },
            Action::Task { task, at, decision, .. } => {
                let spans: Option<Vec<_>> = at.iter().map(|a| printed.find(a)).collect();
                let edit: Option<Option<Vec<_>>> = match &decision.edit {
                    Some(edit) => {
                        edit.at.iter().map(|a| printed.find(a)).collect::<Option<Vec<_>>>().map(Some)
                    }
                    None => Some(None),
                };
                match (spans, edit) {
                    (Some(spans), Some(edited)) => decided.push(Decided {
                        event: event.id,
                        who: event.who.clone(),
                        task: task.clone(),
                        spans,
                        edited,
                        decision: decision.clone(),
                    }),
                    _ => lost.push(event.clone()),
                }
            }
            Action::Reviewed { done } => looked_through = done.then(|| event.who.clone()),
            Action::Undo { .. } => {}
        }
    }
    edits.sort_by_key(|e| e.span.start);
    let (mut record, map, corrected) = apply::corrected(base, edits);
    if !corrected.is_empty() {
        record.directive = workshop.parse(&record.document);
    }
    let laid = overlay::lay(&mut record, &map, decided);
    let homeless: Vec<Event> = events.iter().filter(|e| laid.homeless.contains(&e.id)).cloned().collect();
    lost.extend(homeless);
    Reviewed {
        record,
        map,
        corrected,
        decisions: laid.decisions,
        rejected: laid.rejected,
        lost,
        looked_through,
        last,
    }
}
