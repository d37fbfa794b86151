//! How often: "hằng tuần", "định kỳ quý, 6 tháng, năm", "trước ngày 15 hằng tháng", "trong tháng 4 hằng năm".

use crate::data::DATA;
use crate::deadline_patterns::{Patterns, frequency, number};
use crate::deadlines::{Reader, due};
use vanthu_model::DeadlineKind;

impl Reader<'_> {
    /// "trước ngày 15 hằng tháng", "trước ngày 01/6 và 15/11 hằng năm".
    pub(crate) fn repeated_days(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.repeated_day.captures_iter(low) {
            let (Some(m), Some(list), Some(unit)) = (c.get(0), c.name("list"), c.name("u")) else { continue };
            let days: Vec<(u32, Option<u32>)> = list
                .as_str()
                .replace(" tháng ", "/")
                .split(|c: char| !(c.is_ascii_digit() || c == '/'))
                .filter(|s| !s.is_empty())
                .filter_map(|s| {
                    let mut n = s.split('/').map(|n| n.parse::<u32>().ok());
                    Some((n.next()??, n.next().flatten()))
                })
                .collect();
            let mut at = m.start();
            let count = days.len();
            for (i, (day, month)) in days.into_iter().enumerate() {
                let rule = match (unit.as_str(), month) {
                    (_, Some(month)) => format!("FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"),
                    ("tháng", None) => format!("FREQ=MONTHLY;BYMONTHDAY={day}"),
                    ("quý" | "tháng cuối quý", None) => {
                        format!("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY={day}")
                    }
                    _ => "FREQ=YEARLY".to_owned(),
                };
                // Several days of one phrase part it between them.
                let end =
                    if i + 1 == count { m.end() } else { (at + (m.end() - m.start()) / count).min(m.end()) };
                let end = (at..=end)
                    .rev()
                    .find(|e| {
                        low.is_char_boundary(*e)
                            && (*e == m.end() || low.get(*e..).is_some_and(|t| t.starts_with(' ')))
                    })
                    .unwrap_or(m.end());
                let piece = low.get(at..end).unwrap_or("");
                let lead = piece.len() - piece.trim_start_matches([' ', ',']).trim_start_matches("và ").len();
                let mut d = due(at + lead, end, DeadlineKind::Recurring, "day_of_each");
                d.rrule = Some(rule);
                d.inclusive = Some(!m.as_str().starts_with("trước"));
                self.push(d);
                at = end;
            }
        }
    }

    pub(crate) fn repeated_months(&mut self, re: &Patterns) {
        let low = self.low;
        for c in re.repeated_month.captures_iter(low) {
            let (Some(m), Some(month)) = (c.get(0), number(&c, "m").filter(|m| (1..=12).contains(m))) else {
                continue;
            };
            let mut d = due(m.start(), m.end(), DeadlineKind::Recurring, "month_of_each_year");
            d.rrule = Some(format!("FREQ=YEARLY;BYMONTH={month}"));
            self.push(d);
        }
    }

    pub(crate) fn repetitions(&mut self, re: &Patterns) {
        let low = self.low;
        for m in re.rounds.find_iter(low) {
            let t = m.as_str();
            let rule = if t.contains("quý") || t.contains("3 tháng") {
                "FREQ=MONTHLY;INTERVAL=3"
            } else if t.contains("6 tháng") || t.contains("sáu tháng") {
                "FREQ=MONTHLY;INTERVAL=6"
            } else if t.contains("ba tháng") {
                "FREQ=MONTHLY;INTERVAL=3"
            } else if t.contains("tuần") {
                "FREQ=WEEKLY"
            } else if t.contains("tháng") {
                "FREQ=MONTHLY"
            } else {
                "FREQ=YEARLY"
            };
            let bracket = t.contains('(') || t.contains("/lần") || t.contains("một lần") || !t.contains(',');
            if bracket {
                if t.trim_end().ends_with("năm")
                    && !self.whole_words(m.start(), m.start() + t.trim_end().len())
                {
                    continue;
                }
                let mut d = due(m.start(), m.end(), DeadlineKind::Recurring, "rounds");
                d.rrule = Some(rule.into());
                self.push(d);
                continue;
            }
            // "định kỳ quý, 6 tháng, năm": each its own rule.
            self.series(m.start(), m.end());
        }
        for c in re.repeated.captures_iter(low) {
            let (Some(m), Some(u)) = (c.get(0), c.name("u")) else { continue };
            if !self.whole_words(m.start(), m.end())
                || !self.says_how_often(
                    m.start(),
                    m.end(),
                    c.name("dk").is_some() || c.name("wd").is_some() || c.name("sun").is_some(),
                )
            {
                continue;
            }
            let mut d = due(m.start(), m.end(), DeadlineKind::Recurring, "each");
            // "thứ Ba, thứ Năm hằng tuần": all the days named.
            let last = c.name("wd").or(c.name("sun")).map(|w| w.as_str());
            let more = c.name("more").map_or("", |w| w.as_str()).split("thứ ").skip(1);
            let named = more.filter_map(|w| w.split([' ', ',']).next()).chain(last).map(weekday);
            let day = named.collect::<Vec<_>>().join(",");
            d.rrule = Some(match day.as_str() {
                "" => frequency(u.as_str()).to_owned(),
                day => format!("{};BYDAY={day}", frequency(u.as_str())),
            });
            self.push(d);
            // "hàng quý, 6 tháng, hàng năm": the one in the middle has no "hàng".
            let rest = low.get(m.end()..).unwrap_or("");
            for (t, rule) in [
                (", 6 tháng", "FREQ=MONTHLY;INTERVAL=6"),
                (", 06 tháng", "FREQ=MONTHLY;INTERVAL=6"),
                (", 6 tháng, năm", "FREQ=YEARLY"),
                (", 06 tháng, năm", "FREQ=YEARLY"),
                (", năm", "FREQ=YEARLY"),
                (", quý", "FREQ=MONTHLY;INTERVAL=3"),
                (", quý, năm", "FREQ=YEARLY"),
            ] {
                if rest.starts_with(t) {
                    let last = t.rfind(", ").map_or(0, |i| i + 2);
                    let mut d = due(m.end() + last, m.end() + t.len(), DeadlineKind::Recurring, "each");
                    d.rrule = Some(rule.into());
                    self.push(d);
                }
            }
        }
    }

    fn series(&mut self, from: usize, to: usize) {
        let text = self.low.get(from..to).unwrap_or("");
        let mut at = from;
        for part in text.split(',') {
            let core = part.trim().trim_start_matches("định kỳ ").trim();
            let rule = match core {
                c if c.contains("quý") || c.contains("3 tháng") => "FREQ=MONTHLY;INTERVAL=3",
                c if c.contains("6 tháng") => "FREQ=MONTHLY;INTERVAL=6",
                c if c.contains("tháng") => "FREQ=MONTHLY",
                c if c.contains("năm") => "FREQ=YEARLY",
                c if c.contains("tuần") => "FREQ=WEEKLY",
                _ => "",
            };
            let lead = part.len() - part.trim_start().len();
            if !rule.is_empty() {
                let mut d = due(at + lead, at + part.len(), DeadlineKind::Recurring, "rounds");
                d.rrule = Some(rule.into());
                self.push(d);
            }
            at += part.len() + 1;
        }
    }

    /// Whether "hàng năm" at `a..b` says how often the ordered action is done, not what kind of thing is meant.
    fn says_how_often(&self, a: usize, b: usize, fixed: bool) -> bool {
        if fixed || self.attribute() {
            return true;
        }
        let before = self.before(a).trim_end();
        let opens = before.is_empty() || before.ends_with([',', ';', ':', '.', '(']);
        let after = self.low.get(b..).unwrap_or("");
        let listed = self.out.last().is_some_and(|d| {
            d.kind == DeadlineKind::Recurring
                && d.end <= a + self.from
                && self
                    .low
                    .get((d.end - self.from).min(a)..a)
                    .is_some_and(|g| matches!(g.trim(), "," | "và" | "và hoặc" | "hoặc" | ""))
        });
        let clause = self.clause_before(a);
        // "đang hưởng trợ cấp hằng tháng"
        if clause.contains("hưởng ") {
            return false;
        }
        let of_noun = DATA.list("yearly_noun");
        let noun = of_noun.iter().any(|n| before.ends_with(n));
        let reports =
            ["báo cáo", "rà soát", "tổng hợp", "công bố", "đánh giá"].iter().any(|v| clause.contains(v));
        let verb_follows =
            DATA.list("repeated_verb").iter().any(|v| after.trim_start_matches([' ', ',']).starts_with(v));
        let adverb = ["định kỳ", "thường xuyên", "báo cáo", "giờ"].iter().any(|w| before.ends_with(w));
        // "... đăng tải lên trang thông tin hằng tuần.": the last words of an order say how often it is done. "Hằng
        // năm" there mostly describes the noun before it.
        let ends = after.trim_start().is_empty() || after.starts_with([',', ';', '.', '/']);
        // but "mỗi năm" there says how often.
        let yearly = self.low.get(a..b).is_some_and(|w| w.ends_with("năm") && !w.contains("mỗi"));
        let last = ends && !noun && !yearly;
        last || opens || listed || verb_follows && !noun || adverb || reports && !noun
    }
}

