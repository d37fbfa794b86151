//! PNG, JPEG, BMP and WebP.

use super::{Picture, Pixels, check_size, density};
use crate::error::ExtractError;
use crate::guard::guarded;
use crate::options::Limits;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageReader, Rgb, RgbImage};
use std::io::Cursor;

/// Decodes a picture and turns it upright as its EXIF orientation says.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, ExtractError> {
    guarded("picture", || decode_unguarded(bytes, limits))?
}

fn decode_unguarded(bytes: &[u8], limits: &Limits) -> Result<Picture, ExtractError> {
    let damaged =
        |e: image::ImageError| ExtractError::damaged(format!("the picture cannot be decoded ({e})"));
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|e| ExtractError::damaged(format!("the picture cannot be decoded ({e})")))?;
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, limits)?;
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image.apply_orientation(orientation);
    Ok(Picture::new(flatten(image), density::dpi(bytes)))
}

/// Brings any pixel format to 8-bit grey or RGB, laying transparent pixels on white paper.
pub(crate) fn flatten(image: DynamicImage) -> Pixels {
    match image {
        DynamicImage::ImageLuma8(gray) => Pixels::Gray(gray),
        DynamicImage::ImageRgb8(rgb) => Pixels::Rgb(rgb),
        DynamicImage::ImageLuma16(_) => Pixels::Gray(image.into_luma8()),
        DynamicImage::ImageLumaA8(_) | DynamicImage::ImageLumaA16(_) => {
            let source = image.into_luma_alpha8();
            Pixels::Gray(GrayImage::from_fn(source.width(), source.height(), |x, y| {
                let [luma, alpha] = source.get_pixel(x, y).0;
                image::Luma([on_white(luma, alpha)])
            }))
        }
        other if other.color().has_alpha() => {
            let source = other.into_rgba8();
            Pixels::Rgb(RgbImage::from_fn(source.width(), source.height(), |x, y| {
                let [r, g, b, alpha] = source.get_pixel(x, y).0;
                Rgb([on_white(r, alpha), on_white(g, alpha), on_white(b, alpha)])
            }))
        }
        other => Pixels::Rgb(other.into_rgb8()),
    }
}

fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanthu_model::Cause;

    /// The head of a PNG file that claims to measure `side` pixels each way.
    fn png_claiming(side: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(side.to_be_bytes());
        bytes.extend(side.to_be_bytes());
        bytes.extend([8, 0, 0, 0, 0]);
        let crc = crc32(&bytes[12..]);
        bytes.extend(crc.to_be_bytes());
        bytes.extend(b"\0\0\0\x02IDAT\x78\x9c");
        let crc = crc32(b"IDAT\x78\x9c");
        bytes.extend(crc.to_be_bytes());
        bytes
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, &b| {
            (0..8).fold(crc ^ u32::from(b), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
        })
    }

    #[test]
    fn sizes_are_judged_before_decoding() {
        let cause = |bytes: &[u8]| decode(bytes, &Limits::default()).unwrap_err().cause();
        assert_eq!(cause(&png_claiming(60_000)), Cause::TooLarge);
        assert_eq!(cause(&png_claiming(0)), Cause::Damaged);
        assert_eq!(cause(&png_claiming(20)), Cause::Damaged);
        assert_eq!(cause(b"\xff\xd8\xff\xe0 and no more"), Cause::Damaged);
    }

    #[test]
    fn a_stated_resolution_must_be_plausible() {
        let page = || Pixels::Gray(GrayImage::new(1654, 2339));
        assert_eq!(Picture::new(page(), Some(200.0)).dpi, 200.0);
        assert!((Picture::new(page(), Some(1.0)).dpi - 200.0).abs() < 1.0);
        assert!((Picture::new(page(), None).dpi - 200.0).abs() < 1.0);
        // A telephone says 72 of any photograph; a small picture may well have it.
        assert!((Picture::new(page(), Some(72.0)).dpi - 200.0).abs() < 1.0);
        assert_eq!(Picture::new(Pixels::Gray(GrayImage::new(595, 842)), Some(72.0)).dpi, 72.0);
    }

    #[test]
    fn transparent_pixels_are_paper() {
        let clear = DynamicImage::ImageRgba8(image::RgbaImage::new(1, 1));
        assert!(matches!(flatten(clear), Pixels::Rgb(i) if i.get_pixel(0, 0).0 == [255; 3]));
    }
}
