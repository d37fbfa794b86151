//! Names of administrative units, expected behind the words that announce them: "xã Ea Mlay", "thị trấn Cái Dầu". There are
//! ten thousand, most of them too rare for a language model. A class-based model (Brown et al. 1992) mixed with the n-grams.

use crate::lexicon::Known;
use crate::lm::{LanguageModel, WordId};
use crate::token::{Kind, units};
use rustc_hash::FxHashMap;

/// Share of the class in what follows an announcing word.
const OPENS: f32 = 0.3;
/// Share of the class inside a name that has begun.
const INSIDE: f32 = 0.95;
/// Added (nats) for a word that stands in names of units only, wherever it is read.
const RARE: f32 = -10.0;

/// Where a text stands in a name: a node of the trie over "kind name".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Place(u32);

/// The trie of all names behind their kinds.
#[derive(Debug, Default)]
pub struct Places {
    nodes: Vec<Node>,
    children: FxHashMap<(Place, WordId), Place>,
    /// Words that the language model does not hold.
    new: std::ops::Range<usize>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    /// Units whose name comes here.
    units: f32,
    /// Of these, those whose name goes on.
    longer: f32,
    /// Share of the class in what follows.
    share: f32,
}

impl Places {
    /// Reads rows of a kind, a name and how many units are or were so called in each of the following columns. Gives the
    /// words of the names with their ids; those beyond the vocabulary are entered in `known`.
    pub(crate) fn parse(table: &str, lm: &LanguageModel, known: &mut Known) -> (Self, Vec<(String, WordId)>) {
        let mut places = Self { nodes: vec![Node::default()], ..Self::default() };
        let mut words = Vec::new();
        let from = lm.vocabulary() + known.len();
        for row in table.lines().filter(|l| !l.starts_with('#')) {
            let mut columns = row.split('\t');
            let (Some(kind), Some(name)) = (columns.next(), columns.next()) else { continue };
            let count: f32 = columns.filter_map(|c| c.parse::<f32>().ok()).sum();
            let read = units(name);
            if read.iter().any(|u| u.kind != Kind::Word) {
                continue;
            }
            let mut at = Place::default();
            for word in kind.split(' ') {
                at = places.child(at, known.intern(word, lm, &mut words), count);
            }
            places.node(at).share = OPENS;
            let mut enter = |name: &mut dyn Iterator<Item = &str>| {
                name.fold(at, |at, word| {
                    let next = places.child(at, known.intern(word, lm, &mut words), count);
                    places.node(next).share = INSIDE;
                    next
                });
            };
            enter(&mut read.iter().map(|u| &name[u.start..u.end]));
            // Units of damaged lines hold what may be a letter: M'gar is one there, of clean lines two.
            if name.contains('\'') {
                enter(&mut name.split(' '));
            }
        }
        places.new = from..lm.vocabulary() + known.len();
        (places, words)
    }

    fn node(&mut self, at: Place) -> &mut Node {
        &mut self.nodes[at.0 as usize]
    }

    fn child(&mut self, at: Place, word: WordId, count: f32) -> Place {
        let fresh = Place(self.nodes.len() as u32);
        let child = *self.children.entry((at, word)).or_insert(fresh);
        if child == fresh {
            self.nodes.push(Node::default());
        }
        self.node(at).longer += count;
        self.node(child).units += count;
        child
    }

    /// Where the text stands after `word`.
    pub fn step(&self, at: Place, word: WordId) -> Place {
        let child = |at: Place| self.children.get(&(at, word)).copied();
        match at {
            Place(0) => child(at).unwrap_or_default(),
            _ => child(at).or_else(|| child(Place::default())).unwrap_or_default(),
        }
    }

    /// The natural log-probability `p` of `word` at `at`, mixed with what names go on there. Names are capitalised.
    pub fn mix(&self, at: Place, word: WordId, capital: bool, p: f32) -> f32 {
        let p = if self.new.contains(&usize::from(word)) { p + RARE } else { p };
        let Some(node) = self.nodes.get(at.0 as usize).filter(|n| n.share > 0.0 && capital) else { return p };
        let named = self.children.get(&(at, word)).map_or(0.0, |c| self.nodes[c.0 as usize].units);
        // One more unit, that no list holds.
        let share = node.share / (node.units + 1.0);
        ((1.0 - share * node.longer) * p.exp() + share * named).ln()
    }
}

#[cfg(test)]
mod tests {
    use crate::{Options, Restorer};

    fn restored(text: &str) -> String {
        Restorer::bundled().unwrap().restore_text(text, &Options::default()).text
    }

    #[test]
    fn names_are_known_behind_their_kind() {
        let text = "Uy ban nhan dan xa Ea Kpam, huyen Cu M'gar, tinh Dak Lak to chuc hop.";
        assert_eq!(restored(text), "Ủy ban nhân dân xã Ea Kpam, huyện Cư M'gar, tỉnh Đắk Lắk tổ chức họp.");
        let read = "Uy ban nh4n d4n huyén Cu M'gar, tinh Dik Lik té chirc hop";
        assert_eq!(restored(read), "Ủy ban nhân dân huyện Cư M'gar, tỉnh Đắk Lắk tổ chức họp");
    }

    #[test]
    fn what_is_not_capitalised_is_no_name() {
        assert_eq!(restored("cac van de xa hoi cua tinh nha"), "các vấn đề xã hội của tỉnh nhà");
    }
}
