//! The register of units: one entry a unit, with the names seen.

use crate::data::DATA;
use crate::fold;
use std::collections::HashMap;
use vanthu_model::Unit;

/// Collects units and gives them ids.
#[derive(Debug, Default)]
pub struct Registry {
    units: Vec<Unit>,
    by_id: HashMap<String, usize>,
}

/// A name made comparable: determiners off, abbreviations written out.
fn key(name: &str) -> String {
    let low = fold::lower(name);
    let mut core = low.trim();
    for lead in ["tất cả các ", "các đồng chí ", "các ", "những ", "đồng chí ", "một số "]
    {
        core = core.strip_prefix(lead).unwrap_or(core);
    }
    let mut words: Vec<String> = Vec::new();
    for w in core.split_whitespace() {
        let bare = w.trim_matches(|c: char| !c.is_alphanumeric());
        let full = DATA
            .agencies
            .iter()
            .find(|(a, _)| bare.len() >= 3 && fold::lower(a) == bare && a.chars().count() >= 3);
        match full {
            Some((_, full)) => words.push(fold::lower(full)),
            None => words.push(w.to_owned()),
        }
    }
    fold::ascii(&words.join(" ")).replace(' ', "-")
}

impl Registry {
    /// The id of the unit called `name`, noting the form.
    pub fn id(&mut self, name: &str) -> String {
        let mut id = key(name);
        if id.is_empty() {
            id = "unit".into();
        }
        match self.by_id.get(&id).and_then(|i| self.units.get_mut(*i)) {
            Some(u) => {
                if !u.forms.iter().any(|f| f == name) {
                    u.forms.push(name.to_owned());
                    if name.chars().count() > u.name.chars().count() {
                        u.name = name.to_owned();
                    }
                }
            }
            None => {
                self.by_id.insert(id.clone(), self.units.len());
                self.units.push(Unit { id: id.clone(), name: name.to_owned(), forms: vec![name.to_owned()] });
            }
        }
        id
    }

    /// The units in order of first mention.
    pub fn finish(self) -> Vec<Unit> {
        self.units
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_full_names_are_one_unit() {
        let mut r = Registry::default();
        let a = r.id("UBND tỉnh");
        let b = r.id("Ủy ban nhân dân tỉnh");
        let c = r.id("Uỷ ban nhân dân tỉnh");
        assert!(a == b && b == c);
        assert_eq!(r.id("Các sở, ngành"), r.id("các sở, ngành"));
        let units = r.finish();
        assert_eq!((units.len(), units[0].forms.len()), (2, 3));
        assert_eq!(units[0].name, "Ủy ban nhân dân tỉnh");
    }
}
