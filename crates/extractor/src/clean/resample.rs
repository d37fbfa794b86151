//! Pictures bent into another form.

use image::{GrayImage, Luma};

/// A picture of `width` × `height` pixels whose every pixel is what stands at `from(x, y)` of `source`, both counted
/// from the middle of the first pixel; beside `source` there is white paper. Interpolates between four pixels: cubics
/// sharpen grey pages no further and put rings around the letters of black-and-white ones.
pub(crate) fn resample(
    source: &GrayImage,
    (width, height): (u32, u32),
    from: impl Fn(f32, f32) -> (f32, f32),
) -> GrayImage {
    let (w, h) = source.dimensions();
    let pixels = source.as_raw();
    let at = |x: i64, y: i64| -> f32 {
        if x < 0 || y < 0 || x >= i64::from(w) || y >= i64::from(h) {
            return 255.0;
        }
        pixels.get(y as usize * w as usize + x as usize).map_or(255.0, |&v| f32::from(v))
    };
    GrayImage::from_fn(width, height, |x, y| {
        let (sx, sy) = from(x as f32, y as f32);
        let (fx, fy) = (sx - sx.floor(), sy - sy.floor());
        let (ix, iy) = (sx.floor() as i64, sy.floor() as i64);
        let top = at(ix, iy) * (1.0 - fx) + at(ix + 1, iy) * fx;
        let bottom = at(ix, iy + 1) * (1.0 - fx) + at(ix + 1, iy + 1) * fx;
        Luma([(top * (1.0 - fy) + bottom * fy + 0.5) as u8])
    })
}
