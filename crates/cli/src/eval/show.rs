//! Reports of scores as tables for people.

use crate::args::EvalArgs;
use crate::eval::cases::{How, Set};
use ::eval::{Comparison, Group, Miss, Report, SetReport, StructureScore, Tally, TextScore, verdict_name};
use pipeline::one_line;
use std::fmt::Write;

/// Figures of structures, in the order of the columns.
const FIGURES: [&str; 7] = ["tasks", "units", "deadlines", "targets", "references", "outline", "metadata"];

/// Characters that an example takes of a text.
const SHOWN: usize = 100;

/// Writing into a text cannot fail.
macro_rules! row {
    ($out:expr, $($arg:tt)*) => { let _ = writeln!($out, $($arg)*); };
}

/// The sets that there are.
pub fn sets(sets: &[Set]) -> String {
    let mut out = String::new();
    row!(out, "{:<16} {:>9}  {:<8} {:<4}  folder", "set", "documents", "how", "OCR");
    for set in sets {
        let how = match set.how {
            How::Read => "read",
            How::Restore => "restore",
            How::Strip => "strip",
            How::Parse => "parse",
            How::Judge => "judge",
        };
        let ocr = if set.needs_ocr { "yes" } else { "" };
        row!(
            out,
            "{:<16} {:>9}  {how:<8} {ocr:<4}  {}",
            one_line(&set.name),
            set.cases.len(),
            one_line(&set.folder)
        );
    }
    out
}

/// A whole report.
pub fn report(args: &EvalArgs, report: &Report, comparison: Option<&Comparison>) -> String {
    let mut out = String::new();
    for (i, set) in report.sets.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        scores(&mut out, args, set);
        if args.errors {
            errors(&mut out, set, args.examples);
        }
    }
    if let Some(comparison) = comparison {
        changes(&mut out, comparison);
    }
    out
}

fn scores(out: &mut String, args: &EvalArgs, set: &SetReport) {
    let failed = match set.failed {
        0 => String::new(),
        n => format!(", {n} failed and scored as empty"),
    };
    let plural = if set.documents.len() == 1 { "" } else { "s" };
    row!(out, "== {}: {} document{plural}{failed}", one_line(&set.name), set.documents.len());
    if let Some(total) = &set.text {
        row!(
            out,
            "{:<16} {:>8} {:>8} {:>10} {:>9} {:>9} {:>9} {:>9}",
            "text",
            "tokens",
            "edits",
            "syllables",
            "cased",
            "bag",
            "CER",
            "base CER"
        );
        for document in set.documents.iter().filter(|_| args.documents) {
            document.text.iter().for_each(|score| text_row(out, &document.name, score));
        }
        text_row(out, "all", total);
    }
    if let Some(all) = &set.structure {
        let figures: String = FIGURES.iter().map(|f| format!(" {f:>10}")).collect();
        row!(out, "{:<16}{figures}", "structure");
        for document in set.documents.iter().filter(|_| args.documents) {
            if let Some(score) = &document.structure {
                figure_row(out, &document.name, score.figures().map(|(_, value)| value));
            }
        }
        figure_row(out, "mean F1", FIGURES.map(|name| all.mean.get(name).copied().flatten()));
        let of = |value: fn(&Tally) -> Option<f64>| tallies(&all.total).map(|t| t.as_ref().and_then(value));
        figure_row(out, "all: precision", of(Tally::precision));
        figure_row(out, "all: recall", of(Tally::recall));
        figure_row(out, "all: F1", all.total.figures().map(|(_, value)| value));
        if args.documents {
            details(out, &all.total);
        }
    }
    verdicts(out, args, set);
    calibration(out, set);
}

fn text_row(out: &mut String, name: &str, score: &TextScore) {
    row!(
        out,
        "{:<16} {:>8} {:>8} {:>10.5} {:>9.5} {:>9.5} {:>9.5} {:>9.5}",
        one_line(name),
        score.gold_tokens,
        score.token_edits,
        score.syllable_accuracy(),
        score.cased_accuracy(),
        score.bag_accuracy(),
        score.cer(),
        score.base_cer()
    );
}

fn figure_row(out: &mut String, name: &str, values: [Option<f64>; 7]) {
    let values: String =
        values.iter().map(|v| v.map_or(format!(" {:>10}", "-"), |v| format!(" {v:>10.4}"))).collect();
    row!(out, "{:<16}{values}", one_line(name));
}

