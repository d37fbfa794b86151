//! Time from nothing to the first word, and the most memory that was held: alone, and with a megabyte restored by four
//! threads that share the models.

use diacritic_restorer::{Options, Restorer};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock = Instant::now();
    let restorer = Restorer::bundled()?;
    let loaded = clock.elapsed();
    let first = restorer.restore_text("uy ban nhan dan xa", &Options::default()).text;
    println!("loaded in {:.0} ms, \"{first}\" after {:.0} ms", ms(loaded), ms(clock.elapsed()));
    println!("resident: {}", resident());
    let text = "Uy ban nhan dan xa bao cao két qua thyc hién ké hoach nam 2026 truéc ngay 15/9/2026.\n"
        .repeat(3_000);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| restorer.restore_text(&text, &Options::default()));
        }
    });
    println!("resident at the most, with four threads at {} kB of text each: {}", text.len() / 1_000, peak());
    Ok(())
}

fn ms(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn resident() -> String {
    status("VmRSS:")
}

fn peak() -> String {
    status("VmHWM:")
}

/// A line of what the system tells of this process.
fn status(name: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes =
        status.lines().find_map(|l| l.strip_prefix(name)).map(|l| l.trim().trim_end_matches(" kB"));
    match kilobytes.and_then(|k| k.parse::<f64>().ok()) {
        Some(k) => format!("{:.0} MB", k / 1024.0),
        None => "not told by this system".into(),
    }
}
