//! Pictures as the pages of a PDF, their pixels untouched.

use super::font::packed;
use crate::source::Picture;
use fax::encoder::Encoder;
use fax::{Color, VecWriter};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Document, ObjectId, Stream, dictionary};
use std::io::{self, Write};

/// Adds a page that shows `picture`, and returns its number. `original` are the bytes of the file that it came from:
/// a JPEG file that lies upright is put in as it is.
pub(crate) fn add_page(
    document: &mut Document,
    tree: ObjectId,
    picture: &Picture,
    original: Option<&[u8]>,
) -> io::Result<ObjectId> {
    let image = match original.and_then(|bytes| jpeg(bytes, picture)) {
        Some(stream) => stream,
        None => coded(picture)?,
    };
    let image = document.add_object(image);
    let [width, height] = [picture.width, picture.height].map(|side| side as f32 * 72.0 / picture.dpi);
    let content =
        packed(dictionary! {}, format!("q {width:.4} 0 0 {height:.4} 0 0 cm /Scan Do Q\n").into_bytes());
    let content = document.add_object(content);
    Ok(document.add_object(dictionary! {
        "Type" => "Page", "Parent" => tree, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), width.into(), height.into()],
        "Resources" => dictionary! { "XObject" => dictionary! { "Scan" => image } },
    }))
}

fn entries(picture: &Picture, bits: i64, filter: &str) -> Dictionary {
    dictionary! {
        "Type" => "XObject", "Subtype" => "Image",
        "Width" => i64::from(picture.width), "Height" => i64::from(picture.height), "BitsPerComponent" => bits,
        "ColorSpace" => if picture.colour { "DeviceRGB" } else { "DeviceGray" }, "Filter" => filter,
    }
}

/// Black and white as a fax (CCITT Group 4), all else deflated; both give back every pixel.
fn coded(picture: &Picture) -> io::Result<Stream> {
    if let (true, Ok(width)) = (picture.is_bilevel(), u16::try_from(picture.width)) {
        let mut encoder = Encoder::new(VecWriter::new());
        for row in picture.pixels.chunks(usize::from(width).max(1)) {
            let pixels = row.iter().map(|p| if *p == 0 { Color::Black } else { Color::White });
            // Writing into memory cannot fail.
            let Ok(()) = encoder.encode_line(pixels, width);
        }
        let Ok(data) = encoder.finish();
        let mut dictionary = entries(picture, 1, "CCITTFaxDecode");
        let (columns, rows) = (i64::from(picture.width), i64::from(picture.height));
        dictionary.set("DecodeParms", dictionary! { "K" => -1, "Columns" => columns, "Rows" => rows });
        return Ok(Stream::new(dictionary, data.finish()));
    }
    let depth = picture.depth();
    let row = picture.width as usize * depth;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut above = vec![0; row];
    for line in picture.pixels.chunks(row.max(1)) {
        // PNG's predictor `Up`: paper is the same from row to row.
        encoder.write_all(&[2])?;
        let rest: Vec<u8> = line.iter().zip(&above).map(|(a, b)| a.wrapping_sub(*b)).collect();
        encoder.write_all(&rest)?;
        above.copy_from_slice(line);
    }
    let mut dictionary = entries(picture, 8, "FlateDecode");
    dictionary.set(
        "DecodeParms",
        dictionary! { "Predictor" => 15, "Colors" => depth as i64, "Columns" => i64::from(picture.width) },
    );
    Ok(Stream::new(dictionary, encoder.finish()?))
}

/// A JPEG file as it is, where it shows just this picture: upright, in grey or red, green and blue.
fn jpeg(bytes: &[u8], picture: &Picture) -> Option<Stream> {
    let (width, height, components) = frame(bytes)?;
    let colour = match components {
        1 => false,
        3 => true,
        _ => return None,
    };
    if (width, height, colour) != (picture.width, picture.height, picture.colour) {
        return None;
    }
    Some(Stream::new(entries(picture, 8, "DCTDecode"), bytes.to_vec()))
}

/// Width, height and number of components of a JPEG file of 8 bits; none where it says that it is to be turned.
fn frame(bytes: &[u8]) -> Option<(u32, u32, u8)> {
    let mut at = 2;
    bytes.starts_with(&[0xff, 0xd8]).then_some(())?;
    loop {
        let &[0xff, marker] = bytes.get(at..at + 2)? else { return None };
        if marker == 0xff {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let segment = bytes.get(at + 4..at + 2 + length)?;
        match marker {
            0xe1 if segment.starts_with(b"Exif\0\0") && turned(segment.get(6..)?) => return None,
            0xc0..=0xc2 => {
                let &[8, h1, h0, w1, w0, components, ..] = segment else { return None };
                let side = |high: u8, low: u8| u32::from(u16::from_be_bytes([high, low]));
                return Some((side(w1, w0), side(h1, h0), components));
            }
            // The other codings are not for PDF; the picture itself is read before it would be.
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xda => return None,
            _ => at += 2 + length,
        }
    }
}

/// Whether EXIF data asks for a turn (tag 0x0112 other than 1).
fn turned(tiff: &[u8]) -> bool {
    let little = tiff.starts_with(b"II");
    let short = |at: usize| {
        let two: [u8; 2] = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let long = |at: usize| {
        let four: [u8; 4] = tiff.get(at..at + 4)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize)
    };
    let Some((first, count)) = long(4).and_then(|at| Some((at, short(at)?))) else { return false };
    let tags = (0..usize::from(count)).map(|i| first + 2 + 12 * i);
    tags.filter(|&at| short(at) == Some(0x0112)).filter_map(|at| short(at + 8)).any(|o| o != 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(colour: bool, pixels: Vec<u8>) -> Picture {
        let depth = if colour { 3 } else { 1 };
        Picture { width: (pixels.len() / depth / 2) as u32, height: 2, dpi: 72.0, colour, pixels }
    }

    #[test]
    fn every_pixel_comes_back() {
        for picture in [picture(false, vec![0, 7, 255, 3, 9, 200]), picture(true, (0..24).collect())] {
            let stream = coded(&picture).unwrap();
            let plain = stream.get_plain_content().unwrap();
            assert_eq!(plain, picture.pixels);
        }
    }

    #[test]
    fn black_and_white_goes_as_a_fax() {
        let stream = coded(&picture(false, vec![0, 255, 255, 255, 0, 0])).unwrap();
        assert_eq!(stream.dict.get(b"Filter").unwrap().as_name().unwrap(), b"CCITTFaxDecode");
    }

    #[test]
    fn a_jpeg_that_is_to_be_turned_is_not_put_in_as_it_is() {
        let mut bytes = vec![0xff, 0xd8];
        let exif = [&b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"[..]].concat();
        bytes.extend([0xff, 0xe1, 0, exif.len() as u8 + 2]);
        bytes.extend(exif);
        let sof = [0xff, 0xc0, 0, 11, 8, 0, 2, 0, 3, 1, 1, 0x11, 0];
        bytes.extend(sof);
        assert_eq!(frame(&bytes), None);
        assert_eq!(frame(&[&[0xff, 0xd8][..], &sof].concat()), Some((3, 2, 1)));
    }
}
