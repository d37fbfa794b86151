//! Digits written by hand into a printed line: the number of a document and the day and month of its date, which clerks
//! fill in by pen and which engines for print read wrong.
//!
//! In the order of the data: `line` finds the room that a line of the head leaves for a number, `ink` takes the ink there
//! into pieces, [`normalise`] and [`Net`] say which digit a piece is, `lattice` which number they are together, `vote`
//! what becomes of the reading of OCR. Nothing is done on lines that leave no such room.

mod glyph;
mod ink;
mod lattice;
mod line;
mod vote;

pub use glyph::{Mask, normalise};

use crate::clean::{CleanPage, placement::Placement};
use crate::layout::PrintLine;
use crate::net::{Form, Net};
use crate::page::word;
use ink::{FieldInk, Piece};
use line::{Field, HeadLine, Kind, PlacedWord};
use std::sync::LazyLock;
use vanthu_model::{BBox, BlockKind, Origin, Word};
use vote::Ruling;

/// The ten digits and, last, what is no digit.
pub const CLASSES: usize = 11;

/// The net that tells digits.
pub const FORM: Form = Form { magic: b"vanthu digits 1\n", sizes: [16, 32, 96, CLASSES] };

/// See `dictionaries/README.md`.
static NET: LazyLock<Option<Net>> =
    LazyLock::new(|| Net::from_bytes(FORM, include_bytes!("../../../../dictionaries/digits.net")));

/// The head ends above this share of the page.
const HEAD: f32 = 0.4;

/// How sure words are that the form of the line prescribes, once all of them were read in their places.
const PRESCRIBED: f32 = 0.95;

/// No reading by shape alone is surer than this.
const MOST: f32 = 0.97;

/// And none that holds a symbol beside.
const SURE_SYMBOL: f32 = 0.9;

/// Reads numbers written by hand in a line of the head, whose parts were read as `read`, and says so in `steps`. Lines
/// outside the columns of a head are left alone: in the body "số 12/QĐ-AB" begins a line too, and is print.
pub(crate) fn read_by_hand(
    page: &CleanPage,
    kind: BlockKind,
    line: &[PrintLine],
    read: &mut [Vec<Word>],
    steps: &mut Vec<String>,
) {
    let in_columns = matches!(kind, BlockKind::HeadLeft | BlockKind::HeadRight);
    if !in_columns || line.iter().any(|p| p.top > HEAD * page.gray.height() as f32) {
        return;
    }
    let (Some(net), Some(back)) = (NET.as_ref(), page.placement.inverse()) else { return };
    let placed: Vec<PlacedWord> = read.iter().flatten().filter_map(|w| place(&back, w)).collect();
    // Without a place a word could not be counted.
    if placed.len() != read.iter().map(Vec::len).sum::<usize>() {
        return;
    }
    let Some(found) = line::head_line(&placed) else { return };
    let mut edits = Vec::new();
    for field in &found.fields {
        let mut ink = ink::field_ink(line, field.x.0, field.x.1, found.size);
        if field.kind == Kind::Number && field.to.1 > 0 {
            ink.drop_stroke(found.size);
        }
        if ink.pieces.is_empty() {
            continue;
        }
        let (text, confidence) = said(&placed, field);
        let (most, fits) = (field.kind.length(), |d: &str| field.kind.fits(d));
        let guesses = lattice::guesses(net, &ink.pieces, found.size, most, fits);
        let ruling = vote::rule(&text, confidence, is_print(&ink.pieces, found.size), &guesses);
        if let Ruling::Replaced(digits, p) = &ruling {
            steps.push(format!("digits by hand: {digits} ({:.2})", p.min(MOST)));
        }
        edits.push((field, ruling, bounds(page, &ink)));
    }
    confirm(read, &found);
    // From the right, so that the places of what stands further left hold.
    for (field, ruling, bbox) in edits.into_iter().rev() {
        apply(read, field, ruling, bbox);
    }
}

