//! Registry stamps of the office that received a document ("ĐẾN Giờ ... Ngày ..."), told by what was read in them: their
//! frames are often broken, or cross the print of head and title.

use super::kinds::plain;
use std::sync::LazyLock;
use vanthu_model::{BBox, Word};

/// Words of such stamps as [`plain`] text, by what they prove.
struct Signs {
    full: Vec<String>,
    begin: Vec<String>,
    near: Vec<String>,
}

static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    let mut signs = Signs { full: Vec::new(), begin: Vec::new(), near: Vec::new() };
    for line in include_str!("../../../../dictionaries/registry_stamps.tsv").lines() {
        match line.split_once('\t') {
            Some(("full", words)) => signs.full.push(plain([words])),
            Some(("begin", words)) => signs.begin.push(plain([words])),
            Some(("near", words)) => signs.near.push(plain([words])),
            _ => {}
        }
    }
    signs
});

/// Registry stamps stand on the left of the upper half: shares of the page's width and height.
const RIGHT: f32 = 0.45;
const BOTTOM: f32 = 0.5;

/// How far the rest of a stamp lies above and below the words that tell it, in points.
const ABOVE: f32 = 16.0;
const BELOW: f32 = 34.0;

/// Ink in the stamp read surer than this is print that the stamp lies over, unless it says what stamps say.
const SURE: f32 = 0.8;

/// The longest part that begins with the word for "received", in letters.
const SHORT: usize = 24;

/// The boxes of the registry stamps among `parts`, each what was read of one run of print on a page of `size` points.
pub(crate) fn registry_stamps<'w>(parts: impl Iterator<Item = &'w [Word]>, size: (f32, f32)) -> Vec<BBox> {
    let parts: Vec<(BBox, String, f32)> = parts
        .filter_map(|words| Some((bounds(words)?, said(words), confidence(words))))
        .filter(|(b, ..)| b.x1 < RIGHT * size.0 && b.y1 < BOTTOM * size.1)
        .collect();
    let mut boxes: Vec<BBox> = Vec::new();
    for (b, text, sure) in &parts {
        let full = SIGNS.full.iter().any(|s| text.contains(s));
        let begins = text.len() <= SHORT && SIGNS.begin.iter().any(|s| text.starts_with(s));
        let near = || {
            let others = parts.iter().filter(|(o, ..)| o != b && o.y1 > b.y0 - ABOVE && o.y0 < b.y1 + ABOVE);
            others.into_iter().any(|(_, t, _)| SIGNS.near.iter().any(|s| t.contains(s)))
        };
        if full || begins && (*sure < SURE || near()) {
            let reach = BBox { x0: 0.0, y0: b.y0 - ABOVE, x1: b.x1.max(0.3 * size.0), y1: b.y1 + BELOW };
            match boxes.iter_mut().find(|known| known.y0 < reach.y1 && reach.y0 < known.y1) {
                Some(known) => *known = known.union(reach),
                None => boxes.push(reach),
            }
        }
    }
    boxes
}

/// Whether `words`, one run of print, were read in the stamp, rather than being print that the stamp lies over.
pub(crate) fn in_stamp(words: &[Word], stamp: &BBox) -> bool {
    let Some(b) = bounds(words) else { return false };
    let middle = (b.y0 + b.y1) / 2.0;
    if !(stamp.y0..stamp.y1).contains(&middle) || b.x1 > stamp.x1 + 0.15 * (stamp.x1 - stamp.x0) {
        return false;
    }
    let text = said(words);
    let says = |signs: &[String]| signs.iter().any(|s| text.contains(s));
    confidence(words) < SURE
        || says(&SIGNS.full)
        || SIGNS.begin.iter().any(|s| text.starts_with(s))
        || says(&SIGNS.near) && !text.starts_with("so")
}

/// Whether `words` stand right above the frame of a stamp, no wider than it, and say what stamps say: the upper rules of
/// frames are often broken.
pub(crate) fn heads_frame(words: &[Word], frame: &BBox) -> bool {
    let Some(b) = bounds(words) else { return false };
    let middle = (b.y0 + b.y1) / 2.0;
    let slack = 0.05 * (frame.x1 - frame.x0);
    let text = said(words);
    (frame.y0 - ABOVE..frame.y0).contains(&middle)
        && b.x0 > frame.x0 - slack
        && b.x1 < frame.x1 + slack
        && [&SIGNS.full, &SIGNS.begin, &SIGNS.near].iter().any(|signs| signs.iter().any(|s| text.contains(s)))
        && !text.starts_with("so")
}

