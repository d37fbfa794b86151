//! A page of a PDF file: its text layer is judged, and that or its picture is read.

use crate::error::ExtractError;
use crate::filled::{annotated, fill};
use crate::guard::guarded;
use crate::layout;
use crate::legacy;
use crate::ocr::{Model, TesseractReader};
use crate::options::Options;
use crate::page::{PageReading, read_picture};
use crate::pasted;
use crate::pdf::{self, PdfFile};
use crate::upright::read_upright;
use crate::verdict;
use vanthu_model::{Origin, Page, Severity, Verdict, Word};

/// A picture that covers at least this share of a page may be the page.
const PAGE_PICTURE: f32 = 0.5;

/// A picture of at least this share of a page without text is worth looking at: a letterhead, a pasted table.
const SOME_PICTURE: f32 = 0.01;

/// A page of fewer words than this over a page picture is not born digital: the words are stamps or page numbers.
const FEW_WORDS: usize = 60;

/// More paths than this on a page without text are print drawn as outlines.
const OUTLINED: usize = 300;

/// What a page of a PDF file shows before any picture is read.
struct Judged {
    content: pdf::Content,
    layer: pdf::Layer,
    /// What its annotations fill in.
    filled: Vec<Word>,
    /// The text of the stamp of a digital signature.
    stamp: Option<String>,
    /// The legacy encodings that the layer was converted from.
    found: legacy::Found,
    /// On the layer as it stands now, converted where it had to be.
    verdict: Verdict,
}

impl Judged {
    fn words(&self) -> impl Iterator<Item = &str> {
        self.layer.words().map(|w| w.text.as_str())
    }

    /// The picture that may be the page, and whether it is.
    fn picture(&self) -> (Option<pdf::Placed>, f32) {
        self.content.largest_picture().map_or((None, 0.0), |(p, share)| (Some(p), share))
    }

    /// Whether the picture of the page is to be read rather than its layer.
    fn wants_picture(&self) -> bool {
        let share = self.picture().1;
        let over_picture = share >= PAGE_PICTURE;
        match self.verdict {
            Verdict::Empty => share >= SOME_PICTURE || self.content.paths >= OUTLINED,
            Verdict::Unmapped | Verdict::LegacyEncoding => true,
            Verdict::NoMarks | Verdict::WrongEngine => over_picture,
            Verdict::Good | Verdict::OtherLanguage => over_picture && self.words().count() < FEW_WORDS,
        }
    }

    /// What the layer was found to be.
    fn told(&self) -> Verdict {
        if self.found.is_empty() { self.verdict } else { Verdict::LegacyEncoding }
    }
}

/// Interprets page `index` of a PDF file and judges its text layer, converted where that helps.
fn judged<'f>(
    file: &'f PdfFile,
    shared: &mut pdf::Shared<'f>,
    index: usize,
    options: &Options,
) -> Result<Judged, ExtractError> {
    let page = pdf_page(file, index)?;
    let max_glyphs = options.limits.max_glyphs;
    let content = guarded("PDF page", || pdf::content(page, shared, max_glyphs, file.legacy_fonts));
    let content = content.inspect_err(|_| *shared = pdf::Shared::new())?;
    let mut layer = pdf::layer(&content.glyphs, &content.rules, content.size);
    let (filled, mut stamp) = annotated(&content.annotations, content.size);
    if let Some(text) = pdf::signature_text(&layer) {
        layer.lines.clear();
        layer.aside.clear();
        stamp = Some(text);
    }
    let mut found = legacy::Found::new();
    let mut verdict = verdict::judge(layer.words().map(|w| w.text.as_str()), file.legacy_fonts);
    if (verdict == Verdict::LegacyEncoding || content.glyphs.iter().any(|g| g.hint.is_some()))
        && let Some((converted, encodings)) = pdf::converted_layer(&content, &layer)
    {
        (layer, found) = (converted, encodings);
        let legacy_fonts = file.legacy_fonts && found.is_empty();
        verdict = verdict::judge(layer.words().map(|w| w.text.as_str()), legacy_fonts);
    }
    let unmapped = content.glyphs.iter().filter(|g| g.text.is_none()).count();
    if layer.words().next().is_some() && verdict::is_unmapped(unmapped, content.glyphs.len()) {
        verdict = Verdict::Unmapped;
    }
    Ok(Judged { content, layer, filled, stamp, found, verdict })
}

fn pdf_page(file: &PdfFile, index: usize) -> Result<&hayro_syntax::page::Page<'_>, ExtractError> {
    file.pdf.pages().get(index).ok_or_else(|| ExtractError::damaged("the PDF file lost a page"))
}

/// The verdict on the text layer of page `index` of a PDF file. `shared` is what pages of this file have in common.
pub(crate) fn judge_pdf_page<'f>(
    file: &'f PdfFile,
    shared: &mut pdf::Shared<'f>,
    index: usize,
    options: &Options,
) -> Result<Verdict, ExtractError> {
    judged(file, shared, index, options).map(|page| page.told())
}

/// What a page gives before any picture is read.
pub(crate) enum ByLayer {
    /// The text layer says all there is.
    Whole(Box<PageReading>),
    /// Pictures on the page may show print that the layer does not have.
    Part(Box<PageReading>),
    /// The picture of the page is to be read in its place.
    Nothing,
}

