use std::io;

/// Why an output could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] io::Error),
    /// The file that the record was read from cannot be shown: it is gone, has changed or is damaged.
    #[error("{0}")]
    Source(String),
    /// A file of text alone, such as TXT or DOCX, has no pages to show.
    #[error("the file has no page pictures")]
    NoPages,
    /// The format has no place for it.
    #[error("{0}")]
    Unfit(String),
}

impl ExportError {
    /// An error of a library that writes a format.
    pub(crate) fn library(error: impl std::fmt::Display) -> Self {
        ExportError::Write(io::Error::other(error.to_string()))
    }
}
