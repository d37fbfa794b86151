//! Web pages: blocks, lists and tables out of tags, tolerant of tags that were never closed.

use super::flow::Flow;
use super::numbering::written;
use crate::error::ExtractError;
use crate::legacy::{self, Hint, hint};
use crate::options::Limits;
use crate::plain;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use html5gum::emitters::default::{DefaultEmitter, StartTag};
use html5gum::{Token, Tokenizer};
use vanthu_model::BlockKind;

/// How far into a page its encoding may be declared; browsers look at 1024 bytes, and many pages need more.
const DECLARED_WITHIN: usize = 4 << 10;

/// Open elements that set a font, lists and tables nested deeper than this are not followed.
const MAX_DEPTH: usize = 256;

/// Elements whose content is not shown as text.
const SKIPPED: [&str; 8] = ["script", "style", "title", "noscript", "template", "textarea", "select", "svg"];

/// Elements that begin and end a block.
const BLOCKS: [&str; 33] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "main",
    "nav",
    "p",
    "pre",
    "section",
    "summary",
    "option",
];

/// Elements without content and end.
const VOID: [&str; 8] = ["br", "hr", "img", "input", "link", "meta", "col", "wbr"];

/// Reads a web page.
///
/// # Errors
/// What [`Flow`] refuses.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Flow, ExtractError> {
    let text = decode(bytes);
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut reader = Reader {
        flow: Flow::new(limits),
        skipped: None,
        fonts: Vec::new(),
        lists: Vec::new(),
        tables: Vec::new(),
        preformatted: 0,
    };
    for Ok(token) in Tokenizer::new_with_emitter(text.as_str(), emitter) {
        match token {
            Token::StartTag(tag) => reader.start(&tag)?,
            Token::EndTag(tag) => reader.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text))?,
            _ => {}
        }
    }
    while !reader.tables.is_empty() {
        reader.end_table();
    }
    Ok(reader.flow)
}

/// The text of a page: by its byte order mark, as UTF-8 where it is that, by what it declares, or as a guess.
fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    match declared(bytes) {
        // Not UTF-8 but for a slip: one bad byte must not cost all letters.
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        None => {
            // Legacy encodings are told apart later, by fonts as well as by letters; what they start from is this.
            let western = WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned();
            if legacy::convert_text(&western).is_some() { western } else { plain::decode(bytes).text }
        }
    }
}

/// The encoding that a page declares. Names of legacy Vietnamese encodings stand for bytes as they are.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARED_WITHIN)]).to_ascii_lowercase();
    let (_, after) = head.split_once("charset")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let label = after.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.:".contains(c))).next()?;
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) if encoding.name() == "x-user-defined" => Some(WINDOWS_1252),
        Some(encoding) if encoding == UTF_8 => {
            // Declared and not true: most of it may be UTF-8 all the same.
            let (_, malformed) = UTF_8.decode_without_bom_handling(bytes);
            let marks = bytes.iter().filter(|b| **b >= 0x80).count();
            let bad = UTF_8.decode_without_bom_handling(bytes).0.matches(char::REPLACEMENT_CHARACTER).count();
            (!malformed || bad * 10 < marks).then_some(UTF_8)
        }
        Some(encoding) => Some(encoding),
        None => legacy::LegacyEncoding::from_name(label).map(|_| WINDOWS_1252),
    }
}

/// A list: how its items are numbered, if they are, and the number of the next.
struct List {
    format: Option<&'static str>,
    next: i64,
}

/// A table: whether a row and a cell are open.
#[derive(Default)]
struct Table {
    row: bool,
    cell: bool,
}

struct Reader {
    flow: Flow,
    /// The element inside which nothing is read.
    skipped: Option<String>,
    /// Open elements that name a font, with what it tells.
    fonts: Vec<(String, Option<Hint>)>,
    lists: Vec<List>,
    tables: Vec<Table>,
    preformatted: usize,
}

