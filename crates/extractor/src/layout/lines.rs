//! The lines of print in a region of a page, from its pieces of ink.
//!
//! Letters that stand level are chained to lines. Every other piece goes to the line
//! of the letter it belongs to: in Vietnamese two marks may stand above a vowel and one below, so what lies between two
//! lines is shared out letter by letter, not by a cut half way.

use super::bands::Rect;

/// A line of print: the pieces of ink it is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InkLine {
    /// Indices of its pieces.
    pub pieces: Vec<usize>,
    /// Top and bottom of the small letters.
    pub core: (f32, f32),
    /// The box around the pieces.
    pub bbox: Rect,
}

/// Heights of letters whose place tells a line, in ems: from a small letter to a capital with a mark.
const CORE: std::ops::Range<f32> = 0.33..1.0;

/// Marks reach this far above the small letters, and below, in ems.
const REACH_ABOVE: f32 = 0.5;
const REACH_BELOW: f32 = 0.35;

/// A mark has a letter within this distance to its left or right, in ems.
const BESIDE: f32 = 0.35;

/// A mark at less than this cost is close to its letter.
const CLOSE: f32 = 0.35;

/// A dot is no larger than this either way, in ems; hooks and accents are, and dots of bold print a little.
const DOT: f32 = 0.17;

/// Letters that end further from the foot of their line's small letters than this, in ems, have tails, or are marks.
const TAIL: f32 = 0.15;

/// What it costs an accent to lie below a line at most, how that grows with each em beyond a dot's size, and what it costs
/// a mark to have no letter right above or below it.
const ODD: f32 = 0.6;
const ODD_GROWS: f32 = 6.0;
const ASIDE: f32 = 0.2;

/// The lines of `pieces`, which are numbered boxes of ink, from top to bottom.
pub(crate) fn lines(pieces: &[(usize, Rect)], em: f32) -> Vec<InkLine> {
    let cores = cores(pieces, em);
    let mut lines: Vec<InkLine> = cores
        .iter()
        .map(|&core| InkLine { pieces: Vec::new(), core, bbox: [f32::MAX, f32::MAX, f32::MIN, f32::MIN] })
        .collect();
    // The letters first: they are what marks are measured against.
    let mut letters: Vec<Vec<Rect>> = vec![Vec::new(); lines.len()];
    let mut marks = Vec::new();
    for &(index, r) in pieces {
        let mut homes: Vec<(usize, f32)> = cores
            .iter()
            .enumerate()
            .map(|(i, core)| (i, (r[3].min(core.1) - r[1].max(core.0)) / (core.1 - core.0)))
            .filter(|(_, share)| *share > 0.3)
            .collect();
        if homes.is_empty() {
            marks.push((index, r));
            continue;
        }
        // A piece that fills two lines is two letters that touch: both lines need it.
        if !homes.iter().all(|(_, share)| *share > 0.7) || r[3] - r[1] > 2.5 * em {
            homes.sort_by(|a, b| b.1.total_cmp(&a.1));
            homes.truncate(1);
        }
        for (i, _) in homes {
            letters[i].push(r);
            add(&mut lines[i], index, &r);
        }
    }
    for line in &mut letters {
        line.sort_by(|a, b| a[0].total_cmp(&b[0]));
    }
    // Marks close to a letter first: the second mark of a stack is measured against the first.
    let mut late = Vec::new();
    for (index, r) in marks {
        match nearest(&r, &cores, &letters, em) {
            Some((i, cost)) if cost < CLOSE => {
                add(&mut lines[i], index, &r);
                let at = letters[i].partition_point(|l| l[0] < r[0]);
                letters[i].insert(at, r);
            }
            _ => late.push((index, r)),
        }
    }
    for (index, r) in late {
        if let Some((i, _)) = nearest(&r, &cores, &letters, em) {
            add(&mut lines[i], index, &r);
        }
    }
    lines.retain(|l| !l.pieces.is_empty());
    lines
}

