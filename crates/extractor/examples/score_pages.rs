//! Reads the page collections beside the repository and prints how much of their known text came out right.
//!
//! `OMP_THREAD_LIMIT=1 cargo run --release -p extractor --example score_pages -- [--dump DIR] [--show] [--model NAME] [SET...]`
//!
//! Sets are a300 b200 c150 d300 e200 h120 real born-digital hard scanned tiff damaged real-pdf; without any, all are read. The
//! figures are those of `../shared/eval/score_text.py`, computed here because that program takes minutes a file; empty
//! lines are left out.
//! `--show` prints a line a file, `--dump` writes the text that was read.

use extractor::{Extractor, Options, needs_single_thread_env};
use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const SETS: [&str; 13] = [
    "a300",
    "b200",
    "c150",
    "d300",
    "e200",
    "h120",
    "real",
    "born-digital",
    "hard",
    "scanned",
    "tiff",
    "damaged",
    "real-pdf",
];

fn main() -> Result<(), Box<dyn Error>> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    if !shared.is_dir() {
        println!("{} is not there: nothing to score", shared.display());
        return Ok(());
    }
    if needs_single_thread_env() {
        println!("OMP_THREAD_LIMIT=1 is not set: the times below are several times too long");
    }
    let mut wanted: Vec<String> = std::env::args().skip(1).collect();
    let show = take(&mut wanted, "--show").is_some();
    let dump = take(&mut wanted, "--dump")
        .map(|at| if at < wanted.len() { PathBuf::from(wanted.remove(at)) } else { PathBuf::from("dump") });
    let mut options = Options::default();
    if let Some(at) = take(&mut wanted, "--model").filter(|at| *at < wanted.len()) {
        options.ocr_models = vec![wanted.remove(at)];
    }
    let extractor = Extractor::new(options)?;
    println!("{:<13} files pages tokens  syllable_error  char_error  order_free_error  seconds", "set");
    for set in SETS.iter().filter(|s| wanted.is_empty() || wanted.iter().any(|w| w == *s)) {
        let mut total = Figures::default();
        let (mut files, mut pages, mut seconds) = (0, 0, 0.0);
        for (input, gold) in members(&shared, set)? {
            let name = input.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let bytes = std::fs::read(&input)?;
            let start = Instant::now();
            let result = extractor.extract(&bytes, &name);
            let took = start.elapsed().as_secs_f64();
            seconds += took;
            files += 1;
            let text = match result {
                Ok(extraction) => {
                    extraction.document.check()?;
                    pages += extraction.document.pages.len();
                    if show && let Some(page) = extraction.document.pages.first() {
                        println!("  {name}: {:?} {:?} {:?}", page.verdict, page.origin, page.steps);
                    }
                    extraction.document.text
                }
                Err(e) => {
                    println!("  {name}: {}: {e}", e.cause());
                    continue;
                }
            };
            if let Some(folder) = &dump {
                let folder = folder.join(set);
                std::fs::create_dir_all(&folder)?;
                std::fs::write(folder.join(format!("{name}.txt")), &text)?;
            }
            // The real PDF files have no text beside them: they are only read.
            let mut gold = std::fs::read_to_string(gold).unwrap_or_default();
            if matches!(*set, "scanned" | "tiff") {
                gold = beginning(&gold, &text);
            }
            let figures = score(&gold, &text);
            if show {
                println!("  {name}: {} {took:.2} s", figures.row());
            }
            total.add(&figures);
        }
        println!("{set:<13} {files:>5} {pages:>5} {:>6}  {}  {seconds:>7.1}", total.tokens, total.row());
    }
    Ok(())
}

fn take(words: &mut Vec<String>, flag: &str) -> Option<usize> {
    let at = words.iter().position(|w| w == flag)?;
    words.remove(at);
    Some(at)
}

/// The files of a set, each with the file that holds its text.
fn members(shared: &Path, set: &str) -> Result<Vec<(PathBuf, PathBuf)>, Box<dyn Error>> {
    let born = shared.join("pdf/born-digital");
    let folder = match set {
        "real" => shared.join("real/gold"),
        "real-pdf" => shared.join("real/pdf"),
        "tiff" => shared.join("tiff"),
        "born-digital" | "hard" | "scanned" | "damaged" => shared.join("pdf").join(set),
        _ => shared.join("scans").join(set),
    };
    let mut members = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or("").to_owned();
        if !matches!(extension, "pdf" | "png" | "jpg" | "tif") {
            continue;
        }
        let gold = match set {
            "real" => path.with_extension("txt"),
            "hard" => path.with_extension("gt.txt"),
            "born-digital" => born.join(format!("{}.gt.txt", stem.rsplit('_').next().unwrap_or(&stem))),
            "scanned" | "tiff" | "damaged" => born.join("000.gt.txt"),
            _ => shared.join("scans/truth").join(format!("{stem}.txt")),
        };
        members.push((path, gold));
    }
    members.sort();
    Ok(members)
}

#[derive(Default)]
struct Figures {
    tokens: usize,
    token_edits: usize,
    chars: usize,
    char_edits: usize,
    bag: usize,
}

