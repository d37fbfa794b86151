//! Why each entry of a directive is there, for people: its words, where they stand, the rule that found them and what
//! that rule looks for, and how a value that the words do not hold was had.

use crate::data;
use std::fmt::Write as _;
use vanthu_model::{Deadline, Directive, Evidence, How, Role, Task, TaskUnit, UnitOrigin};

/// What the rule `name` looks for, in one phrase; `None` for a name that no rule has.
pub fn rule(name: &str) -> Option<&'static str> {
    data::RULES.iter().find(|(known, _)| *known == name).map(|(_, says)| *says)
}

/// Tells of each entry of `directive`, which was read from `text`, why it is there: lines without line ends.
pub fn explain(text: &str, directive: &Directive) -> Vec<String> {
    let mut told = Told { out: Vec::new(), starts: line_starts(text) };
    told.metadata(directive);
    told.part("OUTLINE", &directive.outline, |told, node| {
        let depth = "  ".repeat(node.level.saturating_sub(1).min(20) as usize);
        told.entry(&format!("{depth}{} {} — {}", node.label, node.title, named(&node.role)), &node.evidence);
    });
    told.part("TASKS", &directive.tasks, |told, task| told.task(task, directive));
    told.part("TARGETS", &directive.targets, |told, target| {
        let high = target.value_high.map_or(String::new(), |h| format!(" to {h}"));
        let unit = target.unit.as_deref().unwrap_or("");
        let what = format!(
            "{} — {} {} {}{high} {unit}",
            target.indicator,
            named(&target.direction),
            named(&target.comparator),
            target.value
        );
        told.entry(what.trim_end(), &target.evidence);
        told.why(&format!("in the words \"{}\"", short(&target.text)));
        if let Some(base) = &target.baseline {
            told.why(&format!("compared with {base}"));
        }
        if let Some(by) = &target.by {
            told.why(&format!("by {by}"));
        }
    });
    told.part("REFERENCES", &directive.references, |told, r| {
        let name = r.symbol.as_deref().or(r.name.as_deref()).unwrap_or("");
        let date = r.date.as_deref().map_or(String::new(), |d| format!(", {d}"));
        let issuer = r.issuer.as_deref().map_or(String::new(), |i| format!(", {i}"));
        told.entry(&format!("{} {name}{date}{issuer} — {}", r.kind, named(&r.relation)), &r.evidence);
    });
    told.part("DOUBTS", &directive.diagnostics, |told, d| {
        let line = d.span.map_or(String::new(), |s| format!("line {}: ", told.line(s.start)));
        told.out.push(format!("  {line}{} ({})", d.message, d.code));
    });
    told.out
}

/// Collects the lines of an explanation.
struct Told {
    out: Vec<String>,
    /// The character that each line of the text begins with.
    starts: Vec<usize>,
}

impl Told {
    /// A heading and what stands below it, where there is anything.
    fn part<T>(&mut self, title: &str, entries: &[T], mut tell: impl FnMut(&mut Self, &T)) {
        if entries.is_empty() {
            return;
        }
        self.out.push(title.to_owned());
        for entry in entries {
            tell(self, entry);
        }
    }

    fn metadata(&mut self, directive: &Directive) {
        let m = &directive.metadata;
        let lists =
            [("addressees", &m.addressees), ("recipients", &m.recipients), ("legal_bases", &m.legal_bases)];
        let fields = [
            ("kind", &m.kind),
            ("number", &m.number),
            ("symbol", &m.symbol),
            ("issuer", &m.issuer),
            ("parent_issuer", &m.parent_issuer),
            ("place", &m.place),
            ("date", &m.date),
            ("subject", &m.subject),
            ("signer", &m.signer),
            ("signer_title", &m.signer_title),
            ("signing_authority", &m.signing_authority),
            ("urgency", &m.urgency),
            ("secrecy", &m.secrecy),
        ];
        let lists = lists.iter().filter(|(_, l)| !l.is_empty()).map(|(n, l)| (*n, l.join("; ")));
        let values = fields.iter().filter_map(|(n, v)| Some((*n, (*v).clone()?))).chain(lists);
        let values: Vec<(&str, String)> = values.collect();
        self.part("METADATA", &values, |told, (name, value)| {
            let what = format!("{name}: {}", short(value));
            match m.evidence.get(*name) {
                Some(field) => {
                    told.entry(&what, &field.evidence);
                    match field.how {
                        How::Printed => {}
                        How::Repaired => told.why("put right: the page shows it damaged"),
                        How::Inferred => told.why("inferred: it is not printed as it stands here"),
                    }
                }
                None => told.out.push(format!("  {what}")),
            }
        });
    }

    fn task(&mut self, task: &Task, directive: &Directive) {
        let section = if task.section.is_empty() { "-" } else { &task.section };
        self.entry(&format!("[{section}] {}", task.text), &task.evidence);
        for unit in &task.units {
            self.unit(unit);
        }
        if !task.units.iter().any(|u| u.role == Role::Lead) {
            self.why("no unit leads: none is named here, above or as addressee");
        }
        for due in &task.deadlines {
            self.due(due);
        }
        for target in task.targets.iter().filter_map(|t| directive.targets.get(*t)) {
            self.why(&format!("measure: \"{}\"", short(&target.text)));
        }
        for product in &task.products {
            self.why(&format!("product: {product}"));
        }
    }

