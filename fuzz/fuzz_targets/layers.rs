//! Puts any bytes into the content, the dictionaries and the font of a PDF page and judges its text layer, without OCR:
//! `cargo +nightly fuzz run layers -- -max_total_time=3600`. Zero bytes part the parts.
#![no_main]

use std::sync::LazyLock;

static EXTRACTOR: LazyLock<Option<extractor::Extractor>> =
    LazyLock::new(|| extractor::Extractor::new(extractor::Options::default()).ok());

/// A PDF file of one page: its content, what is added to its dictionary, what is added to that of its font, the font's map
/// to Unicode, and a form that the content may draw.
fn file(parts: &[u8]) -> Vec<u8> {
    let mut parts = parts.split(|byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let (content, page, font, map, form) = (part(), part(), part(), part(), part());
    let stream = |entries: &[u8], content: &[u8]| {
        let length = content.len().to_string();
        [b"<</Length ", length.as_bytes(), b" ", entries, b">>stream\n", content, b"\nendstream"].concat()
    };
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 7 0 R>>>>",
            page,
            b">>",
        ]
        .concat(),
        stream(b"", content),
        [b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/ToUnicode 6 0 R", font, b">>"].concat(),
        stream(b"", map),
        stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>", form),
    ];
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        places.push(format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{number} 0 obj\n").bytes().chain(object.iter().copied()).chain(*b"\nendobj\n"));
    }
    let (start, count) = (out.len(), places.len() + 1);
    let table = places.concat();
    let end = format!(
        "xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    );
    out.extend(end.bytes());
    out
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some(extractor) = EXTRACTOR.as_ref()
        && let Ok(verdicts) = extractor.verdicts(&file(data), "input")
    {
        assert_eq!(verdicts.len(), 1);
    }
});
