//! The program from outside, on results made by hand.

use std::path::{Path, PathBuf};
use std::process::Command;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// Exit code, output and messages.
fn bench(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vanthu-bench")).args(arguments).output();
    let Ok(output) = output else { return (None, String::new(), String::new()) };
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Exit code and output of a comparison of two files.
fn compare(base: &str, new: &str) -> (Option<i32>, String) {
    let (code, told, _) = bench(&["compare", &data(base).to_string_lossy(), &data(new).to_string_lossy()]);
    (code, told)
}

/// The line of a table that begins with `name`.
fn row<'t>(told: &'t str, name: &str) -> &'t str {
    told.lines().find(|l| l.starts_with(name)).unwrap_or("")
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
    let slow = row(&told, "restore.stripped");
    assert!(slow.contains("LOSS") && slow.contains(" 1.2"), "{slow}");
    assert!(!row(&told, "parse").contains("LOSS"), "{told}");
}

#[test]
fn a_gain_and_a_small_loss_pass() {
    let (code, told) = compare("slower.json", "base.json");
    assert_eq!(code, Some(0), "{told}");
    assert!(row(&told, "restore.stripped").contains("faster"), "{told}");
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
        let (code, _, told) = bench(&["compare", base]);
        assert_eq!(code, Some(1));
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.starts_with("bench: ") && told.contains("BASE"), "{told}");
    }
}

#[test]
fn a_file_of_another_form_is_named() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let (code, _, told) = bench(&["show", &file.to_string_lossy()]);
    assert_eq!(code, Some(1));
    assert!(told.contains("is no file of results") && told.lines().count() == 1, "{told}");
}

#[test]
fn results_are_shown_and_their_noise_told() {
    let (_, told, _) = bench(&["show", &data("base.json").to_string_lossy()]);
    assert!(told.contains("restore.stripped") && told.contains("invented"), "{told}");
    let files = ["base.json", "same.json"].map(|f| data(f).to_string_lossy().into_owned());
    let (_, told, _) = bench(&["noise", &files[0], &files[1]]);
    assert!(told.contains("| `parse` |"), "{told}");
}

#[test]
fn a_round_is_measured_on_the_documents_of_the_repository() {
    let (code, told, _) = bench(&["measure", "legacy.tcvn3", "--scale", "1", "--seconds", "0"]);
    assert_eq!(code, Some(0));
    let measured: serde_json::Value = serde_json::from_str(&told).unwrap_or_default();
    assert!(measured["round"]["processor"][0].as_f64() > Some(0.0), "{told}");
    assert!(measured["amount"].as_f64() > Some(1000.0), "{told}");
    assert!(measured["round"]["peak_kib"].as_u64() > Some(0), "{told}");
}
