//! The dictionaries the rules read, embedded at compile time and indexed once.

use crate::damage;
use crate::fold;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::LazyCell;
use std::sync::LazyLock;
use vanthu_model::SectionRole;

/// All dictionaries.
pub static DATA: LazyLock<Data> = LazyLock::new(Data::load);

/// What each rule looks for, by its name.
pub static RULES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let lines = rows(include_str!("../../../dictionaries/rules.tsv"));
    lines.filter_map(|r| Some((*r.first()?, *r.get(1)?))).collect()
});

/// The syllables of the language.
static SYLLABLES: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    let lines = rows(include_str!("../../../dictionaries/verdict_syllables.tsv"));
    lines.filter_map(|r| r.first().copied()).collect()
});

/// The rows of a dictionary: lines that are neither empty nor comments, split at tabs.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(|l| l.split('\t').collect())
}

/// Syllables that a unit's name may begin with besides the heads of `unit_heads.tsv`.
const NAME_WORDS: [&str; 11] =
    ["ông", "bà", "đồng", "các", "những", "mỗi", "từng", "một", "toàn", "tất", "ngành"];

/// Syllables that begin the words of cooperation and reporting that [`roles`](crate::roles) reads.
const PART_WORDS: [&str; 20] = [
    "phối", "trao", "đối", "cùng", "báo", "đề", "phản", "kiến", "tham", "trình", "gửi", "thông", "qua", "về",
    "đến", "tới", "với", "chia", "cung", "liên",
];

/// Sets of phrases, as bits: which of them hold a phrase that begins with a given syllable.
pub mod first {
    /// Verbs of command.
    pub const VERB: u32 = 1;
    /// Heads of units.
    pub const HEAD: u32 = 1 << 1;
    /// Fields of state management.
    pub const FIELD: u32 = 1 << 2;
    /// Words that end a name.
    pub const END: u32 = 1 << 3;
    /// "các", "ông" and the like, which a unit's name may begin with besides the heads.
    pub const NAME: u32 = 1 << 4;
    /// "phối hợp", "báo cáo", "gửi": what tells the part of the units after it.
    pub const PART: u32 = 1 << 5;
    /// The first class of cues; the others follow in their order.
    pub const CUE: u32 = 1 << 8;
}

/// The number of a syllable (in lower case) that stands in some phrase of the dictionaries; 0 is any other.
pub type Syllable = u32;

/// Any number, where a damaged word stands beside it.
pub const NUMBER: Syllable = Syllable::MAX;

/// The syllables of all phrases, numbered from 1, so that texts are compared with phrases by numbers.
#[derive(Debug, Default)]
struct Syllables {
    numbers: FxHashMap<String, Syllable>,
    /// The sets that hold a phrase beginning with each, as bits of [`first`].
    firsts: Vec<u32>,
    /// The syllables by their numbers.
    names: Vec<String>,
    /// Those that stand beside each other in some phrase.
    beside: FxHashSet<(Syllable, Syllable)>,
    /// Organs of one syllable and the fields they may be of: weaker evidence.
    organs: FxHashSet<(Syllable, Syllable)>,
    /// Those that may be read as one another.
    alike: FxHashMap<u64, Vec<Syllable>>,
}

impl Syllables {
    fn number(&mut self, syllable: &str) -> Syllable {
        if let Some(known) = self.numbers.get(syllable) {
            return *known;
        }
        let next = self.numbers.len() as Syllable + 1;
        self.numbers.insert(syllable.to_owned(), next);
        if self.names.is_empty() {
            self.names.push(String::new());
        }
        self.names.push(syllable.to_owned());
        if syllable.chars().count() > 1
            && let Some(skeleton) = damage::skeleton(syllable)
        {
            self.alike.entry(skeleton).or_default().push(next);
        }
        next
    }

    /// Notes that `syllable` begins a phrase of the sets `bits`.
    fn note(&mut self, syllable: Syllable, bits: u32) {
        let at = syllable as usize;
        if self.firsts.len() <= at {
            self.firsts.resize(at + 1, 0);
        }
        if let Some(slot) = self.firsts.get_mut(at) {
            *slot |= bits;
        }
    }
}

/// The syllables after the first of each phrase that begins with one syllable, and its value.
type Rests<T> = Vec<(Vec<Syllable>, T)>;

/// Phrases of several syllables, found at a word of a text; the longest wins.
#[derive(Debug)]
pub struct Phrases<T> {
    by_first: FxHashMap<Syllable, Rests<T>>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self { by_first: FxHashMap::default() }
    }
}

