//! Photographs: the sheet of paper on a darker ground, cut out and made level.

use super::placement::Placement;
use super::resample::resample;
use crate::picture::{Picture, Pixels};
use image::imageops;
use image::{GrayImage, Luma};

/// The search runs on a picture whose longer side has so many pixels.
const SEARCH_SIDE: u32 = 640;

/// Lines of print are filled up to this many pixels of the search, so that they belong to the paper.
const PRINT: u32 = 6;

/// The sheet covers so much of the picture.
const SHARE: std::ops::RangeInclusive<f64> = 0.15..=0.97;

/// What is light fills at least this share of the four-sided figure around it.
const FILLED: f64 = 0.93;

/// Corners measure so many degrees.
const CORNER: std::ops::RangeInclusive<f64> = 60.0..=120.0;

/// At the edge, paper is lighter than the ground by so much, of 255 ...
const STEP: u8 = 35;

/// ... at so many pixels of the search to either side ...
const ASIDE: f64 = 7.0;

/// ... in this share of the places looked at ...
const CLEAR: f64 = 0.85;

/// ... which lie inside of the picture for at least this share of the outline: two sides of four.
const SEEN: f64 = 0.4;

/// Places looked at along a side.
const PLACES: usize = 24;

/// A corner lies at least so far from the corner of the picture, in longer sides of it: what is framed well stays as it is.
const INSIDE: f64 = 0.03;

/// Height over width of A4, and how a photograph taken aslant may change it.
const A4: f64 = std::f64::consts::SQRT_2;
const A4_ASLANT: std::ops::RangeInclusive<f64> = 1.15..=1.7;

/// The longer side of A4 in inches.
const A4_LONG_SIDE: f64 = 11.69;

type Point = (f64, f64);

/// The sheet that a photograph shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    /// Its size in pixels when it is level.
    pub size: (u32, u32),
    /// Pixels an inch of that.
    pub dpi: f32,
    /// From its pixels to those of the photograph.
    pub placement: Placement,
}

impl Sheet {
    /// The sheet on a photograph; nothing where no paper lies on a darker ground, as on scans.
    pub(crate) fn find(picture: &Picture) -> Option<Self> {
        let (full_width, full_height) = picture.dimensions();
        let long = full_width.max(full_height);
        let scale = f64::from(SEARCH_SIDE) / f64::from(long);
        let side = |s: u32| ((f64::from(s) * scale).round() as u32).max(1);
        let (width, height) = (side(full_width), side(full_height));
        if scale > 1.0 || width.min(height) < SEARCH_SIDE / 4 {
            return None;
        }
        let small = lightness(picture, width, height);
        let limit = otsu(&small);
        if !is_framed(&small, limit) {
            return None;
        }
        let paper = filled(&small, PRINT);
        let (outline, area) = largest_light(&paper, otsu(&paper))?;
        if !SHARE.contains(&(area as f64 / f64::from(width * height))) {
            return None;
        }
        let corners = four_corners(&hull(outline))?;
        let is_sheet = area as f64 >= FILLED * surface(&corners)
            && corners_are_right(&corners)
            && is_inside(&corners, (width, height))
            && stands_out(&paper, &corners);
        if !is_sheet {
            return None;
        }
        let scale = (f64::from(full_width) / f64::from(width), f64::from(full_height) / f64::from(height));
        Self::of(corners.map(|(x, y)| (x * scale.0, y * scale.1)), picture.dpi)
    }

    /// The sheet between four corners, clockwise from the top left; where it may be A4, it is.
    fn of(corners: [Point; 4], dpi: f32) -> Option<Self> {
        let length = |a: usize, b: usize| (corners[b].0 - corners[a].0).hypot(corners[b].1 - corners[a].1);
        let (mut width, mut height) = (length(0, 1).max(length(3, 2)), length(0, 3).max(length(1, 2)));
        let mut dpi = f64::from(dpi);
        if A4_ASLANT.contains(&(height.max(width) / height.min(width))) {
            let long = height.max(width).max(A4 * height.min(width));
            (width, height) = if height >= width { (long / A4, long) } else { (long, long / A4) };
            dpi = long / A4_LONG_SIDE;
        }
        let size = (width.round() as u32, height.round() as u32);
        let placement = Placement::onto(&corners, f64::from(size.0), f64::from(size.1))?;
        Some(Self { size, dpi: dpi as f32, placement })
    }

