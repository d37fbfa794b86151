use std::path::PathBuf;

/// How to read. The default reads Vietnamese with the installed language data and the default [`Limits`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Names of Tesseract models, the preferred first; the first that is installed reads. A name stands for
    /// `NAME.traineddata` or `script/NAME.traineddata` in the folder of language data.
    pub ocr_models: Vec<String>,
    /// Folder of language data; without it `TESSDATA_PREFIX` and the usual system folders are searched.
    pub tessdata: Option<PathBuf>,
    /// Password for encrypted files. An empty user password needs none.
    pub password: Option<String>,
    /// What is refused rather than read.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ocr_models: vec!["Vietnamese".into(), "vie".into()],
            tessdata: None,
            password: None,
            limits: Limits::default(),
        }
    }
}

/// Sizes beyond which an input is refused as too large, each kept before the memory is taken.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a file. Default 1 GiB.
    pub max_file_bytes: u64,
    /// Pages of a document. Default 10,000.
    pub max_pages: usize,
    /// Pixels of one page picture, also of a rendered page. Default 150 million (A0 at 300 dpi is 139 million).
    pub max_pixels: u64,
    /// Pixels along either side of a picture. Default 30,000.
    pub max_side: u32,
    /// Bytes that one compressed stream of a PDF, or one part of an office file, may unfold to. Default 256 MiB.
    pub max_stream_bytes: u64,
    /// Bytes that all compressed streams of a PDF other than pictures, or all parts of an office file that are read, may
    /// unfold to together. Default 1 GiB.
    pub max_inflated_bytes: u64,
    /// Glyphs on one page. Default 500,000; what lies beyond is left out with a diagnostic.
    pub max_glyphs: usize,
    /// Bytes of text of an office document or web page, as UTF-8. Default 64 MiB, some 20,000 pages.
    pub max_text_bytes: u64,
    /// Files that an archive may hold, with those of archives in it. Default 100,000.
    pub max_parts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 1 << 30,
            max_pages: 10_000,
            max_pixels: 150_000_000,
            max_side: 30_000,
            max_stream_bytes: 256 << 20,
            max_inflated_bytes: 1 << 30,
            max_glyphs: 500_000,
            max_text_bytes: 64 << 20,
            max_parts: 100_000,
        }
    }
}
