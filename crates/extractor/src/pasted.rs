//! Print in pictures that stand on a page beside its own text: paragraphs pasted as a scan under a typed head, a table or
//! a letterhead as a picture. The text layer is good and knows nothing of them.

use crate::page::{PageReading, push_line};
use crate::pdf::{Content, Layer};
use crate::picture::{Picture, Pixels};
use crate::verdict::holds_syllable;
use image::{GrayImage, Rgb, RgbImage};
use vanthu_model::{BBox, Block, Line};

/// A picture of at least this share of a page may hold print that is no mere emblem.
const SOME_PRINT: f32 = 0.02;

/// A page-wide picture with fewer words of the layer over it than this is not what the layer was read from; smaller ones
/// by their share of the page.
const FEW_WORDS: f32 = 60.0;

/// Pictures that end this close to each other, in points, are strips of one.
const ABUTTING: f32 = 2.0;

/// Fewer words than this in the pictures of a page are an emblem, a seal, a signature.
const MIN_WORDS: usize = 5;

/// From this mean confidence on what was read in a picture is print ...
const SURE: f32 = 0.7;

/// ... if this share of its words are syllables: charts and drawings hold fewer.
const SENSE: f32 = 0.5;

/// The pictures on a page whose print, if they hold any, the layer does not have: boxes in points.
pub(crate) fn unread(content: &Content, layer: &Layer) -> Vec<BBox> {
    // What stands on its side was turned with the layer.
    if content.pictures.is_empty() || layer.size != content.size {
        return Vec::new();
    }
    let (width, height) = content.size;
    let share = |b: &BBox| (b.x1 - b.x0) * (b.y1 - b.y0) / (width * height).max(1.0);
    let words_over = |b: &BBox| layer.words().filter(|w| holds_middle(b, &w.bbox)).count();
    let mut found: Vec<BBox> = Vec::new();
    for picture in whole(content).into_iter().filter(|b| share(b) >= SOME_PRINT) {
        let seen = found.iter().any(|f| holds_middle(f, &picture));
        if !seen && (words_over(&picture) as f32) < FEW_WORDS * share(&picture) {
            found.push(picture);
        }
    }
    found
}

/// The pictures within the page, strips put together.
fn whole(content: &Content) -> Vec<BBox> {
    let (width, height) = content.size;
    let clipped = content.pictures.iter().map(|p| BBox {
        x0: p.x0.max(0.0),
        y0: p.y0.max(0.0),
        x1: p.x1.min(width),
        y1: p.y1.min(height),
    });
    let mut pictures: Vec<BBox> = clipped.filter(|b| b.x1 > b.x0 && b.y1 > b.y0).collect();
    pictures.sort_by(|a, b| a.x0.round().total_cmp(&b.x0.round()).then(a.y0.total_cmp(&b.y0)));
    let mut whole: Vec<BBox> = Vec::new();
    for picture in pictures {
        match whole.last_mut() {
            Some(last)
                if (last.x0 - picture.x0).abs() <= ABUTTING
                    && (last.x1 - picture.x1).abs() <= ABUTTING
                    && picture.y0 - last.y1 <= ABUTTING =>
            {
                *last = last.union(picture);
            }
            _ => whole.push(picture),
        }
    }
    whole
}

