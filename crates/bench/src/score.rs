//! How much of a text came out right, syllable by syllable: so that no tool wins by doing less.
//!
//! Syllables are compared as the project's scores compare them: without outer punctuation, in lower case, NFC, the older
//! place of tone marks (*hòa*). Edits are those of Levenshtein's distance.

use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;
use vanthu_model::older_placement;

/// What a scorer counts, added up over texts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Syllables of the true texts.
    pub syllables: usize,
    /// Edits that make the true texts of the others.
    pub edits: usize,
    /// Syllables missing or to spare, whichever are more, whatever their order.
    pub off: usize,
}

impl Score {
    /// Adds what `text` made of `truth`. Texts with the same number of lines are compared line for line.
    pub fn add(&mut self, truth: &str, text: &str) {
        let lines = |t: &str| -> Vec<Vec<String>> { t.split('\n').map(syllables).collect() };
        let (a, b) = (lines(truth), lines(text));
        let (all_a, all_b) = (a.concat(), b.concat());
        self.syllables += all_a.len();
        self.edits += match a.len() == b.len() {
            true => a.iter().zip(&b).map(|(a, b)| edits(a, b)).sum(),
            false => edits(&all_a, &all_b),
        };
        let mut bag: HashMap<&str, i64> = HashMap::new();
        all_a.iter().for_each(|s| *bag.entry(s).or_default() += 1);
        all_b.iter().for_each(|s| *bag.entry(s).or_default() -= 1);
        let missing: i64 = bag.values().filter(|n| **n > 0).sum();
        let spare: i64 = bag.values().filter(|n| **n < 0).sum();
        self.off += missing.max(-spare).unsigned_abs() as usize;
    }

    /// Share right and in order, not below 0.
    pub fn right(&self) -> f64 {
        share(self.edits, self.syllables)
    }

    /// Share right whatever the order.
    pub fn right_any_order(&self) -> f64 {
        share(self.off, self.syllables)
    }
}

fn share(wrong: usize, of: usize) -> f64 {
    (1.0 - wrong as f64 / of.max(1) as f64).max(0.0)
}

/// The syllables of a text as they are compared.
fn syllables(text: &str) -> Vec<String> {
    let outer = |c: char| !c.is_alphanumeric() && c != '_';
    text.nfc()
        .collect::<String>()
        .split_whitespace()
        .map(|word| word.trim_matches(outer))
        .filter(|word| !word.is_empty())
        .map(|word| older_placement(&word.to_lowercase()))
        .collect()
}

/// Levenshtein's distance between two rows of syllables.
fn edits(a: &[String], b: &[String]) -> usize {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    // Numbers compare faster than strings.
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    for syllable in a.iter().chain(b) {
        let next = numbers.len() as u32;
        numbers.entry(syllable).or_insert(next);
    }
    let numbered =
        |of: &[String]| -> Vec<u32> { of.iter().filter_map(|s| numbers.get(s.as_str()).copied()).collect() };
    let (a, b) = (numbered(a), numbered(b));
    let mut row: Vec<u32> = (0..=b.len() as u32).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i as u32 + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + u32::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()] as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(truth: &str, text: &str) -> Score {
        let mut score = Score::default();
        score.add(truth, text);
        score
    }

    #[test]
    fn what_is_right_counts_as_right() {
        let s = score("Ủy ban nhân dân,\nthị xã Hoà Bình.", "Ủy ban nhân dân\nthị xã hòa bình");
        assert_eq!((s.syllables, s.edits, s.off), (8, 0, 0));
        assert_eq!(s.right(), 1.0);
    }

    #[test]
    fn edits_are_counted_and_order_is_told() {
        let s = score("một hai ba bốn năm", "một hai bốn năm sáu");
        assert_eq!((s.edits, s.off), (2, 1));
        let s = score("trái trái\nphải phải", "trái phải trái phải");
        assert_eq!(s.off, 0);
        assert!(s.right() < 1.0 && s.right_any_order() == 1.0);
        assert_eq!(score("một", "").right(), 0.0);
        assert_eq!(score("một", "a b c d").right(), 0.0);
    }
}
