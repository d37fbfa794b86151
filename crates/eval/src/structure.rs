use crate::details::Details;
use crate::fold::{casefold, round, unspaced};
use crate::matching::{Matches, likeness};
use crate::register::Register;
use crate::tally::Tally;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// Fields of the metadata that the reference scores, in its order.
pub(crate) const METADATA: [&str; 12] = [
    "kind",
    "symbol",
    "issuer",
    "parent_issuer",
    "place",
    "date",
    "subject",
    "signer",
    "signer_title",
    "signing_authority",
    "addressees",
    "recipients",
];

/// From this likeness on, names and texts of the metadata are the same.
const SAME: f64 = 0.9;

/// How a directive agrees with an annotated one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StructureScore {
    /// Tasks whose words agree.
    pub tasks: Tally,
    /// Units that lead or coordinate, in tasks that were found; all of a missed task are missed.
    pub units: Tally,
    /// Deadlines of the tasks by their normal form.
    pub deadlines: Tally,
    /// Targets by value, unit and direction.
    pub targets: Tally,
    /// Cited documents by symbol or name.
    pub references: Tally,
    /// Headings by label and title.
    pub outline: Tally,
    /// Fields of the metadata that the annotation has, and those of them that are right.
    pub metadata: Share,
    /// Every field of its own.
    pub details: Details,
}

/// How many of so many are right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Share {
    /// Those that are right.
    pub right: usize,
    /// All.
    pub of: usize,
}

impl Share {
    /// The share, 0 to 1, rounded to four decimals; none of nothing.
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| round(self.right as f64 / self.of as f64, 4))
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Share", 3)?;
        out.serialize_field("right", &self.right)?;
        out.serialize_field("of", &self.of)?;
        out.serialize_field("share", &self.share())?;
        out.end()
    }
}

/// Names of the figures, in the order in which they are shown.
pub(crate) const FIGURES: [&str; 7] =
    ["tasks", "units", "deadlines", "targets", "references", "outline", "metadata"];

impl StructureScore {
    /// Scores an output against an annotation.
    pub fn of(gold: &Register, output: &Register) -> Self {
        Self::by(gold, output, &Matches::of(gold, output))
    }

    /// As [`StructureScore::of`], with the pairs at hand.
    pub(crate) fn by(gold: &Register, output: &Register, matches: &Matches) -> Self {
        let scored = |register: &Register| {
            register.tasks.iter().map(|t| t.units.iter().filter(|u| u.is_scored()).count()).sum()
        };
        let deadlines = |register: &Register| register.tasks.iter().map(|t| t.deadlines.len()).sum();
        let units = matches.units.iter().map(|(scored, _)| scored.len()).sum();
        let due = matches.deadlines.iter().map(Vec::len).sum();
        let tally =
            |pairs: &[(usize, usize)], gold: usize, output: usize| Tally::new(pairs.len(), gold, output);
        let fields = METADATA.iter().filter(|key| is_given(gold.metadata.get(**key)));
        let right = |key: &&&str| same_field(key, gold.metadata.get(**key), output.metadata.get(**key));
        Self {
            tasks: tally(&matches.tasks, gold.tasks.len(), output.tasks.len()),
            units: Tally::new(units, scored(gold), scored(output)),
            deadlines: Tally::new(due, deadlines(gold), deadlines(output)),
            targets: tally(&matches.targets, gold.targets.len(), output.targets.len()),
            references: tally(&matches.references, gold.references.len(), output.references.len()),
            outline: tally(&matches.outline, gold.outline.len(), output.outline.len()),
            metadata: Share { right: fields.clone().filter(right).count(), of: fields.count() },
            details: Details::of(gold, output, matches),
        }
    }

    /// The figures of the reference, by name: F1, and the share of the metadata that is right.
    pub fn figures(&self) -> [(&'static str, Option<f64>); 7] {
        let values = [
            self.tasks.f1(),
            self.units.f1(),
            self.deadlines.f1(),
            self.targets.f1(),
            self.references.f1(),
            self.outline.f1(),
            self.metadata.share(),
        ];
        let mut figures = FIGURES.map(|name| (name, None));
        for (figure, value) in figures.iter_mut().zip(values) {
            figure.1 = value;
        }
        figures
    }
}

impl std::ops::AddAssign<&StructureScore> for StructureScore {
    fn add_assign(&mut self, other: &Self) {
        self.tasks += other.tasks;
        self.units += other.units;
        self.deadlines += other.deadlines;
        self.targets += other.targets;
        self.references += other.references;
        self.outline += other.outline;
        self.metadata.right += other.metadata.right;
        self.metadata.of += other.metadata.of;
        self.details += &other.details;
    }
}

/// Scores of several documents together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StructureMean {
    /// Documents with an annotation.
    pub documents: usize,
    /// For each figure the mean over the documents that have it, rounded to four decimals.
    pub mean: std::collections::BTreeMap<String, Option<f64>>,
    /// All entries of all documents as if they were one.
    pub total: StructureScore,
}

