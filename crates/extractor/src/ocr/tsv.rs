//! Tesseract's tab-separated output.

use super::OcrWord;
use unicode_normalization::UnicodeNormalization;

/// Columns of a row: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
const WORD_LEVEL: &str = "5";

/// White between two words, in heights of the second.
const BLANK: f32 = 0.3;

/// The words in `tsv`; rows of other levels and blank words are left out.
pub(crate) fn words(tsv: &str) -> Vec<OcrWord> {
    let mut words: Vec<OcrWord> = Vec::new();
    for row in tsv.lines() {
        let fields: Vec<&str> = row.splitn(12, '\t').collect();
        let &[WORD_LEVEL, _, _, _, _, _, left, top, width, height, confidence, text] = &fields[..] else {
            continue;
        };
        let text = composed(text.trim());
        if text.is_empty() {
            continue;
        }
        let number = |s: &str| s.parse::<f32>().unwrap_or(0.0);
        let (left, top) = (number(left), number(top));
        // The engine often draws the box of a line's first word around the words after it, too; slanted words overlap a
        // little.
        if let Some(before) = words.last_mut().filter(|w| w.pixels[0] < left && w.pixels[2] > left) {
            let blank = BLANK * number(height);
            let around = before.pixels[2] - left > blank;
            let end = if around { left - blank } else { left };
            before.pixels[2] = end.max((before.pixels[0] + left) / 2.0);
        }
        words.push(OcrWord {
            text,
            confidence: (number(confidence) / 100.0).clamp(0.0, 1.0),
            pixels: [left, top, left + number(width), top + number(height)],
            ..OcrWord::default()
        });
    }
    words
}

/// What was read, NFC, with the signs of a keyboard: the engine knows the slash of fractions, too.
pub(crate) fn composed(read: &str) -> String {
    read.nfc().map(|c| if c == '\u{2044}' { '/' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_ends_where_the_next_begins() {
        let tsv = "5\t1\t1\t1\t1\t1\t10\t20\t90\t12\t96\tđổi,\n\
                   5\t1\t1\t1\t1\t2\t44\t20\t20\t12\t95\tbổ\n\
                   5\t1\t1\t1\t1\t3\t70\t20\t30\t12\t95\tsung\n";
        let sides: Vec<_> = words(tsv).iter().map(|w| (w.pixels[0], w.pixels[2])).collect();
        assert_eq!(sides, [(10.0, 40.4), (44.0, 64.0), (70.0, 100.0)]);
    }

    #[test]
    fn rows_become_words() {
        let tsv = "1\t1\t0\t0\t0\t0\t0\t0\t900\t900\t-1\t\n\
                   5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96.5\tSố:\n\
                   5\t1\t1\t1\t1\t2\t10\t40\t30\t12\t95\t \n\
                   5\t1\t1\t1\t1\t3\t10\t40\t30\t12\t95\tHa\u{300}/\u{2044}\n";
        let words = words(tsv);
        assert_eq!(words.len(), 2);
        assert_eq!(words[0].pixels, [10.0, 20.0, 40.0, 32.0]);
        assert_eq!(words[1].text, "Hà//");
        assert!((words[0].confidence - 0.965).abs() < 1e-6);
    }
}
