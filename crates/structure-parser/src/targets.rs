//! Measurable aims: comparator, value or range, unit, direction, baseline, indicator.

use crate::data::DATA;
use crate::dates;
use crate::passage::Passage;
use crate::roles;
use crate::target_patterns::{
    AMOUNT, BASELINE, BY, CHANGE, COUNT, LIMIT, MADE, MONEY, PERCENT, TITLE_YEAR, TRIED,
};
use vanthu_model::{Comparator, Direction};

/// An aim in a passage.
#[derive(Debug, Clone, PartialEq)]
pub struct Aim {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What is measured.
    pub indicator: String,
    /// Reach, increase or decrease.
    pub direction: Direction,
    /// How the value compares.
    pub comparator: Comparator,
    /// The value or the lower end.
    pub value: f64,
    /// The upper end of a range.
    pub high: Option<f64>,
    /// "%", "tỷ đồng", ...
    pub unit: Option<String>,
    /// What it is compared with.
    pub baseline: Option<String>,
    /// ISO date.
    pub by: Option<String>,
    /// 0 to 1.
    pub confidence: f32,
}

/// The value of a number in Vietnamese form: "." parts thousands, "," decimals.
pub fn value(s: &str) -> Option<f64> {
    let whole = s.split(',').next().unwrap_or(s);
    let groups = whole.contains('.') && whole.split('.').skip(1).all(|g| g.len() == 3);
    let s = if groups { s.replace('.', "") } else { s.to_owned() };
    s.replace(',', ".").parse().ok()
}

/// What comes before a value, and how much of it belongs to the comparator.
fn comparator(before: &str, after: &str) -> (Comparator, usize) {
    let t = before.trim_end();
    let gap = before.len() - t.len();
    const BEFORE: &[(&str, Comparator)] = &[
        ("tối thiểu", Comparator::AtLeast),
        ("tối thiểu là", Comparator::AtLeast),
        ("ít nhất", Comparator::AtLeast),
        ("không dưới", Comparator::AtLeast),
        ("không thấp hơn", Comparator::AtLeast),
        ("≥", Comparator::AtLeast),
        (">=", Comparator::AtLeast),
        ("tối đa", Comparator::AtMost),
        ("không quá", Comparator::AtMost),
        ("không vượt quá", Comparator::AtMost),
        ("≤", Comparator::AtMost),
        ("<=", Comparator::AtMost),
        ("trên", Comparator::More),
        ("hơn", Comparator::More),
        (">", Comparator::More),
        ("dưới", Comparator::Less),
        ("<", Comparator::Less),
    ];
    if let Some((w, c)) = BEFORE.iter().filter(|(w, _)| t.ends_with(w)).max_by_key(|(w, _)| w.len()) {
        return (*c, w.len() + gap);
    }
    let tail = after.trim_start();
    if tail.starts_with("trở lên") {
        let from = if t.ends_with("từ") { "từ".len() + gap } else { 0 };
        return (Comparator::AtLeast, from);
    }
    // "từ 35% hợp tác xã trở lên"
    if t.ends_with(" từ") || t == "từ" {
        let reach = tail.find([',', ';', '.', '(', ':']).unwrap_or(tail.len());
        if tail.get(..reach).and_then(|c| c.find("trở lên")).is_some_and(|at| at < 90) {
            return (Comparator::AtLeast, "từ".len() + gap);
        }
    }
    if tail.starts_with("trở xuống") {
        return (Comparator::AtMost, 0);
    }
    (Comparator::Equal, 0)
}

/// Byte offsets where clauses part: semicolons, full stops, brackets.
fn boundary(c: char) -> bool {
    matches!(c, ';' | '(' | ')' | ':')
}

/// A value in the text: first byte, one past the last, lower end, upper end, and the unit's word with its end where
/// it is no per cent.
type Value = (usize, usize, f64, Option<f64>, Option<(String, usize)>);

