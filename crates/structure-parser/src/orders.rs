//! Whether a passage orders something: tells someone what to do from now on.

use crate::context::Context;
use crate::data::{Cue, DATA};
use crate::deadlines::{self, Setting};
use crate::fold;
use crate::labels::Family;
use crate::letterhead::opens_basis;
use crate::passage::Passage;
use crate::roles::{self, Cast};
use crate::unit_lists::{self, List};
use std::collections::HashSet;
use vanthu_model::{Role, SectionRole};

/// "đã đề ra 12 nhiệm vụ với các đơn vị": whom a news article says the orders go to.
pub fn told_to(p: &Passage) -> Option<List> {
    let at = p.low.find("nhiệm vụ")?;
    let from = p.word_from(at);
    (from..(from + 8).min(p.words.len()))
        .filter(|k| matches!(p.word(*k), Some("với" | "cho")))
        .find_map(|k| unit_lists::list_at(p, k + 1))
}

/// "Chỉ thị cũng yêu cầu ...": the document speaks again, to all.
pub fn speaks_anew(p: &Passage) -> bool {
    let head = fold::head(&p.low, 60);
    ["chỉ thị", "kế hoạch", "công văn", "văn bản", "nghị quyết", "công điện", "thông báo", "quyết định"]
        .iter()
        .any(|k| head.starts_with(k))
        && head.contains("yêu cầu")
}

/// Paragraphs after the last item that ask for action on the whole.
pub fn closing_nodes(cx: &Context<'_>) -> HashSet<usize> {
    let mut out = HashSet::new();
    let nodes = &cx.tree.nodes;
    if cx.news || !nodes.iter().any(|n| n.label.is_some()) {
        return out;
    }
    for i in (0..nodes.len()).rev() {
        let Some(n) = nodes.get(i) else { break };
        let last = nodes.get(i + 1).is_none_or(|m| m.component != n.component || out.contains(&(i + 1)));
        if !last {
            continue;
        }
        let opens = roles::cue(&n.body, 0, Cue::Closing).is_some() || issuer_orders(&n.body);
        // The only paragraph under a heading is what the heading announces.
        let alone =
            n.parent.and_then(|q| nodes.get(q)).is_some_and(|q| q.heading && q.children.first() == Some(&i));
        if n.label.is_none() && opens && !alone && cx.attribute(i).is_none() {
            out.insert(i);
        }
    }
    out
}

/// "UBND tỉnh yêu cầu ...": a unit that gives an order at the start.
fn issuer_orders(p: &Passage) -> bool {
    unit_lists::list_at(p, 0).is_some_and(|l| roles::cue(p, l.next, Cue::Assign).is_some())
}

