//! What corrections teach: names that the models do not know, and what the readers of this archive make of words.

use diacritic_restorer::syllable::fold;
use diacritic_restorer::{Confusion, Lexicon};
use serde::Serialize;
use server::review::{Action, Event, Printed, live};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use vanthu_model::{Line, Record};

/// Shortest run of capitalised words that is taken for a name.
const NAME: usize = 2;

/// What was learned of corrections. Words are folded: small letters, NFC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lessons {
    /// Documents that have corrections.
    pub documents: usize,
    /// Corrections of words that hold.
    pub corrections: usize,
    /// How often a word was read as another one: as read, as printed.
    confusions: BTreeMap<(String, String), u32>,
    /// Names and words that the models do not know, as they are written.
    names: BTreeSet<String>,
}

/// A row of what was learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// As read.
    pub raw: String,
    /// As printed.
    pub text: String,
    /// How often it was corrected so.
    pub times: u32,
    /// How often the word stands in the archive.
    pub of: u32,
}

impl Lessons {
    /// Learns from a document as the batch made it, as it is corrected, and from its events. `knows` tells whether the
    /// models know a folded word.
    pub fn learn(
        &mut self,
        made: &Record,
        corrected: &Record,
        events: &[Event],
        knows: &dyn Fn(&str) -> bool,
    ) {
        let printed = Printed::new(&made.document);
        let mut any = false;
        for event in live(events) {
            let Action::Correct { at, after, .. } = &event.action else { continue };
            if printed.find(at).is_none() {
                continue;
            }
            any = true;
            self.corrections += 1;
            self.compare(&at.raw, after);
            for word in after.split_whitespace().map(bare).filter(|w| is_word(w) && !knows(&fold(w))) {
                self.names.insert(word.to_string());
            }
        }
        self.documents += usize::from(any);
        if any {
            self.learn_names(corrected);
        }
    }

    /// Words that were corrected one by one.
    fn compare(&mut self, raw: &[String], after: &str) {
        let raw: Vec<&str> = raw.iter().flat_map(|r| r.split_whitespace()).collect();
        let after: Vec<&str> = after.split_whitespace().collect();
        // Which of several words became which is not known where their numbers differ.
        if raw.len() != after.len() {
            return;
        }
        for (raw, text) in raw.into_iter().zip(after) {
            let (raw, text) = (fold(bare(raw)).into_owned(), fold(bare(text)).into_owned());
            if is_word(&raw) && is_word(&text) && raw != text {
                *self.confusions.entry((raw, text)).or_default() += 1;
            }
        }
    }

    /// Names in which a person has corrected a word.
    fn learn_names(&mut self, corrected: &Record) {
        let by_hand: Vec<_> =
            corrected.document.changes.iter().filter(|c| c.cause == "reviewer").map(|c| c.span).collect();
        for line in corrected.document.lines() {
            if !by_hand.iter().any(|s| s.overlaps(&line.span)) {
                continue;
            }
            for run in capitalised(line) {
                let span = |i: usize| line.words.get(i).map(|w| w.span);
                let touched = run.clone().filter_map(span).any(|w| by_hand.iter().any(|s| s.overlaps(&w)));
                let words: Vec<&str> = run.filter_map(|i| line.words.get(i)).map(|w| bare(&w.text)).collect();
                if touched && words.len() >= NAME {
                    self.names.insert(words.join(" "));
                }
            }
        }
    }

    /// The words whose prints are to be counted, so that it is known how often they are read otherwise.
    pub fn printed(&self) -> BTreeSet<&str> {
        self.confusions.keys().map(|(_, text)| text.as_str()).collect()
    }

    /// Readings that were corrected at least `times` times, with the number of prints of each word.
    pub fn rows(&self, times: u32, prints: &BTreeMap<String, u32>) -> Vec<Row> {
        let learned = self.confusions.iter().filter(|(_, n)| **n >= times);
        let mut rows: Vec<Row> = learned
            .map(|((raw, text), n)| Row {
                raw: raw.clone(),
                text: text.clone(),
                times: *n,
                of: prints.get(text).copied().unwrap_or(0).max(*n),
            })
            .collect();
        rows.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| (&a.raw, &a.text).cmp(&(&b.raw, &b.text))));
        rows
    }

    /// Names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

