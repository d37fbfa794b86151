//! Digits drawn by a pen that follows a skeleton: the ways in which digits are written where schools teach the long
//! upstroke of the 1, the crossbar of the 7 and the open 4, of which American collections have few.

use extractor::digits::Mask;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

type Point = (f32, f32);

/// The skeletons of one way to write a digit: strokes as points of curves, the digit one high and y downwards.
struct Style {
    digit: usize,
    /// How often, beside the other ways to write the same digit.
    weight: u32,
    /// Whether the pen goes straight from point to point.
    straight: bool,
    strokes: &'static [&'static [Point]],
}

const fn style(digit: usize, weight: u32, straight: bool, strokes: &'static [&'static [Point]]) -> Style {
    Style { digit, weight, straight, strokes }
}

const STYLES: &[Style] = &[
    style(0, 3, false, &[&[(0.25, 0.0), (0.02, 0.45), (0.22, 1.0), (0.48, 0.5), (0.27, 0.0)]]),
    style(
        0,
        1,
        false,
        &[&[(0.36, 0.05), (0.1, 0.1), (0.0, 0.6), (0.2, 1.0), (0.45, 0.6), (0.35, 0.1), (0.1, 0.02)]],
    ),
    style(1, 2, true, &[&[(0.0, 0.0), (0.0, 1.0)]]),
    style(1, 3, true, &[&[(0.0, 0.45), (0.3, 0.0), (0.28, 1.0)]]),
    style(1, 3, true, &[&[(0.0, 0.9), (0.34, 0.0), (0.3, 1.0)]]),
    style(1, 2, true, &[&[(0.0, 0.28), (0.2, 0.0), (0.2, 1.0)]]),
    style(1, 1, true, &[&[(0.05, 0.25), (0.25, 0.0), (0.25, 1.0)], &[(0.05, 1.0), (0.45, 1.0)]]),
    style(
        2,
        3,
        false,
        &[&[(0.04, 0.25), (0.25, 0.0), (0.48, 0.22), (0.3, 0.6), (0.0, 1.0), (0.3, 0.98), (0.56, 0.97)]],
    ),
    style(
        2,
        3,
        false,
        &[&[
            (0.04, 0.22),
            (0.25, 0.0),
            (0.46, 0.22),
            (0.28, 0.65),
            (0.05, 0.98),
            (0.04, 0.82),
            (0.2, 0.85),
            (0.4, 1.0),
            (0.6, 0.9),
        ]],
    ),
    style(
        2,
        2,
        false,
        &[&[
            (0.1, 0.3),
            (0.05, 0.1),
            (0.3, 0.0),
            (0.46, 0.22),
            (0.25, 0.65),
            (0.0, 0.97),
            (0.25, 0.9),
            (0.5, 1.0),
            (0.62, 0.85),
        ]],
    ),
    style(
        3,
        3,
        false,
        &[&[(0.04, 0.1), (0.25, 0.0), (0.44, 0.2), (0.2, 0.45), (0.48, 0.7), (0.25, 1.0), (0.0, 0.88)]],
    ),
    style(
        3,
        2,
        true,
        &[&[
            (0.03, 0.02),
            (0.48, 0.0),
            (0.2, 0.4),
            (0.4, 0.5),
            (0.48, 0.72),
            (0.36, 0.95),
            (0.15, 1.0),
            (0.0, 0.88),
        ]],
    ),
    style(4, 2, true, &[&[(0.35, 0.0), (0.0, 0.65), (0.58, 0.63)], &[(0.42, 0.3), (0.38, 1.0)]]),
    style(4, 2, true, &[&[(0.16, 0.0), (0.0, 0.55), (0.58, 0.53)], &[(0.44, 0.05), (0.38, 1.0)]]),
    style(4, 2, true, &[&[(0.1, 0.0), (0.04, 0.55), (0.55, 0.52)], &[(0.45, 0.1), (0.43, 1.0)]]),
    style(4, 2, true, &[&[(0.4, 1.0), (0.42, 0.0), (0.0, 0.7), (0.58, 0.68)]]),
    style(
        4,
        2,
        false,
        &[&[(0.02, 0.02), (0.0, 0.42), (0.2, 0.5), (0.44, 0.3)], &[(0.48, 0.0), (0.44, 0.5), (0.38, 1.0)]],
    ),
    style(
        5,
        3,
        false,
        &[
            &[(0.1, 0.03), (0.05, 0.45), (0.3, 0.4), (0.48, 0.68), (0.28, 1.0), (0.0, 0.9)],
            &[(0.1, 0.03), (0.3, 0.03), (0.52, 0.0)],
        ],
    ),
    style(
        5,
        2,
        false,
        &[
            &[(0.12, 0.12), (0.06, 0.5), (0.3, 0.45), (0.45, 0.7), (0.25, 1.0), (0.0, 0.92)],
            &[(0.2, 0.04), (0.4, 0.02), (0.6, 0.0)],
        ],
    ),
    style(
        6,
        3,
        false,
        &[&[(0.42, 0.0), (0.12, 0.35), (0.02, 0.75), (0.25, 1.0), (0.46, 0.75), (0.25, 0.52), (0.04, 0.72)]],
    ),
    style(
        6,
        1,
        false,
        &[&[
            (0.45, 0.1),
            (0.3, 0.0),
            (0.05, 0.4),
            (0.05, 0.85),
            (0.3, 1.0),
            (0.44, 0.78),
            (0.3, 0.58),
            (0.08, 0.7),
        ]],
    ),
    style(7, 2, true, &[&[(0.0, 0.03), (0.52, 0.0), (0.2, 1.0)]]),
    style(7, 3, true, &[&[(0.0, 0.03), (0.52, 0.0), (0.22, 1.0)], &[(0.08, 0.5), (0.56, 0.45)]]),
    style(
        7,
        2,
        true,
        &[&[(0.0, 0.16), (0.06, 0.03), (0.5, 0.02), (0.3, 0.5), (0.26, 1.0)], &[(0.1, 0.5), (0.52, 0.47)]],
    ),
    style(
        7,
        1,
        false,
        &[
            &[(0.0, 0.15), (0.1, 0.02), (0.3, 0.08), (0.52, 0.0), (0.3, 0.45), (0.24, 1.0)],
            &[(0.08, 0.52), (0.3, 0.47), (0.54, 0.5)],
        ],
    ),
    style(
        8,
        3,
        false,
        &[&[
            (0.44, 0.12),
            (0.24, 0.0),
            (0.06, 0.2),
            (0.25, 0.45),
            (0.46, 0.76),
            (0.24, 1.0),
            (0.02, 0.76),
            (0.24, 0.45),
            (0.44, 0.2),
            (0.4, 0.08),
        ]],
    ),
    style(
        8,
        1,
        false,
        &[&[
            (0.5, 0.02),
            (0.25, 0.02),
            (0.08, 0.22),
            (0.25, 0.46),
            (0.42, 0.76),
            (0.2, 1.0),
            (0.02, 0.78),
            (0.24, 0.48),
            (0.42, 0.22),
            (0.3, 0.02),
        ]],
    ),
    style(
        9,
        3,
        false,
        &[&[
            (0.44, 0.15),
            (0.22, 0.0),
            (0.02, 0.25),
            (0.2, 0.5),
            (0.43, 0.25),
            (0.46, 0.1),
            (0.44, 0.6),
            (0.36, 1.0),
        ]],
    ),
    style(
        9,
        3,
        false,
        &[&[
            (0.42, 0.15),
            (0.22, 0.0),
            (0.02, 0.25),
            (0.2, 0.48),
            (0.43, 0.22),
            (0.46, 0.6),
            (0.28, 1.0),
            (0.02, 0.9),
        ]],
    ),
];