    /// The sheet alone, level.
    pub(crate) fn cut(&self, page: &GrayImage) -> GrayImage {
        resample(page, self.size, |x, y| {
            let (x, y) = self.placement.point(f64::from(x) + 0.5, f64::from(y) + 0.5);
            (x as f32 - 0.5, y as f32 - 0.5)
        })
    }
}

/// How near to white each pixel is: its darkest channel, since a ground of wood is light in red.
fn lightness(picture: &Picture, width: u32, height: u32) -> GrayImage {
    match &picture.pixels {
        Pixels::Gray(gray) => imageops::thumbnail(gray, width, height),
        Pixels::Rgb(rgb) => {
            let small = imageops::thumbnail(rgb, width, height);
            GrayImage::from_fn(width, height, |x, y| {
                Luma([small.get_pixel(x, y).0.into_iter().min().unwrap_or(0)])
            })
        }
    }
}

/// The grey level that parts dark and light best (Otsu 1979).
fn otsu(page: &GrayImage) -> u8 {
    let mut counts = [0u64; 256];
    page.pixels().for_each(|p| counts[usize::from(p[0])] += 1);
    let all: u64 = counts.iter().sum();
    let sum: f64 = counts.iter().zip(0u32..).map(|(n, v)| *n as f64 * f64::from(v)).sum();
    let (mut below, mut sum_below, mut best) = (0, 0.0, (0.0, 0));
    for (level, count) in (0u8..=255).zip(counts) {
        below += count;
        sum_below += count as f64 * f64::from(level);
        if below == 0 || below == all {
            continue;
        }
        let (b, a) = (below as f64, (all - below) as f64);
        let apart = sum_below / b - (sum - sum_below) / a;
        let between = b * a * apart * apart;
        if between > best.0 {
            best = (between, level);
        }
    }
    best.1
}

/// Whether a good part of the picture's border is dark: a quick look that passes over scans.
fn is_framed(page: &GrayImage, limit: u8) -> bool {
    let (w, h) = page.dimensions();
    let rows = (0..w).flat_map(|x| [(x, 1), (x, h - 2)]);
    let columns = (0..h).flat_map(|y| [(1, y), (w - 2, y)]);
    let dark = rows.chain(columns).filter(|&(x, y)| page.get_pixel(x, y)[0] <= limit).count();
    dark as f64 >= SEEN * f64::from(2 * (w + h))
}

/// Dark places of up to `reach` pixels filled with the paper around them: a dilation, then an erosion.
fn filled(page: &GrayImage, reach: u32) -> GrayImage {
    let lighter = spread(page, reach, u8::max);
    spread(&lighter, reach, u8::min)
}

/// Every pixel the best one of its row, then of its column, within `reach`.
fn spread(page: &GrayImage, reach: u32, best: fn(u8, u8) -> u8) -> GrayImage {
    let (w, h) = page.dimensions();
    let along = |at: u32, side: u32| at.saturating_sub(reach)..(at + reach + 1).min(side);
    let rows = GrayImage::from_fn(w, h, |x, y| {
        let values = along(x, w).map(|i| page.get_pixel(i, y)[0]);
        Luma([values.reduce(best).unwrap_or(0)])
    });
    GrayImage::from_fn(w, h, |x, y| {
        let values = along(y, h).map(|i| rows.get_pixel(x, i)[0]);
        Luma([values.reduce(best).unwrap_or(0)])
    })
}

