//! What may be given to be read: a path, bytes, or a file object.

use crate::error::raised;
use ::pipeline::{Failure, load};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PyString};
use std::path::PathBuf;
use vanthu_model::Cause;

/// An input, before its bytes are there where it is a path.
pub(crate) enum Input {
    Path(PathBuf),
    /// Shared with Python, not copied.
    Bytes(PyBackedBytes),
}

impl Input {
    /// The input in `object`, and the name that it bears itself, if any. Of file objects at most `max_bytes` are taken.
    ///
    /// # Errors
    /// `TypeError` for what is none of the three; what a file object raises; `too_large`.
    pub(crate) fn of(object: &Bound<'_, PyAny>, max_bytes: u64) -> PyResult<(Self, Option<String>)> {
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok((Self::Bytes(bytes.clone().into()), None));
        }
        if let Ok(bytes) = object.cast::<PyByteArray>() {
            return Ok((Self::Bytes(bytes.clone().into()), None));
        }
        if object.is_instance_of::<PyMemoryView>() {
            let bytes = object.call_method0("tobytes")?.cast_into::<PyBytes>()?;
            return Ok((Self::Bytes(bytes.into()), None));
        }
        if object.is_instance_of::<PyString>() || object.hasattr("__fspath__")? {
            let path: PathBuf = object.extract()?;
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
            return Ok((Self::Path(path), name));
        }
        if object.hasattr("read")? {
            return Self::of_file(object, max_bytes);
        }
        let given = object.get_type().qualname()?;
        Err(PyTypeError::new_err(format!("give a path, bytes or a file opened in binary mode, not {given}")))
    }

    fn of_file(file: &Bound<'_, PyAny>, max_bytes: u64) -> PyResult<(Self, Option<String>)> {
        let path = file.getattr("name").ok().and_then(|name| name.extract::<PathBuf>().ok());
        let name = path.and_then(|path| path.file_name().map(|n| n.to_string_lossy().into_owned()));
        let mut bytes = PyBytes::new(file.py(), &[]);
        // Raw files, sockets and streams of stores may give less than they hold.
        while bytes.as_bytes().len() as u64 <= max_bytes {
            let rest = max_bytes.saturating_add(1).saturating_sub(bytes.as_bytes().len() as u64);
            let read = file.call_method1("read", (rest,))?;
            let Ok(more) = read.cast::<PyBytes>() else {
                let given = read.get_type().qualname()?;
                let message = format!("the file gives {given}, not bytes; open it in binary mode ('rb')");
                return Err(PyTypeError::new_err(message));
            };
            if more.as_bytes().is_empty() {
                break;
            }
            bytes = match bytes.as_bytes() {
                [] => more.clone(),
                known => PyBytes::new(file.py(), &[known, more.as_bytes()].concat()),
            };
        }
        if bytes.as_bytes().len() as u64 > max_bytes {
            let message = format!("the file holds more bytes than the limit of {max_bytes}");
            let failure =
                Failure::new(Cause::TooLarge, message, "split it, or raise the limit max_file_bytes");
            return Err(raised(&failure, name.as_deref()));
        }
        Ok((Self::Bytes(bytes.into()), name))
    }

    /// Calls `take` with the bytes.
    ///
    /// # Errors
    /// As [`load`], and those of `take`.
    pub(crate) fn with<T>(
        self,
        max_bytes: u64,
        take: impl FnOnce(&[u8]) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        match self {
            Self::Path(path) => take(&load(&path, max_bytes)?),
            Self::Bytes(bytes) if bytes.is_empty() => {
                Err(Failure::new(Cause::Empty, "there are no bytes", "give the bytes of a file"))
            }
            Self::Bytes(bytes) if bytes.len() as u64 > max_bytes => {
                let message = format!("{} bytes are more than the limit of {max_bytes}", bytes.len());
                let remedy = "split the document, or raise the limit max_file_bytes";
                Err(Failure::new(Cause::TooLarge, message, remedy))
            }
            Self::Bytes(bytes) => take(&bytes),
        }
    }
}
