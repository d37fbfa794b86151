use crate::calibration::Calibration;
use crate::group::Group;
use crate::structure::{StructureMean, StructureScore};
use crate::text::TextScore;
use crate::text_errors::Miss;
use crate::verdicts::{PageVerdict, VerdictScore};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name and version of the JSON of a [`Report`]. Fields may be added; a change of what is there changes the number.
pub const EVAL_SCHEMA: &str = "vanthu.eval/1";

/// Scores of sets of documents. Holds no times: the same outputs give the same report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Always [`EVAL_SCHEMA`].
    pub schema: String,
    /// What made the outputs.
    pub engine: EngineReport,
    /// The sets in order.
    pub sets: Vec<SetReport>,
}

/// What made the outputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineReport {
    /// `vanthu`, or `results` where finished outputs were scored.
    pub name: String,
    /// Versions of the program, its models and engines; the folder of finished outputs.
    pub versions: String,
}

/// Scores of one set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SetReport {
    /// The folder that holds it, as given.
    pub folder: String,
    /// Its name.
    pub name: String,
    /// Documents that failed and have no scores.
    pub failed: usize,
    /// Text scores of all documents added up.
    pub text: Option<TextScore>,
    /// Structure scores of all documents.
    pub structure: Option<StructureMean>,
    /// Verdicts of all documents.
    pub verdicts: Option<VerdictScore>,
    /// Calibration of `words`, of which `recognised` are those that were read by OCR or repaired, and of the kinds of
    /// entries.
    pub calibration: BTreeMap<String, Calibration>,
    /// Errors by group, worst first.
    pub errors: Vec<GroupCount>,
    /// The documents in order.
    pub documents: Vec<DocumentReport>,
}

/// How many errors of a group there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCount {
    /// The group.
    pub group: Group,
    /// Wrong words of texts, wrong entries of structures.
    pub count: usize,
    /// Places where they are: words in a row are one.
    pub places: usize,
}

/// Scores of one document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DocumentReport {
    /// Its name in the set.
    pub name: String,
    /// Why it has no scores.
    pub failure: Option<FailureReport>,
    /// Its text.
    pub text: Option<TextScore>,
    /// Its structure.
    pub structure: Option<StructureScore>,
    /// The verdicts on its pages whose truth is known.
    #[serde(default)]
    pub verdicts: Vec<PageVerdict>,
    /// Its errors, those of the text first.
    #[serde(default)]
    pub errors: Vec<Miss>,
    /// Confidences, which are added up in the set and not told of each document.
    #[serde(skip)]
    pub calibration: BTreeMap<String, Calibration>,
}

/// Why a document has no scores.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureReport {
    /// The stable code.
    pub cause: String,
    /// One line.
    pub message: String,
}

impl SetReport {
    /// Puts the documents of a set together.
    pub fn of(folder: String, name: String, documents: Vec<DocumentReport>) -> Self {
        let mut set = Self { folder, name, ..Self::default() };
        let mut counts: BTreeMap<Group, (usize, usize)> = BTreeMap::new();
        for document in &documents {
            set.failed += usize::from(document.failure.is_some());
            if let Some(text) = document.text {
                *set.text.get_or_insert_default() += text;
            }
            for (kind, calibration) in &document.calibration {
                *set.calibration.entry(kind.clone()).or_default() += calibration;
            }
            for error in &document.errors {
                let (count, places) = counts.entry(error.group).or_default();
                *count += error.count;
                *places += 1;
            }
        }
        set.structure = StructureMean::of(documents.iter().filter_map(|d| d.structure.as_ref()));
        let verdicts = VerdictScore::of(documents.iter().flat_map(|d| &d.verdicts));
        set.verdicts = (verdicts.pages > 0).then_some(verdicts);
        let told = |(group, (count, places))| GroupCount { group, count, places };
        set.errors = counts.into_iter().map(told).collect();
        set.errors.sort_by_key(|g| (g.group.part(), usize::MAX - g.count, g.group));
        set.documents = documents;
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(name: &str, errors: &[(Group, usize)]) -> DocumentReport {
        let miss = |&(group, count): &(Group, usize)| Miss { count, ..Miss::new(group, "a", "b", "") };
        DocumentReport {
            name: name.into(),
            text: Some(TextScore::of("một hai", "một ba")),
            errors: errors.iter().map(miss).collect(),
            ..DocumentReport::default()
        }
    }

    #[test]
    fn documents_add_up_and_the_worst_errors_come_first() {
        let documents = vec![
            document("1", &[(Group::Letter, 1), (Group::TaskMissed, 1)]),
            document("2", &[(Group::Join, 4)]),
        ];
        let set = SetReport::of("x".into(), "pdf".into(), documents);
        assert_eq!(set.text.unwrap().token_edits, 2);
        assert_eq!(set.text.unwrap().syllable_accuracy(), 0.5);
        let order: Vec<Group> = set.errors.iter().map(|e| e.group).collect();
        assert_eq!(order, [Group::Join, Group::Letter, Group::TaskMissed]);
        let report = Report { schema: EVAL_SCHEMA.into(), sets: vec![set], ..Report::default() };
        let again: Report = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        assert_eq!(again, report);
    }
}
