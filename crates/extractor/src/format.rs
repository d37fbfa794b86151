//! Which format a file is of: told by its bytes, compared with what its name says.

use crate::error::ExtractError;

/// A format told by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Pdf,
    Tiff,
    Png,
    Jpeg,
    Bmp,
    WebP,
    Text,
    Docx,
    Doc,
    Odt,
    Rtf,
    Html,
    /// Known, and not read. The string is what people call it.
    Other(&'static str),
    /// Binary of no known kind.
    Binary,
}

impl Format {
    /// The media type that goes into records.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Format::Pdf => "application/pdf",
            Format::Tiff => "image/tiff",
            Format::Png => "image/png",
            Format::Jpeg => "image/jpeg",
            Format::Bmp => "image/bmp",
            Format::WebP => "image/webp",
            Format::Text => "text/plain",
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Format::Doc => "application/msword",
            Format::Odt => "application/vnd.oasis.opendocument.text",
            Format::Rtf => "application/rtf",
            Format::Html => "text/html",
            Format::Other(_) | Format::Binary => "application/octet-stream",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Format::Pdf => "PDF",
            Format::Tiff => "TIFF",
            Format::Png => "PNG",
            Format::Jpeg => "JPEG",
            Format::Bmp => "BMP",
            Format::WebP => "WebP",
            Format::Text => "plain text",
            Format::Docx => "a Word document (DOCX)",
            Format::Doc => "an old Office document (DOC, XLS)",
            Format::Odt => "an OpenDocument text",
            Format::Rtf => "an RTF document",
            Format::Html => "a web page (HTML)",
            Format::Other(name) => name,
            Format::Binary => "binary data of no known format",
        }
    }
}

/// How far into a file a PDF header may stand: readers have long allowed a kilobyte of other bytes before it.
const PDF_HEADER_WITHIN: usize = 1024;

/// How much of a file is looked at to tell text from binary.
const PROBE: usize = 64 << 10;

/// Tells the format of `bytes`, which are not empty.
fn sniff(bytes: &[u8]) -> Format {
    let head = &bytes[..bytes.len().min(PDF_HEADER_WITHIN)];
    let lower: Vec<u8> = head.iter().map(u8::to_ascii_lowercase).collect();
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    if begins(b"\x89PNG\r\n\x1a\n") {
        Format::Png
    } else if begins(b"\xff\xd8\xff") {
        Format::Jpeg
    } else if [&b"II*\0"[..], b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|m| begins(m)) {
        Format::Tiff
    } else if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Format::WebP
    } else if begins(b"BM") && bytes.get(6..10) == Some(&[0; 4]) {
        Format::Bmp
    } else if find(head, b"%PDF-") {
        Format::Pdf
    } else if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
        if find(bytes, b"word/") {
            Format::Docx
        } else if find(head, b"opendocument.text") {
            Format::Odt
        } else if find(head, b"opendocument") {
            Format::Other("an OpenDocument file that is no text")
        } else if find(bytes, b"content.xml") {
            // Packed anew by a program that compresses all parts.
            Format::Odt
        } else {
            Format::Other("a ZIP archive, whose parts `vanthu ingest` reads")
        }
    } else if begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        Format::Doc
    } else if begins(b"{\\rtf") {
        Format::Rtf
    } else if begins(b"GIF8") {
        Format::Other("a GIF picture")
    } else if bytes.get(4..12) == Some(b"ftypheic") || bytes.get(4..12) == Some(b"ftypmif1") {
        Format::Other("a HEIC picture")
    } else if begins(b"%!PS") {
        Format::Other("PostScript")
    } else if is_web_page(&lower) {
        Format::Html
    } else if looks_like_text(bytes) {
        Format::Text
    } else if find(bytes, b" obj") && find(bytes, b"endobj") {
        // A PDF that lost its head: the reader's own repair may still find its objects.
        Format::Pdf
    } else {
        Format::Binary
    }
}

/// Whether the beginning of a file, in lower case, is that of a web page; Word writes an XML declaration and comments
/// before the first tag.
fn is_web_page(lower: &[u8]) -> bool {
    let text = lower.strip_prefix(b"\xef\xbb\xbf").unwrap_or(lower).trim_ascii_start();
    let begins = |tag: &[u8]| text.starts_with(tag);
    let page = || find(lower, b"<!doctype html") || find(lower, b"<html");
    begins(b"<!doctype html")
        || begins(b"<html")
        || begins(b"<head>")
        || begins(b"<meta ")
        || ((begins(b"<?xml") || begins(b"<!--")) && page())
}

