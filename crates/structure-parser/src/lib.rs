//! From a repaired document to what a clerk would enter into a register: what the document is, what it tells whom
//! to do, to what measure and by when. Pure functions over one text; every entry keeps the spans it came from, the
//! rule that made it and a confidence. No network, no language model.
//!
//! The modules in the order in which data passes them: [`lines`] (furniture out), [`layout`] (components; [`head`],
//! [`foot`]), [`paragraphs`] (hard-wrapped lines joined; [`labels`]), [`tree`] (items nested;
//! [`amendments`]), [`sections`]
//! (headings and roles), then [`references`] ([`relations`]), [`tables`] ([`grids`], [`cell_blocks`]), [`orders`] (what is an
//! order), [`responsible`] (whose it is; [`roles`], [`duty`], [`units`], [`groups`], [`name_words`], [`attributes`]),
//! [`deadlines`] ([`repetitions`]), [`targets`], put together by [`tasks`]; [`findings`] (aims in words, figures of the
//! past, annexes, doubts) and [`metadata`]. [`explain`](fn@explain) tells why each entry is there. What the rules know of the language stands in `dictionaries/`, read by
//! [`data`].

mod amendments;
mod attributes;
mod bases;
mod cell_blocks;
mod context;
mod damage;
mod data;
mod dates;
mod deadline_patterns;
mod deadlines;
mod duty;
mod enactment;
mod explain;
mod field;
mod findings;
mod fold;
mod foot;
mod grids;
mod groups;
mod head;
mod labels;
mod layout;
mod letterhead;
mod lines;
mod metadata;
mod name_words;
mod orders;
mod outline;
mod paragraphs;
mod passage;
mod places;
mod references;
mod registry;
mod relations;
mod repetitions;
mod responsible;
mod roles;
mod run_together;
mod sections;
mod signature;
mod source;
mod tables;
mod target_patterns;
mod targets;
mod tasks;
mod tree;
mod unit_lists;
mod units;

pub use explain::{explain, rule};
use field::Field;
use unicode_normalization::UnicodeNormalization;
use vanthu_model::{Diagnostic, Directive, Document, Page, Reference, SectionRole, Severity, Span};

