//! Scores the parser on annotated documents: `cargo run --release -p structure-parser --example score_structure`.
//!
//! Prints a table for each folder of annotations: `../shared/gold/structure` and `fixtures/gold`, or the one folder
//! named by the first argument that is no flag. The text of `NAME.json` is `NAME.txt` beside it, in the neighbouring
//! folder `text`, or the seed that it names. What the parser makes of each text is written to a temporary folder and
//! handed to the scorer; flags of the scorer such as `--misses` are passed on. Prints a message and ends well where
//! the material is not there.

use std::path::{Path, PathBuf};
use std::process::Command;

const FIGURES: [(&str, usize); 7] = [
    ("tasks", 7),
    ("units", 7),
    ("deadlines", 9),
    ("targets", 8),
    ("references", 10),
    ("outline", 8),
    ("metadata", 8),
];

fn text_of(gold: &Path, shared: &Path) -> Option<PathBuf> {
    let beside = gold.with_extension("txt");
    if beside.exists() {
        return Some(beside);
    }
    let neighbour = gold.parent()?.parent()?.join("text").join(beside.file_name()?);
    if neighbour.exists() {
        return Some(neighbour);
    }
    let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(gold).ok()?).ok()?;
    let named = shared.join("seeds").join(json.get("file")?.as_str()?);
    named.exists().then_some(named)
}

/// Prints the table of one folder, with the lines that `flags` ask the scorer for.
fn table(folder: &Path, shared: &Path, out: &Path, flags: &[String]) -> std::io::Result<()> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|e| Some(e.ok()?.path())).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "json"));
    names.sort();
    print!("{:12}", "document");
    for (name, width) in FIGURES {
        print!(" {name:>width$}");
    }
    println!();
    for gold in names {
        let name = gold.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(text) = text_of(&gold, shared) else { continue };
        let directive = structure_parser::parse_text(&std::fs::read_to_string(text)?);
        let file = out.join(format!("{name}.json"));
        std::fs::write(&file, serde_json::to_string_pretty(&directive).map_err(std::io::Error::other)?)?;
        let run = |extra: &[String]| {
            Command::new("python3")
                .arg(shared.join("eval/score_structure.py"))
                .arg(&gold)
                .arg(&file)
                .args(extra)
                .output()
        };
        let scored = run(&["--json".into()])?;
        let row: serde_json::Value = serde_json::from_slice(&scored.stdout).unwrap_or_default();
        print!("{name:12}");
        for (figure, width) in FIGURES {
            let value = row.get(figure).and_then(serde_json::Value::as_f64);
            print!(" {:>width$}", value.map_or("-".into(), |v| format!("{v:.4}")));
        }
        println!();
        if !flags.is_empty() {
            print!("{}", String::from_utf8_lossy(&run(flags)?.stdout));
        }
    }
    println!();
    Ok(())
}

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = root.join("../shared");
    let (flags, plain): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let folders = match plain.first() {
        Some(named) => vec![PathBuf::from(named)],
        None => vec![shared.join("gold/structure"), root.join("fixtures/gold")],
    };
    if !shared.join("eval/score_structure.py").exists() {
        println!("skipped: the scorer is not at {}", shared.join("eval").display());
        return Ok(());
    }
    let out = std::env::temp_dir().join(format!("vanthu-score-{}", std::process::id()));
    std::fs::create_dir_all(&out)?;
    for folder in folders {
        if folder.is_dir() {
            table(&folder, &shared, &out, &flags)?;
        } else {
            println!("skipped: no annotated documents at {}", folder.display());
        }
    }
    std::fs::remove_dir_all(&out)
}
