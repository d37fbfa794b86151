//! Lines of the log of a reading process, on their way to the program that it reads for.

use crate::child::say;
use crate::protocol::{LogLine, Reply};

/// Hands a line to the program that this process reads for, which logs it with the file that it belongs to.
pub fn hand_log(level: &str, target: &str, text: &str) {
    // Where the other end is gone, nobody reads it.
    let _ = say(&Reply::Log(LogLine { level: level.into(), target: target.into(), text: text.into() }));
}

/// Logs what a reading process said about `file`.
pub(crate) fn relay(line: &LogLine, file: &str) {
    let LogLine { level, target: from, text } = line;
    match level.as_str() {
        "ERROR" => tracing::error!(target: "vanthu::reader", file, from, "{text}"),
        "WARN" => tracing::warn!(target: "vanthu::reader", file, from, "{text}"),
        "INFO" => tracing::info!(target: "vanthu::reader", file, from, "{text}"),
        "DEBUG" => tracing::debug!(target: "vanthu::reader", file, from, "{text}"),
        _ => tracing::trace!(target: "vanthu::reader", file, from, "{text}"),
    }
}
