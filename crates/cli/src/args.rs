pub use crate::review_args::{AccountArgs, AccountCommand, LearnArgs};

use crate::destination;
use crate::logs::{LogFormat, LogLevel};
use crate::messages::Language;
use batch::{Limits, MaxFailures};
use clap::{Parser, Subcommand};
use export::Format;
use extractor::LegacyEncoding;
use pipeline::Cause;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Turns scanned or badly read Vietnamese administrative documents into repaired text and structured JSON.
///
/// Exit codes: 0 all done, 1 wrong usage, 2 some inputs failed (the rest is written), 3 a component is missing
/// (see `vanthu doctor`), 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "vanthu", version, max_term_width = 100)]
pub struct Args {
    /// What all commands take.
    #[command(flatten)]
    pub common: CommonArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What all commands take.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub struct CommonArgs {
    /// Take settings from this file; from ./vanthu.toml without it, where there is one.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Language of messages: en or vi; that of the locale without it. Data are the same in any.
    #[arg(long, value_enum, value_name = "LANG", global = true, hide_possible_values = true)]
    pub lang: Option<Language>,
    /// How much to log: off, error, warn, info, debug or trace; off without it, info where there is a log file.
    #[arg(long, value_enum, value_name = "LEVEL", global = true, env = "VANTHU_LOG", hide_env_values = true)]
    #[arg(hide_possible_values = true)]
    pub log_level: Option<LogLevel>,
    /// How to write the log: text or json (one object a line).
    #[arg(long, value_enum, value_name = "FORMAT", global = true, default_value_t)]
    #[arg(hide_possible_values = true)]
    pub log_format: LogFormat,
    /// Append the log to this file instead of writing it to standard error.
    #[arg(long, value_name = "FILE", global = true)]
    pub log_file: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Files and folders in, one JSON record each out.
    ///
    /// A second call on the same output folder goes on where the first ended: what is done and has not changed
    /// since is left as it is, and what is new or changed is read.
    Ingest(IngestArgs),
    /// Tell how the batch in an output folder stands.
    Status(StatusArgs),
    /// Queue the failed inputs of a batch anew, for the next `ingest` on its output folder.
    Retry(RetryArgs),
    /// Make outputs from the records of a finished batch: registers, tables, searchable PDF and more.
    Export(ExportArgs),
    /// Review a batch in the browser; other programs get the same over HTTP.
    ///
    /// The page is at http://127.0.0.1:8377/. What reviewers do is kept in `review.sqlite` beside the ledger; records
    /// and sources stay as they are.
    Serve(ServeArgs),
    /// Who may see a batch over HTTP and who may change it: accounts for people, tokens for programs.
    ///
    /// Without accounts the server is reached from its own machine alone and asks nobody who they are. From the first
    /// account on everybody logs in.
    Account(AccountArgs),
    /// Learn from what reviewers corrected: show what it would change in the other documents of a batch, and apply it.
    Learn(LearnArgs),
    /// Text in, repaired text out, line for line.
    Restore(RestoreArgs),
    /// Text in an old Vietnamese encoding in (TCVN3, VNI, VPS, VISCII, VIQR, windows-1258), Unicode out.
    Convert(ConvertArgs),
    /// Text in, its tasks, units, deadlines, targets and references out as JSON.
    Parse(ParseArgs),
    /// One file in, what was read from it out as JSON, not repaired.
    Extract(ExtractArgs),
    /// Show the tasks of records as a table.
    Tasks(TasksArgs),
    /// Tell how good outputs are against documents whose truth is known, and where the errors are.
    Eval(EvalArgs),
    /// Join the output folders of the parts of a list (`ingest --shard`) into one.
    Merge(MergeArgs),
    /// The file of settings: write one, or show what is in force.
    Config(ConfigArgs),
    /// Print what completes commands in a shell.
    Completions(CompletionsArgs),
    /// Print the manual page, or write the pages of all commands into a folder.
    Man(ManArgs),
    /// Print the JSON Schema of a record.
    Schema,
    /// Tell what is installed, what is missing and how to install it.
    Doctor(DoctorArgs),
}

/// Flags of `ingest`.
#[derive(Debug, clap::Args)]
pub struct IngestArgs {
    /// Files, read whatever their names, and folders, walked for PDF, pictures, office documents, web pages and text; the same
    /// in object stores as s3://BUCKET/KEY, gs://BUCKET/KEY or az://CONTAINER/KEY.
    #[arg(required = true, value_name = "PATH", value_parser = destination::of_path())]
    pub paths: Vec<PathBuf>,
    /// Folder for the records, `records.jsonl` and `summary.json`, here or in an object store; `-` prints one record a line.
    #[arg(short, long, value_name = "DIR|-", value_parser = destination::of_path())]
    pub out: PathBuf,
    /// With --out in an object store, the folder of this machine that keeps the account and the records; one for each address
    /// under ~/.local/state/vanthu without it.
    #[arg(long, value_name = "DIR")]
    pub work: Option<PathBuf>,
    /// Outputs to make of the records besides their JSON: jsonl.zst, xlsx, csv, parquet, catalogue, alto, hocr, pdf,
    /// html, md; docs/outputs.md tells of each.
    #[arg(long = "format", value_name = "FORMAT,...", value_delimiter = ',')]
    pub formats: Vec<Format>,
    /// Reading processes at a time; 0 for one a core.
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// Indent the records' files for people.
    #[arg(long)]
    pub pretty: bool,
    /// Say nothing but what went wrong.
    #[arg(short, long)]
    pub quiet: bool,
    /// How to tell on standard error what goes on.
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub progress: ProgressKind,
    /// Read only the Ith of N parts of the inputs, told apart by their content, in object stores by their ETag: several
    /// machines can share one list.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub shard: Option<(u32, u32)>,
    /// End the batch when more inputs than these fail: a number, or a share such as 5%.
    #[arg(long, value_name = "N|P%", value_parser = max_failures)]
    pub max_failures: Option<MaxFailures>,
    /// Keep taking new and changed files until Ctrl-C.
    #[arg(long)]
    pub watch: bool,
    /// With --watch, take a file when its size and time have stood still for so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = seconds)]
    pub settle: f64,
    /// Leave the text as it was read.
    #[arg(long)]
    pub keep_reading: bool,
    /// What the repair knows and dares.
    #[command(flatten)]
    pub repair: RepairArgs,
    /// What reading one input may take.
    #[command(flatten)]
    pub limits: LimitArgs,
    /// How to read.
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// How to tell what goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ProgressKind {
    /// A bar on a terminal, plain lines otherwise.
    #[default]
    Auto,
    /// One JSON object a line, for other programs.
    Json,
}

/// What reading one input may take.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Give an input so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub time: u32,
    /// And so many more for each of its pages.
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    pub time_a_page: u32,
    /// Give a reading process so many MiB of memory.
    #[arg(long, value_name = "MIB", default_value_t = 1536)]
    pub memory: u64,
    /// Try an input so often when its reading process dies or takes too long.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    pub attempts: u32,
}

