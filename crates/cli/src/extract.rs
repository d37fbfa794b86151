use crate::args::ExtractArgs;
use crate::exit::{Exit, fail};
use crate::output::print;
use crate::text::layout;
use export::document_json;
use pipeline::{Failure, Options, Pipeline, load};

/// One file in, its document out.
pub fn run(args: &ExtractArgs) -> Exit {
    match document(args) {
        Ok(document) if args.text => print(document.text.as_bytes()).into(),
        Ok(document) => print(&document_json(&document, layout(args.compact))).into(),
        Err(failure) => fail(&args.file, &failure),
    }
}

fn document(args: &ExtractArgs) -> Result<vanthu_model::Document, Failure> {
    let options = Options { extractor: args.reading.options(), keep_reading: true, ..Options::default() };
    let bytes = load(&args.file, options.extractor.limits.max_file_bytes)?;
    let name = args.file.to_string_lossy();
    Ok(Pipeline::new(options)?.extract(&name, &bytes)?.document)
}
