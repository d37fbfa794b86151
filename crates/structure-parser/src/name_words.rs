//! Words inside units' names: which of them end a name, and which only look as if they did.

use crate::data::{DATA, Head, first};
use crate::passage::Passage;
use crate::units::{head_at, words};

/// Whether a verb of command begins at word `i`, in small letters, and is no part of a longer noun.
pub fn verb_at(p: &Passage, i: usize) -> bool {
    p.words.get(i).is_some_and(|w| !w.cap && w.firsts & first::VERB != 0)
        && DATA.verbs.find(words(p, i)).is_some()
        && !in_compound(p, i)
}

/// Whether a word that ends names stands at word `i`.
pub fn end_at(p: &Passage, i: usize) -> bool {
    p.words.get(i).is_none_or(|w| !w.cap && w.firsts & first::END != 0)
        && DATA.ends.find(words(p, i)).is_some()
        && !in_compound(p, i)
}

/// Whether word `i` belongs to a noun such as "công trình" or "giao thông", which begins there or up to four words
/// before.
fn in_compound(p: &Passage, i: usize) -> bool {
    (0..=4.min(i)).any(|back| {
        // A noun is not parted by anything but blanks before word `i`.
        (i + 1 - back..=i).all(|k| p.gap_before(k) == " ")
            && DATA.compounds.find(words(p, i - back)).is_some_and(|(n, ())| n > back)
    })
}

/// "có tên tại Điều 1", "có tên trong danh sách": a relative clause that belongs to the name before word `k`; gives
/// the word that says what those named do.
pub fn listed_elsewhere(p: &Passage, k: usize) -> Option<usize> {
    if p.word(k) != Some("có") || !matches!(p.word(k + 1), Some("tên" | "trong")) {
        return None;
    }
    let acts = |j: usize| {
        matches!(
            (p.word(j), p.word(j + 1)),
            (Some("chịu"), Some("trách")) | (Some("có"), Some("trách")) | (Some("căn"), Some("cứ"))
        ) || verb_at(p, j)
    };
    (k + 2..(k + 14).min(p.words.len())).find(|j| acts(*j) || p.gap_before(*j) != " ")
}

/// Those who act, named without "các": "Công chức, viên chức được giao giải quyết công việc", "Người lập hồ sơ",
/// "Bộ phận văn thư". Only at the start of a clause, with a capital; the verb that says what they do must follow.
pub fn plain_name(p: &Passage, i: usize) -> Option<usize> {
    let opens = i == 0 || p.gap_before(i).contains([';', ':']);
    // "Khi có cháy: người phát hiện báo ngay ...": after what sets the case, in small letters.
    let case = p.gap_before(i) == ": "
        && (p.word(0) == Some("khi") || (p.word(0), p.word(1)) == (Some("trường"), Some("hợp")));
    if !opens || !p.words.get(i)?.cap && !case {
        return None;
    }
    let (n, _) = head_at(p, i, |h| h == Head::Plain)?;
    // "Tổ chức" is a verb, "Đội ngũ" no unit.
    if matches!((p.word(i), p.word(i + 1)), (Some("tổ"), Some("chức")) | (Some("đội"), Some("ngũ"))) {
        return None;
    }
    let limit = (i + 18).min(p.words.len());
    let mut k = i + n;
    // "Người", "Cơ quan" alone name nobody: the verb right after them tells whom they mean ("Người lập hồ sơ").
    let vague =
        matches!(p.word(k - 1), Some("người" | "quan" | "vị" | "phận" | "nhân" | "tổ" | "nhóm" | "đội"));
    let mut own = if vague { k } else { 0 };
    while k < limit {
        let gap = p.gap_before(k);
        if gap == ", " {
            match head_at(p, k, |h| matches!(h, Head::Plain | Head::Group)) {
                Some((n, _)) if p.words.get(k).is_some_and(|w| !w.cap) => {
                    k += n;
                    continue;
                }
                _ => return None,
            }
        }
        // "Tổ bảo vệ: trực ..."
        if gap == ": " {
            return (k > i + n && verb_at(p, k)).then_some(k);
        }
        if gap != " " {
            return None;
        }
        if p.word(k) == Some("được") && matches!(p.word(k + 1), Some("giao" | "phân" | "cử")) {
            k += if p.word(k + 1) == Some("phân") { 3 } else { 2 };
            own = k;
            continue;
        }
        let verb = if verb_at(p, k) { DATA.verbs.find(words(p, k)).map(|(n, ())| n) } else { None };
        match verb {
            Some(n) if own == k => k += n,
            Some(_) => return (!vague || k > i + n).then_some(k),
            None if matches!(p.word(k), Some("phải" | "cần")) => {
                return (k > i + n || !vague).then_some(k);
            }
            None if matches!(p.word(k), Some("có" | "chịu")) && p.word(k + 1) == Some("trách") => {
                return Some(k);
            }
            None => k += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::unit_lists::names;

    #[test]
    fn verbs_inside_nouns_end_no_name() {
        assert_eq!(names("Phòng Kỹ thuật công trình theo dõi"), ["Phòng Kỹ thuật công trình"]);
        assert_eq!(
            names("Ban Quản lý dự án giao thông thành phố trình duyệt"),
            ["Ban Quản lý dự án giao thông thành phố"]
        );
        assert_eq!(names("Sở Xây dựng trình duyệt dự án"), ["Sở Xây dựng"]);
    }

    #[test]
    fn those_who_act_without_a_determiner() {
        assert_eq!(names("Bộ phận kế toán kiểm tra chứng từ."), ["Bộ phận kế toán"]);
        assert_eq!(
            names("Viên chức được giao quản lý kho cập nhật sổ."),
            ["Viên chức được giao quản lý kho"]
        );
        assert_eq!(names("Văn phòng của đơn vị chủ trì, phối hợp với"), ["Văn phòng của đơn vị"]);
        assert!(names("Cơ quan thực hiện: Sở Nội vụ").is_empty());
    }

    #[test]
    fn groups_named_elsewhere_keep_the_clause_that_names_them() {
        assert_eq!(
            names("các ông, bà có tên tại Điều 2 chịu trách nhiệm thi hành"),
            ["các ông, bà có tên tại Điều 2"]
        );
    }
}
