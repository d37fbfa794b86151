//! hOCR 1.2.

use crate::parts::{Part, parts};
use crate::xml::Xml;
use quick_xml::events::{BytesText, Event};
use std::io::{self, Write};
use vanthu_model::{BBox, Page, Record, Word};

/// hOCR counts pixels; boxes are given in those of a picture with so many an inch.
const DPI: f32 = 300.0;

/// Writes a record as hOCR: pages, blocks, lines and words with boxes in pixels at 300 an inch and word confidence
/// (`x_wconf`). A word that the repair changed is a choice (`alternatives`) of what it was made (`ins`) and what was
/// read (`del`). Pages of plain text have no boxes.
///
/// # Errors
/// Those of `to`.
pub fn write_hocr(to: impl Write, record: &Record) -> io::Result<()> {
    let mut xml = Xml::begin(to)?;
    xml.plain(Event::DocType(BytesText::from_escaped(
        "html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\"",
    )))?;
    xml.open("html", &[("xmlns", "http://www.w3.org/1999/xhtml"), ("xml:lang", "vi"), ("lang", "vi")])?;
    xml.open("head", &[])?;
    xml.leaf("title", &[], &record.source.path)?;
    xml.empty("meta", &[("http-equiv", "Content-Type"), ("content", "text/html;charset=utf-8")])?;
    let system = match &record.engine.ocr {
        Some(ocr) => format!("vanthu {} ({ocr})", record.engine.vanthu),
        None => format!("vanthu {}", record.engine.vanthu),
    };
    for (name, content) in [
        ("ocr-system", system.as_str()),
        ("ocr-scripts", "Latn"),
        ("ocr-capabilities", "ocr_page ocr_carea ocr_line ocrx_word ocrp_wconf"),
        ("ocr-number-of-pages", &record.document.pages.len().to_string()),
        ("ocr-langs", "vi"),
    ] {
        xml.empty("meta", &[("name", name), ("content", content)])?;
    }
    xml.close()?;
    xml.open("body", &[])?;
    for page in &record.document.pages {
        write_page(&mut xml, page, &record.source.path)?;
    }
    xml.end()
}

fn write_page<W: Write>(xml: &mut Xml<W>, page: &Page, path: &str) -> io::Result<()> {
    let number = page.number;
    let size = page.width.zip(page.height).map(|(x1, y1)| BBox { x0: 0.0, y0: 0.0, x1, y1 });
    let image = format!("image \"{}\"", path.replace('"', "%22"));
    let place = number.saturating_sub(1);
    let title = joined([
        Some(image),
        bbox(size),
        Some(format!("ppageno {place}")),
        Some(format!("scan_res {DPI} {DPI}")),
    ]);
    xml.open("div", &[("class", "ocr_page"), ("id", &format!("page_{number}")), ("title", &title)])?;
    let (mut lines, mut words) = (0, 0);
    for (i, block) in page.blocks.iter().enumerate() {
        let id = format!("block_{number}_{}", i + 1);
        open(xml, "div", "ocr_carea", &id, &joined([bbox(block.bbox)]))?;
        for line in &block.lines {
            lines += 1;
            open(xml, "span", "ocr_line", &format!("line_{number}_{lines}"), &joined([bbox(line.bbox)]))?;
            for (word, part) in line.words.iter().flat_map(|w| parts(w).map(move |p| (w, p))) {
                words += 1;
                write_word(xml, word, &part, &format!("word_{number}_{words}"))?;
            }
            xml.close()?;
        }
        xml.close()?;
    }
    xml.close()
}

fn write_word<W: Write>(xml: &mut Xml<W>, word: &Word, part: &Part<'_>, id: &str) -> io::Result<()> {
    let sure = (word.confidence.clamp(0.0, 1.0) * 100.0).round();
    let title = joined([bbox(part.bbox), Some(format!("x_wconf {sure}"))]);
    let Some(raw) = part.raw else {
        return xml.leaf("span", &[("class", "ocrx_word"), ("id", id), ("title", &title)], part.text);
    };
    open(xml, "span", "ocrx_word", id, &title)?;
    xml.open("span", &[("class", "alternatives")])?;
    // The negative logarithm of its probability, as the format has it.
    let likely = |p: f32| format!("nlp {:.2}", -p.max(0.0001).ln());
    xml.leaf("ins", &[("class", "alt"), ("title", &likely(word.confidence))], part.text)?;
    xml.leaf("del", &[("class", "alt"), ("title", &likely(1.0 - word.confidence))], raw)?;
    xml.close()?;
    xml.close()
}

fn open<W: Write>(
    xml: &mut Xml<W>,
    name: &'static str,
    class: &str,
    id: &str,
    title: &str,
) -> io::Result<()> {
    if title.is_empty() {
        return xml.open(name, &[("class", class), ("id", id)]);
    }
    xml.open(name, &[("class", class), ("id", id), ("title", title)])
}

fn joined<const N: usize>(properties: [Option<String>; N]) -> String {
    properties.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn bbox(bbox: Option<BBox>) -> Option<String> {
    let pixels = |points: f32| (points * DPI / 72.0).round().max(0.0);
    bbox.map(|b| format!("bbox {} {} {} {}", pixels(b.x0), pixels(b.y0), pixels(b.x1), pixels(b.y1)))
}
