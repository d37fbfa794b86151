//! Which nodes are headings, and what their sections are for. Both are decided before tasks are looked for:
//! reports, preambles and lists of aims are full of sentences that read like orders.

use crate::attributes;
use crate::data::{Cue, DATA};
use crate::fold;
use crate::labels::Family;
use crate::passage::Passage;
use crate::roles;
use crate::tree::{Node, Tree};
use crate::unit_lists;
use crate::units::Found;
use regex::Regex;
use std::sync::LazyLock;
use vanthu_model::SectionRole;

/// Marks headings and roles. `default` is the role of what stands under no telling title, by component.
pub fn classify(tree: &mut Tree, default: impl Fn(usize) -> SectionRole) {
    let ends = inline_titles(tree);
    tree.part_titles(&ends);
    for i in 0..tree.nodes.len() {
        let heading = is_heading(tree, i);
        let Some(node) = tree.nodes.get(i) else { continue };
        let above = node.parent.and_then(|p| tree.nodes.get(p)).map(|p| p.role);
        let mut role = above.unwrap_or_else(|| default(node.component));
        if heading || opens_section(node) && !node.quoted {
            let top = node.parent.is_none()
                || matches!(
                    node.family(),
                    Some(Family::Roman | Family::Alpha | Family::Part | Family::Chapter)
                );
            let said =
                role == SectionRole::Result && fold::lower(&node.body.text).trim().starts_with("nội dung");
            if let Some(own) =
                title_role(&node.body.text, top).filter(|own| !(said && *own == SectionRole::Task))
            {
                // A title inside a section of results does not turn it into orders, unless it says so plainly.
                let keeps = matches!(role, SectionRole::Result | SectionRole::Assessment)
                    && !top
                    && !matches!(own, SectionRole::Task | SectionRole::Petition);
                if !keeps {
                    role = own;
                }
            }
        }
        if let Some(n) = tree.nodes.get_mut(i) {
            n.heading = heading;
            n.role = role;
        }
    }
}

/// Titles with their text on the same line, "f) Kết quả ...: Hiện nay ...", by node: where the title ends. Told by the
/// items beside them, which are headings.
fn inline_titles(tree: &Tree) -> Vec<Option<usize>> {
    let mut own: Vec<bool> = (0..tree.nodes.len()).map(|i| is_heading(tree, i)).collect();
    let mut out = vec![None; tree.nodes.len()];
    let mut roots: Vec<usize> = Vec::new();
    let mut lists: Vec<&[usize]> = tree.nodes.iter().map(|n| n.children.as_slice()).collect();
    roots.extend((0..tree.nodes.len()).filter(|i| tree.nodes.get(*i).is_some_and(|n| n.parent.is_none())));
    lists.push(&roots);
    for list in lists {
        for (k, i) in list.iter().enumerate() {
            let Some(n) = tree.nodes.get(*i) else { continue };
            let Some(family) =
                n.family().filter(|f| matches!(f, Family::Number | Family::Letter | Family::Dotted(_)))
            else {
                continue;
            };
            if own.get(*i).copied().unwrap_or(true) {
                continue;
            }
            let beside = |j: Option<usize>| {
                j.and_then(|j| list.get(j)).is_some_and(|s| {
                    own.get(*s) == Some(&true) && tree.nodes.get(*s).and_then(Node::family) == Some(family)
                })
            };
            // Siblings of the same family may have paragraphs between them only where those are its own children.
            if !(beside(k.checked_sub(1)) || beside(Some(k + 1))) {
                continue;
            }
            let Some(at) = n.body.text.find(": ") else { continue };
            let title = n.body.part(0, at);
            let rest = n.body.text.get(at + 2..).unwrap_or("");
            // "Các Bộ: Tài chính, Y tế ..." names its units after the colon.
            if unit_lists::list_at(&n.body, 0).is_some_and(|l| l.units.iter().any(|u| u.start > at)) {
                continue;
            }
            let unit = unit_title(&title).is_some();
            let plain = title.words.len() <= 30
                && !title.text.contains([';', '.', '('])
                && roles::verb(&title, 0).is_none()
                && !roles::read(&title).leads();
            if (unit || plain)
                && rest.starts_with(char::is_uppercase)
                && attributes::line(&n.body).is_none()
                && let (Some(slot), Some(mark)) = (out.get_mut(*i), own.get_mut(*i))
            {
                *slot = Some(at);
                // The next beside it is one too.
                *mark = unit;
            }
        }
    }
    out
}

/// Whether an item that is no heading still names what its children are: "- Mục tiêu:".
fn opens_section(n: &Node) -> bool {
    n.opens() && n.body.words.len() <= 8
}

