use crate::distance::distance;
use crate::fold::{fold_tone, is_space, is_word, round, split, squeezed, without_marks};
use crate::vocabulary::{Vocabulary, bag, common};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::ops::RangeInclusive;
use unicode_normalization::UnicodeNormalization;

/// How an output reads against the true text, in counts that can be added up over texts.
///
/// Tokens stand between white space, stripped of what is no letter or digit at either end, in NFC, the two placements
/// of tone marks folded. Texts of equally many lines are compared line by line, others as one sequence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct TextScore {
    /// Pairs of lines compared; 1 where both texts are one sequence.
    pub lines: usize,
    /// Tokens of the true text.
    pub gold_tokens: usize,
    /// Edits between the tokens, letter case aside.
    pub token_edits: usize,
    /// Edits between the tokens, letter case counted.
    pub cased_edits: usize,
    /// Tokens missing or to spare whatever their order, whichever are more.
    pub bag_errors: usize,
    /// Characters of the true text, white space folded.
    pub gold_chars: usize,
    /// Edits between the characters.
    pub char_edits: usize,
    /// Characters of the true text without marks.
    pub base_chars: usize,
    /// Edits between the characters without marks.
    pub base_edits: usize,
}

impl TextScore {
    /// Scores an output against the true text.
    pub fn of(gold: &str, output: &str) -> Self {
        Self::of_lines(gold, output, None)
    }

    /// As [`TextScore::of`], over some lines of both texts alone, counted from 1.
    pub fn of_lines(gold: &str, output: &str, lines: Option<RangeInclusive<usize>>) -> Self {
        let mut score = Self::default();
        let mut vocabulary = Vocabulary::default();
        let mut bags = (Vec::new(), Vec::new());
        for (gold, output) in pairs(gold, output, lines) {
            let sides = [tokens(&gold), tokens(&output)];
            let [cased_gold, cased] = sides.each_ref().map(|t| vocabulary.ids(t.iter().map(String::as_str)));
            let [low_gold, low] = sides.map(|tokens| {
                let lower: Vec<String> = tokens.iter().map(|t| t.to_lowercase()).collect();
                vocabulary.ids(lower.iter().map(String::as_str))
            });
            let [chars_gold, chars] = [&gold, &output].map(|t| squeezed(t));
            let [base_gold, base] = [&chars_gold, &chars].map(|t| letters(&without_marks(t)));
            let [chars_gold, chars] = [&chars_gold, &chars].map(|t| letters(t));
            score.lines += 1;
            score.gold_tokens += low_gold.len();
            score.token_edits += distance(&low_gold, &low);
            score.cased_edits += distance(&cased_gold, &cased);
            score.gold_chars += chars_gold.len();
            score.char_edits += distance(&chars_gold, &chars);
            score.base_chars += base_gold.len();
            score.base_edits += distance(&base_gold, &base);
            bags.0.extend(low_gold);
            bags.1.extend(low);
        }
        let (gold, output) = (bag(bags.0), bag(bags.1));
        score.bag_errors = gold.len().max(output.len()) - common(&gold, &output);
        score
    }

    /// Share of the tokens that are right, letter case aside, rounded to five decimals; below 0 where more is wrong than
    /// there was to read.
    pub fn syllable_accuracy(&self) -> f64 {
        round(1.0 - share(self.token_edits, self.gold_tokens), 5)
    }

    /// As [`TextScore::syllable_accuracy`], letter case counted.
    pub fn cased_accuracy(&self) -> f64 {
        round(1.0 - share(self.cased_edits, self.gold_tokens), 5)
    }

    /// Share of the tokens that are there in whatever order, rounded to five decimals.
    pub fn bag_accuracy(&self) -> f64 {
        round(1.0 - share(self.bag_errors, self.gold_tokens), 5)
    }

    /// Character error rate: edits a character of the true text, rounded to five decimals.
    pub fn cer(&self) -> f64 {
        round(share(self.char_edits, self.gold_chars), 5)
    }

    /// Character error rate with all marks taken away: errors in the letters themselves.
    pub fn base_cer(&self) -> f64 {
        round(share(self.base_edits, self.base_chars), 5)
    }
}

impl std::ops::AddAssign for TextScore {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.gold_tokens += other.gold_tokens;
        self.token_edits += other.token_edits;
        self.cased_edits += other.cased_edits;
        self.bag_errors += other.bag_errors;
        self.gold_chars += other.gold_chars;
        self.char_edits += other.char_edits;
        self.base_chars += other.base_chars;
        self.base_edits += other.base_edits;
    }
}

