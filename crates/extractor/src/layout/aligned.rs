//! Tables without ruling lines, told by white alone: at least three columns that stay apart row after row, of which the
//! first is narrow and begins the rows, as running numbers do. Two columns side by side are the business of `bands`.

use super::bands::{Rect, quantile};
use super::grid::{Grid, GridCell};

/// White between columns, in ems: justified lines hold gaps of 0.8.
const GUTTER: f32 = 1.0;

/// A table has at least this many columns and rows.
const FEWEST: usize = 3;

/// The first column is no wider than this, in ems.
const NARROW: f32 = 5.0;

/// White between two lines of a table is at most this, in ems.
const LOOSE: f32 = 1.6;

/// Of the rows at least this share fills three columns.
const FULL: f32 = 0.6;

/// A line of print across the page: its top and bottom, and the stretches of print in it, parted by wide white.
struct Row {
    top: f32,
    bottom: f32,
    print: Vec<(f32, f32)>,
}

/// The tables that `boxes` of print make by standing in columns, from top to bottom. `em` is the usual font size.
pub(super) fn aligned(boxes: &[Rect], em: f32) -> Vec<Grid> {
    let rows = rows(boxes, em);
    let mut tables = Vec::new();
    let mut from = 0;
    while from < rows.len() {
        match table(&rows[from..], em) {
            Some((grid, lines)) => {
                tables.push(grid);
                from += lines;
            }
            None => from += 1,
        }
    }
    tables
}

/// The lines of print from top to bottom: boxes that overlap from top to bottom by half are one.
fn rows(boxes: &[Rect], em: f32) -> Vec<Row> {
    let mut sorted = boxes.to_vec();
    sorted.sort_by(|a, b| a[1].total_cmp(&b[1]));
    let mut rows: Vec<Row> = Vec::new();
    for r in sorted {
        match rows.last_mut() {
            Some(row) if r[1] < row.bottom - 0.5 * (r[3] - r[1]) => {
                row.bottom = row.bottom.max(r[3]);
                row.print.push((r[0], r[2]));
            }
            _ => rows.push(Row { top: r[1], bottom: r[3], print: vec![(r[0], r[2])] }),
        }
    }
    let stretches = |mut print: Vec<(f32, f32)>| {
        print.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut out: Vec<(f32, f32)> = Vec::new();
        for (from, to) in print {
            match out.last_mut() {
                Some(last) if from - last.1 < GUTTER * em => last.1 = last.1.max(to),
                _ => out.push((from, to)),
            }
        }
        out
    };
    rows.into_iter().map(|row| Row { print: stretches(row.print), ..row }).collect()
}

/// The table that begins with the first of `rows`, and how many of them it takes.
fn table(rows: &[Row], em: f32) -> Option<(Grid, usize)> {
    let first = rows.first().filter(|r| r.print.len() >= FEWEST)?;
    let mut gutters = gaps(first);
    let mut lines = 1;
    for pair in rows.windows(2) {
        let (above, row) = (&pair[0], &pair[1]);
        let narrowed = narrowed(&gutters, row, em);
        // What stands in the outermost white is no part of the table.
        let (left, right) = (first.print.first()?.0, first.print.last()?.1);
        let within = |(from, to): &(f32, f32)| *from > left - 3.0 * em && *to < right + 6.0 * em;
        if row.top - above.bottom > LOOSE * em
            || narrowed.len() + 1 < FEWEST.max(gutters.len())
            || !row.print.iter().all(within)
        {
            break;
        }
        gutters = narrowed;
        lines += 1;
    }
    let begins = |row: &Row| row.print.first().is_some_and(|p| gutters.first().is_some_and(|g| p.1 <= g.0));
    let taken = rows.get(..lines)?;
    let starts: Vec<usize> = (0..lines).filter(|i| taken.get(*i).is_some_and(begins)).collect();
    let grid = grid(taken, &gutters, &starts, em)?;
    Some((grid, lines))
}

/// The white between the stretches of a row.
fn gaps(row: &Row) -> Vec<(f32, f32)> {
    row.print.windows(2).map(|p| (p[0].1, p[1].0)).collect()
}

/// What is left of the gutters beside the print of a row.
fn narrowed(gutters: &[(f32, f32)], row: &Row, em: f32) -> Vec<(f32, f32)> {
    let mut left = gutters.to_vec();
    for (from, to) in &row.print {
        left = left
            .into_iter()
            .flat_map(|g| [(g.0, g.1.min(*from)), (g.0.max(*to), g.1)])
            .filter(|g| g.1 - g.0 >= GUTTER * em)
            .collect();
        left.dedup();
    }
    left
}

