//! Names of units in running text: where they begin, where they end, and lists of them.
//!
//! A name begins with a head word (*Sở*, *Ủy ban nhân dân*, *Giám đốc*, *các đơn vị*). Its end is told by the
//! capitals of its words, by the fields of state management that hold commas and "và", and by the verb that follows.

use crate::data::{DATA, Head, Syllable, first};
use crate::groups::group;
use crate::name_words::{end_at, plain_name, verb_at};
use crate::passage::Passage;

/// A unit's name in a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// One past its last word.
    pub next: usize,
    /// A head word that stands before the list and counts for each name: "các Bộ: Tài chính, Y tế".
    pub head: Option<(usize, usize)>,
}

/// Words of a passage from `i` on, for dictionaries. A phrase may run over commas but not over a sentence's end.
pub(crate) fn words(p: &Passage, i: usize) -> impl Fn(usize) -> Option<Syllable> {
    move |k| {
        if k > 0 && !matches!(p.gap_before(i + k), " " | ", " | " - " | " – " | "-" | " -" | "- " | "–") {
            return None;
        }
        p.syllable(i + k)
    }
}

/// A unit head at word `i`; capitals must agree for heads that are written with one.
pub(crate) fn head_at(p: &Passage, i: usize, keep: impl Fn(Head) -> bool) -> Option<(usize, Head)> {
    // Old documents have no capital of "ủ": "ủy ban nhân dân tỉnh".
    let cap = p.words.get(i).filter(|w| w.firsts & first::HEAD != 0)?.cap || small_committee(p, i);
    DATA.heads.find_where(words(p, i), |(h, c)| keep(h) && (!c || cap)).map(|(n, (h, _))| (n, h))
}

/// "ủy ban" in small letters.
fn small_committee(p: &Passage, i: usize) -> bool {
    (p.word(i), p.word(i + 1)) == (Some("ủy"), Some("ban"))
}

/// Whether a unit's name may begin at word `i`: a quick look before [`unit_at`].
pub fn may_begin(p: &Passage, i: usize) -> bool {
    p.may_begin(i, first::HEAD | first::NAME)
}

/// Whether a unit's name begins at word `i`.
pub fn begins(p: &Passage, i: usize) -> bool {
    unit_at(p, i).is_some()
}

/// The unit whose name begins at word `i`.
pub fn unit_at(p: &Passage, i: usize) -> Option<Found> {
    if !may_begin(p, i) {
        return None;
    }
    let start = p.words.get(i)?.start;
    let mut next = name_at(p, i, 0)?;
    if next == i + 1 && p.gap_before(next) == " " && is_number(p, next) && numbered(p, i) {
        next += 1;
    }
    next = named_places(p, next).unwrap_or(next);
    let end = p.words.get(next.checked_sub(1)?)?.end;
    Some(Found { start, end, next, head: None })
}

/// Whether word `i` is a kind of organ that may bear a number for a name: "Phòng 6".
fn numbered(p: &Passage, i: usize) -> bool {
    matches!(p.word(i), Some("phòng" | "đội" | "tổ" | "trạm" | "vụ")) && p.words.get(i).is_some_and(|w| w.cap)
}

/// "UBND các phường: Hoàn Kiếm, Cửa Nam, Văn Miếu – Quốc Tử Giám": one past the names of the places behind the colon at
/// word `i`, of which there are two or more.
fn named_places(p: &Passage, i: usize) -> Option<usize> {
    let class = matches!(
        p.word(i.checked_sub(1)?)?,
        "phường" | "xã" | "trấn" | "quận" | "huyện" | "tỉnh" | "phố" | "khu" | "nước"
    );
    if !class || p.gap_before(i) != ": " {
        return None;
    }
    let cap = |k: usize| p.words.get(k).is_some_and(|w| w.cap);
    let (mut k, mut names) = (i, 0);
    while cap(k) {
        let mut end = k + 1;
        while cap(end) && matches!(p.gap_before(end), " " | " - " | " – " | "-") {
            end += 1;
        }
        let gap = p.gap_before(end);
        // A verb with a capital has small letters behind it; so may the last name, but not the first.
        if names == 0 && (p.words.get(end).is_none() || gap == " " && p.word(end) != Some("và")) {
            return None;
        }
        (k, names) = (end, names + 1);
        match (gap, p.word(end)) {
            (", ", Some("và")) | (" ", Some("và"))
                if cap(end + 1) && head_at(p, end + 1, |_| true).is_none() =>
            {
                k = end + 1;
            }
            (", ", _) if cap(end) && head_at(p, end, |_| true).is_none() => {}
            _ => return (names > 1).then_some(end),
        }
    }
    (names > 1).then_some(k)
}

