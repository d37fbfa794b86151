//! Optical character recognition behind one trait, so that another engine can take Tesseract's place.

mod choices;
#[cfg(feature = "late")]
mod late;
mod models;
mod ones;
mod stretch;
mod tesseract;
mod tsv;
mod vote;

use crate::error::ExtractError;
use image::GrayImage;
use vanthu_model::Reading;

pub(crate) use models::{Model, find_models, search_path};
pub(crate) use stretch::gap_before;
pub(crate) use tesseract::{INSTALL_LIBRARY, TesseractReader, version};
pub(crate) use vote::is_plausible;

/// A word as an engine read it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct OcrWord {
    /// NFC.
    pub text: String,
    /// 0 to 1.
    pub confidence: f32,
    /// Left, top, right and bottom in pixels of the picture given.
    pub pixels: [f32; 4],
    /// What else it may be by its picture, with probabilities; nothing where that was not asked.
    pub readings: Vec<Reading>,
}

/// An engine that reads lines of print. Finding the lines is not its work: Tesseract's own line finder cuts the marks
/// off stacked Vietnamese vowels (ố is read as ô) and joins columns.
pub(crate) trait Reader {
    /// Reads the picture of one line, whose resolution is `dpi` pixels an inch. Words come from left to right.
    fn read_line(&mut self, line: &GrayImage, dpi: f32) -> Result<Vec<OcrWord>, ExtractError>;
}