/// The aims of bytes `from..to` of `p`. `horizon` is the date given for all of them, where a heading or the item's
/// opening words give one.
pub fn read(p: &Passage, from: usize, to: usize, in_aims: bool) -> Vec<Aim> {
    let low = p.low_slice(from, to);
    let mut out: Vec<Aim> = Vec::new();
    let mut horizon: Option<String> = None;
    let mut matches: Vec<Value> = Vec::new();
    let mut bases: Vec<(usize, usize)> = Vec::new();
    if low.contains('%') {
        for c in PERCENT.as_ref().into_iter().flat_map(|r| r.captures_iter(low)) {
            let (Some(m), Some(a)) = (c.get(0), c.name("a").and_then(|a| value(a.as_str()))) else {
                continue;
            };
            let before = low.get(..m.start()).unwrap_or("");
            if before.ends_with(|c: char| c.is_alphanumeric() || c == ',' || c == '.' || c == '/') {
                continue;
            }
            matches.push((m.start(), m.end(), a, c.name("b").and_then(|b| value(b.as_str())), None));
        }
    }
    if low.bytes().any(|b| b.is_ascii_digit()) {
        for c in COUNT.as_ref().into_iter().flat_map(|r| r.captures_iter(low)) {
            let (Some(a), Some(unit), Some(cmp)) = (c.name("a"), c.name("unit"), c.name("cmp")) else {
                continue;
            };
            let Some(v) = value(a.as_str()) else { continue };
            let end = c.name("b").map_or(a.end(), |b| b.end());
            let before = low.get(..cmp.start()).unwrap_or("");
            let sure = matches!(
                cmp.as_str(),
                "ít nhất"
                    | "tối thiểu"
                    | "không quá"
                    | "không vượt quá"
                    | "tối đa"
                    | "≥"
                    | "≤"
                    | "phấn đấu đạt"
                    | "phấn đấu có"
                    | "phủ sóng"
            );
            let rest = low.get(unit.start()..).unwrap_or("");
            let named = MONEY.as_ref().is_some_and(|r| r.is_match(rest));
            let date = matches!(unit.as_str(), "tháng" | "năm" | "quý")
                || rest.starts_with("ngày")
                    && !matches!(cmp.as_str(), "không quá" | "tối đa" | "tối thiểu" | "ít nhất");
            // "gửi trước cho đảng viên ít nhất 03 ngày": by when, no measure.
            let clause = before.rsplit([',', ';', ':', '.']).next().unwrap_or("");
            let date =
                date || clause.contains("trước ") && (rest.starts_with("ngày") || rest.starts_with("giờ"));
            if !before.ends_with(char::is_alphanumeric)
                && (sure || in_aims)
                && (named || sure && cmp.as_str() != "phủ sóng")
                && !date
                && !matches.iter().any(|m| m.0 <= end && a.start() < m.1)
            {
                matches.push((
                    a.start(),
                    end,
                    v,
                    c.name("b").and_then(|b| value(b.as_str())),
                    Some((unit.as_str().to_owned(), unit.end())),
                ));
            }
        }
        for c in MADE.as_ref().into_iter().chain(TRIED.as_ref()).flat_map(|r| r.captures_iter(low)) {
            let (Some(a), Some(unit)) = (c.name("a"), c.name("unit")) else { continue };
            let Some(v) = value(a.as_str()) else { continue };
            let end = c.name("b").map_or(a.end(), |b| b.end());
            // Not "tổ chức 24 giờ", "mở 06 tháng": times and levels.
            let time = matches!(
                unit.as_str(),
                "tháng" | "năm" | "quý" | "ngày" | "giờ" | "tuần" | "phút" | "lần" | "cấp"
            );
            if !time && !matches.iter().any(|m| m.0 <= end && a.start() < m.1) {
                let high = c.name("b").and_then(|b| value(b.as_str()));
                matches.push((a.start(), end, v, high, Some((unit.as_str().to_owned(), unit.end()))));
            }
        }
        let told = AMOUNT.as_ref().filter(|_| !in_aims);
        for c in told.into_iter().chain(CHANGE.as_ref()).flat_map(|r| r.captures_iter(low)) {
            let (Some(a), Some(unit)) = (c.name("a"), c.name("unit")) else { continue };
            let Some(v) = value(a.as_str()) else { continue };
            let end = c.name("b").map_or(a.end(), |b| b.end());
            let whole = low.get(unit.end()..).is_none_or(|r| !r.starts_with(char::is_alphabetic));
            if whole && !matches.iter().any(|m| m.0 <= end && a.start() < m.1) {
                let high = c.name("b").and_then(|b| value(b.as_str()));
                matches.push((a.start(), end, v, high, Some((unit.as_str().to_owned(), unit.end()))));
            }
        }
        for m in &mut matches {
            // "30 cơ quan": the word after the number may have two syllables.
            let Some((name, end)) = &mut m.4 else { continue };
            let rest = low.get(*end - name.len()..).unwrap_or("");
            if let Some(w) = DATA.list("count_word").iter().find(|w| whole_start(rest, w)) {
                *end += w.len() - name.len();
                *name = w.clone();
            }
        }
        matches.sort_by_key(|m| m.0);
        // "giảm từ 21,4% xuống còn 17%": the first value is where it stands now.
        let was = |w: &[Value]| match w {
            [a, b] => low
                .get(a.1..b.0)
                .is_some_and(|gap| gap.trim().starts_with("xuống") || gap.trim().starts_with("lên")),
            _ => false,
        };
        let now: Vec<bool> = matches.windows(2).map(was).collect();
        bases.extend(matches.iter().zip(&now).filter(|(_, n)| **n).map(|(m, _)| (m.0, m.1)));
        let mut k = 0;
        matches.retain(|_| {
            k += 1;
            now.get(k - 1) != Some(&true)
        });
    }
    let mut seen = 0;
    for (k, (a, b, v, high, unit)) in matches.iter().enumerate() {
        let (a, b) = (*a, *b);
        let before = low.get(..a).unwrap_or("");
        let after = low.get(b..).unwrap_or("");
        // The clause around the value.
        let own = k
            .checked_sub(1)
            .and_then(|q| matches.get(q))
            .map_or(0, |m| m.4.as_ref().map_or(m.1, |u| u.1))
            .min(a);
        let between = low.get(own..a).unwrap_or("");
        let left =
            own + between.rfind(boundary).map_or(0, |i| i + 1).max(between.rfind(". ").map_or(0, |i| i + 2));
        let next_value = matches.get(k + 1).map(|m| m.0);
        let whole_right = right_end(low, b, next_value);
        let limit = LIMIT.as_ref().and_then(|r| r.find(low.get(b..whole_right).unwrap_or("")));
        let right = limit.map_or(whole_right, |m| b + m.start());
        // ", báo cáo ...": in an order the next verb begins what else is to be done.
        let next_verb = |(at, _): &(usize, &str)| {
            let word = p.word_from(from + b + at + 1);
            // "100% cơ quan, tổ chức sử dụng ...": a noun beside a noun.
            let bodies = (p.word(word), p.word(word + 1)) == (Some("tổ"), Some("chức"))
                && word
                    .checked_sub(1)
                    .is_some_and(|k| matches!(p.word(k), Some("quan" | "vị" | "nghiệp" | "nhân")));
            !bodies && p.words.get(word).is_some_and(|w| !w.cap) && roles::verb(p, word).is_some()
        };
        let clause = low.get(b..right).unwrap_or("").match_indices(", ").find(|m| !in_aims && next_verb(m));
        let right = clause.map_or(right, |(at, _)| b + at);
        if let Some(y) = BY
            .as_ref()
            .and_then(|r| r.captures_iter(low.get(seen..whole_right).unwrap_or("")).last())
            .and_then(|c| c.name("y")?.as_str().parse().ok())
        {
            horizon = dates::iso(y, 12, 31);
        }
        seen = whole_right.max(seen);
        let (cmp, width) = comparator(before, after);
        let cmp_start = a - width;
        let lead = low.get(left..cmp_start).unwrap_or("");
        let cmp = if high.is_some() { Comparator::Range } else { cmp };
        if result_words(lead) {
            continue;
        }
        let words: Vec<&str> = lead.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let near = |list: &[&str]| words.iter().rev().take(6).any(|w| list.contains(w));
        let direction = if near(&["giảm", "xuống", "ngắn"]) && !near(&["tăng"]) {
            Direction::Decrease
        } else if near(&["tăng"]) && !near(&["cường"]) {
            Direction::Increase
        } else {
            Direction::Reach
        };
        // "giảm 50% thời gian, 50% chi phí": the verb counts for both.
        let listed = lead.trim_end().ends_with(',') && !lead.contains("tỷ lệ");
        let direction = match out.last() {
            Some(before) if listed && direction == Direction::Reach && k > 0 => before.direction,
            _ => direction,
        };
        let baseline = BASELINE.as_ref().and_then(|r| r.find(low.get(b..right).unwrap_or(""))).map(|m| {
            let skip = "so với ".len();
            p.slice(from + b + m.start() + skip, from + b + m.end()).to_owned()
        });
        let stood = bases.iter().find(|(s, _)| left <= *s && *s < a);
        let baseline = baseline.or_else(|| stood.map(|(s, e)| p.slice(from + s, from + e).to_owned()));
        let tail = low.get(b..right).unwrap_or("");
        let tail_words = tail.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
        let verb = VERBS
            .iter()
            .filter_map(|v| {
                lead.rfind(v).filter(|i| {
                    lead.get(i + v.len()..).is_some_and(|r| r.trim().is_empty() || r.trim() == "từ")
                })
            })
            .max();
        let unit_name = unit.as_ref().map_or("%".to_owned(), |u| u.0.clone());
        let after_unit = unit.as_ref().and_then(|u| low.get(u.1.min(right)..right));
        // "nắm giữ 100% vốn điều lệ": what someone holds is no aim.
        if DATA.list("held_share").iter().any(|w| whole_start(tail.trim_start(), w)) {
            continue;
        }
        let only_tail = tail_words == 0
            || after_unit.is_some_and(|t| t.trim().is_empty())
            || tail.trim_start().starts_with("trở lên") && tail_words <= 2
            || tail.trim_start().starts_with("so với")
            || ["vào năm", "trong năm", "mỗi năm", "một năm", "/năm"]
                .iter()
                .any(|t| tail.trim_start().starts_with(t));
        let (start, end, indicator) = match verb {
            // "Giảm tỷ lệ hộ nghèo từ 21,4% xuống còn 17%"
            _ if stood.is_some() => {
                let (now, _) = stood.copied().unwrap_or((a, a));
                let subject = low.get(left..now).unwrap_or("").trim_end().trim_end_matches("từ");
                let turn = ["giảm", "tăng", "nâng"]
                    .iter()
                    .filter_map(|w| subject.find(w).map(|at| at + w.len()))
                    .min()
                    .filter(|at| subject.len() - at > 3)
                    .unwrap_or(0);
                let lead = subject.len() - subject.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
                (left + lead, right_or(b, unit, right), (left + turn, left + subject.len()))
            }
            // "thời gian xử lý không quá 05 ngày": so does it here, without a verb.
            None if only_tail && unit.is_some() && width > 0 && measure(lead).is_some() => {
                let subject_from = left + measure(lead).unwrap_or(0);
                (cmp_start, right_or(b, unit, right), (subject_from, cmp_start))
            }
            // "Tỷ lệ X đạt tối thiểu 98%": what is measured stands before.
            Some(v) if only_tail || unit.is_some() && lead.len() > 30 => {
                let subject = lead.get(..v).unwrap_or("");
                let subject_from = left + subject_start(subject);
                (
                    left + v,
                    if tail.trim_start().starts_with("trở lên") {
                        b + tail.len().min(tail.find("lên").map_or(0, |i| i + "lên".len()))
                    } else {
                        right_or(b, unit, right)
                    },
                    (subject_from, left + v),
                )
            }
            _ => {
                let lead_trim = lead.trim_start_matches(|c: char| !c.is_alphanumeric());
                let lead_start = left + (lead.len() - lead_trim.len());
                // "Hoàn thành ... 100% phương án": the verb's words belong to the aim.
                let last = lead_trim.rfind(", ").map_or(lead_start, |i| lead_start + i + 2);
                let has_words = low.get(last..cmp_start).is_some_and(|t| !t.trim().is_empty());
                let turn = ["cắt giảm", "rút ngắn", "giảm", "tăng"]
                    .iter()
                    .find_map(|v| lead.rfind(v))
                    .filter(|_| direction != Direction::Reach);
                let start = if let Some(turn) = turn {
                    left + turn
                } else if has_words
                    && (in_aims || unit.is_none())
                    && !in_front(low.get(last..cmp_start).unwrap_or(""))
                {
                    last
                } else {
                    cmp_start
                };
                // "doanh thu tăng 18% mỗi năm": what is measured stands before the turn.
                let turned =
                    turn.filter(|_| only_tail && baseline.is_none() && unit.is_none()).and_then(|t| {
                        let subject = lead.get(..t)?;
                        (subject.split_whitespace().count() >= 2)
                            .then(|| (left + subject_start(subject), left + t))
                    });
                // In an order the aim begins with its value, or the verb right before it.
                let start = if in_aims || direction != Direction::Reach {
                    start
                } else {
                    order_start(p, from, cmp_start)
                };
                let base = tail.find("so với").filter(|_| baseline.is_some()).map_or(right, |i| b + i);
                let core = low.get(b..base).unwrap_or("");
                let core_end = [" trên cơ sở", " so với"]
                    .iter()
                    .filter_map(|s| core.find(s))
                    .min()
                    .filter(|_| direction != Direction::Reach)
                    .map_or(base, |i| b + i);
                (start, right, turned.unwrap_or((b, core_end)))
            }
        };
        let indicator =
            p.slice(from + indicator.0, from + indicator.1).trim().trim_matches([',', '.', ';', ' ', ':']);
        let indicator =
            [" phải", " cần", " sẽ"].iter().fold(indicator, |t, w| t.strip_suffix(w).unwrap_or(t)).to_owned();
        // "đạt 1.250 tỷ đồng, tăng 12% so với năm trước": the same thing measured twice.
        let indicator = match out.last() {
            Some(before) if indicator.is_empty() && in_aims => before.indicator.clone(),
            _ => indicator,
        };
        if indicator.is_empty() && !in_aims {
            continue;
        }
        out.push(Aim {
            start: from + start.min(a),
            end: from + short_end(low, b, end.max(b), unit.is_some() && !in_aims),
            indicator,
            direction,
            comparator: cmp,
            value: *v,
            high: *high,
            unit: Some(unit_name),
            baseline,
            by: horizon.clone(),
            confidence: if in_aims { 0.9 } else { 0.8 },
        });
    }
    out
}

