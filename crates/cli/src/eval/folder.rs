//! Finds documents and their truth in a folder. docs/evaluation.md tells the form.

use crate::eval::cases::{Case, How, Set, true_text};
use crate::eval::{Refusal, shared};
use ::eval::VerdictTruth;
use batch::EXTENSIONS;
use pipeline::{Cause, Failure};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The table of what the text of pages is.
const VERDICTS: &str = "verdicts.tsv";
/// The folder of true texts.
const TEXTS: &str = "text";
/// The folder of annotations.
const ANNOTATIONS: &str = "gold";
/// The set of all pages of which is known what their text is.
pub const JUDGED: &str = "verdicts";
/// Endings of pictures.
const PICTURES: [&str; 7] = ["png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp"];

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Found {
    /// Its sets.
    pub sets: Vec<Set>,
    /// Documents of which no truth is known.
    pub without_truth: Vec<String>,
}

/// The sets of a folder.
///
/// # Errors
/// `io` for what cannot be listed, `unsupported` for a table of verdicts out of form, `empty` where no document has its
/// truth beside it.
pub fn sets(folder: &Path) -> Result<Found, Refusal> {
    let root = entries(folder)?;
    let mut found = if folder.join("gold/structure").is_dir() {
        Found { sets: shared::sets(folder), ..Found::default() }
    } else if root.iter().any(|p| p.is_dir() && (p.ends_with(TEXTS) || p.ends_with(ANNOTATIONS))) {
        parted(folder, &root)?
    } else {
        side_by_side(folder, &root)?
    };
    found.sets.retain(|s| !s.cases.is_empty());
    if found.sets.is_empty() {
        let message = "no document in it has its true text or annotation beside it";
        let failure =
            Failure::new(Cause::Empty, message, "see docs/evaluation.md for the form of the folder");
        return Err((folder.to_path_buf(), failure));
    }
    Ok(found)
}

