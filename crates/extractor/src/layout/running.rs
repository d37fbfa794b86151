//! Running heads and feet: lines that stand again at the edge of page after page.

use super::kinds::plain;
use std::collections::HashMap;
use vanthu_model::{Block, BlockKind, Line, Page};

/// They lie in the outermost tenth of the page.
const EDGE: f32 = 0.1;

/// They stand on at least so many pages, and on at least this share of all.
const PAGES: usize = 3;
const SHARE: f32 = 0.5;

/// And hold so many letters: less is a label of a list.
const LETTERS: std::ops::Range<usize> = 4..120;

/// Which end of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum End {
    Head,
    Foot,
}

/// Takes running heads and feet out of the text, into blocks of their own.
pub(crate) fn mark_running(pages: &mut [Page]) {
    let mut seen: HashMap<(End, String), usize> = HashMap::new();
    for key in pages.iter().flat_map(|page| [End::Head, End::Foot].map(|end| key(page, end))).flatten() {
        *seen.entry(key).or_default() += 1;
    }
    let least = PAGES.max((SHARE * pages.len() as f32).ceil() as usize);
    for page in pages {
        for end in [End::Head, End::Foot] {
            if key(page, end).is_some_and(|key| seen.get(&key).is_some_and(|n| *n >= least)) {
                take_out(page, end);
            }
        }
    }
}

/// The block at this end of the page's running text.
fn block_at(page: &Page, end: End) -> Option<usize> {
    let text = |b: &Block| b.kind != BlockKind::Furniture && b.kind != BlockKind::Footnote;
    let at = match end {
        End::Head => page.blocks.iter().position(text),
        End::Foot => page.blocks.iter().rposition(text),
    }?;
    page.blocks.get(at).filter(|b| b.kind == BlockKind::Text && b.cell.is_none()).map(|_| at)
}

/// What the line at this end of the page says, without numbers, which count pages; none where it lies too far inside.
fn key(page: &Page, end: End) -> Option<(End, String)> {
    let block = page.blocks.get(block_at(page, end)?)?;
    let line: &Line = match end {
        End::Head => block.lines.first(),
        End::Foot => block.lines.last(),
    }?;
    let (bbox, height) = (line.bbox?, page.height?);
    let at_edge = match end {
        End::Head => bbox.y1 < EDGE * height,
        End::Foot => bbox.y0 > (1.0 - EDGE) * height,
    };
    let mut text = plain(line.words.iter().map(|w| w.text.as_str()));
    text.retain(|c| !c.is_numeric());
    (at_edge && LETTERS.contains(&text.chars().count())).then_some((end, text))
}

fn take_out(page: &mut Page, end: End) {
    let Some(at) = block_at(page, end) else { return };
    let Some(block) = page.blocks.get_mut(at) else { return };
    let line = match end {
        End::Head if !block.lines.is_empty() => Some(block.lines.remove(0)),
        End::Head => None,
        End::Foot => block.lines.pop(),
    };
    let Some(line) = line else { return };
    block.bbox = block.lines.iter().filter_map(|l| l.bbox).reduce(vanthu_model::BBox::union);
    let own = Block { kind: BlockKind::Furniture, bbox: line.bbox, lines: vec![line], ..Block::default() };
    let emptied = block.lines.is_empty();
    match end {
        End::Head => page.blocks.insert(at, own),
        End::Foot => page.blocks.insert(at + 1, own),
    }
    if emptied {
        page.blocks.retain(|b| !b.lines.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{line_of, push_line, word};
    use vanthu_model::{BBox, Origin};

    fn page(number: usize, lines: &[(&str, f32)]) -> Page {
        let mut block = Block::default();
        for (text, y) in lines {
            let bbox = BBox { x0: 80.0, y0: *y, x1: 500.0, y1: y + 12.0 };
            let words = text.split(' ').map(|w| word(w.into(), bbox, 1.0, Origin::TextLayer)).collect();
            push_line(&mut block, line_of(words));
        }
        Page { number: number as u32, height: Some(842.0), blocks: vec![block], ..Page::default() }
    }

    fn kinds(pages: &[Page]) -> Vec<Vec<BlockKind>> {
        pages.iter().map(|p| p.blocks.iter().map(|b| b.kind).collect()).collect()
    }

    #[test]
    fn what_stands_on_page_after_page_is_no_text() {
        use BlockKind::{Furniture, Text};
        let names = ["một", "hai", "ba", "bốn"];
        let mut pages: Vec<Page> = (1..=4)
            .map(|n| {
                let head = format!("Kế hoạch tuyến tàu trang {n}");
                let body = format!("Nội dung của trang {}", names[n - 1]);
                page(n, &[(&head, 40.0), (&body, 80.0), ("Lưu hành nội bộ", 800.0)])
            })
            .collect();
        mark_running(&mut pages);
        assert_eq!(kinds(&pages), vec![vec![Furniture, Text, Furniture]; 4]);
        assert!(pages.iter().all(|p| p.blocks.iter().map(|b| b.lines.len()).sum::<usize>() == 3));
    }

    #[test]
    fn text_and_what_stands_twice_stays() {
        let mut pages: Vec<Page> = (1..=4)
            .map(|n| page(n, &[(if n < 3 { "Phụ lục kèm theo" } else { "Nơi khác" }, 40.0), ("cuối", 400.0)]))
            .collect();
        let before = pages.clone();
        mark_running(&mut pages);
        assert_eq!(pages, before);
    }
}
