//! Plain text: its encoding told and undone.

use crate::error::ExtractError;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use vanthu_model::{Diagnostic, Document, Severity};

/// Text whose encoding was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without its byte order mark.
    pub text: String,
    /// Name of the encoding by the WHATWG standard, such as `UTF-8` or `windows-1258`.
    pub encoding: &'static str,
    /// Whether the encoding was guessed: the bytes are no UTF-8 and have no byte order mark.
    pub guessed: bool,
    /// Whether some bytes mean nothing in the encoding; each stands as U+FFFD in the text.
    pub malformed: bool,
}

/// Undoes the encoding of a text. A byte order mark decides; else UTF-8 where the bytes are valid UTF-8; else the
/// encoding is guessed.
pub fn decode(bytes: &[u8]) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, malformed) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return Decoded { text: text.into_owned(), encoding: encoding.name(), guessed: false, malformed };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.into(), encoding: UTF_8.name(), guessed: false, malformed: false };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(Some(b"vn"), Utf8Detection::Deny);
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), guessed: true, malformed }
}

/// Reads a text file; a guessed encoding is told in a diagnostic.
pub(crate) fn read(bytes: &[u8]) -> Result<(Document, Vec<Diagnostic>), ExtractError> {
    let Decoded { text, encoding, guessed, malformed } = decode(bytes);
    let mut diagnostics = Vec::new();
    if guessed {
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
    Ok((Document::from_text(&text), diagnostics))
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
    fn nul_and_nothing_are_refused() {
        assert_eq!(read(b"a\0b").unwrap_err().cause(), Cause::Unsupported);
        assert_eq!(read(b" \n\t ").unwrap_err().cause(), Cause::NoText);
    }
}
