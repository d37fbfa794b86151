use crate::alto::write_alto;
use crate::error::ExportError;
use crate::format::Format;
use crate::hocr::write_hocr;
use crate::html::write_html;
use crate::item::Item;
use crate::markdown::write_markdown;
use crate::pdf::write_pdf;
use crate::source::Source;
use crate::staging::Staging;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Opens the file that a record was read from, when an output first asks for it.
pub type Open<'a> = dyn FnMut() -> Result<Box<dyn Source>, String> + 'a;

/// Writes those `formats` of a record that are files of their own. `base` is where they lie, without their endings.
/// Returns what went wrong, by format: a format that fails leaves no file but for HTML, which then lacks pictures.
pub fn write_document(
    item: &Item<'_>,
    base: &Path,
    formats: &[Format],
    staging: &Staging,
    open: &mut Open<'_>,
) -> Vec<(Format, ExportError)> {
    let mut opened: Option<Result<Box<dyn Source>, String>> = None;
    let mut failed = Vec::new();
    for &format in formats {
        let Some(ending) = format.ending() else { continue };
        let source = match format.needs_source() {
            true => match opened.get_or_insert_with(&mut *open) {
                Ok(source) => Ok(&**source),
                Err(e) => Err(e.as_str()),
            },
            false => Err("not opened"),
        };
        let mut target = base.as_os_str().to_os_string();
        target.push(ending);
        if let Err(e) = write(item, target.as_ref(), format, staging, source) {
            failed.push((format, e));
        }
    }
    failed
}

fn write(
    item: &Item<'_>,
    target: &Path,
    format: Format,
    staging: &Staging,
    source: Result<&dyn Source, &str>,
) -> Result<(), ExportError> {
    let mut to = BufWriter::with_capacity(1 << 16, staging.begin(target)?);
    let made = match format {
        Format::Alto => Ok(write_alto(&mut to, item.record)?),
        Format::Hocr => Ok(write_hocr(&mut to, item.record)?),
        Format::Md => Ok(write_markdown(&mut to, item)?),
        Format::Html => write_html(&mut to, item, source),
        Format::Pdf => Ok(write_pdf(&mut to, item, source)?),
        _ => return Err(ExportError::Unfit("it is made of all records together".into())),
    };
    match made {
        Ok(()) => Ok(commit(to)?),
        // The report is whole but for pictures: better with its word about them than not at all.
        Err(ExportError::Source(reason)) => {
            commit(to)?;
            Err(ExportError::Source(format!("without page pictures: {reason}")))
        }
        Err(e) => Err(e),
    }
}

fn commit(mut to: BufWriter<crate::staging::Staged>) -> io::Result<()> {
    to.flush()?;
    to.into_inner().map_err(|e| e.into_error())?.commit()
}
