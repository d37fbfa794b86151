use crate::error::ExtractError;
use crate::format::{Format, detect};
use crate::layout::{mark_running, number_tables, release_single_rows};
use crate::ocr::{self, Model, TesseractReader};
use crate::office;
use crate::options::Options;
use crate::page::PageReading;
use crate::pages::{Pages, in_order};
use crate::pdf::{self, PdfFile};
use crate::pdf_page::{ByLayer, judge_pdf_page, read_pdf_layer, read_pdf_pasted, read_pdf_picture};
use crate::picture::{Picture, Tiff, decode_raster};
use crate::plain;
use crate::upright::read_upright;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::OnceLock;
use vanthu_model::{Diagnostic, Document, Severity, Verdict};

/// Reads files. One extractor serves all threads of a process; each thread that reads pictures keeps an OCR engine.
#[derive(Debug)]
pub struct Extractor {
    options: Options,
    /// Looked for when the first page must be read by OCR.
    models: OnceLock<Result<Vec<Model>, ExtractError>>,
}

/// What a file gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// The raw reading: `raw` and `text` of each word are the same.
    pub document: Document,
    /// Media type told by the bytes.
    pub media_type: String,
    /// OCR engine, version and model, where a page was read by it.
    pub ocr: Option<String>,
    /// What a reader of the document should know.
    pub diagnostics: Vec<Diagnostic>,
}

/// So many pages of a PDF share their fonts at least, where there are as many.
const SHARING_PAGES: usize = 16;

/// A file that was looked into.
enum Opened<'b> {
    /// Read as a whole.
    Whole(Box<Extraction>),
    /// Read page by page.
    Paged(Format, Paged<'b>),
}

/// A file of pages.
enum Paged<'b> {
    Pdf(Box<PdfFile>),
    Tiff(Tiff<'b>),
    /// A picture, which is one page.
    Picture(&'b [u8]),
}

impl Paged<'_> {
    fn count(&self) -> usize {
        match self {
            Paged::Pdf(file) => file.pdf.pages().len(),
            Paged::Tiff(file) => file.pages(),
            Paged::Picture(_) => 1,
        }
    }
}

impl Extractor {
    /// An extractor. Opens nothing yet: a missing OCR model shows when a page needs it.
    pub fn new(options: Options) -> Result<Self, ExtractError> {
        if options.ocr_models.is_empty() {
            return Err(ExtractError::missing("no OCR model is named", "name at least one, such as vie"));
        }
        Ok(Self { options, models: OnceLock::new() })
    }

    /// Reads the file whose content is `bytes`. Its `name` only serves to find content that belies its extension.
    ///
    /// # Errors
    /// Every failure is an [`ExtractError`] with a stable cause; a file of which no page gave text is one.
    pub fn extract(&self, bytes: &[u8], name: &str) -> Result<Extraction, ExtractError> {
        self.extract_watched(bytes, name, &|_| {})
    }

    /// As [`Extractor::extract`]; `watch` is told the number of pages before the first is read.
    ///
    /// # Errors
    /// As [`Extractor::extract`].
    pub fn extract_watched(
        &self,
        bytes: &[u8],
        name: &str,
        watch: &(dyn Fn(usize) + Sync),
    ) -> Result<Extraction, ExtractError> {
        match self.open(bytes, name)? {
            Opened::Whole(extraction) => {
                if extraction.media_type != Format::Text.media_type() {
                    watch(extraction.document.pages.len());
                }
                Ok(*extraction)
            }
            Opened::Paged(format, pages) => {
                if !matches!(pages, Paged::Picture(_)) {
                    watch(pages.count());
                }
                self.assemble(format.media_type(), self.readings(&pages, 0..pages.count()))
            }
        }
    }

    /// Number of pages that can be read apart from each other; none for documents that are read as a whole.
    ///
    /// # Errors
    /// As [`Extractor::extract`], for what shows when the file is opened.
    pub fn page_count(&self, bytes: &[u8], name: &str) -> Result<Option<usize>, ExtractError> {
        Ok(match self.open(bytes, name)? {
            Opened::Whole(_) => None,
            Opened::Paged(_, pages) => Some(pages.count()),
        })
    }