/// The line whose letters a mark is nearest to, and how far it is from them: 0 is close, 1 as far as marks reach.
fn nearest(r: &Rect, cores: &[(f32, f32)], letters: &[Vec<Rect>], em: f32) -> Option<(usize, f32)> {
    let size = (r[2] - r[0]).max(r[3] - r[1]) / em;
    // Nothing but a dot stands below a letter.
    let oddity = ((size - DOT) * ODD_GROWS).clamp(0.0, ODD);
    let cost = |(core, letters): (&(f32, f32), &Vec<Rect>)| -> Option<f32> {
        let near = || letters.iter().filter(|l| l[0] < r[2] + BESIDE * em && l[2] > r[0] - BESIDE * em);
        // Against the letters beside it: lines are seldom quite level, and capitals stand higher. A mark without a
        // letter is a speck.
        let beside = near().map(|l| (l[1], l[3])).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        // A dash stands level with the letters, at some distance.
        let dash = r[1] >= core.0 && r[3] <= core.1;
        let (top, bottom) = beside.or(dash.then_some(*core))?;
        // What lies beside the tail of a y or g is no nearer to its line for it.
        let ends = near().map(|l| l[3]).filter(|end| (end - core.1).abs() <= TAIL * em);
        let level = ends.max_by(f32::total_cmp);
        let below = r[1] - level.unwrap_or(bottom.min(core.1));
        let above = top - r[3];
        if above > REACH_ABOVE * em || below > REACH_BELOW * em {
            return None;
        }
        let middle = (r[0] + r[2]) / 2.0;
        let facing = dash || near().any(|l| l[0] - 0.05 * em <= middle && middle <= l[2] + 0.05 * em);
        let odd = if below > 0.0 { oddity } else { 0.0 } + if facing { 0.0 } else { ASIDE };
        Some((above / (REACH_ABOVE * em)).max(below / (REACH_BELOW * em)).max(0.0) + odd)
    };
    let costs = cores.iter().zip(letters).enumerate().filter_map(|(i, line)| Some((i, cost(line)?)));
    costs.min_by(|a, b| a.1.total_cmp(&b.1))
}

fn add(line: &mut InkLine, index: usize, r: &Rect) {
    line.pieces.push(index);
    let b = line.bbox;
    line.bbox = [b[0].min(r[0]), b[1].min(r[1]), b[2].max(r[2]), b[3].max(r[3])];
}

/// Top and bottom of the small letters of each line, from top to bottom.
///
/// Each letter is chained to the next one to its right that stands level with it, and chains that stand level are one
/// line: short lines come out as surely as long ones, and a little skew does no harm.
fn cores(pieces: &[(usize, Rect)], em: f32) -> Vec<(f32, f32)> {
    let mut letters: Vec<Rect> = pieces
        .iter()
        .map(|(_, r)| *r)
        .filter(|r| CORE.contains(&((r[3] - r[1]) / em)) && r[2] - r[0] > 0.06 * em)
        // Marks grown to a letter, and the height of capitals, would make neighbours look less level than they are.
        .map(|r| [r[0], r[1].max(r[3] - 0.62 * em), r[2], r[3]])
        .collect();
    letters.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut chain: Vec<usize> = (0..letters.len()).collect();
    for (i, a) in letters.iter().enumerate() {
        let next = letters
            .iter()
            .enumerate()
            .skip(i + 1)
            .take_while(|(_, b)| b[0] < a[2] + CHAIN * em)
            .filter(|(_, b)| b[2] > a[2] && level((a[1], a[3]), (b[1], b[3])) > 0.5)
            .min_by(|(_, b), (_, c)| (b[0] - a[2]).abs().total_cmp(&(c[0] - a[2]).abs()));
        if let Some((j, _)) = next {
            let (from, to) = (root(&chain, i), root(&chain, j));
            chain[from.max(to)] = from.min(to);
        }
    }
    let mut chains: Vec<Vec<Rect>> = vec![Vec::new(); letters.len()];
    for (i, letter) in letters.iter().enumerate() {
        chains[root(&chain, i)].push(*letter);
    }
    let median = |values: &mut dyn Iterator<Item = f32>| super::bands::quantile(values, 0.5).unwrap_or(0.0);
    let width = |c: &[Rect]| c.iter().map(|r| r[2] - r[0]).sum::<f32>();
    let mut found: Vec<((f32, f32), usize, f32)> = chains
        .iter()
        .filter(|c| !c.is_empty())
        .map(|c| {
            ((median(&mut c.iter().map(|r| r[1])), median(&mut c.iter().map(|r| r[3]))), c.len(), width(c))
        })
        .collect();
    // Long chains first: they say where a line is, and short ones join them.
    found.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.0.total_cmp(&b.0.0)));
    let mut cores: Vec<(f32, f32)> = Vec::new();
    for (core, _, width) in found {
        let middle = |c: (f32, f32)| (c.0 + c.1) / 2.0;
        let height = |c: (f32, f32)| c.1 - c.0;
        let clear = |known: &(f32, f32)| {
            let apart = (middle(*known) - middle(core)).abs();
            let off = core.1 <= known.0 || known.1 <= core.0;
            (off && width > ROW * em && height(core) >= ROW_HEIGHT * height(*known))
                || apart > (PITCH * height(*known).max(height(core))).max(LEAST_PITCH * em)
        };
        if cores.iter().all(clear) {
            cores.push(core);
        }
    }
    cores.sort_by(|a, b| a.0.total_cmp(&b.0));
    cores
}

