//! Tables of formats whose rows say how their cells are laid only when they end (RTF, DOC): where each cell ends on the
//! line, and which others it goes on. Columns follow from all rows together.

use std::collections::BTreeMap;
use std::ops::Range;
use vanthu_model::Cell;

/// Edges nearer to one another than this are one, in twips (1/1440 inch).
const SAME_EDGE: i32 = 60;

/// What a row says of one of its cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Laid {
    /// Its right edge, in twips.
    pub end: i32,
    /// Whether it is a part of the cell on its left.
    pub joins_left: bool,
    /// Whether it is a part of the cell above it.
    pub joins_above: bool,
}

/// What a row says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LaidRow {
    /// Left edge of its first cell, in twips.
    pub start: i32,
    pub cells: Vec<Laid>,
}

/// The rows of the open table: each cell with the blocks that stand in it.
#[derive(Debug, Default)]
pub(super) struct LaidTable {
    rows: Vec<(LaidRow, Vec<Range<usize>>)>,
}

impl LaidTable {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes a row in; `ends` are the numbers of blocks there were as its cells ended, `from` as it began.
    pub fn push(&mut self, row: LaidRow, from: usize, ends: &[usize]) {
        let begins = std::iter::once(from).chain(ends.iter().copied());
        self.rows.push((row, begins.zip(ends).map(|(begin, end)| begin..*end).collect()));
    }

    /// The cells of table number `table`, each with the blocks in it, of which some may hold nothing of a table.
    pub fn finish(self, table: u32) -> Vec<(Range<usize>, Cell)> {
        let edges = edges(self.rows.iter().map(|(row, _)| row));
        let column = |edge: i32| edges.partition_point(|e| *e + SAME_EDGE <= edge) as u32;
        let mut cells: Vec<Cell> = Vec::new();
        let mut places: Vec<(Range<usize>, usize)> = Vec::new();
        // By first column, the cell of the row before.
        let mut above: BTreeMap<u32, usize> = BTreeMap::new();
        for (number, (row, blocks)) in self.rows.into_iter().enumerate() {
            let mut here = BTreeMap::new();
            let mut left = row.start;
            let mut last = None;
            for (laid, blocks) in row.cells.into_iter().zip(blocks) {
                let (from, to) = (column(left), column(laid.end));
                left = laid.end;
                let span = to.saturating_sub(from).max(1);
                let joined = last.filter(|_| laid.joins_left);
                let at = match joined.or_else(|| above.get(&from).copied().filter(|_| laid.joins_above)) {
                    Some(at) => at,
                    None => {
                        let cell =
                            Cell { table, row: number as u32, column: from, row_span: 1, column_span: span };
                        cells.push(cell);
                        cells.len() - 1
                    }
                };
                if let Some(cell) = cells.get_mut(at) {
                    cell.row_span = (number as u32 + 1).saturating_sub(cell.row).max(1);
                    cell.column_span = cell.column_span.max((from + span).saturating_sub(cell.column));
                    here.entry(cell.column).or_insert(at);
                }
                last = Some(at);
                places.push((blocks, at));
            }
            above = here;
        }
        places.into_iter().filter_map(|(blocks, at)| Some((blocks, *cells.get(at)?))).collect()
    }
}

/// The edges of all rows in order, those that are nearly one only once.
fn edges<'r>(rows: impl Iterator<Item = &'r LaidRow>) -> Vec<i32> {
    let mut all: Vec<i32> =
        rows.flat_map(|row| std::iter::once(row.start).chain(row.cells.iter().map(|c| c.end))).collect();
    all.sort_unstable();
    all.dedup_by(|edge, before| edge.saturating_sub(*before) < SAME_EDGE);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(i32, bool, bool)]) -> LaidRow {
        let cells = cells.iter().map(|&(end, joins_left, joins_above)| Laid { end, joins_left, joins_above });
        LaidRow { start: -108, cells: cells.collect() }
    }

    fn places(rows: &[LaidRow]) -> Vec<(u32, u32, u32, u32)> {
        let mut table = LaidTable::default();
        for (i, row) in rows.iter().enumerate() {
            let ends: Vec<usize> = (0..row.cells.len()).map(|c| i * 10 + c + 1).collect();
            table.push(row.clone(), i * 10, &ends);
        }
        let cells = table.finish(1).into_iter();
        cells.map(|(_, c)| (c.row, c.column, c.row_span, c.column_span)).collect()
    }

    #[test]
    fn a_wide_cell_covers_the_columns_that_other_rows_part() {
        let head = row(&[(1000, false, false), (5020, false, false)]);
        let body = row(&[(1010, false, false), (3000, false, false), (5000, false, false)]);
        assert_eq!(
            places(&[head, body]),
            [(0, 0, 1, 1), (0, 1, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1)]
        );
    }

    #[test]
    fn cells_that_join_others_are_parts_of_them() {
        let first = row(&[(1000, false, false), (3000, false, false), (5000, true, false)]);
        let second = row(&[(1000, false, true), (3000, false, false), (5000, false, false)]);
        let third = row(&[(1000, false, true), (3000, false, false), (5000, false, false)]);
        let cells = places(&[first, second, third]);
        // Each piece of a cell tells the whole cell.
        assert_eq!((cells[0], cells[3], cells[6]), ((0, 0, 3, 1), (0, 0, 3, 1), (0, 0, 3, 1)));
        assert_eq!((cells[1], cells[2]), ((0, 1, 1, 2), (0, 1, 1, 2)));
        assert_eq!((cells[4], cells[5]), ((1, 1, 1, 1), (1, 2, 1, 1)));
    }
}
