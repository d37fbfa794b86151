//! The rings of a seal: where they run, and their ink taken off the page but where letters and rules cross it.

use super::Seal;
use image::{GrayImage, Luma};
use std::f32::consts::TAU;

/// Rings are looked for between these shares of the radius found.
const RINGS: (f32, f32) = (0.84, 1.18);

/// Distance of circles on which the ink is sampled, in pixels.
const STEP: f32 = 0.5;

/// A ring runs where circles are darker than most by at least this part of what the darkest is; its edge is this many
/// steps wide.
const RING: f32 = 0.35;
const EDGE: usize = 4;

/// A ring is no thicker than this, in millimetres, and a piece of it at least this long: stems of capitals are shorter.
const THICKEST: f32 = 3.0;
const SHORTEST: f32 = 4.2;

/// Straight ink longer than this, in millimetres, that goes on beside the rings is a rule, such as a stamp's frame.
const RULE: f32 = 5.5;

/// What ends further from the rings than this, in pixels, goes on beside them.
const BESIDE: f32 = 3.0;

/// Erases the rings. Gives the seal with its true middle and its outer radius; `None` where no ring is to be seen after all.
pub(super) fn erase_rings(page: &mut GrayImage, limit: u8, found: &Seal, per_mm: f32) -> Option<Seal> {
    let seal = centred(page, limit, found);
    let polar = Polar::of(page, limit, &seal);
    let rings = polar.rings();
    let (first, last) = (rings.iter().position(|r| *r)?, rings.iter().rposition(|r| *r)?);
    let zone = polar.radius(first) - BESIDE..polar.radius(last) + BESIDE;
    let leaves = |(x, y): (f32, f32)| !zone.contains(&(x - seal.x).hypot(y - seal.y));
    let before = page.clone();
    for (x, y) in polar.pixels_of(&rings, &seal, per_mm) {
        let [level, upright] = [(1.0, 0.0), (0.0, 1.0)].map(|way| straight(&before, limit, (x, y), way));
        let is_rule = [level, upright].iter().any(|(from, to)| {
            let length = (to.0 - from.0).max(to.1 - from.1);
            length > RULE * per_mm && (leaves(*from) || leaves(*to))
        });
        if !is_rule && let Some(pixel) = page.get_pixel_mut_checked(x as u32, y as u32) {
            *pixel = Luma([255]);
        }
    }
    Some(Seal { radius: polar.radius(last), ..seal })
}

/// The ends of the ink that runs through a pixel one way.
fn straight(page: &GrayImage, limit: u8, (x, y): (f32, f32), way: (f32, f32)) -> ((f32, f32), (f32, f32)) {
    let end = |sign: f32| {
        let at = |steps: usize| (x + sign * way.0 * steps as f32, y + sign * way.1 * steps as f32);
        let steps = (1..).take_while(|s| is_ink(page, at(*s).0, at(*s).1, limit)).count();
        at(steps)
    };
    (end(-1.0), end(1.0))
}

fn is_ink(page: &GrayImage, x: f32, y: f32, limit: u8) -> bool {
    // The cast would take what lies left of the page or above it for its edge.
    x >= 0.0 && y >= 0.0 && page.get_pixel_checked(x as u32, y as u32).is_some_and(|p| p.0[0] < limit)
}

/// The circle near the seal's that holds the most ink.
fn centred(page: &GrayImage, limit: u8, seal: &Seal) -> Seal {
    let share = |s: &Seal| {
        let rays = s.radius.max(8.0) as usize * 3;
        let dark = (0..rays).filter(|ray| {
            let (sin, cos) = (*ray as f32 / rays as f32 * TAU).sin_cos();
            is_ink(page, s.x + s.radius * cos + 0.5, s.y + s.radius * sin + 0.5, limit)
        });
        dark.count() as f32 / rays as f32
    };
    let mut best = (share(seal), *seal);
    for dr in -6..=6 {
        for dx in (-6..=6).step_by(2) {
            for dy in (-6..=6).step_by(2) {
                let moved =
                    Seal { x: seal.x + dx as f32, y: seal.y + dy as f32, radius: seal.radius + dr as f32 };
                let share = share(&moved);
                if share > best.0 {
                    best = (share, moved);
                }
            }
        }
    }
    best.1
}

/// The ink around the rings: which of it each ray meets, from the inside outwards.
struct Polar {
    rays: usize,
    /// Samples of a ray.
    steps: usize,
    /// Radius of the first sample.
    from: f32,
    /// Ray by ray.
    ink: Vec<bool>,
}

