//! Who is responsible for a task: units of its own words, of its attribute lines, or those it inherits.

use crate::attributes::Attribute;
use crate::context::{Context, Heir};
use crate::data::Cue;
use crate::passage::Passage;
use crate::roles::{self, Cast};
use crate::run_together::{asked_at, end_at_body, parts_at};
use crate::unit_lists::{self, List};
use crate::units::Found;
use vanthu_model::{Role, Span, UnitOrigin};

/// A unit with its place, before it is registered.
pub struct Named {
    /// As printed.
    pub name: String,
    /// Where it stands.
    pub spans: Vec<Span>,
    /// Its part.
    pub role: Role,
    /// How it came to the task.
    pub origin: UnitOrigin,
    /// Name of the rule.
    pub rule: &'static str,
    /// 0 to 1.
    pub confidence: f32,
}

/// The attribute lines that speak of node `i`: its own, else those of the nearest item above that has any.
pub fn attributes_of(cx: &Context<'_>, i: usize) -> Vec<(usize, Attribute)> {
    let of = |at: usize| -> Vec<(usize, Attribute)> {
        let Some(n) = cx.tree.nodes.get(at) else { return Vec::new() };
        // A heading over very many children has no attributes of its own worth looking for.
        let children = n.children.iter().copied().take(400);
        let lines = children.filter_map(|c| Some((c, cx.attribute(c)?)));
        lines.filter(|(c, a)| *c != i && (a.pure || a.cue == Cue::AttributeLead)).collect()
    };
    let own = of(i);
    if !own.is_empty() {
        return own;
    }
    // Not for a line that is an attribute itself ("Cơ quan thực hiện: A tiến hành ...").
    if cx.attribute(i).is_some_and(|a| a.cue == Cue::AttributeLead) {
        return Vec::new();
    }
    cx.tree.above(i).take(4).map(|a| (a, of(a))).find(|(_, f)| !f.is_empty()).map_or_else(
        Vec::new,
        |(a, f)| {
            if speaks_of_all(cx, a) { f } else { Vec::new() }
        },
    )
}

