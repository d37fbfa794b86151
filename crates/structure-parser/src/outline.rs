//! Headings as they go into the record: flat, in text order, each with the path of its labels.

use crate::layout::Component;
use crate::source::Source;
use crate::tree::Tree;
use std::collections::{HashMap, HashSet};
use vanthu_model::{OutlineNode, Span};

/// The headings of `tree`.
pub fn build(tree: &Tree, components: &[Component], source: &Source) -> Vec<OutlineNode> {
    let mut out = Vec::new();
    let mut ids: HashMap<usize, (String, u32)> = HashMap::new();
    let mut used: HashSet<String> = HashSet::new();
    let mut repeats: HashMap<String, usize> = HashMap::new();
    for (i, n) in tree.nodes.iter().enumerate() {
        let (true, Some(label)) = (n.heading, &n.label) else { continue };
        let above = tree.above(i).find_map(|a| ids.get(&a));
        let prefix = components.get(n.component).map_or("main", |c| c.prefix.as_str());
        let base = match above {
            Some((id, _)) => format!("{id}/{}", label.name),
            None => format!("{prefix}/{}", label.name),
        };
        let mut id = base.clone();
        while !used.insert(id.clone()) {
            let count = repeats.entry(base.clone()).or_insert(1);
            *count += 1;
            id = format!("{base}~{count}");
        }
        let level = above.map_or(1, |(_, l)| l + 1);
        let parent = above.map(|(id, _)| id.clone());
        ids.insert(i, (id.clone(), level));
        let text = &n.body.text;
        let end = text.trim_end_matches([':', '.', ' ', '*']).len();
        let mut spans = n.body.spans(0, end);
        if spans.is_empty() {
            spans.push(Span::new(n.start, n.start + label.raw.chars().count()));
        }
        let confidence = if label.doubtful { 0.7 } else { 0.95 };
        out.push(OutlineNode {
            id,
            parent,
            level,
            label: label.name.clone(),
            label_raw: label.raw.clone(),
            title: text.get(..end).unwrap_or("").to_owned(),
            role: n.role,
            evidence: source.evidence(
                spans,
                if label.doubtful { "repaired_label" } else { "labelled_title" },
                confidence,
            ),
        });
    }
    out
}
