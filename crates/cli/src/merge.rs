use crate::args::MergeArgs;
use crate::exit::{Exit, failure_line, line, say};
use crate::messages::{msg, said};
use batch::{BatchError, LedgerError};
use pipeline::{Failure, one_line};

/// Output folders of the parts of a list in, one out.
pub fn run(args: &MergeArgs) -> Exit {
    match batch::merge(&args.out, &args.parts) {
        Ok(summary) => {
            let c = summary.counts;
            let place = one_line(&args.out.to_string_lossy());
            line(&msg!(
                "merged",
                parts = args.parts.len(),
                done = c.done,
                failed = c.failed,
                skipped = c.skipped,
                inputs = summary.inputs,
                place = place
            ));
            Exit::Done
        }
        Err(BatchError::Folder(e)) => {
            line(&failure_line(&args.out, &Failure::writing(&e)));
            Exit::SomeFailed
        }
        Err(e) => {
            say(&said(&e.to_string()));
            match e {
                BatchError::NotEmpty(_)
                | BatchError::NotEnded(_)
                | BatchError::Busy
                | BatchError::Conflict { .. }
                | BatchError::Ledger(LedgerError::Missing(_) | LedgerError::Foreign { .. }) => Exit::Usage,
                _ => Exit::SomeFailed,
            }
        }
    }
}
