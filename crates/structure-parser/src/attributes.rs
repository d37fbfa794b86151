//! Lines that say something about an item and are no orders: "Cơ quan chủ trì: ...", "Thời gian thực hiện: ...".

use crate::data::{Cue, DATA};
use crate::passage::Passage;
use crate::roles;
use crate::unit_lists;

/// An attribute line.
#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    /// What it tells.
    pub cue: Cue,
    /// First byte of what it says.
    pub from: usize,
    /// Whether it only names, so that it is no order itself.
    pub pure: bool,
}

/// Reads `p` as an attribute line.
pub fn line(p: &Passage) -> Option<Attribute> {
    if !p.may_begin(0, Cue::ATTRIBUTES) {
        return None;
    }
    let loose = |k: usize| {
        if k > 0 && !matches!(p.gap_before(k), " " | ", " | "/" | " - ") { None } else { p.syllable(k) }
    };
    let (n, cue) = DATA.cues.find_where(loose, Cue::is_attribute)?;
    let last = p.words.get(n.checked_sub(1)?)?;
    let rest = p.slice(last.end, p.text.len());
    // "(nếu có)" may stand before the colon.
    let colon = rest.find(':').filter(|c| {
        let between = rest.get(..*c).unwrap_or("").trim();
        between.is_empty() || between.starts_with('(') && between.ends_with(')')
    });
    let from = match colon {
        Some(c) => last.end + c + 1,
        // Without a colon only a short line about time is one: "Thời gian thực hiện sau khi ...".
        None if cue == Cue::AttributeTime && n >= 3 && p.words.len() <= 30 && rest.starts_with(' ') => {
            last.end
        }
        None => return None,
    };
    let pure = match cue {
        Cue::AttributeLead | Cue::AttributeWith => {
            let at = p.word_from(from);
            unit_lists::list_at(p, at).is_none_or(|l| {
                roles::verb(p, l.next).is_none() || p.words.len() - l.next.min(p.words.len()) <= 6
            })
        }
        _ => true,
    };
    Some(Attribute { cue, from, pure })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::Builder;

    fn read(text: &str) -> Option<(Cue, bool)> {
        let mut b = Builder::default();
        b.line(text, 0, false, false);
        line(&b.build()).map(|a| (a.cue, a.pure))
    }

    #[test]
    fn names_and_times_are_attributes() {
        assert_eq!(read("Cơ quan chủ trì: Sở Nội vụ."), Some((Cue::AttributeLead, true)));
        assert_eq!(read("Cơ quan phối hợp: Các sở, ngành; UBND các xã."), Some((Cue::AttributeWith, true)));
        assert_eq!(read("Thời gian thực hiện: Quý IV năm 2025."), Some((Cue::AttributeTime, true)));
        assert_eq!(read("Thời gian thực hiện sau khi Đề án được duyệt."), Some((Cue::AttributeTime, true)));
    }

    #[test]
    fn orders_are_not() {
        assert_eq!(read("Phối hợp với Sở Nội vụ thực hiện: rà soát, thống kê."), None);
        assert_eq!(
            read(
                "Cơ quan thực hiện: Sở Nội vụ lập danh mục kho và kiểm kê toàn bộ hiện vật trong kho của mình."
            ),
            Some((Cue::AttributeLead, false))
        );
    }
}
