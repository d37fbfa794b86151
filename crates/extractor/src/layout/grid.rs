//! Tables from their ruling lines: where horizontal and vertical rules meet they part the page into cells, the same for
//! the paths of a PDF page and for the ink of a picture.

use super::bands::Rect;
use super::tables::Columns;
use std::collections::BTreeMap;
use vanthu_model::Cell;

/// A ruling line: the coordinate it lies at, and where it begins and ends along the other axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rule {
    pub at: f32,
    pub from: f32,
    pub to: f32,
}

/// The ruling lines of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rules {
    /// Horizontal ones, `at` their y.
    pub level: Vec<Rule>,
    /// Vertical ones, `at` their x.
    pub upright: Vec<Rule>,
}

/// A cell: the first row and column it covers, how many of each, and its box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct GridCell {
    pub row: usize,
    pub column: usize,
    pub row_span: usize,
    pub column_span: usize,
    pub rect: Rect,
}

impl GridCell {
    /// Its place in the table of this number on the page.
    pub(crate) fn place(&self, table: usize) -> Cell {
        let n = |n: usize| n as u32;
        Cell {
            table: n(table),
            row: n(self.row),
            column: n(self.column),
            row_span: n(self.row_span),
            column_span: n(self.column_span),
        }
    }
}

/// A table: its box and its cells, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid {
    pub rect: Rect,
    /// The edges of its columns, from left to right.
    pub columns: Columns,
    pub cells: Vec<GridCell>,
}

impl Grid {
    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.cells.iter().map(|c| c.row + c.row_span).max().unwrap_or(0)
    }

    /// The cell that a point lies in.
    pub(crate) fn cell_at(&self, x: f32, y: f32) -> Option<usize> {
        self.cells.iter().position(|c| holds(&c.rect, x, y))
    }

    /// Whether what the cells hold makes a table: something in two rows, and two cells side by side. `filled` tells
    /// of each cell whether it holds anything. Frames and the boxes of drawings do not. Of a single row, which a page
    /// break leaves of a table, one cell is enough.
    pub(crate) fn is_table(&self, filled: impl Fn(usize) -> bool) -> bool {
        if self.rows() == 1 {
            return self.cells.len() >= STRIP_COLUMNS && (0..self.cells.len()).any(filled);
        }
        let full: Vec<&GridCell> =
            self.cells.iter().enumerate().filter(|(i, _)| filled(*i)).map(|(_, c)| c).collect();
        let beside = |a: &GridCell, b: &GridCell| {
            a.row < b.row + b.row_span && b.row < a.row + a.row_span && a.column != b.column
        };
        full.iter().any(|a| full.iter().any(|b| beside(a, b)))
            && full.iter().any(|a| full.iter().any(|b| a.row + a.row_span <= b.row))
    }
}

/// Whether a point lies in a box.
pub(crate) fn holds(r: &Rect, x: f32, y: f32) -> bool {
    r[0] <= x && x < r[2] && r[1] <= y && y < r[3]
}

/// An edge parts two cells if at least this share of it is ruled: rules are broken in scans.
const RULED: f32 = 0.5;

/// More fields than this are a drawing or a hatching.
const MOST_FIELDS: usize = 4000;

/// A single row of cells has at least this many columns and is ruled all around; with fewer it is a frame.
const STRIP_COLUMNS: usize = 3;

/// The tables that `rules` draw, from top to bottom: at least two rows and two columns of cells, or one row of three.
/// Rules meet, and lie on one line, where they are no further apart than `tolerance`.
pub(crate) fn grids(rules: &Rules, tolerance: f32) -> Vec<Grid> {
    let level = joined(&rules.level, tolerance);
    let upright = joined(&rules.upright, tolerance);
    if level.len() < 2 || upright.is_empty() {
        return Vec::new();
    }
    let mut grids: Vec<Grid> = groups(&level, &upright, tolerance)
        .into_iter()
        .filter_map(|(level, upright)| grid(&level, &upright, tolerance))
        .collect();
    grids.sort_by(|a, b| a.rect[1].total_cmp(&b.rect[1]).then(a.rect[0].total_cmp(&b.rect[0])));
    // A table inside a cell of another stays that cell's text.
    let boxes: Vec<Rect> = grids.iter().map(|g| g.rect).collect();
    let inside = |a: &Rect, b: &Rect| {
        a != b && holds(b, (a[0] + a[2]) / 2.0, (a[1] + a[3]) / 2.0) && a[2] - a[0] < b[2] - b[0]
    };
    grids.retain(|g| !boxes.iter().any(|b| inside(&g.rect, b)));
    grids
}

