//! Changes documents at random and parses them, for as long as told: a stand-in for the fuzz target where no nightly
//! toolchain is at hand. `cargo run --release -p structure-parser --example hammer -- --seconds 3600 --seed 1`.
//!
//! The same seed gives the same texts. Ends with a panic, and the text in the temporary folder, where an invariant is
//! broken; tells the slowest text in microseconds a kilobyte.

#[path = "../tests/invariants/mod.rs"]
mod invariants;

use std::path::Path;
use std::time::{Duration, Instant};
use vanthu_model::Document;

/// Longest text that is tried, in bytes.
const LONGEST: usize = 60_000;

/// A small generator of pseudo-random numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        from.get(self.below(from.len()))
    }
}

/// One change of `lines`, with pieces of the whole corpus at hand.
fn change(lines: &mut Vec<String>, corpus: &[Vec<String>], dice: &mut Dice) {
    let at = dice.below(lines.len());
    let other = dice.pick(corpus).and_then(|d| dice.pick(d)).cloned().unwrap_or_default();
    let chars = [
        "\u{c}", "|", ":", ";", "(", ")", "%", "\u{301}", "¹", "…", "-", "+", "I", "l", "1", ".", "/",
        "\u{a0}", "\t",
    ];
    match dice.below(11) {
        0 => lines.insert(at, other),
        1 if lines.len() > 1 => {
            lines.remove(at);
        }
        2 => {
            let to = dice.below(lines.len());
            lines.swap(at, to);
        }
        3 => {
            if let Some(line) = lines.get_mut(at) {
                line.push(' ');
                line.push_str(&other);
            }
        }
        4 => {
            if let Some(line) = lines.get_mut(at) {
                *line = line.to_uppercase();
            }
        }
        5 => {
            // A part of the document again.
            let end = (at + dice.below(12)).min(lines.len());
            let copy: Vec<String> = lines.get(at..end).unwrap_or(&[]).to_vec();
            lines.splice(at..at, copy);
        }
        6 => lines.insert(at, String::new()),
        _ => {
            let mark = dice.pick(&chars).copied().unwrap_or(" ");
            let Some(line) = lines.get_mut(at) else { return };
            let places: Vec<usize> = line.char_indices().map(|(i, _)| i).collect();
            let Some(place) = dice.pick(&places).copied() else { return };
            match dice.below(3) {
                0 => line.insert_str(place, mark),
                1 => {
                    line.remove(place);
                }
                _ => line.truncate(place),
            }
        }
    }
}

fn corpus(root: &Path) -> Vec<Vec<String>> {
    let folders = ["crates/structure-parser/tests/golden", "fixtures/text", "fuzz/corpus/parse"];
    let mut files: Vec<_> = folders
        .iter()
        .filter_map(|f| std::fs::read_dir(root.join(f)).ok())
        .flatten()
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_none_or(|e| e == "txt"))
        .collect();
    files.sort();
    let read =
        |p: std::path::PathBuf| Some(std::fs::read_to_string(p).ok()?.lines().map(str::to_owned).collect());
    files.into_iter().filter_map(read).collect()
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let value =
        |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)?.parse::<u64>().ok());
    let (seconds, seed) = (value("--seconds").unwrap_or(60), value("--seed").unwrap_or(1));
    let corpus = corpus(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    let mut dice = Dice(seed);
    // The first parse reads the dictionaries.
    structure_parser::parse_text("KẾ HOẠCH");
    let end = Instant::now() + Duration::from_secs(seconds);
    let slow = std::env::temp_dir().join("vanthu-hammer-slowest.txt");
    let kept = std::env::temp_dir().join("vanthu-hammer.txt");
    let (mut texts, mut bytes, mut slowest) = (0u64, 0u64, 0.0f64);
    while Instant::now() < end {
        let mut lines = dice.pick(&corpus).cloned().unwrap_or_else(|| vec!["KẾ HOẠCH".to_owned()]);
        for _ in 0..=dice.below(24) {
            if lines.is_empty() {
                lines.push(String::new());
            }
            change(&mut lines, &corpus, &mut dice);
        }
        let mut text = lines.join(if dice.below(12) == 0 { " " } else { "\n" });
        while text.len() > LONGEST || !text.is_char_boundary(text.len()) {
            text.pop();
        }
        if texts % 64 == 0 {
            std::fs::write(&kept, &text)?;
        }
        let document = Document::from_text(&text);
        let start = Instant::now();
        let directive = std::panic::catch_unwind(|| {
            let directive = structure_parser::parse(&document);
            let took = start.elapsed().as_secs_f64();
            invariants::check(&document, &directive);
            took
        });
        match directive {
            Ok(took) => {
                let cost = took * 1e9 / (text.len() as f64 + 2000.0);
                if cost > slowest {
                    slowest = cost;
                    std::fs::write(&slow, &text)?;
                }
            }
            Err(error) => {
                std::fs::write(&kept, &text)?;
                eprintln!("seed {seed}, text {texts}: kept at {}", kept.display());
                std::panic::resume_unwind(error);
            }
        }
        texts += 1;
        bytes += text.len() as u64;
    }
    println!(
        "seed {seed}: {texts} texts, {:.1} MB, {seconds} s, no finding; slowest {slowest:.0} µs/kB",
        bytes as f64 / 1e6
    );
    Ok(())
}
