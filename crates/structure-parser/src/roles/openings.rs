//! Who acts, told by how a clause or a passage opens: "Đối với A, ...", "Kiến nghị A ...", "(A chủ trì)", "A có trách nhiệm".

use super::{Reader, acts, acts_at, cue, past_bracket, verb};
use crate::data::{Cue, Head};
use crate::duty;
use crate::unit_lists::{self, List};
use crate::units::{Found, head_at};
use vanthu_model::Role;

impl Reader<'_> {
    /// "Đối với A, đề nghị rà soát ...", "Đối với A: khẩn trương ...": who is told stands in the opening words.
    pub(super) fn concerning(&mut self, at: usize) -> Option<usize> {
        let p = self.p;
        if (p.word(at)?, p.word(at + 1)?) != ("đối", "với") {
            return None;
        }
        let mut list = unit_lists::list_at(p, at + 2)?;
        // "Đối với UBND các xã, Chủ tịch tỉnh yêu cầu ...": the last of the list is the speaker.
        if list.units.len() > 1 && p.gap_before(list.next) == " " && cue(p, list.next, Cue::Assign).is_some()
        {
            list.units.pop();
            list.next = list.units.last().map_or(list.next, |u| u.next);
        }
        // "Đối với các xã chưa có sổ thì khẩn trương lập ...": a clause may narrow the name.
        if p.gap_before(list.next) == " " {
            return self.narrowed(at + 2, list);
        }
        if !matches!(p.gap_before(list.next), ", " | ": ") {
            return None;
        }
        // A speaker may stand before the verb of command: "..., Chủ tịch tỉnh yêu cầu ...".
        let speaker = unit_lists::list_at(p, list.next).filter(|l| cue(p, l.next, Cue::Assign).is_some());
        let from = speaker.map_or(list.next, |l| l.next);
        let told = match cue(p, from, Cue::Assign) {
            Some(n) => unit_lists::list_at(p, from + n).is_none(),
            None => {
                verb(p, from).is_some()
                    || cue(p, from, Cue::Adverb).is_some_and(|n| verb(p, from + n).is_some())
            }
        };
        if !told {
            return None;
        }
        self.add(&list, Role::Lead, "concerning", 0.85);
        self.lead_in_clause = true;
        Some(from)
    }

    /// "Đối với các xã chưa có sổ thì khẩn trương lập ...", "..., đề nghị ...": the name runs up to the words of order.
    pub(super) fn narrowed(&mut self, from: usize, list: List) -> Option<usize> {
        let p = self.p;
        let limit = (list.next + 14).min(p.words.len());
        let mut turn = None;
        for k in list.next..limit {
            // What stands in brackets says who is meant.
            if p.gap_before(k) == " (" {
                let after = past_bracket(p, k)?;
                let unit = Found {
                    start: p.words.get(from)?.start,
                    end: p.words.get(k - 1)?.end,
                    next: k,
                    head: None,
                };
                if !acts_at(p, after) {
                    return None;
                }
                self.add(&List { units: vec![unit], next: k }, Role::Lead, "concerning", 0.7);
                self.lead_in_clause = true;
                return Some(after);
            }
            let comma = matches!(p.gap_before(k), ", " | ": ");
            if !comma && p.gap_before(k) != " " {
                return None;
            }
            let then = p.word(k) == Some("thì") && !comma;
            if then || comma {
                turn = Some((k, if then { k + 1 } else { k }));
                break;
            }
        }
        let Some((end, next)) = turn else {
            // "Đối với Công an tỉnh xây dựng kế hoạch ...".
            if !acts_at(p, list.next)
                || p.word(list.next) == Some("có") && p.word(list.next + 1) != Some("trách")
            {
                return None;
            }
            self.add(&list, Role::Lead, "concerning", 0.7);
            self.lead_in_clause = true;
            return Some(list.next);
        };
        let told = match cue(p, next, Cue::Assign) {
            Some(n) => unit_lists::list_at(p, next + n).is_none(),
            None => {
                let adverb = cue(p, next, Cue::Adverb);
                verb(p, next).is_some() || adverb.is_some_and(|n| verb(p, next + n).is_some())
            }
        };
        let (first, last) = (p.words.get(from)?, p.words.get(end.checked_sub(1)?)?);
        if !told || list.units.len() > 1 {
            return None;
        }
        let unit = Found { start: first.start, end: last.end, next: end, head: None };
        self.add(&List { units: vec![unit], next: end }, Role::Lead, "concerning", 0.75);
        self.lead_in_clause = true;
        Some(next)
    }

    /// Units at a clause's start that act.
    pub(super) fn subject(&mut self, at: usize) -> Option<usize> {
        let p = self.p;
        let Some(list) = unit_lists::list_at(p, at) else { return self.bound(at) };
        // "UBND tỉnh yêu cầu các cơ quan ...": who is told comes after the verb.
        if let Some(n) = cue(p, list.next, Cue::Assign)
            && p.gap_before(list.next) == " "
            && let Some(told) = unit_lists::list_at(p, list.next + n)
        {
            self.add(&told, Role::Lead, "assigned_by", 0.92);
            self.lead_in_clause = true;
            return Some(told.next);
        }
        // "Bí thư chi bộ phân công đảng viên ...": no unit is told, so the speaker acts.
        let shares_out = p.word(list.next) == Some("phân") && p.word(list.next + 1) == Some("công");
        if cue(p, list.next, Cue::Assign).is_some() && p.gap_before(list.next) == " " && !shares_out {
            return Some(list.next);
        }
        // "Phòng A (cơ quan thường trực) theo dõi ...": what stands in brackets after the name says who it is.
        let behind = past_bracket(p, list.next);
        let mut list = list;
        // "Phòng A (Ban B)": the body that it belongs to is a part of its name.
        if let (Some(k), Some(inner)) = (behind, unit_lists::list_at(p, list.next))
            && inner.next == k
            && inner.units.len() == 1
            && p.words.get(list.next).is_some_and(|w| w.cap)
            && let Some(last) = list.units.last_mut()
            && let Some(at) = p.slice(last.end, p.text.len()).find(')')
        {
            (last.end, last.next, list.next) = (last.end + at + 1, k, k);
        }
        if !acts(p, list.next) && !behind.is_some_and(|k| acts_at(p, k)) {
            return self.bound(at);
        }
        // "A chủ trì, B phối hợp" in clauses of one sentence.
        if p.word(list.next) == Some("phối") && p.word(list.next + 1) == Some("hợp") && self.cast.leads()
        {
            self.add(&list, Role::Coordinate, "works_with", 0.85);
            return Some(list.next);
        }
        self.add(&list, Role::Lead, "subject", 0.9);
        self.lead_in_clause = true;
        Some(list.next)
    }

    /// "Kiến nghị Bộ A sớm ban hành ...": a passage that asks A to act.
    pub(super) fn petitioned(&mut self, i: usize) -> Option<usize> {
        let p = self.p;
        if i > 0 || !matches!((p.word(0)?, p.word(1)?), ("kiến", "nghị") | ("đề", "xuất")) {
            return None;
        }
        let list = unit_lists::list_at(p, 2).filter(|l| acts(p, l.next))?;
        // "Đề xuất cấp có thẩm quyền phê duyệt ...": whoever may decide it is not told to.
        let whoever = |u: &Found| p.low_slice(u.start, u.end).ends_with("có thẩm quyền");
        if list.units.iter().any(whoever) {
            return None;
        }
        self.add(&list, Role::Lead, "petitioned", 0.85);
        self.lead_in_clause = true;
        Some(list.next)
    }

    /// "Trường hợp không thu hồi được, chủ tàu đề nghị ...": one who is no body asks for himself.
    pub(super) fn asker(&mut self, i: usize) -> Option<usize> {
        let p = self.p;
        let (n, _) = head_at(p, i, |h| h == Head::Plain)?;
        cue(p, i + n, Cue::Assign).filter(|_| p.gap_before(i + n) == " ")?;
        let unit =
            Found { start: p.words.get(i)?.start, end: p.words.get(i + n - 1)?.end, next: i + n, head: None };
        self.add(&List { units: vec![unit], next: i + n }, Role::Lead, "subject_after_opener", 0.7);
        self.lead_in_clause = true;
        Some(i + n)
    }

    /// "(A chủ trì; B phối hợp)" after the words of the order.
    pub(super) fn in_brackets(&mut self, i: usize) -> Option<usize> {
        let p = self.p;
        let chairs = |k: usize| {
            p.gap_before(k) == " "
                && matches!(
                    (p.word(k), p.word(k + 1)),
                    (Some("chủ"), Some("trì")) | (Some("thực"), Some("hiện")) | (Some("đầu"), Some("mối"))
                )
        };
        let list = match unit_lists::list_at(p, i).filter(|l| chairs(l.next)) {
            Some(list) => list,
            // A name that no list knows: from the bracket to the verb.
            None => {
                let first = p.words.get(i).filter(|w| w.cap)?;
                let chairs = |k: &usize| chairs(*k) && p.word(*k) != Some("thực");
                let next = (i + 2..i + 12).take_while(|k| p.gap_before(*k) == " ").find(chairs)?;
                let end = p.words.get(next - 1)?.end;
                List { units: vec![Found { start: first.start, end, next, head: None }], next }
            }
        };
        self.add(&list, Role::Lead, "chairs", 0.93);
        self.lead_in_clause = true;
        Some(list.next)
    }

    /// "Cơ quan chuyên môn về y tế có trách nhiệm ...": words of duty tell where a long name ends.
    pub(super) fn bound(&mut self, at: usize) -> Option<usize> {
        let list = duty::holder(self.p, at).or_else(|| duty::titled(self.p, at));
        let list = match list {
            Some(list) => list,
            None if at == 0 || self.p.gap_before(at).contains('.') => duty::executors(self.p, at)?,
            None => return None,
        };
        // A later sentence that tells what people in general must do names no lead of the order.
        if at > 0 && self.p.gap_before(at).contains('.') && unit_lists::list_at(self.p, at).is_none() {
            return None;
        }
        self.add(&list, Role::Lead, "holder_of_duty", 0.75);
        self.lead_in_clause = true;
        Some(list.next)
    }
}
