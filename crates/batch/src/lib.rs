//! Many inputs, each accounted for.
//!
//! The way of a batch: [`Plan`] lists the inputs and names their outputs; [`run`] hands them to a [`Worker`] on
//! many threads and to a [`Sink`] as they are done; a [`Ledger`] counts what became of each, and its [`Summary`]
//! adds up to the inputs. An [`Observer`] is told of each step.
//!
//! Records are never held: each is written as it is done. What grows with the number of inputs is the plan and
//! the lists of what failed and what was skipped.

mod folder;
mod ledger;
mod names;
mod order;
mod plan;
mod run;
mod sink;
mod stream;
mod worker;

pub use folder::{Abort, Files, FolderSink};
pub use ledger::{Counts, FailedInput, Ledger, SkippedInput, Summary};
pub use plan::{EXTENSIONS, Entry, Input, Plan};
pub use run::{Event, Observer, Settings, StartError, run};
pub use sink::{Sink, SinkError, Store};
pub use stream::{Lines, StreamSink};
pub use worker::{Reader, Worker};
