//! Reads the collection of documents in legacy encodings beside the repository and prints how much of their known text
//! came out right.
//!
//! `OMP_THREAD_LIMIT=1 cargo run --release -p extractor --example score_legacy -- [--dump DIR] [--errors]`
//!
//! Letters are all characters but white space, which the transcripts set at random; in all other figures white space is
//! folded. Both texts are compared as NFC and in lower case: the transcripts keep the small letters that
//! the H fonts of TCVN3 show as capitals. The last column keeps case. Tone marks may stand on either vowel (hoà, hòa)
//! in words, not in characters.

use extractor::{Extractor, Options};
use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;
use vanthu_model::older_placement;

fn main() -> Result<(), Box<dyn Error>> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/legacy");
    if !shared.is_dir() {
        println!("{} is not there: nothing to score", shared.display());
        return Ok(());
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    let errors = args.iter().any(|a| a == "--errors");
    let dump = args.iter().position(|a| a == "--dump").and_then(|i| args.get(i + 1)).map(PathBuf::from);
    let extractor = Extractor::new(Options::default())?;
    println!(
        "{:<36} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "file", "letters", "chars", "marked", "words", "bag", "cased"
    );
    let mut total = Figures::default();
    for folder in ["pdf", "doc"] {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(shared.join(folder))?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
        files.sort();
        for file in files {
            let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let stem = file.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let gold = std::fs::read_to_string(shared.join("truth").join(format!("{stem}.txt")))?;
            let read = match extractor.extract(&std::fs::read(&file)?, &name) {
                Ok(extraction) => {
                    extraction.document.check()?;
                    extraction.document.text
                }
                Err(e) => {
                    println!("{name:<36} {}: {e}", e.cause());
                    String::new()
                }
            };
            if let Some(folder) = &dump {
                std::fs::create_dir_all(folder)?;
                std::fs::write(folder.join(format!("{stem}.txt")), &read)?;
            }
            let figures = score(&gold, &read, errors);
            println!("{name:<36} {}", figures.row());
            total.add(&figures);
        }
    }
    println!("{:<36} {}", "all", total.row());
    Ok(())
}

#[derive(Default)]
struct Figures {
    chars: usize,
    char_edits: usize,
    marked: usize,
    marked_right: usize,
    words: usize,
    word_edits: usize,
    bag: usize,
    cased_edits: usize,
    letters: usize,
    letter_edits: usize,
}

impl Figures {
    fn add(&mut self, o: &Figures) {
        self.chars += o.chars;
        self.char_edits += o.char_edits;
        self.marked += o.marked;
        self.marked_right += o.marked_right;
        self.words += o.words;
        self.word_edits += o.word_edits;
        self.bag += o.bag;
        self.cased_edits += o.cased_edits;
        self.letters += o.letters;
        self.letter_edits += o.letter_edits;
    }

    fn row(&self) -> String {
        let right = |wrong: usize, of: usize| 100.0 - 100.0 * wrong as f64 / of.max(1) as f64;
        format!(
            "{:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2}",
            right(self.letter_edits, self.letters),
            right(self.char_edits, self.chars),
            right(self.marked - self.marked_right, self.marked),
            right(self.word_edits, self.words),
            right(self.bag, self.words),
            right(self.cased_edits, self.chars),
        )
    }
}

