//! The blocks of a text layer: its lines parted into columns and put into reading order.

use super::aligned::aligned;
use super::bands::{Band, Rect, bands, quantile};
use super::grid::{Grid, grids, holds};
use super::kinds;
use super::notes::rule_over_notes;
use super::tables::{Columns, Part, parts};
use crate::page::{line_of, push_line, word};
use crate::pdf::{Layer, LayerLine, LayerWord};
use vanthu_model::{BBox, Block, BlockKind, Origin};

/// Baselines further apart than this, in usual line distances, part blocks.
const BLOCK_GAP: f32 = 1.35;

/// Ruling lines that end this close to each other meet, in ems.
const MEETING: f32 = 0.25;

/// The blocks that a text layer makes, in reading order, and the columns of its tables.
pub(crate) fn layer_blocks(layer: &Layer) -> (Vec<Block>, Vec<Columns>) {
    let size = layer.size;
    let Some(em) = quantile(layer.words().map(|w| w.size), 0.5) else { return Default::default() };
    let tables = tables(layer, em);
    let in_table = |w: &LayerWord| tables.iter().any(|t| holds(&t.rect, middle(w).0, middle(w).1));
    let outside = layer.lines.iter().map(|l| l.iter().filter(|w| !in_table(w)).cloned().collect());
    let outside: Vec<LayerLine> = outside.filter(|l: &LayerLine| !l.is_empty()).collect();
    let (furniture, lines): (Vec<&LayerLine>, Vec<&LayerLine>) = outside
        .iter()
        .partition(|l| kinds::is_page_number(l.iter().map(|w| w.text.as_str()), rect_of(l), size));
    let boxed: Vec<(&LayerLine, Rect)> = lines.iter().map(|l| (*l, rect_of(l))).collect();
    let notes_at = rule_over_notes(&boxed, &layer.rules, em, size.1).unwrap_or(f32::MAX);
    let (lines, notes): (Vec<&LayerLine>, Vec<&LayerLine>) =
        lines.into_iter().partition(|l| middle_of(&rect_of(l)) <= notes_at);
    let mut boxes: Vec<Rect> = lines.iter().flat_map(|l| l.iter()).map(tight).collect();
    boxes.extend(tables.iter().map(|t| t.rect));
    let mut blocks: Vec<Block> =
        furniture.iter().map(|l| block(BlockKind::Furniture, &[(*l).clone()])).collect();
    let rects: Vec<Rect> = tables.iter().map(|t| t.rect).collect();
    for part in parts(bands(&boxes, em), &rects) {
        let band = match part {
            Part::Band(band) => band,
            Part::Table(index) => {
                blocks.extend(tables.get(index).map(|t| cells(layer, t, index)).unwrap_or_default());
                continue;
            }
        };
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
                let left = members(&|w| middle(w).0 < cut);
                let right = members(&|w| middle(w).0 >= cut);
                let text =
                    |lines: &[LayerLine]| kinds::plain(lines.iter().flatten().map(|w| w.text.as_str()));
                let (left_kind, right_kind) = kinds::columns(&text(&left), &text(&right));
                blocks.extend(paragraphs(left_kind, &left));
                blocks.extend(paragraphs(right_kind, &right));
            }
            _ => blocks.extend(paragraphs(BlockKind::Text, &members(&|_| true))),
        }
    }
    if !notes.is_empty() {
        blocks.push(block(BlockKind::Footnote, &notes.into_iter().cloned().collect::<Vec<_>>()));
    }
    if !layer.aside.is_empty() {
        blocks.push(block(BlockKind::Text, &layer.aside));
    }
    (blocks, tables.into_iter().map(|t| t.columns).collect())
}

/// The tables of the page that hold text.
fn tables(layer: &Layer, em: f32) -> Vec<Grid> {
    let mut tables = grids(&layer.rules, MEETING * em);
    let free = |w: &&LayerWord| !tables.iter().any(|t| holds(&t.rect, middle(w).0, middle(w).1));
    let boxes: Vec<Rect> = layer.lines.iter().flatten().filter(free).map(tight).collect();
    tables.extend(aligned(&boxes, em));
    tables.sort_by(|a, b| a.rect[1].total_cmp(&b.rect[1]));
    tables.retain(|t| {
        let words = layer.lines.iter().flatten().map(middle);
        let filled: Vec<usize> = words.filter_map(|(x, y)| t.cell_at(x, y)).collect();
        t.is_table(|cell| filled.contains(&cell))
    });
    tables
}

/// The cells of a table that hold words, row by row.
fn cells(layer: &Layer, table: &Grid, index: usize) -> Vec<Block> {
    let blocks = table.cells.iter().map(|c| {
        let lines = layer.lines.iter().map(|l| {
            l.iter().filter(|w| holds(&c.rect, middle(w).0, middle(w).1)).cloned().collect::<LayerLine>()
        });
        let lines: Vec<LayerLine> = lines.filter(|l| !l.is_empty()).collect();
        let mut block = block(BlockKind::Table, &lines);
        let [x0, y0, x1, y1] = c.rect;
        block.bbox = Some(BBox { x0, y0, x1, y1 });
        block.cell = Some(c.place(index));
        block
    });
    blocks.filter(|b| !b.lines.is_empty()).collect()
}

/// The middle of a word's small letters.
fn middle(w: &LayerWord) -> (f32, f32) {
    ((w.bbox.x0 + w.bbox.x1) / 2.0, w.baseline - 0.3 * w.size)
}

/// A word's box without the room for marks above and below, which would make lines set close overlap.
fn tight(w: &LayerWord) -> Rect {
    [w.bbox.x0, w.baseline - 0.6 * w.size, w.bbox.x1, w.baseline]
}

/// The y of the middle of a box.
fn middle_of(r: &Rect) -> f32 {
    (r[1] + r[3]) / 2.0
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
