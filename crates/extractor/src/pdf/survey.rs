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
    let mut inflated = 0;
    for object in document.objects.values() {
        match object {
            Object::Stream(stream) => inflated += unfolded(&document, stream, limits)?,
            Object::Dictionary(entries) => {
                if let Ok(name) = entries.get(b"BaseFont").and_then(Object::as_name) {
                    legacy_fonts |= hint(&String::from_utf8_lossy(name)).is_some();
                }
            }
            _ => {}
        }
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
    Ok(Some(Survey { document, legacy_fonts }))
}

/// Bytes that a stream unfolds to, as far as they count towards the limit on all streams; refuses a stream that goes
/// beyond its own limit. Pictures are judged by the size they state, which is all that their decoder allocates.
fn unfolded(document: &Document, stream: &Stream, limits: &Limits) -> Result<u64, ExtractError> {
    let entry =
        |key: &[u8]| stream.dict.get(key).ok().and_then(|o| document.dereference(o).ok()).map(|(_, o)| o);
    let name_is = |key: &[u8], name: &[u8]| entry(key).and_then(|o| o.as_name().ok()) == Some(name);
    if name_is(b"Subtype", b"Image") {
        let side = |key: &[u8]| {
            entry(key).and_then(|o| o.as_i64().ok()).and_then(|v| u64::try_from(v).ok()).unwrap_or(0)
        };
        let (width, height) = (side(b"Width"), side(b"Height"));
        if width.max(height) > u64::from(limits.max_side) || width.saturating_mul(height) > limits.max_pixels
        {
            return Err(ExtractError::too_large(
                format!("a picture in the PDF file measures {width} × {height} pixels"),
                "max_pixels",
            ));
        }
        if width == 0 || height == 0 {
            return Ok(0);
        }
    }
    let filters: Vec<&[u8]> = match entry(b"Filter") {
        Some(Object::Name(name)) => vec![name.as_slice()],
        Some(Object::Array(names)) => names.iter().filter_map(|n| n.as_name().ok()).collect(),
        _ => return Ok(0),
    };
    let flate = |name: &&[u8]| matches!(*name, b"FlateDecode" | b"Fl");
    let Some(first) = filters.first() else { return Ok(0) };
    let compressed = stream.content.len() as u64;
    let rounds = filters.iter().filter(|f| flate(f)).count() as u32;
    if compressed.saturating_mul(MAX_DEFLATE_RATIO.saturating_pow(rounds)) <= limits.max_stream_bytes / 16
        || !flate(first)
    {
        return Ok(0);
    }
    let mut source: Box<dyn Read> = Box::new(stream.content.as_slice());
    for _ in filters.iter().take_while(|f| flate(f)) {
        source = Box::new(ZlibDecoder::new(source));
    }
    let mut total = 0u64;
    let mut buffer = vec![0; 1 << 16];
    // A broken stream ends the count: what the page interpreter gets out of it ends there too.
    while let Ok(n @ 1..) = source.read(&mut buffer) {
        total += n as u64;
        if total > limits.max_stream_bytes {
            return Err(ExtractError::too_large(
                format!("a stream of the PDF file unfolds from {compressed} to more than {total} bytes"),
                "max_stream_bytes",
            ));
        }
    }
    Ok(if name_is(b"Subtype", b"Image") { 0 } else { total })
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
