//! A document is read, or its finished output taken, and held against what is known of it.

use crate::args::EvalArgs;
use crate::eval::Refusal;
use crate::eval::cases::{Case, How, Set, annotation, true_text};
use crate::eval::folder::stem;
use ::eval::{
    Calibration, DocumentReport, EngineReport, FailureReport, Observation, PageVerdict, Register,
    StructureScore, TextScore, entries, printed_text, structure_errors, text_errors, without_marks,
    without_page_numbers, words,
};
use diacritic_restorer::{Regime, Restorer};
use pipeline::{Cause, Failure, Pipeline, load};
use std::path::{Path, PathBuf};
use vanthu_model::{BlockKind, Document, Origin, Record, Verdict, Word};

/// What became of a document.
#[derive(Debug, Default)]
struct Outcome {
    text: Option<String>,
    /// Each word, its confidence, and whether a model had a say in it: it was read by OCR, or repaired.
    words: Vec<(String, f32, bool)>,
    register: Option<Register>,
    verdicts: Vec<(u32, Verdict)>,
}

/// Makes outputs of documents, or finds those that were made.
pub enum Reader {
    /// Makes them.
    Makes(Box<Makes>),
    /// Finds them in a folder.
    Finds(PathBuf),
}

/// The stages, as far as the sets need them.
pub struct Makes {
    pipeline: Option<Pipeline>,
    restorer: Option<Restorer>,
    options: diacritic_restorer::Options,
    max_bytes: u64,
}

impl Reader {
    /// Loads what the sets need.
    ///
    /// # Errors
    /// `missing_component`.
    pub fn new(args: &EvalArgs, sets: &[Set]) -> Result<Self, Failure> {
        if let Some(folder) = &args.results {
            return Ok(Self::Finds(folder.clone()));
        }
        let needs = |how: &[How]| sets.iter().any(|s| how.contains(&s.how));
        let repair = &args.repair;
        let options = pipeline::Options {
            extractor: args.reading.options(),
            restorer: repair.options(),
            model: repair.model.clone(),
            lexicon: repair.lexicon.clone(),
            learned: None,
            keep_reading: args.keep_reading,
        };
        let max_bytes = options.extractor.limits.max_file_bytes;
        let restores = needs(&[How::Restore, How::Strip]) && !args.keep_reading;
        let restorer = || pipeline::restorer(repair.model.as_deref(), [&repair.lexicon]);
        Ok(Self::Makes(Box::new(Makes {
            restorer: restores.then(restorer).transpose()?,
            pipeline: needs(&[How::Read, How::Judge]).then(|| Pipeline::new(options)).transpose()?,
            options: repair.options(),
            max_bytes,
        })))
    }

    /// What made the outputs.
    pub fn engine(&self, args: &EvalArgs) -> EngineReport {
        let (name, versions) = match (self, &args.results) {
            (Self::Finds(folder), _) => ("results", folder.to_string_lossy().into_owned()),
            (Self::Makes(makes), _) => match (&makes.pipeline, &makes.restorer) {
                (Some(pipeline), _) => ("vanthu", pipeline.versions()),
                (None, Some(restorer)) => (
                    "vanthu",
                    format!("vanthu {}; restorer {}", env!("CARGO_PKG_VERSION"), restorer.model_id()),
                ),
                (None, None) => ("vanthu", format!("vanthu {}", env!("CARGO_PKG_VERSION"))),
            },
        };
        EngineReport { name: name.into(), versions }
    }

    fn outcome(&self, set: &Set, case: &Case) -> Result<Outcome, Failure> {
        match self {
            Self::Makes(makes) => makes.outcome(set.how, case),
            Self::Finds(folder) => finished(folder, case),
        }
    }
}

