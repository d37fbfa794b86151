//! Learns a channel table from pairs of printed and recognised lines.
//!
//! Expectation-maximisation over all ways to cut the recognised line into one piece of zero to three characters for each
//! printed character (forward-backward within a band), as Brill & Moore (2000) train their error model, with soft
//! counts.

use crate::corpus::for_each_line;
use diacritic_restorer::channel::MAX_PIECE;
use diacritic_restorer::syllable::base_letter;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use unicode_normalization::UnicodeNormalization;

/// A line as printed and as read.
pub struct Pair {
    printed: Vec<char>,
    read: Vec<char>,
}

type Key = (char, [char; MAX_PIECE], u8);

fn key(c: char, piece: &[char]) -> Key {
    let mut p = ['\0'; MAX_PIECE];
    p[..piece.len()].copy_from_slice(piece);
    (c, p, piece.len() as u8)
}

/// Reads tab-separated `page, setting, printed, read` rows; rows with an empty side are left out, and so are those
/// whose lengths differ by more than half, where the two lines were not the same print.
pub fn read_pairs(files: &[PathBuf]) -> std::io::Result<Vec<Pair>> {
    let mut out = Vec::new();
    for file in files {
        for_each_line(file, |row| {
            let mut fields = row.split('\t').skip(2);
            let (Some(printed), Some(read)) = (fields.next(), fields.next()) else { return };
            let chars = |s: &str| -> Vec<char> {
                s.split_whitespace().collect::<Vec<_>>().join(" ").nfc().filter(|c| !c.is_control()).collect()
            };
            let (printed, read) = (chars(printed), chars(read));
            let (a, b) = (printed.len().max(1), read.len());
            if b > 0 && b * 2 > a && b * 2 < a * 3 {
                out.push(Pair { printed, read });
            }
        })?;
    }
    Ok(out)
}

/// Half the width of the band around the diagonal, in characters.
const BAND: usize = 14;

/// Piece probabilities, first guessed, then learned.
struct Table {
    p: FxHashMap<Key, f64>,
}

impl Table {
    fn p(&self, c: char, piece: &[char]) -> f64 {
        self.p.get(&key(c, piece)).copied().unwrap_or(0.0) + guess(c, piece)
    }
}

/// Before anything is known, and as a floor after: the letter itself, its base letter, anything else.
fn guess(c: char, piece: &[char]) -> f64 {
    match piece {
        [] => 1e-4,
        [d] if *d == c => 1e-2,
        [d] if base_letter(*d).eq_ignore_ascii_case(&base_letter(c)) => 1e-3,
        [_] => 1e-6,
        [_, _] => 1e-9,
        _ => 1e-12,
    }
}

/// Soft counts of one pair under `table`, and its log-likelihood.
fn expect(pair: &Pair, table: &Table, counts: &mut FxHashMap<Key, f64>) -> f64 {
    let (n, m) = (pair.printed.len(), pair.read.len());
    let lo = |i: usize| (i * m / n.max(1)).saturating_sub(BAND);
    let hi = |i: usize| (i * m / n.max(1) + BAND).min(m);
    let width = 2 * BAND + 2;
    let mut alpha = vec![0f64; (n + 1) * width];
    let mut scale = vec![1f64; n + 1];
    alpha[0] = 1.0;
    // Emissions are looked up once and used in both passes.
    let mut steps: Vec<Vec<(usize, usize, f64)>> = Vec::with_capacity(n);
    for i in 0..n {
        let mut here = Vec::new();
        let mut sum = 0.0;
        for j in lo(i)..=hi(i) {
            let a = alpha[i * width + j - lo(i)];
            if a <= 0.0 {
                continue;
            }
            for len in 0..=MAX_PIECE.min(m - j) {
                let to = j + len;
                if to < lo(i + 1) || to > hi(i + 1) {
                    continue;
                }
                let p = table.p(pair.printed[i], &pair.read[j..to]);
                alpha[(i + 1) * width + to - lo(i + 1)] += a * p;
                sum += a * p;
                here.push((j, len, p));
            }
        }
        if sum <= 0.0 {
            return 0.0;
        }
        scale[i + 1] = sum;
        alpha[(i + 1) * width..(i + 2) * width].iter_mut().for_each(|a| *a /= sum);
        steps.push(here);
    }
    let end = alpha[n * width + m - lo(n)];
    if end <= 0.0 {
        return 0.0;
    }
    let mut beta = vec![0f64; (n + 1) * width];
    beta[n * width + m - lo(n)] = 1.0;
    for i in (0..n).rev() {
        for &(j, len, p) in &steps[i] {
            let b = beta[(i + 1) * width + j + len - lo(i + 1)] * p / scale[i + 1];
            beta[i * width + j - lo(i)] += b;
            let posterior = alpha[i * width + j - lo(i)] * b / end;
            if posterior > 1e-3 {
                *counts.entry(key(pair.printed[i], &pair.read[j..j + len])).or_default() += posterior;
            }
        }
    }
    scale.iter().map(|s| s.ln()).sum::<f64>() + end.ln()
}

