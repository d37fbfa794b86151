//! The task register as a workbook.

use crate::error::ExportError;
use crate::item::Item;
use crate::outputs::Output;
use crate::register::{COLUMNS, Row, rows};
use crate::staging::{Staged, Staging};
use crate::words::{day, hundredths};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet,
    XlsxError,
};
use std::borrow::Cow;
use std::path::Path;

/// Rows of a worksheet, its head among them.
const MAX_ROWS: u32 = 1_048_576;
/// UTF-16 units of a cell.
const MAX_CELL: usize = 32_767;
/// Links of a worksheet; Excel calls a file with more damaged.
const MAX_LINKS: u32 = 65_530;
/// Characters of a link's address.
const MAX_LINK: usize = 2_080;
/// Ends a text that is too long for a cell.
const CUT: &str = " … [cut here: a cell holds 32767 characters; the whole text is in tasks.csv]";
/// What the columns are called in Vietnamese offices, and how wide they are, in characters.
const HEADS: [(&str, f64); COLUMNS.len()] = [
    ("Văn bản", 26.0),
    ("Số, ký hiệu", 18.0),
    ("Ngày văn bản", 13.0),
    ("Nhiệm vụ", 64.0),
    ("Chủ trì", 26.0),
    ("Phối hợp", 26.0),
    ("Thời hạn", 15.0),
    ("Chỉ tiêu", 18.0),
    ("Trang", 8.0),
    ("Độ tin cậy", 11.0),
];

/// The task register: one sheet, and more where its rows do not fit on one. Rows go to a file aside at once.
pub(crate) struct Register {
    workbook: Workbook,
    staged: Staged,
    looks: Looks,
    /// Sheets begun.
    sheets: usize,
    /// The next row of the last sheet, and the links on it.
    next: u32,
    links: u32,
    /// `MAX_ROWS`, or less in tests.
    max_rows: u32,
}

struct Looks {
    head: Format,
    text: Format,
    day: Format,
    number: Format,
    share: Format,
    link: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = || Format::new().set_align(FormatAlign::Top).set_text_wrap();
        Self {
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_align(FormatAlign::Center)
                .set_background_color(Color::RGB(0x00D9_E2F3))
                .set_border_bottom(FormatBorder::Thin),
            text: cell(),
            day: cell().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Left),
            number: cell().set_num_format("0"),
            share: cell().set_num_format("0.00"),
            link: cell()
                .set_font_color(Color::RGB(0x0005_63C1))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
        }
    }
}

impl Register {
    pub(crate) fn begin(staging: &Staging, target: &Path, aside: &Path) -> Result<Self, ExportError> {
        let mut workbook = Workbook::new();
        // Nothing in the file tells when it was made: the same records give the same bytes.
        let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        workbook.set_tempdir(aside).map_err(failed)?;
        let mut register = Self {
            workbook,
            staged: staging.begin(target)?,
            looks: Looks::new(),
            sheets: 0,
            next: 0,
            links: 0,
            max_rows: MAX_ROWS,
        };
        register.sheet().map_err(failed)?;
        Ok(register)
    }

    /// Begins a sheet with its head.
    fn sheet(&mut self) -> Result<(), XlsxError> {
        self.close_sheet()?;
        self.sheets += 1;
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(match self.sheets {
            1 => "Nhiệm vụ".to_string(),
            n => format!("Nhiệm vụ {n}"),
        })?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        for (column, (&(_, width), _)) in (0_u16..).zip(HEADS.iter().zip(COLUMNS)) {
            sheet.set_column_width(column, width)?;
        }
        sheet.set_row_height(0, 32)?;
        for (column, (&(vietnamese, _), name)) in (0_u16..).zip(HEADS.iter().zip(COLUMNS)) {
            sheet.write_string_with_format(0, column, format!("{vietnamese}\n{name}"), &self.looks.head)?;
        }
        (self.next, self.links) = (1, 0);
        Ok(())
    }

    /// Puts the filters on the last sheet, now that its rows are known.
    fn close_sheet(&mut self) -> Result<(), XlsxError> {
        let Some(last) = self.sheets.checked_sub(1) else { return Ok(()) };
        let sheet = self.workbook.worksheet_from_index(last)?;
        sheet.autofilter(0, 0, (self.next - 1).max(1), HEADS.len() as u16 - 1)?;
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, link: Option<&str>) -> Result<(), XlsxError> {
        if self.next >= self.max_rows {
            self.sheet()?;
        }
        let (at, looks) = (self.next, &self.looks);
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        let address = link.filter(|_| self.links < MAX_LINKS).and_then(address);
        match address {
            Some(address) => {
                let url = Url::new(address).set_text(fit(row.document));
                sheet.write_url_with_format(at, 0, url, &looks.link)?;
                self.links += 1;
            }
            None => {
                sheet.write_string_with_format(at, 0, fit(row.document), &looks.text)?;
            }
        }
        sheet.write_string_with_format(at, 1, fit(row.symbol), &looks.text)?;
        date(sheet, at, 2, row.date, Some(row.date), looks)?;
        for (column, text) in [(3, row.task), (4, &row.lead), (5, &row.coordinate)] {
            sheet.write_string_with_format(at, column, fit(text), &looks.text)?;
        }
        date(sheet, at, 6, &row.deadline, row.due, looks)?;
        sheet.write_string_with_format(at, 7, fit(&row.target), &looks.text)?;
        if let Some(page) = row.page {
            sheet.write_number_with_format(at, 8, page, &looks.number)?;
        }
        sheet.write_number_with_format(at, 9, hundredths(row.confidence), &looks.share)?;
        self.next += 1;
        Ok(())
    }
}

