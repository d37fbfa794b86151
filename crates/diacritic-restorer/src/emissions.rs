//! A channel laid out for search: for each observed piece the log-probabilities of all printed letters side by side, so
//! that nothing is looked up while words are tried.

use crate::channel::{Channel, IMPOSSIBLE, MAX_PIECE, pack};
use rustc_hash::FxHashMap;

/// Longest observed string, in characters.
pub const LONGEST: usize = 15;
/// Scores of having explained the first 0, 1, 2 ... observed characters. `CELLS` is one more than the longest string that
/// fits: short strings are searched with short columns.
pub type Column<const CELLS: usize> = [f32; CELLS];

/// In which case a letter is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// A small letter.
    Lower = 0,
    /// A capital.
    Upper = 1,
    /// Whichever explains more.
    Any = 2,
}

/// The emissions of one channel over the letters of one alphabet.
pub struct Emissions {
    letters: usize,
    /// Position of each known piece.
    pieces: FxHashMap<u64, u32>,
    /// By piece: small letters, capitals, the better of both.
    table: Vec<f32>,
    /// By piece: the best of all letters.
    best: Vec<f32>,
}

impl Emissions {
    /// Over the small letters of `alphabet`.
    pub fn new(channel: &Channel, alphabet: &[char]) -> Self {
        let upper: Vec<char> = alphabet.iter().map(|c| c.to_uppercase().next().unwrap_or(*c)).collect();
        // The first four stand for pieces that were never seen, by length.
        let mut pieces: Vec<Vec<char>> = vec![vec![], vec!['\0'], vec!['\0'; 2], vec!['\0'; 3]];
        pieces.extend(channel.pieces());
        for &c in alphabet.iter().chain(&upper) {
            pieces.extend([vec![c], vec![crate::syllable::base_letter(c)]]);
        }
        let mut out = Self {
            letters: alphabet.len(),
            pieces: FxHashMap::default(),
            table: Vec::new(),
            best: Vec::new(),
        };
        for piece in pieces {
            let next = out.best.len() as u32;
            if *out.pieces.entry(pack(&piece)).or_insert(next) != next {
                continue;
            }
            let small: Vec<f32> = alphabet.iter().map(|&c| channel.emission(c, &piece)).collect();
            let large: Vec<f32> = upper.iter().map(|&c| channel.emission(c, &piece)).collect();
            let any: Vec<f32> = small.iter().zip(&large).map(|(a, b)| a.max(*b)).collect();
            out.best.push(any.iter().copied().fold(IMPOSSIBLE, f32::max));
            out.table.extend(small.into_iter().chain(large).chain(any));
        }
        out
    }

    fn piece(&self, piece: &[char]) -> usize {
        self.pieces.get(&pack(piece)).map_or(piece.len(), |&p| p as usize)
    }
}

/// Room for the rows of one observed string, kept from string to string.
pub struct Bench<const CELLS: usize> {
    /// For each printed letter: log-probabilities by length of the piece and the position where it ends.
    rows: Vec<[Column<CELLS>; MAX_PIECE + 1]>,
    made: Vec<u32>,
    round: u32,
    /// Pieces of the observation, by the position where they end and their length.
    ids: [[usize; MAX_PIECE + 1]; CELLS],
    /// For each position, the least that what is left can cost.
    rest: Column<CELLS>,
    /// Observed characters.
    len: usize,
}

impl<const CELLS: usize> Default for Bench<CELLS> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            made: Vec::new(),
            round: 0,
            ids: [[0; MAX_PIECE + 1]; CELLS],
            rest: [0.0; CELLS],
            len: 0,
        }
    }
}

impl<const CELLS: usize> Bench<CELLS> {
    /// Lays `observed`, of at most `CELLS - 1` characters, out.
    pub fn lay(&mut self, emissions: &Emissions, observed: &[char]) {
        let m = observed.len().min(CELLS - 1);
        self.len = m;
        self.round = self.round.wrapping_add(1);
        let slots = emissions.letters * 3;
        if self.rows.len() != slots || self.round == 0 {
            self.rows = vec![[[IMPOSSIBLE; CELLS]; MAX_PIECE + 1]; slots];
            self.made = vec![0; slots];
            self.round = 1;
        }
        for end in 0..=m {
            for len in 0..=MAX_PIECE.min(end) {
                self.ids[end][len] = emissions.piece(&observed[end - len..end]);
            }
        }
        self.rest = [IMPOSSIBLE; CELLS];
        self.rest[m] = 0.0;
        for at in (0..m).rev() {
            for len in 1..=MAX_PIECE.min(m - at) {
                let p = emissions.best[self.ids[at + len][len]] + self.rest[at + len];
                self.rest[at] = self.rest[at].max(p);
            }
        }
    }

    /// Nothing explained yet.
    pub fn start(&self) -> Column<CELLS> {
        let mut column = [IMPOSSIBLE; CELLS];
        column[0] = 0.0;
        column
    }

    /// The score of having explained all.
    pub fn end(&self, column: &Column<CELLS>) -> f32 {
        column[self.len]
    }

    /// One step of the alignment: from the scores before the printed `letter` to those after it.
    #[inline]
    pub fn advance(
        &mut self,
        emissions: &Emissions,
        letter: usize,
        print: Print,
        before: &Column<CELLS>,
    ) -> Column<CELLS> {
        let slot = print as usize * emissions.letters + letter;
        if self.made[slot] != self.round {
            self.make(emissions, slot);
        }
        let row = &self.rows[slot];
        let mut after = [0.0; CELLS];
        for j in 0..CELLS {
            after[j] = before[j] + row[0][j];
        }
        for (len, piece) in row.iter().enumerate().skip(1) {
            for j in len..CELLS {
                after[j] = after[j].max(before[j - len] + piece[j]);
            }
        }
        after
    }

    #[inline(never)]
    fn make(&mut self, emissions: &Emissions, slot: usize) {
        self.made[slot] = self.round;
        let stride = emissions.letters * 3;
        let row = &mut self.rows[slot];
        for (end, ids) in self.ids.iter().enumerate().take(self.len + 1) {
            for (piece, id) in row.iter_mut().zip(ids).take(end + 1) {
                piece[end] = emissions.table[id * stride + slot];
            }
        }
        for piece in row {
            piece[self.len + 1..].fill(IMPOSSIBLE);
        }
    }

    /// The best that can come of `column`.
    #[inline]
    pub fn promise(&self, column: &Column<CELLS>) -> f32 {
        let mut best = [IMPOSSIBLE; 4];
        for (c, r) in column.chunks_exact(4).zip(self.rest.chunks_exact(4)) {
            for k in 0..4 {
                best[k] = best[k].max(c[k] + r[k]);
            }
        }
        best[0].max(best[1]).max(best[2].max(best[3]))
    }
}
