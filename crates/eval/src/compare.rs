use crate::report::{DocumentReport, Report, SetReport};
use crate::text_errors::Miss;
use serde::Serialize;
use std::collections::BTreeMap;

/// What one report has over an older one, over the documents that both know.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// Figures of the sets that changed.
    pub figures: Vec<FigureChange>,
    /// Errors that are gone.
    pub gained: Vec<Entry>,
    /// Errors that are new.
    pub lost: Vec<Entry>,
    /// Documents, as `set/name`, that the older report alone knows.
    pub only_before: Vec<String>,
    /// Documents that the newer one alone knows.
    pub only_now: Vec<String>,
}

/// A figure of a set, before and now; over all documents of either report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureChange {
    /// The set.
    pub set: String,
    /// The figure.
    pub figure: String,
    /// What it was.
    pub before: Option<f64>,
    /// What it is.
    pub now: Option<f64>,
}

/// An error of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The set.
    pub set: String,
    /// The document.
    pub document: String,
    /// The error.
    pub error: Miss,
}

/// Compares a report with an older one, error by error.
pub fn compare(before: &Report, now: &Report) -> Comparison {
    let mut comparison = Comparison::default();
    let (old, new) = (documents(before), documents(now));
    for set in &now.sets {
        if let Some(was) = before.sets.iter().find(|s| s.name == set.name) {
            let (was, is) = (figures(was), figures(set));
            for (figure, now) in &is {
                let before = was.get(figure).copied().flatten();
                if before != *now {
                    let (set, figure) = (set.name.clone(), figure.clone());
                    comparison.figures.push(FigureChange { set, figure, before, now: *now });
                }
            }
        }
    }
    for (key, document) in &new {
        match old.get(key) {
            Some(was) => {
                let (gone, come) = (less(&was.errors, &document.errors), less(&document.errors, &was.errors));
                let entry = |error: Miss| Entry { set: key.0.into(), document: key.1.into(), error };
                comparison.gained.extend(gone.into_iter().map(entry));
                comparison.lost.extend(come.into_iter().map(entry));
            }
            None => comparison.only_now.push(format!("{}/{}", key.0, key.1)),
        }
    }
    let gone = old.keys().filter(|key| !new.contains_key(*key));
    comparison.only_before = gone.map(|(set, name)| format!("{set}/{name}")).collect();
    comparison
}

/// The documents by set and name.
fn documents(report: &Report) -> BTreeMap<(&str, &str), &DocumentReport> {
    let mut all = BTreeMap::new();
    for set in &report.sets {
        for document in &set.documents {
            all.insert((set.name.as_str(), document.name.as_str()), document);
        }
    }
    all
}

/// The errors that the first list has more of than the second.
fn less(these: &[Miss], those: &[Miss]) -> Vec<Miss> {
    let mut left: BTreeMap<&Miss, usize> = BTreeMap::new();
    for error in those {
        *left.entry(error).or_default() += 1;
    }
    let is_new = |error: &&Miss| match left.get_mut(*error) {
        Some(n) if *n > 0 => {
            *n -= 1;
            false
        }
        _ => true,
    };
    these.iter().filter(is_new).cloned().collect()
}

/// The figures of a set by name.
fn figures(set: &SetReport) -> BTreeMap<String, Option<f64>> {
    let mut all = BTreeMap::new();
    if let Some(text) = &set.text {
        let values = [
            ("syllable_accuracy", text.syllable_accuracy()),
            ("cased_accuracy", text.cased_accuracy()),
            ("bag_accuracy", text.bag_accuracy()),
            ("cer", text.cer()),
            ("base_cer", text.base_cer()),
        ];
        all.extend(values.map(|(name, value)| (name.to_owned(), Some(value))));
    }
    if let Some(structure) = &set.structure {
        all.extend(structure.mean.clone());
    }
    if let Some(verdicts) = &set.verdicts {
        let right = verdicts.right as f64 / verdicts.pages.max(1) as f64;
        all.insert("verdicts".to_owned(), Some(crate::fold::round(right, 5)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::Group;

    fn report(errors: &[&str], more: bool) -> Report {
        let miss = |gold: &&str| Miss::new(Group::Letter, *gold, "x", "");
        let document =
            |name: &str, errors| DocumentReport { name: name.into(), errors, ..Default::default() };
        let mut documents = vec![document("01", errors.iter().map(miss).collect())];
        documents.extend(more.then(|| document("02", vec![])));
        let set = SetReport::of("f".into(), "pdf".into(), documents);
        Report { sets: vec![set], ..Report::default() }
    }

    #[test]
    fn errors_that_come_and_go_are_told_one_by_one() {
        let change = compare(&report(&["a", "b", "b"], true), &report(&["b", "c"], false));
        let told = |all: &[Entry]| all.iter().map(|e| e.error.gold.clone()).collect::<Vec<_>>();
        assert_eq!(told(&change.gained), ["a", "b"]);
        assert_eq!(told(&change.lost), ["c"]);
        assert_eq!(change.only_before, ["pdf/02"]);
        assert!(change.only_now.is_empty());
    }

    #[test]
    fn a_report_has_nothing_over_itself() {
        let one = report(&["a", "a"], false);
        assert_eq!(compare(&one, &one), Comparison::default());
    }
}
