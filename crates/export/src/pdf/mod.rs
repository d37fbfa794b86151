//! Searchable PDF: the pages as they are, with the repaired text in place and no other.
//!
//! A PDF file keeps its own pages: old text is taken out of those whose words were read anew or repaired (`strip`, over
//! the operators of `content`), and the words are laid over them invisibly (`layer`) in a font without shapes (`font`).
//! Pictures become pages, pixel for pixel (`scan`). What an archive may keep is dressed as PDF/A-2b (`archive`, with the
//! colour profile of `icc`).

mod archive;
mod content;
mod font;
mod icc;
mod layer;
mod scan;
mod strip;

use crate::error::ExportError;
use crate::item::Item;
use crate::source::Source;
use archive::{About, dress};
use font::{Codes, packed};
use layer::layer;
use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, dictionary};
use std::io::Write;
use strip::{MAX_CONTENT, entry, mute_form, replace_forms, strip};
use vanthu_model::{Origin, Page, Record};

/// Name of our font among a page's resources.
const FONT: &str = "VanthuText";
/// Page boxes are looked for in so many parents.
const DEEPEST: usize = 64;
/// Resolution asked of pages that are drawn; those of picture files come as they are.
const DPI: f32 = 300.0;

/// Writes a record as a searchable PDF. A PDF file of which no word was changed is copied as it is.
///
/// # Errors
/// Those of `to`, [`ExportError::Source`] where the file that was read cannot be had, [`ExportError::NoPages`] for a
/// file of text alone, [`ExportError::Unfit`] for a PDF whose pages cannot be found.
pub fn write_pdf(
    mut to: impl Write,
    item: &Item<'_>,
    source: Result<&dyn Source, &str>,
) -> Result<(), ExportError> {
    let record = item.record;
    if record.document.pages.iter().all(|p| p.width.is_none()) {
        return Err(ExportError::NoPages);
    }
    let source = source.map_err(|e| ExportError::Source(e.to_string()))?;
    let is_pdf = record.source.media_type == "application/pdf";
    if is_pdf && !record.document.pages.iter().any(needs_layer) && source.password().is_none() {
        return Ok(to.write_all(source.bytes())?);
    }
    let texts = record.document.words().map(|w| w.text.as_str());
    let codes = Codes::of(texts);
    let mut document = if is_pdf { load(source)? } else { Document::with_version("1.7") };
    document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    let font = codes.add_font(&mut document);
    let made = match is_pdf {
        true => over_pages(&mut document, record, &codes, font),
        false => of_pictures(&mut document, record, source, &codes, font),
    };
    made?;
    document.prune_objects();
    let about = About { title: item.title(), sha256: &record.source.sha256, font };
    dress(&mut document, &about).map_err(unfit)?;
    document.renumber_objects();
    Ok(document.save_to(&mut to)?)
}

/// Whether a page's own text is not what was made of it: it was read from its picture, or words were repaired.
fn needs_layer(page: &Page) -> bool {
    let words = || page.blocks.iter().flat_map(|b| &b.lines).flat_map(|l| &l.words);
    page.origin != Origin::TextLayer || words().any(|w| w.raw != w.text)
}

fn unfit(error: lopdf::Error) -> ExportError {
    ExportError::Unfit(format!("the PDF file cannot be written anew ({error})"))
}

fn load(source: &dyn Source) -> Result<Document, ExportError> {
    let options = LoadOptions { password: source.password().map(str::to_owned), ..LoadOptions::default() };
    let mut document = Document::load_mem_with_options(source.bytes(), options).map_err(unfit)?;
    if document.version.as_str() < "1.7" {
        document.version = "1.7".into();
    }
    let root = document.trailer.get(b"Root").cloned().map_err(unfit)?;
    // Locks and the places of old tables are not those of the new file.
    document.trailer = dictionary! { "Root" => root };
    if let Ok(catalog) = document.catalog_mut() {
        // Signatures vouch for the bytes of the old file only; their stamps stay as pictures.
        for key in [&b"Perms"[..], b"DSS"] {
            catalog.remove(key);
        }
    }
    for object in document.objects.values_mut() {
        if let Object::Dictionary(field) = object
            && field.get(b"FT").and_then(Object::as_name).is_ok_and(|name| name == b"Sig")
        {
            field.remove(b"V");
        }
    }
    Ok(document)
}

