//! Administrative units by name: whether a list knows the place in a body's name, and whether it was merged away on
//! 1 July 2025.

use crate::fold;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The day on which districts ended and communes and provinces were merged.
pub const MERGED: &str = "2025-07-01";

/// Whether a name was one of a unit before [`MERGED`], and whether it is since, by kind and name in lower case.
static UNITS: LazyLock<FxHashMap<String, (bool, bool)>> = LazyLock::new(|| {
    let text = include_str!("../../../dictionaries/admin_units.tsv");
    let rows = text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| {
        let mut cells = l.split('\t');
        let key = format!("{} {}", cells.next()?, cells.next()?);
        Some((fold::lower(&key), (cells.next()? != "0", cells.next()? != "0")))
    });
    rows.collect()
});

/// Words that name the kind of an administrative unit, the longer first.
const KINDS: [&str; 10] =
    ["thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "huyện", "quận", "tỉnh", "tp.", "xã"];

/// What is known of a place.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    /// No list holds it.
    Unknown(String),
    /// It was one until [`MERGED`] and is none since.
    Former(String),
}

/// The places in `name`, a body's name, that no list holds or that are no more.
pub fn doubtful(name: &str) -> Vec<Place> {
    let low = fold::lower(name);
    let mut out = Vec::new();
    let mut from = 0;
    while let Some((at, kind)) = next_kind(&low, from) {
        let after = at + kind.len();
        from = after;
        let rest = name.get(after..).unwrap_or("");
        // The name that follows: its words begin with capitals, or it is a number.
        let words: Vec<&str> = rest
            .split_inclusive(' ')
            .skip(usize::from(rest.starts_with(' ')))
            .map(|w| w.trim_end_matches([' ', ',', ';', '.', ')', ':']))
            .take_while(|w| w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) || *w == "-")
            .take(6)
            .collect();
        let kind = if kind == "tp." { "thành phố" } else { kind };
        let keys = (1..=words.len()).rev().map(|n| words.get(..n).unwrap_or(&[]).join(" "));
        let Some(whole) = keys.clone().next() else { continue };
        match keys.filter_map(|k| UNITS.get(&fold::lower(&format!("{kind} {k}")))).next() {
            None => out.push(Place::Unknown(format!("{kind} {whole}"))),
            Some((_, false)) => out.push(Place::Former(format!("{kind} {whole}"))),
            Some(_) => {}
        }
    }
    out
}

/// The first kind in `low` from byte `from` on, as a word of its own before a blank.
fn next_kind(low: &str, from: usize) -> Option<(usize, &'static str)> {
    let rest = low.get(from..)?;
    let found = KINDS.iter().filter_map(|k| {
        let whole = |at: &usize| {
            let before = rest.get(..*at).unwrap_or("");
            !before.ends_with(char::is_alphanumeric)
                && rest.get(at + k.len()..).is_some_and(|r| r.starts_with(' '))
        };
        rest.match_indices(k).map(|(at, _)| at).find(whole).map(|at| (at, *k))
    });
    found.min_by_key(|(at, k)| (*at, usize::MAX - k.len())).map(|(at, k)| (from + at, k))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_looked_up_by_kind_and_name() {
        assert_eq!(doubtful("Ủy ban nhân dân thành phố Hải Phòng"), []);
        assert_eq!(doubtful("Công an tỉnh, UBND các xã, phường"), []);
        assert_eq!(
            doubtful("UBND huyện Lục Ngạn, tỉnh Bắc Giang"),
            [Place::Former("huyện Lục Ngạn".into()), Place::Former("tỉnh Bắc Giang".into())]
        );
        assert_eq!(doubtful("UBND xã Đồi Mây Tím"), [Place::Unknown("xã Đồi Mây Tím".into())]);
        assert_eq!(doubtful("Ban Văn hóa - Xã hội"), []);
    }
}
