//! Who does what in a sentence: units that lead, work with the lead, or get the report.

mod openings;

use crate::data::{Cue, DATA, Syllable, first};
use crate::duty;
use crate::passage::Passage;
use crate::unit_lists::{self, List};
use crate::units::{self, Found};
use vanthu_model::Role;

/// A unit with its role in a passage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Actor {
    /// The name.
    pub unit: Found,
    /// Its role.
    pub role: Role,
    /// Name of the rule.
    pub rule: &'static str,
    /// 0 to 1.
    pub confidence: f32,
}

/// What a passage says about who acts.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    /// Units and their roles, in order.
    pub actors: Vec<Actor>,
}

impl Cast {
    /// Whether a unit leads.
    pub fn leads(&self) -> bool {
        self.actors.iter().any(|a| a.role == Role::Lead)
    }
}

/// What may begin words that [`Reader::step`] reads inside a clause.
const PARTS: u32 = first::HEAD | first::NAME | first::PART | (first::CUE << Cue::Assign as u32);

fn plain(p: &Passage, i: usize) -> impl Fn(usize) -> Option<Syllable> {
    move |k| if k > 0 && p.gap_before(i + k) != " " { None } else { p.syllable(i + k) }
}

/// A cue of class `want` at word `i`.
pub fn cue(p: &Passage, i: usize, want: Cue) -> Option<usize> {
    if !p.may_begin(i, want.bit()) {
        return None;
    }
    DATA.cues.find_where(plain(p, i), |c| c == want).map(|(n, _)| n)
}

/// A verb of command at word `i`, capital or not.
pub fn verb(p: &Passage, i: usize) -> Option<usize> {
    if !p.may_begin(i, first::VERB) {
        return None;
    }
    DATA.verbs
        .find(|k| if k > 0 && !matches!(p.gap_before(i + k), " " | ", ") { None } else { p.syllable(i + k) })
        .map(|(n, ())| n)
}

/// Whether word `i` begins a clause: after a full stop, a semicolon or a colon.
fn begins_clause(p: &Passage, i: usize) -> bool {
    if i == 0 {
        return true;
    }
    let gap = p.gap_before(i);
    if gap == " " {
        return false;
    }
    // "(1) Thanh tra Chính phủ ban hành ...": a counted clause.
    let counted = gap == ") "
        && p.words.get(i - 1).is_some_and(|w| p.slice(w.start, w.end).bytes().all(|b| b.is_ascii_digit()));
    counted
        || gap.contains([';', ':'])
        || gap.contains(['.', '!', '?']) && gap.ends_with(|c: char| !c.is_alphanumeric() && c != '.')
}

/// Past words such as "Đồng thời," that open a clause without saying anything of its actor.
fn past_linkers(p: &Passage, i: usize) -> usize {
    let mut i = i;
    for _ in 0..3 {
        match cue(p, i, Cue::Linker) {
            Some(n) if p.words.get(i + n).is_some() => i += n,
            _ => break,
        }
    }
    i
}

/// Whether the words at `k` say that the units before them act.
fn acts(p: &Passage, k: usize) -> bool {
    let gap = p.gap_before(k);
    // "Trưởng ban: Ông A" names a person.
    if gap.starts_with(':') {
        return !matches!(p.word(k), Some("ông" | "bà"))
            && (p.word(k), p.word(k + 1)) != (Some("đồng"), Some("chí"));
    }
    if gap != " " && gap != ", " && gap != " - " {
        return false;
    }
    if gap == ", " {
        return cue(p, k, Cue::LeadAfter).is_some()
            || cue(p, k, Cue::Opener).is_some()
            || cue(p, k, Cue::Adverb).is_some() && verb(p, k).is_some();
    }
    if p.word(k) == Some("được") {
        return cue(p, k, Cue::LeadAfter).is_some()
            || (k..k + 26).any(|j| cue(p, j, Cue::LeadAfter).is_some() && p.word(j) == Some("có"));
    }
    if p.word(k) == Some("đã") {
        return false;
    }
    verb(p, k).is_some() || cue(p, k, Cue::LeadAfter).is_some() || cue(p, k, Cue::Adverb).is_some()
}

/// The word after a bracket that opens before word `k`.
fn past_bracket(p: &Passage, k: usize) -> Option<usize> {
    if p.gap_before(k) != " (" {
        return None;
    }
    (k + 1..k + 16).find(|j| p.gap_before(*j).contains(')')).filter(|j| p.gap_before(*j).trim_start() == ") ")
}