impl LimitArgs {
    /// The limits for the batch.
    pub fn limits(&self) -> Limits {
        let seconds = |s: u32| Duration::from_secs(u64::from(s));
        Limits {
            time: seconds(self.time),
            time_a_page: seconds(self.time_a_page),
            memory: self.memory.saturating_mul(1 << 20),
        }
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|s| (0.1..=86_400.0).contains(s))
        .ok_or_else(|| "give seconds, from 0.1 to 86400".to_string())
}

fn shard(text: &str) -> Result<(u32, u32), String> {
    text.split_once('/')
        .and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)))
        .filter(|&(i, n)| 1 <= i && i <= n)
        .ok_or_else(|| "give a part and the number of parts, such as 1/4".to_string())
}

fn max_failures(text: &str) -> Result<MaxFailures, String> {
    let percent = text.strip_suffix('%').and_then(|p| p.parse().ok()).filter(|p| (0.0..=100.0).contains(p));
    percent
        .map(MaxFailures::Percent)
        .or_else(|| text.parse().ok().map(MaxFailures::Count))
        .ok_or_else(|| "give a number such as 100 or a share such as 5%".to_string())
}

/// Flags of `status`.
#[derive(Debug, clap::Args)]
pub struct StatusArgs {
    /// Output folder of `ingest`, or its address in an object store.
    #[arg(value_name = "DIR", value_parser = destination::of_folder())]
    pub folder: PathBuf,
    /// Print it as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Flags of `retry`.
#[derive(Debug, clap::Args)]
pub struct RetryArgs {
    /// Output folder of `ingest`, or its address in an object store.
    #[arg(value_name = "DIR", value_parser = destination::of_folder())]
    pub folder: PathBuf,
    /// Only those that failed for this cause, such as timeout.
    #[arg(long, value_name = "CODE", value_parser = cause)]
    pub cause: Option<Cause>,
}

fn cause(text: &str) -> Result<Cause, String> {
    serde_json::from_value(text.into()).map_err(|_| "no such cause; docs/errors.md lists them".to_string())
}

/// Flags of `export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Output folder of `ingest`, or its address in an object store.
    #[arg(value_name = "DIR", value_parser = destination::of_folder())]
    pub folder: PathBuf,
    /// What to make: json, jsonl, jsonl.zst, xlsx, csv, parquet, catalogue, alto, hocr, pdf, html, md;
    /// docs/outputs.md tells of each.
    #[arg(short, long = "format", value_name = "FORMAT,...", value_delimiter = ',')]
    pub formats: Vec<Format>,
    /// Pack the records, the files that they were read from and what is made of them into a BagIt bag.
    #[arg(long, value_name = "DIR")]
    pub bag: Option<PathBuf>,
    /// Put in what reviewers corrected (`vanthu serve`), and write the records and what is made of them into this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "bag")]
    pub reviewed: Option<PathBuf>,
    /// Leave the files that were read out of the bag.
    #[arg(long, requires = "bag")]
    pub without_originals: bool,
    /// Documents worked on at a time; 0 for one a core.
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// Say nothing but what went wrong.
    #[arg(short, long)]
    pub quiet: bool,
    /// How to open the files that were read.
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// Flags of `serve`.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Output folder of `ingest`, or its address in an object store.
    #[arg(value_name = "DIR", value_parser = destination::of_folder())]
    pub folder: PathBuf,
    /// Listen at this address; port 0 takes a free one. One that other machines reach needs accounts
    /// (`vanthu account add`), and a server in front that does TLS.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8377")]
    pub listen: SocketAddr,
    /// Name under which the server is reached, besides its address; may be given again.
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
    /// A server in front does TLS: cookies go over HTTPS alone, and clients are told by its X-Forwarded-For.
    #[arg(long)]
    pub https: bool,
    /// Requests a second that one client may make where there are accounts; four times as many at once.
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub rate: u32,
    /// Documents that were sent here read at a time.
    #[arg(short, long, value_name = "N", default_value_t = 1, value_parser = jobs)]
    pub jobs: usize,
    /// What the repair of documents that are sent here knows and dares.
    #[command(flatten)]
    pub repair: RepairArgs,
    /// What reading a document that is sent here may take.
    #[command(flatten)]
    pub limits: LimitArgs,
    /// How to open the files that were read, and to read those that are sent here.
    #[command(flatten)]
    pub reading: ReadingArgs,
}

