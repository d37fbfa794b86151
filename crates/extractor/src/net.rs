//! Small nets that tell what a picture of 28 × 28 shows: two convolutions, each followed by the largest of four, and two
//! full layers (after LeNet-5, LeCun et al. 1998). They are made by `train`; see `dictionaries/README.md`.

/// Width and height of what a net sees.
pub const SIDE: usize = 28;

/// Side of the windows of both convolutions.
pub const WINDOW: usize = 5;

/// Side of the maps after each convolution and after each halving.
pub const SIDES: [usize; 4] = [24, 12, 8, 4];

/// The form of a net.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// First bytes of its file.
    pub magic: &'static [u8],
    /// Maps of the first and of the second convolution, units of the hidden layer, and classes.
    pub sizes: [usize; 4],
}

impl Form {
    /// Rows and columns of the four layers.
    pub fn shapes(&self) -> [(usize, usize); 4] {
        let [first, second, hidden, classes] = self.sizes;
        [
            (first, WINDOW * WINDOW),
            (second, first * WINDOW * WINDOW),
            (hidden, second * SIDES[3] * SIDES[3]),
            (classes, hidden),
        ]
    }
}

/// A layer: for each of its `rows` units or maps the weights of its inputs, and what is added.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Units or maps.
    pub rows: usize,
    /// Weights a row.
    pub columns: usize,
    /// Row by row.
    pub weights: Vec<f32>,
    /// One a row.
    pub biases: Vec<f32>,
}

/// A net.
#[derive(Debug, Clone, PartialEq)]
pub struct Net {
    /// Its form.
    pub form: Form,
    /// Both convolutions, the hidden layer, the classes.
    pub layers: [Layer; 4],
    /// Scores are divided by this before they become probabilities (Guo et al. 2017).
    pub temperature: f32,
}

/// What each layer says to one input.
#[derive(Debug, Clone, Default)]
pub struct Activations {
    /// After each convolution and after each halving: maps, rows, columns.
    pub maps: [Vec<f32>; 4],
    /// The hidden layer.
    pub hidden: Vec<f32>,
    /// One score a class, before they become probabilities.
    pub scores: Vec<f32>,
}

impl Net {
    /// Reads a net of this form as [`Net::to_bytes`] writes it; nothing where the bytes are something else.
    pub fn from_bytes(form: Form, bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(form.magic)?;
        let mut take = |n: usize| {
            let (head, tail) = rest.split_at_checked(n)?;
            rest = tail;
            Some(head)
        };
        let number = |b: &[u8]| b.try_into().ok().map(f32::from_le_bytes);
        let temperature = number(take(4)?)?;
        let mut layers = Vec::with_capacity(4);
        for (rows, columns) in form.shapes() {
            let mut layer = Layer { rows, columns, weights: Vec::new(), biases: Vec::new() };
            for _ in 0..rows {
                let (bias, scale) = (number(take(4)?)?, number(take(4)?)?);
                layer.biases.push(bias);
                layer.weights.extend(take(columns)?.iter().map(|b| f32::from(*b as i8) * scale));
            }
            layers.push(layer);
        }
        Some(Self { form, layers: layers.try_into().ok()?, temperature })
    }

    /// The net in 8 bits a weight, with a scale a row; all numbers little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.form.magic.to_vec();
        bytes.extend(self.temperature.to_le_bytes());
        for layer in &self.layers {
            for (row, bias) in layer.weights.chunks_exact(layer.columns).zip(&layer.biases) {
                let scale = row.iter().fold(1e-9f32, |m, w| m.max(w.abs())) / 127.0;
                bytes.extend(bias.to_le_bytes());
                bytes.extend(scale.to_le_bytes());
                bytes.extend(row.iter().map(|w| (w / scale).round() as i8 as u8));
            }
        }
        bytes
    }

    /// How probable each class is for a picture, 0 paper to 1 ink, row by row.
    pub fn probabilities(&self, seen: &[f32]) -> Vec<f32> {
        self.probable(&self.activations(seen).scores)
    }

    /// The probabilities of classes of these scores.
    pub fn probable(&self, scores: &[f32]) -> Vec<f32> {
        let most = scores.iter().copied().fold(f32::MIN, f32::max);
        let p: Vec<f32> = scores.iter().map(|s| ((s - most) / self.temperature).exp()).collect();
        let sum: f32 = p.iter().sum();
        p.into_iter().map(|v| v / sum.max(1e-9)).collect()
    }

    /// What each layer says to the input.
    pub fn activations(&self, seen: &[f32]) -> Activations {
        let [first, second, hidden, last] = &self.layers;
        let a = convolve(first, seen, SIDE);
        let b = halve(&a, SIDES[0]);
        let c = convolve(second, &b, SIDES[1]);
        let d = halve(&c, SIDES[2]);
        let mut units = full(hidden, &d);
        for u in &mut units {
            *u = u.max(0.0);
        }
        let scores = full(last, &units);
        Activations { maps: [a, b, c, d], hidden: units, scores }
    }
}

