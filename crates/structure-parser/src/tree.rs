//! Paragraphs nested by their labels.
//!
//! No fixed table gives the depth of a label: any level may be skipped. What counts is which families are open at
//! the place, and that a list opened by a colon goes under the words that open it.

use crate::amendments::Quotation;
use crate::labels::{self, Family, Label};
use crate::paragraphs::Paragraph;
use crate::passage::Passage;
use vanthu_model::{Diagnostic, SectionRole, Severity, Span};

/// A paragraph or item in its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its label.
    pub label: Option<Label>,
    /// Its text without the label.
    pub body: Passage,
    /// Whether the text is in capitals.
    pub caps: bool,
    /// Index of the component it belongs to.
    pub component: usize,
    /// The node above.
    pub parent: Option<usize>,
    /// Nodes below, in order.
    pub children: Vec<usize>,
    /// Whether it is a heading: a title, not an order.
    pub heading: bool,
    /// What its section is for.
    pub role: SectionRole,
    /// Character offset of its label or text.
    pub start: usize,
    /// Whether it is part of the new words of an amended provision.
    pub quoted: bool,
}

impl Node {
    /// Its label's family.
    pub fn family(&self) -> Option<Family> {
        self.label.as_ref().map(|l| l.family)
    }

    /// Whether the text ends in a colon, or in words of duty that another sign was read behind.
    pub fn opens(&self) -> bool {
        let text = self.body.text.trim_end_matches(['*', ' ']);
        let duty = |t: &str| t.ends_with("có trách nhiệm") || t.ends_with("như sau");
        text.ends_with(':') || !self.children.is_empty() && duty(text.trim_end_matches([';', '.', ',', ' ']))
    }
}

/// All nodes in text order.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// The nodes.
    pub nodes: Vec<Node>,
}

impl Tree {
    /// Adds the paragraphs of one component.
    pub fn add(&mut self, component: usize, paragraphs: Vec<Paragraph>, diagnostics: &mut Vec<Diagnostic>) {
        let mut stack: Vec<usize> = Vec::new();
        let mut last_child: Vec<(Option<usize>, Family, u32)> = Vec::new();
        let mut quotation = Quotation::default();
        for p in paragraphs {
            let i = self.nodes.len();
            let quoted = quotation.holds(&p, || {
                let labels = stack.iter().filter_map(|i| self.nodes.get(*i)?.label.as_ref());
                labels.map(|l| (l.family, l.value)).collect()
            });
            let parent = match &p.label {
                Some(l) if !quoted => self.place(&mut stack, l),
                Some(_) => stack.last().copied(),
                None => self.place_plain(&mut stack),
            };
            if let Some(l) = p.label.as_ref().filter(|_| !quoted) {
                if !l.family.is_bullet() {
                    sequence(&mut last_child, parent, l, p.start, diagnostics);
                }
                stack.push(i);
            }
            if let Some(n) = parent.and_then(|q| self.nodes.get_mut(q)) {
                n.children.push(i);
            }
            self.nodes.push(Node {
                label: p.label,
                body: p.body,
                caps: p.caps,
                component,
                parent,
                children: Vec::new(),
                heading: false,
                role: SectionRole::Other,
                start: p.start,
                quoted,
            });
        }
        let began = self.nodes.iter().rev().take_while(|n| n.quoted).last();
        if let Some(began) = began.filter(|_| quotation.is_open()) {
            let message = "trích dẫn mở ngoặc kép từ đây đến hết văn bản mà không đóng: nhiệm vụ trong đó không được lấy";
            diagnostics.push(Diagnostic {
                code: "quotation_not_closed".into(),
                severity: Severity::Warning,
                message: message.into(),
                span: began.body.spans(0, began.body.text.len()).first().copied(),
                page: None,
            });
        }
    }

    /// Closes what a new label closes; gives the node it goes under.
    fn place(&self, stack: &mut Vec<usize>, label: &Label) -> Option<usize> {
        let family_of = |i: &usize| self.nodes.get(*i).and_then(Node::family);
        let opens = stack.last().and_then(|i| self.nodes.get(*i)).is_some_and(Node::opens);
        let first = label.value == 1;
        if let Some(at) = stack.iter().rposition(|i| family_of(i) == Some(label.family)) {
            // "1." under an item that ends in a colon begins a list of its own, where the one above is past 1.
            let nested = first
                && opens
                && at + 1 < stack.len()
                && !label.family.is_bullet()
                && label.family >= Family::Number;
            if !nested {
                stack.truncate(at);
            }
            return stack.last().copied();
        }
        if label.family.is_bullet() {
            // A star stands above dashes unless a colon opens it.
            if label.family == Family::Star && !opens {
                while stack
                    .last()
                    .is_some_and(|i| family_of(i).is_some_and(|f| f == Family::Dash || f == Family::Plus))
                {
                    stack.pop();
                }
            }
            return stack.last().copied();
        }
        let list = first && opens && label.family >= Family::Number;
        if !list {
            while stack.last().is_some_and(|i| family_of(i).is_some_and(|f| f > label.family)) {
                stack.pop();
            }
        }
        stack.last().copied()
    }

