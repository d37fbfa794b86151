//! The errors of a directive one by one.

use crate::group::Group;
use crate::matching::{Bags, Matches, best_first, dice, likeness, reference_key};
use crate::register::{DeadlineEntry, ReferenceEntry, Register, TargetEntry, TaskEntry, UnitEntry};
use crate::structure::{METADATA, field_text, is_given, same_field};
use crate::text_errors::Miss;

/// From this likeness on, what was not found and what was given instead are told as one error.
const AKIN: f64 = 0.5;

/// Every entry that an output lacks, has to spare or has wrong, in the order of the annotation guide.
pub fn structure_errors(gold: &Register, output: &Register) -> Vec<Miss> {
    let matches = Matches::of(gold, output);
    let mut errors = Vec::new();
    metadata(gold, output, &mut errors);
    let headings = |r: &Register| -> Vec<String> {
        r.outline
            .iter()
            .map(|h| format!("{} {}", shown(&h.label), shown(&h.title)).trim().to_owned())
            .collect()
    };
    let sets = [Group::HeadingMissed, Group::HeadingSpurious, Group::HeadingWrong];
    unpaired(sets, &headings(gold), &headings(output), &matches.outline, "", similar, &mut errors);
    let texts = |r: &Register| -> Vec<String> { r.tasks.iter().map(|t| shown(&t.text)).collect() };
    let sets = [Group::TaskMissed, Group::TaskSpurious, Group::TaskCut];
    unpaired(sets, &texts(gold), &texts(output), &matches.tasks, "", overlapping, &mut errors);
    for (k, &(i, j)) in matches.tasks.iter().enumerate() {
        let (Some(g), Some(o)) = (gold.tasks.get(i), output.tasks.get(j)) else { continue };
        task(g, o, &matches, k, &mut errors);
    }
    let told = |targets: &[TargetEntry]| -> Vec<String> { targets.iter().map(target).collect() };
    let sets = [Group::TargetMissed, Group::TargetSpurious, Group::TargetWrong];
    unpaired(sets, &told(&gold.targets), &told(&output.targets), &matches.targets, "", similar, &mut errors);
    let told = |all: &[ReferenceEntry]| -> Vec<String> { all.iter().map(reference).collect() };
    let sets = [Group::ReferenceMissed, Group::ReferenceSpurious, Group::ReferenceWrong];
    let (g, o) = (told(&gold.references), told(&output.references));
    let same_symbol = |i: usize, j: usize| {
        let key = |all: &[ReferenceEntry], at: usize| all.get(at).map(reference_key);
        if key(&gold.references, i) == key(&output.references, j) { 1.0 } else { 0.0 }
    };
    let alike = |g: &str, o: &str, i, j| f64::max(same_symbol(i, j), likeness(Some(g), Some(o)) - 0.2);
    unpaired(sets, &g, &o, &matches.references, "", alike, &mut errors);
    errors
}

/// What is in one side alone; what is akin is one error.
fn unpaired(
    [missed, spurious, wrong]: [Group; 3],
    gold: &[String],
    output: &[String],
    pairs: &[(usize, usize)],
    place: &str,
    like: impl Fn(&str, &str, usize, usize) -> f64,
    errors: &mut Vec<Miss>,
) {
    let lost: Vec<usize> = (0..gold.len()).filter(|i| !pairs.iter().any(|(g, _)| g == i)).collect();
    let spare: Vec<usize> = (0..output.len()).filter(|j| !pairs.iter().any(|(_, o)| o == j)).collect();
    let text = |all: &[String], at: usize| all.get(at).cloned().unwrap_or_default();
    let akin = best_first(&lost, &spare, AKIN, |&i, &j| like(&text(gold, i), &text(output, j), i, j));
    let partner = |k: usize| akin.iter().find(|(g, _)| *g == k).and_then(|(_, o)| spare.get(*o));
    for (k, &i) in lost.iter().enumerate() {
        errors.push(match partner(k) {
            Some(&j) => Miss::new(wrong, text(gold, i), text(output, j), place),
            None => Miss::new(missed, text(gold, i), "", place),
        });
    }
    for (k, &j) in spare.iter().enumerate() {
        if !akin.iter().any(|(_, o)| *o == k) {
            errors.push(Miss::new(spurious, "", text(output, j), place));
        }
    }
}

