//! What a block is, told by its place and by words that official documents always have.

use super::bands::Rect;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use vanthu_model::BlockKind;

/// Words that tell a head or a foot, without marks, in lower case, without blanks.
struct Anchors {
    head: Vec<String>,
    foot: Vec<String>,
}

static ANCHORS: LazyLock<Anchors> = LazyLock::new(|| {
    let mut anchors = Anchors { head: Vec::new(), foot: Vec::new() };
    for line in
        include_str!("../../../../dictionaries/verdict_anchors.tsv").lines().filter(|l| !l.starts_with('#'))
    {
        match line.split_once('\t') {
            Some(("head", words)) => anchors.head.push(plain([words])),
            Some(("foot", words)) => anchors.foot.push(plain([words])),
            _ => {}
        }
    }
    anchors
});

/// Page numbers stand in the outermost tenth of the page.
const EDGE: f32 = 0.1;

/// The words run together without marks and in lower case, so that misread marks and spaces do not matter.
pub(crate) fn plain<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let letters = words.into_iter().flat_map(UnicodeNormalization::nfd);
    letters
        .filter(|c| c.is_alphanumeric() && !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// What two columns side by side are, told by their [`plain`] text.
pub(crate) fn columns(left: &str, right: &str) -> (BlockKind, BlockKind) {
    let holds = |text: &str, anchors: &[String]| anchors.iter().any(|a| text.contains(a.as_str()));
    if holds(left, &ANCHORS.foot) {
        (BlockKind::FootLeft, BlockKind::FootRight)
    } else if holds(right, &ANCHORS.head) || holds(left, &ANCHORS.head) {
        (BlockKind::HeadLeft, BlockKind::HeadRight)
    } else {
        (BlockKind::Text, BlockKind::Text)
    }
}

/// Whether a line is nothing but a page number: up to four digits, in the head or foot margin, near the middle or the
/// right edge. `line` and `size` are in one unit.
pub(crate) fn is_page_number<'w>(
    words: impl IntoIterator<Item = &'w str>,
    line: Rect,
    size: (f32, f32),
) -> bool {
    let (w, h) = size;
    let at_edge = line[3] < EDGE * h || line[1] > (1.0 - EDGE) * h;
    let middle = (line[0] + line[2]) / 2.0;
    if !at_edge || middle <= 0.4 * w {
        return false;
    }
    let text: String = words.into_iter().collect();
    let digits = text.trim_matches(|c: char| "-–— ".contains(c));
    (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_feet_are_told_by_their_words() {
        let kinds = |l: &str, r: &str| columns(&plain(l.split(' ')), &plain(r.split(' ')));
        assert_eq!(kinds("SỞ THỦY LỢI", "ĐỘC LẬP - Tự dọ - Hanh phúc").0, BlockKind::HeadLeft);
        assert_eq!(kinds("Nơi nhận: - Như trên;", "GIÁM ĐỐC"), (BlockKind::FootLeft, BlockKind::FootRight));
        assert_eq!(kinds("một", "hai").1, BlockKind::Text);
    }

    #[test]
    fn page_numbers_stand_in_the_margin() {
        assert!(is_page_number(["2"], [290.0, 40.0, 300.0, 50.0], (595.0, 842.0)));
        assert!(!is_page_number(["2"], [290.0, 400.0, 300.0, 410.0], (595.0, 842.0)));
        assert!(!is_page_number(["2a"], [290.0, 40.0, 300.0, 50.0], (595.0, 842.0)));
    }
}