fn is_number(p: &Passage, i: usize) -> bool {
    p.word(i).is_some_and(|w| w.len() <= 2 && w.bytes().all(|b| b.is_ascii_digit()))
}

/// One past the last word of the name that begins at word `i`.
pub(crate) fn name_at(p: &Passage, i: usize, depth: u8) -> Option<usize> {
    if depth > 3 {
        return None;
    }
    if let Some(after) = determiner(p, i) {
        if let Some((n, Head::Post)) = head_at(p, after, |h| h == Head::Post) {
            return Some(after_post(p, after + n, depth));
        }
        // "Các Cảng vụ đường thủy": a class named by the organ's own head.
        let (n, _) = head_at(p, after, |h| h == Head::Group).or_else(|| {
            head_at(p, after, |h| h == Head::Organ).filter(|_| p.words.get(after).is_some_and(|w| w.cap))
        })?;
        return Some(group(p, after, after + n));
    }
    if let Some(end) = sector(p, i).or_else(|| person(p, i, depth)) {
        return Some(end);
    }
    let whole = head_at(p, i, |h| h == Head::Whole);
    let small = small_committee(p, i);
    let organ =
        head_at(p, i, |h| h == Head::Organ).filter(|_| small || p.words.get(i).is_some_and(|w| w.cap));
    match (whole, organ) {
        (Some((w, _)), Some((o, _))) if w > o => return Some(suffix(p, i + w)),
        (Some((w, _)), None) => return Some(i + w),
        _ => {}
    }
    let inside = p.word(i) == Some("trưởng")
        && p.words.get(i).is_some_and(|w| !w.cap)
        && i > 0
        && !p.gap_before(i).contains([',', ';', ':', '(']);
    if let Some((n, _)) = head_at(p, i, |h| h == Head::Post).filter(|_| !inside) {
        let after = after_post(p, i + n, depth);
        // "Chủ tịch, Tổng Giám đốc các tập đoàn": two posts of one organ.
        if after == i + n
            && p.gap_before(after) == ", "
            && let Some((m, _)) = head_at(p, after, |h| h == Head::Post)
            && p.word(after + m) == Some("các")
            && p.gap_before(after + m) == " "
        {
            return Some(after_post(p, after + m, depth));
        }
        // A post in small letters needs its organ: "lãnh đạo" alone is a verb.
        return (after > i + n || p.words.get(i).is_some_and(|w| w.cap)).then_some(after);
    }
    match organ {
        Some((n, _)) => organ_name(p, i, i + n).or_else(|| plain_name(p, i)),
        None => plain_name(p, i),
    }
}

/// "ngành Y tế", "ngành Giáo dục và Đào tạo": a sector as a whole.
fn sector(p: &Passage, i: usize) -> Option<usize> {
    if p.word(i) != Some("ngành") || p.gap_before(i + 1) != " " || !p.words.get(i + 1)?.cap {
        return None;
    }
    if let Some((n, ())) = DATA.fields.find(words(p, i + 1)) {
        return Some(suffix(p, i + 1 + n));
    }
    let mut k = i + 2;
    while p.words.get(k).is_some_and(|w| !w.cap) && p.gap_before(k) == " " && k < i + 4 {
        if end_at(p, k) || verb_at(p, k) || place_at(p, k) || p.word(k) == Some("và") {
            break;
        }
        k += 1;
    }
    Some(suffix(p, k))
}

/// "Ông Lê Văn A, Phó Trưởng phòng", "đồng chí Trần B": a person with the post that follows the name.
fn person(p: &Passage, i: usize, depth: u8) -> Option<usize> {
    let name = match p.word(i)? {
        "ông" | "bà" => i + 1,
        "đồng" if p.word(i + 1) == Some("chí") => i + 2,
        _ => return None,
    };
    let end = (name..name + 6)
        .take_while(|k| {
            p.gap_before(*k) == " " && p.words.get(*k).is_some_and(|w| w.cap) && !begins_shallow(p, *k)
        })
        .last()?
        + 1;
    if end < name + 2 {
        return None;
    }
    let post = (p.gap_before(end) == ", ").then(|| head_at(p, end, |h| h == Head::Post)).flatten();
    Some(post.map_or(end, |(n, _)| after_post(p, end + n, depth)))
}

