//! A damaged line into units, each with the words it may stand for left to the lattice.

use crate::lm::WordId;
use crate::syllable::Case;
use crate::token::{Kind, tokens};

/// A unit of a damaged line and what its surroundings say of its case.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// First byte in the line.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// A word, a number, a symbol.
    pub kind: Kind,
    /// Kept as it is: a list label, a mail address.
    pub fixed: bool,
    /// Begins a sentence or an item.
    pub opens: bool,
    /// Stands in a line of capitals.
    pub shouting: bool,
    /// Parted from the unit before by one blank only, so that both may be one word.
    pub joinable: bool,
}

/// Punctuation that never stands for a letter when it begins a token.
const LEADING: &[char] = &[
    '(', '[', '{', '"', '“', '‘', '*', '-', '–', '—', '+', '•', '…', '.', ',', ';', ':', '/', '=', '>', '<',
    '≥', '≤',
];
/// The same at a token's end.
const TRAILING: &[char] = &[
    ')', ']', '}', '"', '”', '’', '*', '-', '–', '—', '+', '…', '.', ',', ';', ':', '!', '?', '/', '=', '%',
];

/// The units of `line`. `at_start` says that the line begins a paragraph.
pub fn pieces(line: &str, at_start: bool) -> Vec<Piece> {
    let shouting = is_shouting(line);
    let mut out: Vec<Piece> = Vec::new();
    let mut first_token = true;
    let mut opens = at_start;
    let mut last_end = None;
    for (from, to) in tokens(line) {
        let token = &line[from..to];
        let is_first = std::mem::take(&mut first_token);
        let core = token.trim_start_matches(LEADING);
        let start = from + (token.len() - core.len());
        let core = core.trim_end_matches(TRAILING);
        let end = start + core.len();
        if core.is_empty() {
            opens |= is_first;
            last_end = None;
            continue;
        }
        if start > from {
            opens |= is_first || token.starts_with(['(', '“', '"']);
        }
        let label = is_first && is_label(token);
        let fixed = label || is_about(core);
        let joinable = last_end.is_some_and(|e| e + 1 == from) && start == from;
        let piece = |start, end, kind, joinable| Piece { start, end, kind, fixed, opens, shouting, joinable };
        match kind_of(core) {
            Kind::Word => {
                for (i, (a, b)) in parts(core).into_iter().enumerate() {
                    out.push(piece(start + a, start + b, Kind::Word, joinable && i == 0));
                }
            }
            kind => out.push(piece(start, end, kind, joinable)),
        }
        opens = label || line[end..to].contains(['.', '!', '?', ';', ':']);
        last_end = (end == to).then_some(to);
    }
    out
}

/// Whether most letters of `line` are capitals.
pub fn is_shouting(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = line.chars().filter(|c| c.is_uppercase()).count();
    letters >= 2 && capitals * 10 > letters * 6
}

/// Whether the first token of a line is a list label: `1.`, `2.1`, `a)`, `II.`, `(3)`.
fn is_label(token: &str) -> bool {
    let core = token.trim_start_matches('(').trim_end_matches(['.', ')', ':', '/']);
    let closed = core.len() < token.len();
    let digits = core.chars().all(|c| c.is_ascii_digit() || c == '.')
        && core.starts_with(|c: char| c.is_ascii_digit());
    let letter = token.ends_with(')') && core.chars().count() == 1;
    let roman = closed && !core.is_empty() && core.len() <= 5 && core.chars().all(|c| "IVXl1".contains(c));
    (digits && (closed || core.contains('.'))) || letter || roman
}

/// Whether a token is the "V/v" (về việc) before the subject of a letter, which no syllable stands for.
fn is_about(core: &str) -> bool {
    core.eq_ignore_ascii_case("v/v")
}

