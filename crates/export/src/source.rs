//! What outputs need of the files that records were read from.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, RgbImage};

/// A file that a record was read from, opened to show its pages. Whoever reads files implements it; this crate does
/// not know how.
pub trait Source {
    /// The bytes of the file.
    fn bytes(&self) -> &[u8];

    /// The password that opens it, if it needs one.
    fn password(&self) -> Option<&str>;

    /// Page `index`, counted from 0, as the file shows it; [`Picture::turned`] sets those upright that were turned to be
    /// read. A page that is drawn (PDF) is rendered at `dpi` pixels an inch; one that is a picture comes as it is.
    ///
    /// # Errors
    /// What is wrong, in one line.
    fn picture(&self, index: usize, dpi: f32) -> Result<Picture, String>;
}

/// A page as pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Pixels an inch.
    pub dpi: f32,
    /// Three bytes a pixel (red, green, blue) where true, else one (grey, 255 is white).
    pub colour: bool,
    /// The rows from the top, `width * height` pixels.
    pub pixels: Vec<u8>,
}

impl Picture {
    /// Bytes a pixel.
    pub(crate) fn depth(&self) -> usize {
        if self.colour { 3 } else { 1 }
    }

    /// Whether there are as many pixels as the sides say, and some.
    pub(crate) fn is_sound(&self) -> bool {
        let expected = u64::from(self.width) * u64::from(self.height) * self.depth() as u64;
        expected > 0 && expected == self.pixels.len() as u64 && self.dpi.is_finite() && self.dpi > 0.0
    }

    /// Whether every pixel is black or white.
    pub(crate) fn is_bilevel(&self) -> bool {
        !self.colour && self.pixels.iter().all(|p| matches!(p, 0 | 255))
    }

    /// The picture turned clockwise by `degrees`, a multiple of 90, as in [`vanthu_model::Page::turned`].
    #[must_use]
    pub fn turned(self, degrees: u16) -> Self {
        let quarters = degrees / 90 % 4;
        if quarters == 0 || !self.is_sound() {
            return self;
        }
        let (width, height) = (self.width as usize, self.height as usize);
        let (across, down) = if quarters == 2 { (width, height) } else { (height, width) };
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
            let (from_x, from_y) = match quarters {
                1 => (y, height - 1 - x),
                2 => (width - 1 - x, height - 1 - y),
                _ => (width - 1 - y, x),
            };
            let at = (from_y * width + from_x) * self.depth();
            pixels.extend_from_slice(self.pixels.get(at..at + self.depth()).unwrap_or_default());
        }
        Self { width: across as u32, height: down as u32, pixels, ..self }
    }

    /// As JPEG of the given quality (1 to 100), made smaller where it is finer than `dpi`.
    ///
    /// # Errors
    /// What is wrong, in one line.
    pub fn jpeg(self, dpi: f32, quality: u8) -> Result<Vec<u8>, String> {
        if !self.is_sound() {
            return Err("the picture has no pixels".into());
        }
        let Self { width, height, colour, pixels, dpi: own } = self;
        let image = match colour {
            true => RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
            false => GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8),
        };
        let mut image = image.ok_or("the picture has no pixels")?;
        let scale = dpi / own;
        if scale < 0.95 {
            let side = |s: u32| ((s as f32 * scale).round() as u32).max(1);
            image = image.resize_exact(side(width), side(height), FilterType::Triangle);
        }
        let mut bytes = Vec::new();
        image
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
            .map_err(|e| e.to_string())?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_turned_clockwise() {
        let picture =
            Picture { width: 3, height: 2, dpi: 72.0, colour: false, pixels: vec![1, 2, 3, 4, 5, 6] };
        let turned = |degrees| {
            let p = picture.clone().turned(degrees);
            (p.width, p.height, p.pixels)
        };
        assert_eq!(turned(0), (3, 2, vec![1, 2, 3, 4, 5, 6]));
        assert_eq!(turned(90), (2, 3, vec![4, 1, 5, 2, 6, 3]));
        assert_eq!(turned(180), (3, 2, vec![6, 5, 4, 3, 2, 1]));
        assert_eq!(turned(270), (2, 3, vec![3, 6, 2, 5, 1, 4]));
        let coloured =
            Picture { width: 1, height: 2, dpi: 72.0, colour: true, pixels: vec![1, 2, 3, 4, 5, 6] };
        assert_eq!(coloured.turned(90).pixels, [4, 5, 6, 1, 2, 3]);
    }

    #[test]
    fn large_pictures_are_made_smaller() {
        let picture =
            Picture { width: 300, height: 600, dpi: 300.0, colour: false, pixels: vec![255; 300 * 600] };
        let bytes = picture.jpeg(100.0, 72).unwrap();
        let image = image::load_from_memory(&bytes).unwrap();
        assert_eq!((image.width(), image.height()), (100, 200));
    }
}
