use crate::args::{ParseArgs, RestoreArgs};
use crate::exit::{Exit, fail};
use crate::output::print;
use diacritic_restorer::{Options, Restorer};
use export::{Layout, Staging, write_json};
use pipeline::{Cause, Failure, load};
use std::io::Read;
use std::path::{Path, PathBuf};
use vanthu_model::Document;

/// Most text that is taken, in bytes; ten thousand dense pages hold about a tenth of it.
const MAX_TEXT: u64 = 256 << 20;

/// Text in, repaired text out.
pub fn restore(args: &RestoreArgs) -> Exit {
    let restored = read(args.file.as_deref()).and_then(|text| {
        let restorer = restorer(args.model.as_deref())?;
        Ok(restorer.restore_text(&text, &Options::default()))
    });
    let restored = match restored {
        Ok(restored) => restored,
        Err(failure) => return fail(shown(&args.file), &failure),
    };
    if let Some(path) = &args.changes {
        let written = Staging::default().write(path, |to| write_json(to, &restored.changes, Layout::Pretty));
        if let Err(e) = written {
            return fail(path, &Failure::writing(&e));
        }
    }
    print(restored.text.as_bytes()).into()
}

/// Text in, its directive out.
pub fn parse(args: &ParseArgs) -> Exit {
    let directive = read(args.file.as_deref()).and_then(|text| {
        let mut document = Document::from_text(&text);
        if args.restore {
            restorer(args.model.as_deref())?.restore_document(&mut document, &Options::default());
        }
        Ok(structure_parser::parse(&document))
    });
    match directive {
        Ok(directive) => print(&json(&directive, args.compact)).into(),
        Err(failure) => fail(shown(&args.file), &failure),
    }
}

/// `value` as JSON for standard output.
pub fn json<T: serde::Serialize>(value: &T, compact: bool) -> Vec<u8> {
    let mut data = Vec::new();
    let layout = if compact { Layout::Compact } else { Layout::Pretty };
    // A Vec takes all that is written, and the model's types have no keys that JSON lacks.
    let _ = write_json(&mut data, value, layout);
    data
}

fn restorer(model: Option<&Path>) -> Result<Restorer, Failure> {
    match model {
        Some(path) => Restorer::load(path),
        None => Restorer::bundled(),
    }
    .map_err(|e| {
        Failure::new(
            Cause::MissingComponent,
            e.to_string(),
            "give a model of this version, or install vanthu again",
        )
    })
}

fn shown(file: &Option<PathBuf>) -> &Path {
    match file {
        Some(path) if path != Path::new("-") => path,
        _ => Path::new("standard input"),
    }
}

/// The text of a file or of standard input.
fn read(file: Option<&Path>) -> Result<String, Failure> {
    let bytes = match file {
        Some(path) if path != Path::new("-") => load(path, MAX_TEXT)?,
        _ => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .take(MAX_TEXT)
                .read_to_end(&mut bytes)
                .map_err(|e| Failure::reading(&e))?;
            bytes
        }
    };
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(
            Cause::Unsupported,
            "is not text in UTF-8",
            "use `vanthu ingest` for PDF and pictures, and save text as UTF-8",
        )
    })
}
