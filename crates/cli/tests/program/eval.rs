//! `vanthu eval`: scores, errors by kind, comparison with an older report, and what it says of bad input.

use crate::common::{PLAN, code, json, run, stderr};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

const GOLD: &str = r#"{
  "metadata": {"kind": "KH", "symbol": "47/KH-UBND", "place": "Sông Mây", "date": "2026-03-12"},
  "outline": [{"level": 1, "label": "I", "title": "NHIỆM VỤ"}],
  "tasks": [
    {"text": "Giao Sở Thư viện chủ trì, phối hợp với Sở Tài chính rà soát các phòng đọc, báo cáo Ủy ban nhân dân tỉnh trước ngày 30/6/2026.",
     "section": "I", "units": [{"name": "Sở Thư viện", "role": "lead"}, {"name": "Sở Tài chính", "role": "coordinate"}],
     "deadlines": [{"text": "trước ngày 30/6/2026", "kind": "date", "date": "2026-06-30"}], "targets": []},
    {"text": "Sở Tài chính bố trí kinh phí thực hiện, hoàn thành trong quý III năm 2026.", "section": "I",
     "units": [{"name": "Sở Tài chính", "role": "lead"}],
     "deadlines": [{"text": "trong quý III năm 2026", "kind": "date", "date": "2026-09-30"}], "targets": []}],
  "targets": [], "references": []
}"#;

