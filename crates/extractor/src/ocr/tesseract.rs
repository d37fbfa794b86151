//! Tesseract 5: one open engine a thread.

use super::models::{INSTALL, Model};
use super::vote::vote;
use super::{OcrWord, Reader, tsv};
use crate::error::ExtractError;
use image::GrayImage;
use std::cell::RefCell;
use tesseract::{OcrEngineMode, PageSegMode, Tesseract, TesseractError};

thread_local! {
    /// The engines this thread has opened, one a model. Opening costs 60 ms and 75 MB, reading a line 20 ms: so engines
    /// are kept, and never shared, since Tesseract's handles belong to one thread at a time.
    static OPEN: RefCell<Vec<(Model, Tesseract)>> = const { RefCell::new(Vec::new()) };
}

/// A line with a word below this confidence is read by the second model too.
const SURE: f32 = 0.9;

/// Reads with the calling thread's engines for `models`: the first reads every line, the second those in doubt.
pub(crate) struct TesseractReader<'m> {
    pub models: &'m [Model],
}

impl Reader for TesseractReader<'_> {
    fn read_line(&mut self, line: &GrayImage, dpi: f32) -> Result<Vec<OcrWord>, ExtractError> {
        let Some((first, others)) = self.models.split_first() else { return Ok(Vec::new()) };
        let words = read_with(first, line, dpi)?;
        match others.first() {
            Some(second) if words.is_empty() || words.iter().any(|w| w.confidence < SURE) => {
                Ok(vote(words, read_with(second, line, dpi)?))
            }
            _ => Ok(words),
        }
    }
}

fn read_with(model: &Model, line: &GrayImage, dpi: f32) -> Result<Vec<OcrWord>, ExtractError> {
    OPEN.with(|open_engines| {
        let mut engines = open_engines.borrow_mut();
        // Taken out while it works: an engine that failed is dropped with its state, and opened anew next time.
        let engine = match engines.iter().position(|(m, _)| m == model) {
            Some(at) => engines.swap_remove(at).1,
            None => open(model)?,
        };
        let (engine, text) = recognise(engine, line, dpi)
            .map_err(|e| ExtractError::damaged(format!("Tesseract could not read a line ({e})")))?;
        engines.push((model.clone(), engine));
        Ok(tsv::words(&text))
    })
}

fn open(model: &Model) -> Result<Tesseract, ExtractError> {
    let broken = |e: String| {
        ExtractError::missing(
            format!("Tesseract cannot open {}.traineddata in {} ({e})", model.name, model.folder.display()),
            INSTALL,
        )
    };
    let folder = model.folder.to_str().ok_or_else(|| broken("the folder's name is not UTF-8".into()))?;
    let mut engine = Tesseract::new_with_oem(Some(folder), Some(&model.name), OcrEngineMode::LstmOnly)
        .map_err(|e| broken(e.to_string()))?;
    for (name, value) in [
        // Words of one page must not colour the reading of the next: the same picture gives the same text.
        ("tessedit_enable_doc_dict", "0"),
        ("classify_enable_learning", "0"),
        // The library writes remarks to standard error otherwise.
        ("debug_file", "/dev/null"),
    ] {
        engine = engine.set_variable(name, value).map_err(|e| broken(e.to_string()))?;
    }
    Ok(engine)
}

fn recognise(
    mut engine: Tesseract,
    line: &GrayImage,
    dpi: f32,
) -> Result<(Tesseract, String), TesseractError> {
    // The mode in which Tesseract takes the picture for the line, without looking for one in it.
    engine.set_page_seg_mode(PageSegMode::PsmRawLine);
    let (width, height) = (line.width() as i32, line.height() as i32);
    let mut engine = engine
        .set_frame(line.as_raw(), width, height, 1, width)?
        .set_source_resolution(dpi.round().clamp(70.0, 2400.0) as i32)
        .recognize()?;
    let text = engine.get_tsv_text(0)?;
    Ok((engine, text))
}

/// The version of the Tesseract library that is linked, such as "5.3.0".
pub(crate) fn version() -> String {
    // SAFETY: `TessVersion` takes nothing and returns a pointer to a static NUL-terminated string.
    let version = unsafe { std::ffi::CStr::from_ptr(tesseract_sys::TessVersion()) };
    version.to_string_lossy().into_owned()
}
