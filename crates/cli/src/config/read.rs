//! A file of settings into values for flags.

use super::keys::{Key, Kind};
use crate::messages::msg;
use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use std::fmt;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A setting of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which, by its place among the keys.
    pub key: usize,
    /// Its value; several in a list.
    pub values: Vec<String>,
    /// The line that it stands in, from 1.
    pub line: usize,
}

/// What is wrong with a file of settings. Prints as one line in the language of the user.
#[derive(Debug)]
pub enum ConfigError {
    /// The file that was given cannot be read.
    Missing { file: String, reason: String },
    /// It is no TOML.
    Syntax { file: String, line: usize, reason: String },
    /// There is no such setting.
    Unknown { file: String, line: usize, key: String },
    /// A value is of the wrong type; the key of what is wanted.
    Type { file: String, line: usize, key: String, wanted: &'static str },
    /// A value is none that the flag takes.
    Value { file: String, line: usize, key: String, reason: String },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Missing { file, reason } => {
                msg!("config_missing", file = file, reason = crate::messages::said(reason))
            }
            Self::Syntax { file, line, reason } => {
                msg!("config_syntax", file = file, line = line, reason = reason)
            }
            Self::Unknown { file, line, key } => msg!("config_unknown", file = file, line = line, key = key),
            Self::Type { file, line, key, wanted } => {
                msg!("config_type", file = file, line = line, key = key, wanted = msg!(wanted))
            }
            Self::Value { file, line, key, reason } => {
                msg!("config_value", file = file, line = line, key = key, reason = reason)
            }
        })
    }
}

/// What a file sets.
///
/// # Errors
/// The first thing in it that does not belong there.
pub fn entries(file: &str, text: &str, keys: &[Key], command: &Command) -> Result<Vec<Entry>, ConfigError> {
    let reader = Reader { file, text, keys, command };
    let table = DeTable::parse(text).map_err(|e| ConfigError::Syntax {
        file: file.to_string(),
        line: reader.line(e.span().unwrap_or(0..0)),
        reason: pipeline::one_line(e.message()),
    })?;
    let mut all = Vec::new();
    for (name, value) in table.get_ref() {
        let line = reader.line(name.span());
        let section = name.get_ref().as_ref();
        let is_section = keys.iter().any(|k| !k.section.is_empty() && k.section == section);
        match value.get_ref() {
            DeValue::Table(settings) if is_section => {
                for (name, value) in settings {
                    let line = reader.line(name.span());
                    all.push(reader.entry(section, name.get_ref(), value.get_ref(), line)?);
                }
            }
            _ if is_section => {
                return Err(reader.wrong_type(line, section.to_string(), "type_section"));
            }
            value => all.push(reader.entry("", section, value, line)?),
        }
    }
    all.sort_by_key(|e| e.line);
    Ok(all)
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    keys: &'a [Key],
    command: &'a Command,
}

impl Reader<'_> {
    /// The line of a place in the text, from 1.
    fn line(&self, span: Range<usize>) -> usize {
        1 + self.text.bytes().take(span.start).filter(|b| *b == b'\n').count()
    }

    fn wrong_type(&self, line: usize, key: String, wanted: &'static str) -> ConfigError {
        ConfigError::Type { file: self.file.to_string(), line, key, wanted }
    }

    fn entry(
        &self,
        section: &str,
        name: &str,
        value: &DeValue<'_>,
        line: usize,
    ) -> Result<Entry, ConfigError> {
        let found = self.keys.iter().enumerate().find(|(_, k)| k.section == section && k.name == name);
        let Some((place, key)) = found else {
            let key = if section.is_empty() { name.to_string() } else { format!("{section}.{name}") };
            return Err(ConfigError::Unknown { file: self.file.to_string(), line, key });
        };
        let path = key.path();
        let values = values(key.kind, value).ok_or_else(|| {
            let wanted = match key.kind {
                Kind::Switch => "type_switch",
                Kind::Number => "type_number",
                Kind::Text => "type_text",
                Kind::NumberOrText => "type_number_or_text",
                Kind::List => "type_list",
            };
            self.wrong_type(line, path.clone(), wanted)
        })?;
        self.check(key, &values).map_err(|reason| ConfigError::Value {
            file: self.file.to_string(),
            line,
            key: path,
            reason,
        })?;
        Ok(Entry { key: place, values, line })
    }

    /// Has the flag itself look at the values.
    fn check(&self, key: &Key, values: &[String]) -> Result<(), String> {
        if key.kind == Kind::Switch {
            return Ok(());
        }
        let holder = match key.section.as_str() {
            "" => Some(self.command),
            section => self.command.find_subcommand(section),
        };
        let Some(arg) = holder.and_then(|c| c.get_arguments().find(|a| a.get_id().as_str() == key.id)) else {
            return Ok(());
        };
        let mut alone = Command::new("settings").no_binary_name(true).arg(arg.clone().required(false));
        let args = values.iter().map(|v| format!("--{}={v}", key.name));
        alone.try_get_matches_from_mut(args).map(|_| ()).map_err(|e| reason(&e))
    }
}

/// Why a flag refuses a value, in half a line.
fn reason(error: &clap::Error) -> String {
    let valid = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(all)) if error.kind() == ErrorKind::InvalidValue => all.join(", "),
        _ => String::new(),
    };
    match error.source() {
        Some(source) => pipeline::one_line(&source.to_string()),
        None if !valid.is_empty() => valid,
        None => {
            pipeline::one_line(error.to_string().lines().next().unwrap_or("").trim_start_matches("error: "))
        }
    }
}

/// A value as a flag takes it; none where it is of another kind.
fn values(kind: Kind, value: &DeValue<'_>) -> Option<Vec<String>> {
    let one = match (kind, value) {
        (Kind::Switch, DeValue::Boolean(b)) => b.to_string(),
        (Kind::Number | Kind::NumberOrText, DeValue::Integer(i)) => {
            i64::from_str_radix(i.as_str(), i.radix()).ok()?.to_string()
        }
        (Kind::Number, DeValue::Float(f)) => f.as_str().to_string(),
        (Kind::Text | Kind::NumberOrText | Kind::List, DeValue::String(s)) => s.to_string(),
        (Kind::List, DeValue::Array(all)) => {
            let text = |v: &DeValue<'_>| if let DeValue::String(s) = v { Some(s.to_string()) } else { None };
            return all.iter().map(|v| text(v.get_ref())).collect();
        }
        _ => return None,
    };
    Some(vec![one])
}
