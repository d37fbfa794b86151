//! Print in pictures that stand on a page beside its own text: paragraphs pasted as a scan under a typed head, a table or
//! a letterhead as a picture. The text layer is good and knows nothing of them.

use crate::page::{PageReading, push_line};
use crate::pdf::{Content, Layer, Placed};
use crate::picture::{Picture, Pixels};
use crate::verdict::holds_syllable;
use image::{ImageBuffer, Pixel, imageops};
use vanthu_model::{BBox, Block, Line};

/// A picture of at least this share of a page may hold print that is no mere emblem.
const SOME_PRINT: f32 = 0.02;

/// A page-wide picture with fewer words of the layer over it than this is not what the layer was read from; smaller ones
/// by their share of the page.
const FEW_WORDS: f32 = 60.0;

/// Pictures that end this close to each other, in points, are parts of one.
const ABUTTING: f32 = 2.0;

/// Of more pictures than this on a page the rest is hatching, or letters drawn one by one.
const MAX_PARTS: usize = 2048;

/// So many pictures of a page are read.
pub(crate) const MAX_READ: usize = 24;

/// Fewer words than this in a picture are an emblem, a seal, a signature.
const MIN_WORDS: usize = 5;

/// A word read with this confidence is print; and so is what a picture shows from this mean confidence on ...
const SURE: f32 = 0.7;

/// ... if this share of its words are syllables: charts and drawings hold fewer.
const SENSE: f32 = 0.5;

/// A word of the layer is up to so many times as high as the same word as OCR boxes it, and not lower than half of that.
const HIGHER: f32 = 3.0;

/// What became of what a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It stands in the reading now.
    Taken,
    /// No print, or nothing that the layer does not say.
    Nothing,
    /// So many words were read surely and make no sense together.
    LeftOut(usize),
}

/// The pictures on a page whose print, if they hold any, the layer does not have, largest first.
pub(crate) fn unread(content: &Content, layer: &Layer) -> Vec<Placed> {
    // What stands on its side was turned with the layer.
    if content.pictures.is_empty() || layer.size != content.size {
        return Vec::new();
    }
    let (width, height) = content.size;
    let share = |b: &BBox| (b.x1 - b.x0) * (b.y1 - b.y0) / (width * height).max(1.0);
    let words_over = |b: &BBox| layer.words().filter(|w| holds_middle(b, &w.bbox)).count();
    let mut whole: Vec<(BBox, Placed)> = whole(content).into_iter().map(|p| (p.bbox(), p)).collect();
    whole.retain(|(b, _)| share(b) >= SOME_PRINT);
    whole.sort_by(|(a, _), (b, _)| share(b).total_cmp(&share(a)));
    let mut found: Vec<(BBox, Placed)> = Vec::new();
    for (bbox, picture) in whole {
        let seen = found.iter().any(|(f, _)| holds_middle(f, &bbox));
        if !seen && (words_over(&bbox) as f32) < FEW_WORDS * share(&bbox) {
            found.push((bbox, picture));
        }
    }
    found.into_iter().map(|(_, picture)| picture).collect()
}

/// The pictures within the page, with strips and tiles put together.
fn whole(content: &Content) -> Vec<Placed> {
    let (width, height) = content.size;
    let clipped = content.pictures.iter().take(MAX_PARTS).map(|p| Placed {
        x0: p.x0.max(0.0),
        y0: p.y0.max(0.0),
        x1: p.x1.min(width),
        y1: p.y1.min(height),
        ..*p
    });
    let mut parts: Vec<Placed> = clipped.filter(|b| b.x1 > b.x0 && b.y1 > b.y0).collect();
    let near = |a: f32, b: f32| (a - b).abs() <= ABUTTING;
    parts.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let beside = |a: &Placed, b: &Placed| near(a.y0, b.y0) && near(a.y1, b.y1) && b.x0 - a.x1 <= ABUTTING;
    let mut rows = joined(parts, beside);
    rows.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    joined(rows, |a, b| near(a.x0, b.x0) && near(a.x1, b.x1) && b.y0 - a.y1 <= ABUTTING)
}

/// Puts together what `is_next` of what was put together before.
fn joined(parts: Vec<Placed>, is_next: impl Fn(&Placed, &Placed) -> bool) -> Vec<Placed> {
    let mut whole: Vec<Placed> = Vec::new();
    for part in parts {
        match whole.iter_mut().find(|w| is_next(w, &part)) {
            Some(joined) => *joined = joined.with(part),
            None => whole.push(part),
        }
    }
    whole
}

