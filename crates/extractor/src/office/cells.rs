//! Where the cells of a table lie: rows and columns, counted from what a format says of them.

use std::collections::BTreeMap;
use vanthu_model::Cell;

/// Cells cover no more rows or columns than this, whatever a file says.
const MOST: u32 = 1000;

/// How many rows cells cover, by row and column.
pub(super) type Heights = BTreeMap<(u32, u32), u32>;

/// Counts the cells of outermost tables. What stands in a table inside a cell belongs to that cell.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// Tables so far.
    tables: u32,
    /// How many of them are open, one in another.
    depth: usize,
    /// Rows begun, and the column of the next cell.
    rows: u32,
    column: u32,
    /// The open cell, and how many columns its element takes.
    open: Option<(Cell, u32)>,
    /// By first column, how many columns and how many rows from here on a cell of an earlier row covers.
    hanging: BTreeMap<u32, (u32, u32)>,
    /// By first column, the last cell that others may go on.
    above: BTreeMap<u32, Cell>,
    /// Those of cells that were gone on.
    grown: Heights,
}

impl Cells {
    /// The cell in which text stands now.
    pub fn open(&self) -> Option<Cell> {
        self.open.map(|(cell, _)| cell)
    }

    /// The number of a table whose rows say only at their ends what they are.
    pub fn count_table(&mut self) -> u32 {
        self.tables += 1;
        self.tables
    }

    pub fn begin_table(&mut self) {
        self.depth += 1;
        if self.depth == 1 {
            *self = Self { tables: self.tables + 1, depth: 1, ..Self::default() };
        }
    }

    /// Ends a table. Gives the number of one whose cells were gone on in later rows, and how many rows these cover.
    pub fn end_table(&mut self) -> Option<(u32, Heights)> {
        self.depth = self.depth.saturating_sub(1);
        (self.depth == 0).then(|| (self.tables, std::mem::take(&mut self.grown)))
    }

    pub fn begin_row(&mut self) {
        if self.depth != 1 {
            return;
        }
        self.hanging.retain(|_, (_, rows)| {
            *rows = rows.saturating_sub(1);
            *rows > 0
        });
        self.rows += 1;
        self.column = 0;
    }

    /// Begins a cell that covers `columns` and `rows` from the next free place on. What it covers of the next rows has no
    /// element.
    pub fn begin_free(&mut self, columns: u32, rows: u32) {
        if self.depth != 1 {
            return;
        }
        while let Some((from, (width, _))) = self.hanging.range(..=self.column).next_back()
            && self.column < from + width
        {
            self.column = from + width;
        }
        if self.begin(columns, rows, columns.clamp(1, MOST)) && rows > 1 {
            self.hanging.insert(self.column, (columns.clamp(1, MOST), rows.min(MOST)));
        }
    }

    /// Begins a cell of a format in which each place has an element.
    pub fn begin_placed(&mut self, columns: u32, rows: u32) {
        self.begin(columns, rows, 1);
    }

    fn begin(&mut self, columns: u32, rows: u32, taken: u32) -> bool {
        if self.depth != 1 || self.rows == 0 || self.open.is_some() {
            return false;
        }
        let cell = Cell {
            table: self.tables,
            row: self.rows - 1,
            column: self.column,
            row_span: rows.clamp(1, MOST),
            column_span: columns.clamp(1, MOST),
        };
        self.open = Some((cell, taken));
        true
    }

    /// The open cell covers so many columns.
    pub fn widen(&mut self, columns: u32) {
        if let Some((cell, taken)) = self.open.as_mut().filter(|_| self.depth == 1) {
            cell.column_span = columns.clamp(1, MOST);
            *taken = cell.column_span;
        }
    }

    /// The open cell goes on the one above it.
    pub fn go_on(&mut self) {
        let Some((cell, _)) = self.open.as_mut().filter(|_| self.depth == 1) else { return };
        let Some(above) = self.above.get(&cell.column).copied() else { return };
        *cell = Cell { row_span: cell.row + 1 - above.row, ..above };
        self.grown.insert((cell.row, cell.column), cell.row_span);
    }

    pub fn end_cell(&mut self) {
        if self.depth != 1 {
            return;
        }
        if let Some((cell, taken)) = self.open.take() {
            self.column += taken;
            self.above.insert(cell.column, cell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(cells: &Cells) -> Option<(u32, u32, u32, u32)> {
        cells.open().map(|c| (c.row, c.column, c.row_span, c.column_span))
    }

    #[test]
    fn what_a_cell_covers_of_later_rows_is_passed_over() {
        let mut cells = Cells::default();
        cells.begin_table();
        cells.begin_row();
        cells.begin_free(2, 2);
        cells.end_cell();
        cells.begin_free(1, 1);
        assert_eq!(place(&cells), Some((0, 2, 1, 1)));
        cells.end_cell();
        cells.begin_row();
        cells.begin_free(1, 1);
        assert_eq!(place(&cells), Some((1, 2, 1, 1)));
        cells.end_cell();
        cells.begin_row();
        cells.begin_free(1, 1);
        assert_eq!(place(&cells), Some((2, 0, 1, 1)));
    }

    #[test]
    fn a_cell_that_goes_on_is_the_one_above() {
        let mut cells = Cells::default();
        cells.begin_table();
        for row in 0..3 {
            cells.begin_row();
            cells.begin_free(1, 1);
            cells.widen(2);
            cells.end_cell();
            cells.begin_free(1, 1);
            if row > 0 {
                cells.go_on();
            }
            assert_eq!(place(&cells), Some((0, 2, row + 1, 1)));
            cells.end_cell();
        }
        assert_eq!(cells.end_table(), Some((1, BTreeMap::from([((0, 2), 3)]))));
    }

    #[test]
    fn a_table_in_a_cell_is_text_of_it() {
        let mut cells = Cells::default();
        cells.begin_table();
        cells.begin_row();
        cells.begin_placed(1, 1);
        cells.begin_table();
        cells.begin_row();
        cells.begin_placed(1, 1);
        assert_eq!(place(&cells), Some((0, 0, 1, 1)));
        cells.end_cell();
        assert_eq!(cells.end_table(), None);
        assert_eq!(place(&cells), Some((0, 0, 1, 1)));
    }
}
