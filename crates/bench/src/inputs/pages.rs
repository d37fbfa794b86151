//! Pages: typeset, as pictures, and cut into strips.

use super::{Inputs, SEED};
use crate::error::{Error, Result};
use fixtures::degrade::{self, Damage};
use fixtures::make::{Press, sources};
use fixtures::page::{self, Page};
use fixtures::{render, tiff};
use image::{GrayImage, ImageFormat, RgbImage, imageops};
use std::path::PathBuf;

/// Resolution of page pictures, in pixels an inch.
pub const DPI: f32 = 200.0;

/// Least height of the strips that OCR is measured on, in pixels: about three lines of print.
const STRIP: u32 = 130;

/// Strips that are cut out of a page.
const STRIPS: usize = 5;

/// Document of which page pictures are made.
const PICTURED: &str = "03";

impl Inputs {
    /// Exactly `count` typeset pages: the documents of `fixtures/` one after the other, again and again.
    fn typeset(&self, count: usize) -> Result<(Press, Vec<Page>)> {
        let press = Press::new().map_err(Error::stage)?;
        let sources = sources(&self.root().join("fixtures")).map_err(Error::stage)?;
        let mut pages = Vec::new();
        for source in sources.iter().filter(|s| s.family == fixtures::fonts::Family::Tinos).cycle() {
            pages.extend(press.pages(source).map_err(Error::stage)?);
            if pages.len() >= count || pages.is_empty() {
                break;
            }
        }
        pages.truncate(count);
        Ok((press, pages))
    }

    /// A PDF of `count` typeset pages.
    ///
    /// # Errors
    /// Where fonts are missing, and the system's.
    pub fn pdf(&self, count: usize) -> Result<PathBuf> {
        self.kept(&format!("typeset-{count}.pdf"), || {
            let (press, pages) = self.typeset(count)?;
            let fonts = press.fonts(fixtures::fonts::Family::Tinos).map_err(Error::stage)?;
            fixtures::pdf::write(&pages, fonts).map_err(Error::stage)
        })
    }

    /// The text of [`Inputs::pdf`].
    ///
    /// # Errors
    /// As there.
    pub fn pdf_text(&self, count: usize) -> Result<String> {
        Ok(page::text(&self.typeset(count)?.1))
    }

    /// The first page of a document as a scanner gives it.
    fn scan(&self, name: &str, damage: Damage) -> Result<GrayImage> {
        let path = self.kept(&format!("{name}.png"), || {
            let pdf = self.read(&format!("fixtures/pdf/{PICTURED}.pdf"))?;
            let pages = render::pages(&pdf, damage.dpi).map_err(Error::stage)?;
            let page = pages.first().ok_or_else(|| Error::Stage("a PDF without pages".into()))?;
            let mut png = std::io::Cursor::new(Vec::new());
            damage.apply(page, SEED).write_to(&mut png, ImageFormat::Png).map_err(Error::stage)?;
            Ok(png.into_inner())
        })?;
        Ok(image::open(&path).map_err(Error::stage)?.into_luma8())
    }

    /// An A4 page at [`DPI`] that was copied badly: uneven light, specks, skew.
    ///
    /// # Errors
    /// The system's.
    pub fn photocopy(&self) -> Result<GrayImage> {
        self.scan("photocopy", Damage::photocopy(DPI))
    }

    /// An A4 page at [`DPI`], black and white, a little askew.
    ///
    /// # Errors
    /// The system's.
    pub fn bilevel(&self) -> Result<GrayImage> {
        self.scan("bilevel", Damage { skew: 0.6, ..Damage::bilevel(DPI, 120) })
    }

    /// A square of about `pixels` pixels, tiled with the middle of a page, so that the share of print is
    /// the same at any size.
    ///
    /// # Errors
    /// The system's.
    pub fn square(&self, pixels: u32) -> Result<GrayImage> {
        let page = self.photocopy()?;
        let tile = imageops::crop_imm(&page, 300, 900, 500, 500).to_image();
        let side = f64::from(pixels).sqrt().round() as u32;
        Ok(GrayImage::from_fn(side, side, |x, y| *tile.get_pixel(x % tile.width(), y % tile.height())))
    }

    /// The same in colour, with a red stamp on each tile.
    ///
    /// # Errors
    /// The system's.
    pub fn stamped(&self, pixels: u32) -> Result<RgbImage> {
        let tile = degrade::stamp(&self.square(250_000)?, 250.0, 250.0, 120.0, SEED);
        let side = self.square(pixels)?.width();
        Ok(RgbImage::from_fn(side, side, |x, y| *tile.get_pixel(x % tile.width(), y % tile.height())))
    }

    /// A black-and-white TIFF of `count` strips of about three lines each, cut from the pages of a document in turn.
    ///
    /// # Errors
    /// The system's.
    pub fn strips(&self, count: usize) -> Result<PathBuf> {
        self.kept(&format!("strips-{count}.tiff"), || {
            let pdf = self.read(&format!("fixtures/pdf/{PICTURED}.pdf"))?;
            let pages = render::pages(&pdf, DPI).map_err(Error::stage)?;
            let damage = Damage::bilevel(DPI, 120);
            let mut strips: Vec<GrayImage> = Vec::new();
            for (i, page) in pages.iter().take(2).enumerate() {
                let page = damage.apply(page, SEED + i as u64);
                let mut from = between_lines(&page, 700);
                for _ in 0..STRIPS {
                    let to = between_lines(&page, from + STRIP);
                    strips.push(imageops::crop_imm(&page, 0, from, page.width(), to - from).to_image());
                    from = to;
                }
            }
            let chosen: Vec<GrayImage> = strips.iter().cycle().take(count).cloned().collect();
            tiff::write(&chosen, DPI as u32).map_err(Error::stage)
        })
    }

    /// One page as a file: black and white in a TIFF, or grey in a PNG.
    ///
    /// # Errors
    /// The system's.
    pub fn scanned_page(&self, grey: bool) -> Result<PathBuf> {
        match grey {
            true => {
                self.photocopy()?;
                Ok(self.work().join("photocopy.png"))
            }
            false => {
                let page = self.bilevel()?;
                self.kept("page.tiff", || tiff::write(&[page], DPI as u32).map_err(Error::stage))
            }
        }
    }
}

/// The first row from `from` on without print, so that no line is cut.
fn between_lines(page: &GrayImage, from: u32) -> u32 {
    let dark = |y: u32| (0..page.width()).filter(|x| page.get_pixel(*x, y).0[0] < 128).count();
    (from..page.height()).find(|y| dark(*y) < 3).unwrap_or(page.height())
}
