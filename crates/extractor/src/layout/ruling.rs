//! The ruling lines in a page picture: long thin runs of ink, and their removal, so that what stands in the cells of a
//! table is read without them.

use super::grid::{Grid, Rule, Rules};
use image::{GrayImage, Luma};

/// A run of ink this long, in ems, is no part of a letter.
const LEAST_RUN: f32 = 1.0;

/// Gaps in a run that scanning leaves, in ems; two pixels at 200 dpi.
const RUN_GAP: f32 = 0.05;

/// Gaps between the pieces of a broken line, in ems, and how far from one line the pieces may lie.
const PIECE_GAP: f32 = 1.0;
const PIECE_ASIDE: f32 = 0.12;

/// Lines are no thicker than this and, put together, no shorter than that, in ems.
const THICK: f32 = 0.25;
const SHORTEST: f32 = 1.2;

/// How far a line may stray from its axis, as a share of its length: what is left of skew after deskewing.
const SLOPE: f32 = 0.02;

/// A page with fewer level lines of at least this length, in ems, holds no table; headings are underlined once or twice.
const FEWEST: usize = 3;
const LEVEL: f32 = 3.0;

/// Two of this length, in ems, that begin and end together may be a single row of a table.
const WIDE: f32 = 20.0;

/// Ink as long as a line but with more of it than this, in lines of a page, is a picture or a black margin.
const MOST: usize = 2000;

/// A run of ink along an axis: where it begins and ends (half-open), and the row or column it lies in.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Run {
    from: u32,
    to: u32,
    at: u32,
}

/// A line and the runs it is made of.
#[derive(Debug, Clone)]
struct Line {
    rule: Rule,
    runs: Vec<Run>,
}

/// The ruling lines of a picture, in its pixels.
#[derive(Debug, Clone, Default)]
pub(super) struct Ruling {
    level: Vec<Line>,
    upright: Vec<Line>,
}

impl Ruling {
    /// The lines in `page`, where ink is darker than `limit`; none where there are too few for a table.
    pub(super) fn of(page: &GrayImage, limit: u8, em: f32) -> Self {
        let least = (LEAST_RUN * em).max(8.0) as u32;
        let gap = (RUN_GAP * em).round().max(1.0) as u32;
        let level = lines(level_runs(page, limit, least, gap), em);
        let long = level.iter().filter(|l| l.rule.to - l.rule.from >= LEVEL * em).count();
        if level.len() > MOST || long < FEWEST && !is_strip(&level, em) {
            return Self::default();
        }
        let upright = lines(upright_runs(page, limit, least, gap), em);
        if upright.len() > MOST {
            return Self::default();
        }
        Self { level, upright }
    }

    /// The lines alone, pieces of broken ones put together.
    pub(super) fn rules(&self, em: f32) -> Rules {
        let mut level = pieced(&self.level, em);
        // The bars of capitals in a row look like a short line; those of narrow columns lie level with others.
        let all = level.clone();
        level.retain(|r| {
            let beside = |o: &&Rule| *o != r && (o.at - r.at).abs() <= THICK * em;
            let length = |r: &Rule| r.to - r.from;
            length(r) + all.iter().filter(beside).map(length).sum::<f32>() >= LEVEL * em
        });
        Rules { level, upright: pieced(&self.upright, em) }
    }

