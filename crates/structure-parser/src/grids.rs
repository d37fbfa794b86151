//! Tables that the extractor read cell by cell: every cell says which rows and columns it covers.

use crate::labels;
use crate::lines::Line;
use crate::passage::{Builder, Passage};
use crate::tables::{self, Column, Row, Table};
use std::ops::Range;
use vanthu_model::Cell;

/// A table of fewer columns that is not one of tasks is a frame around running text, and read as such.
const FEWEST_COLUMNS: usize = 3;

/// More fields than this are not laid out.
const MOST_FIELDS: usize = 100_000;

/// Some lines of a cell: the cell may go on after a page break.
struct Piece {
    cell: Cell,
    lines: Range<usize>,
    page: u32,
}

/// The tables among `lines`.
pub fn find(lines: &[Line<'_>]) -> Vec<Table> {
    let mut out = Vec::new();
    let mut from = 0;
    while from < lines.len() {
        let number = lines.get(from).and_then(|l| l.cell).map(|c| c.table);
        let same = |l: &&Line<'_>| l.cell.map(|c| c.table) == number;
        let to = from + lines.get(from..).unwrap_or(&[]).iter().take_while(same).count().max(1);
        if number.is_some() {
            out.extend(table(lines, from..to));
        }
        from = to;
    }
    out
}

fn table(lines: &[Line<'_>], range: Range<usize>) -> Option<Table> {
    let pieces = pieces(lines, range.clone());
    let width = pieces.iter().map(|p| (p.cell.column + p.cell.column_span) as usize).max()?;
    let height = pieces.iter().map(|p| (p.cell.row + p.cell.row_span) as usize).max()?;
    if width * height > MOST_FIELDS {
        return None;
    }
    let rows = rows(lines, &pieces, width, height);
    (!rows.is_empty() || width >= FEWEST_COLUMNS).then_some(Table { lines: range, rows })
}

/// The cells in order.
fn pieces(lines: &[Line<'_>], range: Range<usize>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for i in range {
        let Some(line) = lines.get(i) else { continue };
        let Some(cell) = line.cell else { continue };
        match out.last_mut() {
            Some(p) if p.cell == cell => p.lines.end = i + 1,
            _ => out.push(Piece { cell, lines: i..i + 1, page: line.page }),
        }
    }
    out
}

/// For each field of a table, row by row, the pieces that it shows.
type Fields = Vec<Vec<usize>>;

/// The rows of a table of tasks; none where it is another.
fn rows(lines: &[Line<'_>], pieces: &[Piece], width: usize, height: usize) -> Vec<Row> {
    // A cell is shown by all rows it covers, and by the first of its columns: a title over several columns is not the
    // text of each.
    let mut fields: Fields = vec![Vec::new(); width * height];
    for (i, p) in pieces.iter().enumerate() {
        for row in p.cell.row..p.cell.row + p.cell.row_span {
            if let Some(field) = fields.get_mut(row as usize * width + p.cell.column as usize) {
                field.push(i);
            }
        }
    }
    let grid = laid_out(lines, pieces, &fields, width);
    let Some((head, columns)) = head(&grid) else { return Vec::new() };
    let mut grid = if rejoin(&mut fields, &grid, pieces, head, &columns) {
        laid_out(lines, pieces, &fields, width)
    } else {
        grid
    };
    grid.drain(..head);
    let mut rows = tables::rows(grid);
    // A task beside several rows of one unit is one task.
    rows.dedup_by(|below, above| {
        let place = |p: &Passage| p.spans(0, p.text.len());
        let lead = |r: &Row| r.lead.as_ref().map(place);
        let same = place(&above.task) == place(&below.task) && lead(above) == lead(below);
        if same {
            above.with = above.with.take().or(below.with.take());
            above.time = above.time.take().or(below.time.take());
            above.product = above.product.take().or(below.product.take());
        }
        same
    });
    rows
}

fn laid_out(lines: &[Line<'_>], pieces: &[Piece], fields: &Fields, width: usize) -> Vec<Vec<Passage>> {
    let passage = |field: &Vec<usize>| {
        let mut b = Builder::default();
        for (n, p) in field.iter().filter_map(|i| pieces.get(*i)).enumerate() {
            for (k, l) in lines.get(p.lines.clone()).unwrap_or(&[]).iter().enumerate() {
                b.line(l.text, l.offset, false, l.cut || n > 0 && k == 0);
            }
        }
        b.build()
    };
    fields.chunks(width.max(1)).map(|row| row.iter().map(passage).collect()).collect()
}

/// The row that names the columns, and what they hold. Of a head of several rows that is the last: cells that cover
/// all of them show there too.
fn head(grid: &[Vec<Passage>]) -> Option<(usize, Vec<Column>)> {
    let columns = |i: usize| grid.get(i).and_then(|r| tables::header(r));
    let first = (0..grid.len().min(HEAD_ROWS)).find(|i| columns(*i).is_some())?;
    let shared = |i: usize| {
        let cells = grid.get(i).zip(grid.get(i + 1)).map(|(a, b)| a.iter().zip(b)).into_iter().flatten();
        cells.into_iter().any(|(a, b)| !a.is_empty() && a.spans(0, a.text.len()) == b.spans(0, b.text.len()))
    };
    let mut last = first;
    while shared(last) && columns(last + 1).is_some() {
        last += 1;
    }
    Some((last, columns(last)?))
}

/// The head of a table stands among its first rows.
const HEAD_ROWS: usize = 12;

/// Gives the first row of a page back to the last row of the page before where a row is broken between them. Says
/// whether any was.
fn rejoin(
    fields: &mut Fields,
    grid: &[Vec<Passage>],
    pieces: &[Piece],
    head: usize,
    columns: &[Column],
) -> bool {
    let width = columns.len();
    let page = |row: usize| {
        let begins = pieces.iter().filter(|p| p.cell.row as usize == row);
        begins.map(|p| p.page).min()
    };
    let number = |row: usize| -> Option<u32> {
        let at = columns.iter().position(|c| *c == Column::Number)?;
        grid.get(row)?.get(at)?.text.trim_matches(['.', ')', '(']).parse().ok()
    };
    let (mut above, mut above_page) = (None, page(head));
    let mut joined = false;
    for row in head + 1..grid.len() {
        let Some(cells) = grid.get(row).filter(|r| r.iter().any(|c| !c.is_empty())) else { continue };
        if tables::header(cells).is_some() {
            continue;
        }
        let here = page(row);
        let turns = here.is_some() && above_page.is_some() && here != above_page;
        above_page = here.or(above_page);
        let Some(target) = above.filter(|_| turns) else {
            above = Some(row);
            continue;
        };
        // Where the next number is missing it was not read, and the row is one of its own.
        let lost = number(target).zip(number(row + 1)).is_some_and(|(a, b)| b == a + 2);
        if lost || !goes_on(cells, columns, pieces) {
            above = Some(row);
            continue;
        }
        for column in 0..width {
            let more = fields.get_mut(row * width + column).map(std::mem::take).unwrap_or_default();
            if let Some(field) = fields.get_mut(target * width + column) {
                field.extend(more);
            }
        }
        joined = true;
    }
    joined
}

/// Whether the first row of a page looks like the rest of the row before: it has no number. Where numbers stand for
/// several rows, it says neither who nor when, or begins within a sentence and does not say when; where there are none,
/// it begins within a sentence.
fn goes_on(cells: &[Passage], columns: &[Column], pieces: &[Piece]) -> bool {
    let cell = |kind: Column| columns.iter().zip(cells).find(|(c, _)| **c == kind).map(|(_, p)| p);
    let empty = |kind: Column| cell(kind).is_none_or(Passage::is_empty);
    let within = cell(Column::Task)
        .is_some_and(|p| p.text.starts_with(char::is_lowercase) && labels::find(&p.text).is_none());
    let Some(at) = columns.iter().position(|c| *c == Column::Number) else {
        return within || empty(Column::Task);
    };
    let shared = pieces.iter().any(|p| p.cell.column as usize == at && p.cell.row_span > 1 && p.cell.row > 0);
    empty(Column::Number) && (!shared || empty(Column::Time) && (within || empty(Column::Lead)))
}

#[cfg(test)]
mod tests {
    use crate::lines;
    use crate::passage::Passage;
    use crate::tables;
    use vanthu_model::{Block, BlockKind, Cell, Document};

    /// A cell: row, column, rows and columns covered, text.
    type Sample<'t> = (u32, u32, u32, u32, &'t str);

    /// A document of pages of cells.
    fn document(pages: &[&[Sample<'_>]]) -> Document {
        let mut doc = Document::default();
        for (i, cells) in pages.iter().enumerate() {
            let mut page = vanthu_model::Page { number: i as u32 + 1, ..Default::default() };
            for (row, column, row_span, column_span, text) in *cells {
                let mut block: Block = Document::from_text(text).pages.remove(0).blocks.remove(0);
                let (row, column) = (*row, *column);
                block.kind = BlockKind::Table;
                block.cell =
                    Some(Cell { table: 1, row, column, row_span: *row_span, column_span: *column_span });
                page.blocks.push(block);
            }
            doc.pages.push(page);
        }
        doc.rebuild();
        doc
    }

    fn rows(doc: &Document) -> Vec<[String; 4]> {
        let lines: Vec<_> = lines::read(doc).into_iter().filter(|l| !l.furniture).collect();
        let t = |p: &Option<Passage>| p.as_ref().map(|p| p.text.clone()).unwrap_or_default();
        let found = tables::find(&lines);
        let rows = found.into_iter().flat_map(|t| t.rows);
        rows.map(|r| [r.task.text.clone(), t(&r.lead), t(&r.with), t(&r.time)]).collect()
    }

    const HEAD: [(u32, u32, u32, u32, &str); 5] = [
        (0, 0, 1, 1, "TT"),
        (0, 1, 1, 1, "Nhiệm vụ"),
        (0, 2, 1, 1, "Chủ trì"),
        (0, 3, 1, 1, "Phối hợp"),
        (0, 4, 1, 1, "Thời hạn"),
    ];

    #[test]
    fn cells_are_put_where_they_say() {
        let mut page = HEAD.to_vec();
        page.extend([
            (1, 0, 1, 5, "I. VIỆC CHUNG"),
            (2, 1, 1, 1, "Kiểm kê hiện vật\ntrong kho"),
            (2, 2, 2, 1, "Phòng Nghiệp vụ"),
            (2, 4, 1, 1, "Tháng 5/2027"),
            (3, 1, 1, 1, "Sửa mái nhà kho"),
            (3, 3, 1, 1, "Văn phòng Sở"),
            (3, 4, 1, 1, "Quý II/2027"),
        ]);
        let got = rows(&document(&[&page]));
        assert_eq!(got.len(), 2);
        assert_eq!(got[0], ["Kiểm kê hiện vật trong kho", "Phòng Nghiệp vụ", "", "Tháng 5/2027"]);
        assert_eq!(got[1], ["Sửa mái nhà kho", "Phòng Nghiệp vụ", "Văn phòng Sở", "Quý II/2027"]);
    }

    #[test]
    fn a_page_with_a_table_alone_is_not_empty() {
        let mut page = HEAD.to_vec();
        page.extend([(1, 0, 1, 1, "1"), (1, 1, 1, 1, "Kiểm kê hiện vật"), (1, 2, 1, 1, "Phòng Nghiệp vụ")]);
        let told = |pages: &[&[Sample<'_>]]| {
            crate::parse(&document(pages)).diagnostics.iter().any(|d| d.code == "empty_body")
        };
        assert!(!told(&[&page]));
        assert!(told(&[&[]]));
    }

    #[test]
    fn of_a_head_of_two_rows_the_lower_counts() {
        let got = rows(&document(&[&[
            (0, 0, 2, 1, "TT"),
            (0, 1, 2, 1, "Nội dung"),
            (0, 2, 1, 2, "Đơn vị thực hiện"),
            (0, 4, 2, 1, "Thời gian"),
            (1, 2, 1, 1, "Phối hợp"),
            (1, 3, 1, 1, "Chủ trì"),
            (2, 0, 1, 1, "1"),
            (2, 1, 1, 1, "Kiểm kê hiện vật"),
            (2, 2, 1, 1, "Các bảo tàng"),
            (2, 3, 1, 1, "Phòng Nghiệp vụ"),
            (2, 4, 1, 1, "Quý I/2027"),
        ]]));
        assert_eq!(got, [["Kiểm kê hiện vật", "Phòng Nghiệp vụ", "Các bảo tàng", "Quý I/2027"]]);
    }

    #[test]
    fn a_row_broken_by_the_page_is_one_and_a_head_repeated_is_none() {
        let mut first = HEAD.to_vec();
        first.extend([
            (1, 0, 1, 1, "1"),
            (1, 1, 1, 1, "Kiểm kê hiện vật"),
            (1, 2, 1, 1, "Phòng Nghiệp vụ"),
            (1, 4, 1, 1, "Quý I/2027"),
        ]);
        let mut second: Vec<_> = HEAD.iter().map(|c| (2, c.1, c.2, c.3, c.4)).collect();
        second.extend([
            (3, 1, 1, 1, "trong các kho"),
            (4, 0, 1, 1, "2"),
            (4, 1, 1, 1, "Sửa mái nhà kho"),
            (4, 2, 1, 1, "Văn phòng Sở"),
        ]);
        let got = rows(&document(&[&first, &second]));
        assert_eq!(got.len(), 2, "{got:?}");
        assert_eq!(got[0], ["Kiểm kê hiện vật trong các kho", "Phòng Nghiệp vụ", "", "Quý I/2027"]);
        // With the number that follows missing, it was not read.
        let lost: Vec<_> =
            second.iter().map(|c| if c.4 == "2" { (c.0, c.1, c.2, c.3, "3") } else { *c }).collect();
        assert_eq!(rows(&document(&[&first, &lost]))[0][0], "Kiểm kê hiện vật");
    }

    #[test]
    fn a_row_under_a_shared_number_goes_on_where_its_sentence_does() {
        let mut first = HEAD.to_vec();
        first.extend([
            (1, 0, 2, 1, "1"),
            (1, 1, 1, 1, "Kiểm kê hiện vật"),
            (1, 2, 1, 1, "Phòng Nghiệp vụ"),
            (1, 4, 1, 1, "Quý I/2027"),
            (2, 1, 1, 1, "Sửa mái"),
            (2, 2, 1, 1, "Phòng Kế toán;"),
            (2, 4, 1, 1, "Quý II/2027"),
        ]);
        let second = [(3, 1, 1, 1, "nhà kho"), (3, 2, 1, 1, "Văn phòng Sở")];
        let got = rows(&document(&[&first, &second]));
        assert_eq!(got.len(), 2, "{got:?}");
        assert_eq!(got[1], ["Sửa mái nhà kho", "Phòng Kế toán; Văn phòng Sở", "", "Quý II/2027"]);
        // A row of its own has its own unit, with a letter before it or not.
        for text in ["Thay cửa", "b) Thay cửa"] {
            let other = [(3, 1, 1, 1, text), (3, 2, 1, 1, "Văn phòng Sở")];
            assert_eq!(rows(&document(&[&first, &other])).len(), 3, "{text}");
        }
    }

    #[test]
    fn page_turns_make_no_furniture_of_numbers_in_cells() {
        let first = HEAD;
        let second = [(1, 0, 1, 1, "1"), (1, 1, 1, 1, "Kiểm kê hiện vật"), (1, 2, 1, 1, "Phòng Nghiệp vụ")];
        let doc = document(&[&first, &second]);
        assert!(lines::read(&doc).iter().all(|l| !l.furniture));
        assert_eq!(rows(&doc).len(), 1);
    }

    #[test]
    fn other_tables_are_no_running_text_and_frames_are() {
        let doc = document(&[&[(0, 0, 1, 1, "Năm"), (0, 1, 1, 1, "Số hồ sơ"), (0, 2, 1, 1, "Ghi chú")]]);
        let all = lines::read(&doc);
        let found = tables::find(&all);
        assert_eq!((found[0].lines.clone(), found[0].rows.len()), (0..3, 0));
        let doc = document(&[&[(0, 0, 1, 1, "Một khung chữ"), (0, 1, 1, 1, "và một khung nữa")]]);
        assert!(tables::find(&lines::read(&doc)).is_empty());
    }
}
