//! RTF documents (Rich Text Format Specification 1.9.1): bytes in fonts, each font with a code page of its own.

use super::flow::Flow;
use super::laid::{Laid, LaidRow};
use super::symbols;
use crate::error::ExtractError;
use crate::legacy::{Hint, hint};
use crate::options::Limits;
use encoding_rs::{Encoding, WINDOWS_1252};
use rustc_hash::FxHashMap;
use vanthu_model::BlockKind;

/// Groups nested deeper than this are no document.
const MAX_DEPTH: usize = 512;

/// What a group holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    Text,
    FontTable,
    /// Nothing that is read.
    Skipped,
    /// A note or a running head: text apart, of this kind, that ends with the group.
    Apart(BlockKind),
    /// A text box.
    Shape,
}

/// The state that a group saves.
#[derive(Debug, Clone, Copy)]
struct State {
    destination: Destination,
    /// What its paragraphs are.
    kind: BlockKind,
    font: i32,
    /// Characters to skip after `\u`.
    fallback: usize,
    capitals: bool,
    hidden: bool,
    in_table: bool,
    /// Whether the group began with `\*`: skipped if its word is not known.
    optional: bool,
}

#[derive(Debug, Clone, Copy)]
struct Font {
    hint: Option<Hint>,
    encoding: &'static Encoding,
    /// Whether its bytes are pictures of signs, as in Symbol and Wingdings.
    symbols: bool,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    flow: Flow,
    state: State,
    saved: Vec<State>,
    fonts: FxHashMap<i32, Font>,
    default_font: i32,
    encoding: &'static Encoding,
    /// Name of the font whose entry of the font table is being read.
    font_name: Vec<u8>,
    font_charset: i32,
    /// Bytes of text that wait for their code page: some code pages have characters of two bytes.
    run: Vec<u8>,
    utf16: Vec<u16>,
    /// Fallback characters still to skip.
    skip: usize,
    in_row: bool,
    /// How the row is laid, and what is said of its next cell.
    row: LaidRow,
    next_cell: Laid,
}

