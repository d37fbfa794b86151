//! Lists of units: where one name ends and the next begins, and one head word for several names.

use crate::data::DATA;
use crate::name_words::{end_at, verb_at};
use crate::passage::Passage;
use crate::units::{Found, begins_shallow, determiner, place_at, suffix_from, unit_at, words};

/// Names that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The names.
    pub units: Vec<Found>,
    /// One past the last word of the last name.
    pub next: usize,
}

/// The list of units that begins at word `i`.
pub fn list_at(p: &Passage, i: usize) -> Option<List> {
    if let Some(list) = shared_head(p, i) {
        return Some(list);
    }
    let first = unit_at(p, i).or_else(|| place_unit(p, i))?;
    let mut units = vec![first];
    let mut next = first.next;
    while units.len() < 60 {
        let gap = p.gap_before(next);
        let at = match (gap, p.word(next)) {
            (", " | "; ", Some("và" | "cùng")) => next + 1,
            (", " | "; " | ",", _) => next,
            (" ", Some("và" | "hoặc")) => next + 1,
            (" ", Some("cùng")) if p.word(next + 1) == Some("với") => next + 2,
            (" ", Some("cùng" | "với")) => next + 1,
            _ => break,
        };
        // A semicolon parts list entries only where each is a name and nothing more.
        match shared_head(p, at) {
            Some(list) => {
                next = list.next;
                units.extend(list.units);
            }
            None => match unit_at(p, at).or_else(|| place_unit(p, at)) {
                Some(u) => {
                    next = u.next;
                    units.push(u);
                }
                None => break,
            },
        }
    }
    Some(List { units, next })
}

/// "Tỉnh An Bình", "xã Trường Hải": a place named in full, for those who govern it.
fn place_unit(p: &Passage, i: usize) -> Option<Found> {
    if !place_at(p, i) || matches!(p.word(i), Some("trung" | "khu" | "địa" | "cấp")) {
        return None;
    }
    let next = suffix_from(p, i);
    let name = p.words.get(next.checked_sub(1)?)?;
    let start = p.words.get(i)?.start;
    (next > i + 1 && name.cap).then_some(Found { start, end: name.end, next, head: None })
}

/// "các Bộ: Tài chính, Y tế và Nội vụ": one head word for several names.
fn shared_head(p: &Passage, i: usize) -> Option<List> {
    let at = determiner(p, i)?;
    let word = p.word(at)?;
    if !matches!(word, "bộ" | "sở" | "cục" | "vụ" | "phòng" | "ban") {
        return None;
    }
    let head = p.words.get(at).map(|w| (w.start, w.end))?;
    let mut next = at + 1;
    if !matches!(p.gap_before(next), " " | ": " | " : ") || !p.words.get(next)?.cap {
        return None;
    }
    let mut units = Vec::new();
    loop {
        let start = p.words.get(next)?.start;
        let end_word = match DATA.fields.find(words(p, next)) {
            Some((n, ())) => next + n,
            None if units.is_empty() => return None,
            None => {
                let mut k = next + 1;
                while p.words.get(k).is_some_and(|w| !w.cap)
                    && p.gap_before(k) == " "
                    && !verb_at(p, k)
                    && !end_at(p, k)
                    && p.word(k) != Some("và")
                {
                    k += 1;
                }
                k
            }
        };
        let end = p.words.get(end_word.checked_sub(1)?)?.end;
        units.push(Found { start, end, next: end_word, head: Some(head) });
        next = end_word;
        let at = match (p.gap_before(next), p.word(next)) {
            (", " | "; ", Some("và")) | (" ", Some("và")) => next + 1,
            (", " | "; ", _) => next,
            _ => break,
        };
        if !p.words.get(at).is_some_and(|w| w.cap)
            || begins_shallow(p, at) && DATA.fields.find(words(p, at)).is_none()
            || units.len() > 30
        {
            break;
        }
        next = at;
    }
    (units.len() >= 2).then(|| List { next: units.last().map_or(next, |u| u.next), units })
}

/// The names of the list that `text` begins with.
#[cfg(test)]
pub fn names(text: &str) -> Vec<String> {
    let mut b = crate::passage::Builder::default();
    b.line(text, 0, false, false);
    let p = b.build();
    list_at(&p, 0)
        .map_or(Vec::new(), |l| l.units.iter().map(|u| p.slice(u.start, u.end).to_owned()).collect())
}
