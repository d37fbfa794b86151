//! Interpolated absolute discounting with three discounts an order (Chen & Goodman 1998, "modified"), over plain
//! counts or, below the highest order, over continuation counts (Kneser-Ney).

use super::{Key, ORDER, Table, context, counts, tail};
use crate::corpus::Text;
use crate::lm::counts::Vocabulary;
use diacritic_restorer::lm::BEGIN;
use rayon::prelude::*;

/// Which counts the lower orders use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Smoothing {
    /// Plain counts: bears pruning well, since lower orders stay true marginals.
    Absolute,
    /// Continuation counts.
    KneserNey,
}

/// One order of the model in back-off form.
pub struct Level {
    /// The n-grams.
    pub table: Table,
    /// Natural probability of the last word given the others, interpolated.
    pub p: Vec<f32>,
    /// Back-off weight of the n-gram as a context of the next order; 1 where it is none.
    pub bow: Vec<f32>,
    /// Plain weighted counts.
    pub count: Vec<u32>,
}

/// Estimates all orders, lowest first.
pub fn estimate(text: &Text, vocabulary: &Vocabulary, smoothing: Smoothing) -> Vec<Level> {
    let mut raw: Vec<(Table, Vec<u32>)> = (1..=ORDER)
        .map(|n| {
            let (keys, counts) = counts::count(text, vocabulary, n);
            println!("order {n}: {} n-grams", keys.len());
            (Table::new(n, keys), counts)
        })
        .collect();
    let used: Vec<Vec<u32>> = (1..=ORDER)
        .map(|n| {
            let (table, plain) = &raw[n - 1];
            if smoothing == Smoothing::Absolute || n == ORDER {
                return plain.clone();
            }
            let mut cont = vec![0u32; table.keys.len()];
            for &k in &raw[n].0.keys {
                if let Some(i) = table.find(tail(k, n + 1)) {
                    cont[i] += 1;
                }
            }
            // N-grams that only ever begin a line have no continuation; their plain counts stand in.
            let begins = |k: Key| (k >> (16 * (n - 1))) as u16 == BEGIN;
            (0..cont.len()).map(|i| if begins(table.keys[i]) { plain[i] } else { cont[i].max(1) }).collect()
        })
        .collect();
    let mut levels: Vec<Level> = Vec::new();
    for (i, (table, count)) in raw.drain(..).enumerate() {
        let level = if i == 0 {
            unigrams(table, count, &used[0])
        } else {
            let (gamma, p) = interpolate(&table, &used[i], &levels[i - 1]);
            let lower = &mut levels[i - 1];
            for (ctx, g) in gamma {
                if let Some(j) = lower.table.find(ctx) {
                    lower.bow[j] = g;
                }
            }
            let bow = vec![1.0; p.len()];
            Level { table, p, bow, count }
        };
        levels.push(level);
    }
    levels
}

/// Unigrams, with the mass taken by the discount spread evenly. `BEGIN` is never predicted.
fn unigrams(table: Table, count: Vec<u32>, used: &[u32]) -> Level {
    let begin = |k: Key| k as u16 == BEGIN;
    let total: f64 =
        table.keys.iter().zip(used).filter(|(k, _)| !begin(**k)).map(|(_, &c)| f64::from(c)).sum();
    let words = table.keys.len().max(1) as f64;
    let d = 0.5;
    let left = d * words / total;
    let p = table
        .keys
        .iter()
        .zip(used)
        .map(
            |(&k, &c)| {
                if begin(k) { 1e-9 } else { ((f64::from(c) - d).max(0.0) / total + left / words) as f32 }
            },
        )
        .collect();
    let bow = vec![1.0; table.keys.len()];
    Level { table, p, bow, count }
}

/// Discounts for counts of one, two, and three or more.
fn discounts(used: &[u32]) -> [f64; 3] {
    let mut n = [0f64; 5];
    for &c in used {
        if (1..=4).contains(&c) {
            n[c as usize] += 1.0;
        }
    }
    let y = n[1] / (n[1] + 2.0 * n[2]).max(1.0);
    let d =
        |k: usize| (k as f64 - (k as f64 + 1.0) * y * n[k + 1] / n[k].max(1.0)).clamp(0.1, k as f64 * 0.95);
    [d(1), d(2), d(3)]
}

/// Probabilities of one order, and the back-off weight of each context.
fn interpolate(table: &Table, used: &[u32], lower: &Level) -> (Vec<(Key, f32)>, Vec<f32>) {
    let d = discounts(used);
    println!("order {}: discounts {:.3} {:.3} {:.3}", table.n, d[0], d[1], d[2]);
    let discount = |c: u32| d[(c.clamp(1, 3) - 1) as usize];
    let groups = table.groups();
    let parts: Vec<(f32, Vec<f32>)> = groups
        .par_iter()
        .map(|g| {
            let counts = &used[g.clone()];
            let total: f64 = counts.iter().map(|&c| f64::from(c)).sum();
            let gamma = counts.iter().map(|&c| discount(c)).sum::<f64>() / total;
            let p = g
                .clone()
                .map(|i| {
                    let low = lower.table.find(tail(table.keys[i], table.n)).map_or(0.0, |j| lower.p[j]);
                    ((f64::from(used[i]) - discount(used[i])) / total + gamma * f64::from(low)) as f32
                })
                .collect();
            (gamma as f32, p)
        })
        .collect();
    let mut gammas = Vec::with_capacity(groups.len());
    let mut p = Vec::with_capacity(table.keys.len());
    for (g, (gamma, ps)) in groups.iter().zip(parts) {
        gammas.push((context(table.keys[g.start]), gamma));
        p.extend(ps);
    }
    (gammas, p)
}
