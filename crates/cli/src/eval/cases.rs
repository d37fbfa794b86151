use crate::eval::{MAX_TRUTH, Refusal};
use ::eval::{Register, VerdictTruth};
use pipeline::{Cause, Failure, load};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Documents that are scored together.
#[derive(Debug, Clone)]
pub struct Set {
    /// The folder that holds it, as given.
    pub folder: String,
    /// Its name.
    pub name: String,
    /// What becomes of the documents before they are scored.
    pub how: How,
    /// Whether pictures must be read.
    pub needs_ocr: bool,
    /// Whether the true texts leave page numbers out.
    pub without_page_numbers: bool,
    /// The documents.
    pub cases: Vec<Case>,
}

/// What becomes of a document before it is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// All stages.
    Read,
    /// A text is repaired.
    Restore,
    /// The marks of a true text are taken away, then it is repaired.
    Strip,
    /// A text is parsed as it is.
    Parse,
    /// The text layers of its pages are judged, and no picture is read.
    Judge,
}

/// A document with what is known of it.
#[derive(Debug, Clone)]
pub struct Case {
    /// File name.
    pub name: String,
    /// The document.
    pub input: PathBuf,
    /// Its true text.
    pub text: Option<PathBuf>,
    /// Its annotation.
    pub structure: Option<PathBuf>,
    /// What its pages are, and the name that it has there.
    pub verdicts: Option<(Arc<VerdictTruth>, String)>,
    /// The lines of true text and output that are compared, where not all are.
    pub lines: Option<(usize, usize)>,
}

/// A true text.
///
/// # Errors
/// What cannot be read or is not UTF-8.
pub fn true_text(path: &Path) -> Result<String, Refusal> {
    let refused = |failure| (path.to_path_buf(), failure);
    let bytes = match load(path, MAX_TRUTH) {
        Ok(bytes) => bytes,
        // An empty text is a text.
        Err(failure) if failure.cause == Cause::Empty => Vec::new(),
        Err(failure) => return Err(refused(failure)),
    };
    String::from_utf8(bytes)
        .map_err(|_| refused(Failure::new(Cause::Unsupported, "is not UTF-8", "save it as UTF-8")))
}

/// An annotation.
///
/// # Errors
/// What cannot be read or is none.
pub fn annotation(path: &Path) -> Result<Register, Refusal> {
    Register::annotation(&true_text(path)?).map_err(|e| {
        let remedy = "see docs/evaluation.md for the form of annotations";
        (path.to_path_buf(), Failure::new(Cause::Unsupported, e.to_string(), remedy))
    })
}
