//! The task register: one row a task.

use crate::item::Item;
use crate::words;
use vanthu_model::Role;

/// Names of the columns, in their order.
pub const COLUMNS: [&str; 10] =
    ["document", "symbol", "date", "task", "lead", "coordinate", "deadline", "target", "page", "confidence"];

/// A row of the task register.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    /// Path of the file that was read.
    pub document: &'a str,
    /// Number and symbol of the document.
    pub symbol: &'a str,
    /// Date of issue, ISO; "2025-04" where the day is blank.
    pub date: &'a str,
    /// The task, as printed.
    pub task: &'a str,
    /// Who must do it.
    pub lead: String,
    /// With whom.
    pub coordinate: String,
    /// By when: ISO where it is a day, else as printed.
    pub deadline: String,
    /// The last day where the task has exactly one.
    pub due: Option<&'a str>,
    /// What must be reached.
    pub target: String,
    /// Page on which the task begins, from 1.
    pub page: Option<u32>,
    /// 0 to 1.
    pub confidence: f32,
}

/// The rows of a record, in the order of its text.
pub fn rows<'a>(item: &Item<'a>) -> impl Iterator<Item = Row<'a>> {
    let record = item.record;
    let directive = &record.directive;
    directive.tasks.iter().map(move |task| Row {
        document: &record.source.path,
        symbol: directive.metadata.symbol.as_deref().unwrap_or(""),
        date: directive.metadata.date.as_deref().unwrap_or(""),
        task: &task.text,
        lead: words::units(task, Role::Lead),
        coordinate: words::units(task, Role::Coordinate),
        deadline: words::deadlines(task),
        due: words::due(task),
        target: words::targets(task, directive),
        page: task.evidence.pages.first().copied(),
        confidence: task.evidence.confidence,
    })
}
