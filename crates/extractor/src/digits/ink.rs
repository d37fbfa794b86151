//! The ink of a field: what of it may be digits, in pieces from left to right that the lattice joins to digits.

use super::glyph::Mask;
use crate::clean::components::{Component, Ink};
use crate::layout::PrintLine;
use image::{GrayImage, Luma};

/// A piece of ink: a digit, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// Its pixels in the field's picture.
    pub pixels: Vec<(u32, u32)>,
    /// Left, top, right, bottom, half-open.
    pub bounds: [u32; 4],
    /// Whether it was cut off the piece before.
    pub cut: bool,
}

/// The ink of a field, in pixels of its own picture.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldInk {
    pub pieces: Vec<Piece>,
    /// Where the picture's top left lies on the page, in pixels.
    pub origin: (f32, f32),
}

impl Piece {
    fn of(pixels: Vec<(u32, u32)>, cut: bool) -> Self {
        let mut b = [u32::MAX, u32::MAX, 0, 0];
        for &(x, y) in &pixels {
            b = [b[0].min(x), b[1].min(y), b[2].max(x + 1), b[3].max(y + 1)];
        }
        Self { pixels, bounds: b, cut }
    }

    pub(super) fn width(&self) -> f32 {
        self.bounds[2].saturating_sub(self.bounds[0]) as f32
    }

    pub(super) fn height(&self) -> f32 {
        self.bounds[3].saturating_sub(self.bounds[1]) as f32
    }
}

impl FieldInk {
    /// Takes off the stroke of the symbol where it ends the ink.
    pub(super) fn drop_stroke(&mut self, size: f32) {
        if self.pieces.len() > 1 && self.pieces.last().is_some_and(|p| is_stroke(p, size)) {
            self.pieces.pop();
        }
    }
}

/// Whether a piece is a straight line that rises to the right like "/".
fn is_stroke(piece: &Piece, size: f32) -> bool {
    if !(0.15..0.5).contains(&(piece.width() / size)) || piece.height() < 0.5 * size {
        return false;
    }
    let n = piece.pixels.len().max(1) as f32;
    let mean = |f: fn(&(u32, u32)) -> f32| piece.pixels.iter().map(f).sum::<f32>() / n;
    let (mx, my) = (mean(|p| p.0 as f32), mean(|p| p.1 as f32));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for &(x, y) in &piece.pixels {
        let (dx, dy) = (x as f32 - mx, y as f32 - my);
        (xx, yy, xy) = (xx + dx * dx, yy + dy * dy, xy + dx * dy);
    }
    -xy / (xx * yy).sqrt().max(1e-6) > 0.9
}

/// Pieces as one black and white picture.
pub(super) fn mask(pieces: &[Piece]) -> Mask {
    let least = |side: usize| pieces.iter().map(|p| p.bounds[side]).min().unwrap_or(0);
    let most = |side: usize| pieces.iter().map(|p| p.bounds[side]).max().unwrap_or(0);
    let (x0, y0) = (least(0), least(1));
    let mut mask = Mask::new(most(2).saturating_sub(x0) as usize, most(3).saturating_sub(y0) as usize);
    for &(x, y) in pieces.iter().flat_map(|p| &p.pixels) {
        mask.set((x - x0) as usize, (y - y0) as usize);
    }
    mask
}

/// Ink lower than this, in font sizes, is no digit of its own: points, dashes, the bar of a 5.
const LOW: f32 = 0.34;

/// And than this in both directions a speck or a point of a dotted line.
const POINT: f32 = 0.15;

/// A piece of which less than this share of the width lies in the field belongs to the print beside it.
const INSIDE: f32 = 0.4;

