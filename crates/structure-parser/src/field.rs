//! A value of the metadata with the place it was read at.

use crate::lines::Line;
use crate::passage::{Builder, Passage};
use vanthu_model::{How, Span};

/// A value and where it stood.
#[derive(Debug, Clone)]
pub struct Field {
    /// The value.
    pub text: String,
    /// Where it stood.
    pub spans: Vec<Span>,
    /// Printed, repaired or inferred.
    pub how: How,
    /// Name of the rule.
    pub rule: &'static str,
    /// 0 to 1, before the reading's own confidence.
    pub confidence: f32,
}

impl Field {
    /// The bytes `a..b` of `p`, as printed.
    pub fn of(p: &Passage, a: usize, b: usize, rule: &'static str, confidence: f32) -> Option<Self> {
        let text = p.slice(a, b).trim().to_owned();
        if text.is_empty() {
            return None;
        }
        Some(Self { text, spans: p.spans(a, b), how: How::Printed, rule, confidence })
    }

    /// The whole of `p`, without the signs that begin or end an entry.
    pub fn entry(p: &Passage, rule: &'static str, confidence: f32) -> Option<Self> {
        let end = trimmed_end(&p.text).len();
        let start = p.text.len() - trimmed_start(&p.text).len();
        Self::of(p, start.min(end), end, rule, confidence)
    }

    /// Two parts of one value.
    pub fn join(mut self, other: &Field) -> Self {
        self.text.push(' ');
        self.text.push_str(&other.text);
        self.spans.extend_from_slice(&other.spans);
        self
    }
}

/// `text` without the signs that begin or end an entry.
pub fn trimmed(text: &str) -> &str {
    trimmed_start(trimmed_end(text))
}

/// `text` without the signs that begin an entry; a quotation mark that none closes is a speck.
pub fn trimmed_start(text: &str) -> &str {
    let start = text.trim_start_matches(['-', '–', '+', '~', '=', '.', ':', ' ']);
    match start.strip_prefix('“') {
        Some(rest) if !rest.contains('”') => rest.trim_start(),
        _ => start,
    }
}

/// `text` without the signs that end an entry; a colon is a semicolon of which half was read.
pub fn trimmed_end(text: &str) -> &str {
    text.trim_end_matches([';', ':', '.', ',', ' ', '/'])
}

/// The part of a line from byte `a` to byte `b`, as a passage.
pub fn piece(line: &Line<'_>, a: usize, b: usize) -> Passage {
    let mut builder = Builder::default();
    add_piece(&mut builder, line, a, b);
    builder.build()
}

/// Appends the part of a line from byte `a` to byte `b`.
pub fn add_piece(builder: &mut Builder, line: &Line<'_>, a: usize, b: usize) {
    let before = line.text.get(..a).map_or(0, |s| s.chars().count());
    // What stands before the part on its own line may be left out.
    builder.line(line.text.get(a..b.max(a)).unwrap_or(""), line.offset + before, false, line.cut || a > 0);
}