/// Whether a verb of command or a phrase of duty stands at word `k`.
fn acts_at(p: &Passage, k: usize) -> bool {
    verb(p, k).is_some() || cue(p, k, Cue::LeadAfter).is_some() || cue(p, k, Cue::Adverb).is_some()
}

/// Reads who acts in `p`.
pub fn read(p: &Passage) -> Cast {
    let mut r =
        Reader { p, cast: Cast::default(), opener: false, lead_in_clause: false, reported: false, taken: 0 };
    let mut i = 0;
    while i < p.words.len() {
        i = r.step(i).max(i + 1);
    }
    r.cast
}

struct Reader<'p> {
    p: &'p Passage,
    cast: Cast,
    /// Whether the clause began with words such as "Trên cơ sở ...", so that its actor comes later.
    opener: bool,
    lead_in_clause: bool,
    /// Whether the clause has spoken of a report or submission.
    reported: bool,
    /// Words before this one belong to units already told.
    taken: usize,
}

impl Reader<'_> {
    fn add(&mut self, list: &List, role: Role, rule: &'static str, confidence: f32) {
        for u in &list.units {
            let name = |f: &Found| crate::fold::ascii(self.p.slice(f.start, f.end));
            let mut rivals = self
                .cast
                .actors
                .iter()
                .filter(|a| a.role == role || a.role == Role::Lead && role == Role::Coordinate)
                .peekable();
            let known = rivals.peek().is_some() && {
                let this = name(u);
                rivals.any(|a| name(&a.unit) == this)
            };
            if !known {
                self.cast.actors.push(Actor { unit: *u, role, rule, confidence });
            }
        }
        self.taken = self.taken.max(list.next);
    }

    /// Reads at word `i`; gives the next word to read.
    fn step(&mut self, i: usize) -> usize {
        let p = self.p;
        // Inside a clause most words play no part.
        if p.gap_before(i) == " " && !p.may_begin(i, PARTS) {
            return i + 1;
        }
        if begins_clause(p, i) {
            self.lead_in_clause = false;
            self.reported = false;
            let at = past_linkers(p, i);
            self.opener = cue(p, at, Cue::Opener).is_some();
            if let Some(next) =
                self.concerning(at).or_else(|| self.petitioned(i)).or_else(|| self.subject(at))
            {
                return next;
            }
        } else if p.gap_before(i).contains('(')
            && let Some(next) = self.in_brackets(i)
        {
            return next;
        } else if units::may_begin(p, i)
            && let Some(next) = self.later_subject(i)
        {
            return next;
        }
        self.assigned(i)
            .or_else(|| self.with(i))
            .or_else(|| self.recipient(i))
            // The tail of a name that plays no part is no name of its own.
            .or_else(|| {
                if !units::may_begin(p, i) {
                    return None;
                }
                let governed =
                    i.checked_sub(1).is_some_and(|b| cue(p, b, Cue::Of).is_some()) && p.gap_before(i) == " ";
                if governed {
                    unit_lists::list_at(p, i).map(|l| before_speaker(p, &l))
                } else {
                    units::unit_at(p, i).map(|u| u.next)
                }
            })
            .unwrap_or(i + 1)
    }

    /// Units inside a clause that act: after an opening "Trên cơ sở ..., ", or before "chủ trì".
    fn later_subject(&mut self, i: usize) -> Option<usize> {
        let p = self.p;
        if i < self.taken {
            return None;
        }
        let before = i.checked_sub(1)?;
        let gap = p.gap_before(i);
        let comma = gap.contains(',');
        if !comma && gap != " " {
            return None;
        }
        let governed = !comma && cue(p, before, Cue::Of).is_some();
        let leads = |l: &List| {
            p.word(l.next) == Some("chủ") && p.word(l.next + 1) == Some("trì") && p.gap_before(l.next) == " "
        };
        if governed && p.word(before) != Some("do") {
            return None;
        }
        if !comma && verb_before(p, i) {
            return None;
        }
        let Some(list) = unit_lists::list_at(p, i) else {
            let late = self.opener && comma && !self.lead_in_clause;
            return if late { self.asker(i).or_else(|| self.bound(i)) } else { None };
        };
        if leads(&list) {
            self.add(&list, Role::Lead, "chairs", 0.93);
            self.lead_in_clause = true;
            return Some(list.next);
        }
        if p.word(before) == Some("do") {
            return None;
        }
        // "..., Bộ trưởng giao A ...": who is told comes after the verb.
        if comma
            && p.gap_before(list.next) == " "
            && let Some(n) = cue(p, list.next, Cue::Assign)
            && let Some(told) = unit_lists::list_at(p, list.next + n)
            && !told_in_passing(p, list.next)
        {
            self.add(&told, Role::Lead, "assigned_by", 0.88);
            self.lead_in_clause = true;
            return Some(told.next);
        }
        if comma
            && p.word(list.next) == Some("phối")
            && p.word(list.next + 1) == Some("hợp")
            && self.cast.leads()
        {
            self.add(&list, Role::Coordinate, "works_with", 0.85);
            return Some(list.next);
        }
        if self.opener
            && !self.lead_in_clause
            && acts(p, list.next)
            && p.gap_before(list.next) == " "
            && cue(p, list.next, Cue::Assign).is_none()
        {
            self.add(&list, Role::Lead, "subject_after_opener", if comma { 0.88 } else { 0.75 });
            self.lead_in_clause = true;
            return Some(list.next);
        }
        // "Trên cơ sở ..., các Giám đốc sở, Chủ tịch các xã có trách nhiệm ...".
        if self.opener
            && comma
            && !self.lead_in_clause
            && let Some(list) = duty::executors(p, i)
        {
            self.add(&list, Role::Lead, "holder_of_duty", 0.7);
            self.lead_in_clause = true;
            return Some(list.next);
        }
        None
    }

    /// "Giao A", "đề nghị A", "yêu cầu A".
    fn assigned(&mut self, i: usize) -> Option<usize> {
        let p = self.p;
        let n = cue(p, i, Cue::Assign)?;
        let list = unit_lists::list_at(p, i + n)?;
        let gap = p.gap_before(i);
        let opens = begins_clause(p, i)
            || gap.contains(',')
            || past_linkers_end(p, i)
            || p.words.get(i).is_some_and(|w| w.cap)
            || self.taken == i
            || spoken(p, i);
        // "các nhiệm vụ được Chính phủ giao Bộ X": told in passing.
        let passive = told_in_passing(p, i) && !begins_clause(p, i);
        if !opens || passive {
            return None;
        }
        self.add(&list, Role::Lead, "assigned", 0.93);
        self.lead_in_clause = true;
        Some(list.next)
    }

    /// "phối hợp với B", "trao đổi ... với B", "đối chiếu với B", "cùng B".
    fn with(&mut self, i: usize) -> Option<usize> {
        let p = self.p;
        let (a, b) = (p.word(i)?, p.word(i + 1).unwrap_or(""));
        let (from, window) = match (a, b) {
            ("phối", "hợp") => (i + 2, 8),
            ("trao", "đổi") | ("đối", "chiếu") => (i + 2, 7),
            ("cùng", "với") => (i + 2, 0),
            ("cùng", _) => (i + 1, 0),
            // "...; liên hệ Bệnh viện B để ..." orders; "xin liên hệ Phòng B" tells whom to ask.
            ("liên", "hệ") if p.gap_before(i).contains([';', ',']) => (i + 2, 0),
            _ => return None,
        };
        let direct = (a, b) == ("phối", "hợp") || a == "cùng" || a == "liên";
        // "phối hợp, hướng dẫn B": what follows the comma is done to B, but with B in "chủ trì, phối hợp, đôn đốc B".
        let together = p.gap_before(from) == " " || i > 0 && p.word(i - 1) == Some("trì");
        for k in from..=from + window {
            if p.words.get(k).is_none() || k > from && p.gap_before(k).contains(['.', ';', ':', '(']) {
                return None;
            }
            let with = match p.word(k) {
                Some("với") => Some(k + 1),
                Some("cùng") if p.word(k + 1) == Some("với") => Some(k + 2),
                Some("cùng") => Some(k + 1),
                _ => None,
            };
            if let Some(at) = with {
                let list = unit_lists::list_at(p, at)?;
                self.add(&list, Role::Coordinate, "works_with", 0.93);
                return Some(list.next);
            }
            if direct
                && together
                && (k == from || passes(p, from, k))
                && let Some(list) = unit_lists::list_at(p, k)
            {
                self.add(&list, Role::Coordinate, "works_with", 0.82);
                return Some(list.next);
            }
            // A noun ends the reach: "phối hợp triển khai đo lường ... của X".
            if window > 0 && !bridges(p, k) {
                return None;
            }
        }
        None
    }

    /// "báo cáo X", "trình X", "gửi (về) X", "qua X".
    fn recipient(&mut self, i: usize) -> Option<usize> {
        let p = self.p;
        let word = p.word(i)?;
        let next = p.word(i + 1).unwrap_or("");
        let from = match (word, next) {
            ("báo", "cáo") | ("đề", "xuất") | ("phản", "ánh") | ("kiến", "nghị") | ("tham", "mưu") =>
            {
                self.reported = true;
                match p.word(i + 2) {
                    Some("với") => i + 3,
                    Some("về" | "lên" | "cho" | "gửi" | "tới" | "đến") if word != "tham" => i + 3,
                    // "tham mưu B ban hành": what B then does is no order to B.
                    next => {
                        let advised = unit_lists::list_at(p, if next == Some("cho") { i + 3 } else { i + 2 })
                            .filter(|_| word == "tham");
                        if let Some(list) = advised {
                            self.taken = self.taken.max(list.next);
                            return Some(list.next);
                        }
                        // "đề xuất các dự án": what is proposed; to whom is "đề xuất với".
                        if word == "tham" || word == "đề" && next == Some("các") {
                            return None;
                        }
                        i + 2
                    }
                }
            }
            ("trình", _) | ("gửi", _) => {
                self.reported = true;
                match next {
                    "về" | "cho" | "tới" | "đến" | "lên" => i + 2,
                    _ => i + 1,
                }
            }
            ("thông", "qua") => i + 2,
            ("qua", _) => i + 1,
            ("về" | "đến" | "tới", _) if self.reported => i + 1,
            // "báo cáo tiến độ với X"
            ("với", _) if self.reported && reported_just_before(p, i) => i + 1,
            ("chia", "sẻ") | ("cung", "cấp") => {
                self.reported = true;
                return None;
            }
            _ => return None,
        };
        if !matches!(p.gap_before(from), " " | " (") {
            return None;
        }
        let list = unit_lists::list_at(p, from)?;
        let via = matches!((word, next), ("thông", "qua") | ("qua", _));
        self.add(&list, Role::Recipient, if via { "reports_via" } else { "reports_to" }, 0.85);
        Some(list.next)
    }
}

