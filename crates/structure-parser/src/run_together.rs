//! Names in a cell that stand below each other without a sign between them, and words of request before a name.

use crate::data::{Cue, DATA};
use crate::passage::Passage;
use crate::roles;
use crate::unit_lists::{self, List};
use crate::units::{Found, words};

/// "Đề nghị Viện kiểm sát ...": the word at which a name begins after such words, which are no part of it.
pub fn asked_at(p: &Passage, at: usize) -> Option<usize> {
    let name = at + roles::cue(p, at, Cue::Assign)?;
    let is_name = body_at(p, name).is_some() || unit_lists::list_at(p, name).is_some();
    (p.gap_before(name) == " " && is_name).then_some(name)
}

/// A body of the list of agencies at word `i`: one past its last word.
fn body_at(p: &Passage, i: usize) -> Option<usize> {
    let (n, ()) = DATA.bodies.find(words(p, i)).filter(|_| p.words.get(i).is_some_and(|w| w.cap))?;
    Some(i + n)
}

/// Whether the name of another unit begins at word `i`, though no sign parts it from the one before: the lines of a cell
/// have run together.
pub fn parts_at(p: &Passage, i: usize) -> bool {
    p.gap_before(i) == " " && (body_at(p, i).is_some() || asked_at(p, i).is_some())
}

/// Ends the list with the first body that another follows at once: "Bộ Công an Bộ Tài chính" are two.
pub fn end_at_body(p: &Passage, list: &mut List) {
    let ends =
        |u: &Found| body_at(p, p.word_from(u.start)).filter(|next| *next <= u.next && parts_at(p, *next));
    let Some((i, next)) = list.units.iter().enumerate().find_map(|(i, u)| Some((i, ends(u)?))) else {
        return;
    };
    list.units.truncate(i + 1);
    if let (Some(last), Some(w)) = (list.units.last_mut(), p.words.get(next - 1)) {
        (last.end, last.next, list.next) = (w.end, next, next);
    }
}

#[cfg(test)]
mod tests {
    use crate::passage::Builder;
    use crate::responsible::attribute_units;
    use vanthu_model::Role;

    fn cell(text: &str) -> Vec<String> {
        let mut b = Builder::default();
        b.line(text, 0, false, false);
        attribute_units(&b.build(), 0, Role::Lead).into_iter().map(|n| n.name).collect()
    }

    #[test]
    fn words_of_request_are_no_part_of_a_name() {
        assert_eq!(
            cell("Bộ Công an; Đề nghị Viện kiểm sát nhân dân tối cao; đề nghị Tòa án nhân dân tối cao"),
            ["Bộ Công an", "Viện kiểm sát nhân dân tối cao", "Tòa án nhân dân tối cao"]
        );
    }

    #[test]
    fn lines_that_ran_together_are_as_many_names() {
        assert_eq!(
            cell("Ngân hàng Nhà nước Việt Nam Ngân hàng Nhà nước Việt Nam Bộ Công an; Bộ Tài chính"),
            ["Ngân hàng Nhà nước Việt Nam", "Ngân hàng Nhà nước Việt Nam", "Bộ Công an", "Bộ Tài chính"]
        );
        assert_eq!(
            cell("Thanh tra Chính phủ Đề nghị Kiểm toán nhà nước"),
            ["Thanh tra Chính phủ", "Kiểm toán nhà nước"]
        );
        assert_eq!(
            cell("Bộ Tư pháp; (theo chức năng, nhiệm vụ được giao) Đề nghị Tòa án nhân dân tối cao"),
            ["Bộ Tư pháp", "Tòa án nhân dân tối cao"]
        );
        assert_eq!(cell("Đại diện Ủy ban nhân dân xã").len(), 1);
        // These are one.
        assert_eq!(
            cell("Ủy ban Công tác về các hội nghề nghiệp và quỹ từ thiện; Bộ Nội vụ"),
            ["Ủy ban Công tác về các hội nghề nghiệp và quỹ từ thiện", "Bộ Nội vụ"]
        );
        assert_eq!(cell("Vụ Pháp chế Bộ Xây dựng"), ["Vụ Pháp chế Bộ Xây dựng"]);
        assert_eq!(cell("Tổng cục Thuế Bộ Tài chính"), ["Tổng cục Thuế Bộ Tài chính"]);
    }
}
