//! Where tables stand in the reading order of a page, and which tables of a document go on over a page break.

use super::bands::{Band, Rect};
use vanthu_model::{Block, BlockKind, Cell, Page};

/// A part of the page in reading order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Part {
    /// A strip of running text.
    Band(Band),
    /// A table, by its index.
    Table(usize),
}

/// `bands` parted where tables stand between their lines; `tables` are boxes from top to bottom. What is in a table is
/// no longer among what the bands hold, so each is cut at the middle of the table.
pub(super) fn parts(bands: Vec<Band>, tables: &[Rect]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut next = 0;
    let mut rest = bands.into_iter().peekable();
    if rest.peek().is_none() {
        return (0..tables.len()).map(Part::Table).collect();
    }
    while let Some(mut band) = rest.next() {
        while let Some(table) = tables.get(next) {
            let middle = (table[1] + table[3]) / 2.0;
            if middle >= band.bottom && rest.peek().is_some() {
                break;
            }
            if middle > band.top {
                parts.push(Part::Band(Band { bottom: middle, ..band }));
                band.top = middle;
            }
            parts.push(Part::Table(next));
            next += 1;
        }
        parts.push(Part::Band(band));
    }
    parts
}

/// The columns of a table on its page: their edges from left to right, in points. The page's cells name their table by
/// its index.
pub(crate) type Columns = Vec<f32>;

/// Edges of columns on two pages are the same if they lie no further apart than this, in points, measured from the
/// left edge of the table: pages are not laid under the scanner alike.
const SAME_EDGE: f32 = 9.0;

/// Numbers the tables through the document, where each page numbered its own from 0. A table at the foot of a page goes
/// on at the head of the next if its columns do: it keeps its number and goes on counting its rows.
pub(crate) fn number_tables<'p>(pages: impl Iterator<Item = (&'p mut Page, &'p [Columns])>) {
    let mut count = 0;
    // Number, rows and columns of the table that the page before ends with.
    let mut open: Option<(u32, u32, &[f32])> = None;
    for (page, tables) in pages {
        let running = |b: &&Block| !matches!(b.kind, BlockKind::Furniture | BlockKind::Footnote);
        let first = page.blocks.iter().find(running).and_then(|b| b.cell).map(|c| c.table);
        let last = page.blocks.iter().rfind(running).and_then(|b| b.cell).map(|c| c.table);
        // What becomes of each table of the page: its number, the rows before, the columns, where its own stand among
        // them.
        let mut given: Vec<(u32, u32, &[f32], Vec<u32>)> = Vec::new();
        for (own, columns) in tables.iter().enumerate() {
            if !page.blocks.iter().filter_map(|b| b.cell).any(|c| c.table == own as u32) {
                given.push((0, 0, &[], Vec::new()));
                continue;
            }
            let above = open.take().filter(|_| first == Some(own as u32));
            let goes_on = above.and_then(|(n, rows, edges)| Some((n, rows, edges, places(columns, edges)?)));
            given.push(goes_on.unwrap_or_else(|| {
                count += 1;
                (count, 0, columns.as_slice(), (0..columns.len() as u32).collect())
            }));
        }
        open = None;
        for block in &mut page.blocks {
            let Some(cell) = &mut block.cell else { continue };
            let own = cell.table;
            let Some((number, rows, columns, places)) = given.get(own as usize) else { continue };
            let place = |column: u32| places.get(column as usize).copied().unwrap_or(column);
            let column = place(cell.column);
            let end = place(cell.column + cell.column_span).max(column + 1);
            *cell = Cell {
                table: *number,
                row: cell.row + rows,
                column,
                column_span: end - column,
                row_span: cell.row_span,
            };
            if last == Some(own) {
                let end = open.map_or(0, |(_, rows, _)| rows).max(cell.row + cell.row_span);
                open = Some((*number, end, columns));
            }
        }
    }
}

/// Makes text of tables of a single row that do not go on with the last table of the page before: the head in boxes that
/// some documents repeat on each page, the boxes of a form. To be done while each page numbers its own tables from 0.
pub(crate) fn release_single_rows<'p>(pages: impl Iterator<Item = (&'p mut Page, &'p [Columns])>) {
    let mut above: Option<&[f32]> = None;
    for (page, tables) in pages {
        let mut first = true;
        for (own, columns) in tables.iter().enumerate() {
            let is_own = |c: &Cell| c.table == own as u32;
            let mut cells = page.blocks.iter().filter_map(|b| b.cell).filter(is_own);
            let goes_on = first && above.is_some_and(|edges| places(columns, edges).is_some());
            if goes_on || cells.any(|c| c.row > 0 || c.row_span > 1) {
                first = false;
                continue;
            }
            for block in page.blocks.iter_mut().filter(|b| b.cell.as_ref().is_some_and(is_own)) {
                (block.kind, block.cell) = (BlockKind::Text, None);
            }
        }
        let last = page.blocks.iter().rev().find_map(|b| b.cell);
        above = last.and_then(|c| tables.get(c.table as usize)).map(Vec::as_slice);
    }
}