/// The organ of a post, if it follows.
fn after_post(p: &Passage, i: usize, depth: u8) -> usize {
    if p.gap_before(i) != " " {
        return i;
    }
    // "Giám đốc Sở", "Chánh Văn phòng Bộ": the document's own organ.
    let own = p.words.get(i).is_some_and(|w| w.cap)
        && matches!(p.word(i), Some("sở" | "bộ" | "cục" | "ban" | "viện" | "trường" | "trung" | "tỉnh"))
        && !p.words.get(i + 1).is_some_and(|w| w.cap && p.gap_before(i + 1) == " ");
    // "người đứng đầu cơ quan", "thủ trưởng đơn vị"
    if p.words.get(i).is_some_and(|w| !w.cap)
        && matches!(p.word(i), Some("cơ" | "đơn" | "địa" | "doanh"))
        && let Some((n, _)) = head_at(p, i, |h| h == Head::Group)
    {
        return group(p, i, i + n);
    }
    name_at(p, i, depth + 1)
        .unwrap_or_else(|| if own && p.word(i) != Some("trung") { i + 1 } else { suffix(p, i) })
}

/// "các", "những", "tất cả các", ... at word `i`: the word after it.
pub(crate) fn determiner(p: &Passage, i: usize) -> Option<usize> {
    let after = match p.word(i)? {
        "các" | "những" | "mỗi" | "từng" => i + 1,
        "một" if p.word(i + 1) == Some("số") => i + 2,
        "toàn" if p.word(i + 1) == Some("thể") => i + 2,
        "tất" if p.word(i + 1) == Some("cả") && p.word(i + 2) == Some("các") => i + 3,
        _ => return None,
    };
    let comrades = p.word(after) == Some("đồng") && p.word(after + 1) == Some("chí");
    Some(if comrades && head_at(p, after + 2, |_| true).is_some() { after + 2 } else { after })
}

/// The rest of an organ's name: one past its last word. `i` is the head's first word, `k` the first after the head.
fn organ_name(p: &Passage, i: usize, k: usize) -> Option<usize> {
    let mut k = k;
    // "Sở giáo dục và đào tạo": a field of several words may stand in small letters.
    let sloppy = |n: usize| n > 1 && matches!(p.word(i), Some("sở" | "bộ" | "cục" | "vụ"));
    if p.gap_before(k) == " "
        && let Some((n, ())) = DATA.fields.find(words(p, k))
        && (p.words.get(k).is_some_and(|w| w.cap) || sloppy(n))
    {
        k += n;
        // "Kế hoạch - Tài chính - Tổng hợp": more fields after a dash.
        while p.gap_before(k).contains(['-', '–']) && p.words.get(k).is_some_and(|w| w.cap) {
            k += 1;
            while p.words.get(k).is_some_and(|w| !w.cap)
                && p.gap_before(k) == " "
                && !end_at(p, k)
                && !verb_at(p, k)
                && !place_at(p, k)
            {
                k += 1;
            }
        }
        return Some(suffix(p, k));
    }
    // "Văn phòng của cơ quan, địa phương": the office of a class of units.
    if p.word(k) == Some("của")
        && p.gap_before(k) == " "
        && p.gap_before(k + 1) == " "
        && let Some((n, _)) = head_at(p, k + 1, |h| h == Head::Group)
        && p.words.get(k + 1).is_some_and(|w| !w.cap)
    {
        return Some(group(p, k + 1, k + 1 + n));
    }
    // "Ban Quản lý dự án Cảng": small letters may follow a head of several words at once.
    // "TỔ CHỨC THỰC HIỆN" is a title, no team.
    if p.word(i) == Some("tổ") && p.word(k) == Some("chức") {
        return None;
    }
    let mut any = k > i + 1;
    while let Some(w) = p.words.get(k).copied() {
        let gap = p.gap_before(k);
        let joined = matches!(gap, " " | " - " | " – " | "-" | " -" | "- " | "/" | "&" | " & ");
        if gap == ", " && any && comma_in_name(p, k) {
            k += 1;
            continue;
        }
        // "Ủy ban KH,CN&MT"
        let short = gap == "," && w.cap && is_short_form(p, k - 1) && is_short_form(p, k);
        if !joined && !short || k - i > 18 {
            break;
        }
        if w.cap {
            any = true;
            k += 1;
            continue;
        }
        let word = p.word(k).unwrap_or("");
        if word == "và" || word == "," {
            // "và" joins the functional groups of one name, or two names.
            let cap = p.words.get(k + 1).is_some_and(|n| n.cap) && p.gap_before(k + 1) == " ";
            if any && cap && !begins_shallow(p, k + 1) || cap_less_field(p, k) {
                k += 1;
                continue;
            }
            break;
        }
        // Small letters belong to a word that a capital began: "Kinh tế", "Thương mại điện tử".
        if !any
            || end_at(p, k)
            || verb_at(p, k)
            || place_at(p, k)
            || word == "các"
            || word == "thuộc"
            || word == "liên" && p.word(k + 1) == Some("quan")
        {
            break;
        }
        k += 1;
    }
    let k = suffix(p, k);
    if matches!(
        p.low_slice(p.words.get(i)?.start, p.words.get(k - 1)?.end),
        "cơ quan" | "bộ phận" | "công ty" | "tổng công ty" | "tập đoàn"
    ) {
        return None;
    }
    let named = k > i + 1 || p.words.get(i).is_some_and(|w| p.slice(w.start, w.end).chars().count() > 3);
    // "Bộ", "Sở" alone stand for the document's own.
    let own = matches!(
        p.word(i),
        Some(
            "bộ" | "sở"
                | "ban"
                | "cục"
                | "vụ"
                | "phòng"
                | "viện"
                | "hội"
                | "đoàn"
                | "đội"
                | "báo"
                | "đài"
                | "quỹ"
                | "thuế"
                | "trường"
        )
    );
    (named || own && k == i + 1 && solitary(p, i)).then_some(k)
}

