//! The end of a document: recipients (*Nơi nhận*), signing authority, title and name.

use crate::field::{Field, add_piece, piece};
use crate::fold;
use crate::labels;
use crate::letterhead;
use crate::lines::Line;
use crate::passage::Builder;
use crate::signature;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What the end says.
#[derive(Debug, Clone, Default)]
pub struct Foot {
    /// Under Nơi nhận.
    pub recipients: Vec<Field>,
    /// TM., KT., TL., TUQ., Q. with the office signed for.
    pub authority: Option<Field>,
    /// The signer's title.
    pub title: Option<Field>,
    /// The signer's name.
    pub signer: Option<Field>,
}

static AUTHORITY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|\s)(?:(?:TM|KT|TL|TUQ|Q|TUN)\s?[.,:]|T/M|K/T|T/L|KT/)\s?\p{Lu}{2,}").ok()
});
static TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:^|\s)(?:(?:PHÓ\s+|Q\.\s?|QUYỀN\s+)?(?:TỔNG\s+GIÁM ĐỐC|GIÁM ĐỐC|CHỦ TỊCH|BỘ TRƯỞNG|CHÁNH VĂN PHÒNG|CHÁNH THANH TRA|CỤC TRƯỞNG|CHI CỤC TRƯỞNG|VỤ TRƯỞNG|TỔNG CỤC TRƯỞNG|TRƯỞNG BAN|TRƯỞNG PHÒNG|HIỆU TRƯỞNG|VIỆN TRƯỞNG|THỦ TƯỚNG|BÍ THƯ|CHỦ NHIỆM|THỐNG ĐỐC|CHÁNH ÁN|TRƯỞNG ĐOÀN|TƯ LỆNH|CHỈ HUY TRƯỞNG|TỔNG BIÊN TẬP|CHỦ TỌA|CHỦ TRÌ|THƯ KÝ|TỔ TRƯỞNG|ĐỘI TRƯỞNG|TRẠM TRƯỞNG|TRƯỞNG TRẠM|TRƯỞNG CÔNG AN|TRƯỞNG THÔN|TRƯỞNG KHOA|KẾ TOÁN TRƯỞNG|TRƯỞNG TIỂU BAN|ĐẠI DIỆN|HẠT TRƯỞNG|THÀNH VIÊN|CHÍNH ỦY|GIÁM THỊ)|THỨ TRƯỞNG|ỦY VIÊN|TỔNG THANH TRA|PHÓ TỔNG THANH TRA)(?:\s|$|,)",
    )
    .ok()
});

/// Whether a line opens the list of recipients.
pub fn opens_recipients(text: &str) -> bool {
    if !text.starts_with(['N', 'n', 'M', 'H']) {
        return false;
    }
    let head: String = text.chars().take(16).collect();
    let flat: String = fold::ascii(&head).replace(' ', "").chars().take(8).collect();
    text.len() < 160
        && (flat.starts_with("noinhan")
            || flat.len() >= 6
                && text.contains(':')
                && text.len() < 16
                && strsim::levenshtein(&flat, "noinhan") <= 2)
}

/// Where a signing authority stands in `text`. "KT, ĐT" are short forms of offices, "KT, GIÁM ĐỐC" and "KT: GIÁM ĐỐC" a full
/// stop misread.
fn authority_in(text: &str) -> Option<regex::Match<'_>> {
    let found = AUTHORITY.as_ref()?.find(text)?;
    let sure = !found.as_str().contains([',', ':'])
        || TITLE.as_ref().is_some_and(|r| r.is_match(text.get(found.start()..).unwrap_or("")));
    sure.then_some(found)
}

/// Where the signer's name begins on a line that holds office and name: "CHỦ TỊCH Trần Văn Mẫu".
fn name_after_office(text: &str) -> Option<usize> {
    let mut at = 0;
    for word in text.split_inclusive(' ') {
        let small = word.trim_end().chars().skip(1).any(char::is_lowercase);
        if small {
            break;
        }
        at += word.len();
    }
    let (office, name) = (text.get(..at)?, text.get(at..)?);
    let signed = authority_in(office).is_some() || TITLE.as_ref().is_some_and(|r| r.is_match(office));
    (at > 0 && fold::is_caps(office) && signed && is_name(name)).then_some(at)
}

