//! Identity of a document, gathered from head, foot and, where the paper has no letterhead, from the text.

use crate::bases;
use crate::data::{Cue, DATA};
use crate::dates;
use crate::enactment;
use crate::field::Field;
use crate::fold;
use crate::foot::Foot;
use crate::head::Head;
use crate::roles;
use crate::source::Source;
use crate::tree::Tree;
use crate::units;
use regex::Regex;
use std::sync::LazyLock;
use vanthu_model::{FieldEvidence, How, Metadata, Span};

/// Gathers the metadata. `news` says that the text is a news article.
pub fn gather(
    head: &Head,
    foot: Option<&Foot>,
    tree: &Tree,
    source: &Source,
    news: Option<&Field>,
) -> Metadata {
    let mut m = Metadata::default();
    let mut put = |name: &str, f: &Field| -> String {
        let evidence = source.evidence(f.spans.clone(), f.rule, f.confidence);
        m.evidence.insert(name.to_owned(), FieldEvidence { how: f.how, evidence });
        f.text.clone()
    };
    if let Some(title) = news {
        let subject = put("subject", title);
        let kind = put("kind", &inferred("BTN", "news_article", 0.7));
        return Metadata { kind: Some(kind), subject: Some(subject), ..m };
    }
    let kind = kind(head).map(|f| put("kind", &f));
    let number = head.number.as_ref().map(|f| put("number", f));
    let symbol = head.symbol.as_ref().map(|f| put("symbol", f));
    let issuer = head.issuer.clone().or_else(|| issuer_in_text(head, tree)).map(|f| put("issuer", &f));
    let parent = head.parent.as_ref().map(|f| put("parent_issuer", f));
    let place = head.place.as_ref().map(|f| put("place", f));
    let date = head.date.clone().or_else(|| date_of_adoption(tree)).map(|f| put("date", &f));
    let subject = head.subject.as_ref().map(|f| {
        let mended = enactment::mended(f, &head.subject_words, head.kind, tree, source);
        put("subject", mended.as_ref().unwrap_or(f))
    });
    let urgency = head.urgency.as_ref().map(|f| put("urgency", f));
    let secrecy = head.secrecy.as_ref().map(|f| put("secrecy", f));
    let signer = foot.and_then(|f| f.signer.as_ref()).map(|f| put("signer", f));
    let title = foot.and_then(|f| f.title.as_ref()).map(|f| put("signer_title", f));
    let authority = foot.and_then(|f| f.authority.as_ref()).map(|f| put("signing_authority", f));
    let mut list = |name: &str, fields: &[Field]| -> Vec<String> {
        if let Some(first) = fields.first() {
            let mut whole = first.clone();
            whole.spans = fields.iter().flat_map(|f| f.spans.clone()).collect();
            put(name, &whole);
        }
        fields.iter().map(|f| f.text.clone()).collect()
    };
    let addressees = list("addressees", &head.addressees);
    let recipients = list("recipients", foot.map_or(&[], |f| &f.recipients));
    let legal_bases = list("legal_bases", &bases::legal_bases(tree));
    Metadata {
        kind,
        number,
        symbol,
        issuer,
        parent_issuer: parent,
        place,
        date,
        subject,
        signer,
        signer_title: title,
        signing_authority: authority,
        addressees,
        recipients,
        legal_bases,
        urgency,
        secrecy,
        evidence: m.evidence,
    }
}

/// Below this the reading of a fact is to be looked at: numbers written by hand into a printed line are read with 0.6 to
/// 0.8, printed ones mostly with more.
const SURE: f32 = 0.85;

/// The same for names in words, which mend each other: below this a word of them is not what stands on the page.
const LEGIBLE: f32 = 0.3;

/// The fields whose readings are judged, each by its bar.
const JUDGED: [(&str, f32); 7] = [
    ("symbol", SURE),
    ("date", SURE),
    ("signer", SURE),
    ("subject", LEGIBLE),
    ("issuer", LEGIBLE),
    ("signer_title", LEGIBLE),
    ("signing_authority", LEGIBLE),
];