/// Each map of the layer: the sum of the windows over all maps of the input, no less than 0.
fn convolve(layer: &Layer, input: &[f32], side: usize) -> Vec<f32> {
    let out = side - WINDOW + 1;
    let places = out * out;
    // What each weight is multiplied with, place by place.
    let mut windows = Vec::with_capacity(layer.columns * places);
    for map in input.chunks_exact(side * side) {
        for k in 0..WINDOW * WINDOW {
            let rows = map.chunks_exact(side).skip(k / WINDOW).take(out);
            windows.extend(rows.flat_map(|row| row.get(k % WINDOW..k % WINDOW + out).unwrap_or_default()));
        }
    }
    let mut maps = Vec::with_capacity(layer.rows * places);
    for (row, bias) in layer.weights.chunks_exact(layer.columns).zip(&layer.biases) {
        let mut map = vec![*bias; places];
        // Five at once, so that the sums are fetched and put back seldom.
        for (w, seen) in row.chunks_exact(WINDOW).zip(windows.chunks_exact(WINDOW * places)) {
            let &[a, b, c, d, e] = w else { continue };
            let mut of = seen.chunks_exact(places);
            let mut next = || of.next().unwrap_or_default();
            let (va, vb, vc, vd, ve) = (next(), next(), next(), next(), next());
            for (((((t, va), vb), vc), vd), ve) in map.iter_mut().zip(va).zip(vb).zip(vc).zip(vd).zip(ve) {
                *t += a * va + b * vb + c * vc + d * vd + e * ve;
            }
        }
        maps.extend(map.into_iter().map(|v| v.max(0.0)));
    }
    maps
}

/// The largest of each four.
fn halve(maps: &[f32], side: usize) -> Vec<f32> {
    let mut halved = Vec::with_capacity(maps.len() / 4);
    for rows in maps.chunks_exact(side * 2) {
        let (upper, lower) = rows.split_at(side);
        let pairs = upper.chunks_exact(2).zip(lower.chunks_exact(2));
        halved.extend(pairs.map(|(a, b)| a.iter().chain(b).copied().fold(f32::MIN, f32::max)));
    }
    halved
}

fn full(layer: &Layer, input: &[f32]) -> Vec<f32> {
    let rows = layer.weights.chunks_exact(layer.columns).zip(&layer.biases);
    rows.map(|(row, bias)| bias + row.iter().zip(input).map(|(w, v)| w * v).sum::<f32>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_other_bytes_are_not() {
        let form = Form { magic: b"test\n", sizes: [3, 4, 5, 6] };
        let layers = form.shapes().map(|(rows, columns)| Layer {
            rows,
            columns,
            weights: (0..rows * columns).map(|i| (i % 255) as f32 / 127.0 - 1.0).collect(),
            biases: vec![0.5; rows],
        });
        let net = Net { form, layers, temperature: 1.25 };
        let bytes = net.to_bytes();
        let read = Net::from_bytes(form, &bytes).map(|n| (n.to_bytes(), n.temperature));
        assert_eq!(read, Some((bytes.clone(), 1.25)));
        assert!(Net::from_bytes(form, &bytes[..bytes.len() - 1]).is_none());
        assert!(Net::from_bytes(form, b"something else").is_none());
        let p = net.probabilities(&[0.5; SIDE * SIDE]);
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-4);
    }
}
