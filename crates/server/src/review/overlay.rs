//! Decisions on tasks, laid over the directive of a record.

use super::anchor::Anchor;
use super::apply::BY_HAND;
use super::{SpanMap, TaskDecision};
use crate::fold;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use vanthu_model::{
    CharIndex, Comparator, Deadline, DeadlineKind, Direction, Directive, Document, Evidence, Record, Role,
    Span, Target, Task, TaskUnit, Unit, UnitOrigin,
};

/// How the ids of tasks begin that people added.
const ADDED: &str = "added-";
/// How much of a task's words must be the same for a decision on it to hold.
const ENOUGH: f64 = 0.5;

/// What people said of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is one, as it reads now.
    Accepted,
    /// It is none.
    Rejected,
}

/// A decision on a task, whole: it holds in place of earlier ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether it is one.
    pub verdict: Verdict,
    /// What is otherwise than the parser made it.
    pub edit: Option<TaskEdit>,
}

/// What is otherwise in a task than the parser made it; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskEdit {
    /// The words that it came from; empty where they stay.
    pub at: Vec<Anchor>,
    /// Who must do it.
    pub units: Option<Vec<UnitEdit>>,
    /// By when.
    pub deadlines: Option<Vec<DeadlineEdit>>,
    /// What must be reached.
    pub targets: Option<Vec<TargetEdit>>,
}

/// A unit's part in a task, as a person wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitEdit {
    /// Its name.
    pub name: String,
    /// lead, coordinate or recipient.
    #[schema(value_type = String)]
    pub role: Role,
}

/// A deadline, as a person wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadlineEdit {
    /// In words.
    pub text: String,
    /// The last day, ISO; absent for one that is no day.
    pub date: Option<String>,
}

/// A target, as a person wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetEdit {
    /// In words.
    pub text: String,
    /// What is measured.
    #[serde(default)]
    pub indicator: String,
    /// `=`, `>=`, `<=`, `>` or `<`.
    #[schema(value_type = String)]
    pub comparator: Comparator,
    /// The value.
    pub value: f64,
    /// "%", "hồ sơ", ...
    pub unit: Option<String>,
}

/// A decision whose words were found.
#[derive(Debug, Clone)]
pub(super) struct Decided {
    pub event: i64,
    pub who: String,
    /// The task's id when it was decided on; empty for one that is added.
    pub task: String,
    /// Its words in the text as the batch made it.
    pub spans: Vec<Span>,
    /// The words that it has now, where they are others.
    pub edited: Option<Vec<Span>>,
    pub decision: Decision,
}

#[derive(Debug, Default)]
pub(super) struct Laid {
    pub decisions: BTreeMap<String, TaskDecision>,
    pub rejected: Vec<Task>,
    /// Events whose task is no longer there.
    pub homeless: BTreeSet<i64>,
}

/// Lays decisions, oldest first, over the directive. Their spans are those of the text before `map`.
pub(super) fn lay(record: &mut Record, map: &SpanMap, decided: Vec<Decided>) -> Laid {
    let mut laid = Laid::default();
    if decided.is_empty() {
        return laid;
    }
    let index = CharIndex::new(&record.document.text);
    // The last decision on a task holds.
    let mut on_task: BTreeMap<usize, Decided> = BTreeMap::new();
    let mut added: BTreeMap<i64, Decided> = BTreeMap::new();
    for mut d in decided {
        for span in d.spans.iter_mut().chain(d.edited.iter_mut().flatten()) {
            *span = map.forth(*span);
        }
        if let Some(first) = d.task.strip_prefix(ADDED).and_then(|n| n.parse().ok()) {
            added.insert(first, d);
        } else if d.task.is_empty() {
            added.insert(d.event, d);
        } else if let Some(i) = find(&record.directive.tasks, &d) {
            on_task.insert(i, d);
        } else {
            laid.homeless.insert(d.event);
        }
    }
    let mut rejected = BTreeSet::new();
    for (i, d) in &on_task {
        let decision = TaskDecision {
            event: d.event,
            who: d.who.clone(),
            verdict: d.decision.verdict,
            edited: d.decision.edit.is_some(),
        };
        let Some(id) = record.directive.tasks.get(*i).map(|t| t.id.clone()) else { continue };
        laid.decisions.insert(id, decision);
        if d.decision.verdict == Verdict::Rejected {
            rejected.insert(*i);
        } else {
            change(&record.document, &index, &mut record.directive, *i, d);
        }
    }
    for (first, d) in added {
        let id = format!("{ADDED}{first}");
        let decision =
            TaskDecision { event: d.event, who: d.who.clone(), verdict: d.decision.verdict, edited: true };
        laid.decisions.insert(id.clone(), decision);
        record.directive.tasks.push(Task {
            id,
            text: String::new(),
            section: String::new(),
            units: Vec::new(),
            deadlines: Vec::new(),
            targets: Vec::new(),
            products: Vec::new(),
            evidence: Evidence { rule: BY_HAND.into(), confidence: 1.0, ..Evidence::default() },
        });
        let i = record.directive.tasks.len() - 1;
        change(&record.document, &index, &mut record.directive, i, &d);
        if d.decision.verdict == Verdict::Rejected {
            rejected.insert(i);
        }
    }
    settle(&mut record.directive, &rejected, &mut laid);
    laid
}

