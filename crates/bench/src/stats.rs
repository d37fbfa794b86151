//! The statistics behind every figure: medians over rounds, bootstrap intervals, growth.
//!
//! A round is one process. Its figure is the least time among its samples, since whatever disturbs a run only makes it
//! longer; what differs from process to process (where memory lies, what else the machine does) shows between rounds. So
//! rounds, not samples, are what is resampled. Intervals are percentile bootstrap intervals (Efron & Tibshirani 1993, ch.
//! 13): times lean to one side and rounds are few, which Welch's test, made for bell curves, does not forgive.

/// Times that rounds are drawn anew.
const RESAMPLES: usize = 4_000;

/// A figure and the bounds of its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// The figure.
    pub middle: f64,
    /// Upper bound.
    pub high: f64,
}

impl Interval {
    /// Half the width of the interval as a share of the figure.
    pub fn spread(&self) -> f64 {
        if self.middle == 0.0 { 0.0 } else { (self.high - self.low) / 2.0 / self.middle.abs() }
    }
}

/// A small generator of pseudo-random numbers (splitmix64): the same seed gives the same intervals and inputs.
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.roll() % n.max(1) as u64) as usize
    }
}

/// The median; 0 of nothing.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    match (sorted.get(n / 2), n.checked_sub(1).and_then(|last| sorted.get(last / 2))) {
        (Some(upper), Some(lower)) => (upper + lower) / 2.0,
        _ => 0.0,
    }
}

/// The least of `values`; infinite of none.
pub fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The value below which a share of the sorted `values` lies.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let at = (share * last as f64).round() as usize;
    sorted.get(at.min(last)).copied().unwrap_or(0.0)
}

/// The interval that holds `confidence` (0 to 1) of what `figure` gives when its data are drawn anew.
fn interval(middle: f64, confidence: f64, mut figure: impl FnMut(&mut Dice) -> f64) -> Interval {
    let mut dice = Dice(1);
    let mut drawn: Vec<f64> = (0..RESAMPLES).map(|_| figure(&mut dice)).collect();
    drawn.sort_by(f64::total_cmp);
    let tail = (1.0 - confidence) / 2.0;
    Interval { low: quantile(&drawn, tail), middle, high: quantile(&drawn, 1.0 - tail) }
}

/// As many of `values` as there are, each drawn from all.
fn draw(values: &[f64], dice: &mut Dice) -> Vec<f64> {
    values.iter().filter_map(|_| values.get(dice.below(values.len()))).copied().collect()
}

/// The median of `values` with its interval.
pub fn median_interval(values: &[f64], confidence: f64) -> Interval {
    interval(median(values), confidence, |dice| median(&draw(values, dice)))
}

/// How two measurements came about, which decides how their ratio is drawn anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairing {
    /// Round for round one after the other, so that whatever slowed the machine slowed both.
    Interleaved,
    /// At different times.
    Apart,
}

/// The ratio of `new` to `base` with its interval; above 1 the new one takes longer.
pub fn ratio(base: &[f64], new: &[f64], pairing: Pairing, confidence: f64) -> Interval {
    match pairing {
        Pairing::Interleaved => {
            let ratios: Vec<f64> = base.iter().zip(new).map(|(b, n)| n / b).collect();
            median_interval(&ratios, confidence)
        }
        Pairing::Apart => interval(median(new) / median(base), confidence, |dice| {
            median(&draw(new, dice)) / median(&draw(base, dice))
        }),
    }
}

