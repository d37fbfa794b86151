use super::anchor::Anchor;
use super::overlay::Decision;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Something that a person did to a document. Written once, never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number; later ones have greater numbers.
    pub id: i64,
    /// When, UTC in ISO 8601.
    pub at: String,
    /// Who.
    pub who: String,
    /// What.
    pub action: Action,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// Words of the text were written otherwise.
    Correct {
        /// The words.
        at: Anchor,
        /// What stood there.
        before: String,
        /// What stands there now: words parted by blanks, lines by `\n`; empty where nothing was printed.
        after: String,
    },
    /// A task was accepted, changed, rejected or added.
    Task {
        /// Its id at that time; empty for one that was added.
        task: String,
        /// The words that it came from; empty for one that was added.
        at: Vec<Anchor>,
        /// What it read before; empty for one that was added.
        before: String,
        /// What was decided.
        decision: Decision,
    },
    /// The document was looked through, or must be looked through once more.
    Reviewed {
        /// Which of the two.
        done: bool,
    },
    /// An earlier event was taken back. Undoing this one puts that in force again.
    Undo {
        /// The earlier event.
        event: i64,
    },
}

/// The events that are in force, oldest first: what was undone is left out, and so are the undoings.
pub fn live(events: &[Event]) -> Vec<&Event> {
    let mut dead = BTreeSet::new();
    let mut alive: Vec<&Event> = Vec::new();
    // From the end: an undoing that was itself undone undoes nothing.
    for event in events.iter().rev() {
        if dead.contains(&event.id) {
            continue;
        }
        match event.action {
            Action::Undo { event } => {
                dead.insert(event);
            }
            _ => alive.push(event),
        }
    }
    alive.reverse();
    alive
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: i64, action: Action) -> Event {
        Event { id, at: String::new(), who: String::new(), action }
    }

    #[test]
    fn an_undoing_can_be_undone() {
        let done = |id| event(id, Action::Reviewed { done: true });
        let undo = |id, of| event(id, Action::Undo { event: of });
        let ids = |events: &[Event]| live(events).iter().map(|e| e.id).collect::<Vec<_>>();
        assert_eq!(ids(&[done(1), done(2), undo(3, 1)]), [2]);
        assert_eq!(ids(&[done(1), done(2), undo(3, 1), undo(4, 3)]), [1, 2]);
        assert_eq!(ids(&[done(1), undo(2, 1), undo(3, 2), undo(4, 3)]), [0_i64; 0]);
    }
}
