//! Red ink: seals and stamps vanish in the red channel, black print stays.

use image::{GrayImage, RgbImage};

/// Red must lead both other channels by this much, of 255.
const LEAD: i16 = 50;

/// Share of the pixels that must be red. A seal covers 1 to 3 % of a page; an underlined word 0.02 %.
const MIN_SHARE: f32 = 0.0008;

/// Whether the page bears red ink. Every fourth pixel of every fourth row is looked at.
pub(crate) fn has_red_ink(page: &RgbImage) -> bool {
    let (mut red, mut seen) = (0u32, 0u32);
    for y in (0..page.height()).step_by(4) {
        for x in (0..page.width()).step_by(4) {
            let [r, g, b] = page.get_pixel(x, y).0.map(i16::from);
            red += u32::from(r > 110 && r - g.max(b) > LEAD);
            seen += 1;
        }
    }
    red as f32 > MIN_SHARE * seen as f32
}

/// The red channel alone.
pub(crate) fn red_channel(page: &RgbImage) -> GrayImage {
    GrayImage::from_fn(page.width(), page.height(), |x, y| image::Luma([page.get_pixel(x, y).0[0]]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_seal_is_seen_and_vanishes() {
        let page = RgbImage::from_fn(200, 200, |x, y| {
            if x > 150 && y > 150 {
                Rgb([230, 60, 60])
            } else if x < 20 {
                Rgb([20, 20, 20])
            } else {
                Rgb([250, 250, 248])
            }
        });
        assert!(has_red_ink(&page));
        let gray = red_channel(&page);
        assert!(gray.get_pixel(180, 180).0[0] > 200 && gray.get_pixel(5, 5).0[0] < 40);
        assert!(!has_red_ink(&RgbImage::from_pixel(100, 100, Rgb([90, 90, 200]))));
    }
}
