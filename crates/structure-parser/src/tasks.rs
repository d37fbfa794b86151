//! Orders put together: which passages are tasks, and who must do them by when to what measure.

use crate::attributes::{self, Attribute};
use crate::data::Cue;
use crate::dates::Anchor;
use crate::deadlines::{self, Due, Setting};
use crate::field::Field;
use crate::fold;
use crate::labels::Family;
use crate::passage::Passage;
use crate::registry::Registry;
use crate::roles::{self, Cast};
use crate::sections;
use crate::source::Source;
use crate::targets::{self, Aim};
use crate::tree::Tree;
use crate::units::{self, Found, List};
use std::collections::HashMap;
use vanthu_model::{Deadline, Role, SectionRole, Span, Target, Task, TaskUnit, UnitOrigin};

/// What the assembly needs to know of the document.
pub struct Context<'a> {
    /// Paragraphs in their places.
    pub tree: &'a Tree,
    /// Pages and confidences.
    pub source: &'a Source,
    /// Under Kính gửi.
    pub addressees: &'a [Field],
    /// The document's date.
    pub anchor: Anchor,
    /// Whether the text is a news article.
    pub news: bool,
}

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

/// A unit with its place, before it is registered.
struct Named {
    name: String,
    spans: Vec<Span>,
    role: Role,
    origin: UnitOrigin,
    rule: &'static str,
    confidence: f32,
}