fn similar(gold: &str, output: &str, _: usize, _: usize) -> f64 {
    likeness(Some(gold), Some(output))
}

/// How much of the shorter text is in the longer one: what was cut or run together keeps its words.
fn overlapping(gold: &str, output: &str, _: usize, _: usize) -> f64 {
    let mut bags = Bags::default();
    let (g, o) = (bags.of(Some(gold)), bags.of(Some(output)));
    let shorter = g.len().min(o.len());
    // Three words may stand in any task.
    if shorter < 4 {
        return 0.0;
    }
    let shared = dice(&g, &o) * (g.len() + o.len()) as f64 / 2.0;
    // The likest partner first; below this share of common words two tasks are two.
    let share = shared / shorter as f64;
    if share >= 0.8 { share.max(AKIN) } else { dice(&g, &o) - 0.1 }
}

fn task(gold: &TaskEntry, output: &TaskEntry, matches: &Matches, at: usize, errors: &mut Vec<Miss>) {
    let place = shown(&gold.text);
    if gold.section.is_some() && gold.section != output.section {
        let section = |s: &Option<String>| format!("\"{}\"", shown(s));
        errors.push(Miss::new(Group::TaskSection, section(&gold.section), section(&output.section), &place));
    }
    let empty = Default::default();
    let (scored, reported) = matches.units.get(at).unwrap_or(&empty);
    let pairs: Vec<_> = scored.iter().chain(reported).copied().collect();
    units(&gold.units, &output.units, &pairs, &place, errors);
    let told = |all: &[DeadlineEntry]| -> Vec<String> { all.iter().map(deadline).collect() };
    let sets = [Group::DeadlineMissed, Group::DeadlineSpurious, Group::DeadlineWrong];
    // Where a task has a deadline that is not the right one, that is one error, however it is worded.
    let any = |_: &str, _: &str, _, _| 1.0;
    let due = matches.deadlines.get(at).map_or(&[][..], Vec::as_slice);
    unpaired(sets, &told(&gold.deadlines), &told(&output.deadlines), due, &place, any, errors);
}

fn units(
    gold: &[UnitEntry],
    output: &[UnitEntry],
    pairs: &[(usize, usize)],
    place: &str,
    errors: &mut Vec<Miss>,
) {
    let told = |u: &UnitEntry| format!("{} ({})", shown(&u.name), shown(&u.role));
    let free = |n: usize, used: &dyn Fn(usize) -> bool| (0..n).filter(|i| !used(*i)).collect::<Vec<_>>();
    let lost = free(gold.len(), &|i| pairs.iter().any(|(g, _)| *g == i));
    let spare = free(output.len(), &|j| pairs.iter().any(|(_, o)| *o == j));
    let both = |i: usize, j: usize| Some((gold.get(i)?, output.get(j)?));
    let akin = best_first(&lost, &spare, AKIN, |&i, &j| {
        both(i, j).map_or(0.0, |(g, o)| likeness(g.name.as_deref(), o.name.as_deref()))
    });
    for (k, &i) in lost.iter().enumerate() {
        let Some(g) = gold.get(i) else { continue };
        let partner = akin.iter().find(|(lost, _)| *lost == k);
        match partner.and_then(|(_, o)| output.get(*spare.get(*o)?)) {
            Some(o) => {
                let group = if g.role == o.role { Group::UnitName } else { Group::UnitRole };
                errors.push(Miss::new(group, told(g), told(o), place));
            }
            None => errors.push(Miss::new(Group::UnitMissed, told(g), "", place)),
        }
    }
    for (k, &j) in spare.iter().enumerate() {
        if let Some(o) = output.get(j).filter(|_| !akin.iter().any(|(_, o)| *o == k)) {
            errors.push(Miss::new(Group::UnitSpurious, "", told(o), place));
        }
    }
}

