//! Batches from object stores and into them, against an S3 server behind a network that fails.

mod account;
mod faults;
mod server;

use crate::common::{PLAN, code, counts, json, lines, run, small_texts, stderr, tree, vanthu};
use faults::{Fault, Network, Request};
use serde_json::Value;
use server::Server;
use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// `ingest` as somebody who may use the buckets `scans` and `archive`, over the port of a network.
fn ingest(server: &Server, port: u16, args: &[&str]) -> Command {
    let mut command = with_keys(port, (&server.clerk.0, &server.clerk.1));
    command.arg("ingest").args(args);
    command
}

/// The program with these keys and an endpoint on this port.
fn with_keys(port: u16, (key, secret): (&str, &str)) -> Command {
    let mut command = vanthu();
    command
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
        .env("AWS_ALLOW_HTTP", "true")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", key)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::null());
    command
}

fn output(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// Files of many kinds, good and bad, with names that are hard on addresses.
fn folder(dir: &Path) -> PathBuf {
    let folder = small_texts(dir, 4);
    fs::create_dir_all(folder.join("năm 2026/quý I")).unwrap();
    for name in ["năm 2026/quý I/kế hoạch.txt", "a+b&c=1 %41#?.txt"] {
        fs::write(folder.join(name), format!("{PLAN}\n{name}\n")).unwrap();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    fs::copy(root.join("pdf/01.pdf"), folder.join("01.pdf")).unwrap();
    fs::copy(folder.join("00002.txt"), folder.join("copy of 2.txt")).unwrap();
    let message = "From: a@b.vn\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=X\r\n\r\n--X\r\n\
        Content-Type: text/plain\r\n\r\nChao cac ban\r\n--X\r\nContent-Disposition: attachment; filename=a.xls\r\n\r\nx\r\n\
        --X--\r\n";
    fs::write(folder.join("m.eml"), message).unwrap();
    fs::write(folder.join("empty.txt"), "").unwrap();
    fs::write(folder.join("broken.pdf"), "%PDF-1.4").unwrap();
    fs::write(folder.join("left out.xyz"), "x").unwrap();
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What became of each input, by its name.
fn fates(summary: &Value, below: &str) -> BTreeMap<String, String> {
    let told = |kind: &str, what: &str| -> Vec<(String, String)> {
        let all = summary[kind].as_array().unwrap().iter();
        all.map(|f| (f["path"].as_str().unwrap(), f[what].as_str().unwrap()))
            .map(|(path, what)| {
                (path.strip_prefix(below).unwrap_or(path).replace("//", "/"), what.to_string())
            })
            .collect()
    };
    told("failures", "cause").into_iter().chain(told("skipped", "reason")).collect()
}

/// What `summary.json` in the bucket `archive` says.
fn summary(server: &Server, prefix: &str) -> Value {
    serde_json::from_slice(&server.get("archive", &format!("{prefix}/summary.json")).unwrap()).unwrap()
}

/// Checks that the store holds, below `prefix` of the bucket `archive`, what a run over files wrote into `local`.
fn same_as(server: &Server, prefix: &str, local: &Path) {
    let mut keys = server.keys("archive", prefix);
    keys.retain(|k| !k.starts_with("failed/") && !k.starts_with(".vanthu/") && k != "ledger.sqlite");
    keys.sort();
    assert_eq!(keys, tree(local));
    for key in keys.iter().filter(|k| *k != "summary.json") {
        let there = server.get("archive", &format!("{prefix}/{key}")).unwrap();
        assert!(there == fs::read(local.join(key)).unwrap(), "{key} differs");
    }
}

/// Twice for each request something goes wrong, another thing each time.
fn hostile(request: &Request) -> Fault {
    let faults = [
        Fault::Status(500),
        Fault::Closed,
        Fault::Cut(0),
        Fault::Status(503),
        Fault::Cut(100),
        Fault::AnswerLost,
        Fault::Slow,
    ];
    let letters: usize = request.target.bytes().map(usize::from).sum();
    match request.before {
        0 | 1 => faults[(letters + 3 * request.before) % faults.len()],
        _ => Fault::None,
    }
}

#[test]
fn a_store_holds_what_a_folder_would_whatever_the_network_does() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (input, local) = (folder(dir.path()), dir.path().join("local"));
    assert_eq!(code(&crate::common::ingest(&input, &local)), 2);
    server.put_all("scans", "a/2026", &input);
    // Neither below the prefix nor an output of ours.
    server.put("scans", "a/2026x/other.txt", &input.join("00001.txt"));
    server.put("scans", "a/2026/.vanthu/store", &input.join("00001.txt"));

    let network = Network::before(server.port, hostile);
    let work = dir.path().join("work");
    let args = ["s3://scans/a/2026", "--out", "s3://archive/result", "--work", text(&work), "-j", "2"];
    let first = output(&mut ingest(&server, network.port, &args));
    assert_eq!(code(&first), 2, "{}", stderr(&first));
    same_as(&server, "result", &local);
    let (here, there) = (json(&local.join("summary.json")), summary(&server, "result"));
    assert_eq!(counts(&there), counts(&here));
    assert_eq!(fates(&there, "s3://scans/a/2026/"), fates(&here, &format!("{}/", text(&input))));
    assert!(fates(&there, "s3://scans/a/2026/").len() >= 4);

    // Each record arrived once: an answer that came was not doubted.
    let puts = |key: &str| {
        let seen = network.seen();
        let of_key = |r: &Request| r.method == "PUT" && r.target.split('?').next().unwrap().ends_with(key);
        seen.iter()
            .filter(|(r, fault)| of_key(r) && matches!(fault, Fault::None | Fault::Slow | Fault::Cut(_)))
            .count()
    };
    for key in ["00000.txt.json", "01.pdf.json", "records.jsonl"] {
        assert_eq!(puts(key), 1, "{key}");
    }
    let failures = network.seen().iter().filter(|(_, fault)| *fault != Fault::None).count();
    assert!(failures > 40, "only {failures} failures");
    let (failed, passing) = (server.keys("archive", "result/failed"), work.join(".vanthu"));
    assert_eq!(failed, ["broken.pdf.json", "empty.txt.json"]);
    let left: Vec<_> = fs::read_dir(passing).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "the lock, the address and the mark, and no passing file: {left:?}");

    // A second run reads nothing; so does one on another machine, which has what the store holds.
    for folder in [work, dir.path().join("elsewhere")] {
        let before = network.seen().len();
        let args = ["s3://scans/a/2026", "--out", "s3://archive/result", "--work", text(&folder)];
        let again = output(&mut ingest(&server, network.port, &args));
        assert_eq!(code(&again), 2, "{}", stderr(&again));
        same_as(&server, "result", &local);
        let there = summary(&server, "result");
        assert_eq!((&there["earlier"], counts(&there)), (&here["counts"]["done"], counts(&here)));
        let seen = network.seen();
        let read = seen[before..].iter().find(|(r, _)| r.method == "GET" && r.target.ends_with("00001.txt"));
        assert!(read.is_none(), "{read:?}");
    }
}

#[test]
fn only_what_is_new_or_has_changed_is_read() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 3);
    server.put_all("scans", "t", &input);
    let network = Network::before(server.port, |_| Fault::None);
    let out = dir.path().join("out");
    // From a store into a folder.
    let args = ["s3://scans/t", "--out", text(&out)];
    assert_eq!(code(&output(&mut ingest(&server, network.port, &args))), 0);
    // The same length: the ETag alone tells.
    let changed = fs::read_to_string(input.join("00001.txt")).unwrap().replace("Sông Mây", "Sông Gió");
    fs::write(input.join("00001.txt"), &changed).unwrap();
    fs::write(input.join("new.txt"), PLAN).unwrap();
    for name in ["00001.txt", "new.txt"] {
        server.put("scans", &format!("t/{name}"), &input.join(name));
    }
    let before = network.seen().len();
    assert_eq!(code(&output(&mut ingest(&server, network.port, &args))), 0);
    let mut fetched: Vec<String> = network.seen()[before..]
        .iter()
        .filter(|(r, _)| r.method == "GET" && r.target.contains(".txt"))
        .map(|(r, _)| r.target.clone())
        .collect();
    fetched.sort();
    assert_eq!(fetched, ["/scans/t/00001.txt", "/scans/t/new.txt"]);
    assert_eq!(json(&out.join("summary.json"))["earlier"], 2);
    let records = lines(&fs::read(out.join("records.jsonl")).unwrap());
    assert_eq!(records[1]["document"]["text"], changed.as_str());
    assert_eq!(records.len(), 4);

    // An object whose own address is given is read whatever its name; standard output takes records.
    server.put("scans", "odd name", &input.join("new.txt"));
    let output = output(&mut ingest(&server, network.port, &["s3://scans/odd name", "--out", "-"]));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(lines(&output.stdout)[0]["source"]["path"], "odd name");
}

