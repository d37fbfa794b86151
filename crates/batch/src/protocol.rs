//! What the program and its reading processes say to each other: a JSON value a line.

use pipeline::Failure;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use vanthu_model::Cause;

/// To the reading process: read this.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// Path of the input, as the bytes of the file system.
    path: Vec<u8>,
    /// `source.path` of the record.
    pub name: String,
    /// Path of the file for the record, likewise.
    to: Vec<u8>,
    /// Threads that the reading may take.
    pub threads: usize,
}

impl Order {
    pub fn new(path: &Path, name: &str, to: &Path, threads: usize) -> Self {
        Self { path: bytes(path), name: name.to_string(), to: bytes(to), threads }
    }

    pub fn path(&self) -> PathBuf {
        path(&self.path)
    }

    pub fn to(&self) -> PathBuf {
        path(&self.to)
    }
}

fn bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_vec()
}

/// The path whose bytes these are.
#[cfg(unix)]
pub(crate) fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

/// The path whose bytes these are.
#[cfg(not(unix))]
pub(crate) fn path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// From the reading process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reply {
    /// Engines and models are loaded; their versions.
    Ready(String),
    /// The input that is being read has so many pages.
    Pages(usize),
    /// The record is written; the pages it has.
    Done(u32),
    /// There is no record.
    Failed(Refusal),
    /// A line for the log.
    Log(LogLine),
}

/// A line of a log on its way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LogLine {
    /// `ERROR` to `TRACE`.
    pub level: String,
    /// The module that said it.
    pub target: String,
    /// What it said.
    pub text: String,
}

/// A [`Failure`] on its way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Refusal {
    cause: Cause,
    message: String,
    remedy: String,
}

impl From<Failure> for Refusal {
    fn from(f: Failure) -> Self {
        Self { cause: f.cause, message: f.message, remedy: f.remedy }
    }
}

impl From<Refusal> for Failure {
    fn from(r: Refusal) -> Self {
        Failure::new(r.cause, r.message, r.remedy)
    }
}
