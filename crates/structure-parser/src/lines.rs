//! The lines of a document with their places, and which of them are furniture: page numbers, page-break marks,
//! running heads, footnotes, and what the extractor marked as stamp or handwriting.

use crate::passage::is_raised;
use std::collections::HashMap;
use vanthu_model::{BlockKind, Cell, Document};

/// One line of the document.
#[derive(Debug, Clone)]
pub struct Line<'d> {
    /// The line without white space at its ends and without marks of emphasis around it.
    pub text: &'d str,
    /// Offset of the first character of `text`, in characters.
    pub offset: usize,
    /// Characters in `text`.
    pub len: usize,
    /// Page, counted from 1.
    pub page: u32,
    /// Whether the line is no part of the running text.
    pub furniture: bool,
    /// Whether an empty line (or the start of the text) stands before it.
    pub after_blank: bool,
    /// Whether furniture stands between it and the line before.
    pub apart: bool,
    /// Whether something other than white space was left out between it and the line before: furniture or marks of
    /// emphasis. A span ends there.
    pub cut: bool,
    /// Whether the line ends in a blank, which some converters leave where a paragraph goes on.
    pub trailing: bool,
    /// The cell of a table that the line stands in, where the extractor read the table cell by cell.
    pub cell: Option<Cell>,
}

impl Line<'_> {
    /// Whether the line ends a sentence or an item.
    pub fn ends_sentence(&self) -> bool {
        let t = self.text.trim_end_matches(['"', '”', '*', ')', '’']);
        t.ends_with(['.', ';', ':', '!', '?', '…']) && !t.ends_with("...;")
            || self.text.ends_with(['.', ';', ':'])
    }
}

/// The lines that hold text, furniture marked.
pub fn read(doc: &Document) -> Vec<Line<'_>> {
    let mut out: Vec<Line<'_>> = Vec::new();
    let marked = marked_blocks(doc);
    let cells = cells(doc);
    let mut at = 0usize;
    let mut page_index = 0usize;
    let mut blank = true;
    let mut unclosed = false;
    for raw in doc.text.split(['\n', '\u{c}']) {
        let chars = raw.chars().count();
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            blank = true;
        } else {
            let lead = raw.len() - raw.trim_start().len();
            let lead = raw.get(..lead).map_or(0, |s| s.chars().count());
            let (text, skipped) = without_marks(trimmed);
            let (text, specks) = without_specks(text);
            let offset = at + lead + skipped + specks;
            while doc.pages.get(page_index + 1).is_some_and(|p| p.span.start <= offset) {
                page_index += 1;
            }
            let page = doc.pages.get(page_index).map_or(1, |p| p.number);
            let kind = under(&marked, offset);
            out.push(Line {
                text,
                offset,
                len: text.chars().count(),
                page,
                furniture: kind.is_some() || text.is_empty(),
                after_blank: blank,
                apart: false,
                cut: skipped > 0 || unclosed,
                trailing: raw.ends_with(' '),
                cell: under(&cells, offset),
            });
            blank = false;
            unclosed = !trimmed.ends_with(text);
        }
        at += chars + 1;
    }
    mark_page_numbers(&mut out);
    mark_running_heads(&mut out);
    mark_footnotes(&mut out);
    mark_gaps(&mut out);
    out
}

/// Blocks that the extractor marked as no part of the running text, as character ranges.
fn marked_blocks(doc: &Document) -> Vec<(usize, usize, BlockKind)> {
    doc.pages
        .iter()
        .flat_map(|p| &p.blocks)
        .filter(|b| {
            matches!(
                b.kind,
                BlockKind::Furniture | BlockKind::Footnote | BlockKind::Stamp | BlockKind::Handwriting
            )
        })
        .map(|b| (b.span.start, b.span.end, b.kind))
        .collect()
}

/// The cells of tables, as character ranges.
fn cells(doc: &Document) -> Vec<(usize, usize, Cell)> {
    let blocks = doc.pages.iter().flat_map(|p| &p.blocks);
    blocks.filter_map(|b| b.cell.map(|c| (b.span.start, b.span.end, c))).collect()
}

/// What the range that holds character `offset` is marked with; the ranges are in order.
fn under<T: Copy>(marked: &[(usize, usize, T)], offset: usize) -> Option<T> {
    let before = marked.partition_point(|(start, _, _)| *start <= offset);
    before.checked_sub(1).and_then(|i| marked.get(i)).filter(|(_, end, _)| offset < *end).map(|m| m.2)
}

