//! What is measured on: documents of `fixtures/`, made longer with seeds. Nothing outside the repository is read.

mod legacy;
mod pages;

use crate::error::{Error, Result};
use crate::stats::Dice;
use diacritic_restorer::syllable::strip_marks;
use std::path::{Path, PathBuf};

pub use legacy::{TCVN3, VNI};
#[cfg(feature = "steps")]
pub use pages::DPI;

/// Seed of everything that is drawn.
pub const SEED: u64 = 20_260_101;

/// Lines that stay together in a part of the lines of print: about a paragraph.
const PARAGRAPH: usize = 8;

/// Documents that long texts are made of: a directive, a plan, a plan with a table, a programme.
const TEXTS: [&str; 4] = ["02", "03", "09", "17"];

/// The inputs of all cases.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The repository.
    root: PathBuf,
    /// Where what is costly to make is kept for the whole run, so that all processes measure on the same files.
    work: PathBuf,
}

/// Which reading of the lines of print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As printed.
    Printed,
    /// Printed, all marks taken off.
    Stripped,
    /// As an OCR engine set to English read them.
    English,
    /// As an OCR engine set to Vietnamese read them.
    Vietnamese,
}

impl Inputs {
    /// Inputs made from the repository at `root`; `work` is a folder for files.
    pub fn new(root: &Path, work: &Path) -> Self {
        Self { root: root.to_path_buf(), work: work.to_path_buf() }
    }

    /// The repository.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where files of the run lie.
    pub fn work(&self) -> &Path {
        &self.work
    }

    /// A file of the repository.
    ///
    /// # Errors
    /// The system's.
    pub fn read(&self, path: &str) -> Result<Vec<u8>> {
        let path = self.root.join(path);
        std::fs::read(&path).map_err(Error::io(&path))
    }

    /// A text of the repository.
    ///
    /// # Errors
    /// The system's.
    pub fn text(&self, path: &str) -> Result<String> {
        String::from_utf8(self.read(path)?).map_err(|e| Error::Stage(format!("{path}: {e}")))
    }

    /// Files in a folder of the repository, by name.
    ///
    /// # Errors
    /// The system's.
    pub fn files(&self, folder: &str) -> Result<Vec<PathBuf>> {
        let folder = self.root.join(folder);
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
            .map_err(Error::io(&folder))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        Ok(files)
    }

    /// A file of the run: made by `make` when it is first asked for. Another process may ask at the same time, so it is
    /// written aside and renamed.
    pub fn kept(&self, name: &str, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<PathBuf> {
        let path = self.work.join(name);
        if !path.exists() {
            let bytes = make()?;
            let aside = self.work.join(format!("{name}.{}.part", std::process::id()));
            std::fs::create_dir_all(&self.work).map_err(Error::io(&self.work))?;
            std::fs::write(&aside, bytes).map_err(Error::io(&aside))?;
            std::fs::rename(&aside, &path).map_err(Error::io(&path))?;
        }
        Ok(path)
    }

    /// `count` documents as one text, no two copies alike: their digits are drawn anew.
    ///
    /// # Errors
    /// The system's.
    pub fn documents(&self, count: usize) -> Result<String> {
        let texts: Vec<String> =
            TEXTS.iter().map(|id| self.text(&format!("fixtures/text/{id}.txt"))).collect::<Result<_>>()?;
        let mut dice = Dice(SEED);
        let mut out = String::new();
        for text in texts.iter().cycle().take(count * TEXTS.len()) {
            redraw_digits(text, &mut dice, &mut out);
            out.push('\n');
        }
        Ok(out)
    }

    /// Lines of print as they were read, ten times fewer or more than recorded: scale 1 is every tenth paragraph of the
    /// record, 10 all of it, 100 ten copies with other digits.
    ///
    /// # Errors
    /// The system's.
    pub fn lines(&self, reading: Reading, scale: u32) -> Result<String> {
        let (table, column) = match reading {
            Reading::Printed | Reading::Stripped => ("english_ocr.tsv", 2),
            Reading::English => ("english_ocr.tsv", 3),
            Reading::Vietnamese => ("vietnamese_ocr.tsv", 3),
        };
        let table = self.text(&format!("crates/diacritic-restorer/benches/data/{table}"))?;
        let lines: Vec<&str> = table.lines().filter_map(|row| row.split('\t').nth(column)).collect();
        let paragraphs: Vec<&[&str]> = lines.chunks(PARAGRAPH).collect();
        let mut dice = Dice(SEED);
        let mut out = String::new();
        let step = if scale < 10 { 10 } else { 1 };
        for copy in 0..scale.div_ceil(10) {
            for line in paragraphs.iter().step_by(step).flat_map(|p| p.iter()) {
                match copy {
                    0 => out.push_str(line),
                    _ => redraw_digits(line, &mut dice, &mut out),
                }
                out.push('\n');
            }
        }
        Ok(if reading == Reading::Stripped { strip_marks(&out) } else { out })
    }
}

/// Appends `text` with each of its digits drawn anew; a first digit stays, so that dates and numbers keep their shape.
fn redraw_digits(text: &str, dice: &mut Dice, out: &mut String) {
    let mut inside = false;
    for c in text.chars() {
        match c {
            '0'..='9' if inside => out.push(char::from(b'0' + dice.below(10) as u8)),
            _ => out.push(c),
        }
        inside = c.is_ascii_digit();
    }
}

/// Syllables of a text: what stands between white space.
pub fn syllables(text: &str) -> f64 {
    text.split_whitespace().count() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> Inputs {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        Inputs::new(&root, &std::env::temp_dir())
    }

    #[test]
    fn sizes_are_ten_times_apart() {
        for reading in [Reading::Printed, Reading::Stripped, Reading::English, Reading::Vietnamese] {
            let sizes = [1, 10, 100].map(|scale| syllables(&inputs().lines(reading, scale).unwrap()));
            assert!((8.0..12.5).contains(&(sizes[1] / sizes[0])), "{sizes:?}");
            assert_eq!(sizes[1] * 10.0, sizes[2]);
        }
        let one = inputs().documents(1).unwrap();
        let ten = inputs().documents(10).unwrap();
        assert_eq!(syllables(&one) * 10.0, syllables(&ten));
        assert!(!ten.starts_with(&format!("{one}{one}")), "the copies are alike");
    }

    #[test]
    fn the_same_seed_gives_the_same_input() {
        assert_eq!(inputs().documents(3).unwrap(), inputs().documents(3).unwrap());
    }

    #[test]
    fn encodings_come_back() {
        let text = inputs().documents(1).unwrap();
        for encoding in [&TCVN3, &VNI] {
            let bytes = encoding.encode(&text);
            let back = extractor::convert(&bytes, None).text;
            let (all, right) =
                text.split_whitespace().zip(back.split_whitespace()).fold((0, 0), |(all, right), (a, b)| {
                    (all + 1, right + usize::from(a.to_lowercase() == b.to_lowercase()))
                });
            assert!(right * 100 > all * 97, "{}: {right} of {all}", encoding.name);
        }
    }
}