/// Where an aim inside an order begins: at the verb right before the value at byte `at`, or at the value.
fn order_start(p: &Passage, from: usize, at: usize) -> usize {
    let word = p.word_from(from + at);
    let verb = (1..=3).rev().find(|n| {
        word >= *n
            && roles::verb(p, word - n) == Some(*n)
            && (word + 1 - n..=word).all(|k| p.gap_before(k) == " ")
    });
    verb.and_then(|n| p.words.get(word - n)).map_or(at, |w| w.start.saturating_sub(from))
}

/// The last day of the year that a title of aims names: "mục tiêu đến năm 2028", "chỉ tiêu năm 2026".
pub fn year_of_title(low: &str) -> Option<String> {
    let c = TITLE_YEAR.as_ref()?.captures(low)?;
    dates::iso(c.name("y")?.as_str().parse().ok()?, 12, 31)
}

/// Whether `text` begins with `word` and no letter runs on.
fn whole_start(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|r| !r.starts_with(char::is_alphabetic))
}

/// Where the words that belong to a value end.
fn right_end(low: &str, b: usize, next_value: Option<usize>) -> usize {
    let after = low.get(b..).unwrap_or("");
    let mut depth = 0i32;
    let mut end = low.len();
    for (i, c) in after.char_indices() {
        match c {
            // "(Phòng A chủ trì; hoàn thành quý II)": who and when, no part of what is measured.
            '(' if after.get(i..).is_some_and(tells_who)
                || next_value.is_some_and(|n| {
                    n > b + i && after.get(i..n - b).is_some_and(|inner| !inner.contains(')'))
                }) =>
            {
                end = b + i;
                break;
            }
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ')' | ';' => {
                end = b + i;
                break;
            }
            '.' if after.get(i + 1..).is_none_or(|r| r.is_empty() || r.starts_with(' '))
                && !after.get(..i).is_some_and(|t| t.ends_with('.')) =>
            {
                end = b + i;
                break;
            }
            _ => {}
        }
    }
    if let Some(next) = next_value.filter(|n| *n < end) {
        // The next value's own clause begins after the last comma before it.
        let between = low.get(b..next).unwrap_or("");
        // "... đạt mức 4 và 90% đạt mức 5"
        let lead = ["tối thiểu", "ít nhất", "trên", "hơn", "khoảng", "từ"]
            .iter()
            .fold(between.trim_end(), |t, w| t.strip_suffix(w).unwrap_or(t).trim_end());
        if let Some(rest) = lead.strip_suffix(" và") {
            return b + rest.len();
        }
        end = between
            .rfind(", trong ")
            .or(between.rfind(", tỷ lệ"))
            .or(between.rfind(", "))
            .map_or(next, |i| b + i);
    }
    end
}

