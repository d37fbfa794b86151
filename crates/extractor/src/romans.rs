//! Roman numbers of ones, counted.
//!
//! An engine that reads a line as a sequence takes equal letters side by side for one: III becomes II with confidence, and
//! the third quarter the second. The strokes are counted where they stand.

use crate::layout::PrintLine;
use crate::ocr::{OcrWord, gap_before};
use image::GrayImage;

/// Of the height of a stroke, from its top, the rows where only strokes are, no serifs.
const BODY: (f32, f32) = (0.2, 0.8);

/// A column is in a stroke if so much of it is dark there; a slash leans and is in none.
const SOLID: f32 = 0.85;

/// How far the middles of two strokes lie apart, in heights of a stroke: 0.5 in Times.
const APART: std::ops::RangeInclusive<f32> = 0.3..=0.72;

/// Width of a stroke, in its heights.
const WIDEST: f32 = 0.34;

/// Lowest stroke that is looked at, in pixels.
const LOWEST: u32 = 10;

/// Where words were read as I or II and more strokes stand there, makes them the number that stands there. What was read is
/// never made less.
pub(crate) fn count(line: &PrintLine, words: &mut [OcrWord]) {
    for index in 0..words.len() {
        let after_quarter =
            index.checked_sub(1).and_then(|i| words.get(i)).is_some_and(|w| is_quarter(&w.text));
        let Some(read) = words.get(index).and_then(|w| ones(&w.text, after_quarter)) else { continue };
        let columns = gap_before(words, index, &line.picture)..gap_before(words, index + 1, &line.picture);
        let Some(found) = strokes(line, columns) else { continue };
        if let Some(word) = words.get_mut(index)
            && (read.strokes + 1..=3).contains(&found)
        {
            let letters = word.text.chars();
            let (before, after) = (letters.clone().take(read.from), letters.skip(read.from + read.letters));
            word.text = before.chain("III".chars().take(found)).chain(after).collect();
            word.readings.clear();
        }
    }
}

fn is_quarter(word: &str) -> bool {
    word.to_lowercase().trim_start_matches(|c: char| !c.is_alphabetic()) == "quý"
}

/// A Roman number of ones as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ones {
    /// Its first letter in the word, and how many it has.
    from: usize,
    letters: usize,
    /// How many strokes these letters have; none where they are no such number in any case.
    strokes: usize,
}

/// The Roman number of ones with which a word begins, before its end or a sign: I, II, and what these are taken for: l, |,
/// and H for two whose serifs touch. After a word for quarters 1 is taken for I, too.
fn ones(word: &str, after_quarter: bool) -> Option<Ones> {
    let from = word.chars().take_while(|c| "(\"“'".contains(*c)).count();
    let is_one = |c: &char| "Il|H".contains(*c) || after_quarter && *c == '1';
    let number: String = word.chars().skip(from).take_while(is_one).collect();
    let letters = number.len();
    let ends = word.chars().nth(from + letters).is_none_or(|c| "./,;:)-–\"”'".contains(c));
    let is_number = number.contains('I') || after_quarter;
    let strokes = if number.contains('H') || number == "11" { 0 } else { letters };
    (ends && is_number && (1..=2).contains(&letters)).then_some(Ones { from, letters, strokes })
}

