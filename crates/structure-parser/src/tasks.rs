//! Orders put together: which passages are tasks, and who must do them by when to what measure.

use crate::context::Context;
use crate::data::Cue;
use crate::deadlines::{self, Due, Setting};
use crate::fold;
use crate::orders;
use crate::passage::Passage;
use crate::registry::Registry;
use crate::responsible::{self, Named};
use crate::roles::{self, Cast};
use crate::tables::Row;
use crate::targets::{self, Aim};
use crate::tree::Tree;
use crate::units::Found;
use std::collections::HashMap;
use vanthu_model::{Deadline, Role, SectionRole, Target, Task, TaskUnit, UnitOrigin};

/// Tasks, targets and units of a document.
#[derive(Debug, Default)]
pub struct Register {
    /// Tasks in text order.
    pub tasks: Vec<Task>,
    /// Targets in text order.
    pub targets: Vec<Target>,
    /// The register of units.
    pub registry: Registry,
    ids: HashMap<String, usize>,
}

/// Reads tasks and targets.
pub fn assemble(cx: &Context<'_>, rows: &[(usize, Row)], registry: Registry) -> Register {
    let mut out = Register { registry, ..Register::default() };
    let closing = orders::closing_nodes(cx);
    let mut previous: Vec<Found> = Vec::new();
    let mut previous_node = None;
    // Whom the orders of a news article go to until it names someone else.
    let mut all_told: Option<(usize, Vec<Found>)> = None;
    for i in 0..cx.tree.nodes.len() {
        let Some(n) = cx.tree.nodes.get(i) else { continue };
        if n.heading || n.body.is_empty() {
            continue;
        }
        let attribute = cx.attribute(i);
        if attribute.is_some_and(|a| a.pure && n.body.text.len() > a.from) {
            continue;
        }
        let aims_here = matches!(n.role, SectionRole::Target | SectionRole::Purpose | SectionRole::Scope);
        let cast = roles::read(&n.body);
        if aims_here && !closing.contains(&i) {
            let aims = targets::read(&n.body, 0, n.body.text.len(), n.role == SectionRole::Target);
            let by = horizon(cx, i);
            out.add_targets(cx, &n.body, aims, by.as_deref());
            continue;
        }
        if cx.news && i == 0 {
            continue;
        }
        if !orders::is_task(cx, i, &cast, closing.contains(&i)) {
            // "Để hoàn thành mục tiêu giải ngân trên 95% ..., Sở A đề nghị:": the aim of the orders that follow.
            if n.label.is_none()
                && n.opens()
                && orders::orders(&n.body)
                && let Some(at) = n.body.low.find("mục tiêu ")
            {
                let aims = targets::read(&n.body, at + "mục tiêu ".len(), n.body.text.len(), false);
                out.add_targets(cx, &n.body, aims, None);
            }
            if cx.news
                && let Some(list) = orders::told_to(&n.body)
            {
                all_told = Some((i, list.units));
            }
            continue;
        }
        if cx.news && !cast.leads() && orders::speaks_anew(&n.body) {
            previous_node = None;
        }
        if cx.news
            && previous_node.is_none()
            && let Some((at, units)) = &all_told
        {
            previous = units.clone();
            previous_node = Some(*at);
        }
        let carried = previous_node.map(|p: usize| (p, previous.as_slice()));
        let leads: Vec<Found> = cast.actors.iter().filter(|a| a.role == Role::Lead).map(|a| a.unit).collect();
        out.add_task(cx, i, &cast, closing.contains(&i), carried);
        if !leads.is_empty() {
            previous = leads;
            previous_node = Some(i);
        } else if n.parent.is_some() {
            previous_node = None;
        }
    }
    for (component, row) in rows {
        out.add_row(cx, *component, row);
    }
    if !rows.is_empty() {
        out.tasks.sort_by_key(|t| t.evidence.spans.first().map_or(0, |s| s.start));
    }
    out
}

/// What is known of a task before it is entered.
struct Draft {
    section: String,
    units: Vec<TaskUnit>,
    due: Vec<Deadline>,
    products: Vec<String>,
    rule: &'static str,
    sure: f32,
}

