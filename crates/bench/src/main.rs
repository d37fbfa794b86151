//! The program `vanthu-bench`: measures vanthu. `docs/benchmarks.md` tells what each figure means.
//!
//! In the order of the data: [`inputs`] (what is measured on) → [`cases`] (what is measured) → [`measure`] (one round, in a
//! process of its own) → [`run`] (rounds of all cases) → [`results`] (the file) with [`stats`] → [`table`], [`compare`],
//! [`noise`]. Beside that stand [`instructions`] (Callgrind), [`peers`] (other tools), [`accuracy`]
//! (`vanthu eval`) and [`base`] (the build of another commit).

mod accuracy;
mod base;
mod cases;
mod compare;
mod error;
mod inputs;
mod instructions;
mod machine;
mod measure;
mod noise;
mod peers;
mod results;
mod run;
mod stats;
mod table;
mod tools;
mod trigram;
mod usage;

use base::Base;
use clap::{Parser, Subcommand};
use error::{Error, Result};
use inputs::Inputs;
use measure::Build;
use results::Results;
use run::Plan;
use stats::Pairing;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Measures vanthu: speed, growth, memory, instructions, accuracy, and other tools beside it.
///
/// Exit codes: 0 all well, 1 wrong usage or a measurement that did not come about, 2 a loss (compare) or growth beyond
/// what is allowed (run).
#[derive(Parser)]
#[command(name = "vanthu-bench", version, max_term_width = 100)]
struct Args {
    /// The repository whose `fixtures/` are measured on.
    #[arg(long, global = true)]
    root: Option<PathBuf>,
    /// Folder for inputs that are made; a passing one without it.
    #[arg(long, global = true)]
    work: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure everything, print the table and write it to benches/results.
    Run {
        /// Speed alone, one size, in under two minutes.
        #[arg(long)]
        quick: bool,
        /// Cases whose names hold this, instructions among them, and nothing else.
        #[arg(long, value_name = "NAME", value_delimiter = ',')]
        only: Vec<String>,
        /// Rounds of the usual case.
        #[arg(long)]
        rounds: Option<usize>,
        /// Seconds of sampling in a round of the usual case.
        #[arg(long)]
        seconds: Option<f64>,
        /// Install no other tools.
        #[arg(long)]
        offline: bool,
        /// Where to write the results instead of benches/results.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Compare with a commit, built aside and measured round for round beside this build, or with a file of results.
    Compare {
        /// A commit, or a file of benches/results.
        #[arg(default_value = "")]
        base: String,
        /// A file of results to hold against a file; this build is measured without it.
        new: Option<PathBuf>,
        /// All sizes, not one.
        #[arg(long)]
        full: bool,
        /// Rounds of the usual case.
        #[arg(long)]
        rounds: Option<usize>,
        /// Cases whose names hold this.
        #[arg(long, value_name = "NAME", value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Count the instructions of the hot paths with Callgrind.
    Instructions {
        /// Keep the profiles in this folder, for `callgrind_annotate`.
        #[arg(long, value_name = "DIR")]
        profiles: Option<PathBuf>,
        /// Cases whose names hold this.
        #[arg(long, value_name = "NAME", value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Run other tools at the same tasks.
    Peers {
        /// ocr, pdf, restore, repair or convert; all without it.
        #[arg(long = "task", value_name = "TASK", value_delimiter = ',')]
        tasks: Vec<String>,
        /// Tools whose names hold this.
        #[arg(long, value_name = "NAME", value_delimiter = ',')]
        only: Vec<String>,
        /// One scan of each sort rather than all.
        #[arg(long)]
        some: bool,
        /// Install nothing.
        #[arg(long)]
        offline: bool,
    },
    /// How figures differ between the results of several runs, as a table for documents.
    Noise {
        /// Files of results.
        files: Vec<PathBuf>,
    },
    /// Print the table of a file of results again.
    Show {
        /// The file.
        file: PathBuf,
    },
    /// Name all cases.
    List,
    /// One round of one case, as JSON; what `run` starts.
    #[command(hide = true)]
    Measure {
        case: String,
        #[arg(long, default_value_t = 10)]
        scale: u32,
        #[arg(long, default_value_t = 0.2)]
        seconds: f64,
    },
    /// Runs a case; what is counted from outside.
    #[command(hide = true)]
    Repeat {
        case: String,
        #[arg(long, default_value_t = 1)]
        scale: u32,
        #[arg(long, default_value_t = 1)]
        times: u32,
    },
    /// Tells what a command takes, as JSON.
    #[command(hide = true)]
    Witness {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<String>,
    },
    /// Puts marks back by trigrams alone.
    #[command(hide = true)]
    Trigram { file: PathBuf, out: PathBuf },
    /// Texts out of records, numbered as the files they were read from.
    #[command(hide = true)]
    TextsOf { records: PathBuf, out: PathBuf, files: Vec<PathBuf> },
}

fn main() -> ExitCode {
    match start(Args::parse()) {
        Ok(code) => code,
        Err(error) => {
            run::tell("");
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The exit code of losses and of growth beyond what is allowed.
const LOSS: u8 = 2;

fn start(args: Args) -> Result<ExitCode> {
    let root = args.root.unwrap_or_else(measure::repository);
    let passing = tempfile::tempdir().map_err(Error::stage)?;
    let inputs = Inputs::new(&root, args.work.as_deref().unwrap_or(passing.path()));
    match args.command {
        Command::Run { quick, only, rounds, seconds, offline, out } => {
            let mut plan = if quick { Plan::quick() } else { Plan::full() };
            plan.rounds = rounds.unwrap_or(plan.rounds).max(1);
            plan.seconds = seconds.unwrap_or(plan.seconds).clamp(0.0, 60.0);
            plan.only = only;
            measure_all(&plan, &inputs, offline, out)
        }
        Command::Compare { base, new, full, rounds, only } => {
            let mut plan = Plan { growth: full, ..Plan::compare() };
            // Of fewer rounds all lie on one side by chance too often.
            plan.rounds = rounds.unwrap_or(plan.rounds).max(5);
            plan.only = only;
            hold_against(&base, new.as_deref(), &plan, &inputs)
        }
        Command::Instructions { profiles, only } => {
            std::fs::create_dir_all(inputs.work()).map_err(Error::io(inputs.work()))?;
            for i in instructions::count(&inputs, &only, profiles.as_deref())? {
                let each = i.instructions as f64 / i.amount;
                println!(
                    "{:<20} {:>14} instructions, {:>9.1} for each of {} {}",
                    i.name, i.instructions, each, i.amount, i.unit
                );
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Peers { tasks, only, some, offline } => {
            std::fs::create_dir_all(inputs.work()).map_err(Error::io(inputs.work()))?;
            let wish = peers::Wish { tasks, only, all_scans: !some, install: !offline };
            let mut skipped = Vec::new();
            print!("{}", table::peers(&peers::run(&inputs, &wish, &mut skipped)?));
            skipped.iter().for_each(|s| println!("left out: {s}"));
            Ok(ExitCode::SUCCESS)
        }
        Command::Noise { files } => {
            let runs: Vec<Results> = files.iter().map(|f| Results::read(f)).collect::<Result<_>>()?;
            print!("{}", noise::table(&runs)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Show { file } => {
            print!("{}", table::table(&Results::read(&file)?));
            Ok(ExitCode::SUCCESS)
        }
        Command::List => {
            for case in cases::all() {
                println!("{:<23} {:<10} {}", case.name, case.unit, case.what);
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Measure { case, scale, seconds } => {
            let measured = measure::measure(&case, scale, seconds, &inputs)?;
            println!("{}", serde_json::to_string(&measured).map_err(Error::stage)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Repeat { case, scale, times } => {
            println!("{}", measure::repeat(&case, scale, times, &inputs)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Witness { command } => {
            println!("{}", serde_json::to_string(&peers::witness(&command)?).map_err(Error::stage)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Trigram { file, out } => {
            let text = std::fs::read_to_string(&file).map_err(Error::io(&file))?;
            let restored = trigram::Trigram::bundled().map_err(Error::stage)?.restore(&text);
            std::fs::write(&out, restored).map_err(Error::io(&out))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::TextsOf { records, out, files } => {
            peers::texts_of(&records, &out, &files)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A whole run.
fn measure_all(plan: &Plan, inputs: &Inputs, offline: bool, out: Option<PathBuf>) -> Result<ExitCode> {
    let mut results = one(&run::run(&[Build::this()?], plan, inputs)?)?;
    let place = out.unwrap_or_else(|| run::place(inputs.root(), &results, ""));
    if plan.growth {
        add_the_rest(&mut results, plan, inputs, offline, &place.with_extension("curves"))?;
    }
    print!("{}", table::table(&results));
    results.write(&place)?;
    println!("every sample is in {}", place.display());
    let superlinear = table::superlinear(&results);
    superlinear.iter().for_each(|s| println!("TOO MUCH: {s}"));
    Ok(if superlinear.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(LOSS) })
}

/// Adds what a full run has besides speed, and draws calibration curves into the folder `curves`. What cannot be had is
/// told.
fn add_the_rest(
    results: &mut Results,
    plan: &Plan,
    inputs: &Inputs,
    offline: bool,
    curves: &Path,
) -> Result<()> {
    let mut skipped = Vec::new();
    match instructions::count(inputs, &plan.only, None) {
        Ok(counted) => results.instructions = counted,
        Err(e) => skipped.push(e.to_string()),
    }
    if plan.only.is_empty() {
        let wish = peers::Wish { install: !offline, ..peers::Wish::default() };
        results.peers = peers::run(inputs, &wish, &mut skipped)?;
        match accuracy::accuracy(inputs.root(), curves) {
            Ok(accuracy) => results.accuracy = Some(accuracy),
            Err(e) => skipped.push(e.to_string()),
        }
    }
    results.skipped.extend(skipped);
    Ok(())
}

fn one(results: &[Results]) -> Result<Results> {
    results.first().cloned().ok_or_else(|| Error::Missing("nothing was measured".into()))
}

/// Compares with a file or a commit.
fn hold_against(base: &str, new: Option<&Path>, plan: &Plan, inputs: &Inputs) -> Result<ExitCode> {
    let (before, after, pairing) = match base::find(inputs.root(), base)? {
        Base::File(file) => {
            let before = Results::read(&file)?;
            let after = match new {
                Some(file) => Results::read(file)?,
                // As the file was made, so that the sizes are the same.
                None => {
                    let mut again = match before.settings.mode.as_str() {
                        "full" => Plan::full(),
                        _ => Plan { rounds: plan.rounds, ..Plan::quick() },
                    };
                    again.only.clone_from(&plan.only);
                    let results = one(&run::run(&[Build::this()?], &again, inputs)?)?;
                    results.write(&run::place(inputs.root(), &results, ""))?;
                    results
                }
            };
            (before, after, Pairing::Apart)
        }
        Base::Commit(commit) => {
            if new.is_some() {
                return Err(Error::Missing(
                    "a commit is measured beside this build, not beside a file".into(),
                ));
            }
            eprintln!("bench: building {base}");
            let built = base::build(inputs.root(), &commit)?;
            let results = run::run(&[built, Build::this()?], plan, inputs)?;
            let [mut before, after] = <[Results; 2]>::try_from(results)
                .map_err(|_| Error::Missing("one of the two builds was not measured".into()))?;
            before.commit = commit.chars().take(10).collect();
            before.changed = false;
            before.write(&run::place(inputs.root(), &before, "-base"))?;
            after.write(&run::place(inputs.root(), &after, "-new"))?;
            (before, after, Pairing::Interleaved)
        }
    };
    let rows = compare::compare(&before, &after, pairing)?;
    print!("{}", compare::table(&before, &after, &rows, pairing));
    Ok(if compare::fails(&rows) { ExitCode::from(LOSS) } else { ExitCode::SUCCESS })
}