/// Whether node `i` tells someone what to do from now on.
pub fn is_task(cx: &Context<'_>, i: usize, cast: &Cast, closing: bool) -> bool {
    let Some(n) = cx.tree.nodes.get(i) else { return false };
    let p = &n.body;
    let words = p.words.len();
    if words < 3 || n.caps && words < 12 || n.quoted {
        return false;
    }
    // "(Gửi kèm dự thảo ...)": a remark.
    if n.label.is_none() && p.text.starts_with('(') && p.text.trim_end_matches(['.', '/', ';']).ends_with(')')
    {
        return false;
    }
    if n.label.is_none()
        && (only_informs(&p.low)
            || cx.upward
                && n.parent
                    .is_some_and(|q| cx.tree.nodes.get(q).is_some_and(|q| q.role != SectionRole::Other))
                && only_submits(&p.low))
    {
        return false;
    }
    if closing {
        return cast.leads() || orders(p);
    }
    let low = &p.low;
    match n.role {
        SectionRole::Target
        | SectionRole::Purpose
        | SectionRole::Scope
        | SectionRole::Result
        | SectionRole::Assessment
        | SectionRole::Preamble => return false,
        _ => {}
    }
    // "Kinh phí thực hiện Kế hoạch do ngân sách bảo đảm.": where the money comes from.
    if low.starts_with("kinh phí ") && !many(p) && !cast.leads() && !orders(p) {
        return false;
    }
    // "Thời gian thảo luận chiếm ít nhất hai phần ba buổi họp.": a rule of how, no order.
    let measured = ["thời gian ", "thời lượng ", "số lượng "].iter().any(|w| low.starts_with(w));
    if measured && [" chiếm ", " là ", " gồm "].iter().any(|w| low.contains(w)) && !many(p) && !orders(p)
    {
        return false;
    }
    if n.label.is_none() && opens_basis(low) && low.ends_with(';')
        || low.starts_with("ghi chú")
        || low.starts_with("theo đề nghị của")
    {
        return false;
    }
    let named = |c: &usize| cx.tree.nodes.get(*c).is_some_and(|n| n.label.is_some());
    let items = n.children.iter().any(|c| named(c) && cx.attribute(*c).is_none_or(|a| !a.pure));
    let attributed = n.children.iter().any(|c| cx.attribute(*c).is_some());
    let many = many(p);
    if items {
        // Words that open a list order something themselves only where they hold more than the opening.
        let opens = n.opens() || !p.text.ends_with(['.', ';']);
        return if opens { many && !opens_list(low) && is_order(p, cast) } else { is_order(p, cast) };
    }
    let duty = low.trim_end_matches([':', ' ']).ends_with("có trách nhiệm") && !n.children.is_empty();
    if n.opens() && !many && !attributed && (opens_list(low) || duty) {
        return false;
    }
    let past = tells_past(low);
    if only_decides(p, cast) || takes_effect(p, cast) {
        return false;
    }
    let ordered = is_order(p, cast);
    if n.label.is_none() {
        if cx.news {
            return news_order(p, cast);
        }
        // What stands before the first item leads in to it.
        if n.parent.is_none()
            && let Some((_, last)) = cx.labelled(n.component)
        {
            return last < i && cast.leads() && !past && !only_informs(low);
        }
        if n.parent.is_none() {
            // A letter asks its addressees without naming them again: "Báo cáo gửi về Sở trước ngày 30/8/2026."
            let asks = !cx.addressees.is_empty()
                && !cx.upward
                && (low.starts_with("đề nghị ") || low.contains("gửi về ") || low.contains("đề nghị gửi "))
                && !deadlines::read(p, 0, p.text.len(), Setting::Sentence, cx.anchor).is_empty();
            let named = cast.leads() && (orders(p) || cast.actors.iter().any(|a| a.rule != "subject"));
            return !past && !n.opens() && (named || asks);
        }
        return ordered && !past && !n.opens() && !opens_list(low) && !only_informs(low);
    }
    if attributed {
        return true;
    }
    // "Giao Sở A:", "Điều 2. Nhiệm vụ của Tổ công tác": what stands below is told to the unit that is named there.
    let told = !past && n.parent.is_some_and(|q| !cx.heirs(q).is_empty());
    let in_article = n.family() == Some(Family::Article)
        || n.parent.and_then(|q| cx.tree.nodes.get(q)).is_some_and(|q| q.family() == Some(Family::Article));
    if in_article {
        // An article decides; it orders only where it names who acts.
        let duty = matches!(n.role, SectionRole::Task | SectionRole::Measure) && ordered && !past;
        // "...; chậm nhất 02 ngày làm việc phải chuyển ...": a duty with its limit.
        let due = || !deadlines::read(p, 0, p.text.len(), Setting::Sentence, cx.anchor).is_empty();
        let timed = !past && must(p) && due();
        return (cast.leads() || orders(p) || told || duty || timed)
            && !(low.contains("có hiệu lực") && words < 25);
    }
    match n.role {
        SectionRole::Task | SectionRole::Measure | SectionRole::Organisation | SectionRole::Petition => {
            ordered || !past
        }
        SectionRole::Funding => {
            ordered || n.label.as_ref().is_some_and(|l| !l.family.is_bullet()) && !past && cast.leads()
        }
        _ => ordered && !past || told,
    }
}

/// Whether the passage holds more than one clause.
fn many(p: &Passage) -> bool {
    p.text.contains(';') || p.text.contains(". ")
}

/// "Hướng dẫn này có hiệu lực từ ngày ký, thay thế ...": a rule, no order.
fn takes_effect(p: &Passage, cast: &Cast) -> bool {
    let head = fold::head(&p.low, 60);
    head.contains(" này có hiệu lực") && !cast.leads() && !orders(p)
}

/// "Đồng ý chủ trương ...", "Cho phép Sở A được ...", "Ghi nhận và đánh giá cao ...": a decision or praise, and no word of
/// what anyone is to do.
fn only_decides(p: &Passage, cast: &Cast) -> bool {
    let opens = DATA.list("decision_opener").iter().any(|w| p.low.starts_with(w.as_str()));
    let first = p.low.find([';', '.']).unwrap_or(p.low.len());
    opens && !orders(p) && !cast.actors.iter().any(|a| a.role == Role::Lead && a.unit.start > first)
}

/// "Văn phòng thông báo đến các cơ quan biết, thực hiện": the closing words of a notice.
fn only_informs(low: &str) -> bool {
    low.contains("thông báo")
        && (low.contains("biết, thực hiện")
            || low.contains("được biết")
            || low.contains("để biết")
            || low.trim_end_matches(['.', '/', ' ']).ends_with(" biết"))
}

/// "Sở A báo cáo Ủy ban nhân dân tỉnh xem xét, chỉ đạo./.": the closing words of a report.
fn only_submits(low: &str) -> bool {
    let end = low.trim_end_matches(['.', '/', ' ']);
    low.contains("báo cáo")
        && !low.contains("trình")
        && ["xem xét", "chỉ đạo", "quyết định", "theo dõi", "tổng hợp", "phê duyệt"]
            .iter()
            .any(|w| end.ends_with(w))
        && !low.contains("đề nghị")
        && low.len() < 320
}

