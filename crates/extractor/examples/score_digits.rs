//! Reads first pages and prints how their numbers, days and months came out: printed and written by hand.
//!
//! `OMP_THREAD_LIMIT=1 cargo run --release -p extractor --example score_digits -- [SET...] [PART OF A NAME...]`
//!
//! Sets are real (signed scans beside the repository), scans (typeset and degraded, beside the repository) and fixtures;
//! without any, all are read. A field is sure from a confidence of 0.85 on: below, the parser reports it as doubtful.

use extractor::{Extractor, Options};
use regex::Regex;
use std::error::Error;
use std::path::{Path, PathBuf};
use vanthu_model::Document;

/// Number, day and month of the real pages, as one sees them in the picture.
const REAL: [(&str, [&str; 3]); 16] = [
    ("06-bct", ["06", "04", "4"]),
    ("148-2020-tt-bca", ["148", "31", "12"]),
    ("153-tb-vpcp", ["153", "10", "4"]),
    ("2470-vpcp-qhdp", ["2470", "15", "4"]),
    ("255-vpcp-nn", ["225", "05", "4"]),
    ("27-2026-nq-cp", ["27", "14", "5"]),
    ("28-pt", ["28", "21", "12"]),
    ("288-ttg", ["288", "08", "4"]),
    ("99-nq-cp", ["99", "06", "4"]),
    ("draft-signed", ["2243", "23", "07"]),
    ("hanoi_kh_173_festival", ["173", "28", "4"]),
    ("hanoi_qd_2280_water", ["2280", "29", "4"]),
    ("luat-40-2013", ["40", "", ""]),
    ("nq_115_ba_vi", ["115", "29", "4"]),
    ("qd_707_ttg", ["707", "22", "4"]),
    ("tt_37_bca_vehicle", ["37", "24", "4"]),
];

/// Below this the parser calls a fact doubtful.
const SURE: f32 = 0.85;

const SETS: [&str; 3] = ["real", "scans", "fixtures"];

#[derive(Default)]
struct Count {
    right: usize,
    right_in_doubt: usize,
    blank: usize,
    wrong_in_doubt: usize,
    wrong: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (wanted, names): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| SETS.contains(&a.as_str()));
    let extractor = Extractor::new(Options::default())?;
    for set in
        ["real", "scans", "fixtures"].iter().filter(|s| wanted.is_empty() || wanted.iter().any(|w| w == *s))
    {
        let mut counts: [Count; 3] = Default::default();
        for (path, truth) in members(&root, set)? {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            if !names.is_empty() && !names.iter().any(|n| name.contains(n.as_str())) {
                continue;
            }
            let Ok(read) = extractor.extract(&std::fs::read(&path)?, &name) else { continue };
            let fields = fields(&read.document);
            let mut row = Vec::new();
            for ((truth, found), count) in truth.iter().zip(&fields).zip(&mut counts) {
                if truth.is_empty() {
                    continue;
                }
                let (text, confidence) = found;
                let right = text == truth;
                let to = match (right, *confidence >= SURE) {
                    _ if text.is_empty() => &mut count.blank,
                    (true, true) => &mut count.right,
                    (true, false) => &mut count.right_in_doubt,
                    (false, true) => &mut count.wrong,
                    (false, false) => &mut count.wrong_in_doubt,
                };
                *to += 1;
                let sign = if right { "=" } else { "≠" };
                row.push(format!("{text:?} {confidence:.2} {sign} {truth}"));
            }
            let steps = read.document.pages.first().map(|p| p.steps.clone()).unwrap_or_default();
            let steps: Vec<String> = steps.into_iter().filter(|s| s.starts_with("digits")).collect();
            println!("  {set} {name}: {}   {}", row.join(", "), steps.join("; "));
        }
        for (name, c) in ["number", "day", "month"].iter().zip(counts) {
            println!(
                "{set:<8} {name:<6} right {:>2}, right but doubtful {:>2}, blank {:>2}, wrong but doubtful {:>2}, wrong {:>2}",
                c.right, c.right_in_doubt, c.blank, c.wrong_in_doubt, c.wrong
            );
        }
    }
    Ok(())
}

/// A file with its number, day and month.
type Member = (PathBuf, [String; 3]);

/// Files of a set.
fn members(root: &Path, set: &str) -> Result<Vec<Member>, Box<dyn Error>> {
    let shared = root.join("../shared");
    let mut members = Vec::new();
    if set != "fixtures" && !shared.is_dir() {
        println!("{} is not there: {set} is left out", shared.display());
        return Ok(members);
    }
    if set == "real" {
        for (stem, truth) in REAL {
            members.push((shared.join("real/pdf").join(format!("{stem}.pdf")), truth.map(str::to_owned)));
        }
        return Ok(members);
    }
    let folders: Vec<(PathBuf, PathBuf)> = if set == "scans" {
        let scans = shared.join("scans");
        let sets = ["a300", "b200", "c150", "d300", "e200", "h120"];
        sets.iter().map(|s| (scans.join(s), scans.join("truth"))).collect()
    } else {
        vec![(root.join("fixtures/scans"), root.join("fixtures/text"))]
    };
    for (folder, texts) in folders {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            if let Ok(text) = std::fs::read_to_string(texts.join(format!("{stem}.txt")))
                && (set != "scans" || stem.ends_with("p1"))
            {
                members.push((path, fields(&Document::from_text(&text)).map(|f| f.0)));
            }
        }
    }
    members.sort();
    Ok(members)
}

/// Number, day and month of the first page, each with the confidence of its least sure word.
fn fields(document: &Document) -> [(String, f32); 3] {
    let mut found: [(String, f32); 3] = Default::default();
    let patterns =
        [r"^(?:[Ll]uật )?[Ss][ốôo]:?\s*([^/]*?)\s*[/-]\s?\S", r"ngày\s*(.*?)\s*tháng\s*(.*?)\s*năm\s*\d{4}$"];
    let Ok(patterns) = patterns.map(Regex::new).into_iter().collect::<Result<Vec<_>, _>>() else {
        return found;
    };
    for line in document.pages.iter().take(1).flat_map(|p| &p.blocks).flat_map(|b| &b.lines).take(14) {
        let text = line.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        for (i, pattern) in patterns.iter().enumerate() {
            let Some(c) = pattern.captures(&text) else { continue };
            for (to, group) in c.iter().skip(1).flatten().enumerate() {
                let Some(to) = found.get_mut(i + to).filter(|f| f.0.is_empty()) else { continue };
                let mut end = 0;
                let touching = line.words.iter().filter(|w| {
                    let start = end;
                    end = start + w.text.len() + 1;
                    start < group.end() && end > group.start() + 1
                });
                let least = touching.map(|w| w.confidence).fold(1.0, f32::min);
                *to = (group.as_str().to_owned(), least);
            }
        }
    }
    found
}
