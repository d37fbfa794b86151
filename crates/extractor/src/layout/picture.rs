//! The print of a page picture: which ink is print, in which order its columns are read, and each line as a picture.

use super::bands::{Band, Rect, bands, inside, quantile};
use super::lines::{InkLine, lines};
use super::marks::anchors;
use crate::clean::CleanPage;
use crate::clean::components::{Component, Ink};
use image::{GrayImage, Luma};
use vanthu_model::BlockKind;

/// A line of print, ready to be read.
pub(crate) struct PrintLine {
    pub picture: GrayImage,
    /// Where the picture's top left lies on the page, in pixels.
    pub left: f32,
    pub top: f32,
}

/// A part of the page that is read on its own, line by line.
pub(crate) struct Region {
    pub kind: BlockKind,
    /// Each line as pieces from left to right, parted where much white lies between them.
    pub lines: Vec<Vec<PrintLine>>,
}

/// White within a line wider than this, in ems, parts what may be table cells, or print and a stamp.
const PART: f32 = 2.5;

/// Ink of less than this many square ems is a speck; a full point has twice as much.
const SPECK: f32 = 0.005;

/// Rules are thinner than this and longer than that, in ems.
const RULE_THICK: f32 = 0.25;
const RULE_LONG: f32 = 2.0;

/// The picture of a line reaches at least this far above and below its small letters, in ems, so that all lines come in
/// like proportions.
const ROOM_ABOVE: f32 = 0.42;
const ROOM_BELOW: f32 = 0.24;

/// The brightness of what is painted over.
const PAPER: u8 = 255;

/// White around the picture of a line, in ems.
const MARGIN: f32 = 0.15;

/// The page's print in reading order.
pub(crate) fn regions(page: &CleanPage, steps: &mut Vec<String>) -> Vec<Region> {
    let limit = ink_limit(&page.gray);
    let ink = Ink::of(&page.gray, limit);
    let Some(em) = em(&ink.components, page.dpi) else { return Vec::new() };
    let size = (page.gray.width() as f32, page.gray.height() as f32);
    let frames: Vec<Rect> =
        (0..ink.components.len()).filter_map(|i| stamp_frame(&ink, i, em, size)).collect();
    for f in &frames {
        let b = page.to_points(f[0], f[1], f[2], f[3]);
        steps.push(format!("left out stamp at {:.0} {:.0} {:.0} {:.0}", b.x0, b.y0, b.x1, b.y1));
    }
    let stamped = |c: &Component| {
        let (x, y) = ((c.x0 + c.x1) as f32 / 2.0, (c.y0 + c.y1) as f32 / 2.0);
        frames.iter().any(|f| f[0] <= x && x <= f[2] && f[1] <= y && y <= f[3])
    };
    let print: Vec<(usize, Rect)> = ink
        .components
        .iter()
        .enumerate()
        .filter(|(_, c)| is_print(c, em) && !stamped(c))
        .map(|(i, c)| (i, rect(c)))
        .collect();
    // Letters by their lower part: marks above capitals reach into the line above.
    let letters: Vec<Rect> = print
        .iter()
        .filter(|(_, r)| r[3] - r[1] > 0.25 * em)
        .map(|(_, r)| [r[0], r[1].max(r[3] - 0.62 * em), r[2], r[3]])
        .collect();
    let anchors = anchors(&print, em);
    let mut regions = Vec::new();
    for band in bands(&letters, em) {
        let members = || {
            let of_band = print.iter().zip(&anchors).filter(|(_, anchor)| inside(anchor, &band));
            of_band.map(|(piece, anchor)| (*piece, (anchor[0] + anchor[2]) / 2.0))
        };
        let mut push = |kind, pieces: Vec<(usize, Rect)>| {
            let found = lines(&pieces, em);
            let lines = found.iter().map(|line| parts(page, &ink, line, em)).collect();
            regions.push(Region { kind, lines });
        };
        match band {
            Band { cut: Some(cut), .. } => {
                push(BlockKind::HeadLeft, members().filter(|(_, x)| *x < cut).map(|(p, _)| p).collect());
                push(BlockKind::HeadRight, members().filter(|(_, x)| *x >= cut).map(|(p, _)| p).collect());
            }
            _ => push(BlockKind::Text, members().map(|(p, _)| p).collect()),
        }
    }
    regions.retain(|r| r.lines.iter().any(|l| !l.is_empty()));
    regions
}

