use crate::messages;
use pipeline::{Cause, Failure, one_line};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// How the program ends; listed in the README and in docs/errors.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All that was asked is done.
    Done = 0,
    /// The command is not one that can be carried out.
    Usage = 1,
    /// Some inputs failed, the rest is written.
    SomeFailed = 2,
    /// A component of the installation is missing.
    MissingComponent = 3,
    /// Stopped by a signal.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

impl From<Cause> for Exit {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::MissingComponent => Exit::MissingComponent,
            _ => Exit::SomeFailed,
        }
    }
}

impl From<Result<(), Exit>> for Exit {
    fn from(result: Result<(), Exit>) -> Self {
        result.err().unwrap_or(Exit::Done)
    }
}

/// The one line that tells of a failed input.
pub fn failure_line(path: &Path, failure: &Failure) -> String {
    let (path, what) = (one_line(&path.to_string_lossy()), messages::failure(failure));
    format!("vanthu: {path}: {}: {what}", failure.cause)
}

/// Prints the line of a failed input and gives the exit code of its cause.
pub fn fail(path: &Path, failure: &Failure) -> Exit {
    line(&failure_line(path, failure));
    failure.cause.into()
}

/// Prints `vanthu: text` on standard error.
pub fn say(text: &str) {
    line(&format!("vanthu: {text}"));
}

/// Prints a line on standard error, whose closing is no reason to stop.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A panic is reported as the failure of its input, in one line; its own lines are for developers, who ask for
/// them with `VANTHU_BACKTRACE`. (`RUST_BACKTRACE` is set in many places where nobody asked this program.)
pub fn silence_panics() {
    if std::env::var_os("VANTHU_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
}
