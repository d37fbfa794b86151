//! The head of a document by the rules of form of Nghị định 30/2020/NĐ-CP, Phụ lục I: national motto, parent and
//! issuing body, number and symbol, place and date, type and subject, V/v, Kính gửi, marks of urgency and secrecy.
//!
//! The two columns of the head may come one below the other or run together on one line; either may be missing.

mod addressees;
mod numbers;

use crate::data::DATA;
use crate::field::{Field, add_piece, piece};
use crate::fold;
use crate::labels;
use crate::letterhead::{is_issuer, kind_of, like, motto, opens_basis, opens_body, owns_place, starts_body};
use crate::lines::Line;
use crate::passage::{Builder, Passage};
use crate::references;
use crate::unit_lists;
use addressees::telegraphs;
use numbers::NUMBER;

/// What the head says.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// How many lines the head takes.
    pub end: usize,
    /// Whether the national motto, a number or a type line was seen.
    pub formal: bool,
    /// Whether the head has the Party's form.
    pub party: bool,
    /// Index into the dictionary of kinds, from the type line.
    pub kind: Option<usize>,
    /// The type line.
    pub kind_field: Option<Field>,
    /// The line of the number.
    pub number: Option<Field>,
    /// Number and symbol.
    pub symbol: Option<Field>,
    /// Issuing body.
    pub issuer: Option<Field>,
    /// The body above it.
    pub parent: Option<Field>,
    /// Place of issue.
    pub place: Option<Field>,
    /// ISO date.
    pub date: Option<Field>,
    /// Subject.
    pub subject: Option<Field>,
    /// Its words where it stands below the type.
    pub subject_words: Passage,
    /// Under Kính gửi.
    pub addressees: Vec<Field>,
    /// Mark of urgency.
    pub urgency: Option<Field>,
    /// Mark of secrecy.
    pub secrecy: Option<Field>,
    /// Whether the subject came from a "V/v".
    pub letter: bool,
}

/// A line of this many characters or more is taken to fill its measure where the one above it does not.
const FULL_LINE: usize = 60;

/// Collects the head.
struct Reader<'a, 'd> {
    lines: &'a [Line<'d>],
    head: Head,
    left: Vec<Passage>,
    /// What the next plain line would go on with.
    open: Open,
    v: Builder,
    last_end: usize,
}

#[derive(PartialEq)]
enum Open {
    Nothing,
    Letter,
    To,
}

