//! Single lines of a letterhead: the motto, the name of a type, the names of bodies.

use crate::data::DATA;
use crate::fold;

/// How close two lines are when marks and blanks are ignored, 0 to 1.
pub fn like(a: &str, b: &str) -> f64 {
    strsim::normalized_levenshtein(&flat(a), &flat(b))
}

/// ASCII letters and digits in lower case and nothing else.
fn flat(s: &str) -> String {
    let mut out = fold::ascii(s);
    out.retain(|c| c != ' ');
    out
}

/// Whether two flat texts are closer than `least`, 0 to 1.
fn near(a: &str, b: &str, least: f64) -> bool {
    // Letters that differ cannot be fewer than what must be changed.
    let apart = 1.0 - fold::letters_apart(a, b) as f64 / a.len().max(b.len()).max(1) as f64;
    apart > least && strsim::normalized_levenshtein(a, b) > least
}

/// Where the motto or the words below it begin in `text`, if they stand there.
pub fn motto(text: &str) -> Option<usize> {
    let low = fold::lower(text);
    let flat = if text.len() < 60 { flat(text) } else { String::new() };
    for (phrase, first, in_small) in [
        ("conghoaxahoichunghiavietnam", ["CỘNG H", "CONG H", "CỘNG  H"], "cộng h"),
        ("doclaptudohanhphuc", ["Độc lập", "Doc lap", "ĐỘC LẬP"], "độc lập"),
        ("dangcongsanvietnam", ["ĐẢNG CỘNG S", "DANG CONG", "ĐẢNG  CỘNG"], "đảng cộng s"),
    ] {
        if let Some(at) = first.iter().find_map(|f| text.find(f)).or_else(|| low.find(in_small))
            && text.get(at..).is_some_and(|t| t.len() < 120 && near(&self::flat(t), phrase, 0.7))
        {
            return Some(at);
        }
        if text.len() < 60 && near(&flat, phrase, 0.75) {
            return Some(0);
        }
    }
    None
}

/// The kind whose name `text` is, in capitals and perhaps damaged.
pub fn kind_of(text: &str) -> Option<usize> {
    let text = text.trim().trim_end_matches([':', '.', '*']).trim();
    if text.is_empty() || text.chars().count() > 28 || !(fold::is_caps(text) || is_caps_but_marks(text)) {
        return None;
    }
    let seen = flat(text);
    let close = |want: &str| {
        let near = want.len() >= 7 && want.len().abs_diff(seen.len()) <= 1;
        seen == want || near && fold::letters_apart(&seen, want) <= 1 && strsim::levenshtein(&seen, want) <= 1
    };
    let low = fold::lower(text);
    DATA.kinds.iter().position(|k| k.code != "Luật" && low == k.low).or_else(|| {
        DATA.kinds.iter().position(|k| !matches!(k.name, "Lệnh" | "Văn bản" | "Công văn") && close(&k.flat))
    })
}

/// "Kế HOẠCH", "QUYếT ĐịNH": capitals but for letters with marks, which old fonts and readers make small.
fn is_caps_but_marks(text: &str) -> bool {
    let small = text.chars().filter(|c| c.is_lowercase()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    !text.chars().any(|c| c.is_ascii_lowercase()) && capitals >= 4 && capitals >= 3 * small
}

/// Whether a line of the letterhead begins a body of its own rather than going on with the one above.
pub fn starts_body(low: &str) -> bool {
    DATA.list("letterhead_body").iter().any(|h| low.starts_with(h))
}

/// "HỘI ĐỒNG NHÂN DÂN" and the like take the next line, which names the place.
pub fn owns_place(above: &str, low: &str) -> bool {
    let above = fold::lower(above);
    (above.ends_with("nhân dân")
        || above.ends_with("ubnd")
        || above.ends_with("hđnd")
        || above.ends_with("và"))
        && ["tỉnh", "thành phố", "tp", "huyện", "quận", "phường", "xã", "thị"]
            .iter()
            .any(|p| low.starts_with(p))
}

pub fn is_issuer(text: &str) -> bool {
    let low = fold::lower(text);
    starts_body(&low) || DATA.list("letterhead_post").iter().any(|h| low.starts_with(h))
}

/// Whether a line begins a legal basis ("Căn cứ ...", "Theo đề nghị của ..."; Nghị định 30/2020/NĐ-CP, annex I, II.5).
pub fn opens_basis(low: &str) -> bool {
    DATA.list("basis_opener").iter().any(|o| low.starts_with(o))
}

/// Whether a line opens the text below the subject.
pub fn opens_body(low: &str) -> bool {
    DATA.list("body_opener").iter().any(|o| low.starts_with(o))
}
