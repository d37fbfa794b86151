//! What annotations fill into a page: a registry's program sets the number and the date of an issued document as form
//! fields or notes, which the page's own content leaves blank.

use crate::layout::Rules;
use crate::page::{line_of, push_line, word};
use crate::pdf::{self, Glyph, Layer};
use vanthu_model::{BBox, Block, BlockKind, Line, Origin, Word};

/// A word belongs to a line that it shares at least this share of its height with.
const SAME_LINE: f32 = 0.4;

/// A word farther than this (in its own heights) from the next word of a line is not part of it.
const REACH: f32 = 8.0;

/// What a form leaves blank is printed as a row of these.
const LEADERS: &[char] = &['.', '…', '_', '‥', '·'];

/// The words that annotations draw, and the text of those that are the stamp of a signature. `annotations` holds the
/// glyphs of each; `size` is the page's, in points.
pub(crate) fn annotated(annotations: &[Vec<Glyph>], size: (f32, f32)) -> (Vec<Word>, Option<String>) {
    let layers = annotations.iter().map(|glyphs| (glyphs, pdf::layer(glyphs, &Rules::default(), size)));
    let (stamps, notes): (Vec<_>, Vec<_>) = layers.partition(|(_, layer)| pdf::is_of_signature(layer));
    let said: Vec<String> = stamps.iter().map(|(_, layer)| pdf::text_of(layer)).collect();
    let words = notes.into_iter().flat_map(|(glyphs, layer)| words(glyphs, layer, size)).collect();
    (words, (!said.is_empty()).then(|| said.join("\n")))
}

/// The words of one annotation; none where its font does not say what they are, or where it is not read from left to right.
fn words(glyphs: &[Glyph], layer: Layer, size: (f32, f32)) -> Vec<Word> {
    let upright = layer.size == size && glyphs.iter().all(|g| g.text.is_some() && g.end.0 >= g.start.0);
    let words = layer.lines.into_iter().flatten().filter(|_| upright);
    words.map(|w| word(w.text, w.bbox, 1.0, Origin::TextLayer)).collect()
}

/// Puts `words` into the lines of `blocks` that they stand in; what stands alone becomes a block of its own.
pub(crate) fn fill(blocks: &mut Vec<Block>, words: Vec<Word>) {
    for word in words {
        let Some(place) = word.bbox else { continue };
        match line_at(blocks, place) {
            Some(line) => insert(line, word, place),
            None => {
                let mut block = Block { kind: BlockKind::Text, ..Block::default() };
                push_line(&mut block, line_of(vec![word]));
                let below = |b: &Block| b.bbox.is_some_and(|b| b.y0 > place.y1);
                let at = blocks.iter().position(below).unwrap_or(blocks.len());
                blocks.insert(at, block);
            }
        }
    }
}

/// The line that stands beside `place`, the nearest of those at its height.
fn line_at(blocks: &mut [Block], place: BBox) -> Option<&mut Line> {
    let height = place.y1 - place.y0;
    let gap = |w: &Word| w.bbox.map_or(f32::MAX, |b| (b.x0 - place.x1).max(place.x0 - b.x1).max(0.0));
    let beside = |line: &Line| {
        let bbox = line.bbox?;
        let shared = bbox.y1.min(place.y1) - bbox.y0.max(place.y0);
        let gap = line.words.iter().map(gap).fold(f32::MAX, f32::min);
        let level = shared >= SAME_LINE * height.min(bbox.y1 - bbox.y0);
        // Of two lines as near the one that shares more of its height.
        (level && gap <= REACH * height).then_some(gap - shared * 0.01)
    };
    let lines = blocks.iter_mut().flat_map(|b| &mut b.lines);
    let near = lines.filter_map(|line| beside(line).map(|gap| (gap, line)));
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, line)| line)
}

/// Puts `word` into the order of `line`, in place of the row of dots that it stands on.
fn insert(line: &mut Line, word: Word, place: BBox) {
    let centre = |b: BBox| (b.x0 + b.x1) / 2.0;
    let covers = |b: BBox| b.x0 < centre(place) && centre(place) < b.x1;
    if let Some(under) = line.words.iter_mut().find(|w| w.bbox.is_some_and(covers)) {
        if under.text == word.text {
            return;
        }
        let kept = under.text.trim_matches(LEADERS).to_owned();
        if kept.len() < under.text.len() {
            // Where the dots ended is not known, only that the new word lies over them.
            let after = under.text.ends_with(&kept);
            let bbox = under.bbox.unwrap_or(place);
            let bbox = if after {
                BBox { x0: place.x1.min(bbox.x1), ..bbox }
            } else {
                BBox { x1: place.x0.max(bbox.x0), ..bbox }
            };
            *under = crate::page::word(kept, bbox, under.confidence, under.origin);
        }
    }
    line.words.retain(|w| !w.text.is_empty());
    let after = |w: &Word| w.bbox.is_some_and(|b| centre(b) > centre(place));
    let at = line.words.iter().position(after).unwrap_or(line.words.len());
    line.bbox = Some(line.bbox.map_or(place, |b| b.union(place)));
    line.words.insert(at, word);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, x0: f32, x1: f32, y: f32) -> Word {
        word(text.into(), BBox { x0, y0: y, x1, y1: y + 12.0 }, 0.9, Origin::Ocr)
    }

    fn page() -> Vec<Block> {
        let block = |kind, words| {
            let mut block = Block { kind, ..Block::default() };
            push_line(&mut block, line_of(words));
            block
        };
        vec![
            block(
                BlockKind::HeadLeft,
                vec![at("Số:", 50.0, 70.0, 100.0), at("…../KH-ABC", 72.0, 160.0, 100.0)],
            ),
            block(
                BlockKind::HeadRight,
                vec![
                    at("ngày", 300.0, 325.0, 100.0),
                    at("tháng", 350.0, 380.0, 100.0),
                    at("năm", 400.0, 420.0, 100.0),
                ],
            ),
            block(BlockKind::Text, vec![at("Kính", 60.0, 90.0, 300.0)]),
        ]
    }

    fn texts(blocks: &[Block]) -> Vec<String> {
        let text = |l: &Line| l.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        blocks.iter().flat_map(|b| &b.lines).map(text).collect()
    }

    #[test]
    fn number_and_date_come_into_their_blanks() {
        let mut blocks = page();
        let filled =
            vec![at("217", 76.0, 95.0, 99.0), at("4", 384.0, 390.0, 101.0), at("28", 328.0, 340.0, 98.0)];
        fill(&mut blocks, filled);
        assert_eq!(texts(&blocks), ["Số: 217 /KH-ABC", "ngày 28 tháng 4 năm", "Kính"]);
        let number = &blocks[0].lines[0].words[1];
        assert_eq!((number.origin, number.confidence), (Origin::Ocr, 0.9));
    }

    #[test]
    fn a_note_that_stands_alone_is_a_block_of_its_own() {
        let mut blocks = page();
        fill(&mut blocks, vec![at("Hỏa", 400.0, 430.0, 200.0), at("tốc", 433.0, 450.0, 200.0)]);
        assert_eq!(texts(&blocks)[2..], ["Hỏa tốc", "Kính"]);
    }

    #[test]
    fn what_the_page_shows_already_is_not_said_twice() {
        let mut blocks = page();
        fill(&mut blocks, vec![at("ngày", 300.5, 325.5, 100.0)]);
        assert_eq!(texts(&blocks)[1], "ngày tháng năm");
    }
}
