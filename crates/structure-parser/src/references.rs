//! Cited documents: type, number and symbol, date, issuer; laws by their names.

use crate::data::DATA;
use crate::fold;
use crate::head::partial_date;
use crate::passage::Passage;
use crate::relations;
use crate::unit_lists;
use crate::units;
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;
use vanthu_model::{Relation, Span};

/// A citation as found.
#[derive(Debug, Clone)]
pub struct Citation {
    /// Abbreviation of the type; "Luật" for a law.
    pub kind: String,
    /// Number and symbol without blanks.
    pub symbol: Option<String>,
    /// Name, for a law cited by it.
    pub name: Option<String>,
    /// ISO date.
    pub date: Option<String>,
    /// As printed.
    pub issuer: Option<String>,
    /// What the passage does with it.
    pub relation: Relation,
    /// Articles cited, as printed.
    pub articles: Vec<String>,
    /// Places, the first mention first.
    pub spans: Vec<Span>,
    /// Name of the rule.
    pub rule: &'static str,
    /// 0 to 1.
    pub confidence: f32,
}

static SYMBOL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<n>[0-9]{1,5}[a-z]?(?:\.[0-9]{1,2})?)
        (?:
          \ ?/\ ?(?P<y>(?:19|20)[0-9]{2})\ ?/\ ?(?P<norm>[\p{Lu}][\p{L}0-9]*(?:\ ?[-–]\ ?[\p{Lu}][\p{L}0-9&]*)*)
        | \ ?/\ ?(?P<adm>[\p{Lu}][\p{L}0-9]*(?:\ ?[-–&]\ ?[\p{Lu}][\p{L}0-9]*)*)
        | \ ?[-–]\ ?(?P<party>(?:[\p{Lu}][\p{L}]{0,4})\ ?/\ ?[\p{Lu}][\p{L}]*(?:\ ?[-–]\ ?[\p{Lu}][\p{L}]*)?)
        )",
    )
    .ok()
});
static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^\s?,?\s?\(?ngày ?(?:(?P<d>[0-9]{1,2})\s?[/.\-]\s?(?P<m>[0-9]{1,2})\s?[/.\-]\s?(?P<y>[0-9]{4})|(?P<d2>[0-9]{1,2}) tháng (?P<m2>[0-9]{1,2}) năm (?P<y2>[0-9]{4}))",
    )
    .ok()
});
static LAW: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:Bộ luật|Bộ Luật|Luật|Pháp lệnh) ").ok());

/// What stands on both sides of a comma inside a law's name, without marks.
static LAW_COMMA: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let pairs = DATA.list("law_comma").iter().filter_map(|pair| pair.split_once(", "));
    pairs.map(|(a, b)| (fold::ascii(a), fold::ascii(b))).collect()
});

/// Collects citations over a document; each is told once.
#[derive(Debug, Default)]
pub struct Collector {
    list: Vec<Citation>,
    by_key: HashMap<String, usize>,
}

impl Collector {
    /// The citations in order of first mention.
    pub fn finish(self) -> Vec<Citation> {
        self.list
    }

    /// Adds the citations of a passage.
    pub fn read(&mut self, p: &Passage) {
        let mut found = self.symbols(p);
        found.extend(laws(p));
        found.sort_by_key(|(at, _)| *at);
        for (at, mut c) in found {
            c.relation = relations::relation(p, at);
            c.articles.extend(relations::articles(p, at));
            self.add(c);
        }
    }

    fn add(&mut self, c: Citation) {
        let key = match (&c.symbol, &c.name) {
            (Some(s), _) => fold::ascii(s).replace(' ', ""),
            (None, Some(n)) => fold::ascii(n),
            (None, None) => return,
        };
        match self.by_key.get(&key).and_then(|i| self.list.get_mut(*i)) {
            Some(known) => {
                known.date = known.date.take().or(c.date);
                known.issuer = known.issuer.take().or(c.issuer);
                known.relation = known.relation.max(c.relation);
                for article in c.articles {
                    if !known.articles.contains(&article) {
                        known.articles.push(article);
                    }
                }
                known.spans.extend(c.spans);
            }
            None => {
                self.by_key.insert(key, self.list.len());
                self.list.push(c);
            }
        }
    }

