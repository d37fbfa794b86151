//! The register of units: one entry a unit, with the names seen.

use crate::data::DATA;
use crate::fold;
use rustc_hash::FxHashMap;
use vanthu_model::Unit;

/// Collects units and gives them ids.
#[derive(Debug, Default)]
pub struct Registry {
    units: Vec<Unit>,
    by_id: FxHashMap<String, usize>,
    /// Keys of names met before.
    keys: FxHashMap<String, String>,
    /// Keys of the issuing body and of the body above it.
    own: Vec<String>,
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
        match DATA.agency(bare) {
            Some(full) => words.push(full.to_owned()),
            None => words.push(w.to_owned()),
        }
    }
    fold::ascii(&words.join(" ")).replace(' ', "-")
}

/// Head words that, alone, stand for the document's own body: "Sở", "Bộ".
const BARE: [&str; 8] = ["so", "bo", "cuc", "ban", "vien", "truong", "uy-ban-nhan-dan", "hoi-dong-nhan-dan"];
/// Bodies named with their level only: "Ủy ban nhân dân tỉnh".
const LEVELS: [&str; 7] = ["tinh", "thanh-pho", "phuong", "xa", "huyen", "quan", "dac-khu"];

impl Registry {
    /// A register for a document of the bodies `names`, the issuing one first.
    pub fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        Self { own: names.map(key).filter(|k| !k.is_empty()).collect(), ..Self::default() }
    }

    /// The key of the unit that a short form stands for: "Sở" and "SCT" in a document of Sở Công Thương, "Ủy ban nhân
    /// dân tỉnh" in one of that province.
    fn full(&self, id: String, name: &str) -> String {
        let level = LEVELS.iter().any(|l| {
            id.strip_suffix(l)
                .is_some_and(|h| matches!(h, "uy-ban-nhan-dan-" | "hoi-dong-nhan-dan-" | "cong-an-"))
        });
        if BARE.contains(&id.as_str()) || level {
            let long = |k: &&String| k.len() > id.len() && k.starts_with(&format!("{id}-"));
            return self.own.iter().find(long).cloned().unwrap_or(id);
        }
        let short = (3..=8).contains(&name.chars().count()) && name.chars().all(char::is_uppercase);
        if !short {
            return id;
        }
        let initials = |k: &str| k.split('-').filter_map(|w| w.chars().next()).collect::<String>();
        let keys = self.own.iter().chain(self.units.iter().map(|u| &u.id));
        keys.filter(|k| k.contains('-')).find(|k| initials(k) == id).cloned().unwrap_or(id)
    }

    /// The id of the unit called `name`, noting the form.
    pub fn id(&mut self, name: &str) -> String {
        let mut id = match self.keys.get(name) {
            Some(known) => known.clone(),
            None => {
                let mut id = key(name);
                if id.is_empty() {
                    id = "unit".into();
                }
                self.keys.insert(name.to_owned(), id.clone());
                id
            }
        };
        id = self.full(id, name.trim());
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

    #[test]
    fn short_forms_stand_for_the_documents_own_body() {
        let mut r = Registry::of(["SỞ CÔNG THƯƠNG", "ỦY BAN NHÂN DÂN TỈNH TRÀ KHÊ"].into_iter());
        let own = r.id("Sở Công Thương");
        assert!(r.id("Sở") == own && r.id("SCT") == own);
        assert_eq!(r.id("UBND tỉnh"), r.id("Ủy ban nhân dân tỉnh Trà Khê"));
        assert_ne!(r.id("Sở Y tế"), own);
    }
}