/// Lays the words over the pages of a PDF file.
fn over_pages(
    document: &mut Document,
    record: &Record,
    codes: &Codes,
    font: ObjectId,
) -> Result<(), ExportError> {
    let ids: Vec<ObjectId> = document.page_iter().collect();
    let pages = &record.document.pages;
    if ids.len() != pages.len() {
        let message = format!("the PDF file shows {} pages and the record {}", ids.len(), pages.len());
        return Err(ExportError::Unfit(message));
    }
    for (id, page) in ids.into_iter().zip(pages).filter(|(_, page)| needs_layer(page)) {
        for stamp in signature_stamps(document, id) {
            mute_form(document, stamp);
        }
        stand_upright(document, id, page)?;
        let frame = Frame::of(document, id);
        let content = document.get_page_content_with_limit(id, MAX_CONTENT).map_err(unfit)?;
        let mut resources =
            inherited(document, id, b"Resources").and_then(|o| o.as_dict().ok().cloned()).unwrap_or_default();
        let stripped = strip(document, &content, &resources, frame.size());
        replace_forms(document, &mut resources, stripped.forms);
        let mut fonts = match stripped.visible {
            true => entry(document, &resources, b"Font")
                .and_then(|o| o.as_dict().ok())
                .cloned()
                .unwrap_or_default(),
            false => Dictionary::new(),
        };
        fonts.set(FONT, font);
        resources.set("Font", fonts);
        let old = stripped.content.unwrap_or(content);
        let old = if stripped.visible { old } else { without_fonts(&old) };
        let ours = layer(page, codes, FONT, frame.matrix(page));
        // Whatever the old operators leave behind must not reach ours.
        let content = [b"q\n", &old[..], b"\n", &b"Q ".repeat(stripped.open + 1), b"\n", &ours].concat();
        let content = document.add_object(packed(dictionary! {}, content));
        let dictionary = document.get_dictionary_mut(id).map_err(unfit)?;
        dictionary.set("Contents", content);
        dictionary.set("Resources", resources);
        // Structure and numbers of old text lead nowhere any more.
        for key in [&b"StructParents"[..], b"PieceInfo", b"Thumb"] {
            dictionary.remove(key);
        }
    }
    if let Ok(catalog) = document.catalog_mut() {
        for key in [&b"StructTreeRoot"[..], b"MarkInfo"] {
            catalog.remove(key);
        }
    }
    Ok(())
}

/// Has a page shown as it was turned to be read; what is drawn on it stays.
fn stand_upright(document: &mut Document, id: ObjectId, page: &Page) -> Result<(), ExportError> {
    if page.turned != 0 {
        let degrees = 90 * Frame::of(document, id).turns + i64::from(page.turned);
        document.get_dictionary_mut(id).map_err(unfit)?.set("Rotate", degrees.rem_euclid(360));
    }
    Ok(())
}

/// The forms that show the stamps of a page's signatures: their text is not the document's.
fn signature_stamps(document: &Document, page: ObjectId) -> Vec<ObjectId> {
    let page = document.get_dictionary(page).ok();
    let annotations = page.and_then(|p| entry(document, p, b"Annots")).and_then(|o| o.as_array().ok());
    let mut stamps = Vec::new();
    for annotation in annotations.into_iter().flatten() {
        let Some(field) = document.dereference(annotation).ok().and_then(|(_, o)| o.as_dict().ok()) else {
            continue;
        };
        let is_signature = |field: &Dictionary| {
            entry(document, field, b"FT").and_then(|o| o.as_name().ok()).is_some_and(|name| name == b"Sig")
        };
        let parent = entry(document, field, b"Parent").and_then(|o| o.as_dict().ok());
        if is_signature(field) || parent.is_some_and(is_signature) {
            let looks = entry(document, field, b"AP").and_then(|o| o.as_dict().ok());
            stamps.extend(looks.and_then(|ap| ap.get(b"N").ok()).and_then(|n| n.as_reference().ok()));
        }
    }
    stamps
}

/// Operators without those that choose a font: where no text is left, no font is either.
fn without_fonts(content: &[u8]) -> Vec<u8> {
    let (mut out, mut copied) = (Vec::with_capacity(content.len()), 0);
    for op in content::ops(content).into_iter().filter(|op| op.name == b"Tf") {
        out.extend(content.get(copied..op.range.start).unwrap_or_default());
        copied = op.range.end;
    }
    out.extend(content.get(copied..).unwrap_or_default());
    out
}