#[test]
fn what_a_kill_cuts_short_goes_on() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (input, local) = (small_texts(dir.path(), 40), dir.path().join("local"));
    assert_eq!(code(&crate::common::ingest(&input, &local)), 0);
    server.put_all("scans", "k", &input);
    let network = Network::before(server.port, |r| match r.before {
        0 if r.method == "PUT" => Fault::Slow,
        _ => Fault::None,
    });
    let work = dir.path().join("work");
    let args = ["s3://scans/k", "--out", "s3://archive/k", "--work", text(&work), "-j", "2"];
    for round in 1..=3 {
        let mut child =
            ingest(&server, network.port, &args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let puts = || network.seen().iter().filter(|(r, _)| r.target.ends_with(".txt.json")).count();
        while puts() < 10 * round && child.try_wait().unwrap().is_none() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What is there is whole.
        for key in server.keys("archive", "k").iter().filter(|k| k.ends_with(".txt.json")) {
            let record: Value =
                serde_json::from_slice(&server.get("archive", &format!("k/{key}")).unwrap()).unwrap();
            assert_eq!(record["schema"], "vanthu.record/1");
        }
    }
    let last = output(&mut ingest(&server, network.port, &args));
    assert_eq!(code(&last), 0, "{}", stderr(&last));
    same_as(&server, "k", &local);
    let summary = summary(&server, "k");
    assert_eq!(counts(&summary), [40, 0, 0]);
    assert!(summary["earlier"].as_u64().unwrap() > 0);
    assert_eq!(fs::read_dir(work.join(".vanthu")).unwrap().count(), 3);
}

