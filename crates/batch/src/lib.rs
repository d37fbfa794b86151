//! Many inputs, each accounted for.
//!
//! The way of a batch: [`Batch::plan`] finds the inputs and the [`Ledger`], a SQLite file in the output folder, takes them
//! in with a name for the output of each; [`run`] hands them one after the other to [`Engine`]s, which read them in
//! processes of their own ([`ProcessEngine`], whose other end is [`serve`]); each record is written aside, synced
//! and renamed before the ledger says that it is done, and copied into one file in the order of the inputs.
//! An [`Observer`] is told of each step, and the [`Summary`] adds up to the inputs.
//!
//! Neither records nor the list of inputs are held in memory: what is known of a batch stands in the ledger, and what
//! stands there survives the end of the program at any moment. A second run on the same folder goes on from it.

mod child;
mod copy;
mod driver;
mod engine;
mod error;
mod further;
mod ledger;
mod limits;
mod lines;
mod listing;
mod lock;
mod log;
mod merge;
mod names;
mod origins;
mod plan;
mod process;
mod protocol;
mod quarantine;
mod run;
mod safekeeping;
mod shelf;
mod summary;
mod twin;
mod watch;

pub use child::serve;
pub use engine::{Engine, Request, Trouble, Work};
pub use error::BatchError;
pub use ledger::{Attempt, Below, Counts, DoneInput, Ledger, LedgerError, ListedInput};
pub use limits::Limits;
pub use lines::Target;
pub use lock::hold;
pub use log::hand_log;
pub use merge::merge;
pub use origins::load;
pub use plan::EXTENSIONS;
pub use process::{EngineId, ProcessEngine, Reins};
pub use run::{Batch, Event, MaxFailures, Observer, Settings, run};
pub use shelf::Shelf;
pub use store::{Address, StoreError, Stores, has_secrets};
pub use summary::{FailedInput, SkippedInput, Summary};
pub use watch::Watch;

/// Names of the files in an output folder that belong to the batch itself.
pub mod files {
    /// All records, a line each, in the order of the inputs.
    pub const RECORDS: &str = "records.jsonl";
    /// The account of the last run.
    pub const SUMMARY: &str = "summary.json";
    /// The ledger.
    pub const LEDGER: &str = "ledger.sqlite";
    /// What people said of the records, and what `vanthu serve` looks up.
    pub const REVIEW: &str = "review.sqlite";
    /// Who may see and change it over HTTP.
    pub const ACCOUNTS: &str = "accounts.sqlite";
    /// The folder for files that were sent to `vanthu serve`.
    pub const UPLOADS: &str = "uploads";
    /// Words and confusions that corrections have taught, for the next run.
    pub const LEXICON: &str = "lexicon.tsv";
    /// The folder that lists the failed inputs.
    pub const FAILED: &str = "failed";
    /// The folder for files on their way, and for what tells that a run works there.
    pub const AREA: &str = ".vanthu";
}
