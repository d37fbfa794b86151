//! Labels of list items, which office files keep as rules and not as text.

use rustc_hash::FxHashMap;

/// Levels of a list.
pub(crate) const LEVELS: usize = 9;

/// How a level of a list is numbered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    /// Number of the first item.
    pub start: i64,
    /// How numbers are written: the names that DOCX uses ("decimal", "lowerLetter", "upperRoman", "bullet").
    pub format: String,
    /// The label, with `%1` for the number of the first level and so on.
    pub text: String,
    /// Whether the numbers of the levels above are written as decimals in this label.
    pub legal: bool,
}

/// Counts the items of lists. A list has a key: items with the same key go on counting.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    at: FxHashMap<u64, [Option<i64>; LEVELS]>,
}

impl Counters {
    /// The label of the next item of list `key` at `level`, counted from 0. Empty where the level has none.
    pub(crate) fn next(&mut self, key: u64, level: usize, levels: &[Level]) -> String {
        let (Some(rule), true) = (levels.get(level), level < LEVELS) else { return String::new() };
        let counts = self.at.entry(key).or_default();
        counts[level] = Some(counts[level].map_or(rule.start, |n| n.saturating_add(1)));
        counts.iter_mut().skip(level + 1).for_each(|n| *n = None);
        if rule.format == "bullet" {
            return rule.text.clone();
        }
        if rule.format == "none" && !rule.text.contains('%') {
            return rule.text.clone();
        }
        let mut label = String::new();
        let mut chars = rule.text.chars();
        while let Some(c) = chars.next() {
            let digit = if c == '%' { chars.clone().next().and_then(|d| d.to_digit(10)) } else { None };
            match digit.and_then(|d| (d as usize).checked_sub(1)).filter(|l| *l < LEVELS) {
                Some(of) => {
                    chars.next();
                    // A level that no item has reached yet counts as its first.
                    let above = levels.get(of);
                    let number = counts[of].unwrap_or(above.map_or(1, |l| l.start));
                    let format = above.map_or("decimal", |l| l.format.as_str());
                    let decimal = rule.legal && of < level;
                    label.push_str(&written(number, if decimal { "decimal" } else { format }));
                }
                None => label.push(c),
            }
        }
        label
    }
}

/// A number as a list writes it.
pub(crate) fn written(number: i64, format: &str) -> String {
    match format {
        "lowerLetter" => letters(number).to_lowercase(),
        "upperLetter" => letters(number),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        "decimalZero" => format!("{number:02}"),
        "none" | "bullet" => String::new(),
        _ => number.to_string(),
    }
}

/// A, B, … Z, AA, BB: letters are doubled after the alphabet.
fn letters(number: i64) -> String {
    let Some(n) = usize::try_from(number).ok().and_then(|n| n.checked_sub(1)) else {
        return number.to_string();
    };
    let letter = char::from(b'A' + (n % 26) as u8);
    // Nobody numbers further; the label of a broken file stays short.
    letter.to_string().repeat((n / 26 + 1).min(9))
}

fn roman(number: i64) -> String {
    const SIGNS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            out.push_str(sign);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(format: &str, text: &str) -> Level {
        Level { start: 1, format: format.into(), text: text.into(), legal: false }
    }

    #[test]
    fn items_are_counted_through_their_levels() {
        let levels = [level("upperRoman", "%1."), level("decimal", "%2."), level("lowerLetter", "%3)")];
        let mut counters = Counters::default();
        let mut next = |l| counters.next(7, l, &levels);
        assert_eq!([next(0), next(1), next(1), next(2), next(2)], ["I.", "1.", "2.", "a)", "b)"]);
        assert_eq!([next(0), next(1), next(2)], ["II.", "1.", "a)"]);
        assert_eq!(next(5), "");
    }

    #[test]
    fn labels_may_name_the_levels_above() {
        let mut levels = [level("upperRoman", "%1"), level("decimal", "%1.%2.")];
        let mut counters = Counters::default();
        assert_eq!(counters.next(1, 1, &levels), "I.1.");
        levels[1].legal = true;
        assert_eq!(counters.next(1, 1, &levels), "1.2.");
    }

    #[test]
    fn numbers_are_written_in_all_forms() {
        assert_eq!(written(14, "lowerRoman"), "xiv");
        assert_eq!(written(28, "upperLetter"), "BB");
        assert_eq!(written(3, "decimalZero"), "03");
        assert_eq!(written(0, "upperLetter"), "0");
        assert_eq!(written(i64::MAX, "lowerLetter").len(), 9);
    }
}
