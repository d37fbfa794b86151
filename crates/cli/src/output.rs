use crate::exit::{Exit, say};
use crate::messages::msg;
use std::io::{self, ErrorKind, Write};

/// Writes data to standard output.
///
/// # Errors
/// The exit code, after a message. A reader that has seen enough (`vanthu schema | head`) is no error.
pub fn print(data: &[u8]) -> Result<(), Exit> {
    let mut out = io::stdout().lock();
    match out.write_all(data).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            say(&msg!("output_failed", reason = e));
            Err(Exit::SomeFailed)
        }
        _ => Ok(()),
    }
}