impl Makes {
    fn outcome(&self, how: How, case: &Case) -> Result<Outcome, Failure> {
        let bytes = load(&case.input, self.max_bytes)?;
        if how == How::Read {
            let Some(pipeline) = &self.pipeline else { return Ok(Outcome::default()) };
            return Ok(of_record(pipeline.run(&case.name, &bytes)?));
        }
        if how == How::Judge {
            let Some(pipeline) = &self.pipeline else { return Ok(Outcome::default()) };
            let verdicts = (1..).zip(pipeline.verdicts(&case.name, &bytes)?).collect();
            return Ok(Outcome { verdicts, ..Outcome::default() });
        }
        let text = extractor::decode(&bytes).text;
        match how {
            How::Parse => {
                let register = Register::from(&structure_parser::parse_text(&text));
                Ok(Outcome { register: Some(register), ..Outcome::default() })
            }
            How::Strip => Ok(self.restored(&without_marks(&text))),
            _ => Ok(self.restored(&text)),
        }
    }

    fn restored(&self, text: &str) -> Outcome {
        let Some(restorer) = &self.restorer else {
            return Outcome { text: Some(text.to_owned()), ..Outcome::default() };
        };
        let lines = restorer.restore_lines(text, &self.options);
        let words = lines.iter().flat_map(|line| {
            let decoded = !matches!(line.regime, Regime::Good | Regime::Foreign);
            line.words.iter().map(move |w| (w.text.clone(), w.confidence, decoded || w.changed))
        });
        let words = words.collect();
        let text = lines.into_iter().map(|l| l.text).collect::<Vec<_>>().join("\n");
        Outcome { text: Some(text), words, ..Outcome::default() }
    }
}

fn of_record(record: Record) -> Outcome {
    Outcome { register: Some(Register::from(&record.directive)), ..of_document(&record.document) }
}

fn of_document(document: &Document) -> Outcome {
    // True texts may leave page numbers out, and what is no print is in none.
    let apart = [BlockKind::Furniture, BlockKind::Stamp, BlockKind::Handwriting];
    let blocks = document.pages.iter().flat_map(|p| &p.blocks).filter(|b| !apart.contains(&b.kind));
    let decided = |w: &Word| w.origin == Origin::Ocr || w.raw != w.text;
    let words = blocks.flat_map(|b| &b.lines).flat_map(|l| &l.words);
    let words = words.map(|w| (w.text.clone(), w.confidence, decided(w)));
    Outcome {
        text: Some(printed_text(document)),
        words: words.collect(),
        verdicts: document.pages.iter().map(|p| (p.number, p.verdict)).collect(),
        register: None,
    }
}

/// An output that was made before: a record, a directive, or a text of any program.
fn finished(folder: &Path, case: &Case) -> Result<Outcome, Failure> {
    let stem = stem(Path::new(&case.name));
    let names = [
        format!("{}.json", case.name),
        format!("{stem}.json"),
        format!("{}.txt", case.name),
        format!("{stem}.txt"),
    ];
    let path = names.iter().map(|n| folder.join(n)).find(|p| p.is_file()).ok_or_else(|| {
        let message = format!("has no result in {}", folder.display());
        Failure::new(Cause::Io, message, "name results as `vanthu ingest` does: 01.pdf.json, or 01.pdf.txt")
    })?;
    output(&path)
}

/// A finished output.
fn output(path: &Path) -> Result<Outcome, Failure> {
    let text = true_text(path).map_err(|(_, failure)| failure)?;
    if path.extension().is_none_or(|e| e != "json") {
        return Ok(Outcome { text: Some(text), ..Outcome::default() });
    }
    match serde_json::from_str::<Record>(&text) {
        Ok(record) => Ok(of_record(record)),
        Err(_) => match Register::output(&text) {
            Ok(register) => Ok(Outcome { register: Some(register), ..Outcome::default() }),
            Err(e) => Err(Failure::new(Cause::Unsupported, e.to_string(), "give what `vanthu ingest` wrote")),
        },
    }
}

