use crate::args::DoctorArgs;
use crate::exit::Exit;
use crate::messages::msg;
use crate::output::print;
use diacritic_restorer::Restorer;
use extractor::{Component, Options};
use std::fmt::Write;

/// Tells what is installed, what is missing and how to install it.
pub fn run(args: &DoctorArgs) -> Exit {
    let options = Options { tessdata: args.tessdata.clone(), ..Options::default() };
    let mut components = extractor::components(&options);
    components.push(model());
    let mut text = format!("vanthu {}\n", env!("CARGO_PKG_VERSION"));
    let mut missing = false;
    for c in &components {
        let state = match (c.found, c.required) {
            (true, _) => msg!("doctor_ok"),
            (false, true) => msg!("doctor_missing"),
            (false, false) => msg!("doctor_optional"),
        };
        let remedy = match c.found {
            true => String::new(),
            false => format!("; {}", msg!("doctor_remedy", remedy = c.remedy)),
        };
        missing |= c.required && !c.found;
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{state:<8} {}: {}{remedy}", named(&c.name), c.detail);
    }
    let verdict = if missing { msg!("doctor_lacks") } else { msg!("doctor_all") };
    let _ = writeln!(text, "{verdict}");
    match print(text.as_bytes()) {
        Ok(()) if missing => Exit::MissingComponent,
        result => result.into(),
    }
}

/// The restorer's model as a component.
fn model() -> Component {
    let (found, detail) = match Restorer::bundled() {
        Ok(restorer) => (true, restorer.model_id()),
        Err(e) => (false, e.to_string()),
    };
    Component { name: msg!("restorer_model"), found, detail, required: true, remedy: msg!("reinstall") }
}

/// What the extractor calls a component, in the language of the user.
fn named(name: &str) -> String {
    match name.strip_prefix("OCR model ") {
        Some(model) => msg!("ocr_model", model = model),
        None if name == "Tesseract library" => msg!("tesseract_library"),
        None => name.to_string(),
    }
}
