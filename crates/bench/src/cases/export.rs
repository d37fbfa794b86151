//! Outputs, each format by itself: those of all records from ten records on, those of one document from one page on.

use super::{Case, GROWING, Pace, Work};
use crate::error::{Error, Result};
use crate::inputs::Inputs;
use crate::results::Clock;
use export::{BatchOutputs, Format, Item, Layout, Picture, Source, Staging, write_document, write_json};
use extractor::Sheets;
use pipeline::{Pipeline, Record};
use std::path::{Path, PathBuf};

/// Records at the smallest size.
const RECORDS: usize = 10;

const BASE: Case = Case {
    name: "",
    what: "",
    unit: "records",
    clock: Clock::Processor,
    scales: GROWING,
    pace: Pace::Warm,
    hot: false,
    prepare: |inputs, scale| of_all(inputs, scale, Format::Jsonl),
};

const A_DOCUMENT: Case =
    Case { unit: "pages", prepare: |inputs, scale| of_one(inputs, scale, Format::Alto), ..BASE };

/// A case for each format.
pub static CASES: [Case; 12] = [
    Case {
        name: "export.json",
        what: "the record of a document",
        prepare: |inputs, scale| {
            let (record, _) = document(inputs, scale)?;
            Ok(Work::new(f64::from(scale), move || {
                let mut out = Vec::new();
                write_json(&mut out, &record, Layout::Compact).map_err(Error::stage)?;
                Ok(out.len() as u64)
            }))
        },
        ..A_DOCUMENT
    },
    Case { name: "export.jsonl", what: "all records, a line each", ..BASE },
    Case {
        name: "export.jsonl.zst",
        what: "the same, compressed",
        prepare: |inputs, scale| of_all(inputs, scale, Format::JsonlZst),
        ..BASE
    },
    Case {
        name: "export.xlsx",
        what: "task register as a workbook",
        prepare: |inputs, scale| of_all(inputs, scale, Format::Xlsx),
        ..BASE
    },
    Case {
        name: "export.csv",
        what: "task register",
        prepare: |inputs, scale| of_all(inputs, scale, Format::Csv),
        ..BASE
    },
    Case {
        name: "export.parquet",
        what: "tables of documents, tasks, targets, references",
        prepare: |inputs, scale| of_all(inputs, scale, Format::Parquet),
        ..BASE
    },
    Case {
        name: "export.catalogue",
        what: "descriptive fields as CSV",
        prepare: |inputs, scale| of_all(inputs, scale, Format::Catalogue),
        ..BASE
    },
    Case { name: "export.alto", what: "ALTO XML", ..A_DOCUMENT },
    Case {
        name: "export.hocr",
        what: "hOCR",
        prepare: |inputs, scale| of_one(inputs, scale, Format::Hocr),
        ..A_DOCUMENT
    },
    Case {
        name: "export.pdf",
        what: "searchable PDF",
        prepare: |inputs, scale| of_one(inputs, scale, Format::Pdf),
        ..A_DOCUMENT
    },
    Case {
        name: "export.html",
        what: "report with pictures of the pages",
        pace: Pace::Slow,
        prepare: |inputs, scale| of_one(inputs, scale, Format::Html),
        ..A_DOCUMENT
    },
    Case {
        name: "export.md",
        what: "Markdown",
        prepare: |inputs, scale| of_one(inputs, scale, Format::Md),
        ..A_DOCUMENT
    },
];

/// A folder for outputs, in memory where the system has such a place: the disk is not what is measured.
fn folder() -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.map_err(Error::stage)
}

/// Bytes of the files in a folder.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|e| e.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len()).sum()
}