/// What was learned.
pub struct Learned {
    counts: FxHashMap<Key, f64>,
    /// Lines used.
    pub lines: usize,
    /// Log-likelihood of each round, in nats a printed character.
    pub rounds: Vec<f64>,
}

/// `rounds` rounds of expectation-maximisation.
pub fn learn(pairs: &[Pair], rounds: usize) -> Learned {
    let mut table = Table { p: FxHashMap::default() };
    let printed: usize = pairs.iter().map(|p| p.printed.len()).sum();
    let mut learned = Learned { counts: FxHashMap::default(), lines: pairs.len(), rounds: Vec::new() };
    for _ in 0..rounds {
        let parts: Vec<(FxHashMap<Key, f64>, f64)> = pairs
            .par_chunks(500)
            .map(|chunk| {
                let mut counts = FxHashMap::default();
                let likelihood = chunk.iter().map(|p| expect(p, &table, &mut counts)).sum();
                (counts, likelihood)
            })
            .collect();
        let mut counts: FxHashMap<Key, f64> = FxHashMap::default();
        let mut likelihood = 0.0;
        for (part, l) in parts {
            likelihood += l;
            for (k, v) in part {
                *counts.entry(k).or_default() += v;
            }
        }
        let mut totals: FxHashMap<char, f64> = FxHashMap::default();
        for (k, v) in &counts {
            *totals.entry(k.0).or_default() += v;
        }
        table.p = counts.iter().map(|(k, v)| (*k, v / totals[&k.0])).collect();
        learned.counts = counts;
        learned.rounds.push(likelihood / printed.max(1) as f64);
    }
    learned
}

impl Learned {
    /// The table as text, pieces counted at least `least` times, with the data's figures as comments.
    pub fn write(&self, least: f64, title: &str) -> String {
        let mut totals: FxHashMap<char, f64> = FxHashMap::default();
        for (k, v) in &self.counts {
            *totals.entry(k.0).or_default() += v;
        }
        let mut rows: Vec<(&Key, &f64)> = self.counts.iter().filter(|(_, v)| **v >= least).collect();
        rows.sort_by(|a, b| a.0.0.cmp(&b.0.0).then(b.1.total_cmp(a.1)).then(a.0.cmp(b.0)));
        let printed: f64 = totals.values().sum();
        let mut out = format!(
            "# {title}: printed character, piece that was read, natural log-probability.\n# Learned from {} lines, {printed:.0} characters; pieces counted {least} times or more.\n",
            self.lines
        );
        let show = |c: char| if c == ' ' { '␣' } else { c };
        for (k, v) in rows {
            // One unseen piece is added to each character's total, so that rare letters are not too sure.
            let p = (v / (totals[&k.0] + 1.0)).ln();
            let piece: String = k.1[..usize::from(k.2)].iter().map(|&c| show(c)).collect();
            let _ = writeln!(out, "{}\t{piece}\t{p:.3}", show(k.0));
        }
        out
    }
}