/// The text inside marks of emphasis or heading of converted documents, and how many characters were left before it.
fn without_marks(text: &str) -> (&str, usize) {
    let inner = text.trim_start_matches('#').trim_start();
    let inner = if inner.starts_with("* ") { inner } else { inner.trim_start_matches('*').trim_start() };
    let skipped = text.get(..text.len() - inner.len()).map_or(0, |s| s.chars().count());
    (inner.trim_end_matches('*').trim_end(), skipped)
}

/// The text without specks that were read as points before a label ("....a) Rà soát"), and how many they were.
fn without_specks(text: &str) -> (&str, usize) {
    let rest = text.trim_start_matches(['.', '…', '·']);
    let label = rest.split_once(')').is_some_and(|(l, _)| (1..=2).contains(&l.chars().count()));
    match text.chars().count() - rest.chars().count() {
        specks @ 2.. if label => (rest, specks),
        _ => (text, 0),
    }
}

/// A page number alone on its line: "5", "- 5 -", "Trang 5", "--- PAGE BREAK ---".
fn page_number(text: &str) -> Option<u32> {
    if text.len() > 24 {
        return None;
    }
    let core = text.trim_matches(|c: char| matches!(c, '-' | '–' | '—' | ' ' | '.' | '|'));
    let core = core.strip_prefix("Trang ").or(core.strip_prefix("trang ")).unwrap_or(core);
    let core = match core.split_once('/') {
        // "5/12" counts pages; "05/4/2026", "30/6" at a line's start are dates.
        Some((n, of)) => {
            let all: u32 = of.trim().parse().ok()?;
            let here: u32 = n.trim().parse().ok()?;
            if here > all || n.starts_with('0') {
                return None;
            }
            n.trim()
        }
        None => core,
    };
    if core.is_empty() || core.len() > 4 { None } else { core.parse().ok() }
}

fn is_page_break(text: &str) -> bool {
    text.len() < 40 && text.contains("PAGE BREAK")
        || text.len() >= 3 && text.chars().all(|c| matches!(c, '_' | '-' | '=' | '—' | '–'))
}

/// "CÔNG BÁO/Số 12/Ngày 01-02-2026 7": the running head of the official gazette.
fn is_gazette_head(text: &str) -> bool {
    let core = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    text.len() < 90 && core.starts_with("CÔNG BÁO/")
        || text.len() < 160 && (text.starts_with("Ký bởi: CÔNG BÁO") || signed_at(text))
}

/// "Ngày ký: 2026-03-12 14:46:20 +07:00": what its digital signature leaves on a page.
fn signed_at(text: &str) -> bool {
    let stamp = |t: &str| t.bytes().all(|b| b.is_ascii_digit() || b"-:+. ".contains(&b)) && t.len() >= 16;
    text.strip_prefix("Ngày ký: ").is_some_and(stamp)
}

/// Words before a number that belongs to them.
const NUMBERED: [&str; 9] = [" ngày", " tháng", " năm", " số", " quý", " khoản", " Điều", " trước", " đến"];

