//! Which letter a mark belongs to, before lines are known: where a band of the page ends close above a line, the marks of
//! that line would stay in the band, and bold titles would be read without them.

use super::bands::Rect;

/// Pieces of ink lower than this, in ems, are marks or points rather than letters.
const LETTER: f32 = 0.4;

/// Marks reach this far above a letter, stacked ones too, and dots this far below, in ems.
const ABOVE: f32 = 0.5;
const BELOW: f32 = 0.3;

/// What lies below a letter is seldom its own: a dot, while every other mark stands above.
const BELOW_COSTS: f32 = 1.8;

/// For each piece the box that tells where on the page it belongs: of a mark that of its letter, else its own.
pub(super) fn anchors(pieces: &[(usize, Rect)], em: f32) -> Vec<Rect> {
    let is_letter = |r: &Rect| r[3] - r[1] >= LETTER * em;
    let mut letters: Vec<Rect> = pieces.iter().map(|(_, r)| *r).filter(is_letter).collect();
    letters.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let widest = letters.iter().map(|r| r[2] - r[0]).fold(0.0, f32::max);
    let letter_of = |r: &Rect| {
        let middle = (r[0] + r[2]) / 2.0;
        let from = letters.partition_point(|l| l[0] < middle - widest - em);
        let facing = letters.iter().skip(from).take_while(|l| l[0] <= middle + 0.1 * em);
        let costs = facing.filter(|l| l[2] >= middle - 0.1 * em).filter_map(|l| {
            let (above, below) = (l[1] - r[3], r[1] - l[3]);
            let cost = if below > 0.0 { below * BELOW_COSTS } else { above.max(0.0) };
            (above <= ABOVE * em && below <= BELOW * em).then_some((cost, l))
        });
        costs.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, l)| *l)
    };
    let anchor = |(_, r): &(usize, Rect)| if is_letter(r) { *r } else { letter_of(r).unwrap_or(*r) };
    pieces.iter().map(anchor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_goes_where_its_letter_is() {
        let (upper, lower) = ([0.0, 0.0, 20.0, 30.0], [0.0, 66.0, 20.0, 96.0]);
        let (dot_below, acute, circumflex) =
            ([8.0, 35.0, 12.0, 39.0], [6.0, 46.0, 14.0, 54.0], [4.0, 56.0, 16.0, 63.0]);
        let far = [200.0, 40.0, 206.0, 48.0];
        let pieces: Vec<(usize, Rect)> =
            [upper, lower, dot_below, acute, circumflex, far].into_iter().enumerate().collect();
        assert_eq!(anchors(&pieces, 42.0), [upper, lower, upper, lower, lower, far]);
    }
}
