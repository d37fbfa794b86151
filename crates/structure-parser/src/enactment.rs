//! The clause of enactment: "Bộ trưởng Bộ ... ban hành Thông tư quy định ...", which says the subject a second time
//! (Nghị định 78/2025/NĐ-CP, forms of legal norms) and tells it where a stamp covers it below the type.

use crate::bases;
use crate::data::DATA;
use crate::field::Field;
use crate::fold;
use crate::letterhead::opens_basis;
use crate::passage::Passage;
use crate::source::Source;
use crate::tree::Tree;
use vanthu_model::{How, Span};

/// A word read with less than this may be another.
const DOUBTED: f32 = 0.5;

/// Beside a doubted word one read with less than this may be another, too; one read better stays.
const SURE: f32 = 0.9;

/// The words that stand for it are read with at least this.
const CLEAR: f32 = 0.6;

/// So many words of the subject stand in the clause, and this share of those that were read well.
const SHARED: usize = 5;
const SHARE: f32 = 0.6;

/// Words of the clause that stand for doubted ones are at most this many more or fewer than those.
const MORE: usize = 2;

/// More words than this in a subject or a clause are not compared.
const LONG: usize = 120;

/// How sure a subject is that was put together from both places.
const CONFIDENCE: f32 = 0.85;

/// Nodes in which the clause is looked for: it stands below the legal bases, which cite other clauses of its kind.
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
    let name = &DATA.kinds.get(kind?)?.low;
    let read: Vec<f32> = (0..printed.words.len()).map(|i| worst(printed, i, source)).collect();
    if !read.iter().any(|r| *r < DOUBTED) {
        return None;
    }
    let own = tree.nodes.iter().filter(|n| n.component == 0).take(NODES).filter(|n| n.label.is_none());
    // A basis may lead on to it in the same sentence.
    let from = |p: &Passage| if opens_basis(&p.low) { bases::end(p) } else { 0 };
    let acts = own.filter_map(|n| clause(&n.body.part(from(&n.body), n.body.text.len()), name));
    acts.into_iter().find_map(|c| put_together(subject, printed, &read, &c, source))
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