/// Where the title begins in an authority that has its title on the same line: "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC".
fn title_after_authority(text: &str) -> Option<usize> {
    if !text.starts_with("KT") {
        return None;
    }
    [" PHÓ ", " THỨ TRƯỞNG"].iter().filter_map(|w| text.rfind(w)).max().map(|at| at + 1)
}

fn is_signature(text: &str) -> bool {
    let text = without_scraps(text);
    let text = name_after_office(text).and_then(|at| text.get(..at)).unwrap_or(text).trim_end();
    let caps = fold::is_caps(text)
        && text.chars().count() < 70
        && labels::find(text).is_none_or(|l| l.raw.starts_with('Q'));
    let title = TITLE.as_ref().and_then(|r| r.find(text)).is_some_and(|m| m.start() == 0);
    caps && (title || authority_in(text).is_some() && !text.starts_with('('))
}

/// A line without the scraps of a seal before it.
fn without_scraps(text: &str) -> &str {
    text.get(signature::scraps(text)..).unwrap_or(text)
}

/// Whether a line below the office is the signer's name, though a seal has made its first letter small.
fn is_signer(text: &str) -> bool {
    let text = without_scraps(text);
    is_name(text)
        || text.split(' ').count() >= 3 && signature::mended_name(text).is_some_and(|name| is_name(&name))
}

/// What is left of a line after a rank of the forces: "Đại tá Trần Văn Mẫu".
fn without_rank(text: &str) -> &str {
    let step = ["Đại ", "Thượng ", "Trung ", "Thiếu "].iter().find_map(|step| text.strip_prefix(step));
    let rank = |rest| ["tá ", "tướng ", "úy ", "uý "].iter().find_map(|rank| str::strip_prefix(rest, rank));
    step.and_then(rank).unwrap_or(text)
}

/// A name, a rank before it or not: two to five words, each with a capital first letter only.
fn is_name(text: &str) -> bool {
    let text = without_rank(text.trim_end_matches(['.', ',']));
    let words: Vec<&str> = text.split_whitespace().take(7).collect();
    if !(2..=6).contains(&words.len()) || text.starts_with(char::is_lowercase) {
        return false;
    }
    let rank = ["thượng", "đại", "trung", "thiếu", "ts", "pgs", "gs", "ths", "bs"];
    let count = words.len()
        - words
            .iter()
            .filter(|w| rank.contains(&w.to_lowercase().trim_end_matches('.')))
            .count()
            .min(words.len());
    (2..=6).contains(&words.len())
        && (1..=5).contains(&count)
        && words.iter().all(|w| {
            let mut c = w.chars();
            c.next().is_some_and(char::is_uppercase)
                && (c.clone().all(|c| c.is_lowercase() || c == '.') || fold::is_caps(w))
        })
        && words.iter().all(|w| is_syllable_of_name(w))
}

/// Whether a word may stand in a name: letters with a vowel, not the short form of an office ("NC", "TTDL&CNS") nor a
/// letter that a seal has left of a word. "Y" and "H" begin names of the highlands.
fn is_syllable_of_name(word: &str) -> bool {
    let bare = fold::ascii(&fold::lower(word));
    let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
    word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-'))
        && match bare.as_str() {
            "y" | "h" => true,
            bare => letters > 1 && (word.ends_with('.') || bare.contains(['a', 'e', 'i', 'o', 'u', 'y'])),
        }
}

