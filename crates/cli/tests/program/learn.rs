//! What corrections teach, and who may make them: `vanthu learn` and `vanthu account`, as a user sees them.

use crate::common::{code, ingest, run, stderr, vanthu};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

/// Asks a server of its own and ends it: method, path, further heads and body of each request in turn.
fn served(folder: &Path, work: impl FnOnce(&dyn Fn(&str, &str, &str, &str) -> (u16, String, String))) {
    let mut command = vanthu();
    command.arg("serve").arg(folder).args(["--listen", "127.0.0.1:0"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap().to_owned();
    work(&|method, path, more, body| {
        let mut stream = TcpStream::connect(&address).unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{more}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_owned(), body.to_owned())
    });
    child.kill().unwrap();
    child.wait().unwrap();
}

fn learn(folder: &Path, flags: &[&str]) -> Output {
    let mut command = vanthu();
    command.arg("learn").arg(folder).args(flags).stdin(Stdio::null()).output().unwrap()
}

fn text(folder: &Path, name: &str) -> String {
    let record: Value = serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap();
    record["document"]["text"].as_str().unwrap().to_owned()
}

#[test]
fn a_corrected_name_is_known_in_the_other_documents_once_it_is_applied() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    fs::create_dir(&input).unwrap();
    fs::write(input.join("a.txt"), "Uy ban nhan dan xa Hrech Blom to chuc hop ngay 15/9/2026.\n").unwrap();
    fs::write(input.join("b.txt"), "Giao xa Hrech Blom bao cao truoc ngay 12/3/2026, 12 thon tham gia.\n")
        .unwrap();
    assert_eq!(code(&ingest(&input, &out)), 0);
    let nothing = learn(&out, &["--apply"]);
    assert_eq!(code(&nothing), 0);
    assert!(stderr(&nothing).contains("no corrections"), "{}", stderr(&nothing));
    served(&out, |ask| {
        let list = || -> Value {
            serde_json::from_str(&ask("GET", "/api/v1/documents?order=batch", "", "").2).unwrap()
        };
        let id = (0..200)
            .find_map(|_| {
                std::thread::sleep(Duration::from_millis(50));
                list()["documents"].as_array().filter(|d| d.len() == 2)?[0]["id"].as_i64()
            })
            .unwrap();
        let (_, head, record) = ask("GET", &format!("/api/v1/documents/{id}/record"), "", "");
        let tag = head.lines().find_map(|l| l.strip_prefix("etag: ")).unwrap().to_owned();
        let record: Value = serde_json::from_str(&record).unwrap();
        let text = record["document"]["text"].as_str().unwrap();
        let words = "Hrech Blom";
        let start = text[..text.find(words).unwrap_or_else(|| panic!("{text}"))].chars().count();
        let span = json!({ "start": start, "end": start + words.chars().count() });
        let body = json!({ "span": span, "text": "Hrếch Blôm" }).to_string();
        let heads = format!("Content-Type: application/json\r\nIf-Match: {tag}\r\n");
        let (status, _, told) = ask("POST", &format!("/api/v1/documents/{id}/corrections"), &heads, &body);
        assert_eq!(status, 201, "{told}");
    });
    // It is shown first, and nothing is written without assent.
    let shown = learn(&out, &["--json"]);
    assert_eq!(code(&shown), 0, "{}", stderr(&shown));
    let told: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(told["names"], json!(["Blôm", "Hrếch", "Hrếch Blôm"]), "{told}");
    assert_eq!(told["confusions"][0], json!({ "raw": "blom", "text": "blôm", "times": 1, "of": 1 }));
    let places: Vec<&str> = told["changes"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|c| c["places"].as_array().unwrap())
        .filter_map(|p| p["path"].as_str())
        .collect();
    assert!(places.contains(&"b.txt"), "{told}");
    assert!(!out.join("lexicon.tsv").exists());
    let applied = learn(&out, &["--apply"]);
    assert_eq!(code(&applied), 0, "{}", stderr(&applied));
    assert!(out.join("lexicon.tsv").is_file());
    assert!(stderr(&learn(&out, &["--apply"])).contains("nothing new"));
    // The next run finds it by itself and reads anew; digits stay.
    let (before, old) = (text(&out, "b.txt.json"), text(&out, "a.txt.json"));
    assert!(before.contains("Hrech Blom") && old.contains("Hrech Blom"));
    assert_eq!(code(&ingest(&input, &out)), 0);
    let after = text(&out, "b.txt.json");
    assert_eq!(after, before.replace("Hrech Blom", "Hrếch Blôm"));
    // The correction still fits, although its word reads so already.
    served(&out, |ask| {
        std::thread::sleep(Duration::from_millis(500));
        let list: Value = serde_json::from_str(&ask("GET", "/api/v1/documents?lost=1", "", "").2).unwrap();
        assert_eq!(list["documents"], json!([]), "{list}");
    });
}

