//! List labels that a reader misread: `I11.` for `III.`, `©)` for `c)`, `d)` for `đ)`.
//!
//! A label is mended only where it is a known misreading of the label that is due here; the drafter's own slips
//! (III followed by V) stay.

use crate::segment::is_shouting;

/// Letters of list items in their order (Nghị định 30/2020/NĐ-CP: the Vietnamese alphabet).
const LETTERS: &str = "abcdđeghiklmnopqrstuvxy";
const ROMAN: [&str; 15] =
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"];

/// The labels seen so far, line after line.
#[derive(Debug, Default)]
pub struct Labels {
    letter: Option<char>,
    roman: usize,
}

/// Whether a reader may take `due` for `seen`.
fn confusable(seen: char, due: char) -> bool {
    matches!(
        (seen, due),
        ('©' | '¢' | '€' | 'e' | 'o', 'c')
            | ('d' | 'a' | 'ð', 'đ')
            | ('8' | '9' | 'ø' | 'q', 'g')
            | ('1' | 'l' | 'ï' | '¡' | 'j', 'i')
            | ('1' | 'I', 'l')
    )
}

impl Labels {
    /// The mended form of the label that `token`, the first of its line, should be; `shouting` says that the line is in
    /// capitals. None where it is no label or right as it is.
    pub fn mend(&mut self, token: &str, shouting: bool) -> Option<String> {
        let mut chars = token.chars();
        if let (Some(seen), Some(')'), None) = (chars.next(), chars.next(), chars.next()) {
            return self.letter(seen).map(|c| format!("{c})"));
        }
        let core = token.strip_suffix('.')?;
        if shouting && !core.is_empty() && core.chars().all(|c| "IVXl1|".contains(c)) {
            return self.roman(core).map(|r| format!("{r}."));
        }
        None
    }

    fn letter(&mut self, seen: char) -> Option<char> {
        let due = match self.letter {
            Some(last) => LETTERS.chars().skip_while(|c| *c != last).nth(1),
            None => Some('a'),
        };
        let mended = due.filter(|d| confusable(seen, *d));
        let now = mended.unwrap_or(seen);
        if LETTERS.contains(now) {
            self.letter = Some(now);
        }
        mended
    }

    fn roman(&mut self, core: &str) -> Option<&'static str> {
        let read = core.replace(['l', '1', '|'], "I");
        let place = ROMAN.iter().position(|r| *r == read)?;
        let printed = core == read;
        // A damaged label must be the next one; "11." in capitals may also be the eleventh item.
        if !printed && place != self.roman {
            return None;
        }
        self.roman = place + 1;
        self.letter = None;
        (!printed).then(|| ROMAN.get(place).copied()).flatten()
    }
}

/// The line among `lines` whose label is the first Roman number, read as another single stroke ("1.", "l.", "ï."): a heading
/// in capitals that the next heading so labelled follows as "II.".
pub fn first_roman(lines: &[&str]) -> Option<usize> {
    let mut first = None;
    for (i, line) in lines.iter().enumerate() {
        let Some(label) = line.split_whitespace().next().and_then(|token| token.strip_suffix('.')) else {
            continue;
        };
        match label {
            "II" => return first,
            "I" => return None,
            _ if !is_shouting(line) => {}
            "1" | "l" | "i" | "ï" | "Ï" | "|" | "!" if first.is_none() => first = Some(i),
            // Another order of labels.
            _ if label.chars().all(|c| c.is_ascii_digit()) => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_labels_follow_the_sequence() {
        let mut l = Labels::default();
        let seen = ["I.", "a)", "b)", "©)", "d)", "d)", "Il.", "I11.", "V."];
        let mended: Vec<_> = seen.iter().map(|s| l.mend(s, true)).collect();
        assert_eq!(mended[3].as_deref(), Some("c)"));
        assert_eq!(mended[4], None);
        assert_eq!(mended[5].as_deref(), Some("đ)"));
        assert_eq!(mended[6].as_deref(), Some("II."));
        assert_eq!(mended[7].as_deref(), Some("III."));
        assert_eq!(mended[8], None, "a skipped label is the drafter's own");
    }

    #[test]
    fn numbers_and_words_are_left() {
        let mut l = Labels::default();
        assert_eq!(l.mend("11.", false), None);
        assert_eq!(l.mend("11.", true), None);
        assert_eq!(l.mend("Điều", true), None);
    }

    #[test]
    fn the_first_roman_number_is_told_by_the_second() {
        let page = ["KẾ HOẠCH", "1. MỤC TIÊU", "1. Nâng cao chất lượng", "2. Giảm thời gian", "II. NHIỆM VỤ"];
        assert_eq!(first_roman(&page), Some(1));
        assert_eq!(first_roman(&["1. MỤC TIÊU", "2. NHIỆM VỤ", "II. TỔ CHỨC"]), None);
        assert_eq!(first_roman(&["I. MỤC TIÊU", "1. YÊU CẦU", "II. TỔ CHỨC"]), None);
        assert_eq!(first_roman(&["1. MỤC TIÊU", "Hết."]), None);
    }
}
