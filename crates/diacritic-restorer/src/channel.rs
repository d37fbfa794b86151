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
fn pack(piece: &[char]) -> u64 {
    piece.iter().fold(0, |k, &c| k << 21 | (u64::from(u32::from(c)) + 1))
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

/// The emissions of one observed string, computed once for each printed character that is asked for.
pub struct Emissions<'c> {
    channel: &'c Channel,
    observed: Vec<char>,
    /// The channel's number of each piece of the observation, by position and length.
    ids: Vec<Option<usize>>,
    rows: FxHashMap<char, usize>,
    any_case: FxHashMap<char, usize>,
    /// For each row: position × piece length.
    table: Vec<f32>,
}

impl<'c> Emissions<'c> {
    /// For `observed`.
    pub fn new(channel: &'c Channel, observed: &str) -> Self {
        let observed: Vec<char> = observed.chars().collect();
        let ids = (0..=observed.len())
            .flat_map(|at| (0..=MAX_PIECE).map(move |len| (at, len)))
            .map(|(at, len)| observed.get(at..at + len).and_then(|o| channel.pieces.get(&pack(o)).copied()))
            .collect();
        Self {
            channel,
            observed,
            ids,
            rows: FxHashMap::default(),
            any_case: FxHashMap::default(),
            table: Vec::new(),
        }
    }

    /// Number of observed characters.
    pub fn len(&self) -> usize {
        self.observed.len()
    }

    /// Whether nothing was observed.
    pub fn is_empty(&self) -> bool {
        self.observed.is_empty()
    }

    /// Row of `printed` for [`Self::at`].
    pub fn row(&mut self, printed: char) -> usize {
        if let Some(&r) = self.rows.get(&printed) {
            return r;
        }
        let r = self.table.len();
        let column = self.channel.columns.get(&printed).copied();
        for at in 0..=self.observed.len() {
            for len in 0..=MAX_PIECE {
                let id = self.ids.get(at * (MAX_PIECE + 1) + len).copied().flatten();
                let p = self
                    .observed
                    .get(at..at + len)
                    .map_or(IMPOSSIBLE, |o| self.channel.emission_of(printed, column, o, id));
                self.table.push(p);
            }
        }
        self.rows.insert(printed, r);
        r
    }

    /// Row of the letter `lower` in whichever case explains more.
    pub fn row_any_case(&mut self, lower: char) -> usize {
        let upper = lower.to_uppercase().next().unwrap_or(lower);
        if upper == lower {
            return self.row(lower);
        }
        if let Some(&r) = self.any_case.get(&lower) {
            return r;
        }
        let (a, b) = (self.row(lower), self.row(upper));
        let r = self.table.len();
        let size = (self.observed.len() + 1) * (MAX_PIECE + 1);
        for i in 0..size {
            self.table.push(self.table[a + i].max(self.table[b + i]));
        }
        self.any_case.insert(lower, r);
        r
    }

    /// Log-probability that the character of `row` was read as the `len` characters at `at`.
    pub fn at(&self, row: usize, at: usize, len: usize) -> f32 {
        self.table.get(row + at * (MAX_PIECE + 1) + len).copied().unwrap_or(IMPOSSIBLE)
    }

    /// One step of the alignment: from scores of having read `j` characters before this one to scores after it. Gives the
    /// best of them, each with what the rest will cost at the least (`rest`, see [`Self::rest`]).
    pub fn advance(&self, row: usize, before: &[f32], rest: &[f32], after: &mut [f32]) -> f32 {
        let m = self.observed.len();
        after.fill(IMPOSSIBLE);
        let mut best = IMPOSSIBLE;
        for (j, &score) in before.iter().enumerate() {
            if score <= IMPOSSIBLE {
                continue;
            }
            let at = row + j * (MAX_PIECE + 1);
            let Some(p) = self.table.get(at..at + MAX_PIECE + 1) else { continue };
            for (a, p) in after[j.min(m)..].iter_mut().zip(p) {
                *a = a.max(score + p);
            }
        }
        for (a, r) in after.iter().zip(rest) {
            best = best.max(a + r);
        }
        best
    }

    /// For each position, the least that reading what is left can cost, whatever was printed with letters of `alphabet`:
    /// a bound that never cuts off the best word.
    pub fn rest(&mut self, alphabet: &[char]) -> Vec<f32> {
        let rows: Vec<usize> = alphabet.iter().map(|&c| self.row_any_case(c)).collect();
        let m = self.observed.len();
        let mut rest = vec![0.0f32; m + 1];
        for at in (0..m).rev() {
            let mut best = IMPOSSIBLE;
            for len in 1..=MAX_PIECE.min(m - at) {
                let piece = rows.iter().map(|&r| self.at(r, at, len)).fold(IMPOSSIBLE, f32::max);
                best = best.max(piece + rest.get(at + len).copied().unwrap_or(0.0));
            }
            if let Some(r) = rest.get_mut(at) {
                *r = best;
            }
        }
        rest
    }

    /// Log-probability that all of `printed` was read as all that was observed, by the best alignment.
    pub fn score(&mut self, printed: &str) -> f32 {
        let mut before = vec![IMPOSSIBLE; self.observed.len() + 1];
        before[0] = 0.0;
        let mut after = before.clone();
        for c in printed.chars() {
            let row = self.row(c);
            self.advance(row, &before, &[], &mut after);
            std::mem::swap(&mut before, &mut after);
        }
        before.last().copied().unwrap_or(IMPOSSIBLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_learned_confusion_beats_the_unseen() {
        let c = Channel::parse("# test\nđ\td\t-0.1\nđ\tP\t-3\ne\te\t-0.01\n").unwrap();
        assert!(c.emission('đ', &['d']) > c.emission('đ', &['P']));
        assert!(c.emission('đ', &['P']) > c.emission('đ', &['x']));
        let mut e = Emissions::new(&c, "de");
        assert!((e.score("đe") + 0.11).abs() < 1e-5);
        assert!(e.score("đ") > IMPOSSIBLE && e.score("đ") < -5.0);
    }

    #[test]
    fn a_bad_row_is_named() {
        let e = Channel::parse("a\tb\n").err().map(|e| e.to_string());
        assert_eq!(e.as_deref(), Some("line 1: three columns are wanted"));
    }
}
