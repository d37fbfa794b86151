//! Where the pixels of a cleaned page lie on the page that they came from.

use vanthu_model::BBox;

/// A projective map from pixels to points of the page (1/72 inch, from its top left), row by row; a step of the
/// clean-up that moves pixels is put in front of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placement([[f64; 3]; 3]);

impl Placement {
    /// Pixels times `scale`.
    pub(crate) fn scaled(scale: f64) -> Self {
        Self([[scale, 0.0, 0.0], [0.0, scale, 0.0], [0.0, 0.0, 1.0]])
    }

    /// A turn clockwise by `degrees` about `(x, y)`.
    pub(crate) fn turned(degrees: f64, (x, y): (f64, f64)) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self([[cos, -sin, x - x * cos + y * sin], [sin, cos, y - x * sin - y * cos], [0.0, 0.0, 1.0]])
    }

    /// The map that takes the corners of a picture of `width` × `height` pixels, clockwise from the top left, to
    /// `corners`; nothing where these make no convex figure (Heckbert 1989, Fundamentals of Texture Mapping and Image
    /// Warping, 2.2.3).
    pub(crate) fn onto(corners: &[(f64, f64); 4], width: f64, height: f64) -> Option<Self> {
        let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = *corners;
        let (sx, sy) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
        let (dx1, dx2, dy1, dy2) = (x1 - x2, x3 - x2, y1 - y2, y3 - y2);
        let determinant = dx1 * dy2 - dx2 * dy1;
        if determinant.abs() < 1e-9 || width <= 0.0 || height <= 0.0 {
            return None;
        }
        let g = (sx * dy2 - dx2 * sy) / determinant;
        let h = (dx1 * sy - sx * dy1) / determinant;
        // Below that a corner lies behind the eye.
        if g <= -1.0 || h <= -1.0 || g + h <= -1.0 {
            return None;
        }
        let unit = Self([
            [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
            [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
            [g, h, 1.0],
        ]);
        Some(unit.after(&Self([[1.0 / width, 0.0, 0.0], [0.0, 1.0 / height, 0.0], [0.0, 0.0, 1.0]])))
    }

    /// This map of what `first` gives.
    pub(crate) fn after(&self, first: &Self) -> Self {
        let cell = |row: [f64; 3], column: usize| (0..3).map(|i| row[i] * first.0[i][column]).sum();
        Self(self.0.map(|row| [cell(row, 0), cell(row, 1), cell(row, 2)]))
    }

    /// The map back; nothing where all falls into a line.
    pub(crate) fn inverse(&self) -> Option<Self> {
        let m = &self.0;
        let minor = |r: usize, c: usize| {
            let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
            m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
        };
        let determinant: f64 = (0..3).map(|c| m[0][c] * minor(0, c)).sum();
        if determinant.abs() < f64::MIN_POSITIVE {
            return None;
        }
        let row = |r: usize| [0, 1, 2].map(|c| minor(c, r) / determinant);
        Some(Self([row(0), row(1), row(2)]))
    }

    /// Where a place goes.
    pub(crate) fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c] = self.0.map(|row| row[0] * x + row[1] * y + row[2]);
        (a / c, b / c)
    }

    /// The box on the page of a box of pixels. It keeps its proportions; only its middle is moved and its sides take
    /// the measure of the place: at the few degrees in question that is closer to the printed word than the box around
    /// the moved corners.
    pub(crate) fn bbox(&self, [x0, y0, x1, y1]: [f32; 4]) -> BBox {
        let [x0, y0, x1, y1] = [x0, y0, x1, y1].map(f64::from);
        let (mx, my) = ((x0 + x1) / 2.0, (y0 + y1) / 2.0);
        let apart = |a: (f64, f64), b: (f64, f64)| (b.0 - a.0).hypot(b.1 - a.1);
        let (x, y) = self.point(mx, my);
        let half_width = apart(self.point(x0, my), self.point(x1, my)) / 2.0;
        let half_height = apart(self.point(mx, y0), self.point(mx, y1)) / 2.0;
        BBox {
            x0: (x - half_width) as f32,
            y0: (y - half_height) as f32,
            x1: (x + half_width) as f32,
            y1: (y + half_height) as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: (f64, f64), b: (f64, f64)) -> bool {
        (a.0 - b.0).abs() < 1e-6 * (1.0 + b.0.abs()) && (a.1 - b.1).abs() < 1e-6 * (1.0 + b.1.abs())
    }

    #[test]
    fn corners_go_to_corners() {
        let corners = [(40.0, 30.0), (900.0, 80.0), (980.0, 1300.0), (10.0, 1250.0)];
        let map = Placement::onto(&corners, 827.0, 1169.0).unwrap();
        for (from, to) in [(0.0, 0.0), (827.0, 0.0), (827.0, 1169.0), (0.0, 1169.0)].into_iter().zip(corners)
        {
            assert!(close(map.point(from.0, from.1), to), "{from:?} {:?} {to:?}", map.point(from.0, from.1));
        }
        assert_eq!(Placement::onto(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)], 10.0, 10.0), None);
        assert_eq!(Placement::onto(&[(0.0, 0.0), (9.0, 0.0), (1.0, 1.0), (0.0, 9.0)], 10.0, 10.0), None);
    }

    #[test]
    fn a_box_keeps_its_size_when_it_is_turned() {
        let map = Placement::scaled(0.5).after(&Placement::turned(3.0, (500.0, 700.0)));
        let b = map.bbox([480.0, 690.0, 520.0, 710.0]);
        assert!(
            (b.x0 - 240.0).abs() < 1e-3 && (b.x1 - 260.0).abs() < 1e-3 && (b.y1 - 355.0).abs() < 1e-3,
            "{b:?}"
        );
        let (x, y) = Placement::turned(90.0, (0.0, 0.0)).point(1.0, 0.0);
        assert!(close((x, y), (0.0, 1.0)), "clockwise, since y grows downwards");
    }

    proptest! {
        #[test]
        fn what_goes_there_comes_back(
            degrees in -8.0..8.0f64, scale in 0.1..3.0f64, x in 0.0..3000.0f64, y in 0.0..4000.0f64,
            shift in prop::array::uniform8(-60.0..60.0f64),
        ) {
            let [a, b, c, d, e, f, g, h] = shift;
            let corners = [(100.0 + a, 100.0 + b), (1000.0 + c, 100.0 + d), (1000.0 + e, 1400.0 + f), (100.0 + g, 1400.0 + h)];
            let map = Placement::scaled(scale)
                .after(&Placement::onto(&corners, 3000.0, 4000.0).unwrap())
                .after(&Placement::turned(degrees, (1500.0, 2000.0)));
            let (to_x, to_y) = map.point(x, y);
            prop_assert!(close(map.inverse().unwrap().point(to_x, to_y), (x, y)));
        }
    }
}