/// How time grows with size: the slope of the line through the logarithms (least squares), 1 where twice the size takes
/// twice the time. `points` are sizes, each with the times of its rounds. `None` for fewer than two sizes.
pub fn slope(points: &[(f64, Vec<f64>)], confidence: f64) -> Option<Interval> {
    if points.len() < 2 || points.iter().any(|(size, times)| *size <= 0.0 || times.is_empty()) {
        return None;
    }
    let fit = |times: &[f64]| {
        let logs: Vec<(f64, f64)> = points.iter().zip(times).map(|(p, t)| (p.0.ln(), t.ln())).collect();
        let n = logs.len() as f64;
        let (x, y) = (logs.iter().map(|l| l.0).sum::<f64>() / n, logs.iter().map(|l| l.1).sum::<f64>() / n);
        let across: f64 = logs.iter().map(|l| (l.0 - x) * (l.1 - y)).sum();
        across / logs.iter().map(|l| (l.0 - x).powi(2)).sum::<f64>()
    };
    let middles: Vec<f64> = points.iter().map(|(_, times)| median(times)).collect();
    Some(interval(fit(&middles), confidence, |dice| {
        let drawn: Vec<f64> = points.iter().map(|(_, times)| median(&draw(times, dice))).collect();
        fit(&drawn)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `n` times around `middle`, with a tail of a few long ones.
    fn times(middle: f64, n: usize, seed: u64) -> Vec<f64> {
        let mut dice = Dice(seed);
        (0..n)
            .map(|_| {
                let share = dice.below(1000) as f64 / 1000.0;
                middle * (1.0 + 0.02 * share + if dice.below(10) == 0 { 0.5 } else { 0.0 })
            })
            .collect()
    }

    #[test]
    fn medians() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(&[7.0]), 7.0);
        assert_eq!(median(&[]), 0.0);
        assert_eq!(least(&[2.0, 1.5]), 1.5);
    }

    #[test]
    fn the_interval_holds_the_median_and_narrows_with_rounds() {
        let few = median_interval(&times(1.0, 8, 3), 0.95);
        let many = median_interval(&times(1.0, 200, 3), 0.95);
        assert!(few.low <= few.middle && few.middle <= few.high);
        assert!(many.low < 1.012 && 1.008 < many.high, "{many:?}");
        assert!(many.high - many.low < few.high - few.low);
        let sure = median_interval(&times(1.0, 8, 3), 0.99);
        assert!(sure.low <= few.low && few.high <= sure.high);
    }

    #[test]
    fn ninety_five_intervals_of_a_hundred_hold_the_truth() {
        let truth = median(&times(1.0, 100_000, 99));
        let holds = (0..100)
            .map(|i| median_interval(&times(1.0, 25, 1000 + i), 0.95))
            .filter(|i| i.low <= truth && truth <= i.high)
            .count();
        assert!(holds >= 88, "{holds}");
    }

    #[test]
    fn a_slower_program_is_told_from_noise() {
        let (base, same, slow) = (times(1.0, 30, 1), times(1.0, 30, 2), times(1.2, 30, 3));
        for pairing in [Pairing::Apart, Pairing::Interleaved] {
            let r = ratio(&base, &same, pairing, 0.99);
            assert!(r.low <= 1.0 + 1e-9 || r.middle < 1.05, "{r:?}");
        }
        let r = ratio(&base, &slow, Pairing::Apart, 0.99);
        assert!((1.15..1.25).contains(&r.middle) && r.low > 1.0, "{r:?}");
    }

    #[test]
    fn interleaved_rounds_take_a_drifting_machine_out() {
        // The machine slows down by half while both are measured; the new program takes a fifth longer all the time.
        let drift = |i: usize| 1.0 + i as f64 / 20.0;
        let base: Vec<f64> = (0..10).map(drift).collect();
        let new: Vec<f64> = (0..10).map(|i| 1.2 * drift(i)).collect();
        let r = ratio(&base, &new, Pairing::Interleaved, 0.99);
        assert!((r.middle - 1.2).abs() < 1e-9 && r.low > 1.19, "{r:?}");
        let apart = ratio(&base, &new, Pairing::Apart, 0.99);
        assert!(apart.low < 1.0, "{apart:?}");
    }

    #[test]
    fn slopes() {
        let points = |power: f64| -> Vec<(f64, Vec<f64>)> {
            [10.0, 100.0, 1000.0f64].map(|n| (n, times(n.powf(power), 6, n as u64))).into()
        };
        for power in [0.5, 1.0, 1.3, 2.0] {
            let s = slope(&points(power), 0.95).map_or(f64::NAN, |s| s.middle);
            assert!((s - power).abs() < 0.05, "{power}: {s}");
        }
        let linear = slope(&points(1.0), 0.95);
        assert!(linear.is_some_and(|s| s.low < 1.1));
        let quadratic = slope(&points(2.0), 0.95);
        assert!(quadratic.is_some_and(|s| s.low > 1.1));
        assert_eq!(slope(&[(1.0, vec![1.0])], 0.95), None);
    }
}
