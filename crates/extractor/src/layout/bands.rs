//! Where a page parts into two columns, found from the white between boxes: the same for words of a text layer and for
//! pieces of ink in a picture.

use std::iter::successors;

/// A box: left, top, right, bottom, y downwards.
pub(crate) type Rect = [f32; 4];

/// A strip across the page, from `top` to `bottom`; with `cut`, what lies left of it is read before what lies right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Band {
    pub top: f32,
    pub bottom: f32,
    pub cut: Option<f32>,
}

/// Columns are parted by at least this much white, in ems (font sizes). Justified lines hold gaps of 0.8 em, though
/// never one below the other; the heads of decisions come as close as this.
const MIN_GAP: f32 = 0.7;

/// Columns have at least this many lines each; two lines are enough under a wide gap or at the head of the page.
const MIN_LINES: usize = 3;
const FEWEST_LINES: usize = 2;

/// What is a wide gap, in ems.
const WIDE_GAP: f32 = 1.5;

/// What lies above the head of a page is at most this share of its boxes.
const HEAD_SHARE: f32 = 0.02;

/// The cut lies in this part of the width of the print.
const CUT_FROM: f32 = 0.2;
const CUT_TO: f32 = 0.8;

/// Lines of one side that follow after more white than this, in ems, do not belong to the columns above.
const LOOSE_GAP: f32 = 1.0;

/// The same at the head of the page, where the title follows close.
const HEAD_GAP: f32 = 0.85;

/// A head has no more lines a side than this; columns with more are those of a page set in two columns.
const HEAD_LINES: usize = 8;

/// In such columns paragraphs stand apart; what does not belong to them follows after more white than that, by this factor.
const LOOSER: f32 = 1.5;

/// Print that is wider than this many steps of a fifth of an em is no page.
const MOST_STEPS: f32 = 20_000.0;

/// Boxes in a row of which the flattest is known.
const NEIGHBOURS: usize = 8;

/// A region is looked over this many times at most: real pages have a head, a foot and perhaps a table.
const MAX_CUTS: usize = 6;

/// Parts the page into bands, from top to bottom. `em` is the usual font size in the unit of the boxes.
pub(crate) fn bands(boxes: &[Rect], em: f32) -> Vec<Band> {
    let mut cuts = Vec::new();
    // From here on all parts of the page are in the order of their tops.
    let boxes = &by_top(boxes);
    // The head of the page begins below a page number, handwriting or specks.
    let head = quantile(boxes.iter().map(|r| r[1]), HEAD_SHARE).unwrap_or(f32::MIN) + em;
    // The head first, on its own: a page set in two columns may part elsewhere than its head does.
    let below = match best_cut(boxes, em, head, true) {
        Some(cut) => {
            cuts.push(cut);
            boxes.iter().filter(|r| r[1] >= cut.bottom - 0.1 * em).copied().collect()
        }
        None => boxes.to_vec(),
    };
    find_cuts(&below, em, head, &mut cuts);
    cuts.sort_by(|a, b| a.top.total_cmp(&b.top));
    let mut bands = Vec::new();
    let mut at = f32::MIN;
    for cut in cuts {
        bands.push(Band { top: at, bottom: cut.top, cut: None });
        at = cut.bottom;
        bands.push(cut);
    }
    bands.push(Band { top: at, bottom: f32::MAX, cut: None });
    bands.retain(|b| boxes.iter().any(|r| inside(r, b)));
    settle(&mut bands, boxes);
    end_at_crossings(&mut bands, boxes, em);
    bands
}

