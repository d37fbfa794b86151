//! Every field of the annotation guide of its own, finer than the figures of the reference.

use crate::matching::{Matches, Pairs, likeness, reference_key};
use crate::register::{Register, UnitEntry};
use crate::structure::{METADATA, is_given, same_field};
use crate::tally::Tally;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Tallies by the path of the field, such as `tasks.section`, `units.lead`, `deadlines.period` or `metadata.signer`.
///
/// Fields of entries (`outline.level`, `tasks.section`, `tasks.targets`, `targets.baseline`, `targets.by`,
/// `references.kind`, `references.issuer`) count entries that have a value, and are right where the entry was found and
/// its value agrees.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Details(pub BTreeMap<String, Tally>);

impl std::ops::AddAssign<&Details> for Details {
    fn add_assign(&mut self, other: &Self) {
        for (name, tally) in &other.0 {
            *self.0.entry(name.clone()).or_default() += *tally;
        }
    }
}

impl Details {
    pub(crate) fn of(gold: &Register, output: &Register, matches: &Matches) -> Self {
        let mut details = Self::default();
        details.outline(gold, output, matches);
        details.tasks(gold, output, matches);
        details.targets(gold, output, matches);
        details.references(gold, output, matches);
        for key in METADATA {
            let (g, o) = (gold.metadata.get(key), output.metadata.get(key));
            let (there, given) = (is_given(g), is_given(o));
            let right = there && given && same_field(key, g, o);
            details.add(
                format!("metadata.{key}"),
                usize::from(right),
                usize::from(there),
                usize::from(given),
            );
        }
        details
    }

    fn add(&mut self, name: impl Into<String>, hit: usize, gold: usize, output: usize) {
        *self.0.entry(name.into()).or_default() += Tally::new(hit, gold, output);
    }

    /// A field of entries: `value` gives it where an entry has one, `same` compares.
    fn field<E, V>(
        &mut self,
        name: &str,
        (gold, output): (&[E], &[E]),
        pairs: &Pairs,
        value: impl Fn(&E) -> Option<V>,
        same: impl Fn(&V, &V) -> bool,
    ) {
        let count = |entries: &[E]| entries.iter().filter_map(&value).count();
        let right = |&&(i, j): &&(usize, usize)| {
            let of = |entries: &[E], at: usize| entries.get(at).and_then(&value);
            of(gold, i).zip(of(output, j)).is_some_and(|(g, o)| same(&g, &o))
        };
        self.add(name, pairs.iter().filter(right).count(), count(gold), count(output));
    }

    fn outline(&mut self, gold: &Register, output: &Register, matches: &Matches) {
        let both = (gold.outline.as_slice(), output.outline.as_slice());
        self.field("outline.level", both, &matches.outline, |h| h.level, |g, o| g == o);
    }

    fn tasks(&mut self, gold: &Register, output: &Register, matches: &Matches) {
        let both = (gold.tasks.as_slice(), output.tasks.as_slice());
        self.field("tasks.section", both, &matches.tasks, |t| t.section.clone(), |g, o| g == o);
        for role in ["lead", "coordinate", "recipient"] {
            let has = |u: &UnitEntry| u.role.as_deref() == Some(role);
            let count =
                |register: &Register| register.tasks.iter().flat_map(|t| &t.units).filter(|u| has(u)).count();
            let mut hit = 0;
            for (&(i, _), (scored, reported)) in matches.tasks.iter().zip(&matches.units) {
                let units = gold.tasks.get(i).map_or(&[][..], |t| &t.units);
                let right = |&&(unit, _): &&(usize, usize)| units.get(unit).is_some_and(has);
                hit += scored.iter().chain(reported).filter(right).count();
            }
            self.add(format!("units.{role}"), hit, count(gold), count(output));
        }
        for kind in ["date", "period", "recurring", "event"] {
            let has = |k: &Option<String>| k.as_deref() == Some(kind);
            let count = |register: &Register| {
                register.tasks.iter().flat_map(|t| &t.deadlines).filter(|d| has(&d.kind)).count()
            };
            let mut hit = 0;
            for (&(i, _), pairs) in matches.tasks.iter().zip(&matches.deadlines) {
                let due = gold.tasks.get(i).map_or(&[][..], |t| &t.deadlines);
                hit += pairs.iter().filter(|(d, _)| due.get(*d).is_some_and(|d| has(&d.kind))).count();
            }
            self.add(format!("deadlines.{kind}"), hit, count(gold), count(output));
        }
        let links = |register: &Register| register.tasks.iter().map(|t| t.targets.len()).sum();
        let mut hit = 0;
        for &(i, j) in &matches.tasks {
            let (Some(g), Some(o)) = (gold.tasks.get(i), output.tasks.get(j)) else { continue };
            let same =
                |target: &&usize| matches.targets.iter().any(|(a, b)| a == *target && o.targets.contains(b));
            hit += g.targets.iter().filter(same).count();
        }
        self.add("tasks.targets", hit, links(gold), links(output));
    }

    fn targets(&mut self, gold: &Register, output: &Register, matches: &Matches) {
        let both = (gold.targets.as_slice(), output.targets.as_slice());
        self.field("targets.by", both, &matches.targets, |t| t.by.clone(), |g, o| g == o);
        let alike = |g: &String, o: &String| likeness(Some(g), Some(o)) >= 0.8;
        self.field("targets.baseline", both, &matches.targets, |t| t.baseline.clone(), alike);
        let alike = |g: &String, o: &String| likeness(Some(g), Some(o)) >= 0.5;
        self.field("targets.indicator", both, &matches.targets, |t| t.indicator.clone(), alike);
    }

    fn references(&mut self, gold: &Register, output: &Register, matches: &Matches) {
        let both = (gold.references.as_slice(), output.references.as_slice());
        let pairs = &matches.references;
        self.field("references.kind", both, pairs, |r| r.kind.clone(), |g, o| g == o);
        self.field("references.date", both, pairs, |r| r.date.clone(), |g, o| g == o);
        let known = |r: &crate::register::ReferenceEntry| Some(reference_key(r)).filter(|k| !k.is_empty());
        self.field("references.symbol", both, pairs, known, |g, o| g == o);
        let alike = |g: &String, o: &String| likeness(Some(g), Some(o)) >= 0.8;
        self.field("references.issuer", both, pairs, |r| r.issuer.clone(), alike);
    }
}

#[cfg(test)]
mod tests {
    use crate::structure::tests::GOLD;
    use crate::{Register, StructureScore, Tally};

    #[test]
    fn each_field_has_its_own_tally() {
        let gold = Register::annotation(GOLD).unwrap();
        let other = GOLD.replace(r#""section": "I""#, r#""section": "II""#).replace("recipient\"", "lead\"");
        let output = Register::output(&other).unwrap();
        let details = StructureScore::of(&gold, &output).details.0;
        assert_eq!(details["tasks.section"], Tally::new(0, 1, 1));
        assert_eq!(details["units.recipient"], Tally::new(0, 1, 0));
        assert_eq!(details["units.lead"], Tally::new(1, 1, 2));
        assert_eq!(details["deadlines.date"], Tally::new(1, 1, 1));
        assert_eq!(details["tasks.targets"], Tally::new(1, 1, 1));
        assert_eq!(details["targets.baseline"], Tally::default());
        assert_eq!(details["metadata.place"], Tally::default());
        assert_eq!(details["metadata.kind"], Tally::new(1, 1, 1));
    }
}