/// One past the last name of `list` that "của" governs: in "việc của các đơn vị, Bộ trưởng giao ..." the last one speaks.
fn before_speaker(p: &Passage, list: &List) -> usize {
    match list.units.as_slice() {
        [.., before, _] if cue(p, list.next, Cue::Assign).is_some() && p.gap_before(before.next) == ", " => {
            before.next
        }
        _ => list.next,
    }
}

/// Whether "báo cáo" and its object stand right before word `i`.
fn reported_just_before(p: &Passage, i: usize) -> bool {
    (2..=7).any(|n| {
        i >= n
            && (p.word(i - n), p.word(i - n + 1)) == (Some("báo"), Some("cáo"))
            && (i - n + 1..=i).all(|k| p.gap_before(k) == " ")
    }) && !matches!(p.word(i - 1), Some("hợp" | "cùng" | "đối" | "so" | "gắn"))
}

/// "các nhiệm vụ được Chính phủ giao Bộ X": the verb at word `i` tells of an order given elsewhere.
fn told_in_passing(p: &Passage, i: usize) -> bool {
    p.word(i) == Some("giao") && (i.saturating_sub(14)..i).any(|j| p.word(j) == Some("được"))
}

/// Whether a verb that takes an object stands right before word `i`.
fn verb_before(p: &Passage, i: usize) -> bool {
    (1..=3).any(|n| i >= n && verb(p, i - n) == Some(n))
        && !(i >= 2 && matches!(p.word(i - 1), Some("mắc" | "khăn" | "năm")))
}