impl Register {
    /// Adds aims; `by` is the day by which they are to be reached where their own words name none.
    fn add_targets(&mut self, cx: &Context<'_>, p: &Passage, aims: Vec<Aim>, by: Option<&str>) -> Vec<usize> {
        aims.into_iter()
            .map(|a| {
                self.targets.push(Target {
                    text: p.slice(a.start, a.end).trim().to_owned(),
                    indicator: a.indicator,
                    direction: a.direction,
                    comparator: a.comparator,
                    value: a.value,
                    value_high: a.high,
                    unit: a.unit,
                    baseline: a.baseline,
                    by: a.by.or_else(|| by.map(str::to_owned)),
                    evidence: cx.source.evidence(p.spans(a.start, a.end), "target", a.confidence),
                });
                self.targets.len() - 1
            })
            .collect()
    }

    fn add_task(
        &mut self,
        cx: &Context<'_>,
        i: usize,
        cast: &Cast,
        closing: bool,
        carried: Option<(usize, &[Found])>,
    ) {
        let Some(n) = cx.tree.nodes.get(i) else { return };
        let p = &n.body;
        let section = if closing { String::new() } else { section_of(cx.tree, i) };
        let attributes = responsible::attributes_of(cx, i);
        let named = responsible::units_of(cx, i, cast, &attributes, closing, carried);
        let units = self.register_units(cx, named);
        let mut due: Vec<Deadline> = deadlines::read(p, 0, p.text.len(), Setting::Sentence, cx.anchor)
            .into_iter()
            .map(|d| deadline(cx, p, d, 1.0))
            .collect();
        let mut products = Vec::new();
        for (at, a) in &attributes {
            let Some(q) = cx.tree.nodes.get(*at).map(|m| &m.body) else { continue };
            match a.cue {
                Cue::AttributeTime => {
                    due.extend(
                        deadlines::read(q, a.from, q.text.len(), Setting::Attribute, cx.anchor)
                            .into_iter()
                            .map(|d| deadline(cx, q, d, 1.0)),
                    );
                }
                Cue::AttributeProduct => {
                    let text = q.slice(a.from, q.text.len()).trim().trim_end_matches(['.', ';']);
                    if !text.is_empty() {
                        products.push(text.to_owned());
                    }
                }
                _ => {}
            }
        }
        if due.is_empty() {
            due = inherited_deadlines(cx, i);
        }
        due.dedup_by(|a, b| a.kind == b.kind && a.date == b.date && a.rrule == b.rrule && a.text == b.text);
        let sure = match (closing, n.label.is_some(), cx.news) {
            (_, _, true) => 0.6,
            (true, _, _) => 0.85,
            (_, true, _) => 0.93,
            _ => 0.75,
        };
        let rule = if closing {
            "closing_request"
        } else if cx.news {
            "order_in_news"
        } else if n.label.is_some() {
            "listed_order"
        } else {
            "order_in_paragraph"
        };
        self.put(cx, p, Draft { section, units, due, products, rule, sure });
    }

    /// A row of a task table.
    fn add_row(&mut self, cx: &Context<'_>, component: usize, row: &Row) {
        let p = &row.task;
        let start = p.spans(0, p.text.len()).first().map_or(0, |s| s.start);
        let above =
            cx.tree.nodes.iter().rposition(|n| n.component == component && n.heading && n.start < start);
        let section = above
            .map(|a| {
                let own = cx
                    .tree
                    .nodes
                    .get(a)
                    .and_then(|n| n.label.as_ref())
                    .map(|l| l.name.clone())
                    .unwrap_or_default();
                let path = section_of(cx.tree, a);
                if path.is_empty() { own } else { format!("{path}/{own}") }
            })
            .unwrap_or_default();
        let mut found: Vec<Named> = Vec::new();
        for (cell, role) in [(&row.lead, Role::Lead), (&row.with, Role::Coordinate)] {
            let Some(cell) = cell else { continue };
            let share = if row.lead_from_above && role == Role::Lead { 0.6 } else { 1.0 };
            found.extend(responsible::attribute_units(cell, 0, role).into_iter().map(|n| Named {
                origin: UnitOrigin::TableCell,
                rule: "table_cell",
                confidence: n.confidence * share,
                ..n
            }));
        }
        let units = self.register_units(cx, found);
        let mut due: Vec<Deadline> = Vec::new();
        if let Some(t) = &row.time {
            let read = deadlines::read(t, 0, t.text.len(), Setting::Attribute, cx.anchor);
            due.extend(read.into_iter().map(|d| deadline(cx, t, d, 1.0)));
        }
        let products = row.product.iter().map(|c| c.text.clone()).collect();
        self.put(cx, p, Draft { section, units, due, products, rule: "table_row", sure: 0.85 });
    }