/// Marks bare numbers that count pages: at a page's first or last line, inside a sentence, or one of a rising
/// series far apart. Numbers in the cells of a flattened table stand close together and stay.
fn mark_page_numbers(lines: &mut [Line<'_>]) {
    let found: Vec<(usize, u32)> = lines
        .iter()
        .enumerate()
        .filter(|(_, l)| !l.furniture && l.cell.is_none())
        .filter_map(|(i, l)| {
            let bare = l.text.trim_matches(|c: char| c.is_ascii_digit()).is_empty();
            page_number(l.text).filter(|n| *n > 0 && (bare || l.len < 12)).map(|n| (i, n))
        })
        .collect();
    let tabled = lines.iter().position(|l| l.after_blank && matches!(l.text, "TT" | "STT" | "Stt" | "Số TT"));
    let mut furniture = Vec::new();
    for (k, (i, n)) in found.iter().enumerate() {
        let line = &lines[*i];
        let before = i.checked_sub(1).and_then(|p| lines.get(p));
        let after = lines.get(i + 1);
        // "trước ngày" + "15", "năm" + "2026.": the number ends the sentence.
        let own = |b: &&Line<'_>| b.page == line.page && NUMBERED.iter().any(|w| b.text.ends_with(w));
        if !line.after_blank && before.as_ref().is_some_and(own) {
            continue;
        }
        let turns = before.is_some_and(|b| b.page != line.page) || after.is_some_and(|a| a.page != line.page);
        let cuts = before.is_some_and(|b| !b.ends_sentence() && b.len > 30)
            && after.is_some_and(|a| a.text.starts_with(char::is_lowercase));
        let far = |j: Option<usize>, step: i64| {
            j.and_then(|j| found.get(j))
                .is_some_and(|(o, m)| i64::from(*m) - i64::from(*n) == step && o.abs_diff(*i) >= 15)
        };
        // A number alone in its block below a cell "TT" counts rows, however long they are.
        let cell = tabled.is_some_and(|t| t < *i) && line.after_blank && after.is_some_and(|a| a.after_blank);
        let series = !cell && (far(k.checked_sub(1), -1) || far(Some(k + 1), 1));
        if turns || cuts || series {
            furniture.push(*i);
        }
    }
    for i in furniture {
        lines[i].furniture = true;
    }
    for l in lines.iter_mut() {
        l.furniture |= l.cell.is_none() && (is_page_break(l.text) || is_gazette_head(l.text));
    }
}

/// Marks a line that opens three or more pages.
fn mark_running_heads(lines: &mut [Line<'_>]) {
    let mut seen: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut page = 0;
    for (i, l) in lines.iter().enumerate() {
        if !l.furniture && l.page != page {
            page = l.page;
            if l.len <= 120 && l.cell.is_none() {
                seen.entry(l.text).or_default().push(i);
            }
        }
    }
    let heads: Vec<usize> = seen.into_values().filter(|v| v.len() >= 3).flatten().collect();
    for i in heads {
        lines[i].furniture = true;
    }
}

/// Marks notes: a line that begins with a raised digit, up to the next empty line or the page's end.
fn mark_footnotes(lines: &mut [Line<'_>]) {
    // Text without empty lines: there a note ends with its sentence.
    let blanks = lines.iter().filter(|l| l.after_blank).count();
    let dense = blanks * 20 < lines.len();
    let mut open: Option<u32> = None;
    let mut ended = false;
    for l in lines.iter_mut() {
        if l.text.starts_with(is_raised) && l.len > 3 {
            open = Some(l.page);
        } else if l.after_blank || open != Some(l.page) || dense && ended {
            open = None;
        }
        l.furniture |= open.is_some();
        ended = l.ends_sentence();
    }
}

fn mark_gaps(lines: &mut [Line<'_>]) {
    let (mut apart, mut blank) = (false, false);
    for l in lines.iter_mut() {
        if l.furniture {
            apart = true;
            blank |= l.after_blank;
        } else {
            // A page number brings its own empty lines; they prove nothing about the paragraph.
            l.apart = apart;
            l.cut |= apart;
            l.after_blank |= blank;
            (apart, blank) = (false, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Vec<String> {
        let doc = Document::from_text(text);
        read(&doc).iter().filter(|l| !l.furniture).map(|l| l.text.to_owned()).collect()
    }

    #[test]
    fn a_page_number_inside_a_sentence_is_furniture() {
        let t = "Sở Công Thương tiếp tục đẩy mạnh việc triển khai\n\n5\ncác giải pháp liên thông";
        assert_eq!(kept(t).len(), 2);
        assert_eq!(kept("STT\n1\nNhiệm vụ").len(), 3);
    }

    #[test]
    fn specks_before_a_label_are_none_of_it() {
        assert_eq!(kept("......a) Rà soát\n...\n... và 5) khác"), ["a) Rà soát", "...", "... và 5) khác"]);
    }

    #[test]
    fn a_date_or_year_alone_on_its_line_is_none() {
        let lead = "- Lập danh sách hộ cần hỗ trợ, gửi về phòng chuyên môn trước ngày";
        assert_eq!(kept(&format!("{lead}\n05/4/2026;\nb) Sửa nhà.")).len(), 3);
        assert_eq!(kept(&format!("{lead}\n15\ntháng 4.")).len(), 3);
    }

    #[test]
    fn notes_and_page_breaks_are_furniture() {
        let t = "Một câu đang dở dang\n\n³ Ghi chú ở chân trang.\n\n--- PAGE BREAK ---\nrồi đi tiếp.";
        assert_eq!(kept(t), ["Một câu đang dở dang", "rồi đi tiếp."]);
    }

    #[test]
    fn offsets_count_characters_of_the_document() {
        let doc = Document::from_text("Đề\n  **Số: 1** \n");
        let lines = read(&doc);
        assert_eq!((lines[1].text, lines[1].offset), ("Số: 1", 7));
    }
}
