//! Python classes over the types of the model.

use crate::error::raised;
use ::pipeline::Failure;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use vanthu_model::Cause;

/// Most characters of JSON that `repr` shows.
const SHOWN: usize = 120;

/// A Python class that shows a type of the model: its fields as read-only attributes, and `to_dict`, `to_json`, `==` and
/// `repr` from its JSON form.
///
/// `view!(Name(Holder => Model, |h| way to the model) |m| { field: Type = value from m, ... })`. What holds the value is
/// either the value itself or a share of the record that it is a part of; parts that need a share of their own follow
/// as `and |holder| { ... }`.
macro_rules! view {
    (
        $(#[$about:meta])*
        $name:ident($holder:ty => $model:ty, |$held:ident| $get:expr)
        |$m:ident| { $($(#[$doc:meta])* $field:ident: $type:ty = $value:expr,)* }
        $(and |$o:ident| { $($(#[$part_doc:meta])* $part:ident: $part_type:ty = $part_value:expr,)* })?
    ) => {
        $(#[$about])*
        #[pyclass(frozen, module = "vanthu")]
        pub struct $name(pub(crate) $holder);

        impl $name {
            pub(crate) fn get(&self) -> &$model {
                let $held = &self.0;
                $get
            }
        }

        #[pymethods]
        impl $name {
            $(
                $(#[$doc])*
                #[getter]
                fn $field(&self) -> $type {
                    let $m = self.get();
                    $value
                }
            )*
            $($(
                $(#[$part_doc])*
                #[getter]
                fn $part(&self) -> $part_type {
                    let $o = &self.0;
                    $part_value
                }
            )*)?

            /// The same as plain dictionaries, lists and values, in the shape of the JSON Schema.
            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
                $crate::view::dict(py, self.get())
            }

            /// The same as JSON on one line.
            fn to_json(&self, py: Python<'_>) -> PyResult<String> {
                py.detach(|| $crate::view::json(self.get())).map_err(|e| $crate::error::raised(&e, None))
            }

            fn __eq__(&self, other: &Self) -> bool {
                self.get() == other.get()
            }

            fn __repr__(&self) -> String {
                $crate::view::shown(stringify!($name), self.get())
            }
        }
    };
}

pub(crate) use view;

/// `value` as JSON on one line.
///
/// # Errors
/// None that the types of the model can give.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value)
        .map_err(|e| Failure::new(Cause::Crash, format!("a value has no JSON form ({e})"), "report it"))
}

/// `value` as a dictionary. Made by Python's own reader of JSON, so that numbers are those of the JSON to the last digit.
pub(crate) fn dict<'py, T: Serialize>(py: Python<'py>, value: &T) -> PyResult<Bound<'py, PyDict>> {
    let text = json(value).map_err(|e| raised(&e, None))?;
    Ok(py.import("json")?.call_method1("loads", (text,))?.cast_into::<PyDict>()?)
}

/// `Name({"field":...`, cut where it gets long.
pub(crate) fn shown<T: Serialize>(name: &str, value: &T) -> String {
    let text = json(value).unwrap_or_default();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{name}({}…)", text.get(..end).unwrap_or_default()),
        None => format!("{name}({text})"),
    }
}

/// The word that stands for `value` in JSON.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The number of 64 bits that is written as `value` is: 0.9, not 0.8999999761581421.
pub(crate) fn real(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}
