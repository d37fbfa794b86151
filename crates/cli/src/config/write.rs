//! Settings as a file.

use super::Config;
use super::keys::{Key, Kind};
use std::fmt::Write;

/// A file with all settings at their defaults, each with what it does; those without a default are commented out.
pub fn defaults(keys: &[Key]) -> String {
    let mut text = String::from(
        "# Settings of vanthu. Each is the flag of the same name; what is given on the command line goes before what\n\
         # stands here, and a switch that is true here is taken back with --no-NAME. `vanthu config show` prints what\n\
         # is in force. Passwords are better kept in the variable VANTHU_PASSWORD.\n",
    );
    let mut section = "";
    for key in keys {
        if key.section != section {
            section = &key.section;
            // Writing into a String cannot fail.
            let _ = write!(text, "\n\n[{section}]\n");
        }
        text.push('\n');
        for line in key.help.lines() {
            text.push_str(format!("# {line}").trim_end());
            text.push('\n');
        }
        let _ = match key.default.as_slice() {
            [] => writeln!(text, "#{} = {}", key.name, example(key)),
            values => writeln!(text, "{} = {}", key.name, value(key.kind, values)),
        };
    }
    text
}

/// The settings in force, each with where it comes from.
pub fn in_force(config: &Config, keys: &[Key], env: &dyn Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut section = "";
    for (i, key) in keys.iter().enumerate() {
        if key.section != section {
            section = &key.section;
            let _ = write!(text, "\n[{section}]\n");
        }
        let variable = key.env.as_deref().and_then(|name| Some((name, env(name)?)));
        let entry = config.entries.iter().rfind(|e| e.key == i);
        let (values, from) = match (variable, entry) {
            (Some((name, set)), _) => (vec![set], name.to_string()),
            (None, Some(e)) => {
                (e.values.clone(), format!("{}:{}", config.name.as_deref().unwrap_or(""), e.line))
            }
            (None, None) => (key.default.clone(), "default".to_string()),
        };
        let _ = match values.as_slice() {
            [] => writeln!(text, "#{} = {}  # not set", key.name, example(key)),
            _ if key.name == "password" => writeln!(text, "{} = \"***\"  # {from}", key.name),
            values => writeln!(text, "{} = {}  # {from}", key.name, value(key.kind, values)),
        };
    }
    text
}

/// What may stand where there is no default.
fn example(key: &Key) -> String {
    match key.kind {
        Kind::Switch => "true".to_string(),
        Kind::Number => "1".to_string(),
        Kind::List => format!("[{}]", quoted(key.value.split(',').next().unwrap_or(""))),
        Kind::Text | Kind::NumberOrText => quoted(&key.value),
    }
}

fn value(kind: Kind, values: &[String]) -> String {
    let first = values.first().map(String::as_str).unwrap_or("");
    match kind {
        Kind::List => format!("[{}]", values.iter().map(|v| quoted(v)).collect::<Vec<_>>().join(", ")),
        Kind::Switch | Kind::Number => first.to_string(),
        Kind::NumberOrText if first.parse::<u64>().is_ok() => first.to_string(),
        Kind::NumberOrText | Kind::Text => quoted(first),
    }
}

/// A text as a basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
