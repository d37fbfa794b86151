//! The errors of a text one by one.

use crate::distance::{Step, align};
use crate::fold::{fold_tone, is_word, split, without_marks};
use crate::group::Group;
use crate::hunk::{Piece, pieces};
use crate::text::pairs;
use crate::vocabulary::Vocabulary;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// One error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Miss {
    /// Its kind.
    pub group: Group,
    /// What is true; empty where the output has something to spare.
    pub gold: String,
    /// What was given; empty where nothing was.
    pub output: String,
    /// Where: words of the true text around it, the task, or the field.
    pub place: String,
    /// Words that are wrong, in texts; 1 in structures.
    pub count: usize,
}

impl Miss {
    pub(crate) fn new(
        group: Group,
        gold: impl Into<String>,
        output: impl Into<String>,
        place: impl Into<String>,
    ) -> Self {
        Self { group, gold: gold.into(), output: output.into(), place: place.into(), count: 1 }
    }
}

/// Words of the true text that are told on either side of an error.
const AROUND: usize = 3;

/// From this many words on, a passage that stands elsewhere is told as moved.
const MOVED: usize = 2;

/// The tones of Vietnamese, as combining marks.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

struct Word {
    token: String,
    lower: String,
    /// Whether it begins a line or a sentence, where a capital tells nothing.
    begins: bool,
}

/// Every place where an output reads otherwise than the true text, in the order of the true text.
pub fn text_errors(gold: &str, output: &str) -> Vec<Miss> {
    let mut errors = Vec::new();
    for (gold, output) in pairs(gold, output, None) {
        let (g, o) = (words(&gold), words(&output));
        let mut vocabulary = Vocabulary::default();
        let ids = [&g, &o].map(|all| vocabulary.ids(all.iter().map(|w| w.lower.as_str())));
        let mut hunks = vec![];
        let (mut open, mut i, mut j) = (None::<(usize, usize)>, 0, 0);
        for step in align(&ids[0], &ids[1]) {
            let same = match step {
                Step::Pair(x, y) => {
                    (i, j) = (x, y);
                    ids[0].get(x) == ids[1].get(y)
                }
                Step::Gone(_) | Step::New(_) => false,
            };
            if same {
                hunks.extend(open.take().map(|(a, b)| (a..i, b..j)));
                if let (Some(w), Some(v)) = (g.get(i), o.get(j))
                    && w.token != v.token
                {
                    errors.push((i, Miss::new(Group::Case, &w.token, &v.token, around(&g, i..i + 1))));
                }
                (i, j) = (i + 1, j + 1);
            } else {
                open = open.or(Some((i, j)));
                match step {
                    Step::Pair(..) => (i, j) = (i + 1, j + 1),
                    Step::Gone(_) => i += 1,
                    Step::New(_) => j += 1,
                }
            }
        }
        hunks.extend(open.map(|(a, b)| (a..i, b..j)));
        told(&g, &o, hunks, &mut errors);
        errors.sort_by_key(|(at, _)| *at);
    }
    errors.into_iter().map(|(_, miss)| miss).collect()
}

/// Names the errors of the passages that differ.
fn told(g: &[Word], o: &[Word], hunks: Vec<(Range<usize>, Range<usize>)>, errors: &mut Vec<(usize, Miss)>) {
    let (mut missing, mut spare) = (Vec::new(), Vec::new());
    for (gold, output) in hunks {
        let (left, right) = (lower(g, &gold), lower(o, &output));
        for piece in pieces(&left, &right) {
            let from = gold.start + piece.gold.start..gold.start + piece.gold.end;
            let to = output.start + piece.output.start..output.start + piece.output.end;
            match (piece.gold.len(), piece.output.len()) {
                (_, 0) => push_run(&mut missing, from.clone(), from.start),
                (0, _) => push_run(&mut spare, to, from.start),
                _ => errors.push((from.start, misread(g, o, &Piece { gold: from, output: to }))),
            }
        }
    }
    for (run, at) in missing {
        let length = run.len();
        let moved = length >= MOVED && take(&mut spare, o, &lower(g, &run));
        let group = if moved { Group::Moved } else { Group::Missing };
        let told = joined(g, &run);
        let output = if moved { told.clone() } else { String::new() };
        errors.push((at, Miss { count: length, ..Miss::new(group, told, output, around(g, run)) }));
    }
    for (run, at) in spare {
        let miss = Miss::new(Group::Spare, "", joined(o, &run), around(g, at..at));
        errors.push((at, Miss { count: run.len(), ..miss }));
    }
}

/// Adds words to the last run where they go on from it.
fn push_run(runs: &mut Vec<(Range<usize>, usize)>, range: Range<usize>, at: usize) {
    match runs.last_mut() {
        Some((run, _)) if run.end == range.start => run.end = range.end,
        _ => runs.push((range, at)),
    }
}

/// Takes words that stand in a row out of what is to spare.
fn take(spare: &mut Vec<(Range<usize>, usize)>, o: &[Word], words: &[&str]) -> bool {
    for k in 0..spare.len() {
        let Some((run, at)) = spare.get(k).cloned() else { continue };
        let given = lower(o, &run);
        if let Some(offset) = given.windows(words.len()).position(|w| w == words) {
            let (from, to) = (run.start + offset, run.start + offset + words.len());
            let rest = [run.start..from, to..run.end].into_iter().filter(|r| !r.is_empty());
            spare.splice(k..=k, rest.map(|r| (r, at)));
            return true;
        }
    }
    false
}

