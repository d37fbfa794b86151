//! The program as its users see it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod account;
mod bad_input;
mod common;
mod convert;
mod eval;
mod ingest;
mod learn;
mod outputs;
mod parts;
mod serve;
mod settings;
mod shared;
mod stores;
mod text;
mod usage;
