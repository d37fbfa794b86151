//! ALTO 4.4 (Library of Congress).

use crate::parts::parts;
use crate::xml::Xml;
use std::io::{self, Write};
use vanthu_model::{BBox, Block, BlockKind, Line, Page, Record, Word};

const NAMESPACE: &str = "http://www.loc.gov/standards/alto/ns-v4#";
const LOCATION: &str =
    "http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd";
/// ALTO counts 1200ths of an inch, boxes points.
const UNITS_A_POINT: f32 = 1200.0 / 72.0;
/// Tells the reading from other alternatives.
const RAW: &str = "raw reading";

/// Kinds of blocks that are told by a tag, with what the tag says.
const TAGS: [(BlockKind, &str); 9] = [
    (BlockKind::HeadLeft, "head left"),
    (BlockKind::HeadRight, "head right"),
    (BlockKind::FootLeft, "foot left"),
    (BlockKind::FootRight, "foot right"),
    (BlockKind::Table, "table"),
    (BlockKind::Furniture, "furniture"),
    (BlockKind::Footnote, "footnote"),
    (BlockKind::Stamp, "stamp"),
    (BlockKind::Handwriting, "handwriting"),
];

/// Writes a record as ALTO: pages, blocks, lines and words with boxes in 1200ths of an inch, word confidence (`WC`)
/// and, where the repair changed a word, what was read as its `ALTERNATIVE`. Pages of plain text have no boxes.
///
/// # Errors
/// Those of `to`.
pub fn write_alto(to: impl Write, record: &Record) -> io::Result<()> {
    let mut xml = Xml::begin(to)?;
    xml.open(
        "alto",
        &[
            ("xmlns", NAMESPACE),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xsi:schemaLocation", LOCATION),
            ("SCHEMAVERSION", "4.4"),
        ],
    )?;
    description(&mut xml, record)?;
    tags(&mut xml, record)?;
    xml.open("Layout", &[])?;
    for page in &record.document.pages {
        write_page(&mut xml, page)?;
    }
    xml.end()
}

fn description<W: Write>(xml: &mut Xml<W>, record: &Record) -> io::Result<()> {
    xml.open("Description", &[])?;
    xml.leaf("MeasurementUnit", &[], "inch1200")?;
    xml.open("sourceImageInformation", &[])?;
    xml.leaf("fileName", &[], &record.source.path)?;
    xml.leaf("fileIdentifier", &[("fileIdentifierLocation", "sha256")], &record.source.sha256)?;
    if let Some(symbol) = &record.directive.metadata.symbol {
        xml.leaf("documentIdentifier", &[("documentIdentifierLocation", "symbol")], symbol)?;
    }
    xml.close()?;
    if let Some(ocr) = &record.engine.ocr {
        processing(xml, "read", "contentGeneration", "recognition of page pictures", ocr, "")?;
    }
    let settings = format!("model {}", record.engine.restorer_model);
    let repair = "repair of the reading; what was read stands in ALTERNATIVE";
    processing(xml, "repair", "contentModification", repair, "vanthu", &settings)?;
    xml.close()
}

fn processing<W: Write>(
    xml: &mut Xml<W>,
    id: &str,
    category: &str,
    what: &str,
    software: &str,
    settings: &str,
) -> io::Result<()> {
    xml.open("Processing", &[("ID", id)])?;
    xml.leaf("processingCategory", &[], category)?;
    xml.leaf("processingStepDescription", &[], what)?;
    if !settings.is_empty() {
        xml.leaf("processingStepSettings", &[], settings)?;
    }
    xml.open("processingSoftware", &[])?;
    xml.leaf("softwareName", &[], software)?;
    xml.close()?;
    xml.close()
}

fn tags<W: Write>(xml: &mut Xml<W>, record: &Record) -> io::Result<()> {
    let blocks = || record.document.pages.iter().flat_map(|p| &p.blocks);
    let used = TAGS.iter().filter(|(kind, _)| blocks().any(|b| b.kind == *kind)).collect::<Vec<_>>();
    if used.is_empty() {
        return Ok(());
    }
    xml.open("Tags", &[])?;
    for (_, label) in used {
        xml.empty("LayoutTag", &[("ID", &tag_id(label)), ("TYPE", "block"), ("LABEL", label)])?;
    }
    xml.close()
}

