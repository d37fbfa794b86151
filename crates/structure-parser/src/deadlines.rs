//! By when: days, months, quarters, years, periods, rules of repetition, events.

use crate::data::DATA;
use crate::dates::{self, Anchor};
use crate::deadline_patterns::{PATTERNS, Patterns, number};
use crate::passage::Passage;
use std::collections::BTreeMap;
use vanthu_model::DeadlineKind;

/// A deadline in a passage.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Which of the fields below apply.
    pub kind: DeadlineKind,
    /// Last day.
    pub date: Option<String>,
    /// First and last day of a period.
    pub period: (Option<String>, Option<String>),
    /// RFC 5545 rule.
    pub rrule: Option<String>,
    /// Whether the named day itself is in.
    pub inclusive: Option<bool>,
    /// Whether the year was taken from the document's date.
    pub inferred_year: bool,
    /// Name of the rule.
    pub rule: &'static str,
    /// 0 to 1.
    pub confidence: f32,
}

/// What the text around a deadline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// A sentence: only words that set a limit count.
    Sentence,
    /// "Thời gian thực hiện: ..." or a table cell: all of it says when.
    Attribute,
}

/// The deadlines of bytes `from..to` of `p`, in order.
pub fn read(p: &Passage, from: usize, to: usize, setting: Setting, anchor: Anchor) -> Vec<Due> {
    let Some(re) = PATTERNS.as_ref() else { return Vec::new() };
    if let Some(mended) = p.mended(from, to) {
        let mut found = read_in(re, &mended.text, 0, setting, anchor);
        for d in &mut found {
            (d.start, d.end) = (mended.place(d.start), mended.place(d.end));
        }
        return found;
    }
    read_in(re, p.low_slice(from, to), from, setting, anchor)
}

/// The deadlines of `low`, the lower-case text of a passage from byte `from` on.
fn read_in(re: &Patterns, low: &str, from: usize, setting: Setting, anchor: Anchor) -> Vec<Due> {
    if !low.bytes().any(|b| b.is_ascii_digit())
        && ![
            "hàng",
            "hằng",
            "ngay",
            "sau khi",
            "định kỳ",
            "tiến độ",
            "mỗi",
            "cuối năm",
            "quý",
            "kỳ họp",
            "một lần",
        ]
        .iter()
        .any(|w| low.contains(w))
    {
        return Vec::new();
    }
    let mut r = Reader { low, from, setting, anchor, out: Vec::new(), places: BTreeMap::new() };
    // Each pattern only where a word stands that it cannot do without.
    let has = |word: &str| low.contains(word);
    let digits = low.bytes().any(|b| b.is_ascii_digit());
    let month = has("tháng");
    let each = has("hàng") || has("hằng") || has("mỗi");
    if digits && (each || has("của ")) {
        r.repeated_days(re);
    }
    if digits && month && each {
        r.repeated_months(re);
    }
    if digits && has("từ ") {
        r.day_ranges(re);
    }
    if digits && month {
        r.month_ranges(re);
    }
    if digits && (month || low.contains(['/', '.'])) {
        r.days(re);
    }
    if digits && month {
        r.months(re);
    }
    if has("quý") || has("quí") {
        r.quarters(re);
    }
    if digits && (has("giai đoạn") || has("từ năm")) {
        r.spans(re);
    }
    if digits && has("năm ") {
        r.years(re);
    }
    if each || month || has("định kỳ") {
        r.repetitions(re);
    }
    r.events(re);
    if setting == Setting::Attribute {
        // "Theo tiến độ của Luật ... 2025": the year is the law's.
        if !["theo ", "sau khi ", "ngay "].iter().any(|w| low.trim_start().starts_with(w)) {
            r.bare_months(re);
            r.bare_years(re);
        }
        r.whole();
    }
    r.out.sort_by_key(|d| d.start);
    r.out
}

