//! What became of which words, where a passage differs.

use crate::distance::distance;
use std::ops::Range;

/// Words of the true text and the words that stand for them; one side may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub gold: Range<usize>,
    pub output: Range<usize>,
}

/// Passages of more pairs of words than this are not looked into: they are other passages, not misread ones.
const MAX_PAIRS: usize = 20_000;

/// So many words may have been run together, or torn from one.
const MOST_PARTS: usize = 4;

/// Up to this share of wrong letters, words run together are still seen to be those.
const TORN: f32 = 0.34;

/// Parts a passage in which no word is the same into pieces: word for word, several for one, and what is left over.
pub(crate) fn pieces(gold: &[&str], output: &[&str]) -> Vec<Piece> {
    let (n, m) = (gold.len(), output.len());
    if n == 0 || m == 0 || n * m > MAX_PAIRS {
        let whole = [Piece { gold: 0..n, output: 0..0 }, Piece { gold: n..n, output: 0..m }];
        return whole.into_iter().filter(|p| !p.gold.is_empty() || !p.output.is_empty()).collect();
    }
    let chars = |words: &[&str]| words.iter().map(|w| w.chars().collect()).collect::<Vec<Vec<char>>>();
    let (g, o) = (chars(gold), chars(output));
    // By how many words of either side are behind: the least cost, and the last piece's share of either side.
    let mut table = vec![(f32::INFINITY, 0usize, 0usize); (n + 1) * (m + 1)];
    let at = |i: usize, j: usize| i * (m + 1) + j;
    for i in 0..=n {
        for j in 0..=m {
            let mut best = if i + j == 0 { (0.0, 0, 0) } else { (f32::INFINITY, 0, 0) };
            for (a, b) in moves(i, j) {
                let Some((before, ..)) = table.get(at(i - a, j - b)) else { continue };
                let (left, right) =
                    (g.get(i - a..i).unwrap_or_default(), o.get(j - b..j).unwrap_or_default());
                let cost = before + cost(left, right);
                if cost < best.0 {
                    best = (cost, a, b);
                }
            }
            if let Some(cell) = table.get_mut(at(i, j)) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (n, m);
    let mut pieces = Vec::new();
    while let Some(&(_, a, b)) = table.get(at(i, j)).filter(|(_, a, b)| a + b > 0) {
        pieces.push(Piece { gold: i - a..i, output: j - b..j });
        (i, j) = (i - a, j - b);
    }
    pieces.reverse();
    pieces
}

/// How many words of either side the next piece may take.
fn moves(i: usize, j: usize) -> impl Iterator<Item = (usize, usize)> {
    let several = (2..=MOST_PARTS).flat_map(|k| [(k, 1), (1, k)]);
    [(1, 1), (1, 0), (0, 1)].into_iter().chain(several).filter(move |&(a, b)| a <= i && b <= j)
}

fn cost(gold: &[Vec<char>], output: &[Vec<char>]) -> f32 {
    if gold.is_empty() || output.is_empty() {
        return 1.0;
    }
    let (a, b) = (gold.concat(), output.concat());
    let apart = distance(&a, &b) as f32 / a.len().max(b.len()).max(1) as f32;
    match gold.len().max(output.len()) {
        1 => apart,
        parts if apart <= TORN => apart + 0.1 * (parts - 1) as f32,
        _ => f32::INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(gold: &[&str], output: &[&str]) -> Vec<(usize, usize)> {
        pieces(gold, output).iter().map(|p| (p.gold.len(), p.output.len())).collect()
    }

    #[test]
    fn words_torn_and_run_together_are_seen() {
        assert_eq!(told(&["ban", "hành", "kèm"], &["banhành", "kem"]), [(2, 1), (1, 1)]);
        assert_eq!(told(&["nghiệp"], &["ng", "hiệp"]), [(1, 2)]);
        assert_eq!(told(&["một", "hai"], &["mot"]), [(1, 1), (1, 0)]);
        assert_eq!(told(&[], &["x", "y"]), [(0, 2)]);
    }
}
