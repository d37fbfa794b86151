//! Reading processes that die, hang or take too much: each costs an attempt of the input that it is at.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg(unix)]

mod common;
use common::{Silent, open, tree, write};

use batch::{Counts, Engine, Limits, ProcessEngine, Reins, Settings, Summary};
use pipeline::Cause;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A reading process that speaks the protocol and does with an input what its name says.
const OBEDIENT: &str = r#"
echo '{"ready":"a shell"}'
while read -r order; do
    case $order in
        *hang*) echo '{"pages":1}'; sleep 60 ;;
        *die*) kill -SEGV $$ ;;
        *once*) if [ -e "$MARK" ]; then echo '{"done":1}'; else : >"$MARK"; exit 7; fi ;;
        *greedy*) echo "memory allocation of 99999999999 bytes failed" >&2; kill -ABRT $$ ;;
        *babble*) echo 'no reply at all' ;;
        *) echo '{"pages":3}'; echo '{"done":3}' ;;
    esac
done"#;

fn work(dir: &Path, names: &[&str]) -> Summary {
    let (input, out) = (dir.join("in"), dir.join("out"));
    write(&input, names);
    let mark = dir.join("mark");
    let start = Arc::new(move || {
        let mut command = Command::new("sh");
        command.args(["-c", OBEDIENT]).env("MARK", &mark);
        command
    });
    let limits = Limits {
        time: Duration::from_millis(500),
        time_a_page: Duration::from_millis(100),
        ..Limits::default()
    };
    let reins = Reins::default();
    let mut batch = open(&out, Settings::default()).unwrap();
    batch.plan(&[input], &Arc::default(), &mut Silent).unwrap();
    let engines = (0..2)
        .map(|_| {
            Box::new(ProcessEngine::new(start.clone(), limits.clone(), reins.clone())) as Box<dyn Engine>
        })
        .collect();
    batch::run(batch, engines, &reins, &Arc::default(), &mut Silent)
}

#[test]
fn a_process_that_dies_or_hangs_costs_attempts_of_its_input_alone() {
    let dir = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let names =
        ["1.txt", "2die.txt", "3hang.txt", "4greedy.txt", "5.txt", "6babble.txt", "7.txt", "8once.txt"];
    let summary = work(dir.path(), &names);
    assert!(began.elapsed() < Duration::from_secs(20), "took {:?}", began.elapsed());
    assert_eq!(summary.counts, Counts { done: 4, failed: 4, skipped: 0 });
    assert_eq!(summary.pages, 3 * 3 + 1);
    let causes: Vec<Cause> = summary.failures.iter().map(|f| f.cause).collect();
    assert_eq!(causes, [Cause::Crash, Cause::Timeout, Cause::Memory, Cause::Crash]);
    assert!(summary.failures[0].message.contains("signal: 11"), "{}", summary.failures[0].message);

    let failed = dir.path().join("out/failed");
    assert_eq!(tree(&failed).len(), 4);
    let report = std::fs::read_to_string(failed.join("4greedy.txt.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["attempts"].as_array().unwrap().len(), 2);
    assert!(report["attempts"][0]["log"].as_str().unwrap().contains("memory allocation"), "{report:#}");
}

#[test]
fn a_process_that_does_not_start_is_told_of() {
    let start = Arc::new(|| Command::new("/no/such/program"));
    let mut engine = ProcessEngine::new(start, Limits::default(), Reins::default());
    let failure = engine.prepare().unwrap_err();
    assert!(failure.to_string().contains("cannot be started"), "{failure}");
}

#[test]
fn the_reins_end_a_process_that_is_at_work() {
    let reins = Reins::default();
    let start = Arc::new(|| {
        let mut command = Command::new("sh");
        command.args(["-c", r#"echo '{"ready":""}'; read -r order; sleep 60"#]);
        command
    });
    let mut engine = ProcessEngine::new(start, Limits::default(), reins.clone());
    engine.prepare().unwrap();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        reins.stop();
    });
    let began = Instant::now();
    let request = batch::Request { path: Path::new("a"), name: "a", to: Path::new("b"), threads: 1 };
    let trouble = engine.read(&request).unwrap_err();
    assert_eq!(trouble.failure.cause, Cause::Crash);
    assert!(began.elapsed() < Duration::from_secs(5));
}
