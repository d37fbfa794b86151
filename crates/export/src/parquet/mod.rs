//! Parquet tables of a batch: documents, tasks, targets, references.

mod table;
mod tables;

pub(crate) use tables::Tables;
