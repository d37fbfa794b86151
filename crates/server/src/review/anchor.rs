use serde::{Deserialize, Serialize};
use vanthu_model::{Document, Span};

/// Words of a record as it was made, known by what was read and by where that stood, so that they are found again in a
/// record that was made anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Where they stood in the text of the record.
    pub span: Span,
    /// What was read, word for word.
    pub raw: Vec<String>,
    /// What was read before them, as far as there was a word.
    pub before: Option<String>,
    /// What was read behind them.
    pub behind: Option<String>,
}

/// The words of a record as they were read, in order.
#[derive(Debug)]
pub struct Printed<'d> {
    words: Vec<Read<'d>>,
}

#[derive(Debug)]
struct Read<'d> {
    span: Span,
    raw: &'d str,
    /// Number of the block that the word stands in, counted through the document.
    block: usize,
}

impl<'d> Printed<'d> {
    /// The words of `document`, which is as it was made.
    pub fn new(document: &'d Document) -> Self {
        let blocks = document.pages.iter().flat_map(|p| &p.blocks).enumerate();
        let words = blocks.flat_map(|(block, b)| {
            let words = b.lines.iter().flat_map(|l| &l.words);
            words.map(move |w| Read { span: w.span, raw: &w.raw, block })
        });
        Self { words: words.collect() }
    }

    /// Indices of the words that `span` touches.
    fn touched(&self, span: Span) -> std::ops::Range<usize> {
        let first = self.words.partition_point(|w| w.span.end <= span.start);
        let last = self.words.partition_point(|w| w.span.start < span.end);
        first..last.max(first)
    }

    /// What `span` is known by; none where it touches no word. It is widened to whole words.
    pub fn anchor(&self, span: Span) -> Option<Anchor> {
        let range = self.touched(span);
        let words = self.words.get(range.clone())?;
        let (first, last) = (words.first()?, words.last()?);
        let raw_of = |i: usize| self.words.get(i).map(|w| w.raw.to_owned());
        Some(Anchor {
            span: Span::new(first.span.start, last.span.end),
            raw: words.iter().map(|w| w.raw.to_owned()).collect(),
            before: range.start.checked_sub(1).and_then(raw_of),
            behind: raw_of(range.end),
        })
    }

    /// Where the words of `anchor` stand here: at their old place, or else where the same words stand between the same
    /// neighbours and nowhere else.
    pub fn find(&self, anchor: &Anchor) -> Option<Span> {
        let count = anchor.raw.len();
        if count == 0 {
            return None;
        }
        let same = |from: usize| {
            let words = self.words.get(from..from + count)?;
            let equal = words.iter().zip(&anchor.raw).all(|(w, raw)| w.raw == raw);
            let (first, last) = (words.first()?, words.last()?);
            equal.then(|| Span::new(first.span.start, last.span.end))
        };
        let here = self.touched(anchor.span);
        if let Some(span) = same(here.start).filter(|s| *s == anchor.span) {
            return Some(span);
        }
        let fits = |from: usize| {
            let before = from.checked_sub(1).and_then(|i| self.words.get(i)).map(|w| w.raw);
            let behind = self.words.get(from + count).map(|w| w.raw);
            before == anchor.before.as_deref() && behind == anchor.behind.as_deref()
        };
        let mut found = (0..self.words.len()).filter(|i| fits(*i)).filter_map(same);
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }

    /// Whether `span` can be written otherwise at once: it begins and ends with words and stays in one block.
    pub fn is_editable(&self, span: Span) -> bool {
        let words = self.words.get(self.touched(span)).unwrap_or_default();
        match (words.first(), words.last()) {
            (Some(a), Some(b)) => a.span.start == span.start && b.span.end == span.end && a.block == b.block,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_again_by_what_was_read_and_their_neighbours() {
        let old = Document::from_text("mot hai ba\n\nbon hai nam\n");
        let anchor = Printed::new(&old).anchor(Span::new(5, 6)).unwrap();
        assert_eq!(anchor.raw, ["hai"]);
        assert_eq!(Printed::new(&old).find(&anchor), Some(Span::new(4, 7)));
        // Three characters come in front.
        let new = Document::from_text("x. mot hai ba\n\nbon hai nam\n");
        assert_eq!(Printed::new(&new).find(&anchor), Some(Span::new(7, 10)));
        let gone = Document::from_text("mot ba\n\nbon hai nam\n");
        assert_eq!(Printed::new(&gone).find(&anchor), None);
        let twice = Document::from_text("- mot hai ba\nmot hai ba\n");
        assert_eq!(Printed::new(&twice).find(&anchor), None, "which of the two is not known");
    }
}
