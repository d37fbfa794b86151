//! Markdown for readers.

use crate::item::Item;
use crate::words;
use std::fmt::Write as _;
use std::io::{self, Write};
use vanthu_model::{BlockKind, CharIndex, Directive, Document, Role};

/// Writes a record as Markdown (CommonMark with tables): what the document is, its tasks, then its repaired text with
/// headings from the outline. Nothing that was read is taken for markup.
///
/// # Errors
/// Those of `to`.
pub fn write_markdown(mut to: impl Write, item: &Item<'_>) -> io::Result<()> {
    let directive = &item.record.directive;
    let mut text = String::new();
    let title = directive.metadata.subject.as_deref().unwrap_or_else(|| item.title());
    // Writing into a String cannot fail.
    let _ = write!(text, "# {}\n\n", escaped(title));
    identity(&mut text, item);
    tasks(&mut text, directive);
    text.push_str("## Nội dung\n\n");
    body(&mut text, &item.record.document, directive);
    to.write_all(text.as_bytes())
}

fn identity(text: &mut String, item: &Item<'_>) {
    let m = &item.record.directive.metadata;
    let pages = item.record.source.pages.to_string();
    let rows = [
        ("Số, ký hiệu", m.symbol.as_deref()),
        ("Ngày", m.date.as_deref()),
        ("Cơ quan ban hành", m.issuer.as_deref()),
        ("Người ký", m.signer.as_deref()),
        ("Độ khẩn", m.urgency.as_deref()),
        ("Độ mật", m.secrecy.as_deref()),
        ("Tệp", Some(item.record.source.path.as_str())),
        ("Số trang", Some(pages.as_str())),
    ];
    text.push_str("| | |\n|---|---|\n");
    for (name, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(text, "| {name} | {} |", escaped(value));
        }
    }
    text.push('\n');
}

fn tasks(text: &mut String, directive: &Directive) {
    if directive.tasks.is_empty() {
        return;
    }
    text.push_str("## Nhiệm vụ\n\n| Nhiệm vụ | Chủ trì | Phối hợp | Thời hạn | Chỉ tiêu | Trang |\n|---|---|---|---|---|--:|\n");
    for task in &directive.tasks {
        let page = task.evidence.pages.first().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {page} |",
            escaped(&task.text),
            escaped(&words::units(task, Role::Lead)),
            escaped(&words::units(task, Role::Coordinate)),
            escaped(&words::deadlines(task)),
            escaped(&words::targets(task, directive)),
        );
    }
    text.push('\n');
}

/// Headings of the text lie below those of this file.
const TOP_LEVEL: u32 = 2;
/// Markdown knows no deeper ones.
const DEEPEST: u32 = 6;

fn body(text: &mut String, document: &Document, directive: &Directive) {
    let index = CharIndex::new(&document.text);
    for (i, page) in document.pages.iter().enumerate() {
        if i > 0 {
            let _ = write!(text, "---\n\n*Trang {}*\n\n", page.number);
        }
        // The number of the page stands above already.
        for block in page.blocks.iter().filter(|b| b.kind != BlockKind::Furniture) {
            let between = if in_columns(block.kind) { "\\\n" } else { " " };
            let mut paragraph: Vec<String> = Vec::new();
            let widest = block.lines.iter().map(|l| l.span.len()).max().unwrap_or(0);
            let mut short = false;
            for line in &block.lines {
                let words = index.slice(&document.text, line.span).trim();
                if words.is_empty() {
                    continue;
                }
                let heading = directive.outline.iter().find(|n| {
                    n.evidence
                        .spans
                        .first()
                        .is_some_and(|s| line.span.start <= s.start && s.start < line.span.end)
                });
                if !in_columns(block.kind) && (heading.is_some() || short || begins_item(words)) {
                    end(text, &mut paragraph, between);
                }
                match heading {
                    Some(node) if node.evidence.spans.first().is_some_and(|s| s.end <= line.span.end + 1) => {
                        let level = (node.level + TOP_LEVEL).min(DEEPEST) as usize;
                        let _ = write!(text, "{} {}\n\n", "#".repeat(level), escaped(words));
                    }
                    _ => paragraph.push(escaped(words)),
                }
                // The last line of a paragraph seldom fills the measure.
                short = line.span.len() * 4 < widest * 3;
            }
            end(text, &mut paragraph, between);
        }
    }
}

/// Whether the lines of a block stand for themselves, as those of head and foot do.
fn in_columns(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::HeadLeft | BlockKind::HeadRight | BlockKind::FootLeft | BlockKind::FootRight)
}

/// Ends a paragraph: its lines become one, with `between` where they met.
fn end(text: &mut String, paragraph: &mut Vec<String>, between: &str) {
    if !paragraph.is_empty() {
        let _ = write!(text, "{}\n\n", paragraph.join(between));
        paragraph.clear();
    }
}

/// Whether a line begins with a bullet or a label: "- ", "1.", "a)", "Điều 3".
fn begins_item(line: &str) -> bool {
    let Some(first) = line.split_whitespace().next() else { return false };
    let label = first.trim_end_matches(['.', ')']);
    let closed = label.len() < first.len();
    matches!(first, "-" | "–" | "+" | "*" | "•" | "Điều" | "Khoản")
        || (closed
            && label.chars().count() <= 6
            && (label.chars().all(|c| c.is_ascii_digit() || c == '.')
                || label.chars().all(|c| "IVXLC".contains(c))
                || label.chars().count() == 1))
}

/// `text` on one line, with a stroke before what Markdown or HTML would take for markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, word) in text.split_whitespace().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        let mut chars = word.chars().peekable();
        let mut at = 0;
        while let Some(c) = chars.next() {
            let last = chars.peek().is_none();
            let special = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$')
                // Only at the start of a line do these begin a heading, a list or a rule.
                || (i == 0 && at == 0 && matches!(c, '#' | '+' | '-' | '='))
                || (i == 0 && last && at > 0 && matches!(c, '.' | ')') && word[..word.len() - 1].bytes().all(|b| b.is_ascii_digit()));
            if special {
                out.push('\\');
            }
            out.push(c);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_read_is_markup() {
        assert_eq!(escaped("# <b>một</b>"), "\\# \\<b\\>một\\</b\\>");
        assert_eq!(escaped("1. Giao *Sở*|x"), "1\\. Giao \\*Sở\\*\\|x");
        assert_eq!(escaped("- rà soát\n[x](y)"), "\\- rà soát \\[x\\](y)");
        assert_eq!(escaped("15/QĐ-ABC ngày 3-4"), "15/QĐ-ABC ngày 3-4");
    }

    #[test]
    fn labels_begin_paragraphs() {
        for line in ["- Một", "1. Hai", "1.2. Ba", "a) Bốn", "II. Năm", "Điều 3. Sáu"] {
            assert!(begins_item(line), "{line}");
        }
        for line in ["Một", "2026 là năm", "tỉnh. Sau đó"] {
            assert!(!begins_item(line), "{line}");
        }
    }
}
