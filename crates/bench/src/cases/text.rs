//! Text: verdict, old encodings, restoring, parsing.

use super::{Case, GROWING, Pace, Work, tally};
use crate::error::{Error, Result};
use crate::inputs::{Inputs, Reading, TCVN3, VNI, syllables};
use crate::results::Clock;
use diacritic_restorer::{Gate, Options, Regime, Restorer};

const BASE: Case = Case {
    name: "",
    what: "",
    unit: "syllables",
    clock: Clock::Processor,
    scales: GROWING,
    pace: Pace::Warm,
    hot: false,
    prepare: |_, _| Err(Error::Missing("nothing to do".into())),
};

/// What tells whether text can be used as it is.
pub static READING: &[Case] = &[
    #[cfg(feature = "steps")]
    Case {
        name: "verdict",
        what: "is this text layer to be used?",
        hot: true,
        prepare: |inputs, scale| {
            let text = inputs.documents(scale as usize)?;
            Ok(Work::new(syllables(&text), move || {
                Ok(extractor::probe::judge(text.split_whitespace()) as u64)
            }))
        },
        ..BASE
    },
    Case {
        name: "legacy.tcvn3",
        what: "TCVN3 found and turned into Unicode",
        unit: "bytes",
        hot: true,
        prepare: |inputs, scale| {
            let bytes = TCVN3.encode(&inputs.documents(scale as usize)?);
            Ok(Work::new(bytes.len() as f64, move || {
                Ok(tally(extractor::convert(&bytes, None).text.as_bytes()))
            }))
        },
        ..BASE
    },
    Case {
        name: "legacy.vni",
        what: "VNI found and turned into Unicode",
        unit: "bytes",
        prepare: |inputs, scale| {
            let bytes = VNI.encode(&inputs.documents(scale as usize)?);
            Ok(Work::new(bytes.len() as f64, move || {
                Ok(tally(extractor::convert(&bytes, None).text.as_bytes()))
            }))
        },
        ..BASE
    },
];

/// What is done to text once it is there.
pub static CASES: &[Case] = &[
    Case {
        name: "restore.start",
        what: "models of the restorer put together",
        unit: "starts",
        scales: &[1],
        pace: Pace::Cold,
        prepare: |_, _| {
            Ok(Work::new(1.0, || {
                Ok(Restorer::bundled().map_err(Error::stage)?.language_model().vocabulary() as u64)
            }))
        },
        ..BASE
    },
    Case {
        name: "restore.stripped",
        what: "text without marks",
        hot: true,
        prepare: |inputs, scale| restore(inputs, scale, Reading::Stripped),
        ..BASE
    },
    Case {
        name: "restore.english",
        what: "text read by an English engine",
        hot: true,
        prepare: |inputs, scale| restore(inputs, scale, Reading::English),
        ..BASE
    },
    Case {
        name: "restore.english.first",
        what: "the same, as the first document of a process",
        scales: &[10],
        pace: Pace::Cold,
        prepare: |inputs, scale| {
            let text = inputs.lines(Reading::English, scale)?;
            Ok(Work::new(syllables(&text), move || {
                let restorer = Restorer::bundled().map_err(Error::stage)?;
                Ok(tally(restorer.restore_text(&text, &options(Reading::English)).text.as_bytes()))
            }))
        },
        ..BASE
    },
    Case {
        name: "restore.vietnamese",
        what: "text read by a Vietnamese engine",
        prepare: |inputs, scale| restore(inputs, scale, Reading::Vietnamese),
        ..BASE
    },
    Case {
        name: "restore.clean",
        what: "good text, left as it is",
        prepare: |inputs, scale| restore(inputs, scale, Reading::Printed),
        ..BASE
    },
    Case {
        name: "parse",
        what: "tasks, units, dates, ... of a long document",
        hot: true,
        prepare: |inputs, scale| {
            let document = structure_parser::plain(&inputs.documents(scale as usize)?);
            Ok(Work::new(syllables(&document.text), move || {
                let directive = structure_parser::parse(&document);
                Ok((directive.tasks.len() << 20 | directive.references.len()) as u64)
            }))
        },
        ..BASE
    },
];

fn options(reading: Reading) -> Options {
    let gate = match reading {
        Reading::Vietnamese => Gate::As(Regime::Recognised),
        _ => Gate::Auto,
    };
    Options { gate, ..Options::default() }
}

fn restore(inputs: &Inputs, scale: u32, reading: Reading) -> Result<Work> {
    let restorer = Restorer::bundled().map_err(Error::stage)?;
    let text = inputs.lines(reading, scale)?;
    Ok(Work::new(syllables(&text), move || {
        Ok(tally(restorer.restore_text(&text, &options(reading)).text.as_bytes()))
    }))
}