impl StructureMean {
    /// Puts scores together; none of no scores.
    pub fn of<'s>(scores: impl IntoIterator<Item = &'s StructureScore>) -> Option<Self> {
        let mut all = Self::default();
        let mut sums = FIGURES.map(|name| (name, 0.0, 0usize));
        for score in scores {
            all.documents += 1;
            all.total += score;
            for (sum, (_, value)) in sums.iter_mut().zip(score.figures()) {
                sum.1 += value.unwrap_or(0.0);
                sum.2 += usize::from(value.is_some());
            }
        }
        let mean =
            |(name, sum, n): (&str, f64, usize)| (name.to_owned(), (n > 0).then(|| round(sum / n as f64, 4)));
        all.mean = sums.into_iter().map(mean).collect();
        (all.documents > 0).then_some(all)
    }
}

/// Whether a field holds something.
pub(crate) fn is_given(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    }
}

/// A field of the metadata as one text.
pub(crate) fn field_text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}

/// Whether a field of the metadata agrees with the annotation.
pub(crate) fn same_field(key: &str, gold: Option<&Value>, output: Option<&Value>) -> bool {
    let (g, o) = (field_text(gold), field_text(output));
    match key {
        "kind" | "date" => gold.unwrap_or(&Value::Null) == output.unwrap_or(&Value::Null),
        "symbol" => casefold(&unspaced(&g)) == casefold(&unspaced(&o)),
        _ => likeness(Some(&g), Some(&o)) >= SAME,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A letter of an agency that does not exist, with an entry of each kind.
    pub(crate) const GOLD: &str = r#"{
      "metadata": {"kind": "CV", "symbol": "12/SMT-VP", "issuer": "Sở Mây Trời", "date": "2026-03-02",
        "recipients": ["Như trên", "Lưu: VT"]},
      "outline": [{"level": 1, "label": "I", "title": "Nhiệm vụ"}],
      "tasks": [{"text": "Rà soát các trạm đo gió trước ngày 10/6/2026.", "section": "I",
        "units": [{"name": "Phòng Quan trắc", "role": "lead"}, {"name": "Sở Mây Trời", "role": "recipient"}],
        "deadlines": [{"text": "trước ngày 10/6/2026", "kind": "date", "date": "2026-06-10"}], "targets": [0]}],
      "targets": [{"text": "đạt 98%", "indicator": "Tỷ lệ trạm hoạt động", "direction": "reach", "comparator": "=",
        "value": 98, "unit": "%"}],
      "references": [{"kind": "QĐ", "symbol": "7/QĐ-SMT", "date": "2025-01-05"}]
    }"#;

    #[test]
    fn an_annotation_agrees_with_itself() {
        let gold = Register::annotation(GOLD).unwrap();
        let score = StructureScore::of(&gold, &gold);
        assert!(score.figures().iter().all(|(_, value)| *value == Some(1.0)), "{score:?}");
        assert_eq!(score.units, Tally::new(1, 1, 1));
        assert_eq!(score.metadata, Share { right: 5, of: 5 });
    }

    #[test]
    fn a_missed_task_misses_its_units_and_deadlines() {
        let gold = Register::annotation(GOLD).unwrap();
        let score = StructureScore::of(&gold, &Register::default());
        assert_eq!(score.tasks.f1(), Some(0.0));
        assert_eq!(score.units, Tally::new(0, 1, 0));
        assert_eq!(score.deadlines, Tally::new(0, 1, 0));
        assert_eq!(score.metadata.share(), Some(0.0));
    }

    #[test]
    fn means_pass_over_documents_without_the_figure() {
        let gold = Register::annotation(GOLD).unwrap();
        let scores = [StructureScore::of(&gold, &gold), StructureScore::default()];
        let mean = StructureMean::of(&scores).unwrap();
        assert_eq!(mean.documents, 2);
        assert_eq!(mean.mean["tasks"], Some(1.0));
        assert_eq!(StructureMean::of(&[]), None);
    }
}
