//! What a directive holds beside tasks: aims in words, figures of the past, annexes, and doubts.

use crate::context::Context;
use crate::dates;
use crate::layout::Component;
use crate::passage::{Builder, Passage};
use crate::places::{self, Place};
use crate::tasks;
use crate::tree::Node;
use crate::unit_lists;
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;
use vanthu_model::{Annex, Diagnostic, Objective, ResultFigure, SectionRole, Severity, Span, Task};

/// Most figures told for one document.
const MOST_FIGURES: usize = 20_000;

static FIGURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?P<n>[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:,[0-9]+)?)\s?(?P<unit>%|nghìn tỷ đồng|tỷ đồng|triệu đồng|đồng|\p{L}+)",
    )
    .ok()
});
static DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:ngày )?(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>(?:19|20)[0-9]{2})|ngày (?P<d2>[0-9]{1,2}) tháng (?P<m2>[0-9]{1,2}) năm (?P<y2>(?:19|20)[0-9]{2})",
    )
    .ok()
});

/// Passages under headings of purpose and aims.
pub fn objectives(cx: &Context<'_>) -> Vec<Objective> {
    let nodes = cx.tree.nodes.iter().enumerate();
    nodes
        .filter(|(_, n)| matches!(n.role, SectionRole::Purpose | SectionRole::Target))
        .filter(|(_, n)| !n.heading && !n.body.is_empty() && n.parent.is_some())
        .map(|(i, n)| Objective {
            text: n.body.text.clone(),
            section: tasks::section_of(cx.tree, i),
            evidence: cx.source.evidence(n.body.spans(0, n.body.text.len()), "stated_objective", 0.85),
        })
        .collect()
}

/// Numbers with their units in sections of results.
pub fn results(cx: &Context<'_>) -> Vec<ResultFigure> {
    let mut out = Vec::new();
    for (i, n) in cx.tree.nodes.iter().enumerate() {
        if n.role != SectionRole::Result || n.heading || out.len() >= MOST_FIGURES {
            continue;
        }
        let section = tasks::section_of(cx.tree, i);
        figures(&n.body, &mut |from, to, value, unit| {
            out.push(ResultFigure {
                text: n.body.slice(from, to).trim().to_owned(),
                value,
                unit: unit.to_owned(),
                section: section.clone(),
                evidence: cx.source.evidence(n.body.spans(from, to), "figure_of_result", 0.7),
            });
        });
    }
    out
}

fn figures(p: &Passage, tell: &mut impl FnMut(usize, usize, f64, &str)) {
    let Some(re) = FIGURE.as_ref() else { return };
    for c in re.captures_iter(&p.low) {
        let (Some(n), Some(unit)) = (c.name("n"), c.name("unit")) else { continue };
        let before = p.low.get(..n.start()).unwrap_or("");
        let named = ["ngày", "tháng", "năm", "số", "quý", "điều", "khoản", "thứ", "mục", "lần thứ", "khóa"];
        let glued = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '.' | ','));
        let time =
            matches!(unit.as_str(), "tháng" | "năm" | "quý" | "giờ" | "ngày" | "và" | "đến" | "của" | "tại");
        if glued || time || named.iter().any(|w| before.trim_end().ends_with(w)) {
            continue;
        }
        let Some(value) = crate::targets::value(n.as_str()) else { continue };
        let from =
            before.rfind([';', ':']).map_or(0, |at| at + 1).max(before.rfind(". ").map_or(0, |at| at + 2));
        let rest = p.low.get(unit.end()..).unwrap_or("");
        let to = rest.find([';', '\n']).into_iter().chain(rest.find(". ")).min().unwrap_or(rest.len());
        tell(from, unit.end() + to, value, p.slice(unit.start(), unit.end()));
    }
}

