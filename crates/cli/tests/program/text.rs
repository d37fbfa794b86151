//! What the commands on text promise.

use crate::common::{PLAN, code, pipe, run, stderr};
use serde_json::Value;
use std::fs;
use vanthu_model::Directive;

#[test]
fn restore_gives_back_as_many_lines_as_it_takes() {
    let texts = [
        "",
        "\n",
        "\n\n\n",
        "mot dong",
        "mot dong\n",
        " hai\n  dong \n\n\nsau khoang trong",
        "trang mot\n\u{c}trang hai\nhet\n",
        "Ké hoach\r\nso 12\r\n",
        "ky tu la \u{0}\u{7}\u{200b}\u{feff}\u{85}\u{2028}het\n",
        "| o bang | o hai |\n|---|---|\n",
    ];
    for text in texts {
        let output = pipe(["restore"], text.as_bytes());
        assert_eq!(code(&output), 0, "{text:?}: {}", stderr(&output));
        let restored = String::from_utf8(output.stdout).unwrap();
        assert_eq!(restored.matches('\n').count(), text.matches('\n').count(), "{text:?} gave {restored:?}");
    }
}

#[test]
fn restore_reads_a_file_as_it_reads_standard_input() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("in.txt");
    fs::write(&path, "ke hoach cai cach hanh chinh\n").unwrap();
    let from_file = run(["restore".as_ref(), path.as_os_str()]);
    assert_eq!(from_file.stdout, pipe(["restore"], b"ke hoach cai cach hanh chinh\n").stdout);
    assert_eq!(from_file.stdout, pipe(["restore", "-"], b"ke hoach cai cach hanh chinh\n").stdout);
    assert!(from_file.stderr.is_empty());
}

#[test]
fn good_text_is_left_alone() {
    assert_eq!(String::from_utf8(pipe(["restore"], PLAN.as_bytes()).stdout).unwrap(), PLAN);
}

#[test]
fn repairs_are_listed_on_request() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("changes.json");
    let input = "Uy ban nhan dan tinh giao So Tai chinh chu tri thuc hien ke hoach\n";
    let output = pipe(["restore".as_ref(), "--changes".as_ref(), path.as_os_str()], input.as_bytes());
    assert_eq!(code(&output), 0);
    let changes: Vec<vanthu_model::Change> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert!(!changes.is_empty());
}

#[test]
fn parse_gives_the_directive_of_a_text() {
    let output = pipe(["parse"], PLAN.as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let directive: Directive = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(directive.metadata.symbol.as_deref(), Some("47/KH-UBND"));
    assert_eq!(directive.metadata.date.as_deref(), Some("2026-03-12"));
    assert_eq!(directive.tasks.len(), 2, "{:#?}", directive.tasks);
    let compact = pipe(["parse", "--compact"], PLAN.as_bytes()).stdout;
    assert_eq!(compact.iter().filter(|b| **b == b'\n').count(), 1);
    assert_eq!(
        serde_json::from_slice::<Value>(&compact).unwrap(),
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    );
}

#[test]
fn parse_tells_why_each_entry_is_there() {
    let output = pipe(["parse", "--explain"], PLAN.as_bytes());
    assert!(output.status.success());
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("METADATA\n  kind: "), "{told}");
    assert!(told.contains("\nTASKS\n") && told.contains(", line "), "{told}");
    assert!(!pipe(["parse", "--explain", "--compact"], b"").status.success());
}

#[test]
fn parse_of_no_text_is_an_empty_directive() {
    let output = pipe(["parse"], b"");
    assert_eq!(code(&output), 0);
    let directive: Directive = serde_json::from_slice(&output.stdout).unwrap();
    assert!(directive.tasks.is_empty() && directive.outline.is_empty());
}

#[test]
fn what_is_no_text_is_refused_in_one_line() {
    for command in ["restore", "parse"] {
        let output = pipe([command], b"%PDF-1.7\n\xe2\xe3\xcf\xd3");
        assert_eq!(code(&output), 2);
        assert!(output.stdout.is_empty());
        let message = stderr(&output);
        assert!(message.starts_with("vanthu: standard input: unsupported: "), "{message}");
        assert_eq!(message.lines().count(), 1);
    }
}

#[test]
fn repaired_text_is_told_word_for_word() {
    let input = "Uy ban nhan dan tinh giao So Tai chinh chu tri thuc hien ke hoach\n".as_bytes();
    let plain = String::from_utf8(pipe(["restore"], input).stdout).unwrap();
    let output = pipe(["restore", "--format", "json"], input);
    let restored: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(restored["schema"], "vanthu.restored/1");
    assert_eq!(restored["lines"][0]["text"], plain.trim_end());
    let words = restored["lines"][0]["words"].as_array().unwrap();
    let changed = words.iter().find(|w| w["changed"] == true).unwrap();
    assert!(changed["alternatives"].as_array().unwrap().len() > 1, "{changed}");
    let (start, end) =
        (changed["start"].as_u64().unwrap() as usize, changed["end"].as_u64().unwrap() as usize);
    let there: String = plain.chars().skip(start).take(end - start).collect();
    assert_eq!(changed["text"], there);

    let output = pipe(["restore", "--explain"], input);
    assert_eq!(String::from_utf8(output.stdout.clone()).unwrap(), plain);
    assert!(stderr(&output).contains("Uy → Ủy"), "{}", stderr(&output));
    let page = String::from_utf8(pipe(["restore", "--format", "html"], input).stdout).unwrap();
    assert!(page.contains("<mark class=\"changed\" title=\"Uy ("), "{page}");
}

#[test]
fn what_is_less_sure_than_asked_for_is_left_and_flagged() {
    let input = "Uy ban nhan dan tinh giao So Tai chinh chu tri thuc hien ke hoach\n".as_bytes();
    let output = pipe(["restore", "--threshold", "1", "--format", "json"], input);
    let restored: Value = serde_json::from_slice(&output.stdout).unwrap();
    let words = restored["lines"][0]["words"].as_array().unwrap();
    assert!(words.iter().any(|w| w["doubtful"] == true && w["text"] == w["raw"]), "{restored:#}");
    assert_eq!(code(&pipe(["restore", "--threshold", "1.5"], input)), 1);
}

#[test]
fn words_of_ones_own_are_known() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("words.txt");
    fs::write(&path, "# names\nMường Rưng\n").unwrap();
    let args = ["restore".as_ref(), "--lexicon".as_ref(), path.as_os_str()];
    let output = pipe(args, b"uy ban nhan dan xa Muong Rung to chuc hop\n");
    assert!(String::from_utf8(output.stdout).unwrap().contains("Mường Rưng"));
    let output = pipe(["restore", "--lexicon", "no/such/list"], b"x\n");
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("word list no/such/list"), "{}", stderr(&output));
}

#[test]
fn text_in_another_encoding_is_read_and_said_so() {
    let utf16: Vec<u8> = "\u{feff}ke hoach\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(String::from_utf8(pipe(["restore"], &utf16).stdout).unwrap(), "kế hoạch\n");
    let output = pipe(["restore"], b"ke hoach caf\xe9\n");
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("not UTF-8 from byte 12 on; read as "), "{}", stderr(&output));
    let output = pipe(["restore"], b"\x89PNG\r\n\x1a\n\x00\x00\x00\x01\xff");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("from byte 0 on"), "{}", stderr(&output));
}
