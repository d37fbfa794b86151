//! Repaired text for people and for programs.

use diacritic_restorer::{Regime, RestoredLine, RestoredWord};
use serde::Serialize;
use std::fmt::Write;

/// Readings that are told of a word.
pub const ALTERNATIVES: usize = 4;

/// Repaired text as JSON.
#[derive(Debug, Serialize)]
pub struct Restored<'a> {
    /// Always `vanthu.restored/1`.
    schema: &'static str,
    /// The model that repaired it.
    model: String,
    lines: Vec<Line<'a>>,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    raw: &'a str,
    text: &'a str,
    /// What the gate saw: `good`, `no_marks`, `wrong_engine`, `recognised` or `foreign`.
    damage: &'static str,
    words: Vec<Word<'a>>,
}

#[derive(Debug, Serialize)]
struct Word<'a> {
    raw: &'a str,
    text: &'a str,
    /// Place in the whole repaired text, half-open, in Unicode scalar values.
    start: usize,
    end: usize,
    confidence: f32,
    changed: bool,
    doubtful: bool,
    cause: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alternatives: Vec<Other<'a>>,
}

#[derive(Debug, Serialize)]
struct Other<'a> {
    text: &'a str,
    probability: f32,
}

/// The lines for programs. Alternatives stand with the words that are changed or doubtful.
pub fn value<'a>(lines: &'a [RestoredLine], model: &str) -> Restored<'a> {
    let word = |w: &'a RestoredWord| Word {
        raw: &w.raw,
        text: &w.text,
        start: w.span.start,
        end: w.span.end,
        confidence: round(w.confidence),
        changed: w.changed,
        doubtful: w.doubtful,
        cause: w.cause,
        alternatives: others(w).map(|a| Other { text: &a.text, probability: round(a.probability) }).collect(),
    };
    let lines = lines.iter().map(|l| Line {
        raw: &l.raw,
        text: &l.text,
        damage: damage(l.regime),
        words: l.words.iter().map(word).collect(),
    });
    Restored { schema: "vanthu.restored/1", model: model.to_string(), lines: lines.collect() }
}

fn others(word: &RestoredWord) -> impl Iterator<Item = &diacritic_restorer::Alternative> {
    word.alternatives.iter().filter(|_| word.changed || word.doubtful)
}

fn round(p: f32) -> f32 {
    (p * 10_000.0).round() / 10_000.0
}

fn damage(regime: Regime) -> &'static str {
    match regime {
        Regime::Good => "good",
        Regime::NoMarks => "no_marks",
        Regime::WrongEngine => "wrong_engine",
        Regime::Recognised => "recognised",
        Regime::Foreign => "foreign",
    }
}

/// A line for each changed or doubtful word, and one for each run of lines in another language.
pub fn explain(lines: &[RestoredLine]) -> Vec<String> {
    let mut told = Vec::new();
    let mut foreign: Option<(usize, usize)> = None;
    for (number, line) in lines.iter().enumerate().map(|(i, l)| (i + 1, l)) {
        match (&mut foreign, line.regime) {
            (Some((_, last)), Regime::Foreign) => *last = number,
            (None, Regime::Foreign) => foreign = Some((number, number)),
            _ => told.extend(foreign.take().map(left_alone)),
        }
        for word in line.words.iter().filter(|w| w.changed || w.doubtful) {
            let doubt = if word.doubtful { ", doubtful" } else { "" };
            let column = line.text.get(..word.range.start).map_or(1, |before| before.chars().count() + 1);
            let mut text = format!(
                "{number}:{column}: {} → {} ({:.3}, {}{doubt})",
                word.raw, word.text, word.confidence, word.cause
            );
            for other in others(word) {
                // Writing into a String cannot fail.
                let _ = write!(text, "  {} {:.3}", other.text, other.probability);
            }
            told.push(text);
        }
    }
    told.extend(foreign.map(left_alone));
    told
}

fn left_alone((first, last): (usize, usize)) -> String {
    format!("{first}-{last}: in another language, left alone")
}

/// A page for the eye: changed words on one ground, doubtful ones on another and underlined, the raw text on hover.
pub fn html(lines: &[RestoredLine], title: &str) -> String {
    let mut body = String::new();
    for line in lines {
        let mut at = 0;
        for word in &line.words {
            body.push_str(&escaped(line.text.get(at..word.range.start).unwrap_or_default()));
            at = word.range.end;
            let class = match (word.doubtful, word.changed) {
                (true, _) => "doubtful",
                (false, true) => "changed",
                (false, false) => {
                    body.push_str(&escaped(&word.text));
                    continue;
                }
            };
            let mut title = format!("{} ({:.1} %)", word.raw, word.confidence * 100.0);
            for other in others(word) {
                let _ = write!(title, "\n{} {:.1} %", other.text, other.probability * 100.0);
            }
            let _ = write!(
                body,
                "<mark class=\"{class}\" title=\"{}\">{}</mark>",
                escaped(&title),
                escaped(&word.text)
            );
        }
        body.push_str(&escaped(line.text.get(at..).unwrap_or_default()));
        body.push('\n');
    }
    format!(
        "<!doctype html>
<html lang=\"vi\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>{title}</title>
<style>
body {{ max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 'Times New Roman', Tinos, serif; }}
pre {{ font: inherit; white-space: pre-wrap; }}
mark {{ padding: 0 .1em; border-radius: .2em; }}
.changed {{ background: #d9ecff; }}
.doubtful {{ background: #ffe1b3; text-decoration: underline wavy #b35900; }}
@media (prefers-color-scheme: dark) {{
    body {{ background: #181818; color: #ddd; }}
    mark {{ color: inherit; }}
    .changed {{ background: #12385c; }}
    .doubtful {{ background: #5c3a00; }}
}}
</style>
<p><mark class=\"changed\">changed</mark> <mark class=\"doubtful\">doubtful</mark>: the raw text and what else may have stood there show under the pointer.</p>
<pre>
{body}</pre>
",
        title = escaped(title)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_cannot_become_markup() {
        let line = RestoredLine {
            raw: "<b> & \"c\"".into(),
            text: "<b> & \"c\"".into(),
            regime: Regime::Good,
            words: Vec::new(),
        };
        let page = html(&[line], "<i>.txt");
        assert!(
            page.contains("&lt;b&gt; &amp; &quot;c&quot;") && page.contains("<title>&lt;i&gt;.txt"),
            "{page}"
        );
        assert!(!page.contains("<b>") && !page.contains("<i>"));
    }
}
