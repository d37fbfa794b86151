//! Office documents and web pages through the front door, whole and broken.

#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use extractor::{Extractor, Options};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use vanthu_model::{Cause, Origin, Verdict};
use zip::write::SimpleFileOptions;

fn extractor() -> Extractor {
    Extractor::new(Options::default()).unwrap()
}

const RTF: &[u8] = br"{\rtf1\ansi\deff0{\fonttbl{\f0 .VnTime;}{\f1 Arial;}}{\header Head\par}\trowd\intbl T\'d8nh\cell B\'d7nh An\cell\row
\pard\f0 Ph\'dfng Th\'f1y l\'eei{\footnote Ghi ch\'f3}\par\u7889? {\*\shpinst{\shptxt box\par}}\page\f1 End\par}";

const HTML: &[u8] =
    b"<!DOCTYPE html><meta charset=utf-8><table><tr><td>1<td>hai</table><ol><li>mot<li>hai</ol><p>cuoi";

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn docx() -> Vec<u8> {
    packed(&[(
        "word/document.xml",
        "<w:document><w:body><w:p><w:r><w:t>Kế hoạch</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p>\
         </w:tc></w:tr></w:tbl></w:body></w:document>",
    )])
}

fn odt() -> Vec<u8> {
    packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", "<o:c><office:body><text:p>Kế hoạch</text:p></office:body></o:c>"),
    ])
}

#[test]
fn each_format_is_told_by_its_bytes() {
    let inputs: [(&[u8], &str, &str); 5] = [
        (RTF, "a.rtf", "application/rtf"),
        (RTF, "a.doc", "application/rtf"),
        (HTML, "a.html", "text/html"),
        (&docx(), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (&odt(), "a.odt", "application/vnd.oasis.opendocument.text"),
    ];
    for (bytes, name, media_type) in inputs {
        let read = extractor().extract(bytes, name).unwrap();
        assert_eq!(read.media_type, media_type, "{name}");
        assert_eq!(read.ocr, None);
        read.document.check().unwrap();
        assert!(!read.document.text.trim().is_empty());
    }
    assert_eq!(extractor().extract(&docx(), "a.pdf").unwrap_err().cause(), Cause::Unsupported);
}

#[test]
fn converted_text_says_so() {
    let read = extractor().extract(RTF, "a.rtf").unwrap();
    assert!(read.document.text.contains("Phòng Thủy lợi"), "{}", read.document.text);
    assert_eq!(read.document.pages[0].verdict, Verdict::LegacyEncoding);
    assert_eq!(read.document.pages[0].origin, Origin::Converted);
    assert_eq!(read.document.pages.len(), 2);
    assert_eq!(read.diagnostics[0].code, "legacy_encoding");
}

#[test]
fn cut_files_are_damaged() {
    for (bytes, name) in [(RTF.to_vec(), "a.rtf"), (docx(), "a.docx"), (odt(), "a.odt")] {
        let cut = &bytes[..bytes.len() * 3 / 4];
        assert_eq!(extractor().extract(cut, name).unwrap_err().cause(), Cause::Damaged, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bytes_do_no_harm(which in 0usize..4, flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let (mut bytes, name) = match which {
            0 => (RTF.to_vec(), "a.rtf"),
            1 => (HTML.to_vec(), "a.html"),
            2 => (docx(), "a.docx"),
            _ => (odt(), "a.odt"),
        };
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(read) = extractor().extract(&bytes, name) {
            prop_assert!(read.document.check().is_ok());
        }
    }

    #[test]
    fn any_rtf_words_do_no_harm(words in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "\\par ", "\\trowd", "\\cell ", "\\row ", "\\intbl", "{\\footnote ", "{\\*\\x ", "\\u-1 ", "\\'e1",
        "\\bin9 ", "\\uc3", "{\\fonttbl", "{\\f0 VNI-Times;}", "\\f0 ", "{\\shptxt ", "\\page ", "a", "\\pard ",
    ]), 0..60)) {
        let text = format!("{{\\rtf1 {}}}", words.concat());
        if let Ok(read) = extractor().extract(text.as_bytes(), "a.rtf") {
            prop_assert!(read.document.check().is_ok());
        }
    }

    #[test]
    fn any_html_tags_do_no_harm(tags in prop::collection::vec(prop::sample::select(vec![
        "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<p>", "<ol start=9>", "<li>", "</ol>", "<pre>", "</pre>",
        "<font face=.VnTime>", "</font>", "<script>", "</script>", "<br>", "chữ ", "<!--", "-->", "&nbsp;", "</div>",
    ]), 0..60)) {
        let text = format!("<html>{}", tags.concat());
        if let Ok(read) = extractor().extract(text.as_bytes(), "a.html") {
            prop_assert!(read.document.check().is_ok());
        }
    }
}
