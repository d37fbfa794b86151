use crate::args::ProgressKind;
use crate::exit::line;
use crate::messages::{self, counted, msg};
use batch::{Event, Observer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pipeline::Failure;
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Tells on standard error how a batch goes on: a bar on a terminal, a line an input otherwise.
pub struct Progress {
    bar: Option<ProgressBar>,
    quiet: bool,
    json: bool,
    stopping: bool,
    failed: u64,
    pages: u64,
    began: Instant,
}

impl Progress {
    /// `quiet` leaves out all but failures; `logs` says that the log goes to standard error, too.
    pub fn new(quiet: bool, kind: ProgressKind, logs: bool) -> Self {
        let json = kind == ProgressKind::Json;
        // Lines of the log would run through the bar.
        let bar = (!quiet && !json && !logs && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            // A template that does not parse would be a slip in this file; the default bar does as well.
            if let Ok(style) = ProgressStyle::with_template(&template("bar")) {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        Self { bar, quiet, json, stopping: false, failed: 0, pages: 0, began: Instant::now() }
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
            let speed = self.pages as f64 / self.began.elapsed().as_secs_f64().max(0.001);
            let speed = format!("{speed:.1}");
            bar.set_message(match self.failed {
                0 => msg!("bar_pages", pages = self.pages, speed = speed),
                n => msg!("bar_failed", pages = self.pages, speed = speed, failed = n),
            });
        }
    }

    fn plain(&self, text: impl FnOnce() -> String) {
        if self.bar.is_none() && !self.quiet {
            line(&text());
        }
    }
}

/// The line that tells of a failed input.
fn told(path: &str, failure: &Failure) -> String {
    format!("vanthu: {path}: {}: {}", failure.cause, messages::failure(failure))
}

/// The template of a bar; `{msg}` follows it.
pub fn template(key: &str) -> String {
    let head = msg!(key, bar = "{bar:30}", done = "{pos}", all = "{len}", left = "{eta}");
    format!("{head} {{msg}}")
}

/// An event as other programs read it.
fn value(event: &Event<'_>) -> Value {
    let failed = |event: &str, path: &str, failure: &Failure| json!({ "event": event, "path": path, "cause": failure.cause, "message": failure.to_string() });
    match event {
        Event::Planned { inputs, to_read, earlier } => {
            json!({ "event": "planned", "inputs": inputs, "to_read": to_read, "earlier": earlier })
        }
        Event::Done { path, pages } => json!({ "event": "done", "path": path, "pages": pages }),
        Event::Again { path, failure } => failed("again", path, failure),
        Event::Failed { path, failure } => failed("failed", path, failure),
        Event::Skipped { path, reason } => json!({ "event": "skipped", "path": path, "reason": reason }),
        Event::Watching => json!({ "event": "watching" }),
        Event::Stopping => json!({ "event": "stopping" }),
    }
}

impl Observer for Progress {
    fn event(&mut self, event: Event<'_>) {
        if self.json {
            return line(&value(&event).to_string());
        }
        match event {
            Event::Planned { inputs, to_read, earlier } => {
                if let Some(bar) = &self.bar {
                    bar.set_length(to_read as u64);
                }
                tracing::info!(inputs, to_read, earlier, "planned");
                self.plain(|| match earlier {
                    0 => msg!("planned", inputs = inputs, to_read = to_read),
                    n => msg!("planned_earlier", inputs = inputs, to_read = to_read, earlier = n),
                });
            }
            Event::Done { path, pages } => {
                self.pages += u64::from(pages);
                self.step();
                self.plain(|| msg!(counted("done", pages as usize), path = path, pages = pages));
            }
            Event::Again { path, failure } => {
                self.plain(|| msg!("again", path = path, failure = messages::failure(failure)));
            }
            Event::Failed { path, failure } => {
                self.failed += 1;
                self.above(&told(path, failure));
                self.step();
            }
            // An interrupted batch may skip a hundred thousand inputs; its summary has them.
            Event::Skipped { .. } if self.stopping => {}
            Event::Skipped { path, reason } => {
                self.plain(|| msg!("skipped", path = path, reason = messages::said(reason)));
            }
            Event::Watching => self.plain(|| msg!("watching")),
            Event::Stopping => {
                self.stopping = true;
                self.above(&format!("vanthu: {}", msg!("stopping")));
            }
        }
    }
}
