//! Which number some pieces of ink are: all ways to join pieces to digits, weighed by what the net says of each.

use super::CLASSES;
use super::glyph::normalise;
use super::ink::{Piece, mask};
use crate::net::Net;
use std::collections::BTreeMap;

/// A number that the ink may be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Guess {
    pub digits: String,
    /// 0 to 1; those of all guesses, and the chance that the ink is no number at all, add up to 1.
    pub probability: f32,
}

/// Most pieces joined to one digit.
const JOINED: usize = 4;

/// What a cut through ink, a join over white and a piece passed over count for, beside what the net says.
const CUT: f32 = 0.5;
const JOIN: f32 = 0.3;
const PASSED_LOW: f32 = 0.3;
const PASSED: f32 = 0.02;

/// White between pieces of one digit is no wider than this, and pieces passed over easily are no higher, in font sizes.
const GAP: f32 = 0.15;
const LOW: f32 = 0.4;

/// A digit is no wider than this, in its own heights.
const WIDE: f32 = 1.3;

/// Ways kept open after each piece.
const KEPT: usize = 40;

/// More pieces than this are no number.
const MOST: usize = 16;

/// A number up to some piece: how much speaks for it in all, and in its best way how much, and how sure it is that all
/// joined pieces are digits.
#[derive(Clone, Copy, Default)]
struct Way {
    all: f32,
    best: f32,
    digits: f32,
}

/// The numbers of at most `length` digits for which `fits` holds that the pieces may be, the most probable first.
pub(super) fn guesses(
    net: &Net,
    pieces: &[Piece],
    size: f32,
    length: usize,
    fits: impl Fn(&str) -> bool,
) -> Vec<Guess> {
    if pieces.is_empty() || pieces.len() > MOST {
        return Vec::new();
    }
    let mut ways: Vec<BTreeMap<String, Way>> = vec![BTreeMap::new(); pieces.len() + 1];
    if let Some(start) = ways.first_mut() {
        start.insert(String::new(), Way { all: 1.0, best: 1.0, digits: 1.0 });
    }
    for i in 0..pieces.len() {
        let here = prune(ways.get_mut(i).map(std::mem::take).unwrap_or_default());
        for n in 1..=JOINED.min(pieces.len() - i) {
            let Some(group) = pieces.get(i..i + n) else { break };
            let Some((factor, p)) = digit(net, group, size) else { continue };
            let Some(to) = ways.get_mut(i + n) else { break };
            let sure = 1.0 - p.last().copied().unwrap_or(0.0);
            for (text, way) in here.iter().filter(|(t, _)| t.len() < length) {
                for (d, p) in p.iter().take(CLASSES - 1).enumerate().filter(|(_, p)| **p > 1e-4) {
                    add(to, format!("{text}{d}"), way, factor * p, sure);
                }
            }
        }
        let passed = pieces.get(i).map_or(0.0, |p| if p.height() < LOW * size { PASSED_LOW } else { PASSED });
        if let Some(to) = ways.get_mut(i + 1) {
            for (text, way) in &here {
                add(to, text.clone(), way, passed, 1.0);
            }
        }
    }
    let found = ways.pop().unwrap_or_default();
    // What cannot stand here still says that the ink is not read well.
    const UNFIT: f32 = 0.3;
    let total: f32 = found
        .iter()
        .filter(|(t, _)| !t.is_empty())
        .map(|(t, w)| w.all * if fits(t) { 1.0 } else { UNFIT })
        .sum();
    let mut guesses: Vec<Guess> = found
        .into_iter()
        .filter(|(t, _)| !t.is_empty() && fits(t))
        .map(|(digits, w)| Guess { digits, probability: w.all / total.max(1e-12) * w.digits })
        .collect();
    guesses.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    guesses
}

fn add(to: &mut BTreeMap<String, Way>, text: String, from: &Way, factor: f32, sure: f32) {
    let way = to.entry(text).or_default();
    way.all += from.all * factor;
    if from.best * factor > way.best {
        way.best = from.best * factor;
        way.digits = from.digits * sure;
    }
}

fn prune(ways: BTreeMap<String, Way>) -> BTreeMap<String, Way> {
    let mut ways: Vec<(String, Way)> = ways.into_iter().collect();
    ways.sort_by(|a, b| b.1.all.total_cmp(&a.1.all));
    ways.truncate(KEPT);
    ways.into_iter().collect()
}

/// What joining the pieces to one digit counts for, and which digit they are; nothing where they are too far apart.
fn digit(net: &Net, group: &[Piece], size: f32) -> Option<(f32, Vec<f32>)> {
    let least = |side: usize| group.iter().map(|p| p.bounds[side]).min().unwrap_or(0) as f32;
    let most = |side: usize| group.iter().map(|p| p.bounds[side]).max().unwrap_or(0) as f32;
    let (width, height) = (most(2) - least(0), most(3) - least(1));
    if group.len() > 1 && width > WIDE * height {
        return None;
    }
    let mut factor = if group.first().is_some_and(|p| p.cut) { CUT } else { 1.0 };
    let mut right = None;
    for p in group {
        if let Some(right) = right {
            let gap = p.bounds[0] as f32 - right;
            if gap > GAP * size {
                return None;
            }
            factor *= if p.cut { 1.0 } else { JOIN };
        }
        right = Some(right.unwrap_or(0.0f32).max(p.bounds[2] as f32));
    }
    let mut p = net.probabilities(&normalise(&mask(group))?);
    if height < LOW * size {
        p.iter_mut().for_each(|p| *p *= 0.05);
        if let Some(reject) = p.last_mut() {
            *reject = 0.95;
        }
    }
    Some((factor, p))
}
