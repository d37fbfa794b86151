//! What a user of the crate can rely on, with pictures and files made here.

#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use extractor::{Extractor, Limits, Options, components};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use vanthu_model::{Cause, Origin, Verdict};

fn extractor() -> Extractor {
    Extractor::new(Options::default()).unwrap()
}

fn cause(bytes: &[u8], name: &str) -> Cause {
    extractor().extract(bytes, name).unwrap_err().cause()
}

/// A one-page PDF file that shows `text` in Helvetica at 12 points.
fn pdf(text: &str) -> Vec<u8> {
    pdf_with(&format!("BT /F1 12 Tf 72 720 Td ({text}) Tj ET"), "")
}

/// A one-page PDF file with a content stream, which finds Helvetica under /F1 and the stream `picture`, an object with its
/// dictionary, under /I.
fn pdf_with(content: &str, picture: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> /XObject << /I 6 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        if picture.is_empty() { "null".to_owned() } else { picture.to_owned() },
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let start = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for offset in offsets {
        file.push_str(&format!("{offset:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

#[test]
fn text_files_keep_their_lines() {
    let read = extractor().extract("Số: 7/KH-SCT\n\nĐiều 1.\n".as_bytes(), "a.txt").unwrap();
    assert_eq!(read.document.text, "Số: 7/KH-SCT\n\nĐiều 1.\n");
    assert_eq!(read.media_type, "text/plain");
    assert_eq!(read.ocr, None);
    read.document.check().unwrap();
}

#[test]
fn a_text_layer_is_read_with_places() {
    let read = extractor().extract(&pdf("Bao cao thang 7"), "a.pdf").unwrap();
    assert_eq!(read.document.text.trim(), "Bao cao thang 7");
    let page = &read.document.pages[0];
    assert_eq!((page.width, page.height), (Some(595.0), Some(842.0)));
    assert_eq!(page.origin, Origin::TextLayer);
    let first = page.blocks[0].lines[0].words[0].bbox.unwrap();
    assert!((first.x0 - 72.0).abs() < 1.0 && first.y1 > 120.0 && first.y0 < 122.0, "{first:?}");
    read.document.check().unwrap();
}

#[test]
fn bad_input_has_a_cause() {
    assert_eq!(cause(b"", "a.pdf"), Cause::Empty);
    assert_eq!(cause(b"plain words", "a.tiff"), Cause::Unsupported);
    assert_eq!(cause(b"%PDF-1.4\n", "a.pdf"), Cause::Damaged);
    assert_eq!(cause(b"II*\0\xff\xff\xff\x00", "a.tif"), Cause::Damaged);
    assert_eq!(cause(&pdf("x").as_slice()[..40], "a.pdf"), Cause::Damaged);
    assert_eq!(cause(&pdf(""), "a.pdf"), Cause::NoText);
}

#[test]
fn limits_are_kept() {
    let with = |limits: Limits| Extractor::new(Options { limits, ..Options::default() }).unwrap();
    let small = with(Limits { max_file_bytes: 10, ..Limits::default() });
    let e = small.extract(b"more than ten bytes", "a.txt").unwrap_err();
    assert_eq!(e.cause(), Cause::TooLarge);
    assert!(e.remedy().contains("max_file_bytes"));
    let no_pages = with(Limits { max_pages: 0, ..Limits::default() });
    assert_eq!(no_pages.extract(&pdf("x"), "a.pdf").unwrap_err().cause(), Cause::TooLarge);
}

#[test]
fn a_stream_that_inflates_beyond_the_limit_is_refused() {
    use std::io::Write;
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        deflated.write_all(&[b' '; 1 << 16]).unwrap();
    }
    let deflated = deflated.finish().unwrap();
    let mut file = pdf("x");
    let head = format!("6 0 obj\n<< /Filter /FlateDecode /Length {} >>\nstream\n", deflated.len());
    let at = file.windows(4).position(|w| w == b"xref").unwrap();
    let object = [head.as_bytes(), &deflated, b"\nendstream\nendobj\n"].concat();
    file.splice(at..at, object);
    let limits = Limits { max_stream_bytes: 1 << 20, ..Limits::default() };
    let extractor = Extractor::new(Options { limits, ..Options::default() }).unwrap();
    assert_eq!(extractor.extract(&file, "a.pdf").unwrap_err().cause(), Cause::TooLarge);
}

#[test]
fn without_language_data_a_picture_names_what_is_missing() {
    let empty = tempfile::tempdir().unwrap();
    let options = Options { tessdata: Some(empty.path().into()), ..Options::default() };
    let mut png = Vec::new();
    image::GrayImage::from_pixel(400, 300, image::Luma([255]))
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    let e = Extractor::new(options).unwrap().extract(&png, "a.png").unwrap_err();
    assert_eq!(e.cause(), Cause::MissingComponent);
    assert!(e.to_string().contains("apt-get install tesseract-ocr-vie"), "{e}");
}

/// Whether OCR can be tried; says so if not.
fn ocr_is_installed() -> bool {
    let there = components(&Options::default()).iter().skip(1).any(|c| c.found);
    if !there {
        println!("skipped: no OCR model is installed");
    }
    there
}

/// The scan of a document.
fn scan() -> image::GrayImage {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/scans/10.png");
    image::open(file).unwrap().into_luma8()
}

/// Holes of scans from files were read as "O" or "lại" before the lines beside them.
#[test]
fn punched_holes_are_no_text() {
    if !ocr_is_installed() {
        return;
    }
    let page = scan();
    let (mm, middle) = (page.width() as f32 / 210.0, page.height() as f32 / 2.0);
    let mut punched = page.clone();
    for (x, y, pixel) in punched.enumerate_pixels_mut() {
        let hole = |y0: f32| (x as f32 - 12.0 * mm).hypot(y as f32 - y0) <= 3.0 * mm;
        if hole(middle - 40.0 * mm) || hole(middle + 40.0 * mm) {
            pixel.0[0] = 20;
        }
    }
    let read = |page: &image::GrayImage| {
        let mut png = std::io::Cursor::new(Vec::new());
        page.write_to(&mut png, image::ImageFormat::Png).unwrap();
        extractor().extract(png.get_ref(), "a.png").unwrap().document
    };
    let (clean, punched) = (read(&page), read(&punched));
    assert_eq!(punched.text, clean.text);
    assert!(punched.pages[0].steps.contains(&"holes 2".to_owned()), "{:?}", punched.pages[0].steps);
    assert!(!clean.pages[0].steps.iter().any(|s| s.starts_with("holes")));
}

/// The fixture's lower part as a picture between two typed words.
fn pasted() -> Vec<u8> {
    let page = scan();
    let (width, height) = (page.width(), page.height() * 2 / 5);
    let body = image::imageops::crop_imm(&page, 0, height, width, height).to_image();
    let hex: String = body.as_raw().iter().map(|b| format!("{b:02x}")).collect();
    let picture = format!(
        "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray \
         /BitsPerComponent 8 /Filter /ASCIIHexDecode /Length {} >>\nstream\n{hex}>\nendstream",
        hex.len() + 1
    );
    let typed = "BT /F1 12 Tf 72 790 Td (Head) Tj 250 -600 Td (Foot) Tj ET";
    pdf_with(&format!("q 595 0 0 337 0 420 cm /I Do Q {typed}"), &picture)
}

/// A gazette pastes the last paragraphs of a document as a picture under its typed running head and over the typed names;
/// they were lost, and with them their tasks.
#[test]
fn a_picture_pasted_between_typed_lines_is_read() {
    if !ocr_is_installed() {
        return;
    }
    let read = extractor().extract(&pasted(), "a.pdf").unwrap();
    let words: Vec<(&str, Origin)> = read.document.words().map(|w| (w.text.as_str(), w.origin)).collect();
    assert_eq!(words.first(), Some(&("Head", Origin::TextLayer)));
    assert_eq!(words.last(), Some(&("Foot", Origin::TextLayer)));
    let of_picture = words.iter().filter(|(_, origin)| *origin == Origin::Ocr).count();
    assert!(of_picture > 60 && of_picture == words.len() - 2, "{words:?}");
    assert!(read.ocr.is_some());
    read.document.check().unwrap();
}

#[test]
fn a_picture_that_no_engine_reads_is_told() {
    let empty = tempfile::tempdir().unwrap();
    let options = Options { tessdata: Some(empty.path().into()), ..Options::default() };
    let read = Extractor::new(options).unwrap().extract(&pasted(), "a.pdf").unwrap();
    assert_eq!(read.document.words().count(), 2);
    assert_eq!(read.diagnostics[0].code, "picture_not_read");
}

#[test]
fn a_blank_page_is_no_success() {
    if !ocr_is_installed() {
        return;
    }
    let mut png = Vec::new();
    image::GrayImage::from_pixel(1000, 1400, image::Luma([250]))
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    assert_eq!(cause(&png, "a.png"), Cause::NoText);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_document_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..600), kind in 0usize..9) {
        let magic: [&[u8]; 9] = [
            b"", b"%PDF-1.7\n", b"II*\0\x08\0\0\0", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"{\\rtf1\\ansi ",
            b"<html><table><tr>", b"PK\x03\x04word/", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        ];
        let bytes = [magic[kind], &bytes].concat();
        if let Ok(read) = extractor().extract(&bytes, "x") {
            prop_assert!(read.document.check().is_ok());
        }
    }

    #[test]
    fn a_pdf_file_with_flipped_bytes_does_no_harm(flips in prop::collection::vec((0usize..2000, any::<u8>()), 1..8)) {
        let mut bytes = pdf("Mot hai ba");
        for (at, value) in flips {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        if let Ok(read) = extractor().extract(&bytes, "x.pdf") {
            prop_assert!(read.document.check().is_ok());
        }
    }
}

/// The folder of material beside the repository; says so where it is missing.
fn shared(part: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(part);
    if !folder.exists() {
        println!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

fn read(path: &Path) -> Result<extractor::Extraction, extractor::ExtractError> {
    let bytes = std::fs::read(path).unwrap();
    extractor().extract(&bytes, &path.file_name().unwrap().to_string_lossy())
}

#[test]
fn good_text_layers_are_never_doubted() {
    let Some(folder) = shared("pdf/born-digital") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        // Document 004 is a badly recognised text, typeset: its verdict must be bad.
        if path.extension().is_some_and(|e| e == "pdf") {
            for page in &read(&path).unwrap().document.pages {
                let words: usize = page.blocks.iter().flat_map(|b| &b.lines).map(|l| l.words.len()).sum();
                if name.ends_with("004") && words > 60 {
                    assert_eq!(page.verdict, Verdict::WrongEngine, "{name} page {}", page.number);
                } else if !name.ends_with("004") {
                    assert_eq!(page.verdict, Verdict::Good, "{name} page {}", page.number);
                }
                assert_eq!(page.origin, Origin::TextLayer, "{name} page {}", page.number);
            }
        }
    }
}

#[test]
fn damaged_files_are_read_or_named() {
    let Some(folder) = shared("pdf/damaged") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match (name.as_str(), read(&path).map_err(|e| e.cause())) {
            ("empty.pdf", result) => assert_eq!(result.unwrap_err(), Cause::Empty),
            ("html_as.pdf", result) => assert_eq!(result.unwrap_err(), Cause::Unsupported),
            ("header_only.pdf", result) => assert_eq!(result.unwrap_err(), Cause::Damaged),
            ("enc_aes256_user.pdf", result) => assert_eq!(result.unwrap_err(), Cause::Encrypted),
            (_, Ok(read)) => read.document.check().unwrap(),
            (_, Err(cause)) => {
                assert!(matches!(cause, Cause::Damaged | Cause::NoText | Cause::Encrypted), "{name}")
            }
        }
    }
}

#[test]
fn a_password_opens_an_encrypted_file() {
    let Some(folder) = shared("pdf/damaged") else { return };
    let bytes = std::fs::read(folder.join("enc_aes256_user.pdf")).unwrap();
    let options = Options { password: Some("user".into()), ..Options::default() };
    assert!(Extractor::new(options).unwrap().extract(&bytes, "a.pdf").is_ok());
}

#[test]
fn a_signature_stamp_is_no_text() {
    let Some(folder) = shared("real/pdf") else { return };
    if !ocr_is_installed() {
        return;
    }
    let read = read(&folder.join("288-ttg.pdf")).unwrap();
    let page = &read.document.pages[0];
    assert_eq!((page.verdict, page.origin), (Verdict::Empty, Origin::Ocr));
    assert!(read.document.words().count() > 200);
    assert!(read.document.pages.iter().any(|p| p.signature_stamp.is_some()));
}
