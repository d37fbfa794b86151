//! Tables of tasks whose cells are parted by `|`: one row a line, or flattened to one cell a line. Tables whose cells
//! the extractor gave are read by [`grids`], those whose cells are blocks between empty lines by [`cell_blocks`].

use crate::cell_blocks;
use crate::fold;
use crate::grids;
use crate::lines::Line;
use crate::passage::{Builder, Passage};
use std::ops::Range;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Running number.
    Number,
    /// What is to be done.
    Task,
    /// Who leads.
    Lead,
    /// Who works with the lead.
    With,
    /// By when.
    Time,
    /// What is to be delivered.
    Product,
    /// Anything else.
    Other,
}

/// A row of a task table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// What is to be done.
    pub task: Passage,
    /// Who leads.
    pub lead: Option<Passage>,
    /// Who works with the lead.
    pub with: Option<Passage>,
    /// By when.
    pub time: Option<Passage>,
    /// What is to be delivered.
    pub product: Option<Passage>,
    /// Whether the lead was taken from the row above (cells merged downwards).
    pub lead_from_above: bool,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its lines.
    pub lines: Range<usize>,
    /// Its rows, where it is one of tasks.
    pub rows: Vec<Row>,
}

/// The tables among `lines`.
pub fn find(lines: &[Line<'_>]) -> Vec<Table> {
    let piped: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, l)| l.cell.is_none() && l.text.contains('|'))
        .map(|(i, _)| i)
        .collect();
    let mut out = grids::find(lines);
    let mut at = 0;
    while let Some(first) = piped.get(at).copied() {
        let mut to = at;
        while piped.get(to + 1).zip(piped.get(to)).is_some_and(|(next, here)| next - here <= 12) {
            to += 1;
        }
        let last = piped.get(to).copied().unwrap_or(first);
        at = to + 1;
        let region = lines.get(first..=last).unwrap_or(&[]);
        let bars: usize = region.iter().map(|l| l.text.matches('|').count()).sum();
        if bars >= 6 {
            let wide = region.iter().filter(|l| l.text.matches('|').count() >= 3).count();
            let one_row_a_line = wide * 2 >= region.iter().filter(|l| l.text.contains('|')).count();
            let grid = if one_row_a_line { by_line(region) } else { by_number(cells(region)) };
            out.push(Table { lines: first..last + 1, rows: rows(grid) });
        }
    }
    out.extend(cell_blocks::find(lines, &out));
    out.sort_by_key(|t| t.lines.start);
    out
}

/// The rows of a grid, if one of its first rows is the header of a task table.
pub(crate) fn rows(grid: Vec<Vec<Passage>>) -> Vec<Row> {
    let Some((head, columns)) = grid.iter().enumerate().take(12).find_map(|(i, r)| Some((i, header(r)?)))
    else {
        return Vec::new();
    };
    let mut out: Vec<Row> = Vec::new();
    for cells in grid.into_iter().skip(head + 1) {
        let filled: Vec<&Passage> = cells.iter().filter(|c| !c.is_empty()).collect();
        // Rows of column numbers, and rows that only name a group.
        let counts = filled
            .iter()
            .all(|c| c.text.trim_matches(['(', ')', '=', '-', '+']).chars().all(|c| c.is_ascii_digit()));
        let numbered = cells.first().is_some_and(|c| is_number(&c.text));
        if filled.len() < 2 || counts || !numbered && header(&cells).is_some() {
            continue;
        }
        let mut row = Row::default();
        for (cell, column) in cells.into_iter().zip(&columns).filter(|(c, _)| !c.is_empty()) {
            match column {
                Column::Task if row.task.is_empty() => row.task = cell,
                Column::Lead if row.lead.is_none() => row.lead = Some(cell),
                Column::With if row.with.is_none() => row.with = Some(cell),
                Column::Time if row.time.is_none() => row.time = Some(cell),
                Column::Product if row.product.is_none() => row.product = Some(cell),
                _ => {}
            }
        }
        let says_more =
            row.lead.is_some() || row.with.is_some() || row.time.is_some() || row.product.is_some();
        if row.task.words.len() < 2 || !says_more {
            continue;
        }
        if row.lead.is_none()
            && let Some(above) = out.last().and_then(|r: &Row| r.lead.clone())
        {
            row.lead = Some(above);
            row.lead_from_above = true;
        }
        out.push(row);
    }
    out
}