/// What a folder holds, sorted.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let refused = |e: std::io::Error| (folder.to_path_buf(), Failure::reading(&e));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(refused)? {
        paths.push(entry.map_err(refused)?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The true kinds of text layers, where a folder tells them.
fn verdicts(folder: &Path) -> Result<Option<Arc<VerdictTruth>>, Refusal> {
    let path = folder.join(VERDICTS);
    if !path.exists() {
        return Ok(None);
    }
    match VerdictTruth::parse(&true_text(&path)?) {
        Ok(truth) => Ok(Some(Arc::new(truth))),
        Err(e) => Err((path, Failure::new(Cause::Unsupported, e.to_string(), "mend the line"))),
    }
}

/// Truth in folders of its own: `text/NAME.txt`, `gold/NAME.json`, documents `SET/NAME.*`.
fn parted(folder: &Path, root: &[PathBuf]) -> Result<Found, Refusal> {
    let truth = verdicts(folder)?;
    let mut found = Found::default();
    let mut judged = Vec::new();
    for place in root.iter().filter(|p| p.is_dir() && !p.ends_with(ANNOTATIONS)) {
        let name = file_name(place);
        let mut cases = Vec::new();
        let mut unknown = Vec::new();
        for input in entries(place)?.into_iter().filter(|p| is_document(p)) {
            let stem = stem(&input);
            let beside = |dir: &str, ending: &str| {
                Some(folder.join(dir).join(format!("{stem}.{ending}"))).filter(|p| p.is_file())
            };
            let key = format!("{name}/{}", file_name(&input));
            let case = Case {
                name: file_name(&input),
                text: beside(TEXTS, "txt"),
                structure: beside(ANNOTATIONS, "json"),
                verdicts: told(&truth, key),
                input,
                lines: None,
            };
            judged.extend(case.verdicts.clone().map(|truth| to_judge(case.input.clone(), truth)));
            push(case, &mut cases, &mut unknown);
        }
        // A folder of which nothing is known holds something else.
        if !cases.is_empty() {
            found.without_truth.extend(unknown);
        }
        found.sets.push(set(folder, name, How::Read, cases));
    }
    found.sets.push(set(folder, JUDGED.into(), How::Judge, judged));
    found.sets.extend(stripped(folder, &folder.join(TEXTS))?);
    Ok(found)
}

/// Truth beside each document: `NAME.pdf`, `NAME.txt` or `NAME.gt.txt`, `NAME.json`.
fn side_by_side(folder: &Path, root: &[PathBuf]) -> Result<Found, Refusal> {
    let truth = verdicts(folder)?;
    let mut found = Found::default();
    let is_truth = |path: &Path| {
        let name = file_name(path);
        let is_text = name.ends_with(".txt");
        let others = || root.iter().any(|p| p != path && stem(p) == stem(path) && is_document(p));
        name.ends_with(".gt.txt") || (is_text && others())
    };
    let mut cases = Vec::new();
    for input in root.iter().filter(|p| is_document(p) && !is_truth(p)) {
        let stem = stem(input);
        let beside = |ending: &str| {
            Some(folder.join(format!("{stem}.{ending}"))).filter(|p| p.is_file() && p != input)
        };
        let case = Case {
            name: file_name(input),
            text: beside("gt.txt").or_else(|| beside("txt")),
            structure: beside("json"),
            verdicts: told(&truth, file_name(input)),
            input: input.clone(),
            lines: None,
        };
        push(case, &mut cases, &mut found.without_truth);
    }
    let name = folder.canonicalize().map(|p| file_name(&p)).unwrap_or_else(|_| file_name(folder));
    found.sets.push(set(folder, name, How::Read, cases));
    Ok(found)
}

/// True texts whose marks are taken away, for the repair to put back.
fn stripped(folder: &Path, texts: &Path) -> Result<Option<Set>, Refusal> {
    if !texts.is_dir() {
        return Ok(None);
    }
    let texts = entries(texts)?.into_iter().filter(|p| file_name(p).ends_with(".txt"));
    Ok(Some(set(folder, "stripped".into(), How::Strip, texts.map(strip).collect())))
}

/// A true text to be stripped.
pub fn strip(text: PathBuf) -> Case {
    Case {
        name: file_name(&text),
        input: text.clone(),
        text: Some(text),
        structure: None,
        verdicts: None,
        lines: None,
    }
}

/// A document whose text layers are to be judged; `truth` tells what they are under the name given there.
pub fn to_judge(input: PathBuf, truth: (Arc<VerdictTruth>, String)) -> Case {
    let name = truth.1.clone();
    Case { name, input, text: None, structure: None, verdicts: Some(truth), lines: None }
}

/// A set.
pub fn set(folder: &Path, name: String, how: How, cases: Vec<Case>) -> Set {
    let is_picture = |p: &Path| PICTURES.iter().any(|e| has_extension(p, e));
    let needs_ocr = how == How::Read && cases.iter().any(|c| is_picture(&c.input));
    let folder = folder.to_string_lossy().into_owned();
    Set { folder, name, how, needs_ocr, without_page_numbers: true, cases }
}

fn told(truth: &Option<Arc<VerdictTruth>>, key: String) -> Option<(Arc<VerdictTruth>, String)> {
    truth.as_ref().filter(|t| t.tells_of(&key)).map(|t| (t.clone(), key))
}

fn push(case: Case, cases: &mut Vec<Case>, without_truth: &mut Vec<String>) {
    if case.text.is_some() || case.structure.is_some() || case.verdicts.is_some() {
        cases.push(case);
    } else {
        without_truth.push(case.name);
    }
}

/// The last part of a path.
pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// What a file name has before its first dot.
pub fn stem(path: &Path) -> String {
    let name = file_name(path);
    name.split('.').next().unwrap_or(&name).to_owned()
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension))
}

fn is_document(path: &Path) -> bool {
    path.is_file() && EXTENSIONS.iter().any(|e| *e != "zip" && has_extension(path, e))
}
