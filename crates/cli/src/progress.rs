use crate::exit::{failure_line, line};
use batch::{Event, Observer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pipeline::one_line;
use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

/// Tells on standard error how a batch goes on: a bar on a terminal, a line an input otherwise.
pub struct Progress {
    bar: Option<ProgressBar>,
    quiet: bool,
    stopping: bool,
    failed: u64,
    pages: u64,
}

impl Progress {
    /// `quiet` leaves out all but failures.
    pub fn new(quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            // A template that does not parse would be a slip in this file; the default bar does as well.
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} files {elapsed} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        Self { bar, quiet, stopping: false, failed: 0, pages: 0 }
    }

    /// Removes the bar; what is printed from now on stands by itself.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn above(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| line(text)),
            None => line(text),
        }
    }

    fn step(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
            bar.set_message(match self.failed {
                0 => format!("{} pages", self.pages),
                n => format!("{} pages, {n} failed", self.pages),
            });
        }
    }

    fn plain(&self, text: impl FnOnce() -> String) {
        if self.bar.is_none() && !self.quiet {
            line(&text());
        }
    }
}

fn shown(path: &Path) -> String {
    one_line(&path.to_string_lossy())
}

impl Observer for Progress {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Planned { inputs, to_read } => {
                if let Some(bar) = &self.bar {
                    bar.set_length(inputs as u64);
                }
                self.plain(|| format!("{inputs} inputs, {to_read} to read"));
            }
            Event::Done { input, pages } => {
                self.pages += u64::from(pages);
                self.step();
                let unit = if pages == 1 { "page" } else { "pages" };
                self.plain(|| format!("done: {}: {pages} {unit}", shown(&input.path)));
            }
            Event::Failed { input, failure } => {
                self.failed += 1;
                self.above(&failure_line(&input.path, failure));
                self.step();
            }
            // An interrupted batch may skip a hundred thousand inputs; its summary has them.
            Event::Skipped { .. } if self.stopping => {}
            Event::Skipped { input, reason } => {
                self.step();
                self.plain(|| format!("skipped: {}: {reason}", shown(&input.path)));
            }
            Event::Stopping => {
                self.stopping = true;
                self.above("vanthu: stopping; what is written stays");
            }
        }
    }
}