fn find(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

/// Control characters that are rare capitals in VISCII and VPS.
const LETTERS: [u8; 15] = [2, 3, 4, 5, 6, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x19, 0x1c, 0x1d, 0x1e];

/// Text has a byte order mark, or no NUL and next to no other control characters.
fn looks_like_text(bytes: &[u8]) -> bool {
    let probe = &bytes[..bytes.len().min(PROBE)];
    if [&b"\xff\xfe"[..], b"\xfe\xff", b"\xef\xbb\xbf"].iter().any(|bom| probe.starts_with(bom)) {
        return true;
    }
    let controls = || probe.iter().filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c));
    let letters = controls().filter(|b| LETTERS.contains(b)).count();
    let others = controls().count() - letters;
    !bytes.contains(&0) && others * 1000 <= probe.len() && letters * 50 <= probe.len()
}

/// What the extension of `name` promises, where it is one that we know.
fn promised(name: &str) -> Option<(&str, &'static [Format])> {
    let (_, extension) = name.rsplit_once('.')?;
    let formats: &[Format] = match extension.to_ascii_lowercase().as_str() {
        "pdf" => &[Format::Pdf],
        "tif" | "tiff" => &[Format::Tiff],
        "png" => &[Format::Png],
        "jpg" | "jpeg" | "jpe" => &[Format::Jpeg],
        "bmp" => &[Format::Bmp],
        "webp" => &[Format::WebP],
        "txt" | "md" => &[Format::Text],
        // Programs write RTF and web pages under the names of Word's own formats, and Word opens them.
        "doc" => &[Format::Doc, Format::Docx, Format::Rtf, Format::Html, Format::Text],
        "docx" => &[Format::Docx, Format::Doc],
        "odt" => &[Format::Odt],
        "rtf" => &[Format::Rtf, Format::Doc, Format::Docx],
        "html" | "htm" | "xhtml" => &[Format::Html, Format::Text],
        _ => return None,
    };
    Some((extension, formats))
}

/// The format of `bytes`, or why a file of this name and content is not read.
pub(crate) fn detect(bytes: &[u8], name: &str) -> Result<Format, ExtractError> {
    if bytes.is_empty() {
        return Err(ExtractError::empty("the file holds no bytes"));
    }
    let found = sniff(bytes);
    if let Some((extension, formats)) = promised(name)
        && !formats.contains(&found)
    {
        return Err(ExtractError::unsupported(
            format!("the name says .{extension} but the content is {}", found.name()),
            "give the file the name that fits its content, or fetch it again",
        ));
    }
    match found {
        // A page without the tags that pages begin with, or in UTF-16.
        Format::Text if matches!(promised(name), Some((_, [Format::Html, ..]))) => Ok(Format::Html),
        Format::Other(_) | Format::Binary => Err(ExtractError::unsupported(
            format!("the content is {}, which is not read", found.name()),
            "convert it to PDF, DOCX, TIFF, PNG, JPEG or plain text",
        )),
        known => Ok(known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanthu_model::Cause;

    #[test]
    fn content_decides_and_a_lying_name_is_refused() {
        assert_eq!(detect(b"Chao", "a.txt"), Ok(Format::Text));
        assert_eq!(detect(b"Chao", "no-extension"), Ok(Format::Text));
        assert_eq!(detect(b"junk%PDF-1.4\n", "a.PDF"), Ok(Format::Pdf));
        let e = detect(b"Chao", "a.tiff").unwrap_err();
        assert_eq!(e.cause(), Cause::Unsupported);
        assert!(e.to_string().contains("plain text"), "{e}");
        let e = detect(b"\x89PNG\r\n\x1a\n....", "a.pdf").unwrap_err();
        assert!(e.to_string().contains("PNG"), "{e}");
        assert_eq!(detect(b"", "a.pdf").unwrap_err().cause(), Cause::Empty);
        assert_eq!(detect(b"ab\0\x01\x02cd", "a").unwrap_err().cause(), Cause::Unsupported);
        assert_eq!(detect(b"<html><p>x", "x.pdf").unwrap_err().cause(), Cause::Unsupported);
    }
}