    /// The node a paragraph without a label goes under: past closed bullets, up to the item that holds them.
    fn place_plain(&self, stack: &mut Vec<usize>) -> Option<usize> {
        while let Some(n) = stack.last().and_then(|i| self.nodes.get(*i)) {
            if n.family().is_some_and(Family::is_bullet) && !n.opens() {
                stack.pop();
            } else {
                break;
            }
        }
        stack.last().copied()
    }

    /// Parts nodes in two where `ends` says that a title ends inside the text: the rest becomes a paragraph below it.
    pub fn part_titles(&mut self, ends: &[Option<usize>]) {
        if ends.iter().all(Option::is_none) {
            return;
        }
        let mut place: Vec<usize> = Vec::with_capacity(self.nodes.len());
        let mut shift = 0;
        for i in 0..self.nodes.len() {
            place.push(i + shift);
            shift += usize::from(ends.get(i).copied().flatten().is_some());
        }
        let moved = |i: usize| place.get(i).copied().unwrap_or(i);
        let mut out: Vec<Node> = Vec::with_capacity(self.nodes.len() + shift);
        for (i, mut n) in std::mem::take(&mut self.nodes).into_iter().enumerate() {
            n.parent = n.parent.map(moved);
            n.children = n.children.into_iter().map(moved).collect();
            let Some(end) = ends.get(i).copied().flatten() else {
                out.push(n);
                continue;
            };
            let rest = n.body.part(end, n.body.text.len());
            let rest = rest
                .part(rest.text.len() - rest.text.trim_start_matches([':', ' ', '.']).len(), rest.text.len());
            let start = rest.spans(0, rest.text.len()).first().map_or(n.start, |s| s.start);
            let child = Node {
                label: None,
                caps: false,
                component: n.component,
                parent: Some(out.len()),
                children: Vec::new(),
                heading: false,
                role: n.role,
                start,
                quoted: n.quoted,
                body: rest,
            };
            n.children.insert(0, out.len() + 1);
            n.body = n.body.part(0, end);
            out.push(n);
            out.push(child);
        }
        self.nodes = out;
    }

    /// The nodes above `i`, nearest first.
    pub fn above(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = self.nodes.get(i).and_then(|n| n.parent);
        std::iter::from_fn(move || {
            let here = at?;
            at = self.nodes.get(here).and_then(|n| n.parent);
            Some(here)
        })
    }
}

