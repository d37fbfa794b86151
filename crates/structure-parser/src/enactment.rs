//! The clause of enactment: "Bộ trưởng Bộ ... ban hành Thông tư quy định ...", which says the subject a second time
//! (Nghị định 78/2025/NĐ-CP, forms of legal norms) and tells it where a stamp covers it below the type.

use crate::data::DATA;
use crate::field::Field;
use crate::fold;
use crate::passage::Passage;
use crate::source::Source;
use crate::tree::Tree;
use vanthu_model::{How, Span};

/// A word read with less than this may be another.
const DOUBTED: f32 = 0.5;

/// The words that stand for it are read with at least this.
const CLEAR: f32 = 0.6;

/// So many words of the subject stand in the clause, and this share of the shorter of both.
const SHARED: usize = 5;
const SHARE: f32 = 0.6;

/// Words of the clause that stand for doubted ones are at most this many more than those.
const MORE: usize = 2;

/// More words than this in a subject or a clause are not compared.
const LONG: usize = 120;

/// How sure a subject is that was put together from both places.
const CONFIDENCE: f32 = 0.85;

/// Nodes in which the clause is looked for: it stands below the legal bases.
const NODES: usize = 40;

/// `subject`, whose words are `printed`, with those words that nobody could read taken from the clause of enactment;
/// `kind` is the index of the type among the kinds. Nothing where all is legible or no clause says it again.
pub fn mended(
    subject: &Field,
    printed: &Passage,
    kind: Option<usize>,
    tree: &Tree,
    source: &Source,
) -> Option<Field> {
    let name = fold::lower(DATA.kinds.get(kind?)?.name);
    let doubted = |p: &Passage, i: usize| worst(p, i, source) < DOUBTED;
    if !(0..printed.words.len()).any(|i| doubted(printed, i)) {
        return None;
    }
    let own = tree.nodes.iter().filter(|n| n.component == 0).take(NODES).filter(|n| n.label.is_none());
    own.filter_map(|n| clause(&n.body, &name)).find_map(|c| put_together(subject, printed, &c, source))
}

fn worst(p: &Passage, i: usize, source: &Source) -> f32 {
    let spans = p.words.get(i).map_or(Vec::new(), |w| p.spans(w.start, w.end));
    spans.into_iter().map(|s| source.worst(s)).fold(1.0, f32::min)
}

/// What follows "ban hành" and the name of the type, up to the end of the sentence.
fn clause(p: &Passage, name: &str) -> Option<Passage> {
    let opener = format!("ban hành {name} ");
    let from = p.low.find(&opener)? + opener.len();
    let rest = p.text.get(from..)?;
    let end = [". ", "; "].iter().filter_map(|e| rest.find(e)).min().unwrap_or(rest.len());
    Some(p.part(from, from + end))
}

fn put_together(subject: &Field, printed: &Passage, clause: &Passage, source: &Source) -> Option<Field> {
    let (n, m) = (printed.words.len(), clause.words.len());
    if n > LONG || m > LONG {
        return None;
    }
    let pairs = common(printed, clause);
    if pairs.len() < SHARED || (pairs.len() as f32) < SHARE * n.min(m) as f32 {
        return None;
    }
    let mut text = String::new();
    let mut spans: Vec<Span> = Vec::new();
    let mut kept_from = 0;
    let (mut i, mut j) = (0, 0);
    for (next_i, next_j) in pairs.into_iter().chain([(n, m)]) {
        if let (Some((a, b)), Some((c, d))) = (stretch(printed, i, next_i), stretch(clause, j, next_j))
            && (i..next_i).any(|w| worst(printed, w, source) < DOUBTED)
            && (j..next_j).all(|w| worst(clause, w, source) >= CLEAR)
            && next_j - j <= next_i - i + MORE
            // Behind the last word that both have, nothing tells where the subject ends.
            && (next_i < n || next_j - j == next_i - i)
        {
            text.push_str(printed.slice(kept_from, a));
            spans.extend(printed.spans(kept_from, a));
            text.push_str(&cased(
                clause.slice(c, d),
                printed.slice(kept_from, a),
                printed.slice(b, printed.text.len()),
            ));
            spans.extend(clause.spans(c, d));
            kept_from = b;
        }
        (i, j) = (next_i + 1, next_j + 1);
    }
    if kept_from == 0 {
        return None;
    }
    text.push_str(printed.slice(kept_from, printed.text.len()));
    spans.extend(printed.spans(kept_from, printed.text.len()));
    let end = text.trim_end_matches([';', '.', ',', ' ', '/']).len();
    text.truncate(end);
    let confidence = CONFIDENCE.min(subject.confidence);
    Some(Field { text, spans, how: How::Repaired, rule: "subject_from_enactment", confidence })
}

