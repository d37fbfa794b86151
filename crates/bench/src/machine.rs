//! What a run is measured on, and when.

use crate::results::Machine;
use crate::tools::first_line;
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// The machine as it is now.
pub fn machine() -> Machine {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, name: &str| {
        text.lines()
            .find(|l| l.starts_with(name))
            .and_then(|l| l.split_once(':'))
            .map(|(_, v)| v.trim().to_owned())
    };
    let memory = value(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
    let name = read("/etc/os-release");
    let name = name.lines().find_map(|l| l.strip_prefix("PRETTY_NAME=")).unwrap_or("").trim_matches('"');
    Machine {
        processor: value(&read("/proc/cpuinfo"), "model name").unwrap_or_default(),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        memory_mib: memory.trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1024,
        system: format!("{name}, Linux {}", read("/proc/sys/kernel/osrelease").trim()),
        load: [load(); 2],
    }
}

/// Mean number of busy processes over the last minute.
pub fn load() -> f64 {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().and_then(|l| l.parse().ok()).unwrap_or(0.0)
}

/// Versions of what takes part.
pub fn versions() -> BTreeMap<String, String> {
    let asked = [
        ("rustc", "rustc", "--version"),
        ("tesseract", "tesseract", "--version"),
        ("valgrind", "valgrind", "--version"),
        ("python", "python3", "--version"),
    ];
    let mut versions: BTreeMap<String, String> = asked
        .into_iter()
        .filter_map(|(name, program, flag)| Some((name.to_owned(), first_line(program, &[flag])?)))
        .collect();
    versions.insert("vanthu".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    versions
}

/// The time in UTC, such as 2026-01-31T09:00:00Z.
pub fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a day counted from 1970-01-01, in the calendar of Gregory.
fn date(mut days: u64) -> (u64, u64, u64) {
    let leap = |y: u64| y.is_multiple_of(4) && !y.is_multiple_of(100) || y.is_multiple_of(400);
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(59), (1970, 3, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(20_453), (2025, 12, 31));
        assert_eq!(date(20_454), (2026, 1, 1));
        assert_eq!(now().len(), 20);
    }
}
