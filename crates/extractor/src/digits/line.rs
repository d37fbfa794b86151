//! Where a line of the head leaves room for a number that is written by hand: after "Số:" up to the stroke of the symbol,
//! after "ngày" and after "tháng" (Nghị định 30/2020/NĐ-CP, Phụ lục I).

use unicode_normalization::UnicodeNormalization;

/// A word of the line: its text, how sure it is, and left and right in pixels of the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlacedWord {
    pub text: String,
    pub confidence: f32,
    pub x0: f32,
    pub x1: f32,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Day,
    Month,
}

impl Kind {
    /// Digits at most.
    pub(super) fn length(self) -> usize {
        if self == Kind::Number { 5 } else { 2 }
    }

    pub(super) fn fits(self, digits: &str) -> bool {
        let most = match self {
            Kind::Number => return digits.chars().any(|c| c != '0'),
            Kind::Day => 31,
            Kind::Month => 12,
        };
        digits.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n))
    }
}

/// Room for a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub kind: Kind,
    /// Word and letter that the field begins with, and those it ends before; the words between are the reading of it.
    pub from: (usize, usize),
    pub to: (usize, usize),
    /// Left and right in pixels of the page.
    pub x: (f32, f32),
}

/// A line of the head with its fields.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HeadLine {
    pub fields: Vec<Field>,
    /// The words that the form prescribes: "ngày", "tháng", "năm", as word and letters.
    pub printed: Vec<(usize, usize, usize)>,
    /// Size of the print in pixels.
    pub size: f32,
}

/// A letter, without its marks and small, and where it stands.
#[derive(Clone, Copy)]
struct Letter {
    plain: char,
    word: usize,
    /// Its index in the word.
    at: usize,
    capital: bool,
}

/// A day or month written by hand was read as no more letters than this, a number as no more than that.
const READ_DAY: usize = 7;
const READ_NUMBER: usize = 12;

/// Finds the fields of a line; nothing where it is no line of a head.
pub(super) fn head_line(words: &[PlacedWord]) -> Option<HeadLine> {
    let letters = letters(words);
    let plain: String = letters.iter().map(|l| l.plain).collect();
    let size = size(words)?;
    date(words, &letters, &plain, size).or_else(|| number(words, &letters, &plain, size))
}

/// The letters of the words; a blank between two words belongs to the second and comes before its first letter.
fn letters(words: &[PlacedWord]) -> Vec<Letter> {
    let mut letters = Vec::new();
    for (word, w) in words.iter().enumerate() {
        for (at, c) in w.text.chars().enumerate() {
            letters.push(Letter { plain: plain(c), word, at, capital: c.is_uppercase() });
        }
    }
    letters
}

/// One ASCII letter for each: small, without marks.
fn plain(c: char) -> char {
    let base = c.nfd().next().unwrap_or(c);
    match base {
        'đ' | 'Đ' | 'Ð' => 'd',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        _ => '\u{fffd}',
    }
}

/// "Hà Nội, ngày 5 tháng 4 năm 2026".
fn date(words: &[PlacedWord], letters: &[Letter], plain: &str, size: f32) -> Option<HeadLine> {
    let index: Vec<char> = plain.chars().collect();
    let day = find(&index, "ngay", 2..index.len())?;
    let month = find(&index, "thang", day + 4..day + 5 + READ_DAY)?;
    let year = find(&index, "nam", month + 5..month + 6 + READ_DAY)?;
    let place = index.get(..day)?;
    let after: String = index.get(year + 3..)?.iter().collect();
    let is_year = after.len() <= 5 && after.get(..4).is_some_and(|y| y.bytes().all(|b| b.is_ascii_digit()));
    let is_place = place.len() <= 30 && matches!(place.last(), Some(',' | '.'));
    if !letters.first()?.capital || !is_place || !is_year || after.ends_with([';', ',']) {
        return None;
    }
    let field = |kind, from: usize, to: usize| {
        let end = letter_end(words, letters, from, size)?;
        let start = letter_start(words, letters, to, size)?;
        (start > end).then_some(Field {
            kind,
            from: after_letter(letters, from)?,
            to: at(letters, to)?,
            x: (end, start),
        })
    };
    let fields = [field(Kind::Day, day + 3, month), field(Kind::Month, month + 4, year)];
    let printed = [(day, 4), (month, 5), (year, 3)];
    let printed = printed.into_iter().filter_map(|(i, n)| at(letters, i).map(|(w, c)| (w, c, n))).collect();
    Some(HeadLine { fields: fields.into_iter().flatten().collect(), printed, size })
}