/// A band that has gathered lines which run across its cut ends above them; what is left of it is no pair of columns.
/// Neighbours without a cut become one band, so that the marks of a line are not parted from it.
fn end_at_crossings(bands: &mut Vec<Band>, boxes: &[Rect], em: f32) {
    let mut out: Vec<Band> = Vec::new();
    let mut push = |band: Band| match out.last_mut() {
        Some(last) if last.cut.is_none() && band.cut.is_none() => last.bottom = band.bottom,
        _ => out.push(band),
    };
    for band in bands.iter().copied() {
        let Some(cut) = band.cut else {
            push(band);
            continue;
        };
        let half = MIN_GAP * em / 2.0 - 1.0;
        let crossing = boxes
            .iter()
            .filter(|r| inside(r, &band) && r[0] < cut + half && r[2] > cut - half)
            .map(|r| r[1])
            .min_by(f32::total_cmp);
        let Some(top) = crossing else {
            push(band);
            continue;
        };
        let above = || boxes.iter().filter(|r| inside(r, &band) && r[3] <= top);
        // Marks stand above the letters of the line that crosses.
        let bottom = above().map(|r| r[3]).max_by(f32::total_cmp).map(|end| end + 0.1 * (top - end));
        match bottom {
            Some(bottom) if above().any(|r| r[2] <= cut) && above().any(|r| r[0] >= cut) => {
                push(Band { bottom, ..band });
                push(Band { top: bottom, cut: None, ..band });
            }
            _ => push(Band { cut: None, ..band }),
        }
    }
    *bands = out;
}

/// Moves the boundaries between bands into the white between them, so that none runs through a letter.
fn settle(bands: &mut [Band], boxes: &[Rect]) {
    let extents: Vec<(f32, f32)> = bands
        .iter()
        .map(|b| {
            let members = boxes.iter().filter(|r| inside(r, b));
            members.fold((f32::MAX, f32::MIN), |(top, bottom), r| (top.min(r[1]), bottom.max(r[3])))
        })
        .collect();
    if let Some(first) = bands.first_mut() {
        first.top = f32::MIN;
    }
    if let Some(last) = bands.last_mut() {
        last.bottom = f32::MAX;
    }
    for (i, pair) in extents.windows(2).enumerate() {
        // Nearer to the upper band: marks stand above the letters of the lower.
        let boundary = pair[0].1 + 0.1 * (pair[1].0 - pair[0].1);
        bands[i].bottom = boundary;
        bands[i + 1].top = boundary;
    }
}

/// Whether the middle of a box lies in a band.
pub(crate) fn inside(r: &Rect, band: &Band) -> bool {
    let middle = (r[1] + r[3]) / 2.0;
    band.top <= middle && middle < band.bottom
}

fn find_cuts(boxes: &[Rect], em: f32, head: f32, cuts: &mut Vec<Band>) {
    if cuts.len() >= MAX_CUTS {
        return;
    }
    let Some(best) = best_cut(boxes, em, head, false) else { return };
    cuts.push(best);
    let above: Vec<Rect> = boxes.iter().filter(|r| r[3] <= best.top + 0.1 * em).copied().collect();
    let below: Vec<Rect> = boxes.iter().filter(|r| r[1] >= best.bottom - 0.1 * em).copied().collect();
    find_cuts(&above, em, head, cuts);
    find_cuts(&below, em, head, cuts);
}

fn by_top(boxes: &[Rect]) -> Vec<Rect> {
    let mut sorted = boxes.to_vec();
    sorted.sort_by(|a, b| a[1].total_cmp(&b[1]));
    sorted
}