/// Reads an RTF document.
///
/// # Errors
/// `damaged` where the file ends inside a group, and what [`Flow`] refuses.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Flow, ExtractError> {
    let state = State {
        destination: Destination::Text,
        kind: BlockKind::Text,
        font: 0,
        fallback: 1,
        capitals: false,
        hidden: false,
        in_table: false,
        optional: false,
    };
    let mut reader = Reader {
        bytes,
        at: 0,
        flow: Flow::new(limits),
        state,
        saved: Vec::new(),
        fonts: FxHashMap::default(),
        default_font: 0,
        encoding: WINDOWS_1252,
        font_name: Vec::new(),
        font_charset: 0,
        run: Vec::new(),
        utf16: Vec::new(),
        skip: 0,
        in_row: false,
        row: LaidRow::default(),
        next_cell: Laid::default(),
    };
    reader.document()?;
    Ok(reader.flow)
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), ExtractError> {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' => self.open()?,
                b'}' => {
                    self.close()?;
                    if self.saved.is_empty() {
                        return Ok(());
                    }
                }
                b'\\' => self.control()?,
                b'\r' | b'\n' => {}
                _ => self.byte(byte)?,
            }
        }
        Err(ExtractError::damaged("the RTF document ends in the middle"))
    }

    fn open(&mut self) -> Result<(), ExtractError> {
        self.flush()?;
        self.skip = 0;
        if self.saved.len() >= MAX_DEPTH {
            return Err(ExtractError::damaged(format!(
                "the RTF document nests more than {MAX_DEPTH} groups"
            )));
        }
        self.saved.push(self.state);
        self.state.optional = false;
        // What stands inside a note is text of the note; only the group that began it ends it.
        if matches!(self.state.destination, Destination::Apart(_) | Destination::Shape) {
            self.state.destination = Destination::Text;
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), ExtractError> {
        self.flush()?;
        self.skip = 0;
        match self.state.destination {
            Destination::Apart(kind) => self.flow.resume(kind),
            Destination::Shape => self.flow.resume(BlockKind::Text),
            Destination::FontTable => self.end_font(),
            _ => {}
        }
        if let Some(state) = self.saved.pop() {
            self.state = state;
        }
        Ok(())
    }

    fn control(&mut self) -> Result<(), ExtractError> {
        let Some(&first) = self.bytes.get(self.at) else { return Ok(()) };
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return self.sign(first);
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count().min(32);
        let word = String::from_utf8_lossy(rest.get(..letters).unwrap_or_default()).into_owned();
        let rest = rest.get(letters..).unwrap_or_default();
        let minus = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(minus).take_while(|b| b.is_ascii_digit()).count().min(10);
        let number =
            rest.get(..minus + digits).and_then(|n| std::str::from_utf8(n).ok()?.parse::<i64>().ok());
        let taken = if digits > 0 { minus + digits } else { 0 };
        self.at += letters + taken + usize::from(rest.get(taken) == Some(&b' '));
        self.word(&word, number)
    }

    /// A control symbol.
    fn sign(&mut self, sign: u8) -> Result<(), ExtractError> {
        match sign {
            b'\'' => {
                let hex = self.bytes.get(self.at..self.at + 2).and_then(|h| std::str::from_utf8(h).ok());
                if let Some(byte) = hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
                    self.at += 2;
                    self.byte(byte)?;
                }
            }
            b'\\' | b'{' | b'}' => self.byte(sign)?,
            b'~' => self.text("\u{a0}")?,
            b'_' => self.text("-")?,
            b'*' => self.state.optional = true,
            b'\r' | b'\n' => self.word("par", None)?,
            b'\t' => self.text("\t")?,
            _ => {}
        }
        Ok(())
    }

    fn word(&mut self, word: &str, number: Option<i64>) -> Result<(), ExtractError> {
        let set = number != Some(0);
        let value = number.and_then(|n| i32::try_from(n).ok()).unwrap_or(0);
        if word == "u" {
            return self.unicode(value);
        }
        if word == "bin" {
            self.at = self.at.saturating_add(usize::try_from(value).unwrap_or(0));
            return Ok(());
        }
        self.flush()?;
        if let Some(destination) = destination(word) {
            return self.enter(destination);
        }
        if self.state.optional {
            self.state.destination = Destination::Skipped;
        }
        match word {
            "ansicpg" => {
                self.encoding = u16::try_from(value).ok().map_or(WINDOWS_1252, code_page);
            }
            "deff" => {
                self.default_font = value;
                self.state.font = value;
            }
            "f" => self.state.font = value,
            "fcharset" if self.state.destination == Destination::FontTable => self.font_charset = value,
            "uc" => self.state.fallback = usize::try_from(value).unwrap_or(1).min(8),
            "caps" => self.state.capitals = set,
            "v" | "deleted" => self.state.hidden = set,
            "plain" => {
                self.state.font = self.default_font;
                self.state.capitals = false;
                self.state.hidden = false;
            }
            _ if !self.is_read() => {}
            "pard" => self.state.in_table = false,
            "intbl" => self.state.in_table = true,
            "par" if self.state.in_table => self.flow.end_line(),
            "par" => self.flow.end_block(self.state.kind),
            "page" | "pagebb" => self.flow.end_page()?,
            "sect" => self.flow.end_block(self.state.kind),
            "line" | "lbr" => self.flow.end_line(),
            "cell" => self.flow.end_cell(),
            "nestcell" => self.flow.end_block(BlockKind::Table),
            "row" => {
                self.flow.end_laid_row(self.row.clone());
                self.in_row = false;
            }
            // Said before the cells, after them, or both.
            "trowd" => {
                (self.row, self.next_cell) = (LaidRow::default(), Laid::default());
                if !std::mem::replace(&mut self.in_row, true) {
                    self.flow.begin_row();
                }
            }
            "trleft" => self.row.start = value,
            "clmrg" => self.next_cell.joins_left = true,
            "clvmrg" => self.next_cell.joins_above = true,
            "cellx" => {
                self.row.cells.push(Laid { end: value, ..std::mem::take(&mut self.next_cell) });
            }
            "tab" => self.text("\t")?,
            "emdash" => self.text("—")?,
            "endash" => self.text("–")?,
            "lquote" => self.text("‘")?,
            "rquote" => self.text("’")?,
            "ldblquote" => self.text("“")?,
            "rdblquote" => self.text("”")?,
            "bullet" => self.text("•")?,
            "emspace" | "enspace" | "qmspace" => self.text(" ")?,
            _ => {}
        }
        Ok(())
    }

    fn enter(&mut self, destination: Destination) -> Result<(), ExtractError> {
        self.state.optional = false;
        if self.state.destination == Destination::Skipped {
            return Ok(());
        }
        self.state.destination = destination;
        if matches!(destination, Destination::Apart(_) | Destination::Shape) {
            self.flow.aside();
            self.state.in_table = false;
            if let Destination::Apart(kind) = destination {
                self.state.kind = kind;
            }
        }
        Ok(())
    }

    fn is_read(&self) -> bool {
        !matches!(self.state.destination, Destination::Skipped | Destination::FontTable)
    }

    fn unicode(&mut self, value: i32) -> Result<(), ExtractError> {
        if self.is_read() {
            self.flush_run()?;
            // Written as a signed number of 16 bits.
            self.utf16.push((value & 0xffff) as u16);
        }
        self.skip = self.state.fallback;
        Ok(())
    }

    fn byte(&mut self, byte: u8) -> Result<(), ExtractError> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        match self.state.destination {
            Destination::FontTable => self.font_name.push(byte),
            Destination::Skipped => {}
            _ => {
                self.flush_utf16()?;
                self.run.push(byte);
            }
        }
        Ok(())
    }

    /// Ends an entry of the font table; entries stand in groups of their own or end with a semicolon.
    fn end_font(&mut self) {
        let name = std::mem::take(&mut self.font_name);
        let name = WINDOWS_1252.decode_without_bom_handling(&name).0;
        let name = name.split(';').next().unwrap_or("").trim();
        if name.is_empty() {
            return;
        }
        let hint = hint(name);
        let encoding = match hint {
            Some(_) => WINDOWS_1252,
            None => charset(self.font_charset).unwrap_or(self.encoding),
        };
        let symbols = self.font_charset == 2 || symbols::is_symbol_font(name);
        self.fonts.entry(self.state.font).or_insert(Font { hint, encoding, symbols });
        self.font_charset = 0;
    }

    fn flush(&mut self) -> Result<(), ExtractError> {
        self.flush_run()?;
        self.flush_utf16()
    }

    fn flush_run(&mut self) -> Result<(), ExtractError> {
        if self.run.is_empty() {
            return Ok(());
        }
        let run = std::mem::take(&mut self.run);
        let font = self.fonts.get(&self.state.font);
        let text = if font.is_some_and(|f| f.symbols) {
            run.iter().map(|b| symbols::sign(u32::from(*b))).collect::<String>().into()
        } else {
            let encoding = font.map_or(self.encoding, |f| f.encoding);
            encoding.decode_without_bom_handling(&run).0
        };
        self.put(&text)?;
        self.run = run;
        self.run.clear();
        Ok(())
    }

    fn flush_utf16(&mut self) -> Result<(), ExtractError> {
        if !self.utf16.is_empty() {
            let text: String = char::decode_utf16(std::mem::take(&mut self.utf16))
                .map(|c| c.map_or(char::REPLACEMENT_CHARACTER, symbols::of_private_use))
                .collect();
            self.put(&text)?;
        }
        Ok(())
    }

    /// A sign that a control word stands for.
    fn text(&mut self, text: &str) -> Result<(), ExtractError> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        self.flush()?;
        self.put(text)
    }

    fn put(&mut self, text: &str) -> Result<(), ExtractError> {
        if !self.is_read() || self.state.hidden {
            return Ok(());
        }
        let hint = self.fonts.get(&self.state.font).and_then(|f| f.hint);
        match (self.state.capitals, hint) {
            (true, None) => self.flow.text(&text.to_uppercase(), hint),
            (true, Some(hint)) => self.flow.text(text, Some(Hint { capitals: true, ..hint })),
            (false, _) => self.flow.text(text, hint),
        }
    }
}