#[test]
fn large_objects_come_and_go_in_parts() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    // What follows the end of a PDF file is passed over: three ranges of it.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pdf/01.pdf");
    let mut bytes = fs::read(root).unwrap();
    let mut dice = 1_u32;
    bytes.extend((0..20 << 20).map(|_| {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'a' + (dice >> 24) as u8 % 26
    }));
    fs::write(input.join("large.pdf"), &bytes).unwrap();
    fs::write(input.join("long.txt"), PLAN.repeat(400)).unwrap();
    let local = dir.path().join("local");
    let pretty = run(["ingest", text(&input), "--out", text(&local), "--pretty"]);
    assert_eq!(code(&pretty), 0, "{}", stderr(&pretty));
    assert!(fs::metadata(local.join("long.txt.json")).unwrap().len() > 9 << 20, "too small for two parts");
    server.put_all("scans", "l", &input);

    let network = Network::before(server.port, |r| match (r.method.as_str(), r.before) {
        // Every range is cut three times in the middle, and every part is refused or lost.
        ("GET", 0..=2) if r.target.contains("large") => Fault::Cut(3 << 20),
        ("PUT", 0) if r.target.contains("partNumber=1") => Fault::Status(500),
        ("PUT", 0) if r.target.contains("partNumber") => Fault::AnswerLost,
        // Were the answer to its beginning lost, nobody would know of the upload.
        ("POST", 0) if r.target.contains("uploadId") => Fault::AnswerLost,
        _ => Fault::None,
    });
    let work = dir.path().join("work");
    let args = ["s3://scans/l", "--out", "s3://archive/l", "--work", text(&work), "--pretty"];
    let run = output(&mut ingest(&server, network.port, &args));
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    same_as(&server, "l", &local);
    assert_eq!(server.uploads("archive"), Vec::<String>::new(), "uploads that nobody ended");
    let ranges =
        network.seen().iter().filter(|(r, _)| r.method == "GET" && r.target.contains("large")).count();
    assert!(ranges >= 5, "{ranges} requests for three ranges that were cut");
}

