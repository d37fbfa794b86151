//! Which entry of an output is which entry of the annotation: best first, one to one.

use crate::fold::{casefold, round, unspaced, words};
use crate::register::{DeadlineEntry, ReferenceEntry, Register, TargetEntry, TaskEntry, UnitEntry};
use crate::vocabulary::{Vocabulary, bag, common};
use unicode_normalization::UnicodeNormalization;

/// From this likeness of their words on, two tasks are one.
const TASK: f64 = 0.85;
/// The same for names of units.
const UNIT: f64 = 0.8;
/// The same for indicators or texts of targets whose values agree.
const TARGET: f64 = 0.5;
/// The same for titles of headings with one label.
const TITLE: f64 = 0.85;

/// Pairs of indices: of the annotation, of the output.
pub(crate) type Pairs = Vec<(usize, usize)>;

/// Which entries are the same.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    pub tasks: Pairs,
    /// For each pair of tasks, the units that lead and coordinate, and apart from them those who get a report.
    pub units: Vec<(Pairs, Pairs)>,
    /// For each pair of tasks.
    pub deadlines: Vec<Pairs>,
    pub targets: Pairs,
    pub references: Pairs,
    pub outline: Pairs,
}

impl Matches {
    /// Pairs the entries of an output with those of an annotation.
    pub fn of(gold: &Register, output: &Register) -> Self {
        let mut bags = Bags::default();
        let tasks = by_likeness(
            &bags.all(gold.tasks.iter().map(|t| t.text.as_deref())),
            &bags.all(output.tasks.iter().map(|t| t.text.as_deref())),
            TASK,
        );
        let both = |&(i, j): &(usize, usize)| Some((gold.tasks.get(i)?, output.tasks.get(j)?));
        let pairs: Vec<(&TaskEntry, &TaskEntry)> = tasks.iter().filter_map(both).collect();
        let units = pairs
            .iter()
            .map(|(g, o)| {
                let of = |scored| units(&mut bags, g, o, |u| u.is_scored() == scored);
                let mut of = of;
                (of(true), of(false))
            })
            .collect();
        let deadlines = pairs.iter().map(|(g, o)| deadlines(g, o)).collect();
        Self {
            tasks,
            units,
            deadlines,
            targets: targets(&mut bags, &gold.targets, &output.targets),
            references: references(&gold.references, &output.references),
            outline: outline(&mut bags, gold, output),
        }
    }
}

/// Bags of words as sorted numbers.
#[derive(Debug, Default)]
pub(crate) struct Bags(Vocabulary);

impl Bags {
    /// The bag of a text.
    pub fn of(&mut self, text: Option<&str>) -> Vec<u32> {
        bag(self.0.ids(words(text.unwrap_or("")).iter().map(String::as_str)))
    }

    fn all<'t>(&mut self, texts: impl Iterator<Item = Option<&'t str>>) -> Vec<Vec<u32>> {
        texts.map(|t| self.of(t)).collect()
    }
}

/// Likeness of two bags by Dice: 1 for the same, 0 for none in common.
pub(crate) fn dice(a: &[u32], b: &[u32]) -> f64 {
    let n = a.len() + b.len();
    if n == 0 { 1.0 } else { (2 * common(a, b)) as f64 / n as f64 }
}

/// Likeness of two texts.
pub(crate) fn likeness(a: Option<&str>, b: Option<&str>) -> f64 {
    let mut bags = Bags::default();
    dice(&bags.of(a), &bags.of(b))
}

fn by_likeness(gold: &[Vec<u32>], output: &[Vec<u32>], floor: f64) -> Pairs {
    best_first(gold, output, floor, |g, o| dice(g, o))
}

/// Pairs of entries at least `floor` alike, the likest first; among equals those that stand at like places, then the
/// later ones.
pub(crate) fn best_first<G, O>(
    gold: &[G],
    output: &[O],
    floor: f64,
    mut like: impl FnMut(&G, &O) -> f64,
) -> Pairs {
    let mut all = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, o) in output.iter().enumerate() {
            let likeness = like(g, o);
            if likeness >= floor {
                let apart = i as f64 / gold.len().max(1) as f64 - j as f64 / output.len().max(1) as f64;
                all.push((likeness, apart.abs(), i, j));
            }
        }
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)).then((b.2, b.3).cmp(&(a.2, a.3))));
    let (mut used_gold, mut used) = (vec![false; gold.len()], vec![false; output.len()]);
    let mut pairs = Vec::new();
    for (.., i, j) in all {
        if let (Some(g @ false), Some(o @ false)) = (used_gold.get_mut(i), used.get_mut(j)) {
            (*g, *o) = (true, true);
            pairs.push((i, j));
        }
    }
    pairs.sort_unstable();
    pairs
}

