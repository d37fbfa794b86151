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
        let foot_page = lines.get(limit).map_or(u32::MAX, |l| l.page);
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
        // Lines between a foot and the next title (seals, stamps) belong to nothing, unless they fill pages.
        let next = next.or_else(|| after_foot(lines, after, foot_page));
        match next {
            Some(n) if n > from && out.len() < 400 => from = n,
            _ => break,
        }
    }
    out
}

/// What is left between a foot and the next title is an attached document whose title was not made out, if it has at
/// least this many lines on pages after the foot's last.
const FEWEST_LINES: usize = 12;

/// The first line of the component after a foot that ends before line `after` and begins on page `page`.
fn after_foot(lines: &[Line<'_>], after: usize, page: u32) -> Option<usize> {
    let titled = |mut range: Range<usize>| range.find(|i| foot::begins_component(lines, *i));
    // A new motto on another page ended the foot.
    if lines.get(after).is_some_and(|l| l.page > page && letterhead::motto(l.text).is_some()) {
        return Some(titled(after..lines.len().min(after + FEWEST_LINES)).unwrap_or(after));
    }
    let last = lines.get(after.checked_sub(1)?)?.page;
    let Some(first) = (after..lines.len()).find(|i| lines.get(*i).is_some_and(|l| l.page > last)) else {
        return titled(after..lines.len());
    };
    // Only near lines are looked at where pages are full: a bundle of letters has many such.
    match titled(after..lines.len().min(first + FEWEST_LINES)) {
        None if lines.len() - first >= FEWEST_LINES => Some(first),
        near => near,
    }
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
    let titled = lines
        .first()
        .is_some_and(|l| foot::begins_component(lines, 0) || fold::is_caps(l.text) && !is_first_cell(l));
    if head.end == 0 && titled {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines;
    use vanthu_model::Document;

    /// First lines of the bodies of the components.
    fn bodies(text: &str) -> Vec<String> {
        let doc = Document::from_text(text);
        let lines: Vec<_> = lines::read(&doc).into_iter().filter(|l| !l.furniture).collect();
        let first = |c: &Component| lines.get(c.body.start).map_or("", |l| l.text).to_owned();
        components(&lines).iter().map(first).collect()
    }

    const DECISION: &str = "ỦY BAN NHÂN DÂN XÃ VÂN HẢI\nSố: 12/QĐ-UBND\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\
         Độc lập - Tự do - Hạnh phúc\nVân Hải, ngày 3 tháng 4 năm 2027\n\nQUYẾT ĐỊNH\nVề việc ban hành Kế hoạch\n\n\
         Điều 1. Ban hành kèm theo Quyết định này Kế hoạch kiểm kê.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\n";

    const PLAN: &str = "\nKiểm kê kho hiện vật\n(Kèm theo Quyết định số 12/QĐ-UBND)\nI. MỤC TIÊU\n1. Kiểm kê hết.\n2. Lập sổ.\n\
         II. NHIỆM VỤ\n1. Phòng Nghiệp vụ kiểm kê.\n2. Văn phòng lập sổ.\n3. Kho báo cáo.\n4. Phòng Kế toán chi trả.\n\
         III. THỰC HIỆN\n1. Các phòng thực hiện.\n2. Văn phòng đôn đốc.\n";

    #[test]
    fn an_attached_plan_begins_where_its_title_kept_small_letters_under_marks() {
        let text = format!("{DECISION}CHỦ TỊCH\nTrần Văn Mẫu\n\u{c}Kế HOẠCH{PLAN}");
        assert_eq!(bodies(&text)[1], "I. MỤC TIÊU");
    }

    #[test]
    fn an_attached_plan_is_not_lost_where_title_and_signature_are() {
        // Neither title nor name can be read: the plan was taken for recipients, or for nothing.
        for signed in ["CHỦ TỊCH\nTrần Văn Mẫu\n", "wm THỦ\n#rần\n"] {
            let motto = "r HẢI\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n";
            let text = format!("{DECISION}{signed}\u{c}{motto}K# H0{PLAN}");
            let found = bodies(&text);
            assert_eq!(found.len(), 2, "{found:?}");
        }
    }
}
