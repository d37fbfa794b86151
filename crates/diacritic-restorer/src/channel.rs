//! The channel model: how likely a reader that sees a character writes down a piece of zero to three characters.
//!
//! P(observed | printed) is the sum, here approximated by the best, over all ways to cut the observed string into one
//! piece for each printed character: the noisy-channel model of Brill & Moore (2000) with pieces on the observed side
//! only. The table is learned by `train channel` from typeset, degraded and recognised pages.

use crate::syllable::base_letter;
use rustc_hash::FxHashMap;

/// Longest piece, in characters.
pub const MAX_PIECE: usize = 3;

/// Natural log-probability that stands for "impossible".
pub const IMPOSSIBLE: f32 = -1e4;

/// A piece of at most three characters, packed.
pub(crate) fn pack(piece: &[char]) -> u64 {
    piece.iter().fold(0, |k, &c| k << 21 | (u64::from(u32::from(c)) + 1))
}

/// The characters of a packed piece.
fn unpack(mut packed: u64) -> Vec<char> {
    let mut out = Vec::new();
    while packed > 0 {
        out.extend(char::from_u32((packed & 0x1f_ffff) as u32 - 1));
        packed >>= 21;
    }
    out.reverse();
    out
}

/// How one reader damages print.
#[derive(Debug, Clone, Default)]
pub struct Channel {
    /// Position of each printed character that was seen.
    columns: FxHashMap<char, usize>,
    /// Position of each piece that was seen.
    pieces: FxHashMap<u64, usize>,
    /// Learned log-probabilities, by piece and column; [`IMPOSSIBLE`] where nothing was learned.
    table: Vec<f32>,
    /// For letters with marks: what the reader makes of any letter with this base.
    by_base: FxHashMap<(char, u64), f32>,
}

/// A row of a channel table that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ChannelError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub what: &'static str,
}

/// Log-probabilities of pieces that were never seen, by length: a loss, another letter, two and three letters.
const UNSEEN: [f32; MAX_PIECE + 1] = [-10.5, -13.0, -16.5, -19.5];
/// What is lost by falling back to the table of the base letter.
const BASE_PENALTY: f32 = -3.0;

impl Channel {
    /// Reads a table of `character ⇥ piece ⇥ natural log-probability` rows; `#` begins a comment, a blank
    /// is written `␣`.
    pub fn parse(table: &str) -> Result<Self, ChannelError> {
        let mut channel = Channel::default();
        let mut rows = Vec::new();
        let mut sums: FxHashMap<(char, u64), (f64, f64)> = FxHashMap::default();
        for (i, row) in table.lines().enumerate() {
            if row.starts_with('#') || row.is_empty() {
                continue;
            }
            let bad = |what| ChannelError { line: i + 1, what };
            let mut fields = row.split('\t');
            let (Some(from), Some(piece), Some(p)) = (fields.next(), fields.next(), fields.next()) else {
                return Err(bad("three columns are wanted"));
            };
            let blank = |c: char| if c == '␣' { ' ' } else { c };
            let c = from.chars().next().map(blank).ok_or(bad("no character"))?;
            let piece: Vec<char> = piece.chars().map(blank).collect();
            if piece.len() > MAX_PIECE {
                return Err(bad("the piece is too long"));
            }
            let p: f32 = p.parse().map_err(|_| bad("the last column is no number"))?;
            let columns = channel.columns.len();
            channel.columns.entry(c).or_insert(columns);
            let pieces = channel.pieces.len();
            channel.pieces.entry(pack(&piece)).or_insert(pieces);
            rows.push((c, pack(&piece), p));
            let base = base_letter(c);
            if base != c {
                let s = sums.entry((base, pack(&piece))).or_default();
                s.0 += f64::from(p).exp();
                s.1 += 1.0;
            }
        }
        // The mean over the twelve or so marked forms of a letter, whether or not each showed the piece.
        for (key, (sum, _)) in sums {
            channel.by_base.insert(key, ((sum / 12.0).max(1e-9).ln()) as f32);
        }
        channel.table = vec![IMPOSSIBLE; channel.columns.len() * channel.pieces.len()];
        for (c, piece, p) in rows {
            let at = channel.pieces[&piece] * channel.columns.len() + channel.columns[&c];
            channel.table[at] = p;
        }
        Ok(channel)
    }

    /// The pieces that were seen.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = Vec<char>> + '_ {
        self.pieces.keys().map(|&packed| unpack(packed))
    }

    /// Natural log-probability that `printed` is read as `piece`.
    pub fn emission(&self, printed: char, piece: &[char]) -> f32 {
        self.emission_of(
            printed,
            self.columns.get(&printed).copied(),
            piece,
            self.pieces.get(&pack(piece)).copied(),
        )
    }

    /// The same with the look-ups done.
    fn emission_of(&self, printed: char, column: Option<usize>, piece: &[char], id: Option<usize>) -> f32 {
        let unseen = UNSEEN.get(piece.len()).copied().unwrap_or(IMPOSSIBLE);
        if let (Some(column), Some(id)) = (column, id) {
            match self.table.get(id * self.columns.len() + column) {
                Some(&p) if p > IMPOSSIBLE => return p.max(unseen),
                _ => {}
            }
        }
        let base = base_letter(printed);
        let mut p = unseen;
        if base != printed {
            if let Some(&b) = id.and_then(|_| self.by_base.get(&(base, pack(piece)))) {
                p = p.max(b + BASE_PENALTY);
            }
            if piece == [base] {
                p = p.max(-4.0);
            }
        }
        if piece == [printed] {
            p = p.max(-0.1);
        }
        p
    }
}

/// Log-probability that all of `printed` was read as all of `observed`, by the best alignment.
pub fn score(channel: &Channel, printed: &str, observed: &str) -> f32 {
    let observed: Vec<char> = observed.chars().collect();
    let mut before = vec![IMPOSSIBLE; observed.len() + 1];
    before[0] = 0.0;
    for c in printed.chars() {
        let mut after = vec![IMPOSSIBLE; observed.len() + 1];
        for (j, &score) in before.iter().enumerate().filter(|(_, s)| **s > IMPOSSIBLE) {
            for len in 0..=MAX_PIECE.min(observed.len() - j) {
                after[j + len] = after[j + len].max(score + channel.emission(c, &observed[j..j + len]));
            }
        }
        before = after;
    }
    before.last().copied().unwrap_or(IMPOSSIBLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_learned_confusion_beats_the_unseen() {
        let c = Channel::parse("# test\nđ\td\t-0.1\nđ\tP\t-3\ne\te\t-0.01\n").unwrap();
        assert!(c.emission('đ', &['d']) > c.emission('đ', &['P']));
        assert!(c.emission('đ', &['P']) > c.emission('đ', &['x']));
        assert!((score(&c, "đe", "de") + 0.11).abs() < 1e-5);
        assert!(score(&c, "đ", "de") > IMPOSSIBLE && score(&c, "đ", "de") < -5.0);
    }

    #[test]
    fn a_bad_row_is_named() {
        let e = Channel::parse("a\tb\n").err().map(|e| e.to_string());
        assert_eq!(e.as_deref(), Some("line 1: three columns are wanted"));
    }
}
