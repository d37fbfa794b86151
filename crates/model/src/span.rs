use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A half-open range `start..end` of `document.text`, in Unicode scalar values (not bytes).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Number of characters.
    pub fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the range holds no character.
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// Whether both ranges share a character.
    pub fn overlaps(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(&self, other: &Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Translates between byte offsets (how Rust slices) and character offsets (how records count).
///
/// Building is one pass over the text; each look-up is constant time.
#[derive(Debug, Clone)]
pub struct CharIndex {
    /// Byte offset of each character, and the length at the end.
    bytes: Vec<usize>,
}

impl CharIndex {
    /// Index of `text`.
    pub fn new(text: &str) -> Self {
        let mut bytes: Vec<usize> = text.char_indices().map(|(b, _)| b).collect();
        bytes.push(text.len());
        Self { bytes }
    }

    /// Number of characters.
    pub fn chars(&self) -> usize {
        self.bytes.len() - 1
    }

    /// Byte offset of character `at`; offsets past the end give the text's length.
    pub fn byte(&self, at: usize) -> usize {
        self.bytes.get(at).or(self.bytes.last()).copied().unwrap_or(0)
    }

    /// Character offset of byte `at`; a byte inside a character counts as that character.
    pub fn char(&self, at: usize) -> usize {
        match self.bytes.binary_search(&at) {
            Ok(i) => i,
            Err(i) => i.saturating_sub(1).min(self.chars()),
        }
    }

    /// The characters of `span` in the text this index was made from.
    pub fn slice<'t>(&self, text: &'t str, span: Span) -> &'t str {
        text.get(self.byte(span.start)..self.byte(span.end.max(span.start))).unwrap_or("")
    }

    /// The span of the byte range `start..end`.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.char(start), self.char(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_characters_not_bytes() {
        let text = "Điều 1. Sở";
        let ix = CharIndex::new(text);
        assert_eq!(ix.chars(), 10);
        assert_eq!(ix.slice(text, Span::new(0, 4)), "Điều");
        let b = text.find("Sở").unwrap();
        assert_eq!(ix.span(b, text.len()), Span::new(8, 10));
        assert_eq!(ix.slice(text, Span::new(8, 99)), "Sở");
    }
}
