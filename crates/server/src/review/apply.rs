//! Corrected words in a record.

use super::Corrected;
use super::spans::SpanMap;
use crate::fold::fold;
use serde_json::Value;
use vanthu_model::{BBox, Block, Change, ChangeKind, Document, Line, Record, Span, Word};

/// The rule or model behind what people wrote.
pub(super) const BY_HAND: &str = "reviewer";

/// Words that are written otherwise.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    /// Where they stand in the text as the batch made it: whole words of one block.
    pub span: Span,
    /// Words parted by blanks, lines by `\n`.
    pub after: String,
    pub event: i64,
}

/// `after` as it is put into a text: words parted by one blank, lines by `\n`, NFC.
pub(crate) fn tidy(after: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let lines = after.split('\n').map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "));
    let lines: Vec<String> = lines.filter(|l| !l.is_empty()).collect();
    lines.join("\n").nfc().collect()
}

/// The record with `edits`, which are in order and share no character, and the way from its text to the new one. The
/// directive is as it was but for its spans.
pub(super) fn corrected(base: Record, edits: Vec<Edit>) -> (Record, SpanMap, Vec<Corrected>) {
    if edits.is_empty() {
        return (base, SpanMap::default(), Vec::new());
    }
    let map = SpanMap::new(edits.iter().map(|e| (e.span, e.after.chars().count())));
    let text = rewritten(&base.document.text, &edits);
    let mut record = moved(base, &map);
    record.document.text = text;
    let mut left = edits.as_slice();
    for block in record.document.pages.iter_mut().flat_map(|p| &mut p.blocks) {
        let here =
            left.partition_point(|e| map.forth(e.span).start < block.span.end.max(block.span.start + 1));
        let (mine, rest) = left.split_at(here);
        if !mine.is_empty() {
            edit_block(block, mine, &map);
        }
        left = rest;
    }
    note(&mut record.document, &edits, &map);
    let corrected = edits.iter().map(|e| Corrected { event: e.event, span: map.forth(e.span) }).collect();
    (record, map, corrected)
}

fn rewritten(text: &str, edits: &[Edit]) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        out.extend(chars.get(from..edit.span.start).unwrap_or_default());
        out.push_str(&edit.after);
        from = edit.span.end;
    }
    out.extend(chars.get(from..).unwrap_or_default());
    out
}

/// The record with all its spans moved. They are told by their shape, so that none is forgotten.
fn moved(record: Record, map: &SpanMap) -> Record {
    let Ok(mut value) = serde_json::to_value(&record) else { return record };
    move_spans(&mut value, map);
    serde_json::from_value(value).unwrap_or(record)
}

fn move_spans(value: &mut Value, map: &SpanMap) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(|v| move_spans(v, map)),
        Value::Object(fields) => {
            let at =
                |name: &str| fields.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
            if let (Some(start), Some(end), 2) = (at("start"), at("end"), fields.len()) {
                let span = map.forth(Span::new(start, end));
                fields.insert("start".into(), span.start.into());
                fields.insert("end".into(), span.end.into());
            } else {
                fields.values_mut().for_each(|v| move_spans(v, map));
            }
        }
        _ => {}
    }
}

/// A block as words and line ends.
enum Item {
    Word(Word),
    /// A line ends here; its box if it stays as it was.
    Break(Option<BBox>),
}

fn edit_block(block: &mut Block, edits: &[Edit], map: &SpanMap) {
    let mut items: Vec<Item> = Vec::new();
    let count = block.lines.len();
    for (i, line) in std::mem::take(&mut block.lines).into_iter().enumerate() {
        let touched = edits.iter().any(|e| map.forth(e.span).overlaps(&line.span));
        items.extend(line.words.into_iter().map(Item::Word));
        if i + 1 < count {
            items.push(Item::Break(line.bbox.filter(|_| !touched)));
        }
    }
    for edit in edits {
        items = edited(items, edit, map.forth(edit.span));
    }
    let mut words: Vec<Word> = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    for item in items.into_iter().chain([Item::Break(None)]) {
        match item {
            Item::Word(word) => words.push(word),
            Item::Break(bbox) => lines.extend(line(std::mem::take(&mut words), bbox)),
        }
    }
    block.lines = lines;
    block.bbox = block.bbox.or_else(|| joined(block.lines.iter().filter_map(|l| l.bbox)));
    // Words in front of a line may have gone.
    if let (Some(first), Some(last)) = (block.lines.first(), block.lines.last()) {
        block.span = Span::new(block.span.start.min(first.span.start), block.span.end.max(last.span.end));
    }
}