fn jobs(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n| (1..=256).contains(n));
    number.ok_or_else(|| "give a number from 1 to 256".to_string())
}

/// Flags of `restore`.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// Text; standard input without it or with `-`.
    pub file: Option<PathBuf>,
    /// Write every repair to this file as JSON.
    #[arg(long, value_name = "FILE")]
    pub changes: Option<PathBuf>,
    /// How to print the result.
    #[arg(long, value_enum, value_name = "FORM", default_value_t)]
    pub format: RestoreFormat,
    /// Tell of each changed or doubtful word what else it may be, on standard error.
    #[arg(long)]
    pub explain: bool,
    /// Repair lines that look good, too, as what a Vietnamese OCR engine gave.
    #[arg(long)]
    pub force: bool,
    /// What the repair knows and dares.
    #[command(flatten)]
    pub repair: RepairArgs,
}

/// What the repair knows and dares.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Repair")]
pub struct RepairArgs {
    /// Restorer model to use in place of the one inside the program.
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Words and names of your own, one a line.
    #[arg(long, value_name = "FILE")]
    pub lexicon: Option<PathBuf>,
    /// Leave words as they are, and flag them, where the repair is less sure than this (0 to 1).
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = probability)]
    pub threshold: f32,
}

impl RepairArgs {
    /// Whether any of them was given.
    pub fn is_given(&self) -> bool {
        self.model.is_some() || self.lexicon.is_some() || self.threshold > 0.0
    }

    /// The restorer's options.
    pub fn options(&self) -> diacritic_restorer::Options {
        diacritic_restorer::Options { threshold: self.threshold, ..diacritic_restorer::Options::default() }
    }
}

