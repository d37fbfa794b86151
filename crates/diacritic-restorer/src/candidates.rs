//! The syllables that an observed string may stand for.

use crate::channel::{Channel, IMPOSSIBLE};
use crate::emissions::{Bench, Column, Emissions, LONGEST, Print};
use crate::lm::WordId;

/// A syllable that may have been printed, with how well each case pattern explains what was observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Id in the language model.
    pub word: WordId,
    /// Natural log-probability of the observation if printed in small letters, with a capital, in capitals.
    pub by_case: [f32; 3],
}

impl Candidate {
    /// The best over the case patterns.
    pub fn best(&self) -> f32 {
        self.by_case.iter().copied().fold(IMPOSSIBLE, f32::max)
    }
}

/// A trie over the words that may be restored to.
#[derive(Default)]
pub struct Trie {
    /// All letters in it, sorted.
    alphabet: Vec<char>,
    nodes: Vec<Node>,
}

/// Children of a node follow one another.
#[derive(Clone, Copy)]
struct Node {
    letter: u16,
    word: Option<WordId>,
    parent: u32,
    first: u32,
    children: u16,
}

/// How far a search goes. One or two characters say so little that only the words around them can tell; there, all that
/// is not absurd is left to the language model.
struct Reach {
    /// How far below the best candidate (nats) another one may lie.
    width: f32,
    /// Most trie nodes that are followed at each depth.
    nodes: usize,
    /// Most candidates.
    most: usize,
}

impl Reach {
    fn of(observed: &[char]) -> Self {
        match observed.len() {
            ..2 => Self { width: 18.0, nodes: 400, most: 400 },
            2 => Self { width: 18.0, nodes: 400, most: 300 },
            3 => Self { width: 14.0, nodes: 240, most: 64 },
            _ => Self { width: 14.0, nodes: 160, most: 48 },
        }
    }
}

/// Below this (nats) nothing is followed.
const LOWEST: f32 = -40.0;

/// Room for searches, kept from search to search.
#[derive(Default)]
pub struct Room {
    short: Frontier<4>,
    middle: Frontier<8>,
    long: Frontier<16>,
}

/// The nodes that a search has come to.
#[derive(Default)]
struct Frontier<const CELLS: usize> {
    bench: Bench<CELLS>,
    level: Vec<(u32, f32, Column<CELLS>)>,
    next: Vec<(u32, f32, Column<CELLS>)>,
    found: Vec<(f32, u32)>,
}

impl Trie {
    /// Over folded words.
    pub fn new(mut words: Vec<(String, WordId)>) -> Self {
        words.sort();
        words.dedup_by(|a, b| a.0 == b.0);
        let letters: std::collections::BTreeSet<char> = words.iter().flat_map(|w| w.0.chars()).collect();
        let alphabet: Vec<char> = letters.into_iter().collect();
        let spelled: Vec<(Vec<u16>, WordId)> = words
            .iter()
            .map(|(text, word)| {
                let letter = |c| alphabet.binary_search(&c).unwrap_or(0) as u16;
                (text.chars().map(letter).collect(), *word)
            })
            .collect();
        let mut trie = Self { alphabet, nodes: Vec::new() };
        trie.nodes.push(Node { letter: 0, word: None, parent: 0, first: 0, children: 0 });
        // Breadth first: each node with the run of sorted words below it and its depth.
        let mut open = std::collections::VecDeque::from([(0usize, 0..spelled.len(), 0usize)]);
        while let Some((at, range, depth)) = open.pop_front() {
            let mut i = range.start;
            if spelled.get(i).is_some_and(|(letters, _)| letters.len() == depth) {
                trie.nodes[at].word = Some(spelled[i].1);
                i += 1;
            }
            trie.nodes[at].first = trie.nodes.len() as u32;
            while i < range.end {
                let letter = spelled[i].0[depth];
                let from = i;
                while i < range.end && spelled[i].0[depth] == letter {
                    i += 1;
                }
                open.push_back((trie.nodes.len(), from..i, depth + 1));
                trie.nodes.push(Node { letter, word: None, parent: at as u32, first: 0, children: 0 });
                trie.nodes[at].children += 1;
            }
        }
        trie
    }

    /// The emissions of `channel` over the letters of this trie.
    pub fn emissions(&self, channel: &Channel) -> Emissions {
        Emissions::new(channel, &self.alphabet)
    }

