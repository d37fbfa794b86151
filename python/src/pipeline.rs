//! The stages for Python.

use crate::directive::{Directive, Whose};
use crate::document::Change;
use crate::error::raised;
use crate::input::Input;
use crate::record::Record;
use crate::view::json;
use crate::work::Threads;
use ::pipeline::{Failure, Part, Pipeline};
use diacritic_restorer::Gate;
use extractor::LegacyEncoding;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyString};
use std::path::PathBuf;
use std::sync::Arc;
use vanthu_model::{Cause, Document};

/// The three stages, loaded once. Any number of Python threads may use it at a time.
#[pyclass(frozen, module = "vanthu")]
pub struct NativePipeline {
    stages: Arc<Pipeline>,
    repair: diacritic_restorer::Options,
    max_bytes: u64,
    threads: Threads,
}

#[pymethods]
impl NativePipeline {
    /// Loads engines and models.
    #[new]
    #[pyo3(signature = (*, password, tessdata, ocr_models, model, lexicon, threshold, keep_reading, limits, threads))]
    #[expect(clippy::too_many_arguments, reason = "named in Python, and called from one place there")]
    fn new(
        py: Python<'_>,
        password: Option<String>,
        tessdata: Option<PathBuf>,
        ocr_models: Option<Vec<String>>,
        model: Option<PathBuf>,
        lexicon: Option<PathBuf>,
        threshold: f32,
        keep_reading: bool,
        limits: [Option<u64>; 7],
        threads: usize,
    ) -> PyResult<Self> {
        if !(0.0..=1.0).contains(&threshold) {
            return Err(PyValueError::new_err("threshold: give a number from 0 to 1"));
        }
        let mut reading = extractor::Options { password, tessdata, ..extractor::Options::default() };
        if let Some(models) = ocr_models {
            reading.ocr_models = models;
        }
        set_limits(&mut reading.limits, limits);
        let max_bytes = reading.limits.max_file_bytes;
        let repair = diacritic_restorer::Options { threshold, ..diacritic_restorer::Options::default() };
        let options = ::pipeline::Options {
            extractor: reading,
            restorer: repair,
            model,
            lexicon,
            learned: None,
            keep_reading,
        };
        let stages = py.detach(|| Pipeline::new(options)).map_err(|e| raised(&e, None))?;
        Ok(Self { stages: Arc::new(stages), repair, max_bytes, threads: Threads::new(threads) })
    }

    /// Reads a path, bytes or a file object.
    fn read(&self, py: Python<'_>, source: &Bound<'_, PyAny>, name: Option<String>) -> PyResult<Record> {
        let record = self.with(py, source, name, |stages, name, bytes| stages.run(name, bytes))?;
        Ok(Record(Arc::new(record)))
    }

    /// Number of pages that can be read apart from each other.
    fn page_count(
        &self,
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        name: Option<String>,
    ) -> PyResult<Option<usize>> {
        self.with(py, source, name, |stages, name, bytes| stages.page_count(name, bytes))
    }

    /// Reads some pages of a document, from 0.
    fn read_pages<'py>(
        &self,
        py: Python<'py>,
        source: &Bound<'py, PyAny>,
        first: usize,
        end: usize,
        name: Option<String>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let part = self.with(py, source, name, move |stages, name, bytes| {
            json(&stages.read_pages(name, bytes, first..end.max(first))?)
        })?;
        Ok(PyBytes::new(py, part.as_bytes()))
    }

    /// Makes the record of a document whose pages were read apart.
    fn join(&self, py: Python<'_>, parts: Vec<PyBackedBytes>, name: String) -> PyResult<Record> {
        let (stages, path) = (self.stages.clone(), name.clone());
        let record = self.threads.run(py, Some(&path), move || {
            let read = |part: PyBackedBytes| {
                serde_json::from_slice::<Part>(&part).map_err(|e| {
                    let remedy = "give what Pipeline.read_pages of this version gave";
                    Failure::new(Cause::Damaged, format!("is no part of a document ({e})"), remedy)
                })
            };
            stages.join(&name, parts.into_iter().map(read).collect::<Result<_, _>>()?)
        })?;
        Ok(Record(Arc::new(record)))
    }

    /// Repairs a text line for line.
    fn restore(&self, py: Python<'_>, text: &str, force: bool) -> PyResult<Restored> {
        let (stages, text, mut options) = (self.stages.clone(), text.to_owned(), self.repair);
        if force {
            options.gate = Gate::Open;
        }
        let done = self.threads.run(py, None, move || {
            Ok(match stages.restorer() {
                Some(restorer) => restorer.restore_text(&text, &options),
                None => diacritic_restorer::Restoration { text, ..Default::default() },
            })
        })?;
        Ok(Restored { text: done.text, changes: done.changes })
    }

    /// Repairs a text and reads what it orders.
    fn parse_restored(&self, py: Python<'_>, text: &str) -> PyResult<Directive> {
        let (stages, text, options) = (self.stages.clone(), text.to_owned(), self.repair);
        let directive = self.threads.run(py, None, move || {
            let mut document = Document::from_text(&text);
            if let Some(restorer) = stages.restorer() {
                restorer.restore_document(&mut document, &options);
            }
            Ok(structure_parser::parse(&document))
        })?;
        Ok(Directive(Whose::Alone(Arc::new(directive))))
    }

    /// Versions of the program, its models and engines: what decides a record besides the input and the options.
    #[getter]
    fn versions(&self) -> String {
        self.stages.versions()
    }
}

