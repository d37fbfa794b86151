//! The lattice of what may have been printed, and the search through it.

use crate::lexicon::Known;
use crate::lm::{LanguageModel, State, WordId};
use rustc_hash::FxHashMap;

/// One way to read one or two units.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Units covered, 1 or 2.
    pub span: usize,
    /// What is printed, as the language model knows it.
    pub words: Vec<WordId>,
    /// Natural log-probability of the observation, given the print.
    pub score: f32,
    /// What is written.
    pub text: String,
}

/// All ways to read a run of units: `edges[i]` begin at unit `i`.
#[derive(Debug, Clone, Default)]
pub struct Lattice {
    /// Edges by first unit.
    pub edges: Vec<Vec<Edge>>,
}

/// The best path: for each step the unit it begins at, its edge, and that edge's posterior probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// First unit.
    pub unit: usize,
    /// Index into the unit's edges.
    pub edge: usize,
    /// Posterior probability, 0 to 1, among the paths that the beam kept.
    pub posterior: f32,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decoded {
    /// The best path.
    pub steps: Vec<Step>,
    /// Posterior probability of every edge, by first unit and edge.
    pub posteriors: Vec<Vec<f32>>,
}

/// Weights of the search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Exponent of the language model beside the channel.
    pub language: f32,
    /// Added for each word.
    pub word: f32,
    /// Hypotheses kept at each unit.
    pub beam: usize,
    /// How far below the best hypothesis (nats) another one may lie.
    pub width: f32,
}

struct Hypothesis {
    state: State,
    /// Best score of a path here.
    best: f32,
    /// Log-sum over all paths here.
    forward: f32,
    backward: f32,
    /// Best predecessor: unit, hypothesis, edge.
    from: Option<(usize, usize, usize)>,
    /// All predecessors: unit, hypothesis, edge, score of the step.
    incoming: Vec<(usize, usize, usize, f32)>,
}

/// log(exp a + exp b)
fn log_add(a: f32, b: f32) -> f32 {
    let (hi, lo) = if a > b { (a, b) } else { (b, a) };
    if lo == f32::NEG_INFINITY { hi } else { hi + (lo - hi).exp().ln_1p() }
}

impl Lattice {
    /// Beam search for the best path, with posteriors by forward-backward over what the beam kept.
    pub(crate) fn decode(&self, lm: &LanguageModel, known: &Known, weights: Weights) -> Decoded {
        let favours = !known.is_empty();
        let n = self.edges.len();
        let mut nodes: Vec<Vec<Hypothesis>> = (0..=n).map(|_| Vec::new()).collect();
        nodes[0].push(Hypothesis {
            state: State::begin(),
            best: 0.0,
            forward: 0.0,
            backward: f32::NEG_INFINITY,
            from: None,
            incoming: Vec::new(),
        });
        let mut seen: Vec<FxHashMap<State, usize>> = (0..=n).map(|_| FxHashMap::default()).collect();
        // The best score that reached each unit so far; what lies too far below it need not ask the language model.
        let mut top = vec![f32::NEG_INFINITY; n + 1];
        for unit in 0..n {
            prune(&mut nodes[unit], weights);
            for h in 0..nodes[unit].len() {
                let (state, best, forward) = {
                    let h = &nodes[unit][h];
                    (h.state, h.best, h.forward)
                };
                for (e, edge) in self.edges[unit].iter().enumerate() {
                    let to = (unit + edge.span).min(n);
                    if best + edge.score < top[to] - weights.width {
                        continue;
                    }
                    let mut at = state;
                    let mut language = 0.0;
                    for &w in &edge.words {
                        let (p, next) = lm.step(at, w);
                        language += p;
                        if favours {
                            language += known.follows(at.word(), w);
                        }
                        at = next;
                    }
                    let step =
                        edge.score + weights.language * language + weights.word * edge.words.len() as f32;
                    if best + step < top[to] - weights.width {
                        continue;
                    }
                    top[to] = top[to].max(best + step);
                    let next = &mut nodes[to];
                    let i = *seen[to].entry(at).or_insert_with(|| {
                        next.push(Hypothesis {
                            state: at,
                            best: f32::NEG_INFINITY,
                            forward: f32::NEG_INFINITY,
                            backward: f32::NEG_INFINITY,
                            from: None,
                            incoming: Vec::new(),
                        });
                        next.len() - 1
                    });
                    let target = &mut next[i];
                    if best + step > target.best {
                        target.best = best + step;
                        target.from = Some((unit, h, e));
                    }
                    target.forward = log_add(target.forward, forward + step);
                    target.incoming.push((unit, h, e, step));
                }
            }
        }
        self.best_path(nodes)
    }

    fn best_path(&self, mut nodes: Vec<Vec<Hypothesis>>) -> Decoded {
        let n = self.edges.len();
        let mut total = f32::NEG_INFINITY;
        for h in &mut nodes[n] {
            h.backward = 0.0;
            total = log_add(total, h.forward);
        }
        let mut posterior: Vec<Vec<f32>> = self.edges.iter().map(|e| vec![0.0; e.len()]).collect();
        for at in (1..=n).rev() {
            let here = std::mem::take(&mut nodes[at]);
            for h in &here {
                if h.backward == f32::NEG_INFINITY {
                    continue;
                }
                for &(unit, i, e, step) in &h.incoming {
                    let from = &mut nodes[unit][i];
                    from.backward = log_add(from.backward, h.backward + step);
                    posterior[unit][e] += (from.forward + step + h.backward - total).exp();
                }
            }
            nodes[at] = here;
        }
        let mut out = Vec::new();
        let last = nodes[n].iter().enumerate().max_by(|a, b| a.1.best.total_cmp(&b.1.best)).map(|(i, _)| i);
        let mut at = last.map(|i| (n, i));
        while let Some((unit, i)) = at {
            at = nodes[unit][i].from.map(|(u, h, e)| {
                out.push(Step { unit: u, edge: e, posterior: posterior[u][e].clamp(0.0, 1.0) });
                (u, h)
            });
        }
        out.reverse();
        Decoded { steps: out, posteriors: posterior }
    }
}

/// Keeps the best hypotheses. The others stay in place with no way on, since predecessors point by position.
fn prune(node: &mut Vec<Hypothesis>, weights: Weights) {
    node.sort_by(|a, b| b.best.total_cmp(&a.best));
    let best = node.first().map_or(0.0, |h| h.best);
    let keep = node.iter().take(weights.beam).take_while(|h| h.best > best - weights.width).count();
    node.truncate(keep.max(1));
}