/// The outermost pixels of each row of the largest light area, and its size in pixels.
fn largest_light(page: &GrayImage, limit: u8) -> Option<(Vec<Point>, usize)> {
    let (w, h) = page.dimensions();
    let light = |x: u32, y: u32| page.get_pixel(x, y)[0] > limit;
    let mut seen = vec![false; w as usize * h as usize];
    let mut best: Vec<(u32, u32)> = Vec::new();
    for start in (0..h).flat_map(|y| (0..w).map(move |x| (x, y))) {
        let index = |(x, y): (u32, u32)| y as usize * w as usize + x as usize;
        if seen[index(start)] || !light(start.0, start.1) {
            continue;
        }
        seen[index(start)] = true;
        let mut area = vec![start];
        let mut next = 0;
        while let Some(&(x, y)) = area.get(next) {
            next += 1;
            let around = [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
            for place in around.into_iter().filter(|&(x, y)| x < w && y < h && light(x, y)) {
                if !seen[index(place)] {
                    seen[index(place)] = true;
                    area.push(place);
                }
            }
        }
        if area.len() > best.len() {
            best = area;
        }
    }
    let mut rows = vec![(u32::MAX, 0); h as usize];
    for &(x, y) in &best {
        let row = &mut rows[y as usize];
        *row = (row.0.min(x), row.1.max(x));
    }
    let ends = rows.iter().zip(0u32..).filter(|((from, _), _)| *from != u32::MAX);
    let outline = ends.flat_map(|(&(from, to), y)| {
        [y, y + 1]
            .into_iter()
            .flat_map(move |y| [(f64::from(from), f64::from(y)), (f64::from(to) + 1.0, f64::from(y))])
    });
    (!best.is_empty()).then(|| (outline.collect(), best.len()))
}

fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

/// The convex hull, clockwise as seen on the page (monotone chain, Andrew 1979).
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for p in points {
            while let [.., a, b] = chain[..]
                && turn(a, b, p) <= 0.0
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut chain = half(&mut points.iter().copied());
    chain.extend(half(&mut points.iter().rev().copied()));
    chain
}

/// The four corners of the hull between which lies most of it, clockwise from the one nearest to the top left.
fn four_corners(hull: &[Point]) -> Option<[Point; 4]> {
    let mut best = (0.0, None);
    for (i, &a) in hull.iter().enumerate() {
        for (j, &c) in hull.iter().enumerate().skip(i + 1) {
            let side = |of: &[Point]| {
                of.iter().map(|p| (turn(a, c, *p).abs(), *p)).max_by(|x, y| x.0.total_cmp(&y.0))
            };
            let outer: Vec<Point> = hull[j + 1..].iter().chain(&hull[..i]).copied().collect();
            if let (Some((one, b)), Some((other, d))) = (side(&hull[i + 1..j]), side(&outer))
                && one + other > best.0
            {
                best = (one + other, Some([a, b, c, d]));
            }
        }
    }
    let mut corners = best.1?;
    let first = (0..4).min_by(|&a, &b| {
        let sum = |i: usize| corners[i].0 + corners[i].1;
        sum(a).total_cmp(&sum(b))
    })?;
    corners.rotate_left(first);
    Some(corners)
}

/// The surface between the corners.
fn surface(corners: &[Point; 4]) -> f64 {
    let [a, b, c, d] = *corners;
    (turn(a, b, c) + turn(a, c, d)).abs() / 2.0
}

fn corners_are_right(corners: &[Point; 4]) -> bool {
    (0..4).all(|i| {
        let (before, here, after) = (corners[(i + 3) % 4], corners[i], corners[(i + 1) % 4]);
        let (u, v) = ((before.0 - here.0, before.1 - here.1), (after.0 - here.0, after.1 - here.1));
        let cosine = (u.0 * v.0 + u.1 * v.1) / (u.0.hypot(u.1) * v.0.hypot(v.1)).max(1e-9);
        CORNER.contains(&cosine.clamp(-1.0, 1.0).acos().to_degrees())
    })
}

/// Whether a corner lies clearly inside of the picture.
fn is_inside(corners: &[Point; 4], (width, height): (u32, u32)) -> bool {
    let (w, h) = (f64::from(width), f64::from(height));
    let frame = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)];
    corners.iter().zip(frame).any(|(c, f)| (c.0 - f.0).hypot(c.1 - f.1) >= INSIDE * w.max(h))
}

