use std::io;
use vanthu_model::Cause;

/// Why an input gave no record. Prints as one line, "what is wrong; what to do".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}; {remedy}")]
pub struct Failure {
    /// The stable code.
    pub cause: Cause,
    /// What is wrong, one line without a full stop.
    pub message: String,
    /// What to do about it, one line without a full stop.
    pub remedy: String,
}

impl Failure {
    /// A failure; line ends and control characters in the texts become blanks.
    pub fn new(cause: Cause, message: impl AsRef<str>, remedy: impl AsRef<str>) -> Self {
        Self { cause, message: one_line(message.as_ref()), remedy: one_line(remedy.as_ref()) }
    }

    /// A failure told earlier, from its cause and the line that it printed as.
    pub fn from_line(cause: Cause, line: &str) -> Self {
        let (message, remedy) = line.rsplit_once("; ").unwrap_or((line, "see docs/errors.md"));
        Self::new(cause, message, remedy)
    }

    /// The operating system's refusal to read an input.
    pub fn reading(error: &io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::PermissionDenied => "give yourself the right to read it",
            io::ErrorKind::NotFound => "check the path; it may have been moved meanwhile",
            _ => "check the disk or the network drive it lies on",
        };
        Self::new(Cause::Io, format!("cannot be read ({})", reason(error)), remedy)
    }

    /// The operating system's refusal to write an output.
    pub fn writing(error: &io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::PermissionDenied => "give yourself the right to write into the output folder",
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space and run again",
            io::ErrorKind::FileTooLarge => "raise the limit on file sizes (ulimit -f) and run again",
            _ => "check the output folder and run again",
        };
        Self::new(Cause::Io, format!("its output cannot be written ({})", reason(error)), remedy)
    }
}

/// The text of an operating system error without Rust's "(os error N)".
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let cut = text.find(" (os error").unwrap_or(text.len());
    text.get(..cut).unwrap_or(&text).to_lowercase()
}

/// `text` with every run of white space and control characters folded to one blank, so that a message
/// or a file name from outside cannot break a line or move the cursor.
pub fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_stay_on_one_line_whatever_they_quote() {
        let f = Failure::new(Cause::Damaged, "cut\nshort\u{1b}[2J", "scan\r\nagain");
        assert_eq!(f.to_string(), "cut short [2J; scan again");
    }

    #[test]
    fn refusals_of_the_system_name_their_reason() {
        let f = Failure::writing(&io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(f.cause, Cause::Io);
        assert!(f.to_string().contains("free some space"), "{f}");
        let f = Failure::reading(&io::Error::from_raw_os_error(13));
        assert_eq!(f.message, "cannot be read (permission denied)");
    }
}