#[test]
fn accounts_are_made_listed_and_removed_and_files_are_sent_with_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("a.txt"), dir.path().join("out"));
    fs::write(&input, "Giao Phòng Hành chính lập báo cáo.\n").unwrap();
    assert_eq!(code(&ingest(&input, &out)), 0);
    let account = |args: &[&str], password: &str| {
        let (what, rest) = args.split_first().unwrap();
        let mut command = vanthu();
        command.args(["account", what]).arg(&out).args(rest);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes());
        child.wait_with_output().unwrap()
    };
    assert_eq!(code(&account(&["add", "An", "--role", "admin"], "ngắn")), 1);
    assert_eq!(code(&account(&["add", "An", "--role", "boss"], "mật khẩu dài")), 1);
    assert_eq!(code(&account(&["add", "An", "--role", "admin"], "mật khẩu dài")), 0);
    assert_eq!(code(&account(&["add", "an"], "mật khẩu dài")), 1, "the name is taken");
    let token = account(&["token", "may", "--role", "admin", "--days", "2"], "");
    assert_eq!(code(&token), 0, "{}", stderr(&token));
    let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
    assert!(token.starts_with("vanthu_") && token.len() == 71, "{token}");
    let listed = String::from_utf8(account(&["list"], "").stdout).unwrap();
    assert!(listed.contains("An") && listed.contains("may") && !listed.contains(&token), "{listed}");
    served(&out, |ask| {
        assert_eq!(ask("GET", "/api/v1/documents", "", "").0, 401);
        let bearer = format!("Authorization: Bearer {token}\r\n");
        let kind = format!("{bearer}Content-Type: multipart/form-data; boundary=e\r\n");
        let body = "--e\r\nContent-Disposition: form-data; name=\"file\"; filename=\"thu.txt\"\r\n\r\n\
                    Giao Phòng Lưu trữ lập kế hoạch trước ngày 15/3/2027.\n\r\n--e--\r\n";
        assert_eq!(ask("POST", "/api/v1/uploads", &kind, body).0, 201);
        // It is read by a process of its own and listed.
        let found = (0..400).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            ask("GET", "/api/v1/documents?q=luu+tru", &bearer, "").2.contains("uploads/thu.txt")
        });
        assert!(found, "{}", ask("GET", "/api/v1/uploads", &bearer, "").2);
        let audit = ask("GET", "/api/v1/audit", &bearer, "").2;
        for what in ["\"upload\"", "\"account\"", "\"token\"", "An added as admin"] {
            assert!(audit.contains(what), "{what}: {audit}");
        }
        assert_eq!(code(&account(&["remove", "may"], "")), 0);
        assert_eq!(ask("GET", "/api/v1/documents", &bearer, "").0, 401, "revoked at once");
    });
    // What was sent stays in the batch when it is read again.
    assert_eq!(code(&ingest(&input, &out)), 0);
    let lines = fs::read_to_string(out.join("records.jsonl")).unwrap();
    assert!(lines.contains("uploads/thu.txt") && lines.lines().count() == 2, "{lines}");
    assert_eq!(code(&account(&["remove", "ai"], "")), 1);
    let nowhere = run(["account".as_ref(), "list".as_ref(), dir.path().as_os_str()]);
    assert_eq!(code(&nowhere), 1);
    assert!(stderr(&nowhere).contains("holds no ledger"));
}
