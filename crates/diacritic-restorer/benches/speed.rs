//! Syllables a second on one core: `cargo bench -p diacritic-restorer [-- KIND]`.
//!
//! The text is of our own writing (`fixtures/documents`), typeset, degraded and read by an English engine; see
//! `benches/data`. Each kind is measured twice: with nothing remembered, as for the first document of a process, and again, as
//! for the documents after it. The best of many rounds counts, so that other work on the machine matters little.

use diacritic_restorer::syllable::strip_marks;
use diacritic_restorer::{Gate, ModelError, Options, Regime, Restorer};
use std::time::{Duration, Instant};

static PAIRS: &str = include_str!("data/english_ocr.tsv");
static VIETNAMESE: &str = include_str!("data/vietnamese_ocr.tsv");
/// Rounds of which the best counts: as many as fit into this time, and no fewer than three.
const TIME: Duration = Duration::from_secs(3);

fn main() -> Result<(), ModelError> {
    let clock = Instant::now();
    let restorer = Restorer::bundled()?;
    println!("start: {:.0} ms", clock.elapsed().as_secs_f64() * 1e3);
    let column = |table: &str, column| -> String {
        let cells: Vec<&str> = table.lines().filter_map(|row| row.split('\t').nth(column)).collect();
        cells.join("\n")
    };
    let printed = column(PAIRS, 2);
    let kinds = [
        ("stripped", strip_marks(&printed), Gate::Auto),
        ("English OCR", column(PAIRS, 3), Gate::Auto),
        ("Vietnamese OCR", column(VIETNAMESE, 3), Gate::As(Regime::Recognised)),
        ("good", printed, Gate::Auto),
    ];
    println!("{:<16} {:>10} {:>14} {:>14}", "text", "syllables", "first, /s", "again, /s");
    let wanted = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    for (name, text, gate) in kinds.iter().filter(|k| wanted.as_ref().is_none_or(|w| k.0.contains(w))) {
        let options = Options { gate: *gate, ..Options::default() };
        let syllables = text.split_whitespace().count();
        let mut first = Duration::MAX;
        let mut again = Duration::MAX;
        let (clock, mut rounds) = (Instant::now(), 0);
        while rounds < 3 || clock.elapsed() < TIME {
            let fresh = Restorer::bundled()?;
            first = first.min(timed(|| fresh.restore_text(text, &options)));
            again = again.min(timed(|| fresh.restore_text(text, &options)));
            rounds += 1;
        }
        let rate = |t: Duration| syllables as f64 / t.as_secs_f64().max(1e-9);
        println!("{name:<16} {syllables:>10} {:>14.0} {:>14.0}", rate(first), rate(again));
    }
    drop(restorer);
    Ok(())
}

/// How long `work` takes.
fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let clock = Instant::now();
    std::hint::black_box(work());
    clock.elapsed()
}
