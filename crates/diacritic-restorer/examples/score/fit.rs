//! Fits the calibration table: isotonic regression by pooling adjacent violators, over bins of equal count.

use crate::measure::Judged;
use diacritic_restorer::calibration::regime_name;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Words in one bin.
const BIN: usize = 120;

struct Bin {
    posterior: f64,
    right: f64,
    words: f64,
}

impl Bin {
    /// One word in two counts as wrong for certain, so that no bin promises what it cannot know.
    fn probability(&self) -> f64 {
        (self.right + 0.25) / (self.words + 0.5)
    }
}

/// The table of what came true.
pub fn table(judged: &[Judged]) -> String {
    let mut maps: BTreeMap<(&str, &str), Vec<(f32, bool)>> = BTreeMap::new();
    for j in judged {
        let key = (regime_name(j.regime), j.evidence.name());
        maps.entry(key).or_default().push((j.posterior, j.right));
    }
    let mut out = String::from(
        "# From the decoder's posterior to the probability that a word is right: regime, evidence, posterior, probability.\n\
         # Isotonic regression on held-out pages; written by the program that docs/restorer.md names.\n",
    );
    for ((regime, evidence), mut words) in maps {
        if words.len() < 20 || matches!(regime, "good" | "foreign") {
            continue;
        }
        words.sort_by(|a, b| a.0.total_cmp(&b.0));
        for bin in isotonic(&words) {
            let _ = writeln!(out, "{regime}\t{evidence}\t{:.6}\t{:.4}", bin.posterior, bin.probability());
        }
    }
    out
}

fn isotonic(words: &[(f32, bool)]) -> Vec<Bin> {
    let mut bins: Vec<Bin> = Vec::new();
    for chunk in words.chunks(BIN.min(words.len() / 2).max(1)) {
        let posterior = chunk.iter().map(|w| f64::from(w.0)).sum::<f64>() / chunk.len() as f64;
        let right = chunk.iter().filter(|w| w.1).count() as f64;
        let mut bin = Bin { posterior, right, words: chunk.len() as f64 };
        // A bin that is less often right than the one below it, or of the same posterior, is one with it.
        let violates = |last: &Bin, bin: &Bin| {
            last.probability() >= bin.probability() || bin.posterior - last.posterior < 1e-6
        };
        while let Some(last) = bins.pop_if(|last| violates(last, &bin)) {
            let words = last.words + bin.words;
            bin = Bin {
                posterior: (last.posterior * last.words + bin.posterior * bin.words) / words,
                right: last.right + bin.right,
                words,
            };
        }
        bins.push(bin);
    }
    bins
}
