//! All records, a line each.

use crate::error::ExportError;
use crate::item::Item;
use crate::json::copy_compact;
use crate::outputs::Output;
use crate::staging::{Staged, Staging};
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use zstd::stream::write::Encoder;

/// Compresses some sixty megabytes a second; higher levels win some hundredths and take many times as long.
const LEVEL: i32 = 6;

/// Records as JSON lines. They are copied from the records' files: the order of keys and the form of numbers stay.
pub(crate) enum Lines {
    Plain(BufWriter<Staged>),
    Compressed(Encoder<'static, BufWriter<Staged>>),
}

impl Lines {
    pub(crate) fn plain(staging: &Staging, target: &Path) -> Result<Self, ExportError> {
        Ok(Lines::Plain(BufWriter::new(staging.begin(target)?)))
    }

    pub(crate) fn compressed(staging: &Staging, target: &Path) -> Result<Self, ExportError> {
        let mut encoder = Encoder::new(BufWriter::new(staging.begin(target)?), LEVEL)?;
        encoder.include_checksum(true)?;
        Ok(Lines::Compressed(encoder))
    }
}

impl Output for Lines {
    fn add(&mut self, item: &Item<'_>) -> Result<(), ExportError> {
        let from = BufReader::with_capacity(1 << 16, File::open(item.file)?);
        match self {
            Lines::Plain(to) => copy_compact(from, to)?,
            Lines::Compressed(to) => copy_compact(from, to)?,
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        let to = match *self {
            Lines::Plain(to) => to,
            Lines::Compressed(encoder) => encoder.finish()?,
        };
        Ok(to.into_inner().map_err(|e| e.into_error())?.commit()?)
    }
}