/// The components after the main one, with the tasks that stand in each.
pub fn annexes(
    cx: &Context<'_>,
    components: &[Component],
    bodies: &[Option<Span>],
    tasks: &[Task],
) -> Vec<Annex> {
    components
        .iter()
        .zip(bodies)
        .skip(1)
        .map(|(c, body)| {
            let start = |t: &Task| t.evidence.spans.first().map(|s| s.start);
            let inside = tasks
                .iter()
                .filter(|t| start(t).zip(*body).is_some_and(|(at, b)| b.start <= at && at < b.end));
            Annex {
                id: c.prefix.clone(),
                title: c.head.subject.as_ref().map(|f| f.text.clone()),
                tasks: inside.map(|t| t.id.clone()).collect(),
                evidence: cx.source.evidence(body.iter().copied().collect(), "attached", 0.9),
            }
        })
        .collect()
}

/// Dates that no calendar knows, deadlines before the day of issue, and units that no list knows.
pub fn doubts(cx: &Context<'_>, tasks: &[Task], issued: Option<&str>, out: &mut Vec<Diagnostic>) {
    let mut note = |code: &str, severity, message: String, span: Option<Span>| {
        out.push(Diagnostic { code: code.into(), severity, message, span, page: None });
    };
    if let Some(re) = DAY.as_ref() {
        let dated = |n: &&Node| n.body.low.contains('/') || n.body.low.contains("tháng");
        for n in cx.tree.nodes.iter().filter(dated) {
            for c in re.captures_iter(&n.body.low) {
                let get =
                    |a: &str, b: &str| c.name(a).or(c.name(b)).and_then(|m| m.as_str().parse::<u32>().ok());
                let (Some(d), Some(m), Some(y), Some(all)) =
                    (get("d", "d2"), get("m", "m2"), get("y", "y2"), c.get(0))
                else {
                    continue;
                };
                if dates::iso(y as i32, m, d).is_none() {
                    let text = n.body.slice(all.start(), all.end());
                    let span = n.body.spans(all.start(), all.end()).first().copied();
                    note("impossible_date", Severity::Warning, format!("không có ngày \"{text}\""), span);
                }
            }
        }
    }
    // Each name is told of once.
    let mut told: HashSet<&str> = HashSet::new();
    for t in tasks {
        for d in &t.deadlines {
            if let (Some(date), Some(day)) = (d.date.as_deref(), issued.filter(|i| i.len() == 10))
                && date < day
            {
                let span = d.evidence.spans.first().copied();
                let message = format!("thời hạn {date} trước ngày ban hành {day}");
                note("deadline_before_issue", Severity::Warning, message, span);
            }
        }
        for u in &t.units {
            if !told.insert(u.name.as_str()) {
                continue;
            }
            let span = u.evidence.spans.first().copied();
            let guessed =
                matches!(u.evidence.rule.as_str(), "attribute_line_unknown_unit" | "holder_of_duty");
            if guessed && !known(&u.name) {
                let message = format!("đơn vị chưa có trong danh mục: {}", u.name);
                note("unknown_unit", Severity::Info, message, span);
            }
            for place in places::doubtful(&u.name) {
                match place {
                    Place::Unknown(name) => {
                        let message = format!("địa danh chưa có trong danh mục đơn vị hành chính: {name}");
                        note("unknown_unit", Severity::Info, message, span);
                    }
                    Place::Former(name) if issued.is_some_and(|day| day >= places::MERGED) => {
                        let message = format!("đơn vị hành chính không còn từ ngày 01/7/2025: {name}");
                        note("former_unit", Severity::Info, message, span);
                    }
                    Place::Former(_) => {}
                }
            }
        }
    }
}

/// Whether the lists of units read `name` from its first word to its last.
fn known(name: &str) -> bool {
    let mut b = Builder::default();
    b.line(name, 0, false, false);
    let p = b.build();
    unit_lists::list_at(&p, 0).is_some_and(|l| l.next == p.words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_numbers_with_units() {
        let mut b = Builder::default();
        b.line("Trong năm 2025 đã cấp 1.240 sổ, đạt 98,5% kế hoạch; giải ngân 12,4 tỷ đồng theo Quyết định số 12/QĐ-SXY.", 0, false, false);
        let p = b.build();
        let mut seen = Vec::new();
        figures(&p, &mut |_, _, v, u| seen.push((v, u.to_owned())));
        assert_eq!(seen, [(1240.0, "sổ".to_owned()), (98.5, "%".to_owned()), (12.4, "tỷ đồng".to_owned())]);
    }
}
