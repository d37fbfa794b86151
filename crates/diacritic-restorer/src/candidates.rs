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
}

#[derive(Default)]
struct Node {
    word: Option<WordId>,
    children: Vec<(char, u32)>,
}

/// How far below the best candidate (nats) another one may lie.
const WIDTH: f32 = 14.0;

impl Trie {
    /// Over folded `words`.
    pub fn new<'w>(words: impl IntoIterator<Item = (&'w str, WordId)>) -> Self {
        let mut nodes = vec![Node::default()];
        for (text, word) in words {
            let mut at = 0usize;
            for c in text.chars() {
                at = match nodes[at].children.iter().find(|(d, _)| *d == c) {
                    Some(&(_, next)) => next as usize,
                    None => {
                        let next = nodes.len();
                        nodes.push(Node::default());
                        nodes[at].children.push((c, next as u32));
                        next
                    }
                };
            }
            nodes[at].word = Some(word);
        }
        Self { nodes }
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
        let mut found: Vec<(f32, WordId)> = Vec::new();
        let mut start = vec![IMPOSSIBLE; e.len() + 1];
        start[0] = 0.0;
        let mut best = IMPOSSIBLE;
        let mut stack = vec![(0u32, start)];
        while let Some((at, before)) = stack.pop() {
            let Some(node) = self.nodes.get(at as usize) else { continue };
            if let (Some(word), Some(&score)) = (node.word, before.last()) {
                if score > best - WIDTH {
                    best = best.max(score);
                    found.push((score, word));
                }
            }
            for &(c, next) in &node.children {
                let after = advance_any_case(&mut e, c, &before);
                let top = after.iter().copied().fold(IMPOSSIBLE, f32::max);
                if top > best - WIDTH && top > -40.0 {
                    stack.push((next, after));
                }
            }
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

/// A small step for a letter in either case, whichever explains more.
fn advance_any_case(e: &mut Emissions<'_>, c: char, before: &[f32]) -> Vec<f32> {
    let row = e.row(c);
    let mut after = Vec::new();
    e.advance(row, before, &mut after);
    let upper = c.to_uppercase().next().unwrap_or(c);
    if upper != c {
        let row = e.row(upper);
        let mut other = Vec::new();
        e.advance(row, before, &mut other);
        for (a, b) in after.iter_mut().zip(other) {
            *a = a.max(b);
        }
    }
    after
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
