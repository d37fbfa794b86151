//! ODT documents (OpenDocument 1.3, ISO/IEC 26300).

use super::flow::Flow;
use super::numbering::{Counters, LEVELS, Level};
use super::package::Package;
use super::symbols;
use crate::error::ExtractError;
use crate::legacy::{Hint, hint};
use crate::options::Limits;
use crate::xml::{Element, Xml, walk};
use rustc_hash::FxHashMap;
use vanthu_model::BlockKind;

/// Styles are based on one another no deeper than this.
const MAX_BASES: usize = 16;

/// Blanks that one element may stand for.
const MAX_BLANKS: usize = 1_000;

/// Reads an ODT document.
///
/// # Errors
/// `encrypted`, `damaged`, and what [`Package`] and [`Flow`] refuse.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Flow, ExtractError> {
    let mut package = Package::open(bytes, limits)?;
    if package.text("META-INF/manifest.xml")?.is_some_and(|m| m.contains("encryption-data")) {
        return Err(ExtractError::encrypted("the document is encrypted"));
    }
    let Some(content) = package.text("content.xml")? else {
        return Err(ExtractError::damaged("the OpenDocument file lacks its content"));
    };
    let mut styles = Styles::default();
    let shared = package.text("styles.xml")?.unwrap_or_default();
    if !shared.is_empty() {
        styles.read(&shared)?;
    }
    styles.read(&content)?;
    let mut reader = Reader::new(limits, &styles);
    reader.part(&shared, Part::Heads)?;
    reader.part(&content, Part::Body)?;
    Ok(reader.flow)
}

#[derive(Debug, Clone, Default)]
struct Style {
    base: Option<String>,
    font: Option<String>,
    capitals: Option<bool>,
    hidden: Option<bool>,
    page_break: bool,
    list: Option<String>,
}

/// Styles by family and name, fonts by the names that styles use, and list styles.
#[derive(Debug, Default)]
struct Styles {
    styles: FxHashMap<(String, String), Style>,
    fonts: FxHashMap<String, String>,
    lists: FxHashMap<String, Vec<Level>>,
}

impl Styles {
    fn read(&mut self, xml: &str) -> Result<(), ExtractError> {
        let mut open: Option<(String, String)> = None;
        let mut list: Option<String> = None;
        walk(xml, &mut |event| {
            match event {
                Xml::Start(e) => match e.name.as_str() {
                    "font-face" => {
                        if let (Some(name), Some(family)) = (e.get("name"), e.get("font-family")) {
                            self.fonts.insert(name.to_owned(), family.trim_matches('\'').to_owned());
                        }
                    }
                    "style" | "default-style" => {
                        let family = e.get("family").unwrap_or_default().to_owned();
                        let key = (family, e.get("name").unwrap_or_default().to_owned());
                        let style = Style {
                            base: e.get("parent-style-name").map(str::to_owned),
                            list: e.get("list-style-name").map(str::to_owned),
                            ..Style::default()
                        };
                        self.styles.insert(key.clone(), style);
                        open = Some(key);
                    }
                    "text-properties" => {
                        if let Some(style) = open.as_ref().and_then(|k| self.styles.get_mut(k)) {
                            style.font = e.get("font-name").or(e.get("font-family")).map(str::to_owned);
                            style.capitals = e.get("text-transform").map(|t| t == "uppercase");
                            style.hidden = e.get("display").map(|d| d == "none");
                        }
                    }
                    "paragraph-properties" => {
                        if let Some(style) = open.as_ref().and_then(|k| self.styles.get_mut(k)) {
                            style.page_break = e.get("break-before") == Some("page");
                        }
                    }
                    "list-style" | "outline-style" => {
                        let name = e.get("name").unwrap_or_default().to_owned();
                        self.lists.insert(name.clone(), vec![Level::default(); LEVELS]);
                        list = Some(name);
                    }
                    "list-level-style-number" | "list-level-style-bullet" | "outline-level-style" => {
                        let at = e
                            .get("level")
                            .and_then(|l| l.parse::<usize>().ok())
                            .and_then(|l| l.checked_sub(1));
                        let levels = list.as_ref().and_then(|l| self.lists.get_mut(l));
                        if let Some(rule) = levels.zip(at).and_then(|(levels, at)| levels.get_mut(at)) {
                            *rule = level(&e, at.unwrap_or(0));
                        }
                    }
                    _ => {}
                },
                Xml::End(name) => match name.as_str() {
                    "style" | "default-style" => open = None,
                    "list-style" | "outline-style" => list = None,
                    _ => {}
                },
                Xml::Text(_) => {}
            }
            Ok(())
        })
    }

