use std::fmt;
use std::str::FromStr;

/// What records can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A JSON file a document: the record itself.
    Json,
    /// All records, a line each.
    Jsonl,
    /// All records, a line each, compressed with zstd.
    JsonlZst,
    /// The task register as a workbook.
    Xlsx,
    /// The task register as CSV.
    Csv,
    /// Tables of documents, tasks, targets and references.
    Parquet,
    /// The descriptive fields of digitised records as CSV.
    Catalogue,
    /// ALTO XML, a file a document.
    Alto,
    /// hOCR, a file a document.
    Hocr,
    /// Searchable PDF, a file a document.
    Pdf,
    /// HTML report, a file a document.
    Html,
    /// Markdown, a file a document.
    Md,
}

impl Format {
    /// All of them, in the order in which they are made.
    pub const ALL: [Format; 12] = [
        Format::Json,
        Format::Jsonl,
        Format::JsonlZst,
        Format::Xlsx,
        Format::Csv,
        Format::Parquet,
        Format::Catalogue,
        Format::Alto,
        Format::Hocr,
        Format::Pdf,
        Format::Html,
        Format::Md,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::JsonlZst => "jsonl.zst",
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
            Format::Parquet => "parquet",
            Format::Catalogue => "catalogue",
            Format::Alto => "alto",
            Format::Hocr => "hocr",
            Format::Pdf => "pdf",
            Format::Html => "html",
            Format::Md => "md",
        }
    }

    /// The ending of the file that stands beside a record's own; none for what is made of all records together, and for
    /// the record itself. No ending is the end of another, so that two records never share a file.
    pub fn ending(self) -> Option<&'static str> {
        match self {
            Format::Alto => Some(".alto.xml"),
            Format::Hocr => Some(".hocr"),
            Format::Pdf => Some(".pdf"),
            Format::Html => Some(".html"),
            Format::Md => Some(".md"),
            _ => None,
        }
    }

    /// The files in the root of the output folder that are made of all records together.
    pub fn files(self) -> &'static [&'static str] {
        match self {
            Format::Jsonl => &["records.jsonl"],
            Format::JsonlZst => &["records.jsonl.zst"],
            Format::Xlsx => &["tasks.xlsx"],
            Format::Csv => &["tasks.csv"],
            Format::Parquet => {
                &["documents.parquet", "tasks.parquet", "targets.parquet", "references.parquet"]
            }
            Format::Catalogue => &["catalogue.csv"],
            _ => &[],
        }
    }

    /// Whether pictures of the pages are shown in it.
    pub fn needs_source(self) -> bool {
        matches!(self, Format::Pdf | Format::Html)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Format::ALL.into_iter().find(|f| f.name() == text).ok_or_else(|| {
            let names: Vec<&str> = Format::ALL.into_iter().map(Format::name).collect();
            format!("there are {}", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_formats() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        assert!("docx".parse::<Format>().is_err());
    }

    #[test]
    fn outputs_of_two_records_never_share_a_file() {
        let endings: Vec<&str> =
            Format::ALL.into_iter().filter_map(Format::ending).chain([".json"]).collect();
        for a in &endings {
            assert_eq!(endings.iter().filter(|b| b.ends_with(a)).count(), 1, "{a}");
        }
    }
}
