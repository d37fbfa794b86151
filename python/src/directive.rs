//! What a document is and what it orders.

use crate::record::{Diagnostic, Span};
use crate::view::{real, view, word};
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use vanthu_model as model;

/// What holds a directive.
pub(crate) enum Whose {
    /// The record that it is a part of.
    Record(Arc<model::Record>),
    /// Nothing else: it was made of a text.
    Alone(Arc<model::Directive>),
}

impl Whose {
    fn directive(&self) -> &model::Directive {
        match self {
            Whose::Record(record) => &record.directive,
            Whose::Alone(directive) => directive,
        }
    }
}

/// Python objects for the entries of a list.
fn all<M: Clone, P>(entries: &[M], object: impl FnMut(M) -> P) -> Vec<P> {
    entries.iter().cloned().map(object).collect()
}

view!(
    /// What a document is and what it orders: the entries of a task register.
    Directive(Whose => model::Directive, |h| h.directive())
    |m| {
        /// Identity: type, symbol, date, issuer, subject, signer, addressees.
        metadata: Metadata = Metadata(m.metadata.clone()),
        /// Headings in text order, parents first.
        outline: Vec<OutlineNode> = all(&m.outline, OutlineNode),
        /// Orders in text order.
        tasks: Vec<Task> = all(&m.tasks, Task),
        /// Measurable aims in text order.
        targets: Vec<Target> = all(&m.targets, Target),
        /// Aims in words, in text order.
        objectives: Vec<Objective> = all(&m.objectives, Objective),
        /// Figures of the past in sections of results, in text order.
        results: Vec<ResultFigure> = all(&m.results, ResultFigure),
        /// Attached documents and appendices in order.
        annexes: Vec<Annex> = all(&m.annexes, Annex),
        /// Every unit that a task names, once, with the forms seen.
        units: Vec<Unit> = all(&m.units, Unit),
        /// Cited documents in order of first mention.
        references: Vec<Reference> = all(&m.references, Reference),
        /// Slips and doubts: skipped labels, impossible dates, units that no list knows.
        diagnostics: Vec<Diagnostic> = all(&m.diagnostics, Diagnostic),
    }
);

view!(
    /// Where an entry came from and how sure it is.
    Evidence(model::Evidence => model::Evidence, |h| h)
    |m| {
        /// Passages of the text, in order. Empty only where the value was inferred.
        spans: Vec<Span> = all(&m.spans, Span),
        /// Pages of the passages, counted from 1.
        pages: Vec<u32> = m.pages.clone(),
        /// Name of the rule that made the entry.
        rule: &str = &m.rule,
        /// 0 to 1.
        confidence: f64 = real(m.confidence),
    }
);

view!(
    /// How a field of the metadata was had.
    FieldEvidence(model::FieldEvidence => model::FieldEvidence, |h| h)
    |m| {
        /// `printed`, `repaired` or `inferred`.
        how: String = word(&m.how),
        /// Where it stands.
        evidence: Evidence = Evidence(m.evidence.clone()),
    }
);

