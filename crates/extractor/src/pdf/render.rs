//! A PDF page as a picture.

use crate::error::ExtractError;
use crate::options::Limits;
use crate::picture::{Picture, Pixels, check_size};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use hayro_interpret::kurbo::Affine;
use hayro_interpret::util::TransformExt;
use hayro_interpret::{InterpreterSettings, RenderContent};
use hayro_syntax::page::Page;
use image::{GrayImage, RgbImage};

/// Resolution at which pages are rendered that hold no picture to take it from.
pub(crate) const RENDER_DPI: f32 = 300.0;

/// Renders the page's own content, without annotations (a signature's stamp would cover print), at `dpi`.
pub(crate) fn render(page: &Page<'_>, dpi: f32, limits: &Limits) -> Result<Picture, ExtractError> {
    let (width, height) = page.render_dimensions();
    let scale = dpi / 72.0;
    let pixels = |side: f32| (side * scale).round().clamp(0.0, u32::MAX as f32) as u32;
    let (w, h) = (pixels(width), pixels(height));
    check_size(w, h, limits)?;
    let side = |s: u32| {
        u16::try_from(s).map_err(|_| {
            ExtractError::too_large(format!("the page measures {w} × {h} pixels when rendered"), "max_side")
        })
    };
    let mut context = RenderContext::new(side(w)?, side(h)?);
    let transform = Affine::scale(f64::from(scale)) * page.initial_transform(true).to_kurbo();
    let settings =
        InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() };
    render_into(page, &RenderCache::new(), &settings, &RenderSettings::default(), &mut context, transform);
    context.flush();
    let mut pixmap = Pixmap::new(context.width(), context.height());
    context.render_with(
        &mut pixmap,
        &mut Resources::default(),
        RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() },
    );
    Ok(Picture { pixels: flatten(pixmap.data_as_u8_slice(), w, h), dpi })
}

/// Grey where no pixel has colour, which halves the work of all later steps.
fn flatten(rgba: &[u8], width: u32, height: u32) -> Pixels {
    if rgba.chunks_exact(4).all(|p| p[0].abs_diff(p[1]) < 4 && p[1].abs_diff(p[2]) < 4) {
        let gray = rgba.chunks_exact(4).map(|p| p[1]).collect();
        Pixels::Gray(GrayImage::from_raw(width, height, gray).unwrap_or_default())
    } else {
        let rgb = rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        Pixels::Rgb(RgbImage::from_raw(width, height, rgb).unwrap_or_default())
    }
}
