//! The program `vanthu`: flags, messages, progress and exit codes around the libraries.

mod account;
mod args;
mod config;
mod convert;
mod destination;
mod doctor;
mod eval;
mod exit;
mod exporting;
mod extract;
mod ingest;
mod learn;
mod link;
mod logs;
mod merge;
mod messages;
mod output;
mod outputs;
mod progress;
mod restored;
mod review_args;
mod serve;
mod sheets;
mod shell;
mod signals;
mod status;
mod table;
mod tasks;
mod text;

use args::{Args, Command, ConfigCommand};
use clap::{CommandFactory, FromArgMatches};
use config::{Config, Key};
use exit::{Exit, say};
use messages::{Language, msg};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    single_thread_ocr();
    exit::silence_panics();
    let exit = std::panic::catch_unwind(start).unwrap_or_else(|_| {
        say(&msg!("panic"));
        Exit::SomeFailed
    });
    exit.into()
}

/// Everything that flags and the file of settings say.
struct Setting {
    args: Args,
    config: Config,
    keys: Vec<Key>,
}

fn start() -> Exit {
    let setting = match setting() {
        Ok(setting) => setting,
        Err(exit) => return exit,
    };
    let common = &setting.args.common;
    messages::speak(common.lang.unwrap_or_else(Language::of_environment));
    if let Err(e) = logs::start(common) {
        let file = common.log_file.as_deref().map(|f| f.to_string_lossy()).unwrap_or_default();
        say(&msg!("log_file", file = pipeline::one_line(&file), reason = e));
        return Exit::Usage;
    }
    run(&setting)
}

/// Puts command line, environment, file of settings and defaults together.
fn setting() -> Result<Setting, Exit> {
    let command = config::with_opposites(Args::command());
    // The command line is read twice: once for where the settings are, then with these.
    let early = command.clone().ignore_errors(true).try_get_matches().ok();
    let given = |id: &str| {
        early
            .as_ref()
            .map(|m| m.subcommand().map_or(m, |(_, sub)| sub))
            .filter(|m| m.try_contains_id(id).is_ok_and(|c| c))
            .cloned()
    };
    let path = given("config").and_then(|m| m.get_one::<PathBuf>("config").cloned());
    if let Some(language) = given("lang").and_then(|m| m.get_one::<Language>("lang").copied()) {
        messages::speak(language);
    }
    let keys = config::keys(&command);
    let writes = matches!(early.as_ref().and_then(|m| m.subcommand()), Some(("config", sub)) if sub.subcommand_name() == Some("init"));
    let config = match ingest::handed_settings() {
        Some((name, text)) => Config::parse(name, text, &keys, &command),
        // What is there is about to be written anew.
        None if writes => Ok(Config::default()),
        None => Config::load(path.as_deref(), &keys, &command),
    };
    let config = config.map_err(|e| {
        say(&e.to_string());
        Exit::Usage
    })?;
    let parsed = config.apply(&keys, command).try_get_matches();
    match parsed.and_then(|m| Args::from_arg_matches(&m)) {
        Ok(args) => Ok(Setting { args, config, keys }),
        Err(e) => {
            // A closed terminal is no reason to fail over the help text.
            let _ = e.print();
            Err(if e.use_stderr() { Exit::Usage } else { Exit::Done })
        }
    }
}

fn run(setting: &Setting) -> Exit {
    let common = &setting.args.common;
    match &setting.args.command {
        Command::Ingest(args) if ingest::is_reading_process() => ingest::serve(args),
        Command::Ingest(args) => ingest::run(args, common, &setting.config),
        Command::Status(args) => status::run(args),
        Command::Retry(args) => status::retry(args),
        Command::Export(args) => exporting::run(args),
        Command::Extract(args) => extract::run(args),
        Command::Serve(args) if ingest::is_reading_process() => serve::read(args),
        Command::Serve(args) => serve::run(args, &setting.config),
        Command::Account(args) => account::run(args),
        Command::Learn(args) => learn::run(args),
        Command::Restore(args) => text::restore(args),
        Command::Convert(args) => convert::run(args),
        Command::Parse(args) => text::parse(args),
        Command::Tasks(args) => tasks::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Merge(args) => merge::run(args),
        Command::Config(args) => match &args.what {
            ConfigCommand::Init { force } => config::init(common.config.as_deref(), *force, &setting.keys),
            ConfigCommand::Show => config::show(&setting.config, &setting.keys),
        },
        Command::Completions(args) => shell::completions(args, Args::command()),
        Command::Man(args) => shell::man(args, Args::command()),
        Command::Doctor(args) => doctor::run(args),
        Command::Schema => output::print(vanthu_model::json_schema().as_bytes()).into(),
    }
}

/// Keeps Tesseract to one thread a page, unless the user has set a limit: its OpenMP threads cost six times the processor
/// time of one. The library is loaded later and reads the variable then.
fn single_thread_ocr() {
    if std::env::var_os("OMP_THREAD_LIMIT").is_none() {
        // SAFETY: called first thing, while there is no other thread that could read the environment.
        unsafe { std::env::set_var("OMP_THREAD_LIMIT", "1") };
    }
}