view!(
    /// Identity of a document. A field that the paper leaves blank is `None`.
    Metadata(model::Metadata => model::Metadata, |h| h)
    |m| {
        /// Abbreviation of the type (NQ, QĐ, CT, KH, BC, ...), `CV` for a công văn, `BTN` for a news article.
        kind: Option<&str> = m.kind.as_deref(),
        /// The line of the number as printed.
        number: Option<&str> = m.number.as_deref(),
        /// Number and symbol (*số ký hiệu*).
        symbol: Option<&str> = m.symbol.as_deref(),
        /// Issuing body.
        issuer: Option<&str> = m.issuer.as_deref(),
        /// The body above it, where the head names one.
        parent_issuer: Option<&str> = m.parent_issuer.as_deref(),
        /// Place of issue (*địa danh*).
        place: Option<&str> = m.place.as_deref(),
        /// ISO date of issue; "2025-04" where the day is blank.
        date: Option<&str> = m.date.as_deref(),
        /// Subject (*trích yếu*).
        subject: Option<&str> = m.subject.as_deref(),
        /// Name of the signer.
        signer: Option<&str> = m.signer.as_deref(),
        /// Title of the signer, as printed.
        signer_title: Option<&str> = m.signer_title.as_deref(),
        /// Signing authority, as printed.
        signing_authority: Option<&str> = m.signing_authority.as_deref(),
        /// Under *Kính gửi*.
        addressees: Vec<String> = m.addressees.clone(),
        /// Under *Nơi nhận*.
        recipients: Vec<String> = m.recipients.clone(),
        /// Legal bases (*Căn cứ ...*), as printed.
        legal_bases: Vec<String> = m.legal_bases.clone(),
        /// Mark of urgency.
        urgency: Option<&str> = m.urgency.as_deref(),
        /// Mark of secrecy.
        secrecy: Option<&str> = m.secrecy.as_deref(),
        /// For each field above that has a value, where it came from.
        evidence: BTreeMap<String, FieldEvidence> =
            m.evidence.iter().map(|(field, e)| (field.clone(), FieldEvidence(e.clone()))).collect(),
    }
);

view!(
    /// A heading.
    OutlineNode(model::OutlineNode => model::OutlineNode, |h| h)
    |m| {
        /// Path of labels, such as `main/II/2/2.2`; unique.
        id: &str = &m.id,
        /// Id of the heading above.
        parent: Option<&str> = m.parent.as_deref(),
        /// Nesting from 1.
        level: u32 = m.level,
        /// Label, repaired.
        label: &str = &m.label,
        /// Label as read.
        label_raw: &str = &m.label_raw,
        /// Title without the label.
        title: &str = &m.title,
        /// What the section is for, such as `task`.
        role: String = word(&m.role),
        /// Where it came from.
        evidence: Evidence = Evidence(m.evidence.clone()),
    }
);

view!(
    /// An order: the smallest passage that tells someone what to do from now on.
    Task(model::Task => model::Task, |h| h)
    |m| {
        /// Made from section and text, so that it stays when unrelated text changes; unique in its document.
        id: &str = &m.id,
        /// The passage, without bullet or label, white space folded.
        text: &str = &m.text,
        /// Path of outline labels joined by "/"; "" outside all sections.
        section: &str = &m.section,
        /// Who must do it, with whom, and who gets the report.
        units: Vec<TaskUnit> = all(&m.units, TaskUnit),
        /// By when.
        deadlines: Vec<Deadline> = all(&m.deadlines, Deadline),
        /// Indices into the targets of the directive.
        targets: Vec<usize> = m.targets.clone(),
        /// What is to be delivered (*sản phẩm*), as printed.
        products: Vec<String> = m.products.clone(),
        /// Where it came from.
        evidence: Evidence = Evidence(m.evidence.clone()),
    }
);

view!(
    /// A unit's part in a task.
    TaskUnit(model::TaskUnit => model::TaskUnit, |h| h)
    |m| {
        /// As printed.
        name: &str = &m.name,
        /// `lead`, `coordinate` or `recipient`.
        role: String = word(&m.role),
        /// Id in the units of the directive.
        unit_id: &str = &m.unit_id,
        /// How the unit came to the task: `sentence`, `heading`, `lead_in`, `table_cell`, `attribute_line`,
        /// `previous_sentence` or `addressee`.
        origin: String = word(&m.origin),
        /// Where it came from.
        evidence: Evidence = Evidence(m.evidence.clone()),
    }
);

view!(
    /// A unit, once.
    Unit(model::Unit => model::Unit, |h| h)
    |m| {
        /// Folded name; unique.
        id: &str = &m.id,
        /// The fullest form seen.
        name: &str = &m.name,
        /// All forms seen, in order of first mention.
        forms: Vec<String> = m.forms.clone(),
    }
);

