//! What a seal leaves of the lines it stands over, and what the form of documents says of the rest: of two equal offices
//! above one signature the lower is the deputy of the upper, who signs for it (Decree 30/2020, KT.).

use crate::data::DATA;
use crate::field::Field;
use crate::fold;
use vanthu_model::How;

/// What is concluded is no surer than this.
const CONCLUDED: f32 = 0.6;

/// The share of its confidence that a name keeps whose first syllable was mended.
const MENDED: f32 = 0.7;

/// Scraps of a ring before a line: at most this many signs.
const SCRAPS: usize = 3;

/// Characters between the lines of two offices: a line's end and what a ring has left of the lower line's beginning.
const BETWEEN: usize = 12;

/// Signs that begin entries of lists.
const BULLETS: &str = "-–—−‐+~•●○▪■◦(/";

/// How many bytes of scraps stand before a line of capitals or a name.
pub fn scraps(text: &str) -> usize {
    let is_scrap = |c: char| !c.is_alphanumeric() && !BULLETS.contains(c);
    let rest = text.trim_start_matches(is_scrap);
    let signs = text.len() - rest.len();
    if text.chars().take_while(|c| is_scrap(*c)).count() <= SCRAPS { signs } else { 0 }
}

/// Gives the upper of two lines of offices back to the authority, and the lower its "PHÓ", where these were lost.
pub fn settle(authority: &mut Vec<Field>, titles: &mut Vec<Field>) {
    let signs_for = |f: &Field| fold::ascii(&f.text).to_uppercase().starts_with("KT");
    if !authority.iter().any(signs_for) {
        let (Some(upper), Some(lower)) = (titles.first(), titles.get(1)) else { return };
        let deputy = is_same(&upper.text, &lower.text) || is_deputy(&upper.text, &lower.text);
        if !deputy || !follows(upper, lower) {
            return;
        }
        let mut upper = titles.remove(0);
        upper.text = format!("KT. {}", office(&upper.text));
        conclude(&mut upper);
        authority.push(upper);
    }
    let over = authority.iter().rfind(|f| signs_for(f));
    if let (Some(over), Some(lower)) = (over, titles.first_mut())
        && is_same(&over.text, &lower.text)
    {
        lower.text = format!("PHÓ {}", office(&lower.text));
        conclude(lower);
    }
}

/// Whether one line follows the other at once: offices that stand side by side are those of two signers.
fn follows(upper: &Field, lower: &Field) -> bool {
    let ends = upper.spans.iter().map(|s| s.end).max();
    let begins = lower.spans.iter().map(|s| s.start).min();
    ends.zip(begins).is_none_or(|(end, begin)| begin >= end && begin - end <= BETWEEN)
}

fn conclude(field: &mut Field) {
    field.how = How::Inferred;
    field.rule = "deputy_of_office";
    field.confidence = field.confidence.min(CONCLUDED);
}

/// An office without what stands before it.
fn office(text: &str) -> &str {
    text.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end()
}

/// Whether `lower` is the office `upper`, or the last that it names ("BỘ TRƯỞNG, CHỦ NHIỆM"), and has deputies called so.
fn is_same(upper: &str, lower: &str) -> bool {
    let lower = fold::lower(office(lower));
    ends_in(upper, &lower) && DATA.list("office_with_deputy").contains(&lower)
}

/// Whether `lower`, in small letters, is the office `upper` or the last that it names.
fn ends_in(upper: &str, lower: &str) -> bool {
    let upper = fold::lower(office(upper));
    upper.rsplit([',', '.', ':']).next().is_some_and(|last| last.trim() == lower)
}

/// Whether `lower` is the deputy of `upper`.
fn is_deputy(upper: &str, lower: &str) -> bool {
    let low = fold::lower(office(lower));
    match low.strip_prefix("phó ") {
        Some(of) => ends_in(upper, of),
        None => low == "thứ trưởng" && ends_in(upper, "bộ trưởng"),
    }
}

