//! Shows any bytes as the pages of a picture file (TIFF in all its codings, JPEG, PNG, BMP, WebP), without OCR:
//! `cargo +nightly fuzz run pictures -- -max_total_time=3600`.
#![no_main]

use extractor::{Limits, Options, Sheets};

/// Pages that are shown of a file.
const PAGES: usize = 4;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    // PDF pages are drawn by others' code.
    let holds = |sign: &[u8]| data.windows(sign.len()).any(|bytes| bytes == sign);
    if holds(b"%PDF") || holds(b"obj") {
        return;
    }
    let limits = Limits { max_side: 4000, max_pixels: 4_000_000, ..Limits::default() };
    if let Ok(sheets) = Sheets::open(data.to_vec(), "input", Options { limits, ..Options::default() }) {
        for page in (0..PAGES).map_while(|i| sheets.page(i, 100.0).ok()) {
            let bytes = if page.colour { 3 } else { 1 };
            assert_eq!(page.pixels.len(), page.width as usize * page.height as usize * bytes);
        }
    }
});
