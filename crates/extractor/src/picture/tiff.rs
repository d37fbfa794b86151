//! TIFF files of many pages.

use super::fax::{self, FaxCoding};
use super::raster::flatten;
use super::{Picture, check_size};
use crate::error::ExtractError;
use crate::guard::guarded;
use crate::options::Limits;
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage, RgbaImage};
use std::io::Cursor;
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits as TiffLimits};
use tiff::tags::Tag;

type Reader<'b> = Decoder<Cursor<&'b [u8]>>;

/// Number of the tag `T4Options`, which the `tiff` crate has no name for.
const T4_OPTIONS: u16 = 292;

/// Scanners write about 30 tags a page and colour profiles of up to some megabytes.
const MAX_TAG_BYTES: usize = 16 << 20;

/// A TIFF file: its pages are decoded one at a time, so that memory does not grow with their number.
pub(crate) struct Tiff<'b> {
    bytes: &'b [u8],
    /// Byte offset of each page's directory.
    pages: usize,
}

impl<'b> Tiff<'b> {
    /// Walks the chain of directories.
    pub(crate) fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self, ExtractError> {
        guarded("TIFF file", || {
            let mut reader = reader(bytes, limits)?;
            let mut pages = 1;
            // The `tiff` crate refuses directories that point back, so the chain ends.
            while reader.more_images() {
                if pages >= limits.max_pages {
                    return Err(ExtractError::too_large(
                        format!("the file holds more than {} pages", limits.max_pages),
                        "max_pages",
                    ));
                }
                if reader.next_image().is_err() {
                    break;
                }
                pages += 1;
            }
            Ok(Self { bytes, pages })
        })?
    }

    /// Number of pages.
    pub(crate) fn pages(&self) -> usize {
        self.pages
    }

    /// Decodes page `index`, counted from 0.
    pub(crate) fn page(&self, index: usize, limits: &Limits) -> Result<Picture, ExtractError> {
        guarded("TIFF page", || {
            let mut reader = reader(self.bytes, limits)?;
            reader.seek_to_image(index).map_err(damaged)?;
            let (width, height) = reader.dimensions().map_err(damaged)?;
            check_size(width, height, limits)?;
            let dpi = resolution(&mut reader);
            let orientation =
                tag(&mut reader, Tag::Orientation).and_then(|o| Orientation::from_exif(o as u8));
            let compression = tag(&mut reader, Tag::Compression).unwrap_or(1);
            let mut image = match compression {
                2..=4 => DynamicImage::ImageLuma8(fax_page(
                    &mut reader,
                    self.bytes,
                    width,
                    height,
                    compression as u16,
                )?),
                _ => plain_page(&mut reader, width, height)?,
            };
            if let Some(orientation) = orientation {
                image.apply_orientation(orientation);
            }
            Ok(Picture::new(flatten(image), dpi))
        })?
    }
}

fn damaged(e: tiff::TiffError) -> ExtractError {
    ExtractError::damaged(format!("the TIFF file cannot be decoded ({e})"))
}

fn reader<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Reader<'b>, ExtractError> {
    let mut bounds = TiffLimits::default();
    // Four channels of sixteen bits are the widest pixels that documents come in.
    bounds.decoding_buffer_size = usize::try_from(limits.max_pixels.saturating_mul(8)).unwrap_or(usize::MAX);
    bounds.intermediate_buffer_size = bounds.decoding_buffer_size;
    bounds.ifd_value_size = MAX_TAG_BYTES;
    Ok(Decoder::new(Cursor::new(bytes)).map_err(damaged)?.with_limits(bounds))
}

fn tag(reader: &mut Reader<'_>, tag: Tag) -> Option<u32> {
    reader.find_tag_unsigned(tag).ok().flatten()
}

fn list(reader: &mut Reader<'_>, tag: Tag) -> Option<Vec<u64>> {
    reader.find_tag_unsigned_vec(tag).ok().flatten()
}

