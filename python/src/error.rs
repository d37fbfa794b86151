//! Failures as Python exceptions.

use ::pipeline::Failure;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// The exception for `failure`: an instance of the class for its cause in `vanthu/errors.py`.
pub(crate) fn raised(failure: &Failure, path: Option<&str>) -> PyErr {
    Python::attach(|py| {
        let made = py.import("vanthu.errors").and_then(|errors| {
            let arguments = (failure.cause.code(), failure.message.as_str(), failure.remedy.as_str(), path);
            errors.call_method1("of_cause", arguments)
        });
        match made {
            Ok(exception) => PyErr::from_value(exception),
            // The package is not whole; what went wrong is told all the same.
            Err(_) => PyRuntimeError::new_err(format!("{}: {failure}", failure.cause)),
        }
    })
}
