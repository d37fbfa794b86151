//! Classes of units: "các cơ quan, đơn vị thuộc Sở", "các phòng, ban và các hội có liên quan".

use crate::data::{DATA, Head};
use crate::name_words::{end_at, verb_at};
use crate::passage::Passage;
use crate::units::{head_at, name_at, owner, place_at, short_place, suffix};

/// Nouns that are also verbs, where they stand right after a group's noun.
fn modifier(p: &Passage, k: usize) -> Option<usize> {
    let (a, b) = (p.word(k)?, p.word(k + 1)?);
    if p.gap_before(k) != " "
        || p.gap_before(k + 1) != " "
        || !DATA.list("group_modifier").contains(&format!("{a} {b}"))
    {
        return None;
    }
    // With anything after it, it is a verb: "các đơn vị thực hiện công bố" ends before it.
    let verbal = matches!(
        (a, b),
        ("thực", "hiện") | ("chủ", "trì") | ("kiểm", "tra") | ("tham", "mưu") | ("thanh", "tra")
    );
    let goes_on =
        p.gap(k + 1) == " " || p.gap(k + 1).starts_with(':') || a == "chủ" && p.word(k + 2) == Some("phối");
    (!verbal || !goes_on).then_some(k + 2)
}

/// The rest of a group: one past its last word. `from` is its first noun, `k` the first word after it.
pub(crate) fn group(p: &Passage, from: usize, k: usize) -> usize {
    let mut k = k;
    let limit = from + 16;
    // "Các cơ quan được phân công chủ trì ... có trách nhiệm": the relative clause is part of the name.
    if p.word(k) == Some("được")
        && matches!((p.word(k + 1), p.word(k + 2)), (Some("phân"), Some("công")) | (Some("giao"), _))
        && let Some(at) = (k + 2..k + 24).find(|j| p.word(*j) == Some("có") && p.word(j + 1) == Some("trách"))
        && (k + 1..=at).all(|j| p.gap_before(j) == " ")
    {
        return at;
    }
    while k < limit && k < p.words.len() {
        let gap = p.gap_before(k);
        let word = p.word(k).unwrap_or("");
        let noun = |i: usize| {
            let (n, _) = head_at(p, i, |h| h == Head::Group)?;
            // "tổ chức" is a noun in a list of bodies and a verb before an object.
            let object = (p.word(i), p.word(i + 1)) == (Some("tổ"), Some("chức"))
                && n == 2
                && p.gap_before(i + 2) == " "
                && !matches!(
                    p.word(i + 2),
                    Some(
                        "và" | "có"
                            | "liên"
                            | "chính"
                            | "cá"
                            | "khác"
                            | "kinh"
                            | "xã"
                            | "đoàn"
                            | "tín"
                            | "thuộc"
                            | "trên"
                    )
                );
            // "ý kiến của các Bộ, báo cáo Thủ tướng": no newspapers.
            if object || (p.word(i), p.word(i + 1)) == (Some("báo"), Some("cáo")) {
                return None;
            }
            let organ = p.words.get(i).is_some_and(|w| w.cap) && begins_name(p, i);
            // "các đơn vị, Bộ trưởng ...": a post is no class of units.
            let post = head_at(p, i, |h| h == Head::Post).is_some_and(|(m, _)| m > n);
            (!organ && !post).then_some(n)
        };
        match gap {
            ", " => {
                let at = if word == "và" { k + 1 } else { k };
                match noun(at) {
                    Some(n) => k = at + n,
                    None => match tail_noun(p, at).or_else(|| short_place(p, at)) {
                        Some(n) => k = at + n,
                        None => break,
                    },
                }
                continue;
            }
            " " | " - " | "-" | "/" | " – " => {}
            _ => break,
        }
        // "các tổ dân phố số 4, 5, 6"
        let number =
            |k: usize| p.word(k).is_some_and(|w| w.len() <= 3 && w.bytes().all(|b| b.is_ascii_digit()));
        if word == "số" && number(k + 1) && p.gap_before(k + 1) == " " {
            k += 2;
            while number(k) && p.gap_before(k) == ", " {
                k += 1;
            }
            continue;
        }
        if word == "và" || word == "hoặc" {
            match noun(k + 1) {
                Some(n) if p.gap_before(k + 1) == " " => k += 1 + n,
                _ => break,
            }
            continue;
        }
        if let Some(after) = modifier(p, k) {
            k = after;
            continue;
        }
        if let Some(end) = crate::name_words::listed_elsewhere(p, k) {
            return end;
        }
        if word == "có" {
            let next = p.words.get(k + 1);
            let acronym = next.is_some_and(|w| {
                p.slice(w.start, w.end).chars().all(char::is_uppercase) && w.end - w.start > 1
            });
            if p.word(k + 1) == Some("liên") || p.word(k + 1) == Some("thẩm") || acronym {
                k += if acronym { 2 } else { 3 };
                continue;
            }
            break;
        }
        if word == "ở" && p.word(k + 1) == Some("trong") && p.word(k + 2) == Some("và") {
            k += 4;
            k = k.min(p.words.len());
            if p.words.get(k).is_some_and(|w| w.cap) && p.gap_before(k) == " " {
                k += 1;
            }
            continue;
        }
        // "các Ban của Hội đồng nhân dân tỉnh"
        if word == "của"
            && p.gap_before(k + 1) == " "
            && p.words.get(k + 1).is_some_and(|w| w.cap)
            && let Some(end) = name_at(p, k + 1, 2)
        {
            return end;
        }
        // "các cơ quan của Đảng", "các cơ quan trong hệ thống hành chính nhà nước"
        if word == "của"
            && p.gap_before(k + 1) == " "
            && matches!(p.word(k + 1), Some("đảng" | "quốc" | "nhà"))
        {
            k += if p.word(k + 1) == Some("đảng") { 2 } else { 3 };
            continue;
        }
        if word == "trong" && (p.word(k + 1), p.word(k + 2)) == (Some("hệ"), Some("thống")) {
            k += 3;
            continue;
        }
        if word == "thuộc" || word == "trực" && p.word(k + 1) == Some("thuộc") {
            let after = if word == "thuộc" { k + 1 } else { k + 2 };
            match owner(p, after) {
                Some(end) => return more_after_owner(p, end),
                None if word == "trực" => k = after,
                None => k = after,
            }
            continue;
        }
        let w = p.words[k];
        if w.cap {
            // "các phòng Sở", "Các phòng thuộc Bộ": an owner without "thuộc".
            if let Some(end) = owner_name(p, k) {
                return end;
            }
            if begins_name(p, k) {
                break;
            }
            k += 1;
            continue;
        }
        // "cấp" is a verb too, but not in "đơn vị cấp tỉnh".
        let level = word == "cấp" && place_at(p, k);
        if !level && (verb_at(p, k) || end_at(p, k)) {
            break;
        }
        if place_at(p, k) {
            return suffix(p, k);
        }
        k += 1;
    }
    k
}