impl<T: Copy> Phrases<T> {
    /// Adds `phrase` (compared in lower case, word by word; punctuation between words is ignored) of the set `bit`.
    fn add(&mut self, syllables: &mut Syllables, phrase: &str, value: T, bit: u32) {
        let low = fold::lower(phrase);
        let parts = low.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let numbers: Vec<Syllable> = parts.map(|w| syllables.number(w)).collect();
        syllables.beside.extend(numbers.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?))));
        let mut numbers = numbers.into_iter();
        if let Some(first) = numbers.next() {
            syllables.note(first, bit);
            let list = self.by_first.entry(first).or_default();
            list.push((numbers.collect(), value));
            list.sort_by_key(|(w, _)| std::cmp::Reverse(w.len()));
        }
    }

    /// The phrases of one syllable whose value passes `keep`.
    fn single(&self, keep: impl Fn(T) -> bool) -> Vec<Syllable> {
        let one = |list: &Rests<T>| list.iter().any(|(rest, v)| rest.is_empty() && keep(*v));
        self.by_first.iter().filter(|(_, list)| one(list)).map(|(first, _)| *first).collect()
    }

    /// The longest phrase that `word(0)`, `word(1)`, ... begin with: how many words, and its value.
    pub fn find(&self, word: impl Fn(usize) -> Option<Syllable>) -> Option<(usize, T)> {
        self.find_where(word, |_| true)
    }

    /// As [`Phrases::find`], among the phrases whose value passes `keep`.
    pub fn find_where(
        &self,
        word: impl Fn(usize) -> Option<Syllable>,
        keep: impl Fn(T) -> bool,
    ) -> Option<(usize, T)> {
        let list = self.by_first.get(&word(0)?)?;
        list.iter()
            .find(|(rest, v)| keep(*v) && rest.iter().enumerate().all(|(i, r)| word(i + 1) == Some(*r)))
            .map(|(rest, v)| (rest.len() + 1, *v))
    }
}

/// Classes of `role_phrases.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cue {
    /// Before the unit told to act.
    Assign,
    /// After the unit that leads.
    LeadAfter,
    /// A unit after it is no actor.
    Of,
    /// Begins a clause whose actor comes later.
    Opener,
    /// Stands before the verb.
    Adverb,
    /// Begins a closing paragraph.
    Closing,
    /// Marks a result.
    Past,
    /// Opens a sentence of a running text.
    Linker,
    /// "Cơ quan chủ trì:".
    AttributeLead,
    /// "Cơ quan phối hợp:".
    AttributeWith,
    /// "Thời gian thực hiện:".
    AttributeTime,
    /// "Sản phẩm:".
    AttributeProduct,
    /// "Địa điểm:", "Kinh phí:" and the like: about the item, no order.
    AttributePlace,
}

impl Cue {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "assign" => Cue::Assign,
            "lead_after" => Cue::LeadAfter,
            "of" => Cue::Of,
            "opener" => Cue::Opener,
            "adverb" => Cue::Adverb,
            "closing" => Cue::Closing,
            "past" => Cue::Past,
            "linker" => Cue::Linker,
            "attribute_lead" => Cue::AttributeLead,
            "attribute_with" => Cue::AttributeWith,
            "attribute_time" => Cue::AttributeTime,
            "attribute_product" => Cue::AttributeProduct,
            "attribute_place" => Cue::AttributePlace,
            _ => return None,
        })
    }

    /// The bits of all attribute cues.
    pub const ATTRIBUTES: u32 = (first::CUE << Cue::AttributeLead as u32)
        | (first::CUE << Cue::AttributeWith as u32)
        | (first::CUE << Cue::AttributeTime as u32)
        | (first::CUE << Cue::AttributeProduct as u32)
        | (first::CUE << Cue::AttributePlace as u32);

    /// The cue's bit among [`first`].
    pub fn bit(self) -> u32 {
        first::CUE << self as u32
    }

    /// Whether the cue names an attribute line.
    pub fn is_attribute(self) -> bool {
        matches!(
            self,
            Cue::AttributeLead
                | Cue::AttributeWith
                | Cue::AttributeTime
                | Cue::AttributeProduct
                | Cue::AttributePlace
        )
    }
}

/// Classes of `unit_heads.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// Written with a capital; a name follows.
    Organ,
    /// A post; its organ follows.
    Post,
    /// A class of units.
    Group,
    /// A full name in itself.
    Whole,
    /// Those who act, named without "các" at the start of a clause.
    Plain,
    /// What may follow a name.
    Place,
}

/// A kind of document.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Abbreviation.
    pub code: &'static str,
    /// Name, as in running text.
    pub name: &'static str,
    /// Name in small letters.
    pub low: String,
    /// Name in ASCII without blanks.
    pub flat: String,
}