/// What the cells of a header row name, if it is the header of a task table.
pub(crate) fn header(cells: &[Passage]) -> Option<Vec<Column>> {
    let mut columns: Vec<Column> = cells.iter().map(|c| column(&c.low)).collect();
    let has = |k: Column| columns.contains(&k);
    let long = cells.iter().any(|c| c.words.len() > 14);
    let task = has(Column::Task) && (has(Column::Lead) || has(Column::Time) || has(Column::Product));
    if !task || long || cells.iter().any(|c| c.low.contains("kiến nghị")) {
        return None;
    }
    // Of two columns that may hold the task, the one that says "cụ thể" does.
    if let Some(own) = cells.iter().position(|c| c.low.contains("cụ thể")) {
        for (i, c) in columns.iter_mut().enumerate() {
            if *c == Column::Task && i != own {
                *c = Column::Other;
            }
        }
        if let Some(c) = columns.get_mut(own) {
            *c = Column::Task;
        }
    }
    Some(columns)
}

pub(crate) fn column(low: &str) -> Column {
    let any = |words: &[&str]| words.iter().any(|w| low.contains(w));
    let name = low.trim().trim_matches(['.', ':']);
    if matches!(name, "tt" | "stt" | "số tt" | "số thứ tự" | "#") {
        Column::Number
    } else if any(&["phối hợp"]) && !any(&["chủ trì"]) {
        Column::With
    } else if any(&[
        "chủ trì",
        "đơn vị thực hiện",
        "cơ quan thực hiện",
        "đơn vị chịu trách nhiệm",
        "phân công",
        "đầu mối",
        "người thực hiện",
    ]) {
        Column::Lead
    } else if any(&["thời gian", "thời hạn", "tiến độ", "hoàn thành", "hạn "]) {
        Column::Time
    } else if any(&["sản phẩm", "kết quả"]) {
        Column::Product
    } else if any(&["nhiệm vụ", "nội dung", "công việc", "hoạt động", "giải pháp", "tên "])
    {
        Column::Task
    } else if any(&["đơn vị", "cơ quan"]) && !any(&["tính"]) {
        Column::Lead
    } else {
        Column::Other
    }
}

/// A rule under the header, in text made from HTML or Markdown.
fn is_rule(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '=' | '+'))
}

/// Parts of one line from left to right, so that characters are counted once.
struct Places<'a, 'd> {
    line: &'a Line<'d>,
    byte: usize,
    chars: usize,
}

impl<'a, 'd> Places<'a, 'd> {
    fn new(line: &'a Line<'d>) -> Self {
        Self { line, byte: 0, chars: 0 }
    }

    fn add(&mut self, cell: &mut Builder, from: usize, to: usize) {
        self.chars += self.line.text.get(self.byte..from).map_or(0, |s| s.chars().count());
        self.byte = from;
        cell.line(
            self.line.text.get(from..to.max(from)).unwrap_or(""),
            self.line.offset + self.chars,
            false,
            true,
        );
    }
}

