//! What a passage does with a document that it cites, and which articles of it are meant.

use crate::fold;
use crate::passage::Passage;
use regex::Regex;
use std::sync::LazyLock;
use vanthu_model::Relation;

static ARTICLES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:(?:điểm [a-zđ](?:(?:,| và) (?:điểm )?[a-zđ])*,? )?khoản [0-9]+[a-zđ]?(?:(?:,| và|, khoản| và khoản) [0-9]+)*,? )?điều [0-9]+[a-zđ]?(?:(?:,| và|, điều| và điều) [0-9]+)*(?: của)? $",
    )
    .ok()
});

/// How far before a citation the words stand that tell its relation, in bytes.
const REACH: usize = 160;

/// What the passage does with the document cited at byte `at`.
pub fn relation(p: &Passage, at: usize) -> Relation {
    let before = p.low.get(..at).unwrap_or("");
    let near = before.char_indices().rev().map(|(i, _)| i).find(|i| at - i >= REACH).unwrap_or(0);
    let clause = before.get(near..).unwrap_or("").rsplit([';', ':']).next().unwrap_or("");
    let after = fold::head(p.low.get(at..).unwrap_or(""), 260);
    let after = after.split([';']).next().unwrap_or("");
    let says = |words: &[&str]| words.iter().any(|w| clause.contains(w));
    if says(&["bãi bỏ ", "hủy bỏ ", "thay thế ", "thay cho "]) && !says(&["được thay thế", "bị bãi bỏ"])
        || after.contains(" hết hiệu lực")
    {
        return Relation::Repealed;
    }
    if says(&["sửa đổi, bổ sung ", "sửa đổi ", "đính chính "])
        && !says(&["được sửa đổi", "luật sửa đổi", "định sửa đổi", "tư sửa đổi", "lệnh sửa đổi"])
    {
        return Relation::Amended;
    }
    let basis = ["căn cứ ", "thực hiện ", "thi hành ", "xét ", "theo đề nghị ", "triển khai ", "tiếp theo "];
    let opens = |t: &str| basis.iter().any(|w| t.trim_start().starts_with(w));
    // Only what stands in the first words of the passage; "thực hiện" further on is an order's verb.
    let sentence = before.rsplit(". ").next().unwrap_or("");
    if opens(&p.low) && sentence.len() == before.len() && (p.low.starts_with("căn cứ") || before.len() < 700)
    {
        return Relation::Basis;
    }
    Relation::Mentioned
}

/// The articles named right before the document cited at byte `at`.
pub fn articles(p: &Passage, at: usize) -> Option<String> {
    let before = p.low.get(..at)?;
    let from = before.char_indices().rev().nth(120).map_or(0, |(i, _)| i);
    let m = ARTICLES.as_ref()?.find(before.get(from..)?)?;
    let text = p.slice(from + m.start(), from + m.end()).trim_end();
    Some(text.strip_suffix(" của").unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::Builder;

    fn read(text: &str, cited: &str) -> (Relation, Option<String>) {
        let mut b = Builder::default();
        b.line(text, 0, false, false);
        let p = b.build();
        let at = p.text.find(cited).unwrap_or(0);
        (relation(&p, at), articles(&p, at))
    }

    #[test]
    fn the_words_before_a_citation_tell_what_becomes_of_it() {
        let cited = "Thông tư số 2/2020/TT-BXY";
        assert_eq!(
            read("Bãi bỏ khoản 3 Điều 8 Thông tư số 2/2020/TT-BXY.", cited),
            (Relation::Repealed, Some("khoản 3 Điều 8".into()))
        );
        assert_eq!(
            read("Sửa đổi, bổ sung Điều 4 của Thông tư số 2/2020/TT-BXY.", cited).0,
            Relation::Amended
        );
        assert_eq!(read("Căn cứ Thông tư số 2/2020/TT-BXY;", cited), (Relation::Basis, None));
        assert_eq!(read("Lập sổ theo mẫu của Thông tư số 2/2020/TT-BXY.", cited).0, Relation::Mentioned);
        assert_eq!(read("Thông tư số 2/2020/TT-BXY hết hiệu lực từ ngày ký.", cited).0, Relation::Repealed);
    }
}
