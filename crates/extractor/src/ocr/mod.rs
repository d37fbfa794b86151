//! Optical character recognition behind one trait, so that another engine can take Tesseract's place.

mod models;
mod tesseract;
mod tsv;

use crate::error::ExtractError;
use image::GrayImage;

pub(crate) use models::{Model, find_model, search_path};
pub(crate) use tesseract::{TesseractReader, version};

/// What a picture given to an engine shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A page or part of one, whose blocks the engine finds.
    Page,
    /// One column of lines.
    Column,
    /// One block of evenly set lines.
    Block,
    /// One line.
    Line,
}

/// A word as an engine read it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OcrWord {
    /// NFC.
    pub text: String,
    /// 0 to 1.
    pub confidence: f32,
    /// Left, top, right and bottom in pixels of the picture given.
    pub pixels: [f32; 4],
}

/// A line as an engine read it; the words run from left to right.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct OcrLine {
    /// Lines of one block share a number.
    pub block: u32,
    pub words: Vec<OcrWord>,
}

impl OcrLine {
    /// The box around the words: left, top, right, bottom.
    pub(crate) fn pixels(&self) -> [f32; 4] {
        self.words.iter().fold([f32::MAX, f32::MAX, 0.0, 0.0], |b, w| {
            [b[0].min(w.pixels[0]), b[1].min(w.pixels[1]), b[2].max(w.pixels[2]), b[3].max(w.pixels[3])]
        })
    }

    /// Mean confidence, weighted by the length of the words.
    pub(crate) fn confidence(&self) -> f32 {
        let length = |w: &OcrWord| w.text.chars().count() as f32;
        let letters: f32 = self.words.iter().map(length).sum();
        if letters == 0.0 {
            0.0
        } else {
            self.words.iter().map(|w| w.confidence * length(w)).sum::<f32>() / letters
        }
    }
}

/// An engine that reads pictures of print.
pub(crate) trait Reader {
    /// Reads `page`, whose resolution is `dpi` pixels an inch. Lines come in the engine's reading order.
    fn read(&mut self, page: &GrayImage, dpi: f32, shape: Shape) -> Result<Vec<OcrLine>, ExtractError>;
}
