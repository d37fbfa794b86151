use console::{measure_text_width, truncate_str};
use std::borrow::Cow;

/// Between two columns.
const GAP: usize = 2;

/// A table for a terminal: cells are cut where a row would be wider than the terminal. Widths are those of
/// the terminal, where a letter with its marks takes one column whatever its number of characters.
#[derive(Debug)]
pub struct Table {
    heads: Vec<&'static str>,
    /// What a column gets of the width when all want more, in parts of their sum.
    shares: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns: head and share.
    pub fn new(columns: &[(&'static str, usize)]) -> Self {
        Self {
            heads: columns.iter().map(|c| c.0).collect(),
            shares: columns.iter().map(|c| c.1).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; white space and control characters in cells are folded to blanks.
    pub fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|c| pipeline::one_line(&c)).collect());
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The table in `width` columns, a line a row.
    pub fn render(&self, width: usize) -> String {
        let widths = self.widths(width.saturating_sub(GAP * self.heads.len().saturating_sub(1)));
        let mut out = String::new();
        let heads: Vec<String> = self.heads.iter().map(|h| h.to_string()).collect();
        let rule: Vec<String> = widths.iter().map(|w| "─".repeat(*w)).collect();
        for row in [&heads, &rule].into_iter().chain(&self.rows) {
            let mut text = String::new();
            for (cell, &width) in row.iter().zip(&widths) {
                let cell: Cow<'_, str> = truncate_str(cell, width, "…");
                let pad = width.saturating_sub(measure_text_width(&cell)) + GAP;
                text.push_str(&cell);
                text.extend(std::iter::repeat_n(' ', pad));
            }
            out.push_str(text.trim_end());
            out.push('\n');
        }
        out
    }

    /// Shares `room` out: a column that wants less than its share leaves the rest to the others.
    fn widths(&self, room: usize) -> Vec<usize> {
        let wanted: Vec<usize> = (0..self.heads.len())
            .map(|i| {
                let cells = self.rows.iter().filter_map(|r| r.get(i)).map(|c| measure_text_width(c));
                cells.chain(self.heads.get(i).map(|h| measure_text_width(h))).max().unwrap_or(0)
            })
            .collect();
        let mut widths = vec![None; wanted.len()];
        let mut room = room;
        loop {
            let shares: usize = open(&widths, &self.shares).map(|(_, s)| s).sum();
            let content: Vec<usize> = open(&widths, &self.shares)
                .filter(|&(i, s)| wanted[i] * shares <= room * s)
                .map(|(i, _)| i)
                .collect();
            if content.is_empty() {
                let rest = room;
                return (0..wanted.len())
                    .map(|i| widths[i].unwrap_or_else(|| (rest * self.shares[i] / shares.max(1)).max(1)))
                    .collect();
            }
            for i in content {
                widths[i] = Some(wanted[i]);
                room = room.saturating_sub(wanted[i]);
            }
        }
    }
}

/// The columns without a width yet, with their shares.
fn open<'a>(widths: &'a [Option<usize>], shares: &'a [usize]) -> impl Iterator<Item = (usize, usize)> + 'a {
    widths.iter().zip(shares).enumerate().filter(|(_, (w, _))| w.is_none()).map(|(i, (_, &s))| (i, s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fit_the_terminal_and_columns_stand_below_each_other() {
        let mut table = Table::new(&[("unit", 1), ("task", 3)]);
        table.push([
            "Sở A".to_string(),
            "Rà soát,\nđơn giản hóa thủ tục hành chính trong lĩnh vực quản lý".to_string(),
        ]);
        table.push(["Phòng Kế hoạch".to_string(), "Báo cáo".to_string()]);
        let text = table.render(40);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|l| measure_text_width(l) <= 40), "{text}");
        assert!(lines[2].contains("Rà soát, đơn") && lines[2].ends_with('…'), "{text}");
        let at = |line: &str, word: &str| measure_text_width(&line[..line.find(word).unwrap()]);
        assert_eq!(at(lines[0], "task"), at(lines[3], "Báo"));
    }
}
