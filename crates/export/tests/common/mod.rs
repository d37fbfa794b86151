//! A record of an agency that does not exist, and what the tests share.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use export::{Picture, Source};
use std::fs;
use std::path::{Path, PathBuf};
use vanthu_model::*;

/// Page of a line, kind of its block where one begins, text, and repaired words with what was read.
type Print = (u32, Option<BlockKind>, &'static str, &'static [(&'static str, &'static str)]);

/// Two pages, read by OCR.
const LINES: [Print; 10] = [
    (1, Some(BlockKind::HeadLeft), "SỞ THƯ VIỆN", &[]),
    (1, None, "Số: 47/KH-STV", &[("47/KH-STV", "4T/KH-STV")]),
    (1, Some(BlockKind::HeadRight), "Sông Mây, ngày 12 tháng 3 năm 2026", &[]),
    (1, Some(BlockKind::Text), "KẾ HOẠCH", &[]),
    (1, None, "Cải tạo hệ thống phòng đọc", &[("thống", "thông")]),
    (1, Some(BlockKind::Text), "I. NHIỆM VỤ", &[]),
    (1, None, "1. Phòng Kho sách rà soát các phòng đọc, đạt ít", &[("rà", "rả")]),
    (1, None, "nhất 95% trước ngày 30/6/2026.", &[]),
    (
        2,
        Some(BlockKind::Text),
        "- Phòng Bạn đọc phối hợp thực hiện <ngay> & luôn.",
        &[("phối hợp", "phốihợp")],
    ),
    (2, Some(BlockKind::Furniture), "2", &[]),
];

/// A page measures so many points.
pub const PAGE: (f32, f32) = (420.0, 300.0);

fn document() -> Document {
    let mut document = Document::default();
    let mut y = 20.0;
    for (number, kind, text, repairs) in LINES {
        if document.pages.len() < number as usize {
            y = 20.0;
            document.pages.push(Page {
                number,
                width: Some(PAGE.0),
                height: Some(PAGE.1),
                verdict: Verdict::Empty,
                origin: Origin::Ocr,
                ..Page::default()
            });
        }
        let page = document.pages.last_mut().unwrap();
        if let Some(kind) = kind {
            y += 8.0;
            page.blocks.push(Block { kind, ..Block::default() });
        }
        let words = words(text, repairs, y);
        let bbox = words.iter().filter_map(|w| w.bbox).reduce(BBox::union);
        let block = page.blocks.last_mut().unwrap();
        block.bbox = [block.bbox, bbox].into_iter().flatten().reduce(BBox::union);
        block.lines.push(Line { span: Span::default(), bbox, words });
        y += 16.0;
    }
    document.rebuild();
    let words: Vec<Word> = document.words().filter(|w| w.raw != w.text).cloned().collect();
    document.changes = words
        .into_iter()
        .map(|w| Change {
            span: w.span,
            kind: if w.text.contains('/') { ChangeKind::Digits } else { ChangeKind::Marks },
            raw: w.raw,
            text: w.text,
            cause: "model".into(),
            confidence: w.confidence,
        })
        .collect();
    document
}

/// The words of a line, seven points a letter; "phối hợp" is one word that was read as one.
fn words(text: &str, repairs: &[(&str, &str)], y: f32) -> Vec<Word> {
    let mut words = Vec::new();
    let mut x = 30.0;
    let held = text.replace("phối hợp", "phối\u{a0}hợp");
    for piece in held.split(' ') {
        let piece = piece.replace('\u{a0}', " ");
        let raw = repairs.iter().find(|(made, _)| *made == piece).map(|(_, raw)| *raw);
        let width = piece.chars().count() as f32 * 7.0;
        let bbox = BBox { x0: x, y0: y, x1: x + width, y1: y + 11.0 };
        words.push(Word {
            raw: raw.unwrap_or(&piece).to_string(),
            confidence: if raw.is_some() {
                0.91
            } else if piece == "ngay" {
                0.5
            } else {
                0.98
            },
            text: piece,
            span: Span::default(),
            bbox: Some(bbox),
            origin: Origin::Ocr,
            ..Word::default()
        });
        x += width + 5.0;
    }
    words
}

fn evidence(document: &Document, text: &str, confidence: f32) -> Evidence {
    let at = document.text.find(text).unwrap_or_else(|| panic!("{text} is not in the text"));
    let span = CharIndex::new(&document.text).span(at, at + text.len());
    Evidence { pages: document.pages_of(span), spans: vec![span], rule: "test".into(), confidence }
}

fn unit(document: &Document, name: &str, role: Role) -> TaskUnit {
    TaskUnit {
        name: name.into(),
        role,
        unit_id: name.to_lowercase(),
        origin: UnitOrigin::Sentence,
        evidence: evidence(document, name, 0.9),
    }
}

