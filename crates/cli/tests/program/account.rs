//! The account of a batch, as a user sees it.

use crate::common::{PLAN, code, counts, ingest, json, lines, run, small_texts, stderr};
use std::fs;
use std::path::Path;

fn stdout(args: &[&std::ffi::OsStr]) -> String {
    let output = run(args);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn status_and_retry_tell_what_became_of_the_inputs() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 3);
    fs::write(input.join("empty.txt"), "").unwrap();
    let out = dir.path().join("out");
    assert_eq!(code(&ingest(&input, &out)), 2);
    let told = stdout(&["status".as_ref(), out.as_os_str()]);
    assert!(told.contains("4 inputs, 3 pages done") && told.contains("1 failed"), "{told}");
    assert!(told.contains("1 empty"), "{told}");
    let standing: serde_json::Value =
        serde_json::from_str(&stdout(&["status".as_ref(), out.as_os_str(), "--json".as_ref()])).unwrap();
    assert_eq!(standing["inputs"], serde_json::json!({ "done": 3, "failed": 1 }));
    assert!(json(&out.join("failed/empty.txt.json"))["message"].as_str().unwrap().contains("no bytes"));

    // The file is mended, and reading it is asked for by name of the cause.
    fs::write(input.join("empty.txt"), PLAN).unwrap();
    let retry = ["retry".as_ref(), out.as_os_str(), "--cause".as_ref(), "empty".as_ref()];
    assert!(stderr(&run(retry)).contains("1 failed input waits"));
    let output = ingest(&input, &out);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("4 inputs, 1 to read, 3 done earlier"), "{}", stderr(&output));
    assert!(!out.join("failed").exists());

    let output = run(["retry".as_ref(), out.as_os_str(), "--cause".as_ref(), "bad luck".as_ref()]);
    assert_eq!(code(&output), 1);
    let output = run(["status".as_ref(), input.as_os_str()]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("holds no ledger"), "{}", stderr(&output));
}

#[test]
fn progress_as_json_is_one_object_a_line() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 2);
    fs::write(input.join("empty.txt"), "").unwrap();
    let out = dir.path().join("out");
    let args = ["ingest".as_ref(), input.as_os_str(), "-o".as_ref(), out.as_os_str()];
    let said = run(args.into_iter().chain(["--progress".as_ref(), "json".as_ref()])).stderr;
    let events = lines(&said);
    let mut kinds: Vec<&str> = events.iter().map(|e| e["event"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["done", "done", "ended", "failed", "planned"]);
    let failed = events.iter().find(|e| e["event"] == "failed").unwrap();
    assert_eq!(failed["cause"], "empty");
}

#[test]
fn parts_of_a_list_are_read_apart() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 20);
    let read = |part: &str| {
        let out = dir.path().join(format!("out{}", &part[..1]));
        let args = ["ingest".as_ref(), input.as_os_str(), "-o".as_ref(), out.as_os_str()];
        assert_eq!(code(&run(args.into_iter().chain(["--shard".as_ref(), part.as_ref()]))), 0);
        counts(&json(&out.join("summary.json")))
    };
    let [one, two] = ["1/2", "2/2"].map(read);
    assert_eq!((one[0] + two[0], one[0]), (20, two[2]));
    let output = run(["ingest", "x", "-o", "y", "--shard", "3/2"]);
    assert_eq!(code(&output), 1);
}

#[test]
fn a_file_that_takes_too_much_memory_or_time_fails_by_that_name() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 2);
    fs::write(input.join("00000.txt"), PLAN.repeat(8000)).unwrap();
    let out = dir.path().join("out");
    let limited = |flags: [&str; 2]| {
        let args =
            ["ingest".as_ref(), input.as_os_str(), "-o".as_ref(), out.as_os_str(), "--attempts".as_ref()];
        let flags = ["1", flags[0], flags[1], "--time-a-page", "0"].map(std::ffi::OsStr::new);
        let output = run(args.into_iter().chain(flags));
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        let summary = json(&out.join("summary.json"));
        assert_eq!(counts(&summary), [1, 1, 0], "{summary:#}");
        assert!(!Path::new(&out).join("00000.txt.json").exists());
        summary["failures"][0]["cause"].as_str().unwrap().to_string()
    };
    if cfg!(target_os = "linux") {
        assert_eq!(limited(["--memory", "100"]), "memory");
    }
    assert_eq!(limited(["--time", "1"]), "timeout");
}
