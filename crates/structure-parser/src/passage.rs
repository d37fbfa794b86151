//! A piece of running text put together from lines, which remembers where each of its bytes stood.

use crate::data::{DATA, NUMBER, Syllable};
use crate::fold;
use vanthu_model::Span;

/// Most bytes between two places whose offset in the document a passage knows.
const STRIDE: usize = 256;

/// A word of a passage: a run of letters and digits.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// First byte in the passage.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whether it begins with a capital.
    pub cap: bool,
    /// Which dictionaries hold a phrase that it begins, as bits of [`first`](crate::data::first).
    pub firsts: u32,
    /// Its number among the syllables of the dictionaries.
    pub syllable: Syllable,
    /// Whether it is damaged, and the syllable what it stands for.
    pub damaged: bool,
}

/// Text with white space folded to single blanks, its lower-case form, and the way back to the document.
#[derive(Debug, Clone, Default)]
pub struct Passage {
    /// The text.
    pub text: String,
    /// The text in lower case, byte for byte as long.
    pub low: String,
    /// Its words.
    pub words: Vec<Word>,
    /// Bytes of `text` with the character offset in the document of what stands there, in order: the start, each place
    /// where the document has more between two characters than the text, and others at least every [`STRIDE`] bytes.
    at: Vec<(u32, u32)>,
    /// Bytes of `text` before which something was left out, so that a span must end there.
    cuts: Vec<usize>,
}

/// Lower-case text in which damaged words are mended.
pub struct Mended {
    /// The text.
    pub text: String,
    /// Bytes of the text with the bytes of the passage that they stand for, in order: the start, and both ends of each
    /// mended word.
    shifts: Vec<(usize, usize)>,
}

impl Mended {
    /// The byte of the passage that byte `at` of the text stands for.
    pub fn place(&self, at: usize) -> usize {
        let before = self.shifts.partition_point(|(own, _)| *own <= at).saturating_sub(1);
        let (own, there) = self.shifts.get(before).copied().unwrap_or_default();
        // Inside a mended word there is no telling letter from letter: its end.
        let inside = before % 2 == 1;
        match self.shifts.get(before + 1).filter(|_| inside && at > own) {
            Some((_, end)) => *end,
            None => there + (at - own),
        }
    }
}

/// Puts a passage together, line by line.
#[derive(Debug, Default)]
pub struct Builder {
    text: String,
    at: Vec<(u32, u32)>,
    /// The offset that the next character has if nothing was left out before it.
    next: u32,
    cuts: Vec<usize>,
    /// Whether a mark was left out at the end of the last line.
    pending: bool,
}

impl Builder {
    /// Appends the line `s`, whose first character is character `offset` of the document. Lines are joined by a
    /// blank, or by nothing where `glue` is set (a symbol broken after its hyphen). `apart` says that more than
    /// white space stands between this line and the one before: a page number, a note.
    pub fn line(&mut self, s: &str, offset: usize, glue: bool, apart: bool) {
        let mut blank = !self.text.is_empty() && !glue && !self.text.ends_with(' ');
        let mut left_out = (apart || self.pending) && !self.text.is_empty();
        self.pending = false;
        let bullet = s.trim_start().starts_with("* ");
        self.text.reserve(s.len() + 1);
        // Offset of the character at byte `at`.
        let (mut o, mut at) = (offset as u32, 0);
        while let Some(rest) = s.get(at..).filter(|r| !r.is_empty()) {
            let first = bullet && self.text.is_empty();
            let mut chars = 0;
            let stop = rest.char_indices().find(|(i, c)| {
                let ends = *i >= STRIDE || c.is_whitespace() || is_left_out(*c) && !(first && *i == 0);
                chars += u32::from(!ends);
                ends
            });
            let run = stop.map_or(rest, |(i, _)| rest.get(..i).unwrap_or(rest));
            if !run.is_empty() {
                if blank {
                    self.push(" ", 1, o.saturating_sub(1));
                    blank = false;
                }
                if left_out {
                    self.cut();
                    left_out = false;
                }
                self.push(run, chars, o);
                o += chars;
            }
            at += run.len();
            match stop {
                Some((i, _)) if i >= STRIDE => {}
                Some((_, c)) => {
                    if c.is_whitespace() {
                        blank |= !self.text.is_empty() && !self.text.ends_with(' ');
                    } else {
                        left_out = true;
                    }
                    o += 1;
                    at += c.len_utf8();
                }
                None => break,
            }
        }
        self.pending = left_out;
    }