/// Reads what `document` is and what it orders.
///
/// Uses `document.text`, the pages' spans, the kinds of blocks where the extractor gave them, and the confidences of
/// words. Never fails: a text in no known form gives a directive with what can be said, and diagnostics.
pub fn parse(document: &Document) -> Directive {
    let all = lines::read(document);
    let lines: Vec<lines::Line<'_>> = all.into_iter().filter(|l| !l.furniture).collect();
    let source = source::Source::new(document);
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let components = layout::components(&lines);
    let habit = paragraphs::Habit::of(&lines);
    let mut tree = tree::Tree::default();
    let mut rows: Vec<(usize, tables::Row)> = Vec::new();
    for (i, c) in components.iter().enumerate() {
        let body = lines.get(c.body.clone()).unwrap_or(&[]);
        let found = tables::find(body);
        let rest = without(body, &found);
        tree.add(i, paragraphs::join(&rest, &habit), &mut diagnostics);
        rows.extend(found.into_iter().flat_map(|t| t.rows).map(|r| (i, r)));
    }
    let head = components.first().map(|c| c.head.clone()).unwrap_or_default();
    let foot = components.iter().find_map(|c| c.foot.as_ref());
    let news = metadata::is_news(&head, foot, &tree);
    let title: Option<Field> = tree
        .nodes
        .first()
        .filter(|_| news)
        .and_then(|n| Field::of(&n.body, 0, n.body.text.len(), "headline", 0.8));
    let metadata = metadata::gather(&head, foot, &tree, &source, title.as_ref());
    sections::classify(&mut tree, |component| {
        let own = components
            .get(component)
            .and_then(|c| c.head.kind)
            .and_then(|k| data::DATA.kinds.get(k))
            .map(|k| k.code);
        match own.or(if component == 0 { metadata.kind.as_deref() } else { None }) {
            Some("BC" | "BB") => SectionRole::Result,
            _ => SectionRole::Other,
        }
    });
    let outline = outline::build(&tree, &components, &source);
    let mut collector = references::Collector::default();
    for n in &tree.nodes {
        collector.read(&n.body);
    }
    for (_, r) in &rows {
        collector.read(&r.task);
    }
    let references = collector
        .finish()
        .into_iter()
        .filter(|c| c.symbol.is_none() || c.symbol != metadata.symbol)
        .map(|c| Reference {
            kind: c.kind,
            symbol: c.symbol,
            name: c.name,
            date: c.date,
            issuer: c.issuer,
            relation: c.relation,
            articles: c.articles,
            evidence: source.evidence(c.spans, c.rule, c.confidence),
        })
        .collect();
    let anchor = metadata.date.as_deref().map(dates::Anchor::of).unwrap_or_default();
    let upward = matches!(metadata.kind.as_deref(), Some("BC" | "TTr" | "BB"));
    let cx = context::Context::new(&tree, &source, &head.addressees, anchor, news, upward);
    let names = [metadata.issuer.as_deref(), metadata.parent_issuer.as_deref()];
    let register = tasks::assemble(&cx, &rows, registry::Registry::of(names.into_iter().flatten()));
    let bodies: Vec<Option<Span>> =
        components.iter().map(|c| extent(lines.get(c.body.clone()).unwrap_or(&[]))).collect();
    findings::doubts(&cx, &register.tasks, metadata.date.as_deref(), &mut diagnostics);
    let objectives = findings::objectives(&cx);
    let results = findings::results(&cx);
    let annexes = findings::annexes(&cx, &components, &bodies, &register.tasks);
    for (field, span, sure) in metadata::doubts(&metadata, &source) {
        let message = format!("đọc không chắc ({sure:.2}): {field}");
        diagnostics
            .push(Diagnostic { span: Some(span), ..remark("doubtful_field", Severity::Warning, &message) });
    }
    let quoted = tree.nodes.iter().filter(|n| n.quoted);
    if let Some(first) = quoted.clone().next() {
        let message = format!(
            "{} đoạn trong ngoặc kép là lời mới của văn bản được sửa đổi, không lấy làm nhiệm vụ",
            quoted.count()
        );
        let span = first.body.spans(0, first.body.text.len()).first().copied();
        diagnostics.push(Diagnostic { span, ..remark("amended_provisions", Severity::Info, &message) });
    }
    if metadata.kind.is_none() {
        diagnostics.push(remark("unknown_kind", Severity::Warning, "không nhận ra loại văn bản"));
    }
    if tree.nodes.is_empty() && rows.is_empty() {
        diagnostics.push(remark("empty_body", Severity::Warning, "văn bản không có nội dung"));
    }
    for d in &mut diagnostics {
        d.page = d.span.map(|s| source.evidence(vec![s], "", 1.0)).and_then(|e| e.pages.first().copied());
    }
    Directive {
        metadata,
        outline,
        tasks: register.tasks,
        targets: register.targets,
        objectives,
        results,
        annexes,
        units: register.registry.finish(),
        references,
        diagnostics,
    }
}

/// Reads plain text, as [`parse`] reads a document. Spans count the characters of [`plain`]`(text)`.
pub fn parse_text(text: &str) -> Directive {
    parse(&plain(text))
}

/// `text` as a document without blocks and words: what [`parse`] needs of plain text, in a fraction of the memory of
/// [`Document::from_text`], whose text and pages are the same.
pub fn plain(text: &str) -> Document {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let ends = |t: &str| t.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = if text.contains('\r') { ends(text).nfc().collect() } else { text.nfc().collect() };
    let mut at = 0;
    let pages = text.split('\u{c}').enumerate().map(|(i, page)| {
        let start = at;
        at += page.chars().count();
        let span = Span::new(start, at);
        at += 1;
        Page { number: i as u32 + 1, span, ..Page::default() }
    });
    let pages = pages.collect();
    Document { text, pages, changes: Vec::new() }
}

/// From the first to the last character of `lines`.
fn extent(lines: &[lines::Line<'_>]) -> Option<Span> {
    let (first, last) = (lines.first()?, lines.last()?);
    Some(Span::new(first.offset, last.offset + last.len))
}

/// The lines outside the tables.
fn without<'d>(lines: &[lines::Line<'d>], tables: &[tables::Table]) -> Vec<lines::Line<'d>> {
    let mut out = Vec::with_capacity(lines.len());
    let mut from = 0;
    let end = lines.len();
    for range in tables.iter().map(|t| t.lines.clone()).chain(std::iter::once(end..end)) {
        for (k, line) in lines.get(from..range.start).unwrap_or(&[]).iter().enumerate() {
            let mut line = line.clone();
            // A table parts paragraphs as an empty line does.
            line.after_blank |= k == 0;
            line.cut |= k == 0;
            out.push(line);
        }
        from = range.end;
    }
    out
}

fn remark(code: &str, severity: Severity, message: &str) -> Diagnostic {
    Diagnostic { code: code.into(), severity, message: message.into(), span: None, page: None }
}