/// What a token without its outer punctuation is.
fn kind_of(core: &str) -> Kind {
    let digits = core.chars().filter(char::is_ascii_digit).count();
    if core.contains('@') && core.contains('.') || core.contains("://") || core.starts_with("www.") {
        return Kind::Symbol;
    }
    if digits == 0 {
        let symbol = core.contains('/') && core.chars().filter(|c| c.is_uppercase()).count() >= 2;
        return if symbol { Kind::Symbol } else { Kind::Word };
    }
    let letters = core.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 && core.chars().all(|c| c.is_ascii_digit() || ".,/:-–%".contains(c)) {
        return Kind::Number;
    }
    // A number with letters behind a stroke or hyphen is a symbol, and so are 02a, 2.1a, A.6 (articles are
    // numbered on with the first letters only: 16i is lỗi); a digit among letters is a misread letter. Readers seldom take
    // a letter for 2, 3 or 7.
    let structured = core.contains(['/', '-', '–']) && digits >= 2;
    let figures = core.chars().take_while(char::is_ascii_digit).count();
    let lettered = figures >= 2 && core.ends_with(['a', 'b', 'c', 'd', 'đ', 'e', 'g', 'h']);
    let numbered = letters == 1 && (lettered || figures == 1 && core.starts_with(['2', '3', '7']));
    let pointed = core.split('.').any(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if structured || numbered || pointed || digits > letters + 1 { Kind::Symbol } else { Kind::Word }
}

/// Parts of a word at hyphens and strokes that have two letters or more on either side.
fn parts(core: &str) -> Vec<(usize, usize)> {
    let parting = |c: char| matches!(c, '-' | '/' | '–');
    let mut out = Vec::new();
    let (mut start, mut left) = (0, 0);
    for (i, c) in core.char_indices() {
        let next = i + c.len_utf8();
        // Two letters on the right are looked at and no more, those on the left are counted on the way: a token of millions
        // of hyphens costs no more than its length.
        let right = core[next..].chars().take(2).take_while(|c| !parting(*c)).count();
        if parting(c) && left >= 2 && right >= 2 {
            out.push((start, i));
            (start, left) = (next, 0);
        } else {
            left += 1;
        }
    }
    out.push((start, core.len()));
    out
}

/// Natural log-probabilities of the three case patterns of each word, by what its place suggests.
pub struct CasePriors {
    within: Vec<[f32; 3]>,
    opening: Vec<[f32; 3]>,
    shouting: [f32; 3],
}

impl CasePriors {
    /// From how often each word stands with a capital and in capitals in the middle of sentences (0 to 1).
    pub fn new(shares: impl Iterator<Item = (f32, f32)>) -> Self {
        let (mut within, mut opening) = (Vec::new(), Vec::new());
        for (title, upper) in shares {
            let (t, u) = (title.clamp(0.004, 0.99), upper.clamp(2e-4, 0.99));
            let patterns = |t: f32| [(1.0 - t - u).max(0.004), t, u].map(f32::ln);
            within.push(patterns(t));
            opening.push(patterns(t.max(0.85 * (1.0 - u))));
        }
        Self { within, opening, shouting: [0.04f32, 0.04, 0.92].map(f32::ln) }
    }

    /// Those of `word` at the place of `piece`.
    pub fn at(&self, piece: &Piece, word: WordId) -> [f32; 3] {
        if piece.shouting {
            return self.shouting;
        }
        let table = if piece.opens { &self.opening } else { &self.within };
        table.get(usize::from(word)).copied().unwrap_or([0.0; 3])
    }
}

/// The pattern at position `i` of [`case_prior`].
pub fn case_at(i: usize) -> Case {
    [Case::Lower, Case::Title, Case::Upper].get(i).copied().unwrap_or(Case::Lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Vec<&str> {
        pieces(line, true).iter().map(|p| &line[p.start..p.end]).collect()
    }

    #[test]
    fn odd_characters_stay_inside_words() {
        assert_eq!(read("cta S& c6 du chuy@n d?ly, (b6)"), ["cta", "S&", "c6", "du", "chuy@n", "d?ly", "b6"]);
    }

    #[test]
    fn symbols_and_labels_are_told_apart() {
        let line = "a) Nghi dinh s6 60/2021/ND-CP ngay 5/6";
        let p = pieces(line, true);
        assert!(p[0].fixed);
        assert_eq!(p[3].kind, Kind::Word);
        assert_eq!(p[4].kind, Kind::Symbol);
        assert_eq!(p[6].kind, Kind::Number);
    }

    #[test]
    fn about_is_kept_and_opens_nothing() {
        let p = pieces("V/v cap giay phep", true);
        assert!(p[0].fixed && !p[1].fixed && !p[1].opens, "{p:?}");
    }

    #[test]
    fn hyphenated_words_are_parted() {
        assert_eq!(read("kinh té-xa hoi"), ["kinh", "té", "xa", "hoi"]);
        assert_eq!(read("d/c"), ["d/c"]);
    }
}