/// White paper wherever `page` shows something else than `picture`.
pub(crate) fn only(picture: &BBox, page: &Picture) -> Picture {
    let pixels = |points: f32| (points * page.dpi / 72.0).max(0.0).round() as u32;
    let (x, y) = (pixels(picture.x0), pixels(picture.y0));
    let (width, height) = (pixels(picture.x1).saturating_sub(x), pixels(picture.y1).saturating_sub(y));
    let pixels = match &page.pixels {
        Pixels::Gray(gray) => Pixels::Gray(framed(gray, [x, y, width, height], [u8::MAX].into())),
        Pixels::Rgb(rgb) => Pixels::Rgb(framed(rgb, [x, y, width, height], [u8::MAX; 3].into())),
    };
    Picture { pixels, dpi: page.dpi }
}

/// What `rect` (left, top, width, height) cuts out of `page`, on paper of the page's size.
fn framed<P: Pixel<Subpixel = u8> + 'static>(
    page: &ImageBuffer<P, Vec<u8>>,
    [x, y, width, height]: [u32; 4],
    paper: P,
) -> ImageBuffer<P, Vec<u8>> {
    let mut framed = ImageBuffer::from_pixel(page.width(), page.height(), paper);
    let (x, y) = (x.min(page.width()), y.min(page.height()));
    let cut = imageops::crop_imm(page, x, y, width, height);
    imageops::replace(&mut framed, &*cut, x.into(), y.into());
    framed
}

/// Puts what was `seen` in `picture` into the reading of the layer where it stands: behind the blocks above the picture.
/// Words that the layer has already are not said twice, and where too little makes sense nothing is said.
pub(crate) fn put(reading: &mut PageReading, mut seen: PageReading, picture: &BBox) -> Outcome {
    let lines = || reading.page.blocks.iter().flat_map(|b| &b.lines);
    let mut typed: Vec<BBox> = lines().flat_map(|l| &l.words).filter_map(|w| w.bbox).collect();
    typed.retain(|t| meet(t, picture));
    let alike = |t: &BBox, b: &BBox| {
        let (of_typed, of_seen) = (t.y1 - t.y0, b.y1 - b.y0);
        of_typed <= HIGHER * of_seen && of_seen <= 2.0 * of_typed
    };
    let is_typed = |b: &BBox| typed.iter().any(|t| alike(t, b) && (holds_middle(t, b) || holds_middle(b, t)));
    for line in seen.page.blocks.iter_mut().flat_map(|b| &mut b.lines) {
        line.words.retain(|w| w.bbox.is_none_or(|b| !is_typed(&b)));
    }
    seen.page.blocks.iter_mut().for_each(|b| b.lines.retain(|l| !l.words.is_empty()));
    seen.page.blocks.retain(|b| !b.lines.is_empty());
    let outcome = judge(&seen);
    if outcome != Outcome::Taken {
        return outcome;
    }
    let tables = reading.tables.len() as u32;
    for block in &mut seen.page.blocks {
        if let Some(cell) = &mut block.cell {
            cell.table += tables;
        }
    }
    insert(&mut reading.page.blocks, seen.page.blocks, picture);
    reading.tables.append(&mut seen.tables);
    reading.page.regions.append(&mut seen.page.regions);
    reading.page.steps.append(&mut seen.page.steps);
    reading.diagnostics.append(&mut seen.diagnostics);
    reading.ocr = true;
    outcome
}

/// Puts `blocks`, which stand in `picture`, behind what stands above its middle in the same column. A block of typed
/// lines over and under the picture is parted by it, a table is not.
fn insert(page: &mut Vec<Block>, blocks: Vec<Block>, picture: &BBox) {
    let middle = |b: &BBox| (b.y0 + b.y1) / 2.0;
    // A remark up the margin is read last, wherever it stands.
    let over = |b: &BBox| b.x0 < picture.x1 && picture.x0 < b.x1 && !on_its_side(b);
    let above = |l: &Line| l.bbox.is_some_and(|b| over(&b) && middle(&b) < middle(picture));
    let Some(last) = page.iter().rposition(|b| b.lines.iter().any(above)) else {
        let first = page.iter().position(|b| b.bbox.is_some_and(|b| over(&b))).unwrap_or(0);
        page.splice(first..first, blocks);
        return;
    };
    let table = |b: &Block| b.cell.as_ref().map(|c| c.table);
    let (rest, behind) = match page.get_mut(last) {
        Some(block) if block.cell.is_none() => (parted(block, above), last + 1),
        Some(cell) => {
            let of = table(cell);
            (None, page.iter().rposition(|b| table(b) == of).map_or(last, |at| at.max(last)) + 1)
        }
        None => (None, page.len()),
    };
    page.splice(behind..behind, blocks.into_iter().chain(rest));
}

