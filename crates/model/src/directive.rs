use crate::record::Diagnostic;
use crate::span::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a document is and what it orders: the entries of a task register.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Directive {
    /// Identity: type, symbol, date, issuer, subject, signer, addressees.
    pub metadata: Metadata,
    /// Headings in text order, parents first.
    pub outline: Vec<OutlineNode>,
    /// Orders in text order.
    pub tasks: Vec<Task>,
    /// Measurable aims in text order.
    pub targets: Vec<Target>,
    /// Passages under *Mục đích*, *Yêu cầu*, *Mục tiêu*, in text order.
    pub objectives: Vec<Objective>,
    /// Figures of the past in sections of results, in text order.
    pub results: Vec<ResultFigure>,
    /// Attached documents and appendices in order.
    pub annexes: Vec<Annex>,
    /// Every unit that a task names, once, with the forms seen.
    pub units: Vec<Unit>,
    /// Cited documents in order of first mention.
    pub references: Vec<Reference>,
    /// Slips and doubts: skipped labels, impossible dates, units that no list knows.
    pub diagnostics: Vec<Diagnostic>,
}

/// Where an entry came from and how sure it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Passages of `document.text`, in order. Empty only where the value was inferred.
    pub spans: Vec<Span>,
    /// Pages of the passages, counted from 1.
    pub pages: Vec<u32>,
    /// Name of the rule that made the entry.
    pub rule: String,
    /// 0 to 1.
    pub confidence: f32,
}

/// Identity of a document. A field that the paper leaves blank is null; absence is never a default value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Metadata {
    /// Abbreviation of Nghị định 30/2020/NĐ-CP (NQ, QĐ, CT, KH, BC, ...), `CV` for a công văn, `BTN` for a news article.
    pub kind: Option<String>,
    /// The line of the number as printed: "Số: 15/QĐ-ABC".
    pub number: Option<String>,
    /// Number and symbol (*số ký hiệu*): "15/QĐ-ABC"; "/QĐ-ABC" where the number is blank.
    pub symbol: Option<String>,
    /// Issuing body.
    pub issuer: Option<String>,
    /// The body above it, where the head names one.
    pub parent_issuer: Option<String>,
    /// Place of issue (*địa danh*).
    pub place: Option<String>,
    /// ISO date of issue; "2025-04" where the day is blank.
    pub date: Option<String>,
    /// Subject (*trích yếu*).
    pub subject: Option<String>,
    /// Name of the signer.
    pub signer: Option<String>,
    /// Title of the signer, as printed.
    pub signer_title: Option<String>,
    /// Signing authority, as printed: "KT. BỘ TRƯỞNG".
    pub signing_authority: Option<String>,
    /// Under *Kính gửi*.
    pub addressees: Vec<String>,
    /// Under *Nơi nhận*.
    pub recipients: Vec<String>,
    /// Legal bases (*Căn cứ ...*), as printed.
    pub legal_bases: Vec<String>,
    /// Mark of urgency: HỎA TỐC, THƯỢNG KHẨN, KHẨN.
    pub urgency: Option<String>,
    /// Mark of secrecy: TUYỆT MẬT, TỐI MẬT, MẬT.
    pub secrecy: Option<String>,
    /// For each field above that has a value, where it came from.
    pub evidence: BTreeMap<String, FieldEvidence>,
}

/// How a field of the metadata was had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldEvidence {
    /// Printed, repaired or inferred.
    pub how: How,
    /// Where it stands.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// How a value was had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Stands in the text.
    Printed,
    /// Stands in the text, after repair.
    Repaired,
    /// Concluded from other things.
    Inferred,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutlineNode {
    /// Path of labels, such as `main/II/2/2.2`; unique.
    pub id: String,
    /// Id of the heading above.
    pub parent: Option<String>,
    /// Nesting from 1.
    pub level: u32,
    /// Label, repaired: `II`, `1.1`, `a`.
    pub label: String,
    /// Label as read.
    pub label_raw: String,
    /// Title without the label.
    pub title: String,
    /// What the section is for.
    pub role: SectionRole,
    /// Where it came from.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// What a section is for; decided before tasks are looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SectionRole {
    /// Not known to be any of the others.
    #[default]
    Other,
    /// Legal bases and opening words.
    Preamble,
    /// Purpose and requirements (*Mục đích, Yêu cầu*).
    Purpose,
    /// What and whom it is about, and why (*Phạm vi, Đối tượng, Căn cứ*).
    Scope,
    /// Aims (*Mục tiêu*).
    Target,
    /// Orders (*Nhiệm vụ*).
    Task,
    /// Measures (*Giải pháp*).
    Measure,
    /// Who does what (*Tổ chức thực hiện*).
    Organisation,
    /// Money (*Kinh phí*).
    Funding,
    /// What was done (*Kết quả*).
    Result,
    /// What was found lacking (*Tồn tại, hạn chế*).
    Assessment,
    /// Requests to others (*Kiến nghị, đề xuất*).
    Petition,
    /// Closing words.
    Closing,
}