/// The bytes of words `from..to`.
fn stretch(p: &Passage, from: usize, to: usize) -> Option<(usize, usize)> {
    let words = p.words.get(from..to)?;
    Some((words.first()?.start, words.last()?.end))
}

/// Words of the clause as the subject writes its own: all in capitals, or the first letter of all.
fn cased(words: &str, before: &str, after: &str) -> String {
    if fold::is_caps(&format!("{before}{after}")) {
        return words.to_uppercase();
    }
    let mut letters = words.chars();
    match letters.next().filter(|_| before.trim().is_empty()) {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words.to_owned(),
    }
}

/// The words that both have in the same order, as pairs of their places: the longest common subsequence.
fn common(a: &Passage, b: &Passage) -> Vec<(usize, usize)> {
    let (n, m) = (a.words.len(), b.words.len());
    let same = |i: usize, j: usize| a.word(i).is_some() && a.word(i) == b.word(j);
    // `length[i][j]`: how many words the rests from `i` and from `j` on have in common.
    let mut length = vec![vec![0u16; m + 1]; n + 1];
    let at = |t: &Vec<Vec<u16>>, i: usize, j: usize| t.get(i).and_then(|r| r.get(j)).copied().unwrap_or(0);
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            let best = if same(i, j) {
                at(&length, i + 1, j + 1) + 1
            } else {
                at(&length, i + 1, j).max(at(&length, i, j + 1))
            };
            if let Some(cell) = length.get_mut(i).and_then(|r| r.get_mut(j)) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < n && j < m {
        if same(i, j) && at(&length, i, j) == at(&length, i + 1, j + 1) + 1 {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if at(&length, i + 1, j) >= at(&length, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use vanthu_model::{Document, Metadata, Origin};

    /// The metadata of a circular whose words `doubted` could hardly be read.
    fn read(subject: &str, clause: &str, doubted: &[&str]) -> Metadata {
        let text = format!(
            "BỘ THỬ NGHIỆM\nSố: 6/2024/TT-BTN\n\nVân Hải, ngày 5 tháng 1 năm 2024\n\nTHÔNG TƯ\n{subject}\n\n\
             Căn cứ Luật Kho giống ngày 1 tháng 2 năm 2019;\n\n{clause}\n\nĐiều 1. Phạm vi\nThông tư này quy định về kho.\n"
        );
        let mut document = Document::from_text(&text);
        let words = document.pages.iter_mut().flat_map(|p| &mut p.blocks).flat_map(|b| &mut b.lines);
        for word in words.flat_map(|l| &mut l.words).filter(|w| doubted.contains(&w.text.as_str())) {
            (word.confidence, word.origin) = (0.2, Origin::Ocr);
        }
        crate::parse(&document).metadata
    }

    const CLAUSE: &str =
        "Bộ trưởng Bộ Thử nghiệm ban hành Thông tư quy định việc gửi giống lúa mùa từ kho Vân Hải năm 2024.";

    #[test]
    fn words_under_a_stamp_are_those_of_the_enactment() {
        let m = read("đc vi gửi giống lúa mùa từ\nGÌ Vân Hải năm 2024", CLAUSE, &["đc", "vi", "GÌ"]);
        assert_eq!(m.subject.as_deref(), Some("Quy định việc gửi giống lúa mùa từ kho Vân Hải năm 2024"));
        assert_eq!(m.evidence["subject"].evidence.rule, "subject_from_enactment");
        assert!(m.evidence["subject"].evidence.spans.len() >= 4);
        let m = read("ĐC VI GỬI GIỐNG LÚA MÙA TỪ\nKHO VÂN HẢI NĂM 2024", CLAUSE, &["ĐC", "VI"]);
        assert_eq!(m.subject.as_deref(), Some("QUY ĐỊNH VIỆC GỬI GIỐNG LÚA MÙA TỪ KHO VÂN HẢI NĂM 2024"));
    }

    #[test]
    fn what_was_read_well_stays_as_it_is_printed() {
        let printed = "Quy chế gửi giống lúa mùa từ\nnhà Vân Hải năm 2024";
        let m = read(printed, CLAUSE, &[]);
        assert_eq!(m.subject, Some(printed.replace('\n', " ")));
        // Another subject is not mended by this clause, and the end is not drawn out.
        let m = read("Quy chế đc kho giống", CLAUSE, &["đc"]);
        assert_eq!(m.subject.as_deref(), Some("Quy chế đc kho giống"));
        let m = read("Quy định việc gửi giống lúa mùa đc", CLAUSE, &["đc"]);
        assert_eq!(m.subject.as_deref(), Some("Quy định việc gửi giống lúa mùa đc"));
    }
}
