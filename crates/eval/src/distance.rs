//! Edit distance (Levenshtein) and alignment of long sequences.
//!
//! Similar sequences are measured diagonal by diagonal: of each diagonal, the furthest place that so many edits reach
//! (Ukkonen 1985; Landau and Vishkin 1989), in O(n + d²) steps for d edits. Sequences that turn out to be unlike are
//! measured by bit-parallel columns (Myers 1999, in the form of Hyyrö 2003), in O(nm / 64). [`align`] gives the edits
//! themselves; it halves the problem where a path would take too much memory (Hirschberg 1975).

use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Most edits for which the way of an alignment is kept in memory: about 9 MB.
const KEPT: usize = 1500;

/// One step of an alignment: indices into both sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Both have an entry here: the same, or one in place of the other.
    Pair(usize, usize),
    /// Only the first has it.
    Gone(usize),
    /// Only the second has it.
    New(usize),
}

/// The least number of entries to put in, take out or replace that makes `b` of `a`.
pub fn distance<T: Eq + Hash>(a: &[T], b: &[T]) -> usize {
    let (_, a, b) = trimmed(a, b);
    if a.is_empty() || b.is_empty() {
        return a.len() + b.len();
    }
    // Beyond this many edits the bit-parallel way is the cheaper one.
    let limit = ((a.len() as f64 * b.len() as f64 / 100.0).sqrt() as usize).max(16);
    let mut front = Front::new(a, b);
    loop {
        if front.is_done() {
            return front.edits;
        }
        if front.edits >= limit {
            return columns(a, b);
        }
        front.advance();
    }
}

/// The steps of an alignment with the least number of edits, in order.
pub fn align<T: Eq>(a: &[T], b: &[T]) -> Vec<Step> {
    let mut steps = Vec::with_capacity(a.len().max(b.len()));
    align_into(a, b, 0, 0, &mut steps);
    steps
}

/// Length of the common beginning, and what is left without common beginning and end.
fn trimmed<'t, T: Eq>(a: &'t [T], b: &'t [T]) -> (usize, &'t [T], &'t [T]) {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(head..).unwrap_or_default(), b.get(head..).unwrap_or_default());
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let cut = |s: &'t [T]| s.get(..s.len() - tail).unwrap_or_default();
    (head, cut(a), cut(b))
}

/// How far each diagonal is reached by so many edits.
struct Front<'t, T> {
    a: &'t [T],
    b: &'t [T],
    edits: usize,
    /// By diagonal `j - i`, from `-edits` to `edits`: the furthest `i`; below zero where the diagonal is not reached.
    reach: Vec<i32>,
}

const UNREACHED: i32 = i32::MIN / 2;

impl<'t, T: Eq> Front<'t, T> {
    fn new(a: &'t [T], b: &'t [T]) -> Self {
        let mut front = Front { a, b, edits: 0, reach: vec![0] };
        front.reach = vec![front.slide(0, 0)];
        front
    }

    /// The `i` at which the run of equal entries from `i` on the diagonal ends.
    fn slide(&self, i: i32, diagonal: i32) -> i32 {
        let (Ok(from), Ok(to)) = (usize::try_from(i), usize::try_from(i + diagonal)) else { return i };
        let (a, b) = (self.a.get(from..).unwrap_or_default(), self.b.get(to..).unwrap_or_default());
        i + a.iter().zip(b).take_while(|(x, y)| x == y).count() as i32
    }

    /// The furthest `i` on a diagonal.
    fn at(&self, diagonal: i32) -> i32 {
        let index = usize::try_from(diagonal + self.edits as i32).ok();
        index.and_then(|i| self.reach.get(i)).copied().unwrap_or(UNREACHED)
    }

    fn is_done(&self) -> bool {
        let (n, m) = (self.a.len() as i32, self.b.len() as i32);
        self.at(m - n) >= n
    }

    /// Where a further edit leads on a diagonal, before equal entries are passed.
    fn step(&self, diagonal: i32) -> i32 {
        let (n, m) = (self.a.len() as i32, self.b.len() as i32);
        let moved = (self.at(diagonal) + 1).max(self.at(diagonal + 1) + 1).max(self.at(diagonal - 1));
        moved.min(n).min(m - diagonal)
    }

