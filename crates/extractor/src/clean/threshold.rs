//! Uneven paper: how uneven it is, and Sauvola's local threshold.

use image::GrayImage;

/// Side of the squares whose paper brightness is taken, in inches.
const SQUARE: f32 = 0.3;

/// How much the brightness of the paper differs over the page, of 255: the middle 90 % of the squares' paper, where a
/// square's paper is the level that a tenth of its pixels exceed. The outermost squares, where scanners leave black
/// margins, do not count.
pub(crate) fn paper_spread(page: &GrayImage, dpi: f32) -> u8 {
    let (w, h) = page.dimensions();
    let side = ((dpi * SQUARE) as u32).max(8);
    let (across, down) = (w / side, h / side);
    if across < 4 || down < 4 {
        return 0;
    }
    let mut paper = Vec::new();
    for row in 1..down - 1 {
        for column in 1..across - 1 {
            let mut histogram = [0u32; 256];
            for y in (row * side..(row + 1) * side).step_by(2) {
                for x in (column * side..(column + 1) * side).step_by(2) {
                    histogram[usize::from(page.get_pixel(x, y).0[0])] += 1;
                }
            }
            let tenth = histogram.iter().sum::<u32>() / 10;
            let mut above = 0;
            let level = (0..=255u8).rev().find(|&v| {
                above += histogram[usize::from(v)];
                above > tenth
            });
            paper.push(level.unwrap_or(255));
        }
    }
    paper.sort_unstable();
    let at = |share: f32| paper.get(((paper.len() - 1) as f32 * share) as usize).copied().unwrap_or(255);
    at(0.95).saturating_sub(at(0.05))
}

/// Makes the page black and white: a pixel is ink where it is darker than `mean · (1 + k (deviation / 128 − 1))` of
/// the `window` × `window` pixels around it (Sauvola and Pietikäinen 2000). `window` is odd.
///
/// Sums run along the rows, so memory is a few rows, not two integral images.
pub(crate) fn sauvola(page: &mut GrayImage, window: u32, k: f32) {
    let (w, h) = (page.width() as usize, page.height() as usize);
    let half = window as usize / 2;
    let source = page.as_raw().clone();
    let row_of = |y: usize| source.get(y * w..(y + 1) * w).unwrap_or_default();
    let mut sums = vec![0u32; w];
    let mut squares = vec![0u32; w];
    for y in 0..half.min(h) {
        for (x, &v) in row_of(y).iter().enumerate() {
            sums[x] += u32::from(v);
            squares[x] += u32::from(v) * u32::from(v);
        }
    }
    let mut rows = half.min(h);
    for (y, out) in page.as_mut().chunks_exact_mut(w.max(1)).enumerate() {
        if y + half < h {
            for (x, &v) in row_of(y + half).iter().enumerate() {
                sums[x] += u32::from(v);
                squares[x] += u32::from(v) * u32::from(v);
            }
            rows += 1;
        }
        if y > half {
            for (x, &v) in row_of(y - half - 1).iter().enumerate() {
                sums[x] -= u32::from(v);
                squares[x] -= u32::from(v) * u32::from(v);
            }
            rows -= 1;
        }
        let (mut sum, mut square) = (0u64, 0u64);
        let mut columns = 0usize;
        for x in 0..half.min(w) {
            sum += u64::from(sums[x]);
            square += u64::from(squares[x]);
            columns += 1;
        }
        for (x, pixel) in out.iter_mut().enumerate() {
            if x + half < w {
                sum += u64::from(sums[x + half]);
                square += u64::from(squares[x + half]);
                columns += 1;
            }
            if x > half {
                sum -= u64::from(sums[x - half - 1]);
                square -= u64::from(squares[x - half - 1]);
                columns -= 1;
            }
            let n = (rows * columns) as f64;
            let mean = sum as f64 / n;
            let deviation = (square as f64 / n - mean * mean).max(0.0).sqrt();
            let limit = mean * (1.0 + f64::from(k) * (deviation / 128.0 - 1.0));
            *pixel = if f64::from(*pixel) < limit { 0 } else { 255 };
        }
    }
}

/// The brightness that parts ink from paper best (Otsu 1979), kept in bounds where there is next to no ink.
pub(crate) fn ink_limit(page: &GrayImage) -> u8 {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of equal contrast on paper that darkens towards the right.
    fn shaded() -> GrayImage {
        GrayImage::from_fn(900, 900, |x, y| {
            let paper = 240 - x / 8;
            let ink = x % 40 < 6 && y % 40 < 20;
            image::Luma([if ink { (paper / 3) as u8 } else { paper as u8 }])
        })
    }

    #[test]
    fn shade_is_measured_and_removed() {
        let mut page = shaded();
        assert!(paper_spread(&page, 100.0) > 60);
        assert_eq!(paper_spread(&GrayImage::from_pixel(900, 900, image::Luma([200])), 100.0), 0);
        sauvola(&mut page, 51, 0.25);
        for (x, y, pixel) in page.enumerate_pixels() {
            let ink = x % 40 < 6 && y % 40 < 20;
            assert_eq!(pixel.0[0] == 0, ink, "{x} {y}");
        }
    }
}
