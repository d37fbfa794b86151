//! Builds the models under `dictionaries/` from text, each with one command.

mod channel;
mod corpus;
mod digits;
mod learn;
mod lm;
mod tones;

use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Builds the models under dictionaries/.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The syllable language model, from text of one paragraph a line.
    Lm(LmArgs),
    /// A channel table, from pairs of printed and recognised lines.
    Channel(ChannelArgs),
    /// The net that reads digits written by hand.
    Digits(digits::DigitsArgs),
    /// The net that tells tone marks.
    Tones(tones::TonesArgs),
}

#[derive(clap::Args)]
struct LmArgs {
    /// Corpus files, plain or .zst, each as PATH or PATH:WEIGHT.
    #[arg(required = true)]
    corpora: Vec<corpus::Source>,
    /// Where to write the model.
    #[arg(long)]
    out: PathBuf,
    /// Texts whose runs of eight words must not be in the training text.
    #[arg(long, num_args = 1..)]
    held_out: Vec<PathBuf>,
    /// Number of words.
    #[arg(long, default_value_t = 32_000)]
    vocabulary: usize,
    /// Least weighted count of a word.
    #[arg(long, default_value_t = 5)]
    min_count: u64,
    /// Counts of the lower orders.
    #[arg(long, value_enum, default_value = "absolute")]
    smoothing: lm::estimate::Smoothing,
    /// Pruning thresholds of bigrams, trigrams and 4-grams (relative entropy, nats).
    #[arg(long, value_delimiter = ',', default_value = "2e-9,3e-9,6e-9")]
    prune: Vec<f64>,
}

#[derive(clap::Args)]
struct ChannelArgs {
    /// Tab-separated files of page, setting, printed line, recognised line.
    #[arg(required = true)]
    pairs: Vec<PathBuf>,
    /// Where to write the table.
    #[arg(long)]
    out: PathBuf,
    /// First words of the table's heading.
    #[arg(long, default_value = "Channel")]
    title: String,
    /// Rounds of expectation-maximisation.
    #[arg(long, default_value_t = 6)]
    rounds: usize,
    /// Least count of a piece.
    #[arg(long, default_value_t = 1.5)]
    least: f64,
}

fn main() -> std::io::Result<()> {
    match Args::parse().command {
        Command::Lm(args) => train_lm(&args),
        Command::Channel(args) => train_channel(&args),
        Command::Digits(args) => digits::train(&args),
        Command::Tones(args) => tones::train(&args),
    }
}

fn train_lm(args: &LmArgs) -> std::io::Result<()> {
    if args.prune.len() != lm::ORDER - 1 {
        return Err(std::io::Error::other("--prune takes three thresholds"));
    }
    let held_out = corpus::overlap_set(&args.held_out)?;
    let mut text = corpus::Text::default();
    for source in &args.corpora {
        let (lines, dropped, tokens) = (text.lines, text.dropped, text.stream.len());
        text.add(source, &held_out)?;
        println!(
            "{} (weight {}): {} lines, {} units, {} lines dropped for overlap",
            source.path.display(),
            source.weight,
            text.lines - lines,
            text.stream.len() - tokens - (text.lines - lines),
            text.dropped - dropped
        );
    }
    println!("all: {} lines, {} dropped for overlap of {} units", text.lines, text.dropped, corpus::OVERLAP);
    let vocabulary = lm::counts::Vocabulary::choose(&text, args.vocabulary, args.min_count);
    println!("vocabulary: {} of {} words", vocabulary.words.len(), text.words.len());
    let mut levels = lm::estimate::estimate(&text, &vocabulary, args.smoothing);
    lm::prune::prune(&mut levels, &args.prune);
    let bytes = lm::pack::pack(&levels, &text, &vocabulary);
    println!("{}: {:.1} MB", args.out.display(), bytes.len() as f64 / 1e6);
    std::fs::write(&args.out, bytes)
}

fn train_channel(args: &ChannelArgs) -> std::io::Result<()> {
    let pairs = channel::read_pairs(&args.pairs)?;
    println!("{} pairs of lines", pairs.len());
    let learned = channel::learn(&pairs, args.rounds);
    for (i, l) in learned.rounds.iter().enumerate() {
        println!("round {}: {l:.4} nats a character", i + 1);
    }
    std::fs::write(&args.out, learned.write(args.least, &args.title))
}