impl Serialize for TextScore {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("TextScore", 14)?;
        out.serialize_field("lines", &self.lines)?;
        out.serialize_field("gold_tokens", &self.gold_tokens)?;
        out.serialize_field("token_edits", &self.token_edits)?;
        out.serialize_field("syllable_accuracy", &self.syllable_accuracy())?;
        out.serialize_field("cased_accuracy", &self.cased_accuracy())?;
        out.serialize_field("bag_accuracy", &self.bag_accuracy())?;
        out.serialize_field("cer", &self.cer())?;
        out.serialize_field("base_cer", &self.base_cer())?;
        out.serialize_field("cased_edits", &self.cased_edits)?;
        out.serialize_field("bag_errors", &self.bag_errors)?;
        out.serialize_field("gold_chars", &self.gold_chars)?;
        out.serialize_field("char_edits", &self.char_edits)?;
        out.serialize_field("base_chars", &self.base_chars)?;
        out.serialize_field("base_edits", &self.base_edits)?;
        out.end()
    }
}

/// The output without lines that hold nothing but a page number: a number of up to three digits that is no line of the
/// true text. For true texts that leave page numbers out; a reader does not err by giving what stands on the page.
pub fn without_page_numbers(gold: &str, output: &str) -> String {
    let number = |line: &str| {
        let line = line.trim_matches(|c: char| is_space(c) || c == '-');
        ((1..=3).contains(&line.len()) && line.bytes().all(|b| b.is_ascii_digit())).then(|| line.to_owned())
    };
    let kept: Vec<String> = gold.split(['\n', '\u{c}']).filter_map(number).collect();
    let is_page_number = |line: &str| number(line).is_some_and(|n| !kept.contains(&n));
    // A form feed may stand right before the number.
    let parts = output.split_inclusive(['\n', '\u{c}']);
    parts.filter(|part| !is_page_number(part.trim_end_matches(['\n', '\u{c}']))).collect()
}

fn share(n: usize, of: usize) -> f64 {
    n as f64 / of.max(1) as f64
}

fn letters(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// The tokens of a text, letter case kept.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let composed: String = text.nfc().collect();
    split(&composed)
        .map(|part| part.trim_matches(|c| !is_word(c)))
        .filter(|t| !t.is_empty())
        .map(fold_tone)
        .collect()
}

/// What is compared with what: line by line where both texts have as many, else the whole texts.
pub(crate) fn pairs(gold: &str, output: &str, lines: Option<RangeInclusive<usize>>) -> Vec<(String, String)> {
    let (gold, output) = (ends(gold), ends(output));
    let (g, o) = (chosen(&gold, lines.as_ref()), chosen(&output, lines.as_ref()));
    if g.len() == o.len() {
        g.iter().zip(&o).map(|(g, o)| ((*g).to_owned(), (*o).to_owned())).collect()
    } else {
        vec![(g.join("\n"), o.join("\n"))]
    }
}

/// Line ends as a text file has them when it is read.
fn ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The lines asked for, without empty ones at the end.
fn chosen<'t>(text: &'t str, lines: Option<&RangeInclusive<usize>>) -> Vec<&'t str> {
    let mut all: Vec<&str> = text.split('\n').collect();
    if let Some(range) = lines {
        all.truncate(*range.end());
        all.drain(..range.start().saturating_sub(1).min(all.len()));
    }
    while all.last().is_some_and(|line| line.chars().all(is_space)) {
        all.pop();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_figure_counts_its_own_kind_of_error() {
        let score = TextScore::of("Sở Thủy lợi tỉnh Bình An", "sở Thuỷ lợi tinh Binh, an");
        assert_eq!((score.lines, score.gold_tokens), (1, 6));
        assert_eq!((score.token_edits, score.cased_edits), (2, 4));
        assert_eq!(score.syllable_accuracy(), 0.66667);
        assert_eq!(score.bag_errors, 2);
        assert_eq!(score.base_edits, 3);
    }

    #[test]
    fn order_costs_nothing_in_the_bag() {
        let score = TextScore::of("một hai\nba bốn\nnăm", "ba bốn một hai năm");
        assert_eq!(score.lines, 1);
        assert_eq!((score.token_edits, score.bag_errors), (4, 0));
    }

    #[test]
    fn page_numbers_are_no_errors_where_the_truth_has_none() {
        assert_eq!(without_page_numbers("một\nhai", "một\n\u{c}2\nhai\n"), "một\n\u{c}hai\n");
        assert_eq!(without_page_numbers("một\n2\nhai", "một\n2\nhai 3\n 3 "), "một\n2\nhai 3\n");
    }

    proptest! {
        #[test]
        fn a_text_agrees_with_itself_and_edits_are_symmetric(a in "[a-cđĐàÀ ,.\n]{0,80}", b in "[a-cđĐàÀ ,.\n]{0,80}") {
            let same = TextScore::of(&a, &a);
            prop_assert_eq!((same.token_edits, same.cased_edits, same.bag_errors), (0, 0, 0));
            prop_assert_eq!((same.syllable_accuracy(), same.cer(), same.base_cer()), (1.0, 0.0, 0.0));
            let (there, back) = (TextScore::of(&a, &b), TextScore::of(&b, &a));
            prop_assert_eq!(
                (there.token_edits, there.cased_edits, there.bag_errors, there.char_edits, there.base_edits),
                (back.token_edits, back.cased_edits, back.bag_errors, back.char_edits, back.base_edits)
            );
        }
    }
}
