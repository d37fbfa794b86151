//! Outputs that are a file a record, held against files that a person can read.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;
use common::{PAGE, Pages, golden, record};
use export::{
    ExportError, Format, Item, Source, Staging, write_alto, write_document, write_hocr, write_html,
    write_markdown, write_pdf,
};
use lopdf::{Document, Object};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::fs;
use std::path::Path;
use vanthu_model::Record;

fn item(record: &Record) -> Item<'_> {
    Item { record, file: Path::new("x.json"), output: "x.json", link: None }
}

fn html(record: &Record) -> String {
    let mut out = Vec::new();
    write_html(&mut out, &item(record), Ok(&Pages)).unwrap();
    String::from_utf8(out).unwrap()
}

/// The texts and the names of an XML file; fails where it is not well-formed.
fn parsed(xml: &[u8]) -> Vec<String> {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = true;
    let mut seen = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return seen,
            Event::Start(e) | Event::Empty(e) => {
                seen.push(e.name().as_ref().to_string());
                e.attributes().for_each(|a| drop(a.unwrap()));
            }
            _ => {}
        }
    }
}

#[test]
fn alto_says_where_each_word_stands_and_what_was_read() {
    let mut out = Vec::new();
    write_alto(&mut out, &record()).unwrap();
    golden("plan.alto.xml", &out);
    let names = parsed(&out);
    let words = record().document.words().map(|w| w.text.split(' ').count()).sum::<usize>();
    assert_eq!(names.iter().filter(|n| *n == "String").count(), words);
    assert_eq!(names.iter().filter(|n| *n == "ALTERNATIVE").count(), 4);
}

#[test]
fn hocr_says_where_each_word_stands_and_what_was_read() {
    let mut out = Vec::new();
    write_hocr(&mut out, &record()).unwrap();
    golden("plan.hocr", &out);
    parsed(&out);
}

#[test]
fn markdown_reads_as_the_document_does() {
    let mut out = Vec::new();
    write_markdown(&mut out, &item(&record())).unwrap();
    golden("plan.md", &out);
}

#[test]
fn the_report_is_one_file_that_marks_what_was_changed() {
    let page = html(&record());
    golden("plan.html", page.as_bytes());
    assert_eq!(page.matches("<img src=\"data:image/jpeg;base64,").count(), 2);
    // A changed number is to be looked at first.
    assert!(page.contains(
        "<mark class=\"digits\" data-word=\"1\" title=\"đọc được: 4T/KH-STV · model · 91 %\">47/KH-STV</mark>"
    ));
    assert!(page.contains("id=\"task-2\" href=\"#row-2\"") && page.contains("href=\"#task-2\""));
    assert!(!page.contains("http"), "the report asks for nothing from outside");
}

#[test]
fn nothing_that_was_read_becomes_markup() {
    let mut record = record();
    let nasty = "</title><script>alert(1)</script>\u{1}\"'&{{7*7}}";
    record.directive.metadata.subject = Some(nasty.into());
    record.directive.metadata.symbol = Some(nasty.into());
    record.directive.tasks[0].text = nasty.into();
    record.diagnostics[0].message = nasty.into();
    record.source.path = format!("{nasty}.png");
    let page = &mut record.document.pages[0];
    page.blocks[0].lines[0].words[0].text = nasty.into();
    page.blocks[0].lines[0].words[1].raw = nasty.into();
    let page = html(&record);
    // One script: our own.
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("alert(1)</script>") && page.contains("{{7*7}}"));
    let (mut alto, mut hocr) = (Vec::new(), Vec::new());
    write_alto(&mut alto, &record).unwrap();
    write_hocr(&mut hocr, &record).unwrap();
    assert!(!parsed(&alto).iter().chain(&parsed(&hocr)).any(|name| name == "script"));
}

#[test]
fn a_report_without_its_source_says_so_and_is_whole() {
    let record = record();
    let mut out = Vec::new();
    let made = write_html(&mut out, &item(&record), Err("it is gone"));
    assert!(matches!(made, Err(ExportError::Source(reason)) if reason == "it is gone"));
    let page = String::from_utf8(out).unwrap();
    assert!(page.contains("Không có ảnh trang: it is gone") && page.ends_with("</html>\n"), "{page}");
}

fn pdf(record: &Record, source: &dyn Source) -> Document {
    let mut out = Vec::new();
    write_pdf(&mut out, &item(record), Ok(source)).unwrap();
    Document::load_mem(&out).unwrap()
}

/// The words of a page of a PDF, through its map to Unicode.
fn words(document: &Document, page: u32) -> Vec<String> {
    document.extract_text(&[page]).unwrap().split_whitespace().map(str::to_owned).collect()
}

fn wanted(record: &Record, page: usize) -> Vec<String> {
    let lines = record.document.pages[page].blocks.iter().flat_map(|b| &b.lines);
    lines.flat_map(|l| &l.words).flat_map(|w| w.text.split(' ')).map(str::to_owned).collect()
}

