use std::time::Duration;

/// What reading one input may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Time for the file as such. Default 120 s.
    pub time: Duration,
    /// Time for each of its pages on top of that. Default 20 s.
    pub time_a_page: Duration,
    /// Bytes of memory of the reading process. Default 1.5 GiB.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(120), time_a_page: Duration::from_secs(20), memory: 3 << 29 }
    }
}

impl Limits {
    /// Time for a file of so many pages.
    pub(crate) fn time_for(&self, pages: usize) -> Duration {
        self.time + self.time_a_page.saturating_mul(u32::try_from(pages).unwrap_or(u32::MAX))
    }
}

/// Binds this process to `memory` bytes of data and to the life of its parent. Where the system knows no such
/// bounds, there are none.
pub(crate) fn confine(memory: u64) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        // Data, not address space: an allocator reserves far more addresses than it ever fills.
        let maximum = getrlimit(Resource::Data).maximum;
        let current = Some(maximum.map_or(memory, |m| m.min(memory)));
        let _ = setrlimit(Resource::Data, Rlimit { current, maximum });
    }
    #[cfg(not(unix))]
    let _ = memory;
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}
