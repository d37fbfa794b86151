//! Nets learn: back-propagation through those of `extractor::net`, and Adam (Kingma & Ba 2015). Samples go through a net in
//! batches, and convolutions are products of matrices (Chellapilla, Puri & Simard 2006).

use crate::digits::strokes::normal;
use extractor::net::{Form, Layer, Net, SIDE, SIDES, WINDOW};
use ndarray::{Array1, Array2, Axis, Zip};
use rand_chacha::ChaCha8Rng;

/// Samples a step.
const BATCH: usize = 50;

/// The rate of learning, at first and at last.
const RATES: (f32, f32) = (2e-3, 5e-5);

/// Share of certainty that is not asked for, so that what is unlike all samples is not read with certainty.
const SMOOTH: f32 = 0.02;

/// A class and a picture of it.
pub type Sample = (usize, Vec<f32>);

/// A net of this form that has learnt from `count` samples, in the precision of its file; its temperature is 1.
///
/// # Errors
/// When what was learnt is no net.
pub fn learn(
    form: Form,
    count: usize,
    rng: &mut ChaCha8Rng,
    mut sample: impl FnMut(&mut ChaCha8Rng) -> Sample,
) -> std::io::Result<Net> {
    let mut learner = Learner::new(form, rng);
    let (steps, mut loss) = (count.div_ceil(BATCH), 0.0);
    for step in 0..steps {
        let batch: Vec<Sample> = (0..BATCH).map(|_| sample(rng)).collect();
        let done = step as f32 / steps as f32;
        let warm = ((step + 1) as f32 / 100.0).min(1.0);
        let fall = 0.5 * (1.0 + (std::f32::consts::PI * done).cos());
        loss += learner.step(&batch, warm * (RATES.1 + (RATES.0 - RATES.1) * fall));
        if (step + 1) % 400 == 0 {
            println!("{} samples: {:.4} nats", (step + 1) * BATCH, loss / (400 * BATCH) as f32);
            loss = 0.0;
        }
    }
    Net::from_bytes(form, &learner.net().to_bytes()).ok_or_else(|| std::io::Error::other("the net is broken"))
}

/// The temperature at which the classes of the samples are most probable.
pub fn temperature(net: &Net, samples: &[Sample]) -> f32 {
    let scores: Vec<(usize, Vec<f32>)> =
        samples.iter().map(|(class, seen)| (*class, net.activations(seen).scores)).collect();
    let cost = |t: f32| {
        let loss = |(class, scores): &(usize, Vec<f32>)| {
            let sum: f32 = scores.iter().map(|s| (s / t).exp()).sum();
            sum.ln() - scores.get(*class).copied().unwrap_or(0.0) / t
        };
        scores.iter().map(loss).sum::<f32>()
    };
    let costs = (8..=40).step_by(2).map(|t| t as f32 / 20.0).map(|t| (t, cost(t)));
    costs.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(1.0, |(t, _)| t)
}

/// Prints how many are right, class by class, and how many of those that are so sure.
pub fn report(name: &str, net: &Net, tests: &[Sample]) {
    const STEPS: [f32; 6] = [0.0, 0.5, 0.7, 0.9, 0.97, 0.99];
    let mut classes = vec![(0, 0); net.form.sizes[3]];
    let mut bins = [(0, 0, 0.0f32); STEPS.len()];
    for (class, seen) in tests {
        let p = net.probabilities(seen);
        let best = p.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or((0, 0.0), |(i, p)| (i, *p));
        let right = usize::from(best.0 == *class);
        if let Some(c) = classes.get_mut(*class) {
            *c = (c.0 + 1, c.1 + right);
        }
        let bin = STEPS.iter().rposition(|s| best.1 >= *s).unwrap_or(0);
        if let Some(b) = bins.get_mut(bin) {
            *b = (b.0 + 1, b.1 + right, b.2 + best.1);
        }
    }
    let right: usize = classes.iter().map(|c| c.1).sum();
    println!(
        "{name}: {right} of {} right, {:.2} %",
        tests.len(),
        100.0 * right as f32 / tests.len().max(1) as f32
    );
    let rows: Vec<String> =
        classes.iter().enumerate().map(|(i, c)| format!("{i}: {}/{}", c.1, c.0)).collect();
    println!("  {}", rows.join("  "));
    for (from, (count, right, sum)) in STEPS.iter().zip(bins) {
        if count > 0 {
            println!(
                "  from {from:.2}: {count}, said {:.3}, right {:.3}",
                sum / count as f32,
                right as f32 / count as f32
            );
        }
    }
}

