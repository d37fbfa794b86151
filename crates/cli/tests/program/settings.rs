//! What the program promises about its file of settings, languages, log, completions and manual pages.

use crate::common::{code, json, lines, run, small_texts, stderr, tree, vanthu};
use std::fs;
use std::path::Path;
use std::process::Output;

/// Runs the program in a folder.
fn run_in(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> Output {
    vanthu().current_dir(dir).args(args).envs(env.iter().copied()).output().unwrap()
}

#[test]
fn a_file_of_settings_goes_behind_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    small_texts(dir.path(), 2);
    fs::write(
        dir.path().join("vanthu.toml"),
        "[ingest]\nout = \"by-file\"\npretty = true\nformat = [\"md\"]\n",
    )
    .unwrap();
    let output = run_in(dir.path(), &["ingest", "texts"], &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let record = fs::read_to_string(dir.path().join("by-file/00000.txt.json")).unwrap();
    assert!(record.lines().count() > 10 && dir.path().join("by-file/00000.txt.md").is_file());

    let output = run_in(dir.path(), &["ingest", "texts", "--out", "by-flag", "--no-pretty"], &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::read_to_string(dir.path().join("by-flag/00000.txt.json")).unwrap().lines().count(), 1);
}

#[test]
fn a_setting_that_does_not_exist_is_one_line_and_wrong_usage() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("my.toml"), "[ingest]\nspeed = 9\n").unwrap();
    let output = run_in(dir.path(), &["--config", "my.toml", "doctor"], &[]);
    assert_eq!(
        (code(&output), stderr(&output).as_str()),
        (1, "vanthu: my.toml:2: ingest.speed: no such setting; `vanthu config show` lists them\n")
    );
    assert_eq!(code(&run_in(dir.path(), &["--config", "none.toml", "schema"], &[])), 1);
}

#[test]
fn config_init_writes_what_config_show_reads() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(code(&run_in(dir.path(), &["config", "init"], &[])), 0);
    let text = fs::read_to_string(dir.path().join("vanthu.toml")).unwrap();
    assert!(text.contains("[ingest]\n") && text.contains("\ntime = 120\n"), "{text}");
    let again = run_in(dir.path(), &["config", "init"], &[]);
    assert_eq!((code(&again), stderr(&again).lines().count()), (1, 1));
    assert_eq!(code(&run_in(dir.path(), &["config", "init", "--force"], &[])), 0);
    let shown = run_in(dir.path(), &["config", "show"], &[("VANTHU_LOG", "debug")]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("time = 120  # vanthu.toml:"), "{shown}");
    assert!(shown.contains("log-level = \"debug\"  # VANTHU_LOG"), "{shown}");
}

#[test]
fn messages_change_with_the_language_and_data_do_not() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 2);
    fs::write(input.join("bad.pdf"), "").unwrap();
    let read = |out: &str, env: &[(&str, &str)], flags: &[&str]| {
        let args = [&["ingest", "texts", "--out", out], flags].concat();
        let output = run_in(dir.path(), &args, env);
        assert_eq!(code(&output), 2);
        stderr(&output)
    };
    let english = read("en", &[], &[]);
    let vietnamese = read("vi", &[("LC_ALL", "vi_VN.UTF-8")], &[]);
    let asked = read("vi2", &[], &["--lang", "vi"]);
    assert!(english.contains("3 inputs, 3 to read") && english.contains("holds no bytes"), "{english}");
    for told in [&vietnamese, &asked] {
        assert!(told.contains("3 tệp đầu vào, 3 tệp cần đọc"), "{told}");
        assert!(told.contains("bad.pdf: empty: tệp không có dữ liệu; đề nghị"), "{told}");
        assert!(told.contains("2 tệp hoàn thành, 1 tệp lỗi, 0 tệp bỏ qua trong tổng số 3 tệp"), "{told}");
    }
    let told = String::from_utf8(run_in(dir.path(), &["status", "vi", "--lang", "vi"], &[]).stdout).unwrap();
    assert!(told.contains("2 hoàn thành") && told.contains("1 empty"), "{told}");
    for name in tree(&dir.path().join("en")).iter().filter(|n| *n != "summary.json") {
        let file = |out: &str| fs::read(dir.path().join(out).join(name)).unwrap();
        assert!(file("en") == file("vi"), "{name}");
    }
    let failures = |out: &str| json(&dir.path().join(out).join("summary.json"))["failures"].clone();
    assert_eq!(failures("en"), failures("vi"));
}

#[test]
fn nothing_is_logged_unless_asked_and_lines_name_their_file() {
    let dir = tempfile::tempdir().unwrap();
    small_texts(dir.path(), 2);
    let flags = ["ingest", "texts", "--out", "out", "--quiet"];
    assert_eq!(stderr(&run_in(dir.path(), &flags, &[])), "");

    let json_log = [&flags[..3], &["again", "--quiet", "--log-format", "json"]].concat();
    let output = run_in(dir.path(), &json_log, &[("VANTHU_LOG", "debug")]);
    let log = lines(&output.stderr);
    let done: Vec<_> = log.iter().filter(|l| l["message"] == "done").collect();
    assert_eq!(done.len(), 2, "{}", stderr(&output));
    assert!(done.iter().all(|l| l["file"].as_str().unwrap().starts_with("texts/") && l["level"] == "INFO"));
    let read: Vec<_> = log.iter().filter(|l| l["target"] == "vanthu::reader" && l["file"] != "").collect();
    assert!(read.iter().any(|l| l["file"] == "00000.txt"), "{}", stderr(&output));

    let to_file = [&flags[..3], &["third", "--quiet", "--log-file", "v.log"]].concat();
    assert_eq!(stderr(&run_in(dir.path(), &to_file, &[])), "");
    let text = fs::read_to_string(dir.path().join("v.log")).unwrap();
    assert_eq!(text.lines().filter(|l| l.contains(" done ")).count(), 2, "{text}");
}

#[test]
fn completions_and_manual_pages_come_from_the_flags() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = String::from_utf8(run(["completions", shell]).stdout).unwrap();
        assert!(text.contains("max-failures") && text.contains("completions"), "{shell}");
        assert!(!text.contains("no-pretty"), "{shell}");
    }
    let text = String::from_utf8(run(["man"]).stdout).unwrap();
    assert!(text.contains(".TH vanthu 1") && text.contains("ingest"), "{text}");
    let dir = tempfile::tempdir().unwrap();
    let output = run(["man".as_ref(), "--out".as_ref(), dir.path().as_os_str()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let pages = tree(dir.path());
    for page in ["vanthu.1", "vanthu-ingest.1", "vanthu-config-init.1"] {
        assert!(pages.iter().any(|p| p == page), "{pages:?}");
    }
    assert!(fs::read_to_string(dir.path().join("vanthu-ingest.1")).unwrap().contains("max\\-failures"));
}
