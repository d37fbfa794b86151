use crate::args::DoctorArgs;
use crate::exit::Exit;
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
            (true, _) => "ok      ",
            (false, true) => "missing ",
            (false, false) => "optional",
        };
        let remedy = if c.found { String::new() } else { format!("; to install: {}", c.remedy) };
        missing |= c.required && !c.found;
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{state} {}: {}{remedy}", c.name, c.detail);
    }
    text.push_str(if missing {
        "Something that is needed is missing.\n"
    } else {
        "All that is needed is there.\n"
    });
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
    Component {
        name: "restorer model".into(),
        found,
        detail,
        required: true,
        remedy: "install vanthu again".into(),
    }
}