/// White paper wherever `page` shows something else than `pictures`.
pub(crate) fn only(pictures: &[BBox], page: &Picture) -> Picture {
    let scale = page.dpi / 72.0;
    let inside = |x: u32, y: u32| {
        let (x, y) = ((x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale);
        pictures.iter().any(|b| (b.x0..b.x1).contains(&x) && (b.y0..b.y1).contains(&y))
    };
    let (width, height) = page.dimensions();
    let pixels = match &page.pixels {
        Pixels::Gray(gray) => {
            let kept = |x, y| if inside(x, y) { *gray.get_pixel(x, y) } else { [u8::MAX].into() };
            Pixels::Gray(GrayImage::from_fn(width, height, kept))
        }
        Pixels::Rgb(rgb) => {
            let kept = |x, y| if inside(x, y) { *rgb.get_pixel(x, y) } else { Rgb([u8::MAX; 3]) };
            Pixels::Rgb(RgbImage::from_fn(width, height, kept))
        }
    };
    Picture { pixels, dpi: page.dpi }
}

/// Puts what was `seen` in `pictures` into the reading of the layer where it stands: behind the blocks above each picture.
/// Words that the layer has already are not said twice, and where too little makes sense nothing is said.
pub(crate) fn put(reading: &mut PageReading, mut seen: PageReading, pictures: &[BBox]) {
    let lines = || reading.page.blocks.iter().flat_map(|b| &b.lines);
    let mut typed: Vec<BBox> = lines().flat_map(|l| &l.words).filter_map(|w| w.bbox).collect();
    typed.retain(|t| pictures.iter().any(|p| t.x0 < p.x1 && p.x0 < t.x1 && t.y0 < p.y1 && p.y0 < t.y1));
    let is_typed = |b: &BBox| typed.iter().any(|t| holds_middle(t, b) || holds_middle(b, t));
    for line in seen.page.blocks.iter_mut().flat_map(|b| &mut b.lines) {
        line.words.retain(|w| w.bbox.is_none_or(|b| !is_typed(&b)));
    }
    seen.page.blocks.iter_mut().for_each(|b| b.lines.retain(|l| !l.words.is_empty()));
    seen.page.blocks.retain(|b| !b.lines.is_empty());
    if !makes_sense(&seen) {
        return;
    }
    let tables = reading.tables.len() as u32;
    for block in &mut seen.page.blocks {
        if let Some(cell) = &mut block.cell {
            cell.table += tables;
        }
    }
    for picture in pictures {
        let inside = |b: &mut Block| b.bbox.is_some_and(|b| holds_middle(picture, &b));
        let blocks: Vec<Block> = seen.page.blocks.extract_if(.., inside).collect();
        insert(&mut reading.page.blocks, blocks, picture);
    }
    reading.page.blocks.append(&mut seen.page.blocks);
    reading.tables.append(&mut seen.tables);
    reading.page.regions.append(&mut seen.page.regions);
    reading.page.steps.append(&mut seen.page.steps);
    reading.diagnostics.append(&mut seen.diagnostics);
    reading.ocr = true;
}

/// Puts `blocks`, which stand in `picture`, behind what stands above its middle. A block of typed lines over and under
/// the picture is parted by it.
fn insert(page: &mut Vec<Block>, blocks: Vec<Block>, picture: &BBox) {
    let middle = |b: &BBox| (b.y0 + b.y1) / 2.0;
    let above = |l: &Line| l.bbox.is_some_and(|b| middle(&b) < middle(picture));
    let Some(last) = page.iter().rposition(|b| b.lines.iter().any(above)) else {
        page.splice(0..0, blocks);
        return;
    };
    let below = match page.get_mut(last) {
        Some(block) if block.cell.is_none() => {
            let of_above = block.lines.iter().rposition(above).map_or(0, |at| at + 1);
            let lines = block.lines.split_off(of_above);
            block.bbox = block.lines.iter().filter_map(|l| l.bbox).reduce(BBox::union);
            let mut below = Block { kind: block.kind, ..Block::default() };
            lines.into_iter().for_each(|line| push_line(&mut below, line));
            below
        }
        _ => Block::default(),
    };
    let rest = (!below.lines.is_empty()).then_some(below);
    page.splice(last + 1..last + 1, blocks.into_iter().chain(rest));
}

fn makes_sense(seen: &PageReading) -> bool {
    let words = || seen.page.blocks.iter().flat_map(|b| &b.lines).flat_map(|l| &l.words);
    let count = words().count();
    let confidence = words().map(|w| w.confidence).sum::<f32>();
    let syllables = words().filter(|w| holds_syllable(&w.text)).count();
    count >= MIN_WORDS && confidence >= SURE * count as f32 && syllables as f32 >= SENSE * count as f32
}

/// Whether the middle of `inner` lies in `outer`.
fn holds_middle(outer: &BBox, inner: &BBox) -> bool {
    let (x, y) = ((inner.x0 + inner.x1) / 2.0, (inner.y0 + inner.y1) / 2.0);
    (outer.x0..outer.x1).contains(&x) && (outer.y0..outer.y1).contains(&y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{line_of, word};
    use crate::pdf::{LayerWord, Placed};
    use vanthu_model::Origin;

    fn placed(x0: f32, y0: f32, x1: f32, y1: f32) -> Placed {
        Placed { x0, y0, x1, y1, width: 100, height: 100 }
    }

    fn bbox(x0: f32, y0: f32, x1: f32, y1: f32) -> BBox {
        BBox { x0, y0, x1, y1 }
    }

    /// A page of A4 with `pictures` and `words` in rows of ten from `top` on.
    fn page(pictures: &[Placed], words: usize, top: f32) -> (Content, Layer) {
        let size = (595.0, 842.0);
        let at = |i: usize| {
            let (x, y) = (60.0 + 45.0 * (i % 10) as f32, top + 14.0 * (i / 10) as f32);
            LayerWord {
                text: "và".into(),
                bbox: bbox(x, y, x + 30.0, y + 10.0),
                baseline: y + 8.0,
                size: 12.0,
            }
        };
        let layer = Layer { lines: vec![(0..words).map(at).collect()], size, ..Layer::default() };
        (Content { pictures: pictures.to_vec(), size, ..Content::default() }, layer)
    }

    fn unread_in(pictures: &[Placed], words: usize, top: f32) -> usize {
        let (content, layer) = page(pictures, words, top);
        unread(&content, &layer).len()
    }

    #[test]
    fn a_picture_without_words_of_the_layer_over_it_is_unread() {
        let half = placed(50.0, 80.0, 545.0, 420.0);
        assert_eq!(unread_in(&[half], 100, 450.0), 1);
        assert_eq!(unread_in(&[half], 100, 100.0), 0, "the layer was read from it");
        assert_eq!(unread_in(&[placed(250.0, 20.0, 300.0, 70.0)], 100, 450.0), 0, "an emblem");
        assert_eq!(unread_in(&[placed(0.0, 0.0, 595.0, 842.0)], 300, 60.0), 0, "a sheet under its text");
        assert_eq!(unread_in(&[half, half], 100, 450.0), 1, "drawn twice");
    }

    #[test]
    fn strips_are_one_picture() {
        let strips: Vec<Placed> =
            (0..40).map(|i| placed(50.0, 80.0 + 8.0 * i as f32, 545.0, 88.5 + 8.0 * i as f32)).collect();
        assert_eq!(unread_in(&strips, 100, 450.0), 1);
    }

    fn reading(lines: &[(&str, f32)], origin: Origin) -> PageReading {
        let block = |(text, y): &(&str, f32)| {
            let at = |(i, t): (usize, &str)| {
                let x = 60.0 + 45.0 * i as f32;
                word(t.into(), bbox(x, *y, x + 30.0, y + 10.0), 0.9, origin)
            };
            let mut block = Block::default();
            push_line(&mut block, line_of(text.split(' ').enumerate().map(at).collect()));
            block
        };
        let mut reading = PageReading::default();
        reading.page.blocks = lines.iter().map(block).collect();
        reading
    }

    fn text(reading: &PageReading) -> Vec<String> {
        let line = |b: &Block| {
            let words = b.lines.iter().flat_map(|l| &l.words);
            words.map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        reading.page.blocks.iter().map(line).collect()
    }

    #[test]
    fn what_a_picture_shows_stands_where_the_picture_does() {
        let picture = [bbox(50.0, 80.0, 545.0, 420.0)];
        let mut page =
            reading(&[("CÔNG BÁO", 20.0), ("và", 100.0), ("Trần Văn Mẫu", 450.0)], Origin::TextLayer);
        let seen = [("và giao các xã", 100.0), ("báo cáo hằng tháng", 120.0)];
        put(&mut page, reading(&seen, Origin::Ocr), &picture);
        assert_eq!(text(&page), ["CÔNG BÁO", "và", "giao các xã", "báo cáo hằng tháng", "Trần Văn Mẫu"]);
        assert!(page.ocr);
    }

    #[test]
    fn an_emblem_says_nothing() {
        let picture = [bbox(50.0, 80.0, 545.0, 420.0)];
        let mut page = reading(&[("CÔNG BÁO", 20.0)], Origin::TextLayer);
        put(&mut page, reading(&[("Wx qz", 100.0), ("kkj fw zz tq", 120.0)], Origin::Ocr), &picture);
        assert_eq!((text(&page), page.ocr), (vec!["CÔNG BÁO".to_owned()], false));
    }
}
