//! Tokens of true and restored lines, and which of them agree.

use diacritic_restorer::syllable::fold;
use unicode_normalization::UnicodeNormalization;

/// A white-space token without outer punctuation: its place in the line, and its form for comparison.
pub struct Token {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// NFC, small letters, one tone placement.
    pub form: String,
}

/// The tokens of `line`; what is punctuation alone is left out.
pub fn tokens(line: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    for piece in line.split_inclusive(char::is_whitespace) {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        if let (Some(a), Some((z, last))) = (piece.find(word), piece.char_indices().rfind(|(_, c)| word(*c)))
        {
            let (start, end) = (at + a, at + z + last.len_utf8());
            let form = fold(&line[start..end].nfc().collect::<String>()).into_owned();
            out.push(Token { start, end, form });
        }
        at += piece.len();
    }
    out
}

/// For the least number of edits from `gold` to `out`: that number, and the gold token of each token of `out`.
pub fn align(gold: &[Token], out: &[Token]) -> (usize, Vec<Option<usize>>) {
    let (n, m) = (gold.len(), out.len());
    let mut cost = vec![vec![0usize; m + 1]; n + 1];
    for (i, row) in cost.iter_mut().enumerate() {
        row[0] = i;
    }
    cost[0] = (0..=m).collect();
    for i in 1..=n {
        for j in 1..=m {
            let same = usize::from(gold[i - 1].form != out[j - 1].form);
            cost[i][j] = (cost[i - 1][j - 1] + same).min(cost[i - 1][j] + 1).min(cost[i][j - 1] + 1);
        }
    }
    let mut partner = vec![None; m];
    let (mut i, mut j) = (n, m);
    while i > 0 && j > 0 {
        let same = usize::from(gold[i - 1].form != out[j - 1].form);
        if cost[i][j] == cost[i - 1][j - 1] + same {
            (i, j) = (i - 1, j - 1);
            partner[j] = Some(i);
        } else if cost[i][j] == cost[i - 1][j] + 1 {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    (cost[n][m], partner)
}
