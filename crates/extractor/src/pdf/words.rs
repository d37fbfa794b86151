//! Glyphs into lines of words, by geometry alone: drawing order and space glyphs differ too much between writers.

use super::Glyph;
use crate::layout::{Rule, Rules};
use hayro_interpret::hayro_cmap::BfString;
use unicode_normalization::char::is_combining_mark;
use vanthu_model::{BBox, composed};

/// A gap of this share of the font size parts words that no space glyph parts. A space is a quarter of the size, and a
/// fifth where justified lines are tight; kerning stays below a tenth.
const WORD_GAP: f32 = 0.16;

/// The same glyph drawn again within this share of the size is the writer's way to make bold.
const OVERPRINT: f32 = 0.12;

/// Above and below the baseline, as shares of the size: where letters with marks reach.
const ASCENT: f32 = 0.9;
const DESCENT: f32 = 0.25;

/// Glyphs whose baselines differ by less than this share of the size are on one line.
const SAME_LINE: f32 = 0.3;

/// A word of a text layer.
#[derive(Debug, Clone)]
pub(crate) struct LayerWord {
    pub text: String,
    pub bbox: BBox,
    pub baseline: f32,
    pub size: f32,
}

/// The words of one baseline, from left to right. What stands beside one another in columns shares a line here.
pub(crate) type LayerLine = Vec<LayerWord>;

/// What a glyph stands for: a character, and what follows it in ligatures and letters with marks of their own.
#[derive(Clone, PartialEq)]
struct Letter {
    first: char,
    more: String,
}

impl Letter {
    fn chars(&self) -> impl Iterator<Item = char> {
        std::iter::once(self.first).chain(self.more.chars())
    }

    fn write(&self, text: &mut String) {
        text.push(self.first);
        text.push_str(&self.more);
    }
}

/// One letter with its place, marks joined to it.
struct Atom {
    letter: Letter,
    x0: f32,
    x1: f32,
    y: f32,
    size: f32,
}

/// The text of a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layer {
    /// The lines of the main direction, from top to bottom.
    pub lines: Vec<LayerLine>,
    /// Lines that run in other directions: notes along the margin.
    pub aside: Vec<LayerLine>,
    /// Width and height of the page, turned so that the main direction runs from left to right.
    pub size: (f32, f32),
    /// The ruling lines, turned like the page.
    pub rules: Rules,
}

impl Layer {
    /// All words.
    pub(crate) fn words(&self) -> impl Iterator<Item = &LayerWord> {
        self.lines.iter().chain(&self.aside).flatten()
    }
}

/// The text that `glyphs` make on a page of `size` points. Most of it decides which way the page is read. Glyphs
/// without a Unicode value become U+FFFD. `rules` are the page's ruling lines.
pub(crate) fn layer(glyphs: &[Glyph], rules: &Rules, size: (f32, f32)) -> Layer {
    let mut counts = [0_usize; 4];
    let mut before = 0;
    let direction = |glyph: &Glyph| {
        let (dx, dy) = (glyph.end.0 - glyph.start.0, glyph.end.1 - glyph.start.1);
        // Marks without an advance go the way of their letter.
        before = match (dx.abs() >= dy.abs(), dx >= 0.0, dy >= 0.0) {
            _ if dx.abs().max(dy.abs()) < 0.01 => before,
            (true, true, _) => 0,
            (false, _, true) => 1,
            (true, false, _) => 2,
            (false, _, false) => 3,
        };
        counts[before] += 1;
        before
    };
    let directions: Vec<usize> = glyphs.iter().map(direction).collect();
    let main = (0..4).max_by_key(|d| (counts[*d], 4 - d)).unwrap_or(0);
    let turned = |d: usize| if d % 2 == 1 { (size.1, size.0) } else { size };
    let of = |d: usize| {
        let those = glyphs.iter().zip(&directions).filter(move |(_, of)| **of == d);
        lines(atoms(those.map(|(glyph, _)| glyph), |point| turn_point(point, d, size)))
    };
    let aside = (0..4).filter(|d| *d != main && counts[*d] > 0).flat_map(of).collect();
    let rules = turn_rules(rules, main, size);
    Layer { lines: of(main), aside, size: turned(main), rules }
}