/// How far letters may stand apart in a chain, in ems: the blank for a number to be written by hand is longer.
const CHAIN: f32 = 2.0;

/// Lines are at least this far apart, in heights of their letters: capitals set close measure 1.8, the rows of marks
/// above them, which are not lines, 0.9.
const PITCH: f32 = 1.3;

/// And at least this many ems: notes set three points smaller than the text come as close as 0.8.
const LEAST_PITCH: f32 = 0.68;

/// Letters that are together this wide, in ems, and this high, in heights of the letters of another line, are no row of
/// marks: they are a line however close it lies, where the two do not overlap.
const ROW: f32 = 1.5;
const ROW_HEIGHT: f32 = 0.8;

/// The share of the lower of two heights that both have in common.
fn level(a: (f32, f32), b: (f32, f32)) -> f32 {
    (a.1.min(b.1) - a.0.max(b.0)) / (a.1 - a.0).min(b.1 - b.0).max(1.0)
}

fn root(chain: &[usize], mut node: usize) -> usize {
    while chain[node] != node {
        node = chain[node];
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_to_their_own_letter() {
        // Two lines of small letters 20 high, 60 apart, em 42; a dot below the first, a circumflex and an acute above
        // the second.
        let mut pieces: Vec<(usize, Rect)> = Vec::new();
        for line in 0..2 {
            for i in 0..20 {
                let (x, y) = (i as f32 * 24.0, 100.0 + line as f32 * 60.0);
                pieces.push((pieces.len(), [x, y, x + 18.0, y + 20.0]));
            }
        }
        pieces.push((40, [30.0, 125.0, 34.0, 129.0]));
        pieces.push((41, [30.0, 148.0, 40.0, 156.0]));
        pieces.push((42, [34.0, 138.0, 40.0, 145.0]));
        let lines = lines(&pieces, 42.0);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].pieces.contains(&40));
        assert!(lines[1].pieces.contains(&41) && lines[1].pieces.contains(&42));
        assert_eq!(lines[1].bbox[1], 138.0);
    }

    #[test]
    fn lines_of_tall_letters_set_close_are_lines() {
        // Blurred letters that touch their marks are as high as capitals: 22 at a pitch of 28.
        let row = |y: f32, height: f32| {
            (0..9).map(move |i| [i as f32 * 26.0, y, i as f32 * 26.0 + 18.0, y + height])
        };
        let letters = row(0.0, 19.0).chain(row(28.0, 22.0)).chain(row(57.0, 19.0));
        let pieces: Vec<(usize, Rect)> = letters.enumerate().collect();
        assert_eq!(lines(&pieces, 35.7).len(), 3);
        // A row of marks above large capitals is none.
        let marked = row(0.0, 14.0).take(6).chain(row(24.0, 22.0));
        let pieces: Vec<(usize, Rect)> = marked.enumerate().collect();
        assert_eq!(lines(&pieces, 35.7).len(), 1);
    }

    #[test]
    fn a_hook_beside_the_tail_above_belongs_to_the_line_below() {
        let mut pieces: Vec<(usize, Rect)> = Vec::new();
        for line in 0..2 {
            for i in 0..20 {
                let (x, y) = (i as f32 * 24.0, 100.0 + line as f32 * 48.0);
                // The fourth letter above has a tail.
                let tail = if line == 0 && i == 3 { 12.0 } else { 0.0 };
                pieces.push((pieces.len(), [x, y, x + 18.0, y + 20.0 + tail]));
            }
        }
        pieces.push((40, [100.0, 139.0, 112.0, 145.0]));
        pieces.push((41, [102.0, 128.0, 107.0, 137.0]));
        let lines = lines(&pieces, 42.0);
        assert!(lines[1].pieces.contains(&40) && lines[1].pieces.contains(&41));
    }
}