/// Rules on one line that touch or overlap, made one.
fn joined(rules: &[Rule], tolerance: f32) -> Vec<Rule> {
    let mut sorted = rules.to_vec();
    sorted.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut out: Vec<Rule> = Vec::new();
    for rule in sorted {
        let near = |o: &&mut Rule| (o.at - rule.at).abs() <= tolerance / 2.0 && rule.from <= o.to + tolerance;
        match out.iter_mut().rev().find(near) {
            Some(o) => o.to = o.to.max(rule.to),
            None => out.push(rule),
        }
    }
    out
}

/// The rules that hang together: level and upright ones of each group.
fn groups(level: &[Rule], upright: &[Rule], tolerance: f32) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut group: Vec<usize> = (0..level.len() + upright.len()).collect();
    let root = |group: &[usize], mut i: usize| {
        while group[i] != i {
            i = group[i];
        }
        i
    };
    let reaches = |r: &Rule, at: f32| r.from - tolerance <= at && at <= r.to + tolerance;
    for (i, h) in level.iter().enumerate() {
        for (j, v) in upright.iter().enumerate() {
            if reaches(h, v.at) && reaches(v, h.at) {
                let (a, b) = (root(&group, i), root(&group, level.len() + j));
                group[a.max(b)] = a.min(b);
            }
        }
    }
    let mut out: BTreeMap<usize, (Vec<Rule>, Vec<Rule>)> = BTreeMap::new();
    for i in 0..group.len() {
        let rules = out.entry(root(&group, i)).or_default();
        match i.checked_sub(level.len()) {
            None => rules.0.extend(level.get(i)),
            Some(j) => rules.1.extend(upright.get(j)),
        }
    }
    out.into_values().collect()
}

/// The lines on which rules lie, and the ends of the rules across where those stick out: tables are often open at their
/// sides, or where the page breaks.
fn edges(rules: &[Rule], across: &[Rule], tolerance: f32) -> Vec<f32> {
    let mut at: Vec<f32> = rules.iter().map(|r| r.at).collect();
    at.sort_by(f32::total_cmp);
    let mut edges: Vec<(f32, f32, usize)> = Vec::new();
    for a in at {
        match edges.last_mut() {
            Some((first, sum, n)) if a - *first <= tolerance => {
                *sum += a;
                *n += 1;
            }
            _ => edges.push((a, a, 1)),
        }
    }
    let mut edges: Vec<f32> = edges.into_iter().map(|(_, sum, n)| sum / n as f32).collect();
    let from = across.iter().map(|r| r.from).fold(f32::MAX, f32::min);
    let to = across.iter().map(|r| r.to).fold(f32::MIN, f32::max);
    if edges.first().is_some_and(|e| from < e - OPEN * tolerance) {
        edges.insert(0, from);
    }
    if edges.last().is_some_and(|e| to > e + OPEN * tolerance) {
        edges.push(to);
    }
    edges
}

/// Rules that stick out further than this, in tolerances, have cells beyond the last rule across.
const OPEN: f32 = 4.0;

