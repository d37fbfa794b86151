//! A full disk and a folder without rights cost the inputs that they touch, and no more.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg(unix)]

#[path = "program/common/mod.rs"]
mod common;
use common::{PLAN, code, counts, json, lines, small_texts, stderr, tree, vanthu};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

#[test]
fn a_full_disk_fails_what_does_not_fit_and_leaves_no_half_file() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 6);
    // The first input alone is larger than the disk.
    fs::write(input.join("00000.txt"), PLAN.repeat(400)).unwrap();
    let (disk, copy) = (dir.path().join("disk"), dir.path().join("copy"));
    fs::create_dir(&disk).unwrap();
    let script = r#"
        mount -t tmpfs -o size=512k none "$1" 2>/dev/null || exit 99
        "$0" ingest "$2" --out "$1" --jobs 1; code=$?
        cp -a "$1" "$3"
        exit $code"#;
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_vanthu")])
        .args([&disk, &input, &copy])
        .output();
    let output = match output {
        Ok(output) if copy.exists() => output,
        _ => return eprintln!("skipped: no small disk can be mounted here"),
    };
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let summary = json(&copy.join("summary.json"));
    assert_eq!(counts(&summary), [5, 1, 0], "{summary:#}");
    assert_eq!(summary["failures"][0]["cause"], "io");
    assert!(summary["failures"][0]["message"].as_str().unwrap().contains("no space left"), "{summary:#}");
    assert_eq!(lines(&fs::read(copy.join("records.jsonl")).unwrap()).len(), 5);
    assert_eq!(tree(&copy).len(), 7);
}

#[test]
fn a_folder_without_rights_is_a_failed_input() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 2);
    let (closed, out) = (input.join("closed"), dir.path().join("out"));
    fs::create_dir(&closed).unwrap();
    fs::create_dir(&out).unwrap();
    fs::write(input.join("secret.txt"), "x").unwrap();
    let rights =
        |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    rights(&closed, 0o000);
    rights(&input.join("secret.txt"), 0o000);
    rights(&out, 0o777);
    rights(dir.path(), 0o755);
    let mut command = vanthu();
    command.args(["ingest".as_ref(), input.as_os_str(), "-o".as_ref(), out.as_os_str()]);
    if fs::read_dir(&closed).is_ok() {
        // Rights do not bind root: the program runs as nobody.
        command.uid(65534).gid(65534);
    }
    let output = command.output();
    rights(&closed, 0o755);
    let output = match output {
        Ok(output) => output,
        Err(e) => return eprintln!("skipped: the program cannot be run as another user ({e})"),
    };
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let summary = json(&out.join("summary.json"));
    assert_eq!(counts(&summary), [2, 2, 0], "{summary:#}");
    for failure in summary["failures"].as_array().unwrap() {
        assert_eq!(failure["cause"], "io");
        assert!(failure["message"].as_str().unwrap().contains("permission denied"), "{failure}");
    }
}