/// Takes the rejected tasks out and puts what is left into the order of the text.
fn settle(directive: &mut Directive, rejected: &BTreeSet<usize>, laid: &mut Laid) {
    let tasks = std::mem::take(&mut directive.tasks);
    for (i, task) in tasks.into_iter().enumerate() {
        if rejected.contains(&i) { laid.rejected.push(task) } else { directive.tasks.push(task) }
    }
    let begin = |e: &Evidence| e.spans.first().map_or(usize::MAX, |s| s.start);
    directive.tasks.sort_by_key(|t| begin(&t.evidence));
    let gone: BTreeSet<&str> = laid.rejected.iter().map(|t| t.id.as_str()).collect();
    for annex in &mut directive.annexes {
        annex.tasks.retain(|id| !gone.contains(id.as_str()));
    }
    let mut order: Vec<usize> = (0..directive.targets.len()).collect();
    order.sort_by_key(|&i| directive.targets.get(i).map_or(usize::MAX, |t| begin(&t.evidence)));
    let place: BTreeMap<usize, usize> = order.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    let targets = std::mem::take(&mut directive.targets);
    let mut sorted: Vec<(usize, Target)> =
        targets.into_iter().enumerate().map(|(i, t)| (place.get(&i).copied().unwrap_or(i), t)).collect();
    sorted.sort_by_key(|(i, _)| *i);
    directive.targets = sorted.into_iter().map(|(_, t)| t).collect();
    for task in &mut directive.tasks {
        task.targets = task.targets.iter().filter_map(|i| place.get(i).copied()).collect();
    }
}

/// The task that a decision is on: the one of its id if it still shares words, else the one that shares most.
fn find(tasks: &[Task], d: &Decided) -> Option<usize> {
    let length: usize = d.spans.iter().map(Span::len).sum();
    let shared = |task: &Task| -> usize {
        let all = d.spans.iter().flat_map(|a| task.evidence.spans.iter().map(move |b| (a, b)));
        all.map(|(a, b)| a.end.min(b.end).saturating_sub(a.start.max(b.start))).sum()
    };
    let same = tasks.iter().position(|t| t.id == d.task && shared(t) > 0);
    same.or_else(|| {
        let (i, most) = tasks.iter().map(shared).enumerate().max_by_key(|(_, n)| *n)?;
        (most > 0 && most as f64 >= ENOUGH * length as f64).then_some(i)
    })
}

