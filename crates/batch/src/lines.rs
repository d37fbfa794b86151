use crate::files;
use crate::ledger::{Ledger, LedgerError};
use crate::shelf::Shelf;
use export::{Staged, Staging, copy_compact};
use pipeline::Failure;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Write};

/// How many inputs are looked at in one go.
const BATCH: usize = 256;

/// Where the lines go.
pub enum Target {
    /// To `records.jsonl` in the output folder.
    File,
    /// To a stream. The records' own files are then removed: their folder is a passing one.
    Stream(Box<dyn Write>),
}

/// Puts the records, a line each, in the order of the inputs, as soon as their turn has come.
///
/// The lines are copied from the records' files, so that no record is held.
pub(crate) struct Lines {
    shelf: Shelf,
    staging: Staging,
    /// Place of the first input whose line has not been written.
    next: i64,
    to: To,
}

enum To {
    File(BufWriter<Staged>),
    Stream(Box<dyn Write>),
    /// The file is written anew at the end: records that have their lines were made anew, or the disk was full and the
    /// file was given up to make room for the records.
    Later(Option<io::Error>),
}

/// Why lines cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    /// The reader of the stream has gone.
    #[error("standard output was closed by its reader")]
    ReaderGone,
    /// The stream cannot be written.
    #[error("standard output cannot be written ({0})")]
    Stream(#[source] io::Error),
    /// The file cannot be written.
    #[error("records.jsonl: {}", Failure::writing(.0))]
    File(#[source] io::Error),
    /// What is to be written cannot be told.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Lines {
    /// Lines of the records on `shelf`.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn new(shelf: Shelf, target: Target, staging: Staging) -> io::Result<Self> {
        let to = match target {
            Target::File => To::File(BufWriter::new(staging.begin(&shelf.folder().join(files::RECORDS))?)),
            Target::Stream(stream) => To::Stream(stream),
        };
        Ok(Self { shelf, staging, next: 0, to })
    }

    /// Writes the lines whose turn has come.
    ///
    /// # Errors
    /// When the stream takes nothing more, and the ledger's.
    pub(crate) fn advance(&mut self, ledger: &Ledger) -> Result<(), LinesError> {
        loop {
            let ended = ledger.ended(self.next, BATCH)?;
            // What only the store has is fetched at the end, when nothing waits for it.
            if ended
                .iter()
                .filter_map(|input| input.output.as_ref())
                .any(|output| !self.shelf.is_here(output))
            {
                self.outdated();
            }
            for input in &ended {
                if let Some(output) = &input.output {
                    self.write(output)?;
                }
                self.next = input.position + 1;
            }
            if ended.len() < BATCH {
                return Ok(());
            }
        }
    }

    /// Lines of the records on `shelf` from place `from` on, behind those that its file holds. Where it has none, all of them.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn further(shelf: Shelf, from: i64, staging: Staging) -> io::Result<Self> {
        let mut lines = Self::new(shelf, Target::File, staging)?;
        if let (To::File(to), Ok(mut before)) =
            (&mut lines.to, File::open(lines.shelf.folder().join(files::RECORDS)))
        {
            io::copy(&mut before, to)?;
            lines.next = from;
        }
        Ok(lines)
    }

    /// Says that a record whose line may have been written is made anew; its line comes again where lines go to a
    /// stream.
    pub(crate) fn outdated(&mut self) {
        if matches!(self.to, To::File(_)) {
            self.to = To::Later(None);
        }
    }

    fn write(&mut self, output: &str) -> Result<(), LinesError> {
        let from = || Ok::<_, io::Error>(BufReader::with_capacity(1 << 16, self.shelf.record(output)?));
        match &mut self.to {
            To::Later(_) => Ok(()),
            To::File(to) => {
                if let Err(e) = from().and_then(|from| copy_compact(from, to)) {
                    // Dropping the file frees its room for the records themselves.
                    self.to = To::Later(Some(e));
                }
                Ok(())
            }
            To::Stream(to) => {
                from()
                    .and_then(|from| copy_compact(from, &mut *to))
                    .and_then(|()| to.flush())
                    .map_err(stream)?;
                // What stays is removed with its folder.
                let _ = fs::remove_file(self.shelf.folder().join(output));
                Ok(())
            }
        }
    }

    /// Writes the lines of all records that are left, whatever they wait for, and closes the file.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(crate) fn close(mut self, ledger: &Ledger) -> Result<(), LinesError> {
        let rest = self.next;
        if !matches!(self.to, To::Later(_)) {
            ledger.done_from(rest, &mut |output| self.write(&output))?;
        }
        match self.to {
            To::Stream(_) => Ok(()),
            To::File(to) => {
                to.into_inner().map_err(|e| e.into_error()).and_then(Staged::commit).map_err(LinesError::File)
            }
            To::Later(first) => {
                let target = self.shelf.folder().join(files::RECORDS);
                let anew = self.staging.write(&target, |to| {
                    let mut some = Vec::with_capacity(BATCH);
                    let mut write = |some: &mut Vec<String>| {
                        self.shelf.gather(some).map_err(io::Error::other)?;
                        some.drain(..).try_for_each(|output| {
                            copy_compact(BufReader::new(self.shelf.record(&output)?), &mut *to)
                        })
                    };
                    ledger.done_from(0, &mut |output| {
                        some.push(output);
                        if some.len() < BATCH { Ok(()) } else { write(&mut some).map_err(Rewriting) }
                    })?;
                    write(&mut some)
                });
                anew.map_err(|e| LinesError::File(first.unwrap_or(e)))
            }
        }
    }
}

/// An error on the way of a line, whichever side it came from.
struct Rewriting(io::Error);

impl From<io::Error> for Rewriting {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

impl From<LedgerError> for Rewriting {
    fn from(error: LedgerError) -> Self {
        Self(io::Error::other(error))
    }
}

impl From<Rewriting> for io::Error {
    fn from(error: Rewriting) -> Self {
        error.0
    }
}

fn stream(error: io::Error) -> LinesError {
    match error.kind() {
        ErrorKind::BrokenPipe => LinesError::ReaderGone,
        _ => LinesError::Stream(error),
    }
}
