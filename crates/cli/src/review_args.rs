//! Flags of the commands around a review: accounts, and what corrections teach.

use crate::args::RepairArgs;
use crate::destination;
use clap::Subcommand;
use server::accounts::Role;
use std::path::PathBuf;

/// Flags of `account`.
#[derive(Debug, clap::Args)]
pub struct AccountArgs {
    /// What to do.
    #[command(subcommand)]
    pub what: AccountCommand,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Add an account; its password is asked for, or read from standard input, a line.
    Add {
        /// Whose it is.
        #[command(flatten)]
        whose: Whose,
        /// reader (looks), reviewer (corrects) or admin (uploads, sees the audit log).
        #[arg(long, value_name = "ROLE", default_value = "reviewer")]
        role: Role,
    },
    /// List accounts and tokens.
    List {
        /// Output folder of `ingest`, or its address in an object store.
        #[arg(value_name = "DIR", value_parser = destination::of_folder())]
        folder: PathBuf,
    },
    /// Remove an account or a token; what it was used for ends at once.
    Remove(Whose),
    /// Give an account another password; it is asked for, or read from standard input, a line.
    Password(Whose),
    /// Give an account another role.
    Role {
        /// Whose it is.
        #[command(flatten)]
        whose: Whose,
        /// reader, reviewer or admin.
        #[arg(value_name = "ROLE")]
        role: Role,
    },
    /// Make a token for a program, and print it: it is shown this once.
    Token {
        /// Whose it is.
        #[command(flatten)]
        whose: Whose,
        /// reader, reviewer or admin.
        #[arg(long, value_name = "ROLE", default_value = "reader")]
        role: Role,
        /// How long it holds.
        #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: u32,
    },
}

/// An account of a batch.
#[derive(Debug, clap::Args)]
pub struct Whose {
    /// Output folder of `ingest`, or its address in an object store.
    #[arg(value_name = "DIR", value_parser = destination::of_folder())]
    pub folder: PathBuf,
    /// Name of the account or token.
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Flags of `learn`.
#[derive(Debug, clap::Args)]
pub struct LearnArgs {
    /// Output folder of `ingest`, or its address in an object store.
    #[arg(value_name = "DIR", value_parser = destination::of_folder())]
    pub folder: PathBuf,
    /// Apply without asking what was learned: write DIR/lexicon.tsv, with which the next `ingest` reads anew.
    #[arg(long, conflicts_with = "dry_run")]
    pub apply: bool,
    /// Show what would change, and end.
    #[arg(long)]
    pub dry_run: bool,
    /// Learn a reading that was corrected at least so often in the same way.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub times: u32,
    /// Changes to show.
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub show: usize,
    /// Print what was learned and what would change as JSON.
    #[arg(long)]
    pub json: bool,
    /// Documents worked on at a time; 0 for one a core.
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// What the repair of the batch knows and dares.
    #[command(flatten)]
    pub repair: RepairArgs,
}
