//! Other programs: how they are found, started and asked.

use crate::error::{Error, Result};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// This program.
///
/// # Errors
/// The system's.
pub fn this() -> Result<PathBuf> {
    std::env::current_exe().map_err(|source| Error::Start { program: "vanthu-bench".into(), source })
}

/// The program `vanthu` that was built with this one.
///
/// # Errors
/// Where it was not built.
pub fn vanthu_path() -> Result<PathBuf> {
    let path = this()?.with_file_name("vanthu");
    match path.is_file() {
        true => Ok(path),
        false => Err(Error::Missing(format!("{} is not there: run `make build`", path.display()))),
    }
}

/// Runs `vanthu` and waits. It reads with as many threads as it likes.
///
/// # Errors
/// Where it fails.
pub fn vanthu<A: AsRef<OsStr>>(arguments: &[A]) -> Result<Output> {
    let mut command = Command::new(vanthu_path()?);
    command.args(arguments).env_remove("RAYON_NUM_THREADS");
    output(&mut command)
}

/// Runs a command to its end, its output kept.
///
/// # Errors
/// Where it cannot be started, and where it fails: with the last line it said.
pub fn output(command: &mut Command) -> Result<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| Error::Start { program: program.clone(), source })?;
    if output.status.success() {
        return Ok(output);
    }
    let words: Vec<_> = command.get_args().take(2).map(OsStr::to_string_lossy).collect();
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("without a word").trim().to_owned();
    let name = Path::new(&program).file_name().unwrap_or_default().to_string_lossy().into_owned();
    Err(Error::Failed { program: format!("{name} {}", words.join(" ")).trim().to_owned(), said })
}

/// What a command prints, its first line; `None` where it cannot be had.
pub fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = output(Command::new(program).args(arguments)).ok()?;
    // Some tell their version on standard error.
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    String::from_utf8_lossy(&text).lines().next().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty())
}

/// What `git` says in `root`, its first line.
pub fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = output(Command::new("git").arg("-C").arg(root).args(arguments)).ok()?;
    String::from_utf8_lossy(&output.stdout).lines().next().map(|l| l.trim().to_owned())
}