impl Polar {
    fn of(page: &GrayImage, limit: u8, seal: &Seal) -> Self {
        let from = RINGS.0 * seal.radius;
        let steps = ((RINGS.1 * seal.radius - from) / STEP).max(1.0) as usize;
        let rays = (TAU * RINGS.1 * seal.radius * 1.1).max(8.0) as usize;
        let mut polar = Self { rays, steps, from, ink: Vec::with_capacity(rays * steps) };
        for ray in 0..rays {
            for step in 0..steps {
                let (x, y) = polar.pixel(seal, ray, step);
                polar.ink.push(is_ink(page, x, y, limit));
            }
        }
        polar
    }

    fn radius(&self, step: usize) -> f32 {
        self.from + step as f32 * STEP
    }

    fn pixel(&self, seal: &Seal, ray: usize, step: usize) -> (f32, f32) {
        let (sin, cos) = (ray as f32 / self.rays as f32 * TAU).sin_cos();
        (seal.x + self.radius(step) * cos + 0.5, seal.y + self.radius(step) * sin + 0.5)
    }

    fn at(&self, ray: usize, step: usize) -> bool {
        self.ink.get(ray * self.steps + step).copied().unwrap_or(false)
    }

    /// Which steps lie on a ring.
    fn rings(&self) -> Vec<bool> {
        let share = |step: usize| (0..self.rays).filter(|ray| self.at(*ray, step)).count();
        let shares: Vec<usize> = (0..self.steps).map(share).collect();
        let smooth: Vec<usize> =
            (0..self.steps).map(|i| shares.iter().take(i + 2).skip(i.saturating_sub(1)).sum()).collect();
        let mut sorted = smooth.clone();
        sorted.sort_unstable();
        let usual = sorted.get(self.steps / 2).map_or(0.0, |s| *s as f32);
        let darkest = sorted.last().map_or(0.0, |s| *s as f32);
        let least = usual + RING * (darkest - usual);
        let dark: Vec<bool> = smooth.iter().map(|s| *s > 0 && *s as f32 >= least).collect();
        let near = |i: usize| dark.iter().take(i + EDGE + 1).skip(i.saturating_sub(EDGE)).any(|d| *d);
        (0..self.steps).map(near).collect()
    }

    /// How far each sample's ink runs along its circle, in rays.
    fn along(&self) -> Vec<usize> {
        let mut along = vec![0; self.ink.len()];
        for step in 0..self.steps {
            // Rings are not quite round: ink one step off goes on.
            let dark = |ray: usize| {
                let ray = ray % self.rays;
                (step.saturating_sub(1)..=step + 1).any(|s| s < self.steps && self.at(ray, s))
            };
            // From a gap on once around, so that no run is cut in two.
            let start = (0..self.rays).find(|ray| !dark(*ray)).unwrap_or(0);
            let mut ray = start;
            while ray < start + self.rays {
                let length = (ray..start + self.rays).take_while(|r| dark(*r)).count();
                for r in ray..ray + length {
                    if let Some(a) = along.get_mut((r % self.rays) * self.steps + step) {
                        *a = length;
                    }
                }
                ray += length.max(1);
            }
        }
        along
    }

    /// The pixels of rings, but not where something reaches across: there a letter stands.
    fn pixels_of(&self, rings: &[bool], seal: &Seal, per_mm: f32) -> Vec<(f32, f32)> {
        let along = self.along();
        let thickest = (THICKEST * per_mm / STEP) as usize;
        let shortest = (SHORTEST * per_mm * self.rays as f32 / (TAU * seal.radius)) as usize;
        let mut pixels = Vec::new();
        for ray in 0..self.rays {
            let mut step = 0;
            while step < self.steps {
                let length = (step..self.steps).take_while(|s| self.at(ray, *s)).count();
                let run = step..step + length;
                step += length.max(1);
                let on_ring = run.start > 0
                    && run.end < self.steps
                    && run.len() <= thickest
                    && run.clone().all(|s| rings.get(s) == Some(&true));
                let longest = run.clone().filter_map(|s| along.get(ray * self.steps + s)).max();
                if on_ring && longest.is_some_and(|l| *l >= shortest) {
                    pixels.extend(run.map(|s| self.pixel(seal, ray, s)));
                }
            }
        }
        pixels
    }
}
