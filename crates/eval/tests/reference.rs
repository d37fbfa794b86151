//! The figures are those of the reference scorers, to the last digit, wherever these are at hand.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use eval::{Register, StructureScore, TextScore, without_marks};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs both scorers over the pairs that are asked for, one a line, in one process.
const DRIVER: &str = r#"
import contextlib, io, json, sys
sys.path.insert(0, sys.argv[1])
import score_structure, score_text
for line in sys.stdin:
    scorer, *arguments = json.loads(line)
    sys.argv = [scorer] + arguments + ["--json"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        {"text": score_text, "structure": score_structure}[scorer].main()
    print(said.getvalue().strip())
"#;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn shared() -> PathBuf {
    root().join("../shared")
}

/// What the scorers print for each of `asked`; nothing where they cannot be run.
fn reference(asked: &[Vec<String>]) -> Option<Vec<Value>> {
    let scorers = shared().join("eval");
    if !scorers.is_dir() {
        eprintln!("skipped: {} is not there", scorers.display());
        return None;
    }
    let python = Command::new("python3")
        .args(["-B", "-c", DRIVER])
        .arg(&scorers)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else {
        eprintln!("skipped: python3 is not there");
        return None;
    };
    let mut stdin = python.stdin.take().unwrap();
    let lines: String = asked.iter().map(|a| json!(a).to_string() + "\n").collect();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    Some(said.lines().map(|l| serde_json::from_str(l).unwrap()).collect())
}

/// The files of a folder with an ending, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path()));
    let mut files: Vec<PathBuf> =
        entries.filter(|p| p.to_string_lossy().ends_with(ending) && p.is_file()).collect();
    files.sort();
    files
}

/// A stream of numbers that is the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// The text as a poor reader would give it. With `whole_lines` no line is torn, joined or lost.
fn damaged(text: &str, seed: u64, whole_lines: bool) -> String {
    const ODD: [&str; 16] = [
        "", " ", "-", ".", "ß", "İ", "Σ", "\u{301}", "\u{1d}", "\u{a0}", "½", "ⓐ", "_", "oà", "UỶ",
        "\u{feff}",
    ];
    let mut dice = Dice(seed);
    let mut out = String::new();
    for c in text.chars() {
        match (c, dice.below(40)) {
            ('\n', 0..=7) if !whole_lines => out.push(' '),
            ('\n', _) => out.push('\n'),
            (_, 0) => out.push_str(ODD[dice.below(ODD.len())]),
            (_, 1) => out.extend(c.to_uppercase()),
            (_, 2) => out.push_str(&without_marks(&c.to_string())),
            (_, 3) => out.extend([c, ' ']),
            _ => out.push(c),
        }
    }
    out
}

/// The first lines that are not empty, each cut short: the reference takes a time that grows with the square of what it
/// compares.
fn excerpt(text: &str, lines: usize) -> String {
    let short = |line: &str| line.chars().take(90).collect::<String>();
    text.lines().filter(|l| !l.trim().is_empty()).take(lines).map(short).collect::<Vec<_>>().join("\n")
}