/// The grid of the rows that begin at `starts`.
fn grid(rows: &[Row], gutters: &[(f32, f32)], starts: &[usize], em: f32) -> Option<Grid> {
    let print = || rows.iter().flat_map(|r| &r.print);
    let left = print().map(|p| p.0).fold(f32::MAX, f32::min);
    let right = print().map(|p| p.1).fold(f32::MIN, f32::max);
    let mut xs = vec![left - 0.5 * em];
    xs.extend(gutters.iter().map(|g| (g.0 + g.1) / 2.0));
    xs.push(right + 0.5 * em);
    let columns = xs.len() - 1;
    if columns < FEWEST || starts.len() < FEWEST || starts.first() != Some(&0) {
        return None;
    }
    let first_column = print().filter(|p| p.1 <= xs[1]);
    let widest = quantile(first_column.map(|p| p.1 - p.0), 1.0)?;
    let filled = |from: usize, to: usize| {
        let cells = xs.windows(2).filter(|c| {
            let own = rows.get(from..to).unwrap_or(&[]).iter().flat_map(|r| &r.print);
            own.into_iter().any(|p| p.0 >= c[0] && p.1 <= c[1])
        });
        cells.count()
    };
    let ends = starts.iter().skip(1).copied().chain([rows.len()]);
    let full = starts.iter().zip(ends).filter(|(from, to)| filled(**from, *to) >= FEWEST).count();
    if widest > NARROW * em || (full as f32) < FULL * starts.len() as f32 {
        return None;
    }
    let mut ys: Vec<f32> = Vec::new();
    for start in starts {
        let above = start.checked_sub(1).and_then(|i| rows.get(i)).map(|r| r.bottom);
        let top = rows.get(*start).map_or(0.0, |r| r.top);
        ys.push(above.map_or(top - 0.4 * em, |b| (b + top) / 2.0));
    }
    ys.push(rows.last()?.bottom + 0.4 * em);
    let mut cells = Vec::new();
    for (row, y) in ys.windows(2).enumerate() {
        for (column, x) in xs.windows(2).enumerate() {
            let rect = [x[0], y[0], x[1], y[1]];
            cells.push(GridCell { row, column, row_span: 1, column_span: 1, rect });
        }
    }
    let rect = [xs[0], ys[0], xs[columns], *ys.last()?];
    Some(Grid { rect, columns: xs, cells })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of 30 units, 4 apart, from `x0` to `x1` on line `line` of 15 units; the font size is 10.
    fn words(x0: f32, x1: f32, line: usize) -> Vec<Rect> {
        let mut out = Vec::new();
        let (mut x, y) = (x0, line as f32 * 15.0);
        while x < x1 {
            out.push([x, y, (x + 30.0).min(x1), y + 7.0]);
            x += 34.0;
        }
        out
    }

    #[test]
    fn columns_that_stay_apart_are_a_table() {
        let mut page = words(0.0, 500.0, 0);
        for (line, long) in [(2, 150.0), (3, 190.0), (5, 120.0), (6, 170.0)] {
            page.extend(words(0.0, 8.0, line));
            page.extend(words(30.0, 30.0 + long, line));
            page.extend(words(260.0, 330.0, line));
        }
        // The second row goes on below.
        page.extend(words(30.0, 100.0, 4));
        page.extend(words(0.0, 500.0, 8));
        let found = aligned(&page, 10.0);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rows(), found[0].columns.len()), (4, 4));
        assert_eq!(found[0].cell_at(60.0, 63.0), Some(4));
        assert!(found[0].rect[1] > 10.0 && found[0].rect[3] < 118.0);
    }

    #[test]
    fn prose_lists_and_two_columns_are_none() {
        let prose: Vec<Rect> = (0..20).flat_map(|l| words((l % 3) as f32 * 7.0, 500.0, l)).collect();
        assert!(aligned(&prose, 10.0).is_empty());
        let list: Vec<Rect> =
            (0..20).flat_map(|l| [words(0.0, 8.0, l), words(22.0, 400.0, l)].concat()).collect();
        assert!(aligned(&list, 10.0).is_empty());
        let foot: Vec<Rect> =
            (0..6).flat_map(|l| [words(0.0, 160.0, l), words(260.0, 400.0, l)].concat()).collect();
        assert!(aligned(&foot, 10.0).is_empty());
    }

    #[test]
    fn three_signatures_side_by_side_are_no_table() {
        let page: Vec<Rect> = [0, 1, 2, 6]
            .into_iter()
            .flat_map(|l| [words(0.0, 110.0, l), words(180.0, 290.0, l), words(350.0, 460.0, l)].concat())
            .collect();
        assert!(aligned(&page, 10.0).is_empty());
    }
}
