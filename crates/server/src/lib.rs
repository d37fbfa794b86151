//! A batch reviewed in the browser, and over HTTP.
//!
//! [`Archive`] is the output folder of a batch: its ledger is the only source of paths, its records are read and never
//! written. What people do are [`review::Event`]s in `review.sqlite` beside the ledger; the same file holds what is
//! looked up (`store`), kept up to date while the batch goes on. `web` shows all that: pages for people, `/api/v1` for
//! programs. Who may see and change it stands in [`accounts`]; files that are sent here go through the readers of the batch
//! ([`Desk`]). The stages are not known here: a [`Workshop`] opens files, parses text and tells other readings.

pub mod accounts;
mod archive;
mod error;
mod export_all;
mod facts;
mod fold;
mod pictures;
mod rates;
mod registry;
pub mod review;
mod server;
mod store;
mod uploads;
mod web;
mod workshop;

pub use archive::{Archive, Done, Opened};
pub use error::{ServeError, StoreError};
pub use export_all::{Made, export_reviewed};
pub use server::{Server, Settings};
pub use store::{Entry, Found, Listed, Order, Query, Store, Updated};
pub use uploads::Desk;
pub use web::router;
pub use workshop::{Readers, Readings, Workshop};
