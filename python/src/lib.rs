//! The native part of the Python package `vanthu`: the stages, records as objects, and their Arrow tables.
//!
//! What Python programs see is put together in `vanthu/__init__.py`; `vanthu/_vanthu.pyi` tells the types of what is
//! defined here, and a test holds it against the compiled module.

mod arrow;
mod directive;
mod document;
mod error;
mod input;
mod pipeline;
mod record;
mod view;
mod work;

use pyo3::prelude::*;

/// Native part of vanthu.
#[pymodule(gil_used = false)]
mod _vanthu {
    #[pymodule_export]
    use crate::arrow::{Table, Tables, tables};
    #[pymodule_export]
    use crate::directive::{
        Annex, Deadline, Directive, Evidence, FieldEvidence, Metadata, Objective, OutlineNode, Reference,
        ResultFigure, Target, Task, TaskUnit, Unit,
    };
    #[pymodule_export]
    use crate::document::{BBox, Block, Cell, Change, Document, Line, Page, Region, Word};
    #[pymodule_export]
    use crate::pipeline::{Converted, NativePipeline, Restored, convert, parse};
    #[pymodule_export]
    use crate::record::{Diagnostic, Engine, Record, Source, Span, record_from_json};
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("RECORD_SCHEMA", vanthu_model::RECORD_SCHEMA)?;
        let codes: Vec<&str> = vanthu_model::Cause::ALL.iter().map(|c| c.code()).collect();
        module.add("CAUSES", codes)?;
        Ok(())
    }
}