/// `read` tells how surely each word of `printed` was read.
fn put_together(
    subject: &Field,
    printed: &Passage,
    read: &[f32],
    clause: &Passage,
    source: &Source,
) -> Option<Field> {
    let (n, m) = (printed.words.len(), clause.words.len());
    if n > LONG || m > LONG {
        return None;
    }
    let pairs = common(printed, clause);
    let read_well = read.iter().filter(|r| **r >= DOUBTED).count();
    if pairs.len() < SHARED || (pairs.len() as f32) < SHARE * read_well as f32 {
        return None;
    }
    let mut text = String::new();
    let mut spans: Vec<Span> = Vec::new();
    let mut kept_from = 0;
    let (mut i, mut j) = (0, 0);
    for (next_i, next_j) in pairs.into_iter().chain([(n, m)]) {
        if let (Some((a, b)), Some((c, d))) = (stretch(printed, i, next_i), stretch(clause, j, next_j))
            && read.get(i..next_i).is_some_and(|r| r.iter().any(|r| *r < DOUBTED) && r.iter().all(|r| *r < SURE))
            && (j..next_j).all(|w| worst(clause, w, source) >= CLEAR)
            && (next_j - j).abs_diff(next_i - i) <= MORE
            && keeps_numbers(printed.slice(a, b), clause.slice(c, d))
            // Behind the last word that both have, nothing tells where the subject ends.
            && (next_i < n || next_j - j == next_i - i)
        {
            let kept = crate::field::trimmed_start(printed.slice(kept_from, a));
            text.push_str(if kept_from == 0 { kept } else { printed.slice(kept_from, a) });
            spans.extend(printed.spans(kept_from, a));
            let is_caps = fold::is_caps(&format!("{text}{}", printed.slice(b, printed.text.len())));
            text.push_str(&cased(clause.slice(c, d), text.is_empty(), is_caps));
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
    let text = crate::field::trimmed(&text).to_owned();
    let confidence = CONFIDENCE.min(subject.confidence);
    Some(Field { text, spans, how: How::Repaired, rule: "subject_from_enactment", confidence })
}

/// The bytes of words `from..to`.
fn stretch(p: &Passage, from: usize, to: usize) -> Option<(usize, usize)> {
    let words = p.words.get(from..to)?;
    Some((words.first()?.start, words.last()?.end))
}

/// Whether all numbers among the words that were read stand in those that are to take their place; a scrap with a figure
/// in it is no number.
fn keeps_numbers(read: &str, other: &str) -> bool {
    let number = |w: &&str| w.contains(|c: char| c.is_ascii_digit()) && !w.contains(char::is_alphabetic);
    read.split([' ', '/', ',']).filter(number).all(|n| other.contains(n.trim_matches(['.', ';', ':'])))
}

/// Words of the clause as the subject writes its own: all in capitals, or the first letter where they are its first.
fn cased(words: &str, first: bool, is_caps: bool) -> String {
    if is_caps {
        return words.to_uppercase();
    }
    let mut letters = words.chars();
    match letters.next().filter(|_| first) {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words.to_owned(),
    }
}

/// The words that both have in the same order, as pairs of their places: the longest common subsequence.
fn common(a: &Passage, b: &Passage) -> Vec<(usize, usize)> {
    let (n, m) = (a.words.len(), b.words.len());
    // As printed: a damaged word is another than the one that it is mended to.
    let low = |p: &Passage, i: usize| p.words.get(i).map(|w| p.low_slice(w.start, w.end).to_owned());
    let (low_a, low_b): (Vec<_>, Vec<_>) =
        ((0..n).map(|i| low(a, i)).collect(), (0..m).map(|j| low(b, j)).collect());
    let same = |i: usize, j: usize| low_a.get(i).is_some_and(|w| low_b.get(j) == Some(w));
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
        let m = read("= Quy địnb việc gửi giống lúa mùa từ\nkho Vân Hải năm 2024", CLAUSE, &["địnb"]);
        assert_eq!(m.subject.as_deref(), Some("Quy định việc gửi giống lúa mùa từ kho Vân Hải năm 2024"));
        let m = read("ĐC VI GỬI GIỐNG LÚA MÙA TỪ\nKHO VÂN HẢI NĂM 2024", CLAUSE, &["ĐC", "VI"]);
        assert_eq!(m.subject.as_deref(), Some("QUY ĐỊNH VIỆC GỬI GIỐNG LÚA MÙA TỪ KHO VÂN HẢI NĂM 2024"));
    }

    #[test]
    fn what_was_read_well_stays_as_it_is_printed() {
        let m = read("Quy chế đc gửi giống lúa mùa từ\nnhà Vân Hải năm 2023", CLAUSE, &["đc", "2023"]);
        assert_eq!(m.subject.as_deref(), Some("Quy chế đc gửi giống lúa mùa từ nhà Vân Hải năm 2023"));
        // A clause cited in a legal basis enacts another document.
        let basis = format!("Căn cứ {};\n\nĐiều 1. Kho", CLAUSE.trim_end_matches('.'));
        let m = read("Quy định vi gửi giống lúa mùa từ\nkho Vân Hải năm 2025", &basis, &["vi"]);
        assert_eq!(m.subject.as_deref(), Some("Quy định vi gửi giống lúa mùa từ kho Vân Hải năm 2025"));
        // Another subject is not mended by this clause, and the end is not drawn out.
        let m = read("Quy chế đc kho giống", CLAUSE, &["đc"]);
        assert_eq!(m.subject.as_deref(), Some("Quy chế đc kho giống"));
        let m = read("Quy định việc gửi giống lúa mùa đc", CLAUSE, &["đc"]);
        assert_eq!(m.subject.as_deref(), Some("Quy định việc gửi giống lúa mùa đc"));
    }
}
