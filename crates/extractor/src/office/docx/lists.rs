//! The lists of a DOCX file (`numbering.xml`).

use crate::error::ExtractError;
use crate::office::numbering::{Counters, LEVELS, Level};
use crate::office::symbols;
use crate::xml::{Xml, walk};
use rustc_hash::FxHashMap;

#[derive(Debug, Default)]
struct Number {
    /// The abstract list that it follows.
    of: u64,
    /// Numbers to begin with in place of those of the abstract list.
    starts: FxHashMap<usize, i64>,
}

/// The lists of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    kinds: FxHashMap<u64, Vec<Level>>,
    numbers: FxHashMap<u64, Number>,
    counters: Counters,
}

impl Lists {
    pub(super) fn read(xml: &str) -> Result<Self, ExtractError> {
        let mut lists = Lists::default();
        let (mut kind, mut number, mut level) = (None, None, None);
        let mut in_override = false;
        walk(xml, &mut |event| {
            let e = match event {
                Xml::Start(e) => e,
                Xml::End(name) => {
                    match name.as_str() {
                        "abstractNum" => kind = None,
                        "num" => number = None,
                        "lvlOverride" => in_override = false,
                        _ => {}
                    }
                    return Ok(());
                }
                Xml::Text(_) => return Ok(()),
            };
            let value = |name: &str| e.get(name).and_then(|v| v.parse::<u64>().ok());
            match e.name.as_str() {
                "abstractNum" => {
                    kind = value("abstractNumId");
                    if let Some(id) = kind {
                        lists.kinds.insert(id, vec![Level::default(); LEVELS]);
                    }
                }
                "num" => number = value("numId"),
                "abstractNumId" => {
                    if let (Some(id), Some(of)) = (number, value("val")) {
                        lists.numbers.insert(id, Number { of, ..Number::default() });
                    }
                }
                "lvlOverride" => {
                    in_override = true;
                    level = value("ilvl").map(|l| l as usize);
                }
                "startOverride" => {
                    let start = e.val().and_then(|v| v.parse().ok());
                    if let (Some(n), Some(l), Some(start)) =
                        (number.and_then(|n| lists.numbers.get_mut(&n)), level, start)
                    {
                        n.starts.insert(l, start);
                    }
                }
                "lvl" if !in_override => level = value("ilvl").map(|l| l as usize),
                name => {
                    let rule = kind.and_then(|k| lists.kinds.get_mut(&k)?.get_mut(level?));
                    let Some(rule) = rule.filter(|_| !in_override) else { return Ok(()) };
                    match (name, e.val()) {
                        ("start", Some(v)) => rule.start = v.parse().unwrap_or(1),
                        ("numFmt", Some(v)) => rule.format = v.to_owned(),
                        ("lvlText", Some(v)) => {
                            rule.text = v.chars().map(symbols::of_private_use).collect();
                        }
                        ("isLgl", _) => rule.legal = e.is_on(),
                        _ => {}
                    }
                }
            }
            Ok(())
        })?;
        Ok(lists)
    }

    /// The label of the next item of a list.
    pub(super) fn label(&mut self, list: u64, level: usize) -> String {
        let Some(number) = self.numbers.get(&list) else { return String::new() };
        let Some(levels) = self.kinds.get(&number.of) else { return String::new() };
        if number.starts.is_empty() {
            return self.counters.next(number.of << 1, level, levels);
        }
        // A list that begins anew counts for itself.
        let mut levels = levels.clone();
        for (level, start) in &number.starts {
            if let Some(rule) = levels.get_mut(*level) {
                rule.start = *start;
            }
        }
        self.counters.next(list << 1 | 1, level, &levels)
    }
}
