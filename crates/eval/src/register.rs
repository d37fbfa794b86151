//! Directives as annotations and outputs write them in JSON: the fields that scores read, any of which may lack.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use vanthu_model::Directive;

/// Why a file is no annotation or output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnnotationError {
    /// No JSON, or not of this shape.
    #[error("is no JSON of this form ({0})")]
    Json(String),
    /// A field that every annotation has is not there.
    #[error("is no annotation: {0} is missing")]
    Missing(String),
}

/// What a directive says, in the fields that are scored.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Register {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) metadata: Map<String, Value>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) outline: Vec<Heading>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) tasks: Vec<TaskEntry>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) targets: Vec<TargetEntry>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) references: Vec<ReferenceEntry>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(crate) struct Heading {
    pub level: Option<u32>,
    pub label: Option<String>,
    pub title: Option<String>,
    pub confidence: Option<f32>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(crate) struct TaskEntry {
    pub text: Option<String>,
    pub section: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub units: Vec<UnitEntry>,
    #[serde(default, deserialize_with = "or_default")]
    pub deadlines: Vec<DeadlineEntry>,
    #[serde(default, deserialize_with = "or_default")]
    pub targets: Vec<usize>,
    pub confidence: Option<f32>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(crate) struct UnitEntry {
    pub name: Option<String>,
    pub role: Option<String>,
    pub confidence: Option<f32>,
}

impl UnitEntry {
    /// Whether the reference scores it: those who get a report are not counted.
    pub fn is_scored(&self) -> bool {
        matches!(self.role.as_deref(), Some("lead" | "coordinate"))
    }
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(crate) struct DeadlineEntry {
    pub text: Option<String>,
    pub kind: Option<String>,
    pub date: Option<String>,
    pub start: Option<String>,
    pub end: Option<String>,
    pub rrule: Option<String>,
    pub confidence: Option<f32>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(crate) struct TargetEntry {
    pub text: Option<String>,
    pub indicator: Option<String>,
    pub direction: Option<String>,
    pub comparator: Option<String>,
    pub value: Option<f64>,
    pub value_high: Option<f64>,
    pub unit: Option<String>,
    pub baseline: Option<String>,
    pub by: Option<String>,
    pub confidence: Option<f32>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(crate) struct ReferenceEntry {
    pub kind: Option<String>,
    pub symbol: Option<String>,
    pub name: Option<String>,
    pub date: Option<String>,
    pub issuer: Option<String>,
    pub confidence: Option<f32>,
}

/// A value, or the default one where JSON has null.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

impl Register {
    /// Reads an annotation, in which every field of the guide must be there.
    ///
    /// # Errors
    /// [`AnnotationError`] with the first slip.
    pub fn annotation(json: &str) -> Result<Self, AnnotationError> {
        let value: Value = serde_json::from_str(json).map_err(|e| AnnotationError::Json(e.to_string()))?;
        let missing = |what: &str| AnnotationError::Missing(what.to_owned());
        for field in ["metadata", "outline", "tasks", "targets", "references"] {
            if value.get(field).is_none_or(Value::is_null) {
                return Err(missing(field));
            }
        }
        let register: Self =
            serde_json::from_value(value).map_err(|e| AnnotationError::Json(e.to_string()))?;
        for (i, task) in register.tasks.iter().enumerate() {
            if task.text.is_none() {
                return Err(missing(&format!("text of task {}", i + 1)));
            }
            if task.units.iter().any(|u| u.name.is_none() || u.role.is_none()) {
                return Err(missing(&format!("name or role of a unit of task {}", i + 1)));
            }
        }
        if register.outline.iter().any(|h| h.label.is_none() || h.title.is_none()) {
            return Err(missing("label or title of a heading"));
        }
        Ok(register)
    }

    /// Reads an output: a record, whose directive is taken, or a directive.
    ///
    /// # Errors
    /// [`AnnotationError::Json`].
    pub fn output(json: &str) -> Result<Self, AnnotationError> {
        let slip = |e: serde_json::Error| AnnotationError::Json(e.to_string());
        let mut value: Value = serde_json::from_str(json).map_err(slip)?;
        if let Some(directive) = value.get_mut("directive") {
            value = directive.take();
        }
        serde_json::from_value(value).map_err(slip)
    }
}

impl From<&Directive> for Register {
    fn from(directive: &Directive) -> Self {
        // The JSON of a directive is the contract that scores read; a directive has no values that JSON lacks.
        serde_json::to_value(directive).and_then(serde_json::from_value).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = r#"{"metadata": {}, "outline": [], "tasks": [], "targets": [], "references": []}"#;

    #[test]
    fn annotations_are_whole_and_outputs_may_lack_fields() {
        assert!(Register::annotation(LEAST).is_ok());
        assert_eq!(Register::output("{}").unwrap(), Register::default());
        assert_eq!(Register::output(r#"{"directive": {"tasks": null}}"#).unwrap(), Register::default());
        let slip = |json: &str| Register::annotation(json).unwrap_err().to_string();
        assert_eq!(slip("{}"), "is no annotation: metadata is missing");
        let task = LEAST.replace(r#""tasks": []"#, r#""tasks": [{"text": "x", "units": [{"name": "y"}]}]"#);
        assert!(slip(&task).ends_with("name or role of a unit of task 1 is missing"));
        assert!(slip("{").contains("no JSON"));
    }
}
