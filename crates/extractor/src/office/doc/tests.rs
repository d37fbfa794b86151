//! Word documents made here: an OLE file with the streams and tables that the reader uses.

#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use super::*;
use std::io::Write;
use vanthu_model::{Cause, Document as Read};

/// Where the text begins in the document stream.
const TEXT: usize = 0x600;

/// A document whose text is `text` in windows-1252, set in the fonts of `fonts`: runs of (length, font). Paragraphs for
/// which `cells` says so are in a table, and end a row where it says that too.
fn doc(
    text: &[u8],
    fonts: &[&str],
    runs: &[(usize, u16)],
    cells: &[(usize, bool, bool)],
    flags: u16,
) -> Vec<u8> {
    let mut document = vec![0u8; 0x400];
    document[0..2].copy_from_slice(&0xa5ecu16.to_le_bytes());
    document[2..4].copy_from_slice(&193u16.to_le_bytes());
    document[0x0a..0x0c].copy_from_slice(&(0x0200 | flags).to_le_bytes());
    document[0x4c..0x50].copy_from_slice(&(text.len() as u32).to_le_bytes());
    document.resize(TEXT, 0);
    document.extend_from_slice(text);
    document.resize(document.len().next_multiple_of(512), 0);
    // A page of characters, a page of paragraphs.
    let page = |entries: &[(usize, Vec<u8>)], size: usize| {
        let mut page = vec![0u8; 512];
        let mut at = TEXT;
        let mut free = 511;
        for (k, (length, set)) in entries.iter().enumerate() {
            page[k * 4..k * 4 + 4].copy_from_slice(&(at as u32).to_le_bytes());
            at += length;
            free = (free - set.len()) & !1;
            page[free..free + set.len()].copy_from_slice(set);
            page[(entries.len() + 1) * 4 + k * size] = (free / 2) as u8;
        }
        let end = entries.len() * 4;
        page[end..end + 4].copy_from_slice(&(at as u32).to_le_bytes());
        page[511] = entries.len() as u8;
        page
    };
    let first = document.len() / 512;
    let characters: Vec<(usize, Vec<u8>)> =
        runs.iter().map(|(n, f)| (*n, vec![4, 0x51, 0x4a, *f as u8, 0])).collect();
    document.extend(page(&characters, 1));
    let paragraphs: Vec<(usize, Vec<u8>)> = cells
        .iter()
        .map(|(n, table, row)| (*n, vec![4, 0, 0, 0x16, 0x24, u8::from(*table), 0x17, 0x24, u8::from(*row)]))
        .map(|(n, mut set)| {
            set[0] = (set.len() as u8).div_ceil(2);
            set.resize(usize::from(set[0]) * 2, 0);
            (n, set)
        })
        .collect();
    document.extend(page(&paragraphs, 13));
    let mut table = Vec::new();
    let mut put = |document: &mut Vec<u8>, index: usize, bytes: &[u8]| {
        let at = 0x9a + index * 8;
        document[at..at + 4].copy_from_slice(&(table.len() as u32).to_le_bytes());
        document[at + 4..at + 8].copy_from_slice(&(bytes.len() as u32).to_le_bytes());
        table.extend_from_slice(bytes);
    };
    let plc = |page: usize| {
        let numbers = [TEXT as u32, (TEXT + text.len()) as u32, page as u32];
        numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>()
    };
    put(&mut document, 12, &plc(first));
    put(&mut document, 13, &plc(first + 1));
    let mut names = vec![fonts.len() as u8, 0, 0, 0];
    for font in fonts {
        let name: Vec<u8> = font.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        names.push((39 + name.len()) as u8);
        names.extend([0; 39]);
        names.extend(name);
    }
    put(&mut document, 15, &names);
    let mut clx = vec![2];
    clx.extend(16u32.to_le_bytes());
    clx.extend(0u32.to_le_bytes());
    clx.extend((text.len() as u32).to_le_bytes());
    clx.extend([0, 0]);
    clx.extend((0x4000_0000 | (TEXT as u32 * 2)).to_le_bytes());
    clx.extend([0, 0]);
    put(&mut document, 33, &clx);
    ole(&[("/WordDocument", &document), ("/1Table", &table)])
}

fn ole(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, content) in streams {
        file.create_stream(name).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn document(file: &[u8]) -> Read {
    let (document, _) = read(file, &Limits::default()).unwrap().finish().unwrap();
    document.check().unwrap();
    document
}

#[test]
fn text_is_read_with_its_fonts() {
    let text = b"s\xeb th\xf1y l\xeei\rT\xd8nh B\xd7nh An\x13 PAGE \x14x\x15\r\x0cTrang hai\r";
    let file = doc(
        text,
        &["Times New Roman", ".VnTimeH", ".VnTime"],
        &[(11, 1), (text.len() - 11, 2)],
        &[(text.len(), false, false)],
        0,
    );
    let d = document(&file);
    assert_eq!(d.text, "SỞ THỦY LỢI\n\nTỉnh Bình Anx\n\u{c}Trang hai\n");
}

#[test]
fn tables_are_read_cell_by_cell() {
    let text = b"A\x07B\x07\x07After\r";
    let cells = [(2, true, false), (2, true, false), (1, true, true), (6, false, false)];
    let d = document(&doc(text, &["Arial"], &[(text.len(), 0)], &cells, 0));
    let kinds: Vec<BlockKind> = d.pages[0].blocks.iter().map(|b| b.kind).collect();
    assert_eq!(kinds, [BlockKind::Table, BlockKind::Table, BlockKind::Text]);
}

#[test]
fn bad_files_have_causes() {
    let cause = |bytes: &[u8]| read(bytes, &Limits::default()).unwrap_err().cause();
    assert_eq!(cause(&doc(b"x\r", &[], &[(2, 0)], &[(2, false, false)], 0x0100)), Cause::Encrypted);
    assert_eq!(cause(&ole(&[("/EncryptedPackage", b"x")])), Cause::Encrypted);
    assert_eq!(cause(&ole(&[("/Workbook", b"x")])), Cause::Unsupported);
    assert_eq!(cause(&ole(&[("/WordDocument", &[0; 40])])), Cause::Damaged);
    let file = doc(b"Some text\r", &[], &[(10, 0)], &[(10, false, false)], 0);
    assert_eq!(cause(&file[..600]), Cause::Damaged);
}
