use serde::{Deserialize, Serialize};
use thiserror::Error;
use vanthu_model::Cause;

/// Why a file gave no document. The message names the cause and the remedy; the path is the caller's to add.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{message}; {remedy}")]
pub struct ExtractError {
    cause: Cause,
    message: String,
    remedy: String,
}

impl ExtractError {
    fn new(cause: Cause, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { cause, message: message.into(), remedy: remedy.into() }
    }

    pub(crate) fn empty(message: impl Into<String>) -> Self {
        Self::new(Cause::Empty, message, "fetch or scan the file again")
    }

    pub(crate) fn unsupported(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Cause::Unsupported, message, remedy)
    }

    pub(crate) fn damaged(message: impl Into<String>) -> Self {
        Self::new(Cause::Damaged, message, "fetch or scan the file again")
    }

    pub(crate) fn encrypted(message: impl Into<String>) -> Self {
        Self::new(Cause::Encrypted, message, "give the password, or save the file without one")
    }

    /// `limit` is the name of the field of [`crate::Limits`] that was exceeded.
    pub(crate) fn too_large(message: impl Into<String>, limit: &str) -> Self {
        Self::new(Cause::TooLarge, message, format!("split the file or raise the limit {limit}"))
    }

    pub(crate) fn no_text(message: impl Into<String>) -> Self {
        Self::new(Cause::NoText, message, "look at the file: it may be blank, or scan it again at 300 dpi")
    }

    pub(crate) fn missing(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Cause::MissingComponent, message, remedy)
    }

    /// The stable cause.
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// What the user can do, as half a sentence.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}
