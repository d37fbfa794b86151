//! Records as rows of tables: documents, tasks, targets, references.
//!
//! What a column is called and holds is told here once; the Parquet files are written from it, and so are tables that
//! other programs take out of memory.

use crate::words;
use vanthu_model::{Directive, Evidence, Record, Reference, Role, Target, Task};

/// What a column holds. All but lists may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8.
    Text,
    /// UTF-8, none or more.
    Texts,
    /// 32 bits.
    Int,
    /// 64 bits.
    Long,
    /// A float of 64 bits.
    Real,
    /// A day.
    Day,
    /// 32 bits, none or more.
    Ints,
}

/// A value of a row.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// Of [`Kind::Text`].
    Text(Option<&'a str>),
    /// Of [`Kind::Texts`].
    Texts(Vec<&'a str>),
    /// Of [`Kind::Int`].
    Int(Option<i32>),
    /// Of [`Kind::Long`].
    Long(Option<i64>),
    /// Of [`Kind::Real`].
    Real(Option<f64>),
    /// Of [`Kind::Day`]: days since 1970-01-01.
    Day(Option<i32>),
    /// Of [`Kind::Ints`].
    Ints(Vec<i32>),
}

/// A table. The column `record` joins them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// A row a record.
    Documents,
    /// A row a task.
    Tasks,
    /// A row a target.
    Targets,
    /// A row a cited document.
    References,
}

impl Table {
    /// All of them, in the order in which they are numbered (`table as usize`).
    pub const ALL: [Table; 4] = [Table::Documents, Table::Tasks, Table::Targets, Table::References];

    /// Its name, which is that of its file without the ending.
    pub fn name(self) -> &'static str {
        match self {
            Table::Documents => "documents",
            Table::Tasks => "tasks",
            Table::Targets => "targets",
            Table::References => "references",
        }
    }

    /// Names and kinds of its columns.
    pub fn columns(self) -> &'static [(&'static str, Kind)] {
        match self {
            Table::Documents => &DOCUMENTS,
            Table::Tasks => &TASKS,
            Table::Targets => &TARGETS,
            Table::References => &REFERENCES,
        }
    }
}

const DOCUMENTS: [(&str, Kind); 28] = [
    ("record", Kind::Text),
    ("document", Kind::Text),
    ("sha256", Kind::Text),
    ("media_type", Kind::Text),
    ("bytes", Kind::Long),
    ("pages", Kind::Int),
    ("kind", Kind::Text),
    ("number", Kind::Text),
    ("symbol", Kind::Text),
    ("issuer", Kind::Text),
    ("parent_issuer", Kind::Text),
    ("place", Kind::Text),
    ("date", Kind::Text),
    ("day", Kind::Day),
    ("subject", Kind::Text),
    ("signer", Kind::Text),
    ("signer_title", Kind::Text),
    ("signing_authority", Kind::Text),
    ("addressees", Kind::Texts),
    ("recipients", Kind::Texts),
    ("legal_bases", Kind::Texts),
    ("urgency", Kind::Text),
    ("secrecy", Kind::Text),
    ("tasks", Kind::Int),
    ("changes", Kind::Int),
    ("words", Kind::Int),
    ("confidence", Kind::Real),
    ("engine", Kind::Text),
];

const TASKS: [(&str, Kind); 19] = [
    ("record", Kind::Text),
    ("position", Kind::Int),
    ("id", Kind::Text),
    ("text", Kind::Text),
    ("section", Kind::Text),
    ("lead", Kind::Texts),
    ("coordinate", Kind::Texts),
    ("recipient", Kind::Texts),
    ("deadlines", Kind::Texts),
    ("due", Kind::Day),
    ("start", Kind::Day),
    ("end", Kind::Day),
    ("rrule", Kind::Text),
    ("targets", Kind::Ints),
    ("products", Kind::Texts),
    ("page", Kind::Int),
    ("pages", Kind::Ints),
    ("rule", Kind::Text),
    ("confidence", Kind::Real),
];

