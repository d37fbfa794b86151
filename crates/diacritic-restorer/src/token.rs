//! A line of text into the units that the language model counts.

/// What a unit of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A run of letters.
    Word,
    /// Digits, with the punctuation that stands inside numbers and dates.
    Number,
    /// Letters and digits mixed: a document symbol, a code, a mail address, a link.
    Symbol,
}

/// One unit: a byte range of the line and its kind. What lies between units is punctuation and white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// The white-space separated tokens of `line` as byte ranges.
pub fn tokens(line: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let from = rest + line.get(rest..)?.find(|c: char| !c.is_whitespace())?;
        let to = line[from..].find(char::is_whitespace).map_or(line.len(), |n| from + n);
        rest = to;
        Some((from, to))
    })
}

/// The units of clean text: a token with digits is one unit, any other is cut into its runs of letters.
pub fn units(line: &str) -> Vec<Unit> {
    let mut out = Vec::new();
    for (from, to) in tokens(line) {
        units_of_token(line, from, to, &mut out);
    }
    out
}

/// Appends the units of the token `from..to` of `line`.
pub fn units_of_token(line: &str, from: usize, to: usize, out: &mut Vec<Unit>) {
    let token = &line[from..to];
    let Some((first, _)) = token.char_indices().find(|(_, c)| c.is_alphanumeric()) else { return };
    let last =
        token.char_indices().rev().find(|(_, c)| c.is_alphanumeric()).map_or(0, |(i, c)| i + c.len_utf8());
    let core = &token[first..last];
    if core.contains(|c: char| c.is_ascii_digit()) {
        let kind = if core.contains(char::is_alphabetic) { Kind::Symbol } else { Kind::Number };
        out.push(Unit { start: from + first, end: from + last, kind });
        return;
    }
    if core.contains('@') || core.contains("://") {
        out.push(Unit { start: from + first, end: from + last, kind: Kind::Symbol });
        return;
    }
    let mut start = None;
    for (i, c) in core.char_indices().chain([(core.len(), ' ')]) {
        let letter = c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c);
        match (letter, start) {
            (true, None) => start = Some(i),
            (false, Some(s)) => {
                out.push(Unit { start: from + first + s, end: from + first + i, kind: Kind::Word });
                start = None;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Vec<(&str, Kind)> {
        units(line).iter().map(|u| (&line[u.start..u.end], u.kind)).collect()
    }

    #[test]
    fn words_numbers_and_symbols() {
        assert_eq!(
            read("  - Quyết định số 12/QĐ-ABC, (ngày 05/01/2020): kinh tế-xã hội;"),
            [
                ("Quyết", Kind::Word),
                ("định", Kind::Word),
                ("số", Kind::Word),
                ("12/QĐ-ABC", Kind::Symbol),
                ("ngày", Kind::Word),
                ("05/01/2020", Kind::Number),
                ("kinh", Kind::Word),
                ("tế", Kind::Word),
                ("xã", Kind::Word),
                ("hội", Kind::Word),
            ]
        );
    }

    #[test]
    fn punctuation_alone_gives_nothing() {
        assert!(read(" - … *** ").is_empty());
    }
}
