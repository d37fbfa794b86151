//! The report for reviewers.

use crate::error::ExportError;
use crate::item::Item;
use crate::source::{Picture, Source};
use crate::words;
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Write;
use vanthu_model::{Change, ChangeKind, Directive, Page, Record, Role, Severity, Span, Word};

/// Resolution of the pages shown: small print can be read, and a page takes some hundred kilobytes.
const DPI: f32 = 110.0;
/// Quality of their JPEG coding.
const QUALITY: u8 = 60;
/// A word of which we are less sure than this is marked as doubtful; of recognised words these are about two in a hundred.
const DOUBT: f32 = 0.8;

#[derive(Template)]
#[template(path = "head.html")]
struct Head<'a> {
    title: &'a str,
    subject: &'a str,
    facts: Vec<(&'static str, String)>,
    counts: Counts,
    tasks: Vec<TaskRow>,
    remarks: Vec<Remark<'a>>,
    missing: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Sheet<'a> {
    number: u32,
    picture: Option<String>,
    width: f32,
    height: f32,
    boxes: Vec<Frame>,
    blocks: Vec<Vec<Vec<Piece<'a>>>>,
}

#[derive(Template)]
#[template(path = "foot.html")]
struct Foot<'a> {
    version: &'a str,
    model: &'a str,
    ocr: Option<&'a str>,
    sha256: &'a str,
}

#[derive(Default)]
struct Counts {
    words: usize,
    changed: usize,
    doubtful: usize,
    digits: usize,
}

struct TaskRow {
    number: usize,
    text: String,
    lead: String,
    coordinate: String,
    deadline: String,
    target: String,
    page: String,
    confidence: String,
}

struct Remark<'a> {
    class: &'static str,
    message: &'a str,
    page: Option<u32>,
}

/// The place of a marked word on the picture, in points.
struct Frame {
    id: usize,
    class: &'static str,
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

/// A word with what is to be told of it.
struct Piece<'a> {
    /// Number of the task that begins here.
    begins: Option<usize>,
    /// Whether the word is part of a task.
    task: bool,
    /// How the word is marked, if it is.
    mark: Option<Mark>,
    text: &'a str,
}

struct Mark {
    id: usize,
    class: &'static str,
    told: String,
}

/// Writes the report of a record: one HTML file with all in it. Each page is put in as a picture beside its text, as
/// far as `source` shows it; nothing that was read becomes markup.
///
/// # Errors
/// Those of `to`, and [`ExportError::Source`] for the first page that could not be shown; the report is whole but for
/// such pictures.
pub fn write_html(
    mut to: &mut dyn Write,
    item: &Item<'_>,
    source: Result<&dyn Source, &str>,
) -> Result<(), ExportError> {
    let record = item.record;
    let marks = Marks::new(record);
    let has_pages = record.document.pages.iter().any(|p| p.width.is_some());
    head(item, &marks, source.err().filter(|_| has_pages)).write_into(&mut to)?;
    to.write_all(b"\n")?;
    let mut id = 0;
    let mut failed = source.err().filter(|_| has_pages).map(str::to_owned);
    for (index, page) in record.document.pages.iter().enumerate() {
        let picture = source.ok().filter(|_| page.width.is_some()).and_then(|source| {
            let shown = source.picture(index, DPI).and_then(|p| data_address(p.turned(page.turned)));
            shown.map_err(|e| failed.get_or_insert(format!("page {}: {e}", page.number)).clone()).ok()
        });
        sheet(page, picture, &marks, &mut id).write_into(&mut to)?;
        to.write_all(b"\n")?;
    }
    let engine = &record.engine;
    let foot = Foot {
        version: &engine.vanthu,
        model: &engine.restorer_model,
        ocr: engine.ocr.as_deref(),
        sha256: &record.source.sha256,
    };
    foot.write_into(&mut to)?;
    to.write_all(b"\n")?;
    match failed {
        Some(reason) => Err(ExportError::Source(reason)),
        None => Ok(()),
    }
}

fn head<'a>(item: &Item<'a>, marks: &Marks<'_>, missing: Option<&'a str>) -> Head<'a> {
    let record = item.record;
    let m = &record.directive.metadata;
    let facts = [
        ("Số, ký hiệu", m.symbol.clone()),
        ("Loại", m.kind.clone()),
        ("Ngày", m.date.clone()),
        ("Cơ quan ban hành", m.issuer.clone()),
        ("Người ký", m.signer.clone()),
        ("Tệp", Some(record.source.path.clone())),
        ("Số trang", Some(record.source.pages.to_string())),
    ];
    let mut counts = Counts::default();
    for word in record.document.words() {
        counts.words += 1;
        match marks.class(word) {
            Some("digits") => counts.digits += 1,
            Some("doubtful") => counts.doubtful += 1,
            Some(_) => counts.changed += 1,
            None => {}
        }
    }
    let told = record.diagnostics.iter().chain(&record.directive.diagnostics);
    Head {
        title: item.title(),
        subject: m.subject.as_deref().unwrap_or_else(|| item.name()),
        facts: facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
        counts,
        tasks: tasks(&record.directive),
        remarks: told
            .map(|d| Remark {
                class: match d.severity {
                    Severity::Info => "info",
                    Severity::Warning => "warning",
                    Severity::Error => "error",
                },
                message: &d.message,
                page: d.page,
            })
            .collect(),
        missing,
    }
}

