//! Number and symbol, place and date: their lines in the head, with what handwriting and OCR make of them.

use super::{Reader, partial_date};
use crate::data::DATA;
use crate::field::{Field, add_piece, piece};
use crate::fold;
use crate::lines::Line;
use crate::passage::{Builder, Passage};
use regex::Regex;
use std::sync::LazyLock;
use vanthu_model::How;

pub(super) static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:S[ốôoóòỐÔOÓ6§ờở]+|Luật số)\s?[:;.]?\s*(?P<sym>[^\s/]{0,12}\s?(?:/\s?[0-9]{3,4}\s?)?(?:[/-]\s?[\p{Lu}][\p{L}0-9]*(?:\s?[-/&–]\s?[\p{Lu}][\p{L}0-9&]*)*(?:,\s?[\p{Lu}]{2,8})?|/\s?[\p{Lu}]\S*))",
    )
    .ok()
});

/// A number line whose label lost its capital under what was written across it, and that holds nothing else.
static SMALL_LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^s[ốô]\s?[:;.]?\s*(?P<sym>[0-9]{1,5}\s?(?:/\s?[0-9]{3,4}\s?)?/\s?\p{Lu}\p{L}*(?:\s?[-&–]\s?\p{Lu}[\p{L}0-9&]*)+)\s*$",
    )
    .ok()
});

/// A number line whose number was written by hand and read as scraps: "Số: 0 06 /2024/TT-AB".
static UNREAD_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[Ss][ốôoóòỐÔOÓ6§ờở]\s?[:;.]?\s+[^\s/]{1,4}(?:\s[^\s/]{1,4}){0,3}\s?(?P<sym>(?:/\s?[0-9]{3,4}\s?)?/\s?[\p{Lu}][\p{L}]*(?:\s?[-&–]\s?[\p{Lu}][\p{L}0-9&]*)+)\s*$",
    )
    .ok()
});

/// A number line whose stroke was lost under the frame of a stamp: "Số: 15 TB-AB".
static NO_STROKE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^S[ốôoóòỐÔOÓ6§ờở]\s?[:;.]?\s+(?P<sym>[0-9]{1,5}\s(?P<kind>\p{Lu}{2,4})(?:-\p{Lu}{2,})+)\s*$")
        .ok()
});

static BLANK_NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^Số\s?:\s*[.…]*\s*(?:[0-9]+\s*)?$").ok());

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?P<place>\p{Lu}[^0-9,;:()]+?)\s?[,.]\s?[Nn]gày(?:\s*|\s+(?P<d>[0-9]{1,2})|\s*\S{1,6}(?:\s\S{1,3})?)\s*tháng\s*(?P<m>[0-9]{1,2}|[^0-9]{0,6}?)\s*năm\s*(?P<y>[0-9]{4})?",
    )
    .ok()
});

static DATE_START: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\p{Lu}[^0-9,;:()]+, ?[Nn]gày(?:\s+\S{1,4})?\s*$").ok());