/// The role a title tells. Deeper titles tell it by their first words only: "Công tác kiểm tra, đánh giá" under
/// the orders is no assessment.
fn title_role(title: &str, top: bool) -> Option<SectionRole> {
    let low = fold::lower(title);
    let low = low.trim();
    if low.chars().count() > 220 {
        return None;
    }
    let role = match told(low, top) {
        Some(role) => role,
        None if top => near_role(low)?,
        None => return None,
    };
    let tasks = low.contains("nhiệm vụ") || low.contains("giải pháp");
    if matches!(role, SectionRole::Target | SectionRole::Purpose | SectionRole::Scope)
        && tasks
        && !low.starts_with("mục đích")
    {
        return Some(SectionRole::Task);
    }
    let words = low.split_whitespace().count();
    // "Yêu cầu các đơn vị ..." is an order, "Yêu cầu" a title.
    if !top
        && words > 8
        && matches!(
            role,
            SectionRole::Purpose
                | SectionRole::Scope
                | SectionRole::Petition
                | SectionRole::Result
                | SectionRole::Assessment
        )
    {
        return matches!(role, SectionRole::Result | SectionRole::Assessment).then_some(role);
    }
    Some(role)
}

/// The phrases of titles, the longest first.
static TITLES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let mut phrases: Vec<&str> = DATA.sections.iter().map(|(_, phrase, _)| *phrase).collect();
    phrases.sort_by_key(|p| std::cmp::Reverse(p.len()));
    let any = phrases.iter().map(|p| regex::escape(p)).collect::<Vec<_>>().join("|");
    Regex::new(&any).ok()
});

/// The role of the first phrase in a title, of the longest where several begin there; at its start only unless `top`.
fn told(low: &str, top: bool) -> Option<SectionRole> {
    let phrase = if top {
        TITLES.as_ref()?.find(low)?.as_str()
    } else {
        let opens = DATA.sections.iter().map(|(_, phrase, _)| *phrase).filter(|p| low.starts_with(p));
        opens.max_by_key(|p| p.len())?
    };
    DATA.sections.iter().find(|(_, p, _)| *p == phrase).map(|(role, _, _)| *role)
}

/// The role of a title that damage keeps from being found as it stands.
fn near_role(low: &str) -> Option<SectionRole> {
    let seen = fold::ascii(low);
    DATA.sections
        .iter()
        .filter(|(_, phrase, _)| phrase.chars().count() >= 8)
        .filter_map(|(role, _, want)| {
            let head = fold::head(&seen, want.len() + 1);
            // Letters that differ cannot be fewer than what must be changed.
            let most = head.len().max(want.len()) * 22 / 100;
            if fold::letters_apart(head, want) > most {
                return None;
            }
            let like = strsim::normalized_levenshtein(head, want);
            (like >= 0.78).then_some((like, *role))
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, role)| role)
}

/// Whether `p` is a unit's name or a list of them and nothing more: the words after "Giao", "Đối với" count too.
pub fn unit_title(p: &Passage) -> Option<unit_lists::List> {
    let mut from = 0;
    for lead in [
        &["giao"][..],
        &["đối", "với"],
        &["trách", "nhiệm", "của"],
        &["nhiệm", "vụ", "của"],
        &["đề", "nghị"],
        &["yêu", "cầu"],
        &["mời"],
        &["kính", "mời"],
        &["phân", "công"],
    ] {
        if lead.iter().enumerate().all(|(k, w)| p.word(k) == Some(w)) {
            from = lead.len();
        }
    }
    let list = unit_lists::list_at(p, from).filter(|list| {
        let rest = p.words.len().saturating_sub(list.next);
        // "Sở Nội vụ (Ban Thi đua - Khen thưởng tỉnh)"
        let tail = p.slice(p.words.get(list.next).map_or(p.text.len(), |w| w.start), p.text.len());
        let in_brackets =
            tail.find(')').is_some_and(|at| at + 1 >= tail.trim_end_matches([':', '.', ';', ' ']).len());
        rest == 0 || rest <= BRACKETED && in_brackets && p.gap_before(list.next).contains('(')
    });
    // "Trách nhiệm của Công an đơn vị, địa phương": whoever is named there.
    let duty = from == 3 && p.word(2) == Some("của");
    list.or_else(|| duty.then(|| holder(p, from)).flatten())
}

/// Most words in brackets behind the name that a title is.
const BRACKETED: usize = 12;

/// Most words of those whose duties a title announces.
const LONGEST: usize = 16;

/// What stands in a title after "Trách nhiệm của", up to the words that tell what the duties are about.
pub fn holder(p: &Passage, from: usize) -> Option<unit_lists::List> {
    let about = |k: &usize| {
        matches!(p.word(*k), Some("trong" | "về" | "đối" | "khi" | "để"))
            || p.gap_before(*k).contains(['.', ':', ';', '('])
    };
    let end = (from + 1..p.words.len()).find(about).unwrap_or(p.words.len());
    let (first, last) = (p.words.get(from)?, p.words.get(end.checked_sub(1)?)?);
    let unit = Found { start: first.start, end: last.end, next: end, head: None };
    (end - from <= LONGEST && first.cap | (from > 0))
        .then(|| unit_lists::List { units: vec![unit], next: end })
}

