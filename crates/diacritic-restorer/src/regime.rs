//! Which kind of damage a text has: the gate that decides whether repair is wanted, and by which channel.

use crate::syllable::{fold, is_vietnamese_only, strip_marks};
use crate::token::{Kind, units};
use rustc_hash::FxHashSet;

/// A kind of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Regime {
    /// Vietnamese as it should be: left alone.
    Good,
    /// All marks are gone, the letters are right.
    NoMarks,
    /// Read by an engine for another language: letters and marks are both doubtful.
    WrongEngine,
    /// Read by a Vietnamese engine: right but for a few words in a hundred. Told by where a line comes from, not by its
    /// looks.
    Recognised,
    /// Not Vietnamese: left alone.
    Foreign,
}

/// What the words of a passage look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Profile {
    /// Words of two letters or more.
    pub words: usize,
    /// Words that hold a letter only Vietnamese has. In good text 69–71 %, in English OCR of Vietnamese none.
    pub marked: usize,
    /// Words of plain ASCII letters.
    pub ascii: usize,
    /// Words that are a Vietnamese syllable when marks are removed on both sides.
    pub plausible: usize,
}

impl Profile {
    /// Adds the words of `line`; `bare` holds all Vietnamese syllables without their marks.
    pub fn add(&mut self, line: &str, bare: &FxHashSet<Box<str>>) {
        for u in units(line) {
            let word = &line[u.start..u.end];
            if u.kind != Kind::Word || word.chars().nth(1).is_none() {
                continue;
            }
            self.words += 1;
            self.marked += usize::from(word.chars().any(is_vietnamese_only));
            self.ascii += usize::from(word.is_ascii());
            self.plausible += usize::from(bare.contains(strip_marks(&fold(word)).as_str()));
        }
    }

    /// The regime, or none where there are too few words to tell.
    pub fn regime(&self, least: usize) -> Option<Regime> {
        if self.words < least.max(1) {
            return None;
        }
        let share = |n: usize| n as f32 / self.words as f32;
        Some(if share(self.marked) >= 0.3 {
            Regime::Good
        } else if share(self.plausible) < 0.35 {
            Regime::Foreign
        } else if share(self.ascii) >= 0.985 && share(self.plausible) >= 0.7 {
            Regime::NoMarks
        } else if share(self.marked) < 0.2 {
            Regime::WrongEngine
        } else {
            Regime::Good
        })
    }
}

/// The regime of each line: its own where it has words enough and contradicts the whole, else that of the whole.
pub fn of_lines(lines: &[&str], bare: &FxHashSet<Box<str>>) -> Vec<Regime> {
    let mut whole = Profile::default();
    let own: Vec<Profile> = lines
        .iter()
        .map(|line| {
            let mut p = Profile::default();
            p.add(line, bare);
            whole.words += p.words;
            whole.marked += p.marked;
            whole.ascii += p.ascii;
            whole.plausible += p.plausible;
            p
        })
        .collect();
    let all = whole.regime(1).unwrap_or(Regime::Good);
    own.iter()
        .map(|p| match (all, p.regime(4)) {
            (Regime::NoMarks | Regime::WrongEngine, Some(Regime::Good)) if p.marked * 10 >= p.words * 4 => {
                Regime::Good
            }
            // A line without marks among good ones is repaired only where nothing in it speaks another language.
            (Regime::Good, Some(Regime::NoMarks)) if p.words >= 8 && p.plausible * 100 >= p.words * 95 => {
                Regime::NoMarks
            }
            (Regime::Good, Some(Regime::WrongEngine)) if p.words >= 8 && p.marked == 0 => Regime::WrongEngine,
            _ => all,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare() -> FxHashSet<Box<str>> {
        ["uy", "ban", "nhan", "dan", "xa", "bao", "cao", "ket", "qua", "thuc", "hien", "ke", "hoach", "nam"]
            .map(Box::from)
            .into_iter()
            .collect()
    }

    #[test]
    fn good_text_is_left_alone() {
        let r = of_lines(&["Ủy ban nhân dân xã báo cáo kết quả thực hiện kế hoạch năm 2026."], &bare());
        assert_eq!(r, [Regime::Good]);
    }

    #[test]
    fn missing_marks_and_a_wrong_engine_are_told_apart() {
        let r = of_lines(&["Uy ban nhan dan xa bao cao ket qua thuc hien ke hoach"], &bare());
        assert_eq!(r, [Regime::NoMarks]);
        let r = of_lines(&["Uy ban nhan dan xa bdo cdo két qua thyc hién ké hoach"], &bare());
        assert_eq!(r, [Regime::WrongEngine]);
    }

    #[test]
    fn english_is_foreign() {
        assert_eq!(
            of_lines(&["The committee shall report its findings every quarter"], &bare()),
            [Regime::Foreign]
        );
    }
}
