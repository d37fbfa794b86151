use crate::error::ExtractError;
use crate::format::{Format, detect};
use crate::layout::number_tables;
use crate::ocr::{self, Model, TesseractReader};
use crate::office;
use crate::options::Options;
use crate::page::{PageReading, read_pdf_page};
use crate::pdf;
use crate::picture::{Picture, Tiff, decode_raster};
use crate::plain;
use crate::upright::read_upright;
use rayon::prelude::*;
use std::sync::OnceLock;
use vanthu_model::{Diagnostic, Document, Severity};

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
        let limits = &self.options.limits;
        if bytes.len() as u64 > limits.max_file_bytes {
            return Err(ExtractError::too_large(
                format!("the file holds {} bytes, more than {}", bytes.len(), limits.max_file_bytes),
                "max_file_bytes",
            ));
        }
        let format = detect(bytes, name)?;
        match format {
            Format::Text => {
                let (document, diagnostics) = plain::read(bytes)?;
                Ok(Extraction { document, media_type: format.media_type().into(), ocr: None, diagnostics })
            }
            Format::Docx | Format::Doc | Format::Odt | Format::Rtf | Format::Html => {
                let (document, diagnostics) = office::read(format, bytes, limits)?;
                watch(document.pages.len());
                Ok(Extraction { document, media_type: format.media_type().into(), ocr: None, diagnostics })
            }
            Format::Pdf => {
                let file = pdf::open(bytes, &self.options)?;
                let pages = file.pdf.pages().len();
                watch(pages);
                self.assemble(format, pages, pdf::Shared::new, |shared, i| {
                    read_pdf_page(&file, shared, i, &self.options, || self.models())
                })
            }
            Format::Tiff => {
                let file = Tiff::open(bytes, limits)?;
                watch(file.pages());
                self.assemble(
                    format,
                    file.pages(),
                    || (),
                    |(), i| self.picture_page(file.page(i, limits)?, i),
                )
            }
            _ => self.assemble(format, 1, || (), |(), i| self.picture_page(decode_raster(bytes, limits)?, i)),
        }
    }

    /// The OCR engine with its version and the models it reads with, such as "tesseract 5.3.0 Vietnamese+vie";
    /// without models where none is installed.
    pub fn ocr_version(&self) -> String {
        let engine = format!("tesseract {}", ocr::version());
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

    /// Reads `pages` pages in parallel and puts them together; pages read one after the other share what `sharing` gives.
    /// A page that fails is left empty and named in a diagnostic, unless all fail or the failure is not the page's: then
    /// the first failure is the file's.
    fn assemble<S>(
        &self,
        format: Format,
        pages: usize,
        sharing: impl Fn() -> S + Send + Sync,
        read: impl Fn(&mut S, usize) -> Result<PageReading, ExtractError> + Send + Sync,
    ) -> Result<Extraction, ExtractError> {
        let readings: Vec<Result<PageReading, ExtractError>> =
            (0..pages).into_par_iter().map_init(sharing, read).collect();
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
        number_tables(document.pages.iter_mut().zip(tables.iter().map(Vec::as_slice)));
        document.rebuild();
        if document.words().next().is_none() {
            return Err(ExtractError::no_text(match pages {
                1 => "the page gave no text".to_owned(),
                n => format!("none of the {n} pages gave text"),
            }));
        }
        let ocr = ocr.then(|| self.ocr_version());
        Ok(Extraction { document, media_type: format.media_type().into(), ocr, diagnostics })
    }
}