impl Figures {
    fn add(&mut self, o: &Figures) {
        self.tokens += o.tokens;
        self.token_edits += o.token_edits;
        self.chars += o.chars;
        self.char_edits += o.char_edits;
        self.bag += o.bag;
    }

    fn row(&self) -> String {
        let percent = |a: usize, b: usize| 100.0 * a as f64 / b.max(1) as f64;
        format!(
            "{:>12.2} %  {:>8.3} %  {:>14.2} %",
            percent(self.token_edits, self.tokens),
            percent(self.char_edits, self.chars),
            percent(self.bag, self.tokens)
        )
    }
}

/// The beginning of `gold` that holds as many words as `read`: these files are the first pages of a longer document.
fn beginning(gold: &str, read: &str) -> String {
    gold.split_whitespace().take(read.split_whitespace().count()).collect::<Vec<_>>().join(" ")
}

fn score(gold: &str, read: &str) -> Figures {
    // Empty lines between blocks would pair the wrong lines where the counts happen to agree.
    let print = |text: &'_ str| {
        text.split('\n').filter(|l| !l.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (gold, read) = (print(gold), print(read));
    let pairs: Vec<(String, String)> = if gold.len() == read.len() {
        gold.into_iter().zip(read).collect()
    } else {
        vec![(gold.join("\n"), read.join("\n"))]
    };
    let mut figures = Figures::default();
    let mut bag: HashMap<String, i64> = HashMap::new();
    for (g, r) in &pairs {
        let (a, b) = (tokens(g), tokens(r));
        figures.tokens += a.len();
        figures.token_edits += edits(&a, &b);
        a.into_iter().for_each(|t| *bag.entry(t).or_default() += 1);
        b.into_iter().for_each(|t| *bag.entry(t).or_default() -= 1);
        let (a, b) = (chars(g), chars(r));
        figures.chars += a.len();
        figures.char_edits += edits(&a, &b);
    }
    let missing: i64 = bag.values().filter(|v| **v > 0).sum();
    let spare: i64 = bag.values().filter(|v| **v < 0).sum();
    figures.bag = missing.max(-spare) as usize;
    figures
}

fn tokens(line: &str) -> Vec<String> {
    line.nfc()
        .collect::<String>()
        .split_whitespace()
        .map(|t| t.trim_matches(|c: char| !(c.is_alphanumeric() || c == '_' || is_combining_mark(c))))
        .filter(|t| !t.is_empty())
        .map(|t| fold_tone(&t.to_lowercase()))
        .collect()
}

fn fold_tone(token: &str) -> String {
    const PLACED: [(char, &str); 3] = [('o', "àáảãạ"), ('o', "èéẻẽẹ"), ('u', "ỳýỷỹỵ")];
    const MOVED: [(&str, char); 3] = [("òóỏõọ", 'a'), ("òóỏõọ", 'e'), ("ùúủũụ", 'y')];
    let mut chars: Vec<char> = token.chars().collect();
    let n = chars.len();
    if n >= 2 && !(n >= 3 && chars[n - 3] == 'q') {
        for ((first, marked), (vowels, plain)) in PLACED.iter().zip(&MOVED) {
            if chars[n - 2] == *first
                && let Some(tone) = marked.chars().position(|c| c == chars[n - 1])
            {
                chars[n - 2] = vowels.chars().nth(tone).unwrap_or(*first);
                chars[n - 1] = *plain;
                break;
            }
        }
    }
    chars.into_iter().collect()
}

fn chars(line: &str) -> Vec<char> {
    line.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ").chars().collect()
}

/// Levenshtein distance within a band around the diagonal that is doubled until it holds the distance (Ukkonen 1985).
fn edits<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut band = a.len().abs_diff(b.len()) + 16;
    loop {
        let distance = banded(a, b, band);
        if distance <= band || band > a.len().max(b.len()) {
            return distance;
        }
        band *= 2;
    }
}

fn banded<T: PartialEq>(a: &[T], b: &[T], band: usize) -> usize {
    const FAR: usize = usize::MAX / 2;
    let width = 2 * band + 1;
    // Column j of row i stands at j + band - i.
    let mut previous = vec![FAR; width + 1];
    let mut current = vec![FAR; width + 1];
    for j in 0..=band.min(b.len()) {
        previous[j + band] = j;
    }
    for i in 1..=a.len() {
        current.fill(FAR);
        for j in i.saturating_sub(band)..=(i + band).min(b.len()) {
            let k = j + band - i;
            let mut best = previous[k + 1].saturating_add(1);
            if j == 0 {
                best = i;
            } else {
                best = best.min(previous[k] + usize::from(a[i - 1] != b[j - 1]));
                if k > 0 {
                    best = best.min(current[k - 1] + 1);
                }
            }
            current[k] = best;
        }
        std::mem::swap(&mut previous, &mut current);
    }
    let k = b.len() + band;
    k.checked_sub(a.len()).and_then(|k| previous.get(k)).copied().unwrap_or(FAR)
}
