//! The log, for those who run the program unattended. Nothing is logged unless it is asked for.

use crate::args::CommonArgs;
use crate::ingest::is_reading_process;
use std::fmt::{Debug, Write};
use std::fs::OpenOptions;
use std::io;
use std::sync::Mutex;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// How much to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What the program cannot go on with.
    Error,
    /// Inputs that failed, and what went wrong with a reading process.
    Warn,
    /// Each input that is done.
    Info,
    /// What each stage took.
    Debug,
    /// All there is.
    Trace,
}

/// How to write the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl CommonArgs {
    /// The level in force.
    fn level(&self) -> LogLevel {
        self.log_level.unwrap_or(match self.log_file {
            Some(_) => LogLevel::Info,
            None => LogLevel::Off,
        })
    }

    /// Whether the log goes where messages go.
    pub fn logs_to_stderr(&self) -> bool {
        self.log_file.is_none() && self.level() != LogLevel::Off
    }
}

/// Begins to log. A reading process hands its lines to the program that it reads for.
///
/// # Errors
/// When the file cannot be written.
pub fn start(args: &CommonArgs) -> io::Result<()> {
    let filter = match args.level() {
        LogLevel::Off => return Ok(()),
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let registry = tracing_subscriber::registry().with(filter);
    if is_reading_process() {
        registry.with(Handed).init();
        return Ok(());
    }
    let lines = tracing_subscriber::fmt::layer().with_ansi(false);
    match (&args.log_file, args.log_format) {
        (None, LogFormat::Text) => registry.with(lines.with_writer(io::stderr)).init(),
        (None, LogFormat::Json) => {
            registry.with(lines.json().flatten_event(true).with_writer(io::stderr)).init()
        }
        (Some(path), format) => {
            let file = Mutex::new(OpenOptions::new().create(true).append(true).open(path)?);
            match format {
                LogFormat::Text => registry.with(lines.with_writer(file)).init(),
                LogFormat::Json => registry.with(lines.json().flatten_event(true).with_writer(file)).init(),
            }
        }
    }
    Ok(())
}

/// Hands what is logged to the other end of a reading process.
struct Handed;

impl<S: Subscriber> Layer<S> for Handed {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let (about, text) = (event.metadata(), line.message + &line.fields);
        batch::hand_log(about.level().as_str(), about.target(), &text);
    }
}

/// An event as a text: its message, then its fields.
#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing into a String cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
