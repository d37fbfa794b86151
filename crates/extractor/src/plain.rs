//! Plain text: its encoding told and undone.

use crate::error::ExtractError;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use vanthu_model::{Diagnostic, Document, Severity};

/// Reads a text file. A byte order mark decides; else UTF-8 where the bytes are valid UTF-8; else the encoding is
/// guessed, and a diagnostic says so.
pub(crate) fn read(bytes: &[u8]) -> Result<(Document, Vec<Diagnostic>), ExtractError> {
    let mut diagnostics = Vec::new();
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            let (text, malformed) =
                encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
            if malformed {
                diagnostics.push(malformed_bytes(encoding));
            }
            text
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => {
                let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
                detector.feed(bytes, true);
                let encoding = detector.guess(Some(b"vn"), Utf8Detection::Deny);
                let (text, malformed) = encoding.decode_without_bom_handling(bytes);
                diagnostics.push(Diagnostic {
                    code: "encoding_guessed".into(),
                    severity: Severity::Warning,
                    message: format!(
                        "the text is not UTF-8 and has no byte order mark; it was read as {}",
                        encoding.name()
                    ),
                    span: None,
                    page: None,
                });
                if malformed {
                    diagnostics.push(malformed_bytes(encoding));
                }
                text
            }
        },
    };
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

fn malformed_bytes(encoding: &'static Encoding) -> Diagnostic {
    let name = if encoding == UTF_8 { "UTF-8" } else { encoding.name() };
    Diagnostic {
        code: "encoding_malformed".into(),
        severity: Severity::Warning,
        message: format!("some bytes are not valid {name}; each was read as U+FFFD"),
        span: None,
        page: None,
    }
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