/// The facts of the metadata that were read with doubt, each with its place and how sure the reading is.
pub fn doubts<'m>(
    metadata: &'m Metadata,
    source: &'m Source,
) -> impl Iterator<Item = (&'static str, Span, f32)> + 'm {
    JUDGED.into_iter().filter_map(|(field, bar)| {
        let found = &metadata.evidence.get(field)?.evidence;
        let read = found.spans.iter().map(|span| (*span, source.worst(*span)));
        let (span, worst) = read.min_by(|a, b| a.1.total_cmp(&b.1))?;
        // Of a number that was read as scraps only the rest is in the text, and what was lost under a seal is not.
        let lost = ["unread_number", "deputy_of_office", "name_under_seal"].contains(&found.rule.as_str());
        let (bar, unread) = if lost { (SURE, found.confidence) } else { (bar, 1.0) };
        Some((field, span, worst.min(unread))).filter(|d| d.2 < bar)
    })
}

fn inferred(text: &str, rule: &'static str, confidence: f32) -> Field {
    Field { text: text.into(), spans: Vec::new(), how: How::Inferred, rule, confidence }
}

/// The day on which an assembly passed a law or resolution whose head bears no date: "Luật này đã được Quốc hội ... thông
/// qua ngày ...".
fn date_of_adoption(tree: &Tree) -> Option<Field> {
    let pattern = ADOPTED.as_ref()?;
    tree.nodes.iter().rev().filter(|n| n.component == 0).find_map(|n| {
        let c = pattern.captures(&n.body.text)?;
        let part = |name: &str| c.name(name)?.as_str().parse::<u32>().ok();
        let iso = dates::iso(i32::try_from(part("y")?).ok()?, part("m")?, part("d")?)?;
        let place = c.name("date")?;
        let field = Field::of(&n.body, place.start(), place.end(), "date_of_adoption", 0.9)?;
        Some(Field { text: iso, how: How::Inferred, ..field })
    })
}

static ADOPTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết) này (?:đã )?được .{3,160}? thông qua (?P<date>ngày (?P<d>[0-9]{1,2}) tháng (?P<m>[0-9]{1,2}) năm (?P<y>[0-9]{4}))",
    )
    .ok()
});

/// The kind: from the type line; a letter has none. The symbol alone is no safe sign.
fn kind(head: &Head) -> Option<Field> {
    if let (Some(k), Some(f)) = (head.kind.and_then(|k| DATA.kinds.get(k)), &head.kind_field) {
        return Some(Field { text: k.code.into(), ..f.clone() });
    }
    if head.letter || !head.addressees.is_empty() && head.formal {
        return Some(inferred("CV", "letter_without_type_line", 0.9));
    }
    let symbol = head.symbol.as_ref()?;
    let group = symbol.text.split(['/', '-']).nth(1)?;
    let known = DATA.kinds.iter().find(|k| k.code == group)?;
    Some(Field {
        text: known.code.into(),
        how: How::Inferred,
        rule: "type_from_symbol",
        confidence: 0.5,
        ..symbol.clone()
    })
}

/// The issuer where no letterhead names it: who "ban hành", "yêu cầu", "báo cáo" in the opening words, or the body
/// that the symbol abbreviates.
fn issuer_in_text(head: &Head, tree: &Tree) -> Option<Field> {
    if !head.formal {
        return None;
    }
    for n in tree.nodes.iter().filter(|n| n.component == 0).take(12).take_while(|n| n.label.is_none()) {
        let p = &n.body;
        for k in 0..p.words.len().min(400) {
            let Some(u) = units::unit_at(p, k) else { continue };
            let next = p.word(u.next).unwrap_or("");
            let acts = p.gap_before(u.next) == " "
                && (roles::cue(p, u.next, Cue::Assign).is_some()
                    || (next == "ban" && p.word(u.next + 1) == Some("hành"))
                    || (next == "báo" && p.word(u.next + 1) == Some("cáo"))
                    || (next == "xây" && p.word(u.next + 1) == Some("dựng"))
                    || (next == "thông" && p.word(u.next + 1) == Some("báo"))
                    || next == "trình");
            let plain = p.words.get(k).is_some_and(|w| w.cap)
                && !p.word(k).is_some_and(|w| matches!(w, "các" | "những"));
            let of = k > 0 && p.gap_before(k) == " " && roles::cue(p, k - 1, Cue::Of).is_some();
            if acts && plain && !of {
                let mut f = Field::of(p, u.start, u.end, "issuer_in_opening_words", 0.75)?;
                f.how = How::Inferred;
                return Some(f);
            }
        }
    }
    let symbol = head.symbol.as_ref()?;
    let groups: Vec<&str> = symbol.text.split(['/', '-']).skip(1).collect();
    let (_, name) =
        DATA.agencies.iter().find(|(a, _)| groups.iter().any(|g| g == a) && a.chars().count() >= 3)?;
    Some(Field {
        text: (*name).into(),
        spans: symbol.spans.clone(),
        how: How::Inferred,
        rule: "issuer_from_symbol",
        confidence: 0.5,
    })
}

