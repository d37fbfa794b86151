//! What the server needs of the stages, which it does not know.

use batch::{Engine, Reins, Settings};
use export::Source;
use std::path::Path;
use vanthu_model::{Directive, Document};

/// Reads files and text for the server. The program implements it with the extractor, the restorer and the parser.
pub trait Workshop: Send + Sync + 'static {
    /// Opens the file at `place` to show its pages. `path` is its name in the record, `sha256` the digest that its bytes
    /// must have.
    ///
    /// # Errors
    /// What is wrong, in one line.
    fn open(&self, place: &Path, path: &str, sha256: &str) -> Result<Box<dyn Source>, String>;

    /// What a document orders. The same document gives the same directive as the batch gave it.
    fn parse(&self, document: &Document) -> Directive;

    /// What else the words of `lines` may stand for, line by line as they were read.
    fn readings(&self, lines: &[String]) -> Vec<Readings>;

    /// Begins what reads uploads, as the batch was read.
    ///
    /// # Errors
    /// Why it cannot, in one line.
    fn readers(&self) -> Result<Readers, String>;
}

/// What reads uploads.
pub struct Readers {
    /// One for each document that is read at a time.
    pub engines: Vec<Box<dyn Engine>>,
    /// Ends their processes.
    pub reins: Reins,
    /// What they may take, and what decides a record besides its file.
    pub settings: Settings,
}

/// What one or more words of a line may stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Readings {
    /// Index of the line.
    pub line: usize,
    /// Index of the first word in the line, words being parted by blanks.
    pub first: usize,
    /// Index of the last one.
    pub last: usize,
    /// Readings with their probabilities (0 to 1), the likeliest first.
    pub alternatives: Vec<(String, f32)>,
}
