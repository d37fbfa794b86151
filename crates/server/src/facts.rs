//! What the list of documents tells of a record.

use crate::review::Reviewed;
use vanthu_model::{Change, ChangeKind, Record, Severity, Word};

/// A word of which we are less sure than this is doubtful, as in the reports of `vanthu export`.
pub const DOUBT: f32 = 0.8;

/// How a word is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A person wrote it.
    Corrected,
    /// A digit of it was changed.
    Digits,
    /// It may be wrong.
    Doubtful,
    /// It was repaired.
    Changed,
}

impl Mark {
    /// Its name in pages and data.
    pub fn name(self) -> &'static str {
        match self {
            Mark::Corrected => "corrected",
            Mark::Digits => "digits",
            Mark::Doubtful => "doubtful",
            Mark::Changed => "changed",
        }
    }
}

/// Finds the changes of words. Words must be asked for in any order; changes stand in the order of the text.
#[derive(Debug)]
pub struct Changes<'r>(Vec<&'r Change>);

impl<'r> Changes<'r> {
    /// Those of a record.
    pub fn new(record: &'r Record) -> Self {
        let mut all: Vec<&Change> = record.document.changes.iter().collect();
        all.sort_by_key(|c| c.span.start);
        Self(all)
    }

    /// The change that made a word what it is.
    pub fn of(&self, word: &Word) -> Option<&'r Change> {
        let behind = self.0.partition_point(|c| c.span.start < word.span.end);
        self.0.get(behind.checked_sub(1)?).copied().filter(|c| c.span.overlaps(&word.span))
    }

    /// How a word is to be shown, if it is not as it was read and beyond doubt.
    pub fn mark(&self, word: &Word) -> Option<Mark> {
        let change = self.of(word);
        if change.is_some_and(|c| c.cause == "reviewer") {
            Some(Mark::Corrected)
        } else if change.is_some_and(|c| c.kind == ChangeKind::Digits) {
            Some(Mark::Digits)
        } else if word.confidence < DOUBT {
            Some(Mark::Doubtful)
        } else {
            (change.is_some() || word.raw != word.text).then_some(Mark::Changed)
        }
    }
}

/// Numbers about a record.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Facts {
    /// Words.
    pub words: u32,
    /// Words that were repaired and are not in doubt.
    pub changed: u32,
    /// Words in doubt.
    pub doubtful: u32,
    /// Words of which a digit was changed.
    pub digits: u32,
    /// Mean confidence of the words, 0 to 1.
    pub confidence: f64,
    /// How much it needs to be looked at; 0 when it was looked through.
    pub eyes: u32,
}

impl Facts {
    /// Those of a record with what people said of it.
    ///
    /// What needs eyes most: a changed digit may change a sum or a day, a task without anyone to do it is no order, and
    /// remarks tell of damage; words in doubt are many and small.
    pub fn of(reviewed: &Reviewed) -> Self {
        let record = &reviewed.record;
        let changes = Changes::new(record);
        let mut facts = Self::default();
        let mut sure = 0.0;
        for word in record.document.words() {
            facts.words += 1;
            sure += f64::from(word.confidence);
            match changes.mark(word) {
                Some(Mark::Digits) => facts.digits += 1,
                Some(Mark::Doubtful) => facts.doubtful += 1,
                Some(Mark::Changed) => facts.changed += 1,
                Some(Mark::Corrected) | None => {}
            }
        }
        facts.confidence = if facts.words == 0 { 0.0 } else { sure / f64::from(facts.words) };
        let remarks = record.diagnostics.iter().chain(&record.directive.diagnostics);
        let remarks: u32 = remarks
            .map(|d| match d.severity {
                Severity::Info => 0,
                Severity::Warning => 3,
                Severity::Error => 10,
            })
            .sum();
        let open = record.directive.tasks.iter().filter(|t| !reviewed.decisions.contains_key(&t.id));
        let tasks: u32 = open.map(|t| if t.units.is_empty() { 4 } else { 1 }).sum();
        let lost = u32::try_from(reviewed.lost.len()).unwrap_or(u32::MAX);
        if reviewed.looked_through.is_none() || lost > 0 {
            facts.eyes =
                [facts.digits.saturating_mul(8), facts.doubtful, remarks, tasks, lost.saturating_mul(20)]
                    .into_iter()
                    .fold(1, u32::saturating_add);
        }
        facts
    }
}
