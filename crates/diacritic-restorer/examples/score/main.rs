//! Scores the restorer on lines whose truth is known, one row for each `--` source:
//!
//! ```text
//! score [--model FILE] [--changes] [--half 0|1] [--calibrate FILE] SOURCE...
//! strip:FILE            FILE with its marks taken away
//! pairs:FILE            rows of page, setting, true line, line of an English reader
//! ocr:FILE              the same with lines of a Vietnamese reader
//! lines:TRUTH:RAW[:N]   the first N lines of two files
//! clean:FILE            FILE itself, by the gate
//! forced:FILE           FILE itself, with the gate forced open
//! ```
//!
//! `--half` takes every second page or paragraph only, so that `--calibrate`, which writes a calibration table, and the
//! figures can be had from different text.
//!
//! Columns: syllables, edits and per cent right as read and restored, expected calibration error (fifteen bins of equal
//! count, per cent), words flagged as doubtful and the part of the errors among them (per cent), wrong changes of digits,
//! syllables a second on one core, first pass and again.

mod align;
mod fit;
mod measure;

use diacritic_restorer::syllable::strip_marks;
use diacritic_restorer::{Gate, Regime, Restorer};
use measure::{Document, Figures, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1).peekable();
    let mut restorer = Restorer::bundled()?;
    let mut settings = Settings::default();
    println!(
        "{:<28} {:>7} {:>6} {:>6} {:>7} {:>5} {:>6} {:>6} {:>6} {:>8} {:>8}",
        "source",
        "words",
        "edits",
        "before",
        "right %",
        "ece",
        "doubt",
        "cover",
        "digits",
        "words/s",
        "again"
    );
    let mut all = Figures::default();
    let mut calibrate = None;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--model" => restorer = Restorer::load(args.next().ok_or("--model FILE")?.as_ref())?,
            "--changes" => settings.show = true,
            "--half" => settings.half = Some(args.next().ok_or("--half 0|1")?.parse()?),
            "--calibrate" => calibrate = Some(args.next().ok_or("--calibrate FILE")?),
            source => {
                let (name, documents, gate) = documents(source)?;
                let figures = measure::measure(&restorer, &documents, gate, &settings);
                println!("{name:<28} {figures}");
                all.add(figures);
            }
        }
    }
    println!("{:<28} {all}", "all");
    if let Some(path) = calibrate {
        std::fs::write(path, fit::table(&all.judged))?;
    }
    Ok(())
}

fn documents(source: &str) -> Result<(String, Vec<Document>, Gate), Box<dyn std::error::Error>> {
    let (kind, rest) = source.split_once(':').ok_or("KIND:FILE is expected")?;
    let mut files = rest.split(':');
    let path = files.next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = format!("{kind} {}", name.split_once('.').map_or(name, |n| n.0));
    let text = std::fs::read_to_string(path)?;
    let whole = |raw: String| vec![Document { truth: text.clone(), raw }];
    Ok(match kind {
        "strip" => (name, whole(strip_marks(&text)), Gate::Auto),
        "clean" => (name, whole(text.clone()), Gate::Auto),
        "forced" => (name, whole(text.clone()), Gate::Open),
        "pairs" => (name, pages(&text), Gate::Auto),
        "ocr" => (name, pages(&text), Gate::As(Regime::Recognised)),
        "lines" => {
            let raw = std::fs::read_to_string(files.next().ok_or("lines:TRUTH:RAW")?)?;
            let most = files.next().map_or(Ok(usize::MAX), str::parse)?;
            // What follows is context for the restorer but not scored.
            let truth: Vec<&str> = text.split('\n').take(most).collect();
            (name, vec![Document { truth: truth.join("\n"), raw }], Gate::Auto)
        }
        other => return Err(format!("{other} is no kind of source").into()),
    })
}

/// The pages of a file of pairs; lines without a partner are left out.
fn pages(table: &str) -> Vec<Document> {
    let mut out: Vec<Document> = Vec::new();
    let mut last = None;
    for row in table.lines() {
        let mut fields = row.split('\t');
        let (Some(page), Some(_), Some(truth), Some(raw)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        if truth.is_empty() || raw.is_empty() {
            continue;
        }
        if last != Some(page) {
            out.push(Document::default());
            last = Some(page);
        }
        if let Some(document) = out.last_mut() {
            document.push(truth, raw);
        }
    }
    out
}
