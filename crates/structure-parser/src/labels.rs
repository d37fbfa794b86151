//! Labels at the start of a line: `I.`, `1.`, `1.1`, `a)`, `-`, `+`, `(1)`, `Điều 5.`, `Chương II`, ...

use crate::fold;
use regex::Regex;
use std::sync::LazyLock;

/// Families of labels, in the order in which they nest in most documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Phần thứ nhất, Phần I.
    Part,
    /// Chương I.
    Chapter,
    /// Mục 1.
    Section,
    /// A., B.
    Alpha,
    /// I., II.
    Roman,
    /// Điều 1.
    Article,
    /// 1.
    Number,
    /// 1.1, 1.1.1: the number of parts follows.
    Dotted(u8),
    /// "Một là,", "Thứ nhất,".
    Spelled,
    /// a), đ).
    Letter,
    /// (1), 1).
    Paren,
    /// i), ii).
    SmallRoman,
    /// *
    Star,
    /// -
    Dash,
    /// +
    Plus,
    /// •, o, ●
    Dot,
}

impl Family {
    /// Whether items of the family are told apart by a mark alone.
    pub fn is_bullet(self) -> bool {
        matches!(self, Family::Star | Family::Dash | Family::Plus | Family::Dot)
    }
}

/// A label as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Family.
    pub family: Family,
    /// Place in its sequence from 1; for dotted labels the last part; 0 for bullets.
    pub value: u32,
    /// As printed, without the dot or bracket: `II`, `1.1`, `đ`, `Điều 5`.
    pub name: String,
    /// As read, with its dot or bracket.
    pub raw: String,
    /// Bytes of the line that the label takes, with white space after it.
    pub len: usize,
    /// Whether the reading is a guess about damaged letters, to be believed only where the sequence agrees.
    pub doubtful: bool,
}

static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:
        (?P<word>(?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC|Tiểu\ mục|Điều|ĐIỀU|Ðiều)\ +(?:thứ\ +|THỨ\ +)?)
            (?P<wnum>[IVXL]{1,6}|[0-9]{1,3}[a-zđ]?|nhất|hai|ba|tư|năm|sáu|bảy|NHẤT|HAI|BA|TƯ|NĂM|SÁU|BẢY)
            (?P<wend>\ *[.:]|\ +-|\ *$|\ )
      | (?P<roman>[IVXL]{1,6})\ ?[./)]\ ?(?:\ |$|[^.0-9A-Z])
      | (?P<romdash>[IVX]{1,5})\ ?[-–]\ 
      | (?P<dotted>[0-9]{1,2}(?:\.[0-9]{1,2}){1,4})(?P<dend>[.)/:]?)(?:\ |$|[^0-9.,%/\ ])
      | (?P<num>[0-9]{1,3})\ ?[./)](?:\ |$|[^0-9.,/\ ])
      | (?P<numdash>[0-9]{1,2})\ ?[-–]\ 
      | (?:(?P<spelled>Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười)\ là|Thứ\ (?P<ordinal>nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))\ ?[,:]\ 
      | (?P<paren>\([0-9]{1,2}\))
      | (?P<pletter>\([a-zđ]\))\ 
      | (?P<small>\(?(?:i{1,3}|iv|v|vi{1,3}|ix|x)\))\ 
      | (?P<letter>[a-zđ])\ ?[)/.](?:\ |$|[^.\ ])
      | (?P<badletter>[©¢€øïớởồ8])\)\ 
      | (?P<alpha>[A-HĐ])\ ?[./]\ 
      | (?P<bullet>[-–—−‐~+•●○▪■◦*oO])\ *(?:\ |[^\ ])
    )",
    )
    .ok()
});

/// Letters of the points in the order of the Vietnamese alphabet, as the decree has it; *f*, *j*, *w*, *z* are not in it.
const LETTERS: &[char] = &[
    'a', 'b', 'c', 'd', 'đ', 'e', 'g', 'h', 'i', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v',
    'x', 'y',
];

