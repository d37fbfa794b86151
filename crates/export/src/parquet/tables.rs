use super::table::{Kind, Table, Value};
use crate::error::ExportError;
use crate::format::Format;
use crate::item::Item;
use crate::outputs::Output;
use crate::staging::Staging;
use crate::words;
use std::path::Path;
use vanthu_model::{Directive, Evidence, Record, Reference, Role, Target, Task};

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

/// The four tables. `record`, the path of the record in the output folder, joins them.
pub(crate) struct Tables {
    documents: Table,
    tasks: Table,
    targets: Table,
    references: Table,
}

impl Tables {
    pub(crate) fn begin(staging: &Staging, folder: &Path) -> Result<Self, ExportError> {
        let begin = |file: usize, columns: &[(&str, Kind)]| {
            let name = Format::Parquet.files().get(file).copied().unwrap_or_default();
            Table::begin(staging, &folder.join(name), name.trim_end_matches(".parquet"), columns)
        };
        Ok(Self {
            documents: begin(0, &DOCUMENTS)?,
            tasks: begin(1, &TASKS)?,
            targets: begin(2, &TARGETS)?,
            references: begin(3, &REFERENCES)?,
        })
    }
}

impl Output for Tables {
    fn add(&mut self, item: &Item<'_>) -> Result<(), ExportError> {
        let (record, directive) = (item.record, &item.record.directive);
        let key = item.output;
        self.documents.push(document_row(key, record))?;
        for (i, task) in directive.tasks.iter().enumerate() {
            self.tasks.push(task_row(key, i, task))?;
        }
        for (i, target) in directive.targets.iter().enumerate() {
            self.targets.push(target_row(key, i, target, directive))?;
        }
        for (i, reference) in directive.references.iter().enumerate() {
            self.references.push([
                text(key),
                number(i),
                text(&reference.kind),
                Value::Text(reference.symbol.as_deref()),
                Value::Text(reference.name.as_deref()),
                Value::Text(reference.date.as_deref()),
                Value::Day(reference.date.as_deref()),
                Value::Text(reference.issuer.as_deref()),
                text(relation(reference)),
                texts(&reference.articles),
                page(&reference.evidence),
                real(reference.evidence.confidence),
            ])?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        [self.documents, self.tasks, self.targets, self.references].into_iter().try_for_each(Table::commit)
    }
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
        Value::Day(m.date.as_deref()),
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
        Value::Day(words::due(task)),
        Value::Day(period.and_then(|d| d.start.as_deref())),
        Value::Day(period.and_then(|d| d.end.as_deref())),
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