#[test]
fn texts_score_as_the_reference_scores_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut texts: Vec<String> = Vec::new();
    let folders =
        ["scans/truth", "real/gold", "legacy/truth", "seeds", "pdf/born-digital", "pdf/hard", "gold"];
    let shared_folders = folders.map(|f| shared().join(f));
    for folder in [root().join("fixtures/text")].iter().chain(&shared_folders) {
        texts.extend(files(folder, ".txt").iter().filter_map(|f| std::fs::read_to_string(f).ok()));
    }
    assert!(texts.len() >= 24);
    let mut pairs: Vec<(String, String)> = vec![
        (String::new(), String::new()),
        (String::new(), "một hai\r\nba".into()),
        ("một".into(), String::new()),
        ("-- —\n…".into(), ". .".into()),
        ("HOÀ thuỶ QUÝ Quỹ\rkhoẻ".into(), "Hòa thủy quý quỹ\nkhỏe".into()),
        ("ΟΔΟΣ Σ İstanbul STRASSE ﬁn".into(), "οδος σ istanbul straße fin".into()),
        ("Tie\u{302}\u{301}ng Viê\u{323}t\u{1f}a\u{85}b\u{3000}c".into(), "Tiếng Việt a b c\n\n \n".into()),
        ("x² ½ Ⅻ ⓐ ① 中文 한국 _y_ a\u{200b}b \u{feff}z".into(), "x2 1/2 XII a 1 中 文 한 y ab z".into()),
    ];
    for (i, text) in texts.iter().enumerate() {
        let seed = i as u64;
        // Line by line, long texts are quick for the reference, too.
        let many = excerpt(text, 25);
        pairs.push((many.clone(), damaged(&many, seed, true)));
        let few = excerpt(text, 3);
        pairs.push((few.clone(), damaged(&few, seed + 1000, false)));
        pairs.push((few.clone(), without_marks(&few).replace('\n', "\r\n")));
        pairs.push((few, excerpt(&texts[(i + 1) % texts.len()], 4)));
    }
    let mut asked = Vec::new();
    for (i, (gold, output)) in pairs.iter().enumerate() {
        let paths = [("gold", gold), ("output", output)].map(|(name, text)| {
            let path = dir.path().join(format!("{i}.{name}.txt"));
            std::fs::write(&path, text).unwrap();
            path.to_string_lossy().into_owned()
        });
        let lines = if i % 5 == 4 { vec!["--lines".to_owned(), "2:9".to_owned()] } else { vec![] };
        asked.push([vec!["text".to_owned()], paths.to_vec(), lines].concat());
    }
    let Some(expected) = reference(&asked) else { return };
    assert_eq!(expected.len(), pairs.len());
    for (i, ((gold, output), expected)) in pairs.iter().zip(&expected).enumerate() {
        let score = TextScore::of_lines(gold, output, (i % 5 == 4).then_some(2..=9));
        let ours = serde_json::to_value(score).unwrap();
        for (figure, value) in expected.as_object().unwrap() {
            assert_eq!(&ours[figure], value, "{figure} of pair {i}:\n{gold:?}\n{output:?}");
        }
    }
    eprintln!("{} pairs of texts agree", pairs.len());
}

/// The seed of `../shared` scores as it does by hand, over its first 226 lines.
#[test]
fn a_plan_scores_over_its_first_lines_as_the_reference_scores_it() {
    let gold = shared().join("gold/haiphong.lines001-226.txt");
    let Some(seed) =
        files(&shared().join("seeds"), ".txt").into_iter().find(|f| f.to_string_lossy().contains("/004_"))
    else {
        return eprintln!("skipped: ../shared/seeds is not there");
    };
    let paths = [&gold, &seed].map(|p| p.to_string_lossy().into_owned());
    let asked = [vec!["text".to_owned()], paths.to_vec(), vec!["--lines".into(), "1:226".into()]].concat();
    let Some(expected) = reference(&[asked]) else { return };
    let [gold, seed] = [gold, seed].map(|p| std::fs::read_to_string(p).unwrap());
    let ours = serde_json::to_value(TextScore::of_lines(&gold, &seed, Some(1..=226))).unwrap();
    for (figure, value) in expected[0].as_object().unwrap() {
        assert_eq!(&ours[figure], value, "{figure}");
    }
}

/// Outputs that are wrong in many ways, made of a right one.
fn wrong(directive: &Value, seed: u64) -> Value {
    let mut dice = Dice(seed);
    let mut out = directive.clone();
    change(&mut out, &mut dice);
    out
}