    /// Enters the passage `p` as a task, with the aims it holds.
    fn put(&mut self, cx: &Context<'_>, p: &Passage, draft: Draft) {
        let Draft { section, units, due, products, rule, sure } = draft;
        let aims = targets::read(p, 0, p.text.len(), false);
        let targets = self.add_targets(cx, p, aims, only_day(&due));
        let id = self.task_id(&section, &p.text);
        let evidence = cx.source.evidence(p.spans(0, p.text.len()), rule, sure);
        let text = p.text.clone();
        self.tasks.push(Task { id, text, section, units, deadlines: due, targets, products, evidence });
    }

    fn register_units(&mut self, cx: &Context<'_>, found: Vec<Named>) -> Vec<TaskUnit> {
        let mut units: Vec<TaskUnit> = Vec::new();
        for u in found {
            let unit_id = self.registry.id(&u.name);
            let known = units.iter().any(|k| {
                k.unit_id == unit_id
                    && (k.role == u.role || k.role == Role::Lead && u.role == Role::Coordinate)
            });
            if !known {
                units.push(TaskUnit {
                    name: u.name,
                    role: u.role,
                    unit_id,
                    origin: u.origin,
                    evidence: cx.source.evidence(u.spans, u.rule, u.confidence),
                });
            }
        }
        units
    }

    /// An id made of the section and the words, so that it stays when other text changes.
    fn task_id(&mut self, section: &str, text: &str) -> String {
        let mut h: u64 = 0xcbf2_9ce4_8422_2325;
        for b in section.bytes().chain([b'\n']).chain(fold::ascii(text).bytes()) {
            h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        let base = format!("t-{h:016x}");
        let count = self.ids.entry(base.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { base } else { format!("{base}-{count}") }
    }
}

fn deadline(cx: &Context<'_>, p: &Passage, d: Due, share: f32) -> Deadline {
    Deadline {
        text: p.slice(d.start, d.end).trim().to_owned(),
        kind: d.kind,
        date: d.date,
        start: d.period.0,
        end: d.period.1,
        rrule: d.rrule,
        inclusive: d.inclusive,
        inferred_year: d.inferred_year,
        evidence: cx.source.evidence(p.spans(d.start, d.end), d.rule, d.confidence * share),
    }
}

/// The one last day that a task names, by which its aims are to be reached too.
fn only_day(due: &[Deadline]) -> Option<&str> {
    match due {
        [d] => d.date.as_deref(),
        _ => None,
    }
}

/// The year that a heading above gives for all aims below it: "Mục tiêu đến năm 2028".
fn horizon(cx: &Context<'_>, i: usize) -> Option<String> {
    let titles = cx.tree.above(i).filter_map(|a| cx.tree.nodes.get(a));
    titles.filter(|n| n.heading || n.opens()).find_map(|n| targets::year_of_title(&n.body.low))
}

/// Labels of the headings above, joined by "/".
pub fn section_of(tree: &Tree, i: usize) -> String {
    let mut labels: Vec<&str> = tree
        .above(i)
        .filter_map(|a| tree.nodes.get(a))
        .filter(|a| a.heading)
        .filter_map(|a| a.label.as_ref())
        .map(|l| l.name.as_str())
        .collect();
    labels.reverse();
    labels.join("/")
}

/// A date given once for the list that it opens.
fn inherited_deadlines(cx: &Context<'_>, i: usize) -> Vec<Deadline> {
    for a in cx.tree.above(i) {
        let Some(h) = cx.tree.nodes.get(a) else { break };
        if h.heading || !h.opens() {
            break;
        }
        let found: Vec<Deadline> =
            deadlines::read(&h.body, 0, h.body.text.len(), Setting::Sentence, cx.anchor)
                .into_iter()
                .filter(|d| d.date.is_some())
                .map(|d| deadline(cx, &h.body, d, 0.8))
                .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}
