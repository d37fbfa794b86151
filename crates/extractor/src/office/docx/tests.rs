//! DOCX files made here.

#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use super::*;
use crate::office::testing::zipped;
use vanthu_model::{Cause, Document};

/// A DOCX file with this body and these further parts, each with the last word of its relation's type.
fn docx(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    let relations: String = parts
        .iter()
        .enumerate()
        .map(|(i, (kind, _))| {
            format!("<Relationship Id='r{i}' Type='http://x/{kind}' Target='{kind}{i}.xml'/>")
        })
        .collect();
    let relations = format!("<Relationships>{relations}</Relationships>");
    let mut all = vec![
        (
            "_rels/.rels".to_owned(),
            "<Relationships><Relationship Id='r' Type='http://x/officeDocument' Target='/word/document.xml'/></Relationships>"
                .to_owned(),
        ),
        ("word/document.xml".to_owned(), document),
        ("word/_rels/document.xml.rels".to_owned(), relations),
    ];
    for (i, (kind, content)) in parts.iter().enumerate() {
        all.push((format!("word/{kind}{i}.xml"), (*content).to_owned()));
    }
    zipped(&all.iter().map(|(n, c)| (n.as_str(), c.as_str())).collect::<Vec<_>>())
}

fn document(file: &[u8]) -> Document {
    let (document, _) = read(file, &Limits::default()).unwrap().finish().unwrap();
    document.check().unwrap();
    document
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn paragraphs_tabs_and_breaks() {
    let body = "<w:p><w:r><w:t>Số:</w:t><w:tab/><w:t xml:space='preserve'> 7 </w:t></w:r><w:r><w:br/><w:t>dòng</w:t>\
                </w:r></w:p><w:p><w:r><w:br w:type='page'/><w:t>trang hai</w:t></w:r></w:p>\
                <w:p><w:del><w:r><w:delText>bỏ</w:delText><w:t>bỏ</w:t></w:r></w:del><w:ins><w:r><w:t>thêm</w:t></w:r></w:ins></w:p>";
    let d = document(&docx(body, &[]));
    assert_eq!(d.text, "Số: 7\ndòng\n\u{c}trang hai\n\nthêm\n");
    assert_eq!(d.pages.len(), 2);
}

#[test]
fn labels_of_lists_are_restored() {
    let numbering = "<w:numbering><w:abstractNum w:abstractNumId='4'>\
        <w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='upperRoman'/><w:lvlText w:val='%1.'/></w:lvl>\
        <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='%2)'/></w:lvl>\
        </w:abstractNum><w:num w:numId='9'><w:abstractNumId w:val='4'/></w:num>\
        <w:num w:numId='3'><w:abstractNumId w:val='4'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num></w:numbering>";
    let styles = "<w:styles><w:style w:type='paragraph' w:styleId='H'><w:pPr><w:numPr><w:numId w:val='9'/></w:numPr></w:pPr></w:style></w:styles>";
    let item =
        |list: &str, text: &str| format!("<w:p><w:pPr>{list}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>");
    let own = "<w:numPr><w:ilvl w:val='1'/><w:numId w:val='9'/></w:numPr>";
    let body = item("<w:pStyle w:val='H'/>", "Mục tiêu")
        + &item(own, "Chung")
        + &item(own, "Riêng")
        + &item("<w:pStyle w:val='H'/>", "Nhiệm vụ")
        + &item("<w:numPr><w:numId w:val='3'/></w:numPr>", "Khác");
    let d = document(&docx(&body, &[("numbering", numbering), ("styles", styles)]));
    assert_eq!(d.text, "I. Mục tiêu\n\na) Chung\n\nb) Riêng\n\nII. Nhiệm vụ\n\nV. Khác\n");
}

#[test]
fn merged_cells_tell_what_they_cover() {
    let cell = |set: &str, text: &str| format!("<w:tc><w:tcPr>{set}</w:tcPr>{}</w:tc>", p(text));
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let body = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row(&[cell("<w:gridSpan w:val='2'/>", "Việc"), cell("", "Đơn vị")]),
        row(&[cell("", "1"), cell("", "Rà soát"), cell("<w:vMerge w:val='restart'/>", "Phòng A")]),
        row(&[cell("", "2"), cell("", "Báo cáo"), cell("<w:vMerge/>", "")]),
    );
    let d = document(&docx(&body, &[]));
    let cells: Vec<_> = d.pages[0].blocks.iter().filter_map(|b| b.cell).collect();
    let places: Vec<_> = cells.iter().map(|c| (c.row, c.column, c.row_span, c.column_span)).collect();
    let expected =
        [(0, 0, 1, 2), (0, 2, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1), (1, 2, 2, 1), (2, 0, 1, 1), (2, 1, 1, 1)];
    assert_eq!(places, expected);
}