/// The brightness that parts ink from paper best (Otsu 1979), kept in bounds where there is next to no ink.
fn ink_limit(page: &GrayImage) -> u8 {
    let mut histogram = [0u64; 256];
    for v in page.as_raw() {
        histogram[usize::from(*v)] += 1;
    }
    let total: u64 = histogram.iter().sum();
    let sum: f64 = histogram.iter().enumerate().map(|(v, n)| v as f64 * *n as f64).sum();
    let (mut below, mut sum_below, mut best) = (0u64, 0.0, (0.0, 128usize));
    for (v, &n) in histogram.iter().enumerate() {
        below += n;
        sum_below += v as f64 * n as f64;
        if below == 0 || below == total {
            continue;
        }
        let (dark, light) = (sum_below / below as f64, (sum - sum_below) / (total - below) as f64);
        let between = below as f64 * (total - below) as f64 * (dark - light).powi(2);
        if between > best.0 {
            best = (between, v);
        }
    }
    best.1.clamp(90, 190) as u8
}

fn rect(c: &Component) -> Rect {
    [c.x0 as f32, c.y0 as f32, c.x1 as f32, c.y1 as f32]
}

/// Where the height of letters without ascenders lies among all: on pages of many capitals the median is theirs.
const SMALL_LETTERS: f32 = 0.3;

/// Font sizes in heights of letters without ascenders.
const EMS_PER_X: f32 = 2.1;

/// The usual font size in pixels, from the height of letters without ascenders.
fn em(found: &[Component], dpi: f32) -> Option<f32> {
    // Between the x-height of 7 pt print and the capitals of 20 pt print.
    let plausible = |c: &&Component| {
        (0.04 * dpi..0.2 * dpi).contains(&(c.height() as f32))
            && (0.01 * dpi..0.3 * dpi).contains(&(c.width() as f32))
    };
    let heights = found.iter().filter(plausible).map(|c| c.height() as f32);
    quantile(heights, SMALL_LETTERS).map(|h| EMS_PER_X * h)
}

/// Whether a piece of ink may belong to print: a letter, a run of touching letters, a mark or a point, rather than a
/// speck, a rule or a drawing.
fn is_print(c: &Component, em: f32) -> bool {
    let (w, h) = (c.width() as f32, c.height() as f32);
    let rule = (h < RULE_THICK * em && w > RULE_LONG * em) || (w < RULE_THICK * em && h > RULE_LONG * em);
    !rule && h < 2.6 * em && w < 12.0 * em && c.ink as f32 > SPECK * em * em
}

/// The frame of a registry stamp, if the piece of ink is one: a box as wide as a stamp, closed above and below by rules.
/// Tables are wider, the boxes of forms lower.
fn stamp_frame(ink: &Ink, index: usize, em: f32, page: (f32, f32)) -> Option<Rect> {
    let c = ink.components.get(index)?;
    let (w, h) = (c.width() as f32, c.height() as f32);
    if !(4.0 * em..0.42 * page.0).contains(&w)
        || !(1.8 * em..0.14 * page.1).contains(&h)
        || c.y0 as f32 > 0.5 * page.1
    {
        return None;
    }
    let mut rows = vec![0u32; c.height() as usize];
    for (from, to, row) in ink.runs_of(index) {
        if let Some(n) = rows.get_mut((row - c.y0) as usize) {
            *n += to - from;
        }
    }
    let rule = |n: &u32| *n as f32 > FRAME_RULE * w;
    let first = rows.iter().position(rule)? as f32;
    let last = rows.iter().rposition(rule)? as f32;
    (last - first > 1.8 * em).then(|| {
        let y0 = c.y0 as f32;
        [c.x0 as f32, y0 + first - 2.0, c.x1 as f32, y0 + last + 2.0]
    })
}

/// A row of a frame is a rule if ink fills this share of its width: print and a little skew leave gaps.
const FRAME_RULE: f32 = 0.5;

