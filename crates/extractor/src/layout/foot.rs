//! The foot of a document (*nơi nhận* on the left, who signs on the right) below the place where its columns were told
//! apart: a long list of recipients reaches under the seal, and a name stands far below its title.

use crate::page::{line_of, push_line};
use vanthu_model::{BBox, Block, BlockKind, Line, Word};

/// White between two words wider than this, in heights of the lower one, parts the columns.
const PART: f32 = 2.0;

/// How far (in points) lines of the list may begin from where it begins.
const INDENT: f32 = 14.0;

/// How far (in points) what stands under the title may reach beyond it.
const ASIDE: f32 = 24.0;

/// Takes the lines that go on a foot's columns out of the block that follows them. Gives back scraps of seal and signature
/// that stood beside a name.
pub(crate) fn grow_feet(blocks: &mut Vec<Block>) -> Vec<Vec<Word>> {
    let mut scraps = Vec::new();
    for i in 2..blocks.len() {
        let kinds = blocks.get(i - 2..=i).map(|b| b.iter().map(|b| b.kind).collect::<Vec<_>>());
        if kinds.as_deref() == Some(&[BlockKind::FootLeft, BlockKind::FootRight, BlockKind::Text])
            && let Some([left, right, rest]) = blocks.get_mut(i - 2..=i)
        {
            scraps.extend(grow(left, right, rest));
        }
    }
    blocks.retain(|b| !b.lines.is_empty());
    scraps
}

fn grow(left: &mut Block, right: &mut Block, rest: &mut Block) -> Vec<Vec<Word>> {
    let mut scraps = Vec::new();
    let mut lines = std::mem::take(&mut rest.lines).into_iter();
    for line in lines.by_ref() {
        let pieces = pieces(&line);
        let homes: Option<Vec<Home>> = pieces.iter().map(|p| home(p, left, right)).collect();
        // A scrap alone tells nothing of what it belongs to.
        let Some(homes) = homes.filter(|h| h.iter().any(|h| *h != Home::Nowhere)) else {
            rest.lines.push(line);
            break;
        };
        for (piece, home) in pieces.into_iter().zip(homes) {
            match home {
                Home::Left => push_line(left, line_of(piece)),
                Home::Right => push_line(right, line_of(piece)),
                Home::Nowhere => scraps.push(piece),
            }
        }
    }
    rest.lines.extend(lines);
    let boxes = rest.lines.iter().filter_map(|l| l.bbox);
    rest.bbox = boxes.reduce(BBox::union);
    scraps
}

/// What a piece of a line below a foot belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Home {
    Left,
    Right,
    /// Neither, and it is no text.
    Nowhere,
}

/// Where `piece` belongs; `None` where it is text that is no part of the foot.
fn home(piece: &[Word], left: &Block, right: &Block) -> Option<Home> {
    let bbox = line_of(piece.to_vec()).bbox?;
    let (of_left, of_right) = (left.bbox?, right.bbox?);
    let text = || piece.iter().map(|w| w.text.as_str());
    let listed = text().next().is_some_and(|w| w.starts_with(['-', '–', '+', '*']));
    // The last recipient ends with a point; of others the dash may be lost.
    let ends = |l: &Line| l.words.last().is_some_and(|w| w.text.ends_with('.'));
    let goes_on = !left.lines.last().is_some_and(ends);
    let middle = (bbox.x0 + bbox.x1) / 2.0;
    if (bbox.x0 - of_left.x0).abs() < INDENT && (listed || goes_on) && middle < of_right.x0 {
        Some(Home::Left)
    } else if middle > of_left.x1.min(of_right.x0)
        && of_right.x0 - ASIDE < bbox.x0
        && bbox.x1 < of_right.x1 + ASIDE
        && text().any(|w| w.chars().count() > 1)
    {
        Some(Home::Right)
    } else {
        let scrap = text().all(|w| w.chars().filter(|c| c.is_alphanumeric()).count() <= 1);
        scrap.then_some(Home::Nowhere)
    }
}