/// The destination that a control word begins, if it begins one.
fn destination(word: &str) -> Option<Destination> {
    Some(match word {
        "fonttbl" => Destination::FontTable,
        "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr" | "footerf" => {
            Destination::Apart(BlockKind::Furniture)
        }
        "footnote" => Destination::Apart(BlockKind::Footnote),
        "shptxt" => Destination::Shape,
        // Known and read: without them `\*` would have their groups skipped.
        "shp" | "shpinst" | "listtext" | "pntext" | "shppict" | "fldrslt" => Destination::Text,
        "colortbl" | "stylesheet" | "info" | "pict" | "nonshppict" | "object" | "objdata" | "themedata"
        | "colorschememapping" | "datastore" | "generator" | "listtable" | "listoverridetable" | "revtbl"
        | "latentstyles" | "fldinst" | "xmlnstbl" | "rsidtbl" | "pn" | "sp" | "falt" | "panose"
        | "template" | "annotation" | "atnid" | "atnauthor" | "bkmkstart" | "bkmkend" | "filetbl"
        | "pgptbl" | "mmathPr" | "xe" | "tc" | "ftnsep" | "ftnsepc" | "aftnsep" | "aftnsepc" => {
            Destination::Skipped
        }
        _ => return None,
    })
}

/// The code page of a font's character set.
fn charset(charset: i32) -> Option<&'static Encoding> {
    let page = match charset {
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    };
    Some(code_page(page))
}