/// Where each edge of `columns` stands among the edges of the table `above`; `None` if one is not there.
fn places(columns: &[f32], above: &[f32]) -> Option<Vec<u32>> {
    let same = |a: f32, b: f32| (a - b).abs() <= SAME_EDGE;
    let (left, left_above) = (columns.first()?, above.first()?);
    let width = |c: &[f32]| c.last().zip(c.first()).map_or(0.0, |(b, a)| b - a);
    if !same(width(columns), width(above)) {
        return None;
    }
    let place = |edge: &f32| above.iter().position(|a| same(a - left_above, edge - left)).map(|i| i as u32);
    let places: Vec<u32> = columns.iter().map(place).collect::<Option<_>>()?;
    places.windows(2).all(|p| p[0] < p[1]).then_some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_part_at_tables() {
        let band = |top, bottom| Band { top, bottom, cut: None };
        let got = parts(vec![band(f32::MIN, 100.0), band(100.0, f32::MAX)], &[[0.0, 200.0, 50.0, 300.0]]);
        let expected = [
            Part::Band(band(f32::MIN, 100.0)),
            Part::Band(band(100.0, 250.0)),
            Part::Table(0),
            Part::Band(band(250.0, f32::MAX)),
        ];
        assert_eq!(got, expected);
        assert_eq!(parts(Vec::new(), &[[0.0; 4]]), [Part::Table(0)]);
    }

    fn page(cells: &[(u32, u32, u32)], text_after: bool) -> Page {
        let cell = |c: &(u32, u32, u32)| {
            let (table, row, column) = *c;
            let cell = Cell { table, row, column, row_span: 1, column_span: 1 };
            Block { kind: BlockKind::Table, cell: Some(cell), ..Block::default() }
        };
        let mut blocks = vec![Block { kind: BlockKind::Furniture, ..Block::default() }];
        blocks.extend(cells.iter().map(cell));
        if text_after {
            blocks.push(Block::default());
        }
        Page { blocks, ..Page::default() }
    }

    fn numbers(pages: &[Page]) -> Vec<(u32, u32, u32)> {
        let cells = pages.iter().flat_map(|p| &p.blocks).filter_map(|b| b.cell);
        cells.map(|c| (c.table, c.row, c.column)).collect()
    }

    #[test]
    fn a_table_goes_on_over_the_page_break() {
        let mut pages = [
            page(&[(0, 0, 0), (0, 2, 1)], false),
            page(&[(0, 0, 1), (1, 0, 0), (1, 1, 0)], true),
            page(&[(0, 0, 0), (0, 1, 0)], false),
        ];
        let wide = vec![vec![50.0, 80.0, 200.0, 400.0]];
        let shapes = [
            wide.clone(),
            // The second page lies 20 points further right and lacks a column.
            vec![vec![70.0, 101.0, 419.0], vec![50.0, 90.0]],
            wide,
        ];
        number_tables(pages.iter_mut().zip(shapes.iter().map(Vec::as_slice)));
        let expected = [(1, 0, 0), (1, 2, 1), (1, 3, 1), (2, 0, 0), (2, 1, 0), (3, 0, 0), (3, 1, 0)];
        assert_eq!(numbers(&pages), expected);
        let cell = pages[1].blocks[1].cell;
        assert_eq!(cell.map(|c| c.column_span), Some(2));
    }

    #[test]
    fn a_single_row_that_goes_on_with_nothing_is_text() {
        // A head in three boxes on both pages; the last row of the table below it goes on.
        let mut pages = [
            page(&[(0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 1, 0)], false),
            page(&[(0, 0, 0), (0, 0, 1), (1, 0, 0)], false),
        ];
        let shapes = vec![vec![50.0, 90.0, 300.0, 400.0], vec![50.0, 80.0, 120.0, 400.0]];
        release_single_rows(pages.iter_mut().map(|p| (p, shapes.as_slice())));
        assert_eq!(numbers(&pages), [(1, 0, 0), (1, 1, 0), (1, 0, 0)]);
        // Told as running heads since.
        for block in pages.iter_mut().flat_map(|p| &mut p.blocks).filter(|b| b.cell.is_none()) {
            block.kind = BlockKind::Furniture;
        }
        number_tables(pages.iter_mut().map(|p| (p, shapes.as_slice())));
        assert_eq!(numbers(&pages), [(1, 0, 0), (1, 1, 0), (1, 2, 0)]);
    }

    #[test]
    fn other_columns_are_another_table() {
        let mut pages = [page(&[(0, 0, 0), (0, 1, 0)], false), page(&[(0, 0, 0), (0, 1, 0)], false)];
        let shapes = [vec![vec![50.0, 80.0, 400.0]], vec![vec![50.0, 120.0, 400.0]]];
        number_tables(pages.iter_mut().zip(shapes.iter().map(Vec::as_slice)));
        assert_eq!(numbers(&pages), [(1, 0, 0), (1, 1, 0), (2, 0, 0), (2, 1, 0)]);
    }
}