fn probability(text: &str) -> Result<f32, String> {
    text.parse()
        .ok()
        .filter(|p| (0.0..=1.0).contains(p))
        .ok_or_else(|| "give a number from 0 to 1".to_string())
}

/// How to print repaired text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum RestoreFormat {
    /// The text, line for line.
    #[default]
    Text,
    /// Lines and words with confidence and alternatives.
    Json,
    /// A page that marks changed and doubtful words, with the raw text under the pointer.
    Html,
}

/// Flags of `convert`.
#[derive(Debug, clap::Args)]
pub struct ConvertArgs {
    /// Text, in one encoding or several; standard input without it or with `-`.
    pub file: Option<PathBuf>,
    /// Take all of it to be in this encoding instead of telling it line by line: TCVN3, VNI, VPS, VISCII, VIQR or
    /// windows-1258.
    #[arg(long, value_name = "ENCODING", value_parser = legacy)]
    pub from: Option<LegacyEncoding>,
}

fn legacy(name: &str) -> Result<LegacyEncoding, String> {
    LegacyEncoding::from_name(name)
        .ok_or_else(|| format!("give one of {}", LegacyEncoding::ALL.map(LegacyEncoding::name).join(", ")))
}

/// Flags of `parse`.
#[derive(Debug, clap::Args)]
pub struct ParseArgs {
    /// Text; standard input without it or with `-`.
    pub file: Option<PathBuf>,
    /// Repair the text first.
    #[arg(long)]
    pub restore: bool,
    /// Print, instead of JSON, why each entry is there: the rule that found it, its words, where they stand.
    #[arg(long, conflicts_with = "compact")]
    pub explain: bool,
    /// Print on one line.
    #[arg(long)]
    pub compact: bool,
    /// What the repair knows and dares.
    #[command(flatten)]
    pub repair: RepairArgs,
}

/// Flags of `extract`.
#[derive(Debug, clap::Args)]
pub struct ExtractArgs {
    /// PDF, picture, office document, web page or text.
    pub file: PathBuf,
    /// Print the text alone.
    #[arg(long, conflicts_with = "compact")]
    pub text: bool,
    /// Print on one line.
    #[arg(long)]
    pub compact: bool,
    /// How to read.
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// Flags of `merge`.
#[derive(Debug, clap::Args)]
pub struct MergeArgs {
    /// New folder for all records, with `records.jsonl`, `summary.json`, `failed/` and a ledger.
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// Output folders of `ingest`.
    #[arg(required = true, value_name = "DIR")]
    pub parts: Vec<PathBuf>,
}

/// Flags of `config`.
#[derive(Debug, clap::Args)]
pub struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub what: ConfigCommand,
}

/// What to do with the file of settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Write a file with all settings at their defaults: ./vanthu.toml, or that of --config.
    Init {
        /// Write it anew where there is one.
        #[arg(long)]
        force: bool,
    },
    /// Print the settings in force and where each comes from.
    Show,
}

/// Flags of `completions`.
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// Flags of `man`.
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// Folder for a page a command.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Flags of `tasks`.
#[derive(Debug, clap::Args)]
pub struct TasksArgs {
    /// Records: JSON or JSONL files, or the output folders of `ingest`.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Columns to fill; the terminal's width without it.
    #[arg(long, value_name = "N")]
    pub width: Option<usize>,
}

