//! Names that no list knows the end of, told by the words of duty that follow: "Cơ quan chuyên môn về y tế cấp tỉnh
//! có trách nhiệm ...", "Nhà đầu tư hạ tầng khu công nghiệp phải ...".

use crate::data::Head;
use crate::passage::Passage;
use crate::roles;
use crate::unit_lists::List;
use crate::units::{Found, head_at};

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
