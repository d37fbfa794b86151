//! The document that is parsed, as far as evidence needs it: pages of spans and the reading's confidence.

use vanthu_model::{Document, Evidence, Span};

/// Looks up pages and confidences of spans.
#[derive(Debug)]
pub struct Source {
    /// Start of each page and its number.
    pages: Vec<(usize, u32)>,
    /// End of each word that was read with less than full confidence, and the confidence.
    doubts: Vec<(Span, f32)>,
}

impl Source {
    /// Indexes `doc`.
    pub fn new(doc: &Document) -> Self {
        let doubts = doc
            .words()
            .filter(|w| w.confidence < 0.95)
            .map(|w| (w.span, w.confidence.clamp(0.0, 1.0)))
            .collect();
        Self { pages: doc.pages.iter().map(|p| (p.span.start, p.number)).collect(), doubts }
    }

    fn page(&self, at: usize) -> u32 {
        let i = self.pages.partition_point(|(s, _)| *s <= at);
        i.checked_sub(1).and_then(|i| self.pages.get(i)).map_or(1, |p| p.1)
    }

    /// Evidence at `spans`: `confidence` is the rule's own, lowered where the words were read with doubt.
    pub fn evidence(&self, spans: Vec<Span>, rule: &str, confidence: f32) -> Evidence {
        let mut pages: Vec<u32> = spans
            .iter()
            .flat_map(|s| self.page(s.start)..=self.page(s.end.saturating_sub(1).max(s.start)))
            .collect();
        pages.sort_unstable();
        pages.dedup();
        Evidence {
            pages,
            rule: rule.to_owned(),
            confidence: (confidence * self.reading(&spans)).clamp(0.0, 1.0),
            spans,
        }
    }

    /// How well the worst read word at `span` was read.
    pub fn worst(&self, span: Span) -> f32 {
        let from = self.doubts.partition_point(|(d, _)| d.end <= span.start);
        let here = self.doubts.iter().skip(from).take_while(|(d, _)| d.start < span.end);
        here.map(|(_, c)| *c).fold(1.0, f32::min)
    }

    /// How well the words at `spans` were read: 1 less the share of doubt by length.
    fn reading(&self, spans: &[Span]) -> f32 {
        let chars: usize = spans.iter().map(Span::len).sum();
        if self.doubts.is_empty() || chars == 0 {
            return 1.0;
        }
        let mut lost = 0.0f32;
        for s in spans {
            let from = self.doubts.partition_point(|(d, _)| d.end <= s.start);
            for (d, c) in self.doubts.iter().skip(from).take_while(|(d, _)| d.start < s.end).take(2000) {
                lost += d.len() as f32 * (1.0 - c);
            }
        }
        (1.0 - lost / chars as f32).max(0.05)
    }
}
