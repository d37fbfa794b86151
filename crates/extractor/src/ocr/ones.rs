//! The digit 1 read as a sign or a letter: "3]" for 31, "0l" for 01.

use super::OcrWord;

/// No number is surer than this in which a sign was taken for a digit.
const MENDED: f32 = 0.85;

/// Makes ones of the brackets and strokes that stand right behind a digit in words that are numbers otherwise. A bracket that
/// closes one, or may, stays, and so does a letter that may be a unit ("5l").
pub(super) fn mend(words: &mut [OcrWord]) {
    let mut is_open = false;
    for word in words {
        let dated = word.text.starts_with('0') || word.text.contains('/');
        let is_number = word.text.chars().all(|c| c.is_ascii_digit() || "]|lI/.,;:)-–".contains(c));
        let mut mended = String::with_capacity(word.text.len());
        for letter in word.text.chars() {
            is_open |= "[(".contains(letter);
            let is_one = match letter {
                ']' | '|' => !is_open,
                'l' | 'I' => dated,
                _ => false,
            };
            let follows = mended.ends_with(|c: char| c.is_ascii_digit());
            mended.push(if is_number && is_one && follows { '1' } else { letter });
            is_open &= !"])".contains(letter);
        }
        if mended != word.text {
            word.text = mended;
            word.confidence = word.confidence.min(MENDED);
            word.readings.clear();
        }
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
    fn a_bracket_that_closes_nothing_is_a_one() {
        assert_eq!(mended("ngày 3] tháng 12"), "ngày 31 tháng 12");
        assert_eq!(mended("trước 2|/7/2026, 0l xã"), "trước 21/7/2026, 01 xã");
    }

    #[test]
    fn brackets_that_close_and_units_stay() {
        for line in ["xem [3] và [mục 4]", "(khoản 3]", "5l xăng", "lúa]", "Bộ I]", "12/QĐ-UBND]"] {
            assert_eq!(mended(line), line);
        }
    }
}