/// Below this a word at the edge of a stamp was read from the stamp's own ink.
const SCRAP: f32 = 0.6;

/// Takes the words off the beginning of a line that were read from `stamp`, which reaches into it.
pub(crate) fn drop_stamped(words: &mut Vec<Word>, stamp: &BBox) {
    let in_stamp = |w: &Word| {
        let inside = |b: BBox| {
            let middle = (b.y0 + b.y1) / 2.0;
            (stamp.y0..stamp.y1).contains(&middle) && b.x1 < stamp.x1
        };
        w.confidence < SCRAP && w.bbox.is_some_and(inside)
    };
    let scraps = words.iter().take_while(|w| in_stamp(w)).count();
    words.drain(..scraps);
}

fn confidence(words: &[Word]) -> f32 {
    words.iter().map(|w| w.confidence).sum::<f32>() / words.len().max(1) as f32
}

fn said(words: &[Word]) -> String {
    plain(words.iter().map(|w| w.text.as_str()))
}

fn bounds(words: &[Word]) -> Option<BBox> {
    words.iter().filter_map(|w| w.bbox).reduce(BBox::union)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::word;
    use vanthu_model::Origin;

    fn part(text: &str, x: f32, y: f32, confidence: f32) -> Vec<Word> {
        let mut x0 = x;
        let mut words = Vec::new();
        for t in text.split(' ') {
            let x1 = x0 + 6.0 * t.chars().count() as f32;
            words.push(word(t.into(), BBox { x0, y0: y, x1, y1: y + 12.0 }, confidence, Origin::Ocr));
            x0 = x1 + 4.0;
        }
        words
    }

    #[test]
    fn a_stamp_is_told_by_its_words_and_the_print_beside_it_stays() {
        let size = (595.0, 842.0);
        let page = [
            part("SỞ THỦY LỢI", 80.0, 60.0, 0.95),
            part("Số: 12/SYT-VP", 80.0, 110.0, 0.95),
            part("PHÒNG ĐIỆN TỬ", 50.0, 140.0, 0.9),
            part("ĐẾN Sử t", 50.0, 154.0, 0.6),
            part("Ngày 1l.4", 80.0, 166.0, 0.4),
            part("Kết luận của Giám đốc tại buổi họp", 200.0, 166.0, 0.9),
        ];
        let stamps = registry_stamps(page.iter().map(Vec::as_slice), size);
        assert_eq!(stamps.len(), 1);
        let left: Vec<bool> = page.iter().map(|p| in_stamp(p, &stamps[0])).collect();
        assert_eq!(left, [false, false, true, true, true, false]);
    }

    #[test]
    fn the_name_over_a_frame_belongs_to_the_stamp() {
        let frame = BBox { x0: 50.0, y0: 148.0, x1: 174.0, y1: 186.0 };
        assert!(heads_frame(&part("CỔNG ĐIỆN TỬ TỈNH", 55.0, 134.0, 0.9), &frame));
        assert!(!heads_frame(&part("Số: 12/VP-ĐIỆN TỬ", 55.0, 134.0, 0.9), &frame));
        assert!(!heads_frame(&part("ngày hội của thanh niên tỉnh", 55.0, 134.0, 0.9), &frame));
        assert!(!heads_frame(&part("CỔNG ĐIỆN TỬ", 55.0, 110.0, 0.9), &frame));
    }

    #[test]
    fn scraps_of_a_stamp_are_taken_off_a_line() {
        let stamp = BBox { x0: 0.0, y0: 130.0, x1: 180.0, y1: 210.0 };
        let mut line = part("Kx 9L VỀ KHO", 60.0, 166.0, 0.9);
        for w in &mut line[..2] {
            w.confidence = 0.2;
        }
        drop_stamped(&mut line, &stamp);
        assert_eq!(line.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["VỀ", "KHO"]);
        let mut below = part("Kx 9L", 60.0, 366.0, 0.2);
        drop_stamped(&mut below, &stamp);
        assert_eq!(below.len(), 2);
    }

    #[test]
    fn what_is_said_to_come_is_no_stamp() {
        let page = [part("đến năm 2030", 60.0, 300.0, 0.9), part("Kính gửi:", 200.0, 250.0, 0.9)];
        assert!(registry_stamps(page.iter().map(Vec::as_slice), (595.0, 842.0)).is_empty());
    }
}
