//! The lattice of what may have been printed, and the search through it.

use crate::lm::{LanguageModel, State, WordId};
use crate::places::Place;
use crate::restorer::Restorer;
use crate::said::Said;
use rustc_hash::FxHashMap;

/// How an edge is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it was read.
    AsRead,
    /// A document symbol or an abbreviation with its letters mended.
    Symbol,
    /// The words in these case patterns (positions of [`crate::segment::case_at`]).
    Spelled([u8; 2]),
}

/// One way to read one or two units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Units covered, 1 or 2.
    pub span: u8,
    /// Words printed, 1 or 2.
    pub count: u8,
    /// What is printed, as the language model knows it.
    pub words: [WordId; 2],
    /// How it is written.
    pub form: Form,
    /// Natural log-probability of the observation, given the print.
    pub score: f32,
}

impl Edge {
    /// Whether word `i` may be written with a capital.
    fn capital(&self, i: usize) -> bool {
        match self.form {
            Form::Spelled(cases) => cases.get(i).is_some_and(|case| *case > 0),
            Form::AsRead | Form::Symbol => true,
        }
    }
}

/// All ways to read a run of units.
#[derive(Debug, Clone, Default)]
pub struct Lattice {
    /// The edges of all units, those of one unit together.
    pub edges: Vec<Edge>,
    /// The first edge of each unit.
    pub first: Vec<usize>,
}

impl Lattice {
    /// Forgets all edges.
    pub fn clear(&mut self) {
        self.edges.clear();
        self.first.clear();
    }

    /// Begins the next unit; the edges pushed after it are its own.
    pub fn begin_unit(&mut self) {
        self.first.push(self.edges.len());
    }

    /// Positions of the edges that begin at `unit`.
    pub fn of_unit(&self, unit: usize) -> std::ops::Range<usize> {
        let end = self.edges.len();
        self.first.get(unit).copied().unwrap_or(end)..self.first.get(unit + 1).copied().unwrap_or(end)
    }
}

/// One step of the best path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// First unit.
    pub unit: usize,
    /// The edge taken.
    pub edge: usize,
    /// Its posterior probability, 0 to 1, among the paths that the beam kept.
    pub posterior: f32,
}

/// Weights of the search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Hypotheses kept at each unit.
    pub beam: usize,
    /// How far below the best hypothesis (nats) another one may lie.
    pub width: f32,
}

/// What was read so far, as far as it bears on what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Past {
    /// Of the language model.
    pub state: State,
    /// Of the names of places.
    pub place: Place,
}

impl Past {
    /// The beginning of a paragraph.
    pub fn begin() -> Self {
        Self { state: State::begin(), place: Place::default() }
    }
}

#[derive(Debug, Clone, Copy)]
struct Node {
    past: Past,
    /// Best score of a path here.
    best: f32,
    /// The arc by which it came.
    from: u32,
    unit: u32,
}

#[derive(Debug, Clone, Copy)]
struct Arc {
    from: u32,
    to: u32,
    edge: u32,
    step: f32,
}

const NONE: u32 = u32::MAX;

/// A search, with room that is kept from run to run.
#[derive(Debug, Default)]
pub struct Search {
    nodes: Vec<Node>,
    arcs: Vec<Arc>,
    /// Nodes by unit.
    at: Vec<Vec<u32>>,
    seen: FxHashMap<(u32, Past), u32>,
    /// The best score that reached each unit.
    top: Vec<f32>,
    /// Bigrams of the last words at a unit with the edges there.
    pairs: Vec<(WordId, Vec<u32>)>,
    /// How many of these belong to the unit at hand; the rest is room.
    asked: usize,
    /// The best path.
    pub steps: Vec<Step>,
    /// Posterior probability of each edge of the lattice.
    pub posteriors: Vec<f32>,
}

impl Search {
    /// Beam search for the best path, with posteriors by forward-backward over what the beam kept.
    /// `past` stands before the first unit; `said` is what the document says elsewhere.
    pub(crate) fn run(
        &mut self,
        lattice: &Lattice,
        models: &Restorer,
        said: Option<&Said>,
        past: Past,
        weights: Weights,
    ) {
        let n = lattice.first.len();
        self.nodes.clear();
        self.arcs.clear();
        self.seen.clear();
        self.top.clear();
        self.top.resize(n + 1, f32::NEG_INFINITY);
        self.at.iter_mut().for_each(Vec::clear);
        self.at.resize(self.at.len().max(n + 1), Vec::new());
        self.nodes.push(Node { past, best: 0.0, from: NONE, unit: 0 });
        self.top[0] = 0.0;
        self.at[0].push(0);
        for unit in 0..n {
            self.expand(lattice, models, said, weights, unit);
        }
        self.weigh(lattice, n);
        self.trace(n);
    }

    /// The nodes of `unit` that are followed, best first.
    fn alive(&mut self, unit: usize, weights: Weights) -> Vec<u32> {
        let mut alive = std::mem::take(&mut self.at[unit]);
        let least = self.top[unit] - weights.width;
        alive.retain(|&i| self.nodes[i as usize].best >= least);
        alive.sort_unstable_by(|&a, &b| {
            self.nodes[b as usize].best.total_cmp(&self.nodes[a as usize].best).then(a.cmp(&b))
        });
        alive.truncate(weights.beam);
        alive
    }