/// The label that `line` begins with.
pub fn find(line: &str) -> Option<Label> {
    // "V/v rà soát ..." is no fifth section.
    if line.starts_with("V/v") || line.starts_with("V/V") || !may_begin(line) {
        return None;
    }
    let c = FORMS.as_ref()?.captures(line)?;
    let take = |name: &str| c.name(name).map(|m| m.as_str());
    let make = |family, value, name: &str, upto: usize, doubtful| {
        let rest = line.get(upto..)?;
        let len = upto + rest.len() - rest.trim_start().len();
        Some(Label {
            family,
            value,
            name: name.to_owned(),
            raw: line.get(..upto)?.trim().to_owned(),
            len,
            doubtful,
        })
    };
    // Where the label's own dot or bracket ends.
    let close = |end: usize, marks: &[char]| {
        let rest = line.get(end..).unwrap_or("");
        let skipped = rest.len() - rest.trim_start().len();
        match rest.trim_start().chars().next() {
            Some(m) if marks.contains(&m) => end + skipped + m.len_utf8(),
            _ => end,
        }
    };
    if let (Some(word), Some(num)) = (take("word"), c.name("wnum")) {
        return word_label(line, word, num.as_str(), num.end(), take("wend").unwrap_or(""));
    }
    if let Some(m) = c.name("roman").or(c.name("romdash")) {
        let value = roman_value(m.as_str())?;
        return make(Family::Roman, value, m.as_str(), close(m.end(), &['.', '/', ')', '-', '–']), false);
    }
    if let Some(m) = c.name("dotted") {
        let parts = m.as_str().split('.').count() as u8;
        let closed = !take("dend").unwrap_or("").is_empty();
        let rest = line.get(close(m.end(), &['.', ')', '/', ':'])..)?.trim_start();
        // "4.0 và", "1.5 tỷ": a number in a sentence, where no sign closes it and no capital follows.
        if !closed
            && !rest.starts_with(|c: char| c.is_uppercase() || "“\"(*-".contains(c))
            && !rest.is_empty()
        {
            return None;
        }
        let value = m.as_str().rsplit('.').next()?.parse().ok()?;
        return make(Family::Dotted(parts), value, m.as_str(), close(m.end(), &['.', ')', '/', ':']), false);
    }
    if let Some(m) = c.name("num") {
        let upto = close(m.end(), &['.', '/', ')']);
        let family = if line.get(..upto)?.ends_with(')') { Family::Paren } else { Family::Number };
        let glued = line.get(upto..).is_some_and(|r| r.starts_with(|c: char| c.is_lowercase()));
        return if glued { None } else { make(family, m.as_str().parse().ok()?, m.as_str(), upto, false) };
    }
    if let Some(m) = c.name("numdash") {
        // "15 - 20 người": a number in a sentence; the label is followed by a capital.
        let whole = c.get(0)?.end();
        let rest = line.get(whole..)?;
        return rest
            .starts_with(char::is_uppercase)
            .then(|| make(Family::Number, m.as_str().parse().ok()?, m.as_str(), whole, false))?;
    }
    if let Some(m) = c.name("spelled").or(c.name("ordinal")) {
        const NUMBERS: [&str; 10] = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"];
        let low = fold::lower(m.as_str());
        let low = match low.as_str() {
            "nhất" => "một",
            "tư" => "bốn",
            other => other,
        };
        let value = NUMBERS.iter().position(|n| *n == low)? as u32 + 1;
        let whole = c.get(0)?.end();
        let name = line.get(..whole)?.trim_end_matches([' ', ',', ':']);
        return make(Family::Spelled, value, name, whole, false);
    }
    if let Some(m) = c.name("paren") {
        let name = m.as_str().trim_matches(['(', ')']);
        return make(Family::Paren, name.parse().ok()?, name, close(m.end(), &['.']), false);
    }
    if let Some(m) = c.name("small") {
        let name = m.as_str().trim_matches(['(', ')']);
        // "i)" alone may be the ninth letter; the sequence decides.
        return make(Family::SmallRoman, roman_value(&name.to_uppercase())?, name, m.end(), name == "i");
    }
    if let Some(m) = c.name("pletter") {
        let name = m.as_str().trim_matches(['(', ')']);
        return make(Family::Letter, letter_value(name)?, name, m.end(), false);
    }
    if let Some(m) = c.name("letter") {
        let upto = close(m.end(), &[')', '/', '.']);
        // "o." and "a." inside names are rare; a bare letter with a dot needs a capital after it.
        let rest = line.get(upto..)?.trim_start();
        let dotted = line.get(..upto)?.ends_with('.');
        if dotted && !rest.starts_with(char::is_uppercase) {
            return None;
        }
        return make(Family::Letter, letter_value(m.as_str())?, m.as_str(), upto, false);
    }
    if let Some(m) = c.name("badletter") {
        let name = match m.as_str() {
            "8" | "ø" => "g",
            "ï" => "i",
            "ớ" | "ở" => "đ",
            _ => "c",
        };
        return make(Family::Letter, letter_value(name)?, name, close(m.end(), &[')']), true);
    }
    if let Some(m) = c.name("alpha") {
        let value = LETTERS.iter().position(|l| m.as_str().to_lowercase().starts_with(*l))? as u32 + 1;
        return make(Family::Alpha, value, m.as_str(), close(m.end(), &['.', '/']), false);
    }
    let m = c.name("bullet")?;
    let family = match m.as_str() {
        "+" => Family::Plus,
        "*" => Family::Star,
        "-" | "–" | "—" | "−" | "‐" | "~" => Family::Dash,
        "o" | "O" if !line.get(m.end()..)?.starts_with(' ') => return None,
        _ => Family::Dot,
    };
    let rest = line.get(m.end()..)?;
    let next = rest.trim_start().chars().next()?;
    // "-5%" and "--- " are no items; a dash before a small letter is, where a blank parts them.
    let item = next.is_alphanumeric() || "“\"(‘'*[<≥≤>".contains(next);
    if !item || (!rest.starts_with(' ') && next.is_ascii_digit()) {
        return None;
    }
    make(family, 0, m.as_str(), m.end(), m.as_str() == "~")
}

