use crate::args::ConvertArgs;
use crate::exit::{Exit, fail, say};
use crate::messages::msg;
use crate::output::print;
use crate::text::{bytes, is_binary, shown};
use extractor::{Converted, LegacyEncoding};
use pipeline::{Cause, Failure};

/// Text in any encoding in, Unicode out; what was found is told on standard error.
pub fn run(args: &ConvertArgs) -> Exit {
    match bytes(args.file.as_deref()).and_then(|bytes| convert(&bytes, args.from)) {
        Ok(converted) => {
            say(&found(&converted));
            print(converted.text.as_bytes()).into()
        }
        Err(failure) => fail(&shown(&args.file), &failure),
    }
}

fn convert(bytes: &[u8], from: Option<LegacyEncoding>) -> Result<Converted, Failure> {
    let converted = extractor::convert(bytes, from);
    if converted.malformed || converted.text.chars().any(is_binary) {
        return Err(Failure::new(
            Cause::Unsupported,
            "is not text in an encoding that can be told",
            "name it with --from, or use `vanthu extract` for documents and pictures",
        ));
    }
    Ok(converted)
}

/// What was found, in one line.
fn found(converted: &Converted) -> String {
    let names: Vec<String> = converted
        .found
        .iter()
        .map(|(e, words)| msg!("converted_words", encoding = e.name(), words = words))
        .collect();
    match names.as_slice() {
        [] => msg!("not_legacy", encoding = converted.encoding),
        names => msg!("converted", encodings = names.join(", ")),
    }
}