/// The point on the page turned so that `direction` (0 right, 1 down, 2 left, 3 up) runs to the right.
fn turn_point((x, y): (f32, f32), direction: usize, size: (f32, f32)) -> (f32, f32) {
    match direction {
        0 => (x, y),
        1 => (y, size.0 - x),
        2 => (size.0 - x, size.1 - y),
        _ => (size.1 - y, x),
    }
}

/// The rules on the page turned as by [`turn_point`].
fn turn_rules(rules: &Rules, direction: usize, size: (f32, f32)) -> Rules {
    let along = |a: f32, b: f32, at: f32| Rule { at, from: a.min(b), to: a.max(b) };
    let mut turned = Rules::default();
    let ends = rules.level.iter().map(|r| ((r.from, r.at), (r.to, r.at)));
    for (from, to) in ends.chain(rules.upright.iter().map(|r| ((r.at, r.from), (r.at, r.to)))) {
        let (a, b) = (turn_point(from, direction, size), turn_point(to, direction, size));
        if (a.1 - b.1).abs() <= (a.0 - b.0).abs() {
            turned.level.push(along(a.0, b.0, a.1));
        } else {
            turned.upright.push(along(a.1, b.1, a.0));
        }
    }
    turned
}

/// The lines of words that letters running from left to right make, from top to bottom.
fn lines(mut atoms: Vec<Atom>) -> Vec<LayerLine> {
    atoms.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut lines: Vec<Vec<Atom>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for atom in atoms {
        // Baselines come in rising order, so only the lines begun last can take the atom.
        open.retain(|&i| lines[i].first().is_some_and(|f| atom.y - f.y < f.size.max(atom.size)));
        let home = open.iter().copied().find(|&i| {
            lines[i].first().is_some_and(|f| (atom.y - f.y).abs() < SAME_LINE * f.size.min(atom.size))
        });
        match home {
            Some(i) => lines[i].push(atom),
            None => {
                open.push(lines.len());
                lines.push(vec![atom]);
            }
        }
    }
    lines.into_iter().map(words).filter(|l| !l.is_empty()).collect()
}

/// The letters of glyphs, each point turned.
fn atoms<'g>(glyphs: impl Iterator<Item = &'g Glyph>, turn: impl Fn((f32, f32)) -> (f32, f32)) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::with_capacity(glyphs.size_hint().1.unwrap_or(0));
    for glyph in glyphs {
        let Some(letter) = letter(glyph) else { continue };
        // A mark drawn on its own belongs to the letter before it, wherever it was placed.
        if letter.chars().all(is_combining_mark)
            && let Some(base) = atoms.last_mut()
        {
            letter.write(&mut base.letter.more);
            continue;
        }
        let (start, end) = (turn(glyph.start), turn(glyph.end));
        atoms.push(Atom { letter, x0: start.0, x1: end.0.max(start.0), y: start.1, size: glyph.size });
    }
    atoms
}

/// What a glyph prints; none where that is nothing.
fn letter(glyph: &Glyph) -> Option<Letter> {
    match &glyph.text {
        Some(BfString::Char(c)) => (!is_ignorable(*c)).then(|| Letter { first: *c, more: String::new() }),
        Some(BfString::String(s)) => {
            let mut printed = s.chars().filter(|c| !is_ignorable(*c));
            Some(Letter { first: printed.next()?, more: printed.collect() })
        }
        None => Some(Letter { first: '\u{fffd}', more: String::new() }),
    }
}

/// Characters that print nothing: soft hyphens and zero-width marks, controls, the replacement of a missing code.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') || (c.is_control() && !c.is_whitespace())
}

