//! Text files in a legacy encoding.

use super::LegacyEncoding;
use super::convert::{Found, convert_from, convert_text};
use super::detect::words;
use encoding_rs::WINDOWS_1252;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Text turned into Unicode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The text, NFC.
    pub text: String,
    /// Legacy encodings that were found, each with the number of words in its lines, the most used first. Empty where
    /// the text was Unicode, or in an encoding that has nothing to do with Vietnamese.
    pub found: Vec<(LegacyEncoding, usize)>,
    /// Encoding of the bytes by the WHATWG standard, such as `UTF-8`; that of the legacy encoding used most where the
    /// bytes are in none of the standard's.
    pub encoding: &'static str,
    /// Whether some bytes mean nothing in the encoding; each stands as U+FFFD in the text.
    pub malformed: bool,
}

/// Turns the text in `bytes` into Unicode, from the encodings that are found in it line by line or from the one that
/// is given. Text may also be UTF-8 that holds windows-1252 characters in the place of bytes ("ViÖt Nam").
pub fn convert(bytes: &[u8], from: Option<LegacyEncoding>) -> Converted {
    let Some(encoding) = from else {
        let decoded = crate::plain::decode(bytes);
        let text = decoded.text.nfc().collect();
        return Converted {
            text,
            found: decoded.converted,
            encoding: decoded.encoding,
            malformed: decoded.malformed,
        };
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    let text = convert_from(&text, encoding);
    let count = words(&text).count();
    Converted { text, found: vec![(encoding, count)], encoding: encoding.name(), malformed: false }
}

/// The text of bytes that are not UTF-8, where legacy encodings are found in it. Lines that are UTF-8 are read as such.
pub(crate) fn from_bytes(bytes: &[u8]) -> Option<(String, Found)> {
    let mut western = String::with_capacity(bytes.len() + bytes.len() / 4);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        match std::str::from_utf8(line) {
            Ok(line) => western.push_str(line),
            Err(_) => western.push_str(&WINDOWS_1252.decode_without_bom_handling(line).0),
        }
    }
    convert_text(&western)
}
