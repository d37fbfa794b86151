//! Names of units that are known from the start.

use crate::fold::words;
use std::sync::OnceLock;

/// Short and full names of agencies: tab-separated, `#` begins a comment.
const AGENCIES: &str = include_str!("../../../dictionaries/agencies.tsv");
/// Names after Bộ, Sở, Phòng and the like.
const FIELDS: &str = include_str!("../../../dictionaries/unit_fields.tsv");
/// What stands before them most.
const HEADS: [&str; 3] = ["Bộ", "Sở", "Phòng"];

/// A known name with its folded words.
struct Known {
    name: String,
    folded: String,
}

fn known() -> &'static [Known] {
    static ALL: OnceLock<Vec<Known>> = OnceLock::new();
    ALL.get_or_init(|| {
        let rows = |text: &'static str| text.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
        let agencies = rows(AGENCIES).filter_map(|l| l.split_once('\t')).map(|(_, name)| name.to_owned());
        let fields = rows(FIELDS).filter_map(|l| l.split('\t').next());
        let fields = fields.flat_map(|f| HEADS.map(|head| format!("{head} {f}")));
        let mut all: Vec<Known> =
            agencies.chain(fields).map(|name| Known { folded: words(&name).join("-"), name }).collect();
        all.sort_by(|a, b| a.folded.cmp(&b.folded));
        all.dedup_by(|a, b| a.folded == b.folded);
        all
    })
}

/// Known names that begin with `id`, a folded name, or hold it behind a hyphen; at most `limit`.
pub fn names(id: &str, limit: usize) -> impl Iterator<Item = (&'static str, &'static str)> {
    let inside = format!("-{id}");
    known()
        .iter()
        .filter(move |k| k.folded.starts_with(inside.get(1..).unwrap_or("")) || k.folded.contains(&inside))
        .take(limit)
        .map(|k| (k.folded.as_str(), k.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_without_marks() {
        assert!(names("bo-noi-vu", 9).any(|(_, name)| name == "Bộ Nội vụ"));
        assert!(names("noi-vu", 9).count() >= 1);
        assert_eq!(names("khong-co-ten-nay", 9).count(), 0);
    }
}
