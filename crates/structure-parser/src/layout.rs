//! The components of a document: the main part with head, body and foot, then attached documents and appendices,
//! whose labels begin anew.

use crate::data::DATA;
use crate::fold;
use crate::foot::{self, Foot};
use crate::head::{self, Head};
use crate::letterhead;
use crate::lines::Line;
use crate::tables;
use std::ops::Range;

/// A component.
#[derive(Debug, Clone)]
pub struct Component {
    /// First part of the ids of its headings: `main`, `kh`, `phu-luc-2`.
    pub prefix: String,
    /// Its head.
    pub head: Head,
    /// The lines of its body.
    pub body: Range<usize>,
    /// Its foot.
    pub foot: Option<Foot>,
}

/// Parts `lines` into components; there is always a first, the main one.
pub fn components(lines: &[Line<'_>]) -> Vec<Component> {
    let mut out: Vec<Component> = Vec::new();
    let mut from = 0;
    loop {
        let rest = lines.get(from..).unwrap_or(&[]);
        let head = if out.is_empty() { head::read(rest) } else { attached_head(rest) };
        let body_start = (from + head.end).min(lines.len());
        let found = foot::find(lines, body_start);
        let limit = found.as_ref().map_or(lines.len(), |f| f.start);
        let next = (body_start..limit).find(|i| opens_component(lines, *i, body_start));
        let body_end = next.unwrap_or(limit);
        let (foot, after) = match (next, found) {
            (Some(n), _) => (None, n),
            (None, Some(f)) => {
                let end = f.end;
                (Some(foot::read(lines, f)), end)
            }
            (None, None) => (None, lines.len()),
        };
        let prefix = prefix_of(&out, &head, lines.get(from));
        out.push(Component { prefix, head, body: body_start..body_end.max(body_start), foot });
        // Lines between a foot and the next title (seals, stamps) belong to nothing.
        let next = (after..lines.len()).find(|i| next.is_some() || foot::begins_component(lines, *i));
        match next {
            Some(n) if n > from && out.len() < 400 => from = n,
            _ => break,
        }
    }
    out
}

/// Whether line `i` of a body opens an appendix, or an attached document issued with this one.
fn opens_component(lines: &[Line<'_>], i: usize, body_start: usize) -> bool {
    let Some(line) = lines.get(i) else { return false };
    if line.len > 60 || i <= body_start && !foot::is_annex(line.text) {
        return false;
    }
    if foot::is_annex(line.text) {
        return line.text.starts_with("PHỤ LỤC")
            || lines.get(i + 1).is_some_and(|l| fold::is_caps(l.text) || l.text.starts_with('('));
    }
    if letterhead::kind_of(line.text).is_none() || line.text.trim_end().ends_with(':') {
        return false;
    }
    let ended = lines.get(i.wrapping_sub(1)).is_some_and(|l| l.text.ends_with("./."));
    let attached = lines.iter().skip(i + 1).take(8).any(|l| {
        let low = fold::lower(l.text);
        low.starts_with("(kèm theo")
            || low.starts_with("(ban hành kèm theo")
            || low.starts_with("(ban hành theo")
    });
    ended || attached
}

/// The head of an attached document: its type and title, without the marks of a letterhead.
fn attached_head(lines: &[Line<'_>]) -> Head {
    let mut head = head::read(lines);
    if head.end == 0 {
        // "Phụ lục I" and its title in capitals.
        head.end = 1 + lines
            .iter()
            .skip(1)
            .take(6)
            .take_while(|l| fold::is_caps(l.text) && l.len < 200 && !is_first_cell(l))
            .count();
    }
    let mut depth = 0i32;
    while let Some(l) = lines.get(head.end) {
        if depth > 0
            || l.text.starts_with('(')
                && ["kèm theo", "ban hành"].iter().any(|w| fold::lower(l.text).contains(w))
        {
            depth += l.text.chars().filter(|c| *c == '(').count() as i32
                - l.text.chars().filter(|c| *c == ')').count() as i32;
            head.end += 1;
            if depth <= 0 {
                break;
            }
        } else {
            break;
        }
    }
    head
}

/// A cell of a table, or "TT" alone in its block, the first one: no title.
fn is_first_cell(line: &Line<'_>) -> bool {
    line.cell.is_some()
        || line.after_blank
            && line.len < 12
            && tables::column(&fold::lower(line.text)) == tables::Column::Number
}

fn prefix_of(before: &[Component], head: &Head, first: Option<&Line<'_>>) -> String {
    if before.is_empty() {
        return "main".into();
    }
    let base = match (head.kind.and_then(|k| DATA.kinds.get(k)), first) {
        (Some(k), _) => fold::ascii(k.code),
        (None, Some(l)) if foot::is_annex(l.text) => {
            fold::ascii(l.text).split(' ').take(3).collect::<Vec<_>>().join("-")
        }
        _ => "annex".into(),
    };
    let same =
        before.iter().filter(|c| c.prefix == base || c.prefix.starts_with(&format!("{base}~"))).count();
    if same == 0 { base } else { format!("{base}~{}", same + 1) }
}