/// An order: the smallest passage that tells someone what to do from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Task {
    /// Made from section and text, so that it stays when unrelated text changes; unique.
    pub id: String,
    /// The passage, without bullet or label, white space folded.
    pub text: String,
    /// Path of outline labels joined by "/"; "" outside all sections.
    pub section: String,
    /// Who must do it, with whom, and who gets the report.
    pub units: Vec<TaskUnit>,
    /// By when.
    pub deadlines: Vec<Deadline>,
    /// Indices into `targets`.
    pub targets: Vec<usize>,
    /// What is to be delivered (*sản phẩm*), as printed.
    pub products: Vec<String>,
    /// Where it came from.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// A unit's part in a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaskUnit {
    /// As printed.
    pub name: String,
    /// lead, coordinate or recipient.
    pub role: Role,
    /// Id in `units`.
    pub unit_id: String,
    /// How the unit came to the task.
    pub origin: UnitOrigin,
    /// Where it came from.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// A unit's role in a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Told to do it (*chủ trì*).
    Lead,
    /// To work with the lead (*phối hợp*).
    Coordinate,
    /// Gets the report or submission.
    Recipient,
}

/// How a unit came to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitOrigin {
    /// Named in the task's own words.
    Sentence,
    /// Named in a heading above.
    Heading,
    /// Named in the words that lead in to the list.
    LeadIn,
    /// A cell of a table.
    TableCell,
    /// A line such as "Cơ quan chủ trì: ...".
    AttributeLine,
    /// Carried over from the sentence before.
    PreviousSentence,
    /// The addressees of the document.
    Addressee,
}

/// A unit, once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unit {
    /// Folded name; unique.
    pub id: String,
    /// The fullest form seen.
    pub name: String,
    /// All forms seen, in order of first mention.
    pub forms: Vec<String>,
}

/// By when a task is due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Deadline {
    /// As printed.
    pub text: String,
    /// Which of the fields below apply.
    pub kind: DeadlineKind,
    /// `date`: the last day, ISO.
    pub date: Option<String>,
    /// `period`: first day, ISO.
    pub start: Option<String>,
    /// `period`: last day, ISO.
    pub end: Option<String>,
    /// `recurring`: RFC 5545 rule.
    pub rrule: Option<String>,
    /// False for "trước ngày D", which excludes D; true for "chậm nhất ngày D".
    pub inclusive: Option<bool>,
    /// Whether the year was taken from the date of issue.
    pub inferred_year: bool,
    /// Where it came from.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// Kinds of deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// A last day.
    Date,
    /// A stretch of time.
    Period,
    /// Again and again.
    Recurring,
    /// After or with something that has no date yet.
    Event,
}

/// A measurable aim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// As printed.
    pub text: String,
    /// What is measured.
    pub indicator: String,
    /// Reach, increase or decrease.
    pub direction: Direction,
    /// How the value compares.
    pub comparator: Comparator,
    /// The value, or the lower end of a range.
    pub value: f64,
    /// The upper end of a range.
    pub value_high: Option<f64>,
    /// "%", "tỷ đồng", "hồ sơ", ...
    pub unit: Option<String>,
    /// What it is compared with, as printed.
    pub baseline: Option<String>,
    /// ISO date by which.
    pub by: Option<String>,
    /// Where it came from.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// Whether a value is to be reached or a change to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The value itself.
    Reach,
    /// A rise by the value.
    Increase,
    /// A fall by the value.
    Decrease,
}

/// How a target's value compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Comparator {
    /// Exactly.
    #[serde(rename = "=")]
    Equal,
    /// At least.
    #[serde(rename = ">=")]
    AtLeast,
    /// At most.
    #[serde(rename = "<=")]
    AtMost,
    /// More than.
    #[serde(rename = ">")]
    More,
    /// Less than.
    #[serde(rename = "<")]
    Less,
    /// Between two values.
    #[serde(rename = "range")]
    Range,
}

/// A cited document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// Abbreviation of the type; `Luật` for a law.
    pub kind: String,
    /// Number and symbol.
    pub symbol: Option<String>,
    /// Name, for a law cited by its name.
    pub name: Option<String>,
    /// ISO date.
    pub date: Option<String>,
    /// As printed.
    pub issuer: Option<String>,
    /// What the document does with it; the strongest relation of all mentions.
    pub relation: Relation,
    /// Articles cited, as printed: "khoản 3 Điều 8".
    pub articles: Vec<String>,
    /// Where it came from: the first mention first.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// What a document does with one that it cites, from the weakest to the strongest.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Named in passing.
    #[default]
    Mentioned,
    /// What the document rests on (*Căn cứ*, *Thực hiện*).
    Basis,
    /// Amended by it (*sửa đổi, bổ sung*).
    Amended,
    /// Repealed or replaced by it (*bãi bỏ*, *thay thế*).
    Repealed,
}

/// An aim in words: a passage under *Mục đích*, *Yêu cầu* or *Mục tiêu*.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Objective {
    /// The passage, without bullet or label, white space folded.
    pub text: String,
    /// Path of outline labels joined by "/"; "" outside all sections.
    pub section: String,
    /// Where it came from.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// A figure of the past: what a report says was reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResultFigure {
    /// The clause that tells it, as printed.
    pub text: String,
    /// The number.
    pub value: f64,
    /// "%", "tỷ đồng", or the word that is counted.
    pub unit: String,
    /// Path of outline labels joined by "/"; "" outside all sections.
    pub section: String,
    /// Where it came from.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// An attached document or appendix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Annex {
    /// First part of the ids of its headings: `phu-luc-1`.
    pub id: String,
    /// Its title, as printed; absent where it has none.
    pub title: Option<String>,
    /// Ids of the tasks that stand in it.
    pub tasks: Vec<String>,
    /// Where its body stands.
    #[serde(flatten)]
    pub evidence: Evidence,
}
