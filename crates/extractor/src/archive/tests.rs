//! Archives made here.

#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use super::*;
use std::io::{Cursor, Write};
use vanthu_model::Cause;
use zip::write::SimpleFileOptions;

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const MESSAGE: &str = "From: a@example.vn\r\nTo: b@example.vn\r\nSubject: Bao cao\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=X\r\n\r\n--X\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nKính gửi Phòng Thủy lợi\r\n\
--X\r\nContent-Type: application/octet-stream; name=\"ke/hoach.txt\"\r\nContent-Disposition: attachment; filename=\"ke/hoach.txt\"\r\n\
Content-Transfer-Encoding: base64\r\n\r\nS+G6vyBob+G6oWNo\r\n--X--\r\n";

fn paths(name: &str, bytes: &[u8]) -> Vec<(String, Option<Cause>)> {
    let parts = parts(name, bytes, &Limits::default()).unwrap();
    parts.into_iter().map(|p| (p.path, p.trouble.map(|t| t.cause()))).collect()
}

#[test]
fn parts_of_archives_in_archives_are_found() {
    let inner = zipped(&[("c.txt", b"ba"), ("m.eml", MESSAGE.as_bytes())]);
    let outer = zipped(&[("a.txt", b"mot"), ("in/b.ZIP", &inner), ("bad.zip", b"PK\x03\x04")]);
    let found = paths("o.zip", &outer);
    let expected = [
        ("a.txt", None),
        ("in/b.ZIP/c.txt", None),
        ("in/b.ZIP/m.eml/message.txt", None),
        ("in/b.ZIP/m.eml/ke_hoach.txt", None),
        ("bad.zip", Some(Cause::Damaged)),
    ];
    assert_eq!(found, expected.map(|(p, c)| (p.to_owned(), c)));
    let read = |path: &str| part("o.zip", &outer, path, &Limits::default());
    assert_eq!(read("in/b.ZIP/c.txt").unwrap(), b"ba");
    assert_eq!(read("in/b.ZIP/m.eml/ke_hoach.txt").unwrap(), "Kế hoạch".as_bytes());
    assert!(String::from_utf8(read("in/b.ZIP/m.eml/message.txt").unwrap()).unwrap().contains("Thủy lợi"));
    assert_eq!(read("in/none.txt").unwrap_err().cause(), Cause::Damaged);
}

#[test]
fn depth_and_size_are_bounded() {
    let mut file = zipped(&[("x.txt", b"x")]);
    for _ in 0..5 {
        file = zipped(&[("n.zip", &file)]);
    }
    let found = paths("o.zip", &file);
    assert_eq!(found, [("n.zip/n.zip/n.zip".to_owned(), Some(Cause::Unsupported))]);
    let large = zipped(&[("x.txt", &[b' '; 100_000])]);
    let small = Limits { max_inflated_bytes: 1_000, ..Limits::default() };
    assert_eq!(part("o.zip", &large, "x.txt", &small).unwrap_err().cause(), Cause::TooLarge);
    let few = Limits { max_parts: 1, ..Limits::default() };
    let two = zipped(&[("a", b""), ("b", b"")]);
    assert_eq!(parts("o.zip", &two, &few).unwrap_err().cause(), Cause::TooLarge);
}

#[test]
fn a_cut_archive_is_damaged() {
    let file = zipped(&[("a.txt", &[7; 3000])]);
    assert_eq!(
        parts("o.zip", &file[..file.len() - 30], &Limits::default()).unwrap_err().cause(),
        Cause::Damaged
    );
}
