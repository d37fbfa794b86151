//! The frames of registry stamps: boxes on the upper half of a page whose print is no part of the document. Print that a
//! frame runs across stays.

use super::bands::Rect;
use super::grid::{Grid, GridCell, Rule, Rules};
use crate::clean::components::Ink;

/// Whether a box is as large as registry stamps are, and where they are. Tables are wider, the boxes of forms lower.
pub(super) fn is_stamp_sized(r: &Rect, em: f32, page: (f32, f32)) -> bool {
    let (w, h) = (r[2] - r[0], r[3] - r[1]);
    (4.0 * em..0.42 * page.0).contains(&w) && (1.8 * em..0.14 * page.1).contains(&h) && r[1] <= 0.5 * page.1
}

/// How far the ends of a frame's upper and lower rule lie from each other and from its sides, in ems.
const CORNER: f32 = 0.8;

/// A side of a frame is ruled over at least this share of its height: stamps are pressed unevenly.
const SIDE: f32 = 0.5;

/// The frames that ruling lines draw, the outermost where they lie one in another.
pub(super) fn drawn(rules: &Rules, em: f32, page: (f32, f32)) -> Vec<Rect> {
    let near = |a: f32, b: f32| (a - b).abs() < CORNER * em;
    let mut frames: Vec<Rect> = Vec::new();
    for (i, top) in rules.level.iter().enumerate() {
        for bottom in rules.level.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, r)| r) {
            let frame = [top.from.min(bottom.from), top.at, top.to.max(bottom.to), bottom.at];
            if near(top.from, bottom.from) && near(top.to, bottom.to) && is_stamp_sized(&frame, em, page) {
                let height = frame[3] - frame[1];
                let covers = |r: &Rule| r.to.min(frame[3]) - r.from.max(frame[1]) > SIDE * height;
                let side = |x: f32| rules.upright.iter().any(|r| near(r.at, x) && covers(r));
                if side(frame[0]) && side(frame[2]) {
                    frames.push(frame);
                }
            }
        }
    }
    let whole = frames.clone();
    let inside = |a: &Rect, b: &Rect| {
        a != b && b[0] - 1.0 <= a[0] && b[1] <= a[1] && a[2] <= b[2] + 1.0 && a[3] <= b[3]
    };
    frames.retain(|a| !whole.iter().any(|b| inside(a, b)));
    frames
}

/// A frame as a grid of one cell.
pub(super) fn as_grid(frame: &Rect) -> Grid {
    let cell = GridCell { row: 0, column: 0, row_span: 1, column_span: 1, rect: *frame };
    Grid { rect: *frame, columns: vec![frame[0], frame[2]], cells: vec![cell] }
}

/// A row of a frame is a rule if ink fills this share of its width: print and a little skew leave gaps.
const FRAME_RULE: f32 = 0.5;

/// The frame that one piece of ink makes: a box closed above and below by rules. Finds those that slant or are broken.
pub(super) fn of_piece(ink: &Ink, index: usize, em: f32, page: (f32, f32)) -> Option<Rect> {
    let c = ink.components.get(index)?;
    let w = c.width() as f32;
    if !is_stamp_sized(&[c.x0 as f32, c.y0 as f32, c.x1 as f32, c.y1 as f32], em, page) {
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

/// The frame that a piece of ink stands in. One that reaches over the frame's edge is print that the stamp lies on.
pub(super) fn frame_of(piece: &Rect, frames: &[Rect], em: f32) -> Option<usize> {
    let slack = 0.1 * em;
    frames.iter().position(|f| {
        let (x, y) = ((piece[0] + piece[2]) / 2.0, (piece[1] + piece[3]) / 2.0);
        let middle = f[0] <= x && x <= f[2] && f[1] <= y && y <= f[3];
        let across = piece[1] < f[1] - slack || piece[3] > f[3] + slack || piece[2] > f[2] + slack;
        middle && !across
    })
}

/// How near (in ems) to a frame's edge lies what its rule cut off, and how far from the rest.
const CUT: f32 = 0.3;
const CUT_GAP: f32 = 0.2;

/// Whether `piece`, which lies within `frame`, is the lower or upper part of a letter that the frame's rule runs through
/// and that came apart when the rule was taken away. `others` are all pieces.
pub(super) fn is_cut_off(piece: &Rect, frame: &Rect, others: impl Iterator<Item = Rect>, em: f32) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() < CUT * em;
    let (below, above) = (near(piece[1], frame[1]), near(piece[3], frame[3]));
    if !below && !above {
        return false;
    }
    let narrower = |o: &Rect| (o[2] - o[0]).min(piece[2] - piece[0]);
    let shares = |o: &Rect| o[2].min(piece[2]) - o[0].max(piece[0]) > 0.5 * narrower(o);
    let meets = |o: &Rect| {
        let (up, down) = (piece[1] - o[3], o[1] - piece[3]);
        below && near(o[3], frame[1]) && up.abs() < CUT_GAP * em && o[1] < frame[1] - CUT * em
            || above && near(o[1], frame[3]) && down.abs() < CUT_GAP * em && o[3] > frame[3] + CUT * em
    };
    others.into_iter().any(|o| shares(&o) && meets(&o))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EM: f32 = 40.0;
    const PAGE: (f32, f32) = (1650.0, 2340.0);

    fn rule(at: f32, from: f32, to: f32) -> Rule {
        Rule { at, from, to }
    }

    #[test]
    fn a_stamp_is_a_box_with_four_sides() {
        let level = vec![rule(400.0, 100.0, 460.0), rule(440.0, 102.0, 458.0), rule(540.0, 104.0, 462.0)];
        let upright = vec![rule(101.0, 398.0, 500.0), rule(461.0, 402.0, 541.0)];
        let found = drawn(&Rules { level: level.clone(), upright: upright.clone() }, EM, PAGE);
        assert_eq!(found, [[100.0, 400.0, 462.0, 540.0]]);
        assert!(drawn(&Rules { level, upright: upright[..1].to_vec() }, EM, PAGE).is_empty());
    }

    #[test]
    fn print_that_the_frame_crosses_stays() {
        let frames = [[100.0, 400.0, 462.0, 540.0]];
        let inside = |piece: [f32; 4]| frame_of(&piece, &frames, EM).is_some();
        assert!(inside([120.0, 420.0, 140.0, 445.0]));
        // A letter of a line that the upper rule runs through, and one that begins in the stamp and ends beside it.
        assert!(!inside([120.0, 380.0, 140.0, 424.0]));
        assert!(!inside([440.0, 450.0, 480.0, 480.0]));
    }

    #[test]
    fn a_letter_that_the_rule_cut_in_two_stays_whole() {
        let frame = [100.0, 400.0, 462.0, 540.0];
        let cut_off = |piece: [f32; 4], upper: [f32; 4]| is_cut_off(&piece, &frame, [upper].into_iter(), EM);
        assert!(cut_off([200.0, 403.0, 220.0, 416.0], [201.0, 378.0, 219.0, 398.0]));
        // A letter of the stamp, farther from the rule, under a letter that ends at it.
        assert!(!cut_off([200.0, 410.0, 220.0, 430.0], [201.0, 378.0, 219.0, 398.0]));
        // A dot or a speck near the rule with nothing above it.
        assert!(!cut_off([200.0, 403.0, 220.0, 416.0], [301.0, 378.0, 319.0, 398.0]));
    }
}