    /// What the text layers of a file's pages are, told without reading any picture; pages that are pictures have none.
    ///
    /// # Errors
    /// As [`Extractor::extract`], for what shows when the file is opened or a page is interpreted; `unsupported` for
    /// documents that are read as a whole.
    pub fn verdicts(&self, bytes: &[u8], name: &str) -> Result<Vec<Verdict>, ExtractError> {
        match self.open(bytes, name)? {
            Opened::Whole(_) => {
                Err(ExtractError::unsupported("the document has no pages to judge", "read it whole"))
            }
            Opened::Paged(_, Paged::Pdf(file)) => {
                let mut shared = pdf::Shared::new();
                let pages = 0..file.pdf.pages().len();
                pages.map(|i| judge_pdf_page(&file, &mut shared, i, &self.options)).collect()
            }
            Opened::Paged(_, pages) => Ok(vec![Verdict::Empty; pages.count()]),
        }
    }

    /// Reads some pages of a document, counted from 0. [`Extractor::join`] makes of all of them what
    /// [`Extractor::extract`] gives. Of a document that is read as a whole there are no pages.
    ///
    /// # Errors
    /// As [`Extractor::extract`], for what shows when the file is opened.
    pub fn read_pages(&self, bytes: &[u8], name: &str, pages: Range<usize>) -> Result<Pages, ExtractError> {
        let Opened::Paged(format, paged) = self.open(bytes, name)? else {
            return Err(ExtractError::unsupported(
                "the document has no pages to read apart",
                "read it whole",
            ));
        };
        let of = paged.count();
        let pages = pages.start.min(of)..pages.end.min(of);
        let first = pages.start;
        let readings = self.readings(&paged, pages).into_iter().map(|r| r.map(Into::into)).collect();
        Ok(Pages { media_type: format.media_type().to_owned(), of, first, readings })
    }

    /// Puts the parts of a document together, which may come in any order.
    ///
    /// # Errors
    /// `damaged` when they are not all pages of one document; else as [`Extractor::extract`].
    pub fn join(&self, parts: Vec<Pages>) -> Result<Extraction, ExtractError> {
        let (media_type, readings) = in_order(parts)?;
        self.assemble(&media_type, readings)
    }

