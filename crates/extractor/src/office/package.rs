//! Office files that are ZIP archives of XML parts.

use crate::error::ExtractError;
use crate::options::Limits;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// An archive whose parts are read under the limits.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    limits: &'a Limits,
    /// Bytes unfolded so far.
    unfolded: u64,
}

impl<'a> Package<'a> {
    /// Opens an archive.
    ///
    /// # Errors
    /// `damaged` where it has no directory, as when its end is missing.
    pub(crate) fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Self, ExtractError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| zip_failure(&e))?;
        Ok(Self { archive, limits, unfolded: 0 })
    }

    /// The content of a part; `None` where there is none of this name.
    ///
    /// # Errors
    /// `encrypted`, `damaged`, or `too_large` where it unfolds beyond a limit.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, ExtractError> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(|e| zip_failure(&e))?;
        if file.encrypted() {
            return Err(ExtractError::encrypted("a part of the file is encrypted"));
        }
        let left = self.limits.max_inflated_bytes.saturating_sub(self.unfolded);
        let most = self.limits.max_stream_bytes.min(left);
        let mut bytes = Vec::new();
        // The size that the archive states is not to be trusted: what comes out is counted.
        file.take(most.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|_| ExtractError::damaged(format!("the part {name} of the file is broken")))?;
        if bytes.len() as u64 > most {
            let limit = if most == left { "max_inflated_bytes" } else { "max_stream_bytes" };
            return Err(ExtractError::too_large(
                format!("the part {name} of the file unfolds to more than {most} bytes"),
                limit,
            ));
        }
        self.unfolded += bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// The text of an XML part; `None` where there is none of this name.
    ///
    /// # Errors
    /// As [`Package::part`].
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, ExtractError> {
        let Some(bytes) = self.part(name)? else { return Ok(None) };
        let (text, _, _) = encoding_rs::UTF_8.decode(&bytes);
        Ok(Some(text.into_owned()))
    }
}

/// What a failure of the ZIP reader means.
pub(crate) fn zip_failure(e: &ZipError) -> ExtractError {
    match e {
        // What asks for a password is told as "unsupported" by the crate, in words of its own.
        ZipError::InvalidPassword => ExtractError::encrypted("the file is encrypted"),
        ZipError::UnsupportedArchive(why) if *why == ZipError::PASSWORD_REQUIRED => {
            ExtractError::encrypted("the file is encrypted")
        }
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            ExtractError::unsupported(
                "the archive is compressed in a way that is not read",
                "pack it anew as an ordinary ZIP archive",
            )
        }
        _ => ExtractError::damaged("the archive is broken or its end is missing"),
    }
}
