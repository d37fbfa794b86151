//! Instructions of the hot paths, counted by Callgrind: unlike seconds they repeat, on a busy machine and from day to day.
//!
//! A case runs in two processes, once and three times after its warm-up; half of the difference is one run, without start
//! and inputs.

use crate::cases::{Case, all};
use crate::error::{Error, Result};
use crate::inputs::Inputs;
use crate::results::Instructions;
use crate::run::tell;
use crate::tools;
use std::path::Path;
use std::process::{Command, Stdio};

/// The runs of the two processes.
const TIMES: [u32; 2] = [1, 3];

/// Counts all hot paths at their smallest size, two at a time. `profiles` is a folder for the profiles, to be read with
/// `callgrind_annotate`.
///
/// # Errors
/// Where Valgrind is not there, or fails.
pub fn count(inputs: &Inputs, only: &[String], profiles: Option<&Path>) -> Result<Vec<Instructions>> {
    if tools::first_line("valgrind", &["--version"]).is_none() {
        return Err(Error::Missing("Valgrind is not there: run `scripts/setup.sh valgrind`".into()));
    }
    if let Some(folder) = profiles {
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    let wanted = |c: &&&Case| only.is_empty() || only.iter().any(|o| c.name.contains(o.as_str()));
    all().iter().filter(|c| c.hot).filter(wanted).map(|case| of_case(case, inputs, profiles)).collect()
}

fn of_case(case: &Case, inputs: &Inputs, profiles: Option<&Path>) -> Result<Instructions> {
    tell(&format!("instructions: {}", case.name));
    let started: Vec<_> = TIMES
        .into_iter()
        .map(|times| {
            let profile = match (profiles, times) {
                (Some(folder), 3) => folder.join(format!("{}.callgrind", case.name)),
                _ => "/dev/null".into(),
            };
            let mut command = Command::new("valgrind");
            command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", profile.display()));
            command.arg(tools::this()?).arg("--root").arg(inputs.root()).arg("--work").arg(inputs.work());
            command.args(["repeat", case.name, "--scale", "1", "--times", &times.to_string()]);
            command.env("RAYON_NUM_THREADS", "1").env("OMP_THREAD_LIMIT", "1");
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().map_err(|source| Error::Start { program: "valgrind".into(), source })
        })
        .collect::<Result<_>>()?;
    let mut counts = Vec::new();
    let mut amount = 0.0;
    for child in started {
        let output = child.wait_with_output().map_err(Error::stage)?;
        let said = String::from_utf8_lossy(&output.stderr);
        let count = collected(&said).filter(|_| output.status.success()).ok_or_else(|| Error::Failed {
            program: format!("valgrind on {}", case.name),
            said: said.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("without a word").to_owned(),
        })?;
        counts.push(count);
        amount = String::from_utf8_lossy(&output.stdout).trim().parse().map_err(Error::stage)?;
    }
    let runs = u64::from(TIMES[1] - TIMES[0]);
    let more = counts[1].saturating_sub(counts[0]);
    Ok(Instructions {
        name: case.name.to_owned(),
        instructions: more / runs,
        amount,
        unit: case.unit.to_owned(),
    })
}

/// The number of instructions in what Callgrind says at its end.
fn collected(said: &str) -> Option<u64> {
    let line = said.lines().find(|l| l.contains("Collected"))?;
    line.rsplit(':').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_found() {
        let said =
            "==1== Events    : Ir\n==1== Collected : 1234567\n==1== \n==1== I   refs:      1,234,567\n";
        assert_eq!(collected(said), Some(1_234_567));
        assert_eq!(collected("valgrind: failed"), None);
    }
}