/// Numbers that are learnt.
struct Weights {
    values: Array2<f32>,
    /// Averages of the slope and of its square.
    mean: Array2<f32>,
    square: Array2<f32>,
}

impl Weights {
    fn new(values: Array2<f32>) -> Self {
        let zeros = || Array2::zeros(values.raw_dim());
        Self { mean: zeros(), square: zeros(), values }
    }

    /// Moves down the slope; this is step `number`, from 1.
    fn step(&mut self, slope: &Array2<f32>, number: i32, rate: f32, decay: f32) {
        const KEEP: (f32, f32) = (0.9, 0.999);
        let fixed = (1.0 - KEEP.0.powi(number), 1.0 - KEEP.1.powi(number));
        Zip::from(&mut self.values).and(&mut self.mean).and(&mut self.square).and(slope).for_each(
            |value, mean, square, slope| {
                let slope = slope + decay * *value;
                *mean = KEEP.0 * *mean + (1.0 - KEEP.0) * slope;
                *square = KEEP.1 * *square + (1.0 - KEEP.1) * slope * slope;
                *value -= rate * (*mean / fixed.0) / ((*square / fixed.1).sqrt() + 1e-8);
            },
        );
    }
}

/// The net as it learns: the weights of each layer, and what is added.
struct Learner {
    form: Form,
    layers: [(Weights, Weights); 4],
    steps: i32,
}

/// A batch of maps after a convolution and their halves: a map each row, the samples one after the other.
struct Maps {
    /// What the windows of the convolution saw: a weight each row, a place each column.
    windows: Array2<f32>,
    /// The largest of each four.
    halved: Array2<f32>,
    /// Where in its row it stood.
    from: Array2<usize>,
}

impl Learner {
    /// A net of random weights (He et al. 2015).
    fn new(form: Form, rng: &mut ChaCha8Rng) -> Self {
        let layers = form.shapes().map(|(rows, columns)| {
            let spread = (2.0 / columns as f32).sqrt();
            let weights = Array2::from_shape_simple_fn((rows, columns), || normal(rng) * spread);
            (Weights::new(weights), Weights::new(Array2::zeros((rows, 1))))
        });
        Self { form, layers, steps: 0 }
    }

    /// What was learnt.
    fn net(&self) -> Net {
        let layers = self.layers.each_ref().map(|(weights, biases)| Layer {
            rows: weights.values.nrows(),
            columns: weights.values.ncols(),
            weights: weights.values.iter().copied().collect(),
            biases: biases.values.iter().copied().collect(),
        });
        Net { form: self.form, layers, temperature: 1.0 }
    }

    /// Learns from a batch; gives the sum of its losses in nats. The true class is asked for with 1 − [`SMOOTH`].
    fn step(&mut self, batch: &[Sample], rate: f32) -> f32 {
        let count = batch.len();
        let seen: Array1<f32> = batch.iter().flat_map(|(_, seen)| seen.iter().copied()).collect();
        let seen = seen.insert_axis(Axis(0));
        let first = self.maps(0, &seen, SIDE, count);
        let second = self.maps(1, &first.halved, SIDES[1], count);
        let input = by_sample(&second.halved, count);
        let mut hidden = self.sums(2, &input);
        hidden.mapv_inplace(|v| v.max(0.0));
        let mut slopes = self.sums(3, &hidden);

        let mut loss = 0.0;
        for ((class, _), mut scores) in batch.iter().zip(slopes.columns_mut()) {
            let most = scores.iter().copied().fold(f32::MIN, f32::max);
            scores.mapv_inplace(|s| (s - most).exp());
            let sum = scores.sum();
            let classes = scores.len() as f32;
            for (i, slope) in scores.iter_mut().enumerate() {
                let p = *slope / sum;
                let is_true = i == *class;
                loss -= if is_true { p.max(1e-9).ln() } else { 0.0 };
                let wanted = SMOOTH / classes + if is_true { 1.0 - SMOOTH } else { 0.0 };
                *slope = (p - wanted) / count as f32;
            }
        }

        let mut below = self.back(3, &slopes);
        Zip::from(&mut below).and(&hidden).for_each(|slope, unit| {
            if *unit <= 0.0 {
                *slope = 0.0;
            }
        });
        let of_maps = by_map(&self.back(2, &below), self.form.sizes[1], count);
        let of_second = unhalve(&second, &of_maps, SIDES[2]);
        let of_windows = self.back(1, &of_second);
        let of_first = unhalve(&first, &from_windows(&of_windows, SIDES[1], count), SIDES[0]);

        self.steps += 1;
        let inputs = [first.windows, second.windows, input, hidden];
        let all = [of_first, of_second, below, slopes];
        for (((weights, biases), input), slopes) in self.layers.iter_mut().zip(&inputs).zip(&all) {
            weights.step(&slopes.dot(&input.t()), self.steps, rate, 1e-5);
            biases.step(&slopes.sum_axis(Axis(1)).insert_axis(Axis(1)), self.steps, rate, 0.0);
        }
        loss
    }

