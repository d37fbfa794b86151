//! Where seals lie: circles found by the votes of edges for their middles (gradient Hough transform; Kimme, Ballard,
//! Sklansky 1975).

use super::Seal;
use image::GrayImage;
use std::f32::consts::TAU;

/// Radii of the rings of seals, in millimetres. The seals of state bodies measure 36 to 42 mm across (Thông tư
/// 07/2010/TT-BCA), their inner rings less.
const RADII: (f32, f32) = (15.5, 22.0);
const RADIUS_STEP: f32 = 0.5;

/// The page is looked at with about so many pixels an inch.
const LOOK_DPI: f32 = 100.0;

/// An edge is steeper than this (sum of Sobel's weights; black on white gives 1020).
const EDGE: f32 = 200.0;

/// Votes are counted in squares of so many pixels.
const SQUARE: f32 = 2.0;

/// Middles lie at most this far outside the page, in pixels.
const OUTSIDE: f32 = 40.0;

/// A seal has at least this many votes; running text comes to 55.
const VOTES: u32 = 58;

/// Parts of a circle for each of which it is asked whether an edge runs along it there.
const PARTS: usize = 72;

/// The share of them of which this is so; running text comes to 0.74.
const SHARE: f32 = 0.79;

/// The same in edges: a ring that is there by half has as many.
const EDGES: usize = 340;

/// An edge that lies on a circle is off it by no more than this, in pixels, and turns from its radius by no more than an
/// angle with this cosine.
const OFF: f32 = 1.6;
const ALONG: f32 = 0.95;

/// A place where brightness changes, and the direction in which it does.
struct Edge {
    x: f32,
    y: f32,
    dx: f32,
    dy: f32,
}

/// A circle that many edges speak for, in pixels of the look.
#[derive(Clone, Copy)]
struct Circle {
    votes: u32,
    x: f32,
    y: f32,
    radius: f32,
}

/// The seals on the page, at most so many, the clearest first. The radius is that of one of its rings.
pub(super) fn seals(page: &GrayImage, dpi: f32, most: usize) -> Vec<Seal> {
    let scale = (dpi / LOOK_DPI).round().max(1.0) as u32;
    let look = smaller(page, scale);
    let per_mm = dpi / scale as f32 / 25.4;
    let edges = edges(&look);
    let mut circles = candidates(&edges, look.dimensions(), per_mm);
    circles.sort_by_key(|c| std::cmp::Reverse(c.votes));
    let mut found: Vec<Circle> = Vec::new();
    for circle in circles {
        let apart = |f: &Circle| (f.x - circle.x).hypot(f.y - circle.y) > f.radius;
        if found.len() < most
            && found.iter().all(apart)
            && let Some(circle) = confirmed(&circle, &edges, look.dimensions())
        {
            found.push(circle);
        }
    }
    let scale = scale as f32;
    found.iter().map(|c| Seal { x: c.x * scale, y: c.y * scale, radius: c.radius * scale }).collect()
}

/// The page with each square of `scale` pixels made one.
fn smaller(page: &GrayImage, scale: u32) -> GrayImage {
    let (w, h) = (page.width() / scale, page.height() / scale);
    let pixels = page.as_raw();
    let (stride, scale) = (page.width() as usize, scale as usize);
    let mut sums = vec![0u32; w as usize];
    let mut out = Vec::with_capacity(w as usize * h as usize);
    for rows in pixels.chunks_exact((stride * scale).max(1)).take(h as usize) {
        sums.fill(0);
        for row in rows.chunks_exact(stride) {
            for (sum, square) in sums.iter_mut().zip(row.chunks_exact(scale)) {
                *sum += square.iter().map(|v| u32::from(*v)).sum::<u32>();
            }
        }
        out.extend(sums.iter().map(|s| (s / (scale * scale) as u32) as u8));
    }
    GrayImage::from_raw(w, h, out).unwrap_or_default()
}

/// The edges of the picture (Sobel).
fn edges(look: &GrayImage) -> Vec<Edge> {
    let w = look.width() as usize;
    let rows: Vec<&[u8]> = look.as_raw().chunks_exact(w.max(1)).collect();
    let mut edges = Vec::new();
    for (y, three) in rows.windows(3).enumerate() {
        let &[above, row, below] = three else { continue };
        for (x, ((a, r), b)) in above.windows(3).zip(row.windows(3)).zip(below.windows(3)).enumerate() {
            let v = |part: &[u8], i: usize| part.get(i).map_or(0.0, |v| f32::from(*v));
            let dx = v(a, 2) + 2.0 * v(r, 2) + v(b, 2) - v(a, 0) - 2.0 * v(r, 0) - v(b, 0);
            let dy = v(b, 0) + 2.0 * v(b, 1) + v(b, 2) - v(a, 0) - 2.0 * v(a, 1) - v(a, 2);
            let steep = dx.hypot(dy);
            if steep > EDGE {
                edges.push(Edge { x: x as f32 + 1.0, y: y as f32 + 1.0, dx: dx / steep, dy: dy / steep });
            }
        }
    }
    edges
}

