//! The program `vanthu`: flags, messages, progress and exit codes around the libraries.

mod args;
mod convert;
mod doctor;
mod exit;
mod exporting;
mod extract;
mod ingest;
mod link;
mod output;
mod outputs;
mod progress;
mod restored;
mod sheets;
mod signals;
mod status;
mod table;
mod tasks;
mod text;

use args::{Args, Command};
use clap::Parser;
use exit::Exit;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(e) => {
            // A closed terminal is no reason to fail over the help text.
            let _ = e.print();
            return if e.use_stderr() { Exit::Usage } else { Exit::Done }.into();
        }
    };
    exit::silence_panics();
    let exit = std::panic::catch_unwind(|| run(&args.command)).unwrap_or_else(|_| {
        exit::say("crash: an error inside vanthu ended it; report it with the command that you gave");
        Exit::SomeFailed
    });
    exit.into()
}

fn run(command: &Command) -> Exit {
    match command {
        Command::Ingest(args) if ingest::is_reading_process() => ingest::serve(args),
        Command::Ingest(args) => ingest::run(args),
        Command::Status(args) => status::run(args),
        Command::Retry(args) => status::retry(args),
        Command::Export(args) => exporting::run(args),
        Command::Extract(args) => {
            single_thread_ocr();
            extract::run(args)
        }
        Command::Restore(args) => text::restore(args),
        Command::Convert(args) => convert::run(args),
        Command::Parse(args) => text::parse(args),
        Command::Tasks(args) => tasks::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::Schema => output::print(vanthu_model::json_schema().as_bytes()).into(),
    }
}

/// Starts the program anew with `OMP_THREAD_LIMIT=1` unless the variable is set already.
///
/// Tesseract's OpenMP threads cost six times the processor time of one thread, and the
/// library reads the variable before `main` begins, so that setting it here would come too late.
#[cfg(unix)]
fn single_thread_ocr() {
    use std::os::unix::process::CommandExt;
    // A value that the user has set stays, which also keeps this from going on for ever.
    if std::env::var_os("OMP_THREAD_LIMIT").is_some() || !extractor::needs_single_thread_env() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    // Returns only when the program cannot be started anew; it then works all the same, slower.
    let _ = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env("OMP_THREAD_LIMIT", "1")
        .exec();
}

#[cfg(not(unix))]
fn single_thread_ocr() {}