fn line(words: Vec<Word>, bbox: Option<BBox>) -> Option<Line> {
    let span = Span::new(words.first()?.span.start, words.last()?.span.end);
    Some(Line { span, bbox: bbox.or_else(|| joined(words.iter().filter_map(|w| w.bbox))), words })
}

fn joined(boxes: impl Iterator<Item = BBox>) -> Option<BBox> {
    boxes.reduce(BBox::union)
}

/// The items with the words at `place`, a span of the new text, replaced by those of `edit`.
fn edited(items: Vec<Item>, edit: &Edit, place: Span) -> Vec<Item> {
    let mut out = Vec::with_capacity(items.len());
    let mut taken: Vec<Word> = Vec::new();
    let mut behind: Vec<Item> = Vec::new();
    let mut breaks: Vec<Item> = Vec::new();
    for item in items {
        let inside = |w: &Word| w.span.start >= place.start && w.span.end <= place.end;
        match item {
            Item::Word(w) if behind.is_empty() && inside(&w) => {
                // Line ends between words that are replaced go with them.
                breaks.clear();
                taken.push(w);
            }
            Item::Break(b) if !taken.is_empty() && behind.is_empty() => breaks.push(Item::Break(b)),
            item if taken.is_empty() => out.push(item),
            item => {
                behind.append(&mut breaks);
                behind.push(item);
            }
        }
    }
    out.extend(written(taken, edit, place.start));
    out.append(&mut breaks);
    out.append(&mut behind);
    out
}

/// The words of an edit. As many as were read keep what was read and their boxes one by one; else what was read goes
/// to the first of them.
fn written(taken: Vec<Word>, edit: &Edit, start: usize) -> Vec<Item> {
    let lines: Vec<&str> = edit.after.split('\n').filter(|l| !l.is_empty()).collect();
    let count: usize = lines.iter().map(|l| l.split(' ').count()).sum();
    let one_by_one = count == taken.len();
    let bbox = joined(taken.iter().filter_map(|w| w.bbox));
    let raw = taken.iter().map(|w| w.raw.as_str()).collect::<Vec<_>>().join(" ");
    let origin = taken.first().map(|w| w.origin).unwrap_or_default();
    let mut taken = taken.into_iter();
    let mut items = Vec::new();
    let mut at = start;
    for (i, text) in lines.iter().enumerate() {
        if i > 0 {
            items.push(Item::Break(None));
        }
        let pieces: Vec<&str> = if one_by_one { text.split(' ').collect() } else { vec![text] };
        for piece in pieces {
            let span = Span::new(at, at + piece.chars().count());
            at = span.end + 1;
            let read = one_by_one.then(|| taken.next()).flatten();
            let (raw, bbox) = match read {
                Some(word) => (word.raw, word.bbox),
                None if i == 0 => (raw.clone(), bbox),
                None => (String::new(), bbox),
            };
            let text = piece.to_owned();
            let word = Word { raw, text, span, bbox, confidence: 1.0, origin, ..Word::default() };
            items.push(Item::Word(word));
        }
    }
    items
}

/// Writes the edits into the changes of the document, in place of those that they supersede.
fn note(document: &mut Document, edits: &[Edit], map: &SpanMap) {
    let places: Vec<Span> = edits.iter().map(|e| map.forth(e.span)).collect();
    document.changes.retain(|c| !places.iter().any(|p| p.overlaps(&c.span)));
    for (edit, place) in edits.iter().zip(&places) {
        let read: Vec<&str> = document
            .words()
            .filter(|w| place.contains(&w.span) && !w.raw.is_empty())
            .map(|w| w.raw.as_str())
            .collect();
        let raw = read.join(" ");
        if raw == edit.after {
            continue;
        }
        let kind = kind_of(&raw, &edit.after);
        document.changes.push(Change {
            span: *place,
            raw,
            text: edit.after.clone(),
            kind,
            cause: BY_HAND.into(),
            confidence: 1.0,
        });
    }
    document.changes.sort_by_key(|c| c.span.start);
}