fn past_linkers_end(p: &Passage, i: usize) -> bool {
    (1..=3).any(|n| i >= n && cue(p, i - n, Cue::Linker) == Some(n) && begins_clause(p, i - n))
}

/// "Chỉ thị cũng yêu cầu", "Thủ tướng đề nghị": a speaker stands before the verb.
fn spoken(p: &Passage, i: usize) -> bool {
    match i.checked_sub(1).and_then(|before| p.word(before)) {
        Some("cũng" | "và" | "sẽ") => true,
        // "từ nguồn kinh phí đã giao Sở A": told of what was given, not an order.
        Some("đã") => p.word(i) != Some("giao") || i < 2 || p.words.get(i - 2).is_some_and(|w| w.cap),
        _ => false,
    }
}

/// Whether only words that may stand between "phối hợp" and its units lie in `from..k`.
fn passes(p: &Passage, from: usize, k: usize) -> bool {
    (from..k).all(|j| bridges(p, j))
}

/// Words that may stand between "phối hợp" and the units: adverbs and verbs.
fn bridges(p: &Passage, k: usize) -> bool {
    p.word(k).is_some_and(|w| DATA.list("cooperation_word").iter().any(|x| x == w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::Builder;

    fn cast(text: &str) -> Vec<(String, Role)> {
        let mut b = Builder::default();
        b.line(text, 0, false, false);
        let p = b.build();
        read(&p).actors.iter().map(|a| (p.slice(a.unit.start, a.unit.end).to_owned(), a.role)).collect()
    }

    fn has(text: &str, want: &[(&str, Role)]) {
        let got = cast(text);
        assert_eq!(got.iter().map(|(n, r)| (n.as_str(), *r)).collect::<Vec<_>>(), want, "{text}");
    }

    #[test]
    fn assigned_and_working_with() {
        has(
            "Giao Sở Xây dựng chủ trì, phối hợp với Công an tỉnh, Sở Y tế cùng các đơn vị có liên quan, tổ chức khảo sát.",
            &[
                ("Sở Xây dựng", Role::Lead),
                ("Công an tỉnh", Role::Coordinate),
                ("Sở Y tế", Role::Coordinate),
                ("các đơn vị có liên quan", Role::Coordinate),
            ],
        );
        has(
            "Sở Nội vụ chủ trì, Sở Y tế phối hợp thực hiện.",
            &[("Sở Nội vụ", Role::Lead), ("Sở Y tế", Role::Coordinate)],
        );
    }

    #[test]
    fn the_actor_may_come_after_an_opening() {
        has(
            "Trên cơ sở danh mục do Sở Y tế lập, Ủy ban nhân dân các xã, phường kiểm kê kho.",
            &[("Ủy ban nhân dân các xã, phường", Role::Lead)],
        );
        has(
            "Sở Tài chính, trên cơ sở ý kiến của các bên, chủ trì tham mưu.",
            &[("Sở Tài chính", Role::Lead)],
        );
    }

    #[test]
    fn damaged_words_play_their_part_and_stay_as_read() {
        has(
            "Giao Sớ Y tế chủ trì, phối hợp vớl Cong an tỉnh, các cơ quau có liên qnan tổ chức khảo sát.",
            &[
                ("Sớ Y tế", Role::Lead),
                ("Cong an tỉnh", Role::Coordinate),
                ("các cơ quau có liên qnan", Role::Coordinate),
            ],
        );
        // "lĩnh" is a word and no misread "tỉnh".
        has("Sở Y tế kiểm tra các lĩnh vực cấp phép.", &[("Sở Y tế", Role::Lead)]);
    }

    #[test]
    fn what_is_told_in_passing_gives_no_part() {
        has("Căn cứ dự toán do Công an tỉnh lập, cấp phát từ nguồn kinh phí đã giao Công an tỉnh.", &[]);
        has("Phối hợp, hướng dẫn Ủy ban nhân dân cấp xã lập sổ.", &[]);
        has("Sau khi được thông qua, tham mưu Chính phủ, Thủ tướng Chính phủ tổ chức thực hiện.", &[]);
        has(
            "Chủ trì, phối hợp, đôn đốc các đơn vị liên quan lập sổ.",
            &[("các đơn vị liên quan", Role::Coordinate)],
        );
    }

    #[test]
    fn speakers_do_not_lead() {
        has(
            "Ủy ban nhân dân tỉnh yêu cầu các cơ quan, đơn vị khẩn trương báo cáo.",
            &[("các cơ quan, đơn vị", Role::Lead)],
        );
        has("Thống kê các việc được Chính phủ, Thủ tướng Chính phủ giao Bộ Y tế.", &[]);
    }

    #[test]
    fn reports_go_to_recipients() {
        has(
            "Tổng hợp, báo cáo Ủy ban nhân dân tỉnh (qua Sở Nội vụ) kết quả.",
            &[("Ủy ban nhân dân tỉnh", Role::Recipient), ("Sở Nội vụ", Role::Recipient)],
        );
        has(
            "Gửi về Cục Kho giống (qua Phòng 6, điện thoại 0123).",
            &[("Cục Kho giống", Role::Recipient), ("Phòng 6", Role::Recipient)],
        );
        has(
            "Giao UBND các phường: Hòa An, Cửa Đông, Văn Chỉ – Quốc Học và Sở Y tế thực hiện.",
            &[("UBND các phường: Hòa An, Cửa Đông, Văn Chỉ – Quốc Học", Role::Lead), ("Sở Y tế", Role::Lead)],
        );
        has("Giao UBND các phường: Chủ trì, phối hợp rà soát.", &[("UBND các phường", Role::Lead)]);
        has("Nghiên cứu, đề xuất các dự án đầu tư xây dựng, cải tạo kho giống.", &[]);
        has(
            "Sở Nội vụ tổng hợp ý kiến của các sở, báo cáo Ủy ban nhân dân tỉnh.",
            &[("Sở Nội vụ", Role::Lead), ("Ủy ban nhân dân tỉnh", Role::Recipient)],
        );
    }
}