#[test]
fn what_a_store_refuses_costs_itself_alone() {
    let Some(server) = Server::start() else { return };
    let server = Arc::new(server);
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 3);
    server.put_all("scans", "r", &input);
    server.put("closed", "r/a.txt", &input.join("00000.txt"));
    // Deleted by somebody between the listing and its turn.
    let gone = server.clone();
    let network = Network::before(server.port, move |r| {
        if r.method == "GET" && r.target.ends_with("00001.txt") && r.before == 0 {
            gone.delete("scans", "r/00001.txt");
        }
        Fault::None
    });
    let out = dir.path().join("out");
    let args = [
        "s3://scans/r",
        "s3://closed/r",
        "s3://scans/nowhere",
        "s3://missing/x",
        "s3://scans/a//b",
        "--out",
        text(&out),
    ];
    let output = output(&mut ingest(&server, network.port, &args));
    let said = stderr(&output);
    assert_eq!(code(&output), 2, "{said}");
    assert_eq!(counts(&json(&out.join("summary.json"))), [2, 5, 0]);
    let expected = [
        "vanthu: s3://scans/r/00001.txt: io: nothing is there; ",
        "vanthu: s3://closed/r: io: the store refuses access (403 AccessDenied); ",
        "vanthu: s3://scans/nowhere: io: nothing is there; ",
        "vanthu: s3://missing/x: io: nothing is there; ",
        "vanthu: s3://scans/a//b: io: s3://scans/a//b is no address of a store (",
    ];
    for line in expected {
        assert_eq!(said.lines().filter(|l| l.starts_with(line)).count(), 1, "{line}\nin\n{said}");
    }
}

#[test]
fn keys_that_cannot_be_asked_for_are_named_and_the_others_read() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 5);
    server.put_all("scans", "o", &input);
    let odd = ["o//twice.txt", "o/00001.txt//x.txt", "o/../up.txt", "/o/00002.txt", "o/00003.txt/"];
    for key in odd {
        server.put("scans", key, &input.join("00000.txt"));
    }
    // What programs make where they want a folder.
    fs::write(dir.path().join("nothing"), "").unwrap();
    for key in ["o/", "o/folder/"] {
        server.put("scans", key, &dir.path().join("nothing"));
    }
    let out = dir.path().join("out");
    let output = output(&mut ingest(&server, server.port, &["s3://scans", "--out", text(&out)]));
    let said = stderr(&output);
    assert_eq!((code(&output), counts(&json(&out.join("summary.json")))), (2, [5, 5, 0]), "{said}");
    for key in odd {
        assert!(said.contains(&format!("vanthu: s3://scans/{key}: unsupported: ")), "{key} in {said}");
    }
}

#[test]
fn an_object_hides_none_of_those_whose_keys_begin_with_its_own() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (small_texts(dir.path(), 2), dir.path().join("out"));
    server.put("scans", "plan.txt", &input.join("00000.txt"));
    server.put("scans", "plan.txt/annex.txt", &input.join("00001.txt"));
    let output = output(&mut ingest(&server, server.port, &["s3://scans/plan.txt", "--out", text(&out)]));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(counts(&json(&out.join("summary.json"))), [2, 0, 0]);
}

