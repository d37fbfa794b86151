//! What a process takes: processor time and memory.

use nix::sys::resource::{UsageWho, getrusage};
use nix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Processor time of this process so far, all threads together.
pub fn own_processor() -> Duration {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).map(Duration::from).unwrap_or_default()
}

/// Processor time of the children that have ended so far, with theirs.
pub fn children_processor() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return Duration::ZERO };
    let time = |t: nix::sys::time::TimeVal| {
        Duration::from_secs(t.tv_sec().unsigned_abs()) + Duration::from_micros(t.tv_usec().unsigned_abs())
    };
    time(usage.user_time()) + time(usage.system_time())
}

/// The most memory that one child, or one of theirs, has held, in KiB.
pub fn largest_child_kib() -> u64 {
    getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0, |usage| usage.max_rss().unsigned_abs())
}

/// Memory that this process holds, in KiB; 0 where the system does not tell.
pub fn resident_kib() -> u64 {
    status("VmRSS:")
}

/// The most memory that this process has held since it began or since [`forget_peak`], in KiB.
pub fn peak_kib() -> u64 {
    status("VmHWM:")
}

/// Lets the peak begin anew from what is held now, where the system allows it.
pub fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix(name));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_process_takes_time_and_memory() {
        let began = own_processor();
        let mut held = vec![1u8; 32 << 20];
        for i in 0..held.len() {
            held[i] = held[i / 2].wrapping_add(i as u8);
        }
        assert!(std::hint::black_box(held).len() == 32 << 20);
        assert!(own_processor() > began);
        assert!(peak_kib() >= resident_kib() / 2);
    }
}
