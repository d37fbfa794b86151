use crate::ledger::LedgerError;
use crate::lines::LinesError;
use std::io;
use store::StoreError;

/// Why a batch cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The output folder cannot be written.
    #[error(transparent)]
    Folder(#[from] io::Error),
    /// The store that is to hold the output.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder for the account holds that of another batch.
    #[error(
        "{folder} holds the account of another batch than that of {copy}; give another folder with --work"
    )]
    OtherStore {
        /// The folder.
        folder: String,
        /// The address that was asked for.
        copy: String,
    },
    /// The account in the store is that of another machine.
    #[error(
        "another vanthu has gone on with the output at {copy} meanwhile; wait for it and run again, or give another address"
    )]
    Overtaken {
        /// The address.
        copy: String,
    },
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The lines.
    #[error(transparent)]
    Lines(#[from] LinesError),
    /// Another program works there.
    #[error("another vanthu is at work in the output folder; wait for it, or give another folder")]
    Busy,
    /// More inputs failed than were to be borne.
    #[error("{0} inputs failed, more than --max-failures allows; see what is wrong with them and run again")]
    TooManyFailures(usize),
    /// The folder for a merge holds a batch.
    #[error("{0} holds a batch already; give a new folder")]
    NotEmpty(String),
    /// The run in a folder that is to be merged has not ended.
    #[error("{0}: the run there has not ended; run `vanthu ingest` on it again")]
    NotEnded(String),
    /// Two folders that are to be merged hold different records of one input.
    #[error("{path}: {one} and {other} hold different records of it; read it anew in one of them")]
    Conflict {
        /// The input.
        path: String,
        /// A folder.
        one: String,
        /// Another.
        other: String,
    },
    /// No worker is left.
    #[error("all reading processes are gone; run again")]
    NoWorkers,
}
