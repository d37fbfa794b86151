//! The plain trigram that the restorer is held against: marks put back by a beam over trigrams of the same language model,
//! no channel, no gate, no 4-grams, no names. Letters are believed as they stand.

use diacritic_restorer::lm::{FIRST_WORD, LanguageModel, NUMBER, SYMBOL, State, UNKNOWN, WordId};
use diacritic_restorer::syllable::strip_marks;
use diacritic_restorer::{ModelError, Restorer};
use std::collections::HashMap;

/// Hypotheses kept at each word.
const BEAM: usize = 8;

/// No entry of the model.
const NONE: u32 = u32::MAX;

/// Puts marks back by trigrams alone.
pub struct Trigram {
    models: Restorer,
    /// Words by their form without marks.
    by_bare: HashMap<String, Vec<WordId>>,
}

/// A reading of the words so far.
struct Hypothesis {
    score: f32,
    last: [WordId; 2],
    /// The reading it goes on from, among those one word before.
    from: usize,
}

impl Trigram {
    /// With the language model inside the program.
    ///
    /// # Errors
    /// Where it does not load.
    pub fn bundled() -> Result<Self, ModelError> {
        let models = Restorer::bundled()?;
        let mut by_bare: HashMap<String, Vec<WordId>> = HashMap::new();
        let lm = models.language_model();
        for i in usize::from(FIRST_WORD)..lm.vocabulary() {
            let word = i as WordId;
            by_bare.entry(strip_marks(lm.word(word))).or_default().push(word);
        }
        Ok(Self { models, by_bare })
    }

    /// Puts marks into a text, line for line.
    pub fn restore(&self, text: &str) -> String {
        let lines: Vec<String> = text.split('\n').map(|line| self.line(line)).collect();
        lines.join("\n")
    }

    fn line(&self, line: &str) -> String {
        let tokens: Vec<&str> = line.split(' ').collect();
        let lm = self.models.language_model();
        let candidates: Vec<Vec<WordId>> = tokens.iter().map(|t| self.candidates(core(t))).collect();
        let mut levels: Vec<Vec<Hypothesis>> = vec![vec![Hypothesis { score: 0.0, last: [0, 0], from: 0 }]];
        for words in &candidates {
            let Some(before) = levels.last() else { break };
            let mut next: Vec<Hypothesis> = Vec::new();
            for (from, h) in before.iter().enumerate() {
                for &word in words {
                    let score = h.score + probability(lm, h.last, word);
                    let last = [h.last[1], word];
                    match next.iter_mut().find(|n| n.last == last) {
                        Some(same) if same.score >= score => {}
                        Some(same) => *same = Hypothesis { score, last, from },
                        None => next.push(Hypothesis { score, last, from }),
                    }
                }
            }
            next.sort_by(|a, b| b.score.total_cmp(&a.score));
            next.truncate(BEAM);
            levels.push(next);
        }
        let mut words = Vec::with_capacity(tokens.len());
        let mut at = 0;
        for level in levels.iter().skip(1).rev() {
            let Some(h) = level.get(at) else { break };
            words.push(h.last[1]);
            at = h.from;
        }
        words.reverse();
        let written: Vec<String> = tokens.iter().zip(words).map(|(t, w)| write(lm, t, w)).collect();
        written.join(" ")
    }

    /// What a word without marks may stand for.
    fn candidates(&self, core: &str) -> Vec<WordId> {
        let bare = strip_marks(&core.to_lowercase());
        match self.by_bare.get(&bare) {
            _ if core.chars().any(|c| c.is_ascii_digit()) => {
                vec![if core.contains(['/', '-']) { SYMBOL } else { NUMBER }]
            }
            Some(words) => words.clone(),
            None => vec![UNKNOWN],
        }
    }
}

/// Natural logarithm of P(word | the two before it).
fn probability(lm: &LanguageModel, last: [WordId; 2], word: WordId) -> f32 {
    // A state that knows of no word before its own: the longest n-gram that two steps from there can use is a trigram.
    let (_, first) = lm.step_after(&lm.after(State::begin()), last[0], NONE);
    let (_, both) = lm.step(first, last[1]);
    lm.step(both, word).0
}

/// A token without outer punctuation.
fn core(token: &str) -> &str {
    token.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The token with `word` in the place and the case of its core.
fn write(lm: &LanguageModel, token: &str, word: WordId) -> String {
    let core = core(token);
    if word < FIRST_WORD || core.is_empty() {
        return token.to_owned();
    }
    let text = lm.word(word);
    let upper = core.chars().filter(|c| c.is_uppercase()).count();
    let cased = match upper {
        0 => text.to_owned(),
        n if n > 1 => text.to_uppercase(),
        _ => {
            let mut letters = text.chars();
            letters.next().map(char::to_uppercase).into_iter().flatten().chain(letters).collect()
        }
    };
    token.replacen(core, &cased, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_back() {
        let trigram = Trigram::bundled().unwrap();
        let text = "Uy ban nhan dan xa to chuc hop,\n\n so 12/KH-UBND, nam 2026.";
        let restored = trigram.restore(text);
        assert_eq!(restored, "Ủy ban nhân dân xã tổ chức họp,\n\n số 12/KH-UBND, năm 2026.");
    }
}
