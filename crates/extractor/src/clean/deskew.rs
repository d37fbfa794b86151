//! Skew: the angle at which rows of ink and rows of paper stand out most, and its undoing.

use super::resample::resample;
use image::GrayImage;
use image::imageops;

/// The search runs at this resolution: at 100 dpi a tenth of a degree moves a line's end by a pixel and a half.
const SEARCH_DPI: f32 = 100.0;

/// Largest skew looked for, in degrees.
const MAX_SKEW: f32 = 8.0;

/// Fewer dark pixels than this tell nothing.
const MIN_INK: usize = 400;

/// The skew of the text in degrees, positive where lines fall towards the right; `None` on a page without enough ink.
///
/// The score of an angle is the sum of squared differences of neighbouring rows of the ink profile along it
/// (Postl 1986): it peaks where text lines run along the rows.
pub(crate) fn skew(page: &GrayImage, dpi: f32) -> Option<f32> {
    let scale = (SEARCH_DPI / dpi).min(1.0);
    let (w, h) = page.dimensions();
    let (w, h) = ((w as f32 * scale) as u32, (h as f32 * scale) as u32);
    if w < 50 || h < 50 {
        return None;
    }
    let small = imageops::thumbnail(page, w, h);
    let ink = ink_of(&small);
    if ink.len() < MIN_INK {
        return None;
    }
    let diagonal = ((w * w + h * h) as f32).sqrt() as usize + 2;
    let mut profile = vec![0i32; 2 * diagonal + 2];
    let mut score = |degrees: f32| {
        profile.fill(0);
        let (sin, cos) = degrees.to_radians().sin_cos();
        for &(x, y) in &ink {
            let row = (y * cos - x * sin) as i32 + diagonal as i32;
            if let Some(bin) = usize::try_from(row).ok().and_then(|r| profile.get_mut(r)) {
                *bin += 1;
            }
        }
        profile.windows(2).map(|p| i64::from(p[1] - p[0]).pow(2)).sum::<i64>()
    };
    let mut best = (score(0.0), 0.0);
    let mut search = |centre: f32, reach: f32, step: f32, best: &mut (i64, f32)| {
        let steps = (reach / step).round() as i32;
        for i in -steps..=steps {
            let degrees = centre + i as f32 * step;
            let s = score(degrees);
            if s > best.0 {
                *best = (s, degrees);
            }
        }
    };
    search(0.0, MAX_SKEW, 0.25, &mut best);
    let coarse = best.1;
    search(coarse, 0.25, 0.05, &mut best);
    Some(best.1)
}

/// Side of the squares whose mean is taken for the paper around a pixel, at the resolution of the search.
const SQUARE: u32 = 16;

/// Dark pixels of print: darker than the paper around them by a clear step. Shadows and black margins, which are even,
/// drop out.
fn ink_of(page: &GrayImage) -> Vec<(f32, f32)> {
    const STEP: u8 = 30;
    let (w, h) = page.dimensions();
    let around = imageops::thumbnail(page, w.div_ceil(SQUARE), h.div_ceil(SQUARE));
    // What lies `at` of `side` pixels is in the square of the same share.
    let square = |at: u32, side: u32| at * side.div_ceil(SQUARE) / side;
    let margin = |side: u32| side / 40;
    let mut ink = Vec::new();
    for y in margin(h)..h - margin(h) {
        for x in margin(w)..w - margin(w) {
            let here = page.get_pixel(x, y).0[0];
            if here.saturating_add(STEP) < around.get_pixel(square(x, w), square(y, h)).0[0] {
                ink.push((x as f32, y as f32));
            }
        }
    }
    ink
}

/// The page turned clockwise by `degrees` about its middle, on white paper, in its own size.
pub(crate) fn rotate(page: &GrayImage, degrees: f32) -> GrayImage {
    let (w, h) = page.dimensions();
    let (cx, cy) = (w as f32 / 2.0, h as f32 / 2.0);
    let (sin, cos) = degrees.to_radians().sin_cos();
    resample(page, (w, h), |x, y| {
        let (dx, dy) = (x + 0.5 - cx, y + 0.5 - cy);
        (dx * cos + dy * sin + cx - 0.5, dy * cos - dx * sin + cy - 0.5)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of dashes in rows, like lines of words.
    fn rows() -> GrayImage {
        GrayImage::from_fn(800, 1100, |x, y| {
            let line = (100..1000).contains(&y) && y % 30 < 10;
            let word = (80..720).contains(&x) && x % 50 < 38;
            image::Luma([if line && word { 20 } else { 245 }])
        })
    }

    #[test]
    fn skew_is_found_and_undone() {
        assert!(skew(&rows(), 100.0).unwrap().abs() < 0.1);
        for angle in [-3.0, 1.4, 4.5] {
            let turned = rotate(&rows(), angle);
            let found = skew(&turned, 100.0).unwrap();
            assert!((found - angle).abs() < 0.15, "{angle} {found}");
            let back = skew(&rotate(&turned, -found), 100.0).unwrap();
            assert!(back.abs() < 0.15, "{back}");
        }
    }

    #[test]
    fn a_blank_page_has_no_skew() {
        assert_eq!(skew(&GrayImage::from_pixel(800, 1100, image::Luma([250])), 100.0), None);
    }
}