/// "Số: 12/QĐ-ABC", "Luật số: 12/2026/QH15".
fn number(words: &[PlacedWord], letters: &[Letter], plain: &str, size: f32) -> Option<HeadLine> {
    let index: Vec<char> = plain.chars().collect();
    let begin = if plain.starts_with("luatso") { 4 } else { 0 };
    let is_label = index.get(begin) == Some(&'s') && matches!(index.get(begin + 1), Some('o' | '0' | '6'));
    let mut label = begin + 1;
    let capital =
        letters.get(begin)?.capital || begin > 0 || letters.get(label)?.word != letters.get(label + 1)?.word;
    if !is_label || !capital {
        return None;
    }
    while matches!(index.get(label + 1), Some(':' | ';' | '.' | ',')) {
        label += 1;
    }
    // A stroke by hand may have been read as "/" too: that of the symbol stands before letters, or before a year.
    let is_symbol = |i: usize| {
        let rest = index.get(i + 1..).unwrap_or_default();
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        let year = (3..=4).contains(&digits) && rest.get(digits) == Some(&'/');
        let start = if year { i + 2 + digits } else { i + 1 };
        letters.get(start..start + 2).is_some_and(|two| {
            two.first().is_some_and(|l| l.capital) && two.iter().all(|l| l.plain.is_ascii_alphabetic())
        })
    };
    let stroke = (label + 1..index.len().min(label + 2 + READ_NUMBER))
        .find(|&i| index.get(i) == Some(&'/') && is_symbol(i))
        .or_else(|| (label + 2..index.len()).find(|&i| is_bare_symbol(words, letters.get(i))))?;
    // "18-CT/TU", the form of the Party: the number ends before.
    let is_party = (label + 1..stroke).any(|i| {
        index.get(i) == Some(&'-')
            && letters.get(i + 1).is_some_and(|l| l.capital && l.plain.is_ascii_alphabetic())
    });
    if is_party || index.len() > stroke + 30 {
        return None;
    }
    let (end, start) =
        (letter_end(words, letters, label, size)?, letter_start(words, letters, stroke, size)?);
    let field = Field {
        kind: Kind::Number,
        from: after_letter(letters, label)?,
        to: at(letters, stroke)?,
        x: (end, start),
    };
    (start > end).then_some(HeadLine { fields: vec![field], printed: Vec::new(), size })
}

/// Whether a letter begins a symbol whose stroke was not read: "153 TB-ABC".
fn is_bare_symbol(words: &[PlacedWord], letter: Option<&Letter>) -> bool {
    let Some(word) = letter.filter(|l| l.at == 0).and_then(|l| words.get(l.word)) else { return false };
    let capitals = |part: &str| part.len() >= 2 && part.chars().all(char::is_uppercase);
    word.text.split_once('-').is_some_and(|(kind, rest)| capitals(kind) && rest.split('-').all(capitals))
}

fn find(index: &[char], what: &str, within: std::ops::Range<usize>) -> Option<usize> {
    let what: Vec<char> = what.chars().collect();
    within
        .take_while(|i| i + what.len() <= index.len())
        .find(|&i| index.get(i..i + what.len()) == Some(&what[..]))
}

/// Word and letter.
fn at(letters: &[Letter], i: usize) -> Option<(usize, usize)> {
    letters.get(i).map(|l| (l.word, l.at))
}

fn after_letter(letters: &[Letter], i: usize) -> Option<(usize, usize)> {
    letters.get(i).map(|l| (l.word, l.at + 1))
}

/// A word as wide as its letters are set, within this share, has its place from the engine.
const TRUE_WIDTH: f32 = 0.22;

fn is_true(word: &PlacedWord, size: f32) -> bool {
    let set = advance(word.text.chars()) * size;
    ((word.x1 - word.x0) / set - 1.0).abs() < TRUE_WIDTH
}

/// Where letter `i` ends: by the word's box if it ends the word, else by the widths of the letters before.
fn letter_end(words: &[PlacedWord], letters: &[Letter], i: usize, size: f32) -> Option<f32> {
    let l = letters.get(i)?;
    let word = words.get(l.word)?;
    let last = l.at + 1 == word.text.chars().count();
    let end = true_end(words, l.word, size);
    if last && end < word.x1 {
        return Some(end);
    }
    if last && (is_true(word, size) || word.confidence > SURE) {
        return Some(word.x1);
    }
    Some((word.x0 + advance(word.text.chars().take(l.at + 1)) * size).min(word.x1))
}

/// Where letter `i` starts, likewise.
fn letter_start(words: &[PlacedWord], letters: &[Letter], i: usize, size: f32) -> Option<f32> {
    let l = letters.get(i)?;
    let word = words.get(l.word)?;
    if l.at == 0 {
        return Some(word.x0);
    }
    let end = true_end(words, l.word, size);
    Some((end - advance(word.text.chars().skip(l.at)) * size).max(word.x0))
}

