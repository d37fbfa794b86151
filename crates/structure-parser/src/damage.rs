//! What a word damaged in reading stands for: a syllable of the dictionaries that looks like it and makes sense beside
//! its neighbour.
//!
//! The distance is an edit distance weighted by what readers confuse: marks lost or changed cost little, look-alike
//! letters more, all else too much. Words of equal length only, so that it is a sum over letters.

use crate::fold;
use std::sync::LazyLock;

/// What a lost or changed mark costs.
pub const MARK: f32 = 0.3;
/// What a look-alike letter costs.
const LOOK: f32 = 0.5;
/// The most that a word may differ from what it stands for.
pub const MOST: f32 = 0.8;

/// Letters that readers take for one another, each group by its first.
const ALIKE: [&str; 7] = ["il1jtf", "oc0ea", "nur", "hb8", "gq9", "s5", "vy"];

/// The letter that stands for all those that look like the ASCII letter or digit `c`.
fn class(c: char) -> char {
    static CLASSES: LazyLock<[u8; 128]> = LazyLock::new(|| {
        let mut table = std::array::from_fn(|i| i as u8);
        for group in ALIKE {
            let first = group.bytes().next().unwrap_or(0);
            for c in group.bytes() {
                if let Some(slot) = table.get_mut(usize::from(c)) {
                    *slot = first;
                }
            }
        }
        table
    });
    CLASSES.get(c as usize).map_or(c, |c| char::from(*c))
}

/// Most letters of a word that may be mended: no syllable has more.
const LONGEST: usize = 8;

/// The letters of `word` without marks, each replaced by the first of those it is confused with, as one number: equal
/// for words that may be one. Nothing for words that are no syllable.
pub fn skeleton(word: &str) -> Option<u64> {
    let mut out = 0;
    for (n, c) in word.chars().enumerate() {
        let plain = fold::plain(c).filter(|_| n < LONGEST)?;
        out = out << 8 | u64::from(class(plain) as u32);
    }
    Some(out)
}

/// How far `seen` is from `meant`, both in lower case.
pub fn distance(seen: &str, meant: &str) -> f32 {
    if seen.chars().count() != meant.chars().count() {
        return f32::INFINITY;
    }
    let cost = |(a, b): (char, char)| match (fold::plain(a), fold::plain(b)) {
        _ if a == b => 0.0,
        (Some(x), Some(y)) if x == y => MARK,
        (Some(x), Some(y)) if class(x) == class(y) => LOOK,
        _ => f32::INFINITY,
    };
    seen.chars().zip(meant.chars()).map(cost).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_cost_less_than_letters() {
        assert_eq!(distance("với", "với"), 0.0);
        assert!(distance("vói", "với") < distance("vớl", "với"));
        assert!(distance("vớl", "với") <= MOST);
        assert!(distance("vải", "với") > LOOK - 0.01);
        assert!(distance("mới", "với") > MOST);
        assert!(distance("vớii", "với") > MOST);
    }

    #[test]
    fn what_may_be_one_word_has_one_skeleton() {
        for (a, b) in [("nh1ệm", "nhiệm"), ("cong", "công"), ("đlều", "điều"), ("trưởnq", "trưởng")]
        {
            assert_eq!(skeleton(a), skeleton(b));
        }
        assert_ne!(skeleton("sở"), skeleton("bộ"));
    }
}
