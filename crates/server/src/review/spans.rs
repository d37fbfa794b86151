use vanthu_model::Span;

/// Where passages of a text stand after some of its passages were replaced, and back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpanMap {
    /// The replaced passages in order: before and after.
    edits: Vec<(Span, Span)>,
}

impl SpanMap {
    /// The map of replacements that are in order and share no character: the passage before, and characters in its
    /// place.
    pub fn new(replaced: impl IntoIterator<Item = (Span, usize)>) -> Self {
        let mut edits: Vec<(Span, Span)> = Vec::new();
        for (before, len) in replaced {
            let start = match edits.last() {
                Some((b, a)) => a.end + (before.start - b.end),
                None => before.start,
            };
            edits.push((before, Span::new(start, start + len)));
        }
        Self { edits }
    }

    /// The passage after the replacements. Of a replaced passage it takes all or nothing.
    pub fn forth(&self, span: Span) -> Span {
        moved(&self.edits, span, |(from, to)| (*from, *to))
    }

    /// The passage before the replacements.
    pub fn back(&self, span: Span) -> Span {
        moved(&self.edits, span, |(from, to)| (*to, *from))
    }
}

fn moved(edits: &[(Span, Span)], span: Span, sides: impl Fn(&(Span, Span)) -> (Span, Span)) -> Span {
    let at = |position: usize, end: bool| {
        // The last replacement that begins before the position, or at it for ends of what is in it.
        let before = edits.partition_point(|e| sides(e).0.start < position);
        let Some((from, to)) = before.checked_sub(1).and_then(|i| edits.get(i)).map(&sides) else {
            return position;
        };
        if position >= from.end {
            to.end + (position - from.end)
        } else if end {
            to.end
        } else {
            to.start
        }
    };
    let start = at(span.start, false);
    Span::new(start, at(span.end, true).max(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_follow_their_words_there_and_back() {
        // "ab cd ef" → "ab xyz ef"
        let map = SpanMap::new([(Span::new(3, 5), 3)]);
        for (from, to) in
            [((0, 2), (0, 2)), ((3, 5), (3, 6)), ((6, 8), (7, 9)), ((0, 8), (0, 9)), ((3, 8), (3, 9))]
        {
            let (from, to) = (Span::new(from.0, from.1), Span::new(to.0, to.1));
            assert_eq!(map.forth(from), to);
            assert_eq!(map.back(to), from);
        }
        assert_eq!(map.forth(Span::new(4, 8)), Span::new(3, 9), "a part of a replaced passage is all of it");
        // Two replacements, the second of which shrinks.
        let map = SpanMap::new([(Span::new(0, 2), 4), (Span::new(3, 5), 0)]);
        assert_eq!(map.forth(Span::new(6, 8)), Span::new(6, 8));
        assert_eq!(map.back(Span::new(6, 8)), Span::new(6, 8));
        assert_eq!(map.forth(Span::new(3, 5)), Span::new(5, 5));
    }
}