fn score(gold: &str, read: &str, errors: bool) -> Figures {
    let printed = |text: &str| -> Vec<String> {
        text.nfc().collect::<String>().split_whitespace().map(str::to_owned).collect()
    };
    let (gold, read) = (printed(gold), printed(read));
    let folded = |words: &[String]| -> Vec<String> { words.iter().map(|w| fold(w)).collect() };
    let (a, b) = (folded(&gold), folded(&read));
    let mut figures = Figures { words: a.len(), ..Figures::default() };
    let mut bag: HashMap<&str, i64> = HashMap::new();
    a.iter().for_each(|w| *bag.entry(w).or_default() += 1);
    b.iter().for_each(|w| *bag.entry(w).or_default() -= 1);
    let missing: i64 = bag.values().filter(|v| **v > 0).sum();
    let spare: i64 = bag.values().filter(|v| **v < 0).sum();
    figures.bag = missing.max(-spare) as usize;
    let is_marked = |w: &String| w.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    figures.marked = a.iter().filter(|w| is_marked(w)).count();
    for (x, y) in passages(&a, &b) {
        let pairs = align(&a[x.clone()], &b[y.clone()]);
        let same = pairs.iter().filter(|(i, j)| a[x.start + i] == b[y.start + j]);
        figures.marked_right += same.clone().filter(|(i, _)| is_marked(&a[x.start + i])).count();
        figures.word_edits += x.len().max(y.len()) - same.count();
        let (g, r) = (gold[x.clone()].join(" "), read[y.clone()].join(" "));
        let chars = |s: &str| s.chars().collect::<Vec<char>>();
        figures.chars += g.chars().count() + 1;
        figures.cased_edits += edits(&chars(&g), &chars(&r));
        let (g, r) = (g.to_lowercase(), r.to_lowercase());
        figures.char_edits += edits(&chars(&g), &chars(&r));
        let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<Vec<char>>();
        figures.letters += letters(&g).len();
        figures.letter_edits += edits(&letters(&g), &letters(&r));
        if errors && a[x.clone()] != b[y.clone()] {
            println!("    {g}\n  > {r}");
        }
    }
    figures
}

/// The word for comparison: without outer punctuation, in lower case, tone marks in the older place.
fn fold(word: &str) -> String {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    older_placement(&(if core.is_empty() { word } else { core }).to_lowercase()).into_owned()
}

type Passage = (std::ops::Range<usize>, std::ops::Range<usize>);

/// Parts both sequences at runs of words that stand once in each (patience diff), so that each part is short.
fn passages(a: &[String], b: &[String]) -> Vec<Passage> {
    const RUN: usize = 4;
    let once = |words: &'_ [String]| {
        let mut at: HashMap<Vec<String>, Option<usize>> = HashMap::new();
        for (i, run) in words.windows(RUN).enumerate() {
            at.entry(run.to_vec()).and_modify(|p| *p = None).or_insert(Some(i));
        }
        at
    };
    let in_b = once(b);
    let mut pairs: Vec<(usize, usize)> =
        once(a).into_iter().filter_map(|(run, i)| Some((i?, (*in_b.get(&run)?)?))).collect();
    pairs.sort_unstable();
    // The longest rising subsequence of places in `b`.
    let mut tails: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; pairs.len()];
    for (k, (_, j)) in pairs.iter().enumerate() {
        let place = tails.partition_point(|t| pairs[*t].1 < *j);
        before[k] = place.checked_sub(1).map_or(usize::MAX, |p| tails[p]);
        if place == tails.len() {
            tails.push(k);
        } else {
            tails[place] = k;
        }
    }
    let mut anchors = Vec::new();
    let mut k = tails.last().copied().unwrap_or(usize::MAX);
    while k < pairs.len() {
        anchors.push(pairs[k]);
        k = before[k];
    }
    anchors.reverse();
    let (mut i, mut j) = (0, 0);
    let mut passages = Vec::new();
    for (x, y) in anchors.into_iter().chain([(a.len(), b.len())]) {
        if x >= i && y >= j {
            passages.push((i..x, j..y));
            (i, j) = (x, y);
        }
    }
    passages
}

/// Pairs of places that a word-for-word alignment puts together.
fn align(a: &[String], b: &[String]) -> Vec<(usize, usize)> {
    const MOST: usize = 4_000_000;
    if a == b {
        return (0..a.len()).map(|i| (i, i)).collect();
    }
    if a.len() * b.len() > MOST {
        return Vec::new();
    }
    let width = b.len() + 1;
    let mut cost = vec![0usize; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            cost[i * width + j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => (cost[(i - 1) * width + j - 1] + usize::from(a[i - 1] != b[j - 1]))
                    .min(cost[(i - 1) * width + j] + 1)
                    .min(cost[i * width + j - 1] + 1),
            };
        }
    }
    let (mut i, mut j) = (a.len(), b.len());
    let mut pairs = Vec::new();
    while i > 0 && j > 0 {
        let here = cost[i * width + j];
        if here == cost[(i - 1) * width + j - 1] + usize::from(a[i - 1] != b[j - 1]) {
            (i, j) = (i - 1, j - 1);
            pairs.push((i, j));
        } else if here == cost[(i - 1) * width + j] + 1 {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    pairs
}

/// Levenshtein distance.
fn edits(a: &[char], b: &[char]) -> usize {
    if a == b {
        return 0;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}