    /// Citations by number and symbol.
    fn symbols(&self, p: &Passage) -> Vec<(usize, Citation)> {
        let mut out: Vec<(usize, usize, Citation)> = Vec::new();
        let Some(re) = SYMBOL.as_ref() else { return Vec::new() };
        if !p.text.contains('/') {
            return Vec::new();
        }
        let mut undated: Vec<usize> = Vec::new();
        let mut last_end = 0;
        for c in re.captures_iter(&p.text) {
            let Some(m) = c.get(0) else { continue };
            // A date, a fraction or the tail of another number is no symbol.
            let before = p.text.get(..m.start()).unwrap_or("");
            // The blank after "số" may be lost.
            let numbered = before.ends_with("số");
            if !numbered && before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | ',')) {
                continue;
            }
            let Some(group) = c.name("norm").or(c.name("adm")).or(c.name("party")) else { continue };
            let tail = group.as_str();
            let first = tail.split(['-', '–', '/', '&', ' ']).next().unwrap_or("");
            let plausible =
                fold::is_caps(tail) || DATA.kinds.iter().any(|k| k.code == first) || tail.starts_with("QH");
            if !plausible || tail.chars().count() < 2 {
                continue;
            }
            let symbol = trimmed_symbol(m.as_str());
            let end = m.start() + symbol.len();
            let clean: String = symbol
                .chars()
                .filter(|c| !c.is_whitespace())
                .map(|c| if c == '–' { '-' } else { c })
                .collect();
            let named = kind_before(before);
            let (kind, start, sure) = match named {
                Some((code, at)) => (code.to_owned(), at, true),
                None => match out.last() {
                    // "các Quyết định số A và số B": the head word counts for all.
                    Some((_, e, prev)) if linked(p.slice(*e, m.start())) => {
                        let own = kind_of_symbol(&clean);
                        (own.unwrap_or_else(|| prev.kind.clone()), m.start(), true)
                    }
                    _ => match kind_of_symbol(&clean) {
                        Some(k) => (k, m.start(), before.trim_end().ends_with("số")),
                        None if before.trim_end().ends_with("số") => ("CV".into(), m.start(), false),
                        None => continue,
                    },
                },
            };
            let (date, after) = date_at(p, end);
            let issuer = issuer_at(p, after).or_else(|| Some((issuer_before(p, start)?, after)));
            let rule = if sure { "cited_by_symbol" } else { "symbol_alone" };
            let end_of_all = issuer.as_ref().map_or(after, |i| i.1);
            if date.is_none() {
                undated.push(out.len());
            } else {
                // One date for several: it counts for those named just before it.
                for u in undated.drain(..) {
                    if let Some((_, e, o)) = out.get_mut(u)
                        && linked_documents(p.slice(*e, start))
                    {
                        o.date.clone_from(&date);
                    }
                }
            }
            if issuer.is_some() {
                for (_, e, o) in out.iter_mut().rev().take(3) {
                    if o.issuer.is_none() && linked_documents(p.slice(*e, start)) {
                        o.issuer = issuer.as_ref().map(|i| i.0.clone());
                    } else {
                        break;
                    }
                }
            }
            last_end = last_end.max(end_of_all);
            out.push((
                start,
                after,
                Citation {
                    kind,
                    symbol: Some(clean),
                    name: None,
                    date,
                    issuer: issuer.map(|i| i.0),
                    relation: Relation::Mentioned,
                    articles: Vec::new(),
                    spans: p.spans(start, after),
                    rule,
                    confidence: if sure { 0.97 } else { 0.7 },
                },
            ));
        }
        out.into_iter().map(|(s, _, c)| (s, c)).collect()
    }
}

/// The citation that `p` begins with, where it has a symbol and a date: the title of the document itself.
pub fn title(p: &Passage) -> Option<Citation> {
    let (at, c) = Collector::default().symbols(p).into_iter().next()?;
    (at == 0 && c.date.is_some() && c.rule == "cited_by_symbol").then_some(c)
}

/// A symbol without a last group that is no part of it.
fn trimmed_symbol(s: &str) -> &str {
    s.trim_end_matches([' ', '-', '–', '&'])
}

/// Whether only "và số", a comma or the like stands between two numbers of one citation.
fn linked(gap: &str) -> bool {
    if gap.len() > 40 {
        return false;
    }
    let low = fold::lower(gap);
    let core = low.trim_matches([' ', ',', ';']);
    matches!(core, "" | "và" | "số" | "và số" | "hoặc số" | "," | "; số")
}