#[test]
fn a_store_that_is_away_for_a_while_costs_time_alone() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (input, local) = (small_texts(dir.path(), 6), dir.path().join("local"));
    assert_eq!(code(&crate::common::ingest(&input, &local)), 0);
    server.put_all("scans", "q", &input);
    let away = Mutex::new(None);
    let network = Network::before(server.port, move |r| {
        let mut away = away.lock().unwrap();
        if away.is_none() && r.target.ends_with("00001.txt.json") {
            *away = Some(Instant::now());
        }
        match away.is_some_and(|since| since.elapsed() < Duration::from_secs(22)) {
            true => Fault::Closed,
            false => Fault::None,
        }
    });
    let work = dir.path().join("work");
    let args = ["s3://scans/q", "--out", "s3://archive/q", "--work", text(&work), "-j", "2"];
    let output = output(&mut ingest(&server, network.port, &args));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    same_as(&server, "q", &local);
}

#[test]
fn an_output_that_cannot_be_written_is_told_before_anything_is_read() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 2);
    let refused = |command: &mut Command, expected: &str| {
        let began = Instant::now();
        let output = output(command);
        let said = stderr(&output);
        assert_eq!(code(&output), 1, "{said}");
        assert_eq!(said.lines().filter(|l| l.contains(expected)).count(), 1, "{expected}\nin\n{said}");
        assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
        said
    };
    let work = |name: &str| text(&dir.path().join(name)).to_string();
    let to = |out: &str, name: &str| -> Vec<String> {
        ["--quiet", text(&input), "--out", out, "--work", &work(name)].map(String::from).to_vec()
    };
    let start = |port: u16, args: &[String]| {
        ingest(&server, port, &args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let closed = "vanthu: s3://closed/x: io: the store refuses access (403 AccessDenied); ";
    assert_eq!(refused(&mut start(server.port, &to("s3://closed/x", "1")), closed).lines().count(), 1);

    // A wrong secret, with all that can be logged: neither it nor the right one is said.
    let wrong = "vanthu: s3://archive/x: io: the store refuses access (403 SignatureDoesNotMatch); ";
    let mut command = start(server.port, &to("s3://archive/x", "2"));
    let said = refused(
        command.env("AWS_SECRET_ACCESS_KEY", "a-secret-of-nobody").args(["--log-level", "trace"]),
        wrong,
    );
    for secret in ["a-secret-of-nobody", &server.clerk.1, &server.clerk.0] {
        assert!(!said.contains(secret), "{said}");
    }

    // Nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = "vanthu: s3://archive/x: io: the store cannot be reached (";
    assert_eq!(refused(&mut start(port, &to("s3://archive/x", "3")), nobody).lines().count(), 1);

    // What was refused has left nothing behind that another address would stumble over.
    assert_eq!(code(&output(&mut start(server.port, &to("s3://archive/x", "1")))), 0);

    // The account of one output is not taken for that of another.
    assert_eq!(code(&output(&mut start(server.port, &to("s3://archive/one", "4")))), 0);
    refused(&mut start(server.port, &to("s3://archive/two", "4")), "holds the account of another batch");
}

#[test]
fn an_input_that_cannot_be_reached_ends_in_bounded_time() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let began = Instant::now();
    let mut command = with_keys(port, ("key", "secret"));
    command.args(["ingest", "s3://scans/x", "--quiet", "--out", text(&out)]);
    let output = output(&mut command);
    let said = stderr(&output);
    assert_eq!(code(&output), 2, "{said}");
    let expected = "vanthu: s3://scans/x: io: the store cannot be reached (connection refused); ";
    assert!(said.starts_with(expected) && said.lines().count() == 1, "{said}");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[test]
fn an_output_that_holds_the_inputs_hides_none_of_them() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 3);
    server.put_all("archive", "above/in", &input);
    let work = dir.path().join("work");
    let args = ["s3://archive/above/in", "--out", "s3://archive/above", "--work", text(&work)];
    let output = output(&mut ingest(&server, server.port, &args));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(counts(&summary(&server, "above")), [3, 0, 0]);
}

