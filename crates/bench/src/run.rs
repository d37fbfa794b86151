//! A whole run: rounds of all cases, the rounds of each spread over the run, so that a busy minute of the machine hits a
//! round of many cases and not all rounds of one.

use crate::cases::{Case, Pace, all};
use crate::error::{Error, Result};
use crate::inputs::{Inputs, SEED};
use crate::machine;
use crate::measure::{Build, Order, make_ready};
use crate::results::{CaseResult, Results, SCHEMA, Settings, SizeResult};
use crate::tools;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// What is measured, and how much.
#[derive(Debug, Clone)]
pub struct Plan {
    /// `quick`, `full` or `compare`.
    pub mode: &'static str,
    /// Rounds of the usual case; slow cases have a half of them, at the largest size two.
    pub rounds: usize,
    /// Seconds of sampling in a round of the usual case.
    pub seconds: f64,
    /// Whether all sizes are measured, or the one whose figure is told.
    pub growth: bool,
    /// Only cases whose names hold one of these; all where there are none.
    pub only: Vec<String>,
}

impl Plan {
    /// Under two minutes.
    pub fn quick() -> Self {
        Self { mode: "quick", rounds: 5, seconds: 0.12, growth: false, only: Vec::new() }
    }

    /// All sizes.
    pub fn full() -> Self {
        Self { mode: "full", rounds: 6, seconds: 0.25, growth: true, only: Vec::new() }
    }

    /// Two builds, one size, more rounds.
    pub fn compare() -> Self {
        Self { mode: "compare", rounds: 10, ..Self::quick() }
    }

    /// The cases asked for.
    ///
    /// # Errors
    /// Where no name holds what was asked for.
    pub fn cases(&self) -> Result<Vec<&'static Case>> {
        let wanted =
            |c: &&Case| self.only.is_empty() || self.only.iter().any(|o| c.name.contains(o.as_str()));
        let cases: Vec<&Case> = all().into_iter().filter(wanted).collect();
        match cases.is_empty() {
            true => Err(Error::Missing(format!("no case is called {}", self.only.join(" or ")))),
            false => Ok(cases),
        }
    }

    /// The sizes of a case that are measured.
    fn scales(&self, case: &Case) -> Vec<u32> {
        let told = match case.pace {
            // One page tells of OCR what ten do.
            Pace::Slow if case.name != "batch.texts" && case.name != "batch.again" => case.scales.first(),
            _ => case.scales.iter().find(|s| **s == 10).or(case.scales.first()),
        };
        match self.growth {
            true => case.scales.to_vec(),
            false => told.copied().into_iter().collect(),
        }
    }

    /// Whether a round of a case at a size takes place.
    fn takes_place(&self, case: &Case, scale: u32, round: usize) -> bool {
        let every = match (case.pace, scale) {
            (Pace::Slow, 100) => self.rounds.div_ceil(2),
            (Pace::Slow, 10) if self.growth => self.rounds.div_ceil(2),
            (Pace::Slow, _) | (_, 100) => 2,
            _ => 1,
        };
        round.is_multiple_of(every.max(1))
    }
}

/// Measures all builds, round for round one after the other, and gives a result for each.
///
/// # Errors
/// What one of them fails on.
pub fn run(builds: &[Build], plan: &Plan, inputs: &Inputs) -> Result<Vec<Results>> {
    let cases = plan.cases()?;
    let mut load = [machine::load(); 2];
    let made = machine::now();
    make_ready(inputs, if plan.growth { &[1, 10, 100] } else { &[1, 10] })?;
    let mut found: Vec<Vec<CaseResult>> =
        builds.iter().map(|_| cases.iter().map(|c| empty(c)).collect()).collect();
    let mut missing: Vec<Vec<String>> = vec![Vec::new(); builds.len()];
    for round in 0..plan.rounds {
        for (at, case) in cases.iter().enumerate() {
            tell(&format!("round {} of {}: {}", round + 1, plan.rounds, case.name));
            for scale in plan.scales(case) {
                if !plan.takes_place(case, scale, round) {
                    continue;
                }
                // Who goes first changes, so that neither always finds the machine warm.
                let mut turn: Vec<usize> = (0..builds.len()).collect();
                if round % 2 == 1 {
                    turn.reverse();
                }
                for b in turn {
                    let order = Order { case, scale, seconds: plan.seconds };
                    match builds[b].measure(order, inputs) {
                        Ok(measured) => {
                            let size = size_of(&mut found[b][at], scale);
                            size.amount = measured.amount;
                            size.tally = measured.tally;
                            size.rounds.push(measured.round);
                        }
                        // Another commit may lack a case, or a machine a component.
                        Err(e) if round == 0 => missing[b].push(format!("{}: {e}", case.name)),
                        Err(_) if missing[b].iter().any(|m| m.starts_with(case.name)) => {}
                        Err(e) => return Err(e),
                    }
                }
            }
        }
    }
    tell("");
    load[1] = machine::load();
    let root = inputs.root();
    Ok(found
        .into_iter()
        .zip(missing)
        .map(|(cases, skipped)| Results {
            schema: SCHEMA.to_owned(),
            made: made.clone(),
            commit: tools::git(root, &["rev-parse", "--short=10", "HEAD"]).unwrap_or_default(),
            changed: tools::git(root, &["status", "--porcelain", "--untracked-files=no"])
                .is_some_and(|l| !l.is_empty()),
            machine: crate::results::Machine { load, ..machine::machine() },
            versions: machine::versions(),
            settings: Settings {
                mode: plan.mode.to_owned(),
                rounds: plan.rounds,
                seconds: plan.seconds,
                seed: SEED,
            },
            cases: cases.into_iter().filter(|c| !c.sizes.is_empty()).collect(),
            instructions: Vec::new(),
            peers: Vec::new(),
            accuracy: None,
            skipped,
        })
        .collect())
}

fn empty(case: &Case) -> CaseResult {
    CaseResult {
        name: case.name.to_owned(),
        what: case.what.to_owned(),
        unit: case.unit.to_owned(),
        clock: case.clock,
        sizes: Vec::new(),
    }
}

fn size_of(case: &mut CaseResult, scale: u32) -> &mut SizeResult {
    let at = case.sizes.iter().position(|s| s.scale == scale).unwrap_or_else(|| {
        case.sizes.push(SizeResult { scale, amount: 0.0, tally: 0, rounds: Vec::new() });
        case.sizes.len() - 1
    });
    &mut case.sizes[at]
}

/// Tells on a terminal what goes on, in a line that the next one takes.
pub fn tell(what: &str) {
    let mut to = std::io::stderr();
    if to.is_terminal() {
        // Nobody is to be told where the terminal has gone.
        let _ = write!(to, "\r\x1b[K{what}");
        let _ = to.flush();
    }
}

/// Where the results of a run go: `benches/results/<date>-<commit>.json` below `root`.
pub fn place(root: &Path, results: &Results, what: &str) -> std::path::PathBuf {
    let stamp = results.made.replace(':', "").replace('T', "-").trim_end_matches('Z').to_owned();
    let commit = if results.commit.is_empty() { "unknown" } else { &results.commit };
    root.join("benches/results").join(format!("{stamp}-{commit}{what}.json"))
}