    /// A copy of `page` without the lines that rule `tables`. Letters that a line crosses stay whole, those that it
    /// touches keep their own ink.
    pub(super) fn erased(&self, page: &GrayImage, limit: u8, tables: &[Grid], em: f32) -> GrayImage {
        let mut out = page.clone();
        let reach = (THICK * em).ceil() as u32 + 1;
        // A short line inside a cell is a dash.
        let near = |a: f32, b: f32| (a - b).abs() <= THICK * em;
        let cells = || tables.iter().flat_map(|t| t.cells.iter().map(|c| c.rect));
        let rules_level = |r: &Rule| {
            let beside = |c: &[f32; 4]| near(c[1], r.at) || near(c[3], r.at);
            cells().any(|c| beside(&c) && r.from < c[2] + THICK * em && c[0] - THICK * em < r.to)
        };
        let rules_upright = |r: &Rule| {
            let beside = |c: &[f32; 4]| near(c[0], r.at) || near(c[2], r.at);
            cells().any(|c| beside(&c) && r.from < c[3] + THICK * em && c[1] - THICK * em < r.to)
        };
        // Where upright lines run, level ones are not crossed by letters but by them.
        let mut upright = vec![false; page.width() as usize];
        for line in self.upright.iter().flat_map(|l| &l.runs) {
            if let Some(column) = upright.get_mut(line.at as usize) {
                *column = true;
            }
        }
        let mut level = vec![false; page.height() as usize];
        for line in self.level.iter().flat_map(|l| &l.runs) {
            if let Some(row) = level.get_mut(line.at as usize) {
                *row = true;
            }
        }
        let ink = |x: i64, y: i64| pixel(page, x, y).is_some_and(|v| v < limit);
        for line in self.level.iter().filter(|l| rules_level(&l.rule)) {
            for (x, top, bottom) in profile(&line.runs) {
                let crossed = upright.get(x as usize).is_some_and(|u| !*u);
                let at = |y: i64| ink(i64::from(x), y);
                for y in stretch(top, bottom, reach, crossed, at) {
                    paint(&mut out, i64::from(x), y);
                }
            }
        }
        for line in self.upright.iter().filter(|l| rules_upright(&l.rule)) {
            for (y, left, right) in profile(&line.runs) {
                let crossed = level.get(y as usize).is_some_and(|l| !*l);
                let at = |x: i64| ink(x, i64::from(y));
                for x in stretch(left, right, reach, crossed, at) {
                    paint(&mut out, x, i64::from(y));
                }
            }
        }
        out
    }
}

/// Whether two wide lines begin and end together.
fn is_strip(level: &[Line], em: f32) -> bool {
    let together = |a: &Rule, b: &Rule| (a.from - b.from).abs() <= em && (a.to - b.to).abs() <= em;
    let wide: Vec<Rule> = pieced(level, em).into_iter().filter(|r| r.to - r.from >= WIDE * em).collect();
    wide.iter().enumerate().any(|(i, a)| wide.iter().skip(i + 1).any(|b| together(a, b)))
}

fn pixel(page: &GrayImage, x: i64, y: i64) -> Option<u8> {
    let (x, y) = (u32::try_from(x).ok()?, u32::try_from(y).ok()?);
    page.get_pixel_checked(x, y).map(|p| p.0[0])
}

fn paint(page: &mut GrayImage, x: i64, y: i64) {
    if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
        && let Some(p) = page.get_pixel_mut_checked(x, y)
    {
        *p = Luma([255]);
    }
}

/// The stretch across a line to be painted over: the line with its grey edges, except where ink goes on. Empty where a
/// letter crosses the line.
fn stretch(
    from: u32,
    to: u32,
    reach: u32,
    may_cross: bool,
    ink: impl Fn(i64) -> bool,
) -> std::ops::Range<i64> {
    let (from, to) = (i64::from(from), i64::from(to));
    // The runs leave out the line's ragged edge.
    let grown = |start: i64, step: i64| (1..=3).take_while(|d| ink(start + step * d)).last().unwrap_or(0);
    let (before, after) = (grown(from, -1), grown(to - 1, 1));
    let touched = |n: i64| n >= 3;
    if may_cross && touched(before) && touched(after) || to - from > i64::from(reach) * 2 {
        return 0..0;
    }
    let edge = |n: i64| if touched(n) { 0 } else { n + 2 };
    from - edge(before)..to + edge(after)
}

/// For each place along a line the stretch of its runs across, half-open.
fn profile(runs: &[Run]) -> Vec<(u32, u32, u32)> {
    let from = runs.iter().map(|r| r.from).min().unwrap_or(0);
    let to = runs.iter().map(|r| r.to).max().unwrap_or(0);
    let mut across = vec![(u32::MAX, 0u32); (to - from) as usize];
    for run in runs {
        for place in across.iter_mut().take((run.to - from) as usize).skip((run.from - from) as usize) {
            *place = (place.0.min(run.at), place.1.max(run.at + 1));
        }
    }
    let found = across.into_iter().enumerate().filter(|(_, (a, b))| a < b);
    found.map(|(i, (a, b))| (from + i as u32, a, b)).collect()
}