/// Reads page `index` of a PDF file by its text layer. `shared` is what pages of this file have in common.
pub(crate) fn read_pdf_layer<'f>(
    file: &'f PdfFile,
    shared: &mut pdf::Shared<'f>,
    index: usize,
    options: &Options,
) -> Result<ByLayer, ExtractError> {
    let judged = judged(file, shared, index, options)?;
    if judged.wants_picture() {
        return Ok(ByLayer::Nothing);
    }
    let whole = pasted::unread(&judged.content, &judged.layer).is_empty();
    let reading = Box::new(finished(layer_reading(&judged.layer), judged, index));
    Ok(if whole { ByLayer::Whole(reading) } else { ByLayer::Part(reading) })
}

/// Adds to the reading of a text layer what the pictures on page `index` of a PDF file show beside it.
pub(crate) fn read_pdf_pasted(
    file: &PdfFile,
    index: usize,
    options: &Options,
    models: &[Model],
    reading: &mut PageReading,
) -> Result<(), ExtractError> {
    let judged = judged(file, &mut pdf::Shared::new(), index, options)?;
    let pictures = pasted::unread(&judged.content, &judged.layer);
    let page = pdf_page(file, index)?;
    let mut left_out = 0;
    // Each by itself: what stands between two is the layer's.
    for picture in pictures.iter().take(pasted::MAX_READ) {
        let (bbox, dpi) = (picture.bbox(), picture.dpi());
        let shown = guarded("PDF page", || pdf::render(page, dpi, &options.limits))??;
        let mut seen = read_picture(pasted::only(&bbox, &shown), &mut TesseractReader { models })?;
        seen.page.steps.insert(0, format!("render {dpi:.0}"));
        seen.number(index);
        if let pasted::Outcome::LeftOut(words) = pasted::put(reading, seen, &bbox) {
            left_out += words;
        }
    }
    if left_out > 0 {
        let message = format!(
            "{left_out} words that OCR read in a picture on the page make no sense and were left out"
        );
        reading.remark("picture_unclear", Severity::Info, message);
    }
    if pictures.len() > pasted::MAX_READ {
        let rest = pictures.len() - pasted::MAX_READ;
        let message = format!("{rest} of the {} pictures on the page were not read", pictures.len());
        reading.remark("picture_not_read", Severity::Warning, message);
    }
    Ok(())
}

/// Reads page `index` of a PDF file by its picture, where that shows more than the text layer.
pub(crate) fn read_pdf_picture(
    file: &PdfFile,
    index: usize,
    options: &Options,
    models: &[Model],
) -> Result<PageReading, ExtractError> {
    // Judged anew: that takes milliseconds, and what many pages show is too much to be kept until their pictures are read.
    let judged = judged(file, &mut pdf::Shared::new(), index, options)?;
    let (picture, share) = judged.picture();
    let dpi = picture.filter(|_| share >= PAGE_PICTURE).map_or(pdf::RENDER_DPI, |p| p.dpi());
    let page = pdf_page(file, index)?;
    let picture = guarded("PDF page", || pdf::render(page, dpi, &options.limits))??;
    let mut reading = read_upright(picture, &mut TesseractReader { models })?;
    reading.page.steps.insert(0, format!("render {dpi:.0}"));
    let layer_words = judged.words().count();
    // A good layer yields only to a picture that shows clearly more.
    if judged.verdict == Verdict::Good && reading.words() < layer_words + layer_words / 2 {
        reading = layer_reading(&judged.layer);
    }
    Ok(finished(reading, judged, index))
}

/// Adds to a reading of page `index` what is known of the page besides.
fn finished(mut reading: PageReading, judged: Judged, index: usize) -> PageReading {
    let over_picture = judged.picture().1 >= PAGE_PICTURE;
    if !judged.filled.is_empty() && reading.words() > 0 && reading.page.turned == 0 {
        fill(&mut reading.page.blocks, judged.filled);
        reading.page.steps.push("annotations".to_owned());
    }
    reading.page.verdict = judged.verdict;
    if !judged.found.is_empty() && !reading.ocr {
        reading.page.verdict = Verdict::LegacyEncoding;
        reading.page.origin = Origin::Converted;
        let lines = reading.page.blocks.iter_mut().flat_map(|b| &mut b.lines);
        lines.flat_map(|l| &mut l.words).for_each(|w| w.origin = Origin::Converted);
        reading.page.steps.extend(judged.found.iter().map(|(e, _)| format!("convert {}", e.name())));
        reading.diagnostics.extend(crate::plain::remark_converted(&judged.found));
    }
    reading.page.signature_stamp = judged.stamp;
    if !reading.ocr {
        reading.page.width = Some(judged.layer.size.0);
        reading.page.height = Some(judged.layer.size.1);
    }
    if judged.content.truncated {
        reading.remark(
            "page_truncated",
            Severity::Warning,
            "the page holds more glyphs than the limit".into(),
        );
    }
    if judged.verdict == Verdict::LegacyEncoding && reading.ocr && !over_picture {
        let message = "the text is in a legacy font encoding; the page was rendered and read by OCR";
        reading.remark("legacy_encoding", Severity::Info, message.into());
    }
    reading.note_emptiness();
    reading.number(index);
    reading
}

/// The reading of a text layer.
fn layer_reading(layer: &pdf::Layer) -> PageReading {
    let (blocks, tables) = layout::layer_blocks(layer);
    let page = Page { origin: Origin::TextLayer, blocks, ..Page::default() };
    PageReading { page, tables, ..PageReading::default() }
}
