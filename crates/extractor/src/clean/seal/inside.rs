//! What of the ink within a seal's rings is the seal's: all but the lines that go on outside of it.

use super::Seal;
use crate::clean::components::Ink;
use image::{GrayImage, Luma};

/// A box: left, top, right, bottom.
type Rect = [f32; 4];

/// Sizes of letters, in ems.
const LETTER_HEIGHT: std::ops::Range<f32> = 0.33..1.7;
const LETTER_WIDTH: std::ops::Range<f32> = 0.08..9.0;

/// Letters of a line stand no further apart than this, in ems.
const SPACE: f32 = 1.0;

/// Their feet are level up to this, in ems, since letters may have tails, and of their heights this share is common.
const LEVEL: f32 = 0.3;
const COMMON: f32 = 0.7;

/// The height of a letter without its marks and without what capitals have more, in ems.
const CORE: f32 = 0.62;

/// Marks are no larger than this, in ems, and no further from their letters.
const MARK: (f32, f32) = (0.45, 0.7);
const ABOVE: f32 = 0.35;
const BELOW: f32 = 0.2;

/// A full point or a comma follows its letter within this, in ems, and hangs no lower than this below it.
const FOLLOWS: f32 = 0.25;
const HANGS: f32 = 0.3;

/// Paints what lies wholly within the seal white, but for lines that go on outside of it.
pub(super) fn erase_inside(page: &mut GrayImage, limit: u8, seal: &Seal, em: f32) {
    let ink = Ink::of(page, limit);
    let boxes: Vec<Rect> =
        ink.components.iter().map(|c| [c.x0 as f32, c.y0 as f32, c.x1 as f32, c.y1 as f32]).collect();
    let away = |x: f32, y: f32| (x - seal.x).hypot(y - seal.y);
    let inside: Vec<bool> = (0..boxes.len())
        .map(|i| {
            ink.runs_of(i).all(|(x0, x1, y)| {
                away(x0 as f32, y as f32).max(away(x1 as f32 - 1.0, y as f32)) <= seal.radius
            })
        })
        .collect();
    let is_letter = |i: usize, r: &Rect| {
        LETTER_HEIGHT.contains(&((r[3] - r[1]) / em))
            && LETTER_WIDTH.contains(&((r[2] - r[0]) / em))
            && !(inside.get(i) == Some(&true) && is_arc(&ink, i, seal, em))
    };
    let mut kept: Vec<Rect> = Vec::new();
    let mut open: Vec<(usize, Rect)> = Vec::new();
    for (i, r) in boxes.iter().enumerate().filter(|(i, r)| is_letter(*i, r)) {
        if inside.get(i) == Some(&true) { open.push((i, *r)) } else { kept.push(*r) }
    }
    // Letter by letter into the seal.
    let mut stays = vec![false; boxes.len()];
    let mut next = 0;
    while let Some(letter) = kept.get(next).copied() {
        next += 1;
        open.retain(|(i, r)| {
            let joins = is_beside(&letter, r, em);
            if joins {
                kept.push(*r);
                stays[*i] = true;
            }
            !joins
        });
    }
    for (i, r) in boxes.iter().enumerate() {
        if inside.get(i) != Some(&true)
            || stays.get(i) == Some(&true)
            || kept.iter().any(|l| is_mark(r, l, em))
        {
            continue;
        }
        for (x0, x1, y) in ink.runs_of(i) {
            for x in x0..x1 {
                page.put_pixel(x, y, Luma([255]));
            }
        }
    }
}

/// Whether two letters stand next to each other on a line.
fn is_beside(a: &Rect, b: &Rect, em: f32) -> bool {
    let gap = (a[0] - b[2]).max(b[0] - a[2]);
    let core = |r: &Rect| r[1].max(r[3] - CORE * em);
    let common = a[3].min(b[3]) - core(a).max(core(b));
    let lower = (a[3] - core(a)).min(b[3] - core(b));
    gap <= SPACE * em && common > COMMON * lower && (a[3] - b[3]).abs() < LEVEL * em
}

/// Whether a piece of ink is a mark of the letter, or the point after it.
fn is_mark(r: &Rect, letter: &Rect, em: f32) -> bool {
    if r[3] - r[1] > MARK.0 * em || r[2] - r[0] > MARK.1 * em {
        return false;
    }
    let over = letter[0] < r[2] + 1.0 && letter[2] > r[0] - 1.0;
    let (above, below) = (letter[1] - r[3], r[1] - letter[3]);
    let stacked = above > -ABOVE * em && above < ABOVE * em && r[3] < letter[3] - ABOVE * em
        || below > -2.0 && below < BELOW * em;
    let after = r[0] - letter[2];
    let point = after > -2.0
        && after < FOLLOWS * em
        && r[1] > letter[1] + HANGS * em
        && (-BELOW * em..HANGS * em).contains(&(r[3] - letter[3]));
    over && stacked || point
}

/// Whether a piece of ink is a piece of a ring: thin, as long as a letter, along a circle around the seal's middle, and
/// neither upright nor level, as strokes of letters are.
fn is_arc(ink: &Ink, component: usize, seal: &Seal, em: f32) -> bool {
    let (mut n, mut sx, mut sy, mut sxx, mut sxy, mut syy) = (0.0f64, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (x0, x1, y) in ink.runs_of(component) {
        for x in x0..x1 {
            let (x, y) = (f64::from(x) - f64::from(seal.x), f64::from(y) - f64::from(seal.y));
            n += 1.0;
            (sx, sy) = (sx + x, sy + y);
            (sxx, sxy, syy) = (sxx + x * x, sxy + x * y, syy + y * y);
        }
    }
    if n < 5.0 {
        return false;
    }
    let (mx, my) = (sx / n, sy / n);
    let (cxx, cxy, cyy) = (sxx / n - mx * mx, sxy / n - mx * my, syy / n - my * my);
    // Axes of the ellipse with the same moments.
    let (mean, half) = ((cxx + cyy) / 2.0, ((cxx - cyy) / 2.0).hypot(cxy));
    let (long, thick) = (4.0 * (mean + half).max(0.0).sqrt(), 4.0 * (mean - half).max(0.01).sqrt());
    let angle = 0.5 * (2.0 * cxy).atan2(cxx - cyy);
    let (dy, dx) = angle.sin_cos();
    let radial = (dx * mx + dy * my).abs() / mx.hypot(my).max(1.0);
    let slant = dy.abs().atan2(dx.abs()).to_degrees();
    thick < 0.16 * f64::from(em) && long > 2.2 * thick && radial < 0.26 && (10.0..80.0).contains(&slant)
}
