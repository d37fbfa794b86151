//! What the program promises about its exit codes and its streams.

use crate::common::{code, ingest, run, small_texts, stderr, vanthu};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

#[test]
fn wrong_usage_exits_with_1_and_help_with_0() {
    for args in
        [&[][..], &["nonsense"], &["ingest", "x"], &["ingest", "--out", "y"], &["parse", "--model", "m"]]
    {
        let output = run(args);
        assert_eq!(code(&output), 1, "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
    for args in [&["--help"][..], &["--version"], &["ingest", "--help"]] {
        let output = run(args);
        assert_eq!(code(&output), 0, "{args:?}");
        assert!(output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn a_missing_file_is_one_line_with_file_and_cause() {
    for command in ["restore", "parse", "extract", "tasks"] {
        let output = run([command, "no/such/file.txt"]);
        assert_eq!(code(&output), 2, "{command}");
        assert!(output.stdout.is_empty());
        let message = stderr(&output);
        assert!(message.starts_with("vanthu: no/such/file.txt: io: "), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn an_output_folder_that_cannot_be_made_is_wrong_usage() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    let output = ingest(&file, &file.join("out"));
    assert_eq!(code(&output), 1);
    assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
}

#[test]
fn a_missing_model_exits_with_3() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 1);
    let (out, model) = (dir.path().join("out"), dir.path().join("no-model"));
    let args = [
        "ingest".as_ref(),
        input.as_os_str(),
        "-o".as_ref(),
        out.as_os_str(),
        "--model".as_ref(),
        model.as_os_str(),
    ];
    let output = run(args);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).starts_with("vanthu: missing_component: "), "{}", stderr(&output));
    assert!(crate::common::tree(&out).is_empty());
}

#[test]
fn the_schema_in_the_repository_is_the_one_printed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/vanthu.record-1.json");
    let printed = String::from_utf8(run(["schema"]).stdout).unwrap();
    assert_eq!(fs::read_to_string(path).unwrap(), printed, "run `make schema`");
}

#[test]
fn every_cause_and_exit_code_is_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors.md");
    let text = fs::read_to_string(path).unwrap();
    for cause in vanthu_model::Cause::ALL {
        assert!(text.contains(&format!("\n| `{cause}` | ")), "docs/errors.md lacks {cause}");
    }
    for code in [0, 1, 2, 3, 130] {
        assert!(text.contains(&format!("\n| {code} | ")), "docs/errors.md lacks exit code {code}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_panic() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 30);
    let ingest = ["ingest".as_ref(), input.as_os_str(), "-o".as_ref(), "-".as_ref()];
    for args in [&["schema".as_ref()][..], &ingest] {
        let mut child = vanthu()
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut byte = [0];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut byte).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert!(matches!(code(&output), 0 | 2), "{args:?}: {:?}", output.status);
        assert!(!stderr(&output).contains("panic"), "{}", stderr(&output));
    }
}

#[test]
fn doctor_names_what_is_there() {
    let output = run(["doctor"]);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(code(&output), 0, "{text}");
    assert!(text.contains("restorer model"), "{text}");
}

#[test]
fn doctor_exits_with_3_without_language_data() {
    let empty = tempfile::tempdir().unwrap();
    let output = run(["doctor".as_ref(), "--tessdata".as_ref(), empty.path().as_os_str()]);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(code(&output), 3, "{text}");
    assert!(text.contains("apt-get install") && text.contains("tesseract-ocr-vie"), "{text}");
}