/// Pixels an inch along x; `ResolutionUnit` 3 is the centimetre, 1 none.
fn resolution(reader: &mut Reader<'_>) -> Option<f32> {
    let x = reader.get_tag_f32(Tag::XResolution).ok()?;
    match tag(reader, Tag::ResolutionUnit).unwrap_or(2) {
        2 => Some(x),
        3 => Some(x * 2.54),
        _ => None,
    }
}

fn fax_page(
    reader: &mut Reader<'_>,
    bytes: &[u8],
    width: u32,
    height: u32,
    compression: u16,
) -> Result<GrayImage, ExtractError> {
    let coding = FaxCoding {
        compression,
        options: tag(reader, Tag::Unknown(T4_OPTIONS)).unwrap_or(0),
        lowest_bit_first: tag(reader, Tag::FillOrder) == Some(2),
    };
    // White is zero unless the file says otherwise; the code's black is then the file's 1.
    let inverted = tag(reader, Tag::PhotometricInterpretation) == Some(1);
    let tiled = tag(reader, Tag::TileWidth).is_some();
    let (offsets, counts, chunk_width, chunk_height) = if tiled {
        (
            list(reader, Tag::TileOffsets),
            list(reader, Tag::TileByteCounts),
            tag(reader, Tag::TileWidth).unwrap_or(0),
            tag(reader, Tag::TileLength).unwrap_or(0),
        )
    } else {
        let rows = tag(reader, Tag::RowsPerStrip).unwrap_or(height).clamp(1, height);
        (list(reader, Tag::StripOffsets), list(reader, Tag::StripByteCounts), width, rows)
    };
    let offsets =
        offsets.ok_or_else(|| ExtractError::damaged("the TIFF page does not say where its data lie"))?;
    // A chunk larger than the page by more than a tile's usual padding is a lie that would cost memory.
    if chunk_width == 0 || chunk_height == 0 || chunk_width > width + 4096 || chunk_height > height + 4096 {
        return Err(ExtractError::damaged(format!(
            "the TIFF page has tiles of {chunk_width} × {chunk_height} pixels"
        )));
    }
    let mut page = GrayImage::from_pixel(width, height, image::Luma([255]));
    let across = width.div_ceil(chunk_width) as usize;
    let mut decoded_rows = 0;
    for (i, &offset) in offsets.iter().enumerate() {
        let (left, top) = ((i % across) as u32 * chunk_width, (i / across) as u32 * chunk_height);
        if top >= height {
            break;
        }
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        // A missing or wrong count is made good by reading on: the code knows its own end.
        let count = counts
            .as_ref()
            .and_then(|c| c.get(i))
            .and_then(|&c| usize::try_from(c).ok())
            .unwrap_or(usize::MAX);
        let Some(data) = bytes.get(start..start.saturating_add(count).min(bytes.len())) else { continue };
        let rows = if tiled { chunk_height } else { chunk_height.min(height - top) };
        let (pixels, decoded) = fax::decode(data, chunk_width, rows, coding);
        decoded_rows += decoded;
        for (y, row) in pixels.chunks_exact(chunk_width as usize).enumerate() {
            let y = top + y as u32;
            if y >= height {
                break;
            }
            for (x, &value) in row.iter().enumerate().take((width - left) as usize) {
                page.put_pixel(left + x as u32, y, image::Luma([if inverted { 255 - value } else { value }]));
            }
        }
    }
    if decoded_rows == 0 {
        return Err(ExtractError::damaged("no row of the TIFF page's fax data can be decoded"));
    }
    Ok(page)
}

