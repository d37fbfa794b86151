//! `vanthu eval`: documents with known truth in, scores out.

mod cases;
mod folder;
mod outcome;
mod shared;
mod show;

use crate::args::{EvalArgs, EvalFormat};
use crate::exit::{Exit, fail, line, say};
use crate::messages::{counted, msg};
use crate::output::print;
use ::eval::{Comparison, DocumentReport, EVAL_SCHEMA, EngineReport, Report, SetReport, chart, compare};
use cases::{Case, Set};
use export::{Layout, Staging, write_json};
use outcome::Reader;
use pipeline::{Cause, Failure, load};
use rayon::prelude::*;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Where documents lie when no folder is given.
const FIXTURES: &str = "fixtures";

/// Most bytes of a truth or of an older report.
const MAX_TRUTH: u64 = 1 << 30;

/// What is printed as JSON.
#[derive(Serialize)]
struct Printed<'r> {
    #[serde(flatten)]
    report: &'r Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison>,
}

/// A failure and the path that it is about.
pub(crate) type Refusal = (PathBuf, Failure);

/// Documents with their truth in, scores out.
pub fn run(args: &EvalArgs) -> Exit {
    match told(args) {
        Ok(exit) => exit,
        Err((path, failure)) => fail(&path, &failure),
    }
}

fn told(args: &EvalArgs) -> Result<Exit, Refusal> {
    let before = args.against.as_deref().map(older).transpose()?;
    let report = match &args.pair[..] {
        [truth, output] => pair(truth, output, args.lines)?,
        _ => {
            let sets = match chosen(args)? {
                Ok(sets) => sets,
                Err(exit) => return Ok(exit),
            };
            if args.list {
                return Ok(print(show::sets(&sets).as_bytes()).into());
            }
            scored(args, &sets)?
        }
    };
    let failed: usize = report.sets.iter().map(|s| s.failed).sum();
    if let Some(folder) = &args.curves {
        curves(folder, &report)?;
    }
    let missing = report.sets.iter().flat_map(|s| &s.documents).filter_map(|d| d.failure.as_ref());
    let lacks = missing.clone().any(|f| f.cause == Cause::MissingComponent.code());
    let comparison = before.map(|before| compare(&before, &report));
    write(args, &report, comparison)?;
    Ok(match failed {
        0 => Exit::Done,
        _ if lacks => Exit::MissingComponent,
        _ => Exit::SomeFailed,
    })
}

/// The sets to score, or the exit where a name is wrong.
fn chosen(args: &EvalArgs) -> Result<Result<Vec<Set>, Exit>, Refusal> {
    let fixtures = [PathBuf::from(FIXTURES)];
    let folders = if args.folders.is_empty() { &fixtures[..] } else { &args.folders };
    let mut all = Vec::new();
    for path in folders {
        let found = folder::sets(path)?;
        if !found.without_truth.is_empty() && !args.quiet {
            let (files, first) = (found.without_truth.len(), found.without_truth.first());
            let folder = pipeline::one_line(&path.to_string_lossy());
            let first = first.map(|f| pipeline::one_line(f)).unwrap_or_default();
            say(&msg!(counted("eval_no_truth", files), folder = folder, files = files, first = first));
        }
        all.extend(found.sets);
    }
    if let Some(unknown) = args.sets.iter().find(|name| all.iter().all(|s| s.name != **name)) {
        let names = all.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
        say(&msg!("eval_no_set", set = pipeline::one_line(unknown), sets = names));
        return Ok(Err(Exit::Usage));
    }
    if args.list {
        return Ok(Ok(all));
    }
    if !args.sets.is_empty() {
        all.retain(|s| args.sets.contains(&s.name));
    } else if all.iter().any(|s| !s.needs_ocr) {
        let slow: Vec<&str> = all.iter().filter(|s| s.needs_ocr).map(|s| s.name.as_str()).collect();
        if !slow.is_empty() && !args.quiet {
            say(&msg!("eval_slow", sets = slow.join(", "), set = slow.first().unwrap_or(&"")));
        }
        all.retain(|s| !s.needs_ocr);
    }
    Ok(Ok(all))
}

