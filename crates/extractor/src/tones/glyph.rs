//! The picture of a letter in its line, as the net sees it.

use crate::layout::PrintLine;
use crate::net::SIDE;
use crate::ocr::{OcrWord, gap_before};
use image::GrayImage;

/// Font sizes in heights of small letters, of fonts with serifs such as Times.
const EMS_PER_X: f32 = 2.2;

/// What the net sees, in ems: this much from side to side ...
const WIDTH: f32 = 0.95;

/// ... and from above the foot of the line to below it: two marks above a letter, and a dot below.
const ABOVE: f32 = 1.08;
const BELOW: f32 = 0.28;

/// A word is as wide as its letters are in Times, but for this factor: else it was not found where it is.
const FITS: std::ops::Range<f32> = 0.65..1.5;

/// A line of print and its shades.
pub(super) struct Sheet<'a> {
    line: &'a PrintLine,
    em: f32,
    /// Brightness of ink and of paper.
    ink: f32,
    paper: f32,
}

impl<'a> Sheet<'a> {
    /// The line; none where it has no ink, or its letters no height.
    pub fn of(line: &'a PrintLine) -> Option<Self> {
        let (ink, paper) = line.shades()?;
        let em = EMS_PER_X * (line.core.1 - line.core.0);
        (em > 8.0).then_some(Self { line, em, ink, paper })
    }

    /// What the net sees of letter `at` of word `index`, 0 paper to 1 ink, row by row; none where the word does not stand
    /// where it should.
    pub fn letter(&self, words: &[OcrWord], index: usize, at: usize) -> Option<Vec<f32>> {
        let word = words.get(index)?;
        let picture = &self.line.picture;
        let (from, to) = (gap_before(words, index, picture), gap_before(words, index + 1, picture));
        let middle = (self.ink + self.paper) / 2.0;
        let rows = self.line.core.0.max(0.0) as u32..(self.line.core.1.max(0.0) as u32).min(picture.height());
        let dark = |x: &u32| rows.clone().any(|y| f32::from(picture.get_pixel(*x, y)[0]) < middle);
        let left = (from..to.min(picture.width())).find(dark)?;
        let right = (left..to.min(picture.width())).rev().find(dark)? + 1;
        let widths: Vec<f32> = word.text.chars().map(width).collect();
        let all: f32 = widths.iter().sum();
        let wide = (right - left) as f32;
        if !FITS.contains(&(wide / (all * self.em))) {
            return None;
        }
        let before: f32 = widths.iter().take(at).sum();
        let centre = left as f32 + wide * (before + widths.get(at)? / 2.0) / all;
        Some(self.seen(centre))
    }

    /// What stands around column `centre`.
    fn seen(&self, centre: f32) -> Vec<f32> {
        let (step_x, step_y) = (WIDTH * self.em / SIDE as f32, (ABOVE + BELOW) * self.em / SIDE as f32);
        let (left, top) = (centre - WIDTH * self.em / 2.0, self.line.core.1 - ABOVE * self.em);
        let shade = |v: f32| ((self.paper - v) / (self.paper - self.ink)).clamp(0.0, 1.0);
        let mut seen = Vec::with_capacity(SIDE * SIDE);
        for y in 0..SIDE {
            for x in 0..SIDE {
                let at = (left + x as f32 * step_x, top + y as f32 * step_y);
                seen.push(shade(mean(&self.line.picture, at, (step_x, step_y))));
            }
        }
        seen
    }
}

/// The mean brightness of a rectangle of a picture; beside it there is white paper.
fn mean(picture: &GrayImage, (left, top): (f32, f32), (width, height): (f32, f32)) -> f32 {
    let (mut sum, mut area) = (0.0, 0.0);
    let (right, bottom) = (left + width, top + height);
    for y in top.floor() as i64..bottom.ceil() as i64 {
        let high = bottom.min(y as f32 + 1.0) - top.max(y as f32);
        for x in left.floor() as i64..right.ceil() as i64 {
            let part = high * (right.min(x as f32 + 1.0) - left.max(x as f32));
            let inside = u32::try_from(x).ok().zip(u32::try_from(y).ok());
            let pixel = inside.and_then(|(x, y)| picture.get_pixel_checked(x, y));
            sum += part * pixel.map_or(255.0, |p| f32::from(p[0]));
            area += part;
        }
    }
    if area > 0.0 { sum / area } else { 255.0 }
}

/// Widths of letters in ems, as Times has them (Adobe Font Metrics of Times Roman).
fn width(letter: char) -> f32 {
    use unicode_normalization::UnicodeNormalization;
    match std::iter::once(letter).nfd().next().unwrap_or(letter) {
        'i' | 'j' | 'l' | 't' => 0.278,
        'f' | 'r' | 'I' => 0.333,
        's' | 'J' => 0.389,
        'a' | 'c' | 'e' | 'z' => 0.444,
        'm' => 0.778,
        'w' => 0.722,
        'P' | 'S' => 0.556,
        'E' | 'L' | 'T' | 'Z' => 0.611,
        'B' | 'C' | 'R' => 0.667,
        'M' => 0.889,
        'W' => 0.944,
        c if c.is_uppercase() => 0.722,
        '.' | ',' => 0.25,
        ';' | ':' | '/' => 0.278,
        '(' | ')' | '-' | '!' | '[' | ']' | '\'' => 0.333,
        '"' | '“' | '”' => 0.43,
        _ => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_letter_fills_its_place_whatever_the_resolution() {
        for scale in [1_u32, 2, 3] {
            // Three letters of 10 pixels each at an em of 22, parted by a pixel; the middle one has a mark above.
            let mut picture = GrayImage::from_pixel(60 * scale, 40 * scale, Luma([250]));
            let mut fill = |x: u32, y: u32, w: u32, h: u32| {
                for (px, py) in (0..w * scale).flat_map(|dx| (0..h * scale).map(move |dy| (dx, dy))) {
                    picture.put_pixel(x * scale + px, y * scale + py, Luma([10]));
                }
            };
            (0..3).for_each(|i| fill(10 + 11 * i, 20, 10, 10));
            fill(24, 12, 4, 4);
            let s = scale as f32;
            let line = PrintLine {
                rows: (0, picture.height()),
                picture,
                left: 0.0,
                top: 0.0,
                core: (20.0 * s, 30.0 * s),
            };
            let word = OcrWord {
                text: "nọn".into(),
                confidence: 0.9,
                pixels: [8.0 * s, 10.0 * s, 45.0 * s, 32.0 * s],
                ..OcrWord::default()
            };
            let seen = Sheet::of(&line).unwrap().letter(&[word], 0, 1).unwrap();
            let ink = |x: usize, y: usize| seen[y * SIDE + x];
            assert!(ink(14, 18) > 0.9 && ink(14, 8) > 0.9, "{seen:?}");
            assert!(ink(14, 3) < 0.1 && ink(2, 8) < 0.1 && ink(14, 26) < 0.1);
        }
    }
}