/// Flags of `eval`.
#[derive(Debug, clap::Args)]
pub struct EvalArgs {
    /// Folders of documents with their truth, docs/evaluation.md tells the form; `fixtures` without any.
    #[arg(value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Only these sets of the folders; all that need no OCR without it.
    #[arg(long = "set", value_name = "NAME,...", value_delimiter = ',')]
    pub sets: Vec<String>,
    /// Tell which sets there are, and end.
    #[arg(long)]
    pub list: bool,
    /// Score what lies in this folder instead of reading the documents: records of `ingest`, or texts of any program,
    /// named like the documents (01.pdf.json, 01.json, 01.pdf.txt or 01.txt for 01.pdf).
    #[arg(long, value_name = "DIR", requires = "sets")]
    pub results: Option<PathBuf>,
    /// Score one output against one truth: two texts, or an annotation and a record or directive in JSON.
    #[arg(long, num_args = 2, value_names = ["TRUTH", "OUTPUT"], conflicts_with_all = ["folders", "sets", "list"])]
    pub pair: Vec<PathBuf>,
    /// With --pair, only these lines of both texts.
    #[arg(long, value_name = "A:B", requires = "pair", value_parser = lines)]
    pub lines: Option<(usize, usize)>,
    /// Show a row for each document, too.
    #[arg(long)]
    pub documents: bool,
    /// Show the errors by group, worst first.
    #[arg(long)]
    pub errors: bool,
    /// With --errors, so many examples of each group.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub examples: usize,
    /// Tell what is gained and lost since this report, error by error.
    #[arg(long, value_name = "OLD.json")]
    pub against: Option<PathBuf>,
    /// Draw the calibration curves into this folder as SVG pictures.
    #[arg(long, value_name = "DIR")]
    pub curves: Option<PathBuf>,
    /// How to print the report.
    #[arg(long, value_enum, value_name = "FORM", default_value_t)]
    pub format: EvalFormat,
    /// Write the report to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Documents read at a time; 0 for one a core.
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// Say nothing but what went wrong.
    #[arg(short, long)]
    pub quiet: bool,
    /// Leave the text as it was read.
    #[arg(long)]
    pub keep_reading: bool,
    /// What the repair knows and dares.
    #[command(flatten)]
    pub repair: RepairArgs,
    /// How to read.
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// How to print a report of scores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EvalFormat {
    /// Tables.
    #[default]
    Text,
    /// The whole report, with every error.
    Json,
}

fn lines(text: &str) -> Result<(usize, usize), String> {
    text.split_once(':')
        .and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)))
        .filter(|&(a, b)| 1 <= a && a <= b)
        .ok_or_else(|| "give the first and the last line, such as 1:226".to_string())
}

/// Flags of `doctor`.
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Folder of Tesseract's language data.
    #[arg(long, value_name = "DIR")]
    pub tessdata: Option<PathBuf>,
}

/// How to read files.
#[derive(Debug, Clone, clap::Args)]
pub struct ReadingArgs {
    /// Password of encrypted files.
    #[arg(long, env = "VANTHU_PASSWORD", hide_env_values = true)]
    pub password: Option<String>,
    /// Folder of Tesseract's language data.
    #[arg(long, value_name = "DIR")]
    pub tessdata: Option<PathBuf>,
    /// Tesseract model, the preferred first; may be given again.
    #[arg(long = "ocr-model", value_name = "NAME", default_values_t = extractor::Options::default().ocr_models)]
    pub ocr_models: Vec<String>,
    /// Refuse files of more bytes.
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = extractor::Limits::default().max_file_bytes)]
    pub max_file_bytes: u64,
    /// Refuse documents of more pages.
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = extractor::Limits::default().max_pages)]
    pub max_pages: usize,
    /// Refuse page pictures of more pixels.
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = extractor::Limits::default().max_pixels)]
    pub max_pixels: u64,
    /// Refuse page pictures with more pixels along a side.
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = extractor::Limits::default().max_side)]
    pub max_side: u32,
    /// Refuse PDF streams and parts of office files that unfold to more bytes.
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = extractor::Limits::default().max_stream_bytes)]
    pub max_stream_bytes: u64,
    /// Refuse PDFs and office files whose streams or parts together unfold to more bytes.
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = extractor::Limits::default().max_inflated_bytes)]
    pub max_inflated_bytes: u64,
    /// Refuse office documents and web pages with more bytes of text.
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = extractor::Limits::default().max_text_bytes)]
    pub max_text_bytes: u64,
}

impl ReadingArgs {
    /// The extractor's options: its defaults but for what was given.
    pub fn options(&self) -> extractor::Options {
        let mut options = extractor::Options::default();
        options.password.clone_from(&self.password);
        options.tessdata.clone_from(&self.tessdata);
        options.ocr_models.clone_from(&self.ocr_models);
        options.limits = extractor::Limits {
            max_file_bytes: self.max_file_bytes,
            max_pages: self.max_pages,
            max_pixels: self.max_pixels,
            max_side: self.max_side,
            max_stream_bytes: self.max_stream_bytes,
            max_inflated_bytes: self.max_inflated_bytes,
            max_text_bytes: self.max_text_bytes,
            ..options.limits
        };
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_fit_together() {
        Args::command().debug_assert();
    }
}