/// All dictionaries, indexed.
#[derive(Debug)]
pub struct Data {
    /// Kinds of documents, longest name first.
    pub kinds: Vec<Kind>,
    /// Verbs of command.
    pub verbs: Phrases<()>,
    /// Role phrases of all classes; one phrase may stand in several.
    pub cues: Phrases<Cue>,
    /// What units' names begin with.
    pub heads: Phrases<(Head, bool)>,
    /// Fields of state management.
    pub fields: Phrases<()>,
    /// Words that end a unit's name.
    pub ends: Phrases<()>,
    /// Words of names whose syllables would else be taken for verbs or ends: "công trình", "giao thông".
    pub compounds: Phrases<()>,
    syllables: Syllables,
    /// Section titles: role, phrase, phrase in ASCII.
    pub sections: Vec<(SectionRole, &'static str, String)>,
    lists: FxHashMap<&'static str, Vec<String>>,
    /// Bodies of the list of agencies: a name that is whole does not go on with that of another of them.
    pub bodies: Phrases<()>,
    /// Abbreviation and full name of agencies.
    pub agencies: Vec<(&'static str, &'static str)>,
    /// Full name in small letters by abbreviation in small letters.
    by_short: FxHashMap<String, String>,
}

impl Data {
    /// The phrases of a list of `word_lists.tsv`.
    pub fn list(&self, name: &str) -> &[String] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// The number of `syllable` (in lower case), and the sets that hold a phrase beginning with it, as bits of [`first`].
    pub fn syllable(&self, syllable: &str) -> (Syllable, u32) {
        let number = self.syllables.numbers.get(syllable).copied().unwrap_or(0);
        (number, self.firsts(number))
    }

    /// The syllable with the number `number`.
    pub fn name(&self, number: Syllable) -> Option<&str> {
        self.syllables.names.get(number as usize).map(String::as_str)
    }