/// Reads a document and scores it. One that fails is scored as an output without anything in it, so that nobody gains by
/// failing.
pub fn report(reader: &Reader, set: &Set, case: &Case) -> DocumentReport {
    let mut document = DocumentReport { name: case.name.clone(), ..DocumentReport::default() };
    let truth = (|| {
        let text = case.text.as_deref().map(true_text).transpose()?;
        Ok((text, case.structure.as_deref().map(annotation).transpose()?))
    })();
    let (text, structure) = match truth {
        Ok(truth) => truth,
        Err((path, failure)) => {
            let named = format!("{}: {}", path.display(), failure.message);
            document.failure = Some(told(&Failure::new(failure.cause, named, &failure.remedy)));
            return document;
        }
    };
    let outcome = reader.outcome(set, case).unwrap_or_else(|failure| {
        document.failure = Some(told(&failure));
        Outcome { text: Some(String::new()), register: Some(Register::default()), ..Outcome::default() }
    });
    if let Some(text) = text {
        score_text(&mut document, &text, &outcome, case.lines, set.without_page_numbers);
    }
    if let (Some(structure), Some(register)) = (structure, &outcome.register) {
        score_structure(&mut document, &structure, register);
    }
    if let Some((truth, key)) = &case.verdicts {
        let known = |&(page, found): &(u32, Verdict)| {
            truth.of(key, page).map(|truth| PageVerdict { page, truth, found })
        };
        document.verdicts = outcome.verdicts.iter().filter_map(known).collect();
    }
    document
}

/// One output against one truth.
///
/// # Errors
/// What cannot be read, or is of two kinds.
pub fn pair(truth: &Path, given: &Path, lines: Option<(usize, usize)>) -> Result<DocumentReport, Refusal> {
    let name = given.file_name().unwrap_or(given.as_os_str()).to_string_lossy().into_owned();
    let mut document = DocumentReport { name, ..DocumentReport::default() };
    let outcome = output(given).map_err(|failure| (given.to_path_buf(), failure))?;
    if truth.extension().is_some_and(|e| e == "json") {
        let gold = annotation(truth)?;
        let register = outcome.register.as_ref().ok_or_else(|| {
            let failure = Failure::new(
                Cause::Unsupported,
                "is a text, and the truth is an annotation",
                "give two texts, or an annotation and a record",
            );
            (given.to_path_buf(), failure)
        })?;
        score_structure(&mut document, &gold, register);
    } else {
        let gold = true_text(truth)?;
        if outcome.text.is_none() {
            let failure = Failure::new(
                Cause::Unsupported,
                "is a directive, and the truth is a text",
                "give two texts, or an annotation and a record",
            );
            return Err((given.to_path_buf(), failure));
        }
        score_text(&mut document, &gold, &outcome, lines, false);
    }
    Ok(document)
}

fn told(failure: &Failure) -> FailureReport {
    FailureReport { cause: failure.cause.code().into(), message: crate::messages::failure(failure) }
}

fn score_text(
    document: &mut DocumentReport,
    gold: &str,
    outcome: &Outcome,
    lines: Option<(usize, usize)>,
    without_numbers: bool,
) {
    let Some(text) = &outcome.text else { return };
    let output = if without_numbers { without_page_numbers(gold, text) } else { text.clone() };
    document.text = Some(TextScore::of_lines(gold, &output, lines.map(|(a, b)| a..=b)));
    let part = |text: &str| match lines {
        Some((a, b)) => text.lines().skip(a - 1).take(b + 1 - a).collect::<Vec<_>>().join("\n"),
        None => text.to_owned(),
    };
    let (gold, output) = (part(gold), part(&output));
    document.errors.extend(text_errors(&gold, &output));
    // Words are known of the whole text only.
    if lines.is_none() && !outcome.words.is_empty() {
        let said =
            outcome.words.iter().map(|(text, confidence, decided)| (text.as_str(), *confidence, *decided));
        let seen = words(&gold, said);
        let all: Calibration = seen.iter().map(|(_, o)| *o).collect();
        document.calibration.insert("words".into(), all);
        let decided: Vec<Observation> = seen.into_iter().filter(|(d, _)| *d).map(|(_, o)| o).collect();
        if !decided.is_empty() {
            document.calibration.insert("recognised".into(), decided.into_iter().collect());
        }
    }
}

fn score_structure(document: &mut DocumentReport, gold: &Register, output: &Register) {
    document.structure = Some(StructureScore::of(gold, output));
    document.errors.extend(structure_errors(gold, output));
    for (kind, seen) in entries(gold, output) {
        document.calibration.insert(kind.into(), seen.into_iter().collect());
    }
}
