//! Objects in stores: Amazon S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage.
//!
//! An [`Address`] names a bucket and a key; [`Stores`] lists what lies below it, fetches an object into a file and puts a
//! file into an object. Credentials come from the environment alone. Requests that fail for a passing reason are made
//! again, later each time, for a bounded time; a body that is cut goes on from the byte reached.
//!
//! Callers need no runtime of their own: all calls wait for their end.

mod address;
mod error;
mod fetch;
mod keys;
mod list;
mod patience;
mod put;
mod stores;

pub use address::{Address, ODD_KEY, Scheme};
pub use error::StoreError;
pub use list::{ListError, Listed};
pub use stores::{Object, Stores, has_secrets};