    fn advance(&mut self) {
        let widest = self.edits as i32 + 1;
        let (n, m) = (self.a.len() as i32, self.b.len() as i32);
        let mut reach = Vec::with_capacity(2 * self.edits + 3);
        for diagonal in -widest..=widest {
            let i = if diagonal < -n || diagonal > m { UNREACHED } else { self.step(diagonal) };
            reach.push(if i < 0 || i + diagonal < 0 { UNREACHED } else { self.slide(i, diagonal) });
        }
        self.reach = reach;
        self.edits += 1;
    }
}

fn align_into<T: Eq>(a: &[T], b: &[T], at_a: usize, at_b: usize, steps: &mut Vec<Step>) {
    let (head, mid_a, mid_b) = trimmed(a, b);
    steps.extend((0..head).map(|i| Step::Pair(at_a + i, at_b + i)));
    let (from_a, from_b) = (at_a + head, at_b + head);
    if mid_a.is_empty() || mid_b.is_empty() {
        steps.extend((0..mid_a.len()).map(|i| Step::Gone(from_a + i)));
        steps.extend((0..mid_b.len()).map(|j| Step::New(from_b + j)));
    } else {
        between(mid_a, mid_b, from_a, from_b, steps);
    }
    let (done_a, done_b) = (head + mid_a.len(), head + mid_b.len());
    steps.extend((0..a.len() - done_a).map(|i| Step::Pair(at_a + done_a + i, at_b + done_b + i)));
}

/// Aligns sequences that begin and end differently.
fn between<T: Eq>(a: &[T], b: &[T], at_a: usize, at_b: usize, steps: &mut Vec<Step>) {
    let mut front = Front::new(a, b);
    let mut past = Vec::new();
    while !front.is_done() {
        if front.edits < KEPT {
            past.push(front.reach.clone());
        }
        front.advance();
    }
    if front.edits <= KEPT {
        let from = steps.len();
        walk_back(a, b, front, past, |step| {
            steps.push(match step {
                Step::Pair(i, j) => Step::Pair(at_a + i, at_b + j),
                Step::Gone(i) => Step::Gone(at_a + i),
                Step::New(j) => Step::New(at_b + j),
            });
        });
        if let Some(new) = steps.get_mut(from..) {
            new.reverse();
        }
        return;
    }
    let (i, j) = middle(a, b, front.edits);
    let parts = (a.split_at(i.min(a.len())), b.split_at(j.min(b.len())));
    align_into(parts.0.0, parts.1.0, at_a, at_b, steps);
    align_into(parts.0.1, parts.1.1, at_a + i, at_b + j, steps);
}

/// Gives the steps of a path from the end to the beginning.
fn walk_back<T: Eq>(
    a: &[T],
    b: &[T],
    mut front: Front<'_, T>,
    mut past: Vec<Vec<i32>>,
    mut give: impl FnMut(Step),
) {
    let (mut i, mut diagonal) = (a.len() as i32, b.len() as i32 - a.len() as i32);
    loop {
        let from = match past.pop() {
            Some(reach) => {
                front.edits -= 1;
                front.reach = reach;
                front.step(diagonal)
            }
            None => 0,
        };
        while i > from.max(0) && i + diagonal > 0 {
            i -= 1;
            give(Step::Pair(i as usize, (i + diagonal) as usize));
        }
        if i == 0 && diagonal == 0 {
            return;
        }
        if i > 0 && front.at(diagonal) + 1 == i {
            i -= 1;
            give(Step::Pair(i as usize, (i + diagonal) as usize));
        } else if i > 0 && front.at(diagonal + 1) + 1 == i {
            i -= 1;
            diagonal += 1;
            give(Step::Gone(i as usize));
        } else {
            diagonal -= 1;
            give(Step::New((i + diagonal) as usize));
        }
    }
}

/// A place on a path of `edits` edits with half of them on either side.
fn middle<T: Eq>(a: &[T], b: &[T], edits: usize) -> (usize, usize) {
    let mut forward = Front::new(a, b);
    while forward.edits < edits / 2 {
        forward.advance();
    }
    let (back_a, back_b): (Vec<&T>, Vec<&T>) = (a.iter().rev().collect(), b.iter().rev().collect());
    let mut backward = Front::new(&back_a, &back_b);
    while backward.edits < edits - edits / 2 {
        backward.advance();
    }
    let (n, m) = (a.len() as i32, b.len() as i32);
    let widest = forward.edits as i32;
    for diagonal in -widest..=widest {
        // The same diagonal seen from the end.
        let (there, back) = (forward.at(diagonal), backward.at(m - n - diagonal));
        if there >= 0 && back >= 0 && there + back >= n {
            return (there as usize, (there + diagonal) as usize);
        }
    }
    // No such place would contradict that `edits` is the distance.
    (a.len(), b.len())
}