#[test]
fn what_makes_no_sense_with_a_store_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (small_texts(dir.path(), 1), dir.path().join("out"));
    for (args, expected) in [
        (vec!["s3://scans/x", "--watch", "--out", text(&out)], "--watch looks into folders"),
        (vec![text(&input), "--out", text(&out), "--work", text(dir.path())], "--work is for outputs"),
        (vec![text(&input), "--out", "s3://"], "s3:// is no address of a store (it names no bucket)"),
        (
            vec![text(&input), "--out", "s3://b c/k"],
            "s3://b c/k is no address of a store (the name of a bucket",
        ),
    ] {
        let output = run([vec!["ingest"], args].concat());
        assert_eq!(code(&output), 1);
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1);
    }
    // The address of a file of this machine is its path.
    let file = format!("file://{}/00000.txt", text(&input));
    let output = run(["ingest", &file, "--out", &format!("file://{}", text(&out))]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(tree(&out), ["00000.txt.json", "records.jsonl", "summary.json"]);
}

#[test]
fn machines_that_share_a_list_fetch_their_own_part_alone() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 16);
    fs::write(input.join("m.eml"), "From: a@b.vn\r\nContent-Type: text/plain\r\n\r\nChao cac ban\r\n")
        .unwrap();
    server.put_all("scans", "s", &input);
    let network = Network::before(server.port, |_| Fault::None);
    let fetched = |seen: &[(Request, Fault)]| {
        seen.iter().filter(|(r, _)| r.method == "GET" && r.target.starts_with("/scans/s/")).count()
    };
    let mut parts = Vec::new();
    for part in ["1/2", "2/2"] {
        let before = network.seen().len();
        let out = dir.path().join(part.replace('/', "-"));
        let args = ["s3://scans/s", "--out", text(&out), "--shard", part];
        assert_eq!(code(&output(&mut ingest(&server, network.port, &args))), 0);
        let records = tree(&out).len() - 2;
        assert!((1..17).contains(&records), "{records} in part {part}");
        // A message is fetched once to see what is in it, and once to be read.
        assert!(fetched(&network.seen()[before..]) <= records + 1);
        parts.push(out);
    }
    let (joined, local) = (dir.path().join("joined"), dir.path().join("local"));
    let merged = run(["merge", text(&joined), text(&parts[0]), text(&parts[1])]);
    assert_eq!(code(&merged), 0, "{}", stderr(&merged));
    assert_eq!(code(&crate::common::ingest(&input, &local)), 0);
    assert_eq!(tree(&joined), tree(&local));
    for name in tree(&local).iter().filter(|n| n.ends_with(".json") && *n != "summary.json") {
        assert_eq!(fs::read(joined.join(name)).unwrap(), fs::read(local.join(name)).unwrap(), "{name}");
    }
    assert_eq!(counts(&json(&joined.join("summary.json"))), [17, 0, 0]);
}

#[test]
fn other_outputs_come_from_stores_and_go_there() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pdf");
    for name in ["01.pdf", "02.pdf"] {
        server.put("scans", &format!("f/{name}"), &root.join(name));
    }
    let work = dir.path().join("work");
    let args = ["s3://scans/f", "--out", "s3://archive/f", "--work", text(&work), "--format", "xlsx,pdf,md"];
    let made = output(&mut ingest(&server, server.port, &args));
    assert_eq!(code(&made), 0, "{}", stderr(&made));
    let keys = server.keys("archive", "f");
    for name in ["tasks.xlsx", "01.pdf.pdf", "02.pdf.md"] {
        assert!(keys.iter().any(|k| k == name), "{name} is not in {keys:?}");
        assert!(server.get("archive", &format!("f/{name}")).unwrap() == fs::read(work.join(name)).unwrap());
    }
    assert!(fs::read(work.join("01.pdf.pdf")).unwrap().starts_with(b"%PDF"));
}

