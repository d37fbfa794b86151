//! Sets of a collection that has each kind of truth in a layout of its own: annotated structures with their texts, a
//! damaged plan with its first lines as printed, texts in other writers' PDFs, legacy files, scans, real first pages.

use crate::eval::cases::{Case, How, Set};
use crate::eval::folder::{JUDGED, file_name, set, stem, strip, to_judge};
use ::eval::VerdictTruth;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Folders of documents, where their true texts lie, and how these are called.
const PAGES: [(&str, &str, &str); 11] = [
    ("pdf/born-digital", "pdf/born-digital", "gt.txt"),
    ("pdf/hard", "pdf/hard", "gt.txt"),
    ("legacy/doc", "legacy/truth", "txt"),
    ("legacy/pdf", "legacy/truth", "txt"),
    ("real/gold", "real/gold", "txt"),
    ("scans/a300", "scans/truth", "txt"),
    ("scans/b200", "scans/truth", "txt"),
    ("scans/c150", "scans/truth", "txt"),
    ("scans/d300", "scans/truth", "txt"),
    ("scans/e200", "scans/truth", "txt"),
    ("scans/h120", "scans/truth", "txt"),
];

/// What the text layers of pages are: of folders, then of single files and pages where these differ.
const VERDICTS: [(&str, &str); 12] = [
    ("pdf/born-digital", "good"),
    ("pdf/hard", "good"),
    ("pdf/scanned", "empty"),
    ("legacy/pdf", "legacy_encoding"),
    ("real/pdf", "empty"),
    ("scans/a300", "empty"),
    ("scans/b200", "empty"),
    ("scans/c150", "empty"),
    ("scans/d300", "empty"),
    ("scans/e200", "empty"),
    ("scans/h120", "empty"),
    ("tiff", "empty"),
];
const OTHERS: [(&str, &str, &str); 12] = [
    // The damaged plan is what an English engine read, whoever set it.
    ("pdf/born-digital/cairo_004.pdf", "*", "wrong_engine"),
    ("pdf/born-digital/lo_004.pdf", "*", "wrong_engine"),
    ("pdf/born-digital/rl_004.pdf", "*", "wrong_engine"),
    ("pdf/born-digital/typst_004.pdf", "*", "wrong_engine"),
    ("pdf/hard/x_no_tounicode.pdf", "*", "unmapped"),
    ("pdf/scanned/sandwich_eng.pdf", "*", "wrong_engine"),
    // Drafts that were never printed, of which one ends in a page of pictures.
    ("real/pdf/hanoi_kh_173_festival.pdf", "*", "good"),
    ("real/pdf/hanoi_kh_173_festival.pdf", "12", "empty"),
    ("real/pdf/hanoi_qd_2280_water.pdf", "*", "good"),
    // Scans under heads and signatures that a program set on them.
    ("real/pdf/27-2026-nq-cp.pdf", "*", "good"),
    ("real/pdf/99-nq-cp.pdf", "*", "good"),
    // Of this page the number alone is text.
    ("legacy/pdf/2006-16EZE_TT01.06GopvonDNNVV.pdf", "3", "good"),
];

/// The sets of such a collection; what is not there is left out.
pub fn sets(folder: &Path) -> Vec<Set> {
    let mut sets = vec![structure(folder), plan(folder)];
    let good = files(&folder.join("seeds")).into_iter().filter(|p| !file_name(p).starts_with("004_"));
    sets.push(set(folder, "stripped".into(), How::Strip, good.map(strip).collect()));
    sets.push(verdicts(folder));
    sets.extend(PAGES.iter().map(|(dir, truth, ending)| pages(folder, dir, truth, ending)));
    for set in &mut sets {
        // The true texts here hold the page numbers.
        set.without_page_numbers = false;
    }
    sets
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path()));
    let mut files: Vec<PathBuf> = entries.filter(|p| p.is_file()).collect();
    files.sort();
    files
}

/// All pages of which is known what their text is.
fn verdicts(folder: &Path) -> Set {
    let paged = ["pdf", "png", "jpg", "tif"];
    let mut inputs: Vec<(String, PathBuf)> = Vec::new();
    let mut table = String::new();
    for (dir, kind) in VERDICTS {
        for input in files(&folder.join(dir)) {
            if input.extension().is_some_and(|e| paged.iter().any(|p| e == *p)) {
                let name = format!("{dir}/{}", file_name(&input));
                table.push_str(&format!("{name}\t*\t{kind}\n"));
                inputs.push((name, input));
            }
        }
    }
    table.extend(OTHERS.iter().map(|(name, page, kind)| format!("{name}\t{page}\t{kind}\n")));
    let truth = Arc::new(VerdictTruth::parse(&table).unwrap_or_default());
    let cases = inputs.into_iter().map(|(name, input)| to_judge(input, (truth.clone(), name))).collect();
    set(folder, JUDGED.into(), How::Judge, cases)
}

/// Annotations with their text beside them, or among the seeds under the name that they give.
fn structure(folder: &Path) -> Set {
    let seeds = files(&folder.join("seeds"));
    let mut cases = Vec::new();
    for gold in files(&folder.join("gold/structure")) {
        if gold.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let beside = Some(gold.with_extension("txt")).filter(|p| p.is_file());
        let named = || {
            let number = stem(&gold).strip_prefix("seed")?.to_owned();
            seeds.iter().find(|s| file_name(s).starts_with(&format!("{number}_"))).cloned()
        };
        if let Some(input) = beside.or_else(named) {
            let structure = Some(gold.clone());
            cases.push(Case { name: stem(&gold), input, structure, text: None, verdicts: None, lines: None });
        }
    }
    set(folder, "structure".into(), How::Parse, cases)
}

/// The damaged plan, of which the first lines are known as they were printed.
fn plan(folder: &Path) -> Set {
    let gold = files(&folder.join("gold")).into_iter().find(|p| file_name(p).contains(".lines001-"));
    let seed = files(&folder.join("seeds")).into_iter().find(|p| file_name(p).starts_with("004_"));
    let case = gold.zip(seed).map(|(gold, input)| {
        let name = file_name(&gold);
        let last = name.split_once(".lines001-").and_then(|(_, rest)| rest.get(..3)?.parse().ok());
        Case {
            name: "004".into(),
            input,
            text: Some(gold),
            structure: None,
            verdicts: None,
            lines: last.map(|last| (1, last)),
        }
    });
    set(folder, "004".into(), How::Restore, case.into_iter().collect())
}

fn pages(folder: &Path, dir: &str, truth: &str, ending: &str) -> Set {
    let place = folder.join(dir);
    let inputs = files(&place).into_iter().filter(|p| {
        let name = file_name(p);
        !name.ends_with(".txt") && !name.ends_with(".md")
    });
    let cases = inputs.filter_map(|input| {
        let stem = stem(&input);
        // A document that several writers set: lo_003.pdf has the text of 003.
        let short = stem.rsplit('_').next().unwrap_or(&stem).to_owned();
        let named =
            |name: &str| Some(folder.join(truth).join(format!("{name}.{ending}"))).filter(|p| p.is_file());
        let text = named(&stem).or_else(|| named(&short))?;
        Some(Case {
            name: file_name(&input),
            input,
            text: Some(text),
            structure: None,
            verdicts: None,
            lines: None,
        })
    });
    let name = if dir.starts_with("legacy/") { dir.replace('/', "-") } else { stem(Path::new(dir)) };
    let name = if name == "gold" { "real".to_owned() } else { name };
    set(folder, name, How::Read, cases.collect())
}
