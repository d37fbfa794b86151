//! Round seals on scans without colour: their rings run through the lines that they were set on, join letters to one
//! another, and their lettering passes for print. Red seals go with the [red channel](super::red).

mod find;
mod inside;
mod rings;

use image::{GenericImage, GrayImage, imageops};

/// A round seal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Seal {
    /// Middle, in pixels.
    pub x: f32,
    pub y: f32,
    /// To the outer edge of its outermost ring, in pixels.
    pub radius: f32,
}

/// More seals than this are no page of one document.
const MOST: usize = 4;

/// The font size of official documents, in points: 13 to 14 (Nghị định 30/2020/NĐ-CP, phụ lục I).
const FONT_SIZE: f32 = 13.5;

/// Ink beyond the outermost ring that still belongs to it, in millimetres.
const FRAYED: f32 = 0.3;

/// Around a seal this much of the page is looked at, in radii and in ems: lines that run through it go on there.
const AROUND: (f32, f32) = (1.2, 8.0);

/// Paints white what of the page's ink, which is darker than `limit`, belongs to seals. Lines that run through them stay.
pub(crate) fn remove_seals(page: &mut GrayImage, dpi: f32, limit: u8) -> Vec<Seal> {
    let found = find::seals(page, dpi, MOST);
    found.iter().filter_map(|seal| erase(page, dpi, limit, seal)).collect()
}

/// Erases a seal. Gives it as it was; `None` where no ring is to be seen after all.
fn erase(page: &mut GrayImage, dpi: f32, limit: u8, found: &Seal) -> Option<Seal> {
    let (em, per_mm) = (FONT_SIZE / 72.0 * dpi, dpi / 25.4);
    let reach = AROUND.0 * found.radius + AROUND.1 * em;
    let side = |middle: f32, end: u32| {
        let [from, to] = [middle - reach, middle + reach].map(|v| v.clamp(0.0, end as f32) as u32);
        (from, to.saturating_sub(from))
    };
    let ((left, width), (top, height)) = (side(found.x, page.width()), side(found.y, page.height()));
    let mut part = imageops::crop_imm(page, left, top, width, height).to_image();
    let seal = Seal { x: found.x - left as f32, y: found.y - top as f32, ..*found };
    let ringed = rings::erase_rings(&mut part, limit, &seal, per_mm)?;
    let seal = Seal { radius: ringed.radius + FRAYED * per_mm, ..ringed };
    inside::erase_inside(&mut part, limit, &seal, em);
    page.copy_from(&part, left, top).ok()?;
    Some(Seal { x: seal.x + left as f32, y: seal.y + top as f32, ..seal })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    const DPI: f32 = 200.0;

    /// A page of lines of strokes like letters, and a seal of two rings with strokes for lettering above them, set through them.
    fn page(seal: bool) -> GrayImage {
        let mut page = GrayImage::from_pixel(1000, 900, Luma([255]));
        let mut fill = |x0: u32, y0: u32, x1: u32, y1: u32| {
            for y in y0..y1 {
                for x in x0..x1 {
                    page.put_pixel(x, y, Luma([0]));
                }
            }
        };
        for row in 0..3 {
            let top = 500 + row * 50;
            for letter in 0..40 {
                let left = 60 + letter * 22;
                // Two stems and a bar.
                fill(left, top, left + 4, top + 20);
                fill(left + 10, top, left + 14, top + 20);
                fill(left, top + 8, left + 14, top + 11);
            }
        }
        if seal {
            for y in 0..page.height() {
                for x in 0..page.width() {
                    let (dx, dy) = (x as f32 - 480.0, y as f32 - 420.0);
                    let d = dx.hypot(dy);
                    let lettering = dy < 50.0
                        && (95.0..120.0).contains(&d)
                        && (dy.atan2(dx) * 12.0).rem_euclid(2.0) < 0.6;
                    if (150.0..158.0).contains(&d) || (138.0..141.0).contains(&d) || lettering {
                        page.put_pixel(x, y, Luma([0]));
                    }
                }
            }
        }
        page
    }

    fn ink(page: &GrayImage) -> usize {
        page.as_raw().iter().filter(|v| **v < 128).count()
    }

    #[test]
    fn a_seal_goes_and_the_lines_under_it_stay() {
        let (clean, mut sealed) = (page(false), page(true));
        let seals = remove_seals(&mut sealed, DPI, 128);
        let [seal] = seals.as_slice() else { panic!("{seals:?}") };
        assert!((seal.x - 480.0).abs() < 4.0 && (seal.y - 420.0).abs() < 4.0, "{seal:?}");
        assert!((154.0..164.0).contains(&seal.radius), "{seal:?}");
        let lost =
            clean.as_raw().iter().zip(sealed.as_raw()).filter(|(c, s)| **c < 128 && **s >= 128).count();
        let left =
            clean.as_raw().iter().zip(sealed.as_raw()).filter(|(c, s)| **c >= 128 && **s < 128).count();
        // Letters that stand upright on a ring lose what runs along it.
        assert!(lost * 30 < ink(&clean), "{lost} of {}", ink(&clean));
        assert!(left * 5 < ink(&page(true)) - ink(&clean), "{left} of {}", ink(&page(true)) - ink(&clean));
    }

    #[test]
    fn a_page_without_a_seal_stays_as_it_is() {
        let mut clean = page(false);
        assert!(remove_seals(&mut clean, DPI, 128).is_empty());
        assert_eq!(clean, page(false));
        for side in [0, 1, 40] {
            assert!(remove_seals(&mut GrayImage::new(side, side), DPI, 128).is_empty());
        }
    }
}
