//! Accuracy, by the program's own command for it.

use crate::error::{Error, Result};
use crate::tools;
use std::process::{Command, Stdio};

/// What `vanthu eval --format json` prints.
///
/// # Errors
/// Where the program has no such command, or it fails.
pub fn accuracy() -> Result<serde_json::Value> {
    let vanthu = tools::vanthu_path()?;
    let mut asked = Command::new(&vanthu);
    let known =
        asked.args(["eval", "--help"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if !known.status().is_ok_and(|s| s.success()) {
        return Err(Error::Missing("accuracy: this vanthu has no command `eval`".into()));
    }
    let output = tools::vanthu(&["eval", "--format", "json"])?;
    serde_json::from_slice(&output.stdout).map_err(Error::stage)
}
