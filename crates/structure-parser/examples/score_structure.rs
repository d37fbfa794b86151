//! Scores the parser on annotated documents: `cargo run --release -p structure-parser --example score_structure`.
//!
//! Reads `../shared/gold/structure` (or the folder named by the first argument that is no flag: pairs `NAME.json`
//! and `NAME.txt`), writes what the parser makes of each text to a temporary folder and calls the scorer. Flags of
//! the scorer such as `--misses` are passed on. Prints a message and ends well where the material is not there.

use std::path::{Path, PathBuf};
use std::process::Command;

fn text_of(gold: &Path, shared: &Path) -> Option<PathBuf> {
    let beside = gold.with_extension("txt");
    if beside.exists() {
        return Some(beside);
    }
    let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(gold).ok()?).ok()?;
    let named = shared.join("seeds").join(json.get("file")?.as_str()?);
    named.exists().then_some(named)
}

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = root.join("../shared");
    let (flags, plain): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let folder = plain.first().map_or(shared.join("gold/structure"), PathBuf::from);
    let scorer = shared.join("eval/score_structure.py");
    if !folder.is_dir() || !scorer.exists() {
        println!("skipped: no annotated documents at {}", folder.display());
        return Ok(());
    }
    let out = std::env::temp_dir().join(format!("vanthu-score-{}", std::process::id()));
    std::fs::create_dir_all(&out)?;
    let mut names: Vec<PathBuf> = std::fs::read_dir(&folder)?.filter_map(|e| Some(e.ok()?.path())).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "json"));
    names.sort();
    println!(
        "{:12} {:>7} {:>7} {:>9} {:>8} {:>10} {:>8} {:>8}",
        "document", "tasks", "units", "deadlines", "targets", "references", "outline", "metadata"
    );
    for gold in names {
        let name = gold.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(text) = text_of(&gold, &shared) else { continue };
        let directive = structure_parser::parse_text(&std::fs::read_to_string(text)?);
        let file = out.join(format!("{name}.json"));
        std::fs::write(&file, serde_json::to_string_pretty(&directive).map_err(std::io::Error::other)?)?;
        let run = |extra: &[String]| {
            Command::new("python3").arg(&scorer).arg(&gold).arg(&file).args(extra).output()
        };
        let scored = run(&["--json".into()])?;
        let row: serde_json::Value = serde_json::from_slice(&scored.stdout).unwrap_or_default();
        let cell = |k: &str| {
            row.get(k).and_then(serde_json::Value::as_f64).map_or("-".into(), |v| format!("{v:.4}"))
        };
        println!(
            "{name:12} {:>7} {:>7} {:>9} {:>8} {:>10} {:>8} {:>8}",
            cell("tasks"),
            cell("units"),
            cell("deadlines"),
            cell("targets"),
            cell("references"),
            cell("outline"),
            cell("metadata")
        );
        if !flags.is_empty() {
            print!("{}", String::from_utf8_lossy(&run(&flags)?.stdout));
        }
    }
    std::fs::remove_dir_all(&out)
}