/// Takes what follows the last line `above` out of a block, if anything does.
fn parted(block: &mut Block, above: impl Fn(&Line) -> bool) -> Option<Block> {
    let of_above = block.lines.iter().rposition(above).map_or(0, |at| at + 1);
    let lines = block.lines.split_off(of_above);
    block.bbox = block.lines.iter().filter_map(|l| l.bbox).reduce(BBox::union);
    let mut below = Block { kind: block.kind, ..Block::default() };
    lines.into_iter().for_each(|line| push_line(&mut below, line));
    (!below.lines.is_empty()).then_some(below)
}

/// Whether a line runs up or down the page.
fn on_its_side(line: &BBox) -> bool {
    line.y1 - line.y0 > 2.0 * (line.x1 - line.x0)
}

/// Whether what was seen in a picture is print: syllables, or a ruled table of whatever was read surely.
fn judge(seen: &PageReading) -> Outcome {
    let words = || seen.page.blocks.iter().flat_map(|b| &b.lines).flat_map(|l| &l.words);
    let count = words().count();
    let sure = words().filter(|w| w.confidence >= SURE && w.text.chars().any(char::is_alphanumeric)).count();
    let confidence = words().map(|w| w.confidence).sum::<f32>();
    let syllables = words().filter(|w| holds_syllable(&w.text)).count();
    let is_sense = syllables as f32 >= SENSE * count as f32 || !seen.tables.is_empty();
    if count >= MIN_WORDS && confidence >= SURE * count as f32 && is_sense {
        Outcome::Taken
    } else if sure >= MIN_WORDS {
        Outcome::LeftOut(sure)
    } else {
        Outcome::Nothing
    }
}

