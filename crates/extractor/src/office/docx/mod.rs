//! DOCX documents (ECMA-376, WordprocessingML).

mod lists;
mod styles;

use super::flow::Flow;
use super::package::Package;
use super::symbols;
use crate::error::ExtractError;
use crate::legacy::Hint;
use crate::options::Limits;
use crate::xml::{Element, Xml, walk};
use lists::Lists;
use styles::{ParagraphSet, RunSet, Styles};
use vanthu_model::BlockKind;

/// Where the main part is named.
const ROOT_RELATIONS: &str = "_rels/.rels";

/// Reads a DOCX document.
///
/// # Errors
/// `encrypted`, `damaged`, and what [`Package`] and [`Flow`] refuse.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Flow, ExtractError> {
    let mut package = Package::open(bytes, limits)?;
    let main = relations(&mut package, ROOT_RELATIONS)?
        .into_iter()
        .find(|(kind, _)| kind.ends_with("/officeDocument"))
        .map_or_else(|| "word/document.xml".to_owned(), |(_, target)| target);
    let Some(document) = package.text(&main)? else {
        return Err(ExtractError::damaged("the DOCX file lacks its main part"));
    };
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let parts = relations(&mut package, &format!("{folder}/_rels/{file}.rels"))?;
    let inside = |target: &str| match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let of_kind = |kind: &'static str| {
        parts.iter().filter(move |(k, _)| k.rsplit('/').next() == Some(kind)).map(|(_, t)| inside(t))
    };
    let first = |package: &mut Package<'_>, kind: &'static str| match of_kind(kind).next() {
        Some(name) => package.text(&name),
        None => Ok(None),
    };
    let styles =
        first(&mut package, "styles")?.map_or_else(|| Ok(Styles::default()), |xml| Styles::read(&xml))?;
    let lists =
        first(&mut package, "numbering")?.map_or_else(|| Ok(Lists::default()), |xml| Lists::read(&xml))?;
    let mut reader = Reader::new(limits, &styles, lists);
    for head in of_kind("header") {
        if let Some(xml) = package.text(&head)? {
            reader.part(&xml, BlockKind::Furniture)?;
        }
    }
    reader.part(&document, BlockKind::Text)?;
    for kind in ["footnotes", "endnotes"] {
        if let Some(xml) = first(&mut package, kind)? {
            reader.part(&xml, BlockKind::Footnote)?;
        }
    }
    for foot in of_kind("footer") {
        if let Some(xml) = package.text(&foot)? {
            reader.part(&xml, BlockKind::Furniture)?;
        }
    }
    Ok(reader.flow)
}

/// The relations that a part lists: type and target.
fn relations(package: &mut Package<'_>, name: &str) -> Result<Vec<(String, String)>, ExtractError> {
    let mut all = Vec::new();
    if let Some(xml) = package.text(name)? {
        walk(&xml, &mut |event| {
            if let Xml::Start(e) = event
                && e.name == "Relationship"
                && e.get("TargetMode") != Some("External")
                && let (Some(kind), Some(target)) = (e.get("Type"), e.get("Target"))
            {
                let target = if name == ROOT_RELATIONS { target.trim_start_matches('/') } else { target };
                all.push((kind.to_owned(), target.to_owned()));
            }
            Ok(())
        })?;
    }
    Ok(all)
}

struct Reader<'a> {
    flow: Flow,
    styles: &'a Styles,
    lists: Lists,
    /// What the part that is read is made of.
    kind: BlockKind,
    paragraph: ParagraphSet,
    run: RunSet,
    /// What holds for the text of the run; looked up when its first text comes.
    set: Option<RunSet>,
    in_paragraph_set: bool,
    in_run_set: bool,
    in_text: bool,
    /// Whether the label of the paragraph was written.
    labelled: bool,
    /// Open elements inside which nothing is read.
    skipped: usize,
    /// Depth in tables.
    rows: usize,
    cells: usize,
    /// Paragraphs that text boxes have interrupted.
    saved: Vec<(ParagraphSet, RunSet, bool, usize, usize)>,
    /// The size of the open drawing in points.
    extent: Option<(f32, f32)>,
}

impl<'a> Reader<'a> {
    fn new(limits: &Limits, styles: &'a Styles, lists: Lists) -> Self {
        Self {
            flow: Flow::new(limits),
            styles,
            lists,
            kind: BlockKind::Text,
            paragraph: ParagraphSet::default(),
            run: RunSet::default(),
            set: None,
            in_paragraph_set: false,
            in_run_set: false,
            in_text: false,
            labelled: false,
            skipped: 0,
            rows: 0,
            cells: 0,
            saved: Vec::new(),
            extent: None,
        }
    }

    fn part(&mut self, xml: &str, kind: BlockKind) -> Result<(), ExtractError> {
        self.kind = kind;
        walk(xml, &mut |event| match event {
            Xml::Start(e) => self.start(&e),
            Xml::End(name) => self.end(&name),
            Xml::Text(text) if self.in_text && self.skipped == 0 => self.text(&text),
            Xml::Text(_) => Ok(()),
        })?;
        self.flow.end_block(kind);
        Ok(())
    }