/// The scores of sets.
fn scored(args: &EvalArgs, sets: &[Set]) -> Result<Report, Refusal> {
    let nameless = |failure| (PathBuf::from("vanthu"), failure);
    let reader = Reader::new(args, sets).map_err(nameless)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build();
    let mut report = Report { schema: EVAL_SCHEMA.into(), engine: reader.engine(args), ..Report::default() };
    for set in sets {
        let score = |case: &Case| outcome::report(&reader, set, case);
        let documents: Vec<DocumentReport> = match &pool {
            Ok(pool) => pool.install(|| set.cases.par_iter().map(score).collect()),
            Err(_) => set.cases.iter().map(score).collect(),
        };
        for document in &documents {
            if let Some(failure) = &document.failure {
                let name = format!("{}/{}", set.name, document.name);
                let cause = &failure.cause;
                line(&format!("vanthu: {}: {cause}: {}", pipeline::one_line(&name), failure.message));
            }
        }
        report.sets.push(SetReport::of(set.folder.clone(), set.name.clone(), documents));
    }
    Ok(report)
}

/// The score of one output against one truth.
fn pair(truth: &Path, output: &Path, lines: Option<(usize, usize)>) -> Result<Report, Refusal> {
    let document = outcome::pair(truth, output, lines)?;
    let engine = EngineReport { name: "results".into(), versions: String::new() };
    let set = SetReport::of(String::new(), "pair".into(), vec![document]);
    Ok(Report { schema: EVAL_SCHEMA.into(), engine, sets: vec![set] })
}

/// An older report.
fn older(path: &Path) -> Result<Report, Refusal> {
    let refused = |failure| (path.to_path_buf(), failure);
    let bytes = load(path, MAX_TRUTH).map_err(refused)?;
    let slip = |what: String| {
        let remedy = "give what `vanthu eval --format json` wrote";
        refused(Failure::new(Cause::Unsupported, format!("is no report of scores ({what})"), remedy))
    };
    let report: Report = serde_json::from_slice(&bytes).map_err(|e| slip(e.to_string()))?;
    match report.schema == EVAL_SCHEMA {
        true => Ok(report),
        false => Err(slip(format!("its schema is {}, not {EVAL_SCHEMA}", report.schema))),
    }
}

/// Draws the calibration curves of all sets.
fn curves(folder: &Path, report: &Report) -> Result<(), Refusal> {
    let refused = |e: &std::io::Error| (folder.to_path_buf(), Failure::writing(e));
    std::fs::create_dir_all(folder).map_err(|e| refused(&e))?;
    for set in &report.sets {
        for (kind, calibration) in &set.calibration {
            let svg = chart::reliability(&format!("{}: {kind}", set.name), calibration);
            let path = folder.join(format!("calibration-{}-{kind}.svg", set.name));
            Staging::default().write(&path, |to| to.write_all(svg.as_bytes())).map_err(|e| refused(&e))?;
        }
    }
    Ok(())
}

/// Prints the report, or writes it to the file that is asked for.
fn write(args: &EvalArgs, report: &Report, comparison: Option<Comparison>) -> Result<(), Refusal> {
    let data = match args.format {
        EvalFormat::Json => {
            let mut data = Vec::new();
            // A Vec takes all that is written, and a report has no keys that JSON lacks.
            let _ = write_json(&mut data, &Printed { report, comparison }, Layout::Pretty);
            data
        }
        EvalFormat::Text => show::report(args, report, comparison.as_ref()).into_bytes(),
    };
    match &args.output {
        None => {
            // What cannot be printed has been told of.
            let _ = print(&data);
            Ok(())
        }
        Some(path) => Staging::default()
            .write(path, |to| to.write_all(&data))
            .map_err(|e| (path.clone(), Failure::writing(&e))),
    }
}