/// Notes a label that skips or repeats its predecessor. The drafter may have meant it: nothing is renumbered.
fn sequence(
    last: &mut Vec<(Option<usize>, Family, u32)>,
    parent: Option<usize>,
    label: &Label,
    start: usize,
    diagnostics: &mut Vec<Diagnostic>,
) {
    // Only the lists that may still be open matter, and they are few.
    if last.len() > 64 {
        last.drain(..32);
    }
    let span = Some(Span::new(start, start + label.raw.chars().count()));
    let mut note = |code: &str, message: String| {
        diagnostics.push(Diagnostic {
            code: code.into(),
            severity: Severity::Warning,
            message,
            span,
            page: None,
        });
    };
    match last.iter_mut().rev().find(|(p, f, _)| *p == parent && *f == label.family) {
        Some((_, _, value)) => {
            let d_to_e = label.family == Family::Letter && (*value, label.value) == (4, 6);
            // Letters outside the official alphabet share a place with their neighbour.
            if label.value == *value && !matches!(label.name.as_str(), "f" | "j" | "w" | "z") {
                note("label_repeated", format!("nhãn \"{}\" lặp lại", label.name));
            } else if label.value > *value + 1 && !d_to_e {
                let before =
                    if label.family == Family::Roman { labels::roman(*value) } else { value.to_string() };
                note("label_skipped", format!("nhãn \"{}\" đứng ngay sau nhãn thứ {before}", label.name));
            }
            *value = label.value;
        }
        None => last.push((parent, label.family, label.value)),
    }
    if label.doubtful {
        note("label_repaired", format!("nhãn đọc được \"{}\", hiểu là \"{}\"", label.raw, label.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lines, paragraphs};
    use vanthu_model::Document;

    fn tree(text: &str) -> (Tree, Vec<Diagnostic>) {
        let doc = Document::from_text(text);
        let lines: Vec<_> = lines::read(&doc).into_iter().filter(|l| !l.furniture).collect();
        let mut t = Tree::default();
        let mut d = Vec::new();
        t.add(0, paragraphs::join(&lines, &paragraphs::Habit::of(&lines)), &mut d);
        (t, d)
    }

    fn shape(t: &Tree) -> Vec<usize> {
        (0..t.nodes.len()).map(|i| t.above(i).count()).collect()
    }

    #[test]
    fn families_open_at_the_place_decide() {
        let (t, d) = tree("I. MỘT\n1. Hai\n- Ba:\n+ Bốn.\n+ Năm.\n- Sáu.\n2. Bảy\nII. TÁM\n- Chín.");
        assert_eq!(shape(&t), [0, 1, 2, 3, 3, 2, 1, 0, 1]);
        assert!(d.is_empty());
    }

    #[test]
    fn skipped_labels_are_told_not_mended() {
        let (t, d) = tree("III. MỘT\n- Hai.\nV. BA\n- Bốn.");
        assert_eq!(t.nodes[2].label.as_ref().unwrap().name, "V");
        assert_eq!(d[0].code, "label_skipped");
    }

    #[test]
    fn the_words_of_an_amended_provision_are_numbered_apart() {
        let text = "Điều 1. Sửa đổi, bổ sung một số điều của Quy chế kho giống\n\
            1. Khoản 3 Điều 5 được sửa đổi như sau:\n“3. Chủ kho phải:\na) Kiểm tra kho;\nb) Gọi là “Kho mẫu”.\n\
            4. Sở Kho giống cấp thẻ.”\n2. Bổ sung Điều 7a như sau:\n“Điều 7a. Thẻ kho\n1. Thẻ do Sở cấp.\n\
            2. Thẻ mất thì cấp lại.\n3. Khoản 2 Điều 8 được sửa đổi như sau:\nỊ “2. Thẻ xanh.?\n4. Bãi bỏ Điều 9.\nĐiều 2. Hiệu lực thi hành\n1. Sở Kho giống thi hành.";
        let (t, d) = tree(text);
        let quoted: Vec<bool> = t.nodes.iter().map(|n| n.quoted).collect();
        let quoted: Vec<usize> = (0..quoted.len()).filter(|i| quoted[*i]).collect();
        // The second quotation was not closed: the item that amends on closes it.
        assert_eq!(quoted, [2, 3, 4, 5, 7, 8, 9, 11]);
        assert_eq!(shape(&t), [0, 1, 2, 2, 2, 2, 1, 2, 2, 2, 1, 2, 1, 0, 1]);
        assert!(d.is_empty(), "{d:?}");
        // The article that orders closes one that was never closed, too.
        let text = "Điều 1. Sửa đổi Điều 5 như sau:\n“Điều 5. Thẻ kho\nThẻ do Sở cấp.\n\
            Điều 2. Chánh Văn phòng và các kho chịu trách nhiệm thi hành Nghị quyết này.";
        let quoted: Vec<bool> = tree(text).0.nodes.iter().map(|n| n.quoted).collect();
        assert_eq!(quoted, [false, true, true, false]);
        let text = "1. Rà soát, bổ sung điều kiện giai đoạn 2021 - 2025:\n“Mỗi kho một giống” là trọng tâm.\n2. Kiểm tra kho.";
        assert!(tree(text).0.nodes.iter().all(|n| !n.quoted));
        // A saying in quotation marks is none.
        let (t, _) = tree("1. Tuyên truyền khẩu hiệu:\n“Kho sạch, giống tốt”\n2. Kiểm tra kho.");
        assert!(t.nodes.iter().all(|n| !n.quoted));
    }

    #[test]
    fn new_words_begin_behind_their_announcement_or_a_dash() {
        let quoted = |text: &str| -> Vec<usize> {
            let nodes = tree(text).0.nodes;
            (0..nodes.len()).filter(|i| nodes[*i].quoted).collect()
        };
        let text = "1. Khoản 3 Điều 5 được sửa đổi như sau: “3. Chủ kho phải:\na) Kiểm tra kho;\nb) Nộp thẻ.”\n\
            2. Bãi bỏ Điều 6.";
        assert_eq!(quoted(text), [1, 2]);
        let text = "1. Khoản 3 Điều 5 được sửa đổi như sau:\n- “Chủ kho kiểm tra kho;\n- Chủ kho nộp thẻ.”\n2. Bãi bỏ Điều 6.";
        assert_eq!(quoted(text), [1, 2]);
        // A quoted item that orders something to be added ended the quotation.
        let text = "1. Điều 5 được sửa đổi như sau:\n“Điều 5. Thẻ kho\n1. Cấp thẻ.\n2. Bổ sung kinh phí cho kho.\n3. Thu thẻ.”\n\
            2. Bãi bỏ Điều 6.";
        assert_eq!(quoted(text), [1, 2, 3, 4]);
    }

    #[test]
    fn a_quotation_that_never_closes_is_told() {
        let (t, d) =
            tree("1. Điều 5 được sửa đổi như sau:\n“Điều 5. Thẻ kho\n1. Sở cấp thẻ.\n2. Sở thu thẻ.");
        assert_eq!(t.nodes.iter().filter(|n| n.quoted).count(), 3);
        assert_eq!(d.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["quotation_not_closed"]);
    }

    #[test]
    fn dotted_numbers_go_under_their_number() {
        let (t, _) = tree("1. Một\n1.1. Hai\na) Ba.\n1.2. Bốn\n2. Năm");
        assert_eq!(shape(&t), [0, 1, 2, 1, 0]);
    }
}