/// What reads a passage's deadlines; repetitions are read in [`repetitions`](crate::repetitions).
pub(crate) struct Reader<'p> {
    pub(crate) low: &'p str,
    pub(crate) from: usize,
    setting: Setting,
    anchor: Anchor,
    pub(crate) out: Vec<Due>,
    /// Where deadlines stand, by first byte.
    places: BTreeMap<usize, usize>,
}

pub(crate) fn due(start: usize, end: usize, kind: DeadlineKind, rule: &'static str) -> Due {
    Due {
        start,
        end,
        kind,
        date: None,
        period: (None, None),
        rrule: None,
        inclusive: None,
        inferred_year: false,
        rule,
        confidence: 0.95,
    }
}

impl Reader<'_> {
    /// Adds a deadline found at `a..b` of the text read, unless its place is taken.
    pub(crate) fn push(&mut self, mut d: Due) {
        let text = self.low.get(d.start..d.end).unwrap_or("");
        d.end -= text.len() - text.trim_end_matches([' ', ',', '.', ';']).len();
        if !self.attribute() {
            // The verb is the order's, the limit begins after it.
            let lead =
                ["báo cáo ", "hoàn thành ", "xong "].iter().fold(text, |t, w| t.strip_prefix(w).unwrap_or(t));
            d.start += text.len() - lead.len();
        }
        d.start += self.from;
        d.end += self.from;
        let clash = self.places.range(..d.end).next_back().is_some_and(|(_, end)| *end > d.start);
        if !clash {
            self.places.insert(d.start, d.end);
            self.out.push(d);
        }
    }

    /// Whether a match stands on its own: no letter or digit runs into it.
    pub(crate) fn whole_words(&self, a: usize, b: usize) -> bool {
        let before = self.low.get(..a).and_then(|t| t.chars().next_back());
        let after = self.low.get(b..).and_then(|t| t.chars().next());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '/' || c == '.')
            && !after.is_some_and(|c| c.is_alphanumeric() || c == '/')
    }

    pub(crate) fn attribute(&self) -> bool {
        self.setting == Setting::Attribute
    }

    pub(crate) fn before(&self, a: usize) -> &str {
        self.low.get(..a).unwrap_or("")
    }

    /// The words from the last comma, semicolon or full stop up to `a`.
    pub(crate) fn clause_before(&self, a: usize) -> &str {
        let before = self.before(a);
        before.rsplit([',', ';', ':']).next().unwrap_or("").rsplit(". ").next().unwrap_or("")
    }

    fn days(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.day.captures_iter(low) {
            let Some(m) = c.get(0) else { continue };
            let pre = c.name("pre").map_or("", |m| m.as_str());
            let num = |a: &str, b: &str| c.name(a).or(c.name(b)).and_then(|m| m.as_str().parse::<u32>().ok());
            let (Some(day), Some(month)) = (num("d", "d2"), num("m", "m2")) else { continue };
            let limit = pre.contains("trước")
                || pre.contains("nhất")
                || pre.contains("hết")
                || pre.starts_with("đến")
                || pre.contains("xong")
                || pre.contains("không quá");
            let limit = limit
                || pre.starts_with("trong ")
                || pre.starts_with("vào ") && self.clause_before(m.start()).contains("hoàn thành");
            let from = pre.starts_with("từ") || pre.starts_with("kể từ");
            if from || !(limit || self.attribute()) || !self.whole_words(m.start(), m.end()) {
                continue;
            }
            // "12/29 nhiệm vụ": without "ngày" or a year only a limit word makes it a date.
            let year = num("y", "y2").map(|y| y as i32);
            if c.name("ngay").is_none()
                && year.is_none()
                && !(limit && c.name("m").is_some())
                && c.name("d2").is_none()
            {
                continue;
            }
            // "người hoạt động trước ngày 01/01/1945": long past, it limits nothing.
            if !self.attribute() && year.zip(self.anchor.year).is_some_and(|(y, now)| y + 1 < now) {
                continue;
            }
            let used = year.or_else(|| self.anchor.year_for(month, day));
            let mut d = due(m.start(), m.end(), DeadlineKind::Date, "limit_day");
            d.inferred_year = year.is_none();
            d.date = used.and_then(|y| dates::iso(y, month, day));
            d.inclusive = (!pre.is_empty()).then_some(!pre.contains("trước"));
            if d.date.is_none() {
                if used.is_none() {
                    d.kind = DeadlineKind::Event;
                    d.rule = "limit_day_without_year";
                    d.confidence = 0.6;
                } else {
                    continue;
                }
            }
            if d.inferred_year {
                d.confidence = 0.8;
            }
            self.push(d);
        }
    }

    /// "từ ngày 28/4 đến ngày 03/5/2026"; the year may stand at the end only, or be the document's.
    fn day_ranges(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.day_range.captures_iter(low) {
            let (Some(m), Some(d), Some(mo)) = (c.get(0), number(&c, "d"), number(&c, "m")) else { continue };
            let (Some(e), Some(n)) = (number(&c, "e"), number(&c, "n")) else { continue };
            if !self.whole_words(m.start(), m.end()) || !self.attribute() && self.tells_past(m.start()) {
                continue;
            }
            let last = number(&c, "z").map(|y| y as i32).or_else(|| self.anchor.year_for(n, e));
            let first = number(&c, "y")
                .map(|y| y as i32)
                .or_else(|| last.map(|y| if (mo, d) > (n, e) { y - 1 } else { y }));
            let mut due = due(m.start(), m.end(), DeadlineKind::Period, "days_from_to");
            due.inferred_year = c.name("z").is_none();
            due.period = (first.and_then(|y| dates::iso(y, mo, d)), last.and_then(|y| dates::iso(y, n, e)));
            if due.period.0.is_some() && due.period.1.is_some() {
                self.push(due);
            }
        }
    }

    /// "từ tháng 3 đến tháng 6/2026"; in a cell "tháng 6 - 8/2026".
    fn month_ranges(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.month_range.captures_iter(low) {
            let (Some(m), Some(a), Some(b)) = (c.get(0), number(&c, "m"), number(&c, "n")) else { continue };
            let Some(last) = number(&c, "z").map(|y| y as i32) else { continue };
            if !(self.attribute() || c.name("pre").is_some() && !self.tells_past(m.start()))
                || !self.whole_words(m.start(), m.end())
            {
                continue;
            }
            let first = number(&c, "y").map_or(if a > b { last - 1 } else { last }, |y| y as i32);
            let mut due = due(m.start(), m.end(), DeadlineKind::Period, "months_from_to");
            due.period = (dates::iso(first, a, 1), dates::month_end(last, b));
            if due.period.0.is_some() && due.period.1.is_some() {
                self.push(due);
            }
        }
    }

    /// Whether the clause before byte `at` tells what was done.
    fn tells_past(&self, at: usize) -> bool {
        self.clause_before(at).contains("đã ") || self.clause_before(at).contains("số liệu")
    }

    fn months(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.month.captures_iter(low) {
            let (Some(m), Some(month), Some(year)) = (c.get(0), number(&c, "m"), number(&c, "y")) else {
                continue;
            };
            let pre = c.name("pre").map_or("", |m| m.as_str());
            if !(self.attribute() || !pre.is_empty() && !pre.starts_with("từ"))
                || !self.whole_words(m.start(), m.end())
            {
                continue;
            }
            // "trong tháng", "trước tháng" limit the order even after a programme's name.
            let limits =
                ["trong ", "trước ", "chậm nhất", "hoàn thành", "xong"].iter().any(|w| pre.starts_with(w));
            if !self.attribute() && !limits && self.in_background(m.start()) {
                continue;
            }
            let mut d = due(m.start(), m.end(), DeadlineKind::Date, "limit_month");
            d.date = dates::month_end(year as i32, month);
            d.inclusive = Some(!pre.contains("trước"));
            if d.date.is_some() {
                self.push(d);
            }
        }
    }

    fn quarters(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.quarter.captures_iter(low) {
            let (Some(m), Some(q)) = (c.get(0), c.name("q")) else { continue };
            let count = |q: &str| match q {
                "i" | "1" => 1,
                // Fax pages give "II" as "11": no year has eleven quarters.
                "ii" | "11" | "2" => 2,
                "iii" | "111" | "3" => 3,
                _ => 4,
            };
            let q = count(q.as_str());
            let pre = c.name("pre").map_or("", |m| m.as_str());
            let year = number(&c, "y").map(|y| y as i32);
            let limited = !pre.is_empty() && !pre.starts_with("từ");
            if !(self.attribute() || limited)
                || !self.whole_words(m.start(), m.end())
                || year.is_none() && !limited && !self.attribute()
            {
                continue;
            }
            let Some(y) = year.or_else(|| self.anchor.year_for_quarter(q)) else { continue };
            let Some((start, end)) = dates::quarter(y, q) else { continue };
            let mut d = due(m.start(), m.end(), DeadlineKind::Date, "limit_quarter");
            d.inferred_year = year.is_none();
            // "quý II - III/2026"
            let last = c.name("q2").and_then(|l| dates::quarter(y, count(l.as_str())));
            if let Some((_, last)) = last {
                d.kind = DeadlineKind::Period;
                d.period = (Some(start), Some(last));
            } else if c.name("on").is_some() {
                d.kind = DeadlineKind::Period;
                d.period = (Some(start), None);
            } else {
                d.date = Some(end);
            }
            self.push(d);
        }
    }

    fn spans(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.span_years.captures_iter(low) {
            let (Some(m), Some(a), Some(b)) = (c.get(0), number(&c, "a"), number(&c, "b")) else { continue };
            // Inside a sentence a stretch of years mostly belongs to a programme's name.
            let leading = self.clause_before(m.start()).trim().is_empty();
            let limits = c.name("pre").is_some() && (leading || !self.in_background(m.start()));
            if !(self.attribute() || limits) || a > b {
                continue;
            }
            let mut d = due(m.start(), m.end(), DeadlineKind::Period, "years");
            d.period = (dates::iso(a as i32, 1, 1), dates::iso(b as i32, 12, 31));
            self.push(d);
        }
    }

    /// Whether the clause before speaks of a programme's name or of what is past.
    fn in_background(&self, at: usize) -> bool {
        let clause = self.clause_before(at);
        let names = DATA.list("background");
        clause.contains('“') && !clause.contains('”')
            || names.iter().any(|n| clause.contains(n))
            || clause.contains(" đã ")
    }

    fn years(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.year.captures_iter(low) {
            let (Some(m), Some(year)) = (c.get(0), number(&c, "y")) else { continue };
            let pre = c.name("pre").map_or("", |m| m.as_str());
            if !self.whole_words(m.start(), m.end()) || pre.starts_with("từ") {
                continue;
            }
            let leading = self.clause_before(m.start()).trim().is_empty();
            // "... kế hoạch để thực hiện trong năm 2026": the verb right before makes it the order's own.
            let clause = self.clause_before(m.start()).trim_end();
            let done = pre.starts_with("trong")
                && ["hoàn thành", "thực hiện", "triển khai", "xong"].iter().any(|w| clause.ends_with(w))
                && !clause.contains(" đã ")
                && !clause.contains("đối với")
                && !clause.contains('“');
            if !self.attribute() && !leading && !done && self.in_background(m.start()) {
                continue;
            }
            // "trong năm 2025" tells of what is told elsewhere; the order's own words are "hoàn thành trong năm".
            let own = leading
                || ["hoàn thành", "thực hiện", "xong", "trình", "ban hành", "triển khai"]
                    .iter()
                    .any(|w| self.clause_before(m.start()).contains(w))
                || low.get(m.end()..).is_some_and(|r| r.trim_start().starts_with("hoàn thành"))
                || pre.starts_with("hoàn thành")
                || pre.starts_with("xong");
            // At the end of the order "trong năm" limits it, where the year is not past.
            let ends =
                low.get(m.end()..).is_some_and(|r| r.trim_start_matches(['.', '/', ';', ')']).is_empty())
                    && (pre.starts_with("trong") || pre.starts_with("vào"))
                    && self.anchor.year.is_none_or(|y| y <= year as i32);
            if !self.attribute() && !own && !ends {
                continue;
            }
            let mut d = due(m.start(), m.end(), DeadlineKind::Date, "limit_year");
            if c.name("on").is_some() {
                d.kind = DeadlineKind::Period;
                d.period = (dates::iso(year as i32, 1, 1), None);
            } else {
                d.date = dates::iso(year as i32, 12, 31);
            }
            d.confidence = 0.8;
            self.push(d);
        }
    }

    fn events(&mut self, re: &Patterns) {
        let low = self.low;
        if self.attribute() {
            return;
        }
        let has = |word: &str| low.contains(word);
        let counted = low.bytes().any(|b| b.is_ascii_digit())
            && (has("từ ") || has("chậm nhất") || has("muộn nhất") || has("trong "));
        for m in re.within.find_iter(if counted { low } else { "" }) {
            if !self.whole_words(m.start(), m.start() + 1) && !self.whole_words(m.start(), m.end()) {
                continue;
            }
            // "... kể từ ngày nhận phải hoàn thiện": the order goes on.
            let end = m.as_str().find(" phải ").map_or(m.end(), |at| m.start() + at);
            let mut d = due(m.start(), end, DeadlineKind::Event, "within_of_event");
            d.confidence = 0.85;
            self.push(d);
        }
        let told = has("ngay") || has("kỳ họp") || has("trước ");
        for m in re.event.find_iter(if told { low } else { "" }) {
            let t = m.as_str();
            let before = self.before(m.start());
            if before.ends_with(char::is_alphanumeric) {
                continue;
            }
            // A plain "sau khi" tells an order of things; only "ngay sau khi" presses.
            let presses =
                t.starts_with("ngay") && !t.starts_with("ngay sau đây") && !t.starts_with("ngay sau ngày");
            if !presses && !t.starts_with("tại ") && !t.starts_with("trước ") {
                continue;
            }
            let mut d = due(m.start(), m.end(), DeadlineKind::Event, "event");
            d.confidence = 0.75;
            self.push(d);
        }
    }

    fn bare_months(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.bare_month.captures_iter(low) {
            let (Some(m), Some(month), Some(year)) = (c.get(0), number(&c, "m"), number(&c, "y")) else {
                continue;
            };
            let mut d = due(m.start(), m.end(), DeadlineKind::Date, "month_alone");
            d.date = dates::month_end(year as i32, month);
            if d.date.is_some() && self.whole_words(m.start(), m.end()) {
                self.push(d);
            }
        }
    }

    fn bare_years(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.bare_year.captures_iter(low) {
            let (Some(m), Some(y)) = (c.get(0), number(&c, "y")) else { continue };
            if !self.whole_words(m.start(), m.end()) {
                continue;
            }
            let mut d = due(m.start(), m.end(), DeadlineKind::Date, "year_alone");
            match (number(&c, "b"), c.name("on")) {
                (Some(b), _) => {
                    d.kind = DeadlineKind::Period;
                    d.period = (dates::iso(y as i32, 1, 1), dates::iso(b as i32, 12, 31));
                }
                (None, Some(_)) => {
                    d.kind = DeadlineKind::Period;
                    d.period = (dates::iso(y as i32, 1, 1), None);
                }
                (None, None) => d.date = dates::iso(y as i32, 12, 31),
            }
            self.push(d);
        }
    }

    /// An attribute that names no date is an event, but for words that set none.
    fn whole(&mut self) {
        let text = self.low.trim().trim_end_matches(['.', ';', ',']);
        let vague = DATA.list("vague_time");
        if !self.out.is_empty() || text.len() < 4 || vague.iter().any(|v| text.starts_with(v)) {
            return;
        }
        let lead = self.low.len() - self.low.trim_start().len();
        let mut d = due(lead, lead + text.len(), DeadlineKind::Event, "event_attribute");
        d.confidence = 0.8;
        self.push(d);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::Builder;

    fn all(text: &str, setting: Setting) -> Vec<(String, String)> {
        let mut b = Builder::default();
        b.line(text, 0, false, false);
        let p = b.build();
        read(&p, 0, p.text.len(), setting, Anchor::of("2025-11-25"))
            .into_iter()
            .map(|d| {
                let value = d.date.or(d.rrule).unwrap_or_else(|| format!("{:?}", d.period));
                (p.slice(d.start, d.end).to_owned(), value)
            })
            .collect()
    }

    fn one(text: &str) -> (String, String) {
        let all = all(text, Setting::Sentence);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        all[0].clone()
    }

    #[test]
    fn last_days() {
        assert_eq!(one("hoàn thành xong trước ngày 05 tháng 12 năm 2025.").1, "2025-12-05");
        assert_eq!(one("báo cáo chậm nhất 30/6/2026;").1, "2026-06-30");
        assert_eq!(one("gửi trước ngày 10/3").1, "2026-03-10");
        assert_eq!(one("hoàn thành trong tháng 12 năm 2025").1, "2025-12-31");
        assert_eq!(one("hoàn thành trong quý II/2026").1, "2026-06-30");
        assert_eq!(one("hoàn thành trong quý 11/2026").1, "2026-06-30");
        assert_eq!(one("Đến năm 2030, xây dựng").1, "2030-12-31");
    }

    #[test]
    fn repetition() {
        assert_eq!(
            one("Định kỳ hàng tháng đăng tải danh mục"),
            ("Định kỳ hàng tháng".into(), "FREQ=MONTHLY".into())
        );
        assert_eq!(one("báo cáo trước ngày 15 hằng tháng").1, "FREQ=MONTHLY;BYMONTHDAY=15");
        let rules: Vec<String> = all("Định kỳ hàng quý, 6 tháng, hàng năm báo cáo", Setting::Sentence)
            .into_iter()
            .map(|d| d.1)
            .collect();
        assert_eq!(rules, ["FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6", "FREQ=YEARLY"]);
        assert!(all("trích từ ngân sách hằng năm", Setting::Sentence).is_empty());
    }

    #[test]
    fn attributes() {
        let a = |t: &str| all(t, Setting::Attribute).remove(0).1;
        assert_eq!(a("Quý IV năm 2025 và các năm tiếp theo."), "(Some(\"2025-10-01\"), None)");
        assert_eq!(a("Năm 2026 và các năm tiếp theo"), "(Some(\"2026-01-01\"), None)");
        assert_eq!(a("2025-2030"), "(Some(\"2025-01-01\"), Some(\"2030-12-31\"))");
        assert!(all("Thường xuyên", Setting::Attribute).is_empty());
        assert_eq!(all("Theo tiến độ chung.", Setting::Attribute)[0].0, "Theo tiến độ chung");
    }

    #[test]
    fn dates_that_set_no_limit() {
        for t in [
            "áp dụng từ ngày 01/7/2025",
            "theo Kế hoạch ngày 12/6/2025",
            "Chương trình giai đoạn 2021-2030",
            "sau khi được sửa chữa",
        ] {
            assert!(all(t, Setting::Sentence).is_empty(), "{t}");
        }
    }
}
