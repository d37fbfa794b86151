//! What becomes of a field of which there are two readings, that of OCR and that of its digits.

use super::lattice::Guess;

/// What becomes of the reading of a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ruling {
    /// It stays as it is, at least this sure.
    Stays(f32),
    /// It stays, no surer than this.
    InDoubt(f32),
    /// The digits take its place, with this confidence.
    Replaced(String, f32),
}

/// The most a reading is worth that the ink does not bear out: below what counts as sure anywhere.
const DOUBT: f32 = 0.45;

/// From this on digits take the place of what was read.
const ENOUGH: f32 = 0.55;

/// OCR reads printed digits right nine times in ten where it says 0.8, those by hand four times in ten.
const BY_HAND: f32 = 0.5;

/// As many other numbers share what OCR does not give its own.
const OTHERS: f32 = 6.0;

/// From this confidence on OCR is right about digits that look printed.
const SURE: f32 = 0.6;

/// Digits as clear as this are a reason to doubt them.
const CLEAR: f32 = 0.8;

/// And about any digits from this on.
const CERTAIN: f32 = 0.9;

/// Rules on a field that OCR read as `read`, its words parted by blanks, with `confidence`. `is_print` says that the ink stands as print does: all of one
/// height, on the line.
pub(super) fn rule(read: &str, confidence: f32, is_print: bool, guesses: &[Guess]) -> Ruling {
    let is_number = !read.is_empty() && read.chars().all(|c| c.is_ascii_digit() || c == ' ');
    let Some(best) = weigh(read, confidence, is_print, is_number, guesses) else {
        let sure = is_number && (is_print || confidence >= CERTAIN);
        return Ruling::InDoubt(if sure { confidence } else { DOUBT });
    };
    // The stroke of the symbol, taken for a 1, is no reason to change a number.
    let stroke = best.digits.strip_prefix(read).is_some_and(|rest| rest.chars().all(|c| c == '1'));
    if is_number && stroke && best.digits != read {
        return Ruling::Stays(confidence);
    }
    if best.digits == read {
        return Ruling::Stays(best.probability);
    }
    if is_number && (is_print && confidence >= SURE || confidence >= CERTAIN) {
        // Print is what OCR is made for; a contradiction is worth a look all the same.
        return if best.probability > CLEAR && confidence < CERTAIN {
            Ruling::InDoubt(DOUBT)
        } else {
            Ruling::Stays(confidence)
        };
    }
    if best.probability >= ENOUGH {
        return Ruling::Replaced(best.digits, best.probability);
    }
    Ruling::InDoubt(DOUBT)
}

/// The best guess once the reading of OCR is weighed in.
fn weigh(read: &str, confidence: f32, is_print: bool, is_number: bool, guesses: &[Guess]) -> Option<Guess> {
    let trust = confidence.clamp(0.05, 0.95) * if is_print { 1.0 } else { BY_HAND };
    // A digit may have been read twice: "0 06".
    let said = |g: &Guess| g.digits == read || read.split(' ').any(|w| w.len() > 1 && w == g.digits);
    let prior = |g: &Guess| match (is_number, said(g)) {
        (false, _) => 1.0,
        (true, true) => trust,
        (true, false) => (1.0 - trust) / OTHERS,
    };
    let known: f32 = guesses.iter().map(|g| g.probability).sum();
    let total: f32 = guesses.iter().map(|g| g.probability * prior(g)).sum();
    let best =
        guesses.iter().max_by(|a, b| (a.probability * prior(a)).total_cmp(&(b.probability * prior(b))))?;
    // What the guesses leave to no number at all stays with it.
    let probability = best.probability * prior(best) / total.max(1e-9) * known.min(1.0);
    Some(Guess { digits: best.digits.clone(), probability })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guesses(all: &[(&str, f32)]) -> Vec<Guess> {
        all.iter().map(|(d, p)| Guess { digits: (*d).into(), probability: *p }).collect()
    }

    #[test]
    fn digits_by_hand_win_where_they_are_clear() {
        let clear = guesses(&[("115", 0.93), ("445", 0.02)]);
        assert!(matches!(rule("445", 0.81, false, &clear), Ruling::Replaced(d, p) if d == "115" && p > 0.85));
        let unclear = guesses(&[("115", 0.3), ("145", 0.25), ("445", 0.02)]);
        assert_eq!(rule("4{5", 0.6, false, &unclear), Ruling::InDoubt(DOUBT));
    }

    #[test]
    fn print_stays() {
        let other = guesses(&[("255", 0.7), ("225", 0.2)]);
        assert!(matches!(rule("225", 0.81, true, &other), Ruling::Stays(_)));
        assert!(matches!(rule("225", 0.81, true, &guesses(&[("255", 0.99)])), Ruling::InDoubt(_)));
        assert_eq!(rule("11", 0.6, false, &guesses(&[("111", 0.99)])), Ruling::Stays(0.6));
        assert_eq!(rule("225", 0.81, true, &[]), Ruling::InDoubt(0.81));
    }

    #[test]
    fn both_together_are_surer_than_each() {
        let same = guesses(&[("22", 0.9), ("12", 0.05)]);
        assert!(matches!(rule("22", 0.8, false, &same), Ruling::Stays(p) if p > 0.93));
    }
}