/// "công trình dân dụng và công nghiệp tỉnh": "và" at word `k` between small words of one name, where the words after
/// it are followed by the name's place.
fn cap_less_field(p: &Passage, k: usize) -> bool {
    let small = |j: usize| p.words.get(j).is_some_and(|w| !w.cap) && p.gap_before(j) == " ";
    small(k - 1)
        && (1..=2).all(|n| {
            let j = k + n;
            small(j)
                && !verb_at(p, j)
                && !end_at(p, j)
                && !matches!(p.word(j), Some("các" | "những"))
                && head_at(p, j, |_| true).is_none()
        })
        && place_at(p, k + 3)
        && small(k + 3)
}

/// Whether the comma before word `k` belongs to a name: "Quản lý khám, chữa bệnh".
fn comma_in_name(p: &Passage, k: usize) -> bool {
    let (Some(a), Some(b)) = (k.checked_sub(1).and_then(|b| p.words.get(b)), p.words.get(k)) else {
        return false;
    };
    let (before, after) = (p.low.get(..a.end).unwrap_or(""), p.low.get(b.start..).unwrap_or(""));
    DATA.list("name_comma")
        .iter()
        .filter_map(|pair| pair.split_once(", "))
        .any(|(l, r)| before.ends_with(l) && after.starts_with(r))
}

/// Whether a bare head word may stand for a unit: "Sở", "Bộ" before a verb.
fn solitary(p: &Passage, i: usize) -> bool {
    matches!(p.word(i), Some("bộ" | "sở"))
        && (verb_at(p, i + 1) || end_at(p, i + 1) || p.word(i + 1).is_none())
}

/// "UBND" and its like never belong to a place's name, while "Hải Phòng" holds the word "Phòng".
fn is_short_form(p: &Passage, k: usize) -> bool {
    p.words.get(k).is_some_and(|w| p.slice(w.start, w.end).chars().filter(|c| c.is_uppercase()).count() > 1)
}

pub(crate) fn begins_shallow(p: &Passage, k: usize) -> bool {
    head_at(p, k, |h| matches!(h, Head::Organ | Head::Post | Head::Whole)).is_some()
}

pub(crate) fn place_at(p: &Passage, k: usize) -> bool {
    head_at(p, k, |h| h == Head::Place).is_some()
}

/// Places and owners after a name: "tỉnh Lai Châu", "các xã, phường", "thuộc Sở", "có liên quan".
pub(crate) fn suffix(p: &Passage, k: usize) -> usize {
    if p.gap_before(k) == " " { suffix_from(p, k) } else { k }
}

