//! The file of settings, `vanthu.toml`: what is not given on the command line is taken from it.
//!
//! A setting is a flag: names, kinds, defaults and explanations are those of the flags, so that they cannot part.
//! What the file sets becomes the default of the flag; the environment and the command line go before it.

mod keys;
mod read;
mod write;

pub use keys::{Key, keys};
pub use read::{ConfigError, Entry};

use crate::exit::{Exit, line, say};
use crate::messages::msg;
use crate::output::print;
use clap::builder::{ArgPredicate, OsStr};
use clap::{Arg, ArgAction, Command};
use export::Staging;
use pipeline::{Failure, one_line};
use std::path::{Path, PathBuf};

/// The file that is taken where no other is given.
const FILE: &str = "vanthu.toml";

/// A file of settings and what it sets.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Its name for people; none where there is no file.
    pub name: Option<String>,
    /// Its text, for reading processes: the file may change while they work.
    pub text: String,
    /// What it sets.
    pub entries: Vec<Entry>,
}

impl Config {
    /// Reads the file that was given, or `./vanthu.toml` where there is one.
    ///
    /// # Errors
    /// A file that was given and cannot be read, and what does not belong into one.
    pub fn load(given: Option<&Path>, keys: &[Key], command: &Command) -> Result<Self, ConfigError> {
        let path = given.unwrap_or(Path::new(FILE));
        if given.is_none() && !path.is_file() {
            return Ok(Self::default());
        }
        let name = one_line(&path.to_string_lossy());
        let text = std::fs::read_to_string(path)
            .map_err(|e| ConfigError::Missing { file: name.clone(), reason: Failure::reading(&e).message })?;
        Self::parse(name, text, keys, command)
    }

    /// Settings from the text of a file called `name`.
    ///
    /// # Errors
    /// What does not belong into one.
    pub fn parse(name: String, text: String, keys: &[Key], command: &Command) -> Result<Self, ConfigError> {
        let entries = read::entries(&name, &text, keys, command)?;
        Ok(Self { name: Some(name), text, entries })
    }

    /// Makes what the file sets the defaults of the flags.
    pub fn apply(&self, keys: &[Key], mut command: Command) -> Command {
        for entry in &self.entries {
            let Some(key) = keys.get(entry.key) else { continue };
            let values: Vec<OsStr> = entry.values.iter().map(|v| v.clone().into()).collect();
            // All arguments are passed through, since one that is changed by itself would move to the end of the help.
            let set = |arg: Arg| match arg.get_id() == key.id.as_str() {
                true => arg.required(false).default_values(values.clone()),
                false => arg,
            };
            command = match key.section.as_str() {
                "" => command.mut_args(set),
                section => command.mut_subcommand(section, |c| c.mut_args(set)),
            };
        }
        command
    }
}

/// Gives each switch a hidden opposite, `--no-NAME`, which takes back what the file sets.
pub fn with_opposites(mut command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_string()).collect();
    for name in names {
        command = command.mut_subcommand(name, |sub| {
            let mut opposites = Vec::new();
            let sub = sub.mut_args(|arg| {
                let Some(long) = arg.get_long().filter(|_| matches!(arg.get_action(), ArgAction::SetTrue))
                else {
                    return arg;
                };
                let opposite = format!("no-{long}");
                opposites.push(
                    Arg::new(opposite.clone()).long(opposite.clone()).hide(true).action(ArgAction::SetTrue),
                );
                arg.default_value_if(opposite, ArgPredicate::IsPresent, "false")
            });
            sub.args(opposites)
        });
    }
    command
}

/// `vanthu config init`.
pub fn init(given: Option<&Path>, force: bool, keys: &[Key]) -> Exit {
    let path: PathBuf = given.unwrap_or(Path::new(FILE)).into();
    let file = one_line(&path.to_string_lossy());
    if path.exists() && !force {
        say(&msg!("config_exists", file = file));
        return Exit::Usage;
    }
    let text = write::defaults(keys);
    match Staging::default().write(&path, |to| to.write_all(text.as_bytes())) {
        Ok(()) => {
            line(&msg!("config_written", file = file));
            Exit::Done
        }
        Err(e) => {
            line(&crate::exit::failure_line(&path, &Failure::writing(&e)));
            Exit::SomeFailed
        }
    }
}

