//! Document symbols (*số ký hiệu*) whose letters a foreign engine misread: 12/QP-ABND → 12/QĐ-ABND.

use crate::syllable::strip_marks;
use rustc_hash::FxHashMap;

/// Endings of document symbols by their folded form.
pub struct Symbols {
    by_fold: FxHashMap<String, (String, u32)>,
    counts: FxHashMap<String, u32>,
}

impl Symbols {
    /// Reads `ending ⇥ count` rows; `#` begins a comment.
    pub fn parse(table: &str) -> Self {
        let mut by_fold: FxHashMap<String, (String, u32)> = FxHashMap::default();
        let mut counts: FxHashMap<String, u32> = FxHashMap::default();
        for row in table.lines().filter(|r| !r.starts_with('#')) {
            let Some((code, count)) = row.split_once('\t') else { continue };
            let count = count.trim().parse().unwrap_or(1);
            for part in std::iter::once(code).chain(code.split('-')) {
                *counts.entry(part.to_owned()).or_insert(0) += count;
                let slot = by_fold.entry(fold(part)).or_insert_with(|| (part.to_owned(), 0));
                if count > slot.1 {
                    *slot = (part.to_owned(), count);
                }
            }
        }
        Self { by_fold, counts }
    }

    /// The repaired symbol, where `raw` has the form of one and its ending is known with other letters.
    /// Digits are never touched.
    pub fn repair(&self, raw: &str) -> Option<String> {
        let cut = raw.rfind('/')? + 1;
        let (number, ending) = raw.split_at(cut);
        let hyphen_first = number.len() > 1 && number[..number.len() - 1].contains('-');
        if hyphen_first || ending.is_empty() || ending.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        // A form that is itself in use (HD beside HĐ) stays; one in twenty at the most is a slip in the source.
        let known = |s: &str| {
            let (best, count) = self.by_fold.get(&fold(s))?;
            let own = self.counts.get(s).copied().unwrap_or(0);
            Some(if own * 20 > *count { s.to_owned() } else { best.clone() })
        };
        let fixed = match known(ending) {
            Some(whole) => whole,
            None => {
                let parts: Vec<&str> = ending.split('-').collect();
                parts
                    .iter()
                    .map(|p| {
                        if p.len() < 2 {
                            (*p).to_owned()
                        } else {
                            known(p).unwrap_or_else(|| (*p).to_owned())
                        }
                    })
                    .collect::<Vec<_>>()
                    .join("-")
            }
        };
        (fixed != ending).then(|| format!("{number}{fixed}"))
    }
}

/// Capitals without marks, with the letters that stand for Đ in damaged print made one.
fn fold(code: &str) -> String {
    strip_marks(code)
        .chars()
        .map(|c| if c == 'P' || c == 'B' { 'D' } else { c.to_ascii_uppercase() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_mended_digits_stay() {
        let s = Symbols::parse("# x\nNĐ-CP\t900\nQĐ-UBND\t50\nTT-BTC\t70\nQĐ-TTg\t60\n");
        assert_eq!(s.repair("60/2021/ND-CP").as_deref(), Some("60/2021/NĐ-CP"));
        assert_eq!(s.repair("3470/QP-UBND").as_deref(), Some("3470/QĐ-UBND"));
        assert_eq!(s.repair("12/QP-").as_deref(), Some("12/QĐ-"));
        assert_eq!(s.repair("12/QĐ-TTg"), None);
        assert_eq!(s.repair("15/3/2025"), None);
        assert_eq!(s.repair("abc"), None);
    }
}
