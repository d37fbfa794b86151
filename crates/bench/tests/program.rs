//! The program from outside, on results made by hand.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn bench(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vanthu-bench")).args(arguments).output().unwrap()
}

/// Exit code and output of a comparison of two files.
fn compare(base: &str, new: &str) -> (Option<i32>, String) {
    let (base, new) = (data(base), data(new));
    let output = bench(&["compare", &base.to_string_lossy(), &new.to_string_lossy()]);
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_same_speed_passes() {
    let (code, told) = compare("base.json", "same.json");
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("2 compared: 0 slower by more than 10 %"), "{told}");
}

#[test]
fn a_loss_beyond_a_tenth_fails() {
    let (code, told) = compare("base.json", "slower.json");
    assert_eq!(code, Some(2), "{told}");
    let row = told.lines().find(|l| l.starts_with("restore.stripped")).unwrap();
    assert!(row.contains("LOSS") && row.contains(" 1.2"), "{row}");
    assert!(!told.lines().find(|l| l.starts_with("parse")).unwrap().contains("LOSS"), "{told}");
}

#[test]
fn a_gain_and_a_small_loss_pass() {
    let (code, told) = compare("slower.json", "base.json");
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("faster"), "{told}");
    let (code, told) = compare("base.json", "bit_slower.json");
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("1 slower,"), "{told}");
}

#[test]
fn more_memory_fails() {
    let (code, told) = compare("base.json", "heavier.json");
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("HEAVIER"), "{told}");
}

#[test]
fn a_base_that_is_nothing_is_told_in_one_line() {
    for base in ["", "no-such-commit", "benches/results/none.json"] {
        let output = bench(&["compare", base]);
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.starts_with("bench: ") && told.contains("BASE"), "{told}");
    }
}

#[test]
fn a_file_of_another_form_is_named() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let output = bench(&["show", &file.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("is no file of results") && told.lines().count() == 1, "{told}");
}

#[test]
fn results_are_shown_and_their_noise_told() {
    let shown = bench(&["show", &data("base.json").to_string_lossy()]);
    let told = String::from_utf8(shown.stdout).unwrap();
    assert!(told.contains("restore.stripped") && told.contains("invented"), "{told}");
    let files = ["base.json", "same.json"].map(|f| data(f).to_string_lossy().into_owned());
    let noise = bench(&["noise", &files[0], &files[1]]);
    let told = String::from_utf8(noise.stdout).unwrap();
    assert!(told.contains("| `parse` |"), "{told}");
}

#[test]
fn a_round_is_measured_on_the_documents_of_the_repository() {
    let output = bench(&["measure", "legacy.tcvn3", "--scale", "1", "--seconds", "0"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    let measured: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(measured["round"]["processor"][0].as_f64().unwrap() > 0.0, "{told}");
    assert!(measured["amount"].as_f64().unwrap() > 1000.0, "{told}");
    assert!(measured["round"]["peak_kib"].as_u64().unwrap() > 0, "{told}");
}