const TARGETS: [(&str, Kind); 14] = [
    ("record", Kind::Text),
    ("position", Kind::Int),
    ("text", Kind::Text),
    ("indicator", Kind::Text),
    ("direction", Kind::Text),
    ("comparator", Kind::Text),
    ("value", Kind::Real),
    ("value_high", Kind::Real),
    ("unit", Kind::Text),
    ("baseline", Kind::Text),
    ("by", Kind::Text),
    ("tasks", Kind::Texts),
    ("page", Kind::Int),
    ("confidence", Kind::Real),
];

const REFERENCES: [(&str, Kind); 12] = [
    ("record", Kind::Text),
    ("position", Kind::Int),
    ("kind", Kind::Text),
    ("symbol", Kind::Text),
    ("name", Kind::Text),
    ("date", Kind::Text),
    ("day", Kind::Day),
    ("issuer", Kind::Text),
    ("relation", Kind::Text),
    ("articles", Kind::Texts),
    ("page", Kind::Int),
    ("confidence", Kind::Real),
];

/// Hands the rows of a record to `take`, with as many values as their table has columns. `key` goes into the column
/// `record`: the path of the record in the output folder, or another name that no two records share.
///
/// # Errors
/// Those of `take`.
pub fn rows<'a, E>(
    key: &'a str,
    record: &'a Record,
    mut take: impl FnMut(Table, &[Value<'a>]) -> Result<(), E>,
) -> Result<(), E> {
    let directive = &record.directive;
    take(Table::Documents, &document_row(key, record))?;
    for (i, task) in directive.tasks.iter().enumerate() {
        take(Table::Tasks, &task_row(key, i, task))?;
    }
    for (i, target) in directive.targets.iter().enumerate() {
        take(Table::Targets, &target_row(key, i, target, directive))?;
    }
    for (i, reference) in directive.references.iter().enumerate() {
        take(Table::References, &reference_row(key, i, reference))?;
    }
    Ok(())
}

fn document_row<'a>(key: &'a str, record: &'a Record) -> [Value<'a>; DOCUMENTS.len()] {
    let (source, m) = (&record.source, &record.directive.metadata);
    let (words, sum) =
        record.document.words().fold((0_usize, 0.0), |(n, sum), w| (n + 1, sum + f64::from(w.confidence)));
    let confidence = if words == 0 { None } else { Some((sum / words as f64 * 1000.0).round() / 1000.0) };
    [
        text(key),
        text(&source.path),
        text(&source.sha256),
        text(&source.media_type),
        Value::Long(i64::try_from(source.bytes).ok()),
        Value::Int(i32::try_from(source.pages).ok()),
        Value::Text(m.kind.as_deref()),
        Value::Text(m.number.as_deref()),
        Value::Text(m.symbol.as_deref()),
        Value::Text(m.issuer.as_deref()),
        Value::Text(m.parent_issuer.as_deref()),
        Value::Text(m.place.as_deref()),
        Value::Text(m.date.as_deref()),
        day(m.date.as_deref()),
        Value::Text(m.subject.as_deref()),
        Value::Text(m.signer.as_deref()),
        Value::Text(m.signer_title.as_deref()),
        Value::Text(m.signing_authority.as_deref()),
        texts(&m.addressees),
        texts(&m.recipients),
        texts(&m.legal_bases),
        Value::Text(m.urgency.as_deref()),
        Value::Text(m.secrecy.as_deref()),
        number(record.directive.tasks.len()),
        number(record.document.changes.len()),
        number(words),
        Value::Real(confidence),
        Value::Text(record.engine.ocr.as_deref()),
    ]
}

fn task_row<'a>(key: &'a str, position: usize, task: &'a Task) -> [Value<'a>; TASKS.len()] {
    let units = |role: Role| {
        Value::Texts(task.units.iter().filter(|u| u.role == role).map(|u| u.name.as_str()).collect())
    };
    let period = task.deadlines.iter().find(|d| d.start.is_some() || d.end.is_some());
    [
        text(key),
        number(position),
        text(&task.id),
        text(&task.text),
        text(&task.section),
        units(Role::Lead),
        units(Role::Coordinate),
        units(Role::Recipient),
        Value::Texts(task.deadlines.iter().map(|d| d.text.as_str()).collect()),
        day(words::due(task)),
        day(period.and_then(|d| d.start.as_deref())),
        day(period.and_then(|d| d.end.as_deref())),
        Value::Text(task.deadlines.iter().find_map(|d| d.rrule.as_deref())),
        Value::Ints(task.targets.iter().filter_map(|&t| i32::try_from(t).ok()).collect()),
        texts(&task.products),
        page(&task.evidence),
        Value::Ints(task.evidence.pages.iter().filter_map(|&p| i32::try_from(p).ok()).collect()),
        text(&task.evidence.rule),
        real(task.evidence.confidence),
    ]
}

