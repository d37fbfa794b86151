//! Single steps on the way from bytes to text, for programs that measure each by itself. They may change from version to
//! version.

use crate::clean;
use crate::picture::{Picture, Pixels};
use crate::verdict;
use image::{GrayImage, RgbImage};
use vanthu_model::Verdict;

/// The verdict on the words of a text layer without unmapped glyphs and legacy fonts.
pub fn judge<'w>(words: impl IntoIterator<Item = &'w str>) -> Verdict {
    verdict::judge(words, false)
}

/// The red channel, where there is red ink.
pub fn red_channel(page: &RgbImage) -> Option<GrayImage> {
    clean::red::has_red_ink(page).then(|| clean::red::red_channel(page))
}

/// The skew of a page in degrees; see the step of the same name.
pub fn skew(page: &GrayImage, dpi: f32) -> Option<f32> {
    clean::deskew::skew(page, dpi)
}

/// The page turned clockwise by `degrees`.
pub fn rotate(page: &GrayImage, degrees: f32) -> GrayImage {
    clean::deskew::rotate(page, degrees)
}

/// Local thresholding as on uneven paper at 200 dpi.
pub fn sauvola(page: &mut GrayImage) {
    clean::threshold::sauvola(page, 51, 0.25);
}

/// Removes specks of fewer than `pixels` dark pixels.
pub fn remove_specks(page: &mut GrayImage, pixels: u32) {
    clean::components::remove_specks(page, pixels);
}

/// The page enlarged as those of low resolution are.
pub fn enlarge(page: &GrayImage) -> GrayImage {
    clean::enlarge(page)
}

/// A page after all the steps that it calls for, and their names.
pub fn clean(page: GrayImage, dpi: f32) -> (GrayImage, Vec<String>) {
    let clean = clean::clean(Picture::new(Pixels::Gray(page), Some(dpi)));
    (clean.gray, clean.steps)
}
