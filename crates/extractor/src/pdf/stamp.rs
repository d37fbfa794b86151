//! The stamp that a digital signature leaves in the text layer of a page.

use super::words::{Layer, LayerLine};
use regex::Regex;
use std::sync::LazyLock;

/// The words before the colons of such a stamp.
static FIELDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let fields: Vec<String> = include_str!("../../../../dictionaries/verdict_stamp_fields.tsv")
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(regex::escape)
        .collect();
    Regex::new(&format!(r"(?i)(^|\s)({})\s*:", fields.join("|"))).ok()
});

/// A layer of more words than this is not just a stamp.
const MAX_WORDS: usize = 80;

/// The text of the stamp, one line a line, where `layer` holds nothing but one: at least two of its fields, and few words.
pub(crate) fn signature_text(layer: &Layer) -> Option<String> {
    let words = layer.words().count();
    if words == 0 || words > MAX_WORDS {
        return None;
    }
    let text = text_of(layer);
    (fields(&text) >= 2).then_some(text)
}

/// Whether `layer` holds a field of such a stamp.
pub(crate) fn is_of_signature(layer: &Layer) -> bool {
    fields(&text_of(layer)) > 0
}

fn fields(text: &str) -> usize {
    FIELDS.as_ref().map_or(0, |fields| fields.find_iter(text).count())
}

/// The text of a layer, one line a line.
pub(crate) fn text_of(layer: &Layer) -> String {
    let line = |l: &LayerLine| l.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    layer.lines.iter().chain(&layer.aside).map(line).collect::<Vec<_>>().join("\n")
}