/// The word with its place in pixels of the cleaned page; `back` leads there from the page.
fn place(back: &Placement, w: &Word) -> Option<PlacedWord> {
    let b = w.bbox?;
    let my = f64::from(b.y0 + b.y1) / 2.0;
    let [x0, x1] = [b.x0, b.x1].map(|x| back.point(f64::from(x), my).0 as f32);
    Some(PlacedWord { text: w.text.clone(), confidence: w.confidence, x0, x1 })
}

/// What OCR read in the field, word by word, and how sure it was of the words it is in.
fn said(words: &[PlacedWord], field: &Field) -> (String, f32) {
    let (mut text, mut confidence) = (String::new(), 1.0f32);
    for (i, w) in words.iter().enumerate().take(field.to.0 + 1).skip(field.from.0) {
        let from = if i == field.from.0 { field.from.1 } else { 0 };
        let to = if i == field.to.0 { field.to.1 } else { usize::MAX };
        let part: String = w.text.chars().take(to).skip(from).filter(|c| !c.is_whitespace()).collect();
        if !part.is_empty() {
            confidence = confidence.min(w.confidence);
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&part);
        }
    }
    let confidence = if text.is_empty() { 0.0 } else { confidence };
    (text, confidence)
}

/// Heights of printed digits and capitals in font sizes, and how far feet may lie apart.
const PRINT_HEIGHT: std::ops::Range<f32> = 0.58..0.76;
const PRINT_FOOT: f32 = 0.08;

/// Whether the ink stands as printed digits do.
fn is_print(pieces: &[Piece], size: f32) -> bool {
    // Top and foot of each piece as it was before it was cut.
    let mut whole: Vec<(u32, u32)> = Vec::new();
    for p in pieces {
        let [_, top, _, foot] = p.bounds;
        match whole.last_mut().filter(|_| p.cut) {
            Some(last) => *last = (last.0.min(top), last.1.max(foot)),
            None => whole.push((top, foot)),
        }
    }
    let feet = || whole.iter().map(|w| w.1);
    let apart = feet().max().unwrap_or(0).abs_diff(feet().min().unwrap_or(0)) as f32;
    let height = |w: &(u32, u32)| w.1.saturating_sub(w.0) as f32 / size;
    whole.iter().all(|w| PRINT_HEIGHT.contains(&height(w))) && apart < PRINT_FOOT * size
}

/// The box around the ink on the page.
fn bounds(page: &CleanPage, ink: &FieldInk) -> BBox {
    let least = |side: usize| ink.pieces.iter().map(|p| p.bounds[side]).min().unwrap_or(0) as f32;
    let most = |side: usize| ink.pieces.iter().map(|p| p.bounds[side]).max().unwrap_or(0) as f32;
    let (x, y) = ink.origin;
    page.placement.bbox([x + least(0), y + least(1), x + most(2), y + most(3)])
}

/// Words of the form that were read in all their places bear each other out.
fn confirm(read: &mut [Vec<Word>], found: &HeadLine) {
    for (i, w) in read.iter_mut().flatten().enumerate() {
        let whole =
            |(word, at, n): &(usize, usize, usize)| *word == i && *at == 0 && w.text.chars().count() == *n;
        if found.printed.iter().any(whole) {
            w.confidence = w.confidence.max(PRESCRIBED);
        }
    }
}