    fn start(&mut self, e: &Element) -> Result<(), ExtractError> {
        if self.skipped > 0 || is_skipped(e) {
            self.skipped += 1;
            return Ok(());
        }
        match e.name.as_str() {
            "p" => {
                self.paragraph = ParagraphSet::default();
                self.labelled = false;
            }
            "pPr" => self.in_paragraph_set = true,
            "rPr" => self.in_run_set = true,
            "r" => {
                self.run = RunSet::default();
                self.set = None;
            }
            "t" => self.in_text = true,
            "tab" if !self.in_paragraph_set => self.text("\t")?,
            "br" if e.get("type") == Some("page") => {
                self.label()?;
                self.flow.end_page()?;
            }
            "br" | "cr" => self.flow.end_line(),
            "noBreakHyphen" => self.text("-")?,
            "sym" => {
                let code = e.get("char").and_then(|c| u32::from_str_radix(c, 16).ok());
                if let Some(code) = code {
                    self.text(&symbols::sign(code).to_string())?;
                }
            }
            "footnoteReference" | "endnoteReference" => {
                if let Some(id) = e.get("id").and_then(|id| id.parse::<i64>().ok()) {
                    self.text(&superscript(id))?;
                }
            }
            // The notes that only draw the line above notes are numbered 0 and less, or typed.
            "footnote" | "endnote" if e.get("type").is_none() => {
                if let Some(id) = e.get("id").and_then(|id| id.parse::<i64>().ok()) {
                    self.labelled = true;
                    self.flow.text(&format!("{} ", superscript(id)), None)?;
                }
            }
            "tr" => {
                self.flow.begin_row();
                self.rows += 1;
            }
            "tbl" => self.flow.begin_table(),
            "tc" => {
                self.cells += 1;
                self.flow.cells().begin_free(1, 1);
            }
            "gridSpan" => {
                let columns = e.get("val").and_then(|v| v.parse().ok()).unwrap_or(1);
                self.flow.cells().widen(columns);
            }
            "vMerge" if e.get("val") != Some("restart") => self.flow.cells().go_on(),
            "extent" => self.extent = extent(e),
            // Of a group of pictures the size of the group is told, once.
            "blip" => {
                if let Some((width, height)) = self.extent.take() {
                    self.flow.picture(width, height);
                }
            }
            "txbxContent" => {
                let paragraph = std::mem::take(&mut self.paragraph);
                let run = std::mem::take(&mut self.run);
                self.saved.push((paragraph, run, self.labelled, self.rows, self.cells));
                (self.rows, self.cells) = (0, 0);
                self.flow.aside();
            }
            _ if self.in_run_set && !self.in_paragraph_set => self.run.apply(e),
            _ if self.in_paragraph_set && !self.in_run_set => {
                self.paragraph.apply(e);
                if self.paragraph.page_break && !self.flow.is_open() {
                    self.paragraph.page_break = false;
                    self.flow.end_page()?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ExtractError> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        match name {
            "p" => {
                // An item may be empty and still have its label, which says nothing then.
                if self.cells > 0 { self.flow.end_line() } else { self.flow.end_block(self.kind) }
            }
            "pPr" => self.in_paragraph_set = false,
            "rPr" => self.in_run_set = false,
            "t" => self.in_text = false,
            "tc" => {
                self.flow.end_cell();
                self.cells = self.cells.saturating_sub(1);
            }
            "tr" => {
                self.flow.end_row();
                self.rows = self.rows.saturating_sub(1);
            }
            "tbl" => self.flow.end_table(),
            "txbxContent" => {
                self.flow.resume(self.kind);
                if let Some(saved) = self.saved.pop() {
                    (self.paragraph, self.run, self.labelled, self.rows, self.cells) = saved;
                    self.set = None;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ExtractError> {
        self.label()?;
        let set = self.set.get_or_insert_with(|| self.styles.run(&self.run, &self.paragraph));
        if set.hidden == Some(true) {
            return Ok(());
        }
        let (hint, is_symbol) = set.font.unwrap_or_default();
        let text: String = text
            .chars()
            .map(|c| match c {
                '\u{20}'..='\u{ff}' if is_symbol => symbols::sign(c as u32),
                c => symbols::of_private_use(c),
            })
            .collect();
        match (set.capitals, hint) {
            (Some(true), None) => self.flow.text(&text.to_uppercase(), None),
            (Some(true), Some(hint)) => self.flow.text(&text, Some(Hint { capitals: true, ..hint })),
            _ => self.flow.text(&text, hint),
        }
    }

    /// Writes the label of the list item that begins here.
    fn label(&mut self) -> Result<(), ExtractError> {
        if std::mem::replace(&mut self.labelled, true) {
            return Ok(());
        }
        if let Some((list, level)) = self.styles.list(&self.paragraph) {
            let label = self.lists.label(list, level);
            if !label.is_empty() {
                self.flow.text(&format!("{label} "), None)?;
            }
        }
        Ok(())
    }
}

/// The size of a drawing in points, stated in English metric units (ECMA-376-1, 20.4.2.7).
fn extent(e: &Element) -> Option<(f32, f32)> {
    const A_POINT: f32 = 12_700.0;
    let side = |name| e.get(name).and_then(|v| v.parse::<f32>().ok()).map(|v| v / A_POINT);
    side("cx").zip(side("cy"))
}

/// Elements whose content is not what the page shows: deleted text, codes of fields, the second copy of drawings for
/// old programs, notes that only draw a line.
fn is_skipped(e: &Element) -> bool {
    match e.name.as_str() {
        "del" | "moveFrom" | "instrText" | "delText" | "Fallback" | "sectPr" | "pPrChange" | "rPrChange" => {
            true
        }
        "footnote" | "endnote" => e.get("type").is_some(),
        _ => false,
    }
}

/// A number in superscript digits.
fn superscript(number: i64) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.to_string();
    digits.chars().filter_map(|d| DIGITS.get(d.to_digit(10)? as usize)).collect()
}

#[cfg(test)]
mod tests;
