//! `kill -9` of the program or of its reading processes, at any moment: nothing that was done is lost, no half file is
//! left, and in the end all is as if nothing had happened.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg(target_os = "linux")]

#[path = "program/common/mod.rs"]
mod common;
use common::{code, counts, ingest, json, small_texts, stderr, tree, vanthu};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How many times something is killed.
const KILLS: u32 = 50;

fn start(input: &Path, out: &Path) -> Child {
    vanthu()
        .args([
            "ingest".as_ref(),
            input.as_os_str(),
            "-o".as_ref(),
            out.as_os_str(),
            "-j".as_ref(),
            "2".as_ref(),
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn kill(pid: u32) {
    // It may have ended by itself.
    let _ = Command::new("kill").args(["-KILL", &pid.to_string()]).stderr(Stdio::null()).status();
}

fn children(pid: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|p| p.parse().ok()).collect()
}

/// Every record under its final name is whole.
fn check_records(out: &Path) {
    for name in tree(out).iter().filter(|n| n.ends_with(".json")) {
        json(&out.join(name));
    }
}

#[test]
fn nothing_is_lost_whatever_is_killed_whenever() {
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 300);
    let undisturbed = dir.path().join("undisturbed");
    assert_eq!(code(&ingest(&input, &undisturbed)), 0);

    // The same sequence on every machine; the moments that it hits differ all the same.
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    let mut roll = |sides: u64| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice % sides
    };
    let (mut kills, mut round) = (0, 0);
    while kills < KILLS {
        let out = dir.path().join(format!("out{round}"));
        round += 1;
        let mut done_before = 0;
        loop {
            let mut child = start(&input, &out);
            std::thread::sleep(Duration::from_millis(10 + roll(250)));
            let victims = match roll(3) {
                0 => vec![child.id()],
                1 => children(child.id()).into_iter().take(1).collect(),
                _ => children(child.id()).into_iter().chain([child.id()]).collect(),
            };
            let still_running = child.try_wait().unwrap().is_none();
            victims.iter().for_each(|&pid| kill(pid));
            let status = child.wait().unwrap();
            check_records(&out);
            let done = tree(&out).iter().filter(|n| n.ends_with(".txt.json")).count();
            assert!(done >= done_before, "{done} records where there were {done_before}");
            done_before = done;
            if still_running {
                kills += 1;
            }
            if status.success() || kills >= KILLS {
                break;
            }
        }
        let output = ingest(&input, &out);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_eq!(counts(&json(&out.join("summary.json"))), [300, 0, 0]);
        assert_eq!(tree(&out), tree(&undisturbed));
        for name in tree(&out).iter().filter(|n| *n != "summary.json") {
            assert!(fs::read(out.join(name)).unwrap() == fs::read(undisturbed.join(name)).unwrap(), "{name}");
        }
        // Nothing is left on its way but the lock.
        assert_eq!(fs::read_dir(out.join(".vanthu")).unwrap().count(), 1);
    }
}