fn is_heading(tree: &Tree, i: usize) -> bool {
    let Some(n) = tree.nodes.get(i).filter(|n| !n.quoted) else { return false };
    let Some(label) = &n.label else { return false };
    let text = n.body.text.trim_end_matches(['*', ' ']);
    match label.family {
        Family::Part | Family::Chapter | Family::Section => return true,
        Family::Article => {
            // "Điều 3. Sở A chịu trách nhiệm thi hành." is an order, "Điều 3. Hiệu lực" a title.
            // "Điều 1. Thành lập Tổ công tác gồm các ông, bà sau:" decides and opens a list.
            let decides = text.ends_with(':') && roles::verb(&n.body, 0).is_some();
            return !text.ends_with(['.', ';', '/']) && !decides || text.is_empty();
        }
        f if f.is_bullet() => return false,
        Family::Paren | Family::SmallRoman => return false,
        _ => {}
    }
    if text.is_empty() {
        return !n.children.is_empty();
    }
    // "1. Thông tư này có hiệu lực từ ngày ...": a rule, whatever stands below.
    if n.body.low.contains(" có hiệu lực ") && n.body.low.contains(" này ") {
        return false;
    }
    let words = n.body.words.len();
    let ends = text.chars().next_back().unwrap_or(' ');
    let unit = unit_title(&n.body);
    if label.family == Family::Roman || label.family == Family::Alpha {
        return n.caps || !matches!(ends, '.' | ';') || words <= 12 || unit.is_some();
    }
    let kids: Vec<&Node> = n.children.iter().filter_map(|c| tree.nodes.get(*c)).collect();
    let content = kids.iter().any(|k| attributes::line(&k.body).is_none_or(|a| !a.pure));
    if n.caps && words <= 40 && !matches!(ends, ';') {
        return true;
    }
    if unit.is_some() {
        return content;
    }
    let closed = matches!(ends, '.' | ';' | ':' | ',' | '!' | '/');
    if !content || words > 60 || text.contains(';') && closed {
        return false;
    }
    let order = roles::verb(&n.body, 0).is_some();
    let cast = roles::read(&n.body);
    match ends {
        '.' | '!' | '/' => {
            // A title with a stray full stop over plain paragraphs.
            let plain = kids.iter().all(|k| k.label.is_none());
            let closes = kids.iter().any(|k| roles::cue(&k.body, 0, Cue::Closing).is_some());
            let finite = (1..words).any(|k| p_verb(&n.body, k));
            plain
                && words <= 25
                && !closes
                && !finite
                && !order
                && !cast.leads()
                && !text.trim_end_matches('.').contains(". ")
        }
        ':' => {
            let leads_in = ["như sau", "sau đây", "cụ thể", "bao gồm", "gồm", "sau"]
                .iter()
                .any(|w| fold::lower(text).trim_end_matches([':', ' ']).ends_with(w));
            let letter = matches!(label.family, Family::Letter);
            !(leads_in || cast.leads() || text.contains(". ") || letter && order)
        }
        ';' | ',' => false,
        _ => {
            let duty = ["có trách nhiệm", "chịu trách nhiệm", "chủ trì", "khẩn trương", "yêu cầu", "đề nghị"];
            !cast.leads() || words <= 4 || words <= 25 && !duty.iter().any(|d| n.body.low.contains(d))
        }
    }
}

/// Whether a verb of command in small letters stands at word `k`, after a word that is no "việc" or "công tác".
fn p_verb(p: &Passage, k: usize) -> bool {
    p.words.get(k).is_some_and(|w| !w.cap)
        && matches!(roles::verb(p, k), Some(n) if n >= 2)
        && !matches!(
            p.word(k - 1),
            Some("việc" | "tác" | "và" | "pháp" | "vụ" | "độ" | "quả" | "gian" | "hạn" | "phí")
        )
        && p.gap_before(k) == " "
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::Builder;

    #[test]
    fn titles_of_duties_name_whoever_has_them() {
        let name = |text: &str| {
            let mut b = Builder::default();
            b.line(text, 0, false, false);
            let p = b.build();
            unit_title(&p)
                .map(|l| l.units.iter().map(|u| p.slice(u.start, u.end).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(
            name("Trách nhiệm của Công an đơn vị, địa phương").unwrap(),
            ["Công an đơn vị, địa phương"]
        );
        assert_eq!(name("Trách nhiệm của người trồng rừng trong bảo vệ rừng").unwrap(), ["người trồng rừng"]);
        assert_eq!(name("Bảo vệ rừng"), None);
    }

    #[test]
    fn titles_tell_their_role() {
        assert_eq!(title_role("MỤC ĐÍCH, YÊU CẦU", true), Some(SectionRole::Purpose));
        assert_eq!(title_role("MỤC TIÊU VÀ NHIỆM VỤ CỤ THỂ", true), Some(SectionRole::Task));
        assert_eq!(title_role("KẾT QUẢ THỰC HIỆN NHIỆM VỤ", true), Some(SectionRole::Result));
        assert_eq!(title_role("PHƯƠNG HƯỚNG, NHIỆM VỤ TRỌNG TÂM", true), Some(SectionRole::Task));
        assert_eq!(title_role("TO CHUC THUC HIÊN", true), Some(SectionRole::Organisation));
        assert_eq!(title_role("Công tác kiểm tra, đánh giá", false), None);
        assert_eq!(title_role("Mục tiêu", false), Some(SectionRole::Target));
    }
}
