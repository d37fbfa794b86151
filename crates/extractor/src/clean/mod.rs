//! Clean-up of a page picture before it is read. Each step runs only where the page calls for it, so that a clean
//! page passes untouched; the thresholds are those that measured best on degraded pages of known text.

pub(crate) mod components;
pub(crate) mod deskew;
mod holes;
pub(crate) mod placement;
pub(crate) mod red;
mod resample;
mod seal;
pub(crate) mod sheet;
pub(crate) mod threshold;

use crate::picture::{Picture, Pixels};
use image::GrayImage;
use image::imageops::{self, FilterType};
use placement::Placement;
use sheet::Sheet;
use vanthu_model::BBox;

/// Text is turned level from this angle on, in degrees; below it Tesseract's own line finder copes.
const MIN_SKEW: f32 = 0.3;

/// Paper whose brightness spreads more than this, of 255, is thresholded locally.
const MAX_PAPER_SPREAD: u8 = 60;

/// Specks of fewer pixels than this at 200 dpi are removed from locally thresholded pages. A dot below a letter has
/// 12 or more.
const SPECK_PIXELS: f32 = 10.0;

/// Pages below this resolution are enlarged.
const MIN_DPI: f32 = 149.0;

/// By this factor; 120 dpi become 300.
const ENLARGE: f32 = 2.5;

/// Standard deviation in pixels of the blur that takes the steps out of an enlarged page.
const ENLARGE_BLUR: f32 = 0.8;

/// A page ready to be read, and how its pixels lie on the page they came from.
#[derive(Debug, Clone)]
pub(crate) struct CleanPage {
    pub gray: GrayImage,
    /// Pixels an inch of `gray`.
    pub dpi: f32,
    /// Names of the steps that ran, with their parameters.
    pub steps: Vec<String>,
    /// From pixels of `gray` to points of the page.
    pub placement: Placement,
    /// Seals that were erased, in points of the page.
    pub seals: Vec<BBox>,
}

/// Runs the chain: red ink, the sheet on a photograph, skew, uneven paper, holes, seals, resolution.
pub(crate) fn clean(picture: Picture) -> CleanPage {
    let mut steps = Vec::new();
    let mut dpi = picture.dpi;
    let mut placement = Placement::scaled(72.0 / f64::from(dpi));
    let sheet = Sheet::find(&picture);
    let mut gray = match picture.pixels {
        Pixels::Gray(gray) => gray,
        Pixels::Rgb(rgb) if red::has_red_ink(&rgb) => {
            steps.push("red channel".to_owned());
            red::red_channel(&rgb)
        }
        Pixels::Rgb(rgb) => imageops::grayscale(&rgb),
    };
    if let Some(sheet) = sheet {
        gray = sheet.cut(&gray);
        dpi = sheet.dpi;
        placement = placement.after(&sheet.placement);
        steps.push(format!("sheet {} x {}", sheet.size.0, sheet.size.1));
    }
    if let Some(angle) = deskew::skew(&gray, dpi)
        && angle.abs() >= MIN_SKEW
    {
        gray = deskew::rotate(&gray, -angle);
        let middle = (f64::from(gray.width()) / 2.0, f64::from(gray.height()) / 2.0);
        placement = placement.after(&Placement::turned(f64::from(angle), middle));
        steps.push(format!("deskew {angle:.2}"));
    }
    let spread = threshold::paper_spread(&gray, dpi);
    if spread > MAX_PAPER_SPREAD {
        let window = (51.0 * dpi / 200.0).round().max(15.0) as u32 | 1;
        threshold::sauvola(&mut gray, window, 0.25);
        let speck = (SPECK_PIXELS * (dpi / 200.0).powi(2)).round() as u32;
        components::remove_specks(&mut gray, speck);
        steps.push(format!("sauvola {window} 0.25"));
        steps.push(format!("despeckle {speck}"));
    }
    let limit = threshold::ink_limit(&gray);
    let holes = holes::remove_holes(&mut gray, dpi, limit);
    if holes > 0 {
        steps.push(format!("holes {holes}"));
    }
    let seals = seal::remove_seals(&mut gray, dpi, limit);
    let seals: Vec<BBox> = seals
        .iter()
        .map(|s| placement.bbox([s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius]))
        .collect();
    for b in &seals {
        steps.push(format!("seal at {:.0} {:.0} {:.0} {:.0}", b.x0, b.y0, b.x1, b.y1));
    }
    if dpi < MIN_DPI {
        gray = enlarge(&gray);
        dpi *= ENLARGE;
        placement = placement.after(&Placement::scaled(1.0 / f64::from(ENLARGE)));
        steps.push(format!("enlarge {ENLARGE}"));
    }
    CleanPage { gray, dpi, steps, placement, seals }
}

/// A page of low resolution made larger, its steps blurred.
pub(crate) fn enlarge(page: &GrayImage) -> GrayImage {
    let (w, h) = page.dimensions();
    let bigger = |side: u32| (side as f32 * ENLARGE).round() as u32;
    let page = imageops::resize(page, bigger(w), bigger(h), FilterType::CatmullRom);
    imageops::blur(&page, ENLARGE_BLUR)
}