/// What stands in such lines and is no digit: brackets, dashes, ticks, dots, hooks.
const SCRAPS: &[Style] = &[
    style(10, 1, false, &[&[(0.3, 0.0), (0.0, 0.5), (0.3, 1.0)]]),
    style(10, 1, false, &[&[(0.0, 0.0), (0.3, 0.5), (0.0, 1.0)]]),
    style(10, 1, true, &[&[(0.0, 0.1), (1.0, 0.0)]]),
    style(10, 1, true, &[&[(0.0, 0.0), (0.15, 0.1)]]),
    style(10, 1, true, &[&[(0.0, 0.5), (0.3, 1.0), (0.9, 0.0)]]),
    style(10, 1, false, &[&[(0.0, 0.5), (0.3, 0.0), (0.5, 0.9), (0.8, 0.2), (1.0, 0.9), (1.3, 0.3)]]),
    style(10, 1, true, &[&[(0.0, 0.5), (0.8, 0.5)], &[(0.4, 0.0), (0.4, 1.0)]]),
    style(10, 1, false, &[&[(0.0, 0.1), (0.5, 0.0), (0.9, 0.3), (0.4, 0.4), (0.0, 0.35)]]),
    style(10, 1, true, &[&[(0.0, 1.0), (0.3, 0.0), (0.6, 1.0)], &[(0.1, 0.6), (0.5, 0.6)]]),
    style(10, 1, true, &[&[(0.0, 1.0), (0.0, 0.0), (0.6, 1.0), (0.6, 0.0)]]),
    style(10, 1, false, &[&[(0.0, 0.3), (0.5, 0.0), (0.9, 0.5), (1.5, 0.1), (2.2, 0.6), (3.0, 0.2)]]),
];

