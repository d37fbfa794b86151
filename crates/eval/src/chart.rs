//! Reliability curves as SVG pictures.

use crate::calibration::{Bin, Calibration};
use std::fmt::Write;

/// Side of the field of the curve, in pixels.
const SIDE: f64 = 320.0;
/// Left and upper margin.
const MARGIN: f64 = 56.0;
/// Height of the strip of counts below the curve.
const STRIP: f64 = 70.0;

/// A reliability curve: the share that is right over the confidence it was said with, beside the diagonal on which both
/// agree. The area of a point tells how much was said so; bars below tell it by bin. The same calibration gives the
/// same picture.
pub fn reliability(title: &str, calibration: &Calibration) -> String {
    let (width, height) = (SIDE + 1.6 * MARGIN, SIDE + STRIP + 2.6 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    frame(&mut out, title, calibration);
    let bins: Vec<&Bin> = calibration.bins.iter().filter(|b| b.count > 0).collect();
    curve(&mut out, &bins, calibration.count());
    strip(&mut out, &bins, calibration.count());
    out.push_str("</svg>\n");
    out
}

fn x(share: f64) -> f64 {
    MARGIN + share * SIDE
}

fn y(share: f64) -> f64 {
    MARGIN + (1.0 - share) * SIDE
}

/// Writing into a text cannot fail.
macro_rules! draw {
    ($out:expr, $($arg:tt)*) => { let _ = writeln!($out, $($arg)*); };
}

fn frame(out: &mut String, title: &str, calibration: &Calibration) {
    draw!(
        out,
        "<text x=\"{MARGIN}\" y=\"22\" font-size=\"14\" font-weight=\"bold\">{}</text>",
        escaped(title)
    );
    let percent = |v: Option<f64>| v.map_or("–".to_owned(), |v| format!("{:.2} %", 100.0 * v));
    let told = format!(
        "{} in all, {} right, calibration error {}",
        calibration.count(),
        percent(calibration.accuracy()),
        percent(calibration.ece())
    );
    draw!(out, "<text x=\"{MARGIN}\" y=\"40\" fill=\"#555\">{told}</text>");
    for tenth in (0..=10).step_by(2) {
        let share = f64::from(tenth) / 10.0;
        draw!(
            out,
            "<path d=\"M{:.1} {:.1}V{:.1}M{:.1} {:.1}H{:.1}\" stroke=\"#ddd\"/>",
            x(share),
            y(0.0),
            y(1.0),
            x(0.0),
            y(share),
            x(1.0)
        );
        draw!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{share:.1}</text>",
            x(0.0) - 6.0,
            y(share) + 4.0
        );
        draw!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{share:.1}</text>",
            x(share),
            y(0.0) + 16.0
        );
    }
    draw!(
        out,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"#888\"/>",
        x(0.0),
        y(1.0)
    );
    draw!(
        out,
        "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"#999\" stroke-dasharray=\"5 4\"/>",
        x(0.0),
        y(0.0),
        x(1.0),
        y(1.0)
    );
    let middle = y(0.5);
    draw!(
        out,
        "<text x=\"16\" y=\"{middle:.1}\" text-anchor=\"middle\" transform=\"rotate(-90 16 {middle:.1})\">share that is right</text>"
    );
    draw!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">confidence</text>",
        x(0.5),
        y(0.0) + 32.0
    );
}

fn curve(out: &mut String, bins: &[&Bin], all: usize) {
    let places: Vec<(f64, f64, usize)> = bins
        .iter()
        .filter_map(|b| Some((x(b.confidence()?.clamp(0.0, 1.0)), y(b.accuracy()?), b.count)))
        .collect();
    let line: Vec<String> = places.iter().map(|(x, y, _)| format!("{x:.1} {y:.1}")).collect();
    if !line.is_empty() {
        draw!(out, "<path d=\"M{}\" fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"1.5\"/>", line.join("L"));
    }
    for (x, y, count) in places {
        let radius = 2.5 + 12.0 * (count as f64 / all.max(1) as f64).sqrt();
        draw!(
            out,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"#1f5fa8\" fill-opacity=\"0.45\" stroke=\"#1f5fa8\"/>"
        );
    }
}

/// Bars of how much was said with which confidence, by the share of all.
fn strip(out: &mut String, bins: &[&Bin], all: usize) {
    let base = y(0.0) + 44.0 + STRIP;
    draw!(out, "<path d=\"M{:.1} {base:.1}H{:.1}\" stroke=\"#888\"/>", x(0.0), x(1.0));
    for bin in bins {
        let height = (STRIP * bin.count as f64 / all.max(1) as f64).max(1.0);
        let (left, right) = (x(bin.from), x(bin.to));
        draw!(
            out,
            "<rect x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\" fill=\"#c98b2b\"><title>{} from {} to {}</title></rect>",
            base - height,
            (right - left - 0.6).max(1.0),
            bin.count,
            bin.from,
            bin.to
        );
    }
    draw!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#555\">share of all, by confidence</text>",
        x(0.5),
        base + 16.0
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Observation;

    #[test]
    fn the_picture_tells_title_count_and_error() {
        let seen = (0..10).map(|i| Observation { confidence: 0.95, right: i > 0 });
        let svg = reliability("words <pdf> & scans", &seen.collect());
        assert!(svg.contains("words &lt;pdf&gt; &amp; scans"));
        assert!(svg.contains("10 in all, 90.00 % right, calibration error 5.00 %"), "{svg}");
        assert_eq!(svg.matches("<circle").count(), 1);
        assert!(reliability("", &Calibration::default()).ends_with("</svg>\n"));
    }
}