/// Carries out a ruling.
fn apply(read: &mut [Vec<Word>], field: &Field, ruling: Ruling, bbox: BBox) {
    // Of the symbol that is one word with the number, the digits say nothing.
    let most = if field.kind == Kind::Number && field.to.1 > 0 { SURE_SYMBOL } else { MOST };
    let (digits, p) = match ruling {
        Ruling::Replaced(digits, p) => (digits, p.min(MOST)),
        Ruling::Stays(p) => return bound(read, field, |c| c.max(p.min(most))),
        Ruling::InDoubt(most) => return bound(read, field, |c| c.min(most)),
    };
    let is_number = field.kind == Kind::Number;
    let prescribed =
        |w: Word| Word { confidence: w.confidence.max(if is_number { 0.0 } else { PRESCRIBED }), ..w };
    let mut index = 0;
    let mut new = Some(word(digits, bbox, p, Origin::Ocr));
    for part in read.iter_mut() {
        let mut words = Vec::with_capacity(part.len() + 1);
        for w in part.drain(..) {
            let here = index;
            index += 1;
            if here < field.from.0 || here > field.to.0 {
                words.push(w);
                continue;
            }
            let head: usize = if here == field.from.0 { field.from.1 } else { 0 };
            let tail = if here == field.to.0 { field.to.1 } else { usize::MAX };
            words.extend(slice(&w, 0, head, None, Some(bbox.x0)).map(&prescribed));
            let after = slice(&w, tail, usize::MAX, Some(bbox.x1), None).map(&prescribed);
            // The number goes before what follows it, glued to it where it was read so.
            if let Some(mut after) = after {
                if let Some(n) = new.take() {
                    if is_number && tail > 0 {
                        after = glue(&n, &after);
                    } else {
                        words.push(n);
                    }
                }
                words.push(after);
            }
        }
        *part = words;
    }
}

/// The letters `from` to `to` of a word as a word, its box cut at the number; nothing if there are none.
fn slice(w: &Word, from: usize, to: usize, x0: Option<f32>, x1: Option<f32>) -> Option<Word> {
    let text: String = w.text.chars().take(to).skip(from).collect();
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let mut bbox = w.bbox?;
    if text.len() < w.text.len() {
        bbox.x0 = x0.map_or(bbox.x0, |x| x.clamp(bbox.x0, bbox.x1));
        bbox.x1 = x1.map_or(bbox.x1, |x| x.clamp(bbox.x0, bbox.x1));
    }
    Some(word(text.to_owned(), bbox, w.confidence, w.origin))
}

/// A number and the symbol that follows it as one word.
fn glue(number: &Word, symbol: &Word) -> Word {
    let bbox = match (number.bbox, symbol.bbox) {
        (Some(a), Some(b)) => a.union(b),
        (a, b) => a.or(b).unwrap_or_default(),
    };
    word(format!("{}{}", number.text, symbol.text), bbox, number.confidence, symbol.origin)
}

