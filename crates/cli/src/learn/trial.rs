//! What a lexicon would change in a document.

use super::lessons::bare;
use diacritic_restorer::{Options, Restorer};
use serde::Serialize;
use vanthu_model::{Document, Line, Record, Word};

/// A word that would read otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// As it is repaired now.
    pub before: String,
    /// As it would be repaired.
    pub after: String,
}

/// Where a word would read otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Path of the document.
    pub path: String,
    /// The page, from 1.
    pub page: u32,
}

/// What would change in a document: repaired anew, as it was read, without and with what was learned.
pub fn changes(
    record: &Record,
    without: &Restorer,
    with: &Restorer,
    options: &Options,
) -> Vec<(Change, Place)> {
    let read = unrepaired(&record.document);
    let restored = |restorer: &Restorer| {
        let mut document = read.clone();
        restorer.restore_document(&mut document, options);
        document
    };
    let (before, after) = (restored(without), restored(with));
    if before.text == after.text {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (old, new) in before.pages.iter().zip(&after.pages) {
        let lines = |page: &vanthu_model::Page| -> Vec<Line> {
            page.blocks.iter().flat_map(|b| &b.lines).cloned().collect()
        };
        for (a, b) in lines(old).iter().zip(&lines(new)) {
            let place = Place { path: record.source.path.clone(), page: old.number };
            all.extend(of_line(a, b).map(|change| (change, place.clone())));
        }
    }
    all
}

/// The words of a line that differ; all of them at once where their number does.
fn of_line(before: &Line, after: &Line) -> impl Iterator<Item = Change> {
    let text = |line: &Line| line.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    let pairs: Vec<(String, String)> = if before.words.len() == after.words.len() {
        let words = before.words.iter().zip(&after.words);
        words.map(|(a, b)| (bare(&a.text).to_string(), bare(&b.text).to_string())).collect()
    } else {
        vec![(text(before), text(after))]
    };
    pairs.into_iter().filter(|(a, b)| a != b).map(|(before, after)| Change { before, after })
}

/// A document as it was read, before its words were repaired.
fn unrepaired(document: &Document) -> Document {
    let mut read = document.clone();
    for line in read.pages.iter_mut().flat_map(|p| &mut p.blocks).flat_map(|b| &mut b.lines) {
        let words = std::mem::take(&mut line.words);
        line.words = words.into_iter().flat_map(as_read).collect();
    }
    read.changes.clear();
    read.rebuild();
    read
}

/// A word as it was read: several where they were joined, none where it was put in.
fn as_read(word: Word) -> Vec<Word> {
    let pieces: Vec<String> = word.raw.split_whitespace().map(str::to_owned).collect();
    pieces.into_iter().map(|raw| Word { text: raw.clone(), raw, ..word.clone() }).collect()
}

/// Whether a change touches a digit, which nothing that was learned may do by itself.
pub fn touches_digits(change: &Change) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(&change.before) != digits(&change.after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shown_as_they_were_read() {
        let mut document = Document::from_text("Mường Rưng họp\n");
        let words = &mut document.pages[0].blocks[0].lines[0].words;
        words[0].raw = "Mu ờng".into();
        words[1].raw = "Rung".into();
        let read = unrepaired(&document);
        assert_eq!(read.text.trim_end(), "Mu ờng Rung họp");
        read.check().unwrap();
    }

    #[test]
    fn lines_are_compared_word_by_word() {
        let (a, b) = (Document::from_text("một hai, ba\n"), Document::from_text("một hải, ba\n"));
        let line = |d: &Document| d.lines().next().unwrap().clone();
        let told: Vec<Change> = of_line(&line(&a), &line(&b)).collect();
        assert_eq!(told, [Change { before: "hai".into(), after: "hải".into() }]);
        assert!(!touches_digits(&told[0]));
        assert!(touches_digits(&Change { before: "12".into(), after: "là".into() }));
    }
}
