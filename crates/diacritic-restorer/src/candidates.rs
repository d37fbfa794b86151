//! The syllables that an observed string may stand for.

use crate::channel::{Channel, Emissions, IMPOSSIBLE};
use crate::lm::WordId;
use crate::syllable::Case;

/// A syllable that may have been printed, with how well each case pattern explains what was observed.
#[derive(Debug, Clone, PartialEq)]
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
pub struct Trie {
    nodes: Vec<Node>,
    /// All letters in it.
    alphabet: Vec<char>,
}

#[derive(Default)]
struct Node {
    word: Option<WordId>,
    children: Vec<(char, u32)>,
}

/// How far below the best candidate (nats) another one may lie.
const WIDTH: f32 = 14.0;
/// Most trie nodes that are followed at each depth.
const NODES: usize = 160;
/// Below this (nats) nothing is followed.
const LOWEST: f32 = -40.0;

impl Trie {
    /// Over folded `words`.
    pub fn new<'w>(words: impl IntoIterator<Item = (&'w str, WordId)>) -> Self {
        let mut trie = Self { nodes: vec![Node::default()], alphabet: Vec::new() };
        let mut letters = std::collections::BTreeSet::new();
        for (text, word) in words {
            letters.extend(text.chars());
            trie.grow(text, word);
        }
        trie.alphabet = letters.into_iter().collect();
        trie
    }

    /// Adds one folded word.
    pub fn insert(&mut self, text: &str, word: WordId) {
        for c in text.chars() {
            if let Err(at) = self.alphabet.binary_search(&c) {
                self.alphabet.insert(at, c);
            }
        }
        self.grow(text, word);
    }

    fn grow(&mut self, text: &str, word: WordId) {
        let mut at = 0usize;
        for c in text.chars() {
            at = match self.nodes[at].children.iter().find(|(d, _)| *d == c) {
                Some(&(_, next)) => next as usize,
                None => {
                    let next = self.nodes.len();
                    self.nodes.push(Node::default());
                    self.nodes[at].children.push((c, next as u32));
                    next
                }
            };
        }
        self.nodes[at].word = Some(word);
    }

    /// The `most` candidates that explain `observed` best, best first. `shouting` says that capitals are expected.
    pub fn search(
        &self,
        channel: &Channel,
        observed: &str,
        text_of: impl Fn(WordId) -> String,
        most: usize,
    ) -> Vec<Candidate> {
        let mut e = Emissions::new(channel, observed);
        if e.is_empty() {
            return Vec::new();
        }
        let width = e.len() + 1;
        let rest = e.rest(&self.alphabet);
        let mut found: Vec<(f32, WordId)> = Vec::new();
        let mut best = IMPOSSIBLE;
        // Breadth first, so that whole words bound the search early; scores of one depth lie in one vector.
        let mut level = vec![(0u32, 0.0f32)];
        let mut scores = vec![IMPOSSIBLE; width];
        scores[0] = 0.0;
        let mut after = vec![IMPOSSIBLE; width];
        while !level.is_empty() {
            let mut next: Vec<(u32, f32, usize)> = Vec::new();
            let mut next_scores: Vec<f32> = Vec::new();
            let mut top_of_level = IMPOSSIBLE;
            for (i, &(at, _)) in level.iter().enumerate() {
                let Some(node) = self.nodes.get(at as usize) else { continue };
                let before = &scores[i * width..(i + 1) * width];
                for &(c, child) in &node.children {
                    let row = e.row_any_case(c);
                    let top = e.advance(row, before, &rest, &mut after);
                    if top <= best - WIDTH || top <= top_of_level - WIDTH || top < LOWEST {
                        continue;
                    }
                    top_of_level = top_of_level.max(top);
                    if let Some(word) = self.nodes.get(child as usize).and_then(|n| n.word) {
                        let score = after[width - 1];
                        if score > best - WIDTH {
                            best = best.max(score);
                            found.push((score, word));
                        }
                    }
                    next.push((child, top, next.len()));
                    next_scores.extend_from_slice(&after);
                }
            }
            next.retain(|n| n.1 > top_of_level - WIDTH && n.1 > best - WIDTH);
            if next.len() > NODES {
                next.select_nth_unstable_by(NODES, |a, b| b.1.total_cmp(&a.1));
                next.truncate(NODES);
            }
            level = next.iter().map(|&(at, top, _)| (at, top)).collect();
            scores = next
                .iter()
                .flat_map(|n| next_scores[n.2 * width..(n.2 + 1) * width].iter().copied())
                .collect();
        }
        found.retain(|(s, _)| *s > best - WIDTH);
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(most);
        found
            .into_iter()
            .map(|(_, word)| {
                let text = text_of(word);
                let by_case = [Case::Lower, Case::Title, Case::Upper]
                    .map(|case| e.score(&case.apply(&text)).max(IMPOSSIBLE));
                Candidate { word, by_case }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_comes_first() {
        let trie = Trie::new([("đến", 4), ("nên", 5), ("đi", 6)]);
        let channel = Channel::parse("đ\td\t-0.1\nế\té\t-0.1\nn\tn\t-0.01\nê\té\t-0.1\n").unwrap();
        let words = ["đến", "nên", "đi"];
        let found = trie.search(&channel, "dén", |w| words[usize::from(w) - 4].to_owned(), 5);
        assert_eq!(found.first().map(|c| c.word), Some(4));
        assert!(found[0].by_case[0] > found[0].by_case[2]);
    }
}
