//! The legal bases of a document: "Căn cứ ...", "Theo đề nghị của ..." (Nghị định 30/2020/NĐ-CP, annex I, II.5).

use crate::data::DATA;
use crate::field::Field;
use crate::labels::Family;
use crate::letterhead::{is_issuer, opens_basis};
use crate::passage::Passage;
use crate::tree::{Node, Tree};

/// So many words may be left of those that a stamp covers.
const SCRAPS: usize = 4;

/// In a letter the issuer orders within so many words of its name.
const NAME: usize = 8;

/// Words by which the issuer of a letter acts, behind its name.
const ACTS: &[&str] = &["giao", "yêu", "đề", "chỉ", "quyết", "ban", "thông", "có", "kính", "phê"];

/// Words behind which the name of the issuer is another's.
const OTHERS: &[&str] = &["tại", "về", "ngày", "số"];

/// The legal bases: paragraphs that begin as such do, and the one right above the first of them that ends in the same
/// semicolon, whose first words a stamp covers.
pub fn legal_bases(tree: &Tree) -> Vec<Field> {
    let own = |n: &Node| n.component == 0 && n.parent.is_none() && !n.opens();
    let is_basis = |n: &Node| own(n) && n.label.is_none() && opens_basis(&n.body.low);
    let damaged = |n: &&Node| {
        own(n) && n.family().is_none_or(Family::is_bullet) && n.body.text.trim_end().ends_with(';')
    };
    let first = tree.nodes.iter().position(is_basis);
    let above = first.and_then(|i| i.checked_sub(1)).and_then(|i| tree.nodes.get(i)).filter(damaged);
    let beheaded = above.and_then(|n| {
        let part = n.body.part(cited(&n.body), n.body.text.len());
        Field::entry(&part, "beheaded_basis", 0.6)
    });
    let whole = tree.nodes.iter().filter(|n| is_basis(n));
    let basis = |n: &Node| Field::entry(&n.body.part(0, end(&n.body)), "legal_basis", 0.95);
    beheaded.into_iter().chain(whole.filter_map(basis)).collect()
}

/// Where the basis that `p` begins with ends: before the issuer that acts on it in the same sentence, as letters write it
/// ("Xét đề nghị của ..., Ủy ban nhân dân tỉnh giao ...").
pub fn end(p: &Passage) -> usize {
    let acts = |at: &usize| {
        let rest = p.text.get(at + 2..).unwrap_or_default();
        let words = p.words.iter().filter(|w| w.start >= at + 2).take(NAME);
        let mut low = words.filter_map(|w| p.low.get(w.start..w.end));
        is_issuer(rest)
            && low.find(|w| ACTS.contains(w) || OTHERS.contains(w)).is_some_and(|w| ACTS.contains(&w))
    };
    let commas = p.low.match_indices(", ").map(|(at, _)| at);
    commas.into_iter().find(acts).unwrap_or(p.text.len())
}

/// Where the name of the document that a basis cites begins behind scraps of "Căn cứ"; its start if it names none.
fn cited(p: &Passage) -> usize {
    let is_kind = |at: usize| {
        let rest = p.low.get(at..).unwrap_or_default();
        DATA.kinds.iter().any(|k| rest.strip_prefix(k.low.as_str()).is_some_and(|r| r.starts_with(' ')))
    };
    let starts = || p.words.iter().take(SCRAPS + 1).map(|w| w.start);
    starts().find(|at| is_kind(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use vanthu_model::Document;

    #[test]
    fn a_legal_basis_that_lost_its_first_words_is_one() {
        let read = |lines: &str| {
            let text = format!(
                "BỘ THỬ NGHIỆM\nSố: 6/2024/TT-BTN\n\nVân Hải, ngày 5 tháng 1 năm 2024\n\nTHÔNG TƯ\n{lines}\n\
                 Căn cứ Luật Kho giống ngày 1 tháng 2 năm 2019;\nTheo đề nghị của Cục trưởng Cục Kho giống;\n\n\
                 Điều 1. Phạm vi\nThông tư này quy định về kho.\n"
            );
            crate::parse(&Document::from_text(&text)).metadata
        };
        let m = read("Quy định về kho năm 2024\n+ Luật Giống cây ngày 2 tháng 6 năm 2017;");
        assert_eq!(m.subject.as_deref(), Some("Quy định về kho năm 2024"));
        assert_eq!(m.legal_bases[0], "Luật Giống cây ngày 2 tháng 6 năm 2017");
        assert_eq!(m.legal_bases.len(), 3);
        // The stamp left scraps of them.
        let m = read("Quy định về kho năm 2024\nS Cán có Luật Giống cây ngày 2 tháng 6 năm 2017;");
        assert_eq!(m.legal_bases[0], "Luật Giống cây ngày 2 tháng 6 năm 2017");
        // A subject may hold a semicolon.
        let m = read("Quy định về kho năm 2024;\nphương hướng năm 2025");
        assert_eq!(m.subject.as_deref(), Some("Quy định về kho năm 2024; phương hướng năm 2025"));
        assert_eq!(m.legal_bases.len(), 2);
    }

    /// The whole order stood among the legal bases.
    #[test]
    fn a_basis_ends_where_the_issuer_acts_on_it() {
        let read = |line: &str| {
            let text = format!(
                "ỦY BAN NHÂN DÂN\nTỈNH VÂN HẢI\nSố: 6/UBND-KT\n\nVân Hải, ngày 5 tháng 1 năm 2024\n\nKính gửi: Sở Kho giống.\n\n\
                 {line}\n"
            );
            crate::parse(&Document::from_text(&text)).metadata.legal_bases
        };
        assert_eq!(
            read("Xét đề nghị của Sở Kho giống, Ủy ban nhân dân tỉnh giao Sở Tài chính bố trí kinh phí."),
            ["Xét đề nghị của Sở Kho giống"]
        );
        let of_two =
            "Theo đề nghị của Sở Kho giống, Sở Tài chính tại Tờ trình số 5/TTr-SKG đề nghị ban hành quy chế";
        assert_eq!(read(&format!("{of_two};")), [of_two]);
    }
}
