//! One round of one case at one size, in a process of its own: so that memory can be told, and no case warms another up.

use crate::cases::{Case, Pace, Work, named};
use crate::error::{Error, Result};
use crate::inputs::Inputs;
use crate::results::Round;
use crate::tools;
use crate::usage;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A sample takes at least so long: shorter runs are repeated within it, so that the clock's own cost does not show.
const SAMPLE: Duration = Duration::from_millis(4);

/// Samples of a round beyond which nothing is gained.
const MOST_SAMPLES: usize = 50;

/// A round has so many at least, if they are short; the best of one tells little.
const FEW_SAMPLES: usize = 3;

/// A sample that takes so many seconds is long.
const LONG: f64 = 0.1;

/// What a process tells of its round.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Measured {
    /// Units of work in a run.
    pub amount: f64,
    /// What the last run gave.
    pub tally: u64,
    /// The samples.
    pub round: Round,
}

/// What to measure, and how long.
#[derive(Clone, Copy)]
pub struct Order {
    /// The case.
    pub case: &'static Case,
    /// Its size.
    pub scale: u32,
    /// Seconds of sampling.
    pub seconds: f64,
}

/// A build whose speed is measured: the program, and where its inputs come from.
#[derive(Debug, Clone)]
pub struct Build {
    /// The program `vanthu-bench` of the build.
    pub program: PathBuf,
}

impl Build {
    /// That of the running program.
    ///
    /// # Errors
    /// The system's.
    pub fn this() -> Result<Self> {
        Ok(Self { program: tools::this()? })
    }

    /// Has a process of the build measure one round.
    ///
    /// # Errors
    /// Where it fails.
    pub fn measure(&self, order: Order, inputs: &Inputs) -> Result<Measured> {
        let mut command = self.command(inputs);
        command.arg("measure").arg(order.case.name);
        command.args(["--scale", &order.scale.to_string(), "--seconds", &order.seconds.to_string()]);
        let output = tools::output(&mut command)?;
        serde_json::from_slice(&output.stdout).map_err(Error::stage)
    }

    /// A call of the build on `inputs`, on one thread.
    fn command(&self, inputs: &Inputs) -> Command {
        let mut command = Command::new(&self.program);
        command.env("RAYON_NUM_THREADS", "1").env("OMP_THREAD_LIMIT", "1").env("LC_ALL", "C.UTF-8");
        command.arg("--root").arg(inputs.root()).arg("--work").arg(inputs.work());
        command
    }
}

/// Measures a round in this process and prints it as JSON.
///
/// # Errors
/// What the stage says of our inputs.
pub fn measure(name: &str, scale: u32, seconds: f64, inputs: &Inputs) -> Result<Measured> {
    let case = named(name)?;
    let mut work = (case.prepare)(inputs, scale)?;
    let held_kib = usage::resident_kib();
    usage::forget_peak();
    let mut tally = 0;
    let mut took = Duration::ZERO;
    if case.pace == Pace::Warm {
        let began = Instant::now();
        tally = (work.run)()?;
        took = began.elapsed();
    }
    let runs = match case.pace {
        Pace::Warm => {
            SAMPLE.div_duration_f64(took.max(Duration::from_nanos(1))).ceil().clamp(1.0, 1e6) as u32
        }
        Pace::Cold | Pace::Slow => 1,
    };
    let time = Duration::from_secs_f64(if case.pace == Pace::Slow { 0.0 } else { seconds });
    let mut round = Round { runs, held_kib, ..Round::default() };
    let began = Instant::now();
    loop {
        let (wall, processor) = sample(&mut work, runs, &mut tally)?;
        round.wall.push(wall);
        round.processor.push(processor);
        let spent = began.elapsed() + took;
        let enough = round.wall.len() >= FEW_SAMPLES || wall > LONG || case.pace == Pace::Slow;
        if round.wall.len() >= MOST_SAMPLES || (spent >= time && enough) {
            break;
        }
    }
    let child = usage::largest_child_kib();
    round.peak_kib = if child > 0 { child } else { usage::peak_kib() };
    Ok(Measured { amount: work.amount, tally, round })
}

/// Seconds a run, on the wall and of the processor.
fn sample(work: &mut Work, runs: u32, tally: &mut u64) -> Result<(f64, f64)> {
    let processor = || usage::own_processor() + usage::children_processor();
    let (wall, before) = (Instant::now(), processor());
    for _ in 0..runs {
        *tally = std::hint::black_box((work.run)()?);
    }
    let (wall, processor) = (wall.elapsed(), processor().saturating_sub(before));
    Ok((wall.as_secs_f64() / f64::from(runs), processor.as_secs_f64() / f64::from(runs)))
}

/// Runs a case once to warm up and `times` times more, for a program that counts from outside. Gives its units of work.
///
/// # Errors
/// What the stage says of our inputs.
pub fn repeat(name: &str, scale: u32, times: u32, inputs: &Inputs) -> Result<f64> {
    let mut work = (named(name)?.prepare)(inputs, scale)?;
    for _ in 0..=times {
        std::hint::black_box((work.run)()?);
    }
    Ok(work.amount)
}

/// Makes what many cases share, so that no round has to.
///
/// # Errors
/// Where fonts are missing, and the system's.
pub fn make_ready(inputs: &Inputs, scales: &[u32]) -> Result<()> {
    std::fs::create_dir_all(inputs.work()).map_err(Error::io(inputs.work()))?;
    for &scale in scales {
        inputs.pdf(scale as usize)?;
        inputs.strips(scale as usize)?;
    }
    inputs.scanned_page(true)?;
    inputs.scanned_page(false)?;
    Ok(())
}

/// The root of the repository: where this program was built from, unless that has moved; then the working folder.
pub fn repository() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match built.join("fixtures").is_dir() {
        true => built.canonicalize().unwrap_or(built),
        false => PathBuf::from("."),
    }
}