/// Whether the words only announce a list.
fn opens_list(low: &str) -> bool {
    let t = low.trim_end_matches([':', ' ', '*', '.']);
    ["như sau", "sau đây", "dưới đây", "sau", "bao gồm", "gồm", "cụ thể", "nội dung", "nhiệm vụ"]
        .iter()
        .any(|w| t.ends_with(w))
}

/// Whether the passage begins as an order does, or names who must act.
fn is_order(p: &Passage, cast: &Cast) -> bool {
    cast.leads()
        || starts_with_order(p, 0)
        || p.words
            .iter()
            .enumerate()
            .any(|(k, _)| k > 0 && p.gap_before(k).contains(['.', ':']) && starts_with_order(p, k))
        || orders(p)
        || must(p)
}

/// Whether someone must do something: "thông tin cần trao đổi" tells which; "...; cần sử dụng ..." orders.
fn must(p: &Passage) -> bool {
    (3..p.words.len()).any(|k| {
        let must =
            p.word(k) == Some("phải") || p.word(k) == Some("cần") && p.gap_before(k).contains([';', ',']);
        must && roles::verb(p, k + 1).is_some()
    })
}

fn starts_with_order(p: &Passage, at: usize) -> bool {
    let mut k = at;
    for _ in 0..4 {
        let skipped = roles::cue(p, k, Cue::Linker)
            .or_else(|| roles::cue(p, k, Cue::Adverb).filter(|_| roles::verb(p, k).is_none()));
        match skipped {
            Some(n) => k += n,
            None => break,
        }
    }
    // "Được thực hiện ..." tells what was done.
    roles::verb(p, k).is_some() && p.word(k) != Some("được")
}

/// Whether words of order stand anywhere: "yêu cầu", "đề nghị", "có trách nhiệm", "chịu trách nhiệm".
pub fn orders(p: &Passage) -> bool {
    ["yêu cầu ", "đề nghị ", "có trách nhiệm ", "chịu trách nhiệm ", "giao "].iter().any(|w| {
        p.low.match_indices(w).any(|(at, _)| {
            let whole = !p.low.get(..at).is_some_and(|b| {
                b.ends_with(char::is_alphanumeric) || b.ends_with("được ") || b.ends_with("theo ")
            });
            whole && (*w != "giao " || hands_out(&p.low, at))
        })
    })
}

/// Whether "giao" at byte `at` gives someone a task: not in "Ngoại giao", "bàn giao", "giao thông".
fn hands_out(low: &str, at: usize) -> bool {
    let before = low.get(..at).unwrap_or("").trim_end();
    let after = low.get(at + "giao ".len()..).unwrap_or("");
    let compounds = DATA.list("giao_compound").iter();
    !compounds.filter_map(|c| c.split_once(' ')).any(|(a, b)| match (a, b) {
        ("giao", rest) => after.starts_with(rest),
        (first, _) => before.ends_with(first),
    })
}

/// Whether the passage tells what was done.
fn tells_past(low: &str) -> bool {
    let head = fold::head(low, 120);
    ["đã ", "trong thời gian qua", "thời gian qua", "tính đến", "trong tháng qua"]
        .iter()
        .any(|w| head.starts_with(w))
        || DATA.list("past_phrase").iter().any(|w| head.contains(w))
}

/// Whether a paragraph of a news article tells an order that the document is said to give.
fn news_order(p: &Passage, cast: &Cast) -> bool {
    let low = &p.low;
    let head = fold::head(low, 220);
    if low.contains("http") || p.words.len() < 12 {
        return false;
    }
    let start = fold::head(low, 90);
    let reports = DATA.list("news_background").iter().any(|w| start.contains(w) || low.contains("đã đề ra"));
    if reports {
        return false;
    }
    let told = starts_with_order(p, 0)
        || roles::cue(p, 0, Cue::Linker).is_some_and(|n| starts_with_order(p, n))
        || ["yêu cầu ", "giao ", "đề nghị "].iter().any(|w| head.contains(w));
    told || cast.leads()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::Builder;

    fn order(text: &str) -> bool {
        let mut b = Builder::default();
        b.line(text, 0, false, false);
        let p = b.build();
        is_order(&p, &roles::read(&p)) && !tells_past(&p.low)
    }

    #[test]
    fn orders_begin_with_a_verb_or_name_who_acts() {
        for t in [
            "Tiếp tục rà soát danh mục.",
            "Sở Y tế kiểm tra các cơ sở.",
            "Đồng thời, khẩn trương báo cáo.",
            "Về kinh phí: bố trí đủ.",
        ] {
            assert!(order(t), "{t}");
        }
        for t in ["Công tác rà soát còn chậm.", "Sở đã ban hành Kế hoạch.", "Được sự quan tâm của tỉnh."]
        {
            assert!(!order(t), "{t}");
        }
    }
}
