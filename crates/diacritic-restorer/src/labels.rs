//! List labels that a reader misread: `I11.` and `HI.` for `III.`, `©)` for `c)`, `d)` for `đ)`.
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
        if shouting { self.roman(core).map(|r| format!("{r}.")) } else { None }
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
        let (place, printed) = roman_as_read(core)?;
        // A damaged label must be the next one; "11." in capitals may also be the eleventh item.
        if !printed && place != self.roman {
            return None;
        }
        self.roman = place + 1;
        self.letter = None;
        (!printed).then(|| ROMAN.get(place).copied()).flatten()
    }
}

/// The place in the sequence of the Roman number that `core` is when its strokes are told apart, and whether it is printed so.
fn roman_as_read(core: &str) -> Option<(usize, bool)> {
    let read = core.replace(['l', '1', '|'], "I").replace('H', "II");
    ROMAN.iter().position(|r| *r == read).map(|place| (place, core == read))
}

/// The headings in capitals among `lines` whose Roman labels a reader of Vietnamese misread, each with what it should be: one
/// whose strokes ran together ("H." for "II.", "HI." for "III."), and one that lost a stroke ("II." between "II." and "IV.").
/// Labels that repeat or skip and go on so are the drafter's own.
pub fn misread_romans(lines: &[&str]) -> Vec<(usize, String)> {
    let headings: Vec<(usize, usize, bool)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| is_shouting(line))
        .filter_map(|(i, line)| {
            let core = line.split_whitespace().next()?.strip_suffix('.')?;
            roman_as_read(core).map(|(place, printed)| (i, place, printed))
        })
        .collect();
    let mut due = 0;
    let mut misread = Vec::new();
    for (k, &(line, place, printed)) in headings.iter().enumerate() {
        let lost_a_stroke = || {
            // A part begins anew with I, and V has no fewer strokes to be taken for.
            let name = |place: usize| ROMAN.get(place).copied().unwrap_or_default();
            place > 0
                && place + 1 == due
                && name(due).strip_suffix('I') == Some(name(place))
                && headings.get(k + 1).is_some_and(|(_, next, _)| *next == due + 1)
        };
        if place == due && !printed || printed && lost_a_stroke() {
            misread.extend(ROMAN.get(due).map(|r| (line, format!("{r}."))));
            due += 1;
        } else if printed {
            due = place + 1;
        }
    }
    misread
}

/// The lines among `lines` whose label was read as a sign or a digit and must be a letter ("8)" before "b)"), each with what
/// it should be: the letter before that of the next label, if a reader takes it for what stands there and the label before
/// does not make it a number.
pub fn misread_letters(lines: &[&str]) -> Vec<(usize, String)> {
    let label = |line: &&str| {
        let mut chars = line.split_whitespace().next()?.chars();
        let seen = chars.next()?;
        (chars.next() == Some(')') && chars.next().is_none()).then_some(seen)
    };
    let labels: Vec<(usize, char)> =
        lines.iter().enumerate().filter_map(|(i, line)| label(line).map(|seen| (i, seen))).collect();
    let mut before = None;
    let mut misread = Vec::new();
    for (k, &(line, seen)) in labels.iter().enumerate() {
        let next = labels.get(k + 1).and_then(|(_, next)| LETTERS.chars().position(|c| c == *next));
        let due = next.and_then(|at| at.checked_sub(1)).and_then(|at| LETTERS.chars().nth(at));
        let counted =
            seen.to_digit(10).is_some_and(|n| before.and_then(|b: char| b.to_digit(10)) == n.checked_sub(1));
        let is_due = |due: &char| confusable(seen, *due) || (seen == '8' || seen == '@') && *due == 'a';
        if !LETTERS.contains(seen)
            && !counted
            && let Some(due) = due.filter(is_due)
        {
            misread.push((line, format!("{due})")));
        }
        before = Some(seen);
    }
    misread
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
    fn strokes_that_ran_together_or_were_lost_are_told_by_the_sequence() {
        let read = |labels: &[&str]| {
            let lines: Vec<String> = labels.iter().map(|l| format!("{l} KINH PHÍ")).collect();
            misread_romans(&lines.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let mended = |line: usize, label: &str| (line, label.to_owned());
        assert_eq!(read(&["I.", "H.", "HI.", "IV."]), [mended(1, "II."), mended(2, "III.")]);
        assert_eq!(read(&["I.", "II.", "II.", "IV."]), [mended(2, "III.")]);
        assert_eq!(read(&["V.", "VI.", "VI.", "VHI."]), [mended(2, "VII."), mended(3, "VIII.")]);
        for own in
            [&["I.", "II.", "II.", "III."][..], &["I.", "II.", "II."], &["I.", "III.", "V."], &["H.", "A."]]
        {
            assert_eq!(read(own), [], "{own:?}");
        }
        // The second part begins anew.
        assert_eq!(read(&["I.", "I.", "II.", "III."]), []);
    }

    #[test]
    fn a_letter_read_as_a_digit_is_told_by_the_next() {
        let read = |labels: &[&str]| misread_letters(labels);
        assert_eq!(read(&["2. Giao", "8) Rà soát", "b) Báo cáo"]), [(1, "a)".to_owned())]);
        assert_eq!(read(&["b) Rà", "©) Soát", "d) Báo"]), [(1, "c)".to_owned())]);
        assert_eq!(read(&["7) Rà soát", "8) Báo cáo", "b) Họp"]), []);
        assert_eq!(read(&["8) Rà soát", "9) Báo cáo"]), []);
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