#[test]
#[cfg(target_os = "linux")]
fn an_object_that_the_disk_cannot_hold_fails_and_the_others_are_read() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 4);
    fs::write(input.join("00001.txt"), PLAN.repeat(2_000)).unwrap();
    server.put_all("scans", "d", &input);
    let (disk, copy) = (dir.path().join("disk"), dir.path().join("copy"));
    fs::create_dir(&disk).unwrap();
    let script = r#"
        mount -t tmpfs -o size=1m none "$1" 2>/dev/null || exit 99
        "$0" ingest s3://scans/d --out s3://archive/d --work "$1" --jobs 1; code=$?
        cp -a "$1" "$2"
        exit $code"#;
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_vanthu")]);
    let ready = ingest(&server, server.port, &[]);
    command.envs(ready.get_envs().filter_map(|(name, value)| Some((name, value?)))).args([&disk, &copy]);
    let output = output(&mut command);
    if !copy.exists() {
        return eprintln!("skipped: no small disk can be mounted here");
    }
    let said = stderr(&output);
    assert_eq!(code(&output), 2, "{said}");
    assert_eq!(counts(&json(&copy.join("summary.json"))), [3, 1, 0], "{said}");
    assert!(
        said.contains("00001.txt: io: a passing file cannot be used (no space left on device); "),
        "{said}"
    );
    assert_eq!(
        server.keys("archive", "d").iter().filter(|k| k.ends_with(".txt.json")).count(),
        4,
        "with its report"
    );
}

#[test]
fn a_body_that_stalls_is_asked_for_again() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (small_texts(dir.path(), 3), dir.path().join("out"));
    server.put_all("scans", "w", &input);
    let network = Network::before(server.port, |r| match (r.target.contains(".txt"), r.before) {
        (true, 0) => Fault::Stalled,
        _ => Fault::None,
    });
    let mut command = ingest(&server, network.port, &["s3://scans/w", "--out", text(&out)]);
    let output = output(command.env("AWS_READ_TIMEOUT", "1 second"));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(counts(&json(&out.join("summary.json"))), [3, 0, 0]);
    assert_eq!(network.seen().iter().filter(|(_, fault)| *fault == Fault::Stalled).count(), 3);
}

#[test]
fn an_interruption_waits_for_no_store() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 4);
    server.put_all("scans", "i", &input);
    let network = Network::before(server.port, |r| match r.target.contains("00002.txt") {
        true => Fault::Stalled,
        false => Fault::None,
    });
    let work = dir.path().join("work");
    let args = ["s3://scans/i", "--out", "s3://archive/i", "--work", text(&work), "-j", "1"];
    let mut child =
        ingest(&server, network.port, &args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !network.seen().iter().any(|(_, f)| *f == Fault::Stalled) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    let began = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(began.elapsed() < Duration::from_millis(2_500), "{:?}", began.elapsed());
    assert!(server.get("archive", "i/summary.json").is_none());

    // What was done is done.
    let last = output(&mut ingest(&server, server.port, &args));
    assert_eq!(code(&last), 0, "{}", stderr(&last));
    let summary = summary(&server, "i");
    assert_eq!((counts(&summary), &summary["earlier"]), ([4, 0, 0], &2.into()));
}

#[test]
fn stores_are_talked_to_with_tls_and_certificates_are_checked() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 2);
    server.put_all("scans", "t", &input);
    let (port, authority) = server.secure();
    let out = dir.path().join("out");
    let secure = |authority: Option<&str>| {
        let mut command = ingest(&server, port, &["s3://scans/t", "--quiet", "--out", text(&out)]);
        command.env("AWS_ENDPOINT_URL", format!("https://127.0.0.1:{port}")).env_remove("AWS_ALLOW_HTTP");
        output(command.envs(authority.map(|file| ("SSL_CERT_FILE", file))))
    };
    let doubted = secure(None);
    assert_eq!(code(&doubted), 2);
    let said = stderr(&doubted);
    assert!(said.contains("the store cannot be reached (") && said.contains("certificate"), "{said}");
    let trusted = secure(Some(&authority));
    assert_eq!(code(&trusted), 0, "{}", stderr(&trusted));
    assert_eq!(counts(&json(&out.join("summary.json"))), [2, 0, 0]);

    // Without TLS only where that is asked for.
    let mut command = ingest(&server, server.port, &["s3://scans/t", "--quiet", "--out", text(&out)]);
    let plain = output(command.env_remove("AWS_ALLOW_HTTP"));
    let said = stderr(&plain);
    assert_eq!((code(&plain), said.lines().count()), (2, 1), "{said}");
    assert!(said.contains("is without TLS, and AWS_ALLOW_HTTP is not true"), "{said}");
}