fn words(mut line: Vec<Atom>) -> LayerLine {
    line.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut words: Vec<LayerWord> = Vec::new();
    let mut open = false;
    let mut last: Option<(f32, f32, Letter)> = None;
    for atom in line {
        if let Some((x0, _, letter)) = &last
            && *letter == atom.letter
            && atom.x0 - x0 < OVERPRINT * atom.size
        {
            continue;
        }
        if atom.letter.chars().all(char::is_whitespace) {
            // A space that other glyphs were moved over does not part words.
            open = false;
            continue;
        }
        let bbox = BBox {
            x0: atom.x0,
            y0: atom.y - ASCENT * atom.size,
            x1: atom.x1,
            y1: atom.y + DESCENT * atom.size,
        };
        let near = last.as_ref().is_some_and(|(_, x1, _)| atom.x0 - x1 < WORD_GAP * atom.size);
        match words.last_mut() {
            Some(word) if open && near => {
                atom.letter.write(&mut word.text);
                word.bbox = word.bbox.union(bbox);
                word.size = word.size.max(atom.size);
            }
            _ => {
                // Few words are longer.
                let mut text = String::with_capacity(16);
                atom.letter.write(&mut text);
                words.push(LayerWord { text, bbox, baseline: atom.y, size: atom.size });
            }
        }
        open = true;
        last = Some((atom.x0, atom.x1, atom.letter));
    }
    for word in &mut words {
        word.text = composed(std::mem::take(&mut word.text));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(c: char, x: f32, y: f32) -> Glyph {
        Glyph { text: Some(BfString::Char(c)), start: (x, y), end: (x + 5.0, y), size: 10.0, hint: None }
    }

    fn read(glyphs: &[Glyph]) -> Vec<String> {
        lines(atoms(glyphs.iter(), |point| point))
            .iter()
            .map(|l| l.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn words_come_from_gaps_and_from_spaces() {
        let g = [glyph('b', 5.0, 0.0), glyph('a', 0.0, 0.0), glyph('c', 13.0, 0.0), glyph(' ', 18.0, 0.0)];
        assert_eq!(read(&g), ["ab c"]);
        assert_eq!(read(&[glyph('a', 0.0, 0.0), glyph(' ', 5.0, 0.0), glyph('b', 6.0, 0.0)]), ["a b"]);
    }

    #[test]
    fn marks_join_their_letter_and_bold_is_not_doubled() {
        let g = [
            glyph('e', 0.0, 0.0),
            glyph('\u{302}', 1.0, 0.0),
            glyph('\u{301}', 9.0, 0.0),
            glyph('m', 5.0, 0.0),
        ];
        assert_eq!(read(&g), ["ếm"]);
        assert_eq!(read(&[glyph('a', 0.0, 0.0), glyph('a', 0.3, 0.0), glyph('a', 5.0, 0.0)]), ["aa"]);
    }

    #[test]
    fn text_that_runs_upwards_turns_the_page() {
        let up = |c, y: f32| Glyph { start: (300.0, y), end: (300.0, y - 5.0), ..glyph(c, 0.0, 0.0) };
        let aside = glyph('z', 10.0, 10.0);
        let rules = Rules { level: Vec::new(), upright: vec![Rule { at: 300.0, from: 100.0, to: 500.0 }] };
        let page = layer(&[up('a', 500.0), up('b', 495.0), aside], &rules, (600.0, 800.0));
        assert_eq!(page.size, (800.0, 600.0));
        assert_eq!(page.lines[0][0].text, "ab");
        assert_eq!(page.lines[0][0].bbox.x0, 300.0);
        assert_eq!(page.aside[0][0].text, "z");
        assert_eq!(page.rules.level, [Rule { at: 300.0, from: 300.0, to: 700.0 }]);
    }

    #[test]
    fn lines_run_from_top_to_bottom() {
        assert_eq!(read(&[glyph('b', 0.0, 30.0), glyph('a', 0.0, 10.0), glyph('2', 5.0, 9.0)]), ["a2", "b"]);
    }
}
