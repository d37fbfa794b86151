//! Samples to learn from: characters distorted as hands, scanners and fax machines distort them.

use super::sources::{self, Printed, SIDE};
use super::strokes::{self, normal};
use extractor::digits::{Mask, normalise};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// What is no digit.
pub const REJECT: usize = 10;

/// All that samples are drawn from.
pub struct Pool {
    /// Pictures of each digit by hand.
    pub mnist: Vec<Vec<Vec<f32>>>,
    /// The same of fonts, many of which imitate handwriting.
    pub fonts: Vec<Vec<Vec<f32>>>,
    pub printed: Printed,
}

/// Kinds of samples, and how many of a hundred are drawn from each.
const MNIST: u32 = 30;
const FONTS: u32 = 20;
const DRAWN: u32 = 24;
const PRINTED: u32 = 9;

impl Pool {
    /// A class and what the net sees.
    pub fn sample(&self, rng: &mut ChaCha8Rng) -> (usize, Vec<f32>) {
        loop {
            let (class, mut mask) = self.draw(rng);
            scan(&mut mask, rng);
            if let Some(seen) = normalise(&mask) {
                return (class, seen);
            }
        }
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> (usize, Mask) {
        let digit = rng.random_range(0..10);
        let at = rng.random_range(0..100);
        if at < MNIST {
            return (digit, pick(&self.mnist, digit, rng));
        }
        if at < MNIST + FONTS {
            return (digit, pick(&self.fonts, digit, rng));
        }
        if at < MNIST + FONTS + DRAWN {
            let height = rng.random_range(18.0..60.0);
            return (digit, strokes::digit(digit, height, rng));
        }
        if at < MNIST + FONTS + DRAWN + PRINTED {
            return self.print(|class| class == digit, rng);
        }
        (REJECT, self.nothing(rng))
    }

    /// A digit by hand, distorted.
    pub fn written(&self, digit: usize, rng: &mut ChaCha8Rng) -> Mask {
        pick(if rng.random_bool(0.6) { &self.mnist } else { &self.fonts }, digit, rng)
    }

    fn print(&self, wanted: impl Fn(usize) -> bool, rng: &mut ChaCha8Rng) -> (usize, Mask) {
        for _ in 0..1000 {
            let at = rng.random_range(0..self.printed.pictures.len().max(1));
            if let Some((class, picture)) = self.printed.pictures.get(at)
                && wanted(*class)
            {
                return (*class, sources::ink(picture, rng.random_range(80..200)));
            }
        }
        (REJECT, Mask::new(1, 1))
    }

    /// A digit of any source.
    fn any(&self, rng: &mut ChaCha8Rng) -> Mask {
        let digit = rng.random_range(0..10);
        if rng.random_bool(0.5) { self.written(digit, rng) } else { strokes::digit(digit, 40.0, rng) }
    }

    /// Letters, scraps, two digits at once, parts of digits.
    fn nothing(&self, rng: &mut ChaCha8Rng) -> Mask {
        match rng.random_range(0..10) {
            0..3 => self.print(|class| class == REJECT, rng).1,
            3..5 => {
                let height = rng.random_range(8.0..50.0);
                strokes::scrap(height, rng)
            }
            5..9 => {
                let (left, right) = (self.any(rng), self.any(rng));
                // A whole digit and a good part of the next, or two.
                let share = if rng.random_bool(0.7) { 1.0 } else { rng.random_range(0.35..0.7) };
                beside(&left, &part(&right, share, false), rng.random_range(-3..4))
            }
            _ => {
                let digit = *[0, 0, 2, 3, 5, 6, 8, 8, 9, 2].get(rng.random_range(0..10)).unwrap_or(&0);
                let whole = if rng.random_bool(0.5) {
                    self.written(digit, rng)
                } else {
                    strokes::digit(digit, 40.0, rng)
                };
                let (share, right) = (rng.random_range(0.35..0.6), rng.random_bool(0.5));
                part(&whole, share, right)
            }
        }
    }
}

/// A digit of a collection, distorted.
fn pick(collection: &[Vec<Vec<f32>>], digit: usize, rng: &mut ChaCha8Rng) -> Mask {
    let Some(pictures) = collection.get(digit).filter(|p| !p.is_empty()) else { return Mask::new(1, 1) };
    let at = rng.random_range(0..pictures.len());
    distort(pictures.get(at).map_or(&[], Vec::as_slice), rng)
}

/// The left or right `share` of a mask's width.
fn part(mask: &Mask, share: f32, right: bool) -> Mask {
    let Some([x0, y0, x1, y1]) = mask.bounds() else { return Mask::new(1, 1) };
    let width = (((x1 - x0) as f32 * share) as usize).max(1);
    let from = if right { x1 - width } else { x0 };
    let mut out = Mask::new(width, y1 - y0);
    for y in 0..y1 - y0 {
        for x in 0..width {
            if mask.get(from + x, y0 + y) {
                out.set(x, y);
            }
        }
    }
    out
}

/// Two masks of like height side by side.
fn beside(left: &Mask, right: &Mask, gap: i64) -> Mask {
    let (Some(a), Some(b)) = (left.bounds(), right.bounds()) else { return Mask::new(1, 1) };
    let start = ((a[2] - a[0]) as i64 + gap).max(1) as usize;
    let drop = ((a[3] - a[1]) as i64 - (b[3] - b[1]) as i64).max(0) as usize;
    let mut out = Mask::new(start + b[2] - b[0], (a[3] - a[1]).max(drop + b[3] - b[1]));
    for (mask, r, dx, dy) in [(left, a, 0, 0), (right, b, start, drop)] {
        for y in r[1]..r[3] {
            for x in r[0]..r[2] {
                if mask.get(x, y) {
                    out.set(x - r[0] + dx, y - r[1] + dy);
                }
            }
        }
    }
    out
}

/// A picture of the collection drawn anew, larger, sheared, turned and bent (Simard et al. 2003), black and white.
fn distort(picture: &[f32], rng: &mut ChaCha8Rng) -> Mask {
    let height = rng.random_range(26.0..64.0f32);
    let scale = SIDE as f32 / height;
    let side = (height * 1.5) as usize;
    let middle = side as f32 / 2.0;
    let (turn, shear) = (normal(rng) * 0.1, normal(rng) * 0.18 + 0.05);
    let wide = rng.random_range(0.75..1.25f32);
    let bend: Vec<[f32; 5]> = (0..3)
        .map(|_| {
            [
                normal(rng) * 0.6,
                normal(rng) * 0.6,
                rng.random_range(0.1..0.3),
                rng.random_range(0.1..0.3),
                rng.random_range(0.0..6.3),
            ]
        })
        .collect();
    let limit = rng.random_range(0.25..0.75);
    let at = |x: f32, y: f32| {
        let value = |x: i64, y: i64| {
            let inside = (0..SIDE as i64).contains(&x) && (0..SIDE as i64).contains(&y);
            if inside { picture.get((y * SIDE as i64 + x) as usize).copied().unwrap_or(0.0) } else { 0.0 }
        };
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = (x - x0, y - y0);
        let (x0, y0) = (x0 as i64, y0 as i64);
        let row = |y| value(x0, y) * (1.0 - fx) + value(x0 + 1, y) * fx;
        row(y0) * (1.0 - fy) + row(y0 + 1) * fy
    };
    let mut mask = Mask::new(side, side);
    for y in 0..side {
        for x in 0..side {
            let (dx, dy) = ((x as f32 - middle) * scale / wide, (y as f32 - middle) * scale);
            let (sx, sy) =
                (dx * turn.cos() - dy * turn.sin() + shear * dy, dx * turn.sin() + dy * turn.cos());
            let (mut px, mut py) = (sx + 13.5, sy + 13.5);
            for [ax, ay, fx, fy, phase] in &bend {
                let wave = (fx * dx + fy * dy + phase).sin();
                px += ax * wave;
                py += ay * wave;
            }
            if at(px, py) > limit {
                mask.set(x, y);
            }
        }
    }
    mask
}

/// What scanning in black and white does: ragged edges, specks, thinner or thicker strokes.
fn scan(mask: &mut Mask, rng: &mut ChaCha8Rng) {
    let Some([x0, y0, x1, y1]) = mask.bounds() else { return };
    if rng.random_bool(0.3) {
        let ragged = rng.random_range(0.05..0.25);
        let old = mask.clone();
        for y in y0..y1 {
            for x in x0..x1 {
                let beside = [(x + 1, y), (x.wrapping_sub(1), y), (x, y + 1), (x, y.wrapping_sub(1))];
                let near = beside.iter().filter(|(x, y)| old.get(*x, *y)).count();
                if !old.get(x, y) && near > 0 && rng.random_bool(ragged) {
                    mask.set(x, y);
                }
            }
        }
    }
    if rng.random_bool(0.15) {
        for _ in 0..rng.random_range(1..4) {
            mask.set(rng.random_range(x0..x1), rng.random_range(y0..y1));
        }
    }
}
