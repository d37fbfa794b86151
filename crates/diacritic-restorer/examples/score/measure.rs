//! Restores documents and counts what came out right, how sure it was said to be, and how long it took.

use crate::align::{Token, align, tokens};
use diacritic_restorer::{Evidence, Gate, Options, Regime, RestoredLine, Restorer};
use std::fmt;
use std::time::{Duration, Instant};

/// Lines as printed and as read, as many of each.
#[derive(Default)]
pub struct Document {
    /// What was printed.
    pub truth: String,
    /// What was read.
    pub raw: String,
}

impl Document {
    /// Adds a line.
    pub fn push(&mut self, truth: &str, raw: &str) {
        for (text, line) in [(&mut self.truth, truth), (&mut self.raw, raw)] {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(line);
        }
    }
}

/// What is written beside the figures.
#[derive(Default)]
pub struct Settings {
    /// Print what stays wrong.
    pub show: bool,
    /// Count only every second page, the even ones (0) or the odd ones (1); of a single page every second line.
    pub half: Option<usize>,
}

/// A restored token.
pub struct Judged {
    /// Kind of damage.
    pub regime: Regime,
    /// What its least sure word rests on.
    pub evidence: Evidence,
    /// Before calibration.
    pub posterior: f32,
    /// After it.
    pub confidence: f32,
    /// Flagged.
    pub doubtful: bool,
    /// As in the true text.
    pub right: bool,
}

/// What was counted.
#[derive(Default)]
pub struct Figures {
    tokens: usize,
    raw_edits: usize,
    edits: usize,
    doubtful: usize,
    digits: usize,
    /// Each restored token.
    pub judged: Vec<Judged>,
    words: usize,
    first: Duration,
    again: Duration,
}

impl Figures {
    /// Adds those of another source.
    pub fn add(&mut self, other: Figures) {
        self.tokens += other.tokens;
        self.raw_edits += other.raw_edits;
        self.edits += other.edits;
        self.doubtful += other.doubtful;
        self.digits += other.digits;
        self.judged.extend(other.judged);
        self.words += other.words;
        self.first += other.first;
        self.again += other.again;
    }

    /// Expected calibration error (Guo et al. 2017) over fifteen bins of equal count, 0 to 1.
    fn calibration_error(&self) -> f64 {
        let mut judged: Vec<(f32, bool)> = self.judged.iter().map(|j| (j.confidence, j.right)).collect();
        judged.sort_by(|a, b| a.0.total_cmp(&b.0));
        let size = judged.len().div_ceil(15).max(1);
        let gap = |bin: &[(f32, bool)]| {
            let sure: f64 = bin.iter().map(|j| f64::from(j.0)).sum();
            let right = bin.iter().filter(|j| j.1).count() as f64;
            (sure - right).abs()
        };
        judged.chunks(size).map(gap).sum::<f64>() / judged.len().max(1) as f64
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
        let wrong = self.judged.iter().filter(|j| !j.right).count();
        let covered = self.judged.iter().filter(|j| !j.right && j.doubtful).count();
        let speed = |t: Duration| self.words as f64 / t.as_secs_f64().max(1e-9);
        write!(
            f,
            "{:>7} {:>6} {:>6.2} {:>7.3} {:>5.2} {:>6.2} {:>6.1} {:>6} {:>8.0} {:>8.0}",
            self.tokens,
            self.edits,
            100.0 - share(self.raw_edits, self.tokens),
            100.0 - share(self.edits, self.tokens),
            100.0 * self.calibration_error(),
            share(self.doubtful, self.judged.len()),
            share(covered, wrong),
            self.digits,
            speed(self.first),
            speed(self.again),
        )
    }
}

/// Restores `documents` and compares.
pub fn measure(restorer: &Restorer, documents: &[Document], gate: Gate, settings: &Settings) -> Figures {
    let options = Options { gate, ..Options::default() };
    let mut out = Figures::default();
    for (page, document) in documents.iter().enumerate() {
        if documents.len() > 1 && settings.half.is_some_and(|half| page % 2 != half) {
            continue;
        }
        let clock = Instant::now();
        let restored = restorer.restore_lines(&document.raw, &options);
        out.first += clock.elapsed();
        let clock = Instant::now();
        restorer.restore_text(&document.raw, &options);
        out.again += clock.elapsed();
        out.words += document.raw.split_whitespace().count();
        for (i, (truth, line)) in document.truth.split('\n').zip(&restored).enumerate() {
            if documents.len() > 1 || settings.half.is_none_or(|half| i % 2 == half) {
                judge(truth, line, &mut out, settings);
            }
        }
    }
    out
}

fn judge(truth: &str, line: &RestoredLine, out: &mut Figures, settings: &Settings) {
    let gold = tokens(truth);
    let raw = tokens(&line.raw);
    let new = tokens(&line.text);
    let (edits, partner) = align(&gold, &new);
    out.tokens += gold.len();
    out.edits += edits;
    out.raw_edits += align(&gold, &raw).0;
    for (i, token) in new.iter().enumerate() {
        let of = |range: &std::ops::Range<usize>| range.start < token.end && range.end > token.start;
        let words: Vec<_> = line.words.iter().filter(|w| of(&w.range)).collect();
        let weakest = words.iter().min_by(|a, b| a.confidence.total_cmp(&b.confidence));
        let confidence = weakest.map_or(1.0, |w| w.confidence);
        let doubtful = words.iter().any(|w| w.doubtful);
        let gold = partner[i].and_then(|g| gold.get(g));
        let right = gold.is_some_and(|g| g.form == token.form);
        out.judged.push(Judged {
            regime: line.regime,
            evidence: weakest.map_or(Evidence::Label, |w| w.evidence),
            posterior: weakest.map_or(1.0, |w| w.posterior),
            confidence,
            doubtful,
            right,
        });
        out.doubtful += usize::from(doubtful);
        let read: Vec<&str> = words.iter().map(|w| w.raw.as_str()).collect();
        let read = read.join(" ");
        let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
        // A digit among letters was a misread letter; whether the word is right is counted elsewhere.
        let fact = gold.is_some_and(|g| g.form.contains(|c: char| c.is_ascii_digit()));
        let moved = digits(&read) != digits(&token.form);
        out.digits += usize::from(moved && fact && !right);
        if settings.show && !right {
            let near = |tokens: &[Token], at: usize| -> String {
                let from = at.saturating_sub(2);
                let forms: Vec<&str> = tokens.iter().skip(from).take(5).map(|t| t.form.as_str()).collect();
                forms.join(" ")
            };
            let gold_near = partner[i].map_or(String::new(), |g| near(&tokens(truth), g));
            println!(
                "    {} for {} ({read}) {confidence:.6} | {} | {}",
                token.form,
                gold.map_or("nothing", |g| &g.form),
                near(&new, i),
                gold_near
            );
        }
    }
}
