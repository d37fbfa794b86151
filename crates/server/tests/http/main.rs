//! A server and its clients.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod common;
mod review;
mod security;
mod uploads;