impl NativePipeline {
    /// Has `work` done with the stages, the name and the bytes of an input.
    fn with<T: Send + 'static>(
        &self,
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        name: Option<String>,
        work: impl FnOnce(&Pipeline, &str, &[u8]) -> Result<T, Failure> + Send + 'static,
    ) -> PyResult<T> {
        let (input, own) = Input::of(source, self.max_bytes)?;
        let name = name.or(own).unwrap_or_default();
        let (stages, max_bytes, path) = (self.stages.clone(), self.max_bytes, name.clone());
        let path = Some(path.as_str()).filter(|p| !p.is_empty());
        self.threads.run(py, path, move || input.with(max_bytes, |bytes| work(&stages, &name, bytes)))
    }
}

/// Sets the limits that are given, in the order of `vanthu/options.py`.
fn set_limits(limits: &mut extractor::Limits, given: [Option<u64>; 7]) {
    let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let [file, pages, pixels, side, stream, inflated, text] = given;
    limits.max_file_bytes = file.unwrap_or(limits.max_file_bytes);
    limits.max_pages = pages.map_or(limits.max_pages, size);
    limits.max_pixels = pixels.unwrap_or(limits.max_pixels);
    limits.max_side = side.map_or(limits.max_side, |n| u32::try_from(n).unwrap_or(u32::MAX));
    limits.max_stream_bytes = stream.unwrap_or(limits.max_stream_bytes);
    limits.max_inflated_bytes = inflated.unwrap_or(limits.max_inflated_bytes);
    limits.max_text_bytes = text.unwrap_or(limits.max_text_bytes);
}

/// Reads what a text orders.
#[pyfunction]
pub fn parse(py: Python<'_>, text: &str) -> Directive {
    let directive = py.detach(|| structure_parser::parse(&structure_parser::plain(text)));
    Directive(Whose::Alone(Arc::new(directive)))
}

/// Text in an old Vietnamese encoding into Unicode.
#[pyfunction]
pub fn convert(py: Python<'_>, text: &Bound<'_, PyAny>, encoding: Option<&str>) -> PyResult<Converted> {
    let from = match encoding {
        None => None,
        Some(name) => Some(LegacyEncoding::from_name(name).ok_or_else(|| {
            let known = LegacyEncoding::ALL.map(LegacyEncoding::name).join(", ");
            PyValueError::new_err(format!("encoding: give one of {known}, not {name:?}"))
        })?),
    };
    let bytes: PyBackedBytes = if let Ok(text) = text.cast::<PyString>() {
        PyBytes::new(py, text.to_str()?.as_bytes()).into()
    } else if let Ok(bytes) = text.cast::<PyBytes>() {
        bytes.clone().into()
    } else {
        let given = text.get_type().qualname()?;
        return Err(PyTypeError::new_err(format!("give str or bytes, not {given}")));
    };
    let converted = py.detach(|| extractor::convert(&bytes, from));
    let is_binary = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}');
    if converted.malformed || converted.text.chars().any(is_binary) {
        let message = "is not text in an encoding that can be told";
        let remedy = "name the encoding, or use vanthu.read for documents and pictures";
        return Err(raised(&Failure::new(Cause::Unsupported, message, remedy), None));
    }
    Ok(Converted {
        text: converted.text,
        encoding: converted.encoding,
        found: converted.found.iter().map(|(e, words)| (e.name(), *words)).collect(),
    })
}

/// A repaired text. `str()` gives the text.
#[pyclass(frozen, module = "vanthu")]
pub struct Restored {
    text: String,
    changes: Vec<vanthu_model::Change>,
}

#[pymethods]
impl Restored {
    /// The text: as many lines as were given, NFC.
    #[getter]
    fn text(&self) -> &str {
        &self.text
    }

    /// Every repair, with its place in the text.
    #[getter]
    fn changes(&self) -> Vec<Change> {
        self.changes.iter().cloned().map(Change).collect()
    }

    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("Restored({}, changes: {})", json(&self.text).unwrap_or_default(), self.changes.len())
    }
}

/// A text turned into Unicode. `str()` gives the text.
#[pyclass(frozen, module = "vanthu")]
pub struct Converted {
    text: String,
    encoding: &'static str,
    found: Vec<(&'static str, usize)>,
}

#[pymethods]
impl Converted {
    /// The text, NFC.
    #[getter]
    fn text(&self) -> &str {
        &self.text
    }

    /// The encoding of the bytes, such as `UTF-8` or `TCVN3`.
    #[getter]
    fn encoding(&self) -> &str {
        self.encoding
    }

    /// Legacy encodings that were found, each with the number of words in its lines, the most used first.
    #[getter]
    fn found(&self) -> Vec<(&'static str, usize)> {
        self.found.clone()
    }

    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("Converted({}, {:?}, {:?})", json(&self.text).unwrap_or_default(), self.encoding, self.found)
    }
}
