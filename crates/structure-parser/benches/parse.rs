//! Speed and memory of the parser on one core: `cargo bench -p structure-parser`. The texts are the invented documents of
//! the golden tests: all of them as one document of 300 pages, then each repeated.

use std::time::Instant;

/// Pages of the long document, and characters on a page.
const PAGES: usize = 300;
const PAGE: usize = 2_600;
/// Times a text is parsed; the quickest counts, since the machine may have other things to do.
const ROUNDS: usize = 5;

/// The most memory that the process has held, in MB, where the system tells.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1e3)
}

fn report(name: &str, text: &str) {
    let document = structure_parser::plain(text);
    let (mut best, mut tasks) = (f64::MAX, 0);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        tasks = structure_parser::parse(&document).tasks.len();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{name:28} {:6.2} MB/s  {tasks:6} tasks", text.len() as f64 / best / 1e6);
}

fn main() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut names: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path())).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    names.sort();
    let texts: Vec<(String, String)> = names
        .iter()
        .filter_map(|p| {
            Some((p.file_stem()?.to_string_lossy().into_owned(), std::fs::read_to_string(p).ok()?))
        })
        .collect();
    structure_parser::parse_text("KẾ HOẠCH");
    let mut pages: Vec<String> = Vec::new();
    let mut line: String = texts.iter().map(|(_, t)| format!("{t}\n")).collect();
    line = line.repeat(1 + PAGES * PAGE / line.chars().count().max(1));
    let mut left = line.as_str();
    while pages.len() < PAGES
        && let Some((end, _)) = left.char_indices().nth(PAGE)
    {
        // A page ends where a line does.
        let end = left.get(end..).and_then(|r| r.find('\n')).map_or(left.len(), |at| end + at);
        pages.push(left.get(..end).unwrap_or("").to_owned());
        left = left.get(end..).unwrap_or("");
    }
    let long = pages.join("\u{c}");
    drop((line, pages));
    report(&format!("{PAGES} pages"), &long);
    if let Some(peak) = peak() {
        println!("{:28} {peak:6.1} MB at most, {:.1} MB of them text", "", long.len() as f64 / 1e6);
    }
    for (name, text) in &texts {
        report(name, &text.repeat(1 + 400_000 / text.len()));
    }
}