/// Where the text of a count inside an order ends: before words of place or purpose.
fn short_end(low: &str, b: usize, end: usize, count: bool) -> usize {
    if !count {
        return end;
    }
    let tail = low.get(b..end).unwrap_or("");
    [" tại ", " ở ", " đi ", " để ", " nhằm ", " phục vụ ", " từ ngày "]
        .iter()
        .filter_map(|w| tail.find(w))
        .filter(|at| *at > 0)
        .min()
        .map_or(end, |at| b + at)
}

/// Whether a bracket holds who does it or when.
fn tells_who(bracket: &str) -> bool {
    let inner = bracket.find(')').and_then(|e| bracket.get(..e)).unwrap_or(bracket);
    ["chủ trì", "phối hợp", "hoàn thành", "thời gian", "thời hạn"].iter().any(|w| inner.contains(w))
}

const VERBS: &[&str] = &["đạt", "là", "chiếm", "bằng", "đạt mức", "còn", "lên", "ở mức"];

fn right_or(b: usize, unit: &Option<(String, usize)>, right: usize) -> usize {
    unit.as_ref().map_or(b, |u| u.1.min(right).max(b))
}

/// Where the measured thing begins in the words before the verb: after the last comma before "tỷ lệ", "mức độ" ...
fn subject_start(subject: &str) -> usize {
    let cut =
        ["tỷ lệ", "tỉ lệ", "mức độ", "số lượng", "chỉ số"].iter().filter_map(|w| subject.rfind(w)).max();
    let lead = subject.len() - subject.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    cut.unwrap_or(lead)
}