/// Words that labels begin with.
const WORDS: [&str; 21] = [
    "Phần", "PHẦN", "Chương", "CHƯƠNG", "Mục", "MỤC", "Tiểu", "Điều", "ĐIỀU", "Ðiều", "Thứ", "Một", "Hai",
    "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười",
];

/// Whether [`FORMS`] may match `line`: a quick look at its first letters, since most lines have no label.
fn may_begin(line: &str) -> bool {
    let mut chars = line.chars();
    let (Some(first), next) = (chars.next(), chars.next()) else { return false };
    match first {
        'i' | 'v' | 'x' => matches!(next, Some('i' | 'v' | 'x' | ' ' | ')' | '/' | '.')),
        'a'..='z' | 'đ' => matches!(next, Some(' ' | ')' | '/' | '.')),
        'I' | 'V' | 'X' | 'L' => {
            matches!(next, Some('I' | 'V' | 'X' | 'L' | ' ' | '.' | '/' | ')' | '-' | '–'))
        }
        'A'..='H' | 'Đ' | 'O' if matches!(next, Some(' ' | '.' | '/')) => true,
        'A'..='Z' | 'Đ' | 'Ð' => WORDS.iter().any(|w| line.starts_with(w)),
        // "©)", "ớ)": letters that stand for damaged ones.
        _ if first.is_alphabetic() => next == Some(')'),
        _ => true,
    }
}