/// The ink of the line between `from` and `to`, in pixels of the page, of print of `size` pixels.
pub(super) fn field_ink(line: &[PrintLine], from: f32, to: f32, size: f32) -> FieldInk {
    // Wide enough to see whole what reaches in from the sides.
    let (left, right) = ((from - size).floor(), (to + size).ceil());
    let top = line.iter().map(|p| p.top).fold(f32::MAX, f32::min);
    let bottom = line.iter().map(|p| p.top + p.picture.height() as f32).fold(f32::MIN, f32::max);
    if right - left < 1.0 || bottom - top < 1.0 || right - left > 60.0 * size || bottom - top > 20.0 * size {
        return FieldInk::default();
    }
    let mut picture = GrayImage::from_pixel((right - left) as u32, (bottom - top) as u32, Luma([255]));
    for part in line {
        let (dx, dy) = ((part.left - left) as i64, (part.top - top) as i64);
        image::imageops::overlay(&mut picture, &part.picture, dx, dy);
    }
    let ink = Ink::of(&picture, limit(&picture, (from - left, to - left)));
    let (from, to) = (from - left, to - left);
    let mut tall = Vec::new();
    let mut low = Vec::new();
    for (i, c) in ink.components.iter().enumerate() {
        let shared = (c.x1 as f32).min(to) - (c.x0 as f32).max(from);
        if shared <= 0.0 || shared < INSIDE * c.width() as f32 && shared < 0.3 * size || is_point(c, size) {
            continue;
        }
        let pixels: Vec<(u32, u32)> = ink
            .runs_of(i)
            .flat_map(|(x0, x1, y)| (x0..x1).map(move |x| (x, y)))
            // What is half inside touches print: only the part inside is looked at.
            .filter(|(x, _)| shared > 0.75 * c.width() as f32 || (from..to).contains(&(*x as f32)))
            .collect();
        let piece = Piece::of(pixels, false);
        if piece.height() >= LOW * size {
            tall.push(piece);
        } else if piece.width() >= POINT * size {
            low.push(piece);
        }
    }
    for bar in low {
        attach(&mut tall, bar, size);
    }
    let shear = slant(&tall);
    let mut pieces: Vec<Piece> = tall.into_iter().flat_map(|p| split(p, shear, size)).collect();
    pieces.sort_by(|a, b| (a.bounds[0] + a.bounds[2]).cmp(&(b.bounds[0] + b.bounds[2])));
    FieldInk { pieces, origin: (left, top) }
}

fn is_point(c: &Component, size: f32) -> bool {
    (c.width() as f32) < POINT * size && (c.height() as f32) < POINT * size
}

/// Half way between paper and the darkest ink of the columns in question: a pen may be paler than print.
fn limit(picture: &GrayImage, columns: (f32, f32)) -> u8 {
    let mut values: Vec<u8> = picture
        .enumerate_pixels()
        .filter(|(x, _, _)| (columns.0..columns.1).contains(&(*x as f32)))
        .map(|(_, _, p)| p.0[0])
        .collect();
    values.sort_unstable();
    let at = |share: f32| values.get((values.len() as f32 * share) as usize).copied().unwrap_or(255);
    let (dark, paper) = (u16::from(at(0.02)), u16::from(at(0.6)));
    ((dark + paper) / 2).clamp(90, 200) as u8
}

/// Joins the bar of a 5 or a 7 to the digit it stands over or beside; a dash alone is left out.
fn attach(tall: &mut [Piece], bar: Piece, size: f32) {
    let shared = |p: &Piece| p.bounds[2].min(bar.bounds[2]) as f32 - p.bounds[0].max(bar.bounds[0]) as f32;
    let near = |p: &Piece| {
        p.bounds[1].saturating_sub(bar.bounds[3]) as f32 <= 0.2 * size && p.bounds[3] > bar.bounds[3]
    };
    let best = tall
        .iter_mut()
        .filter(|p| near(p) && shared(p) >= 0.3 * bar.width())
        .max_by(|a, b| shared(a).total_cmp(&shared(b)));
    if let Some(piece) = best {
        let mut pixels = std::mem::take(&mut piece.pixels);
        pixels.extend(bar.pixels);
        *piece = Piece::of(pixels, piece.cut);
    }
}

/// The slant of the writing, as columns a row: the one at which the ink stands in the fewest columns.
fn slant(pieces: &[Piece]) -> f32 {
    const SLANTS: [f32; 4] = [0.0, 0.15, 0.3, 0.45];
    let sharpness = |shear: f32| {
        let mut columns = std::collections::BTreeMap::<i64, f32>::new();
        for &(x, y) in pieces.iter().flat_map(|p| &p.pixels) {
            *columns.entry((x as f32 + shear * y as f32) as i64).or_default() += 1.0;
        }
        columns.values().map(|n| n * n).sum::<f32>()
    };
    SLANTS.into_iter().max_by(|a, b| sharpness(*a).total_cmp(&sharpness(*b))).unwrap_or(0.0)
}

