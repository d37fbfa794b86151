//! Words as other formats want them: without blanks inside.

use vanthu_model::{BBox, Word};

/// A piece of a word between blanks; most words are one piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part<'a> {
    /// As repaired.
    pub text: &'a str,
    /// The share of the word's box that its letters take.
    pub bbox: Option<BBox>,
    /// The reading of the whole word where it differs, with its first piece.
    pub raw: Option<&'a str>,
}

/// The pieces of a word in order. A word that was read as one and parted by the repair gives several.
pub(crate) fn parts(word: &Word) -> impl Iterator<Item = Part<'_>> {
    let all = word.text.chars().count().max(1) as f32;
    let mut at = 0.0;
    let mut raw = (word.raw != word.text).then_some(word.raw.as_str());
    word.text.split(' ').filter_map(move |text| {
        let letters = text.chars().count() as f32;
        let (from, to) = (at / all, (at + letters) / all);
        at += letters + 1.0;
        let bbox = word.bbox.map(|b| {
            let width = b.x1 - b.x0;
            BBox { x0: b.x0 + width * from, x1: b.x0 + width * to, ..b }
        });
        (!text.is_empty()).then(|| Part { text, bbox, raw: raw.take() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parted_word_shares_its_box_by_letters() {
        let word = Word {
            raw: "làviệc".into(),
            text: "là việc".into(),
            bbox: Some(BBox { x0: 100.0, y0: 10.0, x1: 170.0, y1: 20.0 }),
            ..Word::default()
        };
        let parts: Vec<Part> = parts(&word).collect();
        assert_eq!(
            parts.iter().map(|p| (p.text, p.raw)).collect::<Vec<_>>(),
            [("là", Some("làviệc")), ("việc", None)]
        );
        let boxes: Vec<(f32, f32)> = parts.iter().filter_map(|p| p.bbox).map(|b| (b.x0, b.x1)).collect();
        assert_eq!(boxes, [(100.0, 120.0), (130.0, 170.0)]);
    }
}