/// Whether only a conjunction stands between two documents that share a date or an issuer.
fn linked_documents(gap: &str) -> bool {
    if gap.len() > 40 {
        return false;
    }
    let low = fold::lower(gap);
    matches!(low.trim_matches([' ', ',', ';']), "" | "và" | "số" | "và số" | "cùng" | "hoặc")
}

/// The kind whose name stands before "số" at the end of `before`, and where it begins.
fn kind_before(before: &str) -> Option<(&'static str, usize)> {
    let trimmed = before.trim_end();
    // No name of a kind is longer than this.
    let from = trimmed.char_indices().rev().nth(60).map_or(0, |(i, _)| i);
    let low = fold::lower(trimmed.get(from..).unwrap_or(""));
    let head = ["số:", "số", "so", "s6"].iter().find_map(|s| low.strip_suffix(s)).unwrap_or(&low).trim_end();
    DATA.kinds.iter().find_map(|k| {
        let rest = head.strip_suffix(k.low.as_str())?;
        let boundary = rest.is_empty() || rest.ends_with(|c: char| !c.is_alphanumeric());
        boundary.then_some((k.code, from + rest.len()))
    })
}

/// The kind that a symbol's own groups name.
fn kind_of_symbol(symbol: &str) -> Option<String> {
    let groups: Vec<&str> = symbol.split(['/', '-', '–']).collect();
    if groups.iter().any(|g| g.starts_with("QH") && g.len() >= 4 && g.ends_with(|c: char| c.is_ascii_digit()))
    {
        return Some("Luật".into());
    }
    let codes = groups.iter().skip(1);
    codes.filter(|g| g.len() <= 5).find_map(|g| {
        let known = DATA.kinds.iter().find(|k| k.code == *g && !matches!(k.code, "CV" | "L" | "PL"))?;
        // "CT-" and "TT-" inside a letter's symbol name an office, not a type, where nothing else says so.
        Some(known.code.to_owned())
    })
}

/// The date that follows at byte `at`, and where it ends.
fn date_at(p: &Passage, at: usize) -> (Option<String>, usize) {
    let rest = p.slice(at, p.text.len());
    let Some(c) = DATE.as_ref().and_then(|r| r.captures(rest)) else { return (None, at) };
    let get = |a: &str, b: &str| c.name(a).or(c.name(b)).and_then(|m| m.as_str().parse::<u32>().ok());
    let date = partial_date(get("y", "y2").map(|y| y as i32), get("m", "m2"), get("d", "d2"));
    let end = c.get(0).map_or(0, |m| m.end());
    (date, at + end)
}

/// The issuer in "của X" that follows at byte `at`, and where it ends.
fn issuer_at(p: &Passage, at: usize) -> Option<(String, usize)> {
    let rest = p.slice(at, p.text.len());
    let lead = rest.len() - rest.trim_start_matches([' ', ')', ',']).len();
    if !rest.get(lead..)?.starts_with("của ") {
        return None;
    }
    let from = p.word_from(at + lead) + 1;
    let list = unit_lists::list_at(p, from)?;
    let start = list.units.first()?.start;
    // After a comma the sentence's own actor may stand: "của Chính phủ, Bộ trưởng yêu cầu".
    let joint =
        list.units.windows(2).take_while(|w| !p.slice(w[0].end, w[1].start).contains([',', ';'])).count();
    let last = list.units.get(joint)?;
    Some((p.slice(start, last.end).to_owned(), last.end))
}

/// The issuer in "đề nghị của X tại" that stands before byte `at`.
fn issuer_before(p: &Passage, at: usize) -> Option<String> {
    let here = p.word_from(at);
    let tai = here.checked_sub(1)?;
    if p.word(tai) != Some("tại") {
        return None;
    }
    let list =
        (tai.saturating_sub(14)..tai).filter_map(|k| unit_lists::list_at(p, k)).find(|l| l.next == tai)?;
    let (first, last) = (list.units.first()?, list.units.last()?);
    Some(p.slice(first.start, last.end).to_owned())
}

