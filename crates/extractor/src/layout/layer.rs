//! The blocks of a text layer: its lines parted into columns and put into reading order.

use super::bands::{Band, Rect, bands, quantile};
use super::kinds;
use crate::page::{line_of, push_line, word};
use crate::pdf::{Layer, LayerLine, LayerWord};
use vanthu_model::{Block, BlockKind, Origin};

/// Baselines further apart than this, in usual line distances, part blocks.
const BLOCK_GAP: f32 = 1.35;

/// The blocks that a text layer makes, in reading order.
pub(crate) fn layer_blocks(layer: &Layer) -> Vec<Block> {
    let size = layer.size;
    let Some(em) = quantile(layer.words().map(|w| w.size), 0.5) else { return Vec::new() };
    let (furniture, lines): (Vec<&LayerLine>, Vec<&LayerLine>) = layer
        .lines
        .iter()
        .partition(|l| kinds::is_page_number(l.iter().map(|w| w.text.as_str()), rect_of(l), size));
    let boxes: Vec<Rect> = lines.iter().flat_map(|l| l.iter()).map(tight).collect();
    let mut blocks: Vec<Block> =
        furniture.iter().map(|l| block(BlockKind::Furniture, &[(*l).clone()])).collect();
    for band in bands(&boxes, em) {
        let members = |side: &dyn Fn(&LayerWord) -> bool| -> Vec<LayerLine> {
            let of_band = lines.iter().map(|l| {
                l.iter()
                    .filter(|w| super::bands::inside(&tight(w), &band) && side(w))
                    .cloned()
                    .collect::<LayerLine>()
            });
            of_band.filter(|l| !l.is_empty()).collect()
        };
        match band {
            Band { cut: Some(cut), .. } => {
                let middle = |w: &LayerWord| (w.bbox.x0 + w.bbox.x1) / 2.0;
                let left = members(&|w| middle(w) < cut);
                let right = members(&|w| middle(w) >= cut);
                let text =
                    |lines: &[LayerLine]| kinds::plain(lines.iter().flatten().map(|w| w.text.as_str()));
                let (left_kind, right_kind) = kinds::columns(&text(&left), &text(&right));
                blocks.extend(paragraphs(left_kind, &left));
                blocks.extend(paragraphs(right_kind, &right));
            }
            _ => blocks.extend(paragraphs(BlockKind::Text, &members(&|_| true))),
        }
    }
    if !layer.aside.is_empty() {
        blocks.push(block(BlockKind::Text, &layer.aside));
    }
    blocks
}

/// A word's box without the room for marks above and below, which would make lines set close overlap.
fn tight(w: &LayerWord) -> Rect {
    [w.bbox.x0, w.baseline - 0.6 * w.size, w.bbox.x1, w.baseline]
}

fn rect_of(line: &LayerLine) -> Rect {
    line.iter().map(tight).fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |a, b| {
        [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
    })
}

/// Blocks of lines that follow one another at the usual distance; heads and feet stay in one piece.
fn paragraphs(kind: BlockKind, lines: &[LayerLine]) -> Vec<Block> {
    let baseline = |l: &LayerLine| l.first().map_or(0.0, |w| w.baseline);
    let steps = || lines.windows(2).map(|p| baseline(&p[1]) - baseline(&p[0]));
    let usual = quantile(steps(), 0.5).unwrap_or(f32::MAX);
    let mut groups: Vec<Vec<LayerLine>> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let near = i > 0
            && (kind != BlockKind::Text || baseline(line) - baseline(&lines[i - 1]) <= BLOCK_GAP * usual);
        match groups.last_mut() {
            Some(group) if near => group.push(line.clone()),
            _ => groups.push(vec![line.clone()]),
        }
    }
    groups.iter().map(|g| block(kind, g)).collect()
}

fn block(kind: BlockKind, lines: &[LayerLine]) -> Block {
    let mut block = Block { kind, ..Block::default() };
    for line in lines {
        let words = line.iter().map(|w| word(w.text.clone(), w.bbox, 1.0, Origin::TextLayer)).collect();
        push_line(&mut block, line_of(words));
    }
    block
}
