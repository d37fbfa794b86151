//! Plain text: its encoding told and undone.

use crate::error::ExtractError;
use crate::legacy::{self, LegacyEncoding};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use vanthu_model::{Diagnostic, Document, Origin, Severity, Verdict};

/// Text whose encoding was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without its byte order mark.
    pub text: String,
    /// Name of the encoding by the WHATWG standard, such as `UTF-8` or `windows-1258`; of the legacy encoding used most,
    /// such as `TCVN3`, where the bytes are in none of the standard's.
    pub encoding: &'static str,
    /// Whether the encoding was guessed: the bytes are no UTF-8 and have no byte order mark.
    pub guessed: bool,
    /// Whether some bytes mean nothing in the encoding; each stands as U+FFFD in the text.
    pub malformed: bool,
    /// Legacy encodings that were converted, each with the number of words in its lines, the most used first. UTF-8
    /// text may hold them too, as characters in the place of bytes ("ViÖt Nam").
    pub converted: Vec<(LegacyEncoding, usize)>,
}

impl Decoded {
    fn new(text: String, encoding: &'static str) -> Self {
        let (text, converted) = legacy::convert_text(&text).unwrap_or((text, Vec::new()));
        Decoded { text, encoding, guessed: false, malformed: false, converted }
    }
}

/// Undoes the encoding of a text. A byte order mark decides; else UTF-8 where the bytes are valid UTF-8; else a legacy
/// Vietnamese encoding where one makes sense of the words; else the encoding is guessed.
pub fn decode(bytes: &[u8]) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, malformed) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return Decoded { malformed, ..Decoded::new(text.into_owned(), encoding.name()) };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded::new(text.into(), UTF_8.name());
    }
    if let Some((text, converted)) = legacy::from_bytes(bytes)
        && let Some((encoding, _)) = converted.first()
    {
        return Decoded { text, encoding: encoding.name(), guessed: true, malformed: false, converted };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(Some(b"vn"), Utf8Detection::Deny);
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    Decoded { malformed, guessed: true, ..Decoded::new(text.into_owned(), encoding.name()) }
}

/// Reads a text file; a guessed encoding is told in a diagnostic.
pub(crate) fn read(bytes: &[u8]) -> Result<(Document, Vec<Diagnostic>), ExtractError> {
    let Decoded { text, encoding, guessed, malformed, converted } = decode(bytes);
    let mut diagnostics = Vec::new();
    diagnostics.extend(remark_converted(&converted));
    if guessed && converted.is_empty() {
        let message = format!("the text is not UTF-8 and has no byte order mark; it was read as {encoding}");
        diagnostics.push(warning("encoding_guessed", message));
    }
    if malformed {
        let message = format!("some bytes are not valid {encoding}; each was read as U+FFFD");
        diagnostics.push(warning("encoding_malformed", message));
    }
    if text.contains('\0') {
        return Err(ExtractError::unsupported(
            "the text holds NUL characters",
            "it is not plain text; convert it",
        ));
    }
    if text.trim().is_empty() {
        return Err(ExtractError::no_text("the file holds nothing but white space"));
    }
    let mut document = Document::from_text(&text);
    if !converted.is_empty() {
        for page in &mut document.pages {
            page.verdict = Verdict::LegacyEncoding;
            page.origin = Origin::Converted;
            let lines = page.blocks.iter_mut().flat_map(|b| &mut b.lines);
            lines.flat_map(|l| &mut l.words).for_each(|w| w.origin = Origin::Converted);
        }
    }
    Ok((document, diagnostics))
}

/// Says which encodings were converted, if any.
pub(crate) fn remark_converted(found: &[(LegacyEncoding, usize)]) -> Option<Diagnostic> {
    let names: Vec<&str> = found.iter().map(|(e, _)| e.name()).collect();
    (!names.is_empty()).then(|| Diagnostic {
        code: "legacy_encoding".into(),
        severity: Severity::Info,
        message: format!("the text was in {}; it was converted to Unicode", names.join(" and ")),
        span: None,
        page: None,
    })
}

fn warning(code: &str, message: String) -> Diagnostic {
    Diagnostic { code: code.into(), severity: Severity::Warning, message, span: None, page: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanthu_model::Cause;

    #[test]
    fn byte_order_marks_are_obeyed() {
        let utf16: Vec<u8> = "\u{feff}Số 1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (document, diagnostics) = read(&utf16).unwrap();
        assert_eq!(document.text, "Số 1\n");
        assert!(diagnostics.is_empty());
        assert_eq!(read("\u{feff}Số 1".as_bytes()).unwrap().0.text, "Số 1");
    }

    #[test]
    fn a_guess_is_said() {
        let (document, diagnostics) = read(b"Ph\xf2ng h\xe0nh ch\xednh").unwrap();
        assert!(document.text.starts_with("Ph"));
        assert_eq!(diagnostics[0].code, "encoding_guessed");
    }

    #[test]
    fn legacy_bytes_are_converted_and_told() {
        let (document, diagnostics) = read(b"Ph\xdfng Th\xf1y l\xeei t\xd8nh B\xd7nh An\n").unwrap();
        assert_eq!(document.text, "Phòng Thủy lợi tỉnh Bình An\n");
        assert_eq!(document.pages[0].origin, Origin::Converted);
        assert_eq!(diagnostics[0].code, "legacy_encoding");
        assert!(diagnostics[0].message.contains("TCVN3"));
        document.check().unwrap();
    }

    #[test]
    fn nul_and_nothing_are_refused() {
        assert_eq!(read(b"a\0b").unwrap_err().cause(), Cause::Unsupported);
        assert_eq!(read(b" \n\t ").unwrap_err().cause(), Cause::NoText);
    }
}