/// Where words that name a measure begin in the words before a value: "thời gian xử lý", "chi phí".
fn measure(lead: &str) -> Option<usize> {
    ["thời gian", "thời hạn", "chi phí", "định mức", "số lượng", "mức"]
        .iter()
        .filter_map(|w| lead.rfind(w))
        .max()
}

/// Words before a value that are not part of the aim's text.
fn in_front(words: &str) -> bool {
    let t = words.trim();
    t.is_empty()
        || t.starts_with("tiến tới")
        || t.ends_with("mục tiêu")
        || t.starts_with("trong số")
        || t.len() > 200
}

/// Whether the words before a value tell of the past.
fn result_words(lead: &str) -> bool {
    DATA.list("result_phrase").iter().any(|w| lead.contains(w)) || lead.starts_with("ước đạt")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::Builder;

    fn aims(text: &str) -> Vec<(String, String, f64, Comparator)> {
        let mut b = Builder::default();
        b.line(text, 0, false, false);
        let p = b.build();
        read(&p, 0, p.text.len(), true)
            .into_iter()
            .map(|a| (p.slice(a.start, a.end).to_owned(), a.indicator, a.value, a.comparator))
            .collect()
    }

    #[test]
    fn the_measured_thing_stands_before_or_after() {
        let a = aims("Tỷ lệ thư viện mở cửa đạt tối thiểu 98%; 100% sách được kiểm kê.");
        assert_eq!(
            a[0],
            ("đạt tối thiểu 98%".into(), "Tỷ lệ thư viện mở cửa".into(), 98.0, Comparator::AtLeast)
        );
        assert_eq!(
            a[1],
            ("100% sách được kiểm kê".into(), "sách được kiểm kê".into(), 100.0, Comparator::Equal)
        );
    }

    #[test]
    fn ranges_decreases_and_baselines() {
        let mut b = Builder::default();
        b.line(
            "Đến năm 2030, giảm bình quân 12% chi hội nghị so với giai đoạn 2021 - 2025.",
            0,
            false,
            false,
        );
        let p = b.build();
        let a = read(&p, 0, p.text.len(), true).remove(0);
        assert_eq!(
            (a.direction, a.baseline.as_deref(), a.by.as_deref()),
            (Direction::Decrease, Some("giai đoạn 2021 - 2025"), Some("2030-12-31"))
        );
        assert_eq!(aims("20%-25% số công chức; trên 30% số viên chức")[0].3, Comparator::Range);
        assert_eq!(aims("số lượt tra cứu đạt từ 50% trở lên")[0].3, Comparator::AtLeast);
    }

    #[test]
    fn counts_and_numbers_in_vietnamese_form() {
        assert_eq!(value("1.234,5"), Some(1234.5));
        let a = aims("Tổ chức ít nhất 02 lớp tập huấn trong năm");
        assert_eq!((a[0].2, a[0].3), (2.0, Comparator::AtLeast));
        assert!(aims("đã đạt 95% kế hoạch").is_empty());
    }
}