/// The record.
pub fn record() -> Record {
    let document = document();
    let of = |text: &str| evidence(&document, text, 0.9);
    let first = "Phòng Kho sách rà soát các phòng đọc, đạt ít\nnhất 95% trước ngày 30/6/2026.";
    let second = "Phòng Bạn đọc phối hợp thực hiện <ngay> & luôn.";
    let deadline = Deadline {
        text: "trước ngày 30/6/2026".into(),
        kind: DeadlineKind::Date,
        date: Some("2026-06-30".into()),
        start: None,
        end: None,
        rrule: None,
        inclusive: Some(false),
        inferred_year: false,
        evidence: of("trước ngày 30/6/2026"),
    };
    let tasks = vec![
        Task {
            id: "t-1".into(),
            text: first.replace('\n', " "),
            section: "main/I".into(),
            units: vec![unit(&document, "Phòng Kho sách", Role::Lead)],
            deadlines: vec![deadline],
            targets: vec![0],
            products: Vec::new(),
            evidence: evidence(&document, first, 0.93),
        },
        Task {
            id: "t-2".into(),
            text: second.into(),
            section: "main/I".into(),
            units: vec![unit(&document, "Phòng Bạn đọc", Role::Coordinate)],
            deadlines: Vec::new(),
            targets: Vec::new(),
            products: Vec::new(),
            evidence: evidence(&document, second, 0.8),
        },
    ];
    let target = Target {
        text: "đạt ít\nnhất 95%".into(),
        indicator: "phòng đọc".into(),
        direction: Direction::Reach,
        comparator: Comparator::AtLeast,
        value: 95.0,
        value_high: None,
        unit: Some("%".into()),
        baseline: None,
        by: Some("2026-06-30".into()),
        evidence: of("nhất 95%"),
    };
    let directive = Directive {
        metadata: Metadata {
            kind: Some("KH".into()),
            number: Some("Số: 47/KH-STV".into()),
            symbol: Some("47/KH-STV".into()),
            issuer: Some("SỞ THƯ VIỆN".into()),
            place: Some("Sông Mây".into()),
            date: Some("2026-03-12".into()),
            subject: Some("Cải tạo hệ thống phòng đọc".into()),
            addressees: vec!["Các phòng".into(), "Thư viện xã".into()],
            ..Metadata::default()
        },
        outline: vec![OutlineNode {
            id: "main/I".into(),
            parent: None,
            level: 1,
            label: "I".into(),
            label_raw: "I".into(),
            title: "NHIỆM VỤ".into(),
            role: SectionRole::Task,
            evidence: of("I. NHIỆM VỤ"),
        }],
        tasks,
        targets: vec![target],
        references: vec![Reference {
            kind: "QĐ".into(),
            symbol: Some("3/QĐ-STV".into()),
            name: None,
            date: Some("2025-01".into()),
            issuer: None,
            relation: Relation::Basis,
            articles: vec!["Điều 2".into()],
            evidence: Evidence { confidence: 0.7, ..Evidence::default() },
        }],
        ..Directive::default()
    };
    Record {
        schema: RECORD_SCHEMA.into(),
        source: Source_ {
            path: "năm 2026/kế hoạch.png".into(),
            sha256: "ab".repeat(32),
            media_type: "image/png".into(),
            bytes: 1234,
            pages: 2,
        },
        engine: Engine {
            vanthu: "0.1.0".into(),
            restorer_model: "model-1".into(),
            ocr: Some("reader 1".into()),
        },
        document,
        directive,
        diagnostics: vec![Diagnostic {
            code: "page_without_text".into(),
            severity: Severity::Warning,
            message: "a <remark>".into(),
            span: None,
            page: Some(2),
        }],
    }
}

use vanthu_model::Source as Source_;

/// Pages of a few pixels, grey with a black corner.
pub struct Pages;

impl Source for Pages {
    fn bytes(&self) -> &[u8] {
        b"no file"
    }

    fn password(&self) -> Option<&str> {
        None
    }

    fn picture(&self, index: usize, _dpi: f32) -> Result<Picture, String> {
        let (width, height) = (42, 30);
        let mut pixels = vec![if index == 0 { 255 } else { 200 }; (width * height) as usize];
        pixels[0] = 0;
        Ok(Picture { width, height, dpi: 7.2, colour: false, pixels })
    }
}

/// Holds `made` against the file in `tests/golden`; `UPDATE_GOLDEN=1` writes the file anew.
pub fn golden(name: &str, made: &[u8]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, made).unwrap();
    }
    let wanted = fs::read(&path).unwrap_or_default();
    let (wanted, made) = (String::from_utf8_lossy(&wanted), String::from_utf8_lossy(made));
    let slip = wanted.lines().zip(made.lines()).find(|(a, b)| a != b);
    assert!(wanted == made, "{name} differs, first in {slip:#?}; UPDATE_GOLDEN=1 writes it anew");
}

/// Writes the record's own file.
pub fn write_record(record: &Record, file: &Path) {
    fs::write(file, serde_json::to_vec_pretty(record).unwrap()).unwrap();
}