fn change(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::String(text) => match dice.below(12) {
            0 => *text = damaged(text, dice.below(1 << 20) as u64, true),
            1 => *text = text.to_uppercase(),
            2 => *text = text.split(' ').rev().collect::<Vec<_>>().join("  "),
            3 => *text = text.chars().take(text.chars().count() / 2).collect(),
            _ => {}
        },
        Value::Number(n) if n.as_u64().is_none_or(|n| n > 20) && dice.below(12) == 0 => *value = json!(17.25),
        Value::Array(list) => {
            if dice.below(6) == 0 && list.len() > 1 {
                list.remove(dice.below(list.len()));
            }
            if dice.below(6) == 0 && list.len() > 1 {
                let copy = list[dice.below(list.len())].clone();
                list.push(copy);
            }
            if dice.below(4) == 0 {
                list.reverse();
            }
            list.iter_mut().for_each(|v| change(v, dice));
        }
        Value::Object(fields) => fields.values_mut().for_each(|v| change(v, dice)),
        _ => {}
    }
}

#[test]
fn structures_score_as_the_reference_scores_them() {
    let dir = tempfile::tempdir().unwrap();
    let fixtures = root().join("fixtures");
    let mut golds: Vec<(Value, Option<String>)> = Vec::new();
    for folder in [fixtures.join("gold"), shared().join("gold/structure")] {
        for path in files(&folder, ".json") {
            let gold: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let places = [
                folder.join(format!("{name}.txt")),
                fixtures.join("text").join(format!("{name}.txt")),
                shared().join("seeds").join(gold["file"].as_str().unwrap_or("")),
            ];
            let text = places.iter().find_map(|p| std::fs::read_to_string(p).ok());
            golds.push((gold, text));
        }
    }
    assert!(golds.len() >= 24);
    let mut pairs: Vec<(Value, Value)> = Vec::new();
    for (i, (gold, text)) in golds.iter().enumerate() {
        let seed = i as u64;
        pairs.push((gold.clone(), gold.clone()));
        pairs.push((gold.clone(), json!({})));
        pairs.push((gold.clone(), golds[(i + 1) % golds.len()].0.clone()));
        pairs.push((gold.clone(), json!({ "directive": wrong(gold, seed) })));
        pairs.push((gold.clone(), wrong(gold, seed + 500)));
        if let Some(text) = text {
            let parsed = |text: &str| serde_json::to_value(structure_parser::parse_text(text)).unwrap();
            let read = parsed(text);
            pairs.push((gold.clone(), wrong(&read, seed)));
            pairs.push((gold.clone(), read));
            pairs.push((gold.clone(), parsed(&damaged(text, seed, true))));
        }
    }
    let mut asked = Vec::new();
    for (i, (gold, output)) in pairs.iter().enumerate() {
        let paths = [("gold", gold), ("output", output)].map(|(name, value)| {
            let path = dir.path().join(format!("{i}.{name}.json"));
            std::fs::write(&path, value.to_string()).unwrap();
            path.to_string_lossy().into_owned()
        });
        asked.push([vec!["structure".to_owned()], paths.to_vec()].concat());
    }
    let Some(expected) = reference(&asked) else { return };
    assert_eq!(expected.len(), pairs.len());
    for (i, ((gold, output), expected)) in pairs.iter().zip(&expected).enumerate() {
        let gold = Register::annotation(&gold.to_string()).unwrap();
        let score = StructureScore::of(&gold, &Register::output(&output.to_string()).unwrap());
        for (figure, value) in score.figures() {
            assert_eq!(json!(value), expected[figure], "{figure} of pair {i}: {output:#}");
        }
        let counts = [
            ("tasks", score.tasks),
            ("units", score.units),
            ("deadlines", score.deadlines),
            ("targets", score.targets),
            ("references", score.references),
            ("outline", score.outline),
        ];
        for (figure, tally) in counts {
            assert_eq!(json!([tally.gold, tally.output]), expected["counts"][figure], "{figure} of pair {i}");
        }
    }
    eprintln!("{} pairs of structures agree", pairs.len());
}