/// For each radius the middle with the most votes, where these are enough.
fn candidates(edges: &[Edge], (width, height): (u32, u32), per_mm: f32) -> Vec<Circle> {
    let squares = |side: u32| ((side as f32 + 2.0 * OUTSIDE) / SQUARE) as usize + 2;
    let (w, h) = (squares(width), squares(height));
    let mut votes = vec![0u16; w * h];
    let mut circles = Vec::new();
    let steps = ((RADII.1 - RADII.0) / RADIUS_STEP) as usize;
    for step in 0..=steps {
        let radius = (RADII.0 + step as f32 * RADIUS_STEP) * per_mm;
        votes.fill(0);
        for edge in edges {
            for side in [radius, -radius] {
                let x = (edge.x + edge.dx * side + OUTSIDE) / SQUARE;
                let y = (edge.y + edge.dy * side + OUTSIDE) / SQUARE;
                if x >= 0.0
                    && y >= 0.0
                    && (x as usize) < w
                    && let Some(square) = votes.get_mut(y as usize * w + x as usize)
                {
                    *square = square.saturating_add(1);
                }
            }
        }
        // A middle may lie where four squares meet.
        let rows: Vec<&[u16]> = votes.chunks_exact(w).collect();
        let mut best = (0, 0, 0);
        for (y, pair) in rows.windows(2).enumerate() {
            let &[upper, lower] = pair else { continue };
            for (x, (a, b)) in upper.windows(2).zip(lower.windows(2)).enumerate() {
                let sum = a.iter().chain(b).map(|v| u32::from(*v)).sum::<u32>();
                best = best.max((sum, x, y));
            }
        }
        let (votes, x, y) = best;
        if votes >= VOTES {
            let middle = |i: usize| (i + 1) as f32 * SQUARE - OUTSIDE;
            circles.push(Circle { votes, x: middle(x), y: middle(y), radius });
        }
    }
    circles
}

/// The circle near this one along which the most edges run, if that is most of it as far as it lies on the page.
fn confirmed(circle: &Circle, edges: &[Edge], (width, height): (u32, u32)) -> Option<Circle> {
    let near: Vec<&Edge> = edges
        .iter()
        .filter(|e| ((e.x - circle.x).hypot(e.y - circle.y) - circle.radius).abs() < 8.0)
        .collect();
    let mut best: Option<((usize, usize), Circle)> = None;
    for (ox, oy, or) in nudges() {
        let (x, y, radius) = (circle.x + ox, circle.y + oy, circle.radius + or);
        let mut parts = [false; PARTS];
        let mut on = 0;
        for e in &near {
            let (ex, ey) = (e.x - x, e.y - y);
            let d = ex.hypot(ey).max(1.0);
            if (d - radius).abs() < OFF && (e.dx * ex + e.dy * ey).abs() > ALONG * d {
                on += 1;
                let part = (ey.atan2(ex).rem_euclid(TAU) / TAU * PARTS as f32) as usize;
                if let Some(part) = parts.get_mut(part) {
                    *part = true;
                }
            }
        }
        let rank = (parts.iter().filter(|p| **p).count(), on);
        if best.as_ref().is_none_or(|(b, _)| rank > *b) {
            best = Some((rank, Circle { x, y, radius, ..*circle }));
        }
    }
    let ((parts, on), circle) = best?;
    let on_page = (0..PARTS).filter(|part| {
        let (sin, cos) = (*part as f32 / PARTS as f32 * TAU).sin_cos();
        let (x, y) = (circle.x + circle.radius * cos, circle.y + circle.radius * sin);
        (0.0..width as f32).contains(&x) && (0.0..height as f32).contains(&y)
    });
    let seen = on_page.count();
    (seen * 2 > PARTS && parts as f32 >= SHARE * seen as f32 && on * PARTS >= EDGES * seen).then_some(circle)
}

/// Small changes of a circle: of its middle and its radius, in pixels.
fn nudges() -> impl Iterator<Item = (f32, f32, f32)> {
    let three = |step: f32| [-step, 0.0, step];
    three(2.0).into_iter().flat_map(move |x| {
        three(2.0).into_iter().flat_map(move |y| three(1.0).into_iter().map(move |r| (x, y, r)))
    })
}