/// Runs along the rows, at least `least` long, gaps of up to `gap` closed.
fn level_runs(page: &GrayImage, limit: u8, least: u32, gap: u32) -> Vec<Run> {
    let mut runs = Vec::new();
    let width = page.width() as usize;
    for (y, row) in page.as_raw().chunks_exact(width.max(1)).enumerate() {
        let mut open: Option<(u32, u32)> = None;
        let mut x = 0;
        while let Some(start) = row.get(x..).and_then(|r| r.iter().position(|v| *v < limit)).map(|d| x + d) {
            let end = row[start..].iter().position(|v| *v >= limit).map_or(width, |d| start + d);
            let (from, to) = (start as u32, end as u32);
            open = match open {
                Some((first, last)) if from - last <= gap => Some((first, to)),
                Some((first, last)) => {
                    if last - first >= least {
                        runs.push(Run { from: first, to: last, at: y as u32 });
                    }
                    Some((from, to))
                }
                None => Some((from, to)),
            };
            x = end;
        }
        if let Some((first, last)) = open.filter(|(first, last)| last - first >= least) {
            runs.push(Run { from: first, to: last, at: y as u32 });
        }
    }
    runs
}

/// Runs along the columns, as [`level_runs`]; the picture is gone through row by row all the same.
fn upright_runs(page: &GrayImage, limit: u8, least: u32, gap: u32) -> Vec<Run> {
    let width = page.width() as usize;
    // Of each column the open run: first row and one past the last.
    let mut open = vec![(0u32, 0u32); width];
    let mut runs = Vec::new();
    for (y, row) in page.as_raw().chunks_exact(width.max(1)).enumerate() {
        let y = y as u32;
        for (x, (value, run)) in row.iter().zip(open.iter_mut()).enumerate() {
            if *value >= limit {
                continue;
            }
            if run.1 == 0 || y - run.1 > gap {
                if run.1 - run.0 >= least {
                    runs.push(Run { from: run.0, to: run.1, at: x as u32 });
                }
                run.0 = y;
            }
            run.1 = y + 1;
        }
    }
    let last = open.iter().enumerate().filter(|(_, r)| r.1 - r.0 >= least);
    runs.extend(last.map(|(x, r)| Run { from: r.0, to: r.1, at: x as u32 }));
    runs.sort_by_key(|r| (r.at, r.from));
    runs
}

/// The lines that `runs`, ordered by `at`, make: runs that lie side by side are one.
fn lines(runs: Vec<Run>, em: f32) -> Vec<Line> {
    let mut found: Vec<Vec<Run>> = Vec::new();
    // Indices into `found` of the lines whose last runs lie next to the current row.
    let mut open: Vec<(usize, Run)> = Vec::new();
    for run in runs {
        open.retain(|(_, o)| run.at - o.at <= 2);
        // Nearest to its own length: runs of a slanting line overlap end to end.
        let near = open.iter().position(|(_, o)| o.at < run.at && o.from <= run.to && run.from <= o.to);
        let home = match near {
            Some(i) => open[i].0,
            None => {
                found.push(Vec::new());
                found.len() - 1
            }
        };
        found[home].push(run);
        open.push((home, run));
    }
    found.into_iter().filter_map(|runs| line(runs, em)).collect()
}

/// The line that `runs` make, if it is thin and straight.
fn line(runs: Vec<Run>, em: f32) -> Option<Line> {
    let from = runs.iter().map(|r| r.from).min()? as f32;
    let to = runs.iter().map(|r| r.to).max()? as f32;
    let (first, last) = (runs.iter().map(|r| r.at).min()?, runs.iter().map(|r| r.at).max()?);
    let ink: f32 = runs.iter().map(|r| (r.to - r.from) as f32).sum();
    let thickness = ink / (to - from).max(1.0);
    let spread = (last - first + 1) as f32;
    if thickness > THICK * em || spread > 2.0 * thickness + SLOPE * (to - from) + 3.0 {
        return None;
    }
    let at = runs.iter().map(|r| (r.at as f32 + 0.5) * (r.to - r.from) as f32).sum::<f32>() / ink.max(1.0);
    Some(Line { rule: Rule { at, from, to }, runs })
}