    /// What a style and those that it is based on say, the nearest first.
    fn chain<'a>(&'a self, family: &'a str, name: Option<&'a str>) -> impl Iterator<Item = &'a Style> {
        let mut next = name;
        let own = std::iter::from_fn(move || {
            let style = self.styles.get(&(family.to_owned(), next?.to_owned()))?;
            next = style.base.as_deref();
            Some(style)
        });
        own.take(MAX_BASES).chain(self.styles.get(&(family.to_owned(), String::new())))
    }
}

/// The rule of a level of a list.
fn level(e: &Element, at: usize) -> Level {
    let start = e.get("start-value").and_then(|s| s.parse().ok()).unwrap_or(1);
    if let Some(sign) = e.get("bullet-char") {
        let text = sign.chars().map(symbols::of_private_use).collect();
        return Level { start, format: "bullet".into(), text, legal: false };
    }
    let format = match e.get("num-format").unwrap_or_default() {
        "" => "none",
        "a" => "lowerLetter",
        "A" => "upperLetter",
        "i" => "lowerRoman",
        "I" => "upperRoman",
        _ => "decimal",
    };
    let shown = e.get("display-levels").and_then(|d| d.parse::<usize>().ok()).unwrap_or(1).clamp(1, LEVELS);
    let numbers: Vec<String> = ((at + 1).saturating_sub(shown)..=at).map(|l| format!("%{}", l + 1)).collect();
    let numbers = if format == "none" { String::new() } else { numbers.join(".") };
    let around = |name: &str| e.get(name).unwrap_or_default().to_owned();
    Level {
        start,
        format: format.into(),
        text: around("num-prefix") + &numbers + &around("num-suffix"),
        legal: false,
    }
}

/// What of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The running heads and feet in the styles.
    Heads,
    Body,
}

struct Reader<'a> {
    flow: Flow,
    styles: &'a Styles,
    kind: BlockKind,
    /// Names of the open paragraph style and of the open spans, the innermost last.
    paragraph: Option<String>,
    spans: Vec<Option<String>>,
    /// Whether text is read here.
    reading: bool,
    paragraphs: usize,
    skipped: usize,
    cells: usize,
    /// Styles of the open lists.
    lists: Vec<Option<String>>,
    counters: Counters,
    /// Whether the next paragraph begins a list item.
    label: bool,
    saved: Vec<(Option<String>, usize, usize, BlockKind)>,
    /// The size of the open frame in points.
    frame: Option<(f32, f32)>,
}

impl<'a> Reader<'a> {
    fn new(limits: &Limits, styles: &'a Styles) -> Self {
        Self {
            flow: Flow::new(limits),
            styles,
            kind: BlockKind::Text,
            paragraph: None,
            spans: Vec::new(),
            reading: false,
            paragraphs: 0,
            skipped: 0,
            cells: 0,
            lists: Vec::new(),
            counters: Counters::default(),
            label: false,
            saved: Vec::new(),
            frame: None,
        }
    }

    fn part(&mut self, xml: &str, part: Part) -> Result<(), ExtractError> {
        if xml.is_empty() {
            return Ok(());
        }
        walk(xml, &mut |event| match event {
            Xml::Start(e) => self.start(&e, part),
            Xml::End(name) => self.end(&name),
            Xml::Text(text) if self.reading && self.paragraphs > 0 && self.skipped == 0 => self.text(&text),
            Xml::Text(_) => Ok(()),
        })?;
        self.flow.end_block(BlockKind::Text);
        self.reading = false;
        Ok(())
    }