fn kind_of(raw: &str, text: &str) -> ChangeKind {
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    let letters = |s: &str| fold(s).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    if digits(raw) != digits(text) {
        ChangeKind::Digits
    } else if fold(raw) == fold(text) {
        ChangeKind::Marks
    } else if letters(raw) == letters(text) {
        ChangeKind::Spacing
    } else {
        ChangeKind::Letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanthu_model::{Directive, Engine, Source};

    fn record(text: &str) -> Record {
        Record {
            schema: vanthu_model::RECORD_SCHEMA.into(),
            source: Source::default(),
            engine: Engine::default(),
            document: Document::from_text(text),
            directive: Directive::default(),
            diagnostics: Vec::new(),
        }
    }

    fn made(text: &str, edits: &[(&str, &str)]) -> Record {
        let edits = edits.iter().zip(1..).map(|((old, new), event)| {
            let byte = text.find(old).unwrap();
            let start = text[..byte].chars().count();
            Edit { span: Span::new(start, start + old.chars().count()), after: tidy(new), event }
        });
        let (record, ..) = corrected(record(text), edits.collect());
        record.document.check().unwrap_or_else(|e| panic!("{e} in {:#?}", record.document));
        record
    }

    fn words(record: &Record) -> Vec<(&str, &str)> {
        record.document.words().map(|w| (w.raw.as_str(), w.text.as_str())).collect()
    }

    #[test]
    fn a_word_is_written_otherwise_and_keeps_what_was_read() {
        let r = made("  So Noi vu\nbao cao\n", &[("Noi", "Nội"), ("bao cao", "báo cáo")]);
        assert_eq!(r.document.text, "  So Nội vu\nbáo cáo\n");
        assert_eq!(words(&r), [("So", "So"), ("Noi", "Nội"), ("vu", "vu"), ("bao", "báo"), ("cao", "cáo")]);
        assert_eq!(r.document.changes.len(), 2);
        assert!(r.document.changes.iter().all(|c| c.cause == BY_HAND && c.kind == ChangeKind::Marks));
    }

    #[test]
    fn words_and_lines_are_joined_and_parted() {
        let r = made("phá p luật\nvà\nquy định", &[("phá p", "pháp"), ("luật\nvà", "luật và")]);
        assert_eq!(r.document.text, "pháp luật và\nquy định");
        assert_eq!(r.document.lines().count(), 2);
        assert_eq!(words(&r)[0], ("phá p", "pháp"));
        let r = made("một hai ba bốn", &[("hai ba", "hai\nba")]);
        assert_eq!(r.document.text, "một hai\nba bốn");
        assert_eq!(r.document.lines().count(), 2);
        assert_eq!(words(&r)[2], ("ba", "ba"));
        let r = made("mộthai ba", &[("mộthai", "một hai")]);
        assert_eq!(words(&r)[0], ("mộthai", "một hai"));
        let r = made("mộthai ba", &[("mộthai", "một\nhai")]);
        assert_eq!(words(&r)[..2], [("mộthai", "một"), ("", "hai")]);
    }

    #[test]
    fn what_was_no_print_goes() {
        let r = made("~ một\nhai\n\n;\n\nba", &[("~", ""), (";", "")]);
        assert_eq!(words(&r), [("một", "một"), ("hai", "hai"), ("ba", "ba")]);
        let r = made("một\nhai ba", &[("một", ""), ("hai", "")]);
        assert_eq!(words(&r), [("ba", "ba")]);
    }

    #[test]
    fn changed_digits_are_told_apart() {
        assert_eq!(kind_of("l5/QĐ", "15/QĐ"), ChangeKind::Digits);
        assert_eq!(kind_of("phá p", "pháp"), ChangeKind::Spacing);
        assert_eq!(kind_of("Sờ", "Sở"), ChangeKind::Marks);
        assert_eq!(kind_of("Số", "Sở!"), ChangeKind::Letters);
    }
}
