//! The new words of an amended provision, which an amending document puts in quotation marks: "Điều 7 được sửa đổi như
//! sau: “Điều 7. ...”" (Nghị định 78/2025/NĐ-CP, forms of amending documents). They are the other document's articles
//! and items, with numbers of their own, and order nothing in this one.

use crate::fold;
use crate::labels::{Family, Label};
use crate::paragraphs::Paragraph;

/// How far a quotation has come.
#[derive(Debug, Default)]
pub struct Quotation {
    /// Whether the last words outside quotations announce new words of a provision.
    announced: bool,
    /// The labels open outside, by family, while a quotation is open.
    open: Option<Vec<(Family, u32)>>,
}

impl Quotation {
    /// Whether `p` is quoted. `outside` tells the labels that are open where the quotation began, outermost first.
    pub fn holds(&mut self, p: &Paragraph, outside: impl Fn() -> Vec<(Family, u32)>) -> bool {
        let text = p.body.text.trim();
        // A speck may be read before the mark.
        let bare = p.label.as_ref().is_none_or(|l| l.family.is_bullet());
        let begins = bare && text.chars().take(3).any(|c| OPENING.contains(c));
        if self.open.as_ref().is_some_and(|labels| p.label.as_ref().is_some_and(|l| resumes(labels, l, text)))
        {
            self.open = None;
        }
        if self.open.is_none() {
            // "“Mỗi kho một giống” là chương trình ...": a name at the head of a sentence.
            let names = balance(text) == 0 && !closes(text);
            if !begins || names || !self.announced {
                self.announced = announces(text);
                if self.announced && opens_at_once(text) {
                    let own = p.label.iter().map(|l| (l.family, l.value));
                    self.open = Some(outside().into_iter().chain(own).collect());
                }
                return false;
            }
            self.open = Some(outside());
        }
        // An item may quote a name of its own: what closes there, opened there.
        let ends = balance(text) < 0 || begins && balance(text) == 0;
        if closes(text) && (ends || is_misread(text)) {
            self.open = None;
        }
        true
    }

    /// Whether the last quotation has not ended.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }
}

/// Whether `text` ends in new words that go on below: "Khoản 3 được sửa đổi như sau: “3. ...".
fn opens_at_once(text: &str) -> bool {
    let opened = text.rfind(|c| OPENING.contains(c));
    opened.is_some_and(|at| text.get(..at).is_some_and(|t| t.trim_end().ends_with(':'))) && balance(text) > 0
}

/// Whether `text` ends in a mark that closes.
fn closes(text: &str) -> bool {
    is_misread(text) || text.trim_end_matches(['.', ';', ',', ' ']).ends_with(['”', '"'])
}

fn is_misread(text: &str) -> bool {
    MISREAD.iter().any(|m| text.ends_with(m))
}

/// Marks that open a quotation.
const OPENING: &str = "“\"„";

/// What a closing mark behind a full stop is read as.
const MISREAD: &[&str] = &[".?", ".'", ".’", ".*", ".`", ".°"];

/// How many quotation marks open that do not close in `text`; less than 0 where one closes that opened before.
fn balance(text: &str) -> i32 {
    let of = |mark: fn(char) -> bool| text.chars().filter(|c| mark(*c)).count() as i32;
    let straight = of(|c| c == '"');
    let odd = if straight % 2 == 0 { 0 } else { -1 };
    of(|c| c != '"' && OPENING.contains(c)) - of(|c| c == '”') + odd
}

/// Whether `text` says that words of a provision change: what follows in quotation marks are the new ones.
fn announces(text: &str) -> bool {
    let low = fold::lower(text);
    let changes =
        ["sửa đổi", "bổ sung", "thay thế", "thay cụm từ", "thay từ"].iter().any(|w| low.contains(w));
    // "khoản 3", "Điều 7a", "điểm e", but no "điều kiện" and no "điểm nghẽn".
    let name = |rest: &str| {
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
        word.starts_with(|c: char| c.is_ascii_digit()) || word.chars().count() == 1
    };
    let numbered = ["điều ", "khoản ", "điểm "].iter().any(|w| low.split(w).skip(1).any(name));
    changes && (numbered || low.contains("như sau"))
}

/// Parts of a document, as amendments name them.
const PROVISIONS: &[&str] =
    &["điều", "khoản", "điểm", "đoạn", "cụm từ", "phụ lục", "chương", "mục", "mẫu", "tiêu đề", "dòng"];

/// How the articles begin that end an amending document.
const ENDS: &[&str] = &["hiệu lực", "tổ chức thực hiện", "trách nhiệm", "điều khoản", "quy định chuyển tiếp"];

/// Whether a label goes on with one of those outside of the quotation, whose closing mark was not read: it is the next, and
/// its words amend again or end the document, or stand below it.
fn resumes(outside: &[(Family, u32)], label: &Label, text: &str) -> bool {
    let follows = |f: Family, v: u32| match f {
        Family::Article => label.value > v && label.value <= v + 3,
        _ => label.value == v + 1,
    };
    let next = outside.iter().any(|(f, v)| *f == label.family && follows(*f, *v));
    let low = fold::lower(text);
    let begins = |words: &[&str]| words.iter().any(|w| low.starts_with(w));
    // "2. Bổ sung kinh phí ..." may be quoted.
    let named = ["cụm từ", "phụ lục", "một số điều", "mẫu số"].iter().any(|w| low.contains(w));
    let amends = begins(&["bãi bỏ", "giao "])
        || begins(&["sửa đổi", "bổ sung", "thay"]) && (named || announces(text))
        || begins(PROVISIONS) && ["được sửa đổi", "được bổ sung", "như sau"].iter().any(|w| low.contains(w));
    let carried_out = low.split("thi hành ").skip(1).any(|rest| {
        let kinds = ["quyết định", "thông tư", "nghị định", "nghị quyết", "luật"];
        kinds.iter().any(|kind| rest.strip_prefix(kind).is_some_and(|r| r.starts_with(" này")))
    });
    let ends = begins(ENDS) || low.contains("này có hiệu lực") || carried_out;
    next && (text.is_empty() || amends || ends)
}