impl Output for Register {
    fn add(&mut self, item: &Item<'_>) -> Result<(), ExportError> {
        rows(item).try_for_each(|row| self.row(&row, item.link)).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.close_sheet().map_err(failed)?;
        // Written over the staged file, whose own handle then syncs it.
        self.workbook.save(self.staged.path()).map_err(failed)?;
        Ok(self.staged.commit()?)
    }
}

/// A link as the workbook's writer takes it: it leaves addresses alone in which it finds something escaped that it
/// would escape itself, and escapes all others. So letters beyond ASCII stand for themselves, and there is no link
/// where only a `#` or `?` is escaped, which it would escape twice.
fn address(link: &str) -> Option<String> {
    const ITS_OWN: [&str; 11] = ["%20", "%25", "%22", "%60", "%3C", "%3E", "%5B", "%5D", "%5E", "%7B", "%7D"];
    let mut bytes = Vec::with_capacity(link.len());
    let mut rest = link;
    while let Some(c) = rest.chars().next() {
        let escape = rest.get(..3).filter(|e| e.starts_with('%'));
        let value = escape.and_then(|e| u8::from_str_radix(&e[1..], 16).ok());
        match (escape, value) {
            (Some(escape), Some(value)) => {
                if ITS_OWN.contains(&escape) || matches!(value, b'#' | b'?') {
                    bytes.extend(escape.as_bytes());
                } else {
                    bytes.push(value);
                }
                rest = rest.get(3..).unwrap_or_default();
            }
            _ => {
                bytes.extend(c.to_string().as_bytes());
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    // A name of the file system that is no UTF-8 cannot stand in a workbook.
    let link = String::from_utf8(bytes).ok()?;
    let is_safe = !link.contains('%') || ITS_OWN.iter().any(|e| link.contains(e));
    let address = if link.starts_with("file:") { link } else { format!("file://{link}") };
    (is_safe && address.encode_utf16().count() <= MAX_LINK).then_some(address)
}

/// A day as a date that filters and sorts, all else as text. Excel knows no days before 1900.
fn date(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    date: Option<&str>,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let date = date.and_then(day).and_then(|(y, m, d)| ExcelDateTime::from_ymd(y, m, d).ok());
    match date {
        Some(date) => sheet.write_datetime_with_format(row, column, &date, &looks.day)?,
        None => sheet.write_string_with_format(row, column, fit(text), &looks.text)?,
    };
    Ok(())
}

/// A text as long as a cell takes; one that is longer ends in a word about it.
fn fit(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_CELL || text.encode_utf16().count() <= MAX_CELL {
        return Cow::Borrowed(text);
    }
    let mut room = MAX_CELL - CUT.encode_utf16().count();
    let kept = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    });
    Cow::Owned(kept.chain(CUT.chars()).collect())
}

fn failed(error: XlsxError) -> ExportError {
    match error {
        XlsxError::IoError(e) => ExportError::Write(e),
        other => ExportError::library(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn row(task: &str) -> Row<'_> {
        Row {
            document: "a.pdf",
            symbol: "15/QĐ-ABC",
            date: "2026-03-12",
            task,
            lead: "Sở Thư viện".into(),
            coordinate: String::new(),
            deadline: "2026-06-30".into(),
            due: Some("2026-06-30"),
            target: String::new(),
            page: Some(1),
            confidence: 0.9,
        }
    }

    fn part(file: &Path, name: &str) -> Option<String> {
        let mut archive = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
        let mut text = String::new();
        archive.by_name(name).ok()?.read_to_string(&mut text).unwrap();
        Some(text)
    }

    #[test]
    fn rows_that_do_not_fit_on_a_sheet_go_on_on_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("tasks.xlsx");
        let mut register = Register::begin(&Staging::default(), &target, dir.path()).unwrap();
        register.max_rows = 4;
        for task in ["một", "hai", "ba", "bốn", "năm"] {
            register.row(&row(task), Some("in/a.pdf")).unwrap();
        }
        Box::new(register).finish().unwrap();
        let sheets = [1, 2].map(|n| part(&target, &format!("xl/worksheets/sheet{n}.xml")).unwrap());
        assert!(sheets[0].contains(">ba<") && !sheets[0].contains(">bốn<"), "{}", sheets[0]);
        assert!(
            sheets[1].contains(">bốn<") && sheets[1].contains("autoFilter ref=\"A1:J3\""),
            "{}",
            sheets[1]
        );
        assert!(sheets[1].contains("state=\"frozen\""), "{}", sheets[1]);
    }

    #[test]
    fn links_are_escaped_once() {
        assert_eq!(address("../in/x.pdf").as_deref(), Some("file://../in/x.pdf"));
        assert_eq!(address("../k%E1%BA%BF%2C.pdf").as_deref(), Some("file://../kế,.pdf"));
        assert_eq!(address("a%20%23.pdf").as_deref(), Some("file://a%20%23.pdf"));
        assert_eq!(address("a%23.pdf"), None);
        assert_eq!(address("a%FF.pdf"), None);
    }

    #[test]
    fn a_text_too_long_for_a_cell_says_so() {
        let long = "ế".repeat(40_000);
        let cut = fit(&long);
        assert_eq!(cut.encode_utf16().count(), MAX_CELL);
        assert!(cut.ends_with(CUT));
        assert_eq!(fit("ngắn"), "ngắn");
    }
}
