//! Restores a text file with the models of a folder: `restore_file MODEL.lm ENGLISH.tsv VIETNAMESE.tsv FILE [strip|ocr]`.
use diacritic_restorer::{Options, Restorer, Seen, Tables, syllable::strip_marks};
use std::borrow::Cow;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dictionaries = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries");
    let t = std::time::Instant::now();
    let restorer = Restorer::new(
        Cow::Owned(std::fs::read(&args[0])?),
        "restorer.lm",
        Tables {
            syllables: &std::fs::read_to_string(dictionaries.join("syllables.txt"))?,
            symbol_endings: &std::fs::read_to_string(dictionaries.join("symbol_endings.tsv"))?,
            document_types: &std::fs::read_to_string(dictionaries.join("document_types.tsv"))?,
            slashed: &std::fs::read_to_string(dictionaries.join("slashed_abbreviations.tsv"))?,
            places: &std::fs::read_to_string(dictionaries.join("admin_units.tsv"))?,
            english: &std::fs::read_to_string(&args[1])?,
            vietnamese: &std::fs::read_to_string(&args[2])?,
            calibration: &std::fs::read_to_string(dictionaries.join("calibration.tsv"))?,
        },
    )?;
    let loaded = t.elapsed();
    let mut text = std::fs::read_to_string(&args[3])?;
    let mode = args.get(4).map_or("", String::as_str);
    if mode == "strip" {
        text = strip_marks(&text);
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let t = std::time::Instant::now();
    let sure = [Seen { confidence: 1.0, ..Seen::default() }];
    let seen = vec![if mode == "ocr" { sure.to_vec() } else { Vec::new() }; lines.len()];
    let repairs = restorer.repair_recognised(&lines, &seen, &Options::default());
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