/// As [`suffix`], whatever stands before word `k`.
pub(crate) fn suffix_from(p: &Passage, k: usize) -> usize {
    let mut k = k;
    for round in 0..4 {
        if round > 0 && p.gap_before(k) != " " {
            break;
        }
        let word = p.word(k).unwrap_or("");
        if let Some((n, _)) = head_at(p, k, |h| h == Head::Place) {
            k += n;
            // The place's own name, then more places of the same kind: "tỉnh, thành phố".
            let first = k;
            while p.words.get(k).is_some_and(|w| w.cap)
                && matches!(p.gap_before(k), " " | " - " | "-" | " – ")
                && (k < first + 2 && p.gap_before(k) == " " && !is_short_form(p, k) || !begins_shallow(p, k))
            {
                k += 1;
            }
            k = more_places(p, k);
            continue;
        }
        if matches!(word, "các" | "những")
            && head_at(p, k + 1, |h| h == Head::Place || h == Head::Group).is_some()
        {
            let (n, _) =
                head_at(p, k + 1, |h| h == Head::Group || h == Head::Place).unwrap_or((1, Head::Place));
            k = group(p, k + 1, k + 1 + n);
            continue;
        }
        if word == "thuộc" || word == "trực" && p.word(k + 1) == Some("thuộc") {
            let after = if word == "thuộc" { k + 1 } else { k + 2 };
            k = owner(p, after).unwrap_or(after);
            continue;
        }
        if word == "có" && p.word(k + 1) == Some("liên") && p.word(k + 2) == Some("quan") {
            k += 3;
            continue;
        }
        // "Ủy ban Kinh tế của Quốc hội"
        let owner_of_all = matches!(
            (p.word(k + 1), p.word(k + 2)),
            (Some("quốc"), Some("hội")) | (Some("chính"), Some("phủ"))
        );
        // "Ban Tuyên giáo và Dân vận của Đảng ủy Chính phủ"
        if word == "của"
            && round == 0
            && k > 0
            && p.words.get(k + 1).is_some_and(|w| w.cap)
            && p.gap_before(k + 1) == " "
            && let Some((n, _)) = head_at(p, k + 1, |h| matches!(h, Head::Organ | Head::Whole))
            && n > 1
        {
            k = name_at(p, k + 1, 2).unwrap_or(k + 1 + n);
            continue;
        }
        if word == "của" && owner_of_all && p.gap_before(k + 1) == " " && p.gap_before(k + 2) == " " {
            k += 3;
            continue;
        }
        // "Tổ chuyên viên giúp việc Ban Chỉ đạo"
        if word == "giúp" && p.word(k + 1) == Some("việc") && p.gap_before(k + 1) == " " {
            k = owner(p, k + 2).unwrap_or(k + 2);
            continue;
        }
        let pair = (word, p.word(k + 1).unwrap_or(""));
        // "Cục Hàng không Việt Nam"
        if pair == ("việt", "nam") && p.gap_before(k + 1) == " " && p.words.get(k + 1).is_some_and(|w| w.cap)
        {
            k += 2;
            continue;
        }
        if p.gap_before(k + 1) == " "
            && matches!(pair, ("liên", "quan") | ("cùng", "cấp") | ("các", "cấp") | ("hai", "cấp"))
        {
            k += 2;
            continue;
        }
        break;
    }
    k
}

/// "tỉnh, thành phố", "xã, phường và đặc khu" after a place word.
fn more_places(p: &Passage, k: usize) -> usize {
    let mut k = k;
    loop {
        let (at, ok) = match (p.gap_before(k), p.word(k)) {
            (", ", _) => (k, true),
            (" ", Some("và")) if p.gap_before(k + 1) == " " => (k + 1, true),
            _ => (k, false),
        };
        match head_at(p, at, |h| h == Head::Place) {
            // A place with a name of its own is another.
            Some((n, _))
                if ok && p.gap_before(at + n) == " " && p.words.get(at + n).is_some_and(|w| w.cap) =>
            {
                return k;
            }
            Some((n, _)) if ok && p.words.get(at).is_some_and(|w| !w.cap) => k = at + n,
            _ if ok => match short_place(p, at) {
                Some(n) => k = at + n,
                None => return k,
            },
            _ => return k,
        }
    }
}

/// "thành", "thị" in a list of places: "huyện, thành, thị" for "huyện, thành phố, thị xã".
pub(crate) fn short_place(p: &Passage, i: usize) -> Option<usize> {
    let after = p.gap_before(i + 1) != " " || verb_at(p, i + 1) || p.word(i + 1) == Some("có");
    match (p.word(i)?, p.word(i + 1)) {
        ("thành", Some("thị")) => Some(2),
        ("thành" | "thị", _) if after => Some(1),
        _ => None,
    }
}