    /// What a layer makes of its input, a sample or place each column.
    fn sums(&self, layer: usize, input: &Array2<f32>) -> Array2<f32> {
        let (weights, biases) = &self.layers[layer];
        weights.values.dot(input) + &biases.values
    }

    /// The slopes of a layer's input from those of what it made.
    fn back(&self, layer: usize, slopes: &Array2<f32>) -> Array2<f32> {
        self.layers[layer].0.values.t().dot(slopes)
    }

    fn maps(&self, layer: usize, input: &Array2<f32>, side: usize, count: usize) -> Maps {
        let windows = to_windows(input, side, count);
        let (halved, from) = halve(&self.sums(layer, &windows), side - WINDOW + 1);
        Maps { windows, halved, from }
    }
}

/// Each window of the maps as a column.
fn to_windows(maps: &Array2<f32>, side: usize, count: usize) -> Array2<f32> {
    let out = side - WINDOW + 1;
    let mut windows = Array2::zeros((maps.nrows() * WINDOW * WINDOW, count * out * out));
    for (r, mut row) in windows.rows_mut().into_iter().enumerate() {
        let (ky, kx) = (r / WINDOW % WINDOW, r % WINDOW);
        let map = maps.row(r / (WINDOW * WINDOW));
        let places = map.as_slice().unwrap_or_default().chunks_exact(side * side);
        let to = row.as_slice_mut().unwrap_or_default().chunks_exact_mut(out * out);
        for (to, from) in to.zip(places) {
            for (to, from) in to.chunks_exact_mut(out).zip(from.chunks_exact(side).skip(ky)) {
                to.copy_from_slice(&from[kx..kx + out]);
            }
        }
    }
    windows
}

/// The slopes of maps from those of their windows: each place has the sum of all windows that saw it.
fn from_windows(windows: &Array2<f32>, side: usize, count: usize) -> Array2<f32> {
    let out = side - WINDOW + 1;
    let mut maps = Array2::zeros((windows.nrows() / (WINDOW * WINDOW), count * side * side));
    for (r, row) in windows.rows().into_iter().enumerate() {
        let (ky, kx) = (r / WINDOW % WINDOW, r % WINDOW);
        let mut map = maps.row_mut(r / (WINDOW * WINDOW));
        let places = map.as_slice_mut().unwrap_or_default().chunks_exact_mut(side * side);
        let from = row.as_slice().unwrap_or_default().chunks_exact(out * out);
        for (from, to) in from.zip(places) {
            for (from, to) in from.chunks_exact(out).zip(to.chunks_exact_mut(side).skip(ky)) {
                to[kx..kx + out].iter_mut().zip(from).for_each(|(t, f)| *t += f);
            }
        }
    }
    maps
}