view!(
    /// By when a task is due.
    Deadline(model::Deadline => model::Deadline, |h| h)
    |m| {
        /// As printed.
        text: &str = &m.text,
        /// `date`, `period`, `recurring` or `event`.
        kind: String = word(&m.kind),
        /// `date`: the last day, ISO.
        date: Option<&str> = m.date.as_deref(),
        /// `period`: first day, ISO.
        start: Option<&str> = m.start.as_deref(),
        /// `period`: last day, ISO.
        end: Option<&str> = m.end.as_deref(),
        /// `recurring`: RFC 5545 rule.
        rrule: Option<&str> = m.rrule.as_deref(),
        /// False where the day itself is excluded ("trước ngày"), true where it is not ("chậm nhất ngày").
        inclusive: Option<bool> = m.inclusive,
        /// Whether the year was taken from the date of issue.
        inferred_year: bool = m.inferred_year,
        /// Where it came from.
        evidence: Evidence = Evidence(m.evidence.clone()),
    }
);

view!(
    /// A measurable aim.
    Target(model::Target => model::Target, |h| h)
    |m| {
        /// As printed.
        text: &str = &m.text,
        /// What is measured.
        indicator: &str = &m.indicator,
        /// `reach`, `increase` or `decrease`.
        direction: String = word(&m.direction),
        /// `=`, `>=`, `<=`, `>`, `<` or `range`.
        comparator: String = word(&m.comparator),
        /// The value, or the lower end of a range.
        value: f64 = m.value,
        /// The upper end of a range.
        value_high: Option<f64> = m.value_high,
        /// "%", "tỷ đồng", "hồ sơ", ...
        unit: Option<&str> = m.unit.as_deref(),
        /// What it is compared with, as printed.
        baseline: Option<&str> = m.baseline.as_deref(),
        /// ISO date by which.
        by: Option<&str> = m.by.as_deref(),
        /// Where it came from.
        evidence: Evidence = Evidence(m.evidence.clone()),
    }
);

view!(
    /// A cited document.
    Reference(model::Reference => model::Reference, |h| h)
    |m| {
        /// Abbreviation of the type; `Luật` for a law.
        kind: &str = &m.kind,
        /// Number and symbol.
        symbol: Option<&str> = m.symbol.as_deref(),
        /// Name, for a law cited by its name.
        name: Option<&str> = m.name.as_deref(),
        /// ISO date.
        date: Option<&str> = m.date.as_deref(),
        /// As printed.
        issuer: Option<&str> = m.issuer.as_deref(),
        /// What the document does with it: `mentioned`, `basis`, `amended` or `repealed`.
        relation: String = word(&m.relation),
        /// Articles cited, as printed.
        articles: Vec<String> = m.articles.clone(),
        /// Where it came from: the first mention first.
        evidence: Evidence = Evidence(m.evidence.clone()),
    }
);

view!(
    /// An aim in words: a passage under *Mục đích*, *Yêu cầu* or *Mục tiêu*.
    Objective(model::Objective => model::Objective, |h| h)
    |m| {
        /// The passage, without bullet or label, white space folded.
        text: &str = &m.text,
        /// Path of outline labels joined by "/"; "" outside all sections.
        section: &str = &m.section,
        /// Where it came from.
        evidence: Evidence = Evidence(m.evidence.clone()),
    }
);

view!(
    /// A figure of the past: what a report says was reached.
    ResultFigure(model::ResultFigure => model::ResultFigure, |h| h)
    |m| {
        /// The clause that tells it, as printed.
        text: &str = &m.text,
        /// The number.
        value: f64 = m.value,
        /// "%", "tỷ đồng", or the word that is counted.
        unit: &str = &m.unit,
        /// Path of outline labels joined by "/"; "" outside all sections.
        section: &str = &m.section,
        /// Where it came from.
        evidence: Evidence = Evidence(m.evidence.clone()),
    }
);

view!(
    /// An attached document or appendix.
    Annex(model::Annex => model::Annex, |h| h)
    |m| {
        /// First part of the ids of its headings.
        id: &str = &m.id,
        /// Its title, as printed; absent where it has none.
        title: Option<&str> = m.title.as_deref(),
        /// Ids of the tasks that stand in it.
        tasks: Vec<String> = m.tasks.clone(),
        /// Where its body stands.
        evidence: Evidence = Evidence(m.evidence.clone()),
    }
);