#[test]
fn pictures_become_pages_with_the_repaired_text() {
    let record = record();
    let document = pdf(&record, &Pages);
    assert_eq!(words(&document, 1).concat(), wanted(&record, 0).concat());
    assert_eq!(words(&document, 2).concat(), wanted(&record, 1).concat());
    let page = document.get_dictionary(document.page_iter().next().unwrap()).unwrap();
    let sides: Vec<f32> =
        page.get(b"MediaBox").unwrap().as_array().unwrap().iter().map(|v| v.as_float().unwrap()).collect();
    assert_eq!(sides, [0.0, 0.0, PAGE.0, PAGE.1]);
    // What an archive asks for.
    let catalog = document.catalog().unwrap();
    let metadata = catalog.get(b"Metadata").and_then(Object::as_reference).unwrap();
    let xmp = document.get_object(metadata).unwrap().as_stream().unwrap().get_plain_content().unwrap();
    let xmp = String::from_utf8(xmp).unwrap();
    assert!(xmp.contains("<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"), "{xmp}");
    assert!(catalog.has(b"OutputIntents") && document.trailer.has(b"ID"));
}

/// A PDF of one page whose content is given, with a font that is nowhere embedded.
struct Made(Vec<u8>);

impl Made {
    fn new(content: &str) -> Self {
        use lopdf::{Stream, dictionary};
        let mut document = Document::with_version("1.4");
        let tree = document.new_object_id();
        let font = document
            .add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
        let content = document.add_object(Stream::new(dictionary! {}, content.as_bytes().to_vec()));
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => content,
            "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
        });
        let pages = dictionary! {
            "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1,
            "MediaBox" => vec![0.into(), 0.into(), PAGE.0.into(), PAGE.1.into()],
        };
        document.objects.insert(tree, pages.into());
        let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
        document.trailer.set("Root", root);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        Self(bytes)
    }
}

impl Source for Made {
    fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn password(&self) -> Option<&str> {
        None
    }

    fn picture(&self, _index: usize, _dpi: f32) -> Result<export::Picture, String> {
        Err("not asked for".into())
    }
}

fn one_page() -> Record {
    let mut record = record();
    record.document.pages.truncate(1);
    record.source.media_type = "application/pdf".into();
    record
}

#[test]
fn a_wrong_layer_gives_way_and_drawings_stay() {
    let record = one_page();
    let source = Made::new("q 1 0 0 RG 10 10 m 90.125 90 l S Q BT 3 Tr /F 9 Tf (WRONG) Tj ET");
    let document = pdf(&record, &source);
    assert_eq!(words(&document, 1).concat(), wanted(&record, 0).concat());
    let page = document.page_iter().next().unwrap();
    let content = String::from_utf8(document.get_page_content(page)).unwrap();
    assert!(content.contains("10 10 m 90.125 90 l S") && !content.contains("WRONG"), "{content}");
    // Nothing is left of the old font, so that the file fits an archive.
    assert!(!content.contains("/F 9 Tf") && document.catalog().unwrap().has(b"OutputIntents"));
}

#[test]
fn print_stays_visible_and_is_not_called_an_archive_file() {
    let document = pdf(&one_page(), &Made::new("BT /F 9 Tf 20 200 Td (khong dau) Tj ET"));
    let page = document.page_iter().next().unwrap();
    let content = String::from_utf8(document.get_page_content(page)).unwrap();
    assert!(content.contains("/Span <</ActualText ()>> BDC (khong dau) Tj EMC"), "{content}");
    assert!(!document.catalog().unwrap().has(b"OutputIntents"));
}

#[test]
fn a_pdf_of_which_nothing_was_changed_is_copied() {
    let mut record = one_page();
    record.document.changes.clear();
    let page = &mut record.document.pages[0];
    page.origin = vanthu_model::Origin::TextLayer;
    for word in page.blocks.iter_mut().flat_map(|b| &mut b.lines).flat_map(|l| &mut l.words) {
        word.raw.clone_from(&word.text);
    }
    let source = Made::new("BT /F 9 Tf (all right) Tj ET");
    let mut out = Vec::new();
    write_pdf(&mut out, &item(&record), Ok(&source)).unwrap();
    assert_eq!(out, source.0);
}

#[test]
fn all_are_written_beside_the_record_and_a_second_time_with_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let record = record();
    let runs = ["a", "b"].map(|name| {
        let base = dir.path().join(name);
        let mut open = || -> Result<Box<dyn Source>, String> { Ok(Box::new(Pages)) };
        let failed = write_document(&item(&record), &base, &Format::ALL, &Staging::default(), &mut open);
        assert!(failed.is_empty(), "{failed:?}");
        [".alto.xml", ".hocr", ".pdf", ".html", ".md"]
            .map(|e| fs::read(dir.path().join(format!("{name}{e}"))).unwrap())
    });
    assert_eq!(runs[0], runs[1]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 10);
}

#[test]
fn plain_text_has_no_pdf_and_all_else() {
    let dir = tempfile::tempdir().unwrap();
    let mut record = record();
    record.source.media_type = "text/plain".into();
    record.document = vanthu_model::Document::from_text("Một dòng\n\nhai dòng");
    record.directive = Default::default();
    let mut open = || -> Result<Box<dyn Source>, String> { Err("a text file".into()) };
    let failed =
        write_document(&item(&record), &dir.path().join("x"), &Format::ALL, &Staging::default(), &mut open);
    assert!(matches!(failed.as_slice(), [(Format::Pdf, ExportError::NoPages)]), "{failed:?}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 4);
}