/// Every coding but fax, through the `tiff` crate.
fn plain_page(reader: &mut Reader<'_>, width: u32, height: u32) -> Result<DynamicImage, ExtractError> {
    let color = reader.colortype().map_err(damaged)?;
    let map = reader.get_tag_u16_vec(Tag::ColorMap).ok();
    let reverse = tag(reader, Tag::FillOrder) == Some(2);
    let mut samples = match reader.read_image().map_err(damaged)? {
        DecodingResult::U8(v) => v,
        DecodingResult::U16(v) => v.into_iter().map(|s| (s >> 8) as u8).collect(),
        _ => {
            return Err(ExtractError::unsupported(
                "the TIFF page holds samples that no scanner writes (floating point or 32 bits)",
                "save it with 8 or 16 bits a sample",
            ));
        }
    };
    let unreadable = || ExtractError::damaged("the TIFF page holds fewer pixels than it says");
    let bits = color.bit_depth();
    Ok(match color {
        ColorType::Gray(1 | 2 | 4) => {
            if reverse {
                samples.iter_mut().for_each(|b| *b = b.reverse_bits());
            }
            let top = (1u16 << bits) - 1;
            // The reader has turned pages on which white is zero already.
            let gray = unpack(&samples, width, height, bits, |v| (u16::from(v) * 255 / top) as u8)
                .ok_or_else(unreadable)?;
            DynamicImage::ImageLuma8(GrayImage::from_raw(width, height, gray).ok_or_else(unreadable)?)
        }
        ColorType::Palette(_) => {
            let map =
                map.ok_or_else(|| ExtractError::damaged("the TIFF page has no table for its colours"))?;
            let size = map.len() / 3;
            let index = unpack(&samples, width, height, bits, |v| v).ok_or_else(unreadable)?;
            let channel =
                |plane: usize, i: u8| map.get(plane * size + usize::from(i)).map_or(255, |v| (v >> 8) as u8);
            let rgb = index.into_iter().flat_map(|i| [channel(0, i), channel(1, i), channel(2, i)]).collect();
            DynamicImage::ImageRgb8(RgbImage::from_raw(width, height, rgb).ok_or_else(unreadable)?)
        }
        ColorType::Gray(_) => {
            DynamicImage::ImageLuma8(GrayImage::from_raw(width, height, samples).ok_or_else(unreadable)?)
        }
        ColorType::RGB(_) | ColorType::YCbCr(_) => {
            DynamicImage::ImageRgb8(RgbImage::from_raw(width, height, samples).ok_or_else(unreadable)?)
        }
        ColorType::RGBA(_) => {
            DynamicImage::ImageRgba8(RgbaImage::from_raw(width, height, samples).ok_or_else(unreadable)?)
        }
        ColorType::GrayA(_) => {
            let gray = samples.chunks_exact(2).map(|p| p.first().copied().unwrap_or(255)).collect();
            DynamicImage::ImageLuma8(GrayImage::from_raw(width, height, gray).ok_or_else(unreadable)?)
        }
        ColorType::CMYK(_) => {
            let rgb = samples.chunks_exact(4).flat_map(|p| {
                let key = 255 - u16::from(p[3]);
                [0, 1, 2].map(|i| ((255 - u16::from(p[i])) * key / 255) as u8)
            });
            DynamicImage::ImageRgb8(RgbImage::from_raw(width, height, rgb.collect()).ok_or_else(unreadable)?)
        }
        other => {
            return Err(ExtractError::unsupported(
                format!("the TIFF page is in colours that are not read ({other:?})"),
                "save it as grey or RGB",
            ));
        }
    })
}

/// One byte a sample from rows of packed samples that start on byte boundaries.
fn unpack(packed: &[u8], width: u32, height: u32, bits: u8, value: impl Fn(u8) -> u8) -> Option<Vec<u8>> {
    if bits >= 8 {
        return Some(packed.iter().map(|&v| value(v)).collect());
    }
    let (width, height, bits) = (width as usize, height as usize, usize::from(bits));
    let stride = (width * bits).div_ceil(8);
    if packed.len() < stride * height {
        return None;
    }
    let mask = (1u8 << bits) - 1;
    let mut out = Vec::with_capacity(width * height);
    for row in packed.chunks_exact(stride).take(height) {
        out.extend((0..width).map(|x| {
            let bit = x * bits;
            value(row[bit / 8] >> (8 - bits - bit % 8) & mask)
        }));
    }
    Some(out)
}