/// Laws cited by name.
fn laws(p: &Passage) -> Vec<(usize, Citation)> {
    let Some(re) = LAW.as_ref() else { return Vec::new() };
    let mut out = Vec::new();
    let mut taken = 0usize;
    for m in re.find_iter(&p.text) {
        let before = p.text.get(..m.start()).unwrap_or("");
        if before.ends_with(char::is_alphanumeric) || m.start() < taken {
            continue;
        }
        let Some((end, nested)) = law_name(p, m.start(), m.end()) else { continue };
        let name = p.slice(m.start(), end).to_owned();
        let rest = p.slice(end, p.text.len());
        // "Luật ... số 48/2014/QH13" is cited by its symbol.
        if rest.trim_start().starts_with("số ")
            && rest
                .trim_start()
                .get("số ".len()..)
                .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()))
        {
            continue;
        }
        let (date, after) = date_at(p, end);
        // The law that an amending law amends is named inside and cited too.
        taken = nested.unwrap_or(end);
        let kind = if name.starts_with("Pháp lệnh") { "PL" } else { "Luật" };
        out.push((
            m.start(),
            Citation {
                kind: kind.into(),
                symbol: None,
                name: Some(name),
                date,
                issuer: None,
                relation: Relation::Mentioned,
                articles: Vec::new(),
                spans: p.spans(m.start(), after),
                rule: "law_by_name",
                confidence: 0.9,
            },
        ));
    }
    out
}

/// Where the name of a law that begins at `start` ends, and where a law named inside it begins.
fn law_name(p: &Passage, start: usize, after_head: usize) -> Option<(usize, Option<usize>)> {
    let amends =
        ["sửa đổi, bổ sung", "sửa đổi"].iter().any(|a| p.low_slice(after_head, p.text.len()).starts_with(a));
    let mut i = p.word_from(after_head);
    let first = p.words.get(i)?;
    if amends {
        // "Luật sửa đổi, bổ sung một số điều của Luật X": the name runs through X's name.
        let inner = p.low_slice(after_head, p.text.len()).find("luật ")?;
        if inner > 80 {
            return None;
        }
        let at = after_head + inner;
        let (mut end, _) = law_name(p, at, at + "luật ".len())?;
        // "... của Luật X và Luật Y": one law amends several.
        while let Some(gap) =
            [" và Luật ", ", Luật "].iter().find(|g| p.slice(end, p.text.len()).starts_with(**g))
        {
            let from = end + gap.len() - "Luật ".len();
            let Some((next, _)) = law_name(p, from, from + "Luật ".len()) else { break };
            end = next;
        }
        return Some((end, Some(at)));
    }
    let proper = first.cap
        || ["viên chức", "cán bộ", "hải quan"]
            .iter()
            .any(|w| p.low_slice(first.start, p.text.len()).starts_with(w));
    if !proper || p.word(i).is_some_and(|w| matches!(w, "này" | "số" | "sư")) {
        return None;
    }
    let mut end = first.end;

    let mut words = 1;
    while words < 22 {
        let gap = p.gap(i);
        let (Some(next), Some(word)) = (p.words.get(i + 1), p.word(i + 1)) else { break };
        match gap {
            " " | " - " | "-" => {}
            ", " => {
                // A comma stays inside a name only where "và" or another field of the same name follows.
                if next.cap && !starts_name(word) || !comma_inside(p, i + 1, start) {
                    break;
                }
            }
            _ => break,
        }
        if next.cap {
            // A capital inside begins a functional group of the name, or another name.
            if starts_name(word) || ends_law(p, i + 1) {
                break;
            }
        } else if word == "và" {
            if !and_inside(p, i + 1) {
                break;
            }
            // The name goes on with the word after "và".
            i += 2;
            words += 2;
            end = p.words.get(i)?.end;
            continue;
        } else if ends_law(p, i + 1) {
            break;
        }
        i += 1;
        words += 1;
        end = next.end;
    }
    Some((end, None))
}

/// Words that begin another name.
fn starts_name(word: &str) -> bool {
    matches!(word, "luật" | "nghị" | "thông" | "quyết" | "chỉ" | "pháp" | "bộ")
}

/// Whether word `i` cannot belong to a law's name.
fn ends_law(p: &Passage, i: usize) -> bool {
    let Some(word) = p.word(i) else { return true };
    let cap = p.words.get(i).is_some_and(|w| w.cap);
    !cap && (DATA.list("law_name_end").iter().any(|x| x == word)
        && !(word == "các" && p.word(i + 1) == Some("tổ"))
        || word == "quy" && p.word(i + 1) == Some("định")
        || word == "ban" && p.word(i + 1) == Some("hành")
        || word == "thi" && p.word(i + 1) == Some("hành") && p.word(i + 2) != Some("án"))
}

