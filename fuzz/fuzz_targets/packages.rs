//! Puts any bytes into the parts of a DOCX or ODT file and reads it: `cargo +nightly fuzz run packages -- -max_total_time=3600`.
//! The first byte chooses the format, zero bytes part the parts.
#![no_main]

use std::io::{Cursor, Write};
use std::sync::LazyLock;
use zip::CompressionMethod::Stored;
use zip::write::{SimpleFileOptions, ZipWriter};

static EXTRACTOR: LazyLock<Option<extractor::Extractor>> =
    LazyLock::new(|| extractor::Extractor::new(extractor::Options::default()).ok());

/// The parts of a DOCX file whose content is drawn, the relations that lead to them beside it.
const DOCX: [&str; 4] = ["document", "numbering", "styles", "footnotes"];

fn packed(parts: &[(String, &[u8])]) -> Option<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name.as_str(), SimpleFileOptions::default().compression_method(Stored)).ok()?;
        archive.write_all(content).ok()?;
    }
    Some(archive.finish().ok()?.into_inner())
}

fn docx(content: &[u8]) -> Option<Vec<u8>> {
    let relations: String = DOCX
        .iter()
        .map(|part| format!("<Relationship Id='{part}' Type='http://x/{part}' Target='{part}.xml'/>"))
        .collect();
    let relations = format!("<Relationships>{relations}</Relationships>");
    let whole = "<Relationships><Relationship Id='r' Type='http://x/officeDocument' Target='/word/document.xml'/></Relationships>";
    let mut parts = vec![
        ("_rels/.rels".to_owned(), whole.as_bytes()),
        ("word/_rels/document.xml.rels".to_owned(), relations.as_bytes()),
    ];
    let contents = content.split(|byte| *byte == 0);
    parts.extend(DOCX.iter().zip(contents).map(|(part, content)| (format!("word/{part}.xml"), content)));
    packed(&parts)
}

fn odt(content: &[u8]) -> Option<Vec<u8>> {
    let mimetype: &[u8] = b"application/vnd.oasis.opendocument.text";
    let mut parts = vec![("mimetype".to_owned(), mimetype)];
    let names = ["content.xml", "styles.xml"];
    parts.extend(names.iter().zip(content.split(|byte| *byte == 0)).map(|(n, c)| ((*n).to_owned(), c)));
    packed(&parts)
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((kind, content)) = data.split_first() else { return };
    let package = if kind % 2 == 0 { docx(content) } else { odt(content) };
    if let (Some(extractor), Some(package)) = (EXTRACTOR.as_ref(), package)
        && let Ok(read) = extractor.extract(&package, "input")
    {
        assert_eq!(read.document.check(), Ok(()));
    }
});
