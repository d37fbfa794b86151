//! Tables flattened to blocks: each cell a block between empty lines, row by row, as many readers of PDF give them.
//!
//! Such a table begins with its header cells in order, "TT" first; a row begins with a running number. Cells that are
//! empty on paper leave no block, so the cells of a short row are put under the columns that suit them best.

use crate::dates::Anchor;
use crate::deadlines::{self, Setting};
use crate::labels::{self, Family};
use crate::lines::Line;
use crate::passage::{Builder, Passage};
use crate::tables::{self, Column, Table};
use crate::units;
use std::ops::Range;

/// Most columns that a table may have.
const MOST_COLUMNS: usize = 10;

/// A block: its lines and what they say.
struct Block {
    lines: Range<usize>,
    cell: Passage,
    page: u32,
}

/// The tables of tasks among the lines outside `known`.
pub fn find(lines: &[Line<'_>], known: &[Table]) -> Vec<Table> {
    let mut out = Vec::new();
    // Most documents hold none: look for the first header cell before anything is put together.
    if !lines.iter().any(|l| l.after_blank && tables::column(&l.text.to_lowercase()) == Column::Number) {
        return out;
    }
    let blocks = blocks(lines, known);
    let mut at = 0;
    while at < blocks.len() {
        match table_at(&blocks, at) {
            Some((table, next)) => {
                out.push(table);
                at = next.max(at + 1);
            }
            None => at += 1,
        }
    }
    out
}

fn blocks(lines: &[Line<'_>], known: &[Table]) -> Vec<Block> {
    let mut out = Vec::new();
    let mut from = 0;
    while from < lines.len() {
        let mut to = from + 1;
        while lines.get(to).is_some_and(|l| !l.after_blank) {
            to += 1;
        }
        if !known.iter().any(|t| t.lines.start < to && from < t.lines.end) {
            let mut b = Builder::default();
            for l in lines.get(from..to).unwrap_or(&[]) {
                b.line(l.text, l.offset, false, l.cut);
            }
            let page = lines.get(from).map_or(0, |l| l.page);
            out.push(Block { lines: from..to, cell: b.build(), page });
        }
        from = to;
    }
    out
}

/// The columns of the header that begins at block `at`.
fn header_at(blocks: &[Block], at: usize) -> Option<Vec<Column>> {
    if tables::column(&blocks.get(at)?.cell.low) != Column::Number {
        return None;
    }
    let rest = blocks.get(at..(at + MOST_COLUMNS + 1).min(blocks.len()))?;
    let width = rest.iter().position(|b| tables::is_number(&b.cell.text)).filter(|w| *w >= 3)?;
    let cells: Vec<Passage> = rest.iter().take(width).map(|b| b.cell.clone()).collect();
    tables::header(&cells)
}

/// The table whose header begins at block `at`, and the first block after it.
fn table_at(blocks: &[Block], at: usize) -> Option<(Table, usize)> {
    let columns = header_at(blocks, at)?;
    let width = columns.len();
    let head: Vec<Passage> = blocks.get(at..at + width)?.iter().map(|b| b.cell.clone()).collect();
    let mut grid = vec![head];
    let mut next = at + width;
    let mut last = 0u32;
    while let Some(block) = blocks.get(next) {
        // The header stands again on the next page.
        if block.page != blocks.get(next - 1).map_or(0, |b| b.page)
            && header_at(blocks, next).is_some_and(|again| again == columns)
        {
            next += width;
            continue;
        }
        if !tables::is_number(&block.cell.text) {
            break;
        }
        let value: Option<u32> = block.cell.text.trim_matches(['.', ')', '(']).parse().ok();
        if let Some(v) = value {
            last = v;
        }
        let end = row_end(blocks, next, last, &columns);
        let mut cells = vec![block.cell.clone()];
        for b in blocks.get(next + 1..end).unwrap_or(&[]) {
            cells.push(b.cell.clone());
        }
        // A number with one cell names a group of rows.
        if cells.len() > 2 {
            grid.push(place(cells, &columns));
        }
        next = end.max(next + 1);
    }
    let lines = blocks.get(at)?.lines.start..blocks.get(next - 1)?.lines.end;
    let rows = tables::rows(grid);
    (!rows.is_empty()).then_some((Table { lines, rows }, next))
}

/// One past the last block of the row that begins at block `from`: before the next number of the sequence, the
/// header of a new page, or where the row is full.
fn row_end(blocks: &[Block], from: usize, value: u32, columns: &[Column]) -> usize {
    let mut k = from + 1;
    while let Some(b) = blocks.get(k).filter(|_| k < from + columns.len()) {
        let number = b.cell.text.trim_matches(['.', ')', '(']);
        let group = number.parse::<u32>().is_err() && tables::is_number(&b.cell.text);
        let follows = number.parse::<u32>().is_ok_and(|v| v == value + 1 || v == 1 && k > from + 2);
        if follows || group || opens_section(&b.cell) || tables::column(&b.cell.low) == Column::Number {
            break;
        }
        k += 1;
    }
    k
}

/// "III. TỔ CHỨC THỰC HIỆN", "Điều 3.": the text goes on below the table.
fn opens_section(p: &Passage) -> bool {
    labels::find(&p.text).is_some_and(|l| {
        l.len < p.text.len()
            && matches!(
                l.family,
                Family::Part | Family::Chapter | Family::Section | Family::Roman | Family::Article
            )
    })
}

/// Whether a cell tells when.
fn tells_time(p: &Passage) -> bool {
    p.words.len() <= 14
        && deadlines::read(p, 0, p.text.len(), Setting::Attribute, Anchor::default())
            .iter()
            .any(|d| d.rule != "event_attribute")
}

/// How well a cell suits a column.
fn suits(cell: &Passage, column: Column) -> i32 {
    let unit = units::begins(cell, 0);
    let time = tells_time(cell);
    match column {
        Column::Time => {
            if time {
                4
            } else {
                -3
            }
        }
        Column::Lead | Column::With => {
            if unit {
                3
            } else if time {
                -4
            } else {
                0
            }
        }
        Column::Task => {
            if unit || time {
                -2
            } else {
                2
            }
        }
        Column::Product => {
            if unit || time {
                -2
            } else {
                1
            }
        }
        Column::Number | Column::Other => 0,
    }
}

/// Puts the cells of a row under the columns, in order, with empty cells where it suits best.
fn place(cells: Vec<Passage>, columns: &[Column]) -> Vec<Passage> {
    let missing = columns.len().saturating_sub(cells.len());
    if missing == 0 {
        return cells;
    }
    // What is left empty most readily: those to work with, then the product, then the time.
    let empty = |c: &Column| match c {
        Column::With => 0,
        Column::Product | Column::Other => -1,
        Column::Time => -2,
        Column::Lead => -3,
        Column::Number | Column::Task => -20,
    };
    // best[i][j]: the best sum for the first i cells under the first j columns.
    let least = i32::MIN / 2;
    let (n, m) = (cells.len(), columns.len());
    let mut best = vec![vec![least; m + 1]; n + 1];
    best[0][0] = 0;
    for j in 1..=m {
        let column = columns[j - 1];
        for i in 0..=n.min(j) {
            let skipped = best[i][j - 1] + empty(&column);
            let filled = match i.checked_sub(1) {
                Some(h) => best[h][j - 1] + suits(&cells[h], column),
                None => least,
            };
            best[i][j] = skipped.max(filled);
        }
    }
    let mut out = vec![Passage::default(); m];
    let mut cells = cells;
    let (mut i, mut j) = (n, m);
    while i > 0 && j > 0 {
        let column = columns[j - 1];
        let filled = best[i - 1][j - 1] + suits(&cells[i - 1], column);
        if filled == best[i][j] {
            out[j - 1] = std::mem::take(&mut cells[i - 1]);
            i -= 1;
        }
        j -= 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::lines;
    use crate::passage::Passage;
    use crate::tables;
    use vanthu_model::Document;

    fn table(cells: &[&str]) -> Vec<[String; 4]> {
        let doc = Document::from_text(&cells.join("\n\n"));
        let lines: Vec<_> = lines::read(&doc).into_iter().filter(|l| !l.furniture).collect();
        let t = |p: &Option<Passage>| p.as_ref().map(|p| p.text.clone()).unwrap_or_default();
        tables::find(&lines)
            .into_iter()
            .flat_map(|t| t.rows)
            .map(|r| [r.task.text.clone(), t(&r.lead), t(&r.with), t(&r.time)])
            .collect()
    }

    #[test]
    fn cells_are_blocks() {
        let got = table(&[
            "STT",
            "Nội dung\ncông việc",
            "Đơn vị\nchủ trì",
            "Đơn vị phối hợp",
            "Thời gian",
            "1",
            "Kiểm kê hiện vật\ntrong kho",
            "Phòng\nNghiệp vụ",
            "Các bảo tàng",
            "Quý\nI/2027",
            "2",
            "Sửa mái nhà kho",
            "Văn phòng Sở",
            "Tháng 5/2027",
        ]);
        assert_eq!(got[0], ["Kiểm kê hiện vật trong kho", "Phòng Nghiệp vụ", "Các bảo tàng", "Quý I/2027"]);
        assert_eq!(got[1], ["Sửa mái nhà kho", "Văn phòng Sở", "", "Tháng 5/2027"]);
    }

    #[test]
    fn blocks_without_a_header_are_no_table() {
        assert!(table(&["Nội dung công việc", "1", "Kiểm kê", "Văn phòng Sở", "Quý I/2027"]).is_empty());
    }

    #[test]
    fn text_after_the_last_row_is_left_out() {
        let doc = Document::from_text(
            "TT\n\nNhiệm vụ\n\nCơ quan chủ trì\n\nThời hạn\n\n1\n\nLập sổ theo dõi\n\nVăn phòng Sở\n\nHằng tháng\n\nGhi chú sau bảng.",
        );
        let lines: Vec<_> = lines::read(&doc).into_iter().filter(|l| !l.furniture).collect();
        assert_eq!(tables::find(&lines)[0].lines, 0..8);
    }
}