/// Changes the confidence of the words that hold the field's reading.
fn bound(read: &mut [Vec<Word>], field: &Field, change: impl Fn(f32) -> f32) {
    for (i, w) in read.iter_mut().flatten().enumerate() {
        let ends_before = i == field.from.0 && field.from.1 >= w.text.chars().count();
        let starts_after = i == field.to.0 && field.to.1 == 0;
        if (field.from.0..=field.to.0).contains(&i) && !ends_before && !starts_after {
            w.confidence = change(w.confidence);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma};

    /// Draws strokes, from point to point, with a pen of 5 pixels.
    fn draw(picture: &mut GrayImage, at: (f32, f32), strokes: &[&[(f32, f32)]]) {
        for pair in strokes.iter().flat_map(|s| s.windows(2)) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            for step in 0..=100 {
                let t = step as f32 / 100.0;
                let (x, y) = (at.0 + x0 + (x1 - x0) * t, at.1 + y0 + (y1 - y0) * t);
                for dy in 0..5 {
                    for dx in 0..5 {
                        picture.put_pixel(x as u32 + dx, y as u32 + dy, Luma([0]));
                    }
                }
            }
        }
    }

    const SEVEN: &[&[(f32, f32)]] = &[&[(0.0, 2.0), (22.0, 0.0), (9.0, 44.0)], &[(3.0, 21.0), (24.0, 20.0)]];
    const ONE: &[&[(f32, f32)]] = &[&[(0.0, 24.0), (13.0, 0.0), (10.0, 44.0)]];
    const FOUR: &[&[(f32, f32)]] = &[&[(6.0, 0.0), (0.0, 26.0), (25.0, 25.0)], &[(19.0, 8.0), (17.0, 46.0)]];

    fn page() -> CleanPage {
        let gray = GrayImage::from_pixel(1600, 2200, Luma([255]));
        CleanPage {
            gray,
            dpi: 200.0,
            steps: Vec::new(),
            placement: Placement::scaled(72.0 / 200.0),
            seals: Vec::new(),
        }
    }

    /// A word in a line whose print is 39 pixels large.
    fn at(page: &CleanPage, text: &str, confidence: f32, x0: f32, x1: f32) -> Word {
        word(text.into(), page.placement.bbox([x0, 300.0, x1, 330.0]), confidence, Origin::Ocr)
    }

    #[test]
    fn a_number_by_hand_takes_the_place_of_what_was_read() {
        let page = page();
        let mut picture = GrayImage::from_pixel(700, 70, Luma([255]));
        draw(&mut picture, (100.0, 12.0), SEVEN);
        draw(&mut picture, (140.0, 12.0), FOUR);
        draw(&mut picture, (180.0, 12.0), ONE);
        let line =
            [PrintLine { rows: (0, picture.height()), picture, left: 200.0, top: 290.0, core: (0.0, 0.0) }];
        let words = vec![at(&page, "Số:", 0.95, 210.0, 262.0), at(&page, "?4{/QĐ-ABC", 0.5, 295.0, 585.0)];
        let (mut read, mut steps) = (vec![words], Vec::new());
        read_by_hand(&page, BlockKind::HeadLeft, &line, &mut read, &mut steps);
        let texts: Vec<&str> = read.iter().flatten().map(|w| w.text.as_str()).collect();
        assert_eq!(texts, ["Số:", "741/QĐ-ABC"], "{steps:?}");
        assert!(steps.iter().any(|s| s.starts_with("digits by hand: 741 (")));
        assert!(read.iter().flatten().all(|w| w.raw == w.text));
    }

    #[test]
    fn a_line_without_room_for_a_number_stays() {
        let page = page();
        let line = [PrintLine {
            picture: GrayImage::new(700, 60),
            left: 200.0,
            top: 300.0,
            rows: (0, 60),
            core: (0.0, 0.0),
        }];
        let words = vec![at(&page, "Độc", 0.9, 210.0, 280.0), at(&page, "lập", 0.9, 290.0, 340.0)];
        let (mut read, mut steps) = (vec![words.clone()], Vec::new());
        read_by_hand(&page, BlockKind::HeadLeft, &line, &mut read, &mut steps);
        assert_eq!((read, steps), (vec![words], Vec::new()));
    }

    #[test]
    fn ink_that_makes_no_number_leaves_the_reading_in_doubt() {
        let page = page();
        let mut picture = GrayImage::from_pixel(1000, 70, Luma([255]));
        for i in 0..4 {
            draw(&mut picture, (300.0, 10.0 + 8.0 * i as f32), &[&[(0.0, 0.0), (60.0, 14.0), (4.0, 22.0)]]);
        }
        let line =
            [PrintLine { rows: (0, picture.height()), picture, left: 200.0, top: 290.0, core: (0.0, 0.0) }];
        let words = vec![
            at(&page, "Vân", 0.9, 210.0, 273.0),
            at(&page, "Hải,", 0.9, 285.0, 352.0),
            at(&page, "ngày", 0.9, 400.0, 475.0),
            at(&page, "12", 0.8, 500.0, 560.0),
            at(&page, "tháng", 0.9, 600.0, 688.0),
            at(&page, "4", 0.9, 710.0, 730.0),
            at(&page, "năm", 0.8, 750.0, 817.0),
            at(&page, "2026", 0.9, 830.0, 908.0),
        ];
        let (mut read, mut steps) = (vec![words], Vec::new());
        read_by_hand(&page, BlockKind::HeadLeft, &line, &mut read, &mut steps);
        let day = &read[0][3];
        assert!(day.confidence < 0.85 || day.text != "12", "{day:?} {steps:?}");
        assert_eq!(read[0][2].confidence, PRESCRIBED);
    }
}
