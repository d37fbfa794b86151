//! Why the server cannot begin.

use batch::LedgerError;
use std::io;
use std::net::SocketAddr;

/// Why the server cannot begin, or went down.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The ledger of the batch cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The address is one that other machines reach, and there are no accounts.
    #[error(
        "{0} can be reached by other machines and there are no accounts; add one with `vanthu account add`, or give an address of this one, such as 127.0.0.1:8377"
    )]
    Refused(SocketAddr),
    /// The accounts cannot be used.
    #[error("accounts.sqlite cannot be used ({0}); check the output folder and its disk")]
    Accounts(#[source] StoreError),
    /// Another program listens there.
    #[error("{0} is taken by another program; give another one with --listen")]
    Taken(SocketAddr),
    /// The system does not let us listen there.
    #[error("{address} cannot be listened to ({reason}); give another one with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's words.
        reason: io::Error,
    },
    /// The file of reviews cannot be used.
    #[error("review.sqlite cannot be used ({0}); check the output folder and its disk")]
    Store(#[from] StoreError),
    /// The system's own.
    #[error("the server cannot work ({0}); check the machine's limits and run again")]
    System(#[from] io::Error),
}

/// Why the file of reviews cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite's own.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The file is of a later version of vanthu.
    #[error("it is of version {0}, which this vanthu does not know")]
    Version(i64),
    /// The ledger's.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// What stands in it cannot be understood.
    #[error("an entry cannot be read: {0}")]
    Entry(#[from] serde_json::Error),
    /// The accounts cannot be used.
    #[error("{0}")]
    Account(String),
    /// A record cannot be read.
    #[error("a record cannot be read: {0}")]
    Record(#[from] io::Error),
}
