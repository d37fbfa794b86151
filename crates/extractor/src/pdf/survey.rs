//! A look over a PDF file's objects with lopdf before its pages are interpreted: is it locked, would a stream unfold
//! beyond the limits, do its fonts bear the names of legacy encodings?

use crate::error::ExtractError;
use crate::legacy::hint;
use crate::options::Limits;
use flate2::read::ZlibDecoder;
use lopdf::{Document, LoadOptions, Object, Stream};
use std::io::Read;

/// What the survey found.
pub(crate) struct Survey {
    document: Document,
    /// Whether a font is named `.Vn...` (TCVN3) or `VNI-...`.
    pub legacy_fonts: bool,
}

/// Deflate cannot do better than this (zlib's technical notes): shorter streams need no trial.
const MAX_DEFLATE_RATIO: u64 = 1032;

/// Surveys the file. `None` where lopdf cannot read it; whether that is final is hayro's to say.
pub(crate) fn survey(bytes: &[u8], password: &str, limits: &Limits) -> Result<Option<Survey>, ExtractError> {
    let mut options = LoadOptions::with_password(password);
    options.max_decompressed_size = usize::try_from(limits.max_stream_bytes).ok();
    let document = match Document::load_mem_with_options(bytes, options) {
        Ok(document) => document,
        Err(lopdf::Error::InvalidPassword) => {
            return Err(ExtractError::encrypted(
                "the file is encrypted and the password is missing or wrong",
            ));
        }
        Err(_) => return Ok(None),
    };
    let mut legacy_fonts = false;
    let mut packed = Vec::new();
    for object in document.objects.values() {
        match object {
            Object::Stream(stream) => packed.extend(Packed::of(&document, stream, limits)?),
            Object::Dictionary(entries) => {
                if let Ok(name) = entries.get(b"BaseFont").and_then(Object::as_name) {
                    legacy_fonts |= hint(&String::from_utf8_lossy(name)).is_some();
                }
            }
            _ => {}
        }
    }
    check_unfolded(&packed, limits)?;
    Ok(Some(Survey { document, legacy_fonts }))
}

/// A stream that may unfold to much.
struct Packed<'d> {
    content: &'d [u8],
    /// How many filters in a row, from the first on, are Deflate.
    rounds: u32,
    /// Whether it counts towards the limit on all streams. Pictures are judged by the size they state, which is all that
    /// their decoder allocates.
    counts: bool,
    /// It cannot unfold to more bytes than this.
    at_most: u64,
}

impl<'d> Packed<'d> {
    /// `None` for a stream that cannot unfold to much.
    fn of(document: &Document, stream: &'d Stream, limits: &Limits) -> Result<Option<Self>, ExtractError> {
        let entry =
            |key: &[u8]| stream.dict.get(key).ok().and_then(|o| document.dereference(o).ok()).map(|(_, o)| o);
        let is_picture = entry(b"Subtype").and_then(|o| o.as_name().ok()) == Some(b"Image");
        if is_picture {
            let side = |key: &[u8]| {
                entry(key).and_then(|o| o.as_i64().ok()).and_then(|v| u64::try_from(v).ok()).unwrap_or(0)
            };
            let (width, height) = (side(b"Width"), side(b"Height"));
            if width.max(height) > u64::from(limits.max_side)
                || width.saturating_mul(height) > limits.max_pixels
            {
                return Err(ExtractError::too_large(
                    format!("a picture in the PDF file measures {width} × {height} pixels"),
                    "max_pixels",
                ));
            }
            if width == 0 || height == 0 {
                return Ok(None);
            }
        }
        let filters: Vec<&[u8]> = match entry(b"Filter") {
            Some(Object::Name(name)) => vec![name.as_slice()],
            Some(Object::Array(names)) => names.iter().filter_map(|n| n.as_name().ok()).collect(),
            _ => return Ok(None),
        };
        let flate = |name: &&&[u8]| matches!(**name, b"FlateDecode" | b"Fl");
        let of_deflate = filters.iter().filter(flate).count() as u32;
        let at_most =
            (stream.content.len() as u64).saturating_mul(MAX_DEFLATE_RATIO.saturating_pow(of_deflate));
        let rounds = filters.iter().take_while(flate).count() as u32;
        if at_most <= limits.max_stream_bytes / 16 || rounds == 0 {
            return Ok(None);
        }
        Ok(Some(Self { content: &stream.content, rounds, counts: !is_picture, at_most }))
    }

    /// Bytes that it unfolds to; refuses one that goes beyond the limit.
    fn unfolded(&self, limits: &Limits) -> Result<u64, ExtractError> {
        let mut source: Box<dyn Read> = Box::new(self.content);
        for _ in 0..self.rounds {
            source = Box::new(ZlibDecoder::new(source));
        }
        let mut total = 0u64;
        let mut buffer = vec![0; 1 << 16];
        // A broken stream ends the count: what the page interpreter gets out of it ends there too.
        while let Ok(n @ 1..) = source.read(&mut buffer) {
            total += n as u64;
            if total > limits.max_stream_bytes {
                return Err(ExtractError::too_large(
                    format!(
                        "a stream of the PDF file unfolds from {} to more than {total} bytes",
                        self.content.len()
                    ),
                    "max_stream_bytes",
                ));
            }
        }
        Ok(total)
    }
}

/// Refuses streams that unfold beyond the limits. Only where they might are they unfolded.
fn check_unfolded(packed: &[Packed<'_>], limits: &Limits) -> Result<(), ExtractError> {
    let counted = || packed.iter().filter(|p| p.counts);
    let at_most = counted().fold(0u64, |sum, p| sum.saturating_add(p.at_most));
    let many = at_most > limits.max_inflated_bytes;
    let mut inflated = 0u64;
    for stream in packed.iter().filter(|p| (many && p.counts) || p.at_most > limits.max_stream_bytes) {
        let unfolded = stream.unfolded(limits)?;
        inflated += if stream.counts { unfolded } else { 0 };
        if inflated > limits.max_inflated_bytes {
            return Err(ExtractError::too_large(
                format!(
                    "the streams of the PDF file unfold to more than {} bytes",
                    limits.max_inflated_bytes
                ),
                "max_inflated_bytes",
            ));
        }
    }
    Ok(())
}

impl Survey {
    /// The file as lopdf writes it, unlocked; `None` where lopdf finds no page or cannot write it.
    pub(crate) fn rewrite(&mut self) -> Option<Vec<u8>> {
        if self.document.get_pages().is_empty() {
            return None;
        }
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).ok()?;
        Some(bytes)
    }
}