/// A digit drawn by chance, `height` pixels high.
pub fn digit(digit: usize, height: f32, rng: &mut ChaCha8Rng) -> Mask {
    draw(choose(STYLES.iter().filter(|s| s.digit == digit).collect(), rng), height, rng)
}

/// Ink that is no digit.
pub fn scrap(height: f32, rng: &mut ChaCha8Rng) -> Mask {
    draw(choose(SCRAPS.iter().collect(), rng), height, rng)
}

fn choose<'s>(styles: Vec<&'s Style>, rng: &mut ChaCha8Rng) -> Option<&'s Style> {
    let total: u32 = styles.iter().map(|s| s.weight).sum();
    let mut at = rng.random_range(0..total.max(1));
    styles.into_iter().find(|s| {
        let here = at < s.weight;
        at = at.saturating_sub(s.weight);
        here
    })
}

fn draw(style: Option<&Style>, height: f32, rng: &mut ChaCha8Rng) -> Mask {
    let Some(style) = style else { return Mask::new(1, 1) };
    let pen = rng.random_range(0.035..0.085) * height;
    let (shear, wide) = (rng.random_range(-0.1..0.5f32), rng.random_range(0.75..1.4f32));
    let turn = rng.random_range(-0.1..0.1f32);
    let shake = rng.random_range(0.0..0.045f32);
    let mut points: Vec<Point> = Vec::new();
    for stroke in style.strokes {
        let moved: Vec<Point> = stroke
            .iter()
            .map(|(x, y)| {
                let (x, y) = (x * wide + normal(rng) * shake, y + normal(rng) * shake);
                let x = x + shear * (1.0 - y);
                (x * turn.cos() - y * turn.sin(), x * turn.sin() + y * turn.cos())
            })
            .collect();
        points.extend(path(&moved, style.straight && rng.random_bool(0.8)));
    }
    let least = |f: fn(&Point) -> f32| points.iter().map(f).fold(f32::MAX, f32::min);
    let most = |f: fn(&Point) -> f32| points.iter().map(f).fold(f32::MIN, f32::max);
    let (x0, y0) = (least(|p| p.0), least(|p| p.1));
    let margin = pen + 2.0;
    let side = |d: f32| (d * height + 2.0 * margin).ceil().max(1.0) as usize;
    let mut mask = Mask::new(side(most(|p| p.0) - x0), side(most(|p| p.1) - y0));
    let mut radius = pen;
    for (x, y) in points {
        radius = (radius + normal(rng) * 0.02 * pen).clamp(0.6 * pen, 1.4 * pen);
        dot(&mut mask, ((x - x0) * height + margin, (y - y0) * height + margin), radius.max(0.7));
    }
    mask
}

fn dot(mask: &mut Mask, at: Point, radius: f32) {
    for y in (at.1 - radius).max(0.0) as usize..=(at.1 + radius) as usize {
        for x in (at.0 - radius).max(0.0) as usize..=(at.0 + radius) as usize {
            let (dx, dy) = (x as f32 + 0.5 - at.0, y as f32 + 0.5 - at.1);
            if dx * dx + dy * dy <= radius * radius {
                mask.set(x, y);
            }
        }
    }
}

/// Points close together along a stroke: straight from one to the next, or along a curve through all (Catmull-Rom).
fn path(points: &[Point], straight: bool) -> Vec<Point> {
    const STEPS: usize = 40;
    let at = |i: usize| points.get(i).copied();
    let mut out = Vec::new();
    for i in 0..points.len().saturating_sub(1) {
        let (Some(b), Some(c)) = (at(i), at(i + 1)) else { break };
        let (a, d) = (at(i.wrapping_sub(1)).unwrap_or(b), at(i + 2).unwrap_or(c));
        for s in 0..=STEPS {
            let t = s as f32 / STEPS as f32;
            let curve = |a: f32, b: f32, c: f32, d: f32| {
                let (t2, t3) = (t * t, t * t * t);
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * t2
                    + (3.0 * b - a - 3.0 * c + d) * t3)
            };
            out.push(if straight {
                (b.0 + (c.0 - b.0) * t, b.1 + (c.1 - b.1) * t)
            } else {
                (curve(a.0, b.0, c.0, d.0), curve(a.1, b.1, c.1, d.1))
            });
        }
    }
    out
}

/// A number drawn from the normal distribution (Box and Muller 1958).
pub fn normal(rng: &mut ChaCha8Rng) -> f32 {
    let (u, v): (f32, f32) = (rng.random_range(1e-6..1.0), rng.random());
    (-2.0 * u.ln()).sqrt() * (std::f32::consts::TAU * v).cos()
}
