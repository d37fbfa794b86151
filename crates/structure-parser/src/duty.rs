//! Names that no list knows the end of, told by the words of duty that follow: "Cơ quan chuyên môn về y tế cấp tỉnh
//! có trách nhiệm ...", "Nhà đầu tư hạ tầng khu công nghiệp phải ...".

use crate::data::Head;
use crate::name_words::verb_at;
use crate::passage::Passage;
use crate::roles;
use crate::unit_lists::List;
use crate::units::{self, Found, head_at};

/// Most words that such a name may have.
const LONGEST: usize = 22;

/// The holder of a duty whose name begins at word `i`.
pub fn holder(p: &Passage, i: usize) -> Option<List> {
    let first = p.words.get(i)?;
    let short = p.slice(first.start, first.end).chars().filter(|c| c.is_uppercase()).count() > 2;
    let head = head_at(p, i, |h| h != Head::Place).map(|(n, _)| n);
    let from = i + head.or(short.then_some(1))?;
    // The name may end before words that narrow the duty: "trong phạm vi ..., có trách nhiệm".
    let mut end = None;
    for k in from..(i + LONGEST).min(p.words.len()) {
        let gap = p.gap_before(k);
        let duty = matches!((p.word(k), p.word(k + 1)), (Some("có" | "chịu"), Some("trách")))
            && p.word(k + 2) == Some("nhiệm")
            || p.word(k) == Some("phải") && roles::verb(p, k + 1).is_some();
        if duty && matches!(gap, " " | ", ") {
            let next = end.unwrap_or(k);
            let last = p.words.get(next.checked_sub(1)?)?;
            let unit = Found { start: first.start, end: last.end, next, head: None };
            return (next > i).then(|| List { units: vec![unit], next: k });
        }
        let narrows = matches!(
            (p.word(k), p.word(k + 1)),
            (Some("trong"), Some("phạm" | "thời")) | (Some("theo"), Some("chức"))
        );
        if narrows && end.is_none() && matches!(gap, " " | ", ") {
            end = Some(k);
        }
        let joined = matches!(gap, " " | " - " | " – ")
            || gap == ", "
                && (end.is_some() || head_at(p, k, |h| matches!(h, Head::Group | Head::Plain)).is_some());
        if !joined {
            return None;
        }
    }
    None
}

/// "Ban Quản lý các khu chế xuất: lĩnh vực ...": a body's name from the passage's start to a colon.
pub fn titled(p: &Passage, i: usize) -> Option<List> {
    let first = p.words.first().filter(|w| i == 0 && w.cap)?;
    let (n, _) = head_at(p, 0, |h| h == Head::Organ)?;
    let end = (n..16.min(p.words.len())).find(|k| p.gap_before(*k) != " ")?;
    let colon = p.gap_before(end).starts_with(':') && end > n;
    let plain = (n..end).all(|k| !verb_at(p, k) || matches!(p.word(k), Some("quản")));
    let last = p.words.get(end.checked_sub(1)?)?;
    let unit = Found { start: first.start, end: last.end, next: end, head: None };
    (colon && plain).then(|| List { units: vec![unit], next: end })
}

/// Most words that those who carry out a decision take.
const LONGEST_LIST: usize = 120;

/// Those who stand before "chịu trách nhiệm thi hành", "có trách nhiệm": what lies between word `i` and the phrase, parted
/// where a head word follows a comma or "và". For names that the lists of units do not read to their end.
pub fn executors(p: &Passage, i: usize) -> Option<List> {
    let limit = (i + LONGEST_LIST).min(p.words.len());
    let duty = |k: usize| {
        matches!(p.word(k), Some("chịu" | "có"))
            && (p.word(k + 1), p.word(k + 2)) == (Some("trách"), Some("nhiệm"))
    };
    let end = (i + 1..limit).take_while(|k| !p.gap_before(*k).contains(['.', ':'])).find(|k| duty(*k))?;
    let names = |k: usize| {
        let cap = p.words.get(k).is_some_and(|w| w.cap);
        let of = |h: Head| matches!(h, Head::Organ | Head::Post | Head::Whole);
        cap && head_at(p, k, of).is_some()
            || (p.word(k), p.word(k + 1)) == (Some("thành"), Some("viên"))
            || units::determiner(p, k).is_some_and(|a| head_at(p, a, |h| h != Head::Place).is_some())
    };
    if !names(i) {
        return None;
    }
    let mut starts = vec![i];
    for k in i + 1..end {
        let gap = p.gap_before(k);
        let parted = matches!(gap, ", " | "; ") || gap == " " && p.word(k - 1) == Some("và");
        // "Giám đốc, Thủ trưởng các sở": one office by two names.
        let bare = starts.last().is_some_and(|s| k == s + 2 && p.word(*s) == Some("giám"));
        if parted && names(k) && !bare {
            starts.push(k);
        }
    }
    let mut units = Vec::new();
    for (n, s) in starts.iter().enumerate() {
        let next = starts.get(n + 1).copied().unwrap_or(end);
        let last = if p.word(next - 1) == Some("và") { next - 1 } else { next };
        let (first, last_word) = (p.words.get(*s)?, p.words.get(last.checked_sub(1)?)?);
        if last <= *s || last - s > 30 {
            return None;
        }
        units.push(Found { start: first.start, end: last_word.end, next: last, head: None });
    }
    Some(List { units, next: end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::Builder;

    fn name(text: &str) -> Option<String> {
        let mut b = Builder::default();
        b.line(text, 0, false, false);
        let p = b.build();
        holder(&p, 0).and_then(|l| l.units.first().map(|u| p.slice(u.start, u.end).to_owned()))
    }

    #[test]
    fn those_who_carry_out_a_decision_are_told_apart_by_head_words() {
        let mut b = Builder::default();
        b.line(
            "Bộ trưởng, Thủ trưởng cơ quan ngang bộ, các Thành viên Ban Chỉ đạo chương trình đê biển giai đoạn 2021 - 2025 và \
             Chủ tịch Ủy ban nhân dân tỉnh chịu trách nhiệm thi hành.",
            0,
            false,
            false,
        );
        let p = b.build();
        let list = executors(&p, 0).map(|l| l.units).unwrap_or_default();
        let names: Vec<&str> = list.iter().map(|u| p.slice(u.start, u.end)).collect();
        assert_eq!(
            names,
            [
                "Bộ trưởng",
                "Thủ trưởng cơ quan ngang bộ",
                "các Thành viên Ban Chỉ đạo chương trình đê biển giai đoạn 2021 - 2025",
                "Chủ tịch Ủy ban nhân dân tỉnh"
            ]
        );
    }

    #[test]
    fn words_of_duty_end_a_name() {
        assert_eq!(
            name("Cơ quan chuyên môn về thủy lợi cấp tỉnh có trách nhiệm lập sổ.").as_deref(),
            Some("Cơ quan chuyên môn về thủy lợi cấp tỉnh")
        );
        assert_eq!(
            name("Doanh nghiệp bán hàng lưu động phải niêm yết giá.").as_deref(),
            Some("Doanh nghiệp bán hàng lưu động")
        );
        assert_eq!(
            name("Bộ phận kho theo chức năng, nhiệm vụ có trách nhiệm kiểm kê.").as_deref(),
            Some("Bộ phận kho")
        );
        assert_eq!(name("Công tác kiểm kê phải hoàn thành."), None);
    }
}
