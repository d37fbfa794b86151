//! What else the engine thinks the symbols of a word may be, from its hOCR.
//!
//! Beside a symbol Tesseract writes what else stood in its beam there (`lstm_choice_mode` 2), each with a confidence that
//! is hardly below that of the symbol where both look alike. What it comes to was counted on the doubtful ones of
//! 16,000 words of scans with known text: of alternatives that make a syllable and are as sure as what was read one in
//! fifteen is what was printed, of those 50 below one in forty.

use super::{OcrWord, tsv};
use crate::error::ExtractError;
use crate::verdict::is_syllable;
use crate::xml::{Element, Xml, walk};
use vanthu_model::Reading;

/// What a symbol may be, with confidences from 0 to 100, as it was read and otherwise.
type Symbol = Vec<(String, f32)>;

/// Alternatives so far below the symbol are no more than what is always there.
const LOWEST: f32 = 70.0;

/// How probable an alternative is that is as sure as its symbol, and in how many points this falls to 1/e.
const LEVEL: f32 = 0.07;
const FALL: f32 = 50.0;

/// Adds to words what else they may be: what is a syllable with one symbol taken for another. `hocr` is of the same
/// reading; where it does not tell the same words, they stay without.
pub(crate) fn add(words: &mut [OcrWord], hocr: &str) {
    let parsed = parse(hocr);
    let mut rest = &parsed[..];
    for word in words {
        if let Some(at) = rest.iter().position(|(text, _)| *text == word.text)
            && let Some(((_, symbols), after)) = rest.get(at..).and_then(<[_]>::split_first)
        {
            word.readings = choices(&word.text, symbols);
            rest = after;
        }
    }
}

fn choices(text: &str, symbols: &[Symbol]) -> Vec<Reading> {
    let letters = || text.chars();
    // The blank before a word may be told as a symbol of it.
    let symbols = symbols.get(symbols.len().saturating_sub(letters().count())..).unwrap_or_default();
    let sure = |(letter, symbol): (char, &Symbol)| {
        symbol.iter().find(|(s, _)| s.chars().eq([letter])).map(|(_, confidence)| *confidence)
    };
    // Where one symbol is not that of its letter, none may be.
    let read: Option<Vec<f32>> = letters().zip(symbols).map(sure).collect();
    let Some(read) = read.filter(|read| read.len() == letters().count()) else { return Vec::new() };
    let mut choices: Vec<Reading> = Vec::new();
    for (at, ((letter, symbol), sure)) in letters().zip(symbols).zip(read).enumerate() {
        let is_other =
            |s: &str| s.chars().all(char::is_alphabetic) && s.chars().count() == 1 && !s.chars().eq([letter]);
        for (other, confidence) in symbol.iter().filter(|(s, c)| is_other(s) && sure - c < LOWEST) {
            let text: String =
                letters().take(at).chain(other.chars()).chain(letters().skip(at + 1)).collect();
            let core = text.trim_matches(|c: char| !c.is_alphanumeric());
            if is_syllable(&core.to_lowercase()) {
                let probability = LEVEL * (-(sure - confidence).max(0.0) / FALL).exp();
                choices.push(Reading { text, probability });
            }
        }
    }
    choices
}

/// The words of a page with their symbols.
#[derive(Debug, Default)]
struct Page {
    words: Vec<(String, Vec<Symbol>)>,
    /// Whether what comes is the text of an alternative, not of a word.
    in_choice: bool,
}

impl Page {
    fn open(&mut self, element: &Element) {
        match (element.get("class"), element.get("id"), self.words.last_mut()) {
            (Some("ocrx_word"), _, _) => {
                self.words.push((String::new(), Vec::new()));
                self.in_choice = false;
            }
            (Some("ocrx_cinfo"), Some(id), Some((_, symbols))) => {
                let confidence = element.get("title").and_then(|t| t.strip_prefix("x_confs ")?.parse().ok());
                match (confidence, symbols.last_mut()) {
                    (Some(confidence), Some(symbol)) => symbol.push((String::new(), confidence)),
                    _ if id.starts_with("lstm_choices") => symbols.push(Symbol::new()),
                    _ => {}
                }
                self.in_choice = confidence.is_some();
            }
            _ => {}
        }
    }

