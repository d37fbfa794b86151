//! The settings that there are: the flags of the commands.

use batch::MaxFailures;
use clap::{Arg, ArgAction, Command};
use std::any::TypeId;

/// Commands that take no settings.
const WITHOUT: [&str; 6] = ["account", "config", "completions", "man", "merge", "help"];

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Switch,
    /// A number, with a point or without.
    Number,
    /// A text.
    Text,
    /// A text or a number.
    NumberOrText,
    /// Texts.
    List,
}

/// A setting: a flag of a command.
#[derive(Debug, Clone)]
pub struct Key {
    /// The command; empty for what all commands take.
    pub section: String,
    /// The flag's long name.
    pub name: String,
    /// The flag's name inside the program.
    pub id: String,
    /// What it holds.
    pub kind: Kind,
    /// Its default; empty where it has none.
    pub default: Vec<String>,
    /// The variable of the environment that sets it, too.
    pub env: Option<String>,
    /// What stands for its value in the help.
    pub value: String,
    /// What it does, a sentence or two.
    pub help: String,
}

impl Key {
    /// The name with its section.
    pub fn path(&self) -> String {
        match self.section.as_str() {
            "" => self.name.clone(),
            section => format!("{section}.{}", self.name),
        }
    }
}

/// All settings, in the order of the help.
pub fn keys(command: &Command) -> Vec<Key> {
    let global = command.get_arguments().filter(|a| a.is_global_set());
    let mut all: Vec<Key> = global.filter_map(|a| key("", a)).collect();
    for sub in command.get_subcommands().filter(|c| !WITHOUT.contains(&c.get_name())) {
        all.extend(sub.get_arguments().filter(|a| !a.is_global_set()).filter_map(|a| key(sub.get_name(), a)));
    }
    all
}

fn key(section: &str, arg: &Arg) -> Option<Key> {
    let name = arg.get_long()?;
    // A file of settings that names another one helps nobody; opposites are for the command line.
    if arg.is_hide_set() || ["config", "help", "version"].contains(&name) {
        return None;
    }
    let is = |types: &[TypeId]| types.iter().any(|t| arg.get_value_parser().type_id() == *t);
    let kind = match arg.get_action() {
        ArgAction::SetTrue => Kind::Switch,
        ArgAction::Append => Kind::List,
        _ if arg.get_value_delimiter().is_some() => Kind::List,
        _ if is(&[
            TypeId::of::<u32>(),
            TypeId::of::<u64>(),
            TypeId::of::<usize>(),
            TypeId::of::<f32>(),
            TypeId::of::<f64>(),
        ]) =>
        {
            Kind::Number
        }
        _ if is(&[TypeId::of::<MaxFailures>()]) => Kind::NumberOrText,
        _ => Kind::Text,
    };
    let default = match kind {
        Kind::Switch => vec!["false".to_string()],
        _ => arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect(),
    };
    let value = arg.get_value_names().and_then(|n| n.first()).map(ToString::to_string).unwrap_or_default();
    Some(Key {
        section: section.to_string(),
        name: name.to_string(),
        id: arg.get_id().to_string(),
        kind,
        default,
        env: arg.get_env().map(|e| e.to_string_lossy().into_owned()),
        value,
        help: arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default(),
    })
}