/// The tallies in the order of the columns; the metadata have a share alone.
fn tallies(score: &StructureScore) -> [Option<Tally>; 7] {
    let s = score;
    [
        Some(s.tasks),
        Some(s.units),
        Some(s.deadlines),
        Some(s.targets),
        Some(s.references),
        Some(s.outline),
        None,
    ]
}

fn details(out: &mut String, score: &StructureScore) {
    row!(
        out,
        "{:<28} {:>6} {:>6} {:>6} {:>10} {:>8} {:>8}",
        "field",
        "gold",
        "output",
        "right",
        "precision",
        "recall",
        "F1"
    );
    let share = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{v:.4}"));
    for (name, t) in score.details.0.iter().filter(|(_, t)| t.gold + t.output > 0) {
        row!(
            out,
            "{name:<28} {:>6} {:>6} {:>6} {:>10} {:>8} {:>8}",
            t.gold,
            t.output,
            t.hit,
            share(t.precision()),
            share(t.recall()),
            share(t.f1())
        );
    }
}

fn verdicts(out: &mut String, args: &EvalArgs, set: &SetReport) {
    let Some(v) = &set.verdicts else { return };
    row!(
        out,
        "verdicts         {} pages, {} right, {} false alarms, {} misses",
        v.pages,
        v.right,
        v.false_alarms,
        v.misses
    );
    for (truth, row) in &v.confusion {
        let found: Vec<String> = row.iter().map(|(found, n)| format!("{found} {n}")).collect();
        row!(out, "  {truth:<16} judged {}", found.join(", "));
    }
    for document in set.documents.iter().filter(|_| args.documents) {
        for page in document.verdicts.iter().filter(|p| p.truth != p.found) {
            let (truth, found) = (verdict_name(page.truth), verdict_name(page.found));
            row!(out, "  {} page {}: {truth} judged {found}", one_line(&document.name), page.page);
        }
    }
}

fn calibration(out: &mut String, set: &SetReport) {
    let share = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{v:.4}"));
    if set.calibration.values().any(|c| c.count() > 0) {
        row!(out, "{:<16} {:>8} {:>8} {:>8} {:>8}", "confidence", "count", "right", "ECE", "Brier");
    }
    for (kind, c) in set.calibration.iter().filter(|(_, c)| c.count() > 0) {
        row!(
            out,
            "{kind:<16} {:>8} {:>8} {:>8} {:>8}",
            c.count(),
            share(c.accuracy()),
            share(c.ece()),
            share(c.brier())
        );
    }
}

fn errors(out: &mut String, set: &SetReport, examples: usize) {
    for counted in &set.errors {
        let group = counted.group;
        let plural = if counted.places == 1 { "" } else { "s" };
        row!(
            out,
            "{:>6}  {} ({}), at {} place{plural}",
            counted.count,
            group.name(),
            group.told(),
            counted.places
        );
        let all = set.documents.iter().flat_map(|d| d.errors.iter().map(move |e| (d, e)));
        for (document, error) in all.filter(|(_, e)| e.group == group).take(examples) {
            row!(out, "        {}  ({})", shown(error), one_line(&document.name));
        }
    }
}

/// An error in one line.
fn shown(error: &Miss) -> String {
    let short = |text: &str| {
        let text = one_line(text);
        match text.char_indices().nth(SHOWN) {
            Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
            None => text,
        }
    };
    let what = match (error.gold.as_str(), error.output.as_str()) {
        (gold, "") => format!("{} → nothing", short(gold)),
        ("", output) => format!("nothing → {}", short(output)),
        (gold, output) => format!("{} → {}", short(gold), short(output)),
    };
    if error.place.is_empty() { what } else { format!("{what}  [{}]", short(&error.place)) }
}

fn changes(out: &mut String, comparison: &Comparison) {
    let share = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{v:.5}"));
    row!(out, "\n== against the older report");
    for change in &comparison.figures {
        row!(
            out,
            "{}: {}: {} → {}",
            one_line(&change.set),
            change.figure,
            share(change.before),
            share(change.now)
        );
    }
    for (name, sign, entries) in [("gained", '+', &comparison.gained), ("lost", '-', &comparison.lost)] {
        row!(out, "{name}: {}", entries.len());
        for entry in entries {
            let group: Group = entry.error.group;
            let at = format!("{}/{}", one_line(&entry.set), one_line(&entry.document));
            row!(out, "{sign} {at}: {}: {}", group.name(), shown(&entry.error));
        }
    }
    for (told, names) in
        [("only in the older one", &comparison.only_before), ("only now", &comparison.only_now)]
    {
        if !names.is_empty() {
            row!(out, "{told}: {}", one_line(&names.join(", ")));
        }
    }
}
