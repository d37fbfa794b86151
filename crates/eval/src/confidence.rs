//! Confidences of an output beside whether each thing it says is right.

use crate::calibration::Observation;
use crate::distance::{Step, align};
use crate::matching::Matches;
use crate::register::Register;
use crate::structure::{is_given, same_field};
use crate::text::tokens;
use crate::vocabulary::Vocabulary;
use std::collections::BTreeMap;
use vanthu_model::{BlockKind, CharIndex, Document};

/// Whether a block is print of the document.
fn is_print(kind: BlockKind) -> bool {
    !matches!(kind, BlockKind::Stamp | BlockKind::Handwriting)
}

/// The printed text of a document, block after block: without stamps, handwriting and form feeds.
pub fn printed_text(document: &Document) -> String {
    let index = CharIndex::new(&document.text);
    let blocks = document.pages.iter().flat_map(|p| &p.blocks).filter(|b| is_print(b.kind));
    let texts: Vec<&str> = blocks.map(|b| index.slice(&document.text, b.span)).collect();
    let mut text = texts.join("\n").replace('\u{c}', "");
    text.push('\n');
    text
}

/// For each word of a text, its confidence and whether the true text has it in that place, letter case counted. `tag` is
/// whatever is to be known of a word beside that.
pub fn words<'t, T: Copy>(
    gold: &str,
    output: impl IntoIterator<Item = (&'t str, f32, T)>,
) -> Vec<(T, Observation)> {
    let mut given = Vec::new();
    for (text, confidence, tag) in output {
        // A word may hold a blank where one read word was parted.
        given.extend(tokens(text).into_iter().map(|token| (token, confidence, tag)));
    }
    let gold = tokens(gold);
    let mut vocabulary = Vocabulary::default();
    let lower = |token: &String| token.to_lowercase();
    let left: Vec<u32> = gold.iter().map(|t| vocabulary.id(&lower(t))).collect();
    let right: Vec<u32> = given.iter().map(|(t, ..)| vocabulary.id(&lower(t))).collect();
    let mut correct = vec![false; given.len()];
    for step in align(&left, &right) {
        if let Step::Pair(i, j) = step
            && let (Some(token), Some((word, ..)), Some(flag)) =
                (gold.get(i), given.get(j), correct.get_mut(j))
        {
            *flag = token == word;
        }
    }
    let observed = given.into_iter().zip(correct);
    observed.map(|((_, confidence, tag), right)| (tag, Observation { confidence, right })).collect()
}

/// For each kind of entry that an output says its confidence of (`tasks`, `units`, `deadlines`, `targets`,
/// `references`, `outline`, `metadata`), the confidences and whether the annotation has the entry.
pub fn entries(gold: &Register, output: &Register) -> BTreeMap<&'static str, Vec<Observation>> {
    let matches = Matches::of(gold, output);
    let mut all: BTreeMap<&'static str, Vec<Observation>> = BTreeMap::new();
    let mut see = |kind, confidence: Option<f32>, right| {
        if let Some(confidence) = confidence {
            all.entry(kind).or_default().push(Observation { confidence, right });
        }
    };
    let found = |pairs: &[(usize, usize)], j: usize| pairs.iter().any(|(_, o)| *o == j);
    for (j, task) in output.tasks.iter().enumerate() {
        let at = matches.tasks.iter().position(|(_, o)| *o == j);
        see("tasks", task.confidence, at.is_some());
        // Units of a passage that is no task say nothing about how units are found.
        let Some(at) = at else { continue };
        let empty = Default::default();
        let (scored, reported) = matches.units.get(at).unwrap_or(&empty);
        for (k, unit) in task.units.iter().enumerate() {
            see("units", unit.confidence, found(scored, k) || found(reported, k));
        }
        let due = matches.deadlines.get(at).map_or(&[][..], Vec::as_slice);
        for (k, deadline) in task.deadlines.iter().enumerate() {
            see("deadlines", deadline.confidence, found(due, k));
        }
    }
    for (j, target) in output.targets.iter().enumerate() {
        see("targets", target.confidence, found(&matches.targets, j));
    }
    for (j, reference) in output.references.iter().enumerate() {
        see("references", reference.confidence, found(&matches.references, j));
    }
    for (j, heading) in output.outline.iter().enumerate() {
        see("outline", heading.confidence, found(&matches.outline, j));
    }
    let evidence = output.metadata.get("evidence").and_then(serde_json::Value::as_object);
    for (key, told) in evidence.into_iter().flatten() {
        let (g, o) = (gold.metadata.get(key), output.metadata.get(key));
        // Fields beyond the annotation guide have no truth.
        if gold.metadata.contains_key(key) && is_given(o) {
            let confidence = told.get("confidence").and_then(serde_json::Value::as_f64).map(|c| c as f32);
            see("metadata", confidence, is_given(g) && same_field(key, g, o));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::tests::GOLD;
    use vanthu_model::Block;

    #[test]
    fn a_word_is_right_where_the_truth_has_it_in_its_place() {
        let said = [("Sở", 0.9, 1), ("Thuỷ lơi", 0.5, 2), ("Tỉnh", 0.8, 3), ("x", 0.1, 4)];
        let seen = words("Sở Thủy lợi tỉnh", said);
        let told: Vec<(i32, f32, bool)> = seen.iter().map(|(t, o)| (*t, o.confidence, o.right)).collect();
        assert_eq!(told, [(1, 0.9, true), (2, 0.5, true), (2, 0.5, false), (3, 0.8, false), (4, 0.1, false)]);
    }

    #[test]
    fn entries_are_right_where_they_are_paired() {
        let gold = Register::annotation(GOLD).unwrap();
        let mut output = gold.clone();
        output.tasks[0].confidence = Some(0.75);
        output.tasks[0].units[0].confidence = Some(0.5);
        output.references[0].confidence = Some(0.25);
        output.references[0].symbol = Some("8/QĐ-SMT".into());
        let seen = entries(&gold, &output);
        assert_eq!(seen["tasks"], [Observation { confidence: 0.75, right: true }]);
        assert_eq!(seen["units"], [Observation { confidence: 0.5, right: true }]);
        assert_eq!(seen["references"], [Observation { confidence: 0.25, right: false }]);
        assert!(!seen.contains_key("targets"));
    }

    #[test]
    fn stamps_are_no_print() {
        let mut document = Document::from_text("một\n\nhai\n\u{c}ba\n");
        let stamp: &mut Block = &mut document.pages[0].blocks[1];
        stamp.kind = BlockKind::Stamp;
        assert_eq!(printed_text(&document), "một\nba\n");
    }
}