    /// Looks what the file is, and reads it where it is read as a whole.
    fn open<'b>(&self, bytes: &'b [u8], name: &str) -> Result<Opened<'b>, ExtractError> {
        let limits = &self.options.limits;
        if bytes.len() as u64 > limits.max_file_bytes {
            return Err(ExtractError::too_large(
                format!("the file holds {} bytes, more than {}", bytes.len(), limits.max_file_bytes),
                "max_file_bytes",
            ));
        }
        let format = detect(bytes, name)?;
        let (document, diagnostics) = match format {
            Format::Text => plain::read(bytes)?,
            Format::Docx | Format::Doc | Format::Odt | Format::Rtf | Format::Html => {
                office::read(format, bytes, limits)?
            }
            Format::Pdf => {
                return Ok(Opened::Paged(format, Paged::Pdf(Box::new(pdf::open(bytes, &self.options)?))));
            }
            Format::Tiff => return Ok(Opened::Paged(format, Paged::Tiff(Tiff::open(bytes, limits)?))),
            _ => return Ok(Opened::Paged(format, Paged::Picture(bytes))),
        };
        let media_type = format.media_type().into();
        Ok(Opened::Whole(Box::new(Extraction { document, media_type, ocr: None, diagnostics })))
    }

    /// Reads pages in parallel.
    fn readings(&self, pages: &Paged<'_>, range: Range<usize>) -> Vec<Result<PageReading, ExtractError>> {
        let limits = &self.options.limits;
        match pages {
            Paged::Pdf(file) => self.pdf_readings(file, range),
            Paged::Tiff(file) => {
                let read = |i| self.picture_page(file.page(i, limits)?, i);
                range.into_par_iter().map(read).collect()
            }
            Paged::Picture(bytes) => {
                let read = |i| self.picture_page(decode_raster(bytes, limits)?, i);
                range.into_par_iter().map(read).collect()
            }
        }
    }

    /// Text layers first, many pages in a row that share their fonts: reading these takes as long as reading a page. Then,
    /// each by itself, the pages whose picture, or pictures on which, must be read; a page of good text stays without
    /// them where no engine is there.
    fn pdf_readings(&self, file: &PdfFile, range: Range<usize>) -> Vec<Result<PageReading, ExtractError>> {
        let options = &self.options;
        let by_layer = |shared: &mut _, i| (i, read_pdf_layer(file, shared, i, options));
        let layers: Vec<_> =
            range.into_par_iter().with_min_len(SHARING_PAGES).map_init(pdf::Shared::new, by_layer).collect();
        let by_picture = |(i, layer): (usize, Result<ByLayer, ExtractError>)| match layer? {
            ByLayer::Whole(reading) => Ok(*reading),
            ByLayer::Part(mut reading) => {
                let read = |models| read_pdf_pasted(file, i, options, models, &mut reading);
                if let Err(e) = self.models().and_then(read) {
                    let message = format!("a picture on the page was not read: {e}");
                    reading.remark("picture_not_read", Severity::Warning, message);
                }
                Ok(*reading)
            }
            ByLayer::Nothing => read_pdf_picture(file, i, options, self.models()?),
        };
        layers.into_par_iter().map(by_picture).collect()
    }

    /// The OCR engine with its version and the models it reads with, such as "tesseract 5.3.0 Vietnamese+vie";
    /// without models where none is installed.
    pub fn ocr_version(&self) -> String {
        let engine = format!("tesseract {}", ocr::version().as_deref().unwrap_or("none"));
        match self.models() {
            Ok(models) => {
                let names: Vec<&str> = models.iter().map(|m| m.name.as_str()).collect();
                format!("{engine} {}", names.join("+"))
            }
            Err(_) => engine,
        }
    }

    fn models(&self) -> Result<&[Model], ExtractError> {
        self.models.get_or_init(|| ocr::find_models(&self.options)).as_deref().map_err(Clone::clone)
    }

    fn picture_page(&self, picture: Picture, index: usize) -> Result<PageReading, ExtractError> {
        let mut reader = TesseractReader { models: self.models()? };
        let mut reading = read_upright(picture, &mut reader)?;
        reading.number(index);
        Ok(reading)
    }

    /// Puts the pages together. A page that failed is left empty and named in a diagnostic, unless all fail or the failure
    /// is not the page's: then the first failure is the file's.
    fn assemble(
        &self,
        media_type: &str,
        readings: Vec<Result<PageReading, ExtractError>>,
    ) -> Result<Extraction, ExtractError> {
        let pages = readings.len();
        if readings.iter().all(Result::is_err)
            && let Some(Err(e)) = readings.first()
        {
            return Err(e.clone());
        }
        let mut document = Document::default();
        let mut diagnostics = Vec::new();
        let mut ocr = false;
        let mut tables = Vec::new();
        for (i, reading) in readings.into_iter().enumerate() {
            let reading = match reading {
                Ok(reading) => reading,
                Err(e) if e.cause() == vanthu_model::Cause::MissingComponent => return Err(e),
                Err(e) => {
                    let mut empty = PageReading::default();
                    empty.number(i);
                    empty.remark("page_failed", Severity::Error, format!("the page could not be read: {e}"));
                    empty
                }
            };
            ocr |= reading.ocr;
            diagnostics.extend(reading.diagnostics);
            document.pages.push(reading.page);
            tables.push(reading.tables);
        }
        release_single_rows(document.pages.iter_mut().zip(tables.iter().map(Vec::as_slice)));
        mark_running(&mut document.pages);
        number_tables(document.pages.iter_mut().zip(tables.iter().map(Vec::as_slice)));
        document.rebuild();
        if document.words().next().is_none() {
            return Err(ExtractError::no_text(match pages {
                1 => "the page gave no text".to_owned(),
                n => format!("none of the {n} pages gave text"),
            }));
        }
        let ocr = ocr.then(|| self.ocr_version());
        Ok(Extraction { document, media_type: media_type.to_owned(), ocr, diagnostics })
    }
}