fn change(document: &Document, index: &CharIndex, directive: &mut Directive, i: usize, d: &Decided) {
    let Some(mut task) = directive.tasks.get(i).cloned() else { return };
    task.evidence.confidence = 1.0;
    let text_of = |spans: &[Span]| {
        let pieces = spans.iter().flat_map(|s| index.slice(&document.text, *s).split_whitespace());
        pieces.collect::<Vec<_>>().join(" ")
    };
    if let Some(edit) = &d.decision.edit {
        if let Some(spans) = d.edited.as_ref().filter(|s| !s.is_empty()) {
            task.text = text_of(spans);
            task.evidence = evidence(document, spans.clone());
            task.section = section(directive, spans);
        }
        if let Some(units) = &edit.units {
            let before = std::mem::take(&mut task.units);
            task.units = units.iter().map(|u| unit(directive, &before, u)).collect();
        }
        if let Some(deadlines) = &edit.deadlines {
            let before = std::mem::take(&mut task.deadlines);
            task.deadlines = deadlines.iter().map(|e| deadline(&before, e)).collect();
        }
        if let Some(targets) = &edit.targets {
            let before = std::mem::take(&mut task.targets);
            for e in targets {
                let known =
                    before.iter().copied().find(|i| directive.targets.get(*i).is_some_and(|t| same(t, e)));
                task.targets.push(known.unwrap_or_else(|| {
                    directive.targets.push(target(e));
                    directive.targets.len() - 1
                }));
            }
        }
    }
    if let Some(place) = directive.tasks.get_mut(i) {
        *place = task;
    }
}

fn evidence(document: &Document, spans: Vec<Span>) -> Evidence {
    let pages: BTreeSet<u32> = spans.iter().flat_map(|s| document.pages_of(*s)).collect();
    Evidence { spans, pages: pages.into_iter().collect(), rule: BY_HAND.into(), confidence: 1.0 }
}

/// What was inferred by a person stands nowhere in the text.
fn unplaced() -> Evidence {
    Evidence { rule: BY_HAND.into(), confidence: 1.0, ..Evidence::default() }
}

/// Labels of the last heading before the words.
fn section(directive: &Directive, spans: &[Span]) -> String {
    let begin = spans.first().map_or(0, |s| s.start);
    let above = |e: &Evidence| e.spans.first().is_some_and(|s| s.start <= begin);
    let node = directive.outline.iter().rev().find(|n| above(&n.evidence));
    node.and_then(|n| n.id.split_once('/')).map(|(_, path)| path.to_owned()).unwrap_or_default()
}

fn unit(directive: &mut Directive, before: &[TaskUnit], edit: &UnitEdit) -> TaskUnit {
    if let Some(known) = before.iter().find(|u| u.name == edit.name) {
        return TaskUnit { role: edit.role, ..known.clone() };
    }
    let id = unit_id(&edit.name);
    match directive.units.iter_mut().find(|u| u.id == id) {
        Some(unit) if !unit.forms.contains(&edit.name) => unit.forms.push(edit.name.clone()),
        Some(_) => {}
        None => directive.units.push(Unit {
            id: id.clone(),
            name: edit.name.clone(),
            forms: vec![edit.name.clone()],
        }),
    }
    TaskUnit {
        name: edit.name.clone(),
        role: edit.role,
        unit_id: id,
        origin: UnitOrigin::Sentence,
        evidence: unplaced(),
    }
}

/// The id of a unit, as the parser makes it: its name in small letters without marks.
pub(crate) fn unit_id(name: &str) -> String {
    fold::words(name).join("-")
}

fn deadline(before: &[Deadline], edit: &DeadlineEdit) -> Deadline {
    let known = before.iter().find(|d| d.text == edit.text && (d.date == edit.date || edit.date.is_none()));
    known.cloned().unwrap_or_else(|| Deadline {
        text: edit.text.clone(),
        kind: if edit.date.is_some() { DeadlineKind::Date } else { DeadlineKind::Event },
        date: edit.date.clone(),
        start: None,
        end: None,
        rrule: None,
        inclusive: None,
        inferred_year: false,
        evidence: unplaced(),
    })
}

fn same(target: &Target, edit: &TargetEdit) -> bool {
    target.text == edit.text
        && target.value == edit.value
        && target.comparator == edit.comparator
        && target.unit == edit.unit
        && target.indicator == edit.indicator
}

fn target(edit: &TargetEdit) -> Target {
    Target {
        text: edit.text.clone(),
        indicator: edit.indicator.clone(),
        direction: Direction::Reach,
        comparator: edit.comparator,
        value: edit.value,
        value_high: None,
        unit: edit.unit.clone(),
        baseline: None,
        by: None,
        evidence: unplaced(),
    }
}