fn units(
    bags: &mut Bags,
    gold: &TaskEntry,
    output: &TaskEntry,
    wanted: impl Fn(&UnitEntry) -> bool,
) -> Pairs {
    let mut pick = |task: &TaskEntry| -> Vec<(usize, Option<String>, Vec<u32>)> {
        let picked = task.units.iter().enumerate().filter(|(_, u)| wanted(u));
        picked.map(|(i, u)| (i, u.role.clone(), bags.of(u.name.as_deref()))).collect()
    };
    let (gold, output) = (pick(gold), pick(output));
    let pairs = best_first(&gold, &output, UNIT, |g, o| if g.1 == o.1 { dice(&g.2, &o.2) } else { 0.0 });
    pairs.into_iter().filter_map(|(i, j)| Some((gold.get(i)?.0, output.get(j)?.0))).collect()
}

/// What two deadlines must have in common to be one.
pub(crate) fn deadline_key(deadline: &DeadlineEntry) -> [Option<String>; 3] {
    let kind = deadline.kind.clone();
    match kind.as_deref() {
        Some("date") => [kind, deadline.date.clone(), None],
        Some("period") => [kind, deadline.start.clone(), deadline.end.clone()],
        Some("recurring") => [kind, Some(deadline.rrule.as_deref().unwrap_or("").to_uppercase()), None],
        _ => [Some("event".to_owned()), Some(words(deadline.text.as_deref().unwrap_or("")).join(" ")), None],
    }
}

fn deadlines(gold: &TaskEntry, output: &TaskEntry) -> Pairs {
    let mut left: Vec<_> = output.deadlines.iter().map(|d| Some(deadline_key(d))).collect();
    let mut pairs = Vec::new();
    for (i, deadline) in gold.deadlines.iter().enumerate() {
        let key = deadline_key(deadline);
        if let Some(j) = left.iter().position(|k| k.as_ref() == Some(&key)) {
            pairs.push((i, j));
            if let Some(used) = left.get_mut(j) {
                *used = None;
            }
        }
    }
    pairs
}

/// A target's value, in what must be the same.
pub(crate) fn target_key(t: &TargetEntry) -> impl PartialEq + use<> {
    let number = |v: Option<f64>| v.map(|v| round(v, 4));
    (t.comparator.clone(), number(t.value), number(t.value_high), t.unit.clone(), t.direction.clone())
}

fn targets(bags: &mut Bags, gold: &[TargetEntry], output: &[TargetEntry]) -> Pairs {
    let mut folded =
        |t: &TargetEntry| (target_key(t), bags.of(t.indicator.as_deref()), bags.of(t.text.as_deref()));
    let gold: Vec<_> = gold.iter().map(&mut folded).collect();
    let output: Vec<_> = output.iter().map(&mut folded).collect();
    best_first(
        &gold,
        &output,
        TARGET,
        |g, o| {
            if g.0 == o.0 { dice(&g.1, &o.1).max(dice(&g.2, &o.2)) } else { 0.0 }
        },
    )
}

/// What a reference is known by: its symbol, or the name of a law.
pub(crate) fn reference_key(reference: &ReferenceEntry) -> String {
    let named = [&reference.symbol, &reference.name].into_iter().flatten().find(|t| !t.is_empty());
    casefold(&unspaced(&named.map(|t| t.nfc().collect::<String>()).unwrap_or_default()))
}

fn references(gold: &[ReferenceEntry], output: &[ReferenceEntry]) -> Pairs {
    let folded = |r: &ReferenceEntry| (reference_key(r), r.date.clone().filter(|d| !d.is_empty()));
    let gold: Vec<_> = gold.iter().map(folded).collect();
    let output: Vec<_> = output.iter().map(folded).collect();
    best_first(&gold, &output, 0.9, |g, o| {
        let dates = g.1.is_none() || o.1.is_none() || g.1 == o.1;
        if g.0 == o.0 && dates { 1.0 } else { 0.0 }
    })
}

fn outline(bags: &mut Bags, gold: &Register, output: &Register) -> Pairs {
    let mut folded = |register: &Register| -> Vec<(Vec<String>, Vec<u32>)> {
        let headings = register.outline.iter();
        headings.map(|h| (words(h.label.as_deref().unwrap_or("")), bags.of(h.title.as_deref()))).collect()
    };
    let (gold, output) = (folded(gold), folded(output));
    best_first(&gold, &output, TITLE, |g, o| if g.0 == o.0 { dice(&g.1, &o.1) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likest_are_paired_first_and_among_equals_the_nearest() {
        let like = |a: &u32, b: &u32| if a == b { 1.0 } else { 0.5 };
        assert_eq!(best_first(&[1, 2, 3], &[3, 2], 0.4, like), [(1, 1), (2, 0)]);
        let same = |_: &u32, _: &u32| 1.0;
        assert_eq!(best_first(&[0, 0, 0], &[0, 0, 0], 0.9, same), [(0, 0), (1, 1), (2, 2)]);
        assert!(best_first(&[1], &[2], 0.6, like).is_empty());
    }

    #[test]
    fn likeness_is_that_of_bags_of_words() {
        assert_eq!(likeness(Some("Sở Tài chính"), Some("sở tài  chính.")), 1.0);
        assert_eq!(likeness(None, Some("")), 1.0);
        assert_eq!(likeness(Some("a b"), Some("b c")), 0.5);
    }
}
