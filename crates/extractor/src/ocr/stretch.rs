//! The stretches of a line that are worth a second reading: its doubtful words with their neighbours.

use super::OcrWord;
use image::{GrayImage, imageops};
use std::ops::Range;

/// Sure words that go with a doubtful one on either side: an engine reads a word better among words.
const NEIGHBOURS: usize = 1;

/// Where the stretches take more than this share of the line, the line is read as a whole: that costs little more, and
/// keeps all words in their surroundings.
const WHOLE: f32 = 0.7;

/// Columns as light as the lightest of a gap, within this many grey levels, belong to the gap.
const PAPER: u8 = 24;

/// Words of a line and the columns of its picture in which they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub words: Range<usize>,
    pub columns: Range<u32>,
}

/// The stretches of `line` around words below `sure`, from left to right, without overlap; none where all are sure.
pub(crate) fn doubtful(words: &[OcrWord], sure: f32, line: &GrayImage) -> Vec<Stretch> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, _) in words.iter().enumerate().filter(|(_, w)| w.confidence < sure) {
        let range = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(words.len());
        match ranges.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = range.end,
            None => ranges.push(range),
        }
    }
    let stretches: Vec<Stretch> = ranges
        .into_iter()
        .map(|range| Stretch {
            columns: gap_before(words, range.start, line)..gap_before(words, range.end, line),
            words: range,
        })
        .collect();
    let taken: u32 = stretches.iter().map(|s| s.columns.len() as u32).sum();
    let sound = stretches.iter().all(|s| s.columns.len() as u32 >= line.height() / 2);
    if !stretches.is_empty() && (!sound || taken as f32 > WHOLE * line.width() as f32) {
        return vec![Stretch { words: 0..words.len(), columns: 0..line.width() }];
    }
    stretches
}

/// The column in the middle of the white space before the word `at`. The boxes of words are a guess of the engine's, so
/// that the space is looked for in the picture, half a height around the place where they say it is.
pub(crate) fn gap_before(words: &[OcrWord], at: usize, line: &GrayImage) -> u32 {
    let (Some(left), Some(right)) = (at.checked_sub(1).and_then(|b| words.get(b)), words.get(at)) else {
        return if at == 0 { 0 } else { line.width() };
    };
    let reach = line.height() as f32 / 2.0;
    let (end, start) = (left.pixels[2].min(right.pixels[0]), left.pixels[2].max(right.pixels[0]));
    let column = |x: f32| x.clamp(0.0, line.width() as f32) as u32;
    let (from, to) = (column(end - reach), column(start + reach));
    let darkest: Vec<u8> = (from..to)
        .map(|x| (0..line.height()).map(|y| line.get_pixel(x, y)[0]).min().unwrap_or(255))
        .collect();
    let paper = darkest.iter().max().map_or(0, |d| d.saturating_sub(PAPER));
    let (mut best, mut run) = (0..0, 0..0);
    for (i, _) in darkest.iter().enumerate().filter(|(_, d)| **d >= paper) {
        run = if i == run.end { run.start..i + 1 } else { i..i + 1 };
        if run.len() > best.len() {
            best = run.clone();
        }
    }
    from + (best.start + best.end) as u32 / 2
}

/// The part of `line` in which `stretch` stands, cut within the white space around it: wider margins are read as strokes.
pub(crate) fn picture(line: &GrayImage, stretch: &Stretch) -> GrayImage {
    let Range { start, end } = stretch.columns;
    imageops::crop_imm(line, start, 0, end.saturating_sub(start), line.height()).to_image()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// Words of 40 × 20 pixels, ten apart, on a line of 24 rows; their boxes say that each ends four pixels early.
    fn line(confidences: &[f32]) -> (Vec<OcrWord>, GrayImage) {
        let mut picture = GrayImage::from_pixel(10 + 50 * confidences.len() as u32, 24, Luma([240]));
        let mut words = Vec::new();
        for (i, confidence) in confidences.iter().enumerate() {
            let x = 10 + 50 * i as u32;
            for (dx, y) in (0..40).flat_map(|dx| (2..22).map(move |y| (dx, y))) {
                picture.put_pixel(x + dx, y, Luma([20]));
            }
            let pixels = [x as f32, 2.0, x as f32 + 36.0, 22.0];
            words.push(OcrWord { text: "w".into(), confidence: *confidence, pixels, ..OcrWord::default() });
        }
        (words, picture)
    }

    #[test]
    fn a_doubtful_word_is_cut_out_with_its_neighbours() {
        let (words, picture_of_line) = line(&[0.95, 0.95, 0.95, 0.6, 0.95, 0.95, 0.95, 0.95]);
        let stretches = doubtful(&words, 0.9, &picture_of_line);
        assert_eq!(stretches, [Stretch { words: 2..5, columns: 105..255 }]);
        let cut = picture(&picture_of_line, &stretches[0]);
        assert_eq!(cut.dimensions(), (150, 24));
        assert_eq!((cut.get_pixel(4, 10)[0], cut.get_pixel(5, 10)[0]), (240, 20));
    }

    #[test]
    fn near_ones_are_joined_and_many_are_the_whole_line() {
        let (words, picture) = line(&[0.6, 0.95, 0.95, 0.6, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95]);
        assert_eq!(doubtful(&words, 0.9, &picture), [Stretch { words: 0..5, columns: 0..255 }]);
        let (words, picture) = line(&[0.6, 0.6, 0.95, 0.95]);
        assert_eq!(doubtful(&words, 0.9, &picture), [Stretch { words: 0..4, columns: 0..picture.width() }]);
        let (words, picture) = line(&[0.95, 0.95]);
        assert!(doubtful(&words, 0.9, &picture).is_empty());
    }

    #[test]
    fn words_without_space_between_them_are_no_reason_to_fail() {
        let black = GrayImage::from_pixel(30, 24, Luma([0]));
        let word = |x0: f32, x1: f32, confidence| OcrWord {
            text: "w".into(),
            confidence,
            pixels: [x0, 0.0, x1, 24.0],
            ..OcrWord::default()
        };
        let words =
            [word(0.0, 10.0, 0.95), word(10.0, 10.0, 0.95), word(10.0, 12.0, 0.5), word(900.0, 950.0, 0.95)];
        for stretch in doubtful(&words, 0.9, &black) {
            assert!(picture(&black, &stretch).width() >= 12);
        }
        assert!(doubtful(&words, 0.4, &GrayImage::new(0, 0)).is_empty());
        assert_eq!(doubtful(&words, 0.9, &GrayImage::new(0, 0)).len(), 1);
    }
}
