use crate::ledger::Summary;
use crate::order::Order;
use crate::sink::{Sink, SinkError, Store};
use export::{Layout, Staged, Staging, copy_compact, write_json};
use pipeline::Failure;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vanthu_model::Record;

/// Writes each record to a file of its own, and all of them in the order of the inputs to `records.jsonl`.
///
/// The lines are copied from the records' files when their turn has come, so that no record is held.
pub struct FolderSink {
    files: Arc<Files>,
    order: Order<String>,
    /// The names of all records, in order: should the disk fill up, `records.jsonl` is given up to make room and
    /// written anew at the end from these.
    taken: Vec<String>,
    lines: Option<BufWriter<Staged>>,
    trouble: Option<io::Error>,
}

/// Writes the records' own files.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    layout: Layout,
    /// The records' files.
    records: Staging,
    /// The batch's files, which are still written when no more records are taken.
    account: Staging,
}

/// Ends all writing into the folder at once, from any thread: what is on its way is removed.
#[derive(Debug, Clone)]
pub struct Abort(Arc<Files>);

impl Abort {
    /// Ends all writing.
    pub fn now(&self) {
        self.0.records.close();
        self.0.account.close();
    }
}

impl FolderSink {
    /// Name of the file with all records.
    pub const RECORDS: &str = "records.jsonl";
    /// Name of the file with the account of the batch.
    pub const SUMMARY: &str = "summary.json";

    /// A sink into `folder`, which is made when it is missing.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn new(folder: &Path, layout: Layout) -> io::Result<Self> {
        let (records, account) = (Staging::default(), Staging::default());
        let lines = account.begin(&folder.join(Self::RECORDS))?;
        Ok(Self {
            files: Arc::new(Files { folder: folder.to_path_buf(), layout, records, account }),
            order: Order::default(),
            taken: Vec::new(),
            lines: Some(BufWriter::new(lines)),
            trouble: None,
        })
    }

    /// A handle for the thread that waits for signals.
    pub fn abort(&self) -> Abort {
        Abort(Arc::clone(&self.files))
    }

    /// Writes `summary.json`.
    ///
    /// # Errors
    /// The system's.
    pub fn write_summary(&self, summary: &Summary) -> io::Result<()> {
        let path = self.files.folder.join(Self::SUMMARY);
        self.files.account.write(&path, |to| write_json(to, summary, Layout::Pretty))
    }

    fn append(&mut self, output: String) {
        let copied = self.lines.as_mut().map(|lines| self.files.copy(&output, lines));
        if let Some(Err(e)) = copied {
            // Dropping the file frees its room for the records themselves.
            self.lines = None;
            self.trouble = Some(e);
        }
        self.taken.push(output);
    }

    /// Writes `records.jsonl` from its beginning.
    fn write_anew(&self) -> io::Result<()> {
        self.files.account.write(&self.files.folder.join(Self::RECORDS), |to| {
            self.taken.iter().try_for_each(|output| self.files.copy(output, &mut *to))
        })
    }
}

impl Files {
    fn copy(&self, output: &str, to: impl Write) -> io::Result<()> {
        copy_compact(BufReader::with_capacity(1 << 16, File::open(self.folder.join(output))?), to)
    }
}

impl Store for Files {
    type Stored = String;

    fn store(&self, output: &str, record: &Record) -> Result<String, Failure> {
        self.records
            .write(&self.folder.join(output), |to| write_json(to, record, self.layout))
            .map_err(|e| Failure::writing(&e))?;
        Ok(output.to_string())
    }

    fn seal(&self) {
        self.records.close();
    }
}

impl Sink for FolderSink {
    type Store = Files;

    fn store(&self) -> Arc<Files> {
        Arc::clone(&self.files)
    }

    fn finished(&mut self, index: usize, stored: Option<String>) -> Result<(), SinkError> {
        self.order.arrive(index, stored);
        while let Some(output) = self.order.take() {
            self.append(output);
        }
        Ok(())
    }

    fn close(&mut self) -> Vec<String> {
        for output in self.order.rest() {
            self.append(output);
        }
        let written = match self.lines.take() {
            Some(lines) => lines.into_inner().map_err(|e| e.into_error()).and_then(Staged::commit),
            None => self.write_anew(),
        };
        match written {
            Ok(()) => Vec::new(),
            Err(e) => {
                let first = self.trouble.take().unwrap_or(e);
                vec![format!("{}: {}", Self::RECORDS, Failure::writing(&first))]
            }
        }
    }
}
