//! The restorer over texts and documents.

use crate::normalise::normalise;
use crate::options::Options;
use crate::repair::LineRepair;
use crate::restorer::Restorer;
use crate::seen::Seen;
use crate::syllable::strip_marks;
use vanthu_model::{Change, ChangeKind, Document, Origin, Span, Word};

/// A repaired text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Restoration {
    /// The text: as many lines as the input, NFC.
    pub text: String,
    /// What was changed, with spans into the text.
    pub changes: Vec<Change>,
}

/// What a repair touched.
pub fn kind_of(raw: &str, text: &str) -> ChangeKind {
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    let words = |s: &str| s.split_whitespace().count();
    // A digit among letters was a misread letter; digits by themselves and in symbols are facts.
    let fact = !raw.contains(char::is_alphabetic) || raw.contains(['/', '-']);
    if digits(raw) != digits(text) && fact || raw.contains('/') {
        ChangeKind::Digits
    } else if words(raw) != words(text) {
        ChangeKind::Spacing
    } else if strip_marks(raw).eq_ignore_ascii_case(&strip_marks(text)) {
        ChangeKind::Marks
    } else {
        ChangeKind::Letters
    }
}

impl Restorer {
    /// Repairs `text` line for line: the output has exactly as many lines. Lines that the gate finds good stay as they
    /// are, but for Unicode composition and look-alike letters.
    pub fn restore_text(&self, text: &str, options: &Options) -> Restoration {
        let lines: Vec<_> = text.split('\n').map(normalise).collect();
        let views: Vec<&str> = lines.iter().map(|l| &**l).collect();
        let repairs = self.repair_lines(&views, options);
        let mut out = Restoration::default();
        let mut at = 0;
        for (i, (line, repair)) in views.iter().zip(&repairs).enumerate() {
            if i > 0 {
                out.text.push('\n');
                at += 1;
            }
            let mut from = 0;
            for r in &repair.readings {
                let gap = line.get(from..r.start).unwrap_or("");
                out.text.push_str(gap);
                at += gap.chars().count();
                let span = Span::new(at, at + r.text.chars().count());
                at = span.end;
                out.text.push_str(&r.text);
                let raw = line.get(r.start..r.end).unwrap_or("");
                if raw != r.text {
                    out.changes.push(change(span, raw, &r.text, r.cause, r.confidence));
                }
                from = r.end;
            }
            let rest = line.get(from..).unwrap_or("");
            out.text.push_str(rest);
            at += rest.chars().count();
        }
        out
    }

    /// Repairs the words of `document` in place: their `text`, confidence and spans, the whole text and its changes. What
    /// was read stays in each word's `raw`; white space stays as it was.
    pub fn restore_document(&self, document: &mut Document, options: &Options) {
        let lines: Vec<String> = document.lines().map(line_text).collect();
        let views: Vec<&str> = lines.iter().map(String::as_str).collect();
        let seen: Vec<Vec<Seen>> = document.lines().map(seen).collect();
        let repairs = self.repair_recognised(&views, &seen, options);
        let old: Vec<char> = document.text.chars().collect();
        let mut out = Layout { old: &old, from: 0, text: String::with_capacity(document.text.len()), at: 0 };
        let mut changes = Vec::new();
        let mut repairs = repairs.iter().zip(&views);
        for page in &mut document.pages {
            page.span.start = out.carry(page.span.start);
            for block in &mut page.blocks {
                block.span.start = out.carry(block.span.start);
                for line in &mut block.lines {
                    line.span.start = out.carry(line.span.start);
                    let Some((repair, view)) = repairs.next() else { continue };
                    let words = std::mem::take(&mut line.words);
                    line.words = repaired_words(words, repair, view, &mut out, &mut changes);
                    line.span.end = out.carry(line.span.end);
                }
                block.span.end = out.carry(block.span.end);
            }
            page.span.end = out.carry(page.span.end);
        }
        out.carry(old.len());
        document.text = out.text;
        document.changes.extend(changes);
    }
}

