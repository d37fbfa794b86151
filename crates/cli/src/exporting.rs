use crate::args::{ExportArgs, IngestArgs};
use crate::destination::Destination;
use crate::exit::{Exit, failure_line, line, say};
use crate::messages::{counted, msg, said};
use crate::outputs::{Made, Wish, make, pack, put};
use crate::progress::template;
use crate::sheets::Reach;
use crate::signals::Interrupt;
use batch::{BatchError, Ledger, LedgerError, Stores, files, hold};
use export::{Format, Staging};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pipeline::{Failure, one_line};
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::Path;

/// Outputs out of the records of a finished batch.
pub fn run(args: &ExportArgs) -> Exit {
    let interrupt = Interrupt::listen(false);
    let mut formats: BTreeSet<Format> = args.formats.iter().copied().collect();
    if args.bag.is_some() {
        formats.insert(Format::Catalogue);
    }
    if formats.is_empty() {
        say(&msg!("export_what"));
        return Exit::Usage;
    }
    let formats: Vec<Format> = formats.into_iter().collect();
    if let Some(to) = &args.reviewed {
        return reviewed(args, to, &formats, &interrupt);
    }
    let options = args.reading.options();
    let wish = Wish {
        folder: &args.folder,
        formats: &formats,
        anew: true,
        jobs: jobs(args.jobs),
        options: &options,
        reach: reach(&args.folder),
    };
    let staging = Staging::aside(args.folder.join(files::AREA));
    let aborted = staging.clone();
    interrupt.does(move || aborted.close());
    let bag = args.bag.as_deref().map(|target| (target, !args.without_originals));
    carry_out(&wish, bag, &staging, &interrupt, args.quiet)
}

/// The records with what reviewers corrected, into the folder `to`.
fn reviewed(args: &ExportArgs, to: &Path, formats: &[Format], interrupt: &Interrupt) -> Exit {
    let archive = match server::Archive::open(&args.folder, crate::serve::workshop(args.reading.options())) {
        Ok(archive) => archive,
        Err(e) => return crate::serve::refused(&e),
    };
    let made = server::export_reviewed(&archive, to, formats, interrupt.stop(), &mut || {});
    if made.interrupted {
        say(&msg!("export_interrupted"));
        interrupt.end();
    }
    let made = Made {
        records: made.records,
        without_pages: made.without_pages,
        problems: made.problems,
        interrupted: false,
    };
    let options = args.reading.options();
    let reach = reach(to);
    told(&Wish { folder: to, formats, anew: true, jobs: 1, options: &options, reach }, &made, args.quiet);
    if made.problems.is_empty() { Exit::Done } else { Exit::SomeFailed }
}

/// The outputs that `ingest` was asked for, after its batch has ended.
pub fn after(args: &IngestArgs, to: &Destination, staging: &Staging, interrupt: &Interrupt) -> Exit {
    let formats: BTreeSet<Format> = args.formats.iter().copied().collect();
    // The records and their lines are there already.
    let formats: Vec<Format> =
        formats.into_iter().filter(|f| !matches!(f, Format::Json | Format::Jsonl)).collect();
    if formats.is_empty() {
        return Exit::Done;
    }
    let options = args.reading.options();
    let wish = Wish {
        folder: &to.folder,
        formats: &formats,
        anew: false,
        jobs: jobs(args.jobs),
        options: &options,
        reach: reach(&to.folder),
    };
    carry_out(&wish, None, staging, interrupt, args.quiet)
}

/// Where the files are had that the batch in `folder` has read.
fn reach(folder: &Path) -> Reach {
    Reach { stores: Stores::default(), area: folder.join(files::AREA) }
}

fn jobs(asked: usize) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    }
}

fn carry_out(
    wish: &Wish<'_>,
    bag: Option<(&Path, bool)>,
    staging: &Staging,
    interrupt: &Interrupt,
    quiet: bool,
) -> Exit {
    let ledger = match Ledger::look(&wish.folder.join(files::LEDGER)) {
        Ok(ledger) => ledger,
        Err(e) => {
            say(&said(&e.to_string()));
            return match e {
                LedgerError::Missing(_) | LedgerError::Foreign { .. } => Exit::Usage,
                _ => Exit::SomeFailed,
            };
        }
    };
    // Held until the end: a run of `ingest` would change the records under our hands.
    let _lock = match hold(wish.folder) {
        Ok(lock) => lock,
        Err(BatchError::Folder(e)) => {
            line(&failure_line(wish.folder, &Failure::writing(&e)));
            return Exit::Usage;
        }
        Err(e) => {
            say(&said(&e.to_string()));
            return Exit::Usage;
        }
    };
    // What a killed program has left on its way. Where it cannot be removed it does no harm.
    let _ = Staging::clear(&wish.folder.join(files::AREA));
    let bar = bar(&ledger, quiet);
    let mut made = make(wish, &ledger, staging, interrupt.stop(), &mut || {
        if let Some(bar) = &bar {
            bar.inc(1);
        }
    });
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    if made.interrupted {
        say(&msg!("export_interrupted"));
        interrupt.end();
    }
    made.problems.extend(put(wish, &ledger, interrupt.stop()).err());
    if let Some((target, originals)) = bag {
        made.problems.extend(pack(wish, &ledger, target, originals).err());
    }
    told(wish, &made, quiet);
    if made.problems.is_empty() { Exit::Done } else { Exit::SomeFailed }
}

fn bar(ledger: &Ledger, quiet: bool) -> Option<ProgressBar> {
    let shown = !quiet && std::io::stderr().is_terminal();
    let records = ledger.done().unwrap_or(0) as u64;
    shown.then(|| {
        let bar = ProgressBar::with_draw_target(Some(records), ProgressDrawTarget::stderr());
        // A template that does not parse would be a slip in this file; the default bar does as well.
        if let Ok(style) = ProgressStyle::with_template(&template("bar_records")) {
            bar.set_style(style);
        }
        bar
    })
}

fn told(wish: &Wish<'_>, made: &Made, quiet: bool) {
    made.problems.iter().for_each(|p| say(&said(p)));
    if quiet {
        return;
    }
    let names: Vec<&str> = wish.formats.iter().map(|f| f.name()).collect();
    let folder = one_line(&wish.folder.to_string_lossy());
    let names = names.join(", ");
    line(&msg!(counted("export", made.records), formats = names, records = made.records, folder = folder));
    if made.without_pages > 0 {
        line(&msg!(counted("no_pictures", made.without_pages), files = made.without_pages));
    }
}