/// The band with the most lines on its shorter side; of equals the one with the most lines in all, then with the wider
/// gap. The boxes are in the order of their tops.
fn best_cut(boxes: &[Rect], em: f32, head: f32, only_head: bool) -> Option<Band> {
    let left = quantile(boxes.iter().map(|r| r[0]), 0.02)?;
    let right = quantile(boxes.iter().map(|r| r[2]), 0.98)?;
    let width = right - left;
    let half = MIN_GAP * em / 2.0;
    let step = 0.2 * em;
    if !step.is_normal() || width > MOST_STEPS * step {
        return None;
    }
    // Of neighbours the height of the flattest: looking at each box for each cut took a seventh of the time of a page.
    let least = |boxes: &[Rect]| boxes.iter().map(|r| r[3] - r[1]).fold(f32::MAX, f32::min);
    let flattest: Vec<f32> = boxes.chunks(NEIGHBOURS).map(least).collect();
    let (first, last) = (left + CUT_FROM * width, left + CUT_TO * width);
    let cuts: Vec<f32> = successors(Some(first), |x| Some(x + step)).take_while(|x| *x <= last).collect();
    let crossing = Crossing::of(boxes, &cuts, half);
    let mut best: Option<((usize, usize), f32, Band)> = None;
    let mut open: Vec<Rect> = Vec::new();
    for (k, &x) in cuts.iter().enumerate() {
        // Runs of boxes between two that cross.
        let (mut from, mut begin) = (f32::MIN, 0);
        for end in crossing.at(k).iter().copied().chain([boxes.len()]) {
            if only_head && from - em > head {
                break;
            }
            let (run, crosses) = (boxes.get(begin..end).unwrap_or_default(), boxes.get(end));
            let (top, bottom) = (from - 0.1 * em, crosses.map_or(f32::MAX, |r| r[1]) + 0.3 * em);
            // Each column has two lines, of which one takes half of the room or less, but for rounding. Between the lines of
            // running text there is no such room.
            let fits = |height: &f32| 1.99 * height <= bottom - top;
            let near = flattest.get(begin / NEIGHBOURS..end.div_ceil(NEIGHBOURS)).unwrap_or_default();
            if run.len() >= 2 * FEWEST_LINES && near.iter().any(fits) {
                open.clear();
                open.extend(run.iter().filter(|r| r[1] >= top && r[3] <= bottom));
                if let Some((lines, gap, band)) = judge(&open, x, em, head)
                    && (!only_head || band.top <= head)
                    && best.as_ref().is_none_or(|(l, g, _)| (lines, gap) > (*l, *g))
                {
                    best = Some((lines, gap, band));
                }
            }
            (from, begin) = (crosses.map_or(f32::MAX, |r| r[3]), end + 1);
        }
    }
    best.map(|(_, _, band)| band)
}

/// Which boxes cross which cut: a box crosses only the few beside it.
struct Crossing {
    /// Indices of boxes, those of each cut together and in order.
    boxes: Vec<usize>,
    /// Where those of each cut begin, and where the last end.
    starts: Vec<usize>,
}

impl Crossing {
    /// Of boxes and rising cuts with `half` of the least gap on either side.
    fn of(boxes: &[Rect], cuts: &[f32], half: f32) -> Self {
        let range = |r: &Rect| {
            let from = cuts.partition_point(|x| r[0] >= x + half);
            from..cuts.partition_point(|x| r[2] > x - half).max(from)
        };
        let ranges: Vec<std::ops::Range<usize>> = boxes.iter().map(range).collect();
        let mut starts = vec![0; cuts.len() + 1];
        for k in ranges.iter().cloned().flatten() {
            starts[k + 1] += 1;
        }
        for k in 1..starts.len() {
            starts[k] += starts[k - 1];
        }
        let mut free = starts.clone();
        let mut crossing = vec![0; starts.last().copied().unwrap_or(0)];
        for (i, range) in ranges.into_iter().enumerate() {
            for k in range {
                crossing[free[k]] = i;
                free[k] += 1;
            }
        }
        Self { boxes: crossing, starts }
    }

    /// The boxes that cross cut `k`.
    fn at(&self, k: usize) -> &[usize] {
        let end = self.starts.get(k + 1).copied().unwrap_or(self.boxes.len());
        self.starts.get(k).and_then(|start| self.boxes.get(*start..end)).unwrap_or_default()
    }
}