/// Whether the attribute lines below node `a` speak of all its items: they stand together, before or after them.
fn speaks_of_all(cx: &Context<'_>, a: usize) -> bool {
    let Some(n) = cx.tree.nodes.get(a) else { return false };
    let marks: Vec<bool> =
        n.children.iter().take(400).map(|c| cx.attribute(*c).is_some_and(|a| a.pure)).collect();
    let changes = marks.windows(2).filter(|w| matches!(w, [x, y] if x != y)).count();
    changes <= 1 && marks.iter().filter(|m| !**m).count() <= 12
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
pub fn attribute_units(p: &Passage, from: usize, role: Role) -> Vec<Named> {
    let mut out = Vec::new();
    let mut at = p.word_from(from);
    let mut role = role;
    while at < p.words.len() && out.len() < 40 {
        // "Đơn vị chủ trì: A; đơn vị phối hợp: B" on one line.
        let inner = [(Cue::AttributeWith, Role::Coordinate), (Cue::AttributeLead, Role::Lead)];
        if let Some((n, to)) = inner.iter().find_map(|(c, r)| Some((roles::cue(p, at, *c)?, *r)))
            && p.gap_before(at + n).starts_with(':')
        {
            role = to;
            at += n;
            continue;
        }
        if let Some(asked) = asked_at(p, at) {
            at = asked;
        }
        if let Some(mut list) = unit_lists::list_at(p, at) {
            if from == 0 {
                end_at_body(p, &mut list);
            }
            // "Các trường học trên địa bàn": here no verb can follow, so the place belongs to the name.
            if p.word(list.next) == Some("trên") && p.word(list.next + 1) == Some("địa") {
                let end =
                    (list.next + 1..p.words.len()).find(|k| p.gap_before(*k) != " ").unwrap_or(p.words.len());
                if let (Some(last), Some(w)) = (list.units.last_mut(), p.words.get(end - 1)) {
                    (last.end, last.next, list.next) = (w.end, end, end);
                }
            }
            // A cell is nothing but names: what follows a name in it up to the next sign belongs to the name.
            if from == 0 && p.gap_before(list.next) == " " && list.next < p.words.len() {
                let end = (list.next..p.words.len())
                    .find(|k| p.gap_before(*k) != " " || asked_at(p, *k).is_some())
                    .unwrap_or(p.words.len());
                // "Ủy ban ... về các tổ chức phi chính phủ nước ngoài"
                let body = list.units.last().map(|u| p.word_from(u.start)).and_then(|w| p.word(w));
                let of_all = matches!(body, Some("ủy" | "uỷ" | "ban" | "hội"));
                let most = if of_all && p.word(list.next) == Some("về") { 14 } else { 6 };
                if end - list.next <= most
                    && !parts_at(p, list.next)
                    && let (Some(last), Some(w)) = (list.units.last_mut(), p.words.get(end - 1))
                {
                    (last.end, last.next, list.next) = (w.end, end, end);
                }
            }
            out.extend(all(p, &list, role, UnitOrigin::AttributeLine, "attribute_line", 0.95));
            let goes_on = from == 0 && parts_at(p, list.next);
            if roles::verb(p, list.next).is_some() && p.gap_before(list.next) == " " && !goes_on {
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
            while k < p.words.len()
                && !p.gap_before(k).contains([';', ',', '.', '(', ')'])
                && !(from == 0 && asked_at(p, k).is_some())
            {
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
pub fn units_of(
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
    // Whom a later sentence names does not stand before the unit that the item comes under.
    let first_sentence = p.text.find(". ").unwrap_or(p.text.len());
    let early = cast.actors.iter().any(|a| a.role == Role::Lead && a.unit.start < first_sentence);
    let mut own = own;
    if !early && !closing && own.iter().any(|u| u.role == Role::Lead) && under_a_unit(cx, i) {
        own.retain(|u| u.role != Role::Lead);
    }
    let own_leads = own.iter().any(|u| u.role == Role::Lead);
    // Lines about a whole list give way to the item's own words; the item's own lines do not.
    if own_leads && !attributes.iter().any(|(at, _)| n.children.contains(at)) {
        leads.clear();
    }
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
        // The nearest words win: those before the items of a list stand nearer than the title above it.
        for at in std::iter::once(i).chain(cx.tree.above(i)) {
            let told = told_before(cx, at);
            if !told.is_empty() {
                return told;
            }
            let Some(a) = cx.tree.nodes.get(at).and_then(|n| n.parent) else { break };
            let heirs = cx.heirs(a);
            if let Some(h) = cx.tree.nodes.get(a).filter(|_| !heirs.is_empty()) {
                let inherit =
                    |(u, role, origin, rule, sure): &Heir| named(&h.body, u, *role, *origin, rule, *sure);
                return heirs.iter().map(inherit).collect();
            }
        }
        if let (Some((at, units)), Some(n)) = (carried, cx.tree.nodes.get(i))
            && (cx.news || n.label.is_none() && !asks_addressees(cx, &n.body))
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
    if cx.upward {
        return Vec::new();
    }
    if !closing && !cx.news {
        let told = opening_leads(cx, i);
        if cx.addressees.is_empty() || !told.is_empty() {
            return told;
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

/// Whether node `i` is an item under a heading that names units and nothing else.
fn under_a_unit(cx: &Context<'_>, i: usize) -> bool {
    let Some(n) = cx.tree.nodes.get(i).filter(|n| n.label.is_some()) else { return false };
    n.parent.is_some_and(|a| cx.heirs(a).iter().any(|h| h.3 == "unit_in_heading"))
}

/// "Thông tin đề nghị gửi về Cục A trước ngày ...": in a letter, a sentence that asks without naming anyone asks its
/// addressees.
fn asks_addressees(cx: &Context<'_>, p: &Passage) -> bool {
    !cx.addressees.is_empty() && p.low.contains("gửi về ")
}

/// "Sở A kính đề nghị Ủy ban nhân dân tỉnh:" before node `at` and its siblings, beside them and not above.
fn told_before(cx: &Context<'_>, at: usize) -> Vec<Named> {
    let nodes = &cx.tree.nodes;
    let Some(siblings) = nodes.get(at).and_then(|n| n.parent).and_then(|q| nodes.get(q)) else {
        return Vec::new();
    };
    // A section opens its list once, in its first paragraphs.
    let opening = siblings.children.iter().take(4).take_while(|s| **s < at);
    for n in opening.filter_map(|s| nodes.get(*s)).filter(|n| n.label.is_none() && n.opens()) {
        let cast = roles::read(&n.body);
        let leads: Vec<Named> = cast
            .actors
            .iter()
            .filter(|a| a.role == Role::Lead && a.rule.starts_with("assigned"))
            .map(|a| named(&n.body, &a.unit, Role::Lead, UnitOrigin::LeadIn, "unit_in_opening_words", 0.75))
            .collect();
        if !leads.is_empty() {
            return leads;
        }
    }
    Vec::new()
}

/// "... yêu cầu các sở, ngành thực hiện các nhiệm vụ sau:" before the first item.
fn opening_leads(cx: &Context<'_>, i: usize) -> Vec<Named> {
    let component = cx.tree.nodes.get(i).map_or(0, |n| n.component);
    let Some(n) = cx.opening(component).and_then(|o| cx.tree.nodes.get(o)) else { return Vec::new() };
    let cast = roles::read(&n.body);
    let leads = cast.actors.iter().filter(|a| a.role == Role::Lead && a.rule.starts_with("assigned"));
    leads
        .map(|a| named(&n.body, &a.unit, Role::Lead, UnitOrigin::LeadIn, "unit_in_opening_words", 0.7))
        .collect()
}