/// What was learned, as the restorer takes it.
pub fn lexicon(rows: &[Row], names: &[String]) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for row in rows {
        let Row { raw, text, times, of } = row.clone();
        lexicon.confuse(Confusion { raw, text, times, of });
    }
    for name in names {
        lexicon.add(name);
    }
    lexicon
}

/// What was learned, as a file. The same lessons give the same bytes.
pub fn file(rows: &[Row], names: &[String]) -> String {
    let mut text = String::from(
        "# What corrections have taught; made by `vanthu learn`, read by the next `vanthu ingest`.\n\
         # Names, one a line; then: as read, as printed, how often, of how many prints of the word.\n",
    );
    for name in names {
        text.push_str(name);
        text.push('\n');
    }
    for row in rows {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{}\t{}\t{}\t{}", row.raw, row.text, row.times, row.of);
    }
    text
}

/// A word without the signs around it.
pub fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether it is letters alone: nothing is learned of digits.
fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(char::is_alphabetic)
}

/// Runs of words that begin with a capital and go on in small letters, by their indices; a sign behind a word ends one.
fn capitalised(line: &Line) -> Vec<std::ops::Range<usize>> {
    let title = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.all(|c| c.is_alphabetic() && !c.is_uppercase())
    };
    let mut runs = Vec::new();
    let mut begin = None;
    for (i, word) in line.words.iter().enumerate() {
        let inside = title(bare(&word.text)) && word.text.starts_with(char::is_alphabetic);
        if !inside {
            runs.extend(begin.take().map(|b| b..i));
            continue;
        }
        let from = *begin.get_or_insert(i);
        if !word.text.ends_with(char::is_alphabetic) {
            runs.push(from..i + 1);
            begin = None;
        }
    }
    runs.extend(begin.map(|b| b..line.words.len()));
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use server::review::Anchor;
    use vanthu_model::{Change, ChangeKind, Directive, Document, Engine, Source, Span};

    fn record(text: &str) -> Record {
        Record {
            schema: vanthu_model::RECORD_SCHEMA.into(),
            source: Source::default(),
            engine: Engine::default(),
            document: Document::from_text(text),
            directive: Directive::default(),
            diagnostics: Vec::new(),
        }
    }

    fn correction(id: i64, made: &Record, old: &str, after: &str) -> Event {
        let text = &made.document.text;
        let start = text[..text.find(old).unwrap()].chars().count();
        let span = Span::new(start, start + old.chars().count());
        let at: Anchor = Printed::new(&made.document).anchor(span).unwrap();
        let action = Action::Correct { at, before: old.into(), after: after.into() };
        Event { id, at: String::new(), who: String::new(), action }
    }

    #[test]
    fn words_and_names_are_learned_and_digits_are_not() {
        let made = record("Giao xã Muờng Rung, lập 1ại hổ sơ số 12.\n");
        let mut corrected = record("Giao xã Mường Rưng, lập lại hồ sơ số 15.\n");
        corrected.document.changes.push(Change {
            span: Span::new(8, 19),
            raw: "Muờng Rung,".into(),
            text: "Mường Rưng,".into(),
            kind: ChangeKind::Letters,
            cause: "reviewer".into(),
            confidence: 1.0,
        });
        let events = [
            correction(1, &made, "Muờng Rung,", "Mường Rưng,"),
            correction(2, &made, "hổ", "hồ"),
            correction(3, &made, "1ại", "lại"),
            correction(4, &made, "12.", "15."),
            correction(5, &made, "lập", "lập ra"),
        ];
        let mut lessons = Lessons::default();
        lessons.learn(&made, &corrected, &events, &|word| word != "rưng");
        assert_eq!((lessons.documents, lessons.corrections), (1, 5));
        let prints = BTreeMap::from([("hồ".to_string(), 9)]);
        let rows = lessons.rows(1, &prints);
        let told: Vec<_> = rows.iter().map(|r| (r.raw.as_str(), r.text.as_str(), r.times, r.of)).collect();
        assert_eq!(told, [("hổ", "hồ", 1, 9), ("muờng", "mường", 1, 1), ("rung", "rưng", 1, 1)]);
        let names: Vec<String> = lessons.names().map(str::to_owned).collect();
        assert_eq!(names, ["Mường Rưng", "Rưng"]);
        assert!(lessons.rows(2, &prints).is_empty());
        // The file gives back what was learned.
        assert_eq!(Lexicon::parse(&file(&rows, &names)).unwrap().len(), lexicon(&rows, &names).len());
    }
}