fn word_label(line: &str, word: &str, num: &str, end: usize, tail: &str) -> Option<Label> {
    let family = match fold::ascii(word).split(' ').next()? {
        "phan" => Family::Part,
        "chuong" => Family::Chapter,
        "dieu" => Family::Article,
        _ => Family::Section,
    };
    // "Điều 5 Nghị định ..." at the start of a wrapped line is a citation, not a heading.
    let rest = line.get(end..)?.trim_start_matches([' ', '.', ':', '-', '–']);
    let closed = tail.trim_start().starts_with(['.', ':', '-']);
    let title = family != Family::Article && fold::is_caps(rest);
    if !(closed || rest.is_empty() || title) {
        return None;
    }
    let low = fold::lower(num);
    let value = match low.as_str() {
        "nhất" => 1,
        "hai" => 2,
        "ba" => 3,
        "tư" => 4,
        "năm" => 5,
        "sáu" => 6,
        "bảy" => 7,
        _ => match num.trim_end_matches(|c: char| c.is_alphabetic()).parse() {
            Ok(n) => n,
            Err(_) => roman_value(num)?,
        },
    };
    let upto = line.len() - rest.len();
    let name = line.get(..end)?.trim();
    Some(Label {
        family,
        value,
        name: name.split_whitespace().collect::<Vec<_>>().join(" "),
        raw: line.get(..upto)?.trim().to_owned(),
        len: upto,
        doubtful: false,
    })
}

fn letter_value(s: &str) -> Option<u32> {
    let c = s.chars().next()?;
    let at = |c: char| LETTERS.iter().position(|l| *l == c).map(|p| p as u32 + 1);
    // Letters outside the official sequence count as the letter before them.
    at(c).or(match c {
        'f' => at('e'),
        'j' => at('i'),
        'w' => at('v'),
        'z' => at('y'),
        _ => None,
    })
}

/// The value of a Roman number of I, V, X and L.
pub fn roman_value(s: &str) -> Option<u32> {
    let digit = |c| match c {
        'I' => Some(1u32),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        _ => None,
    };
    let digits: Vec<u32> = s.chars().map(digit).collect::<Option<_>>()?;
    let mut sum = 0u32;
    for (i, d) in digits.iter().enumerate() {
        if digits.get(i + 1).is_some_and(|n| n > d) {
            sum = sum.checked_add(*digits.get(i + 1)?)?.checked_sub(*d)?;
        } else if i == 0 || digits[i - 1] >= *d {
            sum = sum.checked_add(*d)?;
        }
    }
    // Only well-formed numbers: IIII and VX are damage.
    (roman(sum) == s).then_some(sum)
}

