//! Text without what people leave out when they search.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` in small letters and without marks: "Cải cách" and "CAI CACH" become "cai cach", "Đ" becomes "d".
/// There are as many characters as in `text`, as long as that is NFC and a character has one lower-case form.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        fold_char(c, &mut folded);
    }
    folded
}

fn fold_char(c: char, to: &mut String) {
    if c.is_ascii() {
        to.push(c.to_ascii_lowercase());
        return;
    }
    match c {
        'đ' | 'Đ' => to.push('d'),
        _ => to.extend(c.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)),
    }
}

/// The words of `text` as the index knows them: runs of letters and digits, folded.
pub fn words(text: &str) -> Vec<String> {
    let text: Cow<'_, str> = match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.nfc().collect()),
    };
    fold(&text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_case_make_no_difference() {
        assert_eq!(fold("Cải cách HÀNH CHÍNH, Đồng Tháp"), "cai cach hanh chinh, dong thap");
        assert_eq!(words("15/QĐ-UBND ngày 3"), ["15", "qd", "ubnd", "ngay", "3"]);
        assert_eq!(words("ca\u{309}i"), ["cai"]);
    }
}