fn meet(a: &BBox, b: &BBox) -> bool {
    a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
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
    use crate::pdf::LayerWord;
    use image::GrayImage;
    use vanthu_model::{Cell, Origin, Word};

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

    /// Strips whose left edges differ by less than a point lay in the order of these, not down the page.
    #[test]
    fn strips_and_tiles_are_one_picture() {
        let strip = |i: usize| {
            let (x, y) = (50.0 + 0.9 * (i % 2) as f32, 80.0 + 8.0 * i as f32);
            placed(x, y, 545.0, y + 8.5)
        };
        let strips: Vec<Placed> = (0..40).rev().map(strip).collect();
        assert_eq!(unread_in(&strips, 100, 450.0), 1);
        let tile = |i: usize| {
            let (x, y) = (50.0 + 100.0 * (i / 4) as f32, 80.0 + 85.0 * (i % 4) as f32);
            placed(x, y, x + 100.0, y + 85.0)
        };
        let tiles: Vec<Placed> = (0..20).map(tile).collect();
        let (content, layer) = page(&tiles, 100, 450.0);
        let found = unread(&content, &layer);
        assert_eq!(found.len(), 1);
        assert!((found[0].dpi() - tiles[0].dpi()).abs() < 1.0, "as fine as its parts");
    }

    #[test]
    fn a_picture_alone_is_left_of_the_page() {
        let white = GrayImage::from_pixel(100, 200, image::Luma([7]));
        let shown = Picture { pixels: Pixels::Gray(white), dpi: 72.0 };
        let Pixels::Gray(left) = only(&bbox(10.0, 20.0, 30.0, 50.0), &shown).pixels else { unreachable!() };
        assert_eq!(left.dimensions(), (100, 200));
        let dark: Vec<(u32, u32)> =
            left.enumerate_pixels().filter(|p| p.2.0[0] == 7).map(|p| (p.0, p.1)).collect();
        assert_eq!((dark.len(), dark.first(), dark.last()), (600, Some(&(10, 20)), Some(&(29, 49))));
        only(&bbox(90.0, 190.0, 300.0, 500.0), &shown);
        only(&bbox(900.0, 190.0, 990.0, 500.0), &shown);
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

    /// Adds a block of one word.
    fn add(reading: &mut PageReading, word: Word) {
        let mut block = Block::default();
        push_line(&mut block, line_of(vec![word]));
        reading.page.blocks.push(block);
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
        let picture = bbox(50.0, 80.0, 545.0, 420.0);
        let mut page =
            reading(&[("CÔNG BÁO", 20.0), ("và", 100.0), ("Trần Văn Mẫu", 450.0)], Origin::TextLayer);
        let seen = [("và giao các xã", 100.0), ("báo cáo hằng tháng", 120.0)];
        put(&mut page, reading(&seen, Origin::Ocr), &picture);
        assert_eq!(text(&page), ["CÔNG BÁO", "và", "giao các xã", "báo cáo hằng tháng", "Trần Văn Mẫu"]);
        assert!(page.ocr);
    }

    /// What the picture showed came behind the remark up the margin, which is read last.
    #[test]
    fn a_remark_up_the_margin_is_not_above_a_picture() {
        let picture = bbox(50.0, 80.0, 545.0, 420.0);
        let mut page = reading(&[("CÔNG BÁO", 20.0), ("Trần Văn Mẫu", 450.0)], Origin::TextLayer);
        let upward = word("STT:07/Ký".into(), bbox(40.0, 30.0, 52.0, 110.0), 1.0, Origin::TextLayer);
        add(&mut page, upward);
        let seen = reading(&[("và giao các xã", 100.0), ("báo cáo hằng tháng", 120.0)], Origin::Ocr);
        assert_eq!(put(&mut page, seen, &picture), Outcome::Taken);
        let expected = ["CÔNG BÁO", "và giao các xã", "báo cáo hằng tháng", "Trần Văn Mẫu", "STT:07/Ký"];
        assert_eq!(text(&page), expected);
    }

    #[test]
    fn a_picture_follows_its_own_column_and_parts_no_table() {
        let in_cell = |mut b: Block| {
            b.cell = Some(Cell::default());
            b
        };
        let row = [("Phòng", 100.0), ("Đất", 300.0)];
        let mut page = reading(&row, Origin::TextLayer);
        page.page.blocks = page.page.blocks.into_iter().map(in_cell).collect();
        let seen = || reading(&[("và giao các xã", 150.0), ("báo cáo", 170.0)], Origin::Ocr);
        put(&mut page, seen(), &bbox(50.0, 140.0, 250.0, 200.0));
        assert_eq!(text(&page), ["Phòng", "Đất", "và giao các xã", "báo cáo"]);

        let mut page = reading(&[("trái", 100.0), ("phải", 100.0)], Origin::TextLayer);
        for line in page.page.blocks[1].lines.iter_mut() {
            line.bbox = Some(bbox(360.0, 100.0, 390.0, 110.0));
        }
        put(&mut page, seen(), &bbox(50.0, 140.0, 250.0, 200.0));
        assert_eq!(text(&page), ["trái", "và giao các xã", "báo cáo", "phải"]);
    }

    /// Words under a typed watermark lay in its box and were taken for it.
    #[test]
    fn a_watermark_does_not_say_what_stands_under_it() {
        let picture = bbox(50.0, 80.0, 545.0, 420.0);
        let mut page = reading(&[("CÔNG BÁO", 20.0)], Origin::TextLayer);
        let large = word("MẬT".into(), bbox(60.0, 90.0, 500.0, 300.0), 1.0, Origin::TextLayer);
        add(&mut page, large);
        let seen = reading(&[("và giao các xã", 100.0), ("báo cáo hằng tháng", 120.0)], Origin::Ocr);
        assert_eq!(put(&mut page, seen, &picture), Outcome::Taken);
    }

    #[test]
    fn figures_are_print_in_a_table_and_told_elsewhere() {
        let picture = bbox(50.0, 80.0, 545.0, 420.0);
        let figures = || reading(&[("12,5 13,1 14,8", 100.0), ("2021 2022 2023", 120.0)], Origin::Ocr);
        let mut page = reading(&[("CÔNG BÁO", 20.0)], Origin::TextLayer);
        assert_eq!(put(&mut page, figures(), &picture), Outcome::LeftOut(6));
        assert_eq!(text(&page), ["CÔNG BÁO"]);
        let table = PageReading { tables: vec![Default::default()], ..figures() };
        assert_eq!(put(&mut page, table, &picture), Outcome::Taken);
        assert_eq!(text(&page).len(), 3);
    }

    #[test]
    fn an_emblem_says_nothing() {
        let picture = bbox(50.0, 80.0, 545.0, 420.0);
        let mut page = reading(&[("CÔNG BÁO", 20.0)], Origin::TextLayer);
        let mut seen = reading(&[("Wx qz", 100.0), ("kkj fw zz tq", 120.0)], Origin::Ocr);
        let words = seen.page.blocks.iter_mut().flat_map(|b| &mut b.lines).flat_map(|l| &mut l.words);
        words.for_each(|w| w.confidence = 0.4);
        assert_eq!(put(&mut page, seen, &picture), Outcome::Nothing);
        assert_eq!((text(&page), page.ocr), (vec!["CÔNG BÁO".to_owned()], false));
    }
}
