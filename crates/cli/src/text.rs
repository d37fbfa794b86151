use crate::args::{ParseArgs, RestoreArgs, RestoreFormat};
use crate::exit::{Exit, fail, line, say};
use crate::messages::msg;
use crate::output::print;
use crate::restored;
use diacritic_restorer::{Gate, Options};
use export::{Layout, Staging, write_json};
use pipeline::{Cause, Failure, load};
use std::io::Read;
use std::path::{Path, PathBuf};
use vanthu_model::Document;

/// Most text that is taken, in bytes; ten thousand dense pages hold about a tenth of it.
const MAX_TEXT: u64 = 256 << 20;

/// Text in, repaired text out.
pub fn restore(args: &RestoreArgs) -> Exit {
    let at_hand = read(args.file.as_deref()).and_then(|text| {
        Ok((text, pipeline::restorer(args.repair.model.as_deref(), [&args.repair.lexicon])?))
    });
    let (text, restorer) = match at_hand {
        Ok(at_hand) => at_hand,
        Err(failure) => return fail(&shown(&args.file), &failure),
    };
    let gate = if args.force { Gate::Open } else { Gate::Auto };
    let options = Options { gate, alternatives: restored::ALTERNATIVES, ..args.repair.options() };
    if args.changes.is_some() || (args.format == RestoreFormat::Text && !args.explain) {
        let restored = restorer.restore_text(&text, &options);
        if let Some(path) = &args.changes {
            let written =
                Staging::default().write(path, |to| write_json(to, &restored.changes, Layout::Pretty));
            if let Err(e) = written {
                return fail(path, &Failure::writing(&e));
            }
        }
        if args.format == RestoreFormat::Text && !args.explain {
            return print(restored.text.as_bytes()).into();
        }
    }
    let lines = restorer.restore_lines(&text, &options);
    if args.explain {
        restored::explain(&lines).iter().for_each(|l| line(l));
    }
    let data = match args.format {
        RestoreFormat::Text => {
            lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join("\n").into_bytes()
        }
        RestoreFormat::Json => json(&restored::value(&lines, &restorer.model_id()), true),
        RestoreFormat::Html => restored::html(&lines, &shown(&args.file).to_string_lossy()).into_bytes(),
    };
    print(&data).into()
}

/// Text in, its directive out.
pub fn parse(args: &ParseArgs) -> Exit {
    if !args.restore && args.repair.is_given() {
        say(&msg!("parse_needs_restore"));
        return Exit::Usage;
    }
    let document = read(args.file.as_deref()).and_then(|text| {
        if !args.restore {
            return Ok(structure_parser::plain(&text));
        }
        let mut document = Document::from_text(&text);
        pipeline::restorer(args.repair.model.as_deref(), [&args.repair.lexicon])?
            .restore_document(&mut document, &args.repair.options());
        Ok(document)
    });
    match document {
        Ok(document) => {
            let directive = structure_parser::parse(&document);
            if args.explain {
                let mut told = structure_parser::explain(&document.text, &directive).join("\n");
                told.push('\n');
                return print(told.as_bytes()).into();
            }
            print(&json(&directive, args.compact)).into()
        }
        Err(failure) => fail(&shown(&args.file), &failure),
    }
}

/// How JSON is laid out for people, and `compact` for programs.
pub fn layout(compact: bool) -> Layout {
    if compact { Layout::Compact } else { Layout::Pretty }
}

/// `value` as JSON for standard output.
pub fn json<T: serde::Serialize>(value: &T, compact: bool) -> Vec<u8> {
    let mut data = Vec::new();
    let layout = layout(compact);
    // A Vec takes all that is written, and the model's types have no keys that JSON lacks.
    let _ = write_json(&mut data, value, layout);
    data
}

/// What to call the input.
pub fn shown(file: &Option<PathBuf>) -> PathBuf {
    match file {
        Some(path) if path != Path::new("-") => path.clone(),
        _ => msg!("standard_input").into(),
    }
}

/// The bytes of a file or of standard input.
pub fn bytes(file: Option<&Path>) -> Result<Vec<u8>, Failure> {
    match file {
        Some(path) if path != Path::new("-") => load(path, MAX_TEXT),
        _ => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .take(MAX_TEXT)
                .read_to_end(&mut bytes)
                .map_err(|e| Failure::reading(&e))?;
            Ok(bytes)
        }
    }
}

/// The text of a file or of standard input.
fn read(file: Option<&Path>) -> Result<String, Failure> {
    let bytes = bytes(file)?;
    let offset = std::str::from_utf8(&bytes).err().map(|e| e.valid_up_to());
    let decoded = extractor::decode(&bytes);
    // A PDF without binary characters in its head would pass as text.
    let binary = || bytes.starts_with(b"%PDF-") || decoded.text.chars().any(is_binary);
    if decoded.malformed || (decoded.guessed && binary()) {
        let at = offset.map(|n| format!(" from byte {n} on")).unwrap_or_default();
        return Err(Failure::new(
            Cause::Unsupported,
            format!("is not text in an encoding that can be told{at}"),
            "use `vanthu ingest` for PDF and pictures, and save text as UTF-8",
        ));
    }
    if decoded.guessed {
        say(&msg!("not_utf8", byte = offset.unwrap_or(0), encoding = decoded.encoding));
    }
    for (encoding, _) in decoded.converted.iter().filter(|_| !decoded.guessed) {
        say(&msg!("legacy_text", encoding = encoding.name()));
    }
    Ok(decoded.text)
}

/// Whether a character hardly stands in text.
pub fn is_binary(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}')
}