    fn start(&mut self, e: &Element, part: Part) -> Result<(), ExtractError> {
        let name = e.name.as_str();
        if self.skipped > 0 || matches!(name, "tracked-changes" | "annotation" | "note-citation" | "forms") {
            if name == "note-citation" && self.skipped == 0 {
                // The number stands in the text where the note hangs.
                self.skipped += 1;
                return Ok(());
            }
            self.skipped += 1;
            return Ok(());
        }
        match (name, part) {
            ("body", Part::Body) => (self.reading, self.kind) = (true, BlockKind::Text),
            ("header" | "footer" | "header-left" | "footer-left", Part::Heads) => {
                (self.reading, self.kind) = (true, BlockKind::Furniture);
            }
            _ => {}
        }
        if !self.reading {
            return Ok(());
        }
        match name {
            "p" | "h" => {
                self.paragraphs += 1;
                self.paragraph = e.get("style-name").map(str::to_owned);
                let breaks = self.styles.chain("paragraph", self.paragraph.as_deref()).next();
                if breaks.is_some_and(|s| s.page_break) && self.kind == BlockKind::Text {
                    self.flow.end_page()?;
                }
                self.begin_item(e)?;
            }
            "span" => self.spans.push(e.get("style-name").map(str::to_owned)),
            "tab" => self.text("\t")?,
            "line-break" => self.flow.end_line(),
            "s" => {
                let count = e.get("c").and_then(|c| c.parse::<usize>().ok()).unwrap_or(1);
                self.text(&" ".repeat(count.min(MAX_BLANKS)))?;
            }
            "table-row" => self.flow.begin_row(),
            "table" => self.flow.begin_table(),
            "table-cell" | "covered-table-cell" => {
                self.cells += 1;
                let span = |name: &str| e.get(name).and_then(|v| v.parse().ok()).unwrap_or(1);
                let (columns, rows) = (span("number-columns-spanned"), span("number-rows-spanned"));
                self.flow.cells().begin_placed(columns, rows);
            }
            "list" => {
                let outer = self.lists.last().cloned().flatten();
                self.lists.push(e.get("style-name").map(str::to_owned).or(outer));
            }
            "list-item" => self.label = true,
            "frame" => self.frame = length(e.get("width")).zip(length(e.get("height"))),
            "image" => {
                if let Some((width, height)) = self.frame.take() {
                    self.flow.picture(width, height);
                }
            }
            "note" | "text-box" => {
                let kind = if name == "note" { BlockKind::Footnote } else { self.kind };
                self.saved.push((self.paragraph.take(), self.paragraphs, self.cells, self.kind));
                (self.paragraphs, self.cells, self.kind) = (0, 0, kind);
                self.flow.aside();
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes the label of the item that the paragraph begins, if it begins one.
    fn begin_item(&mut self, e: &Element) -> Result<(), ExtractError> {
        if !std::mem::take(&mut self.label) {
            return Ok(());
        }
        let depth = self.lists.len().saturating_sub(1);
        let named = self.lists.last().cloned().flatten();
        let style = named
            .or_else(|| self.styles.chain("paragraph", e.get("style-name")).find_map(|s| s.list.clone()));
        let Some(style) = style else { return Ok(()) };
        if let Some(levels) = self.styles.lists.get(&style) {
            let label = self.counters.next(key(&style), depth, levels);
            if !label.is_empty() {
                self.flow.text(&format!("{label} "), None)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ExtractError> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        if !self.reading {
            return Ok(());
        }
        match name {
            "body" | "header" | "footer" | "header-left" | "footer-left" => {
                self.flow.end_block(self.kind);
                self.reading = false;
            }
            "p" | "h" => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                if self.cells > 0 { self.flow.end_line() } else { self.flow.end_block(self.kind) }
            }
            "span" => {
                self.spans.pop();
            }
            "table-cell" | "covered-table-cell" => {
                self.flow.end_cell();
                self.cells = self.cells.saturating_sub(1);
            }
            "table-row" => self.flow.end_row(),
            "table" => self.flow.end_table(),
            "list" => {
                self.lists.pop();
            }
            "list-item" => self.label = false,
            "note" | "text-box" => {
                self.flow.resume(self.kind);
                if let Some(saved) = self.saved.pop() {
                    (self.paragraph, self.paragraphs, self.cells, self.kind) = saved;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ExtractError> {
        let styles = self.styles;
        let spans = self.spans.iter().rev().flat_map(|s| styles.chain("text", s.as_deref()));
        let all: Vec<&Style> = spans.chain(styles.chain("paragraph", self.paragraph.as_deref())).collect();
        if all.iter().find_map(|s| s.hidden) == Some(true) {
            return Ok(());
        }
        let font = all.iter().find_map(|s| s.font.as_deref());
        let font = font.map(|name| self.styles.fonts.get(name).map_or(name, |f| f.as_str()));
        let hint = font.and_then(hint);
        // White space that only lays out the file; blanks that count are elements.
        let text: String = text
            .chars()
            .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { symbols::of_private_use(c) })
            .collect();
        let capitals = all.iter().find_map(|s| s.capitals) == Some(true);
        match (capitals, hint) {
            (true, None) => self.flow.text(&text.to_uppercase(), None),
            (true, Some(hint)) => self.flow.text(&text, Some(Hint { capitals: true, ..hint })),
            (false, _) => self.flow.text(&text, hint),
        }
    }
}

/// A key for the counters of a list style.
fn key(style: &str) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = rustc_hash::FxHasher::default();
    style.hash(&mut hasher);
    hasher.finish()
}

/// A length such as "17cm" in points (OpenDocument 1.3, part 3, 18.3.18).
fn length(value: Option<&str>) -> Option<f32> {
    const UNITS: [(&str, f32); 6] =
        [("cm", 72.0 / 2.54), ("mm", 72.0 / 25.4), ("in", 72.0), ("pt", 1.0), ("pc", 12.0), ("px", 0.75)];
    let value = value?;
    UNITS.iter().find_map(|(unit, points)| Some(value.strip_suffix(unit)?.parse::<f32>().ok()? * points))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::testing::zipped;
    use vanthu_model::Cause;

    fn odt(styles: &str, body: &str) -> Vec<u8> {
        let content = format!(
            "<office:document-content xmlns:office='o' xmlns:text='t' xmlns:style='s' xmlns:table='b' xmlns:fo='f' \
             xmlns:svg='v'>{styles}<office:body><office:text>{body}</office:text></office:body></office:document-content>"
        );
        zipped(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", &content)])
    }

    #[test]
    fn text_lists_tables_and_notes() {
        let file = odt(
            "<style:font-face style:name='F' svg:font-family='.VnTime'/>\
             <style:style style:name='P' style:family='paragraph'><style:text-properties style:font-name='F'/></style:style>\
             <text:list-style style:name='L'><text:list-level-style-number text:level='1' style:num-format='I' \
             style:num-suffix='.'/><text:list-level-style-number text:level='2' style:num-format='a' \
             style:num-suffix=')'/></text:list-style>",
            "<text:p text:style-name='P'>Phßng Thñy lîi</text:p>\
             <text:list text:style-name='L'><text:list-item><text:p>Mục tiêu</text:p><text:list><text:list-item>\
             <text:p>Rà<text:s/>soát<text:note><text:note-citation>1</text:note-citation><text:note-body>\
             <text:p>Ghi chú</text:p></text:note-body></text:note></text:p></text:list-item></text:list></text:list-item>\
             <text:list-item><text:p>Nhiệm vụ</text:p></text:list-item></text:list>\
             <table:table><table:table-row><table:table-cell><text:p>Một</text:p></table:table-cell><table:table-cell>\
             <text:p>Hai</text:p><text:p>Ba</text:p></table:table-cell></table:table-row></table:table>",
        );
        let (d, _) = read(&file, &Limits::default()).unwrap().finish().unwrap();
        d.check().unwrap();
        assert_eq!(
            d.text,
            "Phòng Thủy lợi\n\nI. Mục tiêu\n\nGhi chú\n\na) Rà soát\n\nII. Nhiệm vụ\n\nMột\n\nHai\nBa\n"
        );
        assert!(d.pages[0].blocks.iter().any(|b| b.kind == BlockKind::Footnote));
        assert_eq!(d.pages[0].blocks.iter().filter(|b| b.kind == BlockKind::Table).count(), 2);
    }

    #[test]
    fn encrypted_and_broken_files_are_told() {
        let locked = zipped(&[
            ("META-INF/manifest.xml", "<m><manifest:encryption-data/></m>"),
            ("content.xml", "noise"),
        ]);
        assert_eq!(read(&locked, &Limits::default()).unwrap_err().cause(), Cause::Encrypted);
        let cut = odt("", "<text:p>Chào</text:p>");
        assert_eq!(read(&cut[..cut.len() / 2], &Limits::default()).unwrap_err().cause(), Cause::Damaged);
    }

    /// A scan pasted into a document was lost without a word.
    #[test]
    fn pictures_that_may_hold_print_are_told() {
        let picture = |size: &str| {
            let body = format!(
                "<text:p>Phòng Thủy lợi</text:p><text:p><draw:frame xmlns:draw='d' svg:width='{size}' svg:height='{size}'>\
                 <draw:image/></draw:frame></text:p>"
            );
            let (_, remarks) = read(&odt("", &body), &Limits::default()).unwrap().finish().unwrap();
            remarks.iter().map(|d| d.code.clone()).collect::<Vec<_>>()
        };
        assert_eq!(picture("15cm"), ["picture_not_read"]);
        assert!(picture("2cm").is_empty() && picture("x").is_empty(), "an emblem");
        let alone = "<text:p><draw:frame xmlns:draw='d' svg:width='6in' svg:height='90mm'><draw:image/></draw:frame></text:p>";
        let e = read(&odt("", alone), &Limits::default()).unwrap().finish().unwrap_err();
        assert!(e.cause() == Cause::NoText && e.to_string().contains("convert it to PDF"), "{e}");
    }
}