/// The encoding of a Windows code page; windows-1252 for those that are not known.
pub(crate) fn code_page(page: u16) -> &'static Encoding {
    let label = match page {
        65001 => "utf-8".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10000 => "macintosh".to_owned(),
        page => format!("windows-{page}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanthu_model::{Cause, Document};

    fn document(rtf: &str) -> Document {
        let (document, _) = read(rtf.as_bytes(), &Limits::default()).unwrap().finish().unwrap();
        document.check().unwrap();
        document
    }

    #[test]
    fn text_in_legacy_fonts_is_converted() {
        let d = document(
            r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil Times New Roman;}{\f1\fnil\fcharset0 .VnTime;}{\f2\fnil .VnTimeH;}}
{\f2 s\'eb thñy}\par\pard\f1 T\'d8nh B\'d7nh An \'ad\'edc tÝnh \par}",
        );
        assert!(d.text.starts_with("SỞ TH"), "{}", d.text);
        assert!(d.text.contains("Tỉnh Bình An ước"), "{}", d.text);
    }

    #[test]
    fn tables_notes_and_heads_are_kept_apart() {
        let d = document(
            r"{\rtf1\ansi{\header Running head\par}\pard One\'20two{\footnote\pard A note\par}\par
\trowd\pard\intbl A1\cell B1\par second line\cell\row \trowd\pard\intbl A2\cell\cell\row\pard after\par}",
        );
        let kinds: Vec<(BlockKind, usize)> =
            d.pages[0].blocks.iter().map(|b| (b.kind, b.lines.len())).collect();
        use BlockKind::{Footnote, Furniture, Table, Text};
        assert_eq!(
            kinds,
            [(Furniture, 1), (Footnote, 1), (Text, 1), (Table, 1), (Table, 2), (Table, 1), (Text, 1)]
        );
    }

    #[test]
    fn merged_cells_are_told() {
        let d = document(
            r"{\rtf1\ansi{\*\x y}
\trowd\trleft-108\clvmgf\cellx1000\cellx3000\cellx5000\pard\intbl Unit\cell Task\cell When\cell\row
\trowd\trleft-108\clvmrg\cellx1000\clmgf\cellx3000\clmrg\cellx5010\pard\intbl\cell Both\cell\cell\row
\pard\par\trowd\cellx2000\pard\intbl Alone\cell\row\pard after\par}",
        );
        let cell = |i: usize| {
            d.pages[0].blocks[i].cell.map(|c| (c.table, c.row, c.column, c.row_span, c.column_span))
        };
        assert_eq!(cell(0), Some((1, 0, 0, 2, 1)));
        assert_eq!(cell(2), Some((1, 0, 2, 1, 1)));
        assert_eq!(cell(3), Some((1, 1, 1, 1, 2)));
        assert_eq!((cell(4), cell(5)), (Some((2, 0, 0, 1, 1)), None));
    }

    #[test]
    fn unicode_and_unknown_destinations() {
        let d = document(
            r"{\rtf1\uc1 S\u7889? {\*\unknown hidden {deep}} \u272\'d0i\u7873?u {\v hidden}\emdash  x{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt box\par}}\par}",
        );
        assert_eq!(d.text, "box\n\nSố Điều — x\n");
    }

    #[test]
    fn a_cut_file_is_damaged() {
        let e = read(br"{\rtf1\ansi Chao {\b ban", &Limits::default()).unwrap_err();
        assert_eq!(e.cause(), Cause::Damaged);
        let deep = "{".repeat(10_000);
        assert_eq!(read(deep.as_bytes(), &Limits::default()).unwrap_err().cause(), Cause::Damaged);
    }
}
