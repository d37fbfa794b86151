//! Text with damaged letters gives nearly the same tasks: the golden documents with one letter in fifty changed as
//! readers change them (a mark lost, a look-alike), parsed and compared with what the clean text gives, place by place.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use vanthu_model::{Directive, Role};

/// A small generator of pseudo-random numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// `c` with a mark less, or a letter that looks like it; `c` itself where nothing does.
fn misread(c: char, dice: &mut Dice) -> char {
    let parts: Vec<char> = std::iter::once(c).nfd().collect();
    if parts.len() > 1 && dice.below(5) > 0 {
        let lost = 1 + dice.below(parts.len() - 1);
        let left = parts.iter().enumerate().filter(|(i, _)| *i != lost).map(|(_, c)| *c);
        let mut whole = left.nfc();
        return whole.next().filter(|_| whole.next().is_none()).unwrap_or(c);
    }
    let pairs = ["l1", "il", "Il", "o0", "ce", "nu", "hb", "tf", "gq", "đd"];
    pairs.iter().find_map(|p| p.strip_prefix(c)?.chars().next()).unwrap_or(c)
}

fn damaged(text: &str, seed: u64) -> String {
    let mut dice = Dice(seed);
    text.nfc()
        .map(|c| if c.is_alphabetic() && dice.below(50) == 0 { misread(c, &mut dice) } else { c })
        .collect()
}

/// Where each task begins, and where its leads and partners are named.
fn places(d: &Directive) -> (BTreeSet<usize>, BTreeSet<(usize, usize, bool)>) {
    let start = |spans: &[vanthu_model::Span]| spans.first().map_or(0, |s| s.start);
    let tasks = d.tasks.iter().map(|t| start(&t.evidence.spans)).collect();
    let units = d.tasks.iter().flat_map(|t| {
        let own = t.units.iter().filter(|u| u.role != Role::Recipient);
        own.map(|u| (start(&t.evidence.spans), start(&u.evidence.spans), u.role == Role::Lead))
    });
    (tasks, units.collect())
}

fn share<T: Ord>(want: &BTreeSet<T>, got: &BTreeSet<T>) -> (usize, usize) {
    (2 * want.intersection(got).count(), want.len() + got.len())
}

#[test]
fn one_damaged_letter_in_fifty_costs_few_tasks_and_units() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    files.sort();
    let (mut tasks, mut units) = ((0, 0), (0, 0));
    for (n, file) in files.iter().enumerate() {
        let text: String = std::fs::read_to_string(file).unwrap().nfc().collect();
        let want = places(&structure_parser::parse_text(&text));
        for seed in 0..12 {
            let got = places(&structure_parser::parse_text(&damaged(&text, seed * 100 + n as u64)));
            for (sum, (both, all)) in
                [(&mut tasks, share(&want.0, &got.0)), (&mut units, share(&want.1, &got.1))]
            {
                sum.0 += both;
                sum.1 += all;
            }
        }
    }
    let (tasks, units) = (tasks.0 as f64 / tasks.1 as f64, units.0 as f64 / units.1 as f64);
    println!("kept: tasks {tasks:.3}, units {units:.3}");
    assert!(tasks > 0.95 && units > 0.88, "tasks {tasks:.3}, units {units:.3}");
}