/// The right side of a word, before the next one begins: boxes of words in doubt reach too far.
fn true_end(words: &[PlacedWord], word: usize, size: f32) -> f32 {
    let end = words.get(word).map_or(0.0, |w| w.x1);
    words.get(word + 1).map_or(end, |next| if next.x0 < end { next.x0 - BLANK * size } else { end })
}

/// A blank between words, in font sizes.
const BLANK: f32 = 0.25;

/// A word read as surely as this has the width of its letters.
const SURE: f32 = 0.8;

/// Size of the print in pixels: the median over the words that were read well.
fn size(words: &[PlacedWord]) -> Option<f32> {
    let known = |least: usize, sure: f32| {
        let sure = move |w: &&PlacedWord| w.confidence >= sure && w.text.chars().count() >= least;
        let mut sizes: Vec<f32> =
            words.iter().filter(sure).map(|w| (w.x1 - w.x0) / advance(w.text.chars())).collect();
        sizes.sort_by(f32::total_cmp);
        sizes.get(sizes.len() / 2).copied()
    };
    known(3, SURE).or_else(|| known(3, 0.4)).filter(|s| *s > 4.0)
}

/// The width of letters in font sizes, as Times New Roman has them, by and large.
fn advance(letters: impl Iterator<Item = char>) -> f32 {
    letters
        .map(|c| match plain(c) {
            _ if c.is_uppercase() => match plain(c) {
                'i' => 0.33,
                'b' | 'e' | 'l' | 'p' | 's' | 't' => 0.6,
                _ => 0.71,
            },
            'i' | 'j' | 'l' | 't' | '/' => 0.28,
            '.' | ',' | ':' | ';' => 0.26,
            'f' | 'r' | '-' | '(' | ')' => 0.34,
            'm' | 'w' => 0.75,
            'a' | 'c' | 'e' | 's' => 0.43,
            _ => 0.5,
        })
        .sum::<f32>()
        .max(0.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words set at 40 pixels, with a blank of 10 between.
    fn set(words: &[(&str, f32)]) -> Vec<PlacedWord> {
        let mut x = 100.0;
        let mut placed = Vec::new();
        for (text, confidence) in words {
            let x1 = x + advance(text.chars()) * 40.0;
            placed.push(PlacedWord { text: (*text).into(), confidence: *confidence, x0: x, x1 });
            x = x1 + 10.0;
        }
        placed
    }

    #[test]
    fn day_and_month_lie_between_the_printed_words() {
        let words = set(&[
            ("Vân", 0.9),
            ("Hải,", 0.9),
            ("ngày.?", 0.4),
            ("|", 0.4),
            ("tháng", 0.9),
            ("({", 0.8),
            ("năm", 0.9),
            ("2026", 0.9),
        ]);
        let line = head_line(&words).unwrap();
        assert!((line.size - 40.0).abs() < 1.0);
        let [day, month] = &line.fields[..] else { panic!("{line:?}") };
        assert_eq!((day.kind, day.from, day.to), (Kind::Day, (2, 4), (4, 0)));
        assert!((day.x.0 - words[2].x0 - 1.93 * 40.0).abs() < 3.0 && day.x.1 == words[4].x0);
        assert_eq!((month.from, month.to), ((4, 5), (6, 0)));
    }

    #[test]
    fn the_number_ends_at_the_stroke_of_the_symbol() {
        for (words, from, to) in [
            (set(&[("Số:", 0.9), ("488/QĐ-ABC", 0.7)]), (0, 3), (1, 3)),
            (set(&[("số", 0.5), ("Ở{", 0.1), ("-", 0.0), ("/206/TT-ABC", 0.6)]), (0, 2), (3, 0)),
            (set(&[("Số:", 0.9), ("//5", 0.3), ("/NQ-HĐND", 0.9)]), (0, 3), (2, 0)),
            (set(&[("Số:", 0.9), ("152", 0.6), ("TB-ABC", 0.9)]), (0, 3), (2, 0)),
        ] {
            let line = head_line(&words).unwrap();
            assert_eq!((line.fields[0].from, line.fields[0].to), (from, to));
        }
    }

    #[test]
    fn running_text_has_no_fields() {
        let text = "Căn cứ Quyết định số 12/QĐ-ABC ngày 5 tháng 4 năm 2026 của Sở";
        assert_eq!(head_line(&set(&text.split(' ').map(|w| (w, 0.9)).collect::<Vec<_>>())), None);
        let text = "Sở Nội vụ";
        assert_eq!(head_line(&set(&text.split(' ').map(|w| (w, 0.9)).collect::<Vec<_>>())), None);
    }

    #[test]
    fn days_and_months_have_bounds() {
        assert!(Kind::Day.fits("31") && !Kind::Day.fits("32") && !Kind::Month.fits("13"));
        assert!(Kind::Number.fits("06") && !Kind::Number.fits("00"));
    }
}