fn change(span: Span, raw: &str, text: &str, cause: &str, confidence: f32) -> Change {
    Change {
        span,
        raw: raw.into(),
        text: text.into(),
        kind: kind_of(raw, text),
        cause: cause.into(),
        confidence,
    }
}

fn line_text(line: &vanthu_model::Line) -> String {
    let words: Vec<_> = line.words.iter().map(|w| normalise(&w.text)).collect();
    words.join(" ")
}

/// What the Vietnamese reader says of the words of a line, as [`line_text`] puts them together; empty where none read it.
fn seen(line: &vanthu_model::Line) -> Vec<Seen> {
    if !line.words.iter().any(|w| w.origin == Origin::Ocr) {
        return Vec::new();
    }
    let mut start = 0;
    let words = line.words.iter().map(|w| {
        let readings = w.readings.iter().map(|r| (r.text.clone(), r.probability));
        let seen = Seen { start, confidence: w.confidence, readings: readings.collect() };
        start += normalise(&w.text).len() + 1;
        seen
    });
    words.collect()
}

/// Copies the old text to the new, passage by passage.
struct Layout<'o> {
    old: &'o [char],
    /// What of the old text is done.
    from: usize,
    text: String,
    /// Characters in the new text.
    at: usize,
}

impl Layout<'_> {
    /// Copies up to old offset `to` and gives the new offset.
    fn carry(&mut self, to: usize) -> usize {
        if let Some(gap) = self.old.get(self.from..to) {
            self.text.extend(gap);
            self.at += gap.len();
            self.from = to;
        }
        self.at
    }

    /// Writes `text` in place of the old text up to `to`.
    fn replace(&mut self, to: usize, text: &str) -> usize {
        self.text.push_str(text);
        self.at += text.chars().count();
        self.from = self.from.max(to);
        self.at
    }
}

/// The words of one line after its repair.
fn repaired_words(
    words: Vec<Word>,
    repair: &LineRepair,
    view: &str,
    out: &mut Layout<'_>,
    changes: &mut Vec<Change>,
) -> Vec<Word> {
    let mut done: Vec<Word> = Vec::with_capacity(words.len());
    let mut readings = repair.readings.iter().peekable();
    let mut start = 0;
    let mut words = words.into_iter();
    while let Some(mut word) = words.next() {
        let mut text = normalise(&word.text).into_owned();
        let mut end = start + text.len();
        // A reading that goes past this word joins it with the next.
        while let Some(next) =
            readings.peek().filter(|r| r.start < end && r.end > end).and_then(|_| words.next())
        {
            let more = normalise(&next.text).into_owned();
            word.raw = format!("{} {}", word.raw, next.raw);
            word.span.end = next.span.end;
            word.confidence = word.confidence.min(next.confidence);
            word.bbox = match (word.bbox, next.bbox) {
                (Some(a), Some(b)) => Some(a.union(b)),
                (a, b) => a.or(b),
            };
            end += 1 + more.len();
            text = format!("{text} {more}");
        }
        let mut new = String::new();
        let mut from = start;
        let word_start = out.carry(word.span.start);
        let mut confidence = word.confidence;
        while let Some(r) = readings.peek().filter(|r| r.end <= end).copied() {
            readings.next();
            new.push_str(view.get(from..r.start).unwrap_or(""));
            let raw = view.get(r.start..r.end).unwrap_or("");
            if raw != r.text {
                let a = word_start + new.chars().count();
                changes.push(change(
                    Span::new(a, a + r.text.chars().count()),
                    raw,
                    &r.text,
                    r.cause,
                    r.confidence,
                ));
            }
            // The reader was sure of the wrong alphabet; what counts now is how sure the decoder is.
            confidence = if raw == r.text { confidence.min(r.confidence) } else { r.confidence };
            new.push_str(&r.text);
            from = r.end;
        }
        new.push_str(view.get(from..end).unwrap_or(""));
        word.span.end = out.replace(word.span.end, &new);
        word.span.start = word_start;
        word.text = new;
        // They were of what was read.
        word.readings.clear();
        word.confidence = confidence.clamp(0.0, 1.0);
        done.push(word);
        start = end + 1;
    }
    done
}
