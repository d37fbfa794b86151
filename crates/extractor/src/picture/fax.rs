//! CCITT Group 3 and Group 4 strips and tiles of TIFF files.

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};

/// How a TIFF says its fax data are laid out (TIFF 6.0, sections 10 and 11).
#[derive(Debug, Clone, Copy)]
pub(crate) struct FaxCoding {
    /// 2 modified Huffman, 3 Group 3, 4 Group 4.
    pub compression: u16,
    /// Tag `T4Options`: bit 0 says that lines are coded in two dimensions, bit 2 that lines end on byte boundaries.
    pub options: u32,
    /// Tag `FillOrder` is 2: the bits of each byte come lowest first.
    pub lowest_bit_first: bool,
}

/// One byte a pixel, 255 for paper; rows that do not decode stay white.
struct Rows<'p> {
    pixels: &'p mut [u8],
    width: usize,
    row: usize,
}

impl Decoder for Rows<'_> {
    fn push_row(&mut self, changes: &[u32]) {
        let start = self.row * self.width;
        self.row += 1;
        let Some(row) = self.pixels.get_mut(start..start + self.width) else { return };
        for black in changes.chunks(2) {
            let from = black.first().map_or(0, |&c| c as usize);
            let to = black.get(1).map_or(self.width, |&c| c as usize);
            if let Some(run) = row.get_mut(from..to.min(self.width)) {
                run.fill(0);
            }
        }
    }
}

/// Decodes one strip or tile of `width` × `height` pixels into one byte a pixel, 0 for the code's black.
/// Gives the number of rows that were decoded as well.
pub(crate) fn decode(data: &[u8], width: u32, height: u32, coding: FaxCoding) -> (Vec<u8>, usize) {
    let mut pixels = vec![255; width as usize * height as usize];
    let mut rows = Rows { pixels: &mut pixels, width: width as usize, row: 0 };
    let reversed: Vec<u8>;
    let data = if coding.lowest_bit_first {
        reversed = data.iter().map(|b| b.reverse_bits()).collect();
        &reversed
    } else {
        data
    };
    let settings = DecodeSettings {
        columns: width,
        rows: height,
        end_of_block: coding.compression != 2,
        end_of_line: coding.compression == 3,
        rows_are_byte_aligned: coding.compression == 2,
        encoding: match coding.compression {
            4 => EncodingMode::Group4,
            3 if coding.options & 1 == 1 => EncodingMode::Group3_2D,
            _ => EncodingMode::Group3_1D,
        },
        strict: false,
    };
    // Rows decoded before an error are kept: half a page is better than none, and the caller counts them.
    let _ = hayro_ccitt::decode(data, &mut rows, &mut DecoderContext::new(settings));
    let decoded = rows.row.min(height as usize);
    (pixels, decoded)
}
