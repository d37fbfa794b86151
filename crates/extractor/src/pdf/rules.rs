//! The ruling lines that the paths of a PDF page draw: strokes along an axis, and filled boxes as thin as a line.

use crate::layout::{Rule, Rules};
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use hayro_interpret::{DrawMode, DrawProps, Paint};

/// A filled box or a stroke up to this wide is a line, in points. Word draws borders of up to 6 pt; most are 0.5.
const THICK: f64 = 3.5;

/// Shorter lines than this, in points, are dashes, ticks and parts of drawings.
const SHORT: f64 = 3.0;

/// A line is level or upright if it strays no further than this from its axis, in points.
const ASTRAY: f64 = 0.6;

/// Paint lighter than this, of 1, does not show on paper.
const LIGHT: f32 = 0.97;

/// More lines than this are a drawing; no table is looked for among them.
const MOST: usize = 4000;

/// Gathers the lines of a page, in points from its top left.
#[derive(Debug, Default)]
pub(super) struct RuleCollector {
    rules: Rules,
}

impl RuleCollector {
    /// The lines gathered; none where there are too many.
    pub(super) fn finish(self) -> Rules {
        if self.is_full() { Rules::default() } else { self.rules }
    }

    fn is_full(&self) -> bool {
        self.rules.level.len() + self.rules.upright.len() > MOST
    }

    /// Takes a path in.
    pub(super) fn path(&mut self, path: &BezPath, props: &DrawProps<'_>, mode: &DrawMode) {
        if self.is_full() || !shows(&props.paint) {
            return;
        }
        match mode {
            DrawMode::Fill(_) => self.filled(path, props.transform),
            DrawMode::Stroke(stroke) => self.stroked(path, props.transform, f64::from(stroke.line_width)),
            DrawMode::FillAndStroke(_, stroke) => {
                self.stroked(path, props.transform, f64::from(stroke.line_width));
            }
            DrawMode::Invisible => {}
        }
    }

    /// Takes a box in.
    pub(super) fn rect(&mut self, rect: &Rect, props: &DrawProps<'_>, mode: &DrawMode) {
        if !self.is_full() {
            self.path(&rect.to_path(0.1), props, mode);
        }
    }

    /// Each part of the path that is a thin box.
    fn filled(&mut self, path: &BezPath, transform: Affine) {
        let mut part: Option<Rect> = None;
        let mut straight = true;
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(p) => {
                    self.thin(part.take().filter(|_| straight));
                    straight = true;
                    part = Some(Rect::from_points(transform * p, transform * p));
                }
                PathEl::LineTo(p) => part = part.map(|r| r.union_pt(transform * p)),
                PathEl::ClosePath => {}
                PathEl::QuadTo(..) | PathEl::CurveTo(..) => straight = false,
            }
        }
        self.thin(part.filter(|_| straight));
    }

    fn thin(&mut self, part: Option<Rect>) {
        let Some(r) = part.filter(|r| r.is_finite()) else { return };
        let middle = r.center();
        if r.height() <= THICK && r.width() > r.height() {
            self.push(Point::new(r.x0, middle.y), Point::new(r.x1, middle.y));
        } else if r.width() <= THICK {
            self.push(Point::new(middle.x, r.y0), Point::new(middle.x, r.y1));
        }
    }

    /// Each straight piece of the path.
    fn stroked(&mut self, path: &BezPath, transform: Affine, width: f64) {
        if width * transform.determinant().abs().sqrt() > THICK {
            return;
        }
        let (mut start, mut at) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(p) => (start, at) = (transform * p, transform * p),
                PathEl::LineTo(p) => {
                    self.push(at, transform * p);
                    at = transform * p;
                }
                PathEl::ClosePath => {
                    self.push(at, start);
                    at = start;
                }
                PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => at = transform * p,
            }
        }
    }

    fn push(&mut self, a: Point, b: Point) {
        let (dx, dy) = ((b.x - a.x).abs(), (b.y - a.y).abs());
        if !(a.is_finite() && b.is_finite()) || dx.max(dy) < SHORT || self.is_full() {
            return;
        }
        let rule =
            |at: f64, p: f64, q: f64| Rule { at: at as f32, from: p.min(q) as f32, to: p.max(q) as f32 };
        if dy <= ASTRAY {
            self.rules.level.push(rule((a.y + b.y) / 2.0, a.x, b.x));
        } else if dx <= ASTRAY {
            self.rules.upright.push(rule((a.x + b.x) / 2.0, a.y, b.y));
        }
    }
}

fn shows(paint: &Paint<'_>) -> bool {
    match paint {
        Paint::Color(color) => {
            let [r, g, b, alpha] = color.to_rgba().components();
            alpha > 0.05 && r.min(g).min(b) < LIGHT
        }
        Paint::Pattern(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thin_boxes_and_strokes_are_lines() {
        let mut lines = RuleCollector::default();
        let mut path = Rect::new(10.0, 10.0, 110.0, 10.5).to_path(0.1);
        path.extend(Rect::new(10.0, 10.0, 10.5, 60.0).to_path(0.1));
        // A shaded cell, and a letter's curve.
        path.extend(Rect::new(10.0, 20.0, 60.0, 60.0).to_path(0.1));
        path.move_to((0.0, 0.0));
        path.curve_to((1.0, 0.0), (2.0, 0.0), (50.0, 0.5));
        lines.filled(&path, Affine::IDENTITY);
        let mut stroke = BezPath::new();
        stroke.move_to((0.0, 5.0));
        stroke.line_to((50.0, 5.0));
        stroke.line_to((90.0, 40.0));
        lines.stroked(&stroke, Affine::scale(2.0), 0.5);
        lines.stroked(&stroke, Affine::IDENTITY, 9.0);
        let rules = lines.finish();
        assert_eq!(
            rules.level,
            [Rule { at: 10.25, from: 10.0, to: 110.0 }, Rule { at: 10.0, from: 0.0, to: 100.0 }]
        );
        assert_eq!(rules.upright, [Rule { at: 10.25, from: 10.0, to: 60.0 }]);
    }

    #[test]
    fn a_hatching_is_no_table() {
        let mut lines = RuleCollector::default();
        for i in 0..5000 {
            let y = f64::from(i);
            lines.push(Point::new(0.0, y), Point::new(50.0, y));
        }
        assert_eq!(lines.finish(), Rules::default());
    }
}