/// Judges the boxes between two that cross the cut at `x`: the lines of the shorter column, the width of the gap, and the
/// band, freed of lines that stand above or below the columns.
fn judge(boxes: &[Rect], x: f32, em: f32, head: f32) -> Option<((usize, usize), f32, Band)> {
    let mut left = lines(boxes.iter().filter(|r| r[2] <= x));
    let mut right = lines(boxes.iter().filter(|r| r[0] >= x));
    let extent = |l: &[Rect]| {
        let (from, to) = l.iter().fold((f32::MAX, f32::MIN), |(a, b), r| (a.min(r[0]), b.max(r[2])));
        to - from
    };
    // A column of labels or numbers beside text is a list, not a column.
    let narrow = |l: &[Rect]| extent(l) < 4.0 * em;
    // What is too little now does not become more below.
    if left.len().min(right.len()) < FEWEST_LINES || narrow(&left) || narrow(&right) {
        return None;
    }
    let overlap = |a: &Rect, b: &Rect| a[1].max(b[1]) < a[3].min(b[3]);
    // Lines of one side above the first pair of lines side by side belong to what is above.
    let first = left
        .iter()
        .flat_map(|l| right.iter().filter(|r| overlap(l, r)).map(|r| l[1].min(r[1])))
        .min_by(f32::total_cmp)?;
    left.retain(|l| l[3] > first);
    right.retain(|r| r[3] > first);
    let end = |l: &[Rect]| l.last().map_or(f32::MIN, |r| r[3]);
    let at_head = first <= head;
    if at_head && let Some(end) = end_of_head(&left, &right, em) {
        left.retain(|l| l[3] <= end);
        right.retain(|r| r[3] <= end);
    }
    // Below the end of one column, lines of the other that follow after much white belong to what is below. A single
    // one may be the signer's name under the room for the signature, but not at the head of a page.
    let shorter = end(&left).min(end(&right));
    let mut gap = if at_head { HEAD_GAP * em } else { LOOSE_GAP * em };
    if left.len().min(right.len()) > HEAD_LINES {
        let within =
            [&left, &right].into_iter().flat_map(|side| side.windows(2)).filter(|w| w[1][1] <= shorter);
        gap = gap.max(LOOSER * within.map(|w| w[1][1] - w[0][3]).fold(0.0, f32::max));
    }
    for side in [&mut left, &mut right] {
        let loose = side.windows(2).position(|w| w[1][1] > shorter && w[1][1] - w[0][3] > gap);
        if let Some(at) = loose
            && (at_head || side.len() - at - 1 > 1)
        {
            side.truncate(at + 1);
        }
    }
    let fewer = left.len().min(right.len());
    if fewer < FEWEST_LINES {
        return None;
    }
    let bottom = end(&left).max(end(&right));
    let gap = right.iter().map(|r| r[0]).fold(f32::MAX, f32::min)
        - left.iter().map(|l| l[2]).fold(f32::MIN, f32::max);
    if (fewer < MIN_LINES && gap < WIDE_GAP * em && !at_head) || narrow(&left) || narrow(&right) {
        return None;
    }
    let middle = right.iter().map(|r| r[0]).fold(f32::MAX, f32::min) - gap / 2.0;
    let band = Band { top: first - 0.05 * em, bottom: bottom + 0.05 * em, cut: Some(middle) };
    Some(((fewer, left.len() + right.len()), gap, band))
}

/// Where the head ends that stands over a page set in two columns: the first white across both, if most lines above it are
/// centred and do not begin where the columns below do.
fn end_of_head(left: &[Rect], right: &[Rect], em: f32) -> Option<f32> {
    if left.len().min(right.len()) <= HEAD_LINES {
        return None;
    }
    let above = |side: &[Rect], y: f32| side.iter().filter(|l| l[3] <= y).count();
    let free = |y: f32| [left, right].iter().all(|s| !s.iter().any(|l| l[1] < y + HEAD_GAP * em && y < l[3]));
    let ends = left.iter().chain(right).map(|l| l[3]).filter(|y| free(*y));
    let end = ends.min_by(f32::total_cmp)?;
    let indented = |side: &[Rect]| {
        let edge = side.iter().filter(|l| l[1] > end).map(|l| l[0]).fold(f32::MAX, f32::min);
        side.iter().filter(|l| l[3] <= end && l[0] > edge + em).count()
    };
    let (a, b) = (above(left, end), above(right, end));
    let few = a.min(b) >= FEWEST_LINES && a.max(b) <= HEAD_LINES;
    (few && 2 * (indented(left) + indented(right)) > a + b).then_some(end)
}

/// The lines that boxes in the order of their tops form: runs of boxes that overlap from top to bottom.
fn lines<'r>(boxes: impl Iterator<Item = &'r Rect>) -> Vec<Rect> {
    let mut lines: Vec<Rect> = Vec::new();
    for r in boxes {
        match lines.last_mut() {
            Some(line) if r[1] < line[3] => {
                *line = [line[0].min(r[0]), line[1], line[2].max(r[2]), line[3].max(r[3])];
            }
            _ => lines.push(*r),
        }
    }
    lines
}

