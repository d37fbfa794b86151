use std::path::Path;
use vanthu_model::Record;

/// A record on its way into outputs.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The record.
    pub record: &'a Record,
    /// The file that holds it.
    pub file: &'a Path,
    /// Its path in the output folder, with `/` between parts: `a/b.pdf.json`. No two records share it.
    pub output: &'a str,
    /// Where the file that it was read from lies, as a link from the output folder: a relative path or a `file:` address,
    /// percent-encoded.
    pub link: Option<&'a str>,
}

impl<'a> Item<'a> {
    /// Name of the file that was read, without its folders.
    pub fn name(&self) -> &'a str {
        let path = self.record.source.path.as_str();
        path.rsplit('/').next().unwrap_or(path)
    }

    /// What to call the document: its symbol, or the name of its file.
    pub fn title(&self) -> &'a str {
        self.record.directive.metadata.symbol.as_deref().unwrap_or_else(|| self.name())
    }
}
