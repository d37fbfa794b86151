//! The file of results, `vanthu.bench/1`: every sample with what it was measured on. `docs/benchmarks.md` tells its fields.

use crate::error::{Error, Result};
use crate::stats::{self, Interval};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Names the form of the file.
pub const SCHEMA: &str = "vanthu.bench/1";

/// All that one run has measured.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Results {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// When the run began, UTC, such as 2026-01-31T09:00:00Z.
    pub made: String,
    /// The commit measured, ten digits; empty outside a repository.
    pub commit: String,
    /// Whether files differed from that commit.
    pub changed: bool,
    /// What it was measured on.
    pub machine: Machine,
    /// Versions of programs, by name.
    pub versions: BTreeMap<String, String>,
    /// How it was measured.
    pub settings: Settings,
    /// Speed, memory and growth.
    pub cases: Vec<CaseResult>,
    /// Instructions of the hot paths.
    #[serde(default)]
    pub instructions: Vec<Instructions>,
    /// Other tools, and vanthu as one of them.
    #[serde(default)]
    pub peers: Vec<PeerResult>,
    /// What `vanthu eval --format json` prints, where the program has that command.
    #[serde(default)]
    pub accuracy: Option<serde_json::Value>,
    /// What was left out, and why.
    #[serde(default)]
    pub skipped: Vec<String>,
}

/// The machine.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Machine {
    /// Name of the processor.
    pub processor: String,
    /// Cores that may be used.
    pub cores: usize,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// The system and its kernel.
    pub system: String,
    /// Mean number of busy processes over a minute when the run began, and when it ended: what else the machine did.
    pub load: [f64; 2],
}

/// How was measured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Settings {
    /// `quick`, `full` or `compare`.
    pub mode: String,
    /// Rounds of the usual case.
    pub rounds: usize,
    /// Seconds of sampling a round of the usual case.
    pub seconds: f64,
    /// Seed of the inputs.
    pub seed: u64,
}

/// Which clock a figure goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Processor time: other work on the machine does not count.
    Processor,
    /// Time on the wall, for what is meant to use several cores.
    Wall,
}

/// A case at all its sizes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseResult {
    /// Such as `restore.stripped`.
    pub name: String,
    /// What is measured, in a few words.
    pub what: String,
    /// What is counted: `pages`, `syllables`, `bytes`, `pixels`, `texts`, `records`, `starts`.
    pub unit: String,
    /// Which clock the figure goes by.
    pub clock: Clock,
    /// By size.
    pub sizes: Vec<SizeResult>,
}

/// A case at one size.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SizeResult {
    /// The size as a multiple of the smallest: 1, 10 or 100.
    pub scale: u32,
    /// Units of work in a run.
    pub amount: f64,
    /// A number that the work gave; the same in every round, and on another commit as long as the output is the same.
    pub tally: u64,
    /// One process each.
    pub rounds: Vec<Round>,
}

/// What one process measured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Round {
    /// Samples: seconds a run on the wall.
    pub wall: Vec<f64>,
    /// The same samples in processor seconds.
    pub processor: Vec<f64>,
    /// Runs in a sample.
    pub runs: u32,
    /// The most memory held while it worked, in KiB: of the process, or of the largest one that it started.
    pub peak_kib: u64,
    /// Memory held before, with models and inputs, in KiB.
    pub held_kib: u64,
}

/// The count of a hot path.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Instructions {
    /// The case.
    pub name: String,
    /// Instructions of a run.
    pub instructions: u64,
    /// Units of work in a run.
    pub amount: f64,
    /// What is counted.
    pub unit: String,
}

/// One tool at one task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PeerResult {
    /// `ocr`, `pdf`, `restore`, `repair` or `convert`.
    pub task: String,
    /// The tool.
    pub name: String,
    /// Units of work.
    pub amount: f64,
    /// What is counted.
    pub unit: String,
    /// Processor seconds.
    pub processor: f64,
    /// Seconds on the wall, on one core.
    pub wall: f64,
    /// The most memory of one of its processes, in KiB.
    pub peak_kib: u64,
    /// Syllables of the true text.
    pub syllables: usize,
    /// Share of them that came out right and in order; below 0 where more is wrong than there was to read.
    pub right: f64,
    /// The same whatever their order.
    pub right_any_order: f64,
    /// Edits a character of the true text.
    #[serde(default)]
    pub character_errors: f64,
    /// Inputs that gave no text.
    pub without_text: usize,
}

impl CaseResult {
    /// Seconds a unit of each round at one size: its best sample by the clock of the case.
    pub fn times(&self, size: &SizeResult) -> Vec<f64> {
        let best = |r: &Round| match self.clock {
            Clock::Processor => stats::least(&r.processor),
            Clock::Wall => stats::least(&r.wall),
        };
        size.rounds.iter().map(|r| best(r) / size.amount).filter(|t| t.is_finite() && *t > 0.0).collect()
    }

    /// The size whose figure is told: the middle one, or the only one.
    pub fn main_size(&self) -> Option<&SizeResult> {
        self.sizes.iter().find(|s| s.scale == 10).or(self.sizes.first())
    }

    /// Units a second, with its interval.
    pub fn rate(&self, confidence: f64) -> Option<Interval> {
        let rates: Vec<f64> = self.times(self.main_size()?).iter().map(|t| 1.0 / t).collect();
        (!rates.is_empty()).then(|| stats::median_interval(&rates, confidence))
    }

    /// How time grows with size.
    pub fn growth(&self, confidence: f64) -> Option<Interval> {
        let points: Vec<(f64, Vec<f64>)> = self
            .sizes
            .iter()
            .map(|s| (s.amount, self.times(s).iter().map(|t| t * s.amount).collect()))
            .collect();
        stats::slope(&points, confidence)
    }

    /// The most memory at the largest size, in MiB: the median of the rounds.
    pub fn peak_mib(&self) -> Option<f64> {
        let peaks =
            |s: &SizeResult| s.rounds.iter().map(|r| r.peak_kib as f64 / 1024.0).collect::<Vec<f64>>();
        self.sizes.last().map(|s| stats::median(&peaks(s))).filter(|m| *m > 0.0)
    }
}

impl Results {
    /// Reads a file.
    ///
    /// # Errors
    /// The system's, and [`Error::Form`] for what is no such file.
    pub fn read(path: &Path) -> Result<Results> {
        let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
        let form = |what: String| Error::Form { path: path.to_path_buf(), what };
        let results: Results = serde_json::from_str(&text).map_err(|e| form(e.to_string()))?;
        match results.schema == SCHEMA {
            true => Ok(results),
            false => Err(form(format!("it is of the form {}, not {SCHEMA}", results.schema))),
        }
    }

    /// Writes a file; its folder is made where it is missing.
    ///
    /// # Errors
    /// The system's.
    pub fn write(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        }
        let mut text = serde_json::to_string_pretty(self).map_err(Error::stage)?;
        text.push('\n');
        std::fs::write(path, text).map_err(Error::io(path))
    }

    /// A case by its name.
    pub fn case(&self, name: &str) -> Option<&CaseResult> {
        self.cases.iter().find(|c| c.name == name)
    }
}
