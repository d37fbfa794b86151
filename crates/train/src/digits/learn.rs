//! Back-propagation through the net of `extractor::digits`, and Adam (Kingma & Ba 2015).

use extractor::digits::{CLASSES, Layer, Net, SHAPES, SIDE, SIDES, SIZES, WINDOW};
use rand_chacha::ChaCha8Rng;

use super::strokes::normal;

/// Averages of the slope and of its square, a weight each.
struct Moments {
    mean: Vec<f32>,
    square: Vec<f32>,
}

/// The net as it learns.
pub struct Learner {
    pub net: Net,
    slopes: [Layer; 4],
    moments: [[Moments; 2]; 4],
    steps: i32,
}

fn empty() -> [Layer; 4] {
    SHAPES.map(|(rows, columns)| Layer {
        rows,
        columns,
        weights: vec![0.0; rows * columns],
        biases: vec![0.0; rows],
    })
}

impl Learner {
    /// A net of random weights (He et al. 2015).
    pub fn new(rng: &mut ChaCha8Rng) -> Self {
        let mut layers = empty();
        for layer in &mut layers {
            let spread = (2.0 / layer.columns as f32).sqrt();
            layer.weights.iter_mut().for_each(|w| *w = normal(rng) * spread);
        }
        let moments = SHAPES.map(|(rows, columns)| {
            [rows * columns, rows].map(|n| Moments { mean: vec![0.0; n], square: vec![0.0; n] })
        });
        Self { net: Net { layers, temperature: 1.0 }, slopes: empty(), moments, steps: 0 }
    }

    /// Adds the slopes of one sample; gives its loss in nats. The true class is asked for with 1 − `smooth`.
    pub fn add(&mut self, seen: &[f32], class: usize, smooth: f32) -> f32 {
        let a = self.net.activations(seen);
        let p = self.net.probabilities(seen);
        let loss = -p.get(class).copied().unwrap_or(1e-9).max(1e-9).ln();
        let wanted = |i: usize| smooth / CLASSES as f32 + if i == class { 1.0 - smooth } else { 0.0 };
        let scores: Vec<f32> = p.iter().enumerate().map(|(i, p)| p - wanted(i)).collect();
        let [s1, s2, s3, s4] = &mut self.slopes;
        let [_, l2, l3, l4] = &self.net.layers;
        let mut hidden = back_full(l4, s4, &a.hidden, &scores);
        for (slope, unit) in hidden.iter_mut().zip(&a.hidden) {
            if *unit <= 0.0 {
                *slope = 0.0;
            }
        }
        let [first, first_half, second, second_half] = &a.maps;
        let pooled = back_full(l3, s3, second_half, &hidden);
        let maps = back_halve(second, second_half, &pooled, SIDES[2]);
        let below = back_convolve(&l2.weights, s2, first_half, &maps, SIDES[1]);
        let maps = back_halve(first, first_half, &below, SIDES[0]);
        debug_assert_eq!(maps.len(), SIZES[0] * SIDES[0] * SIDES[0]);
        back_convolve(&[], s1, seen, &maps, SIDE);
        loss
    }

    /// Moves the weights down the mean slope of the last `count` samples.
    pub fn step(&mut self, count: usize, rate: f32) {
        const KEEP: (f32, f32) = (0.9, 0.999);
        self.steps += 1;
        let fixed = (1.0 - KEEP.0.powi(self.steps), 1.0 - KEEP.1.powi(self.steps));
        let layers = self.net.layers.iter_mut().zip(&mut self.slopes).zip(&mut self.moments);
        for ((layer, slope), [of_weights, of_biases]) in layers {
            for (values, slopes, moments, decay) in [
                (&mut layer.weights, &mut slope.weights, of_weights, 1e-5),
                (&mut layer.biases, &mut slope.biases, of_biases, 0.0),
            ] {
                let averages = moments.mean.iter_mut().zip(&mut moments.square);
                for ((v, s), (mean, square)) in values.iter_mut().zip(slopes.iter_mut()).zip(averages) {
                    let slope = *s / count as f32 + decay * *v;
                    *mean = KEEP.0 * *mean + (1.0 - KEEP.0) * slope;
                    *square = KEEP.1 * *square + (1.0 - KEEP.1) * slope * slope;
                    *v -= rate * (*mean / fixed.0) / ((*square / fixed.1).sqrt() + 1e-8);
                    *s = 0.0;
                }
            }
        }
    }
}

fn back_full(layer: &Layer, slopes: &mut Layer, input: &[f32], above: &[f32]) -> Vec<f32> {
    let mut below = vec![0.0; layer.columns];
    let rows = layer.weights.chunks_exact(layer.columns).zip(slopes.weights.chunks_exact_mut(layer.columns));
    for (((row, to), bias), slope) in rows.zip(&mut slopes.biases).zip(above) {
        *bias += slope;
        if *slope == 0.0 {
            continue;
        }
        for (((w, t), i), b) in row.iter().zip(to).zip(input).zip(&mut below) {
            *t += slope * i;
            *b += slope * w;
        }
    }
    below
}

/// The slope goes to the first of the four that was the largest, unless it was cut off at 0.
fn back_halve(maps: &[f32], halved: &[f32], above: &[f32], side: usize) -> Vec<f32> {
    let mut below = vec![0.0; maps.len()];
    let half = side / 2;
    for (i, (value, slope)) in halved.iter().zip(above).enumerate() {
        if *value <= 0.0 {
            continue;
        }
        let (map, y, x) = (i / (half * half), i / half % half, i % half);
        let start = map * side * side + 2 * y * side + 2 * x;
        let places = [start, start + 1, start + side, start + side + 1];
        if let Some(at) = places.into_iter().find(|&p| maps.get(p) == Some(value))
            && let Some(b) = below.get_mut(at)
        {
            *b = *slope;
        }
    }
    below
}

/// Without weights nothing is asked of what lies below.
fn back_convolve(weights: &[f32], slopes: &mut Layer, input: &[f32], above: &[f32], side: usize) -> Vec<f32> {
    let out = side - WINDOW + 1;
    let square = WINDOW * WINDOW;
    let mut below = vec![0.0; if weights.is_empty() { 0 } else { input.len() }];
    for (r, map) in above.chunks_exact(out * out).enumerate() {
        if map.iter().all(|s| *s == 0.0) {
            continue;
        }
        if let Some(bias) = slopes.biases.get_mut(r) {
            *bias += map.iter().sum::<f32>();
        }
        for (c, from) in input.chunks_exact(side * side).enumerate() {
            for k in 0..square {
                let (ky, kx) = (k / WINDOW, k % WINDOW);
                let at = r * slopes.columns + c * square + k;
                let mut sum = 0.0;
                for (slope, row) in map.chunks_exact(out).zip(from.chunks_exact(side).skip(ky)) {
                    let row = row.get(kx..).unwrap_or_default();
                    sum += slope.iter().zip(row).map(|(s, v)| s * v).sum::<f32>();
                }
                if let Some(s) = slopes.weights.get_mut(at) {
                    *s += sum;
                }
                let Some(w) = weights.get(at) else { continue };
                let Some(under) = below.get_mut(c * side * side..(c + 1) * side * side) else { continue };
                for (slope, row) in map.chunks_exact(out).zip(under.chunks_exact_mut(side).skip(ky)) {
                    for (s, b) in slope.iter().zip(row.iter_mut().skip(kx)) {
                        *b += w * s;
                    }
                }
            }
        }
    }
    below
}
