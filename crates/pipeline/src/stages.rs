use crate::failure::Failure;
use diacritic_restorer::{Lexicon, Restorer};
use extractor::{ExtractError, Extraction, Extractor, Pages};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;
use vanthu_model::{Cause, Document, Engine, RECORD_SCHEMA, Record, Source, Verdict};

/// How the stages work.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Options of the extractor.
    pub extractor: extractor::Options,
    /// Options of the restorer.
    pub restorer: diacritic_restorer::Options,
    /// A restorer model to use in place of the one inside the program.
    pub model: Option<PathBuf>,
    /// A user's own words, one or a phrase a line.
    pub lexicon: Option<PathBuf>,
    /// What corrections have taught, in the same form.
    pub learned: Option<PathBuf>,
    /// Leave the text as it was read.
    pub keep_reading: bool,
}

/// The three stages, loaded once and shared by all threads.
pub struct Pipeline {
    extractor: Extractor,
    restorer: Option<Restorer>,
    options: diacritic_restorer::Options,
    /// Digest of the user's words and of what was learned.
    lexicon: Option<String>,
}

impl Pipeline {
    /// Loads engines and models.
    ///
    /// # Errors
    /// `missing_component` where a part of the installation is not there or does not load.
    pub fn new(options: Options) -> Result<Self, Failure> {
        let restorer = match options.keep_reading {
            true => None,
            false => Some(restorer(options.model.as_deref(), [&options.lexicon, &options.learned])?),
        };
        let extractor = Extractor::new(options.extractor).map_err(|e| refusal(&e))?;
        let words: Vec<Vec<u8>> = [options.lexicon, options.learned]
            .into_iter()
            .flatten()
            .filter_map(|p| std::fs::read(p).ok())
            .collect();
        let lexicon = (!words.is_empty()).then(|| digest(words.concat()));
        Ok(Self { extractor, restorer, options: options.restorer, lexicon })
    }

    /// Reads one input and makes its record. `path` becomes `source.path`; its extension is the format that the
    /// input claims to have.
    ///
    /// # Errors
    /// What the extractor refuses, by its cause; `no_text` where pages were read and none gave a word.
    pub fn run(&self, path: &str, bytes: &[u8]) -> Result<Record, Failure> {
        self.run_watched(path, bytes, &|_| {})
    }

    /// As [`Pipeline::run`]; `watch` is told the number of pages as soon as it is known.
    ///
    /// # Errors
    /// As [`Pipeline::run`].
    pub fn run_watched(
        &self,
        path: &str,
        bytes: &[u8],
        watch: &(dyn Fn(usize) + Sync),
    ) -> Result<Record, Failure> {
        let began = Instant::now();
        let extraction = self.read(path, bytes, watch)?;
        let input = Input { path, sha256: digest(bytes), bytes: bytes.len() as u64 };
        Ok(self.finish(input, extraction, began))
    }

    /// Number of pages of an input that can be read apart from each other, by [`Pipeline::read_pages`]; none for one that
    /// is read as a whole.
    ///
    /// # Errors
    /// As [`Pipeline::run`], for what shows when the input is opened.
    pub fn page_count(&self, path: &str, bytes: &[u8]) -> Result<Option<usize>, Failure> {
        self.extractor.page_count(bytes, path).map_err(|e| refusal(&e))
    }

    /// Reads some pages of an input, counted from 0.
    ///
    /// # Errors
    /// As [`Pipeline::page_count`].
    pub fn read_pages(&self, path: &str, bytes: &[u8], pages: Range<usize>) -> Result<Part, Failure> {
        let pages = self.extractor.read_pages(bytes, path, pages).map_err(|e| refusal(&e))?;
        Ok(Part { sha256: digest(bytes), bytes: bytes.len() as u64, pages })
    }

    /// Makes the record of an input whose pages were read apart: that which [`Pipeline::run`] makes.
    ///
    /// # Errors
    /// `damaged` when the parts are not all pages of one input; else as [`Pipeline::run`].
    pub fn join(&self, path: &str, parts: Vec<Part>) -> Result<Record, Failure> {
        let began = Instant::now();
        let remedy = "give all parts of one input";
        let Some((sha256, bytes)) = parts.first().map(|p| (p.sha256.clone(), p.bytes)) else {
            return Err(Failure::new(Cause::Empty, "there are no parts", remedy));
        };
        if parts.iter().any(|p| p.sha256 != sha256) {
            return Err(Failure::new(Cause::Damaged, "the parts are of different inputs", remedy));
        }
        let pages = parts.into_iter().map(|p| p.pages).collect();
        let extraction = worded(self.extractor.join(pages).map_err(|e| refusal(&e))?)?;
        Ok(self.finish(Input { path, sha256, bytes }, extraction, began))
    }

    /// The second and third stage.
    fn finish(&self, input: Input<'_>, extraction: Extraction, began: Instant) -> Record {
        let Extraction { mut document, media_type, ocr, diagnostics } = extraction;
        let extracted = began.elapsed();
        let restorer_model = match &self.restorer {
            Some(restorer) => {
                restorer.restore_document(&mut document, &self.options);
                restorer.model_id()
            }
            None => "none".to_string(),
        };
        let restored = began.elapsed() - extracted;
        let directive = structure_parser::parse(&document);
        tracing::debug!(
            extractor_millis = extracted.as_millis() as u64,
            restorer_millis = restored.as_millis() as u64,
            parser_millis = (began.elapsed() - extracted - restored).as_millis() as u64,
            pages = document.pages.len(),
            "stages"
        );
        let source = Source {
            path: input.path.to_string(),
            sha256: input.sha256,
            media_type,
            bytes: input.bytes,
            pages: u32::try_from(document.pages.len()).unwrap_or(u32::MAX),
        };
        let engine = Engine { vanthu: env!("CARGO_PKG_VERSION").to_string(), restorer_model, ocr };
        Record { schema: RECORD_SCHEMA.to_string(), source, engine, document, directive, diagnostics }
    }