/// A name as a signature bears it: a family name whose first letter a ring has made small, with its capital; one of which a
/// mark was misread; and one that lost its first letter, so that it begins with a small one and is, but for marks, the rest
/// of one family name alone. `None` where nothing was to be mended.
pub fn mended_name(name: &str) -> Option<String> {
    let (first, rest) = name.split_once(' ')?;
    let low = fold::lower(first);
    let known = DATA.list("family_name");
    let small = first.starts_with(char::is_lowercase);
    let misread =
        || DATA.list("family_misread").iter().find_map(|pair| pair.strip_prefix(&low)?.strip_prefix(" = "));
    let beheaded = || {
        let base = fold::ascii(&low);
        let rest = |n: &&String| base.len() > 2 && fold::ascii(n).get(1..) == Some(&base);
        let mut whole = known.iter().filter(rest);
        whole.next().filter(|_| whole.next().is_none()).map(String::as_str)
    };
    let family = match known.iter().find(|n| **n == low) {
        Some(same) if small => same,
        Some(_) => return None,
        None if small => beheaded()?,
        None => misread()?,
    };
    let rest_is_name = rest.split(' ').all(|w| w.chars().next().is_some_and(char::is_uppercase));
    let mut letters = family.chars();
    let capital: String = letters.next()?.to_uppercase().chain(letters).collect();
    (rest_is_name && !fold::is_caps(name)).then(|| format!("{capital} {rest}"))
}

/// The signer's name with what was mended of it.
pub fn signer(field: Field) -> Field {
    match mended_name(&field.text) {
        Some(text) => Field {
            text,
            how: How::Repaired,
            rule: "name_under_seal",
            confidence: field.confidence * MENDED,
            ..field
        },
        None => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> Field {
        Field { text: text.into(), spans: Vec::new(), how: How::Printed, rule: "", confidence: 0.9 }
    }

    fn settled(authority: &[&str], titles: &[&str]) -> (Vec<String>, Vec<String>) {
        let fields = |texts: &[&str]| texts.iter().map(|t| field(t)).collect::<Vec<_>>();
        let (mut a, mut t) = (fields(authority), fields(titles));
        settle(&mut a, &mut t);
        let texts = |fields: Vec<Field>| fields.into_iter().map(|f| f.text).collect();
        (texts(a), texts(t))
    }

    #[test]
    fn the_lower_of_two_offices_is_the_deputy_of_the_upper() {
        let pair = |a: &str, t: &str| (vec![a.to_owned()], vec![t.to_owned()]);
        assert_eq!(settled(&[], &["CHỦ TỊCH", "“CHỦ TỊCH"]), pair("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"));
        assert_eq!(
            settled(&[], &["TRƯỞNG BAN, CHỦ NHIỆM", "CHỦ NHIỆM"]),
            pair("KT. TRƯỞNG BAN, CHỦ NHIỆM", "PHÓ CHỦ NHIỆM")
        );
        assert_eq!(settled(&[], &["BỘ TRƯỞNG", "THỨ TRƯỞNG"]), pair("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"));
        assert_eq!(settled(&["KT. GIÁM ĐỐC"], &["GIÁM ĐỐC"]), pair("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"));
        // Those have no such deputies.
        for office in ["THÀNH VIÊN", "BỘ TRƯỞNG", "PHÓ GIÁM ĐỐC", "ĐẠI DIỆN"] {
            assert_eq!(settled(&[], &[office, office]).1.len(), 2, "{office}");
        }
        // What is whole stays, and so do two offices of one person.
        assert_eq!(settled(&["KT. GIÁM ĐỐC"], &["PHÓ GIÁM ĐỐC"]), pair("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"));
        let both = (Vec::new(), vec!["BÍ THƯ".to_owned(), "CHỦ TỊCH".to_owned()]);
        assert_eq!(settled(&[], &["BÍ THƯ", "CHỦ TỊCH"]), both);
        assert_eq!(settled(&["TM. ỦY BAN NHÂN DÂN"], &["CHỦ TỊCH"]), pair("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"));
    }

    #[test]
    fn names_keep_what_is_no_family_name_and_mend_what_lost_its_mark() {
        assert_eq!(mended_name("Nguyên Văn Mẫu").as_deref(), Some("Nguyễn Văn Mẫu"));
        assert_eq!(mended_name("trần Văn Mẫu").as_deref(), Some("Trần Văn Mẫu"));
        assert_eq!(mended_name("rắn Văn Mẫu").as_deref(), Some("Trần Văn Mẫu"));
        assert_eq!(mended_name("guyễn Văn Mẫu").as_deref(), Some("Nguyễn Văn Mẫu"));
        for name in [
            "nguyên Văn Mẫu",
            "im Văn Mẫu",
            "Nguyễn Văn Mẫu",
            "Y Mẫu Niê",
            "Hà Thị Mẫu",
            "NGUYÊN VĂN MẪU",
            "Trần cao",
        ] {
            assert_eq!(mended_name(name), None, "{name}");
        }
    }

    #[test]
    fn scraps_are_few_signs_before_letters() {
        assert_eq!(scraps("„KT. GIÁM ĐỐC"), "„".len());
        assert_eq!((scraps("- Như trên"), scraps("• Sở Y Tế")), (0, 0));
        assert_eq!(scraps("*** .. GIÁM ĐỐC"), 0);
    }
}