    /// Appends `run` of `chars` characters, the first of which is character `o` of the document.
    fn push(&mut self, run: &str, chars: u32, o: u32) {
        let here = self.text.len();
        if o != self.next || self.at.last().is_none_or(|(b, _)| here - *b as usize >= STRIDE) {
            self.at.push((here as u32, o));
        }
        self.next = o + chars;
        self.text.push_str(run);
    }

    fn cut(&mut self) {
        if self.cuts.last() != Some(&self.text.len()) {
            self.cuts.push(self.text.len());
        }
    }

    /// The passage.
    pub fn build(self) -> Passage {
        Passage::new(self.text, self.at, self.cuts)
    }
}

/// Emphasis marks of converted text and the raised digits of footnotes are no part of the wording.
fn is_left_out(c: char) -> bool {
    c == '*' || !c.is_ascii() && (is_raised(c) || c == '\u{fe0f}')
}

/// Whether `c` is a raised digit, as footnote marks are.
pub fn is_raised(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// Finds what damaged words stand for.
fn repair(low: &str, words: &mut [Word]) {
    for i in 0..words.len() {
        let Some(w) = words.get(i).copied().filter(|w| w.syllable == 0) else { continue };
        let number = |w: &Word| low.as_bytes().get(w.start).is_some_and(u8::is_ascii_digit);
        let beside = |k: Option<usize>| match k.and_then(|k| words.get(k)) {
            Some(w) if number(w) => NUMBER,
            Some(w) => w.syllable,
            None => 0,
        };
        let (before, after) = (beside(i.checked_sub(1)), beside(Some(i + 1)));
        if before == 0 && after == 0 {
            continue;
        }
        if let Some(s) = low.get(w.start..w.end).and_then(|word| DATA.repaired(before, word, after))
            && let Some(w) = words.get_mut(i)
        {
            (w.syllable, w.firsts, w.damaged) = (s, DATA.firsts(s), true);
        }
    }
}

impl Passage {
    fn new(text: String, at: Vec<(u32, u32)>, cuts: Vec<usize>) -> Self {
        let low = fold::lower(&text);
        let mut words = Vec::new();
        let mut open: Option<Word> = None;
        for (i, c) in text.char_indices() {
            if fold::is_word(c) {
                let end = i + c.len_utf8();
                match &mut open {
                    Some(w) => w.end = end,
                    None => {
                        open = Some(Word {
                            start: i,
                            end,
                            cap: fold::is_capital(c),
                            firsts: 0,
                            syllable: 0,
                            damaged: false,
                        })
                    }
                }
            } else if let Some(w) = open.take() {
                words.push(w);
            }
        }
        words.extend(open);
        for w in &mut words {
            (w.syllable, w.firsts) = low.get(w.start..w.end).map_or((0, 0), |s| DATA.syllable(s));
        }
        repair(&low, &mut words);
        Self { text, low, words, at, cuts }
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text of bytes `a..b`.
    pub fn slice(&self, a: usize, b: usize) -> &str {
        self.text.get(a..b.max(a)).unwrap_or("")
    }

    /// The lower-case text of bytes `a..b`.
    pub fn low_slice(&self, a: usize, b: usize) -> &str {
        self.low.get(a..b.max(a)).unwrap_or("")
    }

    /// Word `i` in lower case; what it stands for where it is damaged.
    pub fn word(&self, i: usize) -> Option<&str> {
        let w = self.words.get(i)?;
        if w.damaged { DATA.name(w.syllable) } else { self.low.get(w.start..w.end) }
    }

    /// The lower-case text of bytes `a..b` with damaged words mended, and where its bytes stand; nothing where no word is
    /// damaged.
    pub fn mended(&self, a: usize, b: usize) -> Option<Mended> {
        let mut out = Mended { text: String::new(), shifts: Vec::new() };
        let mut from = a;
        for w in self.words.iter().filter(|w| w.damaged && w.start >= a && w.end <= b) {
            out.text.push_str(self.low_slice(from, w.start));
            out.shifts.push((out.text.len(), w.start));
            out.text.push_str(DATA.name(w.syllable)?);
            out.shifts.push((out.text.len(), w.end));
            from = w.end;
        }
        if out.shifts.is_empty() {
            return None;
        }
        out.shifts.insert(0, (0, a));
        out.text.push_str(self.low_slice(from, b));
        Some(out)
    }

    /// The number of word `i` among the syllables of the dictionaries.
    pub fn syllable(&self, i: usize) -> Option<Syllable> {
        Some(self.words.get(i)?.syllable)
    }

    /// Whether word `i` begins a phrase of one of the dictionaries in `sets`.
    pub fn may_begin(&self, i: usize, sets: u32) -> bool {
        self.words.get(i).is_some_and(|w| w.firsts & sets != 0)
    }

    /// What stands between word `i` and the next.
    pub fn gap(&self, i: usize) -> &str {
        match (self.words.get(i), self.words.get(i + 1)) {
            (Some(a), Some(b)) => self.slice(a.end, b.start),
            (Some(a), None) => self.slice(a.end, self.text.len()),
            _ => "",
        }
    }

    /// What stands before word `i`, back to the word before it.
    pub fn gap_before(&self, i: usize) -> &str {
        match (i.checked_sub(1).and_then(|p| self.words.get(p)), self.words.get(i)) {
            (Some(a), Some(b)) => self.slice(a.end, b.start),
            (None, Some(b)) => self.slice(0, b.start),
            _ => "",
        }
    }

    /// The first word that begins at byte `at` or later.
    pub fn word_from(&self, at: usize) -> usize {
        self.words.partition_point(|w| w.start < at)
    }

    /// The character offset in the document of what stands at byte `i`.
    fn offset(&self, i: usize) -> Option<usize> {
        if i >= self.text.len() {
            return None;
        }
        let (byte, o) = self.at.get(self.at.partition_point(|(b, _)| *b as usize <= i).checked_sub(1)?)?;
        // The last byte of a character counts for the character.
        let between = self.text.as_bytes().get(*byte as usize + 1..=i)?;
        Some(*o as usize + between.iter().filter(|b| (**b as i8) >= -0x40).count())
    }

    /// The spans of bytes `a..b` in the document, white space at both ends left out. Lines that follow each other
    /// make one span; what was left out parts spans.
    pub fn spans(&self, a: usize, b: usize) -> Vec<Span> {
        let piece = self.slice(a, b);
        let a = a + (piece.len() - piece.trim_start().len());
        let b = a + piece.trim().len();
        let mut out: Vec<Span> = Vec::new();
        if a >= b {
            return out;
        }
        let first = self.cuts.partition_point(|c| *c <= a);
        let mut from = a;
        for cut in self.cuts.iter().skip(first).copied().take_while(|c| *c < b).chain([b]) {
            let piece = self.slice(from, cut);
            let lead = piece.len() - piece.trim_start().len();
            let end = from + piece.trim_end().len();
            if let (Some(s), Some(e)) =
                (self.offset(from + lead), end.checked_sub(1).and_then(|e| self.offset(e)))
                && end > from + lead
            {
                out.push(Span::new(s, e + 1));
            }
            from = cut;
        }
        out
    }

    /// The part of the passage from byte `a` to byte `b`, as a passage of its own.
    pub fn part(&self, a: usize, b: usize) -> Passage {
        let piece = self.slice(a, b);
        let a = a + (piece.len() - piece.trim_start().len());
        let text = piece.trim().to_owned();
        let b = a + text.len();
        let first = self.at.partition_point(|(byte, _)| *byte as usize <= a);
        let within = self.at.iter().skip(first).take_while(|(byte, _)| (*byte as usize) < b);
        let own = self.offset(a).map(|o| (0, o as u32));
        let at = own.into_iter().chain(within.map(|(byte, o)| (byte - a as u32, *o))).collect();
        let first = self.cuts.partition_point(|c| *c <= a);
        let cuts = self.cuts.iter().skip(first).take_while(|c| **c < b).map(|c| c - a).collect();
        Passage::new(text, at, cuts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_back_through_joined_lines_and_left_out_marks() {
        let doc = "Xây  dựng \n\n5\n**kế** hoạch";
        let mut b = Builder::default();
        b.line("Xây  dựng ", 0, false, false);
        b.line("**kế** hoạch", 14, false, true);
        let p = b.build();
        assert_eq!(p.text, "Xây dựng kế hoạch");
        let chars: Vec<char> = doc.chars().collect();
        let read: Vec<String> =
            p.spans(0, p.text.len()).iter().map(|s| chars[s.start..s.end].iter().collect()).collect();
        assert_eq!(read, ["Xây  dựng", "kế", "hoạch"]);
        let part = p.part(5, p.text.len());
        assert_eq!(part.text, "dựng kế hoạch");
        assert_eq!(part.spans(0, part.text.len())[0], Span::new(5, 9));
    }

    #[test]
    fn footnote_marks_are_left_out() {
        let mut b = Builder::default();
        b.line("tháng 4/2025¹, Sở", 0, false, false);
        assert_eq!(b.build().text, "tháng 4/2025, Sở");
        let mut b = Builder::default();
        b.line("Tháng 4¹", 0, false, false);
        b.line("Sở lập sổ.", 9, false, false);
        let p = b.build();
        assert_eq!(p.spans(0, p.text.len()), [Span::new(0, 7), Span::new(9, 19)]);
    }
}