/// The parts of a line that wide white parts.
fn pieces(line: &Line) -> Vec<Vec<Word>> {
    let mut out: Vec<Vec<Word>> = Vec::new();
    for word in &line.words {
        let before = out.last().and_then(|p| p.last()).and_then(|w| w.bbox);
        // A scrap of the signature may be far higher than print.
        let wide = |a: BBox, b: BBox| b.x0 - a.x1 > PART * (a.y1 - a.y0).min(b.y1 - b.y0);
        let apart = before.zip(word.bbox).is_none_or(|(a, b)| wide(a, b));
        match out.last_mut().filter(|_| !apart) {
            Some(piece) => piece.push(word.clone()),
            None => out.push(vec![word.clone()]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanthu_model::Origin;

    fn word(text: &str, x0: f32, y0: f32) -> Word {
        let x1 = x0 + 6.0 * text.chars().count() as f32;
        crate::page::word(text.into(), BBox { x0, y0, x1, y1: y0 + 12.0 }, 0.9, Origin::Ocr)
    }

    fn block(kind: BlockKind, lines: &[&[(&str, f32, f32)]]) -> Block {
        let mut block = Block { kind, ..Block::default() };
        for line in lines {
            push_line(&mut block, line_of(line.iter().map(|(t, x, y)| word(t, *x, *y)).collect()));
        }
        block
    }

    fn said(block: &Block) -> Vec<String> {
        let text = |l: &Line| l.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        block.lines.iter().map(text).collect()
    }

    #[test]
    fn a_name_beside_a_long_list_goes_under_its_title() {
        let mut blocks = vec![
            block(
                BlockKind::FootLeft,
                &[
                    &[("Nơi", 90.0, 100.0), ("nhận:", 112.0, 100.0)],
                    &[("-", 90.0, 113.0), ("Sở;", 100.0, 113.0)],
                ],
            ),
            block(
                BlockKind::FootRight,
                &[&[("KT.", 380.0, 100.0), ("GIÁM", 402.0, 100.0), ("ĐỐC", 430.0, 100.0)]],
            ),
            block(
                BlockKind::Text,
                &[
                    &[
                        ("-", 90.0, 126.0),
                        ("Phòng", 100.0, 126.0),
                        ("Trần", 370.0, 127.0),
                        ("Văn", 398.0, 127.0),
                    ],
                    &[("xã;", 92.0, 139.0)],
                    &[("N", 300.0, 150.0), ("Minh", 400.0, 150.0)],
                    &[("PHỤ", 240.0, 300.0), ("LỤC", 262.0, 300.0)],
                    &[("-", 90.0, 320.0), ("Mục", 100.0, 320.0)],
                ],
            ),
        ];
        let scraps = grow_feet(&mut blocks);
        assert_eq!(said(&blocks[0]), ["Nơi nhận:", "- Sở;", "- Phòng", "xã;"]);
        assert_eq!(said(&blocks[1]), ["KT. GIÁM ĐỐC", "Trần Văn", "Minh"]);
        assert_eq!(said(&blocks[2]), ["PHỤ LỤC", "- Mục"]);
        assert_eq!(scraps.len(), 1);
    }

    #[test]
    fn text_below_a_foot_stays() {
        let text: &[(&str, f32, f32)] =
            &[("Ghi", 90.0, 126.0), ("chú:", 110.0, 126.0), ("mẫu", 140.0, 126.0)];
        let mut blocks = vec![
            block(BlockKind::FootLeft, &[&[("-", 90.0, 113.0), ("Sở.", 100.0, 113.0)]]),
            block(BlockKind::FootRight, &[&[("GIÁM", 402.0, 100.0), ("ĐỐC", 430.0, 100.0)]]),
            block(BlockKind::Text, &[text]),
        ];
        assert!(grow_feet(&mut blocks).is_empty());
        assert_eq!(said(&blocks[2]), ["Ghi chú: mẫu"]);
    }
}
