//! Holes punched for filing: black discs, or their outlines, in the margins, which pass for letters or bullets.

use super::components::{Component, Ink};
use image::{GrayImage, Luma, imageops};

/// Holes lie within this distance of an edge of the page, in millimetres (ISO 838: 12 from edge to middle).
const MARGIN: f32 = 20.0;

/// Their diameter, in millimetres (ISO 838: 6; other punches make 5 to 8). No letter of an official document is as large.
const DIAMETER: std::ops::Range<f32> = 4.5..9.0;

/// Width and height of a disc differ by no more than this share.
const ROUND: f32 = 0.15;

/// At least this share of a disc's area is ink.
const SOLID: f32 = 0.9;

/// An outline has no ink nearer to the middle than this, in radii; scanners give some grains all the same.
const HOLLOW: f32 = 0.8;
const GRAINS: f32 = 0.02;

/// Of the ink no more than this share lies outside of the circle.
const OUTSIDE: f32 = 0.03;

/// Paints holes in the margins white where the page's ink is darker than `limit`. Gives their number.
pub(crate) fn remove_holes(page: &mut GrayImage, dpi: f32, limit: u8) -> usize {
    let (width, height) = page.dimensions();
    let depth = (MARGIN * dpi / 25.4) as u32;
    if width < 4 * depth || height < 4 * depth {
        return 0;
    }
    let between = height - 2 * depth;
    let strips = [
        (0, 0, width, depth),
        (0, height - depth, width, depth),
        (0, depth, depth, between),
        (width - depth, depth, depth, between),
    ];
    strips.into_iter().map(|strip| remove_from(page, strip, dpi, limit)).sum()
}

/// Removes the holes of a strip of the page: its left, top, width and height.
fn remove_from(
    page: &mut GrayImage,
    (left, top, width, height): (u32, u32, u32, u32),
    dpi: f32,
    limit: u8,
) -> usize {
    let strip = imageops::crop_imm(page, left, top, width, height).to_image();
    let ink = Ink::of(&strip, limit);
    let holes = (0..ink.components.len()).filter(|&i| is_hole(&ink, i, dpi / 25.4));
    let mut found = 0;
    for hole in holes {
        found += 1;
        let Some(c) = ink.components.get(hole) else { continue };
        // The soft edge of the hole goes with it.
        let edge = (0.4 * dpi / 25.4).ceil() as u32;
        let (x0, y0) = ((left + c.x0).saturating_sub(edge), (top + c.y0).saturating_sub(edge));
        let (x1, y1) = ((left + c.x1 + edge).min(page.width()), (top + c.y1 + edge).min(page.height()));
        for y in y0..y1 {
            for x in x0..x1 {
                page.put_pixel(x, y, Luma([255]));
            }
        }
    }
    found
}

/// Whether a component is a hole. `mm` is a millimetre in pixels.
fn is_hole(ink: &Ink, component: usize, mm: f32) -> bool {
    let Some(c) = ink.components.get(component) else { return false };
    let (w, h) = (c.width() as f32, c.height() as f32);
    let diameter = (w + h) / 2.0;
    if !DIAMETER.contains(&(diameter / mm)) || (w - h).abs() > ROUND * diameter {
        return false;
    }
    let (inside, outside) = radial(ink, component, c, diameter / 2.0);
    let (all, area) = (c.ink as f32, std::f32::consts::PI * diameter * diameter / 4.0);
    outside <= OUTSIDE * all && (all >= SOLID * area || inside <= GRAINS * all)
}

/// Pixels of ink nearer to the middle than an outline has any, and outside of the circle.
fn radial(ink: &Ink, component: usize, c: &Component, radius: f32) -> (f32, f32) {
    let middle = ((c.x0 + c.x1) as f32 / 2.0, (c.y0 + c.y1) as f32 / 2.0);
    let (mut inside, mut outside) = (0, 0);
    for (x0, x1, y) in ink.runs_of(component) {
        for x in x0..x1 {
            let r = (x as f32 + 0.5 - middle.0).hypot(y as f32 + 0.5 - middle.1) / radius;
            inside += u32::from(r < HOLLOW);
            outside += u32::from(r > 1.08);
        }
    }
    (inside as f32, outside as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DPI: f32 = 200.0;

    fn page(discs: &[(f32, f32, f32, f32)]) -> GrayImage {
        let mm = DPI / 25.4;
        GrayImage::from_fn(1654, 2339, |x, y| {
            let dark = discs.iter().any(|(cx, cy, from, to)| {
                (*from..*to).contains(&((x as f32 / mm - cx).hypot(y as f32 / mm - cy)))
            });
            // Lines of print in the middle, a bullet in the margin.
            let print = (300..1400).contains(&x) && (200..2200).contains(&y) && y % 50 < 20 && x % 20 < 6;
            Luma([if dark || print { 30 } else { 250 }])
        })
    }

    #[test]
    fn holes_go_and_print_stays() {
        // Two holes, one that shows as an outline at the top, and a bullet.
        let bullet = (18.0, 60.0, 0.0, 0.9);
        let mut punched =
            page(&[(12.0, 108.0, 0.0, 3.0), (12.0, 188.0, 0.0, 3.0), (100.0, 10.0, 2.7, 3.0), bullet]);
        assert_eq!(remove_holes(&mut punched, DPI, 128), 3);
        let clean = page(&[bullet]);
        let left = punched.pixels().zip(clean.pixels()).filter(|(a, b)| (a.0[0] < 128) != (b.0[0] < 128));
        assert_eq!(left.count(), 0);
    }

    #[test]
    fn discs_in_the_text_and_squares_in_the_margin_stay() {
        let mut page = page(&[(105.0, 150.0, 0.0, 3.0)]);
        for y in 400..447 {
            for x in 60..107 {
                page.put_pixel(x, y, Luma([0]));
            }
        }
        let before = page.clone();
        assert_eq!(remove_holes(&mut page, DPI, 128), 0);
        assert_eq!(page, before);
        assert_eq!(remove_holes(&mut GrayImage::new(3, 3), DPI, 128), 0);
    }
}