/// Makes pages of pictures.
fn of_pictures(
    document: &mut Document,
    record: &Record,
    source: &dyn Source,
    codes: &Codes,
    font: ObjectId,
) -> Result<(), ExportError> {
    let tree = document.new_object_id();
    let mut kids = Vec::new();
    for (index, page) in record.document.pages.iter().enumerate() {
        let picture = source.picture(index, DPI).map_err(ExportError::Source)?;
        if !picture.is_sound() {
            return Err(ExportError::Source(format!("page {} has no pixels", page.number)));
        }
        let original = (record.source.media_type == "image/jpeg").then(|| source.bytes());
        let id = scan::add_page(document, tree, &picture, original)?;
        stand_upright(document, id, page)?;
        let frame = Frame::of(document, id);
        let ours = packed(dictionary! {}, layer(page, codes, FONT, frame.matrix(page)));
        let ours = document.add_object(ours);
        let dictionary = document.get_dictionary_mut(id).map_err(unfit)?;
        let shown = dictionary.get(b"Contents").cloned().map_err(unfit)?;
        dictionary.set("Contents", vec![shown, ours.into()]);
        if let Ok(resources) = dictionary.get_mut(b"Resources").and_then(Object::as_dict_mut) {
            resources.set("Font", dictionary! { FONT => font });
        }
        kids.push(Object::from(id));
    }
    let count = kids.len() as i64;
    document.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", root);
    Ok(())
}

/// An entry of a page or of the nearest of its parents that has it.
fn inherited<'d>(document: &'d Document, page: ObjectId, key: &[u8]) -> Option<&'d Object> {
    let mut node = document.get_dictionary(page).ok()?;
    for _ in 0..DEEPEST {
        if let Some(found) = entry(document, node, key) {
            return Some(found);
        }
        node = entry(document, node, b"Parent")?.as_dict().ok()?;
    }
    None
}

/// The part of a page that is shown, in its own measure, and how it is turned.
struct Frame {
    left: f32,
    bottom: f32,
    right: f32,
    top: f32,
    /// Quarter turns clockwise.
    turns: i64,
}

impl Frame {
    fn of(document: &Document, page: ObjectId) -> Self {
        let corners = |key: &[u8]| {
            let values = inherited(document, page, key)?.as_array().ok()?;
            let mut corners = [0.0; 4];
            for (to, from) in corners.iter_mut().zip(values) {
                *to = document.dereference(from).ok()?.1.as_float().ok()?;
            }
            let [a, b, c, d] = corners;
            (values.len() == 4 && a != c && b != d).then(|| [a.min(c), b.min(d), a.max(c), b.max(d)])
        };
        // Letter is what a page measures that does not say.
        let media = corners(b"MediaBox").unwrap_or([0.0, 0.0, 612.0, 792.0]);
        let crop = corners(b"CropBox").unwrap_or(media);
        let both =
            [crop[0].max(media[0]), crop[1].max(media[1]), crop[2].min(media[2]), crop[3].min(media[3])];
        let [left, bottom, right, top] = if both[0] < both[2] && both[1] < both[3] { both } else { media };
        let turns = inherited(document, page, b"Rotate").and_then(|o| o.as_float().ok()).unwrap_or(0.0);
        Self { left, bottom, right, top, turns: (turns / 90.0).round() as i64 }
    }

    fn size(&self) -> (f32, f32) {
        (self.right - self.left, self.top - self.bottom)
    }

    /// From points of `page` as it is read, counted from its lower left corner, into the page's own measure.
    fn matrix(&self, page: &Page) -> [f32; 6] {
        let (width, height) = self.size();
        let turns = self.turns.rem_euclid(4);
        let (shown_width, shown_height) = if turns % 2 == 0 { (width, height) } else { (height, width) };
        let scale = |shown: f32, read: Option<f32>| read.filter(|r| *r > 0.0).map_or(1.0, |r| shown / r);
        let (x, y) = (scale(shown_width, page.width), scale(shown_height, page.height));
        match turns {
            0 => [x, 0.0, 0.0, y, self.left, self.bottom],
            1 => [0.0, x, -y, 0.0, self.right, self.bottom],
            2 => [-x, 0.0, 0.0, -y, self.right, self.top],
            _ => [0.0, -x, y, 0.0, self.left, self.top],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_go_where_a_turned_page_shows_them() {
        let page = Page { width: Some(200.0), height: Some(100.0), ..Page::default() };
        // A sheet of 100 by 200 that is turned to lie: what is read at the lower left is at a corner of the sheet.
        for (turns, corner, right) in [(1, (100.0, 0.0), (100.0, 200.0)), (3, (0.0, 200.0), (0.0, 0.0))] {
            let frame = Frame { left: 0.0, bottom: 0.0, right: 100.0, top: 200.0, turns };
            let [a, b, _, _, e, f] = frame.matrix(&page);
            assert_eq!((e, f), corner);
            assert_eq!((a * 200.0 + e, b * 200.0 + f), right);
        }
    }
}
