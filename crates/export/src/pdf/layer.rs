//! The text of a page as invisible print over its picture.

use super::font::{ADVANCE, ASCENT, Codes, DESCENT};
use crate::parts::{Part, parts};
use std::fmt::Write;
use vanthu_model::{BBox, Line, Page};

/// Steeper lines are no lines: the boxes lie.
const STEEPEST: f32 = 0.1;

/// White between words, in parts of the size of letters: readers take words that touch for one.
const GAP: f32 = 0.2;

/// Operators that write the words of a page invisibly, each over its box. The page's own measure is that of the record:
/// points from the lower left corner; `matrix` leads from there to the measure of the PDF page.
pub(crate) fn layer(page: &Page, codes: &Codes, font: &str, matrix: [f32; 6]) -> Vec<u8> {
    let height = page.height.unwrap_or(0.0);
    let [a, b, c, d, e, f] = matrix;
    let mut out = format!("q {a:.5} {b:.5} {c:.5} {d:.5} {e:.3} {f:.3} cm BT 3 Tr\n");
    for line in page.blocks.iter().flat_map(|b| &b.lines) {
        let words: Vec<(Part<'_>, BBox)> =
            line.words.iter().flat_map(parts).filter_map(|p| Some((p, sound(p.bbox?)?))).collect();
        let foot = Foot::of(line);
        let size = foot.size;
        // Boxes of neighbours may overlap; print never does.
        let mut free = f32::MIN;
        for (i, (part, b)) in words.iter().enumerate() {
            let y = height - foot.at((b.x0 + b.x1) / 2.0) + size * DESCENT;
            let start = b.x0.max(free);
            let width = (b.x1 - start).max(GAP * size);
            let next = words.get(i + 1).map(|(_, next)| next.x0);
            let end = next.map_or(start + width, |next| {
                (start + width).min((next - GAP * size).max(start + width / 2.0))
            });
            free = end + GAP * size;
            show(&mut out, codes, font, part.text, size, end - start, (start, y));
            if let Some(next) = next {
                // The blank fills the white between the words.
                show(&mut out, codes, font, " ", size, (next - end).max(GAP * size), (end, y));
            }
        }
    }
    out.push_str("ET Q\n");
    out.into_bytes()
}

fn sound(b: BBox) -> Option<BBox> {
    let finite = [b.x0, b.y0, b.x1, b.y1].iter().all(|v| v.is_finite());
    (finite && b.x1 > b.x0 && b.y1 > b.y0).then_some(b)
}

fn show(out: &mut String, codes: &Codes, font: &str, text: &str, size: f32, width: f32, (x, y): (f32, f32)) {
    let bytes = codes.encode(text);
    if bytes.is_empty() {
        return;
    }
    let natural = (bytes.len() / 2) as f32 * size * ADVANCE as f32 / 1000.0;
    let stretch = (width / natural * 100.0).clamp(0.1, 10_000.0);
    // Writing into a String cannot fail.
    let _ = write!(out, "/{font} {size:.2} Tf {stretch:.2} Tz 1 0 0 1 {x:.2} {y:.2} Tm <");
    for byte in bytes {
        let _ = write!(out, "{byte:02X}");
    }
    out.push_str("> Tj\n");
}

/// Where the letters of a line end below, and how tall they are. Boxes hug the ink, so that each word's own would make
/// the line dance; a straight line through all of them holds the words together, on a page that lies askew, too.
struct Foot {
    /// Lower edge at x = 0, in points from the top, and its slope.
    start: f32,
    slope: f32,
    size: f32,
}

impl Foot {
    fn of(line: &Line) -> Self {
        let boxes: Vec<BBox> = line.words.iter().filter_map(|w| sound(w.bbox?)).collect();
        let n = boxes.len().max(1) as f32;
        let middle = |b: &BBox| (b.x0 + b.x1) / 2.0;
        let (mean_x, mean_y) =
            (boxes.iter().map(middle).sum::<f32>() / n, boxes.iter().map(|b| b.y1).sum::<f32>() / n);
        let spread: f32 = boxes.iter().map(|b| (middle(b) - mean_x).powi(2)).sum();
        let rise: f32 = boxes.iter().map(|b| (middle(b) - mean_x) * (b.y1 - mean_y)).sum();
        // Two or three words tell more of descenders than of slope.
        let slope = if boxes.len() < 4 || spread <= 0.0 { 0.0 } else { rise / spread };
        let slope = if slope.abs() > STEEPEST { 0.0 } else { slope };
        let mut heights: Vec<f32> = boxes.iter().map(|b| b.y1 - b.y0).collect();
        heights.sort_by(f32::total_cmp);
        let tall = heights.get(heights.len() * 3 / 4).copied().unwrap_or(10.0);
        Self { start: mean_y - slope * mean_x, slope, size: (tall / (ASCENT + DESCENT)).max(1.0) }
    }

    fn at(&self, x: f32) -> f32 {
        self.start + self.slope * x
    }
}