impl Reader<'_, '_> {
    pub(super) fn number(&mut self, i: usize) -> Option<usize> {
        if self.head.number.is_some() {
            return None;
        }
        let line = self.lines.get(i)?;
        let numbered =
            [&NUMBER, &SMALL_LABEL].into_iter().filter_map(|r| r.as_ref()?.captures(line.text)).next();
        if let Some(c) = numbered {
            let (whole, sym) = (c.get(0)?, c.name("sym")?);
            if !self.head.formal && i > 8 {
                return None;
            }
            self.take_number(line, whole.end(), "number_line", 0.95);
            let s = piece(line, sym.start(), sym.end());
            let mut f = Field::of(&s, 0, s.text.len(), "number_line", 0.95)?;
            f.text.retain(|c| !c.is_whitespace());
            // A number that holds other than digits was misread; what is sure is kept for the reader to see.
            if f.text
                .split(['/', '-'])
                .next()
                .is_some_and(|n| n.chars().any(|c| !c.is_ascii_digit() && c != '.'))
            {
                f.confidence = 0.4;
            }
            self.head.symbol = Some(f);
            let rest = piece(line, whole.end(), line.text.len());
            if let Some(c) = DATE.as_ref().and_then(|r| r.captures(&rest.text)) {
                self.take_date(&rest, &c);
            } else if rest.text.starts_with("V/v") || rest.text.starts_with("v/v") {
                let at = line.text.len() - rest.text.len();
                self.about(line, at);
            }
            return Some(i + 1);
        }
        if let Some(sym) =
            UNREAD_NUMBER.as_ref().and_then(|r| r.captures(line.text)).and_then(|c| c.name("sym"))
            && (self.head.formal || i <= 8)
        {
            self.take_number(line, line.text.len(), "unread_number", 0.3);
            // As where the clerk has left the number blank.
            let s = piece(line, sym.start(), sym.end());
            let mut f = Field::of(&s, 0, s.text.len(), "unread_number", 0.3)?;
            f.text.retain(|c| !c.is_whitespace());
            self.head.symbol = Some(f);
            return Some(i + 1);
        }
        if let Some((sym, kind)) = NO_STROKE
            .as_ref()
            .and_then(|r| r.captures(line.text))
            .and_then(|c| c.name("sym").zip(c.name("kind")))
            && DATA.kinds.iter().any(|k| k.code == kind.as_str())
            && (self.head.formal || i <= 8)
        {
            self.take_number(line, line.text.len(), "lost_stroke", 0.5);
            let s = piece(line, sym.start(), sym.end());
            let f = Field::of(&s, 0, s.text.len(), "lost_stroke", 0.5)?;
            self.head.symbol = Some(Field { text: f.text.replacen(' ', "/", 1), how: How::Inferred, ..f });
            return Some(i + 1);
        }
        if BLANK_NUMBER.as_ref().is_some_and(|r| r.is_match(line.text)) {
            self.take_number(line, line.text.len(), "number_line", 0.6);
            return Some(i + 1);
        }
        None
    }

    /// The line of the number, up to byte `end`.
    fn take_number(&mut self, line: &Line<'_>, end: usize, rule: &'static str, confidence: f32) {
        self.close();
        self.head.formal = true;
        let p = piece(line, 0, end);
        self.head.number = Field::of(&p, 0, p.text.len(), rule, confidence);
    }

    pub(super) fn date(&mut self, i: usize) -> Option<usize> {
        if self.head.date.is_some() || self.head.place.is_some() {
            return None;
        }
        let line = self.lines.get(i)?;
        let re = DATE.as_ref()?;
        if line.len > 200 {
            return None;
        }
        if let Some(c) = re.captures(line.text)
            && (line.len < 80 || self.head.formal)
            && !line.text.trim_end().ends_with(['.', ';', ':'])
        {
            let at = c.get(0)?.start();
            if at > 40 && !self.head.formal {
                return None;
            }
            self.close();
            // Left of the date may stand the number or the last words of the left column.
            let p = piece(line, at, line.text.len());
            let c = re.captures(&p.text)?;
            self.take_date(&p, &c);
            self.head.formal = true;
            return Some(i + 1);
        }
        // "Bắc Giang, ngày" on one line, "tháng 4 năm 2025" on the next.
        let next = self.lines.get(i + 1)?;
        if DATE_START.as_ref()?.is_match(line.text)
            && fold::lower(next.text).starts_with("tháng")
            && next.len < 40
        {
            let mut b = Builder::default();
            add_piece(&mut b, line, 0, line.text.len());
            add_piece(&mut b, next, 0, next.text.len());
            let p = b.build();
            let c = re.captures(&p.text)?;
            self.close();
            self.take_date(&p, &c);
            self.head.formal = true;
            return Some(i + 2);
        }
        None
    }

