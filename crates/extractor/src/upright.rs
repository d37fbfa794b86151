//! Pages that lie on their side or stand on their head: found by reading, and turned.
//!
//! A page that makes sense as it stands costs nothing. One that does not is read by a few of its lines in each of the
//! other three ways; it is turned only where one of them makes plain sense.

use crate::clean::{clean, deskew};
use crate::error::ExtractError;
use crate::layout;
use crate::ocr::Reader;
use crate::page::{PageReading, read_picture};
use crate::picture::{Picture, Pixels};
use crate::verdict::holds_syllable;
use image::imageops;
use vanthu_model::BlockKind;

/// Words read more surely than this on the mean are what they seem, in whatever language: upside down they reach 0.5.
const SURE: f32 = 0.85;

/// A word must be read as surely as this to speak for the way the page is held.
const HEARD: f32 = 0.6;

/// A page of which at least this share of the letters are in sure syllables stands upright ...
const SENSE: f32 = 0.5;

/// ... and this share is asked of the lines of a page that is to be turned.
const PLAIN_SENSE: f32 = 0.7;

/// So many letters at least must speak for turning a page.
const LETTERS: usize = 24;

/// So many of its longest lines are read each way.
const LINES: usize = 8;

/// Reads a page picture, turned by a right angle or two where it makes sense only so.
pub(crate) fn read_upright(picture: Picture, reader: &mut impl Reader) -> Result<PageReading, ExtractError> {
    let reading = read_picture(picture.clone(), reader)?;
    if makes_sense(&reading) || !has_print(&picture) {
        return Ok(reading);
    }
    let mut best: Option<(Sense, u8, Picture)> = None;
    for quarters in 1..=3 {
        let turned = picture.turned(quarters);
        let sense = sample(turned.clone(), reader)?;
        let plain = sense.sure >= LETTERS && sense.share() >= PLAIN_SENSE;
        if plain && best.as_ref().is_none_or(|(b, ..)| sense.sure > b.sure) {
            best = Some((sense, quarters, turned));
        }
    }
    let Some((_, quarters, turned)) = best else { return Ok(reading) };
    let mut reading = read_picture(turned, reader)?;
    reading.page.turned = 90 * u16::from(quarters);
    reading.page.steps.insert(0, format!("turn {}", reading.page.turned));
    Ok(reading)
}

/// Letters that were read, and those of them in syllables that were read surely.
#[derive(Debug, Clone, Copy, Default)]
struct Sense {
    letters: usize,
    sure: usize,
}

impl Sense {
    fn hear(&mut self, word: &str, confidence: f32) {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        self.letters += letters;
        if confidence >= HEARD && holds_syllable(word) {
            self.sure += letters;
        }
    }

    fn share(self) -> f32 {
        self.sure as f32 / self.letters.max(1) as f32
    }
}

/// Whether a page as read needs no other look. What was taken for writing by hand counts: so print upside down is read.
fn makes_sense(reading: &PageReading) -> bool {
    let words = || reading.page.blocks.iter().flat_map(|b| &b.lines).flat_map(|l| &l.words);
    let count = words().count();
    let mean = words().map(|w| w.confidence).sum::<f32>() / count.max(1) as f32;
    let mut sense = Sense::default();
    words().for_each(|w| sense.hear(&w.text, w.confidence));
    let by_hand = reading.page.regions.iter().filter(|r| r.kind == BlockKind::Handwriting);
    by_hand.for_each(|r| sense.letters += r.text.chars().filter(|c| c.is_alphabetic()).count());
    (count > 0 && mean >= SURE) || (sense.letters > 0 && sense.share() >= SENSE)
}

/// Whether there is more on the page than specks.
fn has_print(picture: &Picture) -> bool {
    match &picture.pixels {
        Pixels::Gray(gray) => deskew::skew(gray, picture.dpi),
        Pixels::Rgb(rgb) => deskew::skew(&imageops::grayscale(rgb), picture.dpi),
    }
    .is_some()
}