    /// All words, spelled.
    pub fn words(&self) -> Vec<(String, WordId)> {
        let spelled = |at: usize| self.spell(at).iter().map(|&l| self.alphabet[usize::from(l)]).collect();
        self.nodes.iter().enumerate().filter_map(|(i, n)| n.word.map(|w| (spelled(i), w))).collect()
    }

    /// The letters on the way to a node.
    fn spell(&self, mut at: usize) -> Vec<u16> {
        let mut letters = Vec::new();
        while at != 0 {
            letters.push(self.nodes[at].letter);
            at = self.nodes[at].parent as usize;
        }
        letters.reverse();
        letters
    }

    /// The candidates that explain `observed` best, best first; none where it is empty or too long for a word.
    pub fn search(&self, emissions: &Emissions, observed: &str, room: &mut Room) -> Vec<Candidate> {
        let observed: Vec<char> = observed.chars().take(LONGEST + 1).collect();
        match observed.len() {
            1..4 => self.search_in(emissions, &observed, &mut room.short),
            4..8 => self.search_in(emissions, &observed, &mut room.middle),
            8..=LONGEST => self.search_in(emissions, &observed, &mut room.long),
            _ => Vec::new(),
        }
    }

    /// Breadth first, so that whole words bound the search early; what can no longer come near the best is dropped.
    fn search_in<const CELLS: usize>(
        &self,
        emissions: &Emissions,
        observed: &[char],
        frontier: &mut Frontier<CELLS>,
    ) -> Vec<Candidate> {
        let Frontier { bench, level, next, found } = frontier;
        let Reach { width, nodes, most } = Reach::of(observed);
        bench.lay(emissions, observed);
        found.clear();
        let mut best = IMPOSSIBLE;
        level.clear();
        level.push((0, 0.0, bench.start()));
        while !level.is_empty() {
            next.clear();
            let mut top_of_level = IMPOSSIBLE;
            for (at, promise, before) in level.iter() {
                if *promise <= best - width {
                    continue;
                }
                let node = self.nodes[*at as usize];
                for child in node.first..node.first + u32::from(node.children) {
                    let Node { letter, word, children, .. } = self.nodes[child as usize];
                    let after = bench.advance(emissions, usize::from(letter), Print::Any, before);
                    let promise = bench.promise(&after);
                    if promise <= best.max(top_of_level) - width || promise < LOWEST {
                        continue;
                    }
                    top_of_level = top_of_level.max(promise);
                    let score = bench.end(&after);
                    if word.is_some() && score > best - width {
                        best = best.max(score);
                        found.push((score, child));
                    }
                    if children > 0 {
                        next.push((child, promise, after));
                    }
                }
            }
            let least = best.max(top_of_level) - width;
            next.retain(|n| n.1 > least);
            if next.len() > nodes {
                next.select_nth_unstable_by(nodes, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                next.truncate(nodes);
            }
            std::mem::swap(level, next);
        }
        found.retain(|(s, _)| *s > best - width);
        found.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(most);
        found.iter().filter_map(|&(_, at)| self.by_case(emissions, at as usize, bench)).collect()
    }

    fn by_case<const CELLS: usize>(
        &self,
        emissions: &Emissions,
        at: usize,
        bench: &mut Bench<CELLS>,
    ) -> Option<Candidate> {
        let letters = self.spell(at);
        let mut score = |first: Print, others: Print| {
            let mut column = bench.start();
            for (i, &l) in letters.iter().enumerate() {
                let print = if i == 0 { first } else { others };
                column = bench.advance(emissions, usize::from(l), print, &column);
            }
            bench.end(&column).max(IMPOSSIBLE)
        };
        let by_case = [
            score(Print::Lower, Print::Lower),
            score(Print::Upper, Print::Lower),
            score(Print::Upper, Print::Upper),
        ];
        self.nodes[at].word.map(|word| Candidate { word, by_case })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_comes_first() {
        let words = vec![("đến".to_owned(), 4), ("nên".to_owned(), 5), ("đi".to_owned(), 6)];
        let trie = Trie::new(words.clone());
        let mut back = trie.words();
        back.sort_by_key(|w| w.1);
        assert_eq!(back, words);
        let channel = Channel::parse("đ\td\t-0.1\nế\té\t-0.1\nn\tn\t-0.01\nê\té\t-0.1\n").unwrap();
        let found = trie.search(&trie.emissions(&channel), "dén", &mut Room::default());
        assert_eq!(found.first().map(|c| c.word), Some(4));
        assert!(found[0].by_case[0] > found[0].by_case[2]);
    }
}
