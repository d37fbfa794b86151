use pipeline::Failure;
use std::io;
use std::sync::Arc;
use vanthu_model::Record;

/// The half of a sink that works on the workers' threads, many at once.
pub trait Store: Send + Sync + 'static {
    /// What a worker hands over of a stored record.
    type Stored: Send + 'static;

    /// Writes or encodes one record. `output` is its path inside an output folder.
    ///
    /// # Errors
    /// Why the record could not be stored; nothing of it is then left.
    fn store(&self, output: &str, record: &Record) -> Result<Self::Stored, Failure>;

    /// From now on nothing more is stored: the account is being closed while workers are still at work.
    fn seal(&self) {}
}

/// Takes records as they are done. Used by the one thread that keeps the account.
pub trait Sink {
    /// The half for the workers.
    type Store: Store;

    /// The half for the workers.
    fn store(&self) -> Arc<Self::Store>;

    /// Input `index` is finished; `stored` is what came of it, if anything. Called once for each input.
    ///
    /// # Errors
    /// When nothing more can be taken, which ends the batch.
    fn finished(
        &mut self,
        index: usize,
        stored: Option<<Self::Store as Store>::Stored>,
    ) -> Result<(), SinkError>;

    /// No more inputs come. Returns what went wrong with the sink's own files, a line each.
    fn close(&mut self) -> Vec<String>;
}

/// Why a sink can take nothing more.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// The reader of the stream has gone.
    #[error("standard output was closed by its reader")]
    ReaderGone,
    /// The stream cannot be written.
    #[error("standard output cannot be written ({0})")]
    Write(#[source] io::Error),
}
