//! The net that tells tone marks: pages of syllables drawn by chance, scanned and read as any page is, each letter that
//! bears a tone beside what truly stands there.

mod fonts;
mod pages;

use crate::learn::{Sample, learn, report, temperature};
use extractor::tones::{CLASSES, FORM};
use pages::{Letter, Press};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use std::io::{Error, Result};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What `train tones` is told.
#[derive(clap::Args)]
pub struct TonesArgs {
    /// Valid syllables, one a line, most frequent first.
    #[arg(long, default_value = "dictionaries/syllables.txt")]
    syllables: PathBuf,
    /// Where to write the net.
    #[arg(long)]
    out: PathBuf,
    /// How many pages to make; the last tenth is kept aside.
    #[arg(long, default_value_t = 400)]
    pages: usize,
    /// How many samples to learn from; each letter is seen several times.
    #[arg(long, default_value_t = 600_000)]
    samples: usize,
    /// Seed of all that is drawn by chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Files that keep letters, so that learning from the same ones again needs no reading; one that is not there is made.
    #[arg(long, num_args = 1..)]
    letters: Vec<PathBuf>,
}

/// Trains a net and writes it.
pub fn train(args: &TonesArgs) -> Result<()> {
    let mut letters = Vec::new();
    for path in &args.letters {
        letters.extend(if path.exists() {
            Letter::read_all(&std::fs::read(path)?)
        } else {
            let made = read_pages(args)?;
            std::fs::write(path, Letter::write_all(&made))?;
            made
        });
    }
    if args.letters.is_empty() {
        letters = read_pages(args)?;
    }
    let (known, aside): (Vec<Letter>, Vec<Letter>) = letters.into_iter().partition(|l| !l.aside);
    if known.is_empty() || aside.is_empty() {
        return Err(Error::other("no letters were read; make more pages"));
    }
    println!("{} letters to learn from, {} aside", known.len(), aside.len());
    let mut rng = ChaCha8Rng::seed_from_u64(args.seed);
    let wheel = Wheel::new(&known);
    let mut net = learn(FORM, args.samples, &mut rng, |rng| wheel.draw(rng).distorted(rng))?;
    let (fit, test): (Vec<_>, Vec<_>) = aside.iter().enumerate().partition(|(i, _)| i % 2 == 0);
    let samples =
        |of: Vec<(usize, &Letter)>| of.into_iter().map(|(_, l)| l.sample()).collect::<Vec<Sample>>();
    net.temperature = temperature(&net, &samples(fit));
    println!("temperature {:.2}", net.temperature);
    let read = test.iter().filter(|(_, l)| l.read == l.class).count();
    println!(
        "as read: {read} of {} right, {:.2} %",
        test.len(),
        100.0 * read as f32 / test.len().max(1) as f32
    );
    report("by the net", &net, &samples(test));
    let bytes = net.to_bytes();
    println!("{}: {} bytes", args.out.display(), bytes.len());
    std::fs::write(&args.out, bytes)
}

/// Draws letters so that seldom marks come oftener than they are written: a class as often as the square root of its letters,
/// else the net would hardly learn what it meets once in a thousand words.
struct Wheel<'a> {
    classes: Vec<(f32, Vec<&'a Letter>)>,
}

impl<'a> Wheel<'a> {
    fn new(letters: &'a [Letter]) -> Self {
        let mut classes = vec![Vec::new(); CLASSES];
        for letter in letters {
            classes[letter.class].push(letter);
        }
        let mut sum = 0.0;
        let classes = classes.into_iter().map(|letters: Vec<&Letter>| {
            sum += (letters.len() as f32).sqrt();
            (sum, letters)
        });
        Self { classes: classes.collect() }
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> &'a Letter {
        let all = self.classes.last().map_or(0.0, |(sum, _)| *sum);
        let at = rng.random_range(0.0..all);
        let class = self.classes.partition_point(|(sum, _)| *sum <= at).min(self.classes.len() - 1);
        let (_, letters) = &self.classes[class];
        letters[rng.random_range(0..letters.len())]
    }
}

/// The letters of all pages.
fn read_pages(args: &TonesArgs) -> Result<Vec<Letter>> {
    let syllables = std::fs::read_to_string(&args.syllables)?;
    let press = Press::new(&syllables).map_err(Error::other)?;
    let done = AtomicUsize::new(0);
    let aside = args.pages - args.pages / 10;
    let letters: Vec<Vec<Letter>> = (0..args.pages)
        .into_par_iter()
        .map(|page| {
            let letters =
                press.letters(args.seed.wrapping_mul(7919).wrapping_add(page as u64), page >= aside);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if done.is_multiple_of(20) {
                println!("{done} pages");
            }
            letters.map_err(Error::other)
        })
        .collect::<Result<_>>()?;
    Ok(letters.into_iter().flatten().collect())
}
