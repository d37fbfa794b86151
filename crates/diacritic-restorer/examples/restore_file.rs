//! Restores a text file with models from a folder: `restore_file MODEL.lm CHANNEL.tsv FILE [--strip]`.
use diacritic_restorer::{Options, Restorer, syllable::strip_marks};
use std::borrow::Cow;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dictionaries = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
    let t = std::time::Instant::now();
    let restorer = Restorer::new(
        Cow::Owned(std::fs::read(&args[0])?),
        "restorer.lm",
        &std::fs::read_to_string(dictionaries.join("syllables.txt"))?,
        &std::fs::read_to_string(dictionaries.join("symbol_endings.tsv"))?,
        &std::fs::read_to_string(&args[1])?,
    )?;
    let loaded = t.elapsed();
    let mut text = std::fs::read_to_string(&args[2])?;
    if args.get(3).is_some_and(|a| a == "--strip") {
        text = strip_marks(&text);
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let t = std::time::Instant::now();
    let repairs = restorer.repair_lines(&lines, &Options::default());
    let took = t.elapsed();
    let words: usize = lines.iter().map(|l| l.split_whitespace().count()).sum();
    eprintln!(
        "load {loaded:?}, {words} words in {took:?}: {:.0} a second",
        words as f64 / took.as_secs_f64()
    );
    let out: Vec<String> = lines.iter().zip(&repairs).map(|(l, r)| r.apply(l)).collect();
    print!("{}", out.join("\n"));
    Ok(())
}
