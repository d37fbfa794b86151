//! Reads training text: one paragraph a line, UTF-8, plain or zstd-compressed.

use diacritic_restorer::syllable::{Case, fold};
use diacritic_restorer::token::{Kind, units};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A corpus file and how often each of its lines counts.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// Whole-number weight of its counts.
    pub weight: u32,
}

impl std::str::FromStr for Source {
    type Err = String;

    /// `PATH` or `PATH:WEIGHT`.
    fn from_str(s: &str) -> Result<Self, String> {
        match s.rsplit_once(':') {
            Some((path, weight)) if weight.chars().all(|c| c.is_ascii_digit()) && !weight.is_empty() => {
                Ok(Source { path: path.into(), weight: weight.parse().map_err(|e| format!("{s}: {e}"))? })
            }
            _ => Ok(Source { path: s.into(), weight: 1 }),
        }
    }
}

/// Opens `path`, decompressing where its name ends in `.zst`.
pub fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let file = BufReader::with_capacity(1 << 20, File::open(path)?);
    if path.extension().is_some_and(|e| e == "zst") {
        let decoder = ruzstd::decoding::StreamingDecoder::new(file).map_err(io::Error::other)?;
        return Ok(Box::new(BufReader::with_capacity(1 << 20, decoder)));
    }
    Ok(Box::new(file))
}

/// Calls `each` with every line.
pub fn for_each_line(path: &Path, mut each: impl FnMut(&str)) -> io::Result<()> {
    let mut reader = open(path)?;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if reader.by_ref().read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        each(String::from_utf8_lossy(&bytes).trim_end());
    }
}

/// How a word is written in the middle of sentences.
#[derive(Debug, Clone, Copy, Default)]
pub struct CaseCounts {
    /// All occurrences that tell something.
    pub all: u32,
    /// With a capital first letter only.
    pub title: u32,
    /// All capitals.
    pub upper: u32,
}

/// A word of a line, folded, or a class.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Item {
    /// A folded word.
    Word(String),
    /// A number.
    Number,
    /// A symbol.
    Symbol,
}

/// The units of `line` as the model counts them, each with its case pattern where that tells something about the
/// word: not at the beginning of a sentence, not in a line of capitals.
pub fn items(line: &str) -> Vec<(Item, Option<Case>)> {
    let units = units(line);
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = line.chars().filter(|c| c.is_uppercase()).count();
    let shouting = capitals * 2 > letters;
    let mut before = 0;
    let mut out = Vec::with_capacity(units.len());
    for (i, u) in units.iter().enumerate() {
        let gap = &line[before..u.start];
        let opens = i == 0 || gap.contains(['.', ':', ';', '!', '?', '-', '–', '+', '•', '“', '"', '(']);
        before = u.end;
        let text = &line[u.start..u.end];
        let item = match u.kind {
            Kind::Word => Item::Word(fold(text).into_owned()),
            Kind::Number => Item::Number,
            Kind::Symbol => Item::Symbol,
        };
        out.push((item, (!opens && !shouting).then(|| Case::of(text))));
    }
    out
}

/// Length of the runs of units whose overlap with a held-out text drops a line.
pub const OVERLAP: usize = 8;

/// The hashes of all runs of eight folded units in the held-out `texts`.
pub fn overlap_set(texts: &[PathBuf]) -> io::Result<FxHashSet<u64>> {
    let mut set = FxHashSet::default();
    for path in texts {
        let mut all = Vec::new();
        // Paragraphs are hard-wrapped in held-out texts, so runs flow over line ends.
        for_each_line(path, |line| all.extend(items(line).into_iter().map(|(item, _)| item)))?;
        set.extend(runs(&all));
    }
    Ok(set)
}

/// Hashes of the runs of eight units; runs that are mostly numbers say nothing and are left out.
pub fn runs(items: &[Item]) -> impl Iterator<Item = u64> + '_ {
    items.windows(OVERLAP).filter_map(|w| {
        let words = w.iter().filter(|i| matches!(i, Item::Word(_))).count();
        (words + 2 >= OVERLAP).then(|| {
            let mut h = rustc_hash::FxHasher::default();
            w.hash(&mut h);
            h.finish()
        })
    })
}

/// All training text as numbers: words are numbered in order of first sight.
#[derive(Default)]
pub struct Text {
    /// Words by number.
    pub words: Vec<String>,
    /// Weighted count of each word.
    pub counts: Vec<u64>,
    /// Case of each word.
    pub cases: Vec<CaseCounts>,
    /// Runs of word numbers; each line begins with [`LINE`].
    pub stream: Vec<u32>,
    /// End of each source in `stream`, with its weight.
    pub sources: Vec<(usize, u32)>,
    /// Lines left out because they overlap a held-out text.
    pub dropped: usize,
    /// Lines kept.
    pub lines: usize,
    ids: FxHashMap<String, u32>,
}

/// Marks the beginning of a line in [`Text::stream`].
pub const LINE: u32 = u32::MAX;
/// A number.
pub const NUMBER: u32 = u32::MAX - 1;
/// A symbol.
pub const SYMBOL: u32 = u32::MAX - 2;

impl Text {
    /// Adds all lines of `source` but those that overlap `held_out`.
    pub fn add(&mut self, source: &Source, held_out: &FxHashSet<u64>) -> io::Result<()> {
        for_each_line(&source.path, |line| {
            let items = items(line);
            if items.is_empty() {
                return;
            }
            let plain: Vec<Item> = items.iter().map(|(i, _)| i.clone()).collect();
            if runs(&plain).any(|h| held_out.contains(&h)) {
                self.dropped += 1;
                return;
            }
            self.lines += 1;
            self.stream.push(LINE);
            for (item, case) in items {
                let id = match item {
                    Item::Number => NUMBER,
                    Item::Symbol => SYMBOL,
                    Item::Word(w) => {
                        let id = self.id(w);
                        self.counts[id as usize] += u64::from(source.weight);
                        if let Some(case) = case {
                            let c = &mut self.cases[id as usize];
                            c.all += 1;
                            c.title += u32::from(case == Case::Title);
                            c.upper += u32::from(case == Case::Upper);
                        }
                        id
                    }
                };
                self.stream.push(id);
            }
        })?;
        self.sources.push((self.stream.len(), source.weight));
        Ok(())
    }

    fn id(&mut self, word: String) -> u32 {
        if let Some(&id) = self.ids.get(&word) {
            return id;
        }
        let id = self.words.len() as u32;
        self.ids.insert(word.clone(), id);
        self.words.push(word);
        self.counts.push(0);
        self.cases.push(CaseCounts::default());
        id
    }
}
