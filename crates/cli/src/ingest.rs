use crate::args::IngestArgs;
use crate::exit::{Exit, failure_line, line, say};
use crate::progress::Progress;
use crate::signals::Interrupt;
use batch::{FolderSink, Plan, Reader, Settings, Sink, StreamSink, Summary};
use export::Layout;
use pipeline::{Cause, Failure, Pipeline};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Files and folders in, one record each out.
pub fn run(args: &IngestArgs) -> Exit {
    let interrupt = Interrupt::listen();
    if args.out == Path::new("-") {
        let mut sink = StreamSink::new(std::io::stdout());
        match work(args, &interrupt, &mut sink, None) {
            Ok(summary) => end(args, &interrupt, &summary, "standard output"),
            Err(exit) => exit,
        }
    } else {
        into_folder(args, &interrupt)
    }
}

fn into_folder(args: &IngestArgs, interrupt: &Interrupt) -> Exit {
    let layout = if args.pretty { Layout::Pretty } else { Layout::Compact };
    let mut sink = match FolderSink::new(&args.out, layout) {
        Ok(sink) => sink,
        Err(e) => {
            line(&failure_line(&args.out, &Failure::writing(&e)));
            return Exit::Usage;
        }
    };
    interrupt.removes(sink.abort());
    let mut summary = match work(args, interrupt, &mut sink, Some(&args.out)) {
        Ok(summary) => summary,
        Err(exit) => return exit,
    };
    if let Err(e) = sink.write_summary(&summary) {
        summary.problems.push(format!("{}: {}", FolderSink::SUMMARY, Failure::writing(&e)));
    }
    end(args, interrupt, &summary, &args.out.to_string_lossy())
}

/// Plans and works off the batch.
fn work<S: Sink>(
    args: &IngestArgs,
    interrupt: &Interrupt,
    sink: &mut S,
    out: Option<&PathBuf>,
) -> Result<Summary, Exit> {
    let stop = interrupt.stop();
    let plan = Plan::of(&args.paths, out.map(PathBuf::as_path), &|| stop.load(Ordering::SeqCst));
    let options = pipeline::Options {
        extractor: args.reading.options(),
        model: args.model.clone(),
        keep_reading: args.keep_reading,
        ..pipeline::Options::default()
    };
    let max_bytes = options.extractor.limits.max_file_bytes;
    let pipeline = Pipeline::new(options).map_err(|failure| {
        say(&format!("{}: {failure}", failure.cause));
        Exit::from(failure.cause)
    })?;
    let mut progress = Progress::new(args.quiet);
    let settings = Settings { jobs: args.jobs, ..Settings::default() };
    let worker = Arc::new(Reader::new(pipeline, max_bytes));
    let summary = batch::run(plan, worker, sink, &settings, stop, &mut progress);
    progress.end();
    let summary = summary.map_err(|e| {
        say(&format!("{e}; lower --jobs or the number of running programs"));
        Exit::SomeFailed
    })?;
    Ok(summary)
}

/// Says how the batch ended, and ends.
fn end(args: &IngestArgs, interrupt: &Interrupt, summary: &Summary, out: &str) -> Exit {
    summary.problems.iter().for_each(|p| say(p));
    let c = summary.counts;
    let how = if summary.interrupted { "interrupted: " } else { "" };
    if !args.quiet || summary.interrupted {
        line(&format!(
            "{how}{} done, {} failed, {} skipped of {} inputs, {} pages in {:.1} s, written to {}",
            c.done,
            c.failed,
            c.skipped,
            summary.inputs,
            summary.pages,
            summary.seconds,
            pipeline::one_line(out)
        ));
    }
    if summary.interrupted {
        interrupt.end();
    }
    if summary.failures.iter().any(|f| f.cause == Cause::MissingComponent) {
        Exit::MissingComponent
    } else if c.failed > 0 || !summary.problems.is_empty() {
        Exit::SomeFailed
    } else {
        Exit::Done
    }
}