/// One row a line; a line that does not begin with a bar goes on with the last cell.
fn by_line(region: &[Line<'_>]) -> Vec<Vec<Passage>> {
    let mut rows: Vec<Vec<Builder>> = Vec::new();
    for line in region.iter().filter(|l| !is_rule(l.text)) {
        let bars: Vec<usize> = line.text.match_indices('|').map(|(i, _)| i).collect();
        let starts = line.text.starts_with('|') || rows.is_empty();
        if starts {
            rows.push(vec![Builder::default()]);
        }
        let Some(row) = rows.last_mut() else { continue };
        let mut places = Places::new(line);
        let first = usize::from(line.text.starts_with('|'));
        let mut from = first;
        for bar in bars.iter().copied().filter(|b| *b >= first).chain([line.text.len()]) {
            if let Some(cell) = row.last_mut() {
                places.add(cell, from, bar);
            }
            if bar < line.text.len() {
                row.push(Builder::default());
            }
            from = bar + 1;
        }
    }
    rows.into_iter().map(|r| r.into_iter().map(Builder::build).collect()).collect()
}

/// All cells in order, one after each bar.
fn cells(region: &[Line<'_>]) -> Vec<Passage> {
    let mut out = vec![Builder::default()];
    for line in region.iter().filter(|l| l.text == "|" || !is_rule(l.text)) {
        let mut from = 0;
        let mut places = Places::new(line);
        for bar in line.text.match_indices('|').map(|(i, _)| i).chain([line.text.len()]) {
            if let Some(cell) = out.last_mut() {
                places.add(cell, from, bar);
            }
            if bar < line.text.len() {
                out.push(Builder::default());
            }
            from = bar + 1;
        }
    }
    out.into_iter().map(Builder::build).collect()
}

/// Rows of a flattened table: a header that begins with "TT", then a row at each running number.
fn by_number(cells: Vec<Passage>) -> Vec<Vec<Passage>> {
    let Some(head) = cells.iter().position(|c| column(&c.low) == Column::Number) else {
        return Vec::new();
    };
    let mut rows: Vec<Vec<Passage>> = Vec::new();
    let mut width = usize::MAX;
    for (i, cell) in cells.into_iter().enumerate().skip(head) {
        let numbered = is_number(&cell.text);
        match rows.last_mut() {
            // A number inside a row's own cells is no new row: a row has as many cells as the header.
            Some(row) if !(numbered && (rows_filled(row) >= width.min(2) || width == usize::MAX)) => {
                if width == usize::MAX && cell.is_empty() {
                    continue;
                }
                row.push(cell);
            }
            _ if i == head || numbered => {
                if width == usize::MAX
                    && let Some(first) = rows.first()
                {
                    width = first.len();
                }
                rows.push(vec![cell]);
            }
            _ => {}
        }
    }
    rows
}

fn rows_filled(row: &[Passage]) -> usize {
    row.iter().filter(|c| !c.is_empty()).count()
}

pub(crate) fn is_number(text: &str) -> bool {
    let t = text.trim_matches(['.', ')', '(']);
    !t.is_empty()
        && t.len() <= 5
        && (t.chars().all(|c| c.is_ascii_digit() || c == '.')
            || crate::labels::roman_value(t).is_some()
            || fold::is_caps(t) && t.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines;
    use vanthu_model::Document;

    fn table(text: &str) -> Vec<(String, String, String)> {
        let doc = Document::from_text(text);
        let lines: Vec<_> = lines::read(&doc).into_iter().filter(|l| !l.furniture).collect();
        let t = |p: &Option<Passage>| p.as_ref().map(|p| p.text.clone()).unwrap_or_default();
        find(&lines)
            .into_iter()
            .flat_map(|t| t.rows)
            .map(|r| (r.task.text.clone(), t(&r.lead), t(&r.time)))
            .collect()
    }

    #[test]
    fn one_row_a_line() {
        let got = table(
            "| TT | Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|---|---|---|---|\n| I | NHÓM MỘT | | |\n| 1 | Rà soát danh mục | Sở Nội vụ | Quý I/2026 |\n| 2 | Tập huấn cán bộ | | Tháng 6/2026 |",
        );
        assert_eq!(got[0], ("Rà soát danh mục".into(), "Sở Nội vụ".into(), "Quý I/2026".into()));
        assert_eq!(got[1].1, "Sở Nội vụ");
        assert_eq!(got.len(), 2);
    }

    #[test]
    fn one_cell_a_line() {
        let got = table(
            "|\nTT\n|\nNhiệm vụ\n|\nCơ quan chủ trì\n|\nThời hạn\n|\n1\n|\nRà soát\ndanh mục\n|\nSở Nội vụ\n|\n30/6/2026\n|\n2\n|\nTập huấn cán bộ\n|\nSở Y tế\n|\nQuý II/2026\n|",
        );
        assert_eq!(got[0], ("Rà soát danh mục".into(), "Sở Nội vụ".into(), "30/6/2026".into()));
        assert_eq!(got[1].0, "Tập huấn cán bộ");
    }

    #[test]
    fn other_tables_give_no_tasks() {
        assert!(
            table("| TT | Chỉ tiêu | Đơn vị tính | Năm 2026 |\n| 1 | Số hồ sơ | hồ sơ | 12 |").is_empty()
        );
    }
}
