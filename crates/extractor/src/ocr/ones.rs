//! The digit 1 of a date read as a sign or a letter: "ngày 3]" for 31, "0l" for 01.

use super::OcrWord;

/// No number is surer than this in which a sign was taken for a digit.
const MENDED: f32 = 0.85;

/// What may stand for a 1.
const ONES: [char; 4] = [']', '|', 'l', 'I'];

/// Makes ones of the brackets and strokes right behind the digits of days and months, and of a letter behind a leading zero.
/// Elsewhere a bracket may close what another line opened, a stroke may rule a table, and a letter be a unit or a quarter.
pub(super) fn mend(words: &mut [OcrWord]) {
    let mut before = String::new();
    let mut is_open = false;
    for word in words {
        is_open |= word.text.contains('[');
        let previous = std::mem::replace(&mut before, word.text.to_lowercase());
        let previous = previous.trim_start_matches(|c: char| !c.is_alphabetic());
        if let Some(text) = mended(&word.text, previous, is_open) {
            word.text = text;
            word.confidence = word.confidence.min(MENDED);
            word.readings.clear();
        }
        is_open &= !word.text.contains(']');
    }
}

/// A word with its ones, behind the word `before`; none where it has none to mend.
fn mended(word: &str, before: &str, is_open: bool) -> Option<String> {
    let core = word.trim_end_matches([',', ';', '.', ':', ')']);
    let largest = match before {
        "ngày" => 31,
        "tháng" => 12,
        _ => 0,
    };
    let zero = matches!(core.as_bytes(), [b'0', b'l' | b'I']);
    let parts: Vec<&str> = core.split('/').collect();
    let is_date = match parts[..] {
        [part] => zero || (largest > 0 && with_ones(part).is_some_and(|n| n <= largest)),
        [day, month] | [day, month, _] => {
            before != "quý"
                && with_ones(day).is_some_and(|n| n <= 31)
                && with_ones(month).is_some_and(|n| n <= 12)
                && parts.get(2).is_none_or(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
        }
        _ => false,
    };
    let is_mended = core.contains(ONES) && is_date && !(is_open && core.contains(']'));
    is_mended.then(|| core.replace(ONES, "1") + word.get(core.len()..).unwrap_or(""))
}

/// The number of a day or a month, its second digit perhaps one of those that stand for a 1.
fn with_ones(part: &str) -> Option<u8> {
    let mut letters = part.chars();
    let first = letters.next().filter(char::is_ascii_digit)?;
    match (letters.next(), letters.next()) {
        (None, _) => part.parse().ok(),
        (Some(second), None) if second.is_ascii_digit() || ONES.contains(&second) => {
            format!("{first}{}", if second.is_ascii_digit() { second } else { '1' }).parse().ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(line: &str) -> String {
        let word = |text: &str| OcrWord { text: text.into(), confidence: 0.95, ..OcrWord::default() };
        let mut words: Vec<OcrWord> = line.split(' ').map(word).collect();
        mend(&mut words);
        assert!(words.iter().zip(line.split(' ')).all(|(w, read)| w.text == read || w.confidence <= MENDED));
        words.into_iter().map(|w| w.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_bracket_behind_the_digit_of_a_day_is_a_one() {
        assert_eq!(mended("Hà Nội, ngày 3] tháng 1I năm"), "Hà Nội, ngày 31 tháng 11 năm");
        assert_eq!(mended("(ngày 3]/12/2026), 2|/7/2026;"), "(ngày 31/12/2026), 21/7/2026;");
        assert_eq!(mended("bố trí 0l công chức"), "bố trí 01 công chức");
    }

    #[test]
    fn elsewhere_brackets_strokes_and_letters_stay() {
        for line in [
            "xem [3] và [mục 4]",
            "(khoản 3]",
            "Điều 5]",
            "[khoản (a) Điều 2]",
            "12] I3]",
            "5.000| 2026| 1|2|3 024.38043210|",
            "5l 0,5l 0.75l; xăng",
            "1] Xây dựng",
            "quý 1I/2026 I/2026",
            "ngày 4] ngày 99]",
            "[từ ngày 3]",
            "Bộ I] 12/QĐ-UBND]",
            "3]/13/2026 3]/12/26",
        ] {
            assert_eq!(mended(line), line);
        }
    }
}