    pub(super) fn take_date(&mut self, p: &Passage, c: &regex::Captures<'_>) {
        if let Some(m) = c.name("place") {
            self.head.place = Field::of(p, m.start(), m.end(), "place_and_date", 0.95);
        }
        let get = |n: &str| c.name(n).map_or("", |m| m.as_str());
        let (d, m, y) =
            (get("d").parse::<u32>().ok(), get("m").parse::<u32>().ok(), get("y").parse::<i32>().ok());
        let Some(iso) = partial_date(y, m, d) else { return };
        if let (Some(whole), Some(place)) = (c.get(0), c.name("place")) {
            self.head.date = Field::of(p, place.end(), whole.end(), "place_and_date", 0.95).map(|mut f| {
                f.text = iso;
                f
            });
        }
    }

    /// A number that holds more than digits and a letter behind them was written by hand and read as scraps: it is left
    /// out, as where the clerk has left it blank.
    pub(super) fn blank_scraps(&mut self) {
        let Some(symbol) = &mut self.head.symbol else { return };
        // What the clerk left blank may hold a line to write on: "-/BC-AB".
        let blank = symbol.text.trim_start_matches(['-', '–', '—', '.', '_']);
        if blank.starts_with('/') && blank.len() < symbol.text.len() {
            symbol.text = blank.to_owned();
        }
        // The Party puts the type first: 12-KH/HU.
        let Some(at) = symbol.text.find(['/', '-']) else { return };
        let (number, rest) = symbol.text.split_at(at);
        let tail = number.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = tail.len() < number.len();
        let mixed = number.chars().any(|c| !c.is_alphabetic());
        if mixed && !(digits && tail.chars().count() <= 1 && tail.chars().all(char::is_lowercase)) {
            symbol.text = rest.to_owned();
            symbol.rule = "unread_number";
            symbol.confidence = symbol.confidence.min(0.3);
        }
    }

    /// A kind in the symbol that differs from that of the title in one letter of like shape was misread: 3/CP-AB of a
    /// CÔNG ĐIỆN is 3/CĐ-AB. Another kind than the title's (HĐ for HD) differs in the stroke of its Đ alone.
    pub(super) fn mend_kind(&mut self) {
        let Some(kind) = self.head.kind.and_then(|k| DATA.kinds.get(k)) else { return };
        let Some(symbol) = &mut self.head.symbol else { return };
        let Some((number, ending)) = symbol.text.rsplit_once('/') else { return };
        let Some((read, body)) = ending.split_once('-').filter(|(read, _)| *read != kind.code) else {
            return;
        };
        let apart: Vec<(char, char)> = read.chars().zip(kind.code.chars()).filter(|(a, b)| a != b).collect();
        let known = DATA.kinds.iter().any(|k| k.code == read);
        let alike = match apart[..] {
            [('D', 'Đ') | ('Đ', 'D')] => true,
            [('P' | 'B' | 'O' | 'Q', 'D' | 'Đ')] => !known,
            _ => false,
        };
        if alike && read.chars().count() == kind.code.chars().count() {
            symbol.text = format!("{number}/{}-{body}", kind.code);
            symbol.how = How::Inferred;
            symbol.rule = "kind_from_type";
            symbol.confidence = symbol.confidence.min(0.6);
        }
    }

    /// A year in the symbol of which a digit was lost (12/206/TT-AB) is that of the date, if it can be; else it is left out.
    pub(super) fn mend_year(&mut self) {
        let Some(symbol) = &mut self.head.symbol else { return };
        let groups: Vec<&str> = symbol.text.split('/').collect();
        let [number, read, ending] = groups[..] else { return };
        if read.len() != 3 || !read.bytes().all(|b| b.is_ascii_digit()) {
            return;
        }
        let year = self.head.date.as_ref().and_then(|d| d.text.get(..4));
        let lost_one = |year: &str| {
            let mut rest = year.chars();
            read.chars().all(|digit| rest.any(|c| c == digit))
        };
        symbol.text = match year.filter(|year| lost_one(year)) {
            Some(year) => format!("{number}/{year}/{ending}"),
            None => format!("{number}/{ending}"),
        };
        symbol.how = How::Inferred;
        symbol.rule = "year_from_date";
        symbol.confidence = symbol.confidence.min(0.6);
    }
}
