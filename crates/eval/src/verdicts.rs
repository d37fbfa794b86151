use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vanthu_model::Verdict;

/// What the text of pages is, as a table of truths tells: file, page and kind, parted by tabs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VerdictTruth(BTreeMap<(String, Option<u32>), Verdict>);

/// A line that is no line of such a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct TruthError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// The name of a verdict in JSON.
pub fn verdict_name(verdict: Verdict) -> String {
    // A variant without fields is a text.
    serde_json::to_value(verdict).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

impl VerdictTruth {
    /// Reads a table. Lines that begin with `#` and empty ones are passed over; page `*` stands for all pages that no
    /// other line names.
    ///
    /// # Errors
    /// [`TruthError`] for the first line that is not of this form.
    pub fn parse(table: &str) -> Result<Self, TruthError> {
        let mut truth = Self::default();
        for (i, line) in table.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let slip = |what: String| TruthError { line: i + 1, what };
            let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
            let [file, page, kind] = fields[..] else {
                return Err(slip("file, page and kind are wanted, parted by tabs".into()));
            };
            let page = match page {
                "*" => None,
                n => Some(n.parse().map_err(|_| slip(format!("{n} is no page number and no *")))?),
            };
            let verdict =
                serde_json::from_value(kind.into()).map_err(|_| slip(format!("no such kind: {kind}")))?;
            truth.0.insert((file.to_owned(), page), verdict);
        }
        Ok(truth)
    }

    /// Whether it tells of a file.
    pub fn tells_of(&self, file: &str) -> bool {
        self.0.keys().any(|(name, _)| name == file)
    }

    /// What the text of a page, counted from 1, is.
    pub fn of(&self, file: &str, page: u32) -> Option<Verdict> {
        let told = |page| self.0.get(&(file.to_owned(), page)).copied();
        told(Some(page)).or_else(|| told(None))
    }
}

/// A page's text, what it is and what it was judged to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageVerdict {
    /// Counted from 1.
    pub page: u32,
    /// What it is.
    pub truth: Verdict,
    /// What it was judged to be.
    pub found: Verdict,
}

/// How verdicts agree with the truth.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictScore {
    /// Pages whose truth is known.
    pub pages: usize,
    /// Pages judged to be what they are.
    pub right: usize,
    /// Good pages judged to be bad: they are read anew for nothing.
    pub false_alarms: usize,
    /// Bad pages judged to be good: their damage goes through.
    pub misses: usize,
    /// Pages by what they are, then by what they were judged to be.
    pub confusion: BTreeMap<String, BTreeMap<String, usize>>,
}

impl VerdictScore {
    /// Counts verdicts.
    pub fn of<'v>(verdicts: impl IntoIterator<Item = &'v PageVerdict>) -> Self {
        let mut score = Self::default();
        for PageVerdict { truth, found, .. } in verdicts {
            score.pages += 1;
            score.right += usize::from(truth == found);
            score.false_alarms += usize::from(*truth == Verdict::Good && *found != Verdict::Good);
            score.misses += usize::from(*truth != Verdict::Good && *found == Verdict::Good);
            let row = score.confusion.entry(verdict_name(*truth)).or_default();
            *row.entry(verdict_name(*found)).or_default() += 1;
        }
        score
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_its_own_comes_before_all_others() {
        let truth = VerdictTruth::parse("# kinds\npdf/a.pdf\t*\tgood\n\npdf/a.pdf\t2\tno_marks\n").unwrap();
        assert_eq!(truth.of("pdf/a.pdf", 1), Some(Verdict::Good));
        assert_eq!(truth.of("pdf/a.pdf", 2), Some(Verdict::NoMarks));
        assert_eq!(truth.of("b.pdf", 1), None);
        assert!(truth.tells_of("pdf/a.pdf") && !truth.tells_of("b.pdf"));
    }

    #[test]
    fn slips_are_named_with_their_line() {
        let slip = |table: &str| VerdictTruth::parse(table).unwrap_err().to_string();
        assert_eq!(slip("\na.pdf\t1\tfine\n"), "line 2: no such kind: fine");
        assert!(slip("a.pdf 1 good").starts_with("line 1: file, page and kind"));
        assert!(slip("a.pdf\tx\tgood").contains("no page number"));
    }

    #[test]
    fn alarms_and_misses_are_told_apart() {
        let page = |truth, found| PageVerdict { page: 1, truth, found };
        let score = VerdictScore::of(&[
            page(Verdict::Good, Verdict::Good),
            page(Verdict::Good, Verdict::NoMarks),
            page(Verdict::WrongEngine, Verdict::Good),
            page(Verdict::WrongEngine, Verdict::NoMarks),
        ]);
        assert_eq!((score.pages, score.right, score.false_alarms, score.misses), (4, 1, 1, 1));
        assert_eq!(score.confusion["wrong_engine"]["no_marks"], 1);
    }
}