/// Whether the comma before word `i` stands inside a law's name: known pairs such as "cán bộ, công chức".
fn comma_inside(p: &Passage, i: usize, start: usize) -> bool {
    // Marks are left out: a page may have lost some of them.
    let before = fold::ascii(p.slice(start, p.words.get(i.saturating_sub(1)).map_or(start, |w| w.end)));
    let last = (i + 3).min(p.words.len().saturating_sub(1));
    let after =
        fold::ascii(p.slice(p.words.get(i).map_or(0, |w| w.start), p.words.get(last).map_or(0, |w| w.end)));
    LAW_COMMA.iter().any(|(a, b)| before.ends_with(a.as_str()) && after.starts_with(b.as_str()))
}

/// Whether "và" at word `i` stands inside a law's name: a small letter follows, no verb, no new law.
fn and_inside(p: &Passage, i: usize) -> bool {
    let (Some(next), Some(word)) = (p.words.get(i + 1), p.word(i + 1)) else { return false };
    if p.gap(i) != " " || starts_name(word) || units::begins(p, i + 1) {
        return false;
    }
    if next.cap {
        return matches!(word, "gia" | "quy" | "công" | "đổi" | "chữa" | "đào" | "phát" | "kinh");
    }
    let another = matches!(
        word,
        "các"
            | "những"
            | "văn"
            | "pháp"
            | "hướng"
            | "nghị"
            | "một"
            | "tình"
            | "yêu"
            | "thực"
            | "chỉ"
            | "chủ"
    );
    let rule = word == "quy" && p.word(i + 2) == Some("định");
    !(another || rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::Builder;

    fn cited(text: &str) -> Vec<(String, String, String, String)> {
        let mut b = Builder::default();
        b.line(text, 0, false, false);
        let mut c = Collector::default();
        c.read(&b.build());
        c.finish()
            .into_iter()
            .map(|c| {
                (
                    c.kind,
                    c.symbol.or(c.name).unwrap_or_default(),
                    c.date.unwrap_or_default(),
                    c.issuer.unwrap_or_default(),
                )
            })
            .collect()
    }

    fn row(a: &str, b: &str, c: &str, d: &str) -> (String, String, String, String) {
        (a.into(), b.into(), c.into(), d.into())
    }

    #[test]
    fn full_citations() {
        assert_eq!(
            cited("Thực hiện Quyết định số 12/QĐ-UBND ngày 27/8/2025 của UBND tỉnh Vân Hải về cải cách"),
            [row("QĐ", "12/QĐ-UBND", "2025-08-27", "UBND tỉnh Vân Hải")]
        );
        assert_eq!(
            cited("Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024 của Bộ Chính trị"),
            [row("NQ", "57-NQ/TW", "2024-12-22", "Bộ Chính trị")]
        );
    }

    #[test]
    fn one_date_or_issuer_for_two() {
        let got =
            cited("Nghị định số 139/2025/NĐ-CP và Nghị định số 146/2025/NĐ-CP ngày 12/6/2025 của Chính phủ.");
        assert_eq!(
            got,
            [
                row("NĐ", "139/2025/NĐ-CP", "2025-06-12", "Chính phủ"),
                row("NĐ", "146/2025/NĐ-CP", "2025-06-12", "Chính phủ")
            ]
        );
    }

    #[test]
    fn letters_and_damaged_spacing() {
        assert_eq!(
            cited("tại Công văn số 211/SNV- CCHC ngày 19/02/2025"),
            [row("CV", "211/SNV-CCHC", "2025-02-19", "")]
        );
        assert!(cited("ngày 27/8/2025, đạt 12/29 nhiệm vụ").is_empty());
    }

    #[test]
    fn laws_by_name() {
        let names = |t: &str| cited(t).into_iter().map(|r| r.1).collect::<Vec<_>>();
        assert_eq!(
            names(
                "theo Luật Tổ chức chính quyền địa phương, Luật Cán bộ, công chức, các Nghị định và Luật Đầu tư công và các văn bản"
            ),
            ["Luật Tổ chức chính quyền địa phương", "Luật Cán bộ, công chức", "Luật Đầu tư công"]
        );
        assert_eq!(
            names("thi hành Luật sửa đổi, bổ sung một số điều của Luật Đo lường và các văn bản"),
            ["Luật sửa đổi, bổ sung một số điều của Luật Đo lường", "Luật Đo lường"]
        );
        assert_eq!(names("trong thi hành Luật. Bảo đảm Luật này"), Vec::<String>::new());
    }
}
