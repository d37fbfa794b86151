//! Tesseract's tab-separated output.

use super::{OcrLine, OcrWord};
use unicode_normalization::UnicodeNormalization;

/// Columns of a row: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
const WORD_LEVEL: &str = "5";

/// The lines of words in `tsv`; rows of other levels and blank words are left out.
pub(crate) fn lines(tsv: &str) -> Vec<OcrLine> {
    let mut lines: Vec<OcrLine> = Vec::new();
    let mut current = None;
    for row in tsv.lines() {
        let fields: Vec<&str> = row.splitn(12, '\t').collect();
        let &[WORD_LEVEL, _, block, paragraph, line, _, left, top, width, height, confidence, text] =
            &fields[..]
        else {
            continue;
        };
        let text: String = text.trim().nfc().collect();
        if text.is_empty() {
            continue;
        }
        let number = |s: &str| s.parse::<f32>().unwrap_or(0.0);
        let (left, top) = (number(left), number(top));
        let word = OcrWord {
            text,
            confidence: (number(confidence) / 100.0).clamp(0.0, 1.0),
            pixels: [left, top, left + number(width), top + number(height)],
        };
        let key = (block.to_owned(), paragraph.to_owned(), line.to_owned());
        match lines.last_mut() {
            Some(last) if current.as_ref() == Some(&key) => last.words.push(word),
            _ => lines.push(OcrLine { block: block.parse().unwrap_or(0), words: vec![word] }),
        }
        current = Some(key);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_lines_of_words() {
        let tsv = "1\t1\t0\t0\t0\t0\t0\t0\t900\t900\t-1\t\n\
                   5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96.5\tSố:\n\
                   5\t1\t1\t1\t1\t2\t45\t20\t30\t12\t91\t7/QĐ\n\
                   5\t1\t1\t1\t2\t1\t10\t40\t30\t12\t95\t \n\
                   5\t1\t1\t1\t2\t2\t10\t40\t30\t12\t95\tHa\u{300}\n";
        let lines = lines(tsv);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].words[1].pixels, [45.0, 20.0, 75.0, 32.0]);
        assert_eq!(lines[1].words[0].text, "Hà");
        assert!((lines[0].words[0].confidence - 0.965).abs() < 1e-6);
    }
}
