//! The regions of a page picture.

use crate::clean::CleanPage;
use crate::error::ExtractError;
use crate::ocr::{OcrLine, Reader, Shape};
use image::imageops;
use vanthu_model::BlockKind;

/// A rectangle of the page, in pixels, that is read on its own.
#[derive(Debug, Clone)]
pub(crate) struct Region {
    pub kind: BlockKind,
    pub x0: u32,
    pub y0: u32,
    pub x1: u32,
    pub y1: u32,
}

pub(crate) fn regions(page: &mut CleanPage, _steps: &mut Vec<String>) -> Vec<Region> {
    let (w, h) = page.gray.dimensions();
    vec![Region { kind: BlockKind::Text, x0: 0, y0: 0, x1: w, y1: h }]
}

pub(crate) fn read_region(
    page: &CleanPage,
    region: &Region,
    reader: &mut impl Reader,
) -> Result<Vec<OcrLine>, ExtractError> {
    let part =
        imageops::crop_imm(&page.gray, region.x0, region.y0, region.x1 - region.x0, region.y1 - region.y0);
    let mut lines = reader.read(&part.to_image(), page.dpi, Shape::Page)?;
    for word in lines.iter_mut().flat_map(|l| &mut l.words) {
        word.pixels[0] += region.x0 as f32;
        word.pixels[2] += region.x0 as f32;
        word.pixels[1] += region.y0 as f32;
        word.pixels[3] += region.y0 as f32;
    }
    Ok(lines)
}
