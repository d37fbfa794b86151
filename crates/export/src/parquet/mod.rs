//! Parquet files of a batch: documents, tasks, targets, references.

mod table;

use crate::error::ExportError;
use crate::format::Format;
use crate::item::Item;
use crate::outputs::Output;
use crate::staging::Staging;
use crate::tables::{self, Table};
use std::path::Path;
use table::TableFile;

/// The four files.
pub(crate) struct Tables {
    files: [TableFile; Table::ALL.len()],
}

impl Tables {
    pub(crate) fn begin(staging: &Staging, folder: &Path) -> Result<Self, ExportError> {
        let begin = |table: Table| {
            let file = Format::Parquet.files().get(table as usize).copied().unwrap_or_default();
            TableFile::begin(staging, &folder.join(file), table)
        };
        let [documents, tasks, targets, references] = Table::ALL.map(begin);
        Ok(Self { files: [documents?, tasks?, targets?, references?] })
    }
}

impl Output for Tables {
    fn add(&mut self, item: &Item<'_>) -> Result<(), ExportError> {
        tables::rows(item.output, item.record, |table, row| {
            self.files.get_mut(table as usize).map_or(Ok(()), |file| file.push(row))
        })
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        self.files.into_iter().try_for_each(TableFile::commit)
    }
}