/// Pieces narrower than this, in font sizes and in their own heights, are one digit at most.
const NARROW: f32 = 0.5;

/// Cuts are at least this far from each other and from the ends, in font sizes.
const APART: f32 = 0.16;

/// A cut goes through no more ink than this share of the piece's height.
const THROUGH: f32 = 0.4;

/// Most cuts through one piece.
const CUTS: usize = 5;

/// Cuts a piece along the slant of the writing wherever little ink is in the way.
fn split(piece: Piece, shear: f32, size: f32) -> Vec<Piece> {
    if piece.width() < NARROW * size || piece.width() < NARROW * piece.height() {
        return vec![piece];
    }
    let place = |&(x, y): &(u32, u32)| x as f32 + shear * y as f32;
    let first = piece.pixels.iter().map(place).fold(f32::MAX, f32::min);
    let last = piece.pixels.iter().map(place).fold(f32::MIN, f32::max);
    let mut columns = vec![0usize; (last - first) as usize + 1];
    for p in &piece.pixels {
        if let Some(n) = columns.get_mut((place(p) - first) as usize) {
            *n += 1;
        }
    }
    let apart = (APART * size).max(2.0) as usize;
    let mut candidates: Vec<(usize, usize)> = columns
        .iter()
        .copied()
        .enumerate()
        .skip(apart)
        .take(columns.len().saturating_sub(2 * apart))
        .filter(|(_, n)| (*n as f32) < THROUGH * piece.height())
        .map(|(x, n)| (n, x))
        .collect();
    candidates.sort_unstable();
    let mut cuts: Vec<usize> = Vec::new();
    for (_, x) in candidates {
        if cuts.len() < CUTS && cuts.iter().all(|c| c.abs_diff(x) >= apart) {
            cuts.push(x);
        }
    }
    cuts.sort_unstable();
    let mut parts: Vec<Vec<(u32, u32)>> = vec![Vec::new(); cuts.len() + 1];
    for p in piece.pixels {
        let at = cuts.partition_point(|c| *c as f32 <= place(&p) - first);
        if let Some(part) = parts.get_mut(at) {
            part.push(p);
        }
    }
    let parts = parts.into_iter().filter(|p| !p.is_empty()).enumerate();
    parts.map(|(i, pixels)| Piece::of(pixels, i > 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(rows: &[&str], scale: u32) -> PrintLine {
        let picture = GrayImage::from_fn(rows[0].len() as u32 * scale, rows.len() as u32 * scale, |x, y| {
            let c = rows[(y / scale) as usize].as_bytes()[(x / scale) as usize];
            Luma([if c == b'#' { 0 } else { 255 }])
        });
        PrintLine { rows: (0, picture.height()), picture, left: 0.0, top: 0.0, core: (0.0, 0.0) }
    }

    #[test]
    fn a_dotted_line_is_no_digit_and_a_bar_belongs_to_its_digit() {
        let rows = [
            "..###........",
            ".............",
            "..##.......#.",
            "...#.......#.",
            "..##.......#.",
            "......#.#..#.",
        ];
        let ink = field_ink(&[line(&rows, 6)], 0.0, 78.0, 42.0);
        assert_eq!(ink.pieces.len(), 2);
        assert_eq!(ink.pieces[0].height(), 30.0);
    }

    #[test]
    fn digits_that_touch_are_cut_where_they_touch() {
        let rows = ["####.####", "#..#.#..#", "#..###..#", "#..#.#..#", "####.####"];
        let ink = field_ink(&[line(&rows, 6)], 0.0, 54.0, 40.0);
        assert!(ink.pieces.len() >= 2 && ink.pieces.iter().skip(1).all(|p| p.cut));
        let all: usize = ink.pieces.iter().map(|p| p.pixels.len()).sum();
        assert_eq!(all, 29 * 36);
    }
}
