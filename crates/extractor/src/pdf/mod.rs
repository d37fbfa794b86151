//! PDF files: lopdf surveys the structure, hayro interprets and renders the pages.

mod glyphs;
mod legacy;
mod render;
mod rules;
mod stamp;
mod survey;
mod words;

pub(crate) use glyphs::{Content, Glyph, Placed, Shared, content};
pub(crate) use legacy::converted_layer;
pub(crate) use render::{RENDER_DPI, render};
pub(crate) use stamp::{is_of_signature, signature_text, text_of};
pub(crate) use words::{Layer, LayerWord, layer};

use crate::error::ExtractError;
use crate::guard::guarded;
use crate::options::{Limits, Options};
use hayro_syntax::Pdf;
use hayro_syntax::{DecryptionError, LoadPdfError};

/// An opened PDF file.
pub(crate) struct PdfFile {
    pub pdf: Pdf,
    /// Whether a font of the file is named like those of the Vietnamese legacy encodings.
    pub legacy_fonts: bool,
}

/// Opens a file under the limits. What lopdf cannot read is left to hayro, whose repair goes further, and where hayro
/// fails a file that lopdf could read is tried once more as lopdf writes it.
pub(crate) fn open(bytes: &[u8], options: &Options) -> Result<PdfFile, ExtractError> {
    let password = options.password.as_deref().unwrap_or("");
    let survey = guarded("PDF file", || survey::survey(bytes, password, &options.limits))??;
    let opened = guarded("PDF file", || load(bytes.to_vec(), password))?;
    let (pdf, legacy_fonts) = match (opened, survey) {
        (Ok(pdf), Some(survey)) => (pdf, survey.legacy_fonts),
        (Ok(pdf), None) => (pdf, false),
        (Err(e), None) => return Err(e),
        (Err(e), Some(mut survey)) => {
            let rewritten = guarded("PDF file", || survey.rewrite())?.ok_or(e)?;
            (guarded("PDF file", || load(rewritten, ""))??, survey.legacy_fonts)
        }
    };
    let pages = guarded("PDF file", || pdf.pages().len())?;
    check_pages(pages, &options.limits)?;
    Ok(PdfFile { pdf, legacy_fonts })
}

fn check_pages(pages: usize, limits: &Limits) -> Result<(), ExtractError> {
    if pages == 0 {
        return Err(ExtractError::empty("the PDF file holds no pages"));
    }
    if pages > limits.max_pages {
        return Err(ExtractError::too_large(
            format!("the file holds {pages} pages, more than {}", limits.max_pages),
            "max_pages",
        ));
    }
    Ok(())
}

fn load(bytes: Vec<u8>, password: &str) -> Result<Pdf, ExtractError> {
    Pdf::new_with_password(bytes, password).map_err(|e| match e {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            ExtractError::encrypted("the file is encrypted and the password is missing or wrong")
        }
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => ExtractError::unsupported(
            "the file is encrypted in a way that is not read",
            "save the file without encryption",
        ),
        LoadPdfError::Decryption(_) => {
            ExtractError::damaged("the encryption entries of the PDF file are damaged")
        }
        LoadPdfError::Invalid => ExtractError::damaged("the PDF file is damaged beyond repair"),
    })
}
