use pipeline::Failure;
use std::path::Path;

/// An input to be read.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// Its name inside the folder that was given; `source.path` of the record.
    pub name: &'a str,
    /// The file to write the record to. It exists and is empty.
    pub to: &'a Path,
    /// Threads that the reading may take.
    pub threads: usize,
}

/// What came of reading an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Pages of the record.
    pub pages: u32,
}

/// Why reading an input gave no record.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// What is wrong.
    pub failure: Failure,
    /// The last of what the reading process said.
    pub log: String,
    /// Whether another attempt may do better.
    pub again: bool,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self { failure, log: String::new(), again: false }
    }
}

/// Reads inputs, one after the other. Each worker of a batch has an engine of its own.
///
/// The seam between the batch and how a document is read: in a process of its own ([`crate::ProcessEngine`]), or, in
/// tests, here.
pub trait Engine: Send {
    /// Reads an input and writes its record.
    ///
    /// # Errors
    /// Why there is none; what was written is then worthless.
    fn read(&mut self, request: &Request<'_>) -> Result<Work, Trouble>;
}
