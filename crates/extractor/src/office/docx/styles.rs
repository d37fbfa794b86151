//! Styles of a DOCX file, as far as they matter to text: fonts, capitals, lists.

use crate::error::ExtractError;
use crate::legacy::{Hint, hint};
use crate::office::symbols;
use crate::xml::{Element, Xml, walk};
use rustc_hash::FxHashMap;

/// Styles are based on one another no deeper than this.
const MAX_BASES: usize = 16;

/// What is set for a run of characters; `None`: as the style has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RunSet {
    /// What the font tells, and whether it holds signs; the inner `None` is a font that tells nothing.
    pub font: Option<(Option<Hint>, bool)>,
    pub capitals: Option<bool>,
    pub hidden: Option<bool>,
    pub style: Option<String>,
}

impl RunSet {
    /// Takes what an element inside `rPr` says.
    pub(super) fn apply(&mut self, e: &Element) {
        match e.name.as_str() {
            "rFonts" => {
                // Letters beyond ASCII are set in the font of "high ANSI".
                if let Some(name) = e.get("hAnsi").or(e.get("ascii")).or(e.get("cs")) {
                    self.font = Some((hint(name), symbols::is_symbol_font(name)));
                }
            }
            "caps" => self.capitals = Some(e.is_on()),
            "vanish" => self.hidden = Some(e.is_on()),
            "rStyle" => self.style = e.val().map(str::to_owned),
            _ => {}
        }
    }

    fn or(self, o: &RunSet) -> RunSet {
        RunSet {
            font: self.font.or(o.font),
            capitals: self.capitals.or(o.capitals),
            hidden: self.hidden.or(o.hidden),
            style: self.style,
        }
    }
}

/// What is set for a paragraph.
#[derive(Debug, Clone, Default)]
pub(super) struct ParagraphSet {
    pub style: Option<String>,
    pub list: Option<u64>,
    pub level: Option<usize>,
    pub page_break: bool,
}

impl ParagraphSet {
    /// Takes what an element inside `pPr` says.
    pub(super) fn apply(&mut self, e: &Element) {
        match e.name.as_str() {
            "pStyle" => self.style = e.val().map(str::to_owned),
            "numId" => self.list = e.val().and_then(|v| v.parse().ok()),
            "ilvl" => self.level = e.val().and_then(|v| v.parse().ok()),
            "pageBreakBefore" => self.page_break = e.is_on(),
            _ => {}
        }
    }
}

#[derive(Debug, Default)]
struct Style {
    base: Option<String>,
    run: RunSet,
    paragraph: ParagraphSet,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: FxHashMap<String, Style>,
    /// The style of paragraphs that name none.
    default: Option<String>,
    all: RunSet,
}

impl Styles {
    pub(super) fn read(xml: &str) -> Result<Self, ExtractError> {
        let mut styles = Styles::default();
        let mut open: Option<(String, Style)> = None;
        walk(xml, &mut |event| {
            match event {
                Xml::Start(e) if e.name == "style" => {
                    let id = e.get("styleId").unwrap_or_default().to_owned();
                    if e.get("type") == Some("paragraph") && e.get("default").is_some_and(|d| d != "0") {
                        styles.default = Some(id.clone());
                    }
                    open = Some((id, Style::default()));
                }
                Xml::Start(e) => match &mut open {
                    Some((_, style)) if e.name == "basedOn" => style.base = e.val().map(str::to_owned),
                    Some((_, style)) => {
                        style.run.apply(&e);
                        style.paragraph.apply(&e);
                    }
                    None => styles.all.apply(&e),
                },
                Xml::End(name) if name == "style" => {
                    if let Some((id, style)) = open.take() {
                        styles.styles.insert(id, style);
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(styles)
    }

    fn chain<'a>(&'a self, style: Option<&'a str>) -> impl Iterator<Item = &'a Style> {
        let mut next = style;
        std::iter::from_fn(move || {
            let style = self.styles.get(next?)?;
            next = style.base.as_deref();
            Some(style)
        })
        .take(MAX_BASES)
    }

    /// What holds for a run in a paragraph.
    pub(super) fn run(&self, run: &RunSet, paragraph: &ParagraphSet) -> RunSet {
        let own = self.chain(run.style.as_deref());
        let around = self.chain(paragraph.style.as_deref().or(self.default.as_deref()));
        own.chain(around).fold(run.clone(), |set, style| set.or(&style.run)).or(&self.all)
    }

    /// List and level of a paragraph, its own or those of its style.
    pub(super) fn list(&self, paragraph: &ParagraphSet) -> Option<(u64, usize)> {
        let style = || self.chain(paragraph.style.as_deref().or(self.default.as_deref()));
        let list = paragraph.list.or_else(|| style().find_map(|s| s.paragraph.list))?;
        let level = paragraph.level.or_else(|| style().find_map(|s| s.paragraph.level)).unwrap_or(0);
        (list != 0).then_some((list, level))
    }
}