/// A folder in the form of the guide, with one document.
fn folder(dir: &Path) -> PathBuf {
    let folder = dir.join("own");
    for (place, text) in [("text/a.txt", PLAN), ("gold/a.json", GOLD), ("files/a.txt", PLAN)] {
        let path = folder.join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn eval<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Output {
    let args: Vec<_> = args.into_iter().map(|a| a.as_ref().to_owned()).collect();
    run([OsStr::new("eval").to_owned()].into_iter().chain(args))
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", stderr(output)))
}

/// The one line on standard error, after a check that there is no more.
fn one_line(output: &Output, exit: i32) -> String {
    let said = stderr(output);
    assert_eq!((code(output), said.lines().count()), (exit, 1), "{said}");
    said.trim_end().to_owned()
}

#[test]
fn a_folder_of_ones_own_is_scored() {
    let dir = tempfile::tempdir().unwrap();
    let own = folder(dir.path());
    let output = eval([own.as_os_str(), "--format".as_ref(), "json".as_ref()]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    let report = report(&output);
    assert_eq!(report["schema"], "vanthu.eval/1");
    let names: Vec<&str> =
        report["sets"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["files", "text", "stripped"]);
    let files = &report["sets"][0];
    assert_eq!(files["text"]["syllable_accuracy"], 1.0);
    for figure in ["tasks", "units", "deadlines", "outline", "metadata"] {
        assert_eq!(files["structure"]["mean"][figure], 1.0, "{figure}: {files:#}");
    }
    assert!(report["sets"][2]["text"]["syllable_accuracy"].as_f64().unwrap() > 0.9);
    assert!(report["sets"][2]["calibration"]["recognised"]["count"].as_u64().unwrap() > 50);
    let table = eval([own.as_os_str(), "--documents".as_ref()]);
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.contains("== files: 1 document\n") && table.contains("mean F1"), "{table}");
    let listed = eval([own.as_os_str(), "--list".as_ref()]);
    assert_eq!(String::from_utf8(listed.stdout).unwrap().lines().count(), 4);
}

#[test]
fn one_pair_is_scored_and_its_errors_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let (truth, given) = (dir.path().join("truth.txt"), dir.path().join("given.txt"));
    fs::write(&truth, "Sở Thủy lợi rà soát\ncác hồ chứa trước ngày 15/7.\n").unwrap();
    fs::write(&given, "Sở Thuỷ lơi rà soát\ncác hồchứa trước ngày 16/7.\n").unwrap();
    let args = ["--pair".as_ref(), truth.as_os_str(), given.as_os_str(), "--errors".as_ref()];
    let output = eval(args);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let expected = "\
== pair: 1 document
text               tokens    edits  syllables     cased       bag       CER  base CER
all                    11        4    0.63636   0.63636   0.63636   0.10638   0.04255
     2  join (several words read as one), at 1 place
        hồ chứa → hồchứa  [các … trước ngày 15/7]  (given.txt)
     1  tone_mark (another tone mark), at 1 place
        lợi → lơi  [Sở Thủy … rà soát]  (given.txt)
     1  symbol (number or symbol of a document), at 1 place
        15/7 → 16/7  [chứa trước ngày …]  (given.txt)
";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    let some =
        eval(["--pair".as_ref(), truth.as_os_str(), given.as_os_str(), "--lines".as_ref(), "1:1".as_ref()]);
    assert!(String::from_utf8(some.stdout).unwrap().contains("      5        1    0.80000"));
}

#[test]
fn finished_outputs_are_scored_and_missing_ones_count_as_empty() {
    let dir = tempfile::tempdir().unwrap();
    let (own, out) = (folder(dir.path()), dir.path().join("out"));
    let ingested = crate::common::ingest(&own.join("files"), &out);
    assert_eq!(code(&ingested), 0);
    let args = |results: &Path| {
        let flags = ["--set", "files", "--format", "json", "--results"].map(Into::into);
        [vec![own.clone().into_os_string()], flags.to_vec(), vec![results.as_os_str().to_owned()]].concat()
    };
    let scored = report(&eval(args(&out)));
    assert_eq!(scored["engine"]["name"], "results");
    assert_eq!(scored["sets"][0]["structure"]["mean"]["tasks"], 1.0);
    // Texts of other programs have no structure.
    let texts = dir.path().join("texts");
    fs::create_dir(&texts).unwrap();
    fs::write(texts.join("a.txt"), PLAN).unwrap();
    let scored = report(&eval(args(&texts)));
    assert_eq!(scored["sets"][0]["text"]["cer"], 0.0);
    assert!(scored["sets"][0]["structure"].is_null());
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let output = eval(args(&empty));
    assert!(one_line(&output, 2).starts_with("vanthu: files/a.txt: io: has no result in "));
    assert_eq!(report(&output)["sets"][0]["text"]["syllable_accuracy"], 0.0);
    assert_eq!(report(&output)["sets"][0]["structure"]["mean"]["tasks"], 0.0);
}

#[test]
fn a_report_is_held_against_an_older_one_error_by_error() {
    let dir = tempfile::tempdir().unwrap();
    let own = folder(dir.path());
    let old = dir.path().join("old.json");
    let worse = own.join("files/a.txt");
    fs::write(&worse, PLAN.replace("rà soát", "kiểm kê")).unwrap();
    let args = [own.as_os_str(), "--set".as_ref(), "files".as_ref()];
    let made =
        eval(args.into_iter().chain(["--format".as_ref(), "json".as_ref(), "-o".as_ref(), old.as_os_str()]));
    assert_eq!((code(&made), made.stdout.len()), (0, 0));
    assert_eq!(json(&old)["schema"], "vanthu.eval/1");
    fs::write(&worse, PLAN).unwrap();
    let now = eval(args.into_iter().chain(["--against".as_ref(), old.as_os_str()]));
    let told = String::from_utf8(now.stdout).unwrap();
    assert!(told.contains("files: syllable_accuracy: 0.9"), "{told}");
    assert!(told.contains("lost: 0") && told.contains("+ files/a.txt: letter: "), "{told}");
    let same = eval(args.into_iter().chain([
        "--against".as_ref(),
        old.as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
    ]));
    assert!(!report(&same)["comparison"]["gained"].as_array().unwrap().is_empty());
    let curves = dir.path().join("curves");
    let drawn = eval(args.into_iter().chain(["--curves".as_ref(), curves.as_os_str()]));
    assert_eq!(code(&drawn), 0);
    let svg = fs::read_to_string(curves.join("calibration-files-tasks.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("files: tasks"));
}

#[test]
fn bad_input_is_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let own = folder(dir.path());
    let missing = eval(["no/such/folder"]);
    assert!(one_line(&missing, 2).starts_with("vanthu: no/such/folder: io: "));
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert!(one_line(&eval([&empty]), 2).contains("empty: no document in it has its true text"));
    let unknown = eval([own.as_os_str(), "--set".as_ref(), "nothing".as_ref()]);
    assert_eq!(one_line(&unknown, 1), "vanthu: no such set: nothing; there are files, text, stripped");
    assert_eq!(code(&eval([own.as_os_str(), "--results".as_ref(), own.as_os_str()])), 1);
    let no_report = eval([own.as_os_str(), "--against".as_ref(), own.join("gold/a.json").as_os_str()]);
    assert!(one_line(&no_report, 2).contains("is no report of scores"));
    let pair = |truth: &str, given: &str| {
        eval(["--pair".as_ref(), own.join(truth).as_os_str(), own.join(given).as_os_str()])
    };
    assert!(
        one_line(&pair("gold/a.json", "text/a.txt"), 2).contains("is a text, and the truth is an annotation")
    );
    assert!(one_line(&pair("text/a.txt", "none.txt"), 2).contains("io: "));

    fs::write(own.join("verdicts.tsv"), "files/a.txt\t1\tfine\n").unwrap();
    assert!(one_line(&eval([&own]), 2).contains("line 1: no such kind: fine; mend the line"));
    fs::remove_file(own.join("verdicts.tsv")).unwrap();
    for (slip, told) in
        [("{", "is no JSON of this form"), ("{\"tasks\": []}", "is no annotation: metadata is missing")]
    {
        fs::write(own.join("gold/a.json"), slip).unwrap();
        let output = eval([own.as_os_str(), "--set".as_ref(), "files".as_ref()]);
        assert!(one_line(&output, 2).contains(told), "{}", stderr(&output));
    }
    fs::write(own.join("files/b.txt"), PLAN).unwrap();
    fs::write(own.join("gold/a.json"), GOLD).unwrap();
    let output = eval([own.as_os_str(), "--set".as_ref(), "files".as_ref()]);
    assert!(one_line(&output, 0).ends_with("1 document has no truth and is left out: b.txt"));
}

#[test]
fn verdicts_on_text_layers_are_counted() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let args =
        [fixtures.as_os_str(), "--set".as_ref(), "pdf,layers".as_ref(), "--format".as_ref(), "json".as_ref()];
    let report = report(&eval(args));
    for (set, least) in [(&report["sets"][0], 14), (&report["sets"][1], 24)] {
        let verdicts = &set["verdicts"];
        assert!(verdicts["pages"].as_u64().unwrap() >= least, "{verdicts}");
        assert_eq!((&verdicts["false_alarms"], &verdicts["misses"]), (&0.into(), &0.into()), "{verdicts}");
        assert_eq!(verdicts["right"], verdicts["pages"], "{verdicts}");
    }
}
