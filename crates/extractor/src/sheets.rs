//! Pages as pictures, for outputs that show them.

use crate::error::ExtractError;
use crate::format::{Format, detect};
use crate::guard::guarded;
use crate::options::Options;
use crate::pdf::{self, PdfFile};
use crate::picture::{Picture, Pixels, Tiff, decode_raster};

/// A file opened to show its pages.
pub struct Sheets {
    bytes: Vec<u8>,
    format: Format,
    pdf: Option<PdfFile>,
    options: Options,
}

/// A page as it looks, upright.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Pixels an inch.
    pub dpi: f32,
    /// Three bytes a pixel (red, green, blue) where true, else one (grey).
    pub colour: bool,
    /// The rows from the top.
    pub pixels: Vec<u8>,
}

impl Sheets {
    /// Opens a file whose content is `bytes`.
    ///
    /// # Errors
    /// As [`crate::Extractor::extract`]; what is neither PDF nor a picture has no pages to show and is
    /// refused as unsupported.
    pub fn open(bytes: Vec<u8>, name: &str, options: Options) -> Result<Self, ExtractError> {
        let format = detect(&bytes, name)?;
        let pdf = match format {
            Format::Pdf => Some(pdf::open(&bytes, &options)?),
            Format::Tiff | Format::Png | Format::Jpeg | Format::Bmp | Format::WebP => None,
            _ => {
                return Err(ExtractError::unsupported("the file has no page pictures", "show its text"));
            }
        };
        Ok(Self { bytes, format, pdf, options })
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Page `index`, counted from 0. A PDF page is rendered at `dpi`, pages of picture files come as they are.
    ///
    /// # Errors
    /// What is wrong with the page, and the limits on pictures.
    pub fn page(&self, index: usize, dpi: f32) -> Result<Sheet, ExtractError> {
        let limits = &self.options.limits;
        let missing = || ExtractError::damaged(format!("there is no page {}", index + 1));
        let picture = match (&self.pdf, self.format) {
            (Some(file), _) => {
                let page = file.pdf.pages().get(index).ok_or_else(missing)?;
                guarded("PDF page", || pdf::render(page, dpi, limits))??
            }
            (None, Format::Tiff) => Tiff::open(&self.bytes, limits)?.page(index, limits)?,
            (None, _) if index > 0 => return Err(missing()),
            (None, _) => decode_raster(&self.bytes, limits)?,
        };
        Ok(sheet(picture))
    }
}

fn sheet(picture: Picture) -> Sheet {
    let (width, height) = picture.dimensions();
    let (colour, pixels) = match picture.pixels {
        Pixels::Gray(gray) => (false, gray.into_raw()),
        Pixels::Rgb(rgb) => (true, rgb.into_raw()),
    };
    Sheet { width, height, dpi: picture.dpi, colour, pixels }
}
