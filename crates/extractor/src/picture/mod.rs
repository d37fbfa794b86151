//! Page pictures: pixels with a resolution, out of image files.

mod density;
mod fax;
mod raster;
mod tiff;

use crate::error::ExtractError;
use crate::options::Limits;
use image::{GrayImage, RgbImage, imageops};

pub(crate) use raster::decode as decode_raster;
pub(crate) use tiff::Tiff;

/// The long side of A4, in inches: what a page is taken to measure where its resolution is not known.
const A4_LONG_SIDE: f32 = 11.69;

/// Page sizes outside this range, in inches, show that a stated resolution is wrong.
const PLAUSIBLE_LONG_SIDE: std::ops::RangeInclusive<f32> = 4.0..=50.0;

/// Resolutions that cameras and programs state without knowing: not believed where they make more than A3 of a page.
const STOCK: [f32; 2] = [72.0, 96.0];

/// The long side of A3, in inches, with some room.
const A3_LONG_SIDE: f32 = 17.0;

/// The pixels of a page.
#[derive(Debug, Clone)]
pub(crate) enum Pixels {
    Gray(GrayImage),
    Rgb(RgbImage),
}

/// A page as a picture.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub pixels: Pixels,
    /// Pixels an inch.
    pub dpi: f32,
}

impl Picture {
    /// A picture whose file states `dpi`, if it does; what is not plausible gives way to the assumption of A4.
    pub(crate) fn new(pixels: Pixels, dpi: Option<f32>) -> Self {
        let (w, h) = match &pixels {
            Pixels::Gray(g) => g.dimensions(),
            Pixels::Rgb(c) => c.dimensions(),
        };
        let long = w.max(h) as f32;
        let dpi = dpi
            .filter(|d| d.is_finite() && *d > 0.0 && PLAUSIBLE_LONG_SIDE.contains(&(long / d)))
            .filter(|d| long / d <= A3_LONG_SIDE || STOCK.iter().all(|s| (s - d).abs() > 0.5))
            .unwrap_or(long / A4_LONG_SIDE);
        Self { pixels, dpi }
    }

    /// The picture turned clockwise by so many right angles.
    pub(crate) fn turned(&self, quarters: u8) -> Self {
        let pixels = match (&self.pixels, quarters % 4) {
            (Pixels::Gray(gray), 1) => Pixels::Gray(imageops::rotate90(gray)),
            (Pixels::Gray(gray), 2) => Pixels::Gray(imageops::rotate180(gray)),
            (Pixels::Gray(gray), 3) => Pixels::Gray(imageops::rotate270(gray)),
            (Pixels::Rgb(rgb), 1) => Pixels::Rgb(imageops::rotate90(rgb)),
            (Pixels::Rgb(rgb), 2) => Pixels::Rgb(imageops::rotate180(rgb)),
            (Pixels::Rgb(rgb), 3) => Pixels::Rgb(imageops::rotate270(rgb)),
            (pixels, _) => pixels.clone(),
        };
        Self { pixels, dpi: self.dpi }
    }

    /// Width and height in pixels.
    pub(crate) fn dimensions(&self) -> (u32, u32) {
        match &self.pixels {
            Pixels::Gray(g) => g.dimensions(),
            Pixels::Rgb(c) => c.dimensions(),
        }
    }

    /// Width and height in points.
    pub(crate) fn points(&self) -> (f32, f32) {
        let (w, h) = self.dimensions();
        (w as f32 * 72.0 / self.dpi, h as f32 * 72.0 / self.dpi)
    }
}

/// Refuses pictures without area and pictures beyond the limits; called before pixels are decoded.
pub(crate) fn check_size(width: u32, height: u32, limits: &Limits) -> Result<(), ExtractError> {
    if width == 0 || height == 0 {
        return Err(ExtractError::damaged(format!("the picture measures {width} × {height} pixels")));
    }
    if width.max(height) > limits.max_side {
        return Err(ExtractError::too_large(
            format!(
                "the picture measures {width} × {height} pixels, more than {} along a side",
                limits.max_side
            ),
            "max_side",
        ));
    }
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        return Err(ExtractError::too_large(
            format!("the picture measures {width} × {height} pixels, more than {} in all", limits.max_pixels),
            "max_pixels",
        ));
    }
    Ok(())
}