/// `vanthu config show`.
pub fn show(config: &Config, keys: &[Key]) -> Exit {
    print(write::in_force(config, keys, &|name| std::env::var(name).ok()).as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Args;
    use clap::CommandFactory;

    fn parsed(text: &str, args: &[&str]) -> Result<Vec<String>, String> {
        let command = with_opposites(Args::command());
        let keys = keys(&command);
        let config =
            Config::parse("v.toml".into(), text.into(), &keys, &command).map_err(|e| e.to_string())?;
        let matches = config.apply(&keys, command).try_get_matches_from(args).map_err(|e| e.to_string())?;
        let (_, sub) = matches.subcommand().unwrap();
        Ok(vec![
            sub.get_one::<usize>("jobs").unwrap().to_string(),
            sub.get_flag("pretty").to_string(),
            sub.get_one::<PathBuf>("out").unwrap().display().to_string(),
        ])
    }

    #[test]
    fn flags_go_before_the_file_and_the_file_before_defaults() {
        let text =
            "lang = \"vi\"\n[ingest]\njobs = 3\npretty = true\nout = \"o\"\nformat = [\"csv\", \"md\"]\n";
        assert_eq!(parsed(text, &["vanthu", "ingest", "x"]).unwrap(), ["3", "true", "o"]);
        let args = ["vanthu", "ingest", "x", "--jobs", "5", "--no-pretty", "--out", "p"];
        assert_eq!(parsed(text, &args).unwrap(), ["5", "false", "p"]);
        assert_eq!(parsed("", &["vanthu", "ingest", "x", "--out", "p"]).unwrap(), ["0", "false", "p"]);
    }

    #[test]
    fn what_does_not_belong_there_is_one_line_with_file_line_and_key() {
        for (text, wanted) in [
            ("[ingest]\nspeed = 3\n", "v.toml:2: ingest.speed: no such setting"),
            ("[harvest]\n", "v.toml:1: harvest: no such setting"),
            ("\n[ingest]\njobs = \"many\"\n", "v.toml:3: ingest.jobs: wrong type: a number"),
            ("[ingest]\npretty = 1\n", "v.toml:2: ingest.pretty: wrong type: true or false"),
            ("[ingest]\nout = 1\n", "v.toml:2: ingest.out: wrong type: a text"),
            ("[ingest]\nformat = [\"odt\"]\n", "v.toml:2: ingest.format: "),
            ("[ingest]\nthreshold = 2.0\n", "v.toml:2: ingest.threshold: give a number from 0 to 1"),
            ("[ingest]\nattempts = 0\n", "v.toml:2: ingest.attempts: "),
            ("ingest = 3\n", "v.toml:1: ingest: wrong type"),
            ("[ingest\n", "v.toml:1: "),
            ("[ingest]\njobs = 1\njobs = 2\n", "v.toml:3: "),
        ] {
            let error = parsed(text, &["vanthu", "ingest", "x"]).unwrap_err();
            assert!(error.starts_with(wanted), "{text}: {error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }

    #[test]
    fn what_init_writes_reads_back_as_the_defaults() {
        let mut command = with_opposites(Args::command());
        command.build();
        let keys = keys(&command);
        assert!(keys.len() > 40, "{}", keys.len());
        let text = write::defaults(&keys);
        let entries =
            read::entries("v.toml", &text, &keys, &command).unwrap_or_else(|e| panic!("{e}\n{text}"));
        for (i, key) in keys.iter().enumerate() {
            let set = entries.iter().find(|e| e.key == i);
            assert_eq!(set.map_or(&[][..], |e| &e.values), key.default, "{}", key.path());
        }
        // Those without a default stand there, too, and can be set by taking away the #.
        let all = text.lines().map(|l| l.strip_prefix("#").filter(|l| l.contains(" = ")).unwrap_or(l));
        let all: String = all.map(|l| format!("{l}\n")).collect();
        for key in &keys {
            assert!(all.lines().any(|l| l.starts_with(&format!("{} = ", key.name))), "{}", key.path());
        }
    }

    #[test]
    fn show_tells_where_each_comes_from_and_keeps_passwords() {
        let command = with_opposites(Args::command());
        let keys = keys(&command);
        let text = "[ingest]\njobs = 3\n[extract]\npassword = \"secret\"\n";
        let config = Config::parse("v.toml".into(), text.into(), &keys, &command).unwrap();
        let shown = write::in_force(&config, &keys, &|name| (name == "VANTHU_LOG").then(|| "info".into()));
        assert!(shown.contains("jobs = 3  # v.toml:2"), "{shown}");
        assert!(shown.contains("log-level = \"info\"  # VANTHU_LOG"), "{shown}");
        assert!(shown.contains("time = 120  # default"), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}