/// The unit after "thuộc".
pub(crate) fn owner(p: &Passage, i: usize) -> Option<usize> {
    if p.gap_before(i) != " " {
        return None;
    }
    let w = p.words.get(i)?;
    if w.cap && matches!(p.word(i), Some("bộ" | "sở" | "tỉnh" | "thành" | "cục" | "ngành" | "ban"))
    {
        return Some(name_at(p, i, 2).unwrap_or_else(|| suffix(p, i).max(i + 1)));
    }
    name_at(p, i, 2).or_else(|| place_at(p, i).then(|| suffix(p, i)))
}

#[cfg(test)]
mod tests {
    use crate::unit_lists::names;

    #[test]
    fn names_end_where_the_verb_begins() {
        assert_eq!(names("Sở Xây dựng chủ trì tổng hợp"), ["Sở Xây dựng"]);
        assert_eq!(
            names("Cục Hàng hải điện tử và Kinh tế biển đẩy mạnh"),
            ["Cục Hàng hải điện tử và Kinh tế biển"]
        );
        assert_eq!(names("Vụ Tổ chức cán bộ"), ["Vụ Tổ chức cán bộ"]);
        assert_eq!(names("Giám đốc Sở Nội vụ có trách nhiệm"), ["Giám đốc Sở Nội vụ"]);
    }

    #[test]
    fn owners_and_second_posts_belong_to_a_name() {
        assert_eq!(
            names("Ban Văn hóa và Dân vận của Đảng ủy Chính phủ, các cơ quan của Đảng, Quốc hội theo dõi"),
            ["Ban Văn hóa và Dân vận của Đảng ủy Chính phủ", "các cơ quan của Đảng", "Quốc hội"]
        );
        assert_eq!(
            names("Chủ tịch, Tổng Giám đốc các tập đoàn, doanh nghiệp nhà nước báo cáo"),
            ["Chủ tịch, Tổng Giám đốc các tập đoàn, doanh nghiệp nhà nước"]
        );
        assert_eq!(names("Cục Hàng không Việt Nam báo cáo"), ["Cục Hàng không Việt Nam"]);
        assert_eq!(
            names("Vụ Giám sát, kiểm tra và xử lý sau thanh tra theo dõi"),
            ["Vụ Giám sát, kiểm tra và xử lý sau thanh tra"]
        );
    }

    #[test]
    fn lists_part_at_commas_that_stand_between_names() {
        assert_eq!(
            names("Sở Văn hóa, Thể thao và Du lịch, Công an tỉnh và Ủy ban nhân dân các xã, phường tổ chức"),
            ["Sở Văn hóa, Thể thao và Du lịch", "Công an tỉnh", "Ủy ban nhân dân các xã, phường"]
        );
        assert_eq!(
            names("Các phòng, ban, UBND các thôn, bản và các hội, cá nhân có liên quan."),
            ["Các phòng, ban", "UBND các thôn, bản", "các hội, cá nhân có liên quan"]
        );
    }

    #[test]
    fn groups_keep_their_owners() {
        assert_eq!(names("các đơn vị thuộc Bộ kiểm kê và báo cáo"), ["các đơn vị thuộc Bộ"]);
        assert_eq!(
            names("Tổ trưởng các tổ dân phố số 4, 5, 6 tổng hợp ý kiến"),
            ["Tổ trưởng các tổ dân phố số 4, 5, 6"]
        );
        assert_eq!(
            names("các phòng thuộc Sở và các đơn vị trực thuộc lập"),
            ["các phòng thuộc Sở", "các đơn vị trực thuộc"]
        );
        assert_eq!(names("các cơ quan thông tin, báo chí để cung cấp"), ["các cơ quan thông tin, báo chí"]);
        assert_eq!(names("các phòng Sở, các đơn vị báo cáo"), ["các phòng Sở", "các đơn vị"]);
        assert_eq!(names("các cơ quan, đơn vị, địa phương nghiêm túc"), ["các cơ quan, đơn vị, địa phương"]);
    }

    #[test]
    fn one_head_word_for_several_names() {
        assert_eq!(names("các Bộ: Tài chính, Y tế, Nội vụ khẩn trương"), ["Tài chính", "Y tế", "Nội vụ"]);
    }
}
