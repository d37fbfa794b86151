use crate::args::{RetryArgs, StatusArgs};
use crate::exit::{Exit, line, say};
use crate::messages::{counted, msg, said};
use crate::output::print;
use crate::text::json;
use batch::{Ledger, LedgerError, files};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How a batch stands.
#[derive(Debug, Serialize)]
struct Standing {
    /// When the last run began and ended, UTC.
    began: Option<String>,
    ended: Option<String>,
    /// Inputs of the last run by status.
    inputs: BTreeMap<String, usize>,
    /// Its failed inputs by cause.
    causes: BTreeMap<String, usize>,
    /// Pages of those that are done.
    pages: u64,
}

/// Tells how the batch in an output folder stands.
pub fn run(args: &StatusArgs) -> Exit {
    match Ledger::look(&args.folder.join(files::LEDGER)).and_then(|ledger| standing(&ledger)) {
        Ok(standing) if args.json => print(&json(&standing, true)).into(),
        Ok(standing) => print(told(&standing).as_bytes()).into(),
        Err(e) => refused(&e),
    }
}

/// Queues failed inputs anew.
pub fn retry(args: &RetryArgs) -> Exit {
    match Ledger::look(&args.folder.join(files::LEDGER)).and_then(|mut ledger| ledger.retry(args.cause)) {
        Ok(n) => {
            line(&msg!(counted("retry", n), inputs = n));
            Exit::Done
        }
        Err(e) => refused(&e),
    }
}

fn standing(ledger: &Ledger) -> Result<Standing, LedgerError> {
    let (began, ended) = ledger.times()?;
    Ok(Standing {
        began,
        ended,
        inputs: ledger.by_status()?,
        causes: ledger.by_cause()?,
        pages: ledger.pages_done()?,
    })
}

fn told(standing: &Standing) -> String {
    let mut text = String::new();
    let total: usize = standing.inputs.values().sum();
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{}", msg!("status_head", inputs = total, pages = standing.pages));
    for (status, n) in &standing.inputs {
        let _ = writeln!(text, "{n:>9} {}", msg!(format!("state_{status}")));
        if status == "failed" {
            for (cause, n) in &standing.causes {
                let _ = writeln!(text, "{n:>18} {cause}");
            }
        }
    }
    if let Some(began) = &standing.began {
        let run = match &standing.ended {
            Some(ended) => msg!("status_run", began = began, ended = ended),
            None => msg!("status_going", began = began),
        };
        let _ = writeln!(text, "{run}");
    }
    text
}

fn refused(error: &LedgerError) -> Exit {
    say(&said(&error.to_string()));
    match error {
        LedgerError::Missing(_) | LedgerError::Foreign { .. } => Exit::Usage,
        _ => Exit::SomeFailed,
    }
}