fn target_row<'a>(
    key: &'a str,
    position: usize,
    target: &'a Target,
    directive: &'a Directive,
) -> [Value<'a>; TARGETS.len()] {
    let tasks = directive.tasks.iter().filter(|t| t.targets.contains(&position));
    [
        text(key),
        number(position),
        text(&target.text),
        text(&target.indicator),
        text(direction(target)),
        text(comparator(target)),
        Value::Real(Some(target.value)),
        Value::Real(target.value_high),
        Value::Text(target.unit.as_deref()),
        Value::Text(target.baseline.as_deref()),
        Value::Text(target.by.as_deref()),
        Value::Texts(tasks.map(|t| t.id.as_str()).collect()),
        page(&target.evidence),
        real(target.evidence.confidence),
    ]
}

fn reference_row<'a>(
    key: &'a str,
    position: usize,
    reference: &'a Reference,
) -> [Value<'a>; REFERENCES.len()] {
    [
        text(key),
        number(position),
        text(&reference.kind),
        Value::Text(reference.symbol.as_deref()),
        Value::Text(reference.name.as_deref()),
        Value::Text(reference.date.as_deref()),
        day(reference.date.as_deref()),
        Value::Text(reference.issuer.as_deref()),
        text(relation(reference)),
        texts(&reference.articles),
        page(&reference.evidence),
        real(reference.evidence.confidence),
    ]
}

fn direction(target: &Target) -> &'static str {
    use vanthu_model::Direction::{Decrease, Increase, Reach};
    match target.direction {
        Reach => "reach",
        Increase => "increase",
        Decrease => "decrease",
    }
}

fn comparator(target: &Target) -> &'static str {
    use vanthu_model::Comparator::{AtLeast, AtMost, Equal, Less, More, Range};
    match target.comparator {
        Equal => "=",
        AtLeast => ">=",
        AtMost => "<=",
        More => ">",
        Less => "<",
        Range => "range",
    }
}

fn relation(reference: &Reference) -> &'static str {
    use vanthu_model::Relation::{Amended, Basis, Mentioned, Repealed};
    match reference.relation {
        Mentioned => "mentioned",
        Basis => "basis",
        Amended => "amended",
        Repealed => "repealed",
    }
}

fn text(text: &str) -> Value<'_> {
    Value::Text(Some(text))
}

fn texts(texts: &[String]) -> Value<'_> {
    Value::Texts(texts.iter().map(String::as_str).collect())
}

fn number<'a>(n: usize) -> Value<'a> {
    Value::Int(i32::try_from(n).ok())
}

fn real<'a>(value: f32) -> Value<'a> {
    Value::Real(Some((f64::from(value) * 10_000.0).round() / 10_000.0))
}

fn page<'a>(evidence: &Evidence) -> Value<'a> {
    Value::Int(evidence.pages.first().and_then(|&p| i32::try_from(p).ok()))
}

/// The day of an ISO date; what is no whole date is null.
fn day<'a>(date: Option<&str>) -> Value<'a> {
    Value::Day(date.and_then(days_since_1970))
}

/// Days from 1970-01-01 to a date, after Howard Hinnant's `days_from_civil`.
fn days_since_1970(date: &str) -> Option<i32> {
    let (year, month, day) = words::day(date)?;
    let (month, day) = (i32::from(month), i32::from(day));
    let year = i32::from(year) - i32::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(days_since_1970("1970-01-01"), Some(0));
        assert_eq!(days_since_1970("2000-03-01"), Some(11_017));
        assert_eq!(days_since_1970("2026-06-30"), Some(20_634));
        assert_eq!(days_since_1970("2026-06"), None);
    }
}