/// The Roman number for `n`, 1 to 89; the decimal number otherwise.
pub fn roman(n: u32) -> String {
    if n == 0 || n > 89 {
        return n.to_string();
    }
    let numerals = [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let (mut rest, mut out) = (n, String::new());
    for (value, numeral) in numerals {
        out.push_str(&numeral.repeat((rest / value) as usize));
        rest %= value;
    }
    out
}

static DAMAGED_ROMAN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^([IVXLHUil1!|]{1,6})\s?[.,]\s?").ok());

/// A label that may be the Roman number `expected` after damage: `I11.`, `Il.`, `HI.`, `1V.`, `l.`; the rest of
/// the line must look like a title in capitals.
pub fn damaged_roman(line: &str, expected: u32) -> Option<Label> {
    let stroke = |c: char| "IVXLHUil1!|".contains(c);
    let mut first = line.chars();
    if !first.next().is_some_and(stroke)
        || !first.next().is_some_and(|c| stroke(c) || c == '.' || c == ',' || c.is_whitespace())
    {
        return None;
    }
    let c = DAMAGED_ROMAN.as_ref()?.captures(line)?;
    let (whole, core) = (c.get(0)?, c.get(1)?.as_str());
    let title = line.get(whole.end()..)?;
    let letters = title.chars().take(200).filter(|c| c.is_alphabetic()).count();
    let caps = title.chars().take(200).filter(|c| c.is_uppercase()).count();
    if letters < 4 || caps * 10 < letters * 7 {
        return None;
    }
    let seen = skeleton(core);
    let want = skeleton(&roman(expected));
    // Strokes get lost and doubled; the letters V and X do not come from nothing.
    let letters = |s: &str| s.chars().filter(|c| *c != 'I').count();
    let near =
        letters(&seen) == letters(&want) && strsim::levenshtein(&seen, &want) <= usize::from(want.len() >= 2);
    near.then(|| Label {
        family: Family::Roman,
        value: expected,
        name: roman(expected),
        raw: whole.as_str().trim().to_owned(),
        len: whole.end(),
        doubtful: true,
    })
}

/// What is left of a Roman number when strokes cannot be told apart.
fn skeleton(s: &str) -> String {
    s.replace(['l', '1', 'i', '!', '|', 'L'], "I").replace(['H', 'U'], "II")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(line: &str) -> Option<(Family, u32, String)> {
        find(line).map(|l| (l.family, l.value, l.name))
    }

    #[test]
    fn all_families_are_known() {
        for (line, family, value, name) in [
            ("I. MỤC ĐÍCH", Family::Roman, 1, "I"),
            ("IV/ KINH PHÍ", Family::Roman, 4, "IV"),
            ("1. Mục tiêu", Family::Number, 1, "1"),
            ("3/ Các phòng", Family::Number, 3, "3"),
            ("1.1. Mục tiêu", Family::Dotted(2), 1, "1.1"),
            ("2.2 Các phòng", Family::Dotted(2), 2, "2.2"),
            ("1.2.3. Nội dung", Family::Dotted(3), 3, "1.2.3"),
            ("đ) Phối hợp", Family::Letter, 5, "đ"),
            ("(2) Bộ Công an", Family::Paren, 2, "2"),
            ("(3). Bộ Công an", Family::Paren, 3, "3"),
            ("1) Rà soát", Family::Paren, 1, "1"),
            ("- Xây dựng", Family::Dash, 0, "-"),
            ("+ Xây dựng", Family::Plus, 0, "+"),
            ("• Xây dựng", Family::Dot, 0, "•"),
            ("Điều 12. Hiệu lực", Family::Article, 12, "Điều 12"),
            ("Chương II", Family::Chapter, 2, "Chương II"),
            ("Phần thứ nhất", Family::Part, 1, "Phần thứ nhất"),
            ("A. KẾT QUẢ", Family::Alpha, 1, "A"),
        ] {
            assert_eq!(seen(line), Some((family, value, name.to_owned())), "{line}");
        }
    }

    #[test]
    fn numbers_and_citations_in_a_sentence_are_no_labels() {
        for line in [
            "25/12/2025 của UBND tỉnh",
            "4.0 và Quyết định",
            "2026. Trong quá trình",
            "Điều 5 Nghị định số 1",
            "1.234,5 tỷ đồng",
            "100% hồ sơ",
            "-5%",
            "theo quy định",
            "12.5 ha",
            "",
        ] {
            assert_eq!(find(line), None, "{line}");
        }
    }

    #[test]
    fn damaged_roman_numbers_need_a_title_in_capitals() {
        assert_eq!(
            damaged_roman("I11. GIẢI PHÁP", 3).map(|l| (l.name, l.raw)),
            Some(("III".into(), "I11.".into()))
        );
        assert!(damaged_roman("1V. KINH PHÍ", 4).is_some());
        assert!(damaged_roman("HI. TỔ CHỨC", 3).is_some());
        assert!(damaged_roman("Il. Giải pháp thực hiện", 2).is_none());
        assert!(damaged_roman("VI. TỔ CHỨC", 2).is_none());
    }

    #[test]
    fn roman_numbers_read_back() {
        for n in 1..=60 {
            assert_eq!(roman_value(&roman(n)), Some(n));
        }
        assert_eq!(roman_value("IIII"), None);
    }
}
