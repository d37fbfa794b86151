use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why an input failed. The codes are stable: they stand in `summary.json` and in documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The file holds no bytes, or no pages.
    Empty,
    /// The content is of no format that is read, or not of the format its name says.
    Unsupported,
    /// The format is known but the bytes are broken beyond reading.
    Damaged,
    /// A password is needed.
    Encrypted,
    /// A named limit was exceeded (pixels, pages, bytes).
    TooLarge,
    /// Pages were read and none gave text.
    NoText,
    /// The operating system refused: rights, a vanished file, a full disk.
    Io,
    /// A time limit was exceeded.
    Timeout,
    /// A memory limit was exceeded.
    Memory,
    /// The worker died.
    Crash,
    /// A component of the installation is missing (language data, model file).
    MissingComponent,
}

impl Cause {
    /// All of them, in the order of their documentation.
    pub const ALL: [Cause; 11] = [
        Cause::Empty,
        Cause::Unsupported,
        Cause::Damaged,
        Cause::Encrypted,
        Cause::TooLarge,
        Cause::NoText,
        Cause::Io,
        Cause::Timeout,
        Cause::Memory,
        Cause::Crash,
        Cause::MissingComponent,
    ];

    /// The stable code, as it stands in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Cause::Empty => "empty",
            Cause::Unsupported => "unsupported",
            Cause::Damaged => "damaged",
            Cause::Encrypted => "encrypted",
            Cause::TooLarge => "too_large",
            Cause::NoText => "no_text",
            Cause::Io => "io",
            Cause::Timeout => "timeout",
            Cause::Memory => "memory",
            Cause::Crash => "crash",
            Cause::MissingComponent => "missing_component",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_holds_each_cause_once_under_its_code() {
        let codes: std::collections::BTreeSet<&str> = Cause::ALL.iter().map(|c| c.code()).collect();
        assert_eq!(codes.len(), Cause::ALL.len());
        // The schema is made from the cases themselves.
        let schema = serde_json::to_string(&schemars::schema_for!(Cause)).unwrap();
        assert_eq!(schema.matches("\"const\"").count(), Cause::ALL.len(), "{schema}");
        assert!(codes.iter().all(|code| schema.contains(&format!("\"{code}\""))));
    }
}