/// Reads tasks and targets.
pub fn assemble(cx: &Context<'_>) -> Register {
    let mut out = Register::default();
    let closing = closing_nodes(cx);
    let mut previous: Vec<Found> = Vec::new();
    let mut previous_node = None;
    for i in 0..cx.tree.nodes.len() {
        let Some(n) = cx.tree.nodes.get(i) else { continue };
        if n.heading || n.body.is_empty() {
            continue;
        }
        let attribute = attributes::line(&n.body);
        if attribute.is_some_and(|a| a.pure && n.body.text.len() > a.from) {
            continue;
        }
        let aims_here = matches!(n.role, SectionRole::Target | SectionRole::Purpose);
        let cast = roles::read(&n.body);
        if aims_here && !closing.contains(&i) {
            let aims = targets::read(&n.body, 0, n.body.text.len(), n.role == SectionRole::Target);
            out.add_targets(cx, &n.body, aims);
            continue;
        }
        if !is_task(cx, i, &cast, closing.contains(&i)) {
            continue;
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
    out
}

/// Paragraphs after the last item that ask for action on the whole.
fn closing_nodes(cx: &Context<'_>) -> Vec<usize> {
    let mut out = Vec::new();
    let nodes = &cx.tree.nodes;
    if cx.news || !nodes.iter().any(|n| n.label.is_some()) {
        return out;
    }
    for i in (0..nodes.len()).rev() {
        let Some(n) = nodes.get(i) else { break };
        let last = nodes.get(i + 1).is_none_or(|m| m.component != n.component || out.contains(&(i + 1)));
        if !last {
            continue;
        }
        let opens = roles::cue(&n.body, 0, Cue::Closing).is_some() || sections_issuer_orders(&n.body);
        if n.label.is_none() && opens && attributes::line(&n.body).is_none() {
            out.push(i);
        }
    }
    out
}

/// "UBND tỉnh yêu cầu ...": a unit that gives an order at the start.
fn sections_issuer_orders(p: &Passage) -> bool {
    units::list_at(p, 0).is_some_and(|l| roles::cue(p, l.next, Cue::Assign).is_some())
}

/// Whether node `i` tells someone what to do from now on.
fn is_task(cx: &Context<'_>, i: usize, cast: &Cast, closing: bool) -> bool {
    let Some(n) = cx.tree.nodes.get(i) else { return false };
    let p = &n.body;
    let words = p.words.len();
    if words < 3 || n.caps && words < 12 {
        return false;
    }
    if closing {
        return cast.leads() || orders(p);
    }
    let low = &p.low;
    match n.role {
        SectionRole::Target
        | SectionRole::Purpose
        | SectionRole::Result
        | SectionRole::Assessment
        | SectionRole::Preamble => return false,
        _ => {}
    }
    if low.starts_with("căn cứ ") && low.ends_with(';')
        || low.starts_with("ghi chú")
        || low.starts_with("theo đề nghị của")
    {
        return false;
    }
    let children = n.children.iter().filter_map(|c| cx.tree.nodes.get(*c));
    let items =
        children.clone().any(|c| c.label.is_some() && attributes::line(&c.body).is_none_or(|a| !a.pure));
    let attributed = children.clone().any(|c| attributes::line(&c.body).is_some());
    let many = p.text.contains(';') || p.text.contains(". ");
    if items {
        // Words that open a list order something themselves only where they hold more than the opening.
        let opens = n.opens() || !p.text.ends_with(['.', ';']);
        return if opens { many && !opens_list(low) && is_order(p, cast) } else { is_order(p, cast) };
    }
    if n.opens() && !many && !children.clone().any(|_| true) && opens_list(low) {
        return false;
    }
    let past = tells_past(low);
    let ordered = is_order(p, cast);
    if n.label.is_none() {
        if cx.news {
            return news_order(p, cast);
        }
        // What stands before the first item leads in to it.
        let has_items = cx.tree.nodes.iter().any(|m| m.label.is_some() && m.component == n.component);
        if n.parent.is_none() && has_items {
            let later =
                cx.tree.nodes.iter().skip(i + 1).any(|m| m.label.is_some() && m.component == n.component);
            return !later && cast.leads() && !past;
        }
        if n.parent.is_none() {
            return cast.leads()
                && !past
                && !n.opens()
                && (orders(p) || cast.actors.iter().any(|a| a.rule != "subject"));
        }
        return ordered && !past && !n.opens();
    }
    if attributed {
        return true;
    }
    match n.role {
        SectionRole::Task | SectionRole::Measure | SectionRole::Organisation | SectionRole::Petition => {
            ordered || !past
        }
        SectionRole::Funding => {
            ordered || n.label.as_ref().is_some_and(|l| !l.family.is_bullet()) && !past && cast.leads()
        }
        _ => ordered && !past,
    }
}

/// Whether the words only announce a list.
fn opens_list(low: &str) -> bool {
    let t = low.trim_end_matches([':', ' ', '*', '.']);
    ["như sau", "sau đây", "sau", "bao gồm", "gồm", "cụ thể", "nội dung", "nhiệm vụ"]
        .iter()
        .any(|w| t.ends_with(w))
}

/// Whether the passage begins as an order does, or names who must act.
fn is_order(p: &Passage, cast: &Cast) -> bool {
    cast.leads()
        || starts_with_order(p, 0)
        || p.words
            .iter()
            .enumerate()
            .any(|(k, _)| k > 0 && p.gap_before(k).contains(['.', ':']) && starts_with_order(p, k))
        || orders(p)
}

fn starts_with_order(p: &Passage, at: usize) -> bool {
    let mut k = at;
    for _ in 0..4 {
        let skipped = roles::cue(p, k, Cue::Linker)
            .or_else(|| roles::cue(p, k, Cue::Adverb).filter(|_| roles::verb(p, k).is_none()));
        match skipped {
            Some(n) => k += n,
            None => break,
        }
    }
    // "Được thực hiện ..." tells what was done.
    roles::verb(p, k).is_some() && p.word(k) != Some("được")
}

/// Whether words of order stand anywhere: "yêu cầu", "đề nghị", "có trách nhiệm", "chịu trách nhiệm".
fn orders(p: &Passage) -> bool {
    ["yêu cầu ", "đề nghị ", "có trách nhiệm ", "chịu trách nhiệm ", "giao "].iter().any(|w| {
        p.low.match_indices(w).any(|(at, _)| {
            !p.low.get(..at).is_some_and(|b| {
                b.ends_with(char::is_alphanumeric) || b.ends_with("được ") || b.ends_with("theo ")
            })
        })
    })
}

/// Whether the passage tells what was done.
fn tells_past(low: &str) -> bool {
    let head: String = low.chars().take(120).collect();
    ["đã ", "trong thời gian qua", "thời gian qua", "tính đến", "trong tháng qua"]
        .iter()
        .any(|w| head.starts_with(w))
        || [
            " đã tham mưu",
            " đã ban hành",
            " đã tổ chức",
            " đã triển khai",
            " đã thực hiện",
            " đã hoàn thành",
            " đã xây dựng",
            " đã chỉ đạo",
            " đã chủ",
        ]
        .iter()
        .any(|w| head.contains(w))
}

/// Whether a paragraph of a news article tells an order that the document is said to give.
fn news_order(p: &Passage, cast: &Cast) -> bool {
    let low = &p.low;
    let head: String = low.chars().take(90).collect();
    if low.contains("http") || p.words.len() < 12 {
        return false;
    }
    let reports = [
        "nêu rõ, thời gian qua",
        "đã đạt",
        "đã nỗ lực",
        "hạn chế, tồn tại",
        "tồn tại, hạn chế cần",
        "đã đề ra",
        "cho biết",
        "khẳng định",
    ]
    .iter()
    .any(|w| head.contains(w) || low.contains("đã đề ra"));
    if reports {
        return false;
    }
    let told = starts_with_order(p, 0)
        || roles::cue(p, 0, Cue::Linker).is_some_and(|n| starts_with_order(p, n))
        || ["yêu cầu ", "giao ", "đề nghị "].iter().any(|w| head.contains(w));
    told || cast.leads()
}

impl Register {
    fn add_targets(&mut self, cx: &Context<'_>, p: &Passage, aims: Vec<Aim>) -> Vec<usize> {
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
                    by: a.by,
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
        let attributes = attributes_of(cx.tree, i);
        let named = units_of(cx, i, cast, &attributes, closing, carried);
        let mut units: Vec<TaskUnit> = Vec::new();
        for u in named {
            let unit_id = self.registry.id(&u.name);
            if units.iter().any(|k| {
                k.unit_id == unit_id
                    && (k.role == u.role || k.role == Role::Lead && u.role == Role::Coordinate)
            }) {
                continue;
            }
            units.push(TaskUnit {
                name: u.name,
                role: u.role,
                unit_id,
                origin: u.origin,
                evidence: cx.source.evidence(u.spans, u.rule, u.confidence),
            });
        }
        let mut due: Vec<Deadline> = deadlines::read(p, 0, p.text.len(), Setting::Sentence, cx.anchor, &[])
            .into_iter()
            .map(|d| deadline(cx, p, d, 1.0))
            .collect();
        let mut products = Vec::new();
        for (at, a) in &attributes {
            let Some(q) = cx.tree.nodes.get(*at).map(|m| &m.body) else { continue };
            match a.cue {
                Cue::AttributeTime => {
                    due.extend(
                        deadlines::read(q, a.from, q.text.len(), Setting::Attribute, cx.anchor, &[])
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
        let aims = targets::read(p, 0, p.text.len(), false);
        let targets = self.add_targets(cx, p, aims);
        let spans = p.spans(0, p.text.len());
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
        let id = self.task_id(&section, &p.text);
        self.tasks.push(Task {
            id,
            text: p.text.clone(),
            section,
            units,
            deadlines: due,
            targets,
            products,
            evidence: cx.source.evidence(spans, rule, sure),
        });
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

/// The attribute lines that speak of node `i`: its own, else those of the nearest item above that has any.
fn attributes_of(tree: &Tree, i: usize) -> Vec<(usize, Attribute)> {
    let of = |at: usize| -> Vec<(usize, Attribute)> {
        let Some(n) = tree.nodes.get(at) else { return Vec::new() };
        // A heading over very many children has no attributes of its own worth looking for.
        n.children
            .iter()
            .take(400)
            .filter_map(|c| Some((*c, attributes::line(&tree.nodes.get(*c)?.body)?)))
            .filter(|(c, a)| *c != i && (a.pure || a.cue == Cue::AttributeLead))
            .collect()
    };
    let own = of(i);
    if !own.is_empty() {
        return own;
    }
    // Not for a line that is an attribute itself ("Cơ quan thực hiện: A tiến hành ...").
    if tree
        .nodes
        .get(i)
        .is_some_and(|n| attributes::line(&n.body).is_some_and(|a| a.cue == Cue::AttributeLead))
    {
        return Vec::new();
    }
    tree.above(i).take(4).map(of).find(|a| !a.is_empty()).unwrap_or_default()
}

fn named(
    p: &Passage,
    u: &Found,
    role: Role,
    origin: UnitOrigin,
    rule: &'static str,
    confidence: f32,
) -> Named {
    let own = p.slice(u.start, u.end).to_owned();
    let (name, spans) = match u.head {
        Some((a, b)) => {
            let mut spans = p.spans(a, b);
            spans.extend(p.spans(u.start, u.end));
            (format!("{} {own}", p.slice(a, b)), spans)
        }
        None => (own, p.spans(u.start, u.end)),
    };
    Named { name, spans, role, origin, rule, confidence }
}

fn all(
    p: &Passage,
    list: &List,
    role: Role,
    origin: UnitOrigin,
    rule: &'static str,
    confidence: f32,
) -> Vec<Named> {
    list.units.iter().map(|u| named(p, u, role, origin, rule, confidence)).collect()
}

/// Names in an attribute line: units as far as they are known, else its parts as they stand.
fn attribute_units(p: &Passage, from: usize, role: Role) -> Vec<Named> {
    let mut out = Vec::new();
    let mut at = p.word_from(from);
    while at < p.words.len() && out.len() < 40 {
        if let Some(list) = units::list_at(p, at) {
            out.extend(all(p, &list, role, UnitOrigin::AttributeLine, "attribute_line", 0.95));
            if roles::verb(p, list.next).is_some() && p.gap_before(list.next) == " " {
                // "A tiến hành rà soát ...; B rà soát ...": the next clause may name another.
                match (list.next..p.words.len()).find(|k| p.gap_before(*k).contains(';')) {
                    Some(k) => {
                        at = k;
                        continue;
                    }
                    None => break,
                }
            }
            at = list.next.max(at + 1);
        } else {
            // An unknown name up to the next comma or semicolon.
            let start = p.words.get(at).map_or(0, |w| w.start);
            let mut k = at + 1;
            while k < p.words.len() && !p.gap_before(k).contains([';', ',', '.', '(']) {
                k += 1;
            }
            let end = p.words.get(k - 1).map_or(start, |w| w.end);
            let named_like = out.is_empty() || p.words.get(at).is_some_and(|w| w.cap);
            if named_like && k - at <= 14 {
                let found = Found { start, end, next: k, head: None };
                out.push(named(
                    p,
                    &found,
                    role,
                    UnitOrigin::AttributeLine,
                    "attribute_line_unknown_unit",
                    0.5,
                ));
            }
            at = k;
        }
    }
    out
}

/// Units of task `i`, leads first.
fn units_of(
    cx: &Context<'_>,
    i: usize,
    cast: &Cast,
    attributes: &[(usize, Attribute)],
    closing: bool,
    carried: Option<(usize, &[Found])>,
) -> Vec<Named> {
    let Some(n) = cx.tree.nodes.get(i) else { return Vec::new() };
    let p = &n.body;
    let own: Vec<Named> = cast
        .actors
        .iter()
        .map(|a| named(p, &a.unit, a.role, UnitOrigin::Sentence, a.rule, a.confidence))
        .collect();
    let mut leads: Vec<Named> = Vec::new();
    let mut with: Vec<Named> = Vec::new();
    for (at, a) in attributes {
        let Some(q) = cx.tree.nodes.get(*at).map(|m| &m.body) else { continue };
        match a.cue {
            Cue::AttributeLead => leads.extend(attribute_units(q, a.from, Role::Lead)),
            Cue::AttributeWith => with.extend(attribute_units(q, a.from, Role::Coordinate)),
            _ => {}
        }
    }
    let own_leads = own.iter().any(|u| u.role == Role::Lead);
    if leads.is_empty() && !own_leads {
        leads = inherited_leads(cx, i, closing, carried);
    }
    let keep_own_leads = leads.is_empty();
    leads.extend(own.into_iter().filter(|u| u.role != Role::Lead || keep_own_leads));
    leads.extend(with);
    leads.sort_by_key(|u| u.role);
    leads
}

/// The lead that stands elsewhere: in a heading, in the words that lead in, in the sentence before, or the addressees.
fn inherited_leads(
    cx: &Context<'_>,
    i: usize,
    closing: bool,
    carried: Option<(usize, &[Found])>,
) -> Vec<Named> {
    if !closing {
        for a in cx.tree.above(i) {
            let Some(h) = cx.tree.nodes.get(a) else { break };
            if let Some(list) = sections::unit_title(&h.body) {
                return all(&h.body, &list, Role::Lead, UnitOrigin::Heading, "unit_in_heading", 0.9);
            }
            if h.heading && h.family().is_some_and(|f| f <= Family::Roman) {
                continue;
            }
            let cast = roles::read(&h.body);
            let found: Vec<Named> = cast
                .actors
                .iter()
                .filter(|u| u.role == Role::Lead)
                .map(|u| named(&h.body, &u.unit, Role::Lead, UnitOrigin::LeadIn, "unit_in_lead_in", 0.82))
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
        if let (Some((at, units)), Some(n)) = (carried, cx.tree.nodes.get(i))
            && (cx.news || n.label.is_none())
            && let Some(q) = cx.tree.nodes.get(at)
            && q.parent == n.parent
        {
            return units
                .iter()
                .map(|u| {
                    named(
                        &q.body,
                        u,
                        Role::Lead,
                        UnitOrigin::PreviousSentence,
                        "unit_of_sentence_before",
                        0.6,
                    )
                })
                .collect();
        }
    }
    cx.addressees
        .iter()
        .map(|f| Named {
            name: f.text.clone(),
            spans: f.spans.clone(),
            role: Role::Lead,
            origin: UnitOrigin::Addressee,
            rule: "addressee",
            confidence: 0.75,
        })
        .collect()
}

/// A date given once for the list that it opens.
fn inherited_deadlines(cx: &Context<'_>, i: usize) -> Vec<Deadline> {
    for a in cx.tree.above(i) {
        let Some(h) = cx.tree.nodes.get(a) else { break };
        if h.heading || !h.opens() {
            break;
        }
        let found: Vec<Deadline> =
            deadlines::read(&h.body, 0, h.body.text.len(), Setting::Sentence, cx.anchor, &[])
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