/// "thuộc Sở" may be followed by "có liên quan".
fn more_after_owner(p: &Passage, k: usize) -> usize {
    suffix(p, k)
}

/// Nouns that go on with a group after a comma though they are no heads: "các cơ quan thông tin, báo chí".
fn tail_noun(p: &Passage, i: usize) -> Option<usize> {
    if p.word(i) == Some("thông") && p.word(i + 1) == Some("tin") && p.word(i + 2) == Some("tuyên") {
        return Some(4);
    }
    matches!(
        (p.word(i)?, p.word(i + 1)),
        ("báo", Some("chí"))
            | ("thông", Some("tin"))
            | ("thông", Some("tấn"))
            | ("phát", Some("thanh"))
            | ("quân", Some("đội"))
            | ("truyền", Some("hình"))
            | ("xuất", Some("bản"))
            | ("nhà", Some("trường"))
    )
    .then_some(2)
}

fn owner_name(p: &Passage, k: usize) -> Option<usize> {
    let own = matches!(p.word(k), Some("sở" | "bộ" | "cục" | "ban" | "tỉnh" | "viện"));
    if !own {
        return None;
    }
    let next = p.words.get(k + 1);
    let name_follows = next.is_some_and(|w| w.cap) && p.gap_before(k + 1) == " ";
    if name_follows { name_at(p, k, 2) } else { Some(k + 1) }
}

/// Whether word `i`, a capital, begins an organ's full name.
fn begins_name(p: &Passage, i: usize) -> bool {
    head_at(p, i, |h| h == Head::Organ).is_some_and(|(n, _)| {
        let next = i + n;
        n > 1
            || matches!(p.word(i), Some("ubnd" | "hđnd"))
            || p.gap_before(next) == " " && (p.words.get(next).is_some_and(|w| w.cap) || place_at(p, next))
    })
}