/// What the longest lines of a page make of it.
fn sample(picture: Picture, reader: &mut impl Reader) -> Result<Sense, ExtractError> {
    let page = clean(picture);
    let found = layout::regions(&page, &mut Vec::new());
    let mut lines: Vec<_> = found.regions.iter().flat_map(|r| &r.lines).flatten().collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.picture.width()));
    let mut sense = Sense::default();
    for line in lines.into_iter().take(LINES) {
        for word in reader.read_line(&line.picture, page.dpi)? {
            sense.hear(&word.text, word.confidence);
        }
    }
    Ok(sense)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::OcrWord;
    use image::{GrayImage, Luma};

    /// Reads lines of blocks that bear dots above them; whatever else it sees it does not understand.
    struct Dots;

    impl Reader for Dots {
        fn read_line(&mut self, line: &GrayImage, _: f32) -> Result<Vec<OcrWord>, ExtractError> {
            let ink = |rows: std::ops::Range<u32>| {
                rows.flat_map(|y| (0..line.width()).map(move |x| (x, y)))
                    .filter(|&(x, y)| line.get_pixel(x, y)[0] < 128)
                    .count()
            };
            let rows: Vec<u32> = (0..line.height()).filter(|y| ink(*y..y + 1) > 0).collect();
            let (Some(&top), Some(&foot)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
            let (above, below) = (ink(top..top + 4), ink(foot.saturating_sub(3)..foot + 1));
            let wide = line.width() > 4 * line.height();
            let (text, confidence) =
                if wide && below > 2 * above { ("nghiêm", 0.95) } else { ("rnQịx", 0.4) };
            let step = line.width() as f32 / 8.0;
            let word = |i: usize| OcrWord {
                text: text.into(),
                confidence,
                pixels: [i as f32 * step, top as f32, (i as f32 + 0.8) * step, foot as f32],
                ..OcrWord::default()
            };
            Ok((0..8).map(word).collect())
        }
    }

    fn page() -> Picture {
        let mut gray = GrayImage::from_pixel(1240, 1754, Luma([250]));
        let mut fill = |x: u32, y: u32, w: u32, h: u32| {
            for (px, py) in (x..x + w).flat_map(|px| (y..y + h).map(move |py| (px, py))) {
                gray.put_pixel(px, py, Luma([10]));
            }
        };
        for y in (200..1500).step_by(60) {
            for i in 0..34 {
                fill(150 + i * 24 + i / 5 * 16, y, 18, 20);
                if i % 3 == 0 {
                    fill(156 + i * 24 + i / 5 * 16, y - 9, 5, 5);
                }
            }
        }
        Picture::new(Pixels::Gray(gray), Some(150.0))
    }

    #[test]
    fn a_page_is_turned_the_way_it_makes_sense() {
        for quarters in 0..4u8 {
            let lying = page().turned(4 - quarters);
            let reading = read_upright(lying, &mut Dots).unwrap();
            assert_eq!(reading.page.turned, 90 * u16::from(quarters));
            let first = &reading.page.blocks[0].lines[0].words[0];
            assert_eq!(first.text, "nghiêm");
            let (width, height) = (reading.page.width.unwrap(), reading.page.height.unwrap());
            assert!(height > width, "its measures are those of the page that stands upright");
            assert!(first.bbox.unwrap().y0 < height / 4.0);
        }
    }

    #[test]
    fn a_page_that_makes_sense_no_way_stays_as_it_is() {
        let mut blocks = page();
        if let Pixels::Gray(gray) = &mut blocks.pixels {
            imageops::invert(gray);
        }
        assert_eq!(read_upright(blocks, &mut Dots).unwrap().page.turned, 0);
        let blank = Picture::new(Pixels::Gray(GrayImage::from_pixel(1240, 1754, Luma([250]))), Some(150.0));
        assert_eq!(read_upright(blank, &mut Dots).unwrap().page.turned, 0);
    }
}