/// Reads the head that `lines` begin with.
pub fn read(lines: &[Line<'_>]) -> Head {
    let mut r = Reader {
        lines,
        head: Head::default(),
        left: Vec::new(),
        open: Open::Nothing,
        v: Builder::default(),
        last_end: 0,
    };
    let mut i = 0;
    while i < lines.len().min(70) {
        match r.step(i) {
            Some(next) if next > i => i = next,
            _ => break,
        }
    }
    r.finish()
}

impl Reader<'_, '_> {
    /// Reads line `i`; gives the next line to read, or nothing where the head is over.
    fn step(&mut self, i: usize) -> Option<usize> {
        let line = self.lines.get(i)?;
        let text = line.text;
        if let Some(at) = motto(text) {
            self.head.formal = true;
            self.head.party |= fold::ascii(text).contains("dang cong san");
            self.close();
            self.left(line, at);
            return self.done(i + 1);
        }
        if self.mark(line) {
            return self.done(i + 1);
        }
        if i == 0 && self.cited_title(line) {
            return self.done(1);
        }
        if let Some(next) = self.number(i).or_else(|| self.date(i)) {
            return self.done(next);
        }
        let low = fold::lower(text);
        if low.starts_with("kính gửi")
            || low.starts_with("kính gởi")
            || text
                .find(':')
                .filter(|c| *c < 24)
                .is_some_and(|c| like(text.get(..c).unwrap_or(""), "Kính gửi") > 0.8)
        {
            self.close();
            self.open = Open::To;
            self.head.formal = true;
            let colon = text.find(':').map_or(text.len().min("Kính gửi".len()), |c| c + 1);
            self.address(line, colon);
            return self.done(i + 1);
        }
        if self.head.kind.is_none()
            && self.head.subject.is_none()
            && (low.starts_with("v/v")
                || low.starts_with("về việc") && self.head.formal
                || misread_about(text).is_some() && self.is_below_number(i))
        {
            self.about(line, 0);
            return self.done(i + 1);
        }
        if let Some(kind) = self.type_line(text) {
            self.close();
            self.head.formal = true;
            self.head.kind = Some(kind);
            self.head.kind_field = Field::of(&piece(line, 0, text.len()), 0, text.len(), "type_line", 0.98);
            let next = self.subject(i + 1);
            self.last_end = next;
            // Nothing but an addressee list may follow the subject.
            let more = self.lines.get(next).is_some_and(|l| fold::lower(l.text).starts_with("kính gửi"));
            // A telegram names whom it goes to after "điện:".
            if let Some(l) = self.lines.get(next)
                && let Some(at) = telegraphs(l.text)
            {
                self.open = Open::To;
                self.address(l, at);
                return self.done(next + 1);
            }
            return more.then_some(next);
        }
        // A letter whose "Kính gửi" was lost: nothing but its addressees is listed before the body.
        if self.head.letter
            && self.head.addressees.is_empty()
            && self.open != Open::To
            && let Some(l) = labels::find(text).filter(|l| l.family.is_bullet())
            && text.ends_with([';', '.'])
            && line.len < 200
            && unit_lists::list_at(&piece(line, l.len, text.len()), 0).is_some_and(|u| u.next > 1)
        {
            self.close();
            self.open = Open::To;
            self.address(line, l.len);
            return self.done(i + 1);
        }
        match self.open {
            Open::Letter if !(line.after_blank && self.left_over(text)) => {
                add_piece(&mut self.v, line, 0, text.len());
                return self.done(i + 1);
            }
            Open::To => {
                let item = labels::find(text).filter(|l| l.family.is_bullet());
                if let Some(l) = item {
                    self.address(line, l.len);
                    return self.done(i + 1);
                }
                if self.head.addressees.is_empty() && !self.names_body(i) && self.listed_below(i) {
                    // A stamp beside the first words of the list.
                    return Some(i + 1);
                }
                let first = self.head.addressees.is_empty() && self.names_body(i);
                let last_open = self.lines.get(i.wrapping_sub(1)).is_some_and(|l| !l.text.ends_with('.'));
                let short = line.len < 60
                    && (!line.after_blank || first)
                    && last_open
                    && labels::find(text).is_none();
                if text.starts_with(char::is_lowercase) && !line.after_blank
                    || short
                        && self
                            .head
                            .addressees
                            .last()
                            .is_none_or(|a| text.ends_with([';', '.']) && !a.text.is_empty())
                {
                    self.address_more(line);
                    return self.done(i + 1);
                }
                return None;
            }
            _ => {}
        }
        if fold::is_caps(text) && line.len < 90 && labels::find(text).is_none() && self.head.number.is_none()
            || self.left.is_empty()
                && !self.head.formal
                && i < 3
                && fold::is_caps(text)
                && line.len < 70
                && self.formal_ahead(i)
        {
            self.left.push(piece(line, 0, text.len()));
            return Some(i + 1);
        }
        // A few stray lines (seals, marks) may stand inside the head, as long as it goes on below.
        (self.formal_ahead(i) && line.len < 50 && labels::find(text).is_none()).then_some(i + 1)
    }

    fn done(&mut self, next: usize) -> Option<usize> {
        self.last_end = self.last_end.max(next);
        Some(next)
    }

    /// Whether a formal part of the head stands in the next few lines.
    fn formal_ahead(&self, i: usize) -> bool {
        self.lines.iter().skip(i + 1).take(8).any(|l| {
            motto(l.text).is_some()
                || NUMBER.as_ref().is_some_and(|r| r.is_match(l.text))
                || l.text.to_lowercase().starts_with("kính gửi") && self.head.kind.is_none()
                || self.head.kind.is_none() && self.head.formal && kind_of(l.text).is_some()
        })
    }

    /// The subject of a letter: "V/v ..." from byte `at` of a line on.
    fn about(&mut self, line: &Line<'_>, at: usize) {
        let text = line.text.get(at..).unwrap_or("");
        let written = if fold::lower(text).starts_with("v/v") { 3 } else { "về việc".len() };
        let lead = misread_about(text).unwrap_or(written);
        let rest = text.get(lead..).unwrap_or("");
        let lead = lead + rest.len() - rest.trim_start_matches([':', ' ', '.']).len();
        self.open = Open::Letter;
        self.head.letter = true;
        self.head.formal = true;
        add_piece(&mut self.v, line, at + lead, line.text.len());
    }

    /// Whether line `i` stands right below the number.
    fn is_below_number(&self, i: usize) -> bool {
        let above = i.checked_sub(1).and_then(|above| self.lines.get(above));
        above.is_some_and(|l| NUMBER.as_ref().is_some_and(|r| r.is_match(l.text)))
    }

    /// Whether `text` cannot belong to a "V/v" that an empty line parts from it.
    fn left_over(&self, text: &str) -> bool {
        text.starts_with(char::is_uppercase) || labels::find(text).is_some()
    }

    fn close(&mut self) {
        if self.open == Open::Letter {
            let p = std::mem::take(&mut self.v).build();
            self.head.subject = Field::entry(&p, "letter_subject", 0.95);
        }
        self.open = Open::Nothing;
    }

    /// What stands left of the motto on its line.
    fn left(&mut self, line: &Line<'_>, at: usize) {
        let p = piece(line, 0, at);
        if p.text.chars().filter(|c| c.is_alphabetic()).count() >= 3 {
            self.left.push(p);
        }
    }

    fn mark(&mut self, line: &Line<'_>) -> bool {
        let flat = fold::ascii(line.text).to_uppercase();
        let whole = piece(line, 0, line.text.len());
        let field = Field::of(&whole, 0, whole.text.len(), "stamp_words", 0.9);
        match flat.as_str() {
            "HOA TOC" | "THUONG KHAN" | "KHAN" | "HOA TOC HEN GIO" => self.head.urgency = field,
            "TUYET MAT" | "TOI MAT" | "MAT" if fold::is_caps(line.text) => self.head.secrecy = field,
            _ => return false,
        }
        true
    }

    /// "Kết luận số 7-KL/TW ngày 11/01/2024 của Bộ Chính trị về ...": a first line that cites the document itself, as
    /// collections of documents print it.
    fn cited_title(&mut self, line: &Line<'_>) -> bool {
        let whole = piece(line, 0, line.text.len());
        if line.len > 500
            || line.text.ends_with(['.', ';', ':'])
            || !line.text.starts_with(char::is_uppercase)
        {
            return false;
        }
        let Some(c) = references::title(&whole) else { return false };
        let Some(kind) = DATA.kinds.iter().position(|k| k.code == c.kind) else { return false };
        self.head.kind = Some(kind);
        let field = |a: usize, b: usize| Field::of(&whole, a, b, "title_line", 0.85);
        self.head.kind_field = field(0, whole.text.len());
        self.head.symbol = field(0, whole.text.len()).zip(c.symbol).map(|(f, s)| Field { text: s, ..f });
        self.head.date = field(0, whole.text.len()).zip(c.date).map(|(f, d)| Field { text: d, ..f });
        let issuer = c.issuer.and_then(|i| whole.text.find(&i).map(|at| (at, at + i.len())));
        self.head.issuer = issuer.and_then(|(a, b)| field(a, b));
        let after = issuer.map_or(0, |i| i.1);
        let about = [" về việc ", " về "]
            .iter()
            .find_map(|w| whole.text.get(after..)?.find(w).map(|at| after + at + w.len()));
        self.head.subject = about.and_then(|at| field(at, whole.text.len()));
        true
    }

    /// A type name alone on its line, or a kind with its subject on the same line in capitals.
    fn type_line(&self, text: &str) -> Option<usize> {
        if self.head.kind.is_some() || self.head.letter {
            return None;
        }
        kind_of(text)
    }

    /// The lines of the subject from line `i` on; gives the first line after them.
    fn subject(&mut self, i: usize) -> usize {
        let mut b = Builder::default();
        let mut at = i;
        let mut caps = None;
        while let Some(line) = self.lines.get(at) {
            let text = line.text;
            let low = fold::lower(text);
            let is_caps = fold::is_caps(text);
            let first = at == i;
            if low.starts_with("kính gửi")
                || telegraphs(text).is_some()
                || low.starts_with("nơi nhận")
                || labels::find(text).is_some_and(|l| !l.family.is_bullet() || first)
            {
                break;
            }
            if first && (opens_body(&low) && line.len > 120 || line.len > 400) {
                break;
            }
            if !first {
                let runs_on = text.starts_with(char::is_lowercase)
                    || text.starts_with(['(', '“', '"']) && line.len < 120;
                if line.after_blank
                    && !line.apart
                    && !(runs_on
                        && line.len < 100
                        && text.starts_with(|c: char| c == '(' || c.is_lowercase()))
                    && !(caps == Some(true) && is_caps)
                {
                    break;
                }
                if caps == Some(false) && (is_caps || self.ends_subject(at)) {
                    break;
                }
                if caps == Some(true) && !is_caps && !runs_on {
                    break;
                }
                if caps == Some(true) && is_caps && is_issuer(text) && at > i {
                    break;
                }
                let basis_below = |l: &Line| opens_basis(&fold::lower(l.text));
                if text.ends_with(';') && self.lines.get(at + 1).is_some_and(basis_below) {
                    // A legal basis whose first words were lost.
                    break;
                }
                if text.starts_with('(') {
                    // "(Kèm theo ...)" is said of the whole, not of the subject.
                    break;
                }
            }
            caps.get_or_insert(is_caps);
            let cleaned = text.find("./.").unwrap_or(text.len());
            add_piece(&mut b, line, 0, cleaned);
            at += 1;
            if at - i > 12 {
                break;
            }
        }
        let p = b.build();
        // "Về việc ..." below a type belongs to the printed subject.
        self.head.subject = Field::entry(&p, "subject_below_type", 0.93);
        self.head.subject_words = p;
        // The issuer or the signer's post stands again above the legal bases of a decision; so does the type.
        while let Some(line) = self.lines.get(at) {
            let rule = line.text.chars().all(|c| !c.is_alphanumeric());
            let decides = fold::is_caps(line.text)
                && line.len < 90
                && labels::find(line.text).is_none()
                && kind_of(line.text).is_none();
            if rule || decides && is_issuer(line.text) && telegraphs(line.text).is_none() {
                at += 1;
            } else {
                break;
            }
        }
        at
    }

    /// Whether the body begins at line `at`, which is not parted from the subject by an empty line: at words that open
    /// bodies, or at a full line below one that was not filled.
    fn ends_subject(&self, at: usize) -> bool {
        let Some(line) = self.lines.get(at) else { return true };
        let unfilled = |above: &Line<'_>| line.len >= FULL_LINE && above.len * 2 < line.len;
        line.text.starts_with(char::is_uppercase)
            && (opens_body(&fold::lower(line.text))
                || at.checked_sub(1).and_then(|above| self.lines.get(above)).is_some_and(unfilled))
    }

    fn finish(mut self) -> Head {
        self.close();
        let mut bodies: Vec<Field> = Vec::new();
        if self.head.formal
            && (self.head.number.is_some()
                || self.head.kind.is_some()
                || self.head.letter
                || !self.left.is_empty())
        {
            for p in &self.left {
                let Some(f) = Field::entry(p, "letterhead", 0.95) else { continue };
                let low = fold::lower(&f.text);
                if low.starts_with("dự thảo")
                    || f.text.chars().filter(|c| c.is_alphabetic()).count() < 3
                    || low.len() > 120
                {
                    continue;
                }
                match bodies.pop() {
                    Some(b) if !starts_body(&low) || owns_place(&b.text, &low) => bodies.push(b.join(&f)),
                    b => {
                        bodies.extend(b);
                        bodies.push(f);
                    }
                }
            }
        }
        self.head.issuer = bodies.pop().or(self.head.issuer.take());
        self.head.parent = bodies.pop();
        self.mend_year();
        self.mend_kind();
        self.blank_scraps();
        self.head.end = self.last_end;
        self.head
    }
}

/// The length of a "V/v" whose stroke was read as a letter or a digit: "V4 rà soát", "Vív rà soát".
fn misread_about(text: &str) -> Option<usize> {
    let (word, rest) = text.split_once(' ')?;
    let tail = word.strip_prefix('V')?.trim_end_matches([':', '.']);
    let stroke = tail.trim_end_matches(['v', 'V', 'w', 'W']);
    // An i by itself makes words: Vì, Vi.
    let strokes = if stroke.len() < tail.len() { "/⁄|4l1'’iIíìÍ" } else { "/⁄|4l1'’" };
    let is_stroke = stroke.chars().count() <= 1 && stroke.chars().all(|c| strokes.contains(c));
    (!tail.is_empty() && tail != "/v" && is_stroke && rest.starts_with(char::is_lowercase))
        .then_some(word.len())
}

/// ISO form of a date whose day, or day and month, may be blank.
pub fn partial_date(y: Option<i32>, m: Option<u32>, d: Option<u32>) -> Option<String> {
    let y = y.filter(|y| (1900..2200).contains(y))?;
    Some(match (m.filter(|m| (1..=12).contains(m)), d.filter(|d| (1..=31).contains(d))) {
        (Some(m), Some(d)) => format!("{y:04}-{m:02}-{d:02}"),
        (Some(m), None) => format!("{y:04}-{m:02}"),
        (None, _) => format!("{y:04}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines;
    use vanthu_model::Document;

    fn head(text: &str) -> Head {
        let doc = Document::from_text(text);
        let lines: Vec<_> = lines::read(&doc).into_iter().filter(|l| !l.furniture).collect();
        read(&lines)
    }

    fn text(f: &Option<Field>) -> &str {
        f.as_ref().map_or("", |f| f.text.as_str())
    }

    #[test]
    fn a_day_that_was_not_read_leaves_month_and_year() {
        for (line, date) in [
            ("Vân Hải, ngàyĐ®tháng 4 năm 2026", "2026-04"),
            ("Vân Hải, ngày.? | tháng ({ năm 2026", "2026"),
            ("Vân Hải, ngày 0Š tháng 4 năm 2026", "2026-04"),
            ("Vân Hải, ngày 5 tháng 4 năm 2026", "2026-04-05"),
        ] {
            let h = head(&format!("BỘ NỘI VỤ\nSố: 7/206/TT-BNV\n{line}\n\nTHÔNG TƯ\nQuy định về kho\n"));
            assert_eq!(text(&h.date), date);
            assert_eq!(text(&h.symbol), "7/2026/TT-BNV");
        }
        let h = head(
            "BỘ NỘI VỤ\nSố: 7/206/TT-BNV\nVân Hải, ngày 5 tháng 4 năm 2017\n\nTHÔNG TƯ\nQuy định về kho\n",
        );
        assert_eq!(text(&h.symbol), "7/TT-BNV");
    }

    #[test]
    fn columns_run_together_are_parted() {
        let h = head(
            "UBND TỈNH VÂN HẢI CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ NỘI VỤ Độc lập - Tự do - Hạnh phúc\n\
             Số: 15/KH-SNV Vân Hải, ngày 05 tháng 01 năm 2026\n\nKẾ HOẠCH\nTập huấn cán bộ\nnăm 2026\n\nCăn cứ Luật.",
        );
        assert_eq!((text(&h.parent), text(&h.issuer)), ("UBND TỈNH VÂN HẢI", "SỞ NỘI VỤ"));
        assert_eq!((text(&h.symbol), text(&h.place), text(&h.date)), ("15/KH-SNV", "Vân Hải", "2026-01-05"));
        assert_eq!(text(&h.subject), "Tập huấn cán bộ năm 2026");
        assert_eq!(h.end, 6);
    }

    #[test]
    fn blanks_for_the_clerk_stay_blank() {
        let h = head(
            "Số: /BC-SNV\n\nVân Hải, ngày\n\ntháng 4 năm 2026\n\nBÁO CÁO\nCông tác tháng 4\n\nSở báo cáo.",
        );
        assert_eq!((text(&h.symbol), text(&h.date)), ("/BC-SNV", "2026-04"));
    }

    #[test]
    fn a_letter_has_its_subject_after_v_v_and_its_addressees() {
        let h = head(
            "SỞ NỘI VỤ\nSố: 7/SNV-VP\nV/v rà soát\ndanh mục\n\nVân Hải, ngày 1 tháng 2 năm 2026\n\nKính gửi:\n- Sở A;\n- Sở B.\n\nThời gian qua",
        );
        assert_eq!(text(&h.subject), "rà soát danh mục");
        assert_eq!(h.addressees.iter().map(|a| a.text.as_str()).collect::<Vec<_>>(), ["Sở A", "Sở B"]);
        assert!(h.letter && h.kind.is_none());
    }

    #[test]
    fn a_number_read_as_scraps_is_left_blank() {
        for line in ["Số: 0 06 /2024/TT-BNV", "số Ở{ - /2024/TT-BNV"] {
            let h = head(&format!(
                "BỘ NỘI VỤ\n{line}\n\nVân Hải, ngày 5 tháng 1 năm 2024\n\nTHÔNG TƯ\nQuy định về kho\n"
            ));
            assert_eq!((text(&h.symbol), text(&h.date)), ("/2024/TT-BNV", "2024-01-05"), "{line}");
        }
    }

    #[test]
    fn a_number_whose_label_was_written_across_is_read() {
        for line in ["số 37 /2024/TT-BNV", "số: 37/2024/TT-BNV", "Số 37/2024/TT-BNV"] {
            let h = head(&format!(
                "BỘ NỘI VỤ\n{line}\n\nVân Hải, ngày 5 tháng 1 năm 2024\n\nTHÔNG TƯ\nQuy định về kho\n"
            ));
            assert_eq!(text(&h.symbol), "37/2024/TT-BNV", "{line}");
        }
    }

    #[test]
    fn a_kind_read_with_a_letter_of_like_shape_is_that_of_the_title() {
        for (read, title, symbol) in [
            ("3/CP-SNV", "CÔNG ĐIỆN", "3/CĐ-SNV"),
            ("3/HĐ-SNV", "HƯỚNG DẪN", "3/HD-SNV"),
            ("3/QĐ-SNV", "KẾ HOẠCH", "3/QĐ-SNV"),
            ("-/BC-SNV", "BÁO CÁO", "/BC-SNV"),
        ] {
            let h = head(&format!(
                "SỞ NỘI VỤ\nSố: {read}\n\nVân Hải, ngày 5 tháng 1 năm 2024\n\n{title}\nVề kho\n"
            ));
            assert_eq!(text(&h.symbol), symbol);
        }
    }

    #[test]
    fn a_subject_behind_a_misread_abbreviation_is_found() {
        for about in ["V4 rà soát kho", "Vív rà soát kho", "V/w rà soát kho", "V/v rà soát kho"] {
            let h = head(&format!("SỞ NỘI VỤ\nSố: 7/SNV-VP\n{about}\n\nKính gửi: Sở A.\n"));
            assert_eq!((text(&h.subject), h.letter), ("rà soát kho", true), "{about}");
        }
        assert_eq!(text(&head("SỞ NỘI VỤ\nSố: 7/SNV-VP\nVì vậy, sở họp.\n").subject), "");
    }

    #[test]
    fn a_stroke_that_the_frame_of_a_stamp_hid_is_put_back_in_doubt() {
        let h = head("BỘ NỘI VỤ\nSố: 15 TB-BNV\n\nVân Hải, ngày 5 tháng 1 năm 2024\n\nTHÔNG BÁO\nVề kho\n");
        assert_eq!(text(&h.symbol), "15/TB-BNV");
        assert!(h.symbol.is_some_and(|f| f.confidence < 0.85));
    }

    #[test]
    fn a_full_line_below_an_unfilled_one_opens_the_body() {
        let above = "ĐẢNG CỘNG SẢN VIỆT NAM\nTHÀNH ỦY VÂN HẢI\nSố 7-CT/TU\nVân Hải, ngày 5 tháng 1 năm 2026\n\nCHỈ THỊ\n";
        let subject = "về tăng cường sự lãnh đạo của Đảng đối với công tác giữ gìn kho sách và các\nnhà xưa";
        let body = "Mùa mưa vừa qua, nhiều kho sách của thành phố bị dột, nhất là ở các phường ven sông.";
        assert_eq!(text(&head(&format!("{above}{subject}\n{body}\n")).subject), subject.replace('\n', " "));
        let name = "về giữ gìn kho sách của Ủy ban nhân dân thành phố và\nHội đồng nhân dân thành phố";
        assert_eq!(text(&head(&format!("{above}{name}\n{body}\n")).subject), name.replace('\n', " "));
    }

    #[test]
    fn running_text_has_no_head() {
        let h = head("Sở Nội vụ đẩy mạnh cải cách\n\nNgày 5/1, Sở đã họp.");
        assert_eq!((h.end, h.formal), (0, false));
    }
}
