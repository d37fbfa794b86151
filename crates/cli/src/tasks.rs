use crate::args::TasksArgs;
use crate::exit::{Exit, fail};
use crate::output::print;
use crate::table::Table;
use batch::files;
use export::words;
use pipeline::{Cause, Failure};
use std::fs::File;
use std::io::{BufReader, IsTerminal};
use std::path::Path;
use vanthu_model::{Record, Role};

/// Columns where standard output is no terminal.
const PLAIN_WIDTH: usize = 140;

/// Records in, a table of their tasks out.
pub fn run(args: &TasksArgs) -> Exit {
    let mut table = Table::new(&[
        ("document", 14),
        ("task", 34),
        ("lead", 18),
        ("coordinate", 12),
        ("deadline", 11),
        ("target", 11),
    ]);
    let mut records = 0;
    for path in &args.paths {
        let added = each_record(path, &mut |record| {
            records += 1;
            add(&mut table, &record);
        });
        if let Err(failure) = added {
            return fail(path, &failure);
        }
    }
    let (records, tasks) = (counted(records, "record"), counted(table.len(), "task"));
    let text = format!("{}{tasks} in {records}\n", table.render(args.width.unwrap_or_else(width)));
    print(text.as_bytes()).into()
}

fn width() -> usize {
    if std::io::stdout().is_terminal() { usize::from(console::Term::stdout().size().1) } else { PLAIN_WIDTH }
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Calls `each` with the records of a JSON or JSONL file, or of an output folder of `ingest`.
fn each_record(path: &Path, each: &mut dyn FnMut(Record)) -> Result<(), Failure> {
    let path = if path.is_dir() { path.join(files::RECORDS) } else { path.to_path_buf() };
    let from = BufReader::new(File::open(&path).map_err(|e| Failure::reading(&e))?);
    // A value after the other, on lines of their own or not: one reading serves JSON and JSONL.
    let mut values = serde_json::Deserializer::from_reader(from).into_iter::<Record>();
    values.try_for_each(|record| {
        each(record.map_err(|e| {
            Failure::new(
                Cause::Unsupported,
                format!("holds no records ({e})"),
                "give what `vanthu ingest` wrote",
            )
        })?);
        Ok(())
    })
}

fn add(table: &mut Table, record: &Record) {
    let directive = &record.directive;
    let document = directive.metadata.symbol.clone().unwrap_or_else(|| file_name(&record.source.path));
    for task in &directive.tasks {
        table.push([
            document.clone(),
            task.text.clone(),
            words::units(task, Role::Lead),
            words::units(task, Role::Coordinate),
            words::deadlines(task),
            words::targets(task, directive),
        ]);
    }
}

fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_string()
}
