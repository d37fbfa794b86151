//! Whose account a store holds.

use super::*;

#[test]
fn another_machine_goes_on_when_one_is_lost() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (input, local) = (small_texts(dir.path(), 60), dir.path().join("local"));
    assert_eq!(code(&crate::common::ingest(&input, &local)), 0);
    server.put_all("scans", "m", &input);
    let network = Network::before(server.port, |r| {
        let is_record = r.method == "PUT" && r.target.ends_with(".txt.json");
        if is_record { Fault::Late(Duration::from_millis(200)) } else { Fault::None }
    });
    let (lost, work) = (dir.path().join("lost"), dir.path().join("work"));
    let args = |work| ["s3://scans/m", "--out", "s3://archive/m", "--work", work, "-j", "1"];
    let mut child = ingest(&server, network.port, &args(text(&lost)))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let is_ledger = |r: &Request| r.method == "PUT" && r.target.ends_with("/ledger.sqlite");
    let ledgers = || network.seen().iter().filter(|(r, _)| is_ledger(r)).count();
    while ledgers() < 2 && child.try_wait().unwrap().is_none() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "it ended before it was lost");
    child.kill().unwrap();
    child.wait().unwrap();
    fs::remove_dir_all(&lost).unwrap();

    let last = output(&mut ingest(&server, server.port, &args(text(&work))));
    assert_eq!(code(&last), 0, "{}", stderr(&last));
    same_as(&server, "m", &local);
    let summary = summary(&server, "m");
    assert_eq!(counts(&summary), [60, 0, 0]);
    assert!(summary["earlier"].as_u64().unwrap() > 0, "{summary}");
}

#[test]
fn the_account_of_an_output_is_found_by_its_address() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 2);
    fs::write(input.join("empty.txt"), "").unwrap();
    let home = dir.path().join("state");
    let mut command = ingest(&server, server.port, &[text(&input), "--out", "s3://archive/account"]);
    assert_eq!(code(&output(command.env("XDG_STATE_HOME", &home))), 2);
    let told = |args: &[&str]| {
        let mut command = with_keys(server.port, ("key", "secret"));
        let output = output(command.args(args).env("XDG_STATE_HOME", &home));
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let status: Value = serde_json::from_str(&told(&["status", "--json", "s3://archive/account/"])).unwrap();
    assert_eq!(status["inputs"]["done"], 2, "{status}");
    told(&["retry", "s3://archive/account"]);
    let status: Value = serde_json::from_str(&told(&["status", "--json", "s3://archive/account"])).unwrap();
    assert_eq!(status["inputs"]["queued"], 1, "{status}");
}

#[test]
fn a_place_that_cannot_be_listed_keeps_what_was_read_below_it() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 3);
    server.put_all("scans", "u", &input);
    let work = dir.path().join("work");
    let args = ["s3://scans/u", text(&input), "--out", "s3://archive/u", "--work", text(&work)];
    assert_eq!(code(&output(&mut ingest(&server, server.port, &args))), 0);
    assert_eq!(counts(&summary(&server, "u")), [6, 0, 0]);
    let records = server.get("archive", "u/records.jsonl").unwrap();

    // The rights to list are gone, and so is the share.
    fs::rename(&input, dir.path().join("elsewhere")).unwrap();
    let network = Network::before(server.port, |r| match r.target.contains("list-type=2") {
        true => Fault::Status(403),
        false => Fault::None,
    });
    let output = output(&mut ingest(&server, network.port, &args));
    let said = stderr(&output);
    assert_eq!(code(&output), 2, "{said}");
    let there = summary(&server, "u");
    assert_eq!((counts(&there), &there["earlier"]), ([6, 2, 0], &6.into()), "{said}");
    assert!(server.get("archive", "u/records.jsonl").unwrap() == records, "the lines are others");
}

#[test]
fn a_machine_that_was_overtaken_goes_on_from_the_account_of_the_other() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (input, local) = (small_texts(dir.path(), 3), dir.path().join("local"));
    server.put_all("scans", "v", &input);
    let network = Network::before(server.port, |_| Fault::None);
    let run = |work: &str| {
        let work = dir.path().join(work);
        let args = ["s3://scans/v", "--out", "s3://archive/v", "--work", text(&work)];
        let output = output(&mut ingest(&server, network.port, &args));
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let summary = summary(&server, "v");
        (counts(&summary), summary["earlier"].as_u64().unwrap())
    };
    assert_eq!(run("one"), ([3, 0, 0], 0));
    let changed = fs::read_to_string(input.join("00001.txt")).unwrap().replace("Sông Mây", "Sông Gió");
    fs::write(input.join("00001.txt"), changed).unwrap();
    fs::write(input.join("new.txt"), PLAN).unwrap();
    server.put_all("scans", "v", &input);
    // Puts of the same bytes leave the marks of the others as they were.
    assert_eq!(run("other"), ([4, 0, 0], 2));
    let before = network.seen().len();
    assert_eq!(run("one"), ([4, 0, 0], 4));
    let read = network.seen()[before..].iter().filter(|(r, _)| r.target.ends_with(".txt")).count();
    assert_eq!(read, 0, "what the other has read was read again");
    assert_eq!(code(&crate::common::ingest(&input, &local)), 0);
    same_as(&server, "v", &local);
    let name = "00001.txt.json";
    assert!(fs::read(dir.path().join("one").join(name)).unwrap() == fs::read(local.join(name)).unwrap());
}

#[test]
fn two_programs_on_one_output_do_not_undo_each_others_account() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let input = small_texts(dir.path(), 4);
    server.put_all("scans", "x", &input);
    let network =
        Network::before(server.port, |r| match r.method == "PUT" && r.target.ends_with(".txt.json") {
            true => Fault::Late(Duration::from_millis(600)),
            false => Fault::None,
        });
    let (slow, quick) = (dir.path().join("slow"), dir.path().join("quick"));
    let args = |work| ["s3://scans/x", "--out", "s3://archive/x", "--work", work, "-j", "1"];
    let child = ingest(&server, network.port, &args(text(&slow)))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !network.seen().iter().any(|(r, _)| r.target.ends_with(".json")) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(code(&output(&mut ingest(&server, server.port, &args(text(&quick))))), 0);
    let ledger = server.get("archive", "x/ledger.sqlite").unwrap();
    let overtaken = child.wait_with_output().unwrap();
    let said = stderr(&overtaken);
    assert_eq!(code(&overtaken), 2, "{said}");
    assert!(said.contains("another vanthu has gone on with the output at s3://archive/x"), "{said}");
    assert!(server.get("archive", "x/ledger.sqlite").unwrap() == ledger, "the ledger is another one");
    // The next run of the slower one has what the other did.
    let again = output(&mut ingest(&server, server.port, &args(text(&slow))));
    assert_eq!(code(&again), 0, "{}", stderr(&again));
    assert_eq!(summary(&server, "x")["earlier"], 4);
}

#[test]
fn an_output_that_was_emptied_is_made_anew() {
    let Some(server) = Server::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (input, work) = (small_texts(dir.path(), 2), dir.path().join("work"));
    let args = [text(&input), "--out", "s3://archive/z", "--work", text(&work)];
    for _ in 0..2 {
        let output = output(&mut ingest(&server, server.port, &args));
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let keys = server.keys("archive", "z");
        assert!(keys.iter().any(|k| k == "00001.txt.json"), "{keys:?}");
        assert_eq!(summary(&server, "z")["earlier"], 0);
        for key in keys {
            server.delete("archive", &format!("z/{key}"));
        }
    }
}
