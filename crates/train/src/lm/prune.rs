//! Entropy pruning of a back-off model (Stolcke 1998, "Entropy-based pruning of backoff language models").

use super::estimate::Level;
use super::{Key, Table, context, tail};
use rayon::prelude::*;

/// Drops from `levels[1..]` the n-grams whose loss raises the model's relative entropy by less than `threshold` for
/// their order (`thresholds[0]` for bigrams), highest order first; n-grams that others build on stay. Back-off
/// weights are computed anew.
pub fn prune(levels: &mut [Level], thresholds: &[f64]) {
    let total: f64 = levels[0].count.iter().map(|&c| f64::from(c)).sum();
    for n in (2..=levels.len()).rev() {
        let threshold = thresholds[n - 2];
        let (low, high) = levels.split_at_mut(n - 1);
        let lower = &low[n - 2];
        let Some((level, above)) = high.split_first_mut() else { return };
        let needed = needed_contexts(level, above.first());
        let keep: Vec<bool> = level
            .table
            .groups()
            .par_iter()
            .flat_map_iter(|g| {
                let ctx = context(level.table.keys[g.start]);
                let j = lower.table.find(ctx);
                let ctx_p = j.map_or(0.0, |j| f64::from(lower.count[j]) / total);
                keep_of_group(level, lower, g.clone(), ctx_p, threshold, &needed)
            })
            .collect();
        retain(level, &keep);
        backoffs(&mut low[n - 2], level);
        println!("order {n}: {} n-grams kept", level.table.keys.len());
    }
}

/// Whether each n-gram of `level` is the context of one above.
fn needed_contexts(level: &Level, above: Option<&Level>) -> Vec<bool> {
    let mut needed = vec![false; level.table.keys.len()];
    if let Some(above) = above {
        for &k in &above.table.keys {
            if let Some(i) = level.table.find(context(k)) {
                needed[i] = true;
            }
        }
    }
    needed
}

fn keep_of_group(
    level: &Level,
    lower: &Level,
    group: std::ops::Range<usize>,
    ctx_p: f64,
    threshold: f64,
    needed: &[bool],
) -> Vec<bool> {
    let n = level.table.n;
    let low =
        |i: usize| lower.table.find(tail(level.table.keys[i], n)).map_or(1e-9, |j| f64::from(lower.p[j]));
    let (mut mass, mut low_mass) = (0.0f64, 0.0f64);
    let lows: Vec<f64> = group.clone().map(low).collect();
    for (i, l) in group.clone().zip(&lows) {
        mass += f64::from(level.p[i]);
        low_mass += l;
    }
    let rest = (1.0 - mass).max(1e-9);
    let low_rest = (1.0 - low_mass).max(1e-9);
    let bow = rest / low_rest;
    group
        .zip(lows)
        .map(|(i, l)| {
            if needed[i] {
                return true;
            }
            let p = f64::from(level.p[i]);
            let bow_without = (rest + p) / (low_rest + l);
            let loss =
                -ctx_p * (p * (l.ln() + bow_without.ln() - p.ln()) + rest * (bow_without.ln() - bow.ln()));
            loss > threshold
        })
        .collect()
}

fn retain(level: &mut Level, keep: &[bool]) {
    let n = level.table.n;
    let pick = |v: &[f32]| v.iter().zip(keep).filter(|(_, k)| **k).map(|(x, _)| *x).collect::<Vec<f32>>();
    let keys: Vec<Key> = level.table.keys.iter().zip(keep).filter(|(_, k)| **k).map(|(x, _)| *x).collect();
    level.p = pick(&level.p);
    level.bow = pick(&level.bow);
    level.count = level.count.iter().zip(keep).filter(|(_, k)| **k).map(|(x, _)| *x).collect();
    level.table = Table::new(n, keys);
}

/// Back-off weights of the contexts in `lower` for the n-grams left in `level`.
fn backoffs(lower: &mut Level, level: &Level) {
    lower.bow.iter_mut().for_each(|b| *b = 1.0);
    for g in level.table.groups() {
        let ctx = context(level.table.keys[g.start]);
        let (mut mass, mut low_mass) = (0.0f64, 0.0f64);
        for i in g {
            mass += f64::from(level.p[i]);
            low_mass += lower
                .table
                .find(tail(level.table.keys[i], level.table.n))
                .map_or(0.0, |j| f64::from(lower.p[j]));
        }
        if let Some(j) = lower.table.find(ctx) {
            lower.bow[j] = ((1.0 - mass).max(1e-6) / (1.0 - low_mass).max(1e-6)) as f32;
        }
    }
}