fn grid(level: &[Rule], upright: &[Rule], tolerance: f32) -> Option<Grid> {
    let ys = edges(level, upright, tolerance);
    let xs = edges(upright, level, tolerance);
    let (rows, columns) = (ys.len().checked_sub(1)?, xs.len().checked_sub(1)?);
    if rows < 1 || columns < 2 || rows * columns > MOST_FIELDS {
        return None;
    }
    // Along an edge, how much of the stretch between two edges across is ruled.
    let ruled = |rules: &[Rule], at: f32, from: f32, to: f32| {
        let near = rules.iter().filter(|r| (r.at - at).abs() <= tolerance);
        let covered: f32 = near.map(|r| (r.to.min(to) - r.from.max(from)).max(0.0)).sum();
        covered >= RULED * (to - from)
    };
    if rows == 1 {
        let (left, right, top, bottom) = (xs[0], xs[columns], ys[0], ys[1]);
        let closed = ys.iter().all(|y| ruled(level, *y, left, right))
            && xs.iter().all(|x| ruled(upright, *x, top, bottom));
        if !closed {
            return None;
        }
    }
    // Each field of the grid begins as a cell of its own: first and last row and column.
    let mut area: Vec<[usize; 4]> =
        (0..rows * columns).map(|i| [i / columns, i % columns, i / columns, i % columns]).collect();
    let mut merge = |a: usize, b: usize| {
        let (p, q) = (area[a], area[b]);
        if p == q {
            return;
        }
        let mut whole = [p[0].min(q[0]), p[1].min(q[1]), p[2].max(q[2]), p[3].max(q[3])];
        // A cell is a rectangle: what it covers in part becomes part of it.
        loop {
            let mut grown = whole;
            for r in whole[0]..=whole[2] {
                for c in whole[1]..=whole[3] {
                    let o = area[r * columns + c];
                    grown = [grown[0].min(o[0]), grown[1].min(o[1]), grown[2].max(o[2]), grown[3].max(o[3])];
                }
            }
            if grown == whole {
                break;
            }
            whole = grown;
        }
        for r in whole[0]..=whole[2] {
            for c in whole[1]..=whole[3] {
                area[r * columns + c] = whole;
            }
        }
    };
    for r in 0..rows {
        for c in 0..columns {
            let here = r * columns + c;
            if c + 1 < columns && !ruled(upright, xs[c + 1], ys[r], ys[r + 1]) {
                merge(here, here + 1);
            }
            if r + 1 < rows && !ruled(level, ys[r + 1], xs[c], xs[c + 1]) {
                merge(here, here + columns);
            }
        }
    }
    let mut cells: Vec<GridCell> = Vec::new();
    for (i, a) in area.iter().enumerate().filter(|(i, a)| a[0] * columns + a[1] == *i) {
        cells.push(GridCell {
            row: i / columns,
            column: i % columns,
            row_span: a[2] - a[0] + 1,
            column_span: a[3] - a[1] + 1,
            rect: [xs[a[1]], ys[a[0]], xs[a[3] + 1], ys[a[2] + 1]],
        });
    }
    let rect = [xs[0], ys[0], xs[columns], ys[rows]];
    let grid = Grid { rect, columns: xs, cells };
    grid.is_table(|_| true).then_some(grid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(level: &[(f32, f32, f32)], upright: &[(f32, f32, f32)]) -> Rules {
        let rule = |r: &(f32, f32, f32)| Rule { at: r.0, from: r.1, to: r.2 };
        Rules { level: level.iter().map(rule).collect(), upright: upright.iter().map(rule).collect() }
    }

    fn spans(grid: &Grid) -> Vec<[usize; 4]> {
        grid.cells.iter().map(|c| [c.row, c.column, c.row_span, c.column_span]).collect()
    }

    #[test]
    fn rules_that_meet_make_cells_row_by_row() {
        let r = rules(
            &[(0.0, 0.0, 100.0), (20.0, 0.5, 99.0), (40.0, 0.0, 100.0)],
            &[(0.0, 0.0, 40.0), (30.0, 1.0, 39.5), (100.0, 0.0, 40.0)],
        );
        let found = grids(&r, 2.0);
        assert_eq!(found.len(), 1);
        assert_eq!(spans(&found[0]), [[0, 0, 1, 1], [0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1]]);
        assert_eq!(found[0].cell_at(50.0, 30.0), Some(3));
        assert_eq!(found[0].rect, [0.0, 0.0, 100.0, 40.0]);
    }

    #[test]
    fn cells_without_a_rule_between_them_are_one() {
        // The first column spans both rows below the head, the head's last two columns are one.
        let r = rules(
            &[(0.0, 0.0, 90.0), (20.0, 0.0, 90.0), (40.0, 30.0, 90.0), (60.0, 0.0, 90.0)],
            &[(0.0, 0.0, 60.0), (30.0, 0.0, 60.0), (60.0, 20.0, 60.0), (90.0, 0.0, 60.0)],
        );
        let found = grids(&r, 2.0);
        assert_eq!(
            spans(&found[0]),
            [
                [0, 0, 1, 1],
                [0, 1, 1, 2],
                [1, 0, 2, 1],
                [1, 1, 1, 1],
                [1, 2, 1, 1],
                [2, 1, 1, 1],
                [2, 2, 1, 1]
            ]
        );
    }

    #[test]
    fn tables_open_at_their_sides_keep_the_outer_columns() {
        let r = rules(
            &[(0.0, 0.0, 90.0), (20.0, 0.0, 90.0), (40.0, 0.0, 90.0)],
            &[(30.0, 0.0, 40.0), (60.0, 0.0, 40.0)],
        );
        assert_eq!(grids(&r, 2.0)[0].cells.len(), 6);
    }

    #[test]
    fn broken_rules_part_cells_all_the_same() {
        let r = rules(
            &[(0.0, 0.0, 30.0), (0.3, 34.0, 90.0), (20.0, 0.0, 52.0), (20.4, 60.0, 90.0), (40.0, 0.0, 90.0)],
            &[(0.0, 0.0, 40.0), (45.0, 0.0, 14.0), (45.2, 22.0, 40.0), (90.0, 0.0, 40.0)],
        );
        assert_eq!(spans(&grids(&r, 3.0)[0]).len(), 4);
    }

    #[test]
    fn frames_and_underlines_are_no_tables() {
        let frame = rules(
            &[(0.0, 0.0, 90.0), (40.0, 0.0, 90.0), (60.0, 10.0, 50.0)],
            &[(0.0, 0.0, 40.0), (90.0, 0.0, 40.0)],
        );
        assert!(grids(&frame, 2.0).is_empty());
        let strip = rules(
            &[(0.0, 0.0, 90.0), (40.0, 0.0, 90.0)],
            &[(0.0, 0.0, 40.0), (45.0, 0.0, 40.0), (90.0, 0.0, 40.0)],
        );
        assert!(grids(&strip, 2.0).is_empty());
        let open = rules(
            &[(0.0, 0.0, 90.0), (40.0, 0.0, 90.0)],
            &[(20.0, 0.0, 40.0), (45.0, 0.0, 40.0), (70.0, 0.0, 40.0)],
        );
        assert!(grids(&open, 2.0).is_empty());
    }

    #[test]
    fn the_last_row_of_a_table_alone_on_its_page_is_one() {
        let r = rules(
            &[(0.0, 0.0, 90.0), (40.0, 0.0, 90.0)],
            &[(0.0, 0.0, 40.0), (20.0, 0.0, 40.0), (45.0, 0.0, 40.0), (90.0, 0.0, 40.0)],
        );
        let found = grids(&r, 2.0);
        assert_eq!(spans(&found[0]), [[0, 0, 1, 1], [0, 1, 1, 1], [0, 2, 1, 1]]);
        assert!(found[0].is_table(|i| i == 1) && !found[0].is_table(|_| false));
    }

    #[test]
    fn what_is_empty_is_no_table() {
        let r = rules(
            &[(0.0, 0.0, 90.0), (20.0, 0.0, 90.0), (40.0, 0.0, 90.0)],
            &[(0.0, 0.0, 40.0), (45.0, 0.0, 40.0), (90.0, 0.0, 40.0)],
        );
        let grid = &grids(&r, 2.0)[0];
        assert!(grid.is_table(|i| i < 3));
        assert!(!grid.is_table(|i| i < 2));
        assert!(!grid.is_table(|i| i % 2 == 0));
    }
}