/// The largest of each four, no less than 0, and where in its row it stood.
fn halve(maps: &Array2<f32>, side: usize) -> (Array2<f32>, Array2<usize>) {
    let half = side / 2;
    let shape = (maps.nrows(), maps.ncols() / 4);
    let from = Array2::from_shape_fn(shape, |(row, i)| {
        let (sample, y, x) = (i / (half * half), i / half % half, i % half);
        let start = sample * side * side + 2 * y * side + 2 * x;
        let four = [start, start + 1, start + side, start + side + 1];
        four.into_iter().fold(start, |best, at| if maps[[row, at]] > maps[[row, best]] { at } else { best })
    });
    let halved = Array2::from_shape_fn(shape, |(row, i)| maps[[row, from[[row, i]]]].max(0.0));
    (halved, from)
}

/// The slope goes to the one of the four that was the largest, unless it was cut off at 0.
fn unhalve(maps: &Maps, above: &Array2<f32>, side: usize) -> Array2<f32> {
    let half = side / 2;
    let mut below = Array2::zeros((above.nrows(), above.ncols() / (half * half) * side * side));
    for ((at, slope), value) in above.indexed_iter().zip(&maps.halved) {
        if *value > 0.0 {
            below[[at.0, maps.from[at]]] = *slope;
        }
    }
    below
}

/// Maps with the samples one after the other as a column each sample, and back.
fn by_sample(maps: &Array2<f32>, count: usize) -> Array2<f32> {
    let places = maps.ncols() / count;
    Array2::from_shape_fn((maps.nrows() * places, count), |(i, sample)| {
        maps[[i / places, sample * places + i % places]]
    })
}

fn by_map(columns: &Array2<f32>, maps: usize, count: usize) -> Array2<f32> {
    let places = columns.nrows() / maps;
    Array2::from_shape_fn((maps, count * places), |(map, i)| columns[[map * places + i % places, i / places]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    const FORM: Form = Form { magic: b"test\n", sizes: [3, 4, 10, 4] };

    /// A bar at one of four places, on paper with some dirt.
    fn bar(rng: &mut ChaCha8Rng) -> Sample {
        use rand::Rng;
        let class = rng.random_range(0..4);
        let at = (5 + 12 * (class / 2), 5 + 12 * (class % 2));
        let inside =
            |i: usize| (at.0..at.0 + 6).contains(&(i / SIDE)) && (at.1..at.1 + 3).contains(&(i % SIDE));
        let seen = (0..SIDE * SIDE).map(|i| rng.random_range(0.0..0.2) + if inside(i) { 0.8 } else { 0.0 });
        (class, seen.collect())
    }

    #[test]
    fn a_net_learns_where_a_bar_stands() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let net = learn(FORM, 15_000, &mut rng, bar).unwrap();
        let right =
            (0..100).map(|_| bar(&mut rng)).filter(|(class, seen)| net.probabilities(seen)[*class] > 0.5);
        assert!(right.count() > 95);
    }

    /// The slopes are those that differences of the loss have.
    #[test]
    fn slopes_are_true() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let samples: Vec<Sample> = (0..3).map(|_| bar(&mut rng)).collect();
        let learner = Learner::new(FORM, &mut rng);
        let loss = |net: &Net| -> f64 {
            let of = |(class, seen): &Sample| {
                let p = net.probabilities(seen);
                let wanted = |i: usize| {
                    f64::from(SMOOTH) / 4.0 + if i == *class { 1.0 - f64::from(SMOOTH) } else { 0.0 }
                };
                p.iter().enumerate().map(|(i, p)| -wanted(i) * f64::from(*p).ln()).sum::<f64>()
            };
            samples.iter().map(of).sum::<f64>() / samples.len() as f64
        };
        // After one step of Adam the mean of the slope is a tenth of it.
        let before = learner.net();
        let mut after = learner;
        after.step(&samples, 0.0);
        for (l, layer) in before.layers.iter().enumerate() {
            for at in [0, layer.weights.len() / 3, layer.weights.len() / 2, layer.weights.len() - 1] {
                let moved = |by: f32| {
                    let mut net = before.clone();
                    net.layers[l].weights[at] += by;
                    loss(&net)
                };
                let by = 1e-2;
                let (expected, found) = (
                    (moved(by) - moved(-by)) / f64::from(2.0 * by),
                    10.0 * f64::from(after.layers[l].0.mean.as_slice().unwrap()[at]),
                );
                assert!(
                    (expected - found).abs() < 2e-3 + 0.05 * expected.abs(),
                    "{l} {at}: {expected} {found}"
                );
            }
        }
    }
}
