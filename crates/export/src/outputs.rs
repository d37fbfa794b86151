use crate::catalogue::Catalogue;
use crate::csv;
use crate::error::ExportError;
use crate::format::Format;
use crate::item::Item;
use crate::lines::Lines;
use crate::parquet::Tables;
use crate::staging::Staging;
use crate::xlsx;
use std::path::Path;

/// A file, or some, made of all records of a batch, one record after the other.
pub(crate) trait Output {
    /// Takes a record in.
    fn add(&mut self, item: &Item<'_>) -> Result<(), ExportError>;
    /// Closes what was written and gives it its name.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// The outputs in the root of an output folder. Memory does not grow with the number of records.
pub struct BatchOutputs {
    open: Vec<(Format, Box<dyn Output>)>,
}

impl BatchOutputs {
    /// Begins the files of those `formats` that are made of all records together. `aside` is a folder for what a format
    /// has to lay down before it can write.
    ///
    /// # Errors
    /// With the format that cannot be begun.
    pub fn begin(
        folder: &Path,
        aside: &Path,
        formats: &[Format],
        staging: &Staging,
    ) -> Result<Self, (Format, ExportError)> {
        let mut open: Vec<(Format, Box<dyn Output>)> = Vec::new();
        for &format in formats {
            let Some(first) = format.files().first() else { continue };
            let target = folder.join(first);
            let begun: Result<Box<dyn Output>, ExportError> = match format {
                Format::Jsonl => Lines::plain(staging, &target).map(boxed),
                Format::JsonlZst => Lines::compressed(staging, &target).map(boxed),
                Format::Xlsx => xlsx::Register::begin(staging, &target, aside).map(boxed),
                Format::Csv => csv::Register::begin(staging, &target).map(boxed),
                Format::Parquet => Tables::begin(staging, folder).map(boxed),
                Format::Catalogue => Catalogue::begin(staging, &target).map(boxed),
                Format::Json | Format::Alto | Format::Hocr | Format::Pdf | Format::Html | Format::Md => {
                    continue;
                }
            };
            open.push((format, begun.map_err(|e| (format, e))?));
        }
        Ok(Self { open })
    }

    /// Takes a record in.
    ///
    /// # Errors
    /// With the format that cannot take it.
    pub fn add(&mut self, item: &Item<'_>) -> Result<(), (Format, ExportError)> {
        self.open.iter_mut().try_for_each(|(format, output)| output.add(item).map_err(|e| (*format, e)))
    }

    /// Closes the files and gives them their names.
    ///
    /// # Errors
    /// With the format that cannot be closed; those before it are in place.
    pub fn finish(self) -> Result<(), (Format, ExportError)> {
        self.open.into_iter().try_for_each(|(format, output)| output.finish().map_err(|e| (format, e)))
    }
}

fn boxed<T: Output + 'static>(output: T) -> Box<dyn Output> {
    Box::new(output)
}