    fn take(&mut self, text: &str) {
        let Some((word, symbols)) = self.words.last_mut() else { return };
        if !self.in_choice {
            // What stands between the symbols is white space.
            word.push_str(text.trim());
        } else if let Some((symbol, _)) = symbols.last_mut().and_then(|s| s.last_mut()) {
            symbol.push_str(text);
        }
    }
}

/// The words of an hOCR page, NFC, with their symbols; none of a page that is not well formed.
fn parse(hocr: &str) -> Vec<(String, Vec<Symbol>)> {
    let mut page = Page::default();
    let whole: Result<(), ExtractError> = walk(hocr, &mut |event| {
        match event {
            Xml::Start(element) => page.open(&element),
            Xml::Text(text) => page.take(&text),
            Xml::End(_) => page.in_choice = false,
        }
        Ok(())
    });
    if whole.is_err() {
        return Vec::new();
    }
    for (word, symbols) in &mut page.words {
        *word = tsv::composed(word);
        for (symbol, _) in symbols.iter_mut().flatten() {
            *symbol = tsv::composed(symbol);
        }
    }
    page.words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// hOCR as Tesseract 5.3 writes it, of a word with a blank before it and of one whose alternative is no letter.
    const HOCR: &str =
        "  <div class='ocr_page' id='page_1' title='image \"\"; bbox 0 0 90 40'>\n   <span class='ocr_line'>
      <span class='ocrx_word' id='word_1_1' title='bbox 1 2 30 31; x_wconf 61'>là
       <span class='ocrx_cinfo' id='lstm_choices_1_1_1'>
        <span class='ocrx_cinfo' id='choice_1_1_1' title='x_confs 93.2'> </span></span>
       <span class='ocrx_cinfo' id='lstm_choices_1_1_2'>
        <span class='ocrx_cinfo' id='choice_1_1_2' title='x_confs 90'>l</span>
        <span class='ocrx_cinfo' id='choice_1_1_3' title='x_confs 40'>v</span>
        <span class='ocrx_cinfo' id='choice_1_1_4' title='x_confs 10'>b</span></span>
       <span class='ocrx_cinfo' id='lstm_choices_1_1_3'>
        <span class='ocrx_cinfo' id='choice_1_1_5' title='x_confs 88'>à</span>
        <span class='ocrx_cinfo' id='choice_1_1_6' title='x_confs 88'>ạ</span></span>
      </span>
      <span class='ocrx_word' id='word_1_2' title='bbox 40 2 60 31; x_wconf 51'><strong>&lt;a</strong>
       <span class='ocrx_cinfo' id='lstm_choices_1_2_1'>
        <span class='ocrx_cinfo' id='choice_1_2_1' title='x_confs 80'>&lt;</span>
        <span class='ocrx_cinfo' id='choice_1_2_2' title='x_confs 79'>&amp;</span></span>
       <span class='ocrx_cinfo' id='lstm_choices_1_2_2'>
        <span class='ocrx_cinfo' id='choice_1_2_3' title='x_confs 80'>a</span>
        <span class='ocrx_cinfo' id='choice_1_2_4' title='x_confs 70'>.</span>
        <span class='ocrx_cinfo' id='choice_1_2_5' title='x_confs 60'>à</span></span>
      </span>
     </span>\n  </div>\n";

    fn word(text: &str) -> OcrWord {
        OcrWord { text: text.into(), ..OcrWord::default() }
    }

    #[test]
    fn what_a_word_may_be_has_one_symbol_taken_for_another() {
        let mut words = [word("là"), word("1/2"), word("<a")];
        add(&mut words, HOCR);
        let texts: Vec<&str> = words[0].readings.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, ["và", "lạ"]);
        let [less, level] = &words[0].readings[..] else { unreachable!() };
        assert!((level.probability - LEVEL).abs() < 1e-6 && less.probability < 0.4 * LEVEL);
        assert_eq!(words[2].readings.len(), 1, "a word that is told otherwise hides none behind it");
    }

    #[test]
    fn words_that_are_told_otherwise_stay_without() {
        for (text, hocr) in [("la", HOCR), ("là", "<div class='ocrx_word'>là"), ("là", "")] {
            let mut words = [word(text)];
            add(&mut words, hocr);
            assert!(words[0].readings.is_empty());
        }
    }
}