fn metadata(gold: &Register, output: &Register, errors: &mut Vec<Miss>) {
    for key in METADATA {
        let (g, o) = (gold.metadata.get(key), output.metadata.get(key));
        let group = match (is_given(g), is_given(o)) {
            (true, true) if !same_field(key, g, o) => Group::MetadataWrong,
            (true, false) => Group::MetadataMissed,
            (false, true) => Group::MetadataSpurious,
            _ => continue,
        };
        errors.push(Miss::new(group, field_text(g), field_text(o), key));
    }
}

fn shown(text: &Option<String>) -> String {
    text.clone().unwrap_or_default()
}

fn target(t: &TargetEntry) -> String {
    let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
    let high = t.value_high.map(|v| format!("–{v}")).unwrap_or_default();
    let (comparator, unit) = (shown(&t.comparator), shown(&t.unit));
    let direction = shown(&t.direction);
    format!("{} [{direction} {comparator} {}{high} {unit}]", shown(&t.indicator), number(t.value))
}

fn deadline(d: &DeadlineEntry) -> String {
    let values = [&d.date, &d.start, &d.end, &d.rrule].into_iter().flatten().cloned().collect::<Vec<_>>();
    format!("{} [{} {}]", shown(&d.text), shown(&d.kind), values.join(" ")).replace(" ]", "]")
}

fn reference(r: &ReferenceEntry) -> String {
    let named = r.symbol.as_ref().or(r.name.as_ref()).cloned().unwrap_or_default();
    let date = r.date.as_ref().map(|d| format!(" ({d})")).unwrap_or_default();
    format!("{} {named}{date}", shown(&r.kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::tests::GOLD;

    fn groups(output: &str) -> Vec<Group> {
        let gold = Register::annotation(GOLD).unwrap();
        let errors = structure_errors(&gold, &Register::output(output).unwrap());
        errors.into_iter().map(|e| e.group).collect()
    }

    #[test]
    fn what_is_right_is_no_error() {
        assert!(groups(GOLD).is_empty());
    }

    #[test]
    fn each_slip_is_told_by_its_kind() {
        let slips = [
            ("2026-06-10", "2026-06-11", Group::DeadlineWrong),
            ("98,", "89,", Group::TargetWrong),
            ("2025-01-05", "2024-01-05", Group::ReferenceWrong),
            ("role\": \"lead", "role\": \"coordinate", Group::UnitRole),
            ("Phòng Quan trắc", "Văn phòng", Group::UnitMissed),
            ("section\": \"I", "section\": \"II", Group::TaskSection),
            (
                "Rà soát các trạm đo gió trước",
                "Rà soát các trạm đo gió ở mọi nơi trong tỉnh và xa hơn nữa trước",
                Group::TaskCut,
            ),
            ("title\": \"Nhiệm vụ", "title\": \"Nhiệm vụ chung năm nay", Group::HeadingWrong),
            ("12/SMT-VP", "13/SMT-VP", Group::MetadataWrong),
            ("\"Sở Mây Trời\", \"date", "null, \"date", Group::MetadataMissed),
        ];
        for (from, to, group) in slips {
            let output = GOLD.replacen(from, to, 1);
            assert_ne!(output, GOLD, "{from}");
            assert_eq!(groups(&output).first(), Some(&group), "{from}");
        }
    }

    #[test]
    fn nothing_at_all_misses_everything() {
        let groups = groups("{}");
        assert!(groups.contains(&Group::TaskMissed) && groups.contains(&Group::ReferenceMissed));
        assert!(!groups.contains(&Group::UnitMissed));
    }
}