/// Whether the paper is lighter than what lies beside it, along the sides that lie inside of the picture.
fn stands_out(paper: &GrayImage, corners: &[Point; 4]) -> bool {
    let (w, h) = (f64::from(paper.width()), f64::from(paper.height()));
    let at = |(x, y): Point| {
        let inside = x >= 0.0 && y >= 0.0 && x < w && y < h;
        inside.then(|| paper.get_pixel(x as u32, y as u32)[0])
    };
    let (mut seen, mut clear) = (0, 0);
    for i in 0..4 {
        let (a, b) = (corners[i], corners[(i + 1) % 4]);
        let length = (b.0 - a.0).hypot(b.1 - a.1).max(1e-9);
        // Clockwise around it, the paper lies to the right.
        let aside = (-(b.1 - a.1) / length * ASIDE, (b.0 - a.0) / length * ASIDE);
        for place in 1..=PLACES {
            let share = place as f64 / (PLACES + 1) as f64;
            let (x, y) = (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share);
            if let (Some(within), Some(beside)) =
                (at((x + aside.0, y + aside.1)), at((x - aside.0, y - aside.1)))
            {
                seen += 1;
                clear += usize::from(within >= beside.saturating_add(STEP));
            }
        }
    }
    seen as f64 >= SEEN * (4 * PLACES) as f64 && clear as f64 >= CLEAR * seen as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet of lines of print between `corners` on a ground of `ground`.
    fn photograph(corners: [Point; 4], ground: u8) -> Picture {
        let back = Placement::onto(&corners, 1000.0, 1414.0).unwrap().inverse().unwrap();
        let gray = GrayImage::from_fn(1200, 1600, |x, y| {
            let (u, v) = back.point(f64::from(x), f64::from(y));
            let on_paper = (0.0..1000.0).contains(&u) && (0.0..1414.0).contains(&v);
            let print = (100.0..900.0).contains(&u)
                && (100.0..1300.0).contains(&v)
                && v % 40.0 < 14.0
                && u % 60.0 < 45.0;
            Luma([if !on_paper {
                ground
            } else if print {
                60
            } else {
                215
            }])
        });
        Picture::new(Pixels::Gray(gray), None)
    }

    const ASLANT: [Point; 4] = [(210.0, 150.0), (1010.0, 190.0), (1120.0, 1480.0), (90.0, 1420.0)];

    #[test]
    fn a_sheet_on_a_dark_ground_is_found_and_made_level() {
        let picture = photograph(ASLANT, 90);
        let sheet = Sheet::find(&picture).unwrap();
        for (at, corner) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].into_iter().zip(ASLANT) {
            let (x, y) =
                sheet.placement.point(at.0 * f64::from(sheet.size.0), at.1 * f64::from(sheet.size.1));
            assert!((x - corner.0).hypot(y - corner.1) < 6.0, "{corner:?} {x} {y}");
        }
        assert!((f64::from(sheet.size.1) / f64::from(sheet.size.0) - A4).abs() < 0.01);
        let Pixels::Gray(gray) = &picture.pixels else { panic!("it is grey") };
        let level = sheet.cut(gray);
        // The ground is gone, and rows of print lie level.
        let (w, h) = level.dimensions();
        assert!((20..w - 20).all(|x| level.get_pixel(x, 20)[0] > 150 && level.get_pixel(x, h - 20)[0] > 150));
        assert!(crate::clean::deskew::skew(&level, sheet.dpi).unwrap().abs() < 0.3);
    }

    #[test]
    fn scans_are_left_alone() {
        // Paper to the border, a ground as light as paper, a copier's shadow along one side, a blank page.
        let whole = [(-20.0, -20.0), (1220.0, -20.0), (1220.0, 1620.0), (-20.0, 1620.0)];
        assert_eq!(Sheet::find(&photograph(whole, 90)), None);
        assert_eq!(Sheet::find(&photograph(ASLANT, 205)), None);
        let shadow = [(60.0, -20.0), (1220.0, -20.0), (1220.0, 1620.0), (60.0, 1620.0)];
        assert_eq!(Sheet::find(&photograph(shadow, 30)), None);
        let blank = GrayImage::from_pixel(1200, 1600, Luma([250]));
        assert_eq!(Sheet::find(&Picture::new(Pixels::Gray(blank), None)), None);
    }

    #[test]
    fn a_light_blot_is_no_sheet() {
        let round = GrayImage::from_fn(1200, 1600, |x, y| {
            let (dx, dy) = (f64::from(x) - 600.0, f64::from(y) - 800.0);
            Luma([if dx.hypot(dy) < 500.0 { 230 } else { 40 }])
        });
        assert_eq!(Sheet::find(&Picture::new(Pixels::Gray(round), None)), None);
    }
}