    /// The first stage alone: what was read, not repaired.
    ///
    /// # Errors
    /// As [`Pipeline::run`].
    pub fn extract(&self, path: &str, bytes: &[u8]) -> Result<Extraction, Failure> {
        self.read(path, bytes, &|_| {})
    }

    /// What the text layers of a file's pages are, told without reading pictures.
    ///
    /// # Errors
    /// As [`Pipeline::run`], but for text that is missing; `unsupported` for documents without pages.
    pub fn verdicts(&self, path: &str, bytes: &[u8]) -> Result<Vec<Verdict>, Failure> {
        self.extractor.verdicts(bytes, path).map_err(|e| refusal(&e))
    }

    /// Versions of the program, its models and engines: what decides a record besides the input and the options.
    pub fn versions(&self) -> String {
        let restorer = self.restorer.as_ref().map_or_else(|| "none".to_string(), Restorer::model_id);
        let (vanthu, ocr) = (env!("CARGO_PKG_VERSION"), self.extractor.ocr_version());
        match &self.lexicon {
            Some(lexicon) => format!("vanthu {vanthu}; restorer {restorer} with {lexicon}; {ocr}"),
            None => format!("vanthu {vanthu}; restorer {restorer}; {ocr}"),
        }
    }

    /// The second stage; none where the text is left as it was read.
    pub fn restorer(&self) -> Option<&Restorer> {
        self.restorer.as_ref()
    }

    fn read(&self, path: &str, bytes: &[u8], watch: &(dyn Fn(usize) + Sync)) -> Result<Extraction, Failure> {
        worded(self.extractor.extract_watched(bytes, path, watch).map_err(|e| refusal(&e))?)
    }
}

/// What is told of an input besides what was read from it.
struct Input<'a> {
    path: &'a str,
    sha256: String,
    bytes: u64,
}

/// Some pages of an input, read apart from the others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Part {
    sha256: String,
    bytes: u64,
    pages: Pages,
}

/// An extraction that holds words.
fn worded(extraction: Extraction) -> Result<Extraction, Failure> {
    if has_no_word(&extraction.document) { Err(no_text(&extraction)) } else { Ok(extraction) }
}

/// A restorer with the model in a file or the one inside the program, and with the words and confusions of lexicons, those
/// of the last holding where two tell otherwise.
///
/// # Errors
/// `missing_component` for a model that cannot be used; what is wrong with a lexicon.
pub fn restorer<'p>(
    model: Option<&Path>,
    lexicons: impl IntoIterator<Item = &'p Option<PathBuf>>,
) -> Result<Restorer, Failure> {
    let restorer = match model {
        Some(path) => Restorer::load(path),
        None => Restorer::bundled(),
    }
    .map_err(|e| {
        let remedy = "give a model of this version, or install vanthu again";
        Failure::new(Cause::MissingComponent, e.to_string(), remedy)
    })?;
    let mut words = Lexicon::default();
    for path in lexicons.into_iter().flatten() {
        words.join(lexicon(path)?);
    }
    Ok(if words.is_empty() { restorer } else { restorer.with_lexicon(&words) })
}

fn lexicon(path: &Path) -> Result<Lexicon, Failure> {
    let unusable = |what: String, remedy: &str| {
        Failure::new(Cause::MissingComponent, format!("the word list {}: {what}", path.display()), remedy)
    };
    let bytes = std::fs::read(path).map_err(|e| unusable(Failure::reading(&e).message, "check the path"))?;
    let text = String::from_utf8(bytes).map_err(|_| unusable("is not UTF-8".into(), "save it as UTF-8"))?;
    Lexicon::parse(&text).map_err(|e| unusable(e.to_string(), "mend the line"))
}

fn has_no_word(document: &Document) -> bool {
    document.words().all(|w| w.text.trim().is_empty())
}

fn no_text(extraction: &Extraction) -> Failure {
    let pages = extraction.document.pages.len();
    let message = if pages == 1 {
        "no text came from its one page".to_string()
    } else {
        format!("no text came from its {pages} pages")
    };
    Failure::new(
        Cause::NoText,
        message,
        "look whether the pages are blank, too faint or not writing; scan again at 300 dpi",
    )
}

impl From<ExtractError> for Failure {
    fn from(error: ExtractError) -> Self {
        refusal(&error)
    }
}

fn refusal(error: &ExtractError) -> Failure {
    let (text, remedy) = (error.to_string(), error.remedy());
    // The extractor's message ends in its remedy, as ours does.
    let message = text.strip_suffix(remedy).map_or(text.as_str(), |m| m.trim_end_matches([' ', ';', ':']));
    Failure::new(error.cause(), message, remedy)
}

/// SHA-256 in lower-case hexadecimal.
pub fn digest(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes.as_ref()))
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, b| {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{b:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_lower_case_hexadecimal() {
        assert_eq!(digest(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
