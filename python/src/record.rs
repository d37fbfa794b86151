//! Records, and what they say of their input.

use crate::directive::{Directive, Whose};
use crate::document::Document;
use crate::error::raised;
use crate::view::{self, view};
use ::pipeline::Failure;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::Arc;
use vanthu_model::{self as model, Cause, RECORD_SCHEMA};

/// All that is known of one input: what was read and repaired (`document`), what it orders (`directive`), and what worked
/// on it.
#[pyclass(frozen, module = "vanthu")]
pub struct Record(pub(crate) Arc<model::Record>);

#[pymethods]
impl Record {
    /// Name and version of the JSON contract: `vanthu.record/1`.
    #[getter]
    fn schema(&self) -> &str {
        &self.0.schema
    }

    /// The input as it was found.
    #[getter]
    fn source(&self) -> Source {
        Source(self.0.source.clone())
    }

    /// Versions of all that had a say.
    #[getter]
    fn engine(&self) -> Engine {
        Engine(self.0.engine.clone())
    }

    /// What was read and repaired.
    #[getter]
    fn document(&self) -> Document {
        Document(self.0.clone())
    }

    /// What the document is and what it orders.
    #[getter]
    fn directive(&self) -> Directive {
        Directive(Whose::Record(self.0.clone()))
    }

    /// What a reader of the record should know: damage, doubts, gaps.
    #[getter]
    fn diagnostics(&self) -> Vec<Diagnostic> {
        self.0.diagnostics.iter().cloned().map(Diagnostic).collect()
    }

    /// The same as plain dictionaries, lists and values, in the shape of the JSON Schema.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        view::dict(py, &*self.0)
    }

    /// The same as JSON on one line, byte for byte what `vanthu ingest` writes, without its line end.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| view::json(&*self.0)).map_err(|e| raised(&e, None))
    }

    /// The record that was written as this JSON, such as a line of `records.jsonl`.
    #[staticmethod]
    fn from_json(py: Python<'_>, json: &str) -> PyResult<Self> {
        record_from_json(py, json)
    }

    /// The same record for another file of the same content.
    fn with_path(&self, path: String) -> Self {
        let mut record = model::Record::clone(&self.0);
        record.source.path = path;
        Self(Arc::new(record))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn __repr__(&self) -> String {
        let (source, directive) = (&self.0.source, &self.0.directive);
        let symbol = directive.metadata.symbol.as_deref().map(|s| format!(", {s}")).unwrap_or_default();
        format!(
            "Record({:?}{symbol}, pages: {}, tasks: {}, targets: {}, references: {})",
            source.path,
            source.pages,
            directive.tasks.len(),
            directive.targets.len(),
            directive.references.len()
        )
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.import("vanthu._vanthu")?.getattr("record_from_json")?, (self.to_json(py)?,)))
    }
}

/// The record that was written as this JSON.
#[pyfunction]
pub fn record_from_json(py: Python<'_>, json: &str) -> PyResult<Record> {
    let read = py.detach(|| {
        let remedy = "give the JSON of a record that vanthu wrote";
        let record: model::Record = serde_json::from_str(json)
            .map_err(|e| Failure::new(Cause::Damaged, format!("is no record ({e})"), remedy))?;
        match record.schema == RECORD_SCHEMA {
            true => Ok(record),
            false => {
                let message = format!("is of the schema {}, not {RECORD_SCHEMA}", record.schema);
                Err(Failure::new(Cause::Unsupported, message, "use the vanthu that wrote it"))
            }
        }
    });
    read.map(|record| Record(Arc::new(record))).map_err(|e| raised(&e, None))
}

view!(
    /// The input as it was found.
    Source(model::Source => model::Source, |h| h)
    |m| {
        /// Name of the file.
        path: &str = &m.path,
        /// SHA-256 of the bytes, in lower-case hexadecimal.
        sha256: &str = &m.sha256,
        /// Media type found by looking at the bytes, such as `application/pdf`.
        media_type: &str = &m.media_type,
        /// Size in bytes.
        bytes: u64 = m.bytes,
        /// Number of pages.
        pages: u32 = m.pages,
    }
);

view!(
    /// Versions of all that had a say.
    Engine(model::Engine => model::Engine, |h| h)
    |m| {
        /// Version of vanthu.
        vanthu: &str = &m.vanthu,
        /// Identity of the restorer's model.
        restorer_model: &str = &m.restorer_model,
        /// OCR engine and its version, where one ran.
        ocr: Option<&str> = m.ocr.as_deref(),
    }
);

view!(
    /// A remark for people and programs.
    Diagnostic(model::Diagnostic => model::Diagnostic, |h| h)
    |m| {
        /// Stable code in snake case, such as `label_skipped`.
        code: &str = &m.code,
        /// `info`, `warning` or `error`.
        severity: String = view::word(&m.severity),
        /// For people.
        message: &str = &m.message,
        /// What it is about, where it is about a passage.
        span: Option<Span> = m.span.map(Span),
        /// Page counted from 1, where it is about a page.
        page: Option<u32> = m.page,
    }
);

view!(
    /// A half-open range of `document.text`, in characters: `text[span.start:span.end]`.
    Span(model::Span => model::Span, |h| h)
    |m| {
        /// First character.
        start: usize = m.start,
        /// One past the last character.
        end: usize = m.end,
    }
);