fn tag_id(label: &str) -> String {
    label.replace(' ', "_")
}

fn write_page<W: Write>(xml: &mut Xml<W>, page: &Page) -> io::Result<()> {
    let (id, number) = (format!("page{}", page.number), page.number.to_string());
    let mut attributes = vec![("ID", id.clone()), ("PHYSICAL_IMG_NR", number), ("LANG", "vi".to_string())];
    attributes.extend(page.width.map(|w| ("WIDTH", units(w))));
    attributes.extend(page.height.map(|h| ("HEIGHT", units(h))));
    open(xml, "Page", &attributes)?;
    let space = page.blocks.iter().filter_map(|b| b.bbox).reduce(BBox::union);
    open(xml, "PrintSpace", &place(space))?;
    for (i, block) in page.blocks.iter().enumerate() {
        write_block(xml, block, &format!("{id}_block{}", i + 1))?;
    }
    xml.close()?;
    xml.close()
}

fn write_block<W: Write>(xml: &mut Xml<W>, block: &Block, id: &str) -> io::Result<()> {
    let mut attributes = vec![("ID", id.to_string())];
    attributes.extend(place(block.bbox));
    let tag = TAGS.iter().find(|(kind, _)| *kind == block.kind);
    attributes.extend(tag.map(|(_, label)| ("TAGREFS", tag_id(label))));
    open(xml, "TextBlock", &attributes)?;
    for (i, line) in block.lines.iter().enumerate() {
        write_line(xml, line, &format!("{id}_line{}", i + 1))?;
    }
    xml.close()
}

/// A line without words has no place in ALTO.
fn write_line<W: Write>(xml: &mut Xml<W>, line: &Line, id: &str) -> io::Result<()> {
    let words = || line.words.iter().flat_map(|w| parts(w).map(move |p| (w, p)));
    if words().next().is_none() {
        return Ok(());
    }
    let mut attributes = vec![("ID", id.to_string())];
    attributes.extend(place(line.bbox));
    open(xml, "TextLine", &attributes)?;
    let mut before: Option<BBox> = None;
    for (i, (word, part)) in words().enumerate() {
        if i > 0 {
            empty(xml, "SP", &gap(before, part.bbox))?;
        }
        before = part.bbox;
        let mut attributes = vec![("ID", format!("{id}_word{}", i + 1))];
        attributes.extend(place(part.bbox));
        attributes.push(("CONTENT", part.text.to_string()));
        attributes.push(("WC", share(word)));
        match part.raw {
            None => empty(xml, "String", &attributes)?,
            Some(raw) => {
                open(xml, "String", &attributes)?;
                xml.leaf("ALTERNATIVE", &[("PURPOSE", RAW)], raw)?;
                xml.close()?;
            }
        }
    }
    xml.close()
}

fn share(word: &Word) -> String {
    format!("{:.3}", word.confidence.clamp(0.0, 1.0))
}

fn open<W: Write>(xml: &mut Xml<W>, name: &'static str, attributes: &[(&str, String)]) -> io::Result<()> {
    xml.open(name, &borrowed(attributes))
}

fn empty<W: Write>(xml: &mut Xml<W>, name: &'static str, attributes: &[(&str, String)]) -> io::Result<()> {
    xml.empty(name, &borrowed(attributes))
}

fn borrowed<'a>(attributes: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    attributes.iter().map(|(k, v)| (*k, v.as_str())).collect()
}

/// Width and place of the white between two words.
fn gap(before: Option<BBox>, after: Option<BBox>) -> Vec<(&'static str, String)> {
    match (before, after) {
        (Some(a), Some(b)) if b.x0 > a.x1 => {
            vec![("WIDTH", units(b.x0 - a.x1)), ("HPOS", units(a.x1)), ("VPOS", units(a.y0.min(b.y0)))]
        }
        _ => Vec::new(),
    }
}

fn place(bbox: Option<BBox>) -> Vec<(&'static str, String)> {
    let Some(b) = bbox else { return Vec::new() };
    vec![
        ("HPOS", units(b.x0)),
        ("VPOS", units(b.y0)),
        ("WIDTH", units((b.x1 - b.x0).max(0.0))),
        ("HEIGHT", units((b.y1 - b.y0).max(0.0))),
    ]
}

fn units(points: f32) -> String {
    format!("{:.0}", points * UNITS_A_POINT)
}