/// The pictures of a line's parts, from left to right.
fn parts(page: &CleanPage, ink: &Ink, line: &InkLine, em: f32) -> Vec<PrintLine> {
    let mut pieces: Vec<(usize, Rect)> =
        line.pieces.iter().filter_map(|&i| ink.components.get(i).map(|c| (i, rect(c)))).collect();
    pieces.sort_by(|a, b| a.1[0].total_cmp(&b.1[0]));
    let mut groups: Vec<(Vec<usize>, Rect)> = Vec::new();
    for (i, r) in pieces {
        match groups.last_mut() {
            Some((members, b)) if r[0] - b[2] <= PART * em => {
                members.push(i);
                *b = [b[0], b[1].min(r[1]), b[2].max(r[2]), b[3].max(r[3])];
            }
            _ => groups.push((vec![i], r)),
        }
    }
    groups.iter().map(|(members, b)| picture(page, ink, members, b, line.core, em)).collect()
}

/// Cuts out the box of some pieces of ink and paints over what else lies in it.
fn picture(page: &CleanPage, ink: &Ink, members: &[usize], b: &Rect, core: (f32, f32), em: f32) -> PrintLine {
    let margin = (MARGIN * em).round().max(3.0);
    let (w, h) = (page.gray.width() as f32, page.gray.height() as f32);
    let x0 = (b[0] - margin).floor();
    let x1 = (b[2] + margin).ceil();
    let y0 = (b[1].min(core.0 - ROOM_ABOVE * em) - margin).floor();
    let y1 = (b[3].max(core.1 + ROOM_BELOW * em) + margin).ceil();
    let (width, height) = ((x1 - x0).max(1.0) as u32, (y1 - y0).max(1.0) as u32);
    let whole = GrayImage::from_fn(width, height, |x, y| {
        let (px, py) = (x as f32 + x0, y as f32 + y0);
        let on_page = px >= 0.0 && py >= 0.0 && px < w && py < h;
        if on_page { *page.gray.get_pixel(px as u32, py as u32) } else { Luma([PAPER]) }
    });
    // Only ink known to belong elsewhere is painted over, up to the grey edges of the line's own letters: marks too
    // faint to be found as ink stay.
    let mut cells = vec![Cell::Free; width as usize * height as usize];
    let crossing =
        |c: &Component| (c.x0 as f32) < x1 && (c.x1 as f32) > x0 && (c.y0 as f32) < y1 && (c.y1 as f32) > y0;
    for (i, c) in ink.components.iter().enumerate() {
        if crossing(c) && (c.ink as f32 > SPECK * em * em) && !members.contains(&i) {
            mark(&mut cells, ink, i, (x0, y0), (width, height), Cell::Foreign);
        }
    }
    for &i in members {
        mark(&mut cells, ink, i, (x0, y0), (width, height), Cell::Own);
    }
    let mut picture = whole;
    for (pixel, cell) in picture.iter_mut().zip(&cells) {
        if *cell == Cell::Foreign {
            *pixel = PAPER;
        }
    }
    PrintLine { picture, left: x0, top: y0 }
}

/// Whose ink a pixel of a line's picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Free,
    Own,
    Foreign,
}

/// Marks the pixels of a component and the two around each: the grey edge of a letter.
fn mark(cells: &mut [Cell], ink: &Ink, component: usize, origin: (f32, f32), size: (u32, u32), with: Cell) {
    const EDGE: i64 = 2;
    let (width, height) = (i64::from(size.0), i64::from(size.1));
    for (from, to, row) in ink.runs_of(component) {
        let row = i64::from(row) - origin.1 as i64;
        let from = (i64::from(from) - origin.0 as i64 - EDGE).clamp(0, width);
        let to = (i64::from(to) - origin.0 as i64 + EDGE).clamp(0, width);
        for y in (row - EDGE).max(0)..=(row + EDGE).min(height - 1) {
            let start = y * width;
            if let Some(run) = cells.get_mut((start + from) as usize..(start + to) as usize) {
                run.fill(with);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_print_is_that_of_small_letters() {
        let piece = |height: u32| Component { x0: 0, y0: 0, x1: 15, y1: height, ink: 100 };
        let page = |small: usize, capitals: usize, marks: usize| {
            let mut found = vec![piece(18); small];
            found.extend(vec![piece(26); capitals]);
            found.extend(vec![piece(10); marks]);
            em(&found, 200.0)
        };
        for found in [page(100, 40, 0), page(100, 130, 20), page(100, 10, 30)] {
            assert!(found.is_some_and(|em| (36.0..40.0).contains(&em)), "{found:?}");
        }
        assert_eq!(page(0, 0, 0), None);
    }
}