/// Whether a text without head is a news article: running paragraphs that speak of a document; gives the first
/// line after which they come.
pub fn is_news(head: &Head, foot: Option<&Foot>, tree: &Tree) -> bool {
    if head.formal || foot.is_some_and(|f| f.title.is_some() || !f.recipients.is_empty()) {
        return false;
    }
    let plain = tree.nodes.iter().filter(|n| n.label.is_none()).count();
    let labelled = tree.nodes.len() - plain;
    let cites = tree.nodes.iter().take(12).any(|n| {
        let low = fold::lower(&n.body.text);
        ["chỉ thị", "kế hoạch", "quyết định", "công văn", "nghị quyết", "công điện", "thông báo"]
            .iter()
            .any(|k| low.contains(k))
    });
    let title = tree.nodes.first().is_some_and(|n| {
        n.label.is_none() && n.body.words.len() <= 40 && !n.body.text.ends_with(['.', ';', ':'])
    });
    plain >= 4 && labelled <= plain * 2 && cites && title
}

#[cfg(test)]
mod tests {
    use vanthu_model::Document;

    #[test]
    fn a_law_bears_the_date_of_its_adoption() {
        let text = "HỘI ĐỒNG THỬ NGHIỆM\nLuật số: 7/2019/HĐ1\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n\
            LUẬT\nKHO GIỐNG CÂY\n\nĐiều 1. Phạm vi\nLuật này quy định về kho giống cây.\n\n\
            Luật này đã được Hội đồng thử nghiệm khóa I, kỳ họp thứ 2 thông qua ngày 3 tháng 6 năm 2019.\n";
        let read = crate::parse(&Document::from_text(text));
        assert_eq!(read.metadata.date.as_deref(), Some("2019-06-03"));
        assert_eq!(read.metadata.evidence["date"].evidence.rule, "date_of_adoption");
    }

    #[test]
    fn a_subject_with_a_word_that_nobody_could_read_is_told() {
        let text = "SỞ THỬ NGHIỆM\nSố: 6/QĐ-STN\n\nVân Hải, ngày 5 tháng 1 năm 2024\n\nQUYẾT ĐỊNH\nVề việc ban hành quy chế kho\n";
        let doubts = |confidence: f32| {
            let mut document = Document::from_text(text);
            let words = document.pages.iter_mut().flat_map(|p| &mut p.blocks).flat_map(|b| &mut b.lines);
            for word in words.flat_map(|l| &mut l.words).filter(|w| w.text == "quy") {
                (word.confidence, word.origin) = (confidence, vanthu_model::Origin::Ocr);
            }
            let read = crate::parse(&document);
            assert_eq!(read.metadata.subject.as_deref(), Some("Về việc ban hành quy chế kho"));
            read.diagnostics.iter().any(|d| d.code == "doubtful_field" && d.message.ends_with("subject"))
        };
        assert!(doubts(0.1) && !doubts(0.6));
    }

    #[test]
    fn a_number_that_could_not_be_read_is_told() {
        let text = "SỞ THỬ NGHIỆM\nSố: 0 06 /2024/TT-STN\n\nVân Hải, ngày 5 tháng 1 năm 2024\n\nTHÔNG TƯ\nQuy định về kho\n";
        let read = crate::parse(&Document::from_text(text));
        assert!(read.diagnostics.iter().any(|d| d.code == "doubtful_field" && d.message.ends_with("symbol")));
    }
}
