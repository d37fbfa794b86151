//! Tables come out cell by cell, from PDF files made here, with ruling lines and without.

#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use extractor::{Extractor, Options};
use std::fmt::Write;
use vanthu_model::{BlockKind, Document};

/// A PDF file with a page for each of `contents`, which may use the font F1, Helvetica.
fn pdf(contents: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..contents.len()).map(|i| format!("{} 0 R", 4 + 2 * i)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), kids.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    for (i, content) in contents.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>",
            5 + 2 * i
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let mut file = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", i + 1).unwrap();
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for offset in offsets {
        writeln!(file, "{offset:010} 00000 n ").unwrap();
    }
    let size = objects.len() + 1;
    write!(file, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").unwrap();
    file.into_bytes()
}

/// Lines of `text` from (x, y) downwards, in points from the page's bottom left.
fn text(x: f32, y: f32, text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|l| format!("({l}) Tj 0 -13 Td")).collect();
    format!("BT /F1 11 Tf {x} {y} Td {} ET\n", lines.join(" "))
}

const XS: [f32; 5] = [70.0, 100.0, 260.0, 400.0, 520.0];

/// The text of a table whose rows are 40 points high, from `top` downwards, with text above and below.
fn rows(top: f32, rows: &[[&str; 4]]) -> String {
    spaced(top, 40.0, rows)
}

/// The same with rows of another height.
fn spaced(top: f32, height: f32, rows: &[[&str; 4]]) -> String {
    let mut out =
        text(70.0, top + 30.0, "The table below tells who does what, and by which day of the year.");
    for (i, row) in rows.iter().enumerate() {
        for (cell, x) in row.iter().zip(XS) {
            out += &text(x + 4.0, top - 14.0 - height * i as f32, cell);
        }
    }
    let bottom = top - height * rows.len() as f32;
    out + &text(
        70.0,
        bottom - 40.0,
        "Below the table the text goes on over the whole width of the page as before.",
    )
}

/// The ruling lines of such a table: strokes along the rows, thin filled boxes along the columns.
fn ruling(top: f32, rows: usize) -> String {
    let height = 40.0 * rows as f32;
    let mut out = "0.5 w\n".to_owned();
    for i in 0..=rows {
        let y = top - 40.0 * i as f32;
        writeln!(out, "{} {y} m {} {y} l S", XS[0], XS[4]).unwrap();
    }
    for x in XS {
        writeln!(out, "{x} {} 0.5 {height} re f", top - height).unwrap();
    }
    out
}

const ROWS: [[&str; 4]; 4] = [
    ["No", "What", "Who", "When"],
    ["1", "Count the boats\nin the port", "Port office", "30/6/2027"],
    ["2", "Mend the quay", "Office of works\nand roads", "Quarter 3"],
    ["3", "Report", "", "31/12/2027"],
];

fn read(contents: &[String]) -> Document {
    let document =
        Extractor::new(Options::default()).unwrap().extract(&pdf(contents), "a.pdf").unwrap().document;
    document.check().unwrap();
    document
}

/// Table, row, column and text of each cell in reading order.
fn cells(document: &Document) -> Vec<(u32, u32, u32, String)> {
    let blocks = document.pages.iter().flat_map(|p| &p.blocks).filter(|b| b.kind == BlockKind::Table);
    let text = |b: &vanthu_model::Block| {
        let words = b.lines.iter().flat_map(|l| &l.words).map(|w| w.text.as_str());
        words.collect::<Vec<_>>().join(" ")
    };
    blocks.map(|b| (b.cell.unwrap().table, b.cell.unwrap().row, b.cell.unwrap().column, text(b))).collect()
}

fn expected(table: u32, first: u32, rows: &[[&str; 4]]) -> Vec<(u32, u32, u32, String)> {
    let mut out = Vec::new();
    for (row, r) in (first..).zip(rows) {
        for (column, cell) in (0..).zip(r).filter(|(_, c)| !c.is_empty()) {
            out.push((table, row, column, cell.replace('\n', " ")));
        }
    }
    out
}

#[test]
fn a_ruled_table_is_read_cell_by_cell() {
    let document = read(&[rows(700.0, &ROWS) + &ruling(700.0, 4)]);
    assert_eq!(cells(&document), expected(1, 0, &ROWS));
    let blocks = &document.pages[0].blocks;
    assert_eq!(blocks.first().unwrap().kind, BlockKind::Text);
    assert_eq!(blocks.last().unwrap().kind, BlockKind::Text);
    let (name, cell) = (&blocks[1].lines[0].words[0].text, blocks[1].bbox.unwrap());
    assert_eq!(name, "No");
    assert!((cell.x0 - 70.0).abs() < 1.0 && (cell.y1 - cell.y0 - 40.0).abs() < 1.0, "{cell:?}");
}

#[test]
fn a_table_without_rules_is_read_cell_by_cell() {
    let document = read(&[spaced(700.0, 24.0, &ROWS)]);
    assert_eq!(cells(&document), expected(1, 0, &ROWS));
}

#[test]
fn a_table_goes_on_over_the_page() {
    // The last row alone was read as lines across the page, and its task was lost.
    for (before, rest) in [ROWS.split_at(2), ROWS.split_at(3)] {
        let first = ruling(160.0, before.len())
            + &rows(160.0, before)
                .replace("Below the table", "")
                .replace("the text goes on over the whole width of the page as before.", "");
        let second = ruling(780.0, rest.len())
            + &rows(780.0, rest)
                .replace("The table below tells who does what, and by which day of the year.", "");
        let document = read(&[first, second]);
        let mut all = expected(1, 0, before);
        all.extend(expected(1, before.len() as u32, rest));
        assert_eq!(cells(&document), all);
    }
}

#[test]
fn a_frame_around_text_is_no_table() {
    let frame = "1 w\n60 600 475 150 re S\n60 680 475 0.5 re f\n";
    let document = read(&[frame.to_owned()
        + &text(70.0, 730.0, "Words in a frame\nand more words")
        + &text(70.0, 660.0, "below")]);
    assert!(cells(&document).is_empty());
    assert_eq!(document.words().count(), 8);
}