/// The error of words that were read as others.
fn misread(g: &[Word], o: &[Word], piece: &Piece) -> Miss {
    let (gold, output) = (joined(g, &piece.gold), joined(o, &piece.output));
    let group = match (piece.gold.len(), piece.output.len()) {
        (1, 1) => g.get(piece.gold.start).zip(o.get(piece.output.start)).map_or(Group::Letter, of_words),
        (1, _) => Group::Split,
        _ => Group::Join,
    };
    let count = piece.gold.len().max(piece.output.len());
    Miss { count, ..Miss::new(group, gold, output, around(g, piece.gold.clone())) }
}

fn of_words((gold, output): (&Word, &Word)) -> Group {
    let token = gold.token.as_str();
    let capitals = token.chars().filter(|c| c.is_uppercase()).count();
    let all = token.chars().filter(|c| c.is_alphabetic()).count();
    if token.contains('/') || (token.contains('-') && capitals > 1) {
        Group::Symbol
    } else if token.chars().any(char::is_numeric) {
        Group::Digit
    } else if !gold.begins && capitals > 0 && (capitals < all || all == 1) {
        Group::Name
    } else if without_tones(&gold.lower) == without_tones(&output.lower) {
        Group::ToneMark
    } else if without_marks(&gold.lower) == without_marks(&output.lower) {
        Group::VowelMark
    } else {
        Group::Letter
    }
}

fn without_tones(text: &str) -> String {
    text.nfd().filter(|c| !TONES.contains(c)).collect()
}

fn lower<'w>(words: &'w [Word], range: &Range<usize>) -> Vec<&'w str> {
    words.get(range.clone()).unwrap_or_default().iter().map(|w| w.lower.as_str()).collect()
}

fn joined(words: &[Word], range: &Range<usize>) -> String {
    let words = words.get(range.clone()).unwrap_or_default();
    words.iter().map(|w| w.token.as_str()).collect::<Vec<_>>().join(" ")
}

/// Words of the true text before and behind a passage.
fn around(words: &[Word], range: Range<usize>) -> String {
    let before = joined(words, &(range.start.saturating_sub(AROUND)..range.start));
    let behind = joined(words, &(range.end..(range.end + AROUND).min(words.len())));
    format!("{before} … {behind}").trim().to_owned()
}

fn words(text: &str) -> Vec<Word> {
    let composed: String = text.nfc().collect();
    let mut words = Vec::new();
    for line in composed.split(['\n', '\u{c}']) {
        let mut begins = true;
        for part in split(line) {
            let token = fold_tone(part.trim_matches(|c| !is_word(c)));
            if token.is_empty() {
                begins = true;
                continue;
            }
            words.push(Word { lower: token.to_lowercase(), token, begins });
            begins = part.ends_with(['.', ':', ';', '!', '?', ')']);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TextScore;
    use proptest::prelude::*;

    fn groups(gold: &str, output: &str) -> Vec<(Group, usize)> {
        text_errors(gold, output).into_iter().map(|m| (m.group, m.count)).collect()
    }

    #[test]
    fn errors_are_told_by_their_kind() {
        let of = |gold, output| {
            let sentence = |word: &str| format!("theo đó có {word} và còn nữa");
            groups(&sentence(gold), &sentence(output))
        };
        assert_eq!(of("nhân dân", "nhân dấn"), [(Group::ToneMark, 1)]);
        assert_eq!(of("nhân dân", "nhân dăn"), [(Group::VowelMark, 1)]);
        assert_eq!(of("nhân dân", "nhân đân"), [(Group::VowelMark, 1)]);
        assert_eq!(of("nhân dân", "nhân dần"), [(Group::ToneMark, 1)]);
        assert_eq!(of("nhân dân", "nhân dâm"), [(Group::Letter, 1)]);
        assert_eq!(of("nhân dân", "nhândân"), [(Group::Join, 2)]);
        assert_eq!(of("nhân dân", "nh ân dân"), [(Group::Split, 2)]);
        assert_eq!(of("nhân dân", "Nhân dân"), [(Group::Case, 1)]);
        assert_eq!(of("ngày 12", "ngày 17"), [(Group::Digit, 1)]);
        assert_eq!(of("số 12/QĐ-SMT", "số 12/QD-SMT"), [(Group::Symbol, 1)]);
        assert_eq!(of("xã Mường Rưng", "xã Mương Rưng"), [(Group::Name, 1)]);
        assert_eq!(of("nhân dân", "nhân"), [(Group::Missing, 1)]);
        assert_eq!(of("nhân", "nhân dân xã"), [(Group::Spare, 2)]);
    }

    #[test]
    fn what_stands_elsewhere_is_moved() {
        let gold = "nơi nhận như trên\nchủ tịch ký tên đóng dấu\nrồi gửi ngay đi nơi khác nữa";
        let output = "chủ tịch ký tên đóng dấu rồi gửi ngay đi nơi khác nữa nơi nhận như trên";
        let errors = text_errors(gold, output);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!((errors[0].group, errors[0].gold.as_str()), (Group::Moved, "nơi nhận như trên"));
    }

    #[test]
    fn the_place_is_told_in_words_of_the_true_text() {
        assert_eq!(text_errors("một hai ba bốn năm", "một hai va bốn năm")[0].place, "một hai … bốn năm");
    }

    proptest! {
        #[test]
        fn there_are_errors_just_where_the_score_counts_edits(a in "[a-c ]{0,60}", b in "[a-c ]{0,60}") {
            let edits = TextScore::of(&a, &b).token_edits;
            let errors: usize = text_errors(&a, &b).iter().map(|m| m.count).sum();
            prop_assert_eq!(edits == 0, errors == 0);
            prop_assert!(text_errors(&a, &a).is_empty());
        }
    }
}
