//! Everything whose speed is measured. A case is a line in one of these lists; `docs/benchmarks.md` tells how to add one.

mod batch;
mod export;
mod page;
#[cfg(feature = "steps")]
mod picture;
mod text;

use crate::error::{Error, Result};
use crate::inputs::Inputs;
use crate::results::Clock;

/// Something to measure.
pub struct Case {
    /// Stage and what of it, such as `restore.stripped`.
    pub name: &'static str,
    /// What a run does, in a few words.
    pub what: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// Which clock counts.
    pub clock: Clock,
    /// Sizes, as multiples of the smallest.
    pub scales: &'static [u32],
    /// How it is sampled.
    pub pace: Pace,
    /// Whether its instructions are counted.
    pub hot: bool,
    /// Makes its inputs at a size and gives what is to be timed.
    pub prepare: fn(&Inputs, u32) -> Result<Work>,
}

/// How a case is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Once to warm up, then for as long as the settings say.
    Warm,
    /// As it comes: each sample begins with nothing remembered.
    Cold,
    /// Once a round and in fewer rounds: it takes seconds.
    Slow,
}

/// Work that is ready to be timed.
pub struct Work {
    /// Units of work in a run.
    pub amount: f64,
    /// A run. It gives a number that tells its output from another one.
    pub run: Box<dyn FnMut() -> Result<u64>>,
}

impl Work {
    /// Work of `amount` units.
    pub fn new(amount: f64, run: impl FnMut() -> Result<u64> + 'static) -> Self {
        Self { amount, run: Box::new(run) }
    }
}

/// Three sizes, each ten times the one before.
const GROWING: &[u32] = &[1, 10, 100];

/// All cases, in the order of the data.
pub fn all() -> Vec<&'static Case> {
    let steps: &[Case] = {
        #[cfg(feature = "steps")]
        {
            &picture::CASES
        }
        #[cfg(not(feature = "steps"))]
        {
            &[]
        }
    };
    let lists =
        [text::READING, &page::CASES, steps, text::CASES, &export::CASES, &page::WHOLE, &batch::CASES];
    lists.into_iter().flatten().collect()
}

/// The case called `name`.
///
/// # Errors
/// Where there is none.
pub fn named(name: &str) -> Result<&'static Case> {
    all()
        .into_iter()
        .find(|c| c.name == name)
        .ok_or_else(|| Error::Missing(format!("there is no case {name}; `vanthu-bench list` names them")))
}

/// A number that tells `bytes` from others (64-bit FNV-1a).
fn tally(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_distinct_and_sizes_grow() {
        let cases = all();
        assert_eq!(cases.iter().map(|c| c.name).collect::<HashSet<_>>().len(), cases.len());
        for case in cases {
            assert!(case.scales.is_sorted() && !case.scales.is_empty(), "{}", case.name);
            assert!(named(case.name).is_ok());
        }
        assert!(named("nothing").is_err());
    }
}
