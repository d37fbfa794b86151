//! What pages say, in the language of their reader. The texts are data: `messages/*.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use toml::de::{DeTable, DeValue};

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

impl Language {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Language::Vi => "vi",
            Language::En => "en",
        }
    }

    /// By its code.
    pub fn of(code: &str) -> Option<Self> {
        [Language::Vi, Language::En].into_iter().find(|l| l.code() == code)
    }

    /// The first of an `Accept-Language` header that pages are written in; Vietnamese where none is.
    pub fn accepted(header: &str) -> Self {
        let codes = header.split(',').filter_map(|part| part.trim().split(['-', ';']).next());
        codes.filter_map(Language::of).next().unwrap_or(Language::Vi)
    }

    /// What is said in it.
    pub fn texts(self) -> &'static Texts {
        static VIETNAMESE: OnceLock<Texts> = OnceLock::new();
        static ENGLISH: OnceLock<Texts> = OnceLock::new();
        match self {
            Language::Vi => {
                VIETNAMESE.get_or_init(|| Texts::parse(self, include_str!("../../messages/vi.toml")))
            }
            Language::En => {
                ENGLISH.get_or_init(|| Texts::parse(self, include_str!("../../messages/en.toml")))
            }
        }
    }
}

/// The texts of a language.
#[derive(Debug)]
pub struct Texts {
    /// The language.
    pub language: Language,
    all: BTreeMap<String, String>,
}

impl Texts {
    fn parse(language: Language, source: &str) -> Self {
        let mut all = BTreeMap::new();
        // The files are a part of the program; a test reads them.
        if let Ok(table) = DeTable::parse(source) {
            for (key, value) in table.into_inner() {
                if let DeValue::String(text) = value.into_inner() {
                    all.insert(key.get_ref().to_string(), text.into_owned());
                }
            }
        }
        Self { language, all }
    }

    /// The text of a key; the key itself where there is none.
    pub fn get<'t>(&'t self, key: &'t str) -> &'t str {
        self.all.get(key).map_or(key, String::as_str)
    }

    /// The text of a key that is made up, such as `status_done`; `or` where there is none.
    pub fn or<'t>(&'t self, group: &str, key: &str, or: &'t str) -> &'t str {
        self.all.get(&format!("{group}_{key}")).map_or(or, String::as_str)
    }

    /// The text of a key with `{n}` filled in.
    pub fn with(&self, key: &str, n: &dyn std::fmt::Display) -> String {
        self.get(key).replace("{n}", &n.to_string())
    }

    /// A day as people write it: 03/12/2026. What is no whole day is told as far as it is known.
    pub fn day(&self, iso: &str) -> String {
        let mut parts: Vec<&str> = iso.split('-').collect();
        parts.reverse();
        parts.join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn both_languages_say_the_same_things() {
        let keys = |l: Language| l.texts().all.keys().cloned().collect::<BTreeSet<_>>();
        assert!(keys(Language::Vi).len() > 60);
        assert_eq!(keys(Language::Vi), keys(Language::En));
    }

    #[test]
    fn what_pages_ask_for_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = ["templates", "src/web"].map(|f| root.join(f));
        let mut lost = Vec::new();
        for file in folders.iter().flat_map(|f| std::fs::read_dir(f).unwrap()).map(|e| e.unwrap().path()) {
            if file.is_dir() || file.ends_with("texts.rs") {
                continue;
            }
            let source = std::fs::read_to_string(&file).unwrap();
            for call in ["t.get(\"", "t.with(\""] {
                for key in source.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                    if !Language::En.texts().all.contains_key(key) {
                        lost.push(format!("{}: {key}", file.display()));
                    }
                }
            }
        }
        assert!(lost.is_empty(), "{lost:#?}");
    }

    #[test]
    fn the_browser_tells_the_language() {
        assert_eq!(Language::accepted("en-GB,en;q=0.9,vi;q=0.5"), Language::En);
        assert_eq!(Language::accepted("fr, vi;q=0.5"), Language::Vi);
        assert_eq!(Language::accepted(""), Language::Vi);
    }
}
