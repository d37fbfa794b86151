//! Batches, as users run them: the program `vanthu` with its reading processes, one a core.

use super::{Case, GROWING, Pace, Work};
use crate::error::{Error, Result};
use crate::results::Clock;
use crate::tools;
use std::fs;
use std::path::PathBuf;

/// Small texts at the smallest size.
const TEXTS: u32 = 100;

/// Batches of many texts and of scans.
pub static CASES: [Case; 3] = [
    Case {
        name: "batch.texts",
        what: "small texts to records, 10,000 at the largest size",
        unit: "texts",
        clock: Clock::Wall,
        scales: GROWING,
        pace: Pace::Slow,
        hot: false,
        prepare: |inputs, scale| {
            let count = TEXTS * scale;
            let folder = inputs.work().join(format!("texts-{count}"));
            if !folder.exists() {
                let aside = inputs.work().join(format!("texts-{count}.part"));
                fs::create_dir_all(&aside).map_err(Error::io(&aside))?;
                for i in 1..=count {
                    let path = aside.join(format!("{i:06}.txt"));
                    fs::write(&path, small_text(i)).map_err(Error::io(&path))?;
                }
                fs::rename(&aside, &folder).map_err(Error::io(&folder))?;
            }
            ingest(vec![folder], f64::from(count), &["--jobs", "0"])
        },
    },
    Case {
        name: "batch.again",
        what: "going on from a finished batch",
        unit: "texts",
        clock: Clock::Wall,
        scales: &[10],
        pace: Pace::Slow,
        hot: false,
        prepare: |inputs, scale| {
            // Makes the texts.
            (CASES[0].prepare)(inputs, scale)?;
            let folder = inputs.work().join(format!("texts-{}", TEXTS * scale));
            let out = tempfile::tempdir_in(inputs.work()).map_err(Error::io(inputs.work()))?;
            let arguments = move || {
                let mut a = vec!["ingest".into(), folder.clone(), "--out".into(), out.path().join("out")];
                a.push("--quiet".into());
                a
            };
            tools::vanthu(&arguments())?;
            Ok(Work::new(f64::from(TEXTS * scale), move || {
                tools::vanthu(&arguments())?;
                Ok(0)
            }))
        },
    },
    Case {
        name: "batch.scans",
        what: "scans of fixtures/ to records",
        unit: "pages",
        clock: Clock::Wall,
        scales: &[1, 10],
        pace: Pace::Slow,
        hot: false,
        prepare: |inputs, scale| {
            let scans = inputs.files("fixtures/scans")?;
            // Two short ones at the small size.
            let chosen = |p: &PathBuf| scale > 1 || p.ends_with("21.pdf") || p.ends_with("24.pdf");
            let scans: Vec<PathBuf> = scans.into_iter().filter(chosen).collect();
            let pages = scans
                .iter()
                .map(|p| {
                    let name = p.file_name().unwrap_or_default().to_string_lossy();
                    let id = name.split('.').next().unwrap_or_default();
                    Ok(inputs.text(&format!("fixtures/text/{id}.txt"))?.matches('\u{c}').count() + 1)
                })
                .sum::<Result<usize>>()?;
            ingest(scans, pages as f64, &["--jobs", "0"])
        },
    },
];

fn small_text(i: u32) -> String {
    let day = i % 28 + 1;
    format!(
        "Giao Phòng Văn thư số {i} chủ trì, phối hợp với Phòng Tổng hợp lập báo cáo trước ngày {day}/6/2026.\n"
    )
}

/// A batch into a fresh folder each time.
fn ingest(inputs: Vec<PathBuf>, amount: f64, flags: &'static [&'static str]) -> Result<Work> {
    Ok(Work::new(amount, move || {
        let out = tempfile::tempdir().map_err(Error::stage)?;
        let folder = out.path().join("out");
        let mut arguments: Vec<PathBuf> =
            vec!["ingest".into(), "--quiet".into(), "--out".into(), folder.clone()];
        arguments.extend(flags.iter().map(PathBuf::from));
        arguments.extend(inputs.iter().cloned());
        tools::vanthu(&arguments)?;
        let records = folder.join("records.jsonl");
        let lines = fs::read(&records).map_err(Error::io(&records))?;
        Ok(lines.iter().filter(|b| **b == b'\n').count() as u64)
    }))
}