    fn unit(&mut self, unit: &TaskUnit) {
        let role = match unit.role {
            Role::Lead => "leads",
            Role::Coordinate => "works with it",
            Role::Recipient => "gets the report",
        };
        let whence = match unit.origin {
            UnitOrigin::Sentence => "in its own words",
            UnitOrigin::Heading => "inherited from the heading",
            UnitOrigin::LeadIn => "inherited from the words that lead in",
            UnitOrigin::TableCell => "from a cell of its row",
            UnitOrigin::AttributeLine => "from a line about it",
            UnitOrigin::PreviousSentence => "from the sentence before",
            UnitOrigin::Addressee => "inherited from the addressees",
        };
        let why = self.reason(&unit.evidence);
        self.why(&format!("{} {role}, {whence}: {why}", unit.name));
    }

    fn due(&mut self, due: &Deadline) {
        let period = match (&due.start, &due.end) {
            (None, None) => None,
            (start, end) => Some(format!(
                "{} to {}",
                start.as_deref().unwrap_or("the beginning"),
                end.as_deref().unwrap_or("open end")
            )),
        };
        let value = due.date.clone().or(due.rrule.clone()).or(period).unwrap_or_else(|| "an event".into());
        let year = if due.inferred_year { ", the year from the document's date" } else { "" };
        let why = self.reason(&due.evidence);
        self.why(&format!("due \"{}\" = {value}{year}: {why}", short(&due.text)));
    }

    fn entry(&mut self, what: &str, evidence: &Evidence) {
        let reason = self.reason(evidence);
        self.out.push(format!("  {what}"));
        self.why(&reason);
    }

    fn why(&mut self, text: &str) {
        self.out.push(format!("      {text}"));
    }

    /// What the rule says, its name, how sure it is, and where its words stand.
    fn reason(&self, evidence: &Evidence) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = match rule(&evidence.rule) {
            Some(says) => write!(text, "{says} ({}, {:.2}", evidence.rule, evidence.confidence),
            None => write!(text, "({}, {:.2}", evidence.rule, evidence.confidence),
        };
        if let (Some(first), Some(last)) = (evidence.spans.first(), evidence.spans.last()) {
            let (from, to) = (self.line(first.start), self.line(last.end.saturating_sub(1).max(last.start)));
            let _ =
                if from == to { write!(text, ", line {from}") } else { write!(text, ", lines {from}-{to}") };
        }
        if let Some(page) = evidence.pages.first().filter(|_| evidence.pages.iter().any(|p| *p > 1)) {
            let _ = write!(text, ", page {page}");
        }
        text.push(')');
        text
    }

    /// The line, counted from 1, that character `at` stands on.
    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1)
    }
}

/// The character that each line of `text` begins with.
fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.chars().enumerate().filter(|(_, c)| matches!(c, '\n' | '\u{c}')).map(|(i, _)| i + 1);
    std::iter::once(0).chain(ends).collect()
}

/// A value of an enumeration in words: "SectionRole::Task" is "task".
fn named(value: &impl std::fmt::Debug) -> String {
    let mut out = String::new();
    for c in format!("{value:?}").chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// At most 160 characters of `text`.
fn short(text: &str) -> String {
    match text.char_indices().nth(160) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or(text)),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "SỞ NỘI VỤ\nSố: 7/KH-SNV\nVân Hải, ngày 5 tháng 1 năm 2026\n\nKẾ HOẠCH\nKiểm kê kho\n\n\
        I. NHIỆM VỤ\n1. Phòng Hành chính\n- Lập danh sách, báo cáo trước ngày 10/3, đạt 95% hồ sơ.\n\
        2. Văn phòng\n- Phối hợp với Công an tỉnh kiểm tra hằng quý.\n";

    #[test]
    fn entries_tell_their_rule_their_place_and_where_they_were_inherited_from() {
        let told = explain(TEXT, &crate::parse_text(TEXT)).join("\n");
        for part in [
            "symbol: 7/KH-SNV\n      the line that begins with \"Số\" (number_line, 0.95, line 2)",
            "Phòng Hành chính leads, inherited from the heading",
            "= 2026-03-10, the year from the document's date",
            "Công an tỉnh works with it, in its own words",
            "= FREQ=MONTHLY;INTERVAL=3",
            "measure: \"",
        ] {
            assert!(told.contains(part), "{part} is not in\n{told}");
        }
    }

    #[test]
    fn every_rule_is_explained() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        let texts = std::fs::read_dir(folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path()));
        for path in texts.filter(|p| p.extension().is_some_and(|e| e == "txt")) {
            let d = crate::parse_text(&std::fs::read_to_string(&path).unwrap_or_default());
            let units = d.tasks.iter().flat_map(|t| t.units.iter().map(|u| &u.evidence.rule));
            let due = d.tasks.iter().flat_map(|t| t.deadlines.iter().map(|u| &u.evidence.rule));
            let rules = d.tasks.iter().map(|t| &t.evidence.rule).chain(units).chain(due);
            let rules = rules
                .chain(d.outline.iter().map(|o| &o.evidence.rule))
                .chain(d.targets.iter().map(|t| &t.evidence.rule))
                .chain(d.references.iter().map(|r| &r.evidence.rule))
                .chain(d.metadata.evidence.values().map(|f| &f.evidence.rule));
            for name in rules {
                assert!(
                    rule(name).is_some(),
                    "{name} in {} is not in dictionaries/rules.tsv",
                    path.display()
                );
            }
        }
    }
}
