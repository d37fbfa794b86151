//! What a seal leaves of the lines it stands over, and what the form of documents says of the rest: two offices above a
//! signature are never the same, the lower is the deputy of the upper, who signs for it (Decree 30/2020, KT.).

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

/// How many bytes of scraps stand before a line of capitals or a name.
pub fn scraps(text: &str) -> usize {
    let is_scrap = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '–' | '+' | '(' | '/');
    let rest = text.trim_start_matches(is_scrap);
    let signs = text.len() - rest.len();
    if text.chars().take_while(|c| is_scrap(*c)).count() <= SCRAPS { signs } else { 0 }
}

/// Gives the upper of two lines of offices back to the authority, and the lower its "PHÓ", where these were lost.
pub fn settle(authority: &mut Vec<Field>, titles: &mut Vec<Field>) {
    let signs_for = |f: &Field| fold::ascii(&f.text).to_uppercase().starts_with("KT");
    if !authority.iter().any(signs_for) {
        let (Some(upper), Some(lower)) = (titles.first(), titles.get(1)) else { return };
        if !is_same(&upper.text, &lower.text) && !is_deputy(&upper.text, &lower.text) {
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

fn conclude(field: &mut Field) {
    field.how = How::Inferred;
    field.rule = "deputy_of_office";
    field.confidence = field.confidence.min(CONCLUDED);
}

/// An office without what stands before it.
fn office(text: &str) -> &str {
    text.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end()
}

/// Whether `lower` is the office `upper`, or the last that it names: "BỘ TRƯỞNG, CHỦ NHIỆM".
fn is_same(upper: &str, lower: &str) -> bool {
    let (upper, lower) = (fold::lower(office(upper)), fold::lower(office(lower)));
    let last = upper.rsplit([',', '.', ':']).next().unwrap_or("").trim();
    !lower.is_empty() && last == lower
}

/// Whether `lower` is the deputy of `upper`.
fn is_deputy(upper: &str, lower: &str) -> bool {
    let low = fold::lower(office(lower));
    match low.strip_prefix("phó ") {
        Some(of) => is_same(upper, of),
        None => low == "thứ trưởng" && is_same(upper, "BỘ TRƯỞNG"),
    }
}

/// A name as a signature bears it: its first letter, which a ring may have made small, a capital, and its family name
/// with the marks that it is written with. `None` where nothing was to be mended.
pub fn mended_name(name: &str) -> Option<String> {
    let (first, rest) = name.split_once(' ')?;
    let capital: String = {
        let mut letters = first.chars();
        letters.next()?.to_uppercase().chain(letters).collect()
    };
    let rest_is_name = rest.split(' ').all(|w| w.chars().next().is_some_and(char::is_uppercase));
    let family = family_name(&capital).unwrap_or(capital);
    let mended = format!("{family} {rest}");
    (rest_is_name && !fold::is_caps(name) && mended != name).then_some(mended)
}

/// The family name that differs from `syllable` in marks alone, where there is one such and `syllable` is none.
fn family_name(syllable: &str) -> Option<String> {
    let names = DATA.list("family_name");
    let low = fold::lower(syllable);
    if names.contains(&low) {
        return None;
    }
    let plain = fold::ascii(&low);
    let mut alike = names.iter().filter(|n| fold::ascii(n) == plain);
    let found = alike.next().filter(|_| alike.next().is_none())?;
    let mut letters = found.chars();
    Some(letters.next()?.to_uppercase().chain(letters).collect())
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
        for name in ["Nguyễn Văn Mẫu", "Y Mẫu Niê", "Hà Thị Mẫu", "NGUYÊN VĂN MẪU", "Trần cao"]
        {
            assert_eq!(mended_name(name), None, "{name}");
        }
    }

    #[test]
    fn scraps_are_few_signs_before_letters() {
        assert_eq!(scraps("„KT. GIÁM ĐỐC"), "„".len());
        assert_eq!(scraps("- Như trên"), 0);
        assert_eq!(scraps("*** .. GIÁM ĐỐC"), 0);
    }
}