impl Reader {
    fn start(&mut self, tag: &StartTag<()>) -> Result<(), ExtractError> {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        if self.skipped.is_some() {
            return Ok(());
        }
        let attribute =
            |name: &str| tag.attributes.get(name.as_bytes()).map(|v| String::from_utf8_lossy(v).into_owned());
        if SKIPPED.contains(&name.as_str()) {
            if !tag.self_closing {
                self.skipped = Some(name);
            }
            return Ok(());
        }
        if !VOID.contains(&name.as_str()) && self.fonts.len() < MAX_DEPTH {
            let face = match name.as_str() {
                "font" => attribute("face"),
                _ => attribute("style").as_deref().and_then(family),
            };
            // Fonts are tried from the left; the first names what the page was written for.
            if let Some(face) = face.as_deref().and_then(|f| f.split(',').next()) {
                self.fonts.push((name.clone(), hint(face.trim().trim_matches(['"', '\'']))));
            }
        }
        match name.as_str() {
            "br" => self.flow.end_line(),
            "ul" | "menu" => self.begin_list(List { format: None, next: 1 }),
            "ol" => {
                let format = match attribute("type").as_deref() {
                    Some("a") => "lowerLetter",
                    Some("A") => "upperLetter",
                    Some("i") => "lowerRoman",
                    Some("I") => "upperRoman",
                    _ => "decimal",
                };
                let next = attribute("start").and_then(|s| s.trim().parse().ok()).unwrap_or(1);
                self.begin_list(List { format: Some(format), next });
            }
            "li" => {
                self.end_block();
                let label = match self.lists.last_mut() {
                    Some(List { format: Some(format), next }) => {
                        let number = attribute("value").and_then(|v| v.trim().parse().ok()).unwrap_or(*next);
                        *next = number.saturating_add(1);
                        format!("{}. ", written(number, format))
                    }
                    _ => "• ".to_owned(),
                };
                self.flow.text(&label, None)?;
            }
            "table" if self.tables.len() < MAX_DEPTH => {
                self.end_block();
                self.tables.push(Table::default());
                self.flow.begin_table();
            }
            "tr" => {
                self.end_row();
                self.begin_row();
            }
            "td" | "th" => {
                self.end_cell();
                self.begin_row();
                if let Some(table) = self.tables.last_mut() {
                    table.cell = true;
                    let span = |name: &str| attribute(name).and_then(|v| v.trim().parse().ok()).unwrap_or(1);
                    self.flow.cells().begin_free(span("colspan"), span("rowspan"));
                }
            }
            block if BLOCKS.contains(&block) => {
                self.end_block();
                self.preformatted += usize::from(block == "pre");
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        if let Some(skipped) = &self.skipped {
            if skipped == name {
                self.skipped = None;
            }
            return;
        }
        if let Some(at) = self.fonts.iter().rposition(|(n, _)| n == name) {
            self.fonts.truncate(at);
        }
        match name {
            "ul" | "ol" | "menu" => {
                self.end_block();
                self.lists.pop();
            }
            "li" => self.end_block(),
            "table" => self.end_table(),
            "tr" => self.end_row(),
            "td" | "th" => self.end_cell(),
            "pre" => {
                self.end_block();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            block if BLOCKS.contains(&block) => self.end_block(),
            _ => {}
        }
    }

    fn begin_list(&mut self, list: List) {
        self.end_block();
        if self.lists.len() < MAX_DEPTH {
            self.lists.push(list);
        }
    }

    /// Ends a paragraph, which in a cell is only a line of it.
    fn end_block(&mut self) {
        if self.tables.last().is_some_and(|t| t.cell) {
            self.flow.end_line();
        } else {
            self.flow.end_block(BlockKind::Text);
        }
    }

    fn begin_row(&mut self) {
        if let Some(table) = self.tables.last_mut().filter(|t| !t.row) {
            table.row = true;
            self.flow.begin_row();
        }
    }

    fn end_cell(&mut self) {
        if let Some(table) = self.tables.last_mut().filter(|t| t.cell) {
            table.cell = false;
            self.flow.end_cell();
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if let Some(table) = self.tables.last_mut().filter(|t| t.row) {
            table.row = false;
            self.flow.end_row();
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        if self.tables.pop().is_some() {
            self.flow.end_table();
        }
    }

    fn text(&mut self, text: &str) -> Result<(), ExtractError> {
        if self.skipped.is_some() {
            return Ok(());
        }
        let hint = self.fonts.last().and_then(|(_, hint)| *hint);
        if self.preformatted == 0 {
            // A no-break space may be a letter of an encoding; ASCII white space only lays out the source.
            let text = text.replace(|c: char| c.is_ascii_whitespace(), " ");
            return self.flow.text(&text, hint);
        }
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                self.flow.end_line();
            }
            self.flow.text(line, hint)?;
        }
        Ok(())
    }
}

/// The value of `font-family` in a style attribute.
fn family(style: &str) -> Option<String> {
    style.split(';').find_map(|rule| {
        let (property, value) = rule.split_once(':')?;
        property.trim().eq_ignore_ascii_case("font-family").then(|| value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanthu_model::Document;

    fn document(html: &[u8]) -> Document {
        let (document, _) = read(html, &Limits::default()).unwrap().finish().unwrap();
        document.check().unwrap();
        document
    }

    #[test]
    fn blocks_lists_and_tables() {
        let d = document(
            "<!DOCTYPE html><title>no</title><style>p{}</style><p>Một\n  dòng<br>hai<ol type=I><li>Mục tiêu<li>Nhiệm vụ\
             <ul><li>Rà soát</ul></ol><script>var a = '<p>';</script><table><tr><td>A<td>B<p>b<tr><td>C</table>cuối &amp; hết"
                .as_bytes(),
        );
        assert_eq!(
            d.text,
            "Một dòng\nhai\n\nI. Mục tiêu\n\nII. Nhiệm vụ\n\n• Rà soát\n\nA\n\nB\nb\n\nC\n\ncuối & hết\n"
        );
    }

    #[test]
    fn fonts_and_letters_tell_legacy_text() {
        let d = document(b"<meta charset=iso-8859-1><p><font face='.VnTimeH'>s\xeb</font> <span style=\"font-family: VNI-Times\">Thu\xfb\xfby l\xf4\xefi</span>");
        assert!(d.text.starts_with("SỞ "), "{}", d.text);
        let d = document(b"<p>Ph\xdfng Th\xf1y l\xeei t\xd8nh B\xd7nh An");
        assert_eq!(d.text, "Phòng Thủy lợi tỉnh Bình An\n");
    }

    #[test]
    fn encodings_are_obeyed_where_they_are_true() {
        assert_eq!(document("<meta charset='iso-8859-1'><p>Tiếng Việt".as_bytes()).text, "Tiếng Việt\n");
        let utf16: Vec<u8> = "\u{feff}<p>Số 1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(document(&utf16).text, "Số 1\n");
        assert_eq!(document(b"<meta charset=windows-1258><p>Ti\xea\xecng Vi\xea\xf2t").text, "Tiếng Việt\n");
    }

    #[test]
    fn the_head_of_a_document_is_no_table() {
        let d = document(
            "<table><tr><td>UBND TỈNH BÌNH AN<br>SỞ THỦY LỢI<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</table>"
                .as_bytes(),
        );
        assert_eq!(d.pages[0].blocks[0].kind, BlockKind::HeadLeft);
        assert_eq!(d.pages[0].blocks[1].kind, BlockKind::HeadRight);
    }
}