/// Records of `files`, each read by all stages when it is first asked for in a run. Another build that has other fields
/// reads the files itself.
fn records(inputs: &Inputs, name: &str, files: &[PathBuf]) -> Result<Vec<Record>> {
    let read = || {
        let pipeline = Pipeline::new(pipeline::Options::default()).map_err(Error::stage)?;
        let record = |path: &PathBuf| {
            let bytes = std::fs::read(path).map_err(Error::io(path))?;
            pipeline
                .run(&path.file_name().unwrap_or_default().to_string_lossy(), &bytes)
                .map_err(Error::stage)
        };
        files.iter().map(record).collect::<Result<Vec<Record>>>()
    };
    let path = inputs.kept(name, || serde_json::to_vec(&read()?).map_err(Error::stage))?;
    let kept = std::fs::read(&path).map_err(Error::io(&path))?;
    serde_json::from_slice(&kept).or_else(|_| read())
}

/// Ten records for each step of the scale: those of `fixtures/pdf` again and again.
fn of_all(inputs: &Inputs, scale: u32, format: Format) -> Result<Work> {
    let sources: Vec<PathBuf> = inputs.files("fixtures/pdf")?.into_iter().take(RECORDS).collect();
    let records = records(inputs, "records.json", &sources)?;
    let count = RECORDS * scale as usize;
    let folder = folder()?;
    let files: Vec<(PathBuf, String)> = (0..records.len())
        .map(|i| {
            let path = folder.path().join(format!("{i}.json"));
            let name = format!("{i}.json");
            (path, name)
        })
        .collect();
    for (record, (path, _)) in records.iter().zip(&files) {
        let mut out = std::fs::File::create(path).map_err(Error::io(path))?;
        write_json(&mut out, record, Layout::Compact).map_err(Error::stage)?;
    }
    let made = self::folder()?;
    Ok(Work::new(count as f64, move || {
        let _keep = &folder;
        let failed = |(format, e): (Format, export::ExportError)| Error::Stage(format!("{format}: {e}"));
        let staging = Staging::default();
        let mut outputs =
            BatchOutputs::begin(made.path(), made.path(), &[format], &staging).map_err(failed)?;
        for (record, (file, output)) in records.iter().zip(&files).cycle().take(count) {
            outputs.add(&Item { record, file, output, link: None }).map_err(failed)?;
        }
        outputs.finish().map_err(failed)?;
        Ok(size(made.path()))
    }))
}

/// The record of a document of `pages` pages, and the document.
fn document(inputs: &Inputs, pages: u32) -> Result<(Record, Vec<u8>)> {
    let path = inputs.pdf(pages as usize)?;
    let bytes = std::fs::read(&path).map_err(Error::io(&path))?;
    let record = records(inputs, &format!("record-{pages}.json"), &[path])?.pop();
    Ok((record.ok_or_else(|| Error::Stage("no record".into()))?, bytes))
}

fn of_one(inputs: &Inputs, pages: u32, format: Format) -> Result<Work> {
    let (record, bytes) = document(inputs, pages)?;
    let folder = folder()?;
    Ok(Work::new(f64::from(pages), move || {
        let item = Item {
            record: &record,
            file: Path::new("document.pdf.json"),
            output: "document.pdf.json",
            link: None,
        };
        let base = folder.path().join("document");
        let mut open = || {
            Sheets::open(bytes.clone(), "document.pdf", extractor::Options::default())
                .map(|sheets| Box::new(Pages(sheets)) as Box<dyn Source>)
                .map_err(|e| e.to_string())
        };
        match write_document(&item, &base, &[format], &Staging::default(), &mut open).into_iter().next() {
            Some((format, e)) => Err(Error::Stage(format!("{format}: {e}"))),
            None => Ok(size(folder.path())),
        }
    }))
}

/// A document opened to show its pages.
struct Pages(Sheets);

impl Source for Pages {
    fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    fn password(&self) -> Option<&str> {
        None
    }

    fn picture(&self, index: usize, dpi: f32) -> std::result::Result<Picture, String> {
        let extractor::Sheet { width, height, dpi, colour, pixels } =
            self.0.page(index, dpi).map_err(|e| e.to_string())?;
        Ok(Picture { width, height, dpi, colour, pixels })
    }
}