/// The lines with pieces of broken ones put together, those too short left out.
fn pieced(lines: &[Line], em: f32) -> Vec<Rule> {
    let mut rules: Vec<Rule> = lines.iter().map(|l| l.rule).collect();
    rules.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut out: Vec<Rule> = Vec::new();
    for rule in rules {
        let reach = |o: &Rule| PIECE_ASIDE * em + SLOPE / 2.0 * (rule.to - o.from).max(0.0).min(20.0 * em);
        let goes_on =
            |o: &&mut Rule| (o.at - rule.at).abs() <= reach(o) && rule.from - o.to <= PIECE_GAP * em;
        match out.iter_mut().rev().find(goes_on) {
            Some(o) => {
                let (a, b) = (o.to - o.from, rule.to - rule.from);
                o.at = (o.at * a + rule.at * b) / (a + b).max(1.0);
                o.to = o.to.max(rule.to);
            }
            None => out.push(rule),
        }
    }
    out.retain(|r| r.to - r.from >= SHORTEST * em);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::grid::grids;

    const EM: f32 = 42.0;

    fn fill(page: &mut GrayImage, x: std::ops::Range<u32>, y: std::ops::Range<u32>) {
        for py in y {
            for px in x.clone() {
                page.put_pixel(px, py, Luma([20]));
            }
        }
    }

    /// Three rows and three columns that slant by a third of a degree, every rule broken once, with a letter in each cell;
    /// the first letter stands on the rule below it.
    fn table() -> GrayImage {
        let mut page = GrayImage::from_pixel(1000, 600, Luma([245]));
        let slant = |along: u32| (along as f32 * 0.006) as u32;
        for y in [100, 200, 300, 400] {
            for x in (100..900).filter(|x| !(440..460).contains(x)) {
                fill(&mut page, x..x + 1, y + slant(x)..y + slant(x) + 3);
            }
        }
        for x in [100, 300, 600, 897] {
            for y in (100..405).filter(|y| !(250..262).contains(y)) {
                fill(&mut page, x - slant(y)..x - slant(y) + 3, y..y + 1);
            }
        }
        for x in [200, 450, 750] {
            for y in [150, 250, 350] {
                fill(&mut page, x..x + 18, y..y + 20);
            }
        }
        fill(&mut page, 220..226, 170..203);
        page
    }

    #[test]
    fn slanting_broken_rules_make_a_grid() {
        let page = table();
        let ruling = Ruling::of(&page, 128, EM);
        let found = grids(&ruling.rules(EM), 0.3 * EM);
        assert_eq!(found.len(), 1, "{:?}", ruling.rules(EM));
        assert_eq!((found[0].cells.len(), found[0].columns.len()), (9, 4));
        assert!(found[0].cells.iter().all(|c| c.row_span == 1 && c.column_span == 1));
    }

    #[test]
    fn rules_go_and_letters_stay() {
        let page = table();
        let ruling = Ruling::of(&page, 128, EM);
        let found = grids(&ruling.rules(EM), 0.3 * EM);
        let clean = ruling.erased(&page, 128, &found, EM);
        let dark = |from: (u32, u32), to: (u32, u32)| {
            let inside = |x: u32, y: u32| from.0 <= x && x < to.0 && from.1 <= y && y < to.1;
            clean.enumerate_pixels().filter(|(x, y, p)| inside(*x, *y) && p.0[0] < 128).count()
        };
        assert_eq!(dark((200, 150), (218, 170)), 18 * 20);
        // The letter that reaches down to the rule keeps all above it.
        assert!(dark((220, 170), (226, 203)) >= 6 * 30, "{}", dark((220, 170), (226, 203)));
        assert_eq!(dark((0, 0), (1000, 600)), 9 * 18 * 20 + dark((220, 170), (226, 210)));
    }

    #[test]
    fn underlined_words_and_thick_margins_rule_nothing() {
        let mut page = GrayImage::from_pixel(1000, 600, Luma([245]));
        fill(&mut page, 0..40, 0..600);
        for y in [100, 200, 300, 400] {
            fill(&mut page, 100..400, y..y + 3);
            for x in (100..400).step_by(24) {
                fill(&mut page, x..x + 18, y - 30..y - 8);
            }
        }
        let rules = Ruling::of(&page, 128, EM).rules(EM);
        assert_eq!((rules.level.len(), rules.upright.len()), (4, 0));
        assert!(grids(&rules, 0.3 * EM).is_empty());
    }
}
