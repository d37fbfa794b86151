//! The blocks of a text layer: its lines parted into columns and put into reading order.

use super::aligned::aligned;
use super::bands::{Band, Rect, bands, quantile};
use super::grid::{Grid, grids, holds};
use super::kinds;
use super::notes::rule_over_notes;
use super::tables::{Columns, Part, parts};
use crate::page::{line_of, push_line, word};
use crate::pdf::{Layer, LayerWord};
use vanthu_model::{BBox, Block, BlockKind, Origin};

/// Baselines further apart than this, in usual line distances, part blocks.
const BLOCK_GAP: f32 = 1.35;

/// Ruling lines that end this close to each other meet, in ems.
const MEETING: f32 = 0.25;

/// The words of a line, or of the part of one that lies in a column.
pub(super) type Words<'l> = Vec<&'l LayerWord>;

/// The blocks that a text layer makes, in reading order, and the columns of its tables.
pub(crate) fn layer_blocks(layer: &Layer) -> (Vec<Block>, Vec<Columns>) {
    let size = layer.size;
    let Some(em) = quantile(layer.words().map(|w| w.size), 0.5) else { return Default::default() };
    let tables = tables(layer, em);
    let in_table = |w: &LayerWord| tables.iter().any(|t| holds(&t.rect, middle(w).0, middle(w).1));
    let outside = parts_of(layer.lines.iter().map(|l| l.iter()), |w| !in_table(w));
    let (furniture, lines): (Vec<Words>, Vec<Words>) = outside
        .into_iter()
        .partition(|l| kinds::is_page_number(l.iter().map(|w| w.text.as_str()), rect_of(l), size));
    let boxed: Vec<(&Words, Rect)> = lines.iter().map(|l| (l, rect_of(l))).collect();
    let notes_at = rule_over_notes(&boxed, &layer.rules, em, size.1).unwrap_or(f32::MAX);
    let (lines, notes): (Vec<Words>, Vec<Words>) =
        lines.into_iter().partition(|l| middle_of(&rect_of(l)) <= notes_at);
    let mut boxes: Vec<Rect> = lines.iter().flatten().map(|w| tight(w)).collect();
    boxes.extend(tables.iter().map(|t| t.rect));
    let mut blocks: Vec<Block> =
        furniture.iter().map(|l| block(BlockKind::Furniture, std::slice::from_ref(l))).collect();
    let rects: Vec<Rect> = tables.iter().map(|t| t.rect).collect();
    for part in parts(bands(&boxes, em), &rects) {
        let band = match part {
            Part::Band(band) => band,
            Part::Table(index) => {
                blocks.extend(tables.get(index).map(|t| cells(layer, t, index)).unwrap_or_default());
                continue;
            }
        };
        let words = || lines.iter().map(|l| l.iter().copied());
        let inside = |w: &LayerWord| super::bands::inside(&tight(w), &band);
        match band {
            Band { cut: Some(cut), .. } => {
                let left = parts_of(words(), |w| inside(w) && middle(w).0 < cut);
                let right = parts_of(words(), |w| inside(w) && middle(w).0 >= cut);
                let text = |lines: &[Words]| kinds::plain(lines.iter().flatten().map(|w| w.text.as_str()));
                let (left_kind, right_kind) = kinds::columns(&text(&left), &text(&right));
                blocks.extend(paragraphs(left_kind, left));
                blocks.extend(paragraphs(right_kind, right));
            }
            _ => blocks.extend(paragraphs(BlockKind::Text, parts_of(words(), inside))),
        }
    }
    if !notes.is_empty() {
        blocks.push(block(BlockKind::Footnote, &notes));
    }
    if !layer.aside.is_empty() {
        blocks.push(block(BlockKind::Text, &parts_of(layer.aside.iter().map(|l| l.iter()), |_| true)));
    }
    (blocks, tables.into_iter().map(|t| t.columns).collect())
}

/// What `wanted` leaves of lines, without those of which it leaves nothing.
fn parts_of<'l>(
    lines: impl Iterator<Item = impl Iterator<Item = &'l LayerWord>>,
    wanted: impl Fn(&LayerWord) -> bool,
) -> Vec<Words<'l>> {
    lines.map(|l| l.filter(|w| wanted(w)).collect()).filter(|l: &Words| !l.is_empty()).collect()
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
        let inside = |w: &LayerWord| holds(&c.rect, middle(w).0, middle(w).1);
        let lines = parts_of(layer.lines.iter().map(|l| l.iter()), inside);
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

fn rect_of(line: &Words) -> Rect {
    line.iter().map(|w| tight(w)).fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |a, b| {
        [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
    })
}

/// Blocks of lines that follow one another at the usual distance; heads and feet stay in one piece.
fn paragraphs(kind: BlockKind, lines: Vec<Words>) -> Vec<Block> {
    let baseline = |l: &Words| l.first().map_or(0.0, |w| w.baseline);
    let steps = || lines.windows(2).map(|p| baseline(&p[1]) - baseline(&p[0]));
    let usual = quantile(steps(), 0.5).unwrap_or(f32::MAX);
    let follows =
        |a: &Words, b: &Words| kind != BlockKind::Text || baseline(b) - baseline(a) <= BLOCK_GAP * usual;
    lines.chunk_by(follows).map(|group| block(kind, group)).collect()
}

fn block(kind: BlockKind, lines: &[Words]) -> Block {
    let mut block = Block { kind, ..Block::default() };
    for line in lines {
        let words = line.iter().map(|w| word(w.text.clone(), w.bbox, 1.0, Origin::TextLayer)).collect();
        push_line(&mut block, line_of(words));
    }
    block
}