    /// The syllable that `word` (in lower case), which no phrase holds, may stand for between two others: one that looks
    /// like it and stands beside one of them in some phrase.
    pub fn repaired(&self, before: Syllable, word: &str, after: Syllable) -> Option<Syllable> {
        let known = &self.syllables;
        let most = |s: Syllable| {
            let fits = known.beside.contains(&(before, s)) || known.beside.contains(&(s, after));
            let organ = known.organs.contains(&(s, after));
            fits.then_some(damage::MOST).or(organ.then_some(damage::MARK))
        };
        let alike = known.alike.get(&damage::skeleton(word)?)?.iter().copied();
        // A word that there is may have lost a mark; its letters stand as they were printed.
        let printed = LazyCell::new(|| SYLLABLES.contains(word));
        let near = alike.filter_map(|s| {
            let most = most(s)?;
            let far = damage::distance(word, known.names.get(s as usize)?);
            (far <= most && (far <= damage::MARK || !*printed)).then_some((far, s))
        });
        near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, s)| s)
    }

    /// The sets that hold a phrase beginning with the syllable `number`, as bits of [`first`].
    pub fn firsts(&self, number: Syllable) -> u32 {
        self.syllables.firsts.get(number as usize).copied().unwrap_or(0)
    }

    /// The full name of the agency with the abbreviation `short`, both in small letters.
    pub fn agency(&self, short: &str) -> Option<&str> {
        self.by_short.get(short).map(String::as_str)
    }

    fn load() -> Self {
        let mut kinds: Vec<Kind> = rows(include_str!("../../../dictionaries/document_types.tsv"))
            .filter_map(|r| {
                let (code, name) = (*r.first()?, *r.get(1)?);
                Some(Kind { code, name, low: fold::lower(name), flat: fold::ascii(name).replace(' ', "") })
            })
            .collect();
        kinds.sort_by_key(|k| std::cmp::Reverse(k.name.len()));
        let mut syllables = Syllables::default();
        let mut plain = |text: &'static str, bit: u32| {
            let mut p = Phrases::default();
            rows(text).filter_map(|r| r.first().copied()).for_each(|r| p.add(&mut syllables, r, (), bit));
            p
        };
        let verbs = plain(include_str!("../../../dictionaries/command_verbs.tsv"), first::VERB);
        let fields = plain(include_str!("../../../dictionaries/unit_fields.tsv"), first::FIELD);
        let ends = plain(include_str!("../../../dictionaries/unit_ends.tsv"), first::END);
        let mut cues = Phrases::default();
        for r in rows(include_str!("../../../dictionaries/role_phrases.tsv")) {
            if let [class, phrase, ..] = r[..]
                && let Some(cue) = Cue::of(class)
            {
                cues.add(&mut syllables, phrase, cue, cue.bit());
            }
        }
        let mut heads = Phrases::default();
        for r in rows(include_str!("../../../dictionaries/unit_heads.tsv")) {
            if let [class, phrase, ..] = r[..] {
                let head = match class {
                    "organ" => Head::Organ,
                    "post" => Head::Post,
                    "group" => Head::Group,
                    "whole" => Head::Whole,
                    "plain" => Head::Plain,
                    _ => Head::Place,
                };
                let capital = phrase.starts_with(char::is_uppercase);
                heads.add(&mut syllables, phrase, (head, capital), first::HEAD);
            }
        }
        let sections = rows(include_str!("../../../dictionaries/section_roles.tsv"))
            .filter_map(|r| {
                let role = match *r.first()? {
                    "purpose" => SectionRole::Purpose,
                    "scope" => SectionRole::Scope,
                    "target" => SectionRole::Target,
                    "task" => SectionRole::Task,
                    "measure" => SectionRole::Measure,
                    "organisation" => SectionRole::Organisation,
                    "funding" => SectionRole::Funding,
                    "result" => SectionRole::Result,
                    "assessment" => SectionRole::Assessment,
                    "petition" => SectionRole::Petition,
                    _ => return None,
                };
                Some((role, *r.get(1)?, fold::ascii(r.get(1)?)))
            })
            .collect();
        let agencies: Vec<(&str, &str)> = rows(include_str!("../../../dictionaries/agencies.tsv"))
            .filter_map(|r| Some((*r.first()?, *r.get(1)?)))
            .collect();
        let mut bodies = Phrases::default();
        // "Tổng cục Thuế Bộ Tài chính" is one name.
        let whole = agencies.iter().filter(|(_, name)| name.contains(' ') && !name.starts_with("Tổng cục"));
        whole.for_each(|(_, name)| bodies.add(&mut syllables, name, (), 0));
        let mut lists: FxHashMap<&str, Vec<String>> = FxHashMap::default();
        for r in rows(include_str!("../../../dictionaries/word_lists.tsv")) {
            if let [list, phrase, ..] = r[..] {
                lists.entry(list).or_default().push(phrase.replace('_', " "));
            }
        }
        let mut compounds = Phrases::default();
        lists
            .get("name_compound")
            .into_iter()
            .flatten()
            .for_each(|c| compounds.add(&mut syllables, c, (), 0));
        // "Sở" and the like before the fields they are of.
        let first_of = |p: &Phrases<()>| p.by_first.keys().copied().collect::<Vec<_>>();
        let (organs, own) = (heads.single(|(h, _)| h == Head::Organ), first_of(&fields));
        syllables.organs.extend(organs.iter().flat_map(|o| own.iter().map(|f| (*o, *f))));
        let classes =
            heads.by_first.iter().filter(|(_, list)| list.iter().any(|(_, (h, _))| *h == Head::Group));
        let classes: Vec<Syllable> = classes.map(|(first, _)| *first).collect();
        let each = syllables.number("các");
        syllables.beside.extend(classes.iter().map(|c| (each, *c)));
        for phrase in lists.get("set_phrase").into_iter().flatten() {
            let number = |w: &str| if w == "#" { NUMBER } else { syllables.number(w) };
            let words: Vec<Syllable> = phrase.split(' ').map(number).collect();
            syllables.beside.extend(words.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?))));
        }
        for (words, bit) in [(&NAME_WORDS[..], first::NAME), (&PART_WORDS, first::PART)] {
            for word in words {
                let number = syllables.number(word);
                syllables.note(number, bit);
            }
        }
        let by_short = agencies
            .iter()
            .rev()
            .filter(|(short, _)| short.chars().count() >= 3)
            .map(|(short, full)| (fold::lower(short), fold::lower(full)))
            .collect();
        Self {
            kinds,
            verbs,
            cues,
            heads,
            fields,
            ends,
            bodies,
            compounds,
            syllables,
            lists,
            sections,
            agencies,
            by_short,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dictionary_is_read() {
        assert!(DATA.kinds.len() > 35);
        assert!(DATA.sections.len() > 40);
        assert!(DATA.agencies.len() > 50);
        let words = ["phối", "hợp", "với"];
        let number = |words: &[&str], i: usize| words.get(i).map(|w| DATA.syllable(w).0);
        assert_eq!(DATA.verbs.find(|i| number(&words, i)), Some((2, ())));
        let words = ["ủy", "ban", "nhân", "dân", "các", "xã"];
        assert_eq!(DATA.heads.find(|i| number(&words, i)).map(|h| h.0), Some(4));
    }
}