/// Edit distance by bit-parallel columns: 64 rows of the table at a time, over all columns.
fn columns<T: Eq + Hash>(a: &[T], b: &[T]) -> usize {
    let mut ids: FxHashMap<&T, usize> = FxHashMap::default();
    for x in a {
        let next = ids.len();
        ids.entry(x).or_insert(next);
    }
    let rows: Vec<usize> = a.iter().filter_map(|x| ids.get(x).copied()).collect();
    // What the first sequence lacks shares one number that matches nothing.
    let across: Vec<usize> = b.iter().map(|y| ids.get(y).copied().unwrap_or(ids.len())).collect();
    let mut equal = vec![0u64; ids.len() + 1];
    // How the value changes from column to column along the row above: the first row counts up by one.
    let mut carry: Vec<i8> = vec![1; b.len()];
    for block in rows.chunks(64) {
        for (row, &id) in block.iter().enumerate() {
            if let Some(bits) = equal.get_mut(id) {
                *bits |= 1 << row;
            }
        }
        let last = 1u64 << (block.len() - 1);
        let (mut up, mut down) = (u64::MAX, 0u64);
        for (&id, carried) in across.iter().zip(&mut carry) {
            let mut eq = equal.get(id).copied().unwrap_or(0);
            let xv = eq | down;
            eq |= u64::from(*carried < 0);
            let xh = ((eq & up).wrapping_add(up) ^ up) | eq;
            let (ph, mh) = (down | !(xh | up), up & xh);
            let shifted = ((ph << 1) | u64::from(*carried > 0), (mh << 1) | u64::from(*carried < 0));
            *carried = i8::from(ph & last != 0) - i8::from(mh & last != 0);
            up = shifted.1 | !(xv | shifted.0);
            down = shifted.0 & xv;
        }
        for &id in block {
            if let Some(bits) = equal.get_mut(id) {
                *bits = 0;
            }
        }
    }
    let change: i64 = carry.iter().map(|c| i64::from(*c)).sum();
    usize::try_from(a.len() as i64 + change).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The table itself.
    fn plain(a: &[u8], b: &[u8]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut corner = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let replaced = corner + usize::from(x != y);
                corner = row[j + 1];
                row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
            }
        }
        row[b.len()]
    }

    fn edits(a: &[u8], b: &[u8], steps: &[Step]) -> usize {
        let (mut i, mut j, mut edits) = (0, 0, 0);
        for step in steps {
            match *step {
                Step::Pair(x, y) => {
                    assert_eq!((x, y), (i, j));
                    edits += usize::from(a[x] != b[y]);
                    (i, j) = (i + 1, j + 1);
                }
                Step::Gone(x) => {
                    assert_eq!(x, i);
                    (i, edits) = (i + 1, edits + 1);
                }
                Step::New(y) => {
                    assert_eq!(y, j);
                    (j, edits) = (j + 1, edits + 1);
                }
            }
        }
        assert_eq!((i, j), (a.len(), b.len()));
        edits
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn all_ways_give_what_the_table_gives(
            a in prop::collection::vec(0u8..4, 0..200), b in prop::collection::vec(0u8..4, 0..200)
        ) {
            let d = plain(&a, &b);
            prop_assert_eq!(distance(&a, &b), d);
            prop_assert_eq!(distance(&b, &a), d);
            if !a.is_empty() && !b.is_empty() {
                prop_assert_eq!(columns(&a, &b), d);
            }
            prop_assert_eq!(edits(&a, &b, &align(&a, &b)), d);
        }
    }

    #[test]
    fn a_path_too_long_to_keep_is_halved() {
        let noise = |seed: u32| {
            let mut state = seed;
            (0..4000)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 24) as u8
                })
                .collect::<Vec<u8>>()
        };
        let (a, b) = (noise(1), noise(2));
        let d = plain(&a, &b);
        assert!(d > 2 * KEPT);
        assert_eq!(distance(&a, &b), d);
        assert_eq!(edits(&a, &b, &align(&a, &b)), d);
    }
}