    /// Where the bigrams of `last` with the first words of `edges` are held, looked up where they are not.
    fn pairs_after(&mut self, lm: &LanguageModel, last: WordId, edges: &[Edge]) -> usize {
        if let Some(slot) = self.pairs[..self.asked].iter().position(|p| p.0 == last) {
            return slot;
        }
        if self.asked == self.pairs.len() {
            self.pairs.push(Default::default());
        }
        let held = &mut self.pairs[self.asked];
        held.0 = last;
        lm.pairs(last, edges.iter().map(|e| e.words[0]), &mut held.1);
        self.asked += 1;
        self.asked - 1
    }

    fn expand(
        &mut self,
        lattice: &Lattice,
        models: &Restorer,
        said: Option<&Said>,
        weights: Weights,
        unit: usize,
    ) {
        let (lm, known, places) = (&models.lm, &models.known, &models.places);
        let n = lattice.first.len();
        let range = lattice.of_unit(unit);
        let edges = &lattice.edges[range.clone()];
        let favours = !known.is_empty();
        let alive = self.alive(unit, weights);
        self.asked = 0;
        for &from in &alive {
            let Node { past: Past { state, place }, best, .. } = self.nodes[from as usize];
            let slot = self.pairs_after(lm, state.word(), edges);
            let (last, pairs) = &self.pairs[slot];
            let after = lm.after(state);
            for (e, edge) in edges.iter().enumerate() {
                let to = (unit + usize::from(edge.span)).min(n);
                let least = self.top[to] - weights.width;
                if best + edge.score < least {
                    continue;
                }
                let (mut p, mut state) = lm.step_after(&after, edge.words[0], pairs[e]);
                if let Some(said) = said {
                    p = said.mix(*last, edge.words[0], p);
                }
                p = places.mix(place, edge.words[0], edge.capital(0), p);
                let mut place = places.step(place, edge.words[0]);
                let mut step = edge.score + p;
                if favours {
                    step += known.follows(*last, edge.words[0]);
                }
                if edge.count > 1 {
                    let (p, next) = lm.step(state, edge.words[1]);
                    step += places.mix(place, edge.words[1], edge.capital(1), p);
                    place = places.step(place, edge.words[1]);
                    state = next;
                }
                let score = best + step;
                if score < least {
                    continue;
                }
                self.top[to] = self.top[to].max(score);
                let fresh = self.nodes.len() as u32;
                let past = Past { state, place };
                let target = *self.seen.entry((to as u32, past)).or_insert(fresh);
                let arc = self.arcs.len() as u32;
                self.arcs.push(Arc { from, to: target, edge: (range.start + e) as u32, step });
                if target == fresh {
                    self.nodes.push(Node { past, best: score, from: arc, unit: to as u32 });
                    self.at[to].push(fresh);
                } else if let Some(node) = self.nodes.get_mut(target as usize)
                    && score > node.best
                {
                    node.best = score;
                    node.from = arc;
                }
            }
        }
    }

    /// Posteriors by forward-backward, with the scores of each unit taken relative to its best.
    fn weigh(&mut self, lattice: &Lattice, n: usize) {
        self.posteriors.clear();
        self.posteriors.resize(lattice.edges.len(), 0.0);
        let mut forward = vec![0f32; self.nodes.len()];
        let mut backward = vec![0f32; self.nodes.len()];
        forward[0] = 1.0;
        // Arcs lie in the order of the units they leave, so whatever comes to a node comes before what leaves it.
        for arc in &mut self.arcs {
            let unit = |node: u32| self.nodes[node as usize].unit as usize;
            arc.step = (arc.step + self.top[unit(arc.from)] - self.top[unit(arc.to)]).exp();
            forward[arc.to as usize] += forward[arc.from as usize] * arc.step;
        }
        let mut total = 0.0;
        for &last in &self.at[n] {
            backward[last as usize] = 1.0;
            total += forward[last as usize];
        }
        for arc in self.arcs.iter().rev() {
            let rest = arc.step * backward[arc.to as usize];
            backward[arc.from as usize] += rest;
            self.posteriors[arc.edge as usize] += forward[arc.from as usize] * rest / total;
        }
    }

    fn trace(&mut self, n: usize) {
        self.steps.clear();
        let best = |i: &u32| self.nodes[*i as usize].best;
        let last = self.at[n].iter().copied().max_by(|a, b| best(a).total_cmp(&best(b)).then(b.cmp(a)));
        let mut at = last.map_or(NONE, |i| self.nodes[i as usize].from);
        while let Some(arc) = self.arcs.get(at as usize).copied() {
            let Node { from, unit, .. } = self.nodes[arc.from as usize];
            let posterior = self.posteriors[arc.edge as usize].clamp(0.0, 1.0);
            self.steps.push(Step { unit: unit as usize, edge: arc.edge as usize, posterior });
            at = from;
        }
        self.steps.reverse();
    }
}
