//! Reads any bytes as a document without pictures (RTF, HTML, DOC, text in any encoding), as a message or an archive, and
//! as text in each legacy encoding: `cargo +nightly fuzz run extract -- -max_total_time=3600`.
#![no_main]

use std::sync::LazyLock;

static EXTRACTOR: LazyLock<Option<extractor::Extractor>> =
    LazyLock::new(|| extractor::Extractor::new(extractor::Options::default()).ok());

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    // What has pages would wait for OCR; their readers have targets of their own.
    let read = EXTRACTOR.as_ref().filter(|e| matches!(e.page_count(data, "input"), Ok(None)));
    if let Some(Ok(read)) = read.map(|e| e.extract(data, "input")) {
        assert_eq!(read.document.check(), Ok(()));
    }
    let _ = extractor::parts("a.zip", data, &extractor::Limits::default());
    let _ = extractor::parts("a.eml", data, &extractor::Limits::default());
    for encoding in extractor::LegacyEncoding::ALL {
        let _ = extractor::convert(data, Some(encoding));
    }
});
