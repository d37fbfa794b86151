//! Speed of the parser on one core: `cargo bench -p structure-parser`. The texts are the invented documents of the
//! golden tests, repeated.

use std::time::Instant;

fn main() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut names: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path())).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    names.sort();
    structure_parser::parse_text("KẾ HOẠCH");
    for name in names {
        let Ok(text) = std::fs::read_to_string(&name) else { continue };
        let body = text.repeat(1 + 400_000 / text.len());
        let document = vanthu_model::Document::from_text(&body);
        let start = Instant::now();
        let tasks = structure_parser::parse(&document).tasks.len();
        let took = start.elapsed().as_secs_f64();
        let stem = name.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        println!("{stem:28} {:6.2} MB/s  {tasks:6} tasks", body.len() as f64 / took / 1e6);
    }
}