fn tasks(directive: &Directive) -> Vec<TaskRow> {
    let row = |(i, task): (usize, &vanthu_model::Task)| TaskRow {
        number: i + 1,
        text: task.text.clone(),
        lead: words::units(task, Role::Lead),
        coordinate: words::units(task, Role::Coordinate),
        deadline: words::deadlines(task),
        target: words::targets(task, directive),
        page: task.evidence.pages.first().map(ToString::to_string).unwrap_or_default(),
        confidence: format!("{:.2}", task.evidence.confidence),
    };
    directive.tasks.iter().enumerate().map(row).collect()
}

fn sheet<'a>(page: &'a Page, picture: Option<String>, marks: &Marks<'a>, id: &mut usize) -> Sheet<'a> {
    let mut boxes = Vec::new();
    let mut piece = |word: &'a Word| {
        let mark = marks.class(word).map(|class| {
            *id += 1;
            if let Some(b) = word.bbox {
                boxes.push(Frame {
                    id: *id,
                    class,
                    x: b.x0 - 1.0,
                    y: b.y0 - 1.0,
                    width: b.x1 - b.x0 + 2.0,
                    height: b.y1 - b.y0 + 2.0,
                });
            }
            Mark { id: *id, class, told: marks.told(word) }
        });
        Piece { begins: marks.begins(word), task: marks.in_task(word), mark, text: &word.text }
    };
    let blocks = page
        .blocks
        .iter()
        .map(|b| b.lines.iter().map(|l| l.words.iter().map(&mut piece).collect()).collect())
        .collect();
    Sheet {
        number: page.number,
        picture,
        width: page.width.unwrap_or(1.0),
        height: page.height.unwrap_or(1.0),
        boxes,
        blocks,
    }
}

/// What is known of passages, in order, so that a word finds its own by bisection.
struct Marks<'a> {
    changes: Vec<&'a Change>,
    /// Passages of tasks with the task's number.
    tasks: Vec<(Span, usize)>,
    /// First characters of tasks with the task's number.
    begins: Vec<(usize, usize)>,
}

impl<'a> Marks<'a> {
    fn new(record: &'a Record) -> Self {
        let mut changes: Vec<&Change> = record.document.changes.iter().collect();
        changes.sort_by_key(|c| c.span.start);
        let numbered = || record.directive.tasks.iter().zip(1..);
        let mut tasks: Vec<(Span, usize)> =
            numbered().flat_map(|(t, n)| t.evidence.spans.iter().map(move |s| (*s, n))).collect();
        tasks.sort_by_key(|(s, _)| s.start);
        let mut begins: Vec<(usize, usize)> =
            numbered().filter_map(|(t, n)| Some((t.evidence.spans.first()?.start, n))).collect();
        begins.sort_unstable();
        Self { changes, tasks, begins }
    }

    fn change(&self, word: &Word) -> Option<&'a Change> {
        let after = self.changes.partition_point(|c| c.span.start < word.span.end);
        self.changes.get(after.checked_sub(1)?).copied().filter(|c| c.span.overlaps(&word.span))
    }

    /// How a word is marked: changed digits are to be looked at first, then what is in doubt.
    fn class(&self, word: &Word) -> Option<&'static str> {
        let change = self.change(word);
        if change.is_some_and(|c| c.kind == ChangeKind::Digits) {
            Some("digits")
        } else if word.confidence < DOUBT {
            Some("doubtful")
        } else {
            (change.is_some() || word.raw != word.text).then_some("changed")
        }
    }

    fn told(&self, word: &Word) -> String {
        let sure = format!("{:.0} %", word.confidence * 100.0);
        match self.change(word) {
            Some(change) => format!("đọc được: {} · {} · {sure}", change.raw, change.cause),
            None if word.raw != word.text => format!("đọc được: {} · {sure}", word.raw),
            None => sure,
        }
    }

    fn in_task(&self, word: &Word) -> bool {
        let after = self.tasks.partition_point(|(s, _)| s.start < word.span.end);
        // Passages of tasks hardly overlap: the last few that begin before the word tell.
        self.tasks
            .get(after.saturating_sub(4)..after)
            .is_some_and(|near| near.iter().any(|(s, _)| s.overlaps(&word.span)))
    }

    fn begins(&self, word: &Word) -> Option<usize> {
        let from = self.begins.partition_point(|(at, _)| *at < word.span.start);
        self.begins.get(from).filter(|(at, _)| *at < word.span.end.max(word.span.start + 1)).map(|(_, n)| *n)
    }
}

/// A picture, made smaller where it is finer than is shown, as an address that holds its bytes.
fn data_address(picture: Picture) -> Result<String, String> {
    let bytes = picture.jpeg(DPI, QUALITY)?;
    Ok(format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes)))
}