/// How many strokes of one height stand side by side from the first ink of these columns on.
fn strokes(line: &PrintLine, columns: std::ops::Range<u32>) -> Option<usize> {
    let (ink, paper) = line.shades()?;
    let picture = &line.picture;
    let limit = (ink + paper) / 2.0;
    let dark = |x: u32, y: u32| picture.get_pixel_checked(x, y).is_some_and(|p| f32::from(p[0]) < limit);
    let middle = ((line.core.0 + line.core.1) / 2.0) as u32;
    let columns = columns.start..columns.end.min(picture.width());
    let first = columns.clone().find(|&x| dark(x, middle))?;
    let (top, bottom) = extent(picture, first, middle, dark);
    let height = bottom - top;
    if height < LOWEST {
        return None;
    }
    let at = |share: f32| top + (height as f32 * share) as u32;
    let body = at(BODY.0)..at(BODY.1).max(at(BODY.0) + 1);
    let solid = |x: u32| {
        let black = body.clone().filter(|&y| dark(x, y)).count();
        black as f32 >= SOLID * body.len() as f32
    };
    let mut middles: Vec<f32> = Vec::new();
    let mut x = first.saturating_sub(2);
    while x < columns.end {
        let width = (x..columns.end).take_while(|&x| solid(x)).count() as u32;
        if width == 0 {
            x += 1;
            continue;
        }
        let here = x as f32 + width as f32 / 2.0;
        let is_next = middles.last().is_none_or(|last| APART.contains(&((here - last) / height as f32)));
        if !is_next || width as f32 > WIDEST * height as f32 {
            break;
        }
        middles.push(here);
        x += width;
    }
    Some(middles.len())
}

/// Top and bottom, half-open, of the ink that goes up and down from a place.
fn extent(picture: &GrayImage, x: u32, y: u32, dark: impl Fn(u32, u32) -> bool) -> (u32, u32) {
    let near = |y: u32| (x..x + 3).any(|x| dark(x, y));
    let top = (0..=y).rev().take_while(|&y| near(y)).last().unwrap_or(y);
    let bottom = (y..picture.height()).take_while(|&y| near(y)).last().unwrap_or(y) + 1;
    (top, bottom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// A line with so many strokes with serifs, then a slash and a box for a number.
    fn line(strokes: u32) -> PrintLine {
        let mut picture = GrayImage::from_pixel(120, 50, Luma([250]));
        let mut fill = |x: u32, y: u32, w: u32, h: u32| {
            for (x, y) in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
                picture.put_pixel(x, y, Luma([10]));
            }
        };
        for i in 0..strokes {
            let x = 10 + 12 * i;
            fill(x + 3, 12, 4, 24);
            fill(x, 12, 10, 2);
            fill(x, 34, 10, 2);
        }
        let after = 10 + 12 * strokes;
        (0..24).for_each(|i| fill(after + i * 8 / 24, 35 - i, 3, 1));
        fill(after + 14, 12, 12, 24);
        PrintLine { rows: (0, 50), picture, left: 0.0, top: 0.0, core: (20.0, 36.0) }
    }

    fn counted(strokes: u32, text: &str) -> String {
        let word = OcrWord {
            text: text.into(),
            confidence: 0.8,
            pixels: [8.0, 10.0, 90.0, 38.0],
            ..OcrWord::default()
        };
        let mut words = [word];
        count(&line(strokes), &mut words);
        let [word] = words;
        word.text
    }

    #[test]
    fn a_stroke_that_was_lost_is_found() {
        assert_eq!(counted(3, "II/2026."), "III/2026.");
        assert_eq!(counted(2, "(I/26"), "(II/26");
        assert_eq!(counted(3, "HI."), "III.");
        assert_eq!(counted(3, "l|/2"), "l|/2");
    }

    #[test]
    fn what_was_read_right_stays_and_nothing_becomes_less() {
        for (strokes, text) in
            [(3, "III/2026"), (2, "II/2026"), (1, "I/2026"), (1, "II/2026"), (3, "11/2026")]
        {
            assert_eq!(counted(strokes, text), text);
        }
    }

    #[test]
    fn numbers_of_ones_are_told_from_words() {
        let read = |word, after_quarter| ones(word, after_quarter).map(|o| (o.from, o.letters, o.strokes));
        assert_eq!(read("II.", false), Some((0, 2, 2)));
        assert_eq!(read("(I/2026", false), Some((1, 1, 1)));
        assert_eq!(read("1/2026", true), Some((0, 1, 1)));
        assert_eq!(read("11/2026", true), Some((0, 2, 0)));
        assert_eq!(read("HI", false), Some((0, 2, 0)));
        for word in ["1/2026", "IV", "Inox", "l", "III", "11", "là"] {
            assert_eq!(ones(word, false), None, "{word}");
        }
    }
}
