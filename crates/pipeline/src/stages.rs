use crate::failure::Failure;
use diacritic_restorer::Restorer;
use extractor::{ExtractError, Extraction, Extractor};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::PathBuf;
use vanthu_model::{Cause, Document, Engine, RECORD_SCHEMA, Record, Source};

/// How the stages work.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Options of the extractor.
    pub extractor: extractor::Options,
    /// Options of the restorer.
    pub restorer: diacritic_restorer::Options,
    /// A restorer model to use in place of the one inside the program.
    pub model: Option<PathBuf>,
    /// Leave the text as it was read.
    pub keep_reading: bool,
}

/// The three stages, loaded once and shared by all threads.
pub struct Pipeline {
    extractor: Extractor,
    restorer: Option<Restorer>,
    options: diacritic_restorer::Options,
}

impl Pipeline {
    /// Loads engines and models.
    ///
    /// # Errors
    /// `missing_component` where a part of the installation is not there or does not load.
    pub fn new(options: Options) -> Result<Self, Failure> {
        let restorer = match (&options.model, options.keep_reading) {
            (_, true) => None,
            (Some(path), _) => Some(Restorer::load(path).map_err(|e| {
                Failure::new(
                    Cause::MissingComponent,
                    format!("model {}: {e}", path.display()),
                    "give a model of this version",
                )
            })?),
            (None, _) => Some(Restorer::bundled().map_err(|e| {
                Failure::new(
                    Cause::MissingComponent,
                    format!("model inside the program: {e}"),
                    "install vanthu again",
                )
            })?),
        };
        let extractor = Extractor::new(options.extractor).map_err(|e| refusal(&e))?;
        Ok(Self { extractor, restorer, options: options.restorer })
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
        let Extraction { mut document, media_type, ocr, diagnostics } = self.read(path, bytes, watch)?;
        let restorer_model = match &self.restorer {
            Some(restorer) => {
                restorer.restore_document(&mut document, &self.options);
                restorer.model_id()
            }
            None => "none".to_string(),
        };
        let directive = structure_parser::parse(&document);
        let source = Source {
            path: path.to_string(),
            sha256: digest(bytes),
            media_type,
            bytes: bytes.len() as u64,
            pages: u32::try_from(document.pages.len()).unwrap_or(u32::MAX),
        };
        let engine = Engine { vanthu: env!("CARGO_PKG_VERSION").to_string(), restorer_model, ocr };
        Ok(Record { schema: RECORD_SCHEMA.to_string(), source, engine, document, directive, diagnostics })
    }

    /// The first stage alone: what was read, not repaired.
    ///
    /// # Errors
    /// As [`Pipeline::run`].
    pub fn extract(&self, path: &str, bytes: &[u8]) -> Result<Extraction, Failure> {
        self.read(path, bytes, &|_| {})
    }

    /// Versions of the program, its models and engines: what decides a record besides the input and the options.
    pub fn versions(&self) -> String {
        let restorer = self.restorer.as_ref().map_or_else(|| "none".to_string(), Restorer::model_id);
        format!("vanthu {}; restorer {restorer}; {}", env!("CARGO_PKG_VERSION"), self.extractor.ocr_version())
    }

    fn read(&self, path: &str, bytes: &[u8], watch: &(dyn Fn(usize) + Sync)) -> Result<Extraction, Failure> {
        let extraction = self.extractor.extract_watched(bytes, path, watch).map_err(|e| refusal(&e))?;
        if has_no_word(&extraction.document) {
            return Err(no_text(&extraction));
        }
        Ok(extraction)
    }
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

fn refusal(error: &ExtractError) -> Failure {
    let (text, remedy) = (error.to_string(), error.remedy());
    // The extractor's message ends in its remedy, as ours does.
    let message = text.strip_suffix(remedy).map_or(text.as_str(), |m| m.trim_end_matches([' ', ';', ':']));
    Failure::new(error.cause(), message, remedy)
}

/// SHA-256 in lower-case hexadecimal.
pub fn digest(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes.as_ref()).iter().fold(String::with_capacity(64), |mut hex, b| {
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