/// The first of the bulleted lines that a text ends in after its closing "./.": recipients whose title was lost.
fn untitled_recipients(lines: &[Line<'_>], from: usize) -> Option<usize> {
    let last = (from..lines.len())
        .rev()
        .take(40)
        .find(|i| lines.get(*i).is_some_and(|l| l.text.trim_end_matches(['”', '"', ' ']).ends_with("./.")))?;
    let mut rest = lines.get(last + 1..)?.iter();
    let bullet = |l: &Line<'_>| labels::find(l.text).is_some_and(|l| l.family.is_bullet()) && l.len < 100;
    let first = lines.get(last + 1)?;
    (bullet(first) && rest.all(|l| bullet(l) || l.len < 60)).then_some(last + 1)
}

/// The lines of the foot in `lines[from..]`: up to the next component, or nothing where the text just ends.
pub fn find(lines: &[Line<'_>], from: usize) -> Option<Range<usize>> {
    let recipients = (from..lines.len())
        .find(|i| opens_recipients(lines[*i].text))
        .or_else(|| untitled_recipients(lines, from));
    let stop = recipients.unwrap_or(lines.len());
    // Signature lines may stand above the recipients.
    let mut start = stop;
    let back = |i: usize| lines.get(i).is_some_and(|l| is_signature(l.text) || is_name(l.text) && l.len < 40);
    if recipients.is_some() {
        while start > from && back(start - 1) {
            start -= 1;
        }
        if !(start..stop).any(|i| is_signature(lines[i].text)) {
            start = stop;
        }
    } else {
        let tail = lines.len().saturating_sub(14).max(from);
        start = (from..lines.len()).find(|i| {
            is_signature(lines[*i].text)
                && (*i >= tail || lines.iter().skip(i + 1).take(4).any(|l| is_name(l.text)))
                && !lines.get(i + 1).is_some_and(|l| fold::lower(l.text).starts_with("căn cứ"))
        })?;
    }
    let mut end = start;
    let (mut named, mut signed) = (false, false);
    for i in start..lines.len() {
        let text = lines[i].text;
        if i > stop && (begins_component(lines, i) || is_elsewhere(lines, stop, i)) {
            break;
        }
        let signature = is_signature(text);
        let entry = i >= stop && (labels::find(text).is_some_and(|l| l.family.is_bullet()) || !named);
        let inside = i <= stop || signature || is_signer(text) || entry || lines[i].len < 60 && !named;
        if !inside || (named && labels::find(text).is_some_and(|l| !l.family.is_bullet())) {
            break;
        }
        named |= signed && !signature && is_signer(text);
        signed |= signature;
        end = i + 1;
    }
    Some(start..end.max(start + 1))
}

/// Whether line `i` is no more part of a foot that has line `at`: below a new motto, or two pages on.
fn is_elsewhere(lines: &[Line<'_>], at: usize, i: usize) -> bool {
    let page = |i: usize| lines.get(i).map_or(0, |l| l.page);
    page(i) > page(at) && (page(i) > page(at) + 1 || letterhead::motto(lines[i].text).is_some())
}

/// Whether line `i` opens an appendix or an attached document.
pub fn begins_component(lines: &[Line<'_>], i: usize) -> bool {
    let Some(line) = lines.get(i) else { return false };
    is_annex(line.text) || letterhead::kind_of(line.text).is_some() && !line.text.trim_end().ends_with(':')
}

/// "Phụ lục", "PHỤ LỤC II", "Phụ lục 01": alone on its line.
pub fn is_annex(text: &str) -> bool {
    let flat = fold::ascii(text);
    let mut words = flat.split(' ');
    (words.next(), words.next()) == (Some("phu"), Some("luc"))
        && words.next().is_none_or(|w| {
            labels::roman_value(&w.to_uppercase()).is_some() || w.chars().all(|c| c.is_ascii_digit())
        })
        && (words.next().is_none() || fold::is_caps(text))
        && text.starts_with('P')
}

/// Reads the foot.
pub fn read(lines: &[Line<'_>], range: Range<usize>) -> Foot {
    let mut foot = Foot::default();
    let mut in_list = false;
    let mut authority: Vec<Field> = Vec::new();
    let mut titles: Vec<Field> = Vec::new();
    let mut open: Option<Builder> = None;
    let mut ended = false;
    let flush = |open: &mut Option<Builder>, out: &mut Vec<Field>| {
        if let Some(p) = open.take().map(Builder::build) {
            out.extend(Field::entry(&p, "recipients", 0.95));
        }
    };
    let own = lines.get(range).unwrap_or(&[]);
    // The title of the list may be lost.
    in_list |= !own.iter().any(|l| opens_recipients(l.text))
        && own.first().is_some_and(|l| labels::find(l.text).is_some_and(|l| l.family.is_bullet()));
    for line in own {
        let mut end = line.text.len();
        let mut start = 0;
        if is_signature(line.text) || is_signer(line.text) {
            start = signature::scraps(line.text);
        }
        if opens_recipients(line.text) {
            in_list = true;
            start = line.text.find(':').map_or(line.text.len(), |c| c + 1);
        }
        // Both columns on one line: capitals of a signature after the left part.
        let tail = line.text.get(start..).unwrap_or("");
        let split = authority_in(tail).or_else(|| TITLE.as_ref()?.find(tail));
        let named = split
            .and_then(|m| Some(start + m.start() + name_after_office(tail.get(m.start()..)?.trim_start())?));
        let right = split
            .filter(|m| named.is_some() || fold::is_caps(tail.get(m.start()..).unwrap_or("")))
            .map(|m| start + m.start());
        if let Some(at) = right {
            let upto = named.unwrap_or(line.text.len());
            let office = line.text.get(at..upto).unwrap_or("");
            let lead = office.len() - office.trim_start().len();
            let both = title_after_authority(office.trim_start()).map(|t| at + lead + t);
            if let (Some(t), true) = (both, titles.is_empty()) {
                let p = piece(line, t, upto);
                titles.extend(Field::entry(&p, "signer_title", 0.9));
            }
            if let (Some(n), None) = (named, &foot.signer) {
                let p = piece(line, n, line.text.len());
                foot.signer = Field::entry(&p, "signer_name", 0.9);
            }
            let p = piece(line, at, both.unwrap_or(upto));
            let whole = |rule| Field::of(&p, 0, p.text.trim_end_matches([',', ' ', '.']).len(), rule, 0.95);
            if authority_in(&p.text).is_some() && (titles.is_empty() || both.is_some()) {
                authority.extend(whole("signing_authority"));
            } else if foot.signer.is_none() || named.is_some() {
                titles.extend(whole("signer_title"));
            }
            end = at;
        }
        let text = line.text.get(start..end).unwrap_or("").trim();
        if text.is_empty() {
            continue;
        }
        let signed = !titles.is_empty() || !authority.is_empty();
        let alone = right.is_none() && labels::find(text).is_none();
        if alone && is_signer(text) && signed && foot.signer.is_none() {
            foot.signer = Field::of(&piece(line, start, end), 0, text.len(), "signer_name", 0.93);
            continue;
        }
        if right.is_none()
            && signed
            && fold::is_caps(text)
            && labels::find(text).is_none()
            && foot.signer.is_none()
        {
            // The office goes on over a second line.
            let p = piece(line, start, end);
            if let Some(more) = Field::entry(&p, "signer_title", 0.8) {
                match (titles.pop(), authority.pop()) {
                    (Some(t), a) => {
                        authority.extend(a);
                        titles.push(t.join(&more));
                    }
                    (None, Some(a)) => authority.push(a.join(&more)),
                    (None, None) => {}
                }
            }
            continue;
        }
        if !in_list {
            continue;
        }
        if text.chars().all(|c| "-–+•*".contains(c)) {
            // A bullet that was read by itself stands before the next line.
            ended = true;
            continue;
        }
        let label = labels::find(line.text.get(start..end).unwrap_or("").trim_start())
            .filter(|l| l.family.is_bullet());
        // Where the dash was not read, the end of the one before tells of a new one.
        if std::mem::take(&mut ended) {
            flush(&mut open, &mut foot.recipients);
        }
        ended = text.ends_with(';');
        let lead = line.text.get(start..end).unwrap_or("");
        let lead = lead.len() - lead.trim_start().len();
        match label {
            Some(l) => {
                flush(&mut open, &mut foot.recipients);
                let mut b = Builder::default();
                add_piece(&mut b, line, start + lead + l.len, end);
                open = Some(b);
            }
            None => match &mut open {
                Some(b) if foot.signer.is_none() || !line.after_blank => add_piece(b, line, start, end),
                Some(_) => {}
                None => {
                    let mut b = Builder::default();
                    add_piece(&mut b, line, start, end);
                    open = Some(b);
                }
            },
        }
    }
    flush(&mut open, &mut foot.recipients);
    signature::settle(&mut authority, &mut titles);
    foot.signer = foot.signer.map(signature::signer);
    foot.authority = authority.into_iter().reduce(|a, b| a.join(&b));
    // Of several offices of one person the last line is the title the signature stands under.
    foot.title = titles.into_iter().reduce(|a, b| a.join(&b));
    foot
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines;
    use vanthu_model::Document;

    fn foot(text: &str) -> Foot {
        let doc = Document::from_text(text);
        let lines: Vec<_> = lines::read(&doc).into_iter().filter(|l| !l.furniture).collect();
        let range = find(&lines, 0).unwrap();
        read(&lines, range)
    }

    fn text(f: &Option<Field>) -> &str {
        f.as_ref().map_or("", |f| f.text.as_str())
    }

    #[test]
    fn recipients_then_signature() {
        let f = foot(
            "Hết./.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT, VP (A.12).\n\nTM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nTrần Văn Mẫu",
        );
        assert_eq!(
            f.recipients.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(),
            ["Như trên", "Lưu: VT, VP (A.12)"]
        );
        assert_eq!(text(&f.authority), "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH");
        assert_eq!((text(&f.title), text(&f.signer)), ("PHÓ CHỦ TỊCH", "Trần Văn Mẫu"));
    }

    #[test]
    fn short_forms_of_offices_and_scraps_of_a_seal_are_no_names() {
        for text in ["NC, HC-QT, TT TTDL&CNS TP", "NC HC-QT TT", "G CHÍNH PHỦ", "Trần Văn 7"] {
            assert!(!is_name(text), "{text}");
        }
        for text in ["Trần Văn Mẫu", "TRẦN VĂN MẪU", "Y Mẫu Niê", "TS. Trần Văn Mẫu", "Đại tá Trần Văn Mẫu"]
        {
            assert!(is_name(text), "{text}");
        }
    }

    #[test]
    fn scraps_of_a_seal_between_title_and_name_are_passed_over() {
        let f =
            foot("Hết./.\n\nNơi nhận:\n- Lưu: VT.\n\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n4® cụ\n“lá\nTrần Văn Mẫu");
        assert_eq!((text(&f.title), text(&f.signer)), ("PHÓ GIÁM ĐỐC", "Trần Văn Mẫu"));
    }

    #[test]
    fn recipients_whose_dashes_were_not_read_are_parted() {
        let f = foot(
            "Hết./.\n\nNơi nhận:\nNhư trên;\nKho sách xã\nVân Hải;\n=Lưu: VT, NN.\n\nKT: CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nTrần Văn Mẫu",
        );
        let named: Vec<&str> = f.recipients.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(named, ["Như trên", "Kho sách xã Vân Hải", "Lưu: VT, NN"]);
        assert_eq!((text(&f.authority), text(&f.title)), ("KT: CHỦ TỊCH", "PHÓ CHỦ TỊCH"));
    }

    #[test]
    fn a_seal_over_the_offices_leaves_authority_title_and_name() {
        let f = foot("Hết./.\n\nNơi nhận:\n- Như trên:\n- Sở Y:\n-\nSở X:\n“ Sở Z;\n- Lưu: VT.");
        let recipients: Vec<&str> = f.recipients.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(recipients, ["Như trên", "Sở Y", "Sở X: “ Sở Z", "Lưu: VT"]);
        let f = foot("Hết./.\n\nNơi nhận:\n- Lưu: VT.\n\n„KT. GIÁM ĐỐC\n“GIÁM ĐỐC\n*trần Văn Mẫu");
        assert_eq!((text(&f.authority), text(&f.title)), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"));
        assert_eq!(text(&f.signer), "Trần Văn Mẫu");
        assert!(f.title.is_some_and(|t| t.confidence <= 0.6) && f.signer.is_some_and(|s| s.confidence < 0.7));
    }

    #[test]
    fn columns_run_together_are_parted() {
        let f = foot("Hết./.\nNơi nhận: GIÁM ĐỐC\n- Như trên;\n- Lưu: VT.\nTrần Văn Mẫu");
        assert_eq!((text(&f.title), text(&f.signer)), ("GIÁM ĐỐC", "Trần Văn Mẫu"));
        assert_eq!(f.recipients.len(), 2);
    }
}
