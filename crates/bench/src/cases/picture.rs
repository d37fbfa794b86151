//! The steps that clean a page picture, each by itself, and all together.

use super::{Case, GROWING, Pace, Work, tally};
use crate::error::Result;
use crate::inputs::{DPI, Inputs};
use crate::results::Clock;
use extractor::probe;
use image::GrayImage;

/// Pixels at the smallest size: an eighth of an A4 page at 170 dpi.
const PIXELS: u32 = 250_000;

const BASE: Case = Case {
    name: "",
    what: "",
    unit: "pixels",
    clock: Clock::Processor,
    scales: GROWING,
    pace: Pace::Warm,
    hot: false,
    prepare: |inputs, scale| step(inputs, PIXELS * scale, |page| u64::from(page.width())),
};

/// In the order in which they run.
pub static CASES: [Case; 7] = [
    Case {
        name: "clean.red",
        what: "red ink looked for and taken out",
        prepare: |inputs, scale| {
            let page = inputs.stamped(PIXELS * scale)?;
            let pixels = f64::from(page.width()) * f64::from(page.height());
            Ok(Work::new(pixels, move || Ok(probe::red_channel(&page).map_or(0, |gray| some(&gray)))))
        },
        ..BASE
    },
    Case {
        name: "clean.skew",
        what: "skew looked for",
        prepare: |inputs, scale| {
            step(inputs, PIXELS * scale, |page| probe::skew(page, DPI).map_or(0, |s| u64::from(s.to_bits())))
        },
        ..BASE
    },
    Case {
        name: "clean.turn",
        what: "page turned level",
        prepare: |inputs, scale| step(inputs, PIXELS * scale, |page| some(&probe::rotate(page, 0.7))),
        ..BASE
    },
    Case {
        name: "clean.sauvola",
        what: "local threshold on uneven paper",
        prepare: |inputs, scale| {
            step(inputs, PIXELS * scale, |page| {
                let mut page = page.clone();
                probe::sauvola(&mut page);
                some(&page)
            })
        },
        ..BASE
    },
    Case {
        name: "clean.despeckle",
        what: "specks taken out",
        prepare: |inputs, scale| {
            let mut page = inputs.square(PIXELS * scale)?;
            probe::sauvola(&mut page);
            let pixels = f64::from(page.width()) * f64::from(page.height());
            Ok(Work::new(pixels, move || {
                let mut page = page.clone();
                probe::remove_specks(&mut page, 10);
                Ok(some(&page))
            }))
        },
        ..BASE
    },
    Case {
        name: "clean.enlarge",
        what: "page of low resolution enlarged",
        // A page that is enlarged has two million pixels at the most.
        prepare: |inputs, scale| step(inputs, PIXELS / 10 * scale, |page| some(&probe::enlarge(page))),
        ..BASE
    },
    Case {
        name: "clean.page",
        what: "all that a bad photocopy calls for, A4 at 200 dpi",
        unit: "pages",
        scales: &[10],
        prepare: |inputs, _| {
            let page = inputs.photocopy()?;
            Ok(Work::new(1.0, move || Ok(tally(probe::clean(page.clone(), DPI).0.as_raw()))))
        },
        ..BASE
    },
];

fn step(inputs: &Inputs, pixels: u32, run: impl Fn(&GrayImage) -> u64 + 'static) -> Result<Work> {
    let page = inputs.square(pixels)?;
    let pixels = f64::from(page.width()) * f64::from(page.height());
    Ok(Work::new(pixels, move || Ok(run(&page))))
}

/// A number of some pixels: to read all of them would take as long as some of the steps do.
fn some(page: &GrayImage) -> u64 {
    let pixels: Vec<u8> = page.as_raw().iter().step_by(997).copied().collect();
    tally(&pixels)
}
