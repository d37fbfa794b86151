//! What of the ink on a page is print of the document, and what is kept out of its text.

use crate::ocr::is_plausible;
use vanthu_model::{BBox, BlockKind, Cell, Region, Word};

/// Readers of print are no judges of stamps and handwriting: what they read there is at most this sure.
const SURE_OF_MARKS: f32 = 0.5;

/// Ink that is kept out of the text, with what was read there; nothing where nothing was read.
pub(crate) fn marked(kind: BlockKind, lines: &[&[Word]]) -> Option<Region> {
    let words = || lines.iter().flat_map(|line| line.iter());
    let bbox = words().filter_map(|w| w.bbox).reduce(BBox::union)?;
    let text = |line: &&[Word]| line.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    let confidence = words().map(|w| w.confidence).sum::<f32>() / words().count().max(1) as f32;
    Some(Region {
        kind,
        bbox: Some(bbox),
        text: lines.iter().map(text).collect::<Vec<_>>().join("\n"),
        confidence: confidence.min(SURE_OF_MARKS),
    })
}

/// Ink read with less than this mean confidence is print only if it makes sense.
const DOUBTFUL: f32 = 0.55;

/// And with less than this it is none: handwriting, seals and the edges of the scan read like this.
const NO_PRINT: f32 = 0.3;

/// A part of up to three letters that is no word is print only if it is read as surely as this.
const SURE_SHORT: f32 = 0.75;

/// The share of plausible words from which doubtful ink makes sense.
const SENSE: f32 = 0.4;

/// Whether what was read is print, rather than a seal, a signature or dirt read as letters.
pub(crate) fn is_print(words: &[Word]) -> bool {
    let length = |w: &Word| w.text.chars().count() as f32;
    let letters: f32 = words.iter().map(length).sum();
    if !words.iter().any(|w| w.text.chars().any(char::is_alphanumeric)) {
        return false;
    }
    let confidence = words.iter().map(|w| w.confidence * length(w)).sum::<f32>() / letters;
    let sense: f32 = words.iter().filter(|w| is_plausible(&w.text)).map(length).sum::<f32>() / letters;
    let short = letters <= 3.0;
    // A letter or two that make no word: ticks, dirt and the ends of strokes by hand.
    if short && confidence < SURE_SHORT && sense < SENSE {
        return false;
    }
    confidence >= DOUBTFUL || (confidence >= NO_PRINT && sense >= SENSE && !short)
}

/// Letters that are no word but stand in a cell of a table are print if read as surely as this; the numbers of rows,
/// which need not be words, if they are read at all.
const SURE_CELL: f32 = 0.5;

/// Whether what was read in a cell is print although it makes no sense by itself.
pub(crate) fn is_cell_text(words: &[Word], cell: Cell) -> bool {
    let least = if cell.column == 0 { NO_PRINT } else { SURE_CELL };
    words.iter().any(|w| w.confidence >= least && w.text.chars().any(char::is_alphanumeric))
}

/// Alone in a cell, numbers of so few characters are read without what would tell a comma from a speck ("1,1" as "11").
const SHORT_NUMBER: usize = 3;

/// And are no surer than this.
const SURE_SHORT_NUMBER: f32 = 0.6;

/// Caps the confidence of a short number that is all that a cell's line holds.
pub(crate) fn doubt_short_numbers(words: &mut [Word]) {
    if let [word] = words
        && word.text.chars().count() <= SHORT_NUMBER
        && word.text.contains(|c: char| c.is_ascii_digit())
    {
        word.confidence = word.confidence.min(SURE_SHORT_NUMBER);
    }
}

/// A word that the edge of a stamp runs through lost ink with it, and is no surer than this.
const SURE_CROSSED: f32 = 0.6;

/// Caps the confidence of a word that the upper or lower edge of one of `frames` runs through.
pub(crate) fn doubt_crossed(word: &mut Word, frames: &[BBox]) {
    let Some(b) = word.bbox else { return };
    let margin = 0.15 * (b.y1 - b.y0);
    let crossed = |f: &BBox| {
        let through = |edge: f32| (b.y0 + margin..b.y1 - margin).contains(&edge);
        f.x0 < b.x1 && b.x0 < f.x1 && (through(f.y0) || through(f.y1))
    };
    if frames.iter().any(crossed) {
        word.confidence = word.confidence.min(SURE_CROSSED);
    }
}

/// Takes specks read as points off both ends of a line.
pub(crate) fn drop_specks(words: &mut Vec<Word>) {
    let speck = |w: &Word| {
        w.confidence < 0.8 && !w.text.chars().any(|c| c.is_alphanumeric() || "-–—+*•\"“”()".contains(c))
    };
    while words.last().is_some_and(speck) {
        words.pop();
    }
    // No line begins with a point or a comma, however sure the reader is of it.
    let point = |w: &Word| matches!(w.text.as_str(), "." | "," | "'" | "`" | "´" | "·");
    while words.first().is_some_and(|w| speck(w) || point(w)) {
        words.remove(0);
    }
}

/// The dash that opens an item of a list comes out bent where resolution is low, and is read as a tilde, which opens none.
pub(crate) fn straighten_dash(words: &mut [Word]) {
    if let [first, _, ..] = words
        && first.text == "~"
    {
        first.text = "-".into();
        first.raw.clone_from(&first.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanthu_model::Origin;

    #[test]
    fn a_bent_dash_opens_an_item() {
        let bbox = BBox { x0: 0.0, y0: 0.0, x1: 9.0, y1: 9.0 };
        let straightened = |texts: &[&str]| -> String {
            let mut words: Vec<Word> =
                texts.iter().map(|t| crate::page::word((*t).into(), bbox, 0.9, Origin::Ocr)).collect();
            straighten_dash(&mut words);
            words.iter().map(|w| w.raw.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(straightened(&["~", "Gắn", "~", "5"]), "- Gắn ~ 5");
        assert_eq!(straightened(&["~"]), "~");
    }

    #[test]
    fn a_line_begins_with_no_point() {
        let kept = |texts: &[&str]| -> String {
            let bbox = BBox { x0: 0.0, y0: 0.0, x1: 9.0, y1: 9.0 };
            let mut words: Vec<Word> =
                texts.iter().map(|t| crate::page::word((*t).into(), bbox, 0.95, Origin::Ocr)).collect();
            drop_specks(&mut words);
            words.iter().map(|w| w.raw.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(kept(&[".", "a)", "Rà", "soát", "."]), "a) Rà soát .");
        assert_eq!(kept(&["...", "về", "việc"]), "... về việc");
    }

    #[test]
    fn a_word_under_the_edge_of_a_stamp_is_in_doubt() {
        let frame = BBox { x0: 20.0, y0: 112.0, x1: 152.0, y1: 161.0 };
        let sure = |x0: f32, y0: f32| {
            let bbox = BBox { x0, y0, x1: x0 + 30.0, y1: y0 + 12.0 };
            let mut word = crate::page::word("217".into(), bbox, 0.95, Origin::Ocr);
            doubt_crossed(&mut word, &[frame]);
            word.confidence
        };
        assert_eq!(sure(130.0, 106.0), SURE_CROSSED);
        assert_eq!(sure(160.0, 106.0), 0.95);
        assert_eq!(sure(130.0, 99.0), 0.95);
    }
}
