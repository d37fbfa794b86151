use crate::directive::Directive;
use crate::document::Document;
use crate::span::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Name and version of the JSON contract. A change of shape changes the number.
pub const RECORD_SCHEMA: &str = "vanthu.record/1";

/// All that is known of one input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// Always `vanthu.record/1`.
    pub schema: String,
    /// The input.
    pub source: Source,
    /// What worked on it.
    pub engine: Engine,
    /// What was read and repaired. Spans anywhere in the record are half-open offsets into `document.text`,
    /// counted in Unicode scalar values.
    pub document: Document,
    /// What it orders.
    pub directive: Directive,
    /// What a reader of the record should know: damage, doubts, gaps.
    pub diagnostics: Vec<Diagnostic>,
}

/// The input as it was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Path as given, relative to the folder that was ingested, with `/` between parts.
    pub path: String,
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Media type found by looking at the bytes, such as `application/pdf`.
    pub media_type: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Number of pages.
    pub pages: u32,
}

/// Versions of all that had a say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Engine {
    /// Version of vanthu.
    pub vanthu: String,
    /// Identity of the restorer's model.
    pub restorer_model: String,
    /// OCR engine and its version, where one ran.
    pub ocr: Option<String>,
}

/// A remark for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// Stable code in snake case, such as `label_skipped`.
    pub code: String,
    /// How grave.
    pub severity: Severity,
    /// For people.
    pub message: String,
    /// What it is about, where it is about a passage.
    pub span: Option<Span>,
    /// Page counted from 1, where it is about a page.
    pub page: Option<u32>,
}

/// How grave a remark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look at it before relying on it.
    Warning,
    /// Something is missing or wrong.
    Error,
}

/// The JSON Schema (draft 2020-12) of a [`Record`], pretty-printed, ending in a line end.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Record);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