#[test]
fn tables_notes_and_heads() {
    let row = |cells: &[&str]| {
        let cells: String = cells.iter().map(|c| format!("<w:tc>{}</w:tc>", p(c))).collect();
        format!("<w:tr>{cells}</w:tr>")
    };
    let body = format!(
        "<w:tbl>{}</w:tbl><w:p><w:r><w:t>Theo</w:t><w:footnoteReference w:id='2'/></w:r></w:p><w:tbl>{}{}</w:tbl>",
        row(&["SỞ THỦY LỢI", "Độc lập - Tự do - Hạnh phúc"]),
        row(&["TT", "Việc", "Hạn"]),
        row(&["1", "", "Quý I"]),
    );
    let notes = format!(
        "<w:footnotes><w:footnote w:type='separator' w:id='-1'>{}</w:footnote><w:footnote w:id='2'>{}</w:footnote></w:footnotes>",
        p("-"),
        p("Ghi chú")
    );
    let head = format!("<w:hdr>{}</w:hdr>", p("Dự thảo"));
    let d = document(&docx(&body, &[("footnotes", &notes), ("header", &head)]));
    let blocks: Vec<(BlockKind, String)> = d.pages[0]
        .blocks
        .iter()
        .map(|b| {
            (
                b.kind,
                b.lines.iter().flat_map(|l| &l.words).map(|w| w.text.as_str()).collect::<Vec<_>>().join(" "),
            )
        })
        .collect();
    let kinds: Vec<BlockKind> = blocks.iter().map(|b| b.0).collect();
    use BlockKind::{Footnote, Furniture, HeadLeft, HeadRight, Table, Text};
    assert_eq!(kinds, [Furniture, HeadLeft, HeadRight, Text, Table, Table, Table, Table, Table, Footnote]);
    assert_eq!(blocks[3].1, "Theo²");
    assert_eq!(blocks[9].1, "² Ghi chú");
}

#[test]
fn fonts_capitals_signs_and_boxes() {
    let body = "<w:p><w:r><w:rPr><w:rFonts w:ascii='.VnTimeH' w:hAnsi='.VnTimeH'/></w:rPr><w:t>së thñy lîi</w:t></w:r></w:p>\
        <w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>kế hoạch</w:t></w:r><w:r><w:sym w:font='Symbol' w:char='F0B3'/></w:r>\
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r></w:p>\
        <w:p><w:r><w:t>Neo</w:t></w:r><w:r><mc:AlternateContent xmlns:mc='m'><mc:Choice><w:txbxContent><w:p><w:r><w:t>Hộp</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
        <mc:Fallback><w:txbxContent><w:p><w:r><w:t>Hộp</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent><w:t> tiếp</w:t></w:r></w:p>";
    let d = document(&docx(body, &[]));
    assert_eq!(d.text, "SỞ THỦY LỢI\n\nKẾ HOẠCH≥\n\nHộp\n\nNeo tiếp\n");
}

#[test]
fn bad_files_have_causes() {
    let file = docx(&p("Chào"), &[]);
    let limits = Limits::default();
    let cause = |bytes: &[u8]| read(bytes, &limits).unwrap_err().cause();
    assert_eq!(cause(&file[..file.len() * 2 / 3]), Cause::Damaged);
    assert_eq!(cause(&zipped(&[("word/other.xml", "")])), Cause::Damaged);
    assert_eq!(cause(&zipped(&[("word/document.xml", "<w:document><w:p>")])), Cause::Damaged);
    let small = Limits { max_stream_bytes: 64, ..Limits::default() };
    assert_eq!(read(&file, &small).unwrap_err().cause(), Cause::TooLarge);
    let little = Limits { max_text_bytes: 3, ..Limits::default() };
    assert_eq!(read(&file, &little).unwrap_err().cause(), Cause::TooLarge);
}

/// A scan pasted into a document was lost without a word.
#[test]
fn pictures_that_may_hold_print_are_told() {
    let remarks = |points: u32| {
        let size = points * 12_700;
        let drawing = format!(
            "<w:p><w:r><w:drawing><wp:inline xmlns:wp='p' xmlns:a='a'><wp:extent cx='{size}' cy='{size}'/>\
             <a:blip/></wp:inline></w:drawing></w:r></w:p>"
        );
        let file = docx(&(p("Phòng Thủy lợi") + &drawing), &[]);
        let (_, remarks) = read(&file, &Limits::default()).unwrap().finish().unwrap();
        remarks.iter().map(|d| d.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(remarks(400), ["picture_not_read"]);
    assert!(remarks(60).is_empty(), "an emblem");
}
