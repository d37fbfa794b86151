//! A piece of ink as the net sees it: the largest side made 20 pixels, its middle of mass in the middle of 28 × 28
//! (the form of LeCun, Cortes and Burges, MNIST).

use crate::net::SIDE;

/// The larger side of the ink in it.
const FIT: usize = 20;

/// A black and white picture, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// `width` × `height` of them; true is ink.
    pub ink: Vec<bool>,
}

impl Mask {
    /// A white picture.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, ink: vec![false; width * height] }
    }

    /// Whether there is ink at a place; outside of the picture there is none.
    pub fn get(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.ink.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// Puts ink at a place; outside of the picture nothing happens.
    pub fn set(&mut self, x: usize, y: usize) {
        if x < self.width
            && y < self.height
            && let Some(p) = self.ink.get_mut(y * self.width + x)
        {
            *p = true;
        }
    }

    /// Left, top, right and bottom of the ink, half-open.
    pub fn bounds(&self) -> Option<[usize; 4]> {
        let mut b = [usize::MAX, usize::MAX, 0, 0];
        for (y, row) in self.ink.chunks_exact(self.width.max(1)).enumerate() {
            if let (Some(first), Some(last)) = (row.iter().position(|p| *p), row.iter().rposition(|p| *p)) {
                b = [b[0].min(first), b[1].min(y), b[2].max(last + 1), y + 1];
            }
        }
        (b[0] < b[2]).then_some(b)
    }
}

/// The ink of `mask` as the net sees it, 0 paper to 1 ink, row by row; nothing where there is no ink.
pub fn normalise(mask: &Mask) -> Option<Vec<f32>> {
    let [x0, y0, x1, y1] = mask.bounds()?;
    let (w, h) = (x1 - x0, y1 - y0);
    let step = w.max(h) as f32 / FIT as f32;
    let (tw, th) = ((w as f32 / step).ceil() as usize, (h as f32 / step).ceil() as usize);
    let mut small = vec![0.0f32; tw * th];
    let (mut sum, mut sum_x, mut sum_y) = (0.0f32, 0.0f32, 0.0f32);
    for ty in 0..th {
        for tx in 0..tw {
            let v = coverage(mask, x0, y0, (tx as f32 * step, ty as f32 * step), step);
            if let Some(s) = small.get_mut(ty * tw + tx) {
                *s = v;
            }
            sum += v;
            sum_x += v * (tx as f32 + 0.5);
            sum_y += v * (ty as f32 + 0.5);
        }
    }
    let middle = SIDE as f32 / 2.0;
    let place = |mass: f32, size: usize| {
        ((middle - mass / sum.max(1e-6)).round() as i64).clamp(0, SIDE.saturating_sub(size) as i64) as usize
    };
    let (left, top) = (place(sum_x, tw), place(sum_y, th));
    let mut seen = vec![0.0; SIDE * SIDE];
    for (y, row) in small.chunks_exact(tw).enumerate() {
        let start = (y + top) * SIDE + left;
        if let Some(to) = seen.get_mut(start..start + tw) {
            to.copy_from_slice(row);
        }
    }
    Some(seen)
}

/// The share of ink in a square of side `step` whose top left lies at `at`, from the ink's own top left.
fn coverage(mask: &Mask, x0: usize, y0: usize, at: (f32, f32), step: f32) -> f32 {
    let mut sum = 0.0;
    let (right, bottom) = (at.0 + step, at.1 + step);
    for y in at.1 as usize..bottom.ceil() as usize {
        let high = bottom.min(y as f32 + 1.0) - at.1.max(y as f32);
        for x in at.0 as usize..right.ceil() as usize {
            if mask.get(x0 + x, y0 + y) {
                sum += high.max(0.0) * (right.min(x as f32 + 1.0) - at.0.max(x as f32)).max(0.0);
            }
        }
    }
    sum / (step * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_fills_the_middle_whatever_its_size() {
        for (width, height) in [(5, 12), (40, 60), (3, 90)] {
            let mut mask = Mask::new(width + 8, height + 4);
            for y in 0..height {
                for x in 0..width {
                    mask.set(x + 4, y + 2);
                }
            }
            let seen = normalise(&mask).unwrap_or_default();
            let rows: Vec<usize> =
                (0..SIDE).filter(|y| seen[y * SIDE..(y + 1) * SIDE].iter().any(|v| *v > 0.0)).collect();
            assert_eq!((rows.len(), rows[0]), (20, 4), "{width} {height}");
        }
        assert_eq!(normalise(&Mask::new(4, 4)), None);
    }
}