/// The value below which `share` of the values lie.
pub(crate) fn quantile(values: impl Iterator<Item = f32>, share: f32) -> Option<f32> {
    let mut values: Vec<f32> = values.collect();
    if values.is_empty() {
        return None;
    }
    let last = values.len() - 1;
    let at = ((last as f32 * share).round() as usize).min(last);
    Some(*values.select_nth_unstable_by(at, f32::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of words of 3 em from `x0` to `x1`, 0.3 em apart, on row `row` of 1.5 em.
    fn line(x0: f32, x1: f32, row: f32) -> Vec<Rect> {
        let mut words = Vec::new();
        let mut x = x0;
        while x < x1 {
            words.push([x, row * 15.0, (x + 30.0).min(x1), row * 15.0 + 10.0]);
            x += 33.0 + (row * 7.0) % 5.0;
        }
        words
    }

    /// The three lines of a head in two columns.
    fn head() -> Vec<Rect> {
        (0..3)
            .flat_map(|row| [line(20.0, 180.0, row as f32), line(220.0, 480.0, row as f32)].concat())
            .collect()
    }

    #[test]
    fn head_and_foot_are_cut_and_the_body_is_not() {
        let mut page = head();
        page.extend(line(150.0, 350.0, 4.0));
        for row in 6..20 {
            page.extend(line(0.0, 500.0, row as f32));
        }
        page.extend(line(0.0, 120.0, 20.0));
        for row in 22..26 {
            page.extend(line(0.0, 150.0, row as f32));
        }
        for row in [22.0, 23.0, 28.0] {
            page.extend(line(300.0, 450.0, row));
        }
        let bands = bands(&page, 10.0);
        let cuts: Vec<bool> = bands.iter().map(|b| b.cut.is_some()).collect();
        assert_eq!(cuts, [true, false, true], "{bands:?}");
        assert!(bands[0].bottom < 60.0 && bands[2].top > 20.0 * 15.0 + 9.0, "{bands:?}");
        assert!(bands[2].bottom > 28.0 * 15.0);
    }

    #[test]
    fn a_title_close_under_the_head_ends_its_columns() {
        let mut page = head();
        page.extend(line(60.0, 440.0, 3.0));
        for row in 5..20 {
            page.extend(line(0.0, 500.0, row as f32));
        }
        let mut bands = vec![
            Band { top: f32::MIN, bottom: 3.0 * 15.0 + 11.0, cut: Some(200.0) },
            Band { top: 3.0 * 15.0 + 11.0, bottom: f32::MAX, cut: None },
        ];
        end_at_crossings(&mut bands, &page, 10.0);
        assert_eq!(bands.len(), 2, "{bands:?}");
        assert!((40.0..45.0).contains(&bands[0].bottom) && bands[0].cut.is_some(), "{bands:?}");
        assert!(bands[1].cut.is_none() && bands[1].top == bands[0].bottom);
    }

    /// Two columns of 30 lines with a paragraph of its own every ten, from row 5; the left one is longer by one line.
    fn columns() -> Vec<Rect> {
        let row = |i: u16| 5.0 + f32::from(i) + f32::from(i / 10);
        let left = (0..31).flat_map(|i| line(0.0, 235.0, row(i)));
        left.chain((0..30).flat_map(|i| line(260.0, 500.0, row(i)))).collect()
    }

    #[test]
    fn a_head_of_two_columns_stands_over_two_columns() {
        // The head parts left of where the columns do: its first line crosses their gap.
        let mut page = head();
        page.extend(columns());
        let bands = bands(&page, 10.0);
        let cuts: Vec<Option<bool>> = bands.iter().map(|b| b.cut.map(|x| x < 230.0)).collect();
        assert_eq!(cuts, [Some(true), Some(false)], "{bands:?}");
        assert!(bands[0].bottom > 2.0 * 15.0 + 9.0 && bands[1].top < 5.0 * 15.0, "{bands:?}");
    }

    #[test]
    fn the_last_paragraph_of_a_column_stays_in_it() {
        let bands = bands(&columns(), 10.0);
        assert_eq!(bands.len(), 1, "{bands:?}");
        assert!(bands[0].cut.is_some());
    }

    #[test]
    fn plain_paragraphs_are_one_band() {
        let page: Vec<Rect> = (0..30).flat_map(|row| line(0.0, 500.0, row as f32)).collect();
        assert_eq!(bands(&page, 10.0).len(), 1);
    }
}
