//! Notes at the foot of a text layer's page: smaller print below a short rule.

use super::bands::{Rect, quantile};
use super::grid::Rules;
use super::layer::Words;

/// The rule over notes lies below this share of the page's height, and takes these shares of the width of the print.
/// Word draws two inches, LaTeX 0.4 of the width.
const LOWEST: f32 = 0.45;
const WIDTH: std::ops::Range<f32> = 0.15..0.5;

/// It begins no further than this from the left edge of the print, in ems.
const LEFT: f32 = 1.0;

/// Notes are set in at most this share of the size of the text.
const SMALLER: f32 = 0.93;

/// The y of the rule below which the page's `lines`, each with its box, are notes.
pub(super) fn rule_over_notes(lines: &[(&Words, Rect)], rules: &Rules, em: f32, height: f32) -> Option<f32> {
    let left = quantile(lines.iter().map(|(_, r)| r[0]), 0.1)?;
    let right = quantile(lines.iter().map(|(_, r)| r[2]), 0.9)?;
    let over_notes = |at: f32| {
        let below = || lines.iter().filter(move |(_, r)| (r[1] + r[3]) / 2.0 > at).map(|(l, _)| l);
        let marked = below()
            .next()
            .and_then(|l| l.first())
            .is_some_and(|w| w.text.starts_with(|c: char| c.is_numeric() || c == '*'));
        let size = quantile(below().flat_map(|l| l.iter()).map(|w| w.size), 0.5);
        marked && size.is_some_and(|size| size <= SMALLER * em)
    };
    let rules = rules.level.iter().filter(|r| {
        let share = (r.to - r.from) / (right - left).max(1.0);
        r.at > LOWEST * height && WIDTH.contains(&share) && (r.from - left).abs() < LEFT * em
    });
    rules.map(|r| r.at).filter(|at| over_notes(*at)).min_by(f32::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Rule;
    use crate::pdf::LayerWord;
    use vanthu_model::BBox;

    fn line(text: &str, y: f32, size: f32) -> LayerWord {
        let bbox = BBox { x0: 80.0, y0: y - size, x1: 520.0, y1: y };
        LayerWord { text: text.into(), bbox, baseline: y, size }
    }

    fn found(note: &str, size: f32, rule: (f32, f32)) -> Option<f32> {
        let mut lines: Vec<LayerWord> = (0..20).map(|i| line("văn", 100.0 + 30.0 * i as f32, 14.0)).collect();
        lines.push(line(note, 740.0, size));
        lines.push(line("tiếp", 752.0, size));
        let rect = |w: &LayerWord| [80.0, w.baseline - 0.6 * w.size, 520.0, w.baseline];
        let lines: Vec<(Words, Rect)> = lines.iter().map(|w| (vec![w], rect(w))).collect();
        let lines: Vec<(&Words, Rect)> = lines.iter().map(|(l, r)| (l, *r)).collect();
        let rules = Rules { level: vec![Rule { at: 725.0, from: rule.0, to: rule.1 }], ..Rules::default() };
        rule_over_notes(&lines, &rules, 14.0, 842.0)
    }

    #[test]
    fn small_print_below_a_short_rule_is_a_note() {
        assert_eq!(found("1", 10.0, (80.0, 224.0)), Some(725.0));
        assert_eq!(found("¹Theo", 10.0, (80.0, 224.0)), Some(725.0));
        // The rule under a title, a line across the page, print of the size of the text, a line without a mark.
        assert_eq!(found("1", 10.0, (200.0, 344.0)), None);
        assert_eq!(found("1", 10.0, (80.0, 520.0)), None);
        assert_eq!(found("1", 14.0, (80.0, 224.0)), None);
        assert_eq!(found("Nơi", 10.0, (80.0, 224.0)), None);
    }
}