/// The RFC 5545 name of a day of the week: "hai" in "thứ Hai".
fn weekday(name: &str) -> &'static str {
    match name {
        "hai" => "MO",
        "ba" => "TU",
        "tư" => "WE",
        "năm" => "TH",
        "sáu" => "FR",
        "bảy" => "SA",
        _ => "SU",
    }
}

#[cfg(test)]
mod tests {
    use crate::dates::Anchor;
    use crate::deadlines::{Setting, read};
    use crate::passage::Builder;

    fn rules(text: &str) -> Vec<String> {
        let mut b = Builder::default();
        b.line(text, 0, false, false);
        let p = b.build();
        read(&p, 0, p.text.len(), Setting::Sentence, Anchor::of("2025-11-25"))
            .into_iter()
            .filter_map(|d| d.rrule)
            .collect()
    }

    #[test]
    fn days_and_months_of_each_year() {
        assert_eq!(
            rules("Nộp sổ trước ngày 20 tháng 11 hằng năm."),
            ["FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20"]
        );
        assert_eq!(rules("Tổ chức hội thi trong tháng 9 hằng năm."), ["FREQ=YEARLY;BYMONTH=9"]);
        assert_eq!(rules("Phát bản tin vào thứ Ba, thứ Năm hằng tuần."), ["FREQ=WEEKLY;BYDAY=TU,TH"]);
    }

    #[test]
    fn the_last_words_tell_how_often_and_nouns_do_not() {
        assert_eq!(rules("Đăng lịch trực lên trang thông tin hằng tuần."), ["FREQ=WEEKLY"]);
        assert_eq!(rules("Thông báo mực nước trước 17 giờ hằng ngày."), ["FREQ=DAILY"]);
        assert!(rules("Cân đối trong dự toán ngân sách hằng năm.").is_empty());
        assert!(rules("Bảo đảm nước cho sinh hoạt hằng ngày.").is_empty());
    }
}
