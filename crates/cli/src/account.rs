//! Who may see a batch over HTTP and who may change it.

use crate::args::{AccountArgs, AccountCommand};
use crate::exit::{Exit, line, say};
use crate::messages::{msg, said};
use crate::output::print;
use crate::table::Table;
use batch::{Ledger, files};
use console::Term;
use server::accounts::{AccountError, Accounts, Role};
use server::{Entry, Store, StoreError};
use std::io::{self, BufRead, IsTerminal, Read};
use std::path::Path;

/// Columns where standard output is no terminal.
const PLAIN_WIDTH: usize = 140;
/// Most that is read of a password on standard input, in bytes.
const LONGEST_LINE: u64 = 1024;

/// Why nothing was done.
enum Refused {
    /// The command cannot be carried out as it is.
    Usage(String),
    /// The machine does not let us.
    System(String),
    /// It was said already.
    Said(Exit),
}

impl From<AccountError> for Refused {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(_) | AccountError::Randomness(_) | AccountError::Hashing => {
                Refused::System(error.to_string())
            }
            error => Refused::Usage(error.to_string()),
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        AccountError::from(error).into()
    }
}

/// Adds, lists, changes and removes accounts and tokens.
pub fn run(args: &AccountArgs) -> Exit {
    match carry_out(&args.what) {
        Ok(()) => Exit::Done,
        Err(Refused::Usage(what)) => {
            say(&said(&what));
            Exit::Usage
        }
        Err(Refused::System(what)) => {
            say(&said(&what));
            Exit::SomeFailed
        }
        Err(Refused::Said(exit)) => exit,
    }
}

fn carry_out(what: &AccountCommand) -> Result<(), Refused> {
    match what {
        AccountCommand::Add { whose, role } => {
            let accounts = open(&whose.folder)?;
            accounts.add(&whose.name, *role, &password()?)?;
            line(&msg!("account_added", name = whose.name, role = role.name()));
            note(&whose.folder, "account", format!("{} added as {}", whose.name, role.name()))
        }
        AccountCommand::List { folder } => list(&open(folder)?),
        AccountCommand::Remove(whose) => {
            let accounts = open(&whose.folder)?;
            accounts.remove(&whose.name)?;
            line(&msg!("account_removed", name = whose.name));
            if !accounts.any()? {
                line(&msg!("account_none"));
            }
            note(&whose.folder, "account", format!("{} removed", whose.name))
        }
        AccountCommand::Password(whose) => {
            open(&whose.folder)?.set_password(&whose.name, &password()?)?;
            line(&msg!("account_password", name = whose.name));
            note(&whose.folder, "account", format!("{} has another password", whose.name))
        }
        AccountCommand::Role { whose, role } => {
            open(&whose.folder)?.set_role(&whose.name, *role)?;
            line(&msg!("account_role", name = whose.name, role = role.name()));
            note(&whose.folder, "account", format!("{} is {} now", whose.name, role.name()))
        }
        AccountCommand::Token { whose, role, days } => token(&whose.folder, &whose.name, *role, *days),
    }
}

fn token(folder: &Path, name: &str, role: Role, days: u32) -> Result<(), Refused> {
    let token = open(folder)?.add_token(name, role, days)?;
    line(&msg!("account_token", name = name, role = role.name(), days = days));
    note(folder, "token", format!("{name} added as {} for {days} days", role.name()))?;
    print(format!("{token}\n").as_bytes()).map_err(Refused::Said)
}

/// The accounts of a batch. Nothing is written into folders that hold none.
fn open(folder: &Path) -> Result<Accounts, Refused> {
    Ledger::look(&folder.join(files::LEDGER)).map_err(|e| Refused::Usage(e.to_string()))?;
    Ok(Accounts::open(&folder.join(files::ACCOUNTS))?)
}

/// Writes what was done into the audit log of the batch.
fn note(folder: &Path, what: &'static str, detail: String) -> Result<(), Refused> {
    let store = Store::open(&folder.join(files::REVIEW))?;
    store.audit(&Entry { who: "vanthu account".into(), what, outcome: "done", detail, ..Entry::default() });
    Ok(())
}

fn list(accounts: &Accounts) -> Result<(), Refused> {
    let all = accounts.list()?;
    if all.is_empty() {
        line(&msg!("account_none"));
        return Ok(());
    }
    let mut table = Table::new(&[("name", 3), ("kind", 1), ("role", 1), ("made", 2), ("until", 2)]);
    for account in all {
        let kind = if account.expires.is_some() { "token" } else { "account" }.to_string();
        let until = account.expires.unwrap_or_default();
        table.push([account.name, kind, account.role.name().to_string(), account.made, until]);
    }
    let width = Term::stdout().size_checked().map_or(PLAIN_WIDTH, |(_, columns)| usize::from(columns));
    print(table.render(width).as_bytes()).map_err(Refused::Said)
}

/// A password: asked for twice on a terminal, else a line of standard input. It never stands in the command, where others
/// would see it.
fn password() -> Result<String, Refused> {
    let system = |e: io::Error| Refused::System(msg!("account_unread", reason = e));
    if io::stdin().is_terminal() {
        let term = Term::stderr();
        let ask = |question: String| -> Result<String, Refused> {
            term.write_str(&question).map_err(system)?;
            term.read_secure_line().map_err(system)
        };
        let first = ask(msg!("account_ask"))?;
        return if first == ask(msg!("account_ask_again"))? {
            Ok(first)
        } else {
            Err(Refused::Usage(msg!("account_differ")))
        };
    }
    let mut text = String::new();
    io::stdin().lock().take(LONGEST_LINE).read_line(&mut text).map_err(system)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_string())
}
